//! All cards: narrowed by a few letters, by deck and by state, each with its two sides and what is known of it.

mod view;

use crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Rect};

use super::edit::Edit;
use super::world::World;
use super::{Door, Step};
use crate::cards::{Card, Deck, Entry, Stage, Suspension};
use crate::tui::context::Context;
use crate::tui::effect::{Notice, Request};
use crate::tui::event::{Event, Mouse, MouseKind, What};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::widgets::{Input, List, ListAction, fuzzy, list_row_at, rows};

/// What can be done while browsing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Narrows the cards by letters.
    Filter,
    /// The next deck, or all.
    Deck,
    /// The next state, or all.
    State,
    /// Writes the card in other words.
    Edit,
    /// Writes a new card.
    New,
    /// Sets the card aside, or takes it up again.
    Suspend,
    /// Scrolls the card.
    Up,
    /// Scrolls the card.
    Down,
    /// Back to the decks.
    Leave,
}

/// The keys of the room.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "browse",
    title: "Browse",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::Filter, "filter", &[Chord::char('/')], "filter", "Narrow the cards by a few letters"),
        bind(
            Action::Deck,
            "deck",
            &[Chord::char('d'), Chord::code(KeyCode::Tab)],
            "deck",
            "Only the next deck, or all",
        ),
        bind(
            Action::State,
            "state",
            &[Chord::char('f')],
            "state",
            "Only cards that are new, due, weak, leeches or suspended; or all",
        ),
        bind(
            Action::Edit,
            "edit",
            &[Chord::char('e'), Chord::code(KeyCode::Enter)],
            "edit",
            "Write the card in your own words",
        ),
        bind(
            Action::Suspend,
            "suspend",
            &[Chord::char('@')],
            "suspend",
            "Set the card aside until you take it up again, or take it up",
        ),
        bind(Action::New, "new", &[Chord::char('n')], "new card", "Write a new card"),
        bind(Action::Up, "scroll-up", &[Chord::char('K')], "", "Scroll the card up"),
        bind(Action::Down, "scroll-down", &[Chord::char('J')], "", "Scroll the card down"),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "decks", "Back to the decks"),
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
    id: "card-filter",
    title: "Filter of the cards",
    grip: Grip::CoversAndTypes,
    bindings: &[
        bind(FilterAction::Keep, "keep", &[Chord::code(KeyCode::Enter)], "keep", "Keep the filter"),
        bind(FilterAction::Drop, "drop", &[Chord::code(KeyCode::Esc)], "drop", "Drop the filter"),
        bind(FilterAction::Up, "up", &[Chord::code(KeyCode::Up)], "", "One row up"),
        bind(FilterAction::Down, "down", &[Chord::code(KeyCode::Down)], "", "One row down"),
    ],
};

/// Which cards are shown, by what is known of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Known {
    #[default]
    All,
    New,
    Due,
    Weak,
    Leech,
    Suspended,
}

impl Known {
    const ALL: [Self; 6] = [Self::All, Self::New, Self::Due, Self::Weak, Self::Leech, Self::Suspended];

    const fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Due => "due",
            Self::Weak => "weak",
            Self::Leech => "leeches",
            Self::Suspended => "suspended",
        }
    }
}

/// The room.
#[derive(Clone, Debug)]
pub(super) struct Browse {
    filter: Input,
    filtering: bool,
    deck: Option<Deck>,
    known: Known,
    list: List,
    scroll: usize,
    /// Indices of the cards that are shown.
    found: Vec<usize>,
    /// What each card is searched by.
    names: Vec<String>,
    /// Whether the cards have to be looked through again.
    stale: bool,
}

impl Browse {
    pub fn new(world: &World, ctx: &Context<'_>) -> Self {
        let mut browse = Self {
            filter: Input::default(),
            filtering: false,
            deck: None,
            known: Known::All,
            list: List::default(),
            scroll: 0,
            found: Vec::new(),
            names: Vec::new(),
            stale: true,
        };
        browse.refresh(world, ctx);
        browse
    }

    /// Reads the cards anew: one was written, or set aside.
    pub fn refresh(&mut self, world: &World, ctx: &Context<'_>) {
        let name = |card: &Card| format!("{} {} {} {}", card.question, card.deck, card.tags.join(" "), card.id);
        self.names = world.collection.cards.iter().map(name).collect();
        self.stale = true;
        self.look(world, ctx);
    }

    /// Looks through the cards again if anything changed.
    fn look(&mut self, world: &World, ctx: &Context<'_>) {
        if self.stale {
            self.found = self.matching(world, ctx);
            self.list.keep(self.found.len(), 1);
            self.stale = false;
        }
    }

    fn matching(&self, world: &World, ctx: &Context<'_>) -> Vec<usize> {
        let holds = |at: usize| {
            let card = &world.collection.cards[at];
            self.deck.as_ref().is_none_or(|deck| card.deck == *deck) && self.is_known(card, world, ctx)
        };
        let places: Vec<usize> =
            (0..self.names.len().min(world.collection.cards.len())).filter(|at| holds(*at)).collect();
        let names = places.iter().map(|at| self.names[*at].as_str());
        fuzzy(self.filter.text(), names).into_iter().map(|at| places[at]).collect()
    }

    fn is_known(&self, card: &Card, world: &World, ctx: &Context<'_>) -> bool {
        let history = world.histories.get(&card.id);
        let today = world.options.day(ctx.now);
        match self.known {
            Known::All => true,
            Known::Suspended => world.histories.is_suspended(&card.id),
            Known::New => history.is_none(),
            Known::Due => history.is_some_and(|history| {
                !matches!(history.stage, Stage::Review(_)) || history.due_day(&world.options) <= today
            }),
            Known::Weak => history.is_some_and(crate::cards::History::is_weak),
            Known::Leech => history.is_some_and(|history| history.leech),
        }
    }

    fn chosen<'a>(&self, world: &'a World) -> Option<&'a Card> {
        self.found.get(self.list.selected).and_then(|at| world.collection.cards.get(*at))
    }

    pub fn update(&mut self, event: &Event, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let steps = match &event.what {
            What::Key(chord) if self.filtering => {
                self.key_in_filter(*chord, ctx);
                Vec::new()
            }
            What::Key(chord) => {
                if let Some(action) = KEYS.find(ctx.keymap, *chord) {
                    self.act(action, world, ctx)
                } else {
                    if let Some(action) = List::KEYS.find(ctx.keymap, *chord) {
                        self.travel(action, ctx);
                    }
                    Vec::new()
                }
            }
            What::Paste(text) if self.filtering => {
                self.filter.insert(text);
                self.narrowed();
                Vec::new()
            }
            What::Mouse(mouse) => {
                self.mouse(*mouse, ctx);
                Vec::new()
            }
            _ => Vec::new(),
        };
        self.look(world, ctx);
        steps
    }

    fn key_in_filter(&mut self, chord: Chord, ctx: &Context<'_>) {
        match FILTER_KEYS.find(ctx.keymap, chord) {
            Some(FilterAction::Keep) => self.filtering = false,
            Some(FilterAction::Drop) => {
                self.filtering = false;
                self.filter = Input::default();
                self.narrowed();
            }
            Some(FilterAction::Up) => self.travel(ListAction::Up, ctx),
            Some(FilterAction::Down) => self.travel(ListAction::Down, ctx),
            None => {
                if self.filter.key(ctx.keymap, chord) {
                    self.narrowed();
                }
            }
        }
    }

    fn narrowed(&mut self) {
        self.list = List::default();
        self.scroll = 0;
        self.stale = true;
    }

    fn travel(&mut self, action: ListAction, ctx: &Context<'_>) {
        self.list.act(action, self.found.len(), usize::from(places(ctx.area).list.height));
        self.scroll = 0;
    }

    fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) {
        let places = places(ctx.area);
        match mouse.kind {
            MouseKind::WheelUp if places.list.contains(mouse.at) => self.travel(ListAction::Up, ctx),
            MouseKind::WheelDown if places.list.contains(mouse.at) => self.travel(ListAction::Down, ctx),
            MouseKind::WheelUp => self.scroll = self.scroll.saturating_sub(3),
            MouseKind::WheelDown => self.scroll += 3,
            MouseKind::Click => {
                if let Some(row) = list_row_at(places.list, &self.list, self.found.len(), mouse.at.y)
                    && places.list.contains(mouse.at)
                {
                    self.list.selected = row;
                    self.scroll = 0;
                }
            }
            MouseKind::Drag => {}
        }
    }

    fn suspend(&self, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let Some(card) = self.chosen(world) else { return Vec::new() };
        let (id, suspended) = (world.next_id(), !world.histories.is_suspended(&card.id));
        let entry = Entry::Suspension(Suspension { id, card: card.id.clone(), suspended, at: ctx.now });
        let words = if suspended { "set aside: it comes up in no session" } else { "taken up again" };
        vec![Step::Keep(vec![entry]), Step::Ask(Request::Notify(Notice::plain(words)))]
    }

    fn act(&mut self, action: Action, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        match action {
            Action::Filter => self.filtering = true,
            Action::Deck => {
                let decks: Vec<Deck> = world.collection.counts().into_iter().map(|(deck, _)| deck).collect();
                let at = decks.iter().position(|deck| self.deck.as_ref() == Some(deck)).map_or(0, |at| at + 1);
                self.deck = decks.get(at).cloned();
                self.narrowed();
            }
            Action::State => {
                let at = Known::ALL.iter().position(|known| *known == self.known).unwrap_or(0);
                self.known = Known::ALL[(at + 1) % Known::ALL.len()];
                self.narrowed();
            }
            Action::Edit => {
                let edit = self.chosen(world).map(|card| Step::Edit(Box::new(Edit::of(card, world))));
                return edit.into_iter().collect();
            }
            Action::New => return vec![Step::Edit(Box::new(Edit::new_card()))],
            Action::Suspend => return self.suspend(world, ctx),
            Action::Up => self.scroll = self.scroll.saturating_sub(1),
            Action::Down => self.scroll += 1,
            Action::Leave => return vec![Step::Go(Door::Decks)],
        }
        Vec::new()
    }

    pub fn takes_text(&self) -> bool {
        self.filtering
    }

    pub fn sections(&self, _world: &World, ctx: &Context<'_>) -> Vec<KeySection> {
        if self.filtering {
            return vec![FILTER_KEYS.section(ctx.keymap), Input::KEYS.section(ctx.keymap)];
        }
        vec![KEYS.section(ctx.keymap), List::KEYS.section(ctx.keymap)]
    }

    pub fn perform(&mut self, table: &str, name: &str, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        let steps = action.map_or_else(Vec::new, |action| self.act(action, world, ctx));
        self.look(world, ctx);
        steps
    }
}

/// Where everything is.
struct Places {
    pane: Rect,
    list: Rect,
    card: Rect,
}

fn places(area: Rect) -> Places {
    let (pane, card) = if area.width >= 72 {
        let west = (u32::from(area.width) * 45 / 100) as u16;
        let card = Rect { x: area.x + west + 1, width: area.width - west - 1, ..area };
        (Rect { width: west, ..area }, card)
    } else {
        let [pane, card] = rows(area, [Constraint::Fill(2), Constraint::Fill(3)]);
        (pane, card)
    };
    let list = Rect { y: pane.y + 1.min(pane.height), height: pane.height.saturating_sub(1), ..pane };
    Places { pane, list, card }
}
