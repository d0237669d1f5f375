//! A line of text to type: searches, questions, file names.

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::{Position, Rect};
use unicode_segmentation::UnicodeSegmentation;

use super::{Canvas, width};
use crate::tui::keymap::{Chord, Grip, KeyTable, Keymap, bind};
use crate::tui::theme::Role;

/// Characters that an input takes at most.
const LIMIT: usize = 1000;

/// What can be done in a line of text beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputAction {
    /// One character left.
    Left,
    /// One character right.
    Right,
    /// One word left.
    WordLeft,
    /// One word right.
    WordRight,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// Deletes the character before the cursor.
    Backspace,
    /// Deletes the character at the cursor.
    Delete,
    /// Deletes the word before the cursor.
    DeleteWord,
    /// Deletes everything before the cursor.
    DeleteToStart,
}

/// A line of text and its cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Input {
    text: String,
    /// Byte offset, always at the start of a grapheme or at the end.
    cursor: usize,
}

impl Input {
    /// The keys of every input.
    pub const KEYS: KeyTable<InputAction> = KeyTable {
        id: "input",
        title: "Line of text",
        grip: Grip::CoversAndTypes,
        bindings: &[
            bind(InputAction::Left, "left", &[Chord::code(KeyCode::Left)], "", "One character left"),
            bind(InputAction::Right, "right", &[Chord::code(KeyCode::Right)], "", "One character right"),
            bind(
                InputAction::WordLeft,
                "word-left",
                &[Chord::with(KeyModifiers::CONTROL, KeyCode::Left), Chord::alt('b')],
                "",
                "One word left",
            ),
            bind(
                InputAction::WordRight,
                "word-right",
                &[Chord::with(KeyModifiers::CONTROL, KeyCode::Right), Chord::alt('f')],
                "",
                "One word right",
            ),
            bind(InputAction::Home, "start", &[Chord::code(KeyCode::Home), Chord::ctrl('a')], "", "To the start"),
            bind(InputAction::End, "end", &[Chord::code(KeyCode::End), Chord::ctrl('e')], "", "To the end"),
            bind(
                InputAction::Backspace,
                "backspace",
                &[Chord::code(KeyCode::Backspace)],
                "",
                "Delete the character before the cursor",
            ),
            bind(
                InputAction::Delete,
                "delete",
                &[Chord::code(KeyCode::Delete)],
                "",
                "Delete the character at the cursor",
            ),
            bind(
                InputAction::DeleteWord,
                "delete-word",
                &[
                    Chord::ctrl('w'),
                    Chord::with(KeyModifiers::ALT, KeyCode::Backspace),
                    Chord::with(KeyModifiers::CONTROL, KeyCode::Backspace),
                ],
                "",
                "Delete the word before the cursor",
            ),
            bind(
                InputAction::DeleteToStart,
                "delete-to-start",
                &[Chord::ctrl('u')],
                "",
                "Delete everything before the cursor",
            ),
        ],
    };

    /// An input that holds `text`, its cursor at the end.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { cursor: text.len(), text }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Takes a key; whether it meant anything here.
    pub fn key(&mut self, keymap: &Keymap, chord: Chord) -> bool {
        if let Some(c) = chord.typed() {
            self.insert(&c.to_string());
            return true;
        }
        let action = Self::KEYS.find(keymap, chord);
        if let Some(action) = action {
            self.act(action);
        }
        action.is_some()
    }

    /// Puts `text` in at the cursor, on one line and without control characters.
    pub fn insert(&mut self, text: &str) {
        let clean: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let clean: String = clean.chars().filter(|c| !c.is_control()).collect();
        if self.text.len() + clean.len() <= LIMIT {
            self.text.insert_str(self.cursor, &clean);
            self.cursor += clean.len();
            // A combining character may have joined its neighbours.
            self.cursor = self.boundary_from(self.cursor);
        }
    }

    fn act(&mut self, action: InputAction) {
        match action {
            InputAction::Left => self.cursor = self.before(),
            InputAction::Right => self.cursor = self.after(),
            InputAction::WordLeft => self.cursor = self.word_before(),
            InputAction::WordRight => self.cursor = self.word_after(),
            InputAction::Home => self.cursor = 0,
            InputAction::End => self.cursor = self.text.len(),
            InputAction::Backspace => self.delete_from(self.before()),
            InputAction::Delete => {
                let end = self.after();
                self.text.replace_range(self.cursor..end, "");
            }
            InputAction::DeleteWord => self.delete_from(self.word_before()),
            InputAction::DeleteToStart => self.delete_from(0),
        }
    }

    fn delete_from(&mut self, start: usize) {
        self.text.replace_range(start..self.cursor, "");
        self.cursor = start;
    }

    fn before(&self) -> usize {
        self.text[..self.cursor].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.text[self.cursor..].graphemes(true).next().map_or(self.cursor, |grapheme| self.cursor + grapheme.len())
    }

    fn word_before(&self) -> usize {
        let words = self.text[..self.cursor].unicode_word_indices();
        words.map(|(at, _)| at).next_back().unwrap_or(0)
    }

    fn word_after(&self) -> usize {
        let rest = &self.text[self.cursor..];
        let end = rest.unicode_word_indices().map(|(at, word)| at + word.len()).next();
        end.map_or(self.text.len(), |end| self.cursor + end)
    }

    fn boundary_from(&self, offset: usize) -> usize {
        self.text.grapheme_indices(true).map(|(at, _)| at).find(|&at| at >= offset).unwrap_or(self.text.len())
    }
}

/// Draws the input in the first row of `area` after `label`, scrolled so that the cursor is seen, and places the terminal's cursor.
pub fn input(canvas: &mut Canvas<'_>, area: Rect, label: &str, value: &Input, placeholder: &str) {
    canvas.put(area, 0, label, Role::Accent);
    let used = (width(label) as u16).min(area.width);
    let field = Rect { x: area.x + used, width: area.width - used, height: area.height.min(1), ..area };
    if field.is_empty() {
        return;
    }
    let room = usize::from(field.width) - 1;
    let before = &value.text[..value.cursor];
    let mut start = 0;
    for (at, grapheme) in before.grapheme_indices(true) {
        if width(&before[start..]) <= room {
            break;
        }
        start = at + grapheme.len();
    }
    if value.text.is_empty() {
        canvas.put(field, 0, placeholder, Role::Muted);
    } else {
        let style = canvas.style(Role::Text);
        let (x, y) = (field.x, field.y);
        if field.intersection(canvas.buf.area) == field {
            canvas.buf.set_stringn(x, y, &value.text[start..], usize::from(field.width), style);
        }
    }
    canvas.cursor = Some(Position { x: field.x + width(&before[start..]) as u16, y: field.y });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, keys: &[Chord]) -> (String, usize) {
        let mut input = Input::new(text);
        for &key in keys {
            assert!(input.key(&Keymap::default(), key), "{key} means nothing");
        }
        (input.text.clone(), input.cursor)
    }

    #[test]
    fn words_and_wide_characters_are_moved_over_whole() {
        let left = Chord::code(KeyCode::Left);
        let word_left = Chord::with(KeyModifiers::CONTROL, KeyCode::Left);
        assert_eq!(typed("日本", &[left]), ("日本".to_owned(), 3));
        assert_eq!(typed("how many users", &[word_left, word_left]).1, 4);
        assert_eq!(typed("how many users", &[Chord::ctrl('w')]).0, "how many ");
        assert_eq!(typed("e\u{301}", &[Chord::code(KeyCode::Backspace)]).0, "");
        assert_eq!(typed("ab", &[left, Chord::char('x'), Chord::code(KeyCode::Delete)]).0, "ax");
        assert_eq!(typed("abc", &[left, Chord::ctrl('u')]), ("c".to_owned(), 0));
    }

    #[test]
    fn pasted_text_becomes_one_harmless_line() {
        let mut input = Input::default();
        input.insert("a\nb\u{1b}[31mc\t");
        assert_eq!(input.text(), "a b[31mc ");
        input.insert(&"x".repeat(2000));
        assert_eq!(input.text(), "a b[31mc ");
    }
}
