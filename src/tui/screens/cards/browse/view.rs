//! How browsing is drawn.

use std::fmt::Write;

use ratatui::layout::{Constraint, Rect};
use ratatui::text::{Line, Span};

use super::super::world::World;
use super::super::{counted, percent, short_span};
use super::{Browse, Known, places};
use crate::cards::{Card, Due, History, Stage, answers};
use crate::clock::{Elapsed, Timestamp};
use crate::markup;
use crate::tui::context::Context;
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, MarkdownView, fit, input, list, markdown, rows, wrap};

impl Browse {
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, world: &World, ctx: &Context<'_>) {
        let places = places(area);
        let count = format!("{} of {}", self.found.len(), world.collection.cards.len());
        let mut title = self.deck.as_ref().map_or_else(|| "All cards".to_owned(), |deck| format!("Deck {deck}"));
        if self.known != Known::All {
            title = format!("{title}, {}", self.known.name());
        }
        let filtered = self.filtering || !self.filter.text().is_empty();
        canvas.pane(places.pane, if filtered { "" } else { &title }, &count, true);
        if filtered {
            let width = places.pane.width.saturating_sub(count.len() as u16 + 5);
            let line = Rect { x: places.pane.x + 1, width, height: places.pane.height.min(1), ..places.pane };
            canvas.clear(line);
            let cursor = canvas.cursor;
            input(canvas, line, " / ", &self.filter, "a few letters");
            if !self.filtering {
                canvas.cursor = cursor;
            }
        }
        if self.found.is_empty() {
            canvas.put(places.list, 0, " No card matches.", Role::Muted);
        }
        let cells = usize::from(places.list.width).saturating_sub(2);
        let lines: Vec<Line<'_>> = self
            .found
            .iter()
            .filter_map(|at| world.collection.cards.get(*at))
            .map(|card| row(canvas, card, world, cells))
            .collect();
        list(canvas, places.list, &self.list, &lines, true);
        if area.width >= 72 {
            let bar = Rect { x: places.card.x - 1, width: 1, ..places.card };
            canvas.divide(bar);
        }
        if let Some(card) = self.chosen(world) {
            self.draw_card(canvas, places.card, card, world, ctx);
        } else {
            canvas.pane(places.card, "Card", "", false);
        }
    }

    fn draw_card(&self, canvas: &mut Canvas<'_>, area: Rect, card: &Card, world: &World, ctx: &Context<'_>) {
        let history = world.histories.get(&card.id);
        let known = known_words(card, history, world, ctx.now);
        let cells = usize::from(area.width).saturating_sub(2);
        let known: Vec<String> = known.iter().flat_map(|line| wrap(line, cells)).collect();
        let below = (known.len() as u16).min(area.height / 2);
        let [text, facts] = rows(area, [Constraint::Min(2), Constraint::Length(below)]);
        let inner = canvas.pane(text, "Card", card.deck.name(), false);
        let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner };
        let mut text = format!("### Question\n\n{}\n\n### Answer\n\n{}", card.question, card.answer);
        text.push_str(&given(card, world));
        let mut view = MarkdownView::new(text);
        view.prepare(inner.width);
        view.scroll = self.scroll.min(view.lines().saturating_sub(usize::from(inner.height)));
        markdown(canvas, inner, &view);
        let facts = Rect { x: facts.x + 1.min(facts.width), width: facts.width.saturating_sub(2), ..facts };
        for (row, line) in known.iter().enumerate() {
            canvas.put(facts, row as u16, line, Role::Muted);
        }
    }
}

/// Every answer to the card, the latest first, as Markdown.
fn given(card: &Card, world: &World) -> String {
    let answers = answers(&world.log, &card.id);
    if answers.is_empty() {
        return String::new();
    }
    let mut text = String::from("\n\n### Answers\n");
    for review in answers.iter().rev() {
        let day = world.options.day(review.at).to_iso();
        let seconds = review.took.0 as f64 / 1000.0;
        let _ = write!(text, "\n- {day} **{}** in {seconds:.0} s", review.grade.name());
    }
    text
}

fn row<'a>(canvas: &Canvas<'_>, card: &Card, world: &World, cells: usize) -> Line<'a> {
    let history = world.histories.get(&card.id);
    let (sign, role) = match history {
        _ if world.histories.is_suspended(&card.id) => (canvas.theme.sign("‖", "="), Role::Muted),
        None => (canvas.theme.sign("·", "."), Role::Muted),
        Some(history) if history.leech => (canvas.theme.sign("!", "!"), Role::Bad),
        Some(history) if history.is_weak() => (canvas.theme.sign("▾", "v"), Role::Warning),
        Some(_) => (canvas.theme.sign("•", "*"), Role::Good),
    };
    let words = markup::plain(&card.question);
    let words = fit(&words, cells.saturating_sub(2), canvas.theme.ellipsis()).into_owned();
    Line::from(vec![
        Span::styled(format!("{sign} "), canvas.style(role)),
        Span::styled(words, canvas.style(Role::Text)),
    ])
}

/// What is known of a card, a line each.
fn known_words(card: &Card, history: Option<&History>, world: &World, now: Timestamp) -> Vec<String> {
    let mut lines = vec![format!("{}  {}", card.id, card.tags.join(", "))];
    if world.histories.is_suspended(&card.id) {
        lines.push("suspended: it comes up in no session".to_owned());
    }
    let Some(history) = history else {
        lines.push("never answered".to_owned());
        return lines;
    };
    let stage = match history.stage {
        Stage::Learning(step) => format!("learning, step {}", step + 1),
        Stage::Relearning(step) => format!("learning again, step {}", step + 1),
        Stage::Review(days) => format!("every {}", short_span(Elapsed::minutes(u64::from(days) * 1440))),
    };
    let due = match history.due {
        Due::At(at) if at <= now => "due now".to_owned(),
        Due::At(at) => format!("due in {}", short_span(at.since(now))),
        Due::On(day) => {
            let days = day.0 - world.options.day(now).0;
            if days <= 0 { "due today".to_owned() } else { format!("due in {days} d") }
        }
    };
    let likely = history.retrievability(&world.options, now);
    lines.push(format!("{stage}; {due}; {} likely remembered", percent(Some(likely))));
    let leech = if history.leech { "; a leech" } else { "" };
    lines.push(format!(
        "{}, {}{leech}; stability {:.1} d, difficulty {:.1}",
        counted(history.reviews as usize, "answer", "answers"),
        counted(history.lapses as usize, "lapse", "lapses"),
        history.memory.stability,
        history.memory.difficulty
    ));
    lines
}
