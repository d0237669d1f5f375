//! Every action that can be done here, by name.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Outcome, centred};
use crate::tui::event::{Mouse, MouseKind};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, Keymap, bind, reachable};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, Input, List, ListAction, fuzzy, input, list, list_row_at, width};

/// Tables whose actions are moves and not deeds.
const MOVES: [&str; 6] = ["editor", "input", "list", "completions", "scroll", "prompt"];
/// Rows of the list at most.
const TALLEST: u16 = 12;

/// What can be done beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Do the chosen one.
    Do,
    /// Not now.
    Close,
    /// One row up.
    Up,
    /// One row down.
    Down,
}

/// The keys.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "palette",
    title: "Palette",
    grip: Grip::CoversAndTypes,
    bindings: &[
        bind(Action::Do, "do", &[Chord::code(KeyCode::Enter)], "do it", "Do the chosen action"),
        bind(Action::Close, "close", &[Chord::code(KeyCode::Esc), Chord::ctrl('p')], "close", "Close the palette"),
        bind(Action::Up, "up", &[Chord::code(KeyCode::Up), Chord::code(KeyCode::BackTab)], "", "One row up"),
        bind(Action::Down, "down", &[Chord::code(KeyCode::Down), Chord::code(KeyCode::Tab)], "", "One row down"),
    ],
};

/// A palette that is open.
#[derive(Clone, Debug)]
pub struct State {
    entries: Vec<Entry>,
    input: Input,
    list: List,
}

#[derive(Clone, Debug)]
struct Entry {
    table: &'static str,
    name: &'static str,
    doc: &'static str,
    key: String,
    /// What a query is held against.
    searched: String,
}

/// The keys, for help and footer.
pub fn sections(keymap: &Keymap) -> Vec<KeySection> {
    vec![KEYS.section(keymap), Input::KEYS.section(keymap)]
}

impl State {
    /// A palette of the actions of `sections`, the nearest first.
    pub fn new(sections: &[KeySection]) -> Self {
        let deeds = sections.iter().filter(|section| !MOVES.contains(&section.id));
        let reached = reachable(sections);
        let key = |table: &str, name: &str| {
            let section = reached.iter().find(|(section, _)| section.id == table)?;
            section.1.iter().find(|(_, entry)| entry.name == name).map(|(chord, _)| chord.to_string())
        };
        let entry = |section: &KeySection, at: usize| {
            let entry = &section.entries[at];
            Entry {
                table: section.id,
                name: entry.name,
                doc: entry.doc,
                key: key(section.id, entry.name).unwrap_or_default(),
                searched: format!("{} {}", entry.name, entry.doc),
            }
        };
        let entries =
            deeds.flat_map(|section| (0..section.entries.len()).map(move |at| entry(section, at))).collect::<Vec<_>>();
        Self { entries, input: Input::default(), list: List::default() }
    }

    fn found(&self) -> Vec<&Entry> {
        let names = self.entries.iter().map(|entry| entry.searched.as_str());
        fuzzy(self.input.text(), names).into_iter().map(|at| &self.entries[at]).collect()
    }

    fn layout(area: Rect) -> (Rect, Rect) {
        let place = centred(area, 76, TALLEST + 4);
        let inner = Rect {
            x: place.x + 2,
            y: place.y + 1,
            width: place.width.saturating_sub(4),
            height: place.height.saturating_sub(2),
        };
        let rows = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
        (place, rows)
    }

    pub(super) fn key(&mut self, chord: Chord, keymap: &Keymap, area: Rect) -> Outcome {
        let (len, visible) = (self.found().len(), usize::from(Self::layout(area).1.height));
        match KEYS.find(keymap, chord) {
            Some(Action::Close) => return Outcome::Close,
            Some(Action::Do) => return self.chosen(),
            Some(Action::Up) => self.list.act(ListAction::Up, len, visible),
            Some(Action::Down) => self.list.act(ListAction::Down, len, visible),
            None if self.input.key(keymap, chord) => self.list = List::default(),
            None => return Outcome::Ignored,
        }
        Outcome::Stay
    }

    fn chosen(&self) -> Outcome {
        match self.found().get(self.list.selected) {
            Some(entry) => Outcome::Perform(entry.table, entry.name),
            None => Outcome::Stay,
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.input.insert(text);
        self.list = List::default();
    }

    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect) -> Outcome {
        let rows = Self::layout(area).1;
        let len = self.found().len();
        match mouse.kind {
            MouseKind::WheelUp => self.list.act(ListAction::Up, len, usize::from(rows.height)),
            MouseKind::WheelDown => self.list.act(ListAction::Down, len, usize::from(rows.height)),
            MouseKind::Click => {
                if let Some(row) = list_row_at(rows, &self.list, len, mouse.at.y) {
                    self.list.selected = row;
                    return self.chosen();
                }
                return Outcome::Close;
            }
            MouseKind::Drag => {}
        }
        Outcome::Stay
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (place, rows) = Self::layout(area);
        let inner = canvas.frame(place, "What to do");
        input(canvas, inner, canvas.theme.sign("❯ ", "> "), &self.input, "type a few letters");
        let found = self.found();
        if found.is_empty() {
            canvas.put(rows, 0, "Nothing here is called that.", Role::Muted);
        }
        let longest = found.iter().map(|entry| width(entry.doc)).max().unwrap_or(0);
        let lines: Vec<Line<'_>> = found
            .iter()
            .map(|entry| {
                let room = usize::from(rows.width).saturating_sub(2 + longest + width(&entry.key)).max(1);
                let gap = " ".repeat(longest - width(entry.doc) + room);
                Line::from(vec![
                    Span::styled(entry.doc, canvas.style(Role::Text)),
                    Span::styled(format!("{gap}{}", entry.key), canvas.style(Role::Accent)),
                ])
            })
            .collect();
        list(canvas, rows, &self.list, &lines, true);
    }
}
