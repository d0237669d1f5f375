//! Arrivals from files that the design names: asked for once, told at the design's text where something is wrong with them, and handed to
//! every run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::State;
use crate::design::{Design, Recording};
use crate::source::Diagnostic;
use crate::tui::context::Context;
use crate::tui::effect::{Effect, Request};

/// What is known of the files, by their names in the design.
#[derive(Clone, Debug, Default)]
pub(super) struct Recordings(BTreeMap<String, File>);

/// A file: where it is, and what it says or what is wrong with it; `None` while it is read.
#[derive(Clone, Debug)]
struct File {
    path: PathBuf,
    read: Option<Result<Arc<Recording>, String>>,
}

impl Recordings {
    /// Hands a design what is known.
    pub fn supply(&self, design: &mut Design) {
        for (name, file) in &self.0 {
            if let Some(Ok(recording)) = &file.read {
                design.supply(name, recording);
            }
        }
    }

    /// Takes in a file that was read; whether it was one that was asked for.
    fn take(&mut self, path: &Path, result: &Result<Arc<Recording>, String>) -> bool {
        let asked = self.0.values_mut().find(|file| file.path == path && file.read.is_none());
        let Some(file) = asked else { return false };
        file.read = Some(result.clone());
        true
    }
}

impl State {
    /// Asks for the files that the design names and that nobody has asked for, and says what is wrong with those that were read.
    pub(super) fn ask_for_recordings(&mut self) -> Vec<Request> {
        let wanted = self.bench.design.design().wanted_recordings();
        let folder = self.path.as_ref().and_then(|path| path.parent()).unwrap_or(Path::new("")).to_owned();
        let mut asked = Vec::new();
        for (file, _) in &wanted {
            let path = folder.join(file);
            if self.recordings.0.get(file).is_none_or(|known| known.path != path) {
                self.recordings.0.insert(file.clone(), File { path: path.clone(), read: None });
                asked.push(Request::Do(Effect::ReadRecording(path)));
            }
        }
        let wrong = wanted.iter().filter_map(|(file, span)| match self.recordings.0.get(file) {
            Some(File { read: Some(Err(why)), .. }) => Some(Diagnostic::warning(*span, why.clone())),
            _ => None,
        });
        let wrong: Vec<Diagnostic> = wrong.collect();
        self.bench.design.set_remarks(wrong);
        asked
    }

    /// Whether a file that the design names is being read: a run waits for it.
    pub(super) fn reads_recordings(&self) -> bool {
        let wanted = self.bench.design.design().wanted_recordings();
        wanted.iter().any(|(file, _)| self.recordings.0.get(file).is_none_or(|known| known.read.is_none()))
    }

    /// Takes in a file that was read: the design is run with it.
    pub(super) fn recording_read(&mut self, path: &Path, result: &Result<Arc<Recording>, String>, ctx: &Context<'_>) {
        if self.recordings.take(path, result) {
            self.bench.run.edited(ctx.now);
        }
    }

    /// A run was asked for: files may have changed since they were read.
    pub(super) fn forget_recordings(&mut self) {
        self.recordings = Recordings::default();
    }
}
