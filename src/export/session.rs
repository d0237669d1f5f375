//! A whole session as one Markdown document.

use std::fmt::Write;

use super::coverage::coverage;
use super::measurements::measurements;
use super::notes::{notes, said};
use super::predictions::predictions;
use super::sheet::sheet_markdown;
use crate::clock::Elapsed;
use crate::design::LoadFigure;
use crate::estimate::Sheet;
use crate::interview::{Contradiction, Debrief, Framework, Problem, Promises, Record};
use crate::markup::{code_span, escape, fence};
use crate::units::{Rounding, format_count, format_rate};

/// What a session's document is made of.
#[derive(Clone, Copy, Debug)]
pub struct SessionExport<'a> {
    /// The session.
    pub record: &'a Record,
    /// Its problem.
    pub problem: &'a Problem,
    /// The framework, for checklists and titles.
    pub framework: &'a Framework,
    /// Its debrief.
    pub debrief: &'a Debrief,
    /// What was said twice and not alike.
    pub contradictions: &'a [Contradiction],
    /// The design as Mermaid; empty where there is no design.
    pub mermaid: &'a str,
    /// The design as boxes of text; empty where there is no design.
    pub diagram: &'a str,
}

/// The session as Markdown: front matter (YAML), pacing, notes by phase, targets, design, measurements, predictions, questions, decisions, probes, and, once it is
/// finished, coverage and reference.
///
/// Nothing in the notes can break the document: they stand in fences longer than any run of back-ticks in them, and single lines are escaped.
pub fn session_markdown(export: &SessionExport<'_>) -> String {
    let mut out = front_matter(export.record);
    opening(&mut out, export);
    pacing(&mut out, export);
    notes(&mut out, export.record, export.framework);
    targets(&mut out, export);
    estimates(&mut out, export.record);
    design(&mut out, export);
    measurements(&mut out, export.record);
    predictions(&mut out, export.record);
    said(&mut out, export.record);
    if export.record.finished.is_some() {
        coverage(&mut out, export);
        reference(&mut out, export);
    } else {
        out.push_str("\nThe interview isn't finished: what was covered and the reference follow once it is.\n");
    }
    out
}

/// Appends a line; writing to a string can't fail.
macro_rules! line {
    ($out:expr, $($part:tt)*) => {{
        _ = writeln!($out, $($part)*);
    }};
}
pub(super) use line;

fn front_matter(record: &Record) -> String {
    let mut out = "---\n".to_owned();
    let text = |text: &str| serde_json::to_string(text).expect("a string always serialises");
    line!(out, "title: {}", text(&record.title));
    line!(out, "problem: {}", text(&record.problem));
    line!(out, "session: {}", text(&record.id));
    line!(out, "started: {}", record.started.to_rfc3339());
    if let Some(finished) = record.finished {
        line!(out, "finished: {}", finished.to_rfc3339());
    }
    line!(out, "type: {}", text(&record.interview_type));
    line!(out, "level: {}", record.level.name());
    line!(out, "minutes: {}", record.minutes);
    line!(out, "spent: {}", text(&record.spent().to_string()));
    line!(out, "paused: {}", text(&record.stood().to_string()));
    line!(out, "phases:");
    for phase in &record.phases {
        let (planned, actual) = (text(&phase.budget.to_string()), text(&phase.spent.to_string()));
        line!(out, "  - {{ id: {}, planned: {planned}, actual: {actual} }}", text(&phase.id));
    }
    out.push_str("---\n\n");
    out
}

fn opening(out: &mut String, export: &SessionExport<'_>) {
    let record = export.record;
    line!(out, "# {}: mock interview\n", escape(&record.title));
    let when = record.started.format("%Y-%m-%d %H:%M UTC");
    line!(out, "{when}, {} level, {} minutes.\n", record.level.name(), record.minutes);
    line!(out, "> {}", escape(&export.problem.prompt));
    if record.finished.is_some() {
        let fix = &export.debrief.first_fix;
        line!(out, "\n**First thing to fix.** {} ({}.)", escape(&fix.what), escape(fix.why.trim_end_matches('.')));
    }
}

fn pacing(out: &mut String, export: &SessionExport<'_>) {
    let pacing = &export.debrief.pacing;
    line!(out, "\n## Pacing\n\n| phase | planned | actual | |\n|---|--:|--:|---|");
    for phase in &pacing.phases {
        let remark = match phase.over() {
            _ if !phase.visited => "not reached".to_owned(),
            Elapsed(0) => String::new(),
            over => format!("+{over} over"),
        };
        line!(out, "| {} | {} | {} | {remark} |", escape(&phase.title), phase.budget, phase.spent);
    }
    line!(out, "| all | {} | {} | |", pacing.length, pacing.spent);
    let pauses: Vec<_> = export.record.pauses.iter().filter(|pause| pause.length > Elapsed(0)).collect();
    if !pauses.is_empty() {
        line!(out, "\nThe clock stood for {}:\n", pacing.stood);
        for pause in pauses {
            line!(out, "- at {} for {} ({})", pause.at, pause.length, pause.reason.name());
        }
    }
}

/// What the notes promise, and what the design was held to because of it.
fn targets(out: &mut String, export: &SessionExport<'_>) {
    let (held, promises) = (&export.debrief.held, &export.debrief.promises);
    if held.is_empty() && *promises == Promises::default() && export.contradictions.is_empty() {
        return;
    }
    line!(out, "\n## Targets and loads\n");
    for held in held {
        line!(out, "- {}: {}", code_span(&held.target.text), escape(&held.why));
    }
    let is_held = |text: &String| held.iter().any(|held| held.target.text == *text);
    for promise in promises.targets.iter().filter(|promise| !is_held(&promise.target.text)) {
        line!(out, "- {}: from the notes; no flow could be held to it", code_span(&promise.target.text));
    }
    for load in &promises.loads {
        let figure = match load.figure {
            LoadFigure::PerSecond(rate) => format_rate(rate),
            LoadFigure::Users(users) => format_count(users),
        };
        let what = format!("{figure} {}", load.subject);
        line!(out, "- load {}: from the notes ('{}')", code_span(&what), escape(&load.line));
    }
    for vague in &promises.vague {
        line!(out, "- can't be measured: {}", escape(&vague.remark));
    }
    for contradiction in export.contradictions {
        line!(out, "- contradiction: {}", escape(&contradiction.what));
    }
}

/// The sheet of the estimator with its results.
fn estimates(out: &mut String, record: &Record) {
    if !record.sheet.trim().is_empty() {
        let sheet = sheet_markdown(&Sheet::new(&record.sheet), Rounding::Three);
        line!(out, "\n## Estimates\n\n{}", sheet.trim_end());
    }
}

fn design(out: &mut String, export: &SessionExport<'_>) {
    if export.record.design.trim().is_empty() {
        return;
    }
    line!(out, "\n## Design\n\n{}", fence(&export.record.design, "dry").trim_end());
    for (text, info) in [(export.mermaid, "mermaid"), (export.diagram, "text")] {
        if !text.trim().is_empty() {
            line!(out, "\n{}", fence(text, info).trim_end());
        }
    }
}

fn reference(out: &mut String, export: &SessionExport<'_>) {
    let debrief = export.debrief;
    if !debrief.reference.trim().is_empty() {
        line!(out, "\n## Reference\n\n{}", fence(&debrief.reference, "dry").trim_end());
    }
    if !debrief.walkthrough.trim().is_empty() {
        line!(out, "\n{}", lowered(&debrief.walkthrough).trim_end());
    }
}

/// Markdown with its headings one level down, so that it fits under a heading of this document.
fn lowered(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len() + 64);
    let mut fenced: Option<&str> = None;
    for text in markdown.lines() {
        let start = text.trim_start();
        let ticks = &start[..start.len() - start.trim_start_matches(['`', '~']).len()];
        match fenced {
            Some(open) if ticks.starts_with(open) && start == ticks => fenced = None,
            None if ticks.len() >= 3 => fenced = Some(ticks),
            _ => {}
        }
        let level = text.len() - text.trim_start_matches('#').len();
        let heading = fenced.is_none() && (1..6).contains(&level) && text[level..].starts_with(' ');
        line!(out, "{}{text}", if heading { "#" } else { "" });
    }
    out
}

/// A moment of the session: `at 12:05`.
pub(super) fn moment(at: Elapsed) -> String {
    format!("at {at}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_go_down_and_code_stays() {
        let text = "# One\n\n## Two\n```sh\n# a comment\n```\n###### Six\n#hash\n~~~~\n# x\n~~~\n# y\n~~~~\n# Last\n";
        let expected =
            "## One\n\n### Two\n```sh\n# a comment\n```\n###### Six\n#hash\n~~~~\n# x\n~~~\n# y\n~~~~\n## Last\n";
        assert_eq!(lowered(text), expected);
    }
}
