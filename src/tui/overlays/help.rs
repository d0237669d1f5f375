//! Every key that works here, generated from the tables, and searchable.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Outcome, centred};
use crate::tui::event::{Mouse, MouseKind};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, Keymap, bind, reachable};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, Input, fuzzy, input, width, wrap};

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Enough.
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

/// The keys.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "help",
    title: "Help",
    grip: Grip::CoversAndTypes,
    bindings: &[
        bind(
            Action::Close,
            "close",
            &[Chord::code(KeyCode::Esc), Chord::f(1), Chord::code(KeyCode::Enter)],
            "close",
            "Close the help",
        ),
        bind(Action::Up, "up", &[Chord::code(KeyCode::Up)], "", "One row up"),
        bind(Action::Down, "down", &[Chord::code(KeyCode::Down)], "", "One row down"),
        bind(Action::PageUp, "page-up", &[Chord::code(KeyCode::PageUp)], "", "A page up"),
        bind(Action::PageDown, "page-down", &[Chord::code(KeyCode::PageDown)], "page", "A page down"),
    ],
};

/// Help that is open.
#[derive(Clone, Debug)]
pub struct State {
    sections: Vec<(&'static str, Vec<Row>)>,
    input: Input,
    scroll: usize,
}

#[derive(Clone, Debug)]
struct Row {
    keys: String,
    doc: &'static str,
}

impl Row {
    /// The keys, and beside them what they do, in as many lines as it takes.
    fn lines(&self, theme: &Theme, column: usize, cells: usize) -> Vec<Line<'static>> {
        let beside = column.max(width(&self.keys)) + 4;
        let mut keys = format!("  {}", self.keys);
        let line = |doc: String| {
            let keys = std::mem::take(&mut keys);
            let gap = " ".repeat(beside.saturating_sub(width(&keys)));
            Line::from(vec![
                Span::styled(keys + &gap, theme.style(Role::Accent)),
                Span::styled(doc, theme.style(Role::Text)),
            ])
        };
        wrap(self.doc, cells.saturating_sub(beside).max(12)).into_iter().map(line).collect()
    }
}

/// The keys, for help and footer.
pub fn sections(keymap: &Keymap) -> Vec<KeySection> {
    vec![KEYS.section(keymap), Input::KEYS.section(keymap)]
}

impl State {
    /// Help on the keys that `sections` make reachable.
    pub fn new(sections: &[KeySection]) -> Self {
        let reached = reachable(sections).into_iter().map(|(section, entries)| {
            let typing = matches!(section.grip, Grip::Types);
            let row = |(first, entry): (Chord, &crate::tui::keymap::KeyEntry)| {
                let mut keys = vec![first];
                keys.extend(
                    entry.keys.iter().copied().filter(|key| *key != first && !(typing && key.typed().is_some())),
                );
                Row { keys: keys.iter().map(Chord::to_string).collect::<Vec<_>>().join(", "), doc: entry.doc }
            };
            (section.title, entries.into_iter().map(row).collect::<Vec<_>>())
        });
        let sections = reached.filter(|(_, rows)| !rows.is_empty()).collect();
        Self { sections, input: Input::default(), scroll: 0 }
    }

    fn lines(&self, theme: &Theme, cells: usize) -> Vec<Line<'static>> {
        let query = self.input.text();
        let longest = self.sections.iter().flat_map(|(_, rows)| rows).map(|row| width(&row.keys)).max().unwrap_or(0);
        let column = longest.min(cells / 2);
        let mut lines = Vec::new();
        for (title, rows) in &self.sections {
            let texts: Vec<String> = rows.iter().map(|row| format!("{} {}", row.keys, row.doc)).collect();
            let mut found = fuzzy(query, texts.iter().map(String::as_str));
            found.sort_unstable();
            if found.is_empty() {
                continue;
            }
            if !lines.is_empty() {
                lines.push(Line::default());
            }
            lines.push(Line::styled(*title, theme.bold(Role::Text)));
            lines.extend(found.into_iter().flat_map(|at| rows[at].lines(theme, column, cells)));
        }
        lines
    }

    fn layout(area: Rect) -> (Rect, Rect) {
        let place = centred(area, 80, area.height.saturating_sub(2));
        let rows = Rect {
            x: place.x + 2,
            y: place.y + 3,
            width: place.width.saturating_sub(4),
            height: place.height.saturating_sub(4),
        };
        (place, rows)
    }

    fn scroll_by(&mut self, by: isize, area: Rect) {
        let rows = Self::layout(area).1;
        let all = self.lines(&Theme::mono(false), usize::from(rows.width)).len();
        let last = all.saturating_sub(usize::from(rows.height));
        self.scroll = self.scroll.saturating_add_signed(by).min(last);
    }

    pub(super) fn key(&mut self, chord: Chord, keymap: &Keymap, area: Rect) -> Outcome {
        let page = Self::layout(area).1.height.max(2) as isize - 1;
        match KEYS.find(keymap, chord) {
            Some(Action::Close) => return Outcome::Close,
            Some(Action::Up) => self.scroll_by(-1, area),
            Some(Action::Down) => self.scroll_by(1, area),
            Some(Action::PageUp) => self.scroll_by(-page, area),
            Some(Action::PageDown) => self.scroll_by(page, area),
            None if self.input.key(keymap, chord) => self.scroll = 0,
            None => return Outcome::Ignored,
        }
        Outcome::Stay
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.input.insert(text);
        self.scroll = 0;
    }

    pub(super) fn mouse(&mut self, mouse: Mouse, area: Rect) -> Outcome {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll_by(-3, area),
            MouseKind::WheelDown => self.scroll_by(3, area),
            MouseKind::Click => return Outcome::Close,
            MouseKind::Drag => {}
        }
        Outcome::Stay
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let (place, rows) = Self::layout(area);
        let inner = canvas.frame(place, "Keys that work here");
        input(
            canvas,
            inner,
            canvas.theme.sign("❯ ", "> "),
            &self.input,
            "type to search; Shift and drag selects text with the mouse",
        );
        let theme = canvas.theme;
        let lines = self.lines(theme, usize::from(rows.width));
        if lines.is_empty() {
            canvas.put(rows, 0, "No key here does that.", Role::Muted);
        }
        for (row, line) in lines.iter().skip(self.scroll).take(usize::from(rows.height)).enumerate() {
            canvas.line(rows, row as u16, line);
        }
        let below = lines.len().saturating_sub(self.scroll + usize::from(rows.height));
        if below > 0 {
            let last = Rect { y: place.bottom().saturating_sub(1), height: 1, ..rows };
            canvas.put_right(last, 0, &format!(" {below} more {} ", canvas.theme.sign("↓", "v")), Role::Muted);
        }
    }
}
