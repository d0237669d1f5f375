//! The review log: what was graded, and what was taken back.

use std::collections::BTreeSet;

use super::CardId;
use crate::clock::{Elapsed, Timestamp};

/// How well a card was remembered. Hard is a pass: who forgot says Again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// Forgotten, or only partly right.
    Again,
    /// Remembered with trouble.
    Hard,
    /// Remembered.
    Good,
    /// Remembered at once.
    Easy,
}

impl Grade {
    /// All grades, the worst first.
    pub const ALL: [Self; 4] = [Self::Again, Self::Hard, Self::Good, Self::Easy];

    /// 1 to 4, as on the keys and in the log.
    pub const fn number(self) -> u8 {
        match self {
            Self::Again => 1,
            Self::Hard => 2,
            Self::Good => 3,
            Self::Easy => 4,
        }
    }

    /// The grade with that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.number() == number)
    }

    /// The word on the button.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Again => "Again",
            Self::Hard => "Hard",
            Self::Good => "Good",
            Self::Easy => "Easy",
        }
    }
}

/// Identifies an entry of the log; ascending in the order of writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReviewId(pub u64);

/// One grade that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The entry's id.
    pub id: ReviewId,
    /// Which card.
    pub card: CardId,
    /// When.
    pub at: Timestamp,
    /// How well.
    pub grade: Grade,
    /// How long the answer took.
    pub took: Elapsed,
}

/// A review taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The entry's id.
    pub id: ReviewId,
    /// The review that no longer counts.
    pub of: ReviewId,
    /// When.
    pub at: Timestamp,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A grade.
    Review(Review),
    /// A grade taken back.
    Undo(Undo),
}

impl Entry {
    /// The entry's id.
    pub fn id(&self) -> ReviewId {
        match self {
            Self::Review(review) => review.id,
            Self::Undo(undo) => undo.id,
        }
    }
}

/// The reviews of `log` that were not taken back, in the order of writing.
pub(super) fn standing(log: &[Entry]) -> impl Iterator<Item = &Review> {
    let undone: BTreeSet<ReviewId> = log
        .iter()
        .filter_map(|entry| match entry {
            Entry::Undo(undo) => Some(undo.of),
            Entry::Review(_) => None,
        })
        .collect();
    log.iter().filter_map(move |entry| match entry {
        Entry::Review(review) if !undone.contains(&review.id) => Some(review),
        _ => None,
    })
}
