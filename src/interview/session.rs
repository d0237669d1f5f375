//! A running interview: a record, the phases it goes through, and [`Session::advance`], which is all that changes it.

use super::{ChecklistLine, Event, Framework, Level, Outcome, Phase, Problem, Promises, Record, checklist, pacing};
use crate::clock::Timestamp;

/// What is chosen before an interview begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The level that is interviewed for.
    pub level: Level,
    /// Length, minutes: 35, 45 or 60; any from 1 to 240 is accepted.
    pub minutes: u32,
}

/// A running (or finished) interview.
#[derive(Clone, Debug)]
pub struct Session {
    record: Record,
    problem: Problem,
    phases: Vec<Phase>,
    promises: Promises,
}

impl Session {
    /// Begins an interview: the clock runs for the first phase from `now` on.
    ///
    /// # Errors
    /// If the framework doesn't have the problem's interview type, or that type has no phases.
    pub fn start(setup: Setup, problem: &Problem, framework: &Framework, now: Timestamp) -> Result<Self, StartError> {
        let _ = (setup, now);
        match framework.interview_type(&problem.interview_type) {
            Some(_) => Err(StartError::NoPhases(problem.interview_type.clone())),
            None => Err(StartError::UnknownType(problem.interview_type.clone())),
        }
    }

    /// Goes on with a record that was saved: the clock runs again, and the time since it was saved is a pause.
    pub fn resume(record: Record, problem: &Problem, framework: &Framework, now: Timestamp) -> Self {
        let _ = (framework, now);
        Self { record, problem: problem.clone(), phases: Vec::new(), promises: Promises::default() }
    }

    /// Takes in what happened at `now`, and says what follows.
    pub fn advance(&mut self, event: Event, now: Timestamp) -> Vec<Outcome> {
        let _ = (event, now);
        Vec::new()
    }

    /// Everything that is kept.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// The problem.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The phases, one for each of the record's.
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// The phase that the clock runs for.
    pub fn phase(&self) -> &Phase {
        &self.phases[self.record.current]
    }

    /// What the notes promise: targets, loads, and what can't be measured.
    pub fn promises(&self) -> &Promises {
        &self.promises
    }

    /// Time against budget.
    pub fn pacing(&self) -> super::Pacing {
        pacing(&self.record)
    }

    /// The checklist of the phase with that index, as it stands; empty where there is no such phase.
    pub fn checklist(&self, phase: usize) -> Vec<ChecklistLine> {
        match (self.phases.get(phase), self.record.phases.get(phase)) {
            (Some(phase), Some(record)) => checklist(phase, record),
            _ => Vec::new(),
        }
    }
}

/// Why an interview can't begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The framework has no such interview type.
    #[error("the framework has no interview type '{0}'")]
    UnknownType(String),
    /// The interview type has no phases.
    #[error("the interview type '{0}' has no phases")]
    NoPhases(String),
}
