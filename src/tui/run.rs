//! The program in a terminal: one loop that draws, waits at most 33 ms, updates and performs.

mod clipboard;
mod disk;
mod editor;
mod input;
mod signals;
mod terminal;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context as _;

pub use disk::{Disk, DiskThread};
pub use input::Input;
pub use signals::Signals;
pub use terminal::Terminal;

use super::app::{App, Display, Parts, Start};
use super::effect::Effect;
use super::event::{Done, Event, What};
use super::studies::Studies;
use super::theme::Depth;
use super::worker::Worker;
use crate::clock::Timestamp;
use crate::content::Bank;
use crate::store::{Access, Store};

/// The longest wait for the terminal: what the simulator and the disk have to say is heard as often.
const WAIT: Duration = Duration::from_millis(33);

/// What the program is started with.
#[derive(Debug)]
pub struct Launch {
    /// Problems, framework, catalogue, themes.
    pub bank: Bank,
    /// The user's files. One opened only to read is told to the user, and nothing is saved.
    pub store: Store,
    /// Where to begin.
    pub start: Start,
}

/// What there is to say when the program has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExitReport {
    /// Files and folders that hold what was saved.
    pub saved: Vec<PathBuf>,
    /// What could not be saved, and why.
    pub failures: Vec<String>,
}

/// Runs the program in the terminal until the user leaves.
///
/// The terminal is restored on every way out: leaving, an error, a panic, SIGTERM and SIGHUP.
///
/// # Errors
/// If standard input and output are no terminal, or it can't be drawn on.
pub fn run(launch: Launch) -> anyhow::Result<ExitReport> {
    let signals = Signals::register().context("signals can't be caught")?;
    let mut terminal = Terminal::enter().context("the terminal can't be used")?;
    let (app, disk, effects) = open(launch, &terminal)?;
    let input = Input::start().context("the terminal can't be read")?;
    let (worker, studies) = (Worker::new(), Studies::new());
    let mut machine =
        Machine { app, disk, worker, studies, indexing: None, input, signals, failures: Vec::new(), ended: false };
    machine.draw(&mut terminal)?;
    machine.perform(effects, &mut terminal);
    // From here on the first search is no slower than the others, and the first frame was not held up by it.
    machine.index();
    let looped = machine.go_round(&mut terminal);
    let Machine { app, disk, worker, studies, mut failures, .. } = machine;
    drop((worker, studies));
    terminal.leave();
    failures.extend(disk.finish().into_iter().filter_map(failure));
    looped?;
    Ok(ExitReport { saved: app.saved().to_vec(), failures })
}

fn open(launch: Launch, terminal: &Terminal) -> anyhow::Result<(App, DiskThread, Vec<Effect>)> {
    let Launch { bank, store, start } = launch;
    let mut warnings = Vec::new();
    if store.access() == Access::Read {
        warnings.push("another dryrun is open: nothing is saved in this one".to_owned());
    }
    let settings = match store.settings() {
        Ok((settings, found)) => {
            warnings.extend(found);
            settings
        }
        Err(why) => {
            warnings.push(why.to_string());
            crate::store::Settings::default()
        }
    };
    let variable = |name: &str| std::env::var(name).ok();
    let display = Display { depth: Depth::detect(variable), ascii: !speaks_unicode(variable) };
    let size = terminal.size()?;
    let paths = store.paths().clone();
    let parts = Parts { bank: Arc::new(bank), paths, settings, display, size, warnings };
    let (app, effects) = App::new(parts, start, now());
    Ok((app, DiskThread::start(Disk::new(store)), effects))
}

/// Whether the locale is one of Unicode; one that says nothing is taken to be.
fn speaks_unicode(variable: impl Fn(&str) -> Option<String>) -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// The moment, by the system's clock.
#[allow(clippy::disallowed_methods, reason = "this is where events get their moment")]
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Everything that moves.
struct Machine {
    app: App,
    disk: DiskThread,
    worker: Worker,
    studies: Studies,
    /// The thread that builds the search's index, until it is done.
    indexing: Option<JoinHandle<()>>,
    input: Input,
    signals: Signals,
    failures: Vec<String>,
    ended: bool,
}

impl Machine {
    fn go_round(&mut self, terminal: &mut Terminal) -> anyhow::Result<()> {
        while !self.ended {
            if self.app.take_dirty()
                && let Err(error) = self.draw(terminal)
            {
                // Nobody sees anything any more: what can be saved is.
                self.take_in(What::Terminate, terminal);
                return if self.signals.hung_up() { Ok(()) } else { Err(error) };
            }
            let typed = self.input.wait(WAIT);
            let ended = typed.is_err();
            for what in typed.unwrap_or_default() {
                self.take_in(what, terminal);
            }
            self.take_in_signals(terminal);
            while let Some(done) = self.disk.done() {
                self.take_in(What::Done(done), terminal);
            }
            if let Some(news) = self.worker.news() {
                self.take_in(news, terminal);
            }
            while let Some(found) = self.studies.found() {
                self.take_in(found, terminal);
            }
            if self.indexing.take_if(|thread| thread.is_finished()).is_some() {
                self.take_in(What::Done(Done::Indexed), terminal);
            }
            self.take_in(What::Tick, terminal);
            if ended && !self.ended {
                // Nothing will ever be typed again: the terminal is gone.
                self.take_in(What::Terminate, terminal);
            }
        }
        Ok(())
    }

    fn draw(&self, terminal: &mut Terminal) -> anyhow::Result<()> {
        terminal.draw(|buf| self.app.draw(buf)).context("the terminal can't be drawn on")
    }

    fn take_in(&mut self, what: What, terminal: &mut Terminal) {
        if self.ended {
            return;
        }
        let effects = self.app.update(&Event { now: now(), what });
        self.perform(effects, terminal);
    }

    fn take_in_signals(&mut self, terminal: &mut Terminal) {
        if self.signals.stopping() {
            self.suspend(terminal);
        }
        if self.signals.continued() {
            self.come_back(terminal);
        }
        if self.signals.ending() {
            self.take_in(What::Terminate, terminal);
        }
    }

    fn perform(&mut self, effects: Vec<Effect>, terminal: &mut Terminal) {
        for effect in effects {
            match effect {
                Effect::Simulate(job) => self.worker.run(job),
                Effect::StopSimulation => self.worker.stop(),
                Effect::Steer(run, order) => self.worker.steer(run, order),
                Effect::Study(study) => self.studies.ask(study),
                Effect::StopStudies => self.studies.stop(),
                Effect::Copy(text) => {
                    if let Err(why) = clipboard::copy(&text) {
                        self.failures.push(why);
                    }
                }
                Effect::Edit { text, ending } => self.edit(&text, ending, terminal),
                Effect::Mouse(on) => terminal.mouse(on),
                Effect::Index => self.index(),
                Effect::Suspend => self.suspend(terminal),
                Effect::Quit => self.ended = true,
                effect => self.disk.perform(effect, now()),
            }
        }
    }

    /// Builds the search's index beside everything else; a program that ends meanwhile doesn't wait for it.
    fn index(&mut self) {
        if self.indexing.is_none() && self.app.bank().index_at_hand().is_none() {
            let bank = Arc::clone(self.app.bank());
            self.indexing =
                std::thread::Builder::new().name("index".to_owned()).spawn(move || bank.prepare_search()).ok();
        }
    }

    fn edit(&mut self, text: &str, ending: &str, terminal: &mut Terminal) {
        terminal.leave();
        let edited = self.input.stand_aside(|| editor::edit(text, ending));
        self.come_back(terminal);
        self.take_in(What::Done(Done::Edited(edited)), terminal);
    }

    fn suspend(&mut self, terminal: &mut Terminal) {
        terminal.leave();
        self.input.stand_aside(signals::stop_this_process);
        self.come_back(terminal);
        self.take_in(What::Done(Done::Resumed), terminal);
    }

    /// Takes the terminal again, whatever was done to it meanwhile.
    fn come_back(&mut self, terminal: &mut Terminal) {
        if let Err(error) = terminal.enter_again() {
            tracing::error!("the terminal can't be used any more: {error}");
            self.take_in(What::Terminate, terminal);
            return;
        }
        if let Ok((width, height)) = terminal.size() {
            self.take_in(What::Resize(width, height), terminal);
        }
        // The other screen comes back empty, and nothing in the state may have changed.
        if let Err(error) = self.draw(terminal) {
            tracing::error!("the screen can't be drawn again: {error}");
        }
    }
}

/// What a late answer of the disk says went wrong.
fn failure(done: Done) -> Option<String> {
    match done {
        Done::Created(Err(why)) | Done::Saved(Err(why)) => Some(format!("the session was not saved: {why}")),
        Done::SheetSaved(_, Err(why)) => Some(format!("the sheet was not saved: {why}")),
        Done::Written { path, result: Err(_) } => Some(format!("{} was not written", path.display())),
        Done::Reviewed(_, Err(why)) => Some(format!("the last grade was not saved: {why}")),
        Done::DeckSaved(Err(why))
        | Done::Drilled(Err(why))
        | Done::MissesKept(Err(why))
        | Done::SettingsSaved(Err(why)) => Some(why),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn unicode(variables: &[(&str, &str)], expected: bool) {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|&(_, value)| value.to_owned());
        assert_eq!(speaks_unicode(variable), expected);
    }

    #[test]
    fn the_locale_decides_between_unicode_and_ascii() {
        unicode(&[], true);
        unicode(&[("LANG", "en_GB.UTF-8")], true);
        unicode(&[("LANG", "C")], false);
        unicode(&[("LC_ALL", "C"), ("LANG", "en_GB.UTF-8")], false);
        unicode(&[("LC_ALL", ""), ("LANG", "C.utf8")], true);
    }
}
