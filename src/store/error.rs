//! What can go wrong with files, in words that name the file and say what to do.

use std::io;
use std::path::{Path, PathBuf};

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The system refused.
    #[error("{doing} {path}: {cause}", path = path.display())]
    Io {
        /// What was being done: `writing`, `reading`.
        doing: &'static str,
        /// To which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// Another instance writes to the same folder.
    #[error("another dryrun{of} is using {folder}; close it, or open this one read-only", of = pid_words(*pid), folder = folder.display())]
    Locked {
        /// The folder.
        folder: PathBuf,
        /// The other's process id, where it could be read.
        pid: Option<u32>,
    },
    /// The store was opened only to read.
    #[error("opened read-only: nothing is saved")]
    ReadOnly,
    /// No session has that id.
    #[error("no session '{0}'; 'dryrun list sessions' names them")]
    NoSession(String),
    /// There is no such sheet of the estimator.
    #[error("there is no sheet {path}; 'dryrun list sheets' names them", path = .0.display())]
    NoSheet(PathBuf),
    /// A file can't be understood. It was set aside if that was possible.
    #[error("{path} can't be read: {why}{aside}", path = path.display(), aside = aside_words(aside.as_deref()))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
        /// Where it was put.
        aside: Option<PathBuf>,
    },
    /// A file was written by a later version.
    #[error("{path} has format {found}; this dryrun reads up to format {known}: use a newer one", path = path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// The version it names.
        found: i64,
        /// The newest version known.
        known: i64,
    },
    /// There is a file already.
    #[error("{path} exists; use --force to replace it", path = .0.display())]
    Exists(PathBuf),
    /// The system names no folder for the user's files.
    #[error("there is no home folder; set DRYRUN_HOME to a folder for dryrun's files")]
    NoHome,
}

impl StoreError {
    /// The failure of `doing` something to `path`; for `map_err`.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |cause| Self::Io { doing, path, cause }
    }
}

fn pid_words(pid: Option<u32>) -> String {
    pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
}

fn aside_words(aside: Option<&Path>) -> String {
    aside.map(|path| format!("; it was set aside as {}", path.display())).unwrap_or_default()
}
