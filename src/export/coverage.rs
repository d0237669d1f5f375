//! What of the problem was shown, each with its evidence or the lack of it.

use std::fmt::Write;

use super::session::{SessionExport, line};
use crate::interview::{Covered, Proof, Record, Topic};
use crate::markup::{code_span, escape};

/// One list a topic.
pub(super) fn coverage(out: &mut String, export: &SessionExport<'_>) {
    line!(out, "\n## Coverage");
    for topic in Topic::ALL {
        let of: Vec<&Covered> = export.debrief.coverage.iter().filter(|covered| covered.topic == topic).collect();
        if of.is_empty() {
            continue;
        }
        line!(out, "\n### {}\n", topic.title());
        for covered in of {
            let competency = covered.competency.as_deref().map(|id| format!(" ({})", competency(export, id)));
            let shown = covered.proof.as_ref().map_or_else(|| absence(covered), |proof| evidence(proof, export.record));
            let mark = if covered.proof.is_some() { 'x' } else { ' ' };
            line!(out, "- [{mark}] {}{}: {shown}", escape(&covered.text), competency.unwrap_or_default());
        }
    }
}

fn competency(export: &SessionExport<'_>, id: &str) -> String {
    let known = export.framework.competencies.iter().find(|competency| competency.id == id);
    escape(known.map_or(id, |competency| &competency.title))
}

fn absence(covered: &Covered) -> String {
    match (covered.must, covered.topic) {
        (true, _) => "not found".to_owned(),
        (false, Topic::Rubric) => "not found; expected from a higher level on".to_owned(),
        (false, _) => "not found; optional".to_owned(),
    }
}

fn evidence(proof: &Proof, record: &Record) -> String {
    match proof {
        Proof::Note { phase, line, text } => {
            let title = record.phases.get(*phase).map_or("notes", |phase| &phase.title);
            format!("{} ({}, line {line})", code_span(text), escape(title))
        }
        Proof::Decision { text, .. } => format!("{} (decision)", code_span(text)),
        Proof::Answer { text, .. } => format!("{} (answer to a probe)", code_span(text)),
        Proof::Design { text } => format!("{} (design)", code_span(text)),
        Proof::Run { number, text } => format!("{} (run {})", code_span(text), number + 1),
        Proof::Silence => "nothing says otherwise".to_owned(),
        Proof::Always => "always".to_owned(),
    }
}
