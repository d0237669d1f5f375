//! The only code that writes the disk: paths, whole files, the journal of typing, the lock, and the formats with their versions.
//!
//! Whole files are written beside, synced and renamed; the journal is appended to and synced; a torn tail is ended and skipped; what is damaged is
//! set aside under a new name and reported, never dropped. One process writes at a time.

#![allow(clippy::disallowed_methods, reason = "this module is where the user's files are written")]

mod decks;
mod disk;
mod drills;
mod error;
mod journal;
mod lock;
mod log;
mod paths;
mod reviews;
mod run_toml;
mod session;
mod session_toml;
mod sessions;
mod settings;
mod sheets;

pub use decks::DeckFile;
pub use drills::{DrillLog, Drills, read_drills};
pub use error::StoreError;
pub use log::LogHealth;
pub use paths::Paths;
pub use reviews::{ReviewLog, Reviews, read_reviews};
pub use session::SessionFile;
pub use sessions::{Damaged, Listing, Loaded, SessionSummary};
pub use settings::{CardSettings, Settings};
pub use sheets::{SheetListing, SheetSummary};

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::interview::{Record, Save};

/// The version of the formats of session, run and journal that is written, and the newest that is read.
const FORMAT: i64 = 1;

/// How the user's folders are opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To read and write; refused while another instance does.
    Write,
    /// Only to read, whoever else is there.
    Read,
}

/// The user's folders.
#[derive(Debug)]
pub struct Store {
    paths: Paths,
    /// Held while this instance is the one that writes.
    lock: Option<Arc<File>>,
}

impl Store {
    /// Opens (and with [`Access::Write`] makes) the folders.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another instance writes there; [`StoreError::Io`] if a folder can't be made or locked.
    pub fn open(paths: Paths, access: Access) -> Result<Self, StoreError> {
        let lock = match access {
            Access::Read => None,
            Access::Write => {
                disk::make_folder(&paths.sessions())?;
                Some(Arc::new(lock::take(&paths.data)?))
            }
        };
        Ok(Self { paths, lock })
    }

    /// Where the files are.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// Makes the folder of the lab's designs where it is missing.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn make_designs(&self) -> Result<(), StoreError> {
        disk::make_folder(&self.paths.designs())
    }

    /// How the folders were opened.
    pub fn access(&self) -> Access {
        if self.lock.is_some() { Access::Write } else { Access::Read }
    }

    /// All sessions, the latest first. What can't be read is set aside (only with [`Access::Write`]) and named.
    ///
    /// # Errors
    /// If the folder of the sessions can't be read.
    pub fn sessions(&self, now: Timestamp) -> Result<Listing, StoreError> {
        sessions::list(&self.paths.sessions(), now, self.lock.is_some())
    }

    /// The session with that id, with what its journal has on top.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::Damaged`], [`StoreError::Version`] or [`StoreError::Io`].
    pub fn load(&self, id: &str, now: Timestamp) -> Result<Loaded, StoreError> {
        let session = sessions::read(&self.session_folder(id)?, now, self.lock.is_some())?;
        Ok(Loaded { record: session.record, warnings: session.warnings })
    }

    /// A folder for a new session; its id becomes `record`'s, with a number added where it is taken. The record is written.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] or [`StoreError::Io`].
    pub fn create_session(&self, record: &mut Record) -> Result<SessionFile, StoreError> {
        let lock = self.lock.clone().ok_or(StoreError::ReadOnly)?;
        let base = if sessions::is_id(&record.id) { record.id.clone() } else { "session".to_owned() };
        let mut number = 1;
        let folder = loop {
            let id = if number == 1 { base.clone() } else { format!("{base}-{number}") };
            let folder = self.paths.sessions().join(&id);
            match std::fs::create_dir(&folder) {
                Ok(()) => {
                    record.id = id;
                    break folder;
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(StoreError::io("making the folder", &folder)(error)),
            }
        };
        let mut file = SessionFile::open(folder, record, 0, lock)?;
        file.save(record, Save::Whole)?;
        Ok(file)
    }

    /// The session with that id, to be gone on with.
    ///
    /// # Errors
    /// As [`Store::load`], and [`StoreError::ReadOnly`]; [`StoreError::Version`] also if its journal has records of a later version, which
    /// going on would lose.
    pub fn open_session(&self, id: &str, now: Timestamp) -> Result<(SessionFile, Loaded), StoreError> {
        let lock = self.lock.clone().ok_or(StoreError::ReadOnly)?;
        let folder = self.session_folder(id)?;
        let session = sessions::read(&folder, now, true)?;
        if let Some(found) = session.replayed.newer {
            return Err(StoreError::Version { path: folder.join(session::JOURNAL), found, known: FORMAT });
        }
        let file = SessionFile::open(folder, &session.record, session.replayed.id, lock)?;
        Ok((file, Loaded { record: session.record, warnings: session.warnings }))
    }

    /// The review log, as it is.
    ///
    /// # Errors
    /// If there is a log that can't be read.
    pub fn reviews(&self) -> Result<Reviews, StoreError> {
        reviews::load(&self.paths.reviews())
    }

    /// The review log to be appended to, and as it is.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] or [`StoreError::Io`].
    pub fn open_reviews(&self) -> Result<(ReviewLog, Reviews), StoreError> {
        let lock = self.lock.clone().ok_or(StoreError::ReadOnly)?;
        let log = ReviewLog::new(log::LogFile::open(self.paths.reviews(), lock)?);
        Ok((log, self.reviews()?))
    }

    /// What was guessed and said in drills.
    ///
    /// # Errors
    /// If there is a log that can't be read.
    pub fn drills(&self) -> Result<Drills, StoreError> {
        drills::load(&self.paths.drills())
    }

    /// The log of drills to be appended to, and as it is.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] or [`StoreError::Io`].
    pub fn open_drills(&self) -> Result<(DrillLog, Drills), StoreError> {
        let lock = self.lock.clone().ok_or(StoreError::ReadOnly)?;
        let read = self.drills()?;
        Ok((DrillLog::new(log::LogFile::open(self.paths.drills(), lock)?, &read), read))
    }

    /// The user's own decks by the names of their files, and a warning for each that can't be read.
    ///
    /// # Errors
    /// If there is a folder that can't be read.
    pub fn decks(&self) -> Result<(Vec<DeckFile>, Vec<String>), StoreError> {
        decks::load(&self.paths.decks())
    }

    /// Writes the deck whose file is called `stem`, without the ending.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`]; [`StoreError::Damaged`] if `stem` is no name of a file; [`StoreError::Io`].
    pub fn save_deck(&self, stem: &str, text: &str) -> Result<PathBuf, StoreError> {
        if self.lock.is_none() {
            return Err(StoreError::ReadOnly);
        }
        let folder = self.paths.decks();
        let path = decks::path(&folder, stem).ok_or_else(|| StoreError::Damaged {
            path: folder.join(stem),
            why: "this is no name for a deck".to_owned(),
            aside: None,
        })?;
        disk::make_folder(&folder)?;
        disk::replace(&path, text)?;
        Ok(path)
    }

    /// All sheets of the estimator, the latest first. What can't be read is set aside (only with [`Access::Write`]) and named.
    ///
    /// # Errors
    /// If there is a folder that can't be read.
    pub fn sheets(&self, now: Timestamp) -> Result<SheetListing, StoreError> {
        sheets::list(&self.paths.sheets(), now, self.lock.is_some())
    }

    /// The text of the sheet with that id.
    ///
    /// # Errors
    /// [`StoreError::NoSheet`], [`StoreError::Damaged`], [`StoreError::Version`] or [`StoreError::Io`].
    pub fn load_sheet(&self, id: &str, now: Timestamp) -> Result<String, StoreError> {
        sheets::read(&self.sheet_path(id)?, now, self.lock.is_some())
    }

    /// Writes the sheet with that id, which is new or replaced.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`], [`StoreError::NoSheet`] if `id` can be no name of a file, or [`StoreError::Io`].
    pub fn save_sheet(&self, id: &str, text: &str) -> Result<(), StoreError> {
        if self.lock.is_none() {
            return Err(StoreError::ReadOnly);
        }
        let path = self.sheet_path(id)?;
        disk::make_folder(&self.paths.sheets())?;
        sheets::write(&path, text)
    }

    fn sheet_path(&self, id: &str) -> Result<PathBuf, StoreError> {
        let folder = self.paths.sheets();
        sheets::path(&folder, id).ok_or_else(|| StoreError::NoSheet(folder.join(id)))
    }

    fn session_folder(&self, id: &str) -> Result<PathBuf, StoreError> {
        let folder = self.paths.sessions().join(id);
        if sessions::is_id(id) && folder.is_dir() { Ok(folder) } else { Err(StoreError::NoSession(id.to_owned())) }
    }

    /// The settings, and a warning for each key that means nothing. A missing file is the defaults.
    ///
    /// # Errors
    /// If there is a file that can't be read.
    pub fn settings(&self) -> Result<(Settings, Vec<String>), StoreError> {
        Ok(settings::read(&self.settings_text()?))
    }

    /// Writes the settings; comments and keys that this version doesn't know stay in the file. A file that can't be understood is set aside
    /// first.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] or [`StoreError::Io`].
    pub fn save_settings(&self, settings: &Settings, now: Timestamp) -> Result<(), StoreError> {
        if self.lock.is_none() {
            return Err(StoreError::ReadOnly);
        }
        disk::make_folder(&self.paths.config)?;
        let mut text = self.settings_text()?;
        if text.parse::<toml::Table>().is_err() && disk::set_aside(&self.paths.settings(), now).is_some() {
            text.clear();
        }
        disk::replace(&self.paths.settings(), &settings::write(&text, settings))
    }

    fn settings_text(&self) -> Result<String, StoreError> {
        let bytes = disk::read(&self.paths.settings())?.unwrap_or_default();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

/// Writes `text` to a file of the user's own choice: an export, a design. Beside and renamed, so that it is whole or not there.
///
/// # Errors
/// [`StoreError::Exists`] if there is a file and `force` is not given; [`StoreError::Io`].
pub fn write_text(path: &Path, text: &str, force: bool) -> Result<(), StoreError> {
    disk::write_new(path, text, force)
}

#[cfg(test)]
mod tests;
