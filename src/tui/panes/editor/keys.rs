//! What can be done in an editor, and the keys for it.

use crossterm::event::{KeyCode, KeyModifiers};
use tui_textarea::{CursorMove, Scrolling};

use super::{Editor, Habit, Reaction};
use crate::tui::keymap::{Chord, Grip, KeyTable, bind};

const CTRL: KeyModifiers = KeyModifiers::CONTROL;
const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
const BOTH: KeyModifiers = KeyModifiers::CONTROL.union(KeyModifiers::SHIFT);

/// What can be done in an editor beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorAction {
    /// Moves the cursor and drops the selection.
    Move(Step),
    /// Moves the cursor and selects on the way.
    Select(Step),
    /// Selects all.
    SelectAll,
    /// A new line.
    NewLine,
    /// Deletes the character before the cursor, or the selection.
    Backspace,
    /// Deletes the character at the cursor, or the selection.
    Delete,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes the word after the cursor.
    DeleteNextWord,
    /// Deletes to the start of the line.
    DeleteToStart,
    /// Deletes to the end of the line.
    DeleteToEnd,
    /// Undoes the last edit.
    Undo,
    /// Does it again.
    Redo,
    /// Takes the selection out.
    Cut,
    /// Puts in what was cut or copied.
    Paste,
}

/// One way of moving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One character.
    Left,
    /// One character.
    Right,
    /// One row of the screen.
    Up,
    /// One row of the screen.
    Down,
    /// One word.
    WordLeft,
    /// One word.
    WordRight,
    /// To the start of the line.
    Home,
    /// To the end of the line.
    End,
    /// To the start of the text.
    Top,
    /// To the end of the text.
    Bottom,
    /// A page.
    PageUp,
    /// A page.
    PageDown,
}

use EditorAction as Do;

impl Editor {
    /// The keys of every editor.
    pub const KEYS: KeyTable<EditorAction> = KeyTable {
        id: "editor",
        title: "Editor",
        grip: Grip::Types,
        bindings: &[
            bind(Do::Undo, "undo", &[Chord::ctrl('z')], "", "Undo"),
            bind(Do::Redo, "redo", &[Chord::ctrl('y')], "", "Redo"),
            bind(Do::Cut, "cut", &[Chord::ctrl('x')], "", "Cut the selection"),
            bind(Do::Paste, "paste", &[Chord::ctrl('v')], "", "Paste what was cut or copied here"),
            bind(Do::SelectAll, "select-all", &[Chord::ctrl('a')], "", "Select everything"),
            bind(Do::NewLine, "new-line", &[Chord::code(KeyCode::Enter)], "", "New line"),
            bind(Do::Move(Step::Left), "left", &[Chord::code(KeyCode::Left)], "", "One character left"),
            bind(Do::Move(Step::Right), "right", &[Chord::code(KeyCode::Right)], "", "One character right"),
            bind(Do::Move(Step::Up), "up", &[Chord::code(KeyCode::Up)], "", "One row up"),
            bind(Do::Move(Step::Down), "down", &[Chord::code(KeyCode::Down)], "", "One row down"),
            bind(
                Do::Move(Step::WordLeft),
                "word-left",
                &[Chord::with(CTRL, KeyCode::Left), Chord::alt('b')],
                "",
                "One word left",
            ),
            bind(
                Do::Move(Step::WordRight),
                "word-right",
                &[Chord::with(CTRL, KeyCode::Right), Chord::alt('f')],
                "",
                "One word right",
            ),
            bind(Do::Move(Step::Home), "line-start", &[Chord::code(KeyCode::Home)], "", "To the start of the line"),
            bind(Do::Move(Step::End), "line-end", &[Chord::code(KeyCode::End)], "", "To the end of the line"),
            bind(Do::Move(Step::Top), "top", &[Chord::with(CTRL, KeyCode::Home)], "", "To the start of the text"),
            bind(Do::Move(Step::Bottom), "bottom", &[Chord::with(CTRL, KeyCode::End)], "", "To the end of the text"),
            bind(Do::Move(Step::PageUp), "page-up", &[Chord::code(KeyCode::PageUp)], "", "A page up"),
            bind(Do::Move(Step::PageDown), "page-down", &[Chord::code(KeyCode::PageDown)], "", "A page down"),
            bind(Do::Select(Step::Left), "select-left", &[Chord::with(SHIFT, KeyCode::Left)], "", "Select to the left"),
            bind(
                Do::Select(Step::Right),
                "select-right",
                &[Chord::with(SHIFT, KeyCode::Right)],
                "",
                "Select to the right",
            ),
            bind(Do::Select(Step::Up), "select-up", &[Chord::with(SHIFT, KeyCode::Up)], "", "Select upwards"),
            bind(Do::Select(Step::Down), "select-down", &[Chord::with(SHIFT, KeyCode::Down)], "", "Select downwards"),
            bind(
                Do::Select(Step::WordLeft),
                "select-word-left",
                &[Chord::with(BOTH, KeyCode::Left)],
                "",
                "Select a word to the left",
            ),
            bind(
                Do::Select(Step::WordRight),
                "select-word-right",
                &[Chord::with(BOTH, KeyCode::Right)],
                "",
                "Select a word to the right",
            ),
            bind(
                Do::Select(Step::Home),
                "select-to-start",
                &[Chord::with(SHIFT, KeyCode::Home)],
                "",
                "Select to the start of the line",
            ),
            bind(
                Do::Select(Step::End),
                "select-to-end",
                &[Chord::with(SHIFT, KeyCode::End)],
                "",
                "Select to the end of the line",
            ),
            bind(Do::Backspace, "backspace", &[Chord::code(KeyCode::Backspace)], "", "Delete before the cursor"),
            bind(Do::Delete, "delete", &[Chord::code(KeyCode::Delete)], "", "Delete at the cursor"),
            bind(
                Do::DeleteWord,
                "delete-word",
                &[
                    Chord::ctrl('w'),
                    Chord::with(CTRL, KeyCode::Backspace),
                    Chord::with(KeyModifiers::ALT, KeyCode::Backspace),
                ],
                "",
                "Delete the word before the cursor",
            ),
            bind(
                Do::DeleteNextWord,
                "delete-next-word",
                &[Chord::with(CTRL, KeyCode::Delete), Chord::alt('d')],
                "",
                "Delete the word after the cursor",
            ),
            bind(Do::DeleteToStart, "delete-to-start", &[Chord::ctrl('u')], "", "Delete to the start of the line"),
            bind(Do::DeleteToEnd, "delete-to-end", &[Chord::ctrl('k')], "", "Delete to the end of the line"),
        ],
    };

    /// Does what was asked.
    pub fn act(&mut self, action: EditorAction) -> Reaction {
        let changed = match action {
            Do::Move(step) => {
                self.area.cancel_selection();
                self.step(step);
                return Reaction::Moved;
            }
            Do::Select(step) => {
                if !self.area.is_selecting() {
                    self.area.start_selection();
                }
                self.step(step);
                return Reaction::Moved;
            }
            Do::SelectAll => {
                self.area.select_all();
                return Reaction::Moved;
            }
            Do::NewLine => return self.new_line(),
            Do::Backspace => self.area.delete_char(),
            Do::Delete => self.area.delete_next_char(),
            Do::DeleteWord => self.area.delete_word(),
            Do::DeleteNextWord => self.area.delete_next_word(),
            Do::DeleteToStart => self.area.delete_line_by_head(),
            Do::DeleteToEnd => self.area.delete_line_by_end(),
            Do::Undo => self.area.undo(),
            Do::Redo => self.area.redo(),
            Do::Cut => return self.cut(),
            Do::Paste => return self.insert(&self.area.yank_text()),
        };
        if changed { self.edited() } else { Reaction::Moved }
    }

    fn cut(&mut self) -> Reaction {
        match self.selection() {
            Some(text) => {
                self.area.cut();
                self.edited();
                Reaction::Copied(text, true)
            }
            None => Reaction::Moved,
        }
    }

    /// Keeps the selection for [`EditorAction::Paste`] and hands it out for the clipboard; the selection is dropped.
    pub fn copy(&mut self) -> Option<String> {
        let text = self.selection()?;
        self.area.copy();
        self.area.cancel_selection();
        Some(text)
    }

    fn new_line(&mut self) -> Reaction {
        let (row, column) = self.area.cursor();
        let line = self.area.lines()[row].clone();
        match self.habit {
            Habit::Prose => return self.next_point(&line, column),
            Habit::Plain => return self.insert("\n"),
            Habit::Code => {}
        }
        if !line.is_empty() && line.trim().is_empty() {
            self.area.move_cursor(CursorMove::End);
            self.area.delete_line_by_head();
            return self.edited();
        }
        let before: String = line.chars().take(column).collect();
        let depth: String = before.chars().take_while(|c| *c == ' ' || *c == '\t').collect();
        let opens = depth.is_empty() && before.trim_end().ends_with(':');
        self.insert(&format!("\n{depth}{}", if opens { "    " } else { "" }))
    }

    /// A new line of prose: a list goes on, and an empty point ends it.
    fn next_point(&mut self, line: &str, column: usize) -> Reaction {
        let depth = line.len() - line.trim_start().len();
        let mark = ["- ", "* "].into_iter().find(|mark| line[depth..].starts_with(mark));
        match mark {
            Some(mark) if line[depth..].trim_end() == mark.trim_end() => {
                self.area.move_cursor(CursorMove::End);
                self.area.delete_line_by_head();
                self.edited()
            }
            Some(mark) if column >= depth + mark.len() => self.insert(&format!("\n{}{mark}", &line[..depth])),
            _ => self.insert("\n"),
        }
    }

    fn step(&mut self, step: Step) {
        let cursor_move = match step {
            Step::Left => CursorMove::Back,
            Step::Right => CursorMove::Forward,
            Step::Up => CursorMove::Up,
            Step::Down => CursorMove::Down,
            Step::WordLeft => CursorMove::WordBack,
            Step::WordRight => CursorMove::WordForward,
            Step::Home => CursorMove::Head,
            Step::End => CursorMove::End,
            Step::Top => {
                self.area.move_cursor(CursorMove::Top);
                CursorMove::Head
            }
            Step::Bottom => {
                self.area.move_cursor(CursorMove::Bottom);
                CursorMove::End
            }
            Step::PageUp => return self.area.scroll(Scrolling::PageUp),
            Step::PageDown => return self.area.scroll(Scrolling::PageDown),
        };
        self.area.move_cursor(cursor_move);
    }
}
