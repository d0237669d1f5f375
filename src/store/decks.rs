//! The user's own decks: Markdown files in the folder `decks`, written and read by people as well.

use std::path::{Path, PathBuf};

use super::{StoreError, disk};

/// A deck's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeckFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Larger files are no decks.
const LARGEST: u64 = 4 << 20;

/// All decks of `folder` by name, and a warning for each file that can't be read.
pub(super) fn load(folder: &Path) -> Result<(Vec<DeckFile>, Vec<String>), StoreError> {
    let (mut decks, mut warnings) = (Vec::new(), Vec::new());
    for path in disk::entries(folder)? {
        let is_deck = path.extension().is_some_and(|ending| ending == "md") && path.is_file();
        if !is_deck {
            continue;
        }
        if path.metadata().is_ok_and(|metadata| metadata.len() > LARGEST) {
            warnings.push(format!("{}: larger than {LARGEST} bytes and not read", path.display()));
            continue;
        }
        match disk::read(&path)?.map(String::from_utf8) {
            Some(Ok(text)) => decks.push(DeckFile { path, text }),
            Some(Err(_)) => warnings.push(format!("{}: not UTF-8 text", path.display())),
            None => {}
        }
    }
    Ok((decks, warnings))
}

/// The file of a deck; `None` if `stem` is no name of a file.
pub(super) fn path(folder: &Path, stem: &str) -> Option<PathBuf> {
    let sound = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.');
    let name = !stem.is_empty() && !stem.starts_with('.') && stem.chars().all(sound);
    name.then(|| folder.join(format!("{stem}.md")))
}
