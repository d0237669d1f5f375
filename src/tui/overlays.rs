//! What lies over a screen for a moment and takes the keys: help, palette, search, prompt, confirmation. A closed set.

pub mod confirm;
pub mod help;
pub mod palette;
pub mod prompt;
pub mod search;

use std::sync::Arc;

use ratatui::layout::Rect;

use super::effect::{Confirm, Prompt, Purpose, Request};
use super::event::Mouse;
use super::keymap::{Chord, KeySection, Keymap};
use super::widgets::Canvas;
use crate::content::{Bank, ItemKind};

/// An overlay.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// Every key that works here.
    Help(help::State),
    /// Every action that can be done here, by name.
    Palette(palette::State),
    /// One box over the whole bank.
    Search(Box<search::State>),
    /// A line to be typed.
    Prompt(prompt::State),
    /// A question before something is lost.
    Confirm(confirm::State),
}

/// What a key did to an overlay.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It means nothing here.
    Ignored,
    /// It stays.
    Stay,
    /// It goes.
    Close,
    /// It goes, and this action is to be done: table and name.
    Perform(&'static str, &'static str),
    /// A line was typed; the overlay goes unless the prompt stays.
    Answer(Purpose, String),
    /// A yes; the overlay goes.
    Yes(Purpose),
    /// It stays, and asks for this.
    Ask(Vec<Request>),
    /// It goes, and the library shows the page with that id.
    Read(String),
}

impl Overlay {
    /// Help over these tables.
    pub fn help(sections: &[KeySection]) -> Self {
        Self::Help(help::State::new(sections))
    }

    /// A palette of the actions of these tables.
    pub fn palette(sections: &[KeySection]) -> Self {
        Self::Palette(palette::State::new(sections))
    }

    /// A search over the bank but for the `closed` kinds; with `leads`, results are shown by the library below.
    pub fn search(bank: Arc<Bank>, leads: bool, closed: &'static [ItemKind]) -> Self {
        Self::Search(Box::new(search::State::new(bank, leads, closed)))
    }

    /// A prompt.
    pub fn prompt(prompt: Prompt) -> Self {
        Self::Prompt(prompt::State::new(prompt))
    }

    /// A confirmation.
    pub fn confirm(confirm: Confirm) -> Self {
        Self::Confirm(confirm::State { confirm })
    }

    /// Takes a key, drawn in `area`.
    pub fn key(&mut self, chord: Chord, keymap: &Keymap, area: Rect) -> Outcome {
        match self {
            Self::Help(state) => state.key(chord, keymap, area),
            Self::Palette(state) => state.key(chord, keymap, area),
            Self::Search(state) => state.key(chord, keymap, area),
            Self::Prompt(state) => state.key(chord, keymap),
            Self::Confirm(state) => state.key(chord, keymap),
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        match self {
            Self::Help(state) => state.paste(text),
            Self::Palette(state) => state.paste(text),
            Self::Search(state) => state.paste(text),
            Self::Prompt(state) => state.paste(text),
            Self::Confirm(_) => {}
        }
    }

    /// Takes the mouse.
    pub fn mouse(&mut self, mouse: Mouse, area: Rect) -> Outcome {
        match self {
            Self::Help(state) => state.mouse(mouse, area),
            Self::Palette(state) => state.mouse(mouse, area),
            Self::Search(state) => state.mouse(mouse, area),
            Self::Prompt(_) | Self::Confirm(_) => Outcome::Stay,
        }
    }

    /// Its keys, the nearest first.
    pub fn sections(&self, keymap: &Keymap) -> Vec<KeySection> {
        match self {
            Self::Help(_) => help::sections(keymap),
            Self::Palette(_) => palette::sections(keymap),
            Self::Search(state) => state.sections(keymap),
            Self::Prompt(_) => prompt::sections(keymap),
            Self::Confirm(_) => confirm::sections(keymap),
        }
    }

    /// Draws it over `area`.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        match self {
            Self::Help(state) => state.draw(canvas, area),
            Self::Palette(state) => state.draw(canvas, area),
            Self::Search(state) => state.draw(canvas, area),
            Self::Prompt(state) => state.draw(canvas, area),
            Self::Confirm(state) => state.draw(canvas, area),
        }
    }
}

/// A box of at most `width` by `height` in the middle of `area`, a little above it.
fn centred(area: Rect, width: u16, height: u16) -> Rect {
    // A few cells of the screen at its sides would only disturb.
    let width = if area.width < width + 8 { area.width } else { width };
    let height = height.min(area.height);
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 3;
    Rect { x, y, width, height }
}
