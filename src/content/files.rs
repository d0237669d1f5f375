//! The bank's files: embedded, and overlaid by those in a folder of the user's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rust_embed::RustEmbed;

/// Files larger than this are no part of a bank.
const LARGEST: u64 = 4 << 20;
/// A folder with more files than this is not read further.
const MOST_FILES: usize = 20_000;

#[derive(RustEmbed)]
#[folder = "content"]
#[prefix = "content/"]
struct EmbeddedContent;

#[derive(RustEmbed)]
#[folder = "problems"]
#[prefix = "problems/"]
struct EmbeddedProblems;

#[derive(RustEmbed)]
#[folder = "themes"]
#[prefix = "themes/"]
struct EmbeddedThemes;

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFile {
    /// Path as shown to a person: relative for an embedded file, whole for one on disk.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
}

/// Where the bank's files come from.
#[derive(Clone, Debug, Default)]
pub struct Files {
    embedded: bool,
    folders: Vec<PathBuf>,
}

impl Files {
    /// The embedded bank, overlaid by `folders`, the last of which wins. A folder that does not exist is an empty one.
    pub fn embedded(folders: Vec<PathBuf>) -> Self {
        Self { embedded: true, folders }
    }

    /// Only what is in `folders`.
    pub fn only(folders: Vec<PathBuf>) -> Self {
        Self { embedded: false, folders }
    }

    /// The folders that overlay the embedded files.
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The files below `place` (for example `content/questions/`) by their path in the bank, and the names of those that could not be read,
    /// with the reason.
    pub fn below(&self, place: &str) -> (BTreeMap<String, TextFile>, Vec<(String, String)>) {
        let mut files = BTreeMap::new();
        let mut unread = Vec::new();
        if self.embedded {
            let names = EmbeddedContent::iter().chain(EmbeddedProblems::iter()).chain(EmbeddedThemes::iter());
            for name in names.filter(|name| name.starts_with(place)) {
                if let Some(text) = embedded_text(&name) {
                    files.insert(name.to_string(), TextFile { path: name.into_owned(), text });
                }
            }
        }
        for folder in &self.folders {
            let start = folder.join(place);
            for (path, name) in walk(&start, place) {
                match read(&path) {
                    Ok(text) => {
                        let file = TextFile { path: path.display().to_string(), text: text.into() };
                        files.insert(name, file);
                    }
                    Err(why) => unread.push((path.display().to_string(), why)),
                }
            }
        }
        (files, unread)
    }

    /// Every version of one file by its path in the bank, the embedded one first and the one that wins last; and the paths of those that
    /// could not be read, with the reason.
    pub fn layers(&self, name: &str) -> (Vec<TextFile>, Vec<(String, String)>) {
        let embedded = self.embedded.then(|| embedded_text(name)).flatten();
        let mut files: Vec<TextFile> =
            embedded.into_iter().map(|text| TextFile { path: name.to_owned(), text }).collect();
        let mut unread = Vec::new();
        for folder in &self.folders {
            let path = folder.join(name);
            match read(&path) {
                Ok(text) => files.push(TextFile { path: path.display().to_string(), text: text.into() }),
                Err(why) if path.symlink_metadata().is_ok() => unread.push((path.display().to_string(), why)),
                Err(_) => {}
            }
        }
        (files, unread)
    }

    /// How far up a file lies: 0 is the embedded bank, the first folder over it is 1.
    pub fn layer(&self, file: &TextFile) -> usize {
        let path = Path::new(&file.path);
        self.folders.iter().rposition(|folder| path.starts_with(folder)).map_or(0, |at| at + 1)
    }

    /// The files below `content/` in the folders, by their path in the bank, with their whole path.
    pub fn overlaid_content(&self) -> Vec<(PathBuf, String)> {
        self.folders.iter().flat_map(|folder| walk(&folder.join("content/"), "content/")).collect()
    }

    /// One file by its path in the bank.
    pub fn file(&self, name: &str) -> Option<TextFile> {
        let overlaid = self.folders.iter().rev().find_map(|folder| {
            let path = folder.join(name);
            let text = read(&path).ok()?;
            Some(TextFile { path: path.display().to_string(), text: text.into() })
        });
        let embedded = || {
            let text = self.embedded.then(|| embedded_text(name)).flatten()?;
            Some(TextFile { path: name.to_owned(), text })
        };
        overlaid.or_else(embedded)
    }
}

fn embedded_text(name: &str) -> Option<Arc<str>> {
    let file =
        EmbeddedContent::get(name).or_else(|| EmbeddedProblems::get(name)).or_else(|| EmbeddedThemes::get(name))?;
    Some(String::from_utf8_lossy(&file.data).into())
}

fn read(path: &Path) -> Result<String, String> {
    let metadata = std::fs::symlink_metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("not a plain file".to_owned());
    }
    if metadata.len() > LARGEST {
        return Err(format!("larger than {LARGEST} bytes"));
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "not UTF-8 text".to_owned())
}

/// Every file of a bank below `folder`, with its path in the bank; links are not followed.
fn walk(folder: &Path, place: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut waiting = vec![(folder.to_path_buf(), place.to_owned())];
    while let Some((folder, prefix)) = waiting.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(kind) = entry.file_type() else { continue };
            let joined = if prefix.is_empty() || prefix.ends_with('/') {
                format!("{prefix}{name}")
            } else {
                format!("{prefix}/{name}")
            };
            let known = Path::new(&name).extension().is_some_and(|end| end == "md" || end == "toml" || end == "dry");
            if kind.is_dir() {
                waiting.push((entry.path(), format!("{joined}/")));
            } else if known && found.len() < MOST_FILES {
                found.push((entry.path(), joined));
            }
        }
    }
    found
}
