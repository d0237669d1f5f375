//! Completions as they are typed, of designs and of sheets.

use crossterm::event::KeyCode;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span as Piece};

use super::editor::{Editor, Reaction};
use crate::source::Span;
use crate::tui::keymap::{Chord, Grip, KeyTable, Keymap, bind};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, List, list, width};

/// Completions offered at most.
const MOST: usize = 40;
/// Completions seen at once.
const VISIBLE: usize = 6;
/// Cells of what a completion is, at most.
const LONGEST_DETAIL: usize = 34;

/// What can be done with completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PopupAction {
    /// Puts the chosen one in.
    Accept,
    /// Puts it in if one was chosen, else a new line.
    Enter,
    /// The next one.
    Next,
    /// The one before.
    Previous,
    /// Closes the popup.
    Close,
}

/// The keys while completions are shown.
pub const KEYS: KeyTable<PopupAction> = KeyTable {
    id: "completions",
    title: "Completions",
    grip: Grip::Covers,
    bindings: &[
        bind(PopupAction::Accept, "accept", &[Chord::code(KeyCode::Tab)], "complete", "Put the completion in"),
        bind(
            PopupAction::Enter,
            "accept-chosen",
            &[Chord::code(KeyCode::Enter)],
            "",
            "Put the completion in if you moved to it",
        ),
        bind(PopupAction::Next, "next", &[Chord::code(KeyCode::Down)], "", "The next completion"),
        bind(PopupAction::Previous, "previous", &[Chord::code(KeyCode::Up)], "", "The completion before"),
        bind(PopupAction::Close, "close", &[Chord::code(KeyCode::Esc)], "close", "Close the completions"),
    ],
};

/// Something that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The bytes of the whole text that it takes the place of.
    pub span: Span,
    /// What would stand there.
    pub text: String,
    /// What it is, in a few words.
    pub detail: String,
}

/// Completions being shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Popup {
    items: Vec<Suggestion>,
    list: List,
    moved: bool,
}

impl Popup {
    /// What a character just typed in `text` suggests: only where a word has begun, and not what it already is.
    pub fn typed(text: &str, offset: usize, suggestions: impl Iterator<Item = Suggestion>) -> Option<Self> {
        let begun = |item: &Suggestion| {
            let typed = text.get(item.span.start..offset).unwrap_or("");
            !typed.is_empty() && item.span.slice(text) != item.text
        };
        Self::of(suggestions.filter(begun))
    }

    /// All that may stand there.
    pub fn of(items: impl Iterator<Item = Suggestion>) -> Option<Self> {
        let items: Vec<_> = items.take(MOST).collect();
        (!items.is_empty()).then(|| Self { items, list: List::default(), moved: false })
    }

    /// Takes a key for the popup in `shown`, if one is open and the key is the popup's.
    pub fn key(shown: &mut Option<Self>, chord: Chord, keymap: &Keymap, editor: &mut Editor) -> Option<Reaction> {
        let popup = shown.as_mut()?;
        match KEYS.find(keymap, chord)? {
            PopupAction::Next => popup.choose(1),
            PopupAction::Previous => popup.choose(-1),
            PopupAction::Close => *shown = None,
            PopupAction::Enter if !popup.chosen() => {
                *shown = None;
                return None;
            }
            PopupAction::Accept | PopupAction::Enter => {
                let (span, text) = popup.taken()?;
                *shown = None;
                return Some(editor.replace(span, &text));
            }
        }
        Some(Reaction::Moved)
    }

    /// Moves the choice by `by`, round the ends.
    fn choose(&mut self, by: isize) {
        if self.moved || by < 0 {
            let count = self.items.len() as isize;
            self.list.selected = (self.list.selected as isize + by).rem_euclid(count) as usize;
        }
        self.moved = true;
        self.list.keep(self.items.len(), VISIBLE);
    }

    /// Whether one was moved to.
    fn chosen(&self) -> bool {
        self.moved
    }

    /// The chosen one: what it takes the place of, and its text.
    fn taken(&self) -> Option<(Span, String)> {
        self.items.get(self.list.selected).map(|item| (item.span, item.text.clone()))
    }

    /// Draws the popup below the cursor of a text in `area`, or above where there is no room.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, cursor: Position) {
        let longest = self.items.iter().map(|item| width(&item.text)).max().unwrap_or(0);
        let detail = self.items.iter().map(|item| width(&item.detail)).max().unwrap_or(0).min(LONGEST_DETAIL);
        let cells = (longest + detail + 6).min(usize::from(canvas.buf.area.width)) as u16;
        let height = self.items.len().min(VISIBLE) as u16;
        let below = cursor.y + 1 + height <= area.bottom();
        let y = if below { cursor.y + 1 } else { cursor.y.saturating_sub(height) };
        // Within its pane where it fits: what stands beside is drawn later.
        let x = cursor.x.min(area.right().saturating_sub(cells)).max(area.x);
        let place = Rect { x, y, width: cells, height }.intersection(canvas.buf.area);
        canvas.clear(place);
        let rows: Vec<Line<'_>> = self
            .items
            .iter()
            .map(|item| {
                let gap = " ".repeat(longest - width(&item.text) + 2);
                Line::from(vec![
                    Piece::styled(item.text.as_str(), canvas.theme.bold(Role::Text)),
                    Piece::styled(format!("{gap}{}", item.detail), canvas.style(Role::Muted)),
                ])
            })
            .collect();
        list(canvas, place, &self.list, &rows, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn popup() -> Popup {
        let item = |text: &str| Suggestion { span: Span::new(0, 1), text: text.to_owned(), detail: String::new() };
        Popup::of(["redis", "region", "replicas"].into_iter().map(item)).unwrap()
    }

    #[test]
    fn the_first_down_chooses_the_first_and_the_ends_join() {
        let mut popup = popup();
        assert!(!popup.chosen());
        popup.choose(1);
        assert_eq!((popup.chosen(), popup.taken().unwrap().1.as_str()), (true, "redis"));
        popup.choose(1);
        assert_eq!(popup.taken().unwrap().1, "region");
        popup.choose(-1);
        popup.choose(-1);
        assert_eq!(popup.taken().unwrap().1, "replicas");
    }
}
