//! What can happen in an interview, and what follows from it. All data.

use super::{PhasePlan, Run};
use crate::clock::Elapsed;

/// What happened; stamped with `now` where it is handed to [`Session::advance`](super::Session::advance).
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Time went by. To be sent at least twice a second: it keeps the clock, saves the typing and lets the interviewer speak.
    Tick,
    /// The candidate was at work where no ticks come from, in `$EDITOR` for one: the time since the last event counts, however long.
    BackToWork,
    /// The notes of a phase now read so.
    Notes {
        /// Index of the phase.
        phase: usize,
        /// All of its notes.
        text: String,
    },
    /// The design's text now reads so.
    Design(String),
    /// The sheet of the estimator now reads so.
    Sheet(String),
    /// On to the next phase; nothing happens in the last one.
    Forward,
    /// Back to the phase before; nothing happens in the first one.
    Back,
    /// To the phase with that index.
    GoTo(usize),
    /// Stop the clock.
    Pause,
    /// Let the clock go on.
    Resume,
    /// A clarifying question in the candidate's own words.
    Ask(String),
    /// Tick or untick an item of a checklist by hand.
    Check {
        /// Index of the phase.
        phase: usize,
        /// Id of the item.
        item: String,
    },
    /// A decision and its reason.
    Decide(String),
    /// The candidate says what a run will show.
    Predict {
        /// The prediction.
        text: String,
        /// The fault that it is about, as it will be run; `None` for the design alone.
        fault: Option<String>,
    },
    /// The design was run.
    Ran(Run),
    /// A probe was put to the candidate.
    Probe {
        /// The question.
        ask: String,
        /// What led to it.
        because: String,
    },
    /// The answer to a probe that was put, complete.
    AnswerProbe {
        /// Index into the record's probes.
        probe: usize,
        /// The answer.
        answer: String,
    },
    /// The interview is over.
    Finish,
}

/// What is to be done, shown or said.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The record is to be saved.
    Save(Save),
    /// The interviewer or the clock has something to say.
    Say(Remark),
    /// The clock runs for another phase now: its index.
    Entered(usize),
    /// A question was answered.
    Answered {
        /// Index into the record's questions.
        question: usize,
    },
    /// A prediction was held against a run.
    Foretold {
        /// Index into the record's predictions.
        prediction: usize,
    },
    /// The session itself put `text` at the end of a phase's notes; an editor showing them must do the same.
    Noted {
        /// Index of the phase.
        phase: usize,
        /// What was put at the end, with its line breaks.
        text: String,
    },
    /// The targets or loads recognised in the notes changed.
    Targets,
    /// A tick of a checklist changed.
    Ticked {
        /// Index of the phase.
        phase: usize,
        /// Id of the item.
        item: String,
        /// Whether it is ticked now.
        on: bool,
    },
    /// The interview is over: the debrief can be shown.
    Finished,
}

/// How much of the record is to be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Save {
    /// What was typed and the clock: goes to the journal.
    Typing,
    /// Everything: a snapshot.
    Whole,
}

/// Something to be shown without taking the keyboard.
#[derive(Clone, Debug, PartialEq)]
pub enum Remark {
    /// The interviewer about a phase that went over its budget; once a phase.
    Overrun {
        /// Index of the phase.
        phase: usize,
        /// The line.
        line: String,
    },
    /// What is left of the time, spread over what is left to do.
    Replan {
        /// The line: `18 min left: API 2, design 10, deep dives 6`.
        line: String,
        /// The new plan, from the current phase on.
        plan: Vec<PhasePlan>,
    },
    /// The phase shows all it should: the next one could begin.
    MoveOn {
        /// Index of the phase that is done.
        phase: usize,
        /// The line.
        line: String,
    },
    /// All of the interview's time is spent.
    TimeUp {
        /// The line.
        line: String,
    },
    /// Nothing ran for so long; the time was not counted.
    Away {
        /// How long.
        length: Elapsed,
    },
    /// A limit was reached; what went beyond it is not kept.
    Full {
        /// The line.
        line: String,
    },
}

impl Remark {
    /// The remark as one line.
    pub fn line(&self) -> String {
        match self {
            Self::Overrun { line, .. }
            | Self::Replan { line, .. }
            | Self::MoveOn { line, .. }
            | Self::TimeUp { line }
            | Self::Full { line } => line.clone(),
            Self::Away { length } => format!("away for {length}; the clock stood"),
        }
    }
}
