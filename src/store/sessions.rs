//! The sessions' folder.

use std::path::PathBuf;

use crate::clock::{Elapsed, Timestamp};
use crate::interview::{Level, Record};

/// A line of the list of sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    /// Id.
    pub id: String,
    /// Id of the problem.
    pub problem: String,
    /// Title of the problem.
    pub title: String,
    /// Level.
    pub level: Level,
    /// Length, minutes.
    pub minutes: u32,
    /// When it began.
    pub started: Timestamp,
    /// When it was last saved.
    pub last: Timestamp,
    /// When it was finished; `None` if it can be resumed.
    pub finished: Option<Timestamp>,
    /// Time spent.
    pub spent: Elapsed,
    /// Title of the phase it is in.
    pub phase: String,
}

/// A file that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// The file as it was named.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
    /// Its name now, if it was set aside.
    pub aside: Option<PathBuf>,
}

/// What the folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Sessions, the latest first.
    pub sessions: Vec<SessionSummary>,
    /// What could not be read.
    pub damaged: Vec<Damaged>,
}

impl Listing {
    /// Sessions that can be resumed, the latest first.
    pub fn unfinished(&self) -> impl Iterator<Item = &SessionSummary> {
        self.sessions.iter().filter(|session| session.finished.is_none())
    }
}

/// A session that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Loaded {
    /// The record.
    pub record: Record,
    /// What a person should know: records of the journal that were skipped, files that were set aside.
    pub warnings: Vec<String>,
}
