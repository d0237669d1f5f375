//! How the drills are drawn.

use ratatui::layout::{Constraint, Rect};
use ratatui::text::{Line, Span};

use super::super::{counted, percent};
use super::{Drilling, Face, Kind};
use crate::cards::Card;
use crate::cards::drill::{Calibration, Guess, SECONDS, Size};
use crate::clock::Elapsed;
use crate::tui::context::Context;
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, List, MarkdownView, bar, fit, input, list, markdown, rows, sparkline, width, wrap};
use crate::units::{format_count, format_number};

impl Drilling {
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let told = if self.kind == Kind::Numbers && area.height > 12 { 3 } else { 1 };
        let [title, body, below] = rows(area, [Constraint::Length(1), Constraint::Min(4), Constraint::Length(told)]);
        let name = match self.kind {
            Kind::Numbers => " Order of magnitude",
            Kind::Talk => " Sixty seconds",
        };
        canvas.put_styled(title, 0, name, canvas.theme.bold(Role::Accent));
        canvas.put_right(title, 0, &format!("{} to come ", self.coming.len()), Role::Muted);
        match &self.face {
            Face::Guessing { card, figure, input: text } => {
                let inner = question(canvas, body, card, "How much?");
                input(canvas, inner, "Your guess: ", text, &format!("in {}; a range as 5..15", figure.unit));
            }
            Face::Guessed { card, guess, .. } => self.draw_guessed(canvas, body, card, *guess),
            Face::Ready { card } => {
                let inner = question(canvas, body, card, "Answer aloud");
                canvas.put(
                    inner,
                    0,
                    "Space starts the clock. Answer first, then the reason, then the trade-off.",
                    Role::Muted,
                );
            }
            Face::Talking { card, since } => {
                let inner = question(canvas, body, card, "Answer aloud");
                draw_clock(canvas, inner, ctx.now.since(*since));
            }
            Face::Checking { card, took, points, list: state } => {
                let inner = question(canvas, body, card, "What of this did you say?");
                draw_points(canvas, inner, points, *state, *took);
            }
            Face::Over => {
                let inner = canvas.pane(body, "Done", "", true);
                canvas.put(inner, 0, " That was all of them.", Role::Text);
            }
        }
        let below = Rect { x: below.x + 1.min(below.width), width: below.width.saturating_sub(2), ..below };
        match self.kind {
            Kind::Numbers => draw_calibration(canvas, below, &self.calibration),
            Kind::Talk => {
                let said: usize = self.talks.iter().map(|talk| talk.said).sum();
                let points: usize = self.talks.iter().map(|talk| talk.points).sum();
                let share = (points > 0).then(|| said as f64 / points as f64);
                let words =
                    format!("{}: {} of the points", counted(self.talks.len(), "answer", "answers"), percent(share));
                canvas.put(below, 0, if self.talks.is_empty() { "" } else { &words }, Role::Muted);
            }
        }
    }

    fn draw_guessed(&self, canvas: &mut Canvas<'_>, area: Rect, card: &Card, guess: Guess) {
        let (sign, role) = match guess.size() {
            Size::Within | Size::Close => (canvas.theme.tick(), Role::Good),
            Size::Near => (canvas.theme.sign("≈", "~"), Role::Warning),
            Size::Off => (canvas.theme.cross(), Role::Bad),
        };
        let inner = question(canvas, area, card, "How much?");
        let Face::Guessed { figure, .. } = &self.face else { return };
        let typed = if guess.guess.is_wide() {
            format!("{} to {}", format_number(guess.guess.low), format_number(guess.guess.high))
        } else {
            format_number(guess.guess.low)
        };
        let error = guess.error();
        let off = if error == 0.0 {
            String::new()
        } else {
            let way = if error < 0.0 { "low" } else { "high" };
            let middle = if guess.guess.is_wide() { "its middle is " } else { "" };
            format!(", {middle}{} times too {way}", factor(error))
        };
        let mut verdict = format!("{sign} {typed} {}: {}{off}", figure.unit, guess.size().words());
        if let Some(held) = guess.holds() {
            verdict.push_str(if held { "; your range holds it" } else { "; your range doesn't hold it" });
        }
        let lines = wrap(&verdict, usize::from(inner.width));
        for (row, line) in lines.iter().enumerate() {
            canvas.put(inner, row as u16, line, role);
        }
        let used = (lines.len() as u16 + 1).min(inner.height);
        let rest = Rect { y: inner.y + used, height: inner.height - used, ..inner };
        markdown(canvas, rest, &MarkdownView::new(card.answer.clone()));
    }
}

/// So many decades, either way, as a factor: `1.4`, `35`, `35k`.
fn factor(decades: f64) -> String {
    let factor = 10_f64.powf(decades.abs());
    if factor < 10.0 { format!("{factor:.1}") } else { format_count(factor) }
}

/// The question over what is done with it; returns the room below.
fn question(canvas: &mut Canvas<'_>, area: Rect, card: &Card, title: &str) -> Rect {
    let inner = canvas.pane(area, title, &card.tags.join(", "), true);
    let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner };
    let mut view = MarkdownView::new(card.question.clone());
    view.prepare(inner.width);
    let height = (view.lines() as u16).min(inner.height / 2);
    markdown(canvas, Rect { height, ..inner }, &view);
    let used = (height + 1).min(inner.height);
    Rect { y: inner.y + used, height: inner.height - used, ..inner }
}

/// The clock counts up beside what there is, as in the interview: calm, amber in the last fifth, then red.
fn draw_clock(canvas: &mut Canvas<'_>, area: Rect, spoken: Elapsed) {
    let whole = Elapsed::seconds(SECONDS);
    let role = if spoken > whole {
        Role::Bad
    } else if spoken.0 * 5 > whole.0 * 4 {
        Role::Warning
    } else {
        Role::Good
    };
    let over = spoken.saturating_sub(whole);
    let over = if over > Elapsed(0) { format!("  {over} over") } else { String::new() };
    canvas.put(area, 0, &format!("{spoken} of {whole}{over}"), role);
    let cells = usize::from(area.width.min(60));
    let shown = bar(canvas.theme, spoken.0 as f64 / whole.0 as f64, cells);
    canvas.put(area, 1, &shown, role);
    canvas.put(area, 3, "Space stops the clock and shows the points.", Role::Muted);
}

fn draw_points(canvas: &mut Canvas<'_>, area: Rect, points: &[(String, bool)], state: List, took: Elapsed) {
    let role = if took > Elapsed::seconds(SECONDS) { Role::Warning } else { Role::Muted };
    let said = points.iter().filter(|(_, said)| *said).count();
    canvas.put(area, 0, &format!("{took} spoken; {said} of {} points", points.len()), role);
    let place = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
    let lines: Vec<Line<'_>> = points
        .iter()
        .map(|(point, said)| {
            let (sign, role) = if *said {
                (canvas.theme.sign("☑", "[x]"), Role::Good)
            } else {
                (canvas.theme.sign("☐", "[ ]"), Role::Muted)
            };
            let room = usize::from(place.width).saturating_sub(width(sign) + 3);
            let point = fit(point, room, canvas.theme.ellipsis()).into_owned();
            Line::from(vec![
                Span::styled(format!("{sign} "), canvas.style(role)),
                Span::styled(point, canvas.style(Role::Text)),
            ])
        })
        .collect();
    let chosen = points.get(state.selected).map(|(point, _)| point.clone()).unwrap_or_default();
    let whole = wrap(&chosen, usize::from(place.width));
    // A point that is cut off in its row is shown whole below the list.
    let spare = place.height.saturating_sub(points.len() as u16 + 1);
    let detail = (whole.len() as u16).min(spare);
    let rows = Rect { height: place.height - detail, ..place };
    list(canvas, rows, &state, &lines, true);
    let below = Rect { y: rows.bottom(), height: detail, ..place };
    for (row, line) in whole.iter().enumerate() {
        canvas.put(below, row as u16, line, Role::Muted);
    }
}

/// What all guesses so far show.
pub fn calibration_words(calibration: &Calibration) -> Vec<String> {
    if calibration.guesses == 0 {
        return vec!["No guesses yet. A range that you are nine-tenths sure of tells more than a figure.".to_owned()];
    }
    let way = if calibration.bias < 0.0 { "low" } else { "high" };
    let mut lines = vec![format!(
        "{}, off by a factor of {} on average; {} within 3; {} times too {way}",
        counted(calibration.guesses, "guess", "guesses"),
        factor(calibration.mean_error),
        percent(Some(calibration.close)),
        factor(calibration.bias)
    )];
    if calibration.ranges > 0 {
        let verdict = match calibration.held {
            held if held < 0.8 => "too sure of yourself: widen them",
            held if held > 0.97 && calibration.ranges >= 20 => "too timid: narrow them",
            _ => "well calibrated is 90%",
        };
        lines.push(format!(
            "{} of {} held the number: {verdict}",
            percent(Some(calibration.held)),
            counted(calibration.ranges, "range", "ranges")
        ));
    }
    lines
}

fn draw_calibration(canvas: &mut Canvas<'_>, area: Rect, calibration: &Calibration) {
    let lines: Vec<String> =
        calibration_words(calibration).iter().flat_map(|words| wrap(words, usize::from(area.width))).collect();
    for (row, line) in lines.iter().enumerate() {
        canvas.put(area, row as u16, line, Role::Muted);
    }
    if calibration.weeks.len() > 1 && lines.len() < 3 {
        let label = "error by week ";
        let row = Rect { y: area.y + 2.min(area.height), height: area.height.saturating_sub(2), ..area };
        canvas.put(row, 0, label, Role::Muted);
        let line = Rect {
            x: row.x + (label.len() as u16).min(row.width),
            width: row.width.saturating_sub(label.len() as u16),
            ..row
        };
        let errors: Vec<f64> = calibration.weeks.iter().map(|(_, error, _)| *error).collect();
        sparkline(canvas, line, &errors, Role::Series(0));
    }
}
