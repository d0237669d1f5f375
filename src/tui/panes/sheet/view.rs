//! How a sheet is drawn.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::{SheetPane, details};
use crate::clock::Timestamp;
use crate::estimate::{self, LineKind, Outcome, highlight};
use crate::source::{Severity, Span};
use crate::tui::panes::editor::{Layout, Mark, Shown};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, fit, width, wrap};
use crate::units::Rounding;

/// From this width on what there is to know about a line stands beside the sheet.
const BESIDE: u16 = 104;
/// From this height on it stands below.
const BELOW: u16 = 10;
/// Lines under the cursor's line at most.
const MOST_BELOW: usize = 5;
/// Cells left of the text: a sign and a space.
const GUTTER: u16 = 2;
/// What an empty sheet says.
const PLACEHOLDER: &str = "users = 100M users\nusers * 2 to 5 posts/user/day\nstorage(prev, 500 B, 5 years, 3)\n\nOne line at a time; results stand at the right.";

/// Where everything is.
pub(super) struct Places {
    /// The text; results may reach into its free cells.
    pub text: Rect,
    /// Text and results.
    pub sheet: Rect,
    /// What there is to know about the cursor's line, with its title.
    pub details: Rect,
    /// The rule between the sheet and what stands beside it.
    pub bar: Option<Rect>,
}

pub(super) fn places(area: Rect) -> Places {
    let (sheet, details, bar) = if area.width >= BESIDE {
        let west = (u32::from(area.width) * 60 / 100) as u16;
        let sheet = Rect { width: west, ..area };
        let details = Rect { x: area.x + west + 2, width: area.width - west - 2, ..area };
        (sheet, details, Some(Rect { x: area.x + west, width: 1, ..area }))
    } else if area.height >= BELOW {
        let taken = (area.height * 2 / 5).clamp(4, 12);
        let sheet = Rect { height: area.height - taken, ..area };
        (sheet, Rect { y: sheet.bottom(), height: taken, ..area }, None)
    } else {
        (area, Rect { y: area.bottom(), height: 0, ..area }, None)
    };
    let results = (u32::from(sheet.width) * 40 / 100).clamp(8, 44) as u16;
    let text = Rect { width: sheet.width.saturating_sub(results + 1).max(sheet.width.min(8)), ..sheet };
    Places { text, sheet, details, bar }
}

/// A pane without its title.
pub(super) fn below_title(pane: Rect) -> Rect {
    Rect { y: pane.y + 1.min(pane.height), height: pane.height.saturating_sub(1), ..pane }
}

impl SheetPane {
    /// Draws the sheet; `reading`: what there is to know about the line has the focus.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool, reading: bool, now: Timestamp) {
        let places = places(area);
        let below = self.below(places.text.width, now);
        let signs = self.signs(now);
        let marks = self.marks(area.height);
        let shown = Shown { marks: &marks, signs: Some(&signs), below: &below, focused, placeholder: PLACEHOLDER };
        let cursor = self.editor.draw(canvas, places.text, &shown);
        let layout = Layout::new(places.text, true, below.len());
        for (line, y) in self.editor.line_tops(layout) {
            let row = Rect { y, height: 1, ..places.sheet };
            self.draw_result(canvas, line, row, places.text.width);
        }
        if let Some(bar) = places.bar {
            canvas.divide(bar);
        }
        // Where there is no room for it below, it takes the place of the sheet while it is read.
        let whole = reading && places.details.height == 0;
        self.draw_details(canvas, if whole { area } else { places.details }, reading);
        if let (true, Some(cursor), Some(popup)) = (focused, cursor, &self.popup) {
            popup.draw(canvas, places.sheet, cursor);
        }
    }

    /// What is said under the cursor's line once the typing there has paused: a caret under the cause, the message, the proposal.
    pub(super) fn below(&self, cells: u16, now: Timestamp) -> Vec<(String, Role)> {
        if self.is_typing(now) {
            return Vec::new();
        }
        let room = usize::from(cells.saturating_sub(GUTTER));
        let line = self.editor.lines().get(self.editor.cursor_line()).map_or("", String::as_str);
        let mut said = Vec::new();
        for found in self.findings().into_iter().filter(|found| found.severity > Severity::Note) {
            let role = if found.severity == Severity::Error { Role::Bad } else { Role::Warning };
            let start = line.get(..found.span.start).map_or(0, width);
            if width(line) < room {
                let carets = line.get(found.span.range()).map_or(1, width).max(1);
                said.push((format!("{}{}", " ".repeat(start), "^".repeat(carets)), role));
            }
            said.extend(wrap(&found.message, room.max(8)).into_iter().map(|line| (line, role)));
            let help = found.help.iter().flat_map(|help| wrap(help, room.max(8)));
            said.extend(help.map(|line| (line, Role::Accent)));
        }
        said.truncate(MOST_BELOW);
        said
    }

    /// A sign for each line that is wrong or perhaps not meant so.
    fn signs(&self, now: Timestamp) -> Vec<(usize, &'static str, Role)> {
        let quiet = self.is_typing(now).then(|| self.editor.cursor_line());
        let sign =
            |(at, line): (usize, &estimate::Line)| match line.diagnostics().iter().map(|found| found.severity).max()? {
                Severity::Error => Some((at, "x", Role::Bad)),
                Severity::Warning => Some((at, "!", Role::Warning)),
                Severity::Note => None,
            };
        self.sheet.lines().enumerate().filter(|(at, _)| Some(*at) != quiet).filter_map(sign).collect()
    }

    /// What the lines around the cursor are made of, with causes underlined; no others can be on a screen of `rows` rows.
    fn marks(&self, rows: u16) -> Vec<Mark> {
        let lines = self.editor.lines();
        let cursor = self.editor.cursor_line();
        let from = cursor.saturating_sub(usize::from(rows));
        let mut start: usize = lines.iter().take(from).map(|line| line.len() + 1).sum();
        let mut marks = Vec::new();
        for (at, line) in lines.iter().enumerate().skip(from).take(2 * usize::from(rows) + 1) {
            let shifted = |span: Span| Span::new(span.start + start, span.end + start);
            let plain = |(span, role)| Mark { span: shifted(span), role: role_of(role), underlined: false };
            marks.extend(highlight(line).into_iter().map(plain));
            let found = self.sheet.line(at).map_or(&[][..], estimate::Line::diagnostics);
            marks.extend(found.iter().filter(|found| found.severity > Severity::Note).map(|found| Mark {
                span: shifted(found.span),
                role: if found.severity == Severity::Error { Role::Bad } else { Role::Warning },
                underlined: true,
            }));
            start += line.len() + 1;
        }
        marks
    }

    /// Draws the result of line `at` at the right of `row`, over cells that the line leaves free.
    fn draw_result(&self, canvas: &mut Canvas<'_>, at: usize, row: Rect, text: u16) {
        let Some(line) = self.sheet.line(at) else { return };
        let used = usize::from(GUTTER) + width(&line.text) + 2;
        let column = usize::from(row.width.saturating_sub(text + 1));
        let wraps = used > usize::from(text) + 2;
        let room = if wraps { column } else { usize::from(row.width).saturating_sub(used).max(column) };
        let here = at == self.editor.cursor_line();
        let shown = match &line.kind {
            _ if !self.sheet.reached(at) => Line::styled(canvas.theme.ellipsis(), canvas.style(Role::Muted)),
            LineKind::Silent | LineKind::Heading => return,
            LineKind::Result(outcome) => result(outcome, self.rounding, canvas.theme, room),
            // It stands under the line.
            LineKind::Wrong(_) if here => return,
            LineKind::Wrong(error) => {
                let message = fit(&error.message, room, canvas.theme.ellipsis()).into_owned();
                Line::styled(message, canvas.style(Role::Bad))
            }
        };
        let cells = (shown.width() as u16).min(row.width);
        canvas.line(Rect { x: row.right() - cells, width: cells, ..row }, 0, &shown);
    }

    fn draw_details(&self, canvas: &mut Canvas<'_>, area: Rect, reading: bool) {
        if area.height == 0 {
            return;
        }
        let outcome = self.outcome();
        let line = self.editor.cursor_line() + 1;
        let title = match outcome.and_then(|outcome| outcome.name.as_deref()) {
            Some(name) => name.to_owned(),
            None => format!("Line {line}"),
        };
        let value = outcome.map(|outcome| outcome.display(self.rounding)).unwrap_or_default();
        let inner = canvas.pane(area, &title, &value, reading);
        let lines = details::lines(&self.details, canvas.theme, usize::from(inner.width));
        let visible = usize::from(inner.height);
        let from = self.scroll.min(lines.len().saturating_sub(visible));
        for (row, (text, role)) in lines.iter().skip(from).take(visible).enumerate() {
            canvas.put(inner, row as u16, text, *role);
        }
        let hidden = lines.len().saturating_sub(from + visible);
        if hidden > 0 {
            let more = format!(" {hidden} more {}", canvas.theme.sign("↓", "v"));
            canvas.put_right(inner, inner.height - 1, &more, Role::Muted);
        }
        if lines.is_empty() {
            canvas.put(inner, 0, idle_words(outcome), Role::Muted);
        }
    }
}

/// What is said where there is nothing to know.
fn idle_words(outcome: Option<&Outcome>) -> &'static str {
    if outcome.is_some() { "" } else { "name = value names a result; prev is the one above, total their sum." }
}

/// A result in `cells` cells: with interval and histogram where there is room for them.
fn result(outcome: &Outcome, rounding: Rounding, theme: &Theme, cells: usize) -> Line<'static> {
    let value = theme.bold(Role::Text);
    let whole = outcome.display(rounding);
    let Some(spread) = outcome.spread() else {
        return Line::styled(fit(&whole, cells, theme.ellipsis()).into_owned(), value);
    };
    let histogram = if theme.ascii { spread.sparkline_ascii() } else { spread.sparkline() };
    let middle = outcome.reading().text(outcome.quantity().value, rounding);
    let middle = if middle.starts_with('~') { middle } else { format!("~{middle}") };
    let with_histogram = |text: &str| {
        vec![Piece::styled(text.to_owned(), value), Piece::styled(format!(" {histogram}"), theme.style(Role::Accent))]
    };
    let fits = |text: &str, more: usize| width(text) + more <= cells;
    let bars = width(&histogram) + 1;
    if fits(&whole, bars) {
        return Line::from(with_histogram(&whole));
    }
    if fits(&whole, 0) {
        return Line::styled(whole, value);
    }
    if fits(&middle, bars) {
        return Line::from(with_histogram(&middle));
    }
    Line::styled(fit(&middle, cells, theme.ellipsis()).into_owned(), value)
}

fn role_of(role: estimate::Role) -> Role {
    match role {
        estimate::Role::Number | estimate::Role::Name => Role::Text,
        estimate::Role::Definition | estimate::Role::Heading => Role::Accent,
        estimate::Role::Function => Role::Series(1),
        estimate::Role::Operator | estimate::Role::Comment => Role::Muted,
    }
}
