//! Placeholders of the public functions.
#[allow(clippy::wildcard_imports, reason = "replaced by the rooms that follow")]
use super::*;
use crate::source::{Diagnostic, Span};

/// A design and what there is to say about its text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Compiled {
    /// The design; of a text with errors, what could be understood.
    pub design: Design,
    /// In the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a design; total, in time linear in the text.
pub fn compile(_text: &str, _catalogue: &Catalogue) -> Compiled {
    Compiled::default()
}
/// Reads one target: `p99 < 100ms`.
pub fn parse_target(text: &str) -> Result<Target, Diagnostic> {
    Err(Diagnostic::error(Span::new(0, text.len()), "expected a target"))
}
/// The targets in free text, their spans in it.
pub fn targets_in(_text: &str) -> Vec<Target> {
    Vec::new()
}
/// What is asked for in free text.
#[derive(Clone, Debug, PartialEq)]
pub enum LoadFigure {
    /// Requests a second.
    PerSecond(f64),
    /// People: `100M DAU`.
    Users(f64),
}
/// The loads in free text: `redirects 115k/s`, `100M DAU`; each with its subject, which may be empty.
pub fn loads_in(_text: &str) -> Vec<(Span, String, LoadFigure)> {
    Vec::new()
}
/// Requirements in free text that can't be measured, each with the question an interviewer would ask.
pub fn vague_in(_text: &str) -> Vec<(Span, String)> {
    Vec::new()
}
/// Reads the value of a card's parameter.
pub fn parse_parameter(_kind: Kind, _name: &str, text: &str) -> Result<Value, Diagnostic> {
    Err(Diagnostic::error(Span::new(0, text.len()), "expected a value"))
}
/// Reads `1B zipf 0.9`.
pub fn parse_popularity(text: &str) -> Result<Popularity, Diagnostic> {
    Err(Diagnostic::error(Span::new(0, text.len()), "expected a number of keys"))
}
/// Reads a line such as `at 30s: kill cache/0 for 20s` against a design.
pub fn parse_event(text: &str, _design: &Design) -> Result<ScenarioEvent, Diagnostic> {
    Err(Diagnostic::error(Span::new(0, text.len()), "expected a fault"))
}
/// The text in canonical form.
pub fn format(text: &str) -> String {
    text.to_owned()
}
/// The design as a Mermaid flowchart.
pub fn mermaid(_design: &Design) -> String {
    "flowchart LR\n".to_owned()
}
/// Places a design on a grid of cells.
pub fn diagram(_design: &Design) -> Diagram {
    Diagram::default()
}
/// Something that may be typed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// The text it would take the place of.
    pub span: Span,
    /// What would stand there.
    pub text: String,
    /// What it is, in a few words.
    pub detail: String,
}
/// What may be typed at `offset`, the likeliest first.
pub fn completions(_text: &str, _offset: usize, _catalogue: &Catalogue) -> Vec<Completion> {
    Vec::new()
}
