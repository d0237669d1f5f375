//! The product without a terminal: simulate, check, list, show, search, export, ...
//!
//! Data goes to standard output, diagnostics to standard error. The exit status is 0 for success (every target met), 1 for a missed target or
//! a failed check, 2 for wrong usage or unreadable input.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this module is what writes to them")]

pub mod args;
mod bank;
mod cards;
mod design_files;
mod estimate;
mod export;
mod output;
mod recordings;
mod simulate;

pub use args::{Args, Command};

use std::path::PathBuf;

use crate::content::{Bank, Files};
use crate::store::Paths;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what was asked and everything held: exit status 0.
    Good,
    /// A target was missed or a check failed: exit status 1.
    Failed,
    /// Wrong usage or unreadable input: exit status 2.
    Unusable,
}

impl Outcome {
    /// The process's exit status.
    pub const fn status(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::Failed => 1,
            Self::Unusable => 2,
        }
    }
}

/// What every command is given from outside.
#[derive(Clone, Debug)]
pub struct Environment {
    /// The user's folders.
    pub paths: Paths,
    /// Whether standard output is a terminal.
    pub terminal: bool,
    /// Its width in cells, where it is one.
    pub width: usize,
    /// Whether colours are wanted: a terminal, and `NO_COLOR` not set.
    pub colour: bool,
    /// What is wrong with a theme's text, given its id: the terminal knows what a theme is.
    pub check_theme: fn(&str, &str) -> Vec<String>,
}

impl Environment {
    /// The embedded bank with the user's own files over it.
    pub fn bank(&self) -> Bank {
        Bank::new(Files::embedded(vec![self.paths.overlay().to_owned()]))
    }
}

/// Runs a command that needs no terminal; `None` for those that are the terminal's.
///
/// # Errors
/// Whatever keeps the command from doing its work; the caller prints it and exits with status 2.
pub fn run(command: &Command, environment: &Environment) -> anyhow::Result<Option<Outcome>> {
    let outcome = match command {
        Command::Interview(_) | Command::Lab { .. } => return Ok(None),
        Command::Cards(options) => return cards::cards(options, environment),
        Command::Simulate(options) => simulate::simulate(options, environment)?,
        Command::Estimate(options) => return estimate::estimate(options, environment),
        Command::Diagram { file, format, ascii } => design_files::diagram(file, *format, *ascii, environment)?,
        Command::Fmt { check, files } => design_files::fmt(*check, files)?,
        Command::List { what, json } => bank::list(*what, *json, environment)?,
        Command::Show { id } => bank::show(id, environment)?,
        Command::Search { query, json } => bank::search(&query.join(" "), *json, environment)?,
        Command::Export { session, output, force } => export::export(session, output.as_deref(), *force, environment)?,
        Command::Schema { format } => bank::schema(*format)?,
        Command::Check { folders } => bank::check(folders, environment)?,
        Command::Completions { shell } => output::completions(*shell)?,
        Command::Man => output::manual()?,
    };
    Ok(Some(outcome))
}

/// Text of a file, or of standard input for `-`.
fn read_input(file: &std::path::Path) -> anyhow::Result<(String, String)> {
    use std::io::Read;
    if file == std::path::Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| anyhow::anyhow!("standard input: {error}"))?;
        return Ok(("standard input".to_owned(), text));
    }
    let name = file.display().to_string();
    let bytes = std::fs::read(file).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{name}: not UTF-8 text"))?;
    Ok((name, text))
}

/// What a folder that lies over the bank has at least one of.
const PARTS: [&str; 3] = ["content", "problems", "themes"];

/// The folders that a check of `named` folders reads.
fn named_folders(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    for folder in named {
        anyhow::ensure!(folder.is_dir(), "{}: not a folder", folder.display());
        anyhow::ensure!(
            PARTS.iter().any(|part| folder.join(part).is_dir()),
            "{}: it holds no content/, problems/ or themes/; name the folder above them",
            folder.display()
        );
    }
    Ok(named.to_vec())
}
