//! One box over the whole bank: results as one types, the page of the chosen one over whatever screen lies below.

mod view;

use std::sync::Arc;

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::Outcome;
use crate::content::{Bank, Hit, ItemKind};
use crate::tui::event::{Mouse, MouseKind};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, Keymap, bind};
use crate::tui::panes::reader::{Moved, Reader};
use crate::tui::widgets::{Input, List, ListAction, list_row_at};

/// What can be done with the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reads the chosen result.
    Read,
    /// Not now.
    Close,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// The keys while one searches.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "search",
    title: "Search",
    grip: Grip::CoversAndTypes,
    bindings: &[
        bind(Action::Read, "read", &[Chord::code(KeyCode::Enter)], "read", "Read the chosen result"),
        bind(Action::Close, "close", &[Chord::code(KeyCode::Esc), Chord::ctrl('f')], "close", "Close the search"),
        bind(Action::Up, "up", &[Chord::code(KeyCode::Up), Chord::code(KeyCode::BackTab)], "", "One row up"),
        bind(Action::Down, "down", &[Chord::code(KeyCode::Down), Chord::code(KeyCode::Tab)], "", "One row down"),
        bind(Action::PageUp, "page-up", &[Chord::code(KeyCode::PageUp)], "", "A page up"),
        bind(Action::PageDown, "page-down", &[Chord::code(KeyCode::PageDown)], "", "A page down"),
    ],
};

/// What can be done with a result that is read, besides what every page can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAction {
    /// Back to the results.
    Results,
    /// Back to the screen below.
    Close,
}

/// The keys while a result is read.
pub const PAGE_KEYS: KeyTable<PageAction> = KeyTable {
    id: "search-page",
    title: "Page found",
    grip: Grip::Covers,
    bindings: &[
        bind(PageAction::Results, "results", &[Chord::code(KeyCode::Esc)], "results", "Back to the results"),
        bind(
            PageAction::Close,
            "close",
            &[Chord::char('q'), Chord::ctrl('f')],
            "close",
            "Back to where the search began",
        ),
    ],
};

/// A search that is open.
#[derive(Clone, Debug)]
pub struct State {
    bank: Arc<Bank>,
    input: Input,
    hits: Vec<Hit>,
    list: List,
    reader: Reader,
    reading: bool,
    /// Whether a result is shown by the screen below, which is the library.
    leads: bool,
    /// What is not found: it stays shut while an interview goes on.
    closed: &'static [ItemKind],
    /// Whether something was typed before there was an index.
    waiting: bool,
}

/// Where everything is drawn.
struct Places {
    frame: Rect,
    input: Rect,
    list: Rect,
    preview: Rect,
}

impl State {
    /// A search over `bank` but for what is `closed`; with `leads`, a result is not read here but gone to.
    pub fn new(bank: Arc<Bank>, leads: bool, closed: &'static [ItemKind]) -> Self {
        Self {
            bank,
            input: Input::default(),
            hits: Vec::new(),
            list: List::default(),
            reader: Reader::closed(closed),
            reading: false,
            leads,
            closed,
            waiting: false,
        }
    }

    /// Finds what was typed; where the index is still being built, it is asked again once that is there.
    pub fn find(&mut self) {
        self.list = List::default();
        let index = self.bank.index_at_hand();
        self.waiting = index.is_none();
        self.hits = index.map(|index| index.search(self.input.text())).unwrap_or_default();
        self.hits.retain(|hit| !self.closed.contains(&hit.kind));
    }

    /// Its keys, the nearest first.
    pub fn sections(&self, keymap: &Keymap) -> Vec<KeySection> {
        if self.reading {
            let mut sections = vec![PAGE_KEYS.section(keymap)];
            sections.extend(Reader::sections(keymap));
            return sections;
        }
        vec![KEYS.section(keymap), Input::KEYS.section(keymap)]
    }

    pub(super) fn key(&mut self, chord: Chord, keymap: &Keymap, area: Rect) -> Outcome {
        if self.reading {
            return self.key_on_page(chord, keymap, area);
        }
        let step = match KEYS.find(keymap, chord) {
            Some(Action::Close) => return Outcome::Close,
            Some(Action::Read) => return self.read(),
            Some(Action::Up) => ListAction::Up,
            Some(Action::Down) => ListAction::Down,
            Some(Action::PageUp) => ListAction::PageUp,
            Some(Action::PageDown) => ListAction::PageDown,
            None if self.input.key(keymap, chord) => {
                self.find();
                return Outcome::Stay;
            }
            None => return Outcome::Ignored,
        };
        self.list.act(step, self.hits.len(), usize::from(layout(area).list.height));
        Outcome::Stay
    }

    fn key_on_page(&mut self, chord: Chord, keymap: &Keymap, area: Rect) -> Outcome {
        match PAGE_KEYS.find(keymap, chord) {
            Some(PageAction::Results) => self.reading = false,
            Some(PageAction::Close) => return Outcome::Close,
            None => {
                let moved = self.reader.key(chord, keymap, &self.bank, page_area(area));
                let outcome = moved.map_or(Outcome::Ignored, |moved| self.moved(moved, area));
                self.reader.prepare(page_area(area));
                return outcome;
            }
        }
        Outcome::Stay
    }

    fn moved(&mut self, moved: Moved, area: Rect) -> Outcome {
        let rows = usize::from(layout(area).list.height);
        match moved {
            Moved::Here(requests) if requests.is_empty() => {}
            Moved::Here(requests) => return Outcome::Ask(requests),
            Moved::Out => self.reading = false,
            Moved::Next => {
                self.list.act(ListAction::Down, self.hits.len(), rows);
                return self.read();
            }
            Moved::Previous => {
                self.list.act(ListAction::Up, self.hits.len(), rows);
                return self.read();
            }
        }
        Outcome::Stay
    }

    fn read(&mut self) -> Outcome {
        let Some(hit) = self.hits.get(self.list.selected) else { return Outcome::Stay };
        if self.leads {
            return Outcome::Read(hit.id.clone());
        }
        self.reading = self.reader.open(&self.bank, &hit.id);
        Outcome::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        if !self.reading {
            self.input.insert(text);
            self.find();
        }
    }

    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect) -> Outcome {
        if self.reading {
            let moved = self.reader.mouse(mouse, &self.bank, page_area(area));
            return self.moved(moved, area);
        }
        let rows = layout(area).list;
        let (len, visible) = (self.hits.len(), usize::from(rows.height));
        match mouse.kind {
            MouseKind::WheelUp => self.list.act(ListAction::Up, len, visible),
            MouseKind::WheelDown => self.list.act(ListAction::Down, len, visible),
            MouseKind::Click => match list_row_at(rows, &self.list, len, mouse.at.y) {
                Some(row) => {
                    self.list.selected = row;
                    return self.read();
                }
                None if !layout(area).frame.contains(mouse.at) => return Outcome::Close,
                None => {}
            },
            MouseKind::Drag => {}
        }
        Outcome::Stay
    }
}

/// The box of the results: as wide as titles need, and nearly as tall as the screen.
fn layout(area: Rect) -> Places {
    let frame = super::centred(area, 96, area.height);
    let inner = Rect {
        x: frame.x + 2.min(frame.width),
        y: frame.y + 1.min(frame.height),
        width: frame.width.saturating_sub(4),
        height: frame.height.saturating_sub(2),
    };
    let preview_rows = if inner.height >= 14 { 4 } else { 0 };
    let above = 2.min(inner.height);
    let list_rows = inner.height - above - preview_rows.min(inner.height - above);
    Places {
        frame,
        input: Rect { height: inner.height.min(1), ..inner },
        list: Rect { y: inner.y + above, height: list_rows, ..inner },
        preview: Rect { y: inner.y + above + list_rows, height: preview_rows, ..inner },
    }
}

/// Where a page is drawn: below the rule with its title.
fn page_area(area: Rect) -> Rect {
    Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area }
}
