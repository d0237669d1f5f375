//! Checklists: a line ticks itself when the phase's notes show it; a tick by hand stands over that.

use regex::Regex;

use super::evidence::{own_line, patterns};
use super::{Phase, Record};

/// A line of a checklist as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChecklistLine {
    /// Id of the item, unique in its phase.
    pub item: String,
    /// The line.
    pub text: String,
    /// Whether it is ticked.
    pub ticked: bool,
    /// Whether that was decided by hand.
    pub by_hand: bool,
    /// The line of the notes that shows it, if one does.
    pub evidence: Option<String>,
}

/// The compiled patterns of a phase's checklist, one list an item.
pub(super) type Compiled = Vec<Vec<Regex>>;

/// Compiles the patterns of a phase's checklist.
pub(super) fn compile(phase: &Phase) -> Compiled {
    phase.checklist.iter().map(|item| patterns(&item.evidence)).collect()
}

/// The checklist of a phase as `record` shows it; empty where `at` is no phase of it.
pub fn checklist(phase: &Phase, at: usize, record: &Record) -> Vec<ChecklistLine> {
    lines(phase, &compile(phase), at, record)
}

pub(super) fn lines(phase: &Phase, compiled: &Compiled, at: usize, record: &Record) -> Vec<ChecklistLine> {
    let Some(notes) = record.phases.get(at) else { return Vec::new() };
    let lines = phase.checklist.iter().zip(compiled).map(|(item, patterns)| {
        let evidence = own_line(at, notes, phase, record, patterns).map(|line| line.text.trim().to_owned());
        let by_hand = notes.by_hand.get(&item.id).copied();
        ChecklistLine {
            item: item.id.clone(),
            text: item.text.clone(),
            ticked: by_hand.unwrap_or(evidence.is_some()),
            by_hand: by_hand.is_some(),
            evidence,
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[track_caller]
    fn check(notes: &str, by_hand: &[(&str, bool)], expected: &str) {
        let mut record = fixture::record();
        record.phases[0].notes = notes.to_owned();
        record.phases[0].by_hand = by_hand.iter().map(|&(item, on)| (item.to_owned(), on)).collect();
        let lines = checklist(&fixture::framework().types[0].phases[0], 0, &record);
        let shown: Vec<String> = lines
            .iter()
            .map(|line| {
                format!("{}{}{}", if line.ticked { "+" } else { "-" }, line.item, if line.by_hand { "!" } else { "" })
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn notes_tick_and_the_hand_has_the_last_word() {
        check("", &[], "-scale -latency -scope");
        check("p99 < 100ms at 5k/s", &[], "+scale +latency -scope");
        check("p99 < 100ms at 5k/s", &[("latency", false), ("scope", true)], "+scale -latency! +scope!");
        check("The system should be (scale, latency):", &[], "-scale -latency -scope");
    }
}
