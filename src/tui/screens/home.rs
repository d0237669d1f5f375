//! The first screen: a problem, a level and a length; what can be gone on with; what was done.

mod view;

use crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Rect};

use crate::clock::Timestamp;
use crate::interview::{Level, Problem, Setup};
use crate::store::SessionSummary;
use crate::tui::context::Context;
use crate::tui::effect::{Destination, Request};
use crate::tui::event::{Event, Mouse, MouseKind, What};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::widgets::{Input, List, ListAction, fuzzy, list_row_at, rows};

/// Lengths of an interview that are offered, minutes.
pub const LENGTHS: [u32; 3] = [35, 45, 60];
/// The length when none was chosen.
pub const USUAL_LENGTH: u32 = 45;

/// What can be done on the first screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Starts the chosen interview, or opens the chosen session.
    Open,
    /// Goes on with the last unfinished session.
    Resume,
    /// Narrows the problems.
    Filter,
    /// The next level.
    Level,
    /// The next length.
    Minutes,
    /// To the other list.
    Focus,
    /// The design lab.
    Lab,
    /// The flashcards.
    Cards,
    /// The library.
    Library,
    /// The estimator.
    Estimate,
    /// The settings.
    Settings,
}

/// The keys of the screen.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "home",
    title: "Home",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Open,
            "open",
            &[Chord::code(KeyCode::Enter)],
            "start",
            "Start the chosen interview, or open the chosen session",
        ),
        bind(Action::Resume, "resume", &[Chord::char('r')], "go on", "Go on with the last unfinished interview"),
        bind(Action::Filter, "filter", &[Chord::char('/')], "filter", "Narrow the list by a few letters"),
        bind(Action::Level, "level", &[Chord::char('v')], "level", "Another level: mid, senior, staff"),
        bind(Action::Minutes, "minutes", &[Chord::char('m')], "minutes", "Another length: 35, 45 or 60 minutes"),
        bind(
            Action::Focus,
            "focus",
            &[Chord::code(KeyCode::Tab), Chord::code(KeyCode::BackTab)],
            "sessions",
            "Between problems and sessions",
        ),
        bind(
            Action::Lab,
            "lab",
            &[Chord::char('d')],
            "design lab",
            "The design lab: draw and run without an interview",
        ),
        bind(Action::Cards, "cards", &[Chord::char('c')], "cards", "Flashcards: review, browse, drill, statistics"),
        bind(
            Action::Library,
            "library",
            &[Chord::char('l')],
            "library",
            "The library: read questions, technologies, concepts, patterns, numbers, guide",
        ),
        bind(
            Action::Estimate,
            "estimate",
            &[Chord::char('e')],
            "estimate",
            "The estimator: a notebook of capacity maths with units and ranges",
        ),
        bind(Action::Settings, "settings", &[Chord::char('s')], "settings", "Theme, level, length"),
    ],
};

/// What can be done while a filter is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterAction {
    /// Keeps the filter and goes back to the list.
    Keep,
    /// Drops the filter.
    Drop,
    /// One row up.
    Up,
    /// One row down.
    Down,
}

/// The keys while a filter is typed.
pub const FILTER_KEYS: KeyTable<FilterAction> = KeyTable {
    id: "filter",
    title: "Filter",
    grip: Grip::CoversAndTypes,
    bindings: &[
        bind(
            FilterAction::Keep,
            "keep",
            &[Chord::code(KeyCode::Enter), Chord::code(KeyCode::Tab)],
            "keep",
            "Keep the filter",
        ),
        bind(FilterAction::Drop, "drop", &[Chord::code(KeyCode::Esc)], "drop", "Drop the filter"),
        bind(FilterAction::Up, "up", &[Chord::code(KeyCode::Up)], "", "One row up"),
        bind(FilterAction::Down, "down", &[Chord::code(KeyCode::Down)], "", "One row down"),
    ],
};

/// The first screen.
#[derive(Clone, Debug)]
pub struct State {
    filter: Input,
    filtering: bool,
    problems: List,
    sessions: List,
    /// Whether the sessions have the focus.
    on_sessions: bool,
    level: Level,
    minutes: u32,
}

/// A row of the problems.
#[derive(Clone, Copy, Debug)]
enum Row<'a> {
    Problem(&'a Problem),
    Surprise,
}

impl State {
    /// The first screen with the settings' level and length.
    pub fn new(ctx: &Context<'_>) -> Self {
        Self {
            filter: Input::default(),
            filtering: false,
            problems: List::default(),
            sessions: List::default(),
            on_sessions: false,
            level: ctx.settings.level.unwrap_or_default(),
            minutes: ctx.settings.minutes.unwrap_or(USUAL_LENGTH),
        }
    }

    /// The problems that the filter lets through, and a surprise where there is something to choose from.
    fn rows<'a>(&self, ctx: &Context<'a>) -> Vec<Row<'a>> {
        let problems = ctx.bank.problems();
        let names: Vec<String> =
            problems.iter().map(|problem| format!("{} {}", problem.title, problem.tags.join(" "))).collect();
        let found = fuzzy(self.filter.text(), names.iter().map(String::as_str));
        let mut rows: Vec<Row<'a>> = found.into_iter().map(|at| Row::Problem(&problems[at])).collect();
        if rows.len() > 1 && self.filter.text().is_empty() {
            rows.push(Row::Surprise);
        }
        rows
    }

    fn sessions<'a>(ctx: &Context<'a>) -> &'a [SessionSummary] {
        ctx.sessions.map_or(&[], |listing| listing.sessions.as_slice())
    }

    fn unfinished<'a>(ctx: &Context<'a>) -> Option<&'a SessionSummary> {
        ctx.sessions.and_then(|listing| listing.unfinished().next())
    }

    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        match &event.what {
            What::Key(chord) if self.filtering => self.key_in_filter(*chord, ctx),
            What::Key(chord) => self.key(*chord, ctx),
            What::Paste(text) if self.filtering => {
                self.filter.insert(text);
                self.problems = List::default();
                Vec::new()
            }
            What::Mouse(mouse) => self.mouse(*mouse, ctx),
            _ => Vec::new(),
        }
    }

    fn key(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        if let Some(action) = KEYS.find(ctx.keymap, chord) {
            return self.act(action, ctx);
        }
        if let Some(action) = List::KEYS.find(ctx.keymap, chord) {
            self.travel(action, ctx);
        }
        Vec::new()
    }

    fn key_in_filter(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        match FILTER_KEYS.find(ctx.keymap, chord) {
            Some(FilterAction::Keep) => self.filtering = false,
            Some(FilterAction::Drop) => {
                self.filtering = false;
                self.filter = Input::default();
                self.problems = List::default();
            }
            Some(FilterAction::Up) => self.travel(ListAction::Up, ctx),
            Some(FilterAction::Down) => self.travel(ListAction::Down, ctx),
            None => {
                if self.filter.key(ctx.keymap, chord) {
                    self.problems = List::default();
                }
            }
        }
        Vec::new()
    }

    fn travel(&mut self, action: ListAction, ctx: &Context<'_>) {
        let places = places(ctx.area, Self::unfinished(ctx).is_some());
        if self.on_sessions {
            self.sessions.act(action, Self::sessions(ctx).len(), usize::from(places.sessions.height));
        } else {
            self.problems.act(action, self.rows(ctx).len(), usize::from(places.problems.height));
        }
    }

    fn act(&mut self, action: Action, ctx: &Context<'_>) -> Vec<Request> {
        match action {
            Action::Open if self.on_sessions => {
                return Self::sessions(ctx).get(self.sessions.selected).map(open).into_iter().collect();
            }
            Action::Open => return self.start(ctx),
            Action::Resume => return Self::unfinished(ctx).map(open).into_iter().collect(),
            Action::Filter => {
                self.on_sessions = false;
                self.filtering = true;
            }
            Action::Level => {
                let at = Level::ALL.iter().position(|level| *level == self.level).unwrap_or(0);
                self.level = Level::ALL[(at + 1) % Level::ALL.len()];
            }
            Action::Minutes => {
                let next = LENGTHS.into_iter().find(|minutes| *minutes > self.minutes);
                self.minutes = next.unwrap_or(LENGTHS[0]);
            }
            Action::Focus => self.on_sessions = !self.on_sessions && !Self::sessions(ctx).is_empty(),
            Action::Lab => return vec![Request::Go(Destination::Lab(None))],
            Action::Cards => return vec![Request::Go(Destination::Cards(None))],
            Action::Library => return vec![Request::Go(Destination::Library(None))],
            Action::Estimate => return vec![Request::Go(Destination::Estimate)],
            Action::Settings => return vec![Request::Go(Destination::Settings)],
        }
        Vec::new()
    }

    fn start(&self, ctx: &Context<'_>) -> Vec<Request> {
        let rows = self.rows(ctx);
        let problem = match rows.get(self.problems.selected) {
            Some(Row::Problem(problem)) => Some(*problem),
            Some(Row::Surprise) => surprise(ctx),
            None => None,
        };
        let setup = Setup { level: self.level, minutes: self.minutes };
        let go = |problem: &Problem| Request::Go(Destination::Interview { problem: problem.id.clone(), setup });
        problem.map(go).into_iter().collect()
    }

    fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) -> Vec<Request> {
        let places = places(ctx.area, Self::unfinished(ctx).is_some());
        let over_sessions = places.sessions.contains(mouse.at);
        match mouse.kind {
            MouseKind::WheelUp | MouseKind::WheelDown => {
                let action = if mouse.kind == MouseKind::WheelUp { ListAction::Up } else { ListAction::Down };
                let focus = std::mem::replace(&mut self.on_sessions, over_sessions);
                self.travel(action, ctx);
                self.on_sessions = focus;
            }
            MouseKind::Click if places.banner.contains(mouse.at) => return self.act(Action::Resume, ctx),
            MouseKind::Click if over_sessions => {
                let row = list_row_at(places.sessions, &self.sessions, Self::sessions(ctx).len(), mouse.at.y);
                return self.click(row, true, ctx);
            }
            MouseKind::Click if places.problems.contains(mouse.at) => {
                let row = list_row_at(places.problems, &self.problems, self.rows(ctx).len(), mouse.at.y);
                return self.click(row, false, ctx);
            }
            MouseKind::Click | MouseKind::Drag => {}
        }
        Vec::new()
    }

    /// A click chooses a row; on the chosen one it opens it.
    fn click(&mut self, row: Option<usize>, on_sessions: bool, ctx: &Context<'_>) -> Vec<Request> {
        let Some(row) = row else { return Vec::new() };
        let list = if on_sessions { &mut self.sessions } else { &mut self.problems };
        let again = list.selected == row && self.on_sessions == on_sessions;
        list.selected = row;
        self.on_sessions = on_sessions;
        if again { self.act(Action::Open, ctx) } else { Vec::new() }
    }

    /// Whether a filter is typed.
    pub fn takes_text(&self) -> bool {
        self.filtering
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        if self.filtering {
            return vec![FILTER_KEYS.section(ctx.keymap), Input::KEYS.section(ctx.keymap)];
        }
        let mut own = KEYS.section(ctx.keymap);
        let nothing_open = Self::unfinished(ctx).is_none();
        let no_sessions = Self::sessions(ctx).is_empty();
        own.entries.retain(|entry| !(entry.name == "resume" && nothing_open || entry.name == "focus" && no_sessions));
        for entry in &mut own.entries {
            match entry.name {
                "open" if self.on_sessions => entry.hint = "open",
                "focus" if self.on_sessions => entry.hint = "problems",
                _ => {}
            }
        }
        vec![own, List::KEYS.section(ctx.keymap)]
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(Vec::new, |action| self.act(action, ctx))
    }
}

/// Opens a session: to go on with it, or to look at its debrief.
fn open(session: &SessionSummary) -> Request {
    let id = session.id.clone();
    Request::Go(if session.finished.is_some() { Destination::Review(id) } else { Destination::Resume(id) })
}

/// A problem that was practised least; among several, the moment decides.
fn surprise<'a>(ctx: &Context<'a>) -> Option<&'a Problem> {
    let practised =
        |problem: &&Problem| State::sessions(ctx).iter().filter(|session| session.problem == problem.id).count();
    let least = ctx.bank.problems().iter().map(|problem| practised(&problem)).min()?;
    let fresh: Vec<&Problem> = ctx.bank.problems().iter().filter(|problem| practised(problem) == least).collect();
    let Timestamp(moment) = ctx.now;
    fresh.get(moment.unsigned_abs() as usize % fresh.len().max(1)).copied()
}

/// Where everything is.
struct Places {
    title: Rect,
    banner: Rect,
    /// The problems with their title, and below it.
    problems_pane: Rect,
    problems: Rect,
    details: Rect,
    sessions_pane: Rect,
    sessions: Rect,
    bar: Option<Rect>,
}

fn places(area: Rect, banner: bool) -> Places {
    let roomy = area.height >= 16;
    let [title, _, banner, _, body] = rows(
        area,
        [
            Constraint::Length(1),
            Constraint::Length(u16::from(roomy)),
            Constraint::Length(u16::from(banner)),
            Constraint::Length(u16::from(banner && roomy)),
            Constraint::Min(0),
        ],
    );
    let below = |pane: Rect| Rect { y: pane.y + 1.min(pane.height), height: pane.height.saturating_sub(1), ..pane };
    if body.width < 64 {
        let [problems_pane, details, sessions_pane] =
            rows(body, [Constraint::Fill(2), Constraint::Length(3.min(body.height / 3)), Constraint::Fill(1)]);
        return Places {
            title,
            banner,
            problems_pane,
            problems: below(problems_pane),
            details,
            sessions_pane,
            sessions: below(sessions_pane),
            bar: None,
        };
    }
    let west = (u32::from(body.width) * 42 / 100) as u16;
    let problems_pane = Rect { width: west, ..body };
    let east = Rect { x: body.x + west + 2, width: body.width - west - 2, ..body };
    let [details, sessions_pane] = rows(east, [Constraint::Min(12), Constraint::Percentage(40)]);
    Places {
        title,
        banner,
        problems_pane,
        problems: below(problems_pane),
        details,
        sessions_pane,
        sessions: below(sessions_pane),
        bar: Some(Rect { x: body.x + west, width: 1, ..body }),
    }
}
