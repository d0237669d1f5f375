//! Logs: files that only grow, a record a line. A record is on the disk when [`LogFile::append`] returns; a line that was torn is ended before the
//! next one, and skipped by whoever reads.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{StoreError, disk};

/// A log that is open to be appended to.
#[derive(Debug)]
pub(super) struct LogFile {
    path: PathBuf,
    file: File,
    /// Whether the file may end in the middle of a line.
    torn: bool,
    /// Held as long as anything is written.
    _lock: Arc<File>,
}

impl LogFile {
    /// Opens (and makes) the log at `path`.
    pub fn open(path: PathBuf, lock: Arc<File>) -> Result<Self, StoreError> {
        let open = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let mut file = open.map_err(StoreError::io("opening", &path))?;
        let (_, torn) = disk::tail(&mut file).map_err(StoreError::io("reading", &path))?;
        Ok(Self { path, file, torn, _lock: lock })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends whole lines, each with its end, and waits for the disk.
    pub fn append(&mut self, lines: &[u8]) -> Result<(), StoreError> {
        let ended = if self.torn { [b"\n", lines].concat() } else { lines.to_vec() };
        // How much of a failed append the disk has is not known.
        self.torn = true;
        disk::append(&mut self.file, &self.path, &ended)?;
        self.torn = false;
        Ok(())
    }
}

/// What reading a log came to, beside its records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogHealth {
    /// Lines that could not be read.
    pub skipped: usize,
    /// Whether the last line had no end and was no record: a write was cut off.
    pub torn: bool,
    /// The newest version seen, where it is newer than ours.
    pub newer: Option<i64>,
}

impl LogHealth {
    /// What a person should know, if anything.
    pub fn warning(&self, path: &Path) -> Option<String> {
        let torn = self.torn.then(|| "the last line was cut off and is dropped".to_owned());
        let skipped = self.skipped - usize::from(self.torn);
        let lines = if skipped == 1 { "line" } else { "lines" };
        let skipped = (skipped > 0).then(|| format!("{skipped} {lines} could not be read and don't count"));
        let newer = self.newer.map(|version| format!("records of format {version} need a newer dryrun"));
        let told: Vec<String> = [torn, skipped, newer].into_iter().flatten().collect();
        (!told.is_empty()).then(|| format!("{}: {}", path.display(), told.join("; ")))
    }
}

/// Why a line is no record.
pub(super) enum Unread {
    /// It is of a later version.
    Newer(i64),
    /// It is anything else.
    Damaged,
}

/// The records of a log, each read by `read`.
pub(super) fn records<T>(bytes: &[u8], read: impl Fn(&[u8]) -> Result<T, Unread>) -> (Vec<T>, LogHealth) {
    let mut health = LogHealth::default();
    let mut records = Vec::new();
    let mut lines = bytes.split(|&byte| byte == b'\n').peekable();
    while let Some(line) = lines.next() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match read(line) {
            Ok(record) => records.push(record),
            Err(unread) => {
                health.skipped += 1;
                // What follows the last end of a line was never finished.
                health.torn |= lines.peek().is_none();
                if let Unread::Newer(version) = unread {
                    health.newer = health.newer.max(Some(version));
                }
            }
        }
    }
    (records, health)
}

/// The version of a line that is otherwise not understood.
pub(super) fn unread(line: &[u8], known: i64) -> Unread {
    let value = serde_json::from_slice::<serde_json::Value>(line).ok();
    let version = value.and_then(|value| value.get("v")?.as_i64());
    version.filter(|&version| version > known).map_or(Unread::Damaged, Unread::Newer)
}
