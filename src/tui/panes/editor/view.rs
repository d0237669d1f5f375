//! How an editor is drawn: the text, marks by role over it, and what there is to say under the line of the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::widgets::Widget;
use unicode_width::UnicodeWidthChar;

use super::Editor;
use crate::source::Span;
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, wrap};

/// Cells left of the text where there is a gutter: a sign and a space.
const GUTTER: u16 = 2;
/// Cells that the editor's tabs are apart.
const TAB: usize = 4;

/// A stretch of text with a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Bytes of the text.
    pub span: Span,
    /// What it is.
    pub role: Role,
    /// Whether it is underlined, as the cause of a finding is.
    pub underlined: bool,
}

/// What is shown with the text.
#[derive(Clone, Debug, Default)]
pub struct Shown<'a> {
    /// Marks; later ones lie over earlier ones.
    pub marks: &'a [Mark],
    /// Signs in the gutter: the line from 0, the sign and its role. `None`: no gutter.
    pub signs: Option<&'a [(usize, &'static str, Role)]>,
    /// Lines put under the cursor's line.
    pub below: &'a [(String, Role)],
    /// Whether the terminal's cursor stands here.
    pub focused: bool,
    /// What is shown where there is no text.
    pub placeholder: &'a str,
}

/// Where the parts of an editor are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The cells of the text itself.
    text: Rect,
    /// Lines under the cursor's line that there is room for.
    below: u16,
}

impl Layout {
    /// The parts of an editor in `area`, with or without a gutter, that has `below` lines to say under the cursor's line.
    pub fn new(area: Rect, gutter: bool, below: usize) -> Self {
        let gutter = if gutter { GUTTER.min(area.width) } else { 0 };
        // At least the cursor's line and one above and below stay to be seen.
        let below = (below as u16).min(area.height.saturating_sub(3));
        let text = Rect { x: area.x + gutter, width: area.width - gutter, height: area.height - below, ..area };
        Self { text, below }
    }
}

/// A row of the screen: the line it belongs to and the first of its characters there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    line: usize,
    first: usize,
}

impl Editor {
    /// Draws the editor; returns where its cursor is if it is on the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, shown: &Shown<'_>) -> Option<Position> {
        let area = area.intersection(canvas.buf.area);
        let Layout { text, below } = Layout::new(area, shown.signs.is_some(), shown.below.len());
        if text.is_empty() {
            return None;
        }
        let mut drawn = Buffer::empty(text);
        drawn.set_style(text, canvas.theme.base());
        (&self.area).render(text, &mut drawn);
        let rows = self.rows(text);
        self.paint(canvas, &mut drawn, &rows, text, shown.marks);
        if self.is_empty() && !shown.placeholder.is_empty() {
            let mut inner = Canvas::new(&mut drawn, canvas.theme);
            for (row, line) in wrap(shown.placeholder, usize::from(text.width)).iter().enumerate() {
                inner.put(text, row as u16, line, Role::Muted);
            }
        }
        let after = if below > 0 { self.last_row_of_cursor(&rows) + 1 } else { text.height };
        for row in 0..text.height {
            let target = text.y + row + if row >= after { below } else { 0 };
            copy_row(&drawn, text.y + row, canvas.buf, target);
            Self::sign(canvas, &rows, row, Rect { y: target, height: 1, ..area }, shown);
        }
        for (at, (line, role)) in shown.below.iter().take(usize::from(below)).enumerate() {
            let cells = Rect { y: text.y + after + at as u16, height: 1, ..text };
            canvas.clear(Rect { x: area.x, width: area.width, ..cells });
            canvas.put(cells, 0, line, *role);
        }
        let cursor = self.area.rendered_cursor_position().filter(|cursor| text.contains(*cursor));
        if shown.focused && cursor.is_some() {
            canvas.cursor = cursor;
        }
        cursor
    }

    /// The rows of the screen that hold text, as last drawn in `text`.
    fn rows(&self, text: Rect) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::with_capacity(usize::from(text.height));
        for y in text.top()..text.bottom() {
            let Some((line, first)) = self.area.cursor_at_position(Position { x: text.x, y }) else { break };
            let row = Row { line, first };
            // Below the last line the widget answers with that line again.
            if rows.last() == Some(&row) {
                break;
            }
            rows.push(row);
        }
        rows
    }

    /// The lines on the screen, as last drawn with that layout: each from 0, with the row of the screen it begins on.
    pub fn line_tops(&self, Layout { text, below }: Layout) -> Vec<(usize, u16)> {
        let rows = self.rows(text);
        let after = if below > 0 { self.last_row_of_cursor(&rows) + 1 } else { text.height };
        let place = |(at, row): (usize, &Row)| {
            let y = text.y + at as u16 + if at as u16 >= after { below } else { 0 };
            (row.first == 0).then_some((row.line, y))
        };
        rows.iter().enumerate().filter_map(place).collect()
    }

    fn last_row_of_cursor(&self, rows: &[Row]) -> u16 {
        let line = self.cursor_line();
        rows.iter().rposition(|row| row.line == line).unwrap_or(0) as u16
    }

    /// Lays marks and selection over the drawn text.
    fn paint(&self, canvas: &Canvas<'_>, drawn: &mut Buffer, rows: &[Row], text: Rect, marks: &[Mark]) {
        let selection = self.area.selection_range().filter(|(start, end)| start != end);
        let lines = self.area.lines();
        let Some(first) = rows.first() else { return };
        let mut start: usize = lines.iter().take(first.line).map(|line| line.len() + 1).sum();
        let mut line_of_start = first.line;
        for (at, row) in rows.iter().enumerate() {
            while line_of_start < row.line {
                start += lines[line_of_start].len() + 1;
                line_of_start += 1;
            }
            let until = rows.get(at + 1).filter(|next| next.line == row.line).map_or(usize::MAX, |next| next.first);
            let mut x = 0;
            for (column, (byte, c)) in lines[row.line].char_indices().enumerate().take(until).skip(row.first) {
                let cells = if c == '\t' { TAB - x % TAB } else { c.width().unwrap_or(0) };
                let offset = start + byte;
                let covered = marks.iter().filter(|mark| (mark.span.start..mark.span.end).contains(&offset));
                let selected =
                    selection.is_some_and(|(from, to)| from <= (row.line, column) && (row.line, column) < to);
                for cell in x..x + cells {
                    let (x, y) = (text.x + cell as u16, text.y + at as u16);
                    if cell >= usize::from(text.width) {
                        break;
                    }
                    let target = &mut drawn[(x, y)];
                    for mark in covered.clone() {
                        let style = canvas.style(mark.role);
                        let line = if mark.underlined { Modifier::UNDERLINED } else { Modifier::empty() };
                        target.set_style(style.add_modifier(line));
                    }
                    if selected {
                        target.set_style(canvas.style(Role::Selection));
                    }
                }
                x += cells;
            }
        }
    }

    fn sign(canvas: &mut Canvas<'_>, rows: &[Row], row: u16, area: Rect, shown: &Shown<'_>) {
        let Some(signs) = shown.signs else { return };
        let Some(row) = rows.get(usize::from(row)).filter(|row| row.first == 0) else { return };
        if let Some((_, sign, role)) = signs.iter().find(|(line, ..)| *line == row.line) {
            canvas.put(Rect { width: 1.min(area.width), ..area }, 0, sign, *role);
        }
    }

    /// The line and column of a cell of the screen.
    pub(super) fn cell(&self, Layout { text, below }: Layout, at: Position) -> Option<(usize, usize)> {
        let gutter = GUTTER.min(text.x);
        let area = Rect { x: text.x - gutter, width: text.width + gutter, height: text.height + below, ..text };
        if !area.contains(at) || text.is_empty() {
            return None;
        }
        let rows = self.rows(text);
        let after = if below > 0 { text.y + self.last_row_of_cursor(&rows) + 1 } else { text.bottom() };
        let y = if at.y < after { at.y } else { at.y.saturating_sub(below).max(after.saturating_sub(1)) };
        let x = at.x.max(text.x);
        self.area.cursor_at_position(Position { x, y: y.clamp(text.top(), text.bottom() - 1) })
    }
}

fn copy_row(from: &Buffer, row: u16, to: &mut Buffer, target: u16) {
    for x in from.area.left()..from.area.right() {
        if to.area.contains(Position { x, y: target }) {
            to[(x, target)] = from[(x, row)].clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;

    fn drawn(editor: &Editor, shown: &Shown<'_>, width: u16, height: u16) -> (Vec<String>, Option<Position>) {
        let area = Rect::new(0, 0, width, height);
        let mut buf = Buffer::empty(area);
        let theme = Theme::mono(false);
        let cursor = editor.draw(&mut Canvas::new(&mut buf, &theme), area, shown);
        let rows = (0..height).map(|y| {
            let row: String = (0..width).map(|x| buf[(x, y)].symbol()).collect();
            row.trim_end().to_owned()
        });
        (rows.collect(), cursor)
    }

    #[test]
    fn a_finding_stands_under_the_line_of_the_cursor_even_if_it_wraps() {
        let mut editor = Editor::code("api -> cache -> db\nnext");
        editor.go_to_line(0);
        let below = [("unknown".to_owned(), Role::Bad)];
        let shown = Shown { below: &below, signs: Some(&[(0, "x", Role::Bad)]), ..Shown::default() };
        let (rows, cursor) = drawn(&editor, &shown, 14, 6);
        assert_eq!(rows, ["x api ->", "  cache -> db", "  unknown", "  next", "", ""]);
        assert_eq!(cursor, Some(Position { x: 2, y: 0 }));
    }

    #[test]
    fn the_mouse_finds_the_text_it_points_at() {
        let mut editor = Editor::code("one\ntwo three\nfour");
        editor.go_to_line(0);
        let below = [("a finding".to_owned(), Role::Bad)];
        let shown = Shown { below: &below, ..Shown::default() };
        let area = Rect::new(0, 0, 12, 6);
        drawn(&editor, &shown, 12, 6);
        let layout = Layout::new(area, false, below.len());
        assert!(editor.click(layout, Position { x: 4, y: 2 }, false));
        assert_eq!(editor.cursor_offset(), 8);
        assert!(!editor.click(layout, Position { x: 9, y: 9 }, false));
    }

    #[test]
    fn marks_and_selection_cover_their_text_alone() {
        let editor = Editor::prose("本 p99 < 1ms");
        let marks = [Mark { span: Span::new(4, 13), role: Role::Accent, underlined: true }];
        let area = Rect::new(0, 0, 20, 1);
        let mut buf = Buffer::empty(area);
        let theme = Theme::mono(false);
        let shown = Shown { marks: &marks, ..Shown::default() };
        editor.draw(&mut Canvas::new(&mut buf, &theme), area, &shown);
        let marked: String = (0..20)
            .filter(|&x| buf[(x, 0)].modifier.contains(Modifier::UNDERLINED))
            .map(|x| buf[(x, 0)].symbol())
            .collect();
        assert_eq!(marked, "p99 < 1ms");
    }

    #[test]
    fn no_area_is_too_small() {
        let editor = Editor::code("a -> b\n日本語");
        let below = [("finding".to_owned(), Role::Bad)];
        for width in 0..6 {
            for height in 0..6 {
                let shown = Shown { below: &below, signs: Some(&[]), focused: true, ..Shown::default() };
                drawn(&editor, &shown, width, height);
            }
        }
    }
}
