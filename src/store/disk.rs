//! The few things that are done to files, each safe against a process that dies in the middle: a file is written beside, synced, renamed, and its
//! folder synced.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::clock::Timestamp;

/// What files that are being written are called, until they are renamed.
const BESIDE: (&str, &str) = (".dryrun-", ".tmp");

/// Makes a folder and those above it.
pub(super) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(folder).map_err(StoreError::io("making the folder", folder))
}

/// Replaces (or makes) the file of the user's own at `path`. Afterwards it has all of `text` or is as it was.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), StoreError> {
    let beside = write_beside(path, text, Readers::Owner)?;
    step().and_then(|()| beside.persist(path).map_err(|error| error.error)).map_err(StoreError::io("writing", path))?;
    sync_folder(path)
}

/// Writes a file that others may read as the system's defaults let them, and that is not there yet unless `force` is given.
pub(super) fn write_new(path: &Path, text: &str, force: bool) -> Result<(), StoreError> {
    let beside = write_beside(path, text, Readers::AsUsual)?;
    if force {
        beside.persist(path).map_err(|error| error.error).map_err(StoreError::io("writing", path))?;
    } else if let Err(error) = beside.persist_noclobber(path) {
        return Err(match error.error.kind() {
            io::ErrorKind::AlreadyExists => StoreError::Exists(path.to_owned()),
            _ => StoreError::io("writing", path)(error.error),
        });
    }
    sync_folder(path)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    Owner,
    AsUsual,
}

fn write_beside(path: &Path, text: &str, readers: Readers) -> Result<tempfile::NamedTempFile, StoreError> {
    let write = || {
        step()?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(BESIDE.0).suffix(BESIDE.1);
        #[cfg(unix)]
        if readers == Readers::AsUsual {
            // The system takes away from this what the user's umask says.
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        }
        let mut file = builder.tempfile_in(folder_of(path))?;
        step()?;
        file.write_all(text.as_bytes())?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map_err(StoreError::io("writing", path))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Makes the renaming of `path` last. Only Unix opens folders.
fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = folder_of(path);
    let sync = || {
        step()?;
        if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
    };
    sync().map_err(StoreError::io("writing", folder))
}

/// Appends `bytes` and waits for the disk.
pub(super) fn append(file: &mut File, path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut write = || {
        step()?;
        file.write_all(bytes)?;
        step()?;
        file.sync_data()
    };
    write().map_err(StoreError::io("writing", path))
}

/// The length of a log, and whether it ends in the middle of a line.
pub(super) fn tail(log: &mut File) -> io::Result<(u64, bool)> {
    let length = log.seek(SeekFrom::End(0))?;
    if length == 0 {
        return Ok((0, false));
    }
    log.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    log.read_exact(&mut last)?;
    Ok((length, last != *b"\n"))
}

/// Empties a file and waits for the disk.
pub(super) fn empty(file: &File, path: &Path) -> Result<(), StoreError> {
    let write = || {
        step()?;
        file.set_len(0)?;
        file.sync_data()
    };
    write().map_err(StoreError::io("writing", path))
}

/// Removes a file that is no longer needed; that it is there already is no failure.
pub(super) fn remove(path: &Path) -> Result<(), StoreError> {
    match step().and_then(|()| fs::remove_file(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io("removing", path)(error)),
        _ => Ok(()),
    }
}

/// Removes what writers that died have left beside their files.
pub(super) fn remove_leftovers(folder: &Path) -> Result<(), StoreError> {
    for path in entries(folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with(BESIDE.0) && name.ends_with(BESIDE.1) {
            remove(&path)?;
        }
    }
    Ok(())
}

/// What is in a folder, sorted; nothing where there is no folder.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let reading = match fs::read_dir(folder) {
        Ok(reading) => reading,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(StoreError::io("reading", folder)(error)),
    };
    let paths: Result<Vec<PathBuf>, io::Error> = reading.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut paths = paths.map_err(StoreError::io("reading", folder))?;
    paths.sort();
    Ok(paths)
}

/// The bytes of a file; `None` where there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("reading", path)(error)),
    }
}

/// What files and folders that were set aside are called after their own name.
pub(super) const DAMAGED: &str = ".damaged-";

/// Renames a damaged file or folder so that it is out of the way and not lost; its new name, or `None` if the system doesn't let us.
pub(super) fn set_aside(path: &Path, now: Timestamp) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    let stamp = now.format("%Y%m%dT%H%M%SZ");
    let candidates = (0..100).map(|n| match n {
        0 => format!("{name}{DAMAGED}{stamp}"),
        n => format!("{name}{DAMAGED}{stamp}-{n}"),
    });
    let aside = candidates.map(|name| path.with_file_name(name)).find(|aside| !aside.exists())?;
    fs::rename(path, &aside).ok().map(|()| aside)
}

/// Where a test lets the process die: after so many steps, every further one fails. Nothing outside of tests.
#[cfg(not(test))]
#[allow(clippy::unnecessary_wraps, reason = "under test it fails")]
fn step() -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
thread_local! {
    /// Steps that are left to live; `None` for ever.
    pub(super) static LIFE: std::cell::Cell<Option<usize>> = const { std::cell::Cell::new(None) };
}

#[cfg(test)]
fn step() -> io::Result<()> {
    match LIFE.get() {
        Some(0) => Err(io::Error::other("killed")),
        Some(steps) => {
            LIFE.set(Some(steps - 1));
            Ok(())
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_not_written_over_without_force() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        write_new(&path, "one", false).unwrap();
        assert!(matches!(write_new(&path, "two", false), Err(StoreError::Exists(_))));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        write_new(&path, "two", true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(entries(folder.path()).unwrap(), [path]);
    }

    #[cfg(unix)]
    #[test]
    fn an_export_is_readable_as_usual_and_a_session_by_its_owner() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
        write_new(&folder.path().join("export.md"), "", false).unwrap();
        replace(&folder.path().join("session.toml"), "").unwrap();
        assert_eq!(mode("session.toml"), 0o600);
        File::create(folder.path().join("usual")).unwrap();
        assert_eq!(mode("export.md"), mode("usual"));
    }

    #[test]
    fn a_file_is_old_or_new_wherever_its_writer_dies() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.toml");
        replace(&path, "old").unwrap();
        for life in 0..10 {
            LIFE.set(Some(life));
            let outcome = replace(&path, "new");
            LIFE.set(None);
            let text = fs::read_to_string(&path).unwrap();
            assert!(text == "new" || (text == "old" && outcome.is_err()), "after {life} steps: {text}");
            if outcome.is_ok() {
                return;
            }
            replace(&path, "old").unwrap();
        }
        panic!("it never succeeded");
    }

    #[test]
    fn what_is_set_aside_keeps_its_content_and_takes_a_free_name() {
        let folder = tempfile::tempdir().unwrap();
        let now = Timestamp(1_772_389_800_000);
        let names: Vec<String> = (0..2)
            .map(|n| {
                let path = folder.path().join("a.toml");
                fs::write(&path, n.to_string()).unwrap();
                let aside = set_aside(&path, now).unwrap();
                assert_eq!(fs::read_to_string(&aside).unwrap(), n.to_string());
                aside.file_name().unwrap().to_string_lossy().into_owned()
            })
            .collect();
        assert_eq!(names, ["a.toml.damaged-20260301T183000Z", "a.toml.damaged-20260301T183000Z-1"]);
    }
}
