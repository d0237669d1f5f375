//! A page taller than the screen: laid out from top to bottom, then shown through a window that scrolls.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};
use ratatui::text::Line;

use super::{Canvas, Column, table, wrap};
use crate::tui::theme::{Role, Theme};

/// Rows that a page has at most; what lies beyond is not drawn.
const TALLEST: u16 = 600;

/// A page being laid out.
pub struct Page<'a> {
    buf: Buffer,
    /// What roles look like.
    pub theme: &'a Theme,
    /// Its width in cells.
    pub width: u16,
    row: u16,
}

impl<'a> Page<'a> {
    /// An empty page of that width.
    pub fn new(theme: &'a Theme, width: u16) -> Self {
        Self { buf: Buffer::empty(Rect::new(0, 0, width, 0)), theme, width, row: 0 }
    }

    /// Rows laid out so far.
    pub fn rows(&self) -> usize {
        usize::from(self.row)
    }

    /// The style's own words for a heading of a part.
    pub fn heading(&mut self, text: &str) {
        if self.row > 0 {
            self.gap();
        }
        let style = self.theme.bold(Role::Accent);
        self.line(&Line::styled(text.to_owned(), style));
    }

    /// Leaves a row free.
    pub fn gap(&mut self) {
        self.block(1, |_, _| ());
    }

    /// A row of text, cut where it doesn't fit.
    pub fn text(&mut self, text: &str, role: Role) {
        self.block(1, |canvas, area| canvas.put(area, 0, text, role));
    }

    /// A row of several styles.
    pub fn line(&mut self, line: &Line<'_>) {
        self.block(1, |canvas, area| {
            canvas.line(area, 0, line);
        });
    }

    /// Text in as many rows as it takes.
    pub fn wrapped(&mut self, text: &str, role: Role) {
        for line in wrap(text, usize::from(self.width)) {
            self.text(&line, role);
        }
    }

    /// A table with its head.
    pub fn table(&mut self, columns: &[Column], rows: &[Vec<(String, Role)>]) {
        let height = rows.len().saturating_add(1).min(usize::from(TALLEST)) as u16;
        self.block(height, |canvas, area| {
            table(canvas, area, columns, rows, 0);
        });
    }

    /// So many rows for `draw`, as far as the page goes.
    pub fn block(&mut self, height: u16, draw: impl FnOnce(&mut Canvas<'_>, Rect)) {
        let area = Rect::new(0, self.row, self.width, height.min(TALLEST.saturating_sub(self.row)));
        let mut blank = Cell::default();
        blank.set_style(self.theme.base());
        self.buf.area.height = area.bottom();
        self.buf.content.resize(usize::from(self.width) * usize::from(area.bottom()), blank);
        draw(&mut Canvas { buf: &mut self.buf, theme: self.theme, cursor: None }, area);
        self.row = area.bottom();
    }

    /// Shows the page in `area` from row `scroll` on; where there is more below, it says so.
    pub fn show(self, canvas: &mut Canvas<'_>, area: Rect, scroll: usize) {
        let (all, visible) = (usize::from(self.row), usize::from(area.height));
        let scroll = scroll.min(all.saturating_sub(visible));
        for row in 0..area.height.min((all - scroll) as u16) {
            for x in 0..area.width.min(self.width) {
                let target = Position { x: area.x + x, y: area.y + row };
                if canvas.buf.area.contains(target) {
                    canvas.buf[target] = self.buf[(x, row + scroll as u16)].clone();
                }
            }
        }
        if scroll + visible < all && area.height > 0 {
            let more = canvas.theme.sign(" ▾ more ", " v more ");
            canvas.put_right(area, area.height - 1, more, Role::Muted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_shown_through_a_window_that_stays_on_it() {
        let theme = Theme::mono(true);
        let mut page = Page::new(&theme, 8);
        for row in 0..5 {
            page.text(&format!("row {row}"), Role::Text);
        }
        assert_eq!(page.rows(), 5);
        let area = Rect::new(0, 0, 8, 2);
        let mut buf = Buffer::empty(area);
        page.show(&mut Canvas::new(&mut buf, &theme), area, 99);
        let line = |y| (0..8).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        assert_eq!([line(0), line(1)], ["row 3", "row 4"]);
    }

    #[test]
    fn a_page_ends_where_it_may_not_grow() {
        let theme = Theme::mono(true);
        let mut page = Page::new(&theme, 4);
        for _ in 0..700 {
            page.wrapped("one two", Role::Text);
        }
        assert_eq!(page.rows(), usize::from(TALLEST));
    }
}
