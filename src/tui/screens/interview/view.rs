//! How an interview is drawn.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::keys::PROBE_KEYS;
use super::layout::{Areas, Pane, Slot, areas};
use super::{Saved, State};
use crate::clock::Elapsed;
use crate::design::LoadFigure;
use crate::interview::{Pace, PhasePacing, Promises};
use crate::tui::context::Context;
use crate::tui::panes::editor::{Mark, Shown};
use crate::tui::panes::workbench::Part;
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, fit, width, wrap};
use crate::units;

/// How long a remark stands in the place of the prompt.
const REMARK_STANDS: Elapsed = Elapsed::seconds(40);
/// Lines of the prompt at most.
const MOST_PROMPT: usize = 3;

impl State {
    /// Where everything is.
    pub(super) fn areas(&self, area: Rect) -> Areas {
        let prompt = wrap(&self.prompt_text(), usize::from(area.width).saturating_sub(2)).len().min(MOST_PROMPT);
        let promises = self.session.promises();
        let said_twice = self.between_notes_and_sheet().count();
        let lines = promises.targets.len() + promises.loads.len() + promises.vague.len() + said_twice;
        areas(area, self.kind(), self.focus, prompt as u16, lines as u16)
    }

    /// The place where `pane` is shown.
    pub(super) fn slot_of(&self, pane: Pane, ctx: &Context<'_>) -> Option<Slot> {
        self.areas(ctx.area).slots.into_iter().find(|slot| slot.shown == pane)
    }

    /// What the interviewer says: the last remark for a while, else the phase's prompt.
    fn prompt_text(&self) -> String {
        let phase = self.session.phase();
        let now = self.record().last;
        let remark = self.remark.as_ref().filter(|(_, at)| now.since(*at) < REMARK_STANDS);
        let text = match remark {
            _ if self.record().paused => "The clock stands until you let it go on.",
            Some((line, _)) => line,
            None if self.phase() == 0 => {
                return format!("{} {}", self.session.problem().prompt, phase.prompt);
            }
            None => &phase.prompt,
        };
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Draws the interview.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let areas = self.areas(area);
        self.draw_title(canvas, areas.title);
        self.draw_phases(canvas, areas.phases);
        let lines = wrap(&self.prompt_text(), usize::from(area.width).saturating_sub(2));
        let prompt = Rect { x: areas.prompt.x + 1, width: areas.prompt.width.saturating_sub(2), ..areas.prompt };
        for (row, line) in lines.iter().take(MOST_PROMPT).enumerate() {
            canvas.put_styled(prompt, row as u16, line, canvas.style(Role::Text).add_modifier(Modifier::ITALIC));
        }
        for bar in &areas.bars {
            canvas.divide(*bar);
        }
        for slot in &areas.slots {
            self.draw_slot(canvas, slot, areas.promises.is_some(), ctx);
        }
        if let Some(place) = areas.promises {
            self.draw_promises(canvas, place);
        }
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let record = self.record();
        let title = Line::from(vec![
            Span::styled(format!(" {} ", record.title), canvas.theme.bold(Role::Accent)),
            Span::styled(format!(" {}", record.level.name()), canvas.style(Role::Muted)),
        ]);
        canvas.line(area, 0, &title);
        let pacing = self.session.pacing();
        let stands = if pacing.paused { "paused  " } else { "" };
        let role = if pacing.paused { Role::Warning } else { role_of(pacing.pace) };
        let over = over_words(pacing.spent, pacing.length);
        canvas.put_right(area, 0, &format!("{stands}{} of {}{over} ", pacing.spent, pacing.length), role);
    }

    fn draw_phases(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let pacing = self.session.pacing();
        let current = pacing.current;
        let clock = |phase: &PhasePacing| {
            format!("{} of {}{}", phase.spent, phase.budget, over_words(phase.spent, phase.budget))
        };
        let fixed = pacing.phases.len() * 4 + width(&clock(&pacing.phases[current])) + 2;
        let room = usize::from(area.width).saturating_sub(fixed);
        let names =
            shortened(pacing.phases.iter().map(|phase| phase.title.as_str()), current, room, canvas.theme.ellipsis());
        let mut line = Line::from(" ");
        for (at, (phase, name)) in pacing.phases.iter().zip(names).enumerate() {
            if at == current {
                line.push_span(Span::styled(
                    format!("{}{name} ", canvas.theme.sign("▸ ", "> ")),
                    canvas.theme.bold(Role::Accent),
                ));
                let style = canvas.theme.bold(role_of(phase.pace));
                line.push_span(Span::styled(format!("{}   ", clock(phase)), style));
            } else {
                let mark = if phase.visited && phase.pace == Pace::Over {
                    Span::styled("! ", canvas.style(Role::Warning))
                } else if phase.visited {
                    Span::styled(canvas.theme.sign("✓ ", "v "), canvas.style(Role::Muted))
                } else {
                    Span::styled(format!("{} ", at + 1), canvas.style(Role::Muted))
                };
                line.push_span(mark);
                line.push_span(Span::styled(format!("{name}  "), canvas.style(Role::Muted)));
            }
        }
        canvas.line(area, 0, &line);
    }

    fn draw_slot(&self, canvas: &mut Canvas<'_>, slot: &Slot, promised: bool, ctx: &Context<'_>) {
        let focused = slot.tabs.contains(&self.focus.pane) && slot.shown == self.focus.pane;
        let names: Vec<&str> = slot.tabs.iter().map(|pane| pane.name()).collect();
        let shown = slot.tabs.iter().position(|pane| *pane == slot.shown).unwrap_or(0);
        let inner = canvas.tabs(slot.area, &names, shown, &self.aside(slot.shown), focused);
        match slot.shown {
            Pane::Notes => self.draw_notes(canvas, inner, focused, promised),
            Pane::Answer => self.draw_answer(canvas, inner, focused, ctx),
            Pane::Checklist => self.draw_checklist(canvas, inner, focused),
            Pane::Design => self.bench.draw(Part::Text, canvas, inner, focused, ctx),
            Pane::Sheet => self.sheet.draw(canvas, inner, focused, false, ctx.now),
            Pane::Diagram if slot.tabs.contains(&Pane::Run) => self.bench.draw_diagram_and_run(canvas, inner, ctx),
            Pane::Diagram => self.bench.draw(Part::Diagram, canvas, inner, focused, ctx),
            Pane::Run => self.bench.draw(Part::Run, canvas, inner, focused, ctx),
        }
    }

    fn aside(&self, pane: Pane) -> String {
        match pane {
            Pane::Design => self.bench.aside(Part::Text),
            Pane::Sheet => self.sheet.aside(),
            Pane::Diagram => self.bench.aside(Part::Diagram),
            Pane::Run => self.bench.aside(Part::Run),
            Pane::Checklist => {
                let lines = self.session.checklist(self.phase());
                format!("{} of {}", lines.iter().filter(|line| line.ticked).count(), lines.len())
            }
            Pane::Answer if !self.answers.is_empty() => format!("{} of {}", self.probe + 1, self.answers.len()),
            Pane::Notes | Pane::Answer => String::new(),
        }
    }

    /// Draws the notes; `promised`: what they promise is shown elsewhere.
    fn draw_notes(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool, promised: bool) {
        let phase = self.phase();
        let marks = promise_marks(self.session.promises(), phase);
        let placeholder = "Say it here as you would in the room.";
        let shown = Shown { marks: &marks, focused, placeholder, ..Shown::default() };
        let chips = self.chips(canvas, phase);
        // The chips have the last row where nothing else shows what was recognised.
        let row = u16::from(area.height > 6 && chips.width() > 0 && !promised);
        self.notes[phase].draw(canvas, Rect { height: area.height - row, ..area }, &shown);
        if row > 0 {
            canvas.line(area, area.height - 1, &chips);
        }
    }

    /// What the notes of a phase promise, in one line.
    fn chips(&self, canvas: &Canvas<'_>, phase: usize) -> Line<'static> {
        let promises = self.session.promises();
        let targets = promises.targets.iter().filter(|target| target.phase == phase);
        let loads = promises.loads.iter().filter(|load| load.phase == phase);
        let texts = targets.map(|target| target.target.text.clone()).chain(loads.map(|load| amount(&load.figure)));
        let mut line = Line::default();
        for text in texts {
            line.push_span(Span::styled(format!(" {text} "), canvas.style(Role::Selection)));
            line.push_span(Span::raw(" "));
        }
        line
    }

    /// What the question takes of its pane: the question, what led to it, and a rule.
    pub(super) fn answer_area(&self, area: Rect) -> Rect {
        let Some(probe) = self.record().probes.get(self.probe) else { return area };
        let cells = usize::from(area.width).saturating_sub(1);
        let lines = wrap(&probe.ask, cells).len() + wrap(&probe.because, cells).len() + 1;
        let taken = (lines as u16).min(area.height.saturating_sub(2));
        Rect { y: area.y + taken, height: area.height - taken, ..area }
    }

    fn draw_answer(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool, ctx: &Context<'_>) {
        let (Some(probe), Some(answer)) = (self.record().probes.get(self.probe), self.answers.get(self.probe)) else {
            let key = PROBE_KEYS.key_of(ctx.keymap, "next-question");
            canvas.put(area, area.height / 3, &format!("{key} has the interviewer ask."), Role::Muted);
            return;
        };
        let text = self.answer_area(area);
        let cells = usize::from(area.width).saturating_sub(1);
        let theme = canvas.theme;
        let asked = wrap(&probe.ask, cells).into_iter().map(|line| (line, theme.bold(Role::Text)));
        let because = wrap(&probe.because, cells).into_iter().map(|line| (line, theme.style(Role::Muted)));
        let head = Rect { height: text.y - area.y, ..area };
        for (row, (line, style)) in asked.chain(because).enumerate() {
            canvas.put_styled(head, row as u16, &line, style);
        }
        let placeholder = "Your answer: what happens, who is affected, what you would change.";
        answer.draw(canvas, text, &Shown { focused, placeholder, ..Shown::default() });
    }

    fn draw_promises(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let inner = canvas.pane(area, "What you promise", "", false);
        let promises = self.session.promises();
        let room = usize::from(inner.width).saturating_sub(2);
        let mut row = 0;
        let mut put = |canvas: &mut Canvas<'_>, sign: &str, text: &str, aside: &str, role: Role| {
            let line = Line::from(vec![
                Span::styled(format!("{sign} {text}"), canvas.style(role)),
                Span::styled(format!("  {aside}"), canvas.style(Role::Muted)),
            ]);
            canvas.line(inner, row, &line);
            row += 1;
        };
        for target in &promises.targets {
            let aside = if target.target.text.trim() == target.line.trim() { "" } else { target.line.trim() };
            let aside = fit(aside, room.saturating_sub(width(&target.target.text) + 4), canvas.theme.ellipsis());
            let sign = canvas.theme.sign("◎", "o");
            put(canvas, sign, &target.target.text, &aside, Role::Accent);
        }
        for load in &promises.loads {
            let sign = canvas.theme.sign("⇢", ">");
            put(canvas, sign, &amount(&load.figure), &load.subject, Role::Text);
        }
        for contradiction in self.between_notes_and_sheet() {
            let text = fit(&contradiction.what, room, canvas.theme.ellipsis()).into_owned();
            put(canvas, "!", &text, "", Role::Warning);
        }
        for vague in &promises.vague {
            let text = fit(&vague.remark, room, canvas.theme.ellipsis()).into_owned();
            put(canvas, "?", &text, "", Role::Warning);
        }
    }

    /// What the status line says: about the saving at the right.
    pub fn status(&self) -> (String, Role) {
        match &self.saved {
            Saved::NoFolder => ("not saved yet".to_owned(), Role::Warning),
            Saved::All => ("saved".to_owned(), Role::Good),
            Saved::Typing | Saved::Writing => ("saving".to_owned(), Role::Muted),
            Saved::Failed(why) => (format!("NOT SAVED: {why}"), Role::Bad),
        }
    }
}

const fn role_of(pace: Pace) -> Role {
    match pace {
        Pace::Calm => Role::Text,
        Pace::Amber => Role::Warning,
        Pace::Over => Role::Bad,
    }
}

/// By how much a budget is overrun, in words; empty if it isn't.
fn over_words(spent: Elapsed, budget: Elapsed) -> String {
    let over = spent.saturating_sub(budget);
    if over == Elapsed(0) { String::new() } else { format!(" +{over} over") }
}

/// The names, those but the current one cut until all fit in `room` cells.
fn shortened<'a>(names: impl Iterator<Item = &'a str>, current: usize, room: usize, ellipsis: &str) -> Vec<String> {
    let names: Vec<&str> = names.collect();
    let mut most = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let cut = |most: usize| -> Vec<String> {
        let shorten = |(at, name): (usize, &&str)| {
            if at == current { (*name).to_owned() } else { fit(name, most, ellipsis).into_owned() }
        };
        names.iter().enumerate().map(shorten).collect()
    };
    while most > 3 && cut(most).iter().map(|name| width(name)).sum::<usize>() > room {
        most -= 1;
    }
    cut(most)
}

/// What in the notes of a phase is a target, a load, or can't be measured.
fn promise_marks(promises: &Promises, phase: usize) -> Vec<Mark> {
    let mark =
        |start, end, role| Mark { span: crate::source::Span::new(start, end), role, underlined: role == Role::Warning };
    let targets = promises.targets.iter().filter(|target| target.phase == phase);
    let loads = promises.loads.iter().filter(|load| load.phase == phase);
    let vague = promises.vague.iter().filter(|vague| vague.phase == phase);
    targets
        .map(|target| mark(target.target.span.start, target.target.span.end, Role::Accent))
        .chain(loads.map(|load| mark(load.span.start, load.span.end, Role::Accent)))
        .chain(vague.map(|vague| mark(vague.span.start, vague.span.end, Role::Warning)))
        .collect()
}

fn amount(figure: &LoadFigure) -> String {
    match figure {
        LoadFigure::PerSecond(rate) => units::format_rate(*rate),
        LoadFigure::Users(users) => format!("{} users", units::format_count(*users)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_are_shortened_all_alike_until_they_fit() {
        let names = ["Requirements", "API", "High-level design"];
        assert_eq!(shortened(names.into_iter(), 1, 40, "…"), names);
        assert_eq!(shortened(names.into_iter(), 0, 25, "…"), ["Requirements", "API", "High-leve…"]);
        assert_eq!(shortened(names.into_iter(), 1, 5, "…"), ["Re…", "API", "Hi…"]);
    }

    #[test]
    fn an_overrun_is_told_in_words() {
        assert_eq!(over_words(Elapsed::seconds(372), Elapsed::minutes(5)), " +01:12 over");
        assert_eq!(over_words(Elapsed::seconds(10), Elapsed::minutes(5)), "");
    }
}
