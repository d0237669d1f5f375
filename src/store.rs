//! The only code that writes the disk: paths, whole files, the journal of typing, the lock, and the formats with their versions.

#![allow(clippy::disallowed_methods, reason = "this module is where the user's files are written")]

mod error;
mod paths;
mod session;
mod sessions;
mod settings;

pub use error::StoreError;
pub use paths::Paths;
pub use session::SessionFile;
pub use sessions::{Damaged, Listing, Loaded, SessionSummary};
pub use settings::Settings;

use std::path::Path;

use crate::clock::Timestamp;
use crate::interview::Record;

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
    access: Access,
}

impl Store {
    /// Opens (and with [`Access::Write`] makes) the folders.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another instance writes there; [`StoreError::Io`] if a folder can't be made or locked.
    pub fn open(paths: Paths, access: Access) -> Result<Self, StoreError> {
        Ok(Self { paths, access })
    }

    /// Where the files are.
    pub fn paths(&self) -> &Paths {
        &self.paths
    }

    /// How the folders were opened.
    pub fn access(&self) -> Access {
        self.access
    }

    /// All sessions, the latest first. What can't be read is set aside (only with [`Access::Write`]) and named.
    ///
    /// # Errors
    /// If the folder of the sessions can't be read.
    pub fn sessions(&self, now: Timestamp) -> Result<Listing, StoreError> {
        let _ = now;
        Ok(Listing::default())
    }

    /// The session with that id, with what its journal has on top.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::Damaged`] or [`StoreError::Io`].
    pub fn load(&self, id: &str, now: Timestamp) -> Result<Loaded, StoreError> {
        let _ = now;
        Err(StoreError::NoSession(id.to_owned()))
    }

    /// A folder for a new session; its id becomes `record`'s, with a number added where it is taken. The record is written.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] or [`StoreError::Io`].
    pub fn create_session(&self, record: &mut Record) -> Result<SessionFile, StoreError> {
        let _ = record;
        Err(StoreError::ReadOnly)
    }

    /// The session with that id, to be gone on with.
    ///
    /// # Errors
    /// As [`Store::load`], and [`StoreError::ReadOnly`].
    pub fn open_session(&self, id: &str, now: Timestamp) -> Result<(SessionFile, Loaded), StoreError> {
        let _ = now;
        Err(StoreError::NoSession(id.to_owned()))
    }

    /// The settings, and a warning for each line that means nothing. A missing file is the defaults.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn settings(&self) -> Result<(Settings, Vec<String>), StoreError> {
        Ok((Settings::default(), Vec::new()))
    }

    /// Writes the settings; keys that this version doesn't know stay in the file.
    ///
    /// # Errors
    /// [`StoreError::ReadOnly`] or [`StoreError::Io`].
    pub fn save_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        let _ = settings;
        Err(StoreError::ReadOnly)
    }
}

/// Writes `text` to a file of the user's own choice: an export, a design. Beside and renamed, so that it is whole or not there.
///
/// # Errors
/// [`StoreError::Exists`] if there is a file and `force` is not given; [`StoreError::Io`].
pub fn write_text(path: &Path, text: &str, force: bool) -> Result<(), StoreError> {
    let _ = (text, force);
    Err(StoreError::Exists(path.to_owned()))
}
