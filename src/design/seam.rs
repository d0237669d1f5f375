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
