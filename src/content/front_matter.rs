//! TOML between `+++` lines, then Markdown.

use serde::de::DeserializeOwned;

use super::TextFile;
use crate::source::{Diagnostic, Span, nearest};

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
        let span = error.span().map_or(Span::at(0), |range| first_line(toml, range.start, range.end));
        let message = error.message().lines().next().unwrap_or("unreadable TOML").to_owned();
        let help = help(error.message());
        Diagnostic::error(span.shifted(offset), message).help(help)
    })
}

/// As much of a range as lies in its first line: a whole table under carets says nothing.
fn first_line(text: &str, start: usize, end: usize) -> Span {
    let line = text.get(start..end).and_then(|range| range.find('\n')).unwrap_or(end.saturating_sub(start));
    Span::new(start, start + line)
}

/// What to do about a message of the TOML reader.
fn help(message: &str) -> String {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if message.starts_with("unknown field") || message.starts_with("unknown variant") {
        let (wrong, known) = names.split_first().unwrap_or((&"", &[]));
        return match nearest(wrong, known.iter().copied()) {
            Some(near) => format!("did you mean '{near}'?"),
            None => format!("what is known here: {}", known.join(", ")),
        };
    }
    if message.starts_with("missing field") {
        return format!("add a line: {} = ...", names.first().copied().unwrap_or_default());
    }
    let expected = message.rsplit("expected ").next().unwrap_or_default();
    let help = match expected {
        "a string" => "write a text in quotes: \"...\"",
        "a sequence" => "write a list in brackets: [\"...\", \"...\"]",
        "a boolean" => "write true or false",
        "f64" | "u8" | "u32" | "i64" => "write a number, without quotes",
        _ => "TOML is written: name = \"text\", name = 3, name = [\"a\", \"b\"]",
    };
    help.to_owned()
}
