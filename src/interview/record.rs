//! What is kept of one mock interview: plain data. [`Session`](super::Session) fills it, `store` writes it, debrief and export read it.
//!
//! Moments inside an interview are kept in session time (how long the clock had run), which no change of the wall clock can disturb.

use std::collections::BTreeMap;

use super::{Level, PhaseKind, Run};
use crate::clock::{Elapsed, Timestamp};
use crate::estimate::{Sheet, Variables};

/// One mock interview, from its first second to its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Id, the name of its folder: `2026-03-01-1830-url-shortener`.
    pub id: String,
    /// Id of the problem.
    pub problem: String,
    /// The problem's title when the interview began.
    pub title: String,
    /// Id of the interview type.
    pub interview_type: String,
    /// The level that is interviewed for.
    pub level: Level,
    /// Length of the interview, minutes.
    pub minutes: u32,
    /// When it began.
    pub started: Timestamp,
    /// The last moment that the clock has accounted for.
    pub last: Timestamp,
    /// When it was finished; `None` while it can be gone on with.
    pub finished: Option<Timestamp>,
    /// Its phases in order, at least one.
    pub phases: Vec<PhaseRecord>,
    /// Index of the phase that the clock runs for.
    pub current: usize,
    /// The design's text, in the design language.
    pub design: String,
    /// The sheet of the estimator, as typed.
    pub sheet: String,
    /// Every stop of the clock, in order; while the clock stands, the last one is growing.
    pub pauses: Vec<Pause>,
    /// Whether the clock stands.
    pub paused: bool,
    /// Questions asked of the interviewer, in order.
    pub questions: Vec<Question>,
    /// Decisions with their reasons, in order.
    pub decisions: Vec<Decision>,
    /// What the candidate said runs would show, in order.
    pub predictions: Vec<Prediction>,
    /// Runs of the design, in order.
    pub runs: Vec<Run>,
    /// Probes of the deep dive and their answers, in the order they were put.
    pub probes: Vec<ProbeRecord>,
    /// What happened, in order.
    pub timeline: Vec<Moment>,
}

impl Record {
    /// Time that the clock has run, all phases together.
    pub fn spent(&self) -> Elapsed {
        self.phases.iter().fold(Elapsed(0), |sum, phase| sum + phase.spent)
    }

    /// Time that the clock has stood.
    pub fn stood(&self) -> Elapsed {
        self.pauses.iter().fold(Elapsed(0), |sum, pause| sum + pause.length)
    }

    /// The interview's length.
    pub fn length(&self) -> Elapsed {
        Elapsed::minutes(u64::from(self.minutes))
    }

    /// What the sheet's variables stand for: `$name` in the design.
    pub fn variables(&self) -> Variables {
        Sheet::new(&self.sheet).variables()
    }

    /// The phase with that id.
    pub fn phase(&self, id: &str) -> Option<&PhaseRecord> {
        self.phases.iter().find(|phase| phase.id == id)
    }

    /// Whether a run of this very design, with this fault or none, is among those that are kept.
    pub fn measured(&self, design: &str, fault: Option<&str>) -> bool {
        self.runs.iter().any(|run| run.design == design && run.fault.as_deref() == fault)
    }

    /// The last run of the design as the candidate left it; a run with a fault only where there is no other.
    pub fn last_run(&self) -> Option<&Run> {
        let quiet = self.runs.iter().rev().find(|run| run.fault.is_none());
        quiet.or_else(|| self.runs.last())
    }
}

/// One phase of one interview.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseRecord {
    /// Id of the phase in its interview type.
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// What is done in it.
    pub kind: PhaseKind,
    /// Planned time in this interview.
    pub budget: Elapsed,
    /// Time spent so far.
    pub spent: Elapsed,
    /// The notes.
    pub notes: String,
    /// Ticks set or taken away by hand, by the id of the item; they stand over what the notes show.
    pub by_hand: BTreeMap<String, bool>,
    /// Whether the phase was ever entered.
    pub visited: bool,
    /// Whether the interviewer has spoken about its overrun.
    pub overrun_said: bool,
}

/// A stop of the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Session time at which the clock stopped.
    pub at: Elapsed,
    /// The moment it stopped.
    pub from: Timestamp,
    /// How long it stood, so far.
    pub length: Elapsed,
    /// Why.
    pub reason: PauseReason,
}

/// Why the clock stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PauseReason {
    /// The candidate asked for it.
    Asked,
    /// Nothing ran: the machine slept, or the process was stopped.
    Away,
    /// The program was closed, or died.
    Closed,
}

impl PauseReason {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Away, Self::Closed];

    /// The word in files and exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Away => "away",
            Self::Closed => "closed",
        }
    }

    /// The reason with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// A question that the candidate asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Session time.
    pub at: Elapsed,
    /// Index of the phase it was asked in.
    pub phase: usize,
    /// The question in the candidate's words.
    pub text: String,
    /// The interviewer's answer; `None` for "your call".
    pub answer: Option<String>,
}

/// A decision and its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Session time.
    pub at: Elapsed,
    /// Index of the phase it was made in.
    pub phase: usize,
    /// What was chosen, why, and what is given up: `Postgres because ..., gives up ...`.
    pub text: String,
}

/// What the candidate said a run would show, before it was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prediction {
    /// Session time.
    pub at: Elapsed,
    /// Index of the phase it was made in.
    pub phase: usize,
    /// The prediction in the candidate's words.
    pub text: String,
    /// The fault that it is about, as it is run; `None` for the design's own scenario alone.
    pub fault: Option<String>,
    /// Number of the run that it is held against; `None` until there is one.
    pub run: Option<u32>,
}

/// A probe that was put to the candidate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProbeRecord {
    /// Session time at which it was put.
    pub at: Elapsed,
    /// The question.
    pub ask: String,
    /// What in the design or the notes led to it.
    pub because: String,
    /// The answer; empty until one is given.
    pub answer: String,
}

/// Something that happened, for the replay.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Session time.
    pub at: Elapsed,
    /// What.
    pub what: What,
}

/// What happened. Indices are into the record's lists.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A phase was entered.
    Entered(usize),
    /// A phase went over its budget.
    Overran(usize),
    /// The clock stopped: index of the pause.
    Stopped(usize),
    /// The clock went on.
    WentOn,
    /// A question was asked.
    Asked(usize),
    /// A target was recognised in the notes: as written.
    Target(String),
    /// An item of a phase's checklist was ticked or unticked, by hand or by the notes.
    Ticked {
        /// Index of the phase.
        phase: usize,
        /// Id of the item.
        item: String,
        /// Whether it is ticked now.
        on: bool,
    },
    /// A decision was noted.
    Decided(usize),
    /// A prediction was made.
    Predicted(usize),
    /// The design was run: the run's number in this interview, from 0 (see [`Run::number`]).
    Ran(u32),
    /// A probe was put.
    Probed(usize),
    /// A probe was answered.
    AnsweredProbe(usize),
    /// The interview was finished.
    Finished,
}
