//! How the search is drawn.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::{State, layout, page_area};
use crate::content::{Hit, excerpt};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, fit, input, list, width};

impl State {
    pub(in crate::tui::overlays) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        if self.reading {
            self.draw_page(canvas, area);
            return;
        }
        let places = layout(area);
        canvas.frame(places.frame, "Search");
        let sign = canvas.theme.sign("❯ ", "> ");
        input(canvas, places.input, sign, &self.input, "a title, a tag, or words of the text");
        let below = Rect { y: places.input.bottom(), ..places.input };
        canvas.put(below, 0, &self.count(), Role::Muted);
        let cells = usize::from(places.list.width).saturating_sub(2);
        let lines: Vec<Line<'_>> = self.hits.iter().map(|hit| row(canvas.theme, hit, cells)).collect();
        list(canvas, places.list, &self.list, &lines, true);
        self.draw_preview(canvas, places.preview);
    }

    fn count(&self) -> String {
        match self.hits.len() {
            _ if self.input.text().trim().is_empty() && self.closed.is_empty() => {
                "Questions, technologies, concepts, patterns, numbers, problems, framework, guide.".to_owned()
            }
            _ if self.input.text().trim().is_empty() => {
                "Technologies, numbers, framework, guide. The rest opens after the interview.".to_owned()
            }
            _ if self.waiting => "Reading the bank.".to_owned(),
            0 if !self.closed.is_empty() => "Nothing that is open during an interview matches.".to_owned(),
            0 => "Nothing in the bank matches.".to_owned(),
            1 => "1 result".to_owned(),
            count => format!("{count} results"),
        }
    }

    /// The place in the chosen result's text that the query found.
    fn draw_preview(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(hit) = self.hits.get(self.list.selected).filter(|_| area.height > 1) else { return };
        canvas.rule(area, 0, canvas.style(Role::Border));
        let text = Rect { y: area.y + 1, height: area.height - 1, ..area };
        let Some(reading) = self.bank.reading(&hit.id) else { return };
        // The title stands above already.
        let body = reading.markdown.split_once("\n\n").map_or("", |(_, body)| body);
        let cells = usize::from(text.width);
        let mut lines: Vec<Line<'_>> = vec![Line::default()];
        let mut used = 0;
        for piece in excerpt(body, self.input.text(), cells * usize::from(text.height)) {
            let style = if piece.matched { matched(canvas.theme) } else { canvas.style(Role::Muted) };
            for word in piece.text.split_inclusive(' ') {
                let room = cells.saturating_sub(used);
                if width(word.trim_end()) > room && used > 0 {
                    lines.push(Line::default());
                    used = 0;
                }
                used += width(word);
                if let Some(line) = lines.last_mut() {
                    line.push_span(Span::styled(word.to_owned(), style));
                }
            }
        }
        for (row, line) in lines.iter().take(usize::from(text.height)).enumerate() {
            canvas.line(text, row as u16, line);
        }
    }

    fn draw_page(&self, canvas: &mut Canvas<'_>, area: Rect) {
        canvas.clear(area);
        let kind = self.reader.kind().map_or("", |kind| kind.plural());
        let page = page_area(area);
        let result =
            format!("result {} of {}  {}", self.list.selected + 1, self.hits.len(), self.reader.progress(page));
        canvas.pane(area, kind, result.trim_end(), true);
        self.reader.draw(canvas, page);
    }
}

/// A result: its title with what matched, and what it is.
fn row<'a>(theme: &Theme, hit: &Hit, cells: usize) -> Line<'a> {
    let kind = hit.kind.name();
    let room = cells.saturating_sub(width(kind) + 2);
    let title = fit(&hit.title, room, theme.ellipsis()).into_owned();
    let gap = " ".repeat(room.saturating_sub(width(&title)) + 2);
    let mut line = highlighted(&title, &hit.matched, theme.style(Role::Text), matched(theme));
    line.push_span(Span::styled(format!("{gap}{kind}"), theme.style(Role::Muted)));
    line
}

/// `text` with the characters at `places` in another style.
fn highlighted<'a>(text: &str, places: &[usize], plain: Style, marked: Style) -> Line<'a> {
    let mut line = Line::default();
    let mut run = String::new();
    let mut run_marked = false;
    for (at, c) in text.chars().enumerate() {
        let is_marked = places.binary_search(&at).is_ok();
        if is_marked != run_marked && !run.is_empty() {
            line.push_span(Span::styled(std::mem::take(&mut run), if run_marked { marked } else { plain }));
        }
        run_marked = is_marked;
        run.push(c);
    }
    line.push_span(Span::styled(run, if run_marked { marked } else { plain }));
    line
}

/// What matched stands out without colours as well.
fn matched(theme: &Theme) -> Style {
    theme.bold(Role::Accent).add_modifier(Modifier::UNDERLINED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matched_is_told_apart() {
        let (plain, marked) = (Style::default(), Style::default().add_modifier(Modifier::BOLD));
        let line = highlighted("Kafka", &[0, 1], plain, marked);
        let spans: Vec<(&str, bool)> =
            line.spans.iter().map(|span| (span.content.as_ref(), span.style == marked)).collect();
        assert_eq!(spans, [("Ka", true), ("fka", false)]);
        assert_eq!(highlighted("", &[], plain, marked).width(), 0);
    }
}
