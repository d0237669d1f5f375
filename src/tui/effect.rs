//! What must be done outside, as data; and what a screen asks of the app around it.

use std::path::PathBuf;

use super::event::{RunId, StudyId};
use crate::cards::drill::Drill;
use crate::cards::{Entry, Mode, Scope};
use crate::content::CardText;
use crate::design::{Catalogue, Design, Fault};
use crate::interview::{Record, Save, Setup};
use crate::sim::{Options, Report};
use crate::store::Settings;

/// Something to be done outside. The runner performs it; what comes of it returns as an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Make a folder for a new session.
    CreateSession(Box<Record>),
    /// Read a session to go on with it.
    OpenSession(String),
    /// Save the open session.
    SaveSession(Box<Record>, Save),
    /// Let go of the open session.
    CloseSession,
    /// Read a session to look at it.
    LoadSession(String),
    /// List the sessions.
    ListSessions,
    /// List the sheets of the estimator.
    ListSheets,
    /// Read the sheet with that id.
    OpenSheet(String),
    /// Save a sheet.
    SaveSheet {
        /// Its id.
        id: String,
        /// Its whole text.
        text: String,
    },
    /// Save the settings.
    SaveSettings(Box<Settings>),
    /// Run a design; a run that is under way is given up.
    Simulate(Box<Job>),
    /// Give up the run under way.
    StopSimulation,
    /// Change the course of that run, if it is under way.
    Steer(RunId, Order),
    /// Find out something about a design, after what is being found out already.
    Study(Box<Study>),
    /// Give up what is being found out.
    StopStudies,
    /// Read what the cards are made of: decks, review log, drills.
    LoadCards,
    /// Append to the review log.
    AppendReviews(Vec<Entry>),
    /// Append to the log of drills.
    AppendDrill(Box<Drill>),
    /// Write one of the user's own decks.
    SaveDeck {
        /// The name of its file without the ending.
        stem: String,
        /// Its whole text.
        text: String,
    },
    /// Add what an interview showed to be missing to the deck of misses.
    KeepMisses(Vec<CardText>),
    /// Build the search's index; `Done::Indexed` says when it is there.
    Index,
    /// Write a text to a file of the user's choice.
    Write {
        /// The file.
        path: PathBuf,
        /// The text.
        text: String,
        /// Whether a file that is there is replaced.
        force: bool,
    },
    /// Read a text from a file of the user's choice.
    Read(PathBuf),
    /// Read when requests arrive from a file that a design names.
    ReadRecording(PathBuf),
    /// Put a text on the clipboard.
    Copy(String),
    /// Open a text in the user's own editor.
    Edit {
        /// The text.
        text: String,
        /// The ending of the file's name, for the editor's highlighting.
        ending: &'static str,
    },
    /// Let the terminal report the mouse, or not.
    Mouse(bool),
    /// Stop the process as Ctrl-Z does, and go on when it is continued.
    Suspend,
    /// End the program.
    Quit,
}

/// A design to be run.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Which run this is.
    pub run: RunId,
    /// The design.
    pub design: Design,
    /// How to run it.
    pub options: Options,
    /// How fast.
    pub pace: Pace,
}

/// How fast a run goes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Pace {
    /// Not at all.
    Paused,
    /// So many simulated seconds a second, as far as the machine can.
    Times(f64),
    /// As fast as it goes.
    #[default]
    Fastest,
}

/// What changes the course of a run under way.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// It goes on at another pace.
    Pace(Pace),
    /// It goes on for so many simulated seconds and pauses.
    Step(f64),
    /// Something breaks now, for so many seconds or until the end.
    Strike(Fault, Option<f64>),
    /// What broke last by such an order is whole again.
    Lift,
}

/// Something to be found out about a design by running it again and again.
#[derive(Clone, Debug)]
pub struct Study {
    /// Which study this is; findings of others are not waited for any more.
    pub id: StudyId,
    /// What is to be found out.
    pub question: Question,
    /// The design.
    pub design: Design,
    /// How it is run.
    pub options: Options,
}

impl PartialEq for Study {
    /// A study is the one with its number.
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What is to be found out.
#[derive(Clone, Debug)]
pub enum Question {
    /// What would help, how much load it bears, how many instances it needs. The catalogue says what a new cache would be like; the report
    /// is the design's own run.
    Why(Box<Catalogue>, Box<Report>),
    /// What theory says of the components that this report measured.
    Theory(Box<Report>),
    /// What it does, to be compared with.
    Run,
}

/// What a screen, pane or overlay asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Do something outside.
    Do(Effect),
    /// Show another screen.
    Go(Destination),
    /// Lay a prompt over the screen.
    Prompt(Box<Prompt>),
    /// Ask before something is lost.
    Confirm(Box<Confirm>),
    /// Say something without taking the keyboard.
    Notify(Notice),
    /// Use these settings from now on, and save them.
    Settings(Box<Settings>),
    /// Name a file when the program has ended: what was saved.
    Remember(PathBuf),
}

/// Where to go.
#[derive(Clone, Debug, PartialEq)]
pub enum Destination {
    /// The first screen.
    Home,
    /// A new interview of the problem with that id.
    Interview {
        /// Id of the problem.
        problem: String,
        /// Level and length.
        setup: Setup,
    },
    /// An interview that was begun: id of the session.
    Resume(String),
    /// The debrief of a session that is at hand.
    Debrief(Box<Record>),
    /// The debrief of a session in the store.
    Review(String),
    /// The design lab, with a file.
    Lab(Option<PathBuf>),
    /// The flashcards; with a scope, a session at once.
    Cards(Option<(Scope, Mode)>),
    /// The library: at the page with that id, or at its first shelf.
    Library(Option<String>),
    /// The estimator.
    Estimate,
    /// The settings.
    Settings,
}

/// What an answer typed or given is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// A question to the interviewer.
    Question,
    /// A decision with its reason.
    Decision,
    /// What a run will show: of the design with this fault, or alone.
    Prediction(Option<String>),
    /// The end of the interview.
    Finish,
    /// A tag that narrows the cards.
    Tag,
    /// A file to open.
    Open,
    /// A file with a design to compare with.
    Compare,
    /// A fault, as a line of the design language.
    Fault,
    /// A file to save to.
    SaveAs,
    /// A file to export to.
    Export,
    /// To replace the file that is there.
    Overwrite(PathBuf),
    /// To drop what was changed and go on with this.
    Discard(Box<Request>),
}

/// A line to be typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What the answer is for.
    pub purpose: Purpose,
    /// What is asked, as a title.
    pub title: String,
    /// A line of advice.
    pub advice: String,
    /// What stands in the line to begin with.
    pub text: String,
    /// What was asked and answered before.
    pub log: Vec<(String, String)>,
    /// Whether the prompt stays open for another one.
    pub stays: bool,
    /// Whether an empty line is an answer; else it closes the prompt as Esc does.
    pub skips: bool,
}

/// A question before something is lost.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// What a yes is for.
    pub purpose: Purpose,
    /// The question.
    pub question: String,
    /// What a yes does, in words: `finish`.
    pub yes: &'static str,
}

/// Something said without taking the keyboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub text: String,
    /// How they are meant.
    pub tone: Tone,
}

/// How a notice is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Something was done.
    Good,
    /// Something to know.
    Plain,
    /// Something failed.
    Bad,
}

impl Notice {
    /// Something was done.
    pub fn good(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Good }
    }

    /// Something to know.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Plain }
    }

    /// Something failed.
    pub fn bad(text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Tone::Bad }
    }
}
