//! What happened: every event carries the moment it happened at, so that update needs no clock.

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::layout::Position;

use super::keymap::Chord;
use crate::cards::Entry;
use crate::clock::Timestamp;
use crate::design::Recording;
use crate::interview::Record;
use crate::sim::Report;
use crate::sim::explain::{Headroom, LoadPoint, Sizing, Theory, WhatIf};
use crate::store::{DeckFile, Drills, Listing, Reviews, Settings, SheetListing};

/// Something that happened, and when.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The moment.
    pub now: Timestamp,
    /// What happened.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A key was pressed.
    Key(Chord),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(Mouse),
    /// The terminal has this size now: columns and rows.
    Resize(u16, u16),
    /// Time went by.
    Tick,
    /// The simulator published a snapshot.
    Progress(Snapshot),
    /// The simulator gave a run up: a fault of ours, with what it said.
    Crashed(RunId, String),
    /// A study found something out.
    Found(StudyId, Box<Finding>),
    /// An effect is done, or failed.
    Done(Done),
    /// The system asks the program to end: SIGTERM, or SIGHUP of a closed terminal.
    Terminate,
}

/// What the mouse did, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mouse {
    /// What.
    pub kind: MouseKind,
    /// The cell.
    pub at: Position,
}

/// What a mouse can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MouseKind {
    /// The left button went down.
    Click,
    /// It was moved with the left button down.
    Drag,
    /// The wheel turned away from the user.
    WheelUp,
    /// The wheel turned towards the user.
    WheelDown,
}

/// Which run a snapshot belongs to; a later run has a greater id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(pub u64);

/// Which study a finding belongs to; a later one has a greater id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct StudyId(pub u64);

/// What a study found out.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// What would help.
    WhatIf(WhatIf),
    /// What it does under less and more load, and how much it bears.
    Load(Vec<LoadPoint>, Headroom),
    /// How many instances it needs, or why no number is enough.
    Sizing(Result<Sizing, String>),
    /// What theory says beside what was measured.
    Theory(Vec<Theory>),
    /// What it does.
    Run(Report),
    /// Nothing: a fault of ours, with what it said.
    Failed(String),
}

/// A run as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The run.
    pub run: RunId,
    /// What it measured so far.
    pub report: Box<Report>,
}

/// How an effect ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Done {
    /// A new session has its folder: the record with its id, and the folder.
    Created(Result<(Box<Record>, PathBuf), String>),
    /// A session was read to be gone on with: the record, its folder, and warnings.
    Opened(Result<(Box<Record>, PathBuf, Vec<String>), String>),
    /// A session was read to be looked at.
    Loaded(Result<Box<Record>, String>),
    /// A session was saved, or why not.
    Saved(Result<(), String>),
    /// The list of sessions.
    Listed(Result<Box<Listing>, String>),
    /// What the cards are made of was read.
    Cards(Result<Box<CardFiles>, String>),
    /// These entries are in the review log, or why not.
    Reviewed(Vec<Entry>, Result<(), String>),
    /// A drill is in its log, or why not.
    Drilled(Result<(), String>),
    /// A deck was written: the name of its file without the ending, the file and its text; or why not.
    DeckSaved(Result<(String, PathBuf, String), String>),
    /// So many misses are new in their deck, or why they are not there.
    MissesKept(Result<usize, String>),
    /// The list of sheets.
    SheetsListed(Result<Box<SheetListing>, String>),
    /// The sheet with that id was read: its text.
    SheetOpened(String, Result<String, String>),
    /// The sheet with that id was saved, or why not.
    SheetSaved(String, Result<(), String>),
    /// The settings were saved, or why not.
    SettingsSaved(Result<Box<Settings>, String>),
    /// A text was written.
    Written {
        /// To which file.
        path: PathBuf,
        /// Why not, if it wasn't.
        result: Result<(), WriteFailure>,
    },
    /// A text was read.
    Read {
        /// From which file.
        path: PathBuf,
        /// The text, or nothing where there is no such file, or why not.
        result: Result<Option<String>, String>,
    },
    /// Arrivals were read.
    RecordingRead {
        /// From which file.
        path: PathBuf,
        /// When requests arrive, or why that can't be told: with its place, where it is something in the file.
        result: Result<Arc<Recording>, String>,
    },
    /// The user's editor is closed: the text as it is now, or why not.
    Edited(Result<String, String>),
    /// The search's index is there.
    Indexed,
    /// The program was stopped and goes on.
    Resumed,
}

/// What the cards are made of, as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct CardFiles {
    /// The user's own decks.
    pub decks: Vec<DeckFile>,
    /// The review log.
    pub reviews: Reviews,
    /// The drills.
    pub drills: Drills,
    /// What could not be read.
    pub warnings: Vec<String>,
    /// Minutes east of UTC, for the days.
    pub utc_offset_minutes: i32,
}

/// Why a text was not written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteFailure {
    /// There is a file already.
    Exists,
    /// Something else.
    Other(String),
}
