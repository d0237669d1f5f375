//! How the library is drawn.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Narrowing, Places, State, places};
use crate::content::{Entry, ItemKind};
use crate::tui::context::Context;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, Input, fit, input, list, width};

/// From this width on, the numbers say what they mean beside their figures.
const WITH_MEANING: usize = 96;

impl State {
    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let kind = self.shelf.kind();
        let Places { tabs, list, bar, page, page_pane } = places(area, self.on_page, kind);
        draw_tabs(canvas, tabs, kind);
        if let Some(bar) = bar {
            canvas.divide(bar);
        }
        if let Some(pane) = list {
            self.draw_shelf(canvas, pane, ctx);
        }
        if let (Some(page), Some(pane)) = (page, page_pane) {
            let (title, aside) = self.page_title(page);
            canvas.pane(pane, &title, &aside, self.on_page);
            self.reader.draw(canvas, page);
            if self.reader.id().is_none() {
                canvas.put(page, 0, "  Nothing to read.", Role::Muted);
            }
        }
    }

    /// The page's shelf and its place on it; how far one has read and how many pages one can go back.
    fn page_title(&self, page: Rect) -> (String, String) {
        let Some(kind) = self.reader.kind() else { return (String::new(), String::new()) };
        let place = self.shelf.shown().position(|entry| Some(entry.id.as_str()) == self.reader.id());
        let (shown, _) = self.shelf.counts();
        let title = match place.filter(|_| kind == self.shelf.kind()) {
            Some(at) => format!("{} {} of {shown}", kind.plural(), at + 1),
            None => kind.plural().to_owned(),
        };
        let back = match self.reader.depth() {
            0 => String::new(),
            1 => "1 page back  ".to_owned(),
            pages => format!("{pages} pages back  "),
        };
        (title, format!("{back}{}", self.reader.progress(page)).trim_end().to_owned())
    }

    fn draw_shelf(&self, canvas: &mut Canvas<'_>, pane: Rect, ctx: &Context<'_>) {
        if let Some(Narrowing::Tag { input, list }) = &self.narrowing {
            self.draw_tags(canvas, pane, input, list);
            return;
        }
        let typing = matches!(self.narrowing, Some(Narrowing::Letters));
        let (shown, all) = self.shelf.counts();
        let count = if shown == all { all.to_string() } else { format!("{shown} of {all}") };
        let aside = format!("{} {count}", self.shelf.narrowed_by());
        let letters = typing || !self.shelf.filter().text().is_empty();
        let title = if letters { "" } else { self.shelf.kind().plural() };
        canvas.pane(pane, title, aside.trim(), !self.on_page);
        if letters {
            let taken = width(&aside) as u16 + 4;
            draw_letters(canvas, pane, taken, self.shelf.filter(), typing);
        }
        let rows = self.rows(pane);
        if shown == 0 {
            let words = if all == 0 { "This shelf is empty." } else { "Nothing here matches; Esc shows all." };
            canvas.put(rows, 0, &format!("  {words}"), Role::Muted);
        }
        let cells = usize::from(rows.width).saturating_sub(2);
        let lines: Vec<Line<'_>> = if self.shelf.kind() == ItemKind::Number {
            let columns = Columns::new(self.shelf.shown(), cells);
            columns.head(canvas, Rect { y: rows.y.saturating_sub(1), height: 1, ..rows });
            self.shelf.shown().map(|entry| columns.row(canvas.theme, entry, ctx)).collect()
        } else {
            self.shelf.shown().map(|entry| row(canvas.theme, entry, cells)).collect()
        };
        list(canvas, rows, self.shelf.list(), &lines, !self.on_page);
    }

    fn draw_tags(&self, canvas: &mut Canvas<'_>, pane: Rect, letters: &Input, chosen: &crate::tui::widgets::List) {
        canvas.pane(pane, "", "tags", true);
        draw_letters(canvas, pane, 8, letters, true);
        let rows = self.rows(pane);
        let tags = self.shelf.tags(letters.text());
        if tags.is_empty() {
            canvas.put(rows, 0, "  No tag matches.", Role::Muted);
        }
        let line = |(tag, count): &(Option<String>, usize)| {
            let name = tag.as_ref().map_or_else(|| "everything".to_owned(), |tag| format!("#{tag}"));
            let text = fit(&name, usize::from(rows.width).saturating_sub(8), canvas.theme.ellipsis()).into_owned();
            Line::from(vec![
                Span::styled(text, canvas.style(Role::Text)),
                Span::styled(format!("  {count}"), canvas.style(Role::Muted)),
            ])
        };
        let lines: Vec<Line<'_>> = tags.iter().map(line).collect();
        list(canvas, rows, chosen, &lines, true);
    }

    /// Where the rows of the shelf stand in its pane: below the title, and for the numbers below their heads.
    pub(super) fn rows(&self, pane: Rect) -> Rect {
        let numbers = self.shelf.kind() == ItemKind::Number && !matches!(self.narrowing, Some(Narrowing::Tag { .. }));
        let above = (1 + u16::from(numbers)).min(pane.height);
        Rect { y: pane.y + above, height: pane.height - above, ..pane }
    }
}

/// The letters that narrow a shelf, on its title's rule.
fn draw_letters(canvas: &mut Canvas<'_>, pane: Rect, taken: u16, letters: &Input, typing: bool) {
    let room = pane.width.saturating_sub(taken + 2);
    let line = Rect { x: pane.x + 1.min(pane.width), width: room, height: pane.height.min(1), ..pane };
    canvas.clear(line);
    let cursor = canvas.cursor;
    input(canvas, line, " f ", letters, "a few letters");
    if !typing {
        canvas.cursor = cursor;
    }
}

/// The shelves' names, with their keys where there is room for both; only the name of the one shown where there is not even room for the names.
fn tab_names(kind: ItemKind, cells: u16) -> Vec<(usize, String)> {
    let all: Vec<(usize, String)> = ItemKind::SHELVES
        .iter()
        .enumerate()
        .map(|(at, kind)| (at, format!(" {} {} ", at + 1, kind.plural())))
        .collect();
    if all.iter().map(|(_, name)| width(name)).sum::<usize>() <= usize::from(cells) {
        return all;
    }
    let bare: Vec<(usize, String)> =
        ItemKind::SHELVES.iter().enumerate().map(|(at, kind)| (at, format!(" {}", kind.plural()))).collect();
    if bare.iter().map(|(_, name)| width(name)).sum::<usize>() <= usize::from(cells) {
        return bare;
    }
    let short: Vec<(usize, String)> = ItemKind::SHELVES
        .iter()
        .enumerate()
        .map(|(at, known)| {
            let shown = *known == kind;
            (at, if shown { format!(" {} {} ", at + 1, known.plural()) } else { format!(" {} ", at + 1) })
        })
        .collect();
    short
}

/// The shelf whose name stands at column `x`.
pub(super) fn tab_at(area: Rect, kind: ItemKind, x: u16) -> Option<usize> {
    let mut right = area.x;
    let names = tab_names(kind, area.width);
    let tab = names.iter().find(|(_, name)| {
        right += width(name) as u16;
        x < right
    });
    tab.map(|(at, _)| *at)
}

fn draw_tabs(canvas: &mut Canvas<'_>, area: Rect, kind: ItemKind) {
    let mut line = Line::default();
    for (at, name) in tab_names(kind, area.width) {
        let shown = ItemKind::SHELVES[at] == kind;
        let style = if shown { canvas.theme.bold(Role::Accent) } else { canvas.style(Role::Muted) };
        line.push_span(Span::styled(name, style));
    }
    canvas.line(area, 0, &line);
}

/// A row of a shelf: number, title, and at the right what tells it apart.
fn row<'a>(theme: &Theme, entry: &Entry, cells: usize) -> Line<'a> {
    let number = entry.number.map(|number| format!("{number:03} ")).unwrap_or_default();
    let aside_room = if cells >= 60 { cells / 3 } else { 0 };
    let aside = fit(&entry.aside, aside_room, theme.ellipsis()).into_owned();
    let room = cells.saturating_sub(width(&number) + width(&aside) + 2 * usize::from(!aside.is_empty()));
    let title = fit(&entry.title, room, theme.ellipsis()).into_owned();
    let gap = " ".repeat(room.saturating_sub(width(&title)) + 2 * usize::from(!aside.is_empty()));
    Line::from(vec![
        Span::styled(number, theme.style(Role::Muted)),
        Span::styled(title, theme.style(Role::Text)),
        Span::styled(format!("{gap}{aside}"), theme.style(Role::Muted)),
    ])
}

/// The columns of the numbers.
struct Columns {
    title: usize,
    figure: usize,
    means: usize,
}

impl Columns {
    fn new<'a>(entries: impl Iterator<Item = &'a Entry>, cells: usize) -> Self {
        let (mut title, mut figure) = (8, 6);
        for entry in entries {
            title = title.max(width(&entry.title));
            figure = figure.max(width(&entry.aside));
        }
        figure = figure.min(cells / 3);
        title =
            title.min(cells.saturating_sub(figure + 2)).min(if cells >= WITH_MEANING { cells * 2 / 5 } else { cells });
        let means = cells.saturating_sub(title + figure + 4);
        Self { title, figure, means: if means >= 20 { means } else { 0 } }
    }

    fn head(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let text = format!("  {:<title$}  {:>figure$}", "What", "Figure", title = self.title, figure = self.figure);
        let means = if self.means > 0 { "  What it means" } else { "" };
        canvas.put(area, 0, &format!("{text}{means}"), Role::Muted);
    }

    fn row<'a>(&self, theme: &Theme, entry: &Entry, ctx: &Context<'_>) -> Line<'a> {
        let cell = |text: &str, cells: usize| fit(text, cells, theme.ellipsis()).into_owned();
        let title = cell(&entry.title, self.title);
        let figure = cell(&entry.aside, self.figure);
        let means = ctx.bank.numbers().iter().find(|number| number.id == entry.id).map_or("", |number| &number.means);
        let means = cell(means, self.means);
        let after_title = " ".repeat(self.title.saturating_sub(width(&title)) + 2);
        let before_figure = " ".repeat(self.figure.saturating_sub(width(&figure)));
        Line::from(vec![
            Span::styled(format!("{title}{after_title}{before_figure}"), theme.style(Role::Text)),
            Span::styled(figure, theme.bold(Role::Text)),
            Span::styled(format!("  {means}"), theme.style(Role::Muted)),
        ])
    }
}
