//! Completions as they are typed.

use crossterm::event::KeyCode;

use super::DesignPane;
use crate::design::{Catalogue, Completion, completions};
use crate::source::Span;
use crate::tui::keymap::{Chord, Grip, KeyTable, bind};
use crate::tui::widgets::List;

/// Completions offered at most.
const MOST: usize = 40;
/// Completions seen at once.
pub const VISIBLE: usize = 6;

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
    /// Asks for completions.
    Open,
}

impl DesignPane {
    /// The keys while completions are shown.
    pub const POPUP_KEYS: KeyTable<PopupAction> = KeyTable {
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

    /// The key that asks for completions.
    pub const COMPLETION_KEYS: KeyTable<PopupAction> = KeyTable {
        id: "design",
        title: "Design",
        grip: Grip::Types,
        bindings: &[bind(
            PopupAction::Open,
            "complete",
            &[Chord::ctrl(' '), Chord::alt('/')],
            "",
            "Show what may be typed here",
        )],
    };
}

/// Completions being shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Popup {
    pub items: Vec<Completion>,
    pub list: List,
    moved: bool,
}

impl Popup {
    /// What a character just typed suggests: only where a word has begun, and not what it already is.
    pub fn typed(text: &str, offset: usize, catalogue: &Catalogue) -> Option<Self> {
        let begun = |item: &Completion| {
            let typed = text.get(item.span.start..offset).unwrap_or("");
            !typed.is_empty() && item.span.slice(text) != item.text
        };
        Self::of(completions(text, offset, catalogue).into_iter().filter(begun))
    }

    /// All that may stand at `offset`.
    pub fn asked(text: &str, offset: usize, catalogue: &Catalogue) -> Option<Self> {
        Self::of(completions(text, offset, catalogue).into_iter())
    }

    fn of(items: impl Iterator<Item = Completion>) -> Option<Self> {
        let items: Vec<_> = items.take(MOST).collect();
        (!items.is_empty()).then(|| Self { items, list: List::default(), moved: false })
    }

    /// Moves the choice by `by`, round the ends.
    pub fn choose(&mut self, by: isize) {
        if self.moved || by < 0 {
            let count = self.items.len() as isize;
            self.list.selected = (self.list.selected as isize + by).rem_euclid(count) as usize;
        }
        self.moved = true;
        self.list.keep(self.items.len(), VISIBLE);
    }

    /// Whether one was moved to.
    pub fn chosen(&self) -> bool {
        self.moved
    }

    /// The chosen one: what it takes the place of, and its text.
    pub fn taken(&self) -> Option<(Span, String)> {
        self.items.get(self.list.selected).map(|item| (item.span, item.text.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn popup() -> Popup {
        let item = |text: &str| Completion { span: Span::new(0, 1), text: text.to_owned(), detail: String::new() };
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
