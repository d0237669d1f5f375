//! The delivery framework as documents: one of the phases of each type of interview, one of what is scored.

use crate::interview::{Competency, Framework, InterviewType, Phase};
use crate::markup::{code_span, escape, fence};

/// Id of the page on what is scored.
const COMPETENCIES: &str = "framework-competencies";
/// What precedes the type's id in the id of its page.
const TYPE: &str = "framework-";

/// The pages there are: id and title.
pub(super) fn pages(framework: &Framework) -> Vec<(String, String)> {
    let types = framework.types.iter().map(|kind| (format!("{TYPE}{}", kind.id), type_title(kind)));
    let scored = (!framework.competencies.is_empty()).then(|| (COMPETENCIES.to_owned(), "What is scored".to_owned()));
    types.chain(scored).collect()
}

/// Title and text of the page with that id.
pub(super) fn text(framework: &Framework, id: &str) -> Option<(String, String)> {
    if id == COMPETENCIES && !framework.competencies.is_empty() {
        return Some(("What is scored".to_owned(), competencies(&framework.competencies)));
    }
    let kind = framework.interview_type(id.strip_prefix(TYPE)?)?;
    Some((type_title(kind), phases(kind)))
}

fn type_title(kind: &InterviewType) -> String {
    format!("{}: the phases", kind.title)
}

fn phases(kind: &InterviewType) -> String {
    let always: f64 = kind.phases.iter().filter(|phase| !phase.optional).map(|phase| phase.minutes).sum();
    let mut text = format!(
        "*delivery framework*\n\nThe phases of an interview of 45 minutes, {always} of them planned; other lengths scale. A phase marked optional is left out unless \
         the problem asks for it. The rest is for questions at the end.\n\n| phase | minutes |\n|---|---:|\n"
    );
    for phase in &kind.phases {
        let optional = if phase.optional { " (optional)" } else { "" };
        text.push_str(&format!("| {}{optional} | {} |\n", escape(&phase.title), phase.minutes));
    }
    for phase in &kind.phases {
        text.push_str(&one_phase(phase));
    }
    text
}

fn one_phase(phase: &Phase) -> String {
    let optional = if phase.optional { ", optional" } else { "" };
    let mut text =
        format!("\n## {}: {} min{optional}\n\n> {}\n", escape(&phase.title), phase.minutes, escape(&phase.prompt));
    if !phase.template.trim().is_empty() {
        text.push_str(&format!("\nThe notes open with:\n\n{}", fence(phase.template.trim(), "text")));
    }
    if !phase.checklist.is_empty() {
        text.push_str("\nA good phase shows:\n\n");
        for item in &phase.checklist {
            text.push_str(&format!("- {}\n", escape(&item.text)));
        }
    }
    text.push_str(&format!("\nWhen its time is up: {}\n", escape(&phase.overrun)));
    text
}

fn competencies(all: &[Competency]) -> String {
    let mut text =
        "*delivery framework*\n\nEach criterion is scored from 0 to 3 with the evidence that was found.\n".to_owned();
    for competency in all {
        text.push_str(&format!("\n## {}\n", escape(&competency.title)));
        for criterion in &competency.criteria {
            text.push_str(&format!("\n**{}**\n\n", escape(&criterion.text)));
            for (score, anchor) in criterion.anchors.iter().enumerate() {
                text.push_str(&format!("- {} {}\n", code_span(&score.to_string()), escape(anchor)));
            }
        }
    }
    text
}
