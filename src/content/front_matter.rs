//! TOML between `+++` lines, then Markdown.

use serde::de::DeserializeOwned;

use super::TextFile;
use crate::source::{Diagnostic, Span};

/// The line that opens and closes the front matter.
const FENCE: &str = "+++";

/// A file's front matter and the rest of it.
pub(super) struct Parts<'a> {
    /// The TOML.
    pub toml: &'a str,
    /// Where it starts in the file.
    pub toml_at: usize,
    /// The Markdown.
    pub body: &'a str,
    /// Where it starts in the file.
    pub body_at: usize,
}

/// Splits a file.
pub(super) fn split(file: &TextFile) -> Result<Parts<'_>, Diagnostic> {
    let text: &str = &file.text;
    let missing = || {
        Diagnostic::error(
            Span::new(0, text.find('\n').unwrap_or(text.len())),
            "expected front matter between '+++' lines",
        )
        .help("start the file with a line '+++', then id and title, then another '+++'")
    };
    let after = text.strip_prefix(FENCE).ok_or_else(missing)?;
    let line = after.find('\n').ok_or_else(missing)?;
    let toml_at = FENCE.len() + line + 1;
    let rest = &text[toml_at..];
    let mut at = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == FENCE {
            let body_at = toml_at + at + line.len();
            return Ok(Parts { toml: &rest[..at], toml_at, body: &text[body_at..], body_at });
        }
        at += line.len();
    }
    Err(missing())
}

/// Reads TOML that starts at `offset` of its file; the diagnostic's span lies in the file.
pub(super) fn read_toml<T: DeserializeOwned>(toml: &str, offset: usize) -> Result<T, Diagnostic> {
    toml::from_str(toml).map_err(|error| {
        let span = error.span().map_or(Span::at(0), |range| Span::new(range.start, range.end));
        let message = error.message().lines().next().unwrap_or("unreadable TOML").to_owned();
        Diagnostic::error(span.shifted(offset), message)
    })
}
