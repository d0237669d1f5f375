//! The estimator's sheets: a text file each in the folder `sheets`, read and written by people as well.
//!
//! ```text
//! // dryrun sheet, format 1
//! users = 100M users
//! ```
//!
//! The first line is a comment to the estimator. A file without it is one that a person has put there, and is read as it is.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::sessions::Damaged;
use super::{FORMAT, StoreError, disk};
use crate::clock::Timestamp;

/// Larger files are no sheets, bytes.
const LARGEST: u64 = 1 << 20;
/// What the first line says before the number of the format.
const HEAD: &str = "// dryrun sheet, format ";
/// The ending of the files.
const ENDING: &str = "txt";
/// A title is cut at so many characters.
const LONGEST_TITLE: usize = 80;

/// A line of the list of sheets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetSummary {
    /// Id: the file's name without its ending.
    pub id: String,
    /// Its first heading, else its first line.
    pub title: String,
    /// Lines that are not empty.
    pub lines: usize,
    /// When it was last written.
    pub saved: Timestamp,
}

/// What the folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SheetListing {
    /// Sheets, the latest first.
    pub sheets: Vec<SheetSummary>,
    /// What could not be read.
    pub damaged: Vec<Damaged>,
}

/// All sheets of `folder`. `set_aside`: what is damaged is renamed.
pub(super) fn list(folder: &Path, now: Timestamp, set_aside: bool) -> Result<SheetListing, StoreError> {
    let mut listing = SheetListing::default();
    for path in disk::entries(folder)? {
        let Some(id) = id_of(&path).filter(|_| path.is_file()) else { continue };
        match read(&path, now, set_aside) {
            Ok(text) => listing.sheets.push(summary(id, &text, written(&path))),
            Err(StoreError::Damaged { path, why, aside }) => listing.damaged.push(Damaged { path, why, aside }),
            Err(error) => listing.damaged.push(Damaged { path, why: error.to_string(), aside: None }),
        }
    }
    listing.sheets.sort_by(|a, b| b.saved.cmp(&a.saved).then_with(|| b.id.cmp(&a.id)));
    Ok(listing)
}

/// The text of the sheet at `path`. `set_aside`: one that is damaged is renamed.
pub(super) fn read(path: &Path, now: Timestamp, set_aside: bool) -> Result<String, StoreError> {
    let damaged = |why: &str| {
        let aside = set_aside.then(|| disk::set_aside(path, now)).flatten();
        StoreError::Damaged { path: path.to_owned(), why: why.to_owned(), aside }
    };
    if path.metadata().is_ok_and(|metadata| metadata.len() > LARGEST) {
        return Err(damaged("it is larger than any sheet"));
    }
    let bytes = disk::read(path)?.ok_or_else(|| StoreError::NoSheet(path.to_owned()))?;
    let text = String::from_utf8(bytes).map_err(|_| damaged("it is not UTF-8 text"))?;
    if text.contains('\0') {
        return Err(damaged("it has bytes that no text has"));
    }
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let Some(format) = first.trim_end().strip_prefix(HEAD) else { return Ok(text) };
    match format.parse::<i64>() {
        Ok(format) if format <= FORMAT => Ok(rest.to_owned()),
        Ok(found) => Err(StoreError::Version { path: path.to_owned(), found, known: FORMAT }),
        Err(_) => Err(damaged("its first line names no format")),
    }
}

/// Writes a sheet. Afterwards the file has all of `text` or is as it was.
pub(super) fn write(path: &Path, text: &str) -> Result<(), StoreError> {
    disk::replace(path, &format!("{HEAD}{FORMAT}\n{text}"))
}

/// The file of a sheet; `None` if `id` is no name of one.
pub(super) fn path(folder: &Path, id: &str) -> Option<PathBuf> {
    let path = folder.join(format!("{id}.{ENDING}"));
    id_of(&path).filter(|known| known == id).map(|_| path)
}

fn id_of(path: &Path) -> Option<String> {
    let id = path.file_name()?.to_str()?.strip_suffix(ENDING)?.strip_suffix('.')?;
    super::sessions::is_id(id).then(|| id.to_owned())
}

fn written(path: &Path) -> Timestamp {
    let modified = path.metadata().and_then(|metadata| metadata.modified()).ok();
    let since = modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn summary(id: String, text: &str, saved: Timestamp) -> SheetSummary {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let heading = lines.iter().find(|line| line.starts_with('#')).or(lines.first());
    let title = heading.map_or("", |line| line.trim_start_matches(['#', '/', ' ']));
    SheetSummary { id, title: title.chars().take(LONGEST_TITLE).collect(), lines: lines.len(), saved }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::disk::LIFE;

    const NOW: Timestamp = Timestamp(1_772_389_800_000);

    fn sheet(folder: &tempfile::TempDir, name: &str, bytes: &[u8]) -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    #[test]
    fn a_sheet_is_old_or_new_wherever_its_writer_dies() {
        let folder = tempfile::tempdir().unwrap();
        let path = path(folder.path(), "a").unwrap();
        write(&path, "old = 1\n").unwrap();
        for life in 0..10 {
            LIFE.set(Some(life));
            let outcome = write(&path, "new = 2\n");
            LIFE.set(None);
            let text = read(&path, NOW, true).unwrap();
            assert!(text == "new = 2\n" || (text == "old = 1\n" && outcome.is_err()), "after {life} steps: {text}");
            if outcome.is_ok() {
                assert!(life > 2, "the disk was never touched");
                return;
            }
            write(&path, "old = 1\n").unwrap();
        }
        panic!("it never succeeded");
    }

    #[test]
    fn the_latest_comes_first_under_its_heading() {
        let folder = tempfile::tempdir().unwrap();
        write(&path(folder.path(), "one").unwrap(), "// why\n\n# Chat\nusers = 5").unwrap();
        sheet(&folder, "two.txt", b"1 + 1\r\n");
        sheet(&folder, ".dryrun-x.tmp", b"half");
        sheet(&folder, "notes.md", b"no sheet");
        let listing = list(folder.path(), NOW, true).unwrap();
        let found: Vec<(&str, &str, usize)> =
            listing.sheets.iter().map(|sheet| (sheet.id.as_str(), sheet.title.as_str(), sheet.lines)).collect();
        assert!(found.contains(&("one", "Chat", 3)) && found.contains(&("two", "1 + 1", 1)), "{found:?}");
        assert_eq!((listing.sheets.len(), listing.damaged.len()), (2, 0));
        assert!(listing.sheets[0].saved >= listing.sheets[1].saved);
    }

    #[track_caller]
    fn damaged(bytes: &[u8], why: &str) {
        let folder = tempfile::tempdir().unwrap();
        let path = sheet(&folder, "a.txt", bytes);
        let found = list(folder.path(), NOW, true).unwrap().damaged.remove(0);
        assert!(found.why.contains(why), "{}", found.why);
        assert_eq!(std::fs::read(found.aside.unwrap()).unwrap(), bytes);
        assert!(!path.exists());
    }

    #[test]
    fn what_is_damaged_is_set_aside_and_what_is_newer_left_alone() {
        damaged(b"\xff\xfe", "UTF-8");
        damaged(b"a = 1\0", "bytes");
        damaged(b"// dryrun sheet, format x\n", "no format");
        damaged(&vec![b'1'; 2 << 20], "larger");
        let folder = tempfile::tempdir().unwrap();
        let path = sheet(&folder, "a.txt", b"// dryrun sheet, format 2\nx");
        assert!(matches!(read(&path, NOW, true), Err(StoreError::Version { found: 2, .. })));
        assert!(path.exists());
    }

    #[test]
    fn ids_lead_nowhere_else() {
        let folder = Path::new("sheets");
        assert_eq!(path(folder, "2026-03-01"), Some(folder.join("2026-03-01.txt")));
        for id in ["", "../x", "a/b", ".hidden", "a.damaged-1"] {
            assert_eq!(path(folder, id), None, "{id}");
        }
    }
}
