//! Statistics with charts: what was done, what is coming, how well it is remembered.

mod pages;

use crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Rect};

use super::world::World;
use super::{Door, Step};
use crate::cards::drill::{Calibration, calibration};
use crate::cards::statistics::{Statistics, statistics};
use crate::tui::context::Context;
use crate::tui::event::{Event, MouseKind, What};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, rows};

/// A page of the statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    Overview,
    Forecast,
    Memory,
    Tags,
    Numbers,
}

impl Page {
    const ALL: [Self; 5] = [Self::Overview, Self::Forecast, Self::Memory, Self::Tags, Self::Numbers];

    const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Forecast => "Forecast",
            Self::Memory => "Memory",
            Self::Tags => "Tags",
            Self::Numbers => "Numbers",
        }
    }
}

/// What can be done with the statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The next page.
    Next,
    /// The page before.
    Previous,
    /// Scrolls.
    Up,
    /// Scrolls.
    Down,
    /// Scrolls.
    PageUp,
    /// Scrolls.
    PageDown,
    /// Back to the decks.
    Leave,
}

/// The keys of the room.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "card-statistics",
    title: "Statistics",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Next,
            "next-page",
            &[Chord::code(KeyCode::Tab), Chord::code(KeyCode::Right), Chord::char('l'), Chord::char(']')],
            "next page",
            "The next page",
        ),
        bind(
            Action::Previous,
            "previous-page",
            &[Chord::code(KeyCode::BackTab), Chord::code(KeyCode::Left), Chord::char('h'), Chord::char('[')],
            "",
            "The page before",
        ),
        bind(Action::Up, "up", &[Chord::code(KeyCode::Up), Chord::char('k')], "", "One line up"),
        bind(Action::Down, "down", &[Chord::code(KeyCode::Down), Chord::char('j')], "", "One line down"),
        bind(Action::PageUp, "page-up", &[Chord::code(KeyCode::PageUp)], "", "A page up"),
        bind(Action::PageDown, "page-down", &[Chord::code(KeyCode::PageDown), Chord::char(' ')], "", "A page down"),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "decks", "Back to the decks"),
    ],
};

/// The room.
#[derive(Clone, Debug)]
pub(super) struct Shown {
    statistics: Statistics,
    calibration: Calibration,
    page: usize,
    scroll: usize,
}

impl Shown {
    pub fn new(world: &World, ctx: &Context<'_>) -> Self {
        Self {
            statistics: statistics(&world.collection.cards, &world.log, &world.options, ctx.now),
            calibration: calibration(&world.drills, world.options.utc_offset_minutes),
            page: 0,
            scroll: 0,
        }
    }

    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Step> {
        match &event.what {
            What::Key(chord) => {
                let action = KEYS.find(ctx.keymap, *chord);
                action.map_or_else(Vec::new, |action| self.act(action, ctx.area))
            }
            What::Mouse(mouse) => {
                let action = match mouse.kind {
                    MouseKind::WheelUp => Some(Action::Up),
                    MouseKind::WheelDown => Some(Action::Down),
                    _ => None,
                };
                action.map_or_else(Vec::new, |action| self.act(action, ctx.area))
            }
            _ => Vec::new(),
        }
    }

    fn act(&mut self, action: Action, area: Rect) -> Vec<Step> {
        let count = Page::ALL.len();
        let page = usize::from(area.height).saturating_sub(3).max(1);
        match action {
            Action::Next => self.turn((self.page + 1) % count),
            Action::Previous => self.turn((self.page + count - 1) % count),
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::PageUp => self.scroll = self.scroll.saturating_sub(page),
            Action::Down => self.scroll_down(1, area),
            Action::PageDown => self.scroll_down(page, area),
            Action::Leave => return vec![Step::Go(Door::Decks)],
        }
        Vec::new()
    }

    fn turn(&mut self, page: usize) {
        self.page = page;
        self.scroll = 0;
    }

    fn scroll_down(&mut self, by: usize, area: Rect) {
        // The count of lines is the same in every theme.
        let all = self.lines(Page::ALL[self.page], &Theme::mono(true), area.width.saturating_sub(2)).len();
        self.scroll = (self.scroll + by).min(all.saturating_sub(usize::from(area.height.saturating_sub(1))));
    }

    pub fn sections(ctx: &Context<'_>) -> Vec<KeySection> {
        vec![KEYS.section(ctx.keymap)]
    }

    pub fn perform(&mut self, table: &str, name: &str) -> Vec<Step> {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(Vec::new, |action| self.act(action, Rect::new(0, 0, 80, 24)))
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let [pane] = rows(area, [Constraint::Min(0)]);
        let names = Page::ALL.map(Page::name);
        let inner = canvas.tabs(pane, &names, self.page, "", true);
        let inner = Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner };
        let lines = self.lines(Page::ALL[self.page], canvas.theme, inner.width);
        for (row, line) in lines.iter().skip(self.scroll).take(usize::from(inner.height)).enumerate() {
            canvas.line(inner, row as u16, line);
        }
        if self.scroll + usize::from(inner.height) < lines.len() && inner.height > 0 {
            canvas.put_right(inner, inner.height - 1, canvas.theme.sign(" ▾ more", " v more"), Role::Muted);
        }
    }
}
