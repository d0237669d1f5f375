//! The app: which screen is shown, what lies over it, and where each event goes.
//!
//! Keys go overlay -> focused pane -> screen -> global. Update returns effects and draws nothing; the view reads the state and changes
//! nothing.

mod key_page;
mod keys;
mod requests;
mod view;

use std::path::PathBuf;
use std::sync::Arc;

use ratatui::layout::Rect;

pub use key_page::key_page;
pub use keys::{Action, KEYS, tables};

use super::context::Context;
use super::effect::{Destination, Effect, Notice, Request};
use super::event::{Done, Event, What};
use super::keymap::{Chord, KeySection, Keymap};
use super::overlays::{Outcome, Overlay};
use super::screens::{Screen, home};
use super::theme::{Depth, Theme};
use crate::cards::{Mode, Scope};
use crate::clock::{Elapsed, Timestamp};
use crate::content::Bank;
use crate::interview::Setup;
use crate::store::{Listing, Paths, Settings};

/// How long a notice stands.
const NOTICE_STANDS: Elapsed = Elapsed::seconds(6);
/// How often a frame is drawn when nothing happens: clocks show seconds.
const IDLE_FRAME: i64 = 250;

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Display {
    /// How many colours.
    pub depth: Depth,
    /// Whether only ASCII.
    pub ascii: bool,
}

/// Where the program begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Start {
    /// The first screen.
    #[default]
    Home,
    /// A new interview.
    Interview {
        /// Id of the problem.
        problem: String,
        /// Level and length.
        setup: Setup,
    },
    /// An interview that was begun: id of the session, or the last unfinished one.
    Resume(Option<String>),
    /// The design lab, with a file.
    Lab(Option<PathBuf>),
    /// The flashcards; with a scope, a session at once.
    Cards(Option<(Scope, Mode)>),
    /// The estimator.
    Estimate,
}

/// The whole of the terminal program's state.
#[derive(Debug)]
pub struct App {
    bank: Arc<Bank>,
    paths: Paths,
    settings: Settings,
    keymap: Keymap,
    listing: Option<Listing>,
    theme: Theme,
    display: Display,
    size: (u16, u16),
    screen: Screen,
    overlay: Option<Overlay>,
    notice: Option<(Notice, Timestamp)>,
    mouse: bool,
    /// The last unfinished session is to be opened once the sessions are listed.
    resume_last: bool,
    saved: Vec<PathBuf>,
    now: Timestamp,
    dirty: bool,
}

/// What the app is made of.
#[derive(Debug)]
pub struct Parts {
    /// Problems, framework, catalogue, themes.
    pub bank: Arc<Bank>,
    /// Where the user's files are.
    pub paths: Paths,
    /// What the user has chosen.
    pub settings: Settings,
    /// What the terminal can show.
    pub display: Display,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What there is to say first; the first of them is shown.
    pub warnings: Vec<String>,
}

impl App {
    /// The app at its start, and what is to be done first.
    pub fn new(parts: Parts, start: Start, now: Timestamp) -> (Self, Vec<Effect>) {
        let Parts { bank, paths, settings, display, size, warnings } = parts;
        let (keymap, wrong_keys) = Keymap::read(&settings.keys, &tables());
        let ctx = Context {
            now,
            bank: &bank,
            settings: &settings,
            keymap: &keymap,
            sessions: None,
            paths: &paths,
            area: Rect::default(),
        };
        let screen = Screen::Home(home::State::new(&ctx));
        let mut app = Self {
            theme: Theme::mono(display.ascii),
            mouse: true,
            resume_last: false,
            saved: Vec::new(),
            listing: None,
            overlay: None,
            notice: None,
            dirty: true,
            bank,
            paths,
            settings,
            keymap,
            display,
            size,
            screen,
            now,
        };
        app.load_theme();
        if let Some(warning) = warnings.iter().chain(&wrong_keys).next() {
            app.notice = Some((Notice::bad(warning.clone()), now));
        }
        let effects = app.begin(start);
        (app, effects)
    }

    /// Takes in an event; returns what is to be done outside.
    pub fn update(&mut self, event: &Event) -> Vec<Effect> {
        self.dirty |= event.what != What::Tick || self.now.0 / IDLE_FRAME != event.now.0 / IDLE_FRAME;
        self.now = event.now;
        if self.notice.as_ref().is_some_and(|(_, since)| event.now.since(*since) > NOTICE_STANDS) {
            self.notice = None;
        }
        let requests = match &event.what {
            What::Resize(width, height) => {
                self.size = (*width, *height);
                Vec::new()
            }
            What::Terminate => return self.quit(),
            What::Key(chord) => self.key(*chord, event),
            What::Paste(text) => match &mut self.overlay {
                Some(overlay) => {
                    overlay.paste(text);
                    Vec::new()
                }
                None => self.pass_on(event),
            },
            What::Mouse(mouse) => match &mut self.overlay {
                Some(overlay) => {
                    let area = content_area(self.size);
                    let outcome = overlay.mouse(*mouse, area);
                    self.after_overlay(outcome)
                }
                None => self.pass_on(event),
            },
            What::Done(done) => self.done(done, event),
            What::Tick | What::Progress(_) | What::Crashed(..) | What::Found(..) => self.pass_on(event),
        };
        self.serve(requests)
    }

    /// Whether there is something new to be drawn; asking forgets it.
    pub fn take_dirty(&mut self) -> bool {
        std::mem::take(&mut self.dirty)
    }

    /// The files to name when the program has ended.
    pub fn saved(&self) -> &[PathBuf] {
        &self.saved
    }

    /// The screen that is shown.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// What lies over it.
    pub fn overlay(&self) -> Option<&Overlay> {
        self.overlay.as_ref()
    }

    /// The bank.
    pub fn bank(&self) -> &Arc<Bank> {
        &self.bank
    }

    /// The theme in use.
    pub fn theme(&self) -> &Theme {
        &self.theme
    }

    fn pass_on(&mut self, event: &Event) -> Vec<Request> {
        let (screen, ctx) = self.parts();
        screen.update(event, &ctx)
    }

    fn key(&mut self, chord: Chord, event: &Event) -> Vec<Request> {
        if let Some(overlay) = &mut self.overlay {
            let outcome = overlay.key(chord, &self.keymap, content_area(self.size));
            if outcome == Outcome::Ignored && KEYS.find(&self.keymap, chord) == Some(Action::Interrupt) {
                return self.act(Action::Interrupt);
            }
            return self.after_overlay(outcome);
        }
        let typed = self.screen.takes_text() && chord.typed().is_some();
        let taken = || self.screen_sections().iter().any(|section| binds(section, chord));
        match KEYS.find(&self.keymap, chord) {
            Some(action) if !typed && !taken() => self.act(action),
            _ => self.pass_on(event),
        }
    }

    fn after_overlay(&mut self, outcome: Outcome) -> Vec<Request> {
        match outcome {
            Outcome::Ignored | Outcome::Stay => Vec::new(),
            Outcome::Close => {
                self.overlay = None;
                Vec::new()
            }
            Outcome::Perform(table, name) => {
                self.overlay = None;
                self.perform(table, name)
            }
            Outcome::Answer(purpose, text) => {
                self.overlay = None;
                let (screen, ctx) = self.parts();
                screen.answered(&purpose, &text, &ctx)
            }
            Outcome::Yes(purpose) => {
                self.overlay = None;
                self.confirmed(&purpose)
            }
            Outcome::Ask(requests) => requests,
            Outcome::Read(id) => {
                self.overlay = None;
                vec![Request::Go(Destination::Library(Some(id)))]
            }
        }
    }

    fn done(&mut self, done: &Done, event: &Event) -> Vec<Request> {
        match done {
            Done::Listed(Ok(listing)) => {
                self.listing = Some((**listing).clone());
                self.resume_if_asked()
            }
            Done::Indexed => {
                if let Some(Overlay::Search(search)) = &mut self.overlay {
                    search.find();
                }
                Vec::new()
            }
            Done::Opened(result) => self.opened(result),
            Done::Loaded(result) => Self::loaded(result),
            Done::Listed(Err(why)) | Done::SettingsSaved(Err(why)) => vec![Request::Notify(Notice::bad(why.clone()))],
            Done::SettingsSaved(Ok(_)) | Done::MissesKept(Ok(0)) => Vec::new(),
            Done::MissesKept(Ok(count)) => {
                let cards = if *count == 1 { "card" } else { "cards" };
                vec![Request::Notify(Notice::good(format!(
                    "what was missing is in the deck 'misses': {count} {cards}"
                )))]
            }
            Done::MissesKept(Err(why)) => {
                vec![Request::Notify(Notice::bad(format!("what was missing is not in your cards: {why}")))]
            }
            Done::Saved(Err(why)) if !matches!(self.screen, Screen::Interview(_)) => {
                vec![Request::Notify(Notice::bad(format!("the session was not saved: {why}")))]
            }
            Done::SheetSaved(_, Err(why)) if !matches!(self.screen, Screen::Estimate(_)) => {
                vec![Request::Notify(Notice::bad(format!("the sheet was not saved: {why}")))]
            }
            _ => self.pass_on(event),
        }
    }

    fn screen_sections(&self) -> Vec<KeySection> {
        self.screen.sections(&self.context())
    }

    /// The tables that are reachable now, the nearest first.
    pub fn sections(&self) -> Vec<KeySection> {
        let mut global = KEYS.section(&self.keymap);
        let mut sections = match &self.overlay {
            Some(overlay) => {
                // What lies over the screen takes the keys; of the others only the way out is left.
                global.entries.retain(|entry| entry.name == "interrupt");
                global.entries.iter_mut().for_each(|entry| entry.hint = "quit");
                overlay.sections(&self.keymap)
            }
            None => self.screen_sections(),
        };
        sections.push(global);
        sections
    }

    fn context(&self) -> Context<'_> {
        Context {
            now: self.now,
            bank: &self.bank,
            settings: &self.settings,
            keymap: &self.keymap,
            sessions: self.listing.as_ref(),
            paths: &self.paths,
            area: content_area(self.size),
        }
    }

    /// The screen to be changed, and the world around it to be looked at.
    fn parts(&mut self) -> (&mut Screen, Context<'_>) {
        let ctx = Context {
            now: self.now,
            bank: &self.bank,
            settings: &self.settings,
            keymap: &self.keymap,
            sessions: self.listing.as_ref(),
            paths: &self.paths,
            area: content_area(self.size),
        };
        (&mut self.screen, ctx)
    }
}

fn binds(section: &KeySection, chord: Chord) -> bool {
    section.entries.iter().any(|entry| entry.keys.contains(&chord))
}

/// The cells of the screen: all but the status line and the footer.
fn content_area((width, height): (u16, u16)) -> Rect {
    Rect::new(0, 0, width, height.saturating_sub(view::BELOW))
}
