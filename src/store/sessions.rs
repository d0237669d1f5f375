//! The sessions' folder: listing and reading.

use std::path::{Path, PathBuf};

use super::journal::{Replayed, replay};
use super::session::{DESIGN, ESTIMATES, JOURNAL, SHEET, notes_name, run_path};
use super::session_toml::{self, Unreadable};
use super::{FORMAT, StoreError, disk, run_toml};
use crate::clock::{Elapsed, Timestamp};
use crate::interview::{Level, Record, Run};

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

/// A file or folder that can't be read.
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

/// Whether `id` can be the name of a session's folder, and no other.
pub(super) fn is_id(id: &str) -> bool {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !id.is_empty() && id.len() <= 128 && !id.starts_with('.') && id.chars().all(safe) && !id.contains(disk::DAMAGED)
}

/// All sessions in `folder`. `set_aside`: what is damaged is renamed.
pub(super) fn list(folder: &Path, now: Timestamp, set_aside: bool) -> Result<Listing, StoreError> {
    let mut listing = Listing::default();
    for path in disk::entries(folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !is_id(&name) || !path.is_dir() {
            continue;
        }
        match read(&path, now, set_aside) {
            Ok(session) => listing.sessions.push(summary(&session.record)),
            Err(StoreError::Damaged { path, why, aside }) => listing.damaged.push(Damaged { path, why, aside }),
            Err(error) => {
                let why = error.to_string();
                listing.damaged.push(Damaged { path, why, aside: None });
            }
        }
    }
    listing.sessions.sort_by(|a, b| b.started.cmp(&a.started).then_with(|| b.id.cmp(&a.id)));
    Ok(listing)
}

fn summary(record: &Record) -> SessionSummary {
    SessionSummary {
        id: record.id.clone(),
        problem: record.problem.clone(),
        title: record.title.clone(),
        level: record.level,
        minutes: record.minutes,
        started: record.started,
        last: record.last,
        finished: record.finished,
        spent: record.spent(),
        phase: record.phases[record.current].title.clone(),
    }
}

/// A session as its files and its journal have it.
pub(super) struct Session {
    pub record: Record,
    pub replayed: Replayed,
    pub warnings: Vec<String>,
}

/// Reads the session in `folder`. `set_aside`: what is damaged is renamed: a file of it, or the folder where nothing can be made of it.
pub(super) fn read(folder: &Path, now: Timestamp, set_aside: bool) -> Result<Session, StoreError> {
    let mut reader = Reader { folder, now, set_aside, warnings: Vec::new() };
    let path = folder.join(SHEET);
    let (mut record, upto, runs) = match reader.sheet(&path)? {
        Ok(sheet) => sheet,
        Err(Unreadable::Version(found)) => return Err(StoreError::Version { path, found, known: FORMAT }),
        Err(Unreadable::Damaged(why)) => {
            let aside = reader.aside(folder);
            return Err(StoreError::Damaged { path, why, aside });
        }
    };
    record.id = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    for at in 0..record.phases.len() {
        record.phases[at].notes = reader.text(&notes_name(at, &record.phases[at]))?;
    }
    record.design = reader.text(DESIGN)?;
    record.sheet = reader.text(ESTIMATES)?;
    record.runs = reader.runs(&runs)?;
    let journal = disk::read(&folder.join(JOURNAL))?.unwrap_or_default();
    let replayed = replay(&journal, upto, &mut record);
    reader.warn_of(&replayed);
    Ok(Session { record, replayed, warnings: reader.warnings })
}

struct Reader<'a> {
    folder: &'a Path,
    now: Timestamp,
    set_aside: bool,
    warnings: Vec<String>,
}

/// A record, the last record of the journal that is in it, and the numbers of its runs.
type SheetRead = Result<(Record, u64, Vec<u32>), Unreadable>;

impl Reader<'_> {
    fn sheet(&mut self, path: &Path) -> Result<SheetRead, StoreError> {
        let Some(bytes) = disk::read(path)? else {
            return Ok(Err(Unreadable::Damaged("the file is missing".to_owned())));
        };
        let Ok(text) = String::from_utf8(bytes) else {
            return Ok(Err(Unreadable::Damaged("it is not UTF-8 text".to_owned())));
        };
        Ok(session_toml::read(&text).map(|(record, sheet, lost)| {
            if lost > 0 {
                self.warnings.push(format!("{}: {lost} lines of the timeline were not understood", path.display()));
            }
            (record, sheet.journal, sheet.runs)
        }))
    }

    /// A text of the session. What is not UTF-8 is read as well as it can be, and its file set aside.
    fn text(&mut self, name: &str) -> Result<String, StoreError> {
        let path = self.folder.join(name);
        let bytes = disk::read(&path)?.unwrap_or_default();
        Ok(String::from_utf8(bytes).unwrap_or_else(|error| {
            self.warn_aside(&path, "it is not UTF-8 text");
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }))
    }

    fn runs(&mut self, numbers: &[u32]) -> Result<Vec<Run>, StoreError> {
        let mut runs = Vec::new();
        for &number in numbers {
            let path = run_path(self.folder, number);
            let Some(bytes) = disk::read(&path)? else {
                self.warnings.push(format!("{} is missing: run {number} is left out", path.display()));
                continue;
            };
            let read = String::from_utf8(bytes).map_err(|_| Unreadable::Damaged("it is not UTF-8 text".to_owned()));
            match read.and_then(|text| run_toml::read(&text)) {
                Ok(run) => runs.push(run),
                Err(Unreadable::Version(found)) => return Err(StoreError::Version { path, found, known: FORMAT }),
                Err(Unreadable::Damaged(why)) => self.warn_aside(&path, &why),
            }
        }
        Ok(runs)
    }

    fn aside(&self, path: &Path) -> Option<PathBuf> {
        self.set_aside.then(|| disk::set_aside(path, self.now)).flatten()
    }

    fn warn_aside(&mut self, path: &Path, why: &str) {
        let aside = self.aside(path);
        let error = StoreError::Damaged { path: path.to_owned(), why: why.to_owned(), aside };
        self.warnings.push(error.to_string());
    }

    fn warn_of(&mut self, replayed: &Replayed) {
        let path = self.folder.join(JOURNAL);
        let skipped = match replayed.skipped {
            1 => "1 record was skipped".to_owned(),
            several => format!("{several} records were skipped"),
        };
        if let Some(found) = replayed.newer {
            let error = StoreError::Version { path, found, known: FORMAT };
            self.warnings.push(format!("{error}; {skipped}"));
        } else if replayed.skipped > 0 {
            self.warnings.push(format!("{}: {skipped} that could not be read", path.display()));
        }
    }
}
