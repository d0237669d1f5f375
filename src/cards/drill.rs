//! Judgement drills: what the size of a number is, and what can be said in sixty seconds. Scored by what was done, told over time.

mod magnitude;
mod talk;

pub use magnitude::{Calibration, Guess, Range, Size, calibration, log_error};
pub use talk::{SECONDS, Talk, points};

use super::CardId;
use crate::clock::{Elapsed, Timestamp};

/// One thing drilled.
#[derive(Clone, Debug, PartialEq)]
pub struct Drill {
    /// Which card.
    pub card: CardId,
    /// When.
    pub at: Timestamp,
    /// How long it took.
    pub took: Elapsed,
    /// What came of it.
    pub result: DrillResult,
}

/// What came of a drill.
#[derive(Clone, Debug, PartialEq)]
pub enum DrillResult {
    /// A figure was guessed.
    Guess(Guess),
    /// A question was answered aloud.
    Talk(Talk),
}
