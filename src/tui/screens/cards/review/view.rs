//! How a session is drawn.

use ratatui::layout::{Constraint, Position, Rect};
use ratatui::text::{Line, Span};

use super::super::{counted, decks, heat, percent, short_span};
use super::{Face, Review, Typed};
use crate::cards::typed::{Piece, Verdict};
use crate::cards::{CardKind, Due, Grade, Mode};
use crate::clock::{Elapsed, Timestamp};
use crate::tui::context::Context;
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, MarkdownView, columns, input, markdown, rows, width, wrap};

/// Where everything of a card is.
struct Places {
    title: Rect,
    question: Rect,
    answer: Rect,
    typed: Rect,
    buttons: Rect,
}

impl Review {
    fn places(&self, area: Rect) -> Places {
        let answered = matches!(self.face, Face::Answer(_));
        let typed = match &self.face {
            Face::Typing(_) | Face::Answer(Some(_)) => 2,
            _ => 0,
        };
        let wide = area.width.saturating_sub(2);
        let lines = lines_of(&self.question, wide) as u16 + 2;
        let question = if answered {
            Constraint::Length(lines.min(area.height * 2 / 5).max(3))
        } else {
            Constraint::Length(lines.min(area.height.saturating_sub(4)).max(3))
        };
        let [title, question, answer, typed, buttons] = rows(
            area,
            [
                Constraint::Length(1),
                question,
                Constraint::Min(0),
                Constraint::Length(typed),
                Constraint::Length(if answered { 3 } else { 0 }),
            ],
        );
        Places { title, question, answer, typed, buttons }
    }

    /// The grade whose button is at `at`.
    pub(super) fn button_at(&self, at: Position, area: Rect) -> Option<Grade> {
        let buttons = self.places(area).buttons;
        let found = button_areas(buttons).into_iter().position(|button| button.contains(at))?;
        Grade::ALL.get(found).copied()
    }

    /// Scrolls the answer, or a long question.
    pub(super) fn scroll(&mut self, by: isize, ctx: &Context<'_>) {
        let places = self.places(ctx.area);
        let answered = matches!(self.face, Face::Answer(_));
        let (view, area) =
            if answered { (&mut self.answer, places.answer) } else { (&mut self.question, places.question) };
        view.prepare(area.width.saturating_sub(2));
        view.scroll_by(by, usize::from(area.height.saturating_sub(1)));
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        if let Face::End(map) = &self.face {
            self.draw_end(canvas, area, map, ctx);
            return;
        }
        let places = self.places(area);
        self.draw_title(canvas, places.title);
        self.draw_question(canvas, places.question);
        match &self.face {
            Face::Answer(typed) => {
                let inner = canvas.pane(places.answer, "Answer", "", true);
                markdown(canvas, inset(inner), &self.answer);
                if let Some(typed) = typed {
                    draw_typed(canvas, places.typed, typed);
                }
                self.draw_buttons(canvas, places.buttons, ctx);
            }
            Face::Typing(text) => input(canvas, inset(places.typed), "Your answer: ", text, ""),
            Face::Question | Face::End(_) => {}
        }
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let mode = match self.session.mode() {
            Mode::Due => "Review",
            Mode::Ahead(_) => "Review ahead",
            Mode::Cram => "Cram",
        };
        let words = self.session.scope().words();
        let scope = if words.is_empty() { words } else { format!(": {words}") };
        let title = Line::from(vec![
            Span::styled(format!(" {mode}"), canvas.theme.bold(Role::Accent)),
            Span::styled(scope, canvas.style(Role::Muted)),
        ]);
        canvas.line(area, 0, &title);
        let waiting = self.session.waiting();
        let mut left = vec![format!("{} left", waiting.total())];
        left.extend((waiting.new > 0).then(|| format!("{} new", waiting.new)));
        left.extend((waiting.learning > 0).then(|| format!("{} in steps", waiting.learning)));
        left.push(decks::about(self.session.left()));
        // What has no room beside the title goes, the least telling first.
        let room = usize::from(area.width).saturating_sub(title.width() + 2);
        while left.len() > 1 && width(&left.join(", ")) > room {
            left.pop();
        }
        let left = if self.saving.is_some() { "saving ...".to_owned() } else { left.join(", ") };
        canvas.put_right(area, 0, &format!("{left} "), Role::Muted);
    }

    fn draw_question(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(card) = self.session.current() else { return };
        let title = match card.kind {
            CardKind::Recall => "Question",
            CardKind::Cloze => "What is missing?",
            CardKind::Choice => "What would you choose, and why?",
            CardKind::Figure(_) => "How much?",
        };
        let known = self.session.histories().get(&card.id);
        let mut aside = vec![card.deck.name().to_owned()];
        aside.extend(card.level.clone());
        aside.extend(known.is_none().then(|| "new".to_owned()));
        aside.extend(known.filter(|known| known.leech).map(|_| "leech".to_owned()));
        let inner = canvas.pane(area, title, &aside.join(", "), matches!(self.face, Face::Question));
        markdown(canvas, inset(inner), &self.question);
    }

    fn draw_buttons(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        canvas.rule(area, 0, canvas.style(Role::Border));
        let choices = self.session.choices(ctx.now);
        for (grade, button) in Grade::ALL.into_iter().zip(button_areas(area)) {
            let interval = choices.map(|choices| short_span(choices.of(grade).delay)).unwrap_or_default();
            let role = match grade {
                Grade::Again => Role::Bad,
                Grade::Hard => Role::Warning,
                Grade::Good => Role::Good,
                Grade::Easy => Role::Accent,
            };
            let button = inset(button);
            canvas.put(button, 1, &interval, Role::Muted);
            let line = Line::from(vec![
                Span::styled(grade.number().to_string(), canvas.theme.bold(role)),
                Span::styled(format!(" {}", grade.name()), canvas.style(role)),
            ]);
            canvas.line(button, 2, &line);
        }
    }

    fn draw_end(
        &self,
        canvas: &mut Canvas<'_>,
        area: Rect,
        map: &crate::cards::statistics::HeatMap,
        ctx: &Context<'_>,
    ) {
        let lines = self.end_lines(canvas, area.width, ctx.now);
        let inner = canvas.pane(area, "Done", "", true);
        let inner = inset(inner);
        for (row, line) in lines.iter().enumerate() {
            canvas.line(inner, row as u16, line);
        }
        let used = (lines.len() as u16 + 1).min(inner.height);
        let below = Rect { y: inner.y + used, height: inner.height - used, ..inner };
        if below.height >= heat::ROWS {
            heat::draw(canvas, below, map);
            let words = format!(
                "{} with reviews in the last year, {} in a row",
                counted(map.active(), "day", "days"),
                map.streak
            );
            canvas.put(below, heat::ROWS + 1, &words, Role::Muted);
        }
    }

    fn end_lines(&self, canvas: &Canvas<'_>, width: u16, now: Timestamp) -> Vec<Line<'static>> {
        let summary = self.session.summary(now);
        let cells = usize::from(width).saturating_sub(2);
        let text = |words: String, role: Role| {
            wrap(&words, cells).into_iter().map(move |line| (line, role)).collect::<Vec<_>>()
        };
        let mut said = Vec::new();
        if summary.answers == 0 {
            said.extend(text("Nothing was due.".to_owned(), Role::Text));
        } else {
            let done = format!(
                "{} to {} in {}.",
                counted(summary.answers, "answer", "answers"),
                counted(summary.cards, "card", "cards"),
                summary.took
            );
            said.extend(text(done, Role::Text));
            let again = format!("Again: {} of the answers; 5 to 20% is usual.", percent(summary.again));
            said.extend(text(again, Role::Text));
        }
        if summary.retention.is_some() {
            let desired = f64::from(self.session.histories().options().desired_retention);
            let kept = summary.retention.unwrap_or_default() >= desired - 0.05;
            let words = format!(
                "Remembered of what was learned: {} (desired {}).",
                percent(summary.retention),
                percent(Some(desired))
            );
            said.extend(text(words, if kept { Role::Good } else { Role::Warning }));
        }
        let (cram, later) = (self.session.mode() == Mode::Cram, self.session.later());
        if later > 0 {
            let next = format!("{} more: Enter goes on.", counted(later, "card", "cards"));
            said.extend(text(next, Role::Text));
        }
        if let Some((due, count)) = summary.next.filter(|_| !cram) {
            said.extend(text(self.next_words(due, count, now), Role::Text));
        }
        if cram {
            said.extend(text("The schedule did not learn of this.".to_owned(), Role::Muted));
        }
        said.into_iter().map(|(line, role)| Line::styled(line, canvas.style(role))).collect()
    }

    fn next_words(&self, due: Due, count: usize, now: Timestamp) -> String {
        let cards = counted(count, "card", "cards");
        match due {
            Due::At(at) if at <= now => format!("Next: {cards} now; Enter goes on."),
            Due::At(at) => {
                let minutes = at.since(now).0.div_ceil(60_000);
                format!("Next: {cards} in {}.", short_span(Elapsed::minutes(minutes)))
            }
            Due::On(day) => {
                let days = day.0 - self.session.histories().options().day(now).0;
                let when = if days <= 1 { "tomorrow".to_owned() } else { format!("in {days} days") };
                format!("Next: {cards} {when}.")
            }
        }
    }
}

fn draw_typed(canvas: &mut Canvas<'_>, area: Rect, typed: &Typed) {
    let (sign, role, words) = match typed.verdict {
        Verdict::Right => (canvas.theme.tick(), Role::Good, "right"),
        Verdict::Close => (canvas.theme.sign("≈", "~"), Role::Warning, "close"),
        Verdict::Wrong => (canvas.theme.cross(), Role::Bad, "not it"),
    };
    let mut line = Line::from(Span::styled(format!("{sign} {words}: "), canvas.theme.bold(role)));
    for piece in &typed.pieces {
        let (text, style) = match piece {
            Piece::Same(text) => (text.clone(), canvas.style(Role::Text)),
            // Signs as well as colours: what is too much is in brackets, what is missing in braces.
            Piece::Extra(text) => (format!("[{text}]"), canvas.style(Role::Bad)),
            Piece::Missing(text) => (format!("{{{text}}}"), canvas.style(Role::Warning)),
        };
        line.push_span(Span::styled(text, style));
    }
    if !typed.words.is_empty() {
        line.push_span(Span::styled(format!("  {}", typed.words), canvas.style(Role::Muted)));
    }
    canvas.line(inset(area), 0, &line);
}

fn button_areas(area: Rect) -> [Rect; 4] {
    columns(area, [Constraint::Fill(1); 4])
}

/// `area` without its first and last column.
fn inset(area: Rect) -> Rect {
    Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area }
}

/// Lines that a view takes at a width.
fn lines_of(view: &MarkdownView, width: u16) -> usize {
    let mut copy = view.clone();
    copy.prepare(width);
    copy.lines()
}
