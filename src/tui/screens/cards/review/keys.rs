//! What can be done in a session, and the keys for it: those that people know from Anki.

use crossterm::event::KeyCode;

use crate::cards::Grade;
use crate::tui::keymap::{Chord, Grip, KeyTable, bind};

/// What can be done in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows the answer.
    Show,
    /// Types the answer first.
    Type,
    /// Holds what was typed against the answer.
    Compare,
    /// Back to the question without typing.
    NotTyped,
    /// Grades the card.
    Grade(Grade),
    /// Takes the last answer back.
    Undo,
    /// Leaves the card out of this session.
    Bury,
    /// Sets the card aside until it is wanted again.
    Suspend,
    /// Writes the card in other words.
    Edit,
    /// Writes the leech in other words.
    Rewrite,
    /// Scrolls.
    Up,
    /// Scrolls.
    Down,
    /// Scrolls.
    PageUp,
    /// Scrolls.
    PageDown,
    /// Goes on if a card has come due, else leaves.
    More,
    /// Back to the decks.
    Leave,
}

/// The keys of every face of a card.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "review",
    title: "Review",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Undo,
            "undo",
            &[Chord::char('u'), Chord::code(KeyCode::Backspace)],
            "undo",
            "Take the last answer back, and the one before, ...",
        ),
        bind(Action::Rewrite, "rewrite", &[Chord::char('r')], "rewrite leech", "Write the leech in your own words"),
        bind(Action::Edit, "edit", &[Chord::char('e')], "edit", "Write this card in your own words"),
        bind(Action::Bury, "bury", &[Chord::char('-')], "", "Leave this card out of this session"),
        bind(Action::Suspend, "suspend", &[Chord::char('@')], "", "Set this card aside until you take it up again"),
        bind(Action::Up, "up", &[Chord::code(KeyCode::Up), Chord::char('k')], "", "One line up"),
        bind(Action::Down, "down", &[Chord::code(KeyCode::Down), Chord::char('j')], "", "One line down"),
        bind(Action::PageUp, "page-up", &[Chord::code(KeyCode::PageUp)], "", "A page up"),
        bind(Action::PageDown, "page-down", &[Chord::code(KeyCode::PageDown)], "", "A page down"),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "decks", "Back to the decks; every answer is saved"),
    ],
};

/// The keys while the question is shown.
pub const QUESTION_KEYS: KeyTable<Action> = KeyTable {
    id: "question",
    title: "Question",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Show,
            "show",
            &[Chord::char(' '), Chord::code(KeyCode::Enter)],
            "show the answer",
            "Show the answer",
        ),
        bind(Action::Type, "type", &[Chord::char('t')], "type it", "Type the answer, and see how it compares"),
    ],
};

/// The keys while an answer is typed.
pub const TYPE_KEYS: KeyTable<Action> = KeyTable {
    id: "typed-answer",
    title: "Typed answer",
    grip: Grip::CoversAndTypes,
    bindings: &[
        bind(Action::Compare, "compare", &[Chord::code(KeyCode::Enter)], "compare", "Hold it against the answer"),
        bind(Action::NotTyped, "back", &[Chord::code(KeyCode::Esc)], "back", "Back to the question"),
    ],
};

/// The keys while the answer is shown.
pub const ANSWER_KEYS: KeyTable<Action> = KeyTable {
    id: "answer",
    title: "Answer",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::Grade(Grade::Again), "again", &[Chord::char('1')], "again", "Forgotten, or only partly right"),
        bind(
            Action::Grade(Grade::Hard),
            "hard",
            &[Chord::char('2')],
            "hard",
            "Remembered with trouble; not for what was forgotten",
        ),
        bind(
            Action::Grade(Grade::Good),
            "good",
            &[Chord::char('3'), Chord::char(' '), Chord::code(KeyCode::Enter)],
            "good",
            "Remembered",
        ),
        bind(Action::Grade(Grade::Easy), "easy", &[Chord::char('4')], "easy", "Remembered at once"),
    ],
};

/// The keys at the end of a session.
pub const END_KEYS: KeyTable<Action> = KeyTable {
    id: "session-end",
    title: "End of a session",
    grip: Grip::Shares,
    bindings: &[bind(
        Action::More,
        "more",
        // Not Space: who goes through the cards with it would miss the end.
        &[Chord::code(KeyCode::Enter)],
        "go on",
        "Go on if a card has come due or a cram has more, else back to the decks",
    )],
};
