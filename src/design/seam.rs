//! Placeholders of the public functions.
#[allow(clippy::wildcard_imports, reason = "replaced by the rooms that follow")]
use super::*;
use crate::source::Span;

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
