//! Where the user's files live.

use std::path::{Path, PathBuf};

use super::StoreError;

/// The two folders, and the files in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Settings, key bindings, own themes, content and problems.
    pub config: PathBuf,
    /// Sessions, review log, designs.
    pub data: PathBuf,
}

impl Paths {
    /// The system's folders; `home` (the value of `DRYRUN_HOME`) overrides both.
    ///
    /// # Errors
    /// [`StoreError::NoHome`] if the system names no folder.
    pub fn find(home: Option<PathBuf>) -> Result<Self, StoreError> {
        if let Some(home) = home.filter(|home| !home.as_os_str().is_empty()) {
            return Ok(Self::under(&home));
        }
        let config = dirs::config_dir().ok_or(StoreError::NoHome)?.join("dryrun");
        let data = dirs::data_dir().ok_or(StoreError::NoHome)?.join("dryrun");
        Ok(Self { config, data })
    }

    /// Both the same folder: no name in one means anything in the other.
    pub fn under(home: &Path) -> Self {
        Self { config: home.to_owned(), data: home.to_owned() }
    }

    /// The settings.
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// One folder a session.
    pub fn sessions(&self) -> PathBuf {
        self.data.join("sessions")
    }

    /// The review log.
    pub fn reviews(&self) -> PathBuf {
        self.data.join("reviews.jsonl")
    }

    /// What was guessed and said in drills.
    pub fn drills(&self) -> PathBuf {
        self.data.join("drills.jsonl")
    }

    /// The user's own decks of cards, a Markdown file each.
    pub fn decks(&self) -> PathBuf {
        self.data.join("decks")
    }

    /// Own and overlaying content: `content/`, `problems/` and `themes/` in the config folder.
    pub fn overlay(&self) -> &Path {
        &self.config
    }

    /// Sheets of the estimator.
    pub fn sheets(&self) -> PathBuf {
        self.data.join("sheets")
    }

    /// Designs of the lab.
    pub fn designs(&self) -> PathBuf {
        self.data.join("designs")
    }
}
