//! The text editor: tui-textarea behind one type of ours, with our keys, marks by role, and findings under their line.
//!
//! Text is kept free of control characters, so that nothing pasted or read can reach the terminal as a command.

mod keys;
mod view;

use ratatui::layout::Position;
use tui_textarea::{CursorMove, CursorRenderMode, TextArea, WrapMode};

pub use keys::EditorAction;
pub use view::{Layout, Mark, Shown};

use crate::source::{Span, printable};
use crate::tui::keymap::{Chord, Keymap};

/// Bytes that a text holds at most: a thousand times what is typed in an hour.
pub const LARGEST: usize = 256 * 1024;
/// Edits that can be undone.
const UNDOABLE: usize = 5_000;

/// What a key or paste did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It means nothing here.
    Ignored,
    /// The cursor or the selection moved, or nothing was left to do.
    Moved,
    /// The text changed.
    Edited,
    /// The selection is to be put on the clipboard too; the text changed if the flag is set.
    Copied(String, bool),
    /// There is no room for that.
    Full,
}

/// A text being edited.
#[derive(Clone, Debug)]
pub struct Editor {
    area: TextArea<'static>,
    bytes: usize,
    habit: Habit,
}

/// What a new line begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Habit {
    /// The next point of a list.
    Prose,
    /// The depth of the line before, for designs.
    Code,
    /// Nothing.
    Plain,
}

impl Editor {
    /// An editor of prose.
    pub fn prose(text: &str) -> Self {
        Self::new(text, Habit::Prose)
    }

    /// An editor of a design: new lines are indented.
    pub fn code(text: &str) -> Self {
        Self::new(text, Habit::Code)
    }

    /// An editor of lines that have nothing to do with each other's beginnings.
    pub fn plain(text: &str) -> Self {
        Self::new(text, Habit::Plain)
    }

    fn new(text: &str, habit: Habit) -> Self {
        let mut editor = Self { area: TextArea::default(), bytes: 0, habit };
        editor.area.set_max_histories(UNDOABLE);
        editor.area.set_undo_coalescing(true);
        editor.area.set_wrap_mode(WrapMode::Word);
        editor.area.set_cursor_render_mode(CursorRenderMode::Hidden);
        editor.area.set_cursor_line_style(ratatui::style::Style::default());
        editor.area.set_selection_style(ratatui::style::Style::default());
        editor.set_text(text);
        editor.area.move_cursor(CursorMove::Bottom);
        editor.area.move_cursor(CursorMove::End);
        editor
    }

    /// Puts another text in the place of this one; undo does not reach behind it.
    pub fn set_text(&mut self, text: &str) {
        let clean = clean(text);
        self.bytes = clean.len();
        let cursor = self.area.cursor();
        self.area.set_lines(clean.split('\n').map(str::to_owned).collect(), cursor);
    }

    /// The text, lines parted by `\n`.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Its lines, at least one.
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// The cursor's line, from 0, and its byte in that line.
    pub fn cursor_place(&self) -> (usize, usize) {
        let (row, column) = self.area.cursor();
        let line = self.area.lines().get(row).map_or("", String::as_str);
        (row, line.char_indices().nth(column).map_or(line.len(), |(at, _)| at))
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// The line the cursor is in, from 0.
    pub fn cursor_line(&self) -> usize {
        self.area.cursor().0
    }

    /// The cursor as a byte offset into the text.
    pub fn cursor_offset(&self) -> usize {
        let (row, within) = self.cursor_place();
        let before: usize = self.area.lines().iter().take(row).map(|line| line.len() + 1).sum();
        before + within
    }

    /// The selected text.
    pub fn selection(&self) -> Option<String> {
        let ((first_row, first), (last_row, last)) = self.area.selection_range().filter(|(start, end)| start != end)?;
        let rows = self.area.lines().iter().enumerate().take(last_row + 1).skip(first_row);
        let part = |(row, line): (usize, &String)| {
            let from = if row == first_row { first } else { 0 };
            let until = if row == last_row { last } else { usize::MAX };
            line.chars().take(until).skip(from).collect::<String>()
        };
        Some(rows.map(part).collect::<Vec<_>>().join("\n"))
    }

    /// Drops the selection, not its text.
    pub fn unselect(&mut self) {
        self.area.cancel_selection();
    }

    /// Takes a key.
    pub fn key(&mut self, keymap: &Keymap, chord: Chord) -> Reaction {
        match Self::KEYS.find(keymap, chord) {
            Some(action) => self.act(action),
            None => match chord.typed() {
                Some(c) => self.insert(&c.to_string()),
                None => Reaction::Ignored,
            },
        }
    }

    /// Puts pasted text in at the cursor, in place of the selection, as one edit.
    pub fn paste(&mut self, text: &str) -> Reaction {
        self.insert(text)
    }

    /// Puts `text` at the end, as one edit; the cursor stays where it is unless it was at the end.
    pub fn append(&mut self, text: &str) {
        let cursor = self.area.cursor();
        self.area.cancel_selection();
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
        let at_end = cursor == self.area.cursor();
        self.insert(text);
        if !at_end {
            self.jump(cursor);
        }
    }

    /// Puts `text` in the place of `span`, as one edit or two, and the cursor behind it.
    pub fn replace(&mut self, span: Span, text: &str) -> Reaction {
        self.area.cancel_selection();
        self.jump(self.place(span.start));
        self.area.start_selection();
        self.jump(self.place(span.end));
        self.insert(text)
    }

    /// Row and column in characters of a byte offset.
    fn place(&self, offset: usize) -> (usize, usize) {
        let mut start = 0;
        for (row, line) in self.area.lines().iter().enumerate() {
            if offset <= start + line.len() {
                let column = line.get(..offset - start).map_or(0, |before| before.chars().count());
                return (row, column);
            }
            start += line.len() + 1;
        }
        let last = self.area.lines().len().saturating_sub(1);
        (last, self.area.lines().last().map_or(0, |line| line.chars().count()))
    }

    fn jump(&mut self, (row, column): (usize, usize)) {
        let narrow = |value: usize| u16::try_from(value).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(narrow(row), narrow(column)));
    }

    /// Puts the cursor at a byte offset.
    pub fn go_to(&mut self, offset: usize) {
        self.area.cancel_selection();
        self.jump(self.place(offset));
    }

    /// Puts the cursor at the start of line `line`, from 0.
    pub fn go_to_line(&mut self, line: usize) {
        self.area.cancel_selection();
        self.jump((line, 0));
    }

    /// Puts the cursor where a template wants the first words: at the end of the first line that ends in an open bullet or colon.
    pub fn go_to_blank(&mut self) {
        let blank = |line: &String| line.trim_start() == "- " || line.ends_with(": ");
        if let Some(row) = self.area.lines().iter().position(blank) {
            self.go_to_line(row);
            self.area.move_cursor(CursorMove::End);
        }
    }

    /// Puts the cursor where the mouse is in an editor drawn with that layout; drags the selection on if `drag`.
    pub fn click(&mut self, layout: Layout, at: Position, drag: bool) -> bool {
        let Some((row, column)) = self.cell(layout, at) else { return false };
        if !drag {
            self.area.cancel_selection();
        } else if !self.area.is_selecting() {
            self.area.start_selection();
        }
        self.jump((row, column));
        true
    }

    /// Scrolls by `rows`; the cursor comes along only at the edges.
    pub fn scroll(&mut self, rows: i16) {
        self.area.scroll((rows, 0));
    }

    fn insert(&mut self, text: &str) -> Reaction {
        let clean = clean(text);
        if self.bytes + clean.len() > LARGEST {
            return Reaction::Full;
        }
        if clean.is_empty() {
            return Reaction::Moved;
        }
        let mut letters = clean.chars();
        match (letters.next(), letters.next()) {
            // Single characters join into words of undo; everything longer is an edit of its own.
            (Some(c), None) if c != '\n' => self.area.insert_char(c),
            _ => {
                self.area.insert_str(&clean);
            }
        }
        self.edited()
    }

    fn edited(&mut self) -> Reaction {
        let lines = self.area.lines();
        self.bytes = lines.iter().map(|line| line.len() + 1).sum::<usize>() - 1;
        Reaction::Edited
    }
}

/// `text` as it may stand in an editor: line feeds only, no control characters but tabs.
fn clean(text: &str) -> String {
    printable(&text.replace("\r\n", "\n").replace('\r', "\n")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyModifiers};

    fn editor(text: &str) -> Editor {
        Editor::prose(text)
    }

    fn keys(editor: &mut Editor, chords: &[Chord]) {
        for &chord in chords {
            assert_ne!(editor.key(&Keymap::default(), chord), Reaction::Ignored, "{chord}");
        }
    }

    const UNDO: Chord = Chord::ctrl('z');
    const REDO: Chord = Chord::ctrl('y');
    const LEFT: Chord = Chord::code(KeyCode::Left);
    const SHIFT_LEFT: Chord = Chord::with(KeyModifiers::SHIFT, KeyCode::Left);

    #[test]
    fn a_paste_is_one_edit_whatever_is_in_it() {
        let mut editor = editor("one");
        assert_eq!(editor.paste("\r\ntwo\u{1b}[2J\rthree\t"), Reaction::Edited);
        assert_eq!(editor.text(), "one\ntwo\u{FFFD}[2J\nthree\t");
        keys(&mut editor, &[UNDO]);
        assert_eq!(editor.text(), "one");
        keys(&mut editor, &[REDO]);
        assert_eq!(editor.cursor_line(), 2);
    }

    #[test]
    fn typing_is_undone_by_words() {
        let mut editor = editor("");
        for c in "two words".chars() {
            keys(&mut editor, &[Chord::char(c)]);
        }
        keys(&mut editor, &[UNDO]);
        assert!("two words".starts_with(&editor.text()) && editor.text().len() < 9, "{}", editor.text());
    }

    #[test]
    fn selected_text_is_known_replaced_and_cut() {
        let mut editor = editor("größe\nx");
        keys(&mut editor, &[SHIFT_LEFT, SHIFT_LEFT, SHIFT_LEFT]);
        assert_eq!(editor.selection().as_deref(), Some("e\nx"));
        assert_eq!(editor.key(&Keymap::default(), Chord::ctrl('x')), Reaction::Copied("e\nx".to_owned(), true));
        assert_eq!(editor.text(), "größ");
        keys(&mut editor, &[SHIFT_LEFT, Chord::char('s')]);
        assert_eq!(editor.text(), "grös");
        keys(&mut editor, &[SHIFT_LEFT, LEFT]);
        assert_eq!(editor.selection(), None);
    }

    #[test]
    fn words_are_moved_over_and_deleted_whole() {
        let mut editor = editor("GET /links");
        keys(&mut editor, &[Chord::with(KeyModifiers::CONTROL, KeyCode::Left)]);
        assert_eq!(editor.cursor_offset(), 5);
        keys(&mut editor, &[Chord::ctrl('w')]);
        assert_eq!(editor.text(), "GET links");
    }

    #[test]
    fn appended_text_leaves_the_cursor_where_one_types() {
        let mut editor = editor("typing here\n");
        keys(&mut editor, &[Chord::code(KeyCode::Up)]);
        let before = editor.cursor_offset();
        editor.append("- Q: how many?\n");
        assert_eq!((editor.cursor_offset(), editor.text().as_str()), (before, "typing here\n- Q: how many?\n"));
    }

    #[test]
    fn a_span_is_replaced() {
        let mut editor = Editor::code("ä: re\nb");
        assert_eq!(editor.replace(Span::new(4, 6), "redis"), Reaction::Edited);
        assert_eq!(editor.text(), "ä: redis\nb");
        assert_eq!(editor.cursor_offset(), 9);
    }

    #[test]
    fn designs_are_indented_and_an_empty_indented_line_ends_that() {
        let mut editor = Editor::code("GET /x @ 5k/s:");
        let enter = Chord::code(KeyCode::Enter);
        keys(&mut editor, &[enter, Chord::char('a'), enter]);
        assert_eq!(editor.text(), "GET /x @ 5k/s:\n    a\n    ");
        keys(&mut editor, &[enter]);
        assert_eq!(editor.text(), "GET /x @ 5k/s:\n    a\n");
    }

    #[test]
    fn a_list_goes_on_until_an_empty_point() {
        let mut editor = editor("- shorten a link");
        let enter = Chord::code(KeyCode::Enter);
        keys(&mut editor, &[enter, Chord::char('x'), enter]);
        assert_eq!(editor.text(), "- shorten a link\n- x\n- ");
        keys(&mut editor, &[enter]);
        assert_eq!(editor.text(), "- shorten a link\n- x\n");
    }

    #[test]
    fn a_template_is_entered_at_its_first_blank() {
        let mut editor = editor("Users can:\n- \n\nOut of scope: \n");
        editor.go_to_blank();
        assert_eq!((editor.cursor_line(), editor.cursor_offset()), (1, 13));
    }

    #[test]
    fn there_is_a_limit_and_it_is_said() {
        let mut editor = editor("");
        assert_eq!(editor.paste(&"x".repeat(LARGEST)), Reaction::Edited);
        assert_eq!(editor.key(&Keymap::default(), Chord::char('x')), Reaction::Full);
    }
}
