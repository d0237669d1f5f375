//! The debrief: the first thing to fix, time, targets, coverage with evidence, the reference beside one's own.

mod pages;

use crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Rect};
use ratatui::text::{Line, Span};

use crate::clock::Elapsed;
use crate::design::{Design, Diagram, compile, compile_with, diagram, mermaid};
use crate::export::{SessionExport, session_markdown};
use crate::interview::{Contradiction, Debrief, Problem, Record, contradictions, debrief};
use crate::tui::context::Context;
use crate::tui::effect::{Confirm, Destination, Effect, Notice, Prompt, Purpose, Request};
use crate::tui::event::{Done, Event, Mouse, MouseKind, What, WriteFailure};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::panes::scroll::{self, Scroll};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, DiagramView, MarkdownView, diagram as draw_diagram, markdown, rows};

/// A page of the debrief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The first thing to fix, time and targets.
    Overview,
    /// What of the rubric was shown.
    Coverage,
    /// The runs.
    Runs,
    /// The reference beside one's own.
    Reference,
    /// The answer key.
    Walkthrough,
}

impl Page {
    const ALL: [Self; 5] = [Self::Overview, Self::Coverage, Self::Runs, Self::Reference, Self::Walkthrough];

    const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Coverage => "Coverage",
            Self::Runs => "Runs",
            Self::Reference => "Reference",
            Self::Walkthrough => "Walkthrough",
        }
    }
}

/// What can be done in the debrief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The next page.
    Next,
    /// The page before.
    Previous,
    /// To the left: of the diagrams, or the page before.
    Left,
    /// To the right: of the diagrams, or the next page.
    Right,
    /// The page with that index.
    GoTo(usize),
    /// Writes everything to a file.
    Export,
    /// Back to the first screen.
    Leave,
}

/// The keys of the screen.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "debrief",
    title: "Debrief",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::Next, "next-page", &[Chord::code(KeyCode::Tab), Chord::char(']')], "next page", "The next page"),
        bind(
            Action::Previous,
            "previous-page",
            &[Chord::code(KeyCode::BackTab), Chord::char('[')],
            "",
            "The page before",
        ),
        bind(
            Action::Left,
            "left",
            &[Chord::code(KeyCode::Left), Chord::char('h')],
            "",
            "The page before; on the reference, further left",
        ),
        bind(
            Action::Right,
            "right",
            &[Chord::code(KeyCode::Right), Chord::char('l')],
            "",
            "The next page; on the reference, further right",
        ),
        bind(Action::GoTo(0), "overview", &[Chord::char('1')], "", "The first thing to fix, time, targets"),
        bind(Action::GoTo(1), "coverage", &[Chord::char('2')], "", "What was shown, with the evidence"),
        bind(Action::GoTo(2), "runs", &[Chord::char('3')], "", "The runs of the design"),
        bind(Action::GoTo(3), "reference", &[Chord::char('4')], "", "The reference design beside yours"),
        bind(Action::GoTo(4), "walkthrough", &[Chord::char('5')], "", "The answer key"),
        bind(
            Action::Export,
            "export",
            &[Chord::char('e'), Chord::ctrl('s')],
            "export",
            "Write the whole session to a Markdown file",
        ),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "home", "Back to the first screen"),
    ],
};

/// A debrief on the screen.
#[derive(Clone, Debug)]
pub struct State {
    record: Record,
    problem: Problem,
    debrief: Debrief,
    /// What was said twice and not alike.
    contradictions: Vec<Contradiction>,
    /// The candidate's design and its diagram, and the reference's.
    own: (Design, Diagram),
    reference: Diagram,
    window: DiagramView,
    walkthrough: MarkdownView,
    page: usize,
    scroll: [usize; Page::ALL.len()],
}

impl State {
    /// The debrief of `record`.
    ///
    /// # Errors
    /// If its problem is no longer in the bank.
    pub fn new(record: Record, ctx: &Context<'_>) -> Result<Self, String> {
        let id = &record.problem;
        let problem = ctx.bank.problem(id).ok_or_else(|| format!("its problem '{id}' is no longer in the bank"))?;
        let catalogue = ctx.bank.catalogue();
        let variables = record.variables();
        let own = compile_with(&record.design, catalogue, &variables).design;
        let debrief = debrief(&record, problem, ctx.bank.framework(), &own);
        let reference = diagram(&compile(&debrief.reference, catalogue).design);
        let drawn = diagram(&own);
        let contradictions = contradictions(&own, &debrief.promises, problem, &variables, catalogue.network());
        Ok(Self {
            walkthrough: MarkdownView::new(debrief.walkthrough.clone()),
            own: (own, drawn),
            problem: problem.clone(),
            window: DiagramView::default(),
            page: 0,
            scroll: [0; Page::ALL.len()],
            reference,
            record,
            debrief,
            contradictions,
        })
    }

    /// The session's document.
    pub fn document(&self, ctx: &Context<'_>) -> String {
        let drawn = !self.own.0.components.is_empty();
        let (mermaid, diagram) =
            if drawn { (mermaid(&self.own.0), self.own.1.to_text(false)) } else { (String::new(), String::new()) };
        session_markdown(&SessionExport {
            record: &self.record,
            problem: &self.problem,
            framework: ctx.bank.framework(),
            debrief: &self.debrief,
            contradictions: &self.contradictions,
            mermaid: &mermaid,
            diagram: &diagram,
        })
    }

    fn page(&self) -> Page {
        Page::ALL[self.page]
    }

    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        match &event.what {
            What::Key(chord) => {
                if let Some(action) = KEYS.find(ctx.keymap, *chord) {
                    return self.act(action, ctx);
                }
                if let Some(action) = scroll::KEYS.find(ctx.keymap, *chord) {
                    self.travel(action, ctx);
                }
                Vec::new()
            }
            What::Mouse(mouse) => {
                self.mouse(*mouse, ctx);
                Vec::new()
            }
            What::Done(Done::Written { path, result }) => match result {
                Ok(()) => vec![
                    Request::Notify(Notice::good(format!("written to {}", path.display()))),
                    Request::Remember(path.clone()),
                ],
                Err(WriteFailure::Exists) => vec![Request::Confirm(Box::new(Confirm {
                    purpose: Purpose::Overwrite(path.clone()),
                    question: format!("{} exists. Replace it?", path.display()),
                    yes: "replace",
                }))],
                Err(WriteFailure::Other(why)) => vec![Request::Notify(Notice::bad(why.clone()))],
            },
            _ => Vec::new(),
        }
    }

    fn act(&mut self, action: Action, ctx: &Context<'_>) -> Vec<Request> {
        match action {
            Action::Left if self.page() == Page::Reference => self.look((-8, 0), ctx),
            Action::Right if self.page() == Page::Reference => self.look((8, 0), ctx),
            Action::Next | Action::Right => self.page = (self.page + 1) % Page::ALL.len(),
            Action::Previous | Action::Left => self.page = (self.page + Page::ALL.len() - 1) % Page::ALL.len(),
            Action::GoTo(page) => self.page = page,
            Action::Leave => return vec![Request::Go(Destination::Home)],
            Action::Export => {
                return vec![Request::Prompt(Box::new(Prompt {
                    purpose: Purpose::Export,
                    title: "Export the session".to_owned(),
                    advice: "Markdown: notes, diagram, measurements, pacing, coverage. The path is yours to change."
                        .to_owned(),
                    text: format!("{}.md", self.record.id),
                    log: Vec::new(),
                    stays: false,
                    skips: false,
                }))];
            }
        }
        Vec::new()
    }

    /// Takes the answer to a prompt.
    pub fn answered(&mut self, purpose: &Purpose, text: &str, ctx: &Context<'_>) -> Vec<Request> {
        let (path, force) = match purpose {
            Purpose::Export => (text.into(), false),
            Purpose::Overwrite(path) => (path.clone(), true),
            _ => return Vec::new(),
        };
        vec![Request::Do(Effect::Write { path, text: self.document(ctx), force })]
    }

    fn travel(&mut self, action: Scroll, ctx: &Context<'_>) {
        let body = places(ctx.area)[2];
        if self.page() == Page::Reference {
            let by = match action {
                Scroll::Up => -2,
                Scroll::Down => 2,
                Scroll::PageUp => -10,
                Scroll::PageDown => 10,
                Scroll::Top | Scroll::Bottom => i32::MIN / 2,
            };
            self.look((0, by), ctx);
            return;
        }
        let all = self.length(body.width);
        let at = &mut self.scroll[self.page];
        *at = action.apply(*at, all, usize::from(body.height));
    }

    /// Moves the windows on both diagrams together.
    fn look(&mut self, (dx, dy): (i32, i32), ctx: &Context<'_>) {
        let whole = Diagram {
            width: self.own.1.width.max(self.reference.width),
            height: self.own.1.height.max(self.reference.height),
            ..Diagram::default()
        };
        self.window.scroll_by(dx, dy, &whole, halves(places(ctx.area)[2])[0]);
    }

    /// Lines of the page that is shown.
    fn length(&mut self, width: u16) -> usize {
        match self.page() {
            Page::Walkthrough => {
                self.walkthrough.prepare(width);
                self.walkthrough.lines()
            }
            page => self.lines(page, &Theme::mono(false), width).len(),
        }
    }

    fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) {
        match mouse.kind {
            MouseKind::WheelUp => (0..3).for_each(|_| self.travel(Scroll::Up, ctx)),
            MouseKind::WheelDown => (0..3).for_each(|_| self.travel(Scroll::Down, ctx)),
            MouseKind::Click if places(ctx.area)[1].contains(mouse.at) => {
                let mut start = ctx.area.x + 1;
                for (at, page) in Page::ALL.iter().enumerate() {
                    let end = start + page.name().len() as u16 + 4;
                    if (start..end).contains(&mouse.at.x) {
                        self.page = at;
                    }
                    start = end;
                }
            }
            MouseKind::Click | MouseKind::Drag => {}
        }
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        vec![KEYS.section(ctx.keymap), scroll::KEYS.section(ctx.keymap)]
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _ctx: &Context<'_>) {
        let [title, tabs, body] = places(area);
        let line = Line::from(vec![
            Span::styled(format!(" {} ", self.record.title), canvas.theme.bold(Role::Accent)),
            Span::styled(format!(" debrief, {}", self.record.level.name()), canvas.style(Role::Muted)),
        ]);
        canvas.line(title, 0, &line);
        let spent = self.debrief.pacing.spent;
        let stood = self.debrief.pacing.stood;
        let paused = if stood > Elapsed(0) { format!(", paused {stood}") } else { String::new() };
        canvas.put_right(title, 0, &format!("{spent} of {}{paused} ", self.debrief.pacing.length), Role::Muted);
        self.draw_tabs(canvas, tabs);
        let mut body = body;
        body.x += 1.min(body.width);
        body.width = body.width.saturating_sub(2);
        match self.page() {
            Page::Reference => self.draw_reference(canvas, body),
            Page::Walkthrough if self.debrief.walkthrough.trim().is_empty() => {
                canvas.put(body, 0, "This problem has no walkthrough.", Role::Muted);
            }
            Page::Walkthrough => {
                let mut view = self.walkthrough.clone();
                view.scroll = self.scroll[self.page];
                markdown(canvas, body, &view);
            }
            page => {
                let lines = self.lines(page, canvas.theme, body.width);
                let visible = usize::from(body.height);
                let from = self.scroll[self.page].min(lines.len().saturating_sub(visible));
                for (row, line) in lines.iter().skip(from).take(visible).enumerate() {
                    canvas.line(body, row as u16, line);
                }
                if from + visible < lines.len() {
                    canvas.put_right(
                        body,
                        body.height.saturating_sub(1),
                        canvas.theme.sign(" ▾ more", " v more"),
                        Role::Muted,
                    );
                }
            }
        }
    }

    fn draw_tabs(&self, canvas: &mut Canvas<'_>, area: Rect) {
        canvas.rule(area, 0, canvas.style(Role::Border));
        let mut line = Line::from(" ");
        for (at, page) in Page::ALL.iter().enumerate() {
            let style = if at == self.page { canvas.theme.bold(Role::Accent) } else { canvas.style(Role::Muted) };
            line.push_span(Span::styled(format!(" {} {} ", at + 1, page.name()), style));
        }
        canvas.line(area, 0, &line);
    }

    fn draw_reference(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let halves = halves(area);
        let sides = [("Yours", &self.own.1), ("The reference", &self.reference)];
        for ((title, drawn), half) in sides.into_iter().zip(halves) {
            let inner = canvas.pane(half, title, "", false);
            if drawn.nodes.is_empty() {
                canvas.put(inner, 1, "Nothing was drawn.", Role::Muted);
            } else {
                draw_diagram(canvas, inner, drawn, &self.window, &[]);
            }
        }
    }
}

/// Title, tabs and page.
fn places(area: Rect) -> [Rect; 3] {
    rows(area, [Constraint::Length(1), Constraint::Length(1), Constraint::Min(0)])
}

/// Two places side by side, or one over the other where it is narrow.
fn halves(area: Rect) -> [Rect; 2] {
    if area.width < 72 {
        return rows(area, [Constraint::Fill(1), Constraint::Fill(1)]);
    }
    crate::tui::widgets::columns(area, [Constraint::Fill(1), Constraint::Fill(1)])
}
