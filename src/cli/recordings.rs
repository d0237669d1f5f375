//! Arrivals from files: found beside the design that names them, read, and handed in.

use std::path::Path;
use std::sync::Arc;

use crate::design::{Design, MOST_RECORDED_BYTES, Recording};
use crate::source::{Diagnostic, Span, render};

/// Hands the design what the files say that it names. What is wrong with one is told on standard error, with its place.
///
/// # Errors
/// If a file can't be read or understood.
pub(super) fn supply(design: &mut Design, file: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let mut wrong = 0;
    for (wanted, span) in design.wanted_recordings() {
        match read(&folder.join(&wanted), &wanted, span) {
            Ok(recording) => design.supply(&wanted, &Arc::new(recording)),
            Err(Trouble::Unread(found)) => {
                eprintln!("{}", render(name, text, &[*found]));
                wrong += 1;
            }
            Err(Trouble::Wrong(path, recorded, found)) => {
                eprintln!("{}", render(&path, &recorded, &[*found]));
                wrong += 1;
            }
        }
    }
    anyhow::ensure!(wrong == 0, "{name}: its arrivals could not be read and it was not run");
    Ok(())
}

/// What is wrong with a file.
enum Trouble {
    /// It can't be read: said where the design names it.
    Unread(Box<Diagnostic>),
    /// Something in it: its path, its text, and what.
    Wrong(String, String, Box<Diagnostic>),
}

fn read(path: &Path, wanted: &str, span: Span) -> Result<Recording, Trouble> {
    let unread = |why: &dyn std::fmt::Display| {
        let help = format!("a path is relative to the design's own file: {} was looked for", path.display());
        Trouble::Unread(Box::new(Diagnostic::error(span, format!("{wanted}: {why}")).help(help)))
    };
    let found = std::fs::metadata(path).map_err(|error| unread(&error))?;
    if !found.is_file() {
        return Err(unread(&"not a file"));
    }
    if found.len() > MOST_RECORDED_BYTES as u64 {
        return Err(unread(&format!("larger than {} MB", MOST_RECORDED_BYTES >> 20)));
    }
    let bytes = std::fs::read(path).map_err(|error| unread(&error))?;
    let text = String::from_utf8(bytes).map_err(|_| unread(&"not UTF-8 text"))?;
    Recording::parse(&text).map_err(|found| Trouble::Wrong(path.display().to_string(), text, Box::new(found)))
}
