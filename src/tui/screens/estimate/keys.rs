//! What can be done in the estimator, and the keys for it.

use crossterm::event::KeyCode;

use crate::tui::keymap::{Chord, Grip, KeyTable, bind, rows};

/// What can be done on the screen beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// To what there is to know about the line, or back to the text.
    Focus,
    /// The list of sheets.
    Sheets,
    /// A new sheet.
    New,
    /// Writes the sheet as Markdown.
    Export,
    /// Opens a file of one's own.
    OpenFile,
    /// Writes in one's own editor.
    Editor,
    /// Saves now.
    Save,
    /// Out of the text, or out of the estimator.
    Leave,
}

/// The keys of the screen.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "estimate",
    title: "Estimator",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::Sheets, "sheets", &[Chord::ctrl('o'), Chord::char('o')], "sheets", "The sheets of before"),
        bind(Action::New, "new", &[Chord::ctrl('n'), Chord::char('n')], "new", "A new sheet; this one is kept"),
        bind(
            Action::Export,
            "export",
            &[Chord::f(6), Chord::char('e')],
            "export",
            "Write the sheet and its results to a Markdown file",
        ),
        bind(
            Action::OpenFile,
            "open-file",
            &[Chord::alt('o'), Chord::char('f')],
            "",
            "Open a file as a new sheet: text, or the Markdown that was exported",
        ),
        bind(
            Action::Focus,
            "details",
            &[Chord::code(KeyCode::Tab), Chord::code(KeyCode::BackTab)],
            "details",
            "To what there is to know about the line, and back",
        ),
        rows::editor(Action::Editor),
        rows::save(Action::Save),
        bind(
            Action::Leave,
            "leave",
            &[Chord::code(KeyCode::Esc)],
            "",
            "Out of the text; from there, back to the first screen",
        ),
    ],
};

/// What can be done in the list of sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetsAction {
    /// Opens the chosen one.
    Open,
    /// Back to the sheet.
    Close,
}

/// The keys of the list of sheets.
pub const SHEETS_KEYS: KeyTable<SheetsAction> = KeyTable {
    id: "sheets",
    title: "Sheets",
    grip: Grip::Shares,
    bindings: &[
        bind(SheetsAction::Open, "open", &[Chord::code(KeyCode::Enter)], "open", "Open the chosen sheet"),
        bind(SheetsAction::Close, "close", &[Chord::code(KeyCode::Esc)], "back", "Back to the sheet"),
    ],
};
