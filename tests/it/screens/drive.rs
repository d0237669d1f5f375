//! A driver: an app on a buffer, a store in a folder of its own, a clock that moves when the test says so.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dryrun::clock::Timestamp;
use dryrun::content::{Bank, Files};
use dryrun::sim;
use dryrun::store::{Access, Paths, Settings, Store};
use dryrun::tui::app::{App, Display, Parts};
use dryrun::tui::effect::{Effect, Pace};
use dryrun::tui::event::{Done, Event, Mouse, MouseKind, Snapshot, What};
use dryrun::tui::keymap::Chord;
use dryrun::tui::run::Disk;
use dryrun::tui::studies::answer;
use dryrun::tui::theme::Depth;
use dryrun::tui::{ExitReport, Start};
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::{Terminal, TerminalOptions, Viewport};

/// When every test begins: the first of March 2026, half past six in the evening.
pub const BEGIN: Timestamp = Timestamp(1_772_389_800_000);

pub struct Drive {
    pub app: App,
    pub now: Timestamp,
    pub copied: Vec<String>,
    pub ended: bool,
    /// Effects that are neither the disk's nor the simulator's, in the order they came.
    pub others: Vec<Effect>,
    disk: Disk,
    terminal: Terminal<TestBackend>,
    home: PathBuf,
    _folder: Option<tempfile::TempDir>,
}

pub fn display() -> Display {
    Display { depth: Depth::TrueColour, ascii: false }
}

impl Drive {
    /// The program in a fresh folder.
    pub fn new(width: u16, height: u16, start: Start) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().to_owned();
        let mut drive = Self::open(&home, width, height, start, display(), BEGIN);
        drive._folder = Some(folder);
        drive
    }

    /// The program in a folder that may have been used before.
    pub fn open(home: &Path, width: u16, height: u16, start: Start, display: Display, now: Timestamp) -> Self {
        let paths = Paths::under(home);
        let store = Store::open(paths.clone(), Access::Write).unwrap();
        let (settings, warnings) = store.settings().unwrap_or((Settings::default(), Vec::new()));
        let bank = Arc::new(Bank::new(Files::embedded(vec![home.to_owned()])));
        let parts = Parts { bank, paths, settings, display, size: (width, height), warnings };
        let (app, effects) = App::new(parts, start, now);
        let options = TerminalOptions { viewport: Viewport::Fullscreen };
        let terminal = Terminal::with_options(TestBackend::new(width, height), options).unwrap();
        let mut drive = Self {
            app,
            now,
            copied: Vec::new(),
            ended: false,
            others: Vec::new(),
            disk: Disk::new(store),
            terminal,
            home: home.to_owned(),
            _folder: None,
        };
        drive.perform(effects);
        drive
    }

    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Lets something happen now.
    pub fn happens(&mut self, what: What) {
        let effects = self.app.update(&Event { now: self.now, what });
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                // A paused run is one that orders are waited for.
                Effect::Simulate(job) if job.pace == Pace::Paused => self.others.push(Effect::Simulate(job)),
                Effect::Simulate(job) => {
                    let report = Box::new(sim::run(&job.design, &job.options));
                    self.happens(What::Progress(Snapshot { run: job.run, report }));
                }
                Effect::Study(study) => {
                    let mut found = Vec::new();
                    answer(&study, &|| true, &mut |finding| found.push(finding));
                    for finding in found {
                        self.happens(What::Found(study.id, Box::new(finding)));
                    }
                }
                Effect::Index => {
                    self.app.bank().prepare_search();
                    self.happens(What::Done(Done::Indexed));
                }
                Effect::Copy(text) => self.copied.push(text),
                Effect::Quit => self.ended = true,
                effect @ (Effect::Suspend
                | Effect::Mouse(_)
                | Effect::Edit { .. }
                | Effect::StopSimulation
                | Effect::Steer(..)
                | Effect::StopStudies) => {
                    self.others.push(effect);
                }
                effect => {
                    if let Some(done) = self.disk.perform(effect, self.now) {
                        self.happens(What::Done(done));
                    }
                }
            }
        }
    }

    /// Presses keys, named as in the settings file, parted by spaces.
    pub fn keys(&mut self, names: &str) -> &mut Self {
        for name in names.split_whitespace() {
            let chord = Chord::parse(name).unwrap_or_else(|| panic!("'{name}' is no key"));
            self.happens(What::Key(chord));
        }
        self
    }

    /// Types a text, a key a character, two hundred a minute.
    pub fn types(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            if c == '\n' {
                self.keys("enter");
            } else {
                self.happens(What::Key(Chord::char(c)));
            }
            self.waits(300);
        }
        self
    }

    pub fn pastes(&mut self, text: &str) -> &mut Self {
        self.happens(What::Paste(text.to_owned()));
        self
    }

    pub fn clicks(&mut self, x: u16, y: u16) -> &mut Self {
        self.happens(What::Mouse(Mouse { kind: MouseKind::Click, at: Position { x, y } }));
        self
    }

    /// Lets so many milliseconds go by, tick by tick.
    pub fn waits(&mut self, milliseconds: i64) -> &mut Self {
        let until = self.now.0 + milliseconds;
        while self.now.0 < until {
            self.now = Timestamp((self.now.0 + 100).min(until));
            self.happens(What::Tick);
        }
        self
    }

    pub fn resizes(&mut self, width: u16, height: u16) -> &mut Self {
        self.terminal.backend_mut().resize(width, height);
        self.happens(What::Resize(width, height));
        self
    }

    /// Draws a frame.
    pub fn draws(&mut self) -> Buffer {
        let app = &self.app;
        let drawn = self.terminal.draw(|frame| {
            if let Some(cursor) = app.draw(frame.buffer_mut()) {
                frame.set_cursor_position(cursor);
            }
        });
        drawn.unwrap().buffer.clone()
    }

    /// The frame as text, without the spaces at the ends of its lines.
    pub fn frame(&mut self) -> String {
        let buffer = self.draws();
        rows(&buffer).join("\n")
    }

    #[track_caller]
    pub fn sees(&mut self, text: &str) -> &mut Self {
        let frame = self.frame();
        assert!(frame.contains(text), "no '{text}' in\n{frame}");
        self
    }

    #[track_caller]
    pub fn misses(&mut self, text: &str) -> &mut Self {
        let frame = self.frame();
        assert!(!frame.contains(text), "'{text}' in\n{frame}");
        self
    }

    /// Hands back what a closed program would say.
    pub fn report(&self) -> ExitReport {
        ExitReport { saved: self.app.saved().to_vec(), failures: Vec::new() }
    }

    pub fn answers(&mut self, done: Done) -> &mut Self {
        self.happens(What::Done(done));
        self
    }
}

/// The lines of a frame.
pub fn rows(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    let row = |y| (area.left()..area.right()).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (area.top()..area.bottom()).map(|y| row(y).trim_end().to_owned()).collect()
}
