//! The frame being drawn, and the few strokes that everything is made of.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::Style;
use ratatui::text::Line;

use super::{fit, width};
use crate::source::printable;
use crate::tui::theme::{Role, Theme};

/// A frame being drawn.
pub struct Canvas<'a> {
    /// The cells.
    pub buf: &'a mut Buffer,
    /// What roles look like.
    pub theme: &'a Theme,
    /// Where the terminal's cursor is to stand: the last to place it wins.
    pub cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    /// A canvas over `buf`, filled with the theme's ground.
    pub fn new(buf: &'a mut Buffer, theme: &'a Theme) -> Self {
        buf.set_style(buf.area, theme.base());
        Self { buf, theme, cursor: None }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.theme.style(role)
    }

    /// Writes `text` from the left of row `row` of `area`, cut where it doesn't fit.
    pub fn put(&mut self, area: Rect, row: u16, text: &str, role: Role) {
        self.put_styled(area, row, text, self.theme.style(role));
    }

    /// Writes `text` in a style of its own.
    pub fn put_styled(&mut self, area: Rect, row: u16, text: &str, style: Style) {
        let Some(line) = self.row(area, row) else { return };
        let text = printable(text);
        let shown = fit(&text, line.width as usize, self.theme.ellipsis());
        self.buf.set_stringn(line.x, line.y, shown, line.width as usize, style);
    }

    /// Writes `text` at the right of row `row` of `area`; returns the cells it took.
    pub fn put_right(&mut self, area: Rect, row: u16, text: &str, role: Role) -> u16 {
        let Some(line) = self.row(area, row) else { return 0 };
        let taken = (width(text) as u16).min(line.width);
        let cell = Rect { x: line.right() - taken, width: taken, ..line };
        self.put(cell, 0, text, role);
        taken
    }

    /// Writes a line of several styles from the left of row `row` of `area`; returns the cells it took.
    pub fn line(&mut self, area: Rect, row: u16, line: &Line<'_>) -> u16 {
        let Some(cells) = self.row(area, row) else { return 0 };
        let mut x = cells.x;
        for span in &line.spans {
            let style = line.style.patch(span.style);
            let room = usize::from(cells.right() - x);
            (x, _) = self.buf.set_stringn(x, cells.y, printable(&span.content), room, style);
        }
        x - cells.x
    }

    /// A pane: its title on a rule, and the area below. The rule is in the accent where the pane has the focus.
    pub fn pane(&mut self, area: Rect, title: &str, aside: &str, focused: bool) -> Rect {
        let frame = self.theme.style(if focused { Role::Accent } else { Role::Border });
        self.rule(area, 0, frame);
        let heading = if focused { self.theme.bold(Role::Accent) } else { self.theme.style(Role::Muted) };
        let mark = if focused { self.theme.sign("▸ ", "> ") } else { "" };
        if area.width > 4 {
            let label = Rect { x: area.x + 1, width: area.width - 2, ..area };
            let text = if title.is_empty() { String::new() } else { format!(" {mark}{title} ") };
            self.put_styled(label, 0, &text, heading);
            let used = width(&text) as u16;
            if !aside.is_empty() && usize::from(used) + width(aside) + 4 <= usize::from(label.width) {
                self.put_right(label, 0, &format!(" {aside} "), Role::Muted);
            }
        }
        Rect { y: area.y.saturating_add(1), height: area.height.saturating_sub(1), ..area }
    }

    /// A pane with several faces: their names on the rule, the one that is shown in bold.
    pub fn tabs(&mut self, area: Rect, names: &[&str], shown: usize, aside: &str, focused: bool) -> Rect {
        if names.len() == 1 {
            return self.pane(area, names[0], aside, focused);
        }
        let wide: usize = names.iter().map(|name| width(name) + 2).sum();
        let aside = if wide + width(aside) + 6 <= usize::from(area.width) { aside } else { "" };
        let inner = self.pane(area, "", aside, focused);
        let label = Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area };
        let mut line = Line::default();
        let gap = if wide + 2 <= usize::from(label.width) { " " } else { "" };
        for (at, name) in names.iter().enumerate() {
            let style = match (at == shown, focused) {
                (true, true) => self.theme.bold(Role::Accent),
                (true, false) => self.theme.bold(Role::Text),
                _ => self.theme.style(Role::Muted),
            };
            let mark = if at == shown && focused { self.theme.sign("▸ ", "> ") } else { "" };
            line.push_span(ratatui::text::Span::styled(format!(" {mark}{name}{gap}"), style));
        }
        self.line(label, 0, &line);
        inner
    }

    /// A horizontal rule through row `row` of `area`.
    pub fn rule(&mut self, area: Rect, row: u16, style: Style) {
        let Some(line) = self.row(area, row) else { return };
        let dash = self.theme.sign("─", "-");
        for x in line.left()..line.right() {
            self.buf[(x, line.y)].set_symbol(dash).set_style(style);
        }
    }

    /// A vertical rule down the first column of `area`.
    pub fn bar(&mut self, area: Rect) {
        let area = area.intersection(self.buf.area);
        let style = self.theme.style(Role::Border);
        for y in area.top()..area.bottom() {
            if area.width > 0 {
                self.buf[(area.x, y)].set_symbol(self.theme.sign("│", "|")).set_style(style);
            }
        }
    }

    /// A vertical rule between two panes, joined to the rules of their titles, which are in its first row.
    pub fn divide(&mut self, area: Rect) {
        self.bar(area);
        let next = Rect { x: area.x.saturating_add(1), height: area.height.min(1), ..area };
        self.rule(next, 0, self.theme.style(Role::Border));
        if let (false, Some(row)) = (self.theme.ascii, self.row(area, 0)) {
            self.buf[(row.x, row.y)].set_symbol("┬");
        }
    }

    /// A frame around `area`, cleared inside; returns what is inside.
    pub fn frame(&mut self, area: Rect, title: &str) -> Rect {
        let area = area.intersection(self.buf.area);
        self.clear(area);
        if area.width < 2 || area.height < 2 {
            return Rect { width: 0, height: 0, ..area };
        }
        let style = self.theme.style(Role::Accent);
        let corners = self.theme.sign(["╭", "╮", "╰", "╯"], ["+", "+", "+", "+"]);
        for row in [0, area.height - 1] {
            self.rule(area, row, style);
        }
        for y in area.top() + 1..area.bottom() - 1 {
            for x in [area.left(), area.right() - 1] {
                self.buf[(x, y)].set_symbol(self.theme.sign("│", "|")).set_style(style);
            }
        }
        let ends = [
            (area.left(), area.top()),
            (area.right() - 1, area.top()),
            (area.left(), area.bottom() - 1),
            (area.right() - 1, area.bottom() - 1),
        ];
        for (at, corner) in ends.into_iter().zip(corners) {
            self.buf[at].set_symbol(corner);
        }
        let label = Rect { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
        if !title.is_empty() {
            self.put_styled(label, 0, &format!(" {title} "), self.theme.bold(Role::Accent));
        }
        let inner = Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2);
        if inner.width > 4 { Rect { x: inner.x + 1, width: inner.width - 2, ..inner } } else { inner }
    }

    /// Empties `area` down to the ground.
    pub fn clear(&mut self, area: Rect) {
        let area = area.intersection(self.buf.area);
        for position in area.positions() {
            let cell = &mut self.buf[position];
            cell.reset();
            cell.set_style(self.theme.base());
        }
    }

    /// Lays the style of a role over `area`.
    pub fn tint(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buf.area);
        self.buf.set_style(area, self.theme.style(role));
    }

    /// Row `row` of `area` as far as it is on the screen.
    fn row(&self, area: Rect, row: u16) -> Option<Rect> {
        if row >= area.height {
            return None;
        }
        let line = Rect { y: area.y.saturating_add(row), height: 1, ..area }.intersection(self.buf.area);
        (!line.is_empty()).then_some(line)
    }
}

/// `area` in rows of these heights.
pub fn rows<const N: usize>(area: Rect, heights: [Constraint; N]) -> [Rect; N] {
    Layout::vertical(heights).areas(area)
}

/// `area` in columns of these widths, one free cell between two.
pub fn columns<const N: usize>(area: Rect, widths: [Constraint; N]) -> [Rect; N] {
    Layout::horizontal(widths).spacing(1).areas(area)
}
