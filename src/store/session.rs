//! A session's files while it runs.
//!
//! ```text
//! sessions/ID/session.toml          all but the texts; names the journal's last record that is in the files
//! sessions/ID/notes/1-requirements.md ...   the notes of each phase, as typed
//! sessions/ID/design.dry            the design, as typed
//! sessions/ID/estimates.txt         the sheet of the estimator, as typed
//! sessions/ID/runs/0003.toml ...    the figures of each run
//! sessions/ID/journal.jsonl         what was typed since
//! ```
//!
//! A snapshot first brings the journal up to date, then writes the texts and runs, then `session.toml`, then empties the journal: whichever step it
//! dies at, the journal has the newest texts, and `session.toml` names only what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::journal::{Clock, Composer, TextId, texts};
use super::{StoreError, disk, run_toml, session_toml};
use crate::interview::{PhaseRecord, Record, Save};

/// A journal beyond this length, in bytes, is folded into a snapshot.
const FOLD_AT: u64 = 1024 * 1024;

/// A session's open files. Dropping it loses nothing that was saved.
#[derive(Debug)]
pub struct SessionFile {
    id: String,
    folder: PathBuf,
    journal: File,
    journal_length: u64,
    composer: Composer,
    /// The texts as journal and files have them.
    saved: BTreeMap<TextId, String>,
    clock: Clock,
    /// What the text files have, by their names below the folder.
    files: BTreeMap<String, String>,
    runs: BTreeSet<u32>,
    /// Whether the journal may end in the middle of a line.
    torn: bool,
    /// Whether a snapshot is due, or one failed: the next save of any sort is one.
    owed: bool,
    /// Held as long as anything is written.
    _lock: Arc<File>,
}

impl SessionFile {
    /// Opens the files of `record`, which is as they are, in `folder`; `journal_id` is the last id of its journal.
    pub(super) fn open(folder: PathBuf, record: &Record, journal_id: u64, lock: Arc<File>) -> Result<Self, StoreError> {
        disk::make_folder(&folder.join("notes"))?;
        disk::make_folder(&folder.join("runs"))?;
        for place in [folder.clone(), folder.join("notes"), folder.join("runs")] {
            disk::remove_leftovers(&place)?;
        }
        let path = folder.join(JOURNAL);
        let mut journal = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(&path)
            .map_err(StoreError::io("opening", &path))?;
        let (journal_length, torn) = disk::tail(&mut journal).map_err(StoreError::io("reading", &path))?;
        let files = text_files(record).into_iter().filter_map(|(name, _)| {
            let text = std::fs::read_to_string(folder.join(&name)).ok()?;
            Some((name, text))
        });
        Ok(Self {
            id: record.id.clone(),
            journal,
            journal_length,
            composer: Composer { id: journal_id, ..Composer::default() },
            saved: texts(record).into_iter().map(|(name, text)| (name, text.to_owned())).collect(),
            clock: Clock::of(record),
            files: files.collect(),
            runs: record
                .runs
                .iter()
                .map(|run| run.number)
                .filter(|&number| run_path(&folder, number).exists())
                .collect(),
            torn,
            owed: false,
            folder,
            _lock: lock,
        })
    }

    /// The session's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The session's folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Saves `record`. [`Save::Typing`] appends to the journal what changed in its texts, with the clock; [`Save::Whole`] writes everything
    /// and empties the journal. Both return when the disk has it.
    ///
    /// # Errors
    /// [`StoreError::Io`]; what was saved before stays readable, and the next save has what this one lacks.
    pub fn save(&mut self, record: &Record, save: Save) -> Result<(), StoreError> {
        self.owed |= save == Save::Whole;
        self.journal(record)?;
        if self.owed || self.journal_length > FOLD_AT {
            self.owed = true;
            self.snapshot(record)?;
            self.owed = false;
        }
        Ok(())
    }

    /// Appends what changed since the last save.
    fn journal(&mut self, record: &Record) -> Result<(), StoreError> {
        let changed: Vec<(TextId, &str)> = texts(record)
            .into_iter()
            .filter(|(name, text)| self.saved.get(name).is_none_or(|saved| saved != text))
            .collect();
        let clock = Clock::of(record);
        if changed.is_empty() && clock == self.clock {
            return Ok(());
        }
        self.composer.bytes.clear();
        if self.torn {
            self.composer.bytes.push(b'\n');
        }
        for (name, text) in &changed {
            self.composer.text(*name, text);
        }
        self.composer.clock(clock.clone());
        if let Err(error) = disk::append(&mut self.journal, &self.folder.join(JOURNAL), &self.composer.bytes) {
            // How much of it the disk has is not known: the next record of each text is whole, on a line of its own.
            self.torn = true;
            self.composer.known.clear();
            return Err(error);
        }
        self.torn = false;
        self.journal_length += self.composer.bytes.len() as u64;
        self.saved.extend(changed.into_iter().map(|(name, text)| (name, text.to_owned())));
        self.clock = clock;
        Ok(())
    }

    fn snapshot(&mut self, record: &Record) -> Result<(), StoreError> {
        for (name, text) in text_files(record) {
            if self.files.get(&name).is_none_or(|written| written != text) {
                self.files.remove(&name);
                disk::replace(&self.folder.join(&name), text)?;
                self.files.insert(name, text.to_owned());
            }
        }
        for run in record.runs.iter().filter(|run| !self.runs.contains(&run.number)) {
            disk::replace(&run_path(&self.folder, run.number), &run_toml::write(run))?;
        }
        let sheet = session_toml::write(record, self.composer.id);
        disk::replace(&self.folder.join(SHEET), &sheet)?;
        disk::empty(&self.journal, &self.folder.join(JOURNAL))?;
        self.journal_length = 0;
        self.torn = false;
        self.composer.known.clear();
        let kept: BTreeSet<u32> = record.runs.iter().map(|run| run.number).collect();
        for number in self.runs.difference(&kept) {
            disk::remove(&run_path(&self.folder, *number))?;
        }
        self.runs = kept;
        Ok(())
    }
}

/// The file of all but the texts.
pub(super) const SHEET: &str = "session.toml";
/// The file of what was typed since.
pub(super) const JOURNAL: &str = "journal.jsonl";

/// The text files of a session, by their names below its folder.
pub(super) fn text_files(record: &Record) -> Vec<(String, &str)> {
    let notes = record.phases.iter().enumerate();
    let notes = notes.map(|(at, phase)| (notes_name(at, phase), phase.notes.as_str()));
    let whole = [(DESIGN.to_owned(), record.design.as_str()), (ESTIMATES.to_owned(), record.sheet.as_str())];
    notes.chain(whole).collect()
}

/// The design's file.
pub(super) const DESIGN: &str = "design.dry";

/// The file of the estimator's sheet.
pub(super) const ESTIMATES: &str = "estimates.txt";

/// The file of a phase's notes: `notes/1-requirements.md`.
pub(super) fn notes_name(at: usize, phase: &PhaseRecord) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    format!("notes/{}-{}.md", at + 1, phase.id.chars().take(40).map(safe).collect::<String>())
}

/// The file of a run.
pub(super) fn run_path(folder: &Path, number: u32) -> PathBuf {
    folder.join("runs").join(format!("{number:04}.toml"))
}
