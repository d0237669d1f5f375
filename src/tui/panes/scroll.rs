//! Moving over something taller than the screen.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Chord, Grip, KeyTable, bind};

/// Moves over something tall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scroll {
    /// One line up.
    Up,
    /// One line down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the top.
    Top,
    /// To the bottom.
    Bottom,
}

/// The keys.
pub const KEYS: KeyTable<Scroll> = KeyTable {
    id: "scroll",
    title: "Scrolling",
    grip: Grip::Shares,
    bindings: &[
        bind(Scroll::Up, "up", &[Chord::code(KeyCode::Up), Chord::char('k')], "", "One line up"),
        bind(Scroll::Down, "down", &[Chord::code(KeyCode::Down), Chord::char('j')], "", "One line down"),
        bind(Scroll::PageUp, "page-up", &[Chord::code(KeyCode::PageUp), Chord::ctrl('u')], "", "A page up"),
        bind(
            Scroll::PageDown,
            "page-down",
            &[Chord::code(KeyCode::PageDown), Chord::ctrl('d'), Chord::char(' ')],
            "page",
            "A page down",
        ),
        bind(Scroll::Top, "top", &[Chord::code(KeyCode::Home), Chord::char('g')], "", "To the top"),
        bind(Scroll::Bottom, "bottom", &[Chord::code(KeyCode::End), Chord::char('G')], "", "To the bottom"),
    ],
};

impl Scroll {
    /// Where the first line shown is after the move, of `all` lines of which `visible` are seen.
    pub fn apply(self, at: usize, all: usize, visible: usize) -> usize {
        let page = visible.max(2) - 1;
        let moved = match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at + 1,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at + page,
            Self::Top => 0,
            Self::Bottom => usize::MAX,
        };
        moved.min(all.saturating_sub(visible))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_stays_on_the_screen() {
        assert_eq!(Scroll::Bottom.apply(0, 30, 10), 20);
        assert_eq!(Scroll::PageDown.apply(15, 30, 10), 20);
        assert_eq!(Scroll::PageUp.apply(5, 30, 10), 0);
        assert_eq!(Scroll::Down.apply(0, 3, 10), 0);
    }
}
