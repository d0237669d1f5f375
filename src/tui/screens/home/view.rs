//! How the first screen is drawn.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{LENGTHS, Row, State, places};
use crate::clock::{Elapsed, Timestamp};
use crate::interview::{Level, Problem};
use crate::store::SessionSummary;
use crate::tui::context::Context;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, ago, fit, input, list, width, wrap};

impl State {
    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let unfinished = Self::unfinished(ctx);
        let places = places(area, unfinished.is_some());
        canvas.put_styled(places.title, 0, " Dryrun", canvas.theme.bold(Role::Accent));
        canvas.put_right(places.title, 0, "rehearse the interview, then run the design ", Role::Muted);
        if let Some(session) = unfinished {
            let line = Line::from(vec![
                Span::styled(format!(" {} r ", canvas.theme.sign("▸", ">")), canvas.theme.bold(Role::Accent)),
                Span::styled(format!("go on with {}", session.title), canvas.theme.bold(Role::Text)),
                Span::styled(
                    format!(", {}: {}, saved {}", session.phase, progress(session), ago(ctx.now, session.last)),
                    canvas.style(Role::Muted),
                ),
            ]);
            canvas.line(places.banner, 0, &line);
        }
        if let Some(bar) = places.bar {
            canvas.divide(bar);
        }
        self.draw_problems(canvas, places.problems_pane, ctx);
        self.draw_details(canvas, places.details, ctx);
        self.draw_sessions(canvas, places.sessions_pane, ctx);
    }

    fn draw_problems(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let rows = self.rows(ctx);
        let problems = rows.iter().filter(|row| matches!(row, Row::Problem(_))).count();
        let title = if self.filter.text().is_empty() && !self.filtering { "Problems" } else { "" };
        let focused = !self.on_sessions;
        let inner = canvas.pane(area, title, &problems.to_string(), focused);
        if title.is_empty() {
            let line = Rect { x: area.x + 1, width: area.width.saturating_sub(8), height: area.height.min(1), ..area };
            canvas.clear(line);
            let cursor = canvas.cursor;
            input(canvas, line, " / ", &self.filter, "a few letters");
            if !self.filtering {
                canvas.cursor = cursor;
            }
        }
        if rows.is_empty() {
            let words =
                if ctx.bank.problems().is_empty() { "The bank has no problems." } else { "No problem matches." };
            canvas.put(inner, 0, words, Role::Muted);
        }
        let cells = usize::from(inner.width).saturating_sub(2);
        let lines: Vec<Line<'_>> = rows.iter().map(|row| row_line(canvas.theme, *row, cells)).collect();
        list(canvas, inner, &self.problems, &lines, focused);
    }

    fn draw_details(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let chosen = self.rows(ctx).get(self.problems.selected).copied();
        let inner = canvas.pane(area, "The interview", "", false);
        let cells = usize::from(inner.width).saturating_sub(1);
        let theme = canvas.theme;
        let mut lines: Vec<Line<'_>> = Vec::new();
        if inner.height >= 6 {
            match chosen {
                Some(Row::Problem(problem)) => lines.extend(described(theme, problem, cells)),
                Some(Row::Surprise) => {
                    let words = "One of the problems that you have practised least.";
                    lines
                        .extend(wrap(words, cells).into_iter().map(|line| Line::styled(line, theme.style(Role::Text))));
                }
                None => {}
            }
            lines.truncate(usize::from(inner.height).saturating_sub(3));
            lines.push(Line::default());
        }
        let level = Level::ALL.map(|level| (level.name().to_owned(), level == self.level));
        lines.push(choice(theme, "Level", "v", &level));
        let mut lengths = LENGTHS.map(|minutes| (minutes.to_string(), minutes == self.minutes)).to_vec();
        if !LENGTHS.contains(&self.minutes) {
            lengths.push((self.minutes.to_string(), true));
        }
        lines.push(choice(theme, "Minutes", "m", &lengths));
        for (row, line) in lines.iter().enumerate() {
            canvas.line(inner, row as u16, line);
        }
    }

    fn draw_sessions(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let damaged = ctx.sessions.map_or(0, |listing| listing.damaged.len());
        let aside = if damaged > 0 { format!("{damaged} can't be read") } else { String::new() };
        let inner = canvas.pane(area, "Sessions", &aside, self.on_sessions);
        let sessions = Self::sessions(ctx);
        if sessions.is_empty() {
            let words = if ctx.sessions.is_some() { "None yet: Enter starts the first." } else { "" };
            canvas.put(inner, 0, words, Role::Muted);
        }
        let cells = usize::from(inner.width).saturating_sub(2);
        let lines: Vec<Line<'_>> =
            sessions.iter().map(|session| session_line(canvas.theme, session, ctx.now, cells)).collect();
        list(canvas, inner, &self.sessions, &lines, self.on_sessions);
    }
}

fn row_line<'a>(theme: &Theme, row: Row<'a>, cells: usize) -> Line<'a> {
    match row {
        Row::Problem(problem) => {
            let dots = dots(theme, problem.difficulty);
            let name = fit(&problem.title, cells.saturating_sub(7), theme.ellipsis());
            let gap = " ".repeat(cells.saturating_sub(width(&name) + width(&dots) + 1));
            Line::from(vec![
                Span::styled(name, theme.style(Role::Text)),
                Span::styled(format!("{gap}{dots}"), theme.style(Role::Muted)),
            ])
        }
        Row::Surprise => Line::styled("Surprise me", theme.style(Role::Accent)),
    }
}

fn described<'a>(theme: &Theme, problem: &Problem, cells: usize) -> Vec<Line<'a>> {
    let mut lines = vec![Line::styled(problem.title.clone(), theme.bold(Role::Text))];
    let kind = format!("{}, difficulty {} of 5", problem.interview_type, problem.difficulty);
    lines.push(Line::styled(kind, theme.style(Role::Muted)));
    lines.push(Line::styled(problem.tags.join(", "), theme.style(Role::Muted)));
    lines.push(Line::default());
    lines.extend(wrap(&problem.prompt, cells).into_iter().map(|line| Line::styled(line, theme.style(Role::Text))));
    lines
}

fn session_line<'a>(theme: &Theme, session: &SessionSummary, now: Timestamp, cells: usize) -> Line<'a> {
    let (state, role) = match session.finished {
        Some(_) => ("finished".to_owned(), Role::Muted),
        None => (progress(session), Role::Accent),
    };
    let tail = format!("{}  {}", session.level.name(), ago(now, session.last));
    let room = cells.saturating_sub(width(&state) + width(&tail) + 4);
    let name = fit(&session.title, room, theme.ellipsis()).into_owned();
    let gap = " ".repeat(room.saturating_sub(width(&name)) + 2);
    Line::from(vec![
        Span::styled(format!("{name}{gap}"), theme.style(Role::Text)),
        Span::styled(format!("{state}  "), theme.style(role)),
        Span::styled(tail, theme.style(Role::Muted)),
    ])
}

fn progress(session: &SessionSummary) -> String {
    format!("{} of {}", session.spent, Elapsed::minutes(u64::from(session.minutes)))
}

fn dots(theme: &Theme, difficulty: u8) -> String {
    let full = usize::from(difficulty.min(5));
    theme.sign("●", "*").repeat(full) + &theme.sign("○", ".").repeat(5 - full)
}

/// A choice of a few: its name, the key that changes it, and the options with the chosen one marked.
fn choice<'a>(theme: &Theme, name: &'a str, key: &'a str, options: &[(String, bool)]) -> Line<'a> {
    let mut line = Line::from(vec![
        Span::styled(format!("{name:<9}"), theme.style(Role::Muted)),
        Span::styled(format!("{key}  "), theme.bold(Role::Accent)),
    ]);
    for (option, chosen) in options {
        let (text, style) = if *chosen {
            (format!("[{option}]"), theme.bold(Role::Text))
        } else {
            (format!(" {option} "), theme.style(Role::Muted))
        };
        line.push_span(Span::styled(text, style));
    }
    line
}
