//! Checklists: a line ticks itself when the phase's notes show it; a tick by hand stands over that.

use super::{Phase, PhaseRecord};

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

/// The checklist of `phase` as `record` shows it.
pub fn checklist(phase: &Phase, record: &PhaseRecord) -> Vec<ChecklistLine> {
    let lines = phase.checklist.iter().map(|item| {
        let evidence: Option<String> = None;
        let by_hand = record.by_hand.get(&item.id).copied();
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
