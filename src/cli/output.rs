//! Tables, JSON, and what clap can write by itself.

use std::io::Write;

use clap::CommandFactory;
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use super::{Args, Environment, Outcome};
use crate::source::printable;

/// How a piece of text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// As any other.
    Plain,
    /// The head of a section.
    Heading,
    /// What stands out.
    Strong,
    /// A target met, a change that cures.
    Good,
    /// Too close to call.
    Warning,
    /// A target missed.
    Bad,
    /// What can be overlooked: the heads of columns.
    Muted,
}

/// Whether text is styled: on a terminal, and there with colours unless they are not wanted; in a pipe it is plain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paint {
    terminal: bool,
    colour: bool,
}

impl Paint {
    /// The style that the environment asks for.
    pub fn of(environment: &Environment) -> Self {
        Self { terminal: environment.terminal, colour: environment.colour }
    }

    /// `text`, made safe and styled.
    pub fn text(self, text: &str, tone: Tone) -> String {
        let text = printable(text);
        let code = match (tone, self.colour) {
            _ if !self.terminal => "",
            (Tone::Plain, _) | (Tone::Good | Tone::Warning | Tone::Bad | Tone::Muted, false) => "",
            (Tone::Heading, true) => "1;36",
            (Tone::Heading | Tone::Strong, _) => "1",
            (Tone::Good, true) => "32",
            (Tone::Warning, true) => "33",
            (Tone::Bad, true) => "31",
            (Tone::Muted, true) => "2",
        };
        if code.is_empty() { text.into_owned() } else { format!("\u{1b}[{code}m{text}\u{1b}[0m") }
    }

    /// The same as a line of its own.
    pub fn line(self, text: &str, tone: Tone) -> String {
        format!("{}\n", self.text(text, tone))
    }

    /// `rows` in aligned columns, the head muted, each further row in its own tone.
    pub fn table(self, rows: &[Vec<String>], right: &[usize], tones: &[Tone]) -> String {
        let head = std::iter::once(Tone::Muted).chain(tones.iter().copied());
        let tones = head.chain(std::iter::repeat(Tone::Plain));
        table(rows, right).lines().zip(tones).map(|(line, tone)| self.line(line, tone)).collect()
    }
}

/// `value` as one JSON document on standard output.
pub(super) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    write(&format!("{}\n", escaped(&serde_json::to_string_pretty(value)?)))
}

/// JSON in which every character that a terminal might obey, and JSON lets pass, is written as an escape. Such characters stand in strings
/// only, so that the document stays the same.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        let mut bytes = [0; 4];
        if c == '\n' || printable(c.encode_utf8(&mut bytes)) == *c.encode_utf8(&mut [0; 4]) {
            out.push(c);
        } else {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        }
    }
    out
}

/// `text` on standard output; a reader that has gone away is not an error.
pub(super) fn write(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

/// `rows` in aligned columns, the first row a heading; columns in `right` are flushed right.
pub(super) fn table(rows: &[Vec<String>], right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let padding = " ".repeat(widths[column].saturating_sub(cell.width()));
            let cell = printable(cell).replace(['\n', '\t'], " ");
            if right.contains(&column) {
                line.push_str(&padding);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&padding);
            }
            line.push_str("  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The completion script of a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "dryrun", &mut script);
    write(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Good)
}

/// The manual page.
pub(super) fn manual() -> anyhow::Result<Outcome> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Args::command()).render(&mut page)?;
    write(&String::from_utf8_lossy(&page))?;
    Ok(Outcome::Good)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let rows = vec![vec!["name".to_owned(), "p99".to_owned()], vec!["db".to_owned(), "12 ms".to_owned()]];
        assert_eq!(table(&rows, &[1]), "name    p99\ndb    12 ms\n");
    }

    #[test]
    fn json_has_no_character_that_a_terminal_obeys() {
        let json = serde_json::to_string(&["a\u{9b}31m", "b\u{202e}c", "\u{1b}[2J"]).unwrap();
        assert_eq!(escaped(&json), "[\"a\\u009b31m\",\"b\\u202ec\",\"\\u001b[2J\"]");
    }

    #[test]
    fn the_arguments_are_sound() {
        Args::command().debug_assert();
    }
}
