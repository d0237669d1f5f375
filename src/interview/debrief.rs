//! The end of an interview, as plain values: pacing, targets and runs, coverage with evidence, the first thing to fix, the reference.
//! Scores of the competencies are not here yet; they will be computed from the same values.

use super::{Covered, Facts, Framework, Pacing, Problem, Promises, Record, Run, Underloaded};

/// What the debrief shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Debrief {
    /// Time against budget.
    pub pacing: Pacing,
    /// What the notes promised.
    pub promises: Promises,
    /// The run that counts: the last one without a fault.
    pub run: Option<Run>,
    /// Flows that ran with less load than the notes promise.
    pub underloaded: Vec<Underloaded>,
    /// What of the rubric was shown.
    pub coverage: Vec<Covered>,
    /// The first thing to fix.
    pub first_fix: Fix,
    /// The reference design's text, to be shown beside.
    pub reference: String,
    /// The answer key, Markdown.
    pub walkthrough: String,
}

/// Something to fix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to do, one sentence.
    pub what: String,
    /// Why: the evidence or its absence.
    pub why: String,
}

/// The debrief of `record`; `design` is its compiled design.
pub fn debrief(record: &Record, problem: &Problem, framework: &Framework, design: &crate::design::Design) -> Debrief {
    let facts: Facts = super::facts(design);
    let promises = super::promises(record);
    Debrief {
        pacing: super::pacing(record),
        run: record.last_run().cloned(),
        underloaded: super::underloaded(design, &promises),
        promises,
        coverage: super::coverage(problem, framework, record, &facts),
        first_fix: Fix { what: String::new(), why: String::new() },
        reference: problem.reference.clone(),
        walkthrough: problem.walkthrough.clone(),
    }
}
