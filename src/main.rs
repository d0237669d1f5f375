//! Arguments -> command line or terminal -> exit status.

#![allow(clippy::print_stderr, reason = "a failure is told on standard error")]

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use dryrun::cli::{self, Args, Environment, Outcome};
use dryrun::store::Paths;

fn main() -> ExitCode {
    let arguments = Args::parse();
    match run(&arguments) {
        Ok(outcome) => ExitCode::from(outcome.status()),
        Err(error) => {
            eprintln!("dryrun: {error:#}");
            ExitCode::from(Outcome::Unusable.status())
        }
    }
}

fn run(arguments: &Args) -> anyhow::Result<Outcome> {
    let environment = environment()?;
    if let Some(command) = &arguments.command
        && let Some(outcome) = cli::run(command, &environment)?
    {
        return Ok(outcome);
    }
    Ok(Outcome::Good)
}

fn environment() -> anyhow::Result<Environment> {
    let paths = Paths::find(std::env::var_os("DRYRUN_HOME").map(Into::into))?;
    let terminal = std::io::stdout().is_terminal();
    let colourless = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let width = crossterm::terminal::size().map_or(80, |(width, _)| usize::from(width));
    Ok(Environment { paths, terminal, width, colour: terminal && !colourless })
}
