//! The end of an interview, as plain values: pacing, targets and runs, coverage with evidence, the first thing to fix, the reference.
//! Scores of the competencies are not here yet; they will be computed from the same values.

use super::{Covered, Facts, Framework, Held, Pacing, Problem, Promises, Record, Run, Topic, Underloaded};
use crate::clock::Elapsed;
use crate::design::Design;

/// What the debrief shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Debrief {
    /// Time against budget.
    pub pacing: Pacing,
    /// What the notes promised.
    pub promises: Promises,
    /// What the design was held to, by its own text and by the notes.
    pub held: Vec<Held>,
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
pub fn debrief(record: &Record, problem: &Problem, framework: &Framework, design: &Design) -> Debrief {
    let facts: Facts = super::facts(design);
    let promises = super::promises(record);
    let underloaded = super::underloaded(design, &promises, problem);
    let coverage = super::coverage(problem, framework, record, &facts);
    Debrief {
        pacing: super::pacing(record),
        held: super::held_to(design, &promises, problem),
        run: record.last_run().cloned(),
        first_fix: first_fix(record, design, &underloaded, &coverage),
        promises,
        underloaded,
        coverage,
        reference: problem.reference.clone(),
        walkthrough: problem.walkthrough.clone(),
    }
}

fn fix(what: impl Into<String>, why: impl Into<String>) -> Fix {
    Fix { what: what.into(), why: why.into() }
}

/// The first thing to fix: of what is wrong, what weighs most in the room. A design comes before its figures, its figures before what was left
/// unsaid, that before the clock.
fn first_fix(record: &Record, design: &Design, underloaded: &[Underloaded], coverage: &[Covered]) -> Fix {
    no_design(record, design)
        .or_else(|| no_figures(record))
        .or_else(|| missed_target(record))
        .or_else(|| missing(coverage, &[Topic::Functional, Topic::NonFunctional]))
        .or_else(|| underloaded.first().map(|flow| fix("Run the design under the load you promised.", &flow.why)))
        .or_else(|| pace(record))
        .or_else(|| missing(coverage, &[Topic::Rubric, Topic::Endpoint, Topic::Entity]))
        .unwrap_or_else(|| {
            fix("Nothing stands out: take a harder problem, a higher level or less time.", "every check held")
        })
}

fn no_design(record: &Record, design: &Design) -> Option<Fix> {
    let longest = record.phases.iter().max_by_key(|phase| phase.spent).filter(|phase| phase.spent > Elapsed(0));
    let why =
        longest.map_or_else(|| "no time was spent".to_owned(), |phase| format!("{} took {}", phase.title, phase.spent));
    design.flows.is_empty().then(|| fix("Leave time to draw a design: no flow was drawn.", why))
}

fn no_figures(record: &Record) -> Option<Fix> {
    let Some(run) = record.last_run() else {
        return Some(fix("Run the design before the time is up.", "it was never run, so nothing about it is known"));
    };
    let held = run.targets().next().is_some();
    (!held).then(|| {
        fix("Say what the design is held to: a latency, an error ratio, for which request.", "the run had no targets")
    })
}

fn missed_target(record: &Record) -> Option<Fix> {
    let run = record.last_run()?;
    let (flow, target) = run.targets().find(|(_, target)| !target.met)?;
    let why = run.bottleneck.clone().unwrap_or_else(|| format!("the last run of {flow} missed it"));
    Some(fix(format!("Meet '{}' on {flow}: it measured {}.", target.text, target.figure()), why))
}

fn missing(coverage: &[Covered], topics: &[Topic]) -> Option<Fix> {
    let of = |topic: &Topic| coverage.iter().find(|c| c.topic == *topic && c.must && c.proof.is_none());
    let missing = topics.iter().find_map(of)?;
    let what = match missing.topic {
        Topic::Functional | Topic::NonFunctional => format!("State the requirement '{}'.", missing.text),
        Topic::Entity => format!("Name the entity '{}'.", missing.text),
        Topic::Endpoint => format!("Give the API '{}'.", missing.text),
        Topic::Rubric => format!("Show this: {}.", missing.text.trim_end_matches('.')),
    };
    Some(fix(what, "neither the notes nor the design show it"))
}

/// A phase that was never reached, or one that took half as much again as it had, and more than a minute.
fn pace(record: &Record) -> Option<Fix> {
    let skipped = record.phases.iter().find(|phase| !phase.visited && phase.budget > Elapsed(0));
    let worst = record.phases.iter().max_by_key(|phase| phase.spent.saturating_sub(phase.budget))?;
    let over = worst.spent.saturating_sub(worst.budget);
    let late = over.0 > worst.budget.0 / 2 && over > Elapsed::minutes(1);
    let why = format!("{} took {} of {}", worst.title, worst.spent, worst.budget);
    match skipped {
        Some(phase) if late => {
            Some(fix(format!("Leave {} on time: {} was never reached.", worst.title, phase.title), why))
        }
        Some(phase) => Some(fix(format!("Get to {}.", phase.title), "it was never reached")),
        None => late.then(|| fix(format!("Leave {} on time.", worst.title), why)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::interview::{FlowRun, Level};

    fn of(record: &Record, design: &Design) -> Fix {
        debrief(record, &fixture::problem(), &fixture::framework(), design).first_fix
    }

    fn run(observed: f64, met: bool) -> Run {
        let targets = vec![fixture::target("p99 < 100ms", observed, met)];
        let flows = vec![FlowRun { name: "GET /{code}".to_owned(), targets, ..FlowRun::default() }];
        Run { flows, bottleneck: Some("db is 98% busy".to_owned()), ..Run::default() }
    }

    #[track_caller]
    fn check(record: &Record, design: &Design, what: &str, why: &str) {
        let fix = of(record, design);
        assert!(fix.what.starts_with(what) && fix.why.starts_with(why), "{fix:?}");
    }

    #[test]
    fn what_weighs_most_is_named_first() {
        let mut record = fixture::record();
        record.level = Level::Mid;
        let design = fixture::design();
        check(&record, &Design::default(), "Leave time to draw a design", "no time was spent");
        record.phases[0].spent = Elapsed::minutes(20);
        check(&record, &Design::default(), "Leave time to draw a design", "Requirements took 20:00");
        check(&record, &design, "Run the design before", "it was never run");
        record.runs.push(Run::default());
        check(&record, &design, "Say what the design is held to", "the run had no targets");
        record.runs.push(run(0.25, false));
        check(&record, &design, "Meet 'p99 < 100ms' on GET /{code}", "db is 98% busy");
        record.runs.push(run(0.05, true));
        check(&record, &design, "State the requirement 'Shorten a long URL'", "neither");
        record.phases[0].notes = "shorten and redirect for users, p99 < 100ms\nPOST /links\n".to_owned();
        check(
            &record,
            &design,
            "Leave Requirements on time: Requirements was never reached",
            "Requirements took 20:00 of 05:00",
        );
        record.phases.iter_mut().for_each(|phase| phase.visited = true);
        check(&record, &design, "Leave Requirements on time.", "Requirements took 20:00 of 05:00");
        record.phases[0].spent = Elapsed::minutes(5);
        record.level = Level::Staff;
        check(&record, &design, "Show this: Says how codes are made unique.", "neither");
        record.level = Level::Mid;
        check(&record, &design, "Nothing stands out", "every check held");
    }
}
