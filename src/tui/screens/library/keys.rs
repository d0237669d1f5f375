//! The keys of the library: of a shelf, of a page, and while a shelf is narrowed.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Chord, Grip, KeyTable, bind};

/// What can be done at a shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reads what is chosen.
    Read,
    /// Narrows the shelf by letters.
    Filter,
    /// Narrows the shelf by a tag.
    Tag,
    /// Narrows the questions to a level.
    Level,
    /// The next shelf.
    NextShelf,
    /// The shelf before.
    PreviousShelf,
    /// A shelf by its place.
    Shelf(usize),
    /// Drops what narrows the shelf; then back to the first screen.
    Leave,
}

/// The keys of a shelf.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "library",
    title: "Library",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::Read, "read", &[Chord::code(KeyCode::Enter)], "read", "Read what is chosen"),
        bind(
            Action::NextShelf,
            "next-shelf",
            &[Chord::code(KeyCode::Tab), Chord::char(']'), Chord::code(KeyCode::Right), Chord::char('l')],
            "shelf",
            "The next shelf: questions, technologies, concepts, ...",
        ),
        bind(
            Action::PreviousShelf,
            "previous-shelf",
            &[Chord::code(KeyCode::BackTab), Chord::char('['), Chord::code(KeyCode::Left), Chord::char('h')],
            "",
            "The shelf before",
        ),
        bind(Action::Filter, "filter", &[Chord::char('f')], "filter", "Narrow this shelf by a few letters"),
        bind(Action::Tag, "tag", &[Chord::char('t')], "tag", "Narrow this shelf to a tag"),
        bind(Action::Level, "level", &[Chord::char('v')], "level", "Only basic, intermediate or advanced questions"),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "back", "Show the whole shelf again; then leave"),
        bind(Action::Shelf(0), "questions", &[Chord::char('1')], "", "To the questions"),
        bind(Action::Shelf(1), "technologies", &[Chord::char('2')], "", "To the technologies"),
        bind(Action::Shelf(2), "concepts", &[Chord::char('3')], "", "To the concepts"),
        bind(Action::Shelf(3), "patterns", &[Chord::char('4')], "", "To the patterns"),
        bind(Action::Shelf(4), "numbers", &[Chord::char('5')], "", "To the numbers"),
        bind(Action::Shelf(5), "problems", &[Chord::char('6')], "", "To the interview problems"),
        bind(Action::Shelf(6), "framework", &[Chord::char('7')], "", "To the delivery framework"),
        bind(Action::Shelf(7), "guide", &[Chord::char('8')], "", "To the guide"),
    ],
};

/// What can be done with the page besides reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAction {
    /// Back to the shelf.
    Close,
}

/// The keys of the page.
pub const PAGE_KEYS: KeyTable<PageAction> = KeyTable {
    id: "library-page",
    title: "Page of the library",
    grip: Grip::Shares,
    bindings: &[bind(PageAction::Close, "close", &[Chord::code(KeyCode::Esc)], "shelf", "Back to the shelf")],
};

/// What can be done while a shelf is narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NarrowAction {
    /// Keeps the letters, or the chosen tag.
    Keep,
    /// Drops them.
    Drop,
    /// One row up.
    Up,
    /// One row down.
    Down,
}

/// The keys while a shelf is narrowed.
pub const NARROW_KEYS: KeyTable<NarrowAction> = KeyTable {
    id: "narrow",
    title: "Narrowing a shelf",
    grip: Grip::CoversAndTypes,
    bindings: &[
        bind(
            NarrowAction::Keep,
            "keep",
            &[Chord::code(KeyCode::Enter), Chord::code(KeyCode::Tab)],
            "keep",
            "Keep the letters, or the chosen tag",
        ),
        bind(NarrowAction::Drop, "drop", &[Chord::code(KeyCode::Esc)], "drop", "Drop them"),
        bind(NarrowAction::Up, "up", &[Chord::code(KeyCode::Up)], "", "One row up"),
        bind(NarrowAction::Down, "down", &[Chord::code(KeyCode::Down)], "", "One row down"),
    ],
};
