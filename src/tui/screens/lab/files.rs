//! Files of the lab: a design is opened, saved, written in one's own editor, taken to compare with.

use std::path::{Path, PathBuf};

use super::State;
use crate::design::compile;
use crate::source::Severity;
use crate::tui::context::Context;
use crate::tui::effect::{Confirm, Destination, Effect, Notice, Prompt, Purpose, Request};
use crate::tui::event::{Done, WriteFailure};

impl State {
    /// What the design is called.
    pub(super) fn title(&self) -> String {
        self.path.as_ref().map_or_else(|| "untitled".to_owned(), |path| path.display().to_string())
    }

    pub(super) fn save(&mut self, ctx: &Context<'_>) -> Request {
        match self.path.clone() {
            Some(path) => self.write(path, true),
            None => self.save_as(ctx),
        }
    }

    fn write(&mut self, path: PathBuf, force: bool) -> Request {
        let text = self.bench.text();
        self.writing = Some(text.clone());
        Request::Do(Effect::Write { path, text, force })
    }

    pub(super) fn save_as(&self, ctx: &Context<'_>) -> Request {
        let path = self.path.clone().unwrap_or_else(|| ctx.paths.designs().join("untitled.dry"));
        prompt(Purpose::SaveAs, "Save as", &path, "A design is a text file; .dry by custom.")
    }

    pub(super) fn open(&self, ctx: &Context<'_>) -> Request {
        prompt(Purpose::Open, "Open a design", &self.folder(ctx), "The file's path. A new file begins empty.")
    }

    pub(super) fn ask_for_a_file_to_compare(&self, ctx: &Context<'_>) -> Request {
        let advice = "The file's path. Its design is run as it is there; the text here stays.";
        prompt(Purpose::Compare, "Compare with a design", &self.folder(ctx), advice)
    }

    /// The folder of the design, or of all designs, ready for a name to be added.
    fn folder(&self, ctx: &Context<'_>) -> PathBuf {
        let folder = self.path.as_ref().and_then(|path| path.parent()).map(Path::to_owned);
        folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| ctx.paths.designs()).join("")
    }

    /// Takes the answer to a prompt.
    pub fn answered(&mut self, purpose: &Purpose, text: &str, ctx: &Context<'_>) -> Vec<Request> {
        match purpose {
            Purpose::SaveAs => vec![self.write(PathBuf::from(text), false)],
            Purpose::Overwrite(path) => vec![self.write(path.clone(), true)],
            Purpose::Open => {
                let go = Request::Go(Destination::Lab(Some(PathBuf::from(text))));
                if self.unsaved() { vec![discard(go)] } else { vec![go] }
            }
            Purpose::Compare => {
                let path = PathBuf::from(text);
                self.comparing = Some(path.clone());
                vec![Request::Do(Effect::Read(path))]
            }
            Purpose::Fault => self.strike(text, ctx),
            Purpose::Discard(request) => vec![(**request).clone()],
            _ => Vec::new(),
        }
    }

    pub(super) fn done(&mut self, done: &Done, ctx: &Context<'_>) -> Vec<Request> {
        match done {
            Done::Read { path, result } if self.comparing.take_if(|asked| asked == path).is_some() => {
                vec![self.read_to_compare(path, result, ctx)]
            }
            Done::Read { path, result } => self.read(path, result, ctx),
            Done::RecordingRead { path, result } => {
                self.recording_read(path, result, ctx);
                Vec::new()
            }
            Done::Written { path, result } => self.written(path, result),
            Done::Edited(Ok(text)) => {
                self.bench.set_text(text, ctx);
                Vec::new()
            }
            Done::Edited(Err(why)) => vec![Request::Notify(Notice::bad(why.clone()))],
            _ => Vec::new(),
        }
    }

    fn read(&mut self, path: &Path, result: &Result<Option<String>, String>, ctx: &Context<'_>) -> Vec<Request> {
        match result {
            Ok(Some(text)) => {
                self.bench.set_text(text, ctx);
                self.bench.design.editor.go_to_line(0);
                self.kept = self.bench.text();
                self.path = Some(path.to_owned());
                Vec::new()
            }
            Ok(None) => vec![Request::Notify(Notice::plain(format!("{} is a new file", path.display())))],
            Err(why) => {
                self.path = None;
                vec![Request::Notify(Notice::bad(why.clone()))]
            }
        }
    }

    fn read_to_compare(&mut self, path: &Path, result: &Result<Option<String>, String>, ctx: &Context<'_>) -> Request {
        let bad = |why: String| Request::Notify(Notice::bad(why));
        let text = match result {
            Ok(Some(text)) => text,
            Ok(None) => return bad(format!("there is no file {}", path.display())),
            Err(why) => return bad(why.clone()),
        };
        let compiled = compile(text, ctx.bank.catalogue());
        let wrong = compiled.diagnostics.iter().find(|found| found.severity == Severity::Error);
        match wrong {
            Some(found) => bad(format!("{}: {}", path.display(), found.message)),
            None if compiled.design.flows.is_empty() => bad(format!("{}: there is no flow to run", path.display())),
            None => self.run_to_compare(path.display().to_string(), compiled.design, ctx),
        }
    }

    fn written(&mut self, path: &Path, result: &Result<(), WriteFailure>) -> Vec<Request> {
        match result {
            Ok(()) => {
                self.path = Some(path.to_owned());
                if let Some(text) = self.writing.take() {
                    self.kept = text;
                }
                let told = Request::Notify(Notice::good(format!("saved {}", path.display())));
                vec![told, Request::Remember(path.to_owned())]
            }
            Err(WriteFailure::Exists) => vec![Request::Confirm(Box::new(Confirm {
                purpose: Purpose::Overwrite(path.to_owned()),
                question: format!("{} exists. Replace it?", path.display()),
                yes: "replace",
            }))],
            Err(WriteFailure::Other(why)) => vec![Request::Notify(Notice::bad(why.clone()))],
        }
    }
}

fn prompt(purpose: Purpose, title: &str, path: &Path, advice: &str) -> Request {
    Request::Prompt(Box::new(Prompt {
        purpose,
        title: title.to_owned(),
        advice: advice.to_owned(),
        text: path.display().to_string(),
        log: Vec::new(),
        stays: false,
        skips: false,
    }))
}

/// Asks before the design is dropped for what `request` does.
pub(super) fn discard(request: Request) -> Request {
    Request::Confirm(Box::new(Confirm {
        purpose: Purpose::Discard(Box::new(request)),
        question: "The design has changes that are not saved. Drop them?".to_owned(),
        yes: "drop them",
    }))
}
