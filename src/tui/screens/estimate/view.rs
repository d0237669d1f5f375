//! How the estimator is drawn.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{State, below};
use crate::store::SheetSummary;
use crate::tui::context::Context;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, ago, fit, list, width};

/// The place below the title and the pane's rule.
pub(super) fn body(area: Rect) -> Rect {
    below(below(area))
}

/// What a sheet is called: its first heading, else its first line.
pub(super) fn title_of(lines: &[String]) -> Option<&str> {
    let mut full = lines.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let first = full.clone().next();
    full.find(|line| line.starts_with('#')).or(first).map(|line| line.trim_start_matches(['#', '/', ' ']))
}

impl State {
    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let name = title_of(self.pane.editor.lines()).unwrap_or("a new sheet");
        let room = usize::from(area.width).saturating_sub(16);
        let title = Line::from(vec![
            Span::styled(" Estimator ", canvas.theme.bold(Role::Accent)),
            Span::styled(format!(" {}", fit(name, room, canvas.theme.ellipsis())), canvas.style(Role::Text)),
        ]);
        canvas.line(area, 0, &title);
        let pane = below(area);
        if self.list.is_some() {
            self.draw_sheets(canvas, pane, ctx);
            return;
        }
        let inner = canvas.pane(pane, "Sheet", &self.pane.aside(), !self.reading);
        self.pane.draw(canvas, inner, !self.reading, self.reading, ctx.now);
    }

    fn draw_sheets(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let damaged = self.listing.as_ref().map_or(0, |listing| listing.damaged.len());
        let aside = if damaged > 0 { format!("{damaged} can't be read") } else { String::new() };
        let inner = canvas.pane(area, "Sheets", &aside, true);
        let sheets = self.sheets();
        if sheets.is_empty() {
            let words = if self.listing.is_some() { "None yet: what you type is kept here." } else { "" };
            canvas.put(inner, 0, words, Role::Muted);
        }
        let cells = usize::from(inner.width).saturating_sub(2);
        let rows: Vec<Line<'_>> = sheets.iter().map(|sheet| self.sheet_line(canvas.theme, sheet, ctx, cells)).collect();
        if let Some(state) = &self.list {
            list(canvas, inner, state, &rows, true);
        }
    }

    fn sheet_line<'a>(&self, theme: &Theme, sheet: &'a SheetSummary, ctx: &Context<'_>, cells: usize) -> Line<'a> {
        let open = if sheet.id == self.id { "open  " } else { "" };
        let lines = if sheet.lines == 1 { "1 line".to_owned() } else { format!("{} lines", sheet.lines) };
        let tail = format!("{open}{lines:>9}  {:>11}", ago(ctx.now, sheet.saved));
        let room = cells.saturating_sub(width(&tail) + 2);
        let title = if sheet.title.is_empty() { "empty" } else { &sheet.title };
        let name = fit(title, room, theme.ellipsis()).into_owned();
        let gap = " ".repeat(room.saturating_sub(width(&name)) + 2);
        Line::from(vec![
            Span::styled(format!("{name}{gap}"), theme.style(Role::Text)),
            Span::styled(tail, theme.style(Role::Muted)),
        ])
    }
}
