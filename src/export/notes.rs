//! What the candidate wrote and said: notes with their checklists, questions, decisions, answers.

use std::fmt::Write;

use super::session::{line, moment};
use crate::interview::{Framework, PhaseRecord, Record, checklist};
use crate::markup::{code_span, escape, fence};

/// The notes of each phase, with what its checklist shows.
pub(super) fn notes(out: &mut String, record: &Record, framework: &Framework) {
    line!(out, "\n## Notes");
    let known = framework.interview_type(&record.interview_type).map_or(&[][..], |kind| &kind.phases);
    for (at, phase) in record.phases.iter().enumerate() {
        line!(out, "\n### {} (planned {}, took {})\n", escape(&phase.title), phase.budget, phase.spent);
        let of_framework = known.iter().find(|known| known.id == phase.id);
        if untouched(phase, of_framework.map_or("", |phase| &phase.template)) {
            line!(out, "Nothing was noted.");
        } else {
            line!(out, "{}", fence(&phase.notes, "text").trim_end());
        }
        let lines = of_framework.map(|phase| checklist(phase, at, record)).unwrap_or_default();
        if lines.iter().any(|line| line.ticked) {
            out.push('\n');
        }
        for shown in lines.iter().filter(|line| line.ticked) {
            let evidence = match &shown.evidence {
                Some(evidence) if !shown.by_hand => format!(": {}", code_span(evidence)),
                _ => " (ticked by hand)".to_owned(),
            };
            line!(out, "- [x] {}{evidence}", escape(&shown.text));
        }
    }
}

/// Whether the notes are no more than the template.
fn untouched(phase: &PhaseRecord, template: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    };
    let template = lines(template);
    lines(&phase.notes).iter().all(|line| template.contains(line))
}

/// Questions, decisions and the answers to probes.
pub(super) fn said(out: &mut String, record: &Record) {
    if !record.questions.is_empty() {
        line!(out, "\n## Questions to the interviewer\n");
        for question in &record.questions {
            let answer = question.answer.as_deref().map_or_else(|| "your call".to_owned(), escape);
            line!(out, "- {} ({}): {answer}", escape(&question.text), moment(question.at));
        }
    }
    if !record.decisions.is_empty() {
        line!(out, "\n## Decisions\n");
        for decision in &record.decisions {
            line!(out, "- {} ({})", escape(&decision.text), moment(decision.at));
        }
    }
    if !record.probes.is_empty() {
        line!(out, "\n## Probes");
        for probe in &record.probes {
            line!(out, "\n**{}** ({}; {})\n", escape(&probe.ask), moment(probe.at), escape(&probe.because));
            if probe.answer.trim().is_empty() {
                line!(out, "No answer.");
            } else {
                line!(out, "{}", fence(&probe.answer, "text").trim_end());
            }
        }
    }
}
