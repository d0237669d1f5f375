//! The first room: the decks, what they hold today, and ways to go.

use crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Rect};
use ratatui::text::{Line, Span};

use super::world::World;
use super::{Door, Step, counted, drill};
use crate::cards::{Deck, Mode, Scope, Waiting, count_orphans};
use crate::clock::Elapsed;
use crate::tui::context::Context;
use crate::tui::effect::{Destination, Notice, Prompt, Purpose, Request};
use crate::tui::event::{Event, MouseKind, What};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, List, fit, list, list_row_at, rows, width};

/// How far reviewing ahead looks, days.
const AHEAD: u32 = 3;
/// Levels of questions that can be chosen.
const LEVELS: [&str; 3] = ["basic", "intermediate", "advanced"];

/// What can be done with the decks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Reviews what is due of the chosen deck.
    Review,
    /// And what is due in the next days.
    Ahead,
    /// Everything, without the schedule.
    Cram,
    /// Only weak cards, or all.
    Weak,
    /// The next level.
    Level,
    /// Only cards with a tag.
    Tag,
    /// Looks through the cards.
    Browse,
    /// Guesses at numbers.
    Numbers,
    /// Answers questions aloud.
    Talk,
    /// Chooses, and says why.
    Choose,
    /// Figures and charts.
    Statistics,
    /// Reviewed cards that are no more.
    Orphans,
    /// Back to the first screen.
    Leave,
}

/// The keys of the room.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "cards",
    title: "Cards",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Review,
            "review",
            &[Chord::code(KeyCode::Enter), Chord::char(' ')],
            "review",
            "Review what is due",
        ),
        bind(Action::Browse, "browse", &[Chord::char('b'), Chord::char('/')], "browse", "Look through the cards"),
        bind(Action::Numbers, "numbers", &[Chord::char('n')], "numbers", "Drill: guess at numbers"),
        bind(
            Action::Talk,
            "talk",
            &[Chord::char('s')],
            "60 seconds",
            "Drill: answer a question aloud in sixty seconds",
        ),
        bind(Action::Statistics, "statistics", &[Chord::char('i')], "statistics", "Retention, forecast, what is hard"),
        bind(Action::Orphans, "orphans", &[Chord::char('r')], "", "Reviewed cards that are gone, and what they became"),
        bind(Action::Choose, "choose", &[Chord::char('o')], "", "Cards that ask what you would choose, and why"),
        bind(
            Action::Cram,
            "cram",
            &[Chord::char('c')],
            "cram",
            "Every card of the deck; the schedule doesn't learn of it",
        ),
        bind(Action::Ahead, "ahead", &[Chord::char('a')], "ahead", "Also what is due in the next three days"),
        bind(
            Action::Weak,
            "weak",
            &[Chord::char('w')],
            "weak",
            "Only cards that you forget more easily than most, or all",
        ),
        bind(
            Action::Level,
            "level",
            &[Chord::char('v')],
            "",
            "Only questions of a level: basic, intermediate, advanced, all",
        ),
        bind(Action::Tag, "tag", &[Chord::char('t')], "", "Only cards with a tag"),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "home", "Back to the first screen"),
    ],
};

/// Whether a key leads out while nothing is there yet.
pub(super) fn leaves(chord: Chord, ctx: &Context<'_>) -> bool {
    KEYS.find(ctx.keymap, chord) == Some(Action::Leave)
}

/// The room.
#[derive(Clone, Debug, Default)]
pub(super) struct Decks {
    list: List,
    narrowed: Scope,
    /// What each row holds today; counted anew when the scope changes.
    rows: Vec<Row>,
    /// How many reviewed cards are no more.
    gone: usize,
}

/// A place among the decks: the chosen one, and what narrows them.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    deck: Option<Deck>,
    narrowed: Scope,
}

/// A row: all decks, or one.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    deck: Option<Deck>,
    cards: usize,
    today: Waiting,
}

impl Decks {
    fn scope(&self, deck: Option<Deck>) -> Scope {
        Scope { deck, ..self.narrowed.clone() }
    }

    /// The decks, where one was among them.
    pub fn new(world: &World, place: &Place, ctx: &Context<'_>) -> Self {
        let gone = count_orphans(&world.collection.cards, &world.histories);
        let mut room = Self { gone, narrowed: place.narrowed.clone(), ..Self::default() };
        room.count(world, ctx);
        room.list.selected = room.rows.iter().position(|row| row.deck == place.deck).unwrap_or(0);
        room
    }

    /// Where one is.
    pub fn place(&self) -> Place {
        let deck = self.rows.get(self.list.selected).and_then(|row| row.deck.clone());
        Place { deck, narrowed: self.narrowed.clone() }
    }

    fn count(&mut self, world: &World, ctx: &Context<'_>) {
        let decks = std::iter::once(None).chain(world.collection.counts().into_iter().map(|(deck, _)| Some(deck)));
        let row = |deck: Option<Deck>| {
            let scope = self.scope(deck.clone());
            let held = world.collection.cards.iter().filter(|card| scope.holds(card, &world.histories));
            Row { cards: held.count(), today: world.waiting(&scope, ctx.now), deck }
        };
        self.rows = decks.map(row).collect();
    }

    fn narrow(&mut self, world: &World, ctx: &Context<'_>, change: impl FnOnce(&mut Scope)) {
        change(&mut self.narrowed);
        self.count(world, ctx);
    }

    pub fn update(&mut self, event: &Event, world: &mut World, ctx: &Context<'_>) -> Vec<Step> {
        let count = self.rows.len();
        match &event.what {
            What::Key(chord) => match KEYS.find(ctx.keymap, *chord) {
                Some(action) => return self.act(action, world, ctx),
                None => {
                    if let Some(action) = List::KEYS.find(ctx.keymap, *chord) {
                        self.list.act(action, count, usize::from(places(ctx.area).list.height));
                    }
                }
            },
            What::Mouse(mouse) if mouse.kind == MouseKind::Click => {
                if let Some(row) = list_row_at(places(ctx.area).list, &self.list, count, mouse.at.y) {
                    let again = self.list.selected == row;
                    self.list.selected = row;
                    if again {
                        return self.act(Action::Review, world, ctx);
                    }
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let selected = self.list.selected;
        let deck = self.rows.get(selected).and_then(|row| row.deck.clone());
        let scope = self.scope(deck);
        match action {
            Action::Review => return vec![review(scope, world, ctx)],
            Action::Ahead => return vec![Step::Go(Door::Review(scope, Mode::Ahead(AHEAD)))],
            Action::Cram => return vec![Step::Go(Door::Review(scope, Mode::Cram))],
            Action::Choose => {
                let choices = Scope { choices: true, deck: None, ..scope };
                return vec![Step::Go(Door::Review(choices, Mode::Cram))];
            }
            Action::Weak => self.narrow(world, ctx, |scope| scope.weak = !scope.weak),
            Action::Level => self.narrow(world, ctx, |scope| {
                let at = LEVELS.iter().position(|level| scope.level.as_deref() == Some(level)).map_or(0, |at| at + 1);
                scope.level = LEVELS.get(at).map(|level| (*level).to_owned());
            }),
            Action::Tag if self.narrowed.tag.is_some() => self.narrow(world, ctx, |scope| scope.tag = None),
            Action::Tag => return vec![Step::Ask(ask_for_tag(world))],
            Action::Browse => return vec![Step::Go(Door::Browse)],
            Action::Numbers => return vec![Step::Go(Door::Drill(drill::Kind::Numbers))],
            Action::Talk => return vec![Step::Go(Door::Drill(drill::Kind::Talk))],
            Action::Statistics => return vec![Step::Go(Door::Statistics)],
            Action::Orphans => return vec![Step::Go(Door::Orphans)],
            Action::Leave => return vec![Step::Ask(Request::Go(Destination::Home))],
        }
        Vec::new()
    }

    /// Narrows the cards to a tag that was typed.
    pub fn tagged(&mut self, text: &str, world: &World, ctx: &Context<'_>) -> Vec<Request> {
        let known = world.collection.cards.iter().flat_map(|card| &card.tags).any(|tag| tag == text);
        if known {
            self.narrow(world, ctx, |scope| scope.tag = Some(text.to_owned()));
            return Vec::new();
        }
        vec![Request::Notify(Notice::bad(format!("no card has the tag '{text}'")))]
    }

    pub fn sections(ctx: &Context<'_>) -> Vec<KeySection> {
        vec![KEYS.section(ctx.keymap), List::KEYS.section(ctx.keymap)]
    }

    pub fn perform(&mut self, table: &str, name: &str, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(Vec::new, |action| self.act(action, world, ctx))
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let places = places(area);
        canvas.put_styled(places.title, 0, " Cards", canvas.theme.bold(Role::Accent));
        let words = self.narrowed.words();
        if !words.is_empty() {
            canvas.put_right(places.title, 0, &format!("only {words} "), Role::Warning);
        }
        let cells = usize::from(places.list.width).saturating_sub(2);
        let lines: Vec<Line<'_>> = self.rows.iter().map(|row| row_line(canvas, row, cells)).collect();
        canvas.pane(places.pane, "Decks", "today", true);
        list(canvas, places.list, &self.list, &lines, true);
        if let Some(row) = self.rows.get(self.list.selected) {
            canvas.put(places.below, 0, &today_words(row), Role::Text);
        }
        match self.gone {
            0 => canvas.put(places.below, 1, &format!("Own decks: {}", ctx.paths.decks().display()), Role::Muted),
            gone => {
                let cards = counted(gone, "card that you reviewed is gone", "cards that you reviewed are gone");
                canvas.put(places.below, 1, &format!("{cards}: 'r' shows what became of them."), Role::Warning);
            }
        }
    }
}

fn review(scope: Scope, world: &World, ctx: &Context<'_>) -> Step {
    if world.waiting(&scope, ctx.now).total() > 0 {
        return Step::Go(Door::Review(scope, Mode::Due));
    }
    let words = "nothing is due here: 'a' looks ahead, 'c' crams without touching the schedule";
    Step::Ask(Request::Notify(Notice::plain(words)))
}

fn ask_for_tag(world: &World) -> Request {
    let mut tags: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for tag in world.collection.cards.iter().flat_map(|card| &card.tags) {
        *tags.entry(tag).or_default() += 1;
    }
    let mut tags: Vec<(&str, usize)> = tags.into_iter().collect();
    tags.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let common: Vec<&str> = tags.iter().take(25).map(|(tag, _)| *tag).collect();
    Request::Prompt(Box::new(Prompt {
        purpose: Purpose::Tag,
        title: "Only cards with a tag".to_owned(),
        advice: format!("Common ones: {}", common.join(", ")),
        text: String::new(),
        log: Vec::new(),
        stays: false,
        skips: false,
    }))
}

fn row_line<'a>(canvas: &Canvas<'_>, row: &Row, cells: usize) -> Line<'a> {
    let name = row.deck.as_ref().map_or("all decks", Deck::name).to_owned();
    let today = row.today.total();
    let aside = format!(
        "{:>6}   {:>11}",
        if today > 0 { today.to_string() } else { "-".to_owned() },
        counted(row.cards, "card", "cards")
    );
    let name = fit(&name, cells.saturating_sub(width(&aside) + 1), canvas.theme.ellipsis()).into_owned();
    let gap = " ".repeat(cells.saturating_sub(width(&name) + width(&aside)));
    let style = if row.deck.is_none() { canvas.theme.bold(Role::Text) } else { canvas.style(Role::Text) };
    let role = if today > 0 { Role::Accent } else { Role::Muted };
    Line::from(vec![Span::styled(name, style), Span::styled(format!("{gap}{aside}"), canvas.style(role))])
}

fn today_words(row: &Row) -> String {
    let Waiting { new, learning, reviews } = row.today;
    if row.today.total() == 0 {
        return "Nothing more is due here today.".to_owned();
    }
    let parts = [(reviews, "to review"), (new, "new"), (learning, "in their steps")];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
    format!("{} today: {}.", counted(row.today.total(), "card", "cards"), parts.collect::<Vec<_>>().join(", "))
}

/// Where everything is.
struct Places {
    title: Rect,
    pane: Rect,
    list: Rect,
    below: Rect,
}

fn places(area: Rect) -> Places {
    let [title, pane, _, below] = rows(
        area,
        [
            Constraint::Length(1),
            Constraint::Min(0),
            Constraint::Length(u16::from(area.height > 14)),
            Constraint::Length(2),
        ],
    );
    let list = Rect { y: pane.y + 1.min(pane.height), height: pane.height.saturating_sub(1), ..pane };
    let below = Rect { x: below.x + 1.min(below.width), width: below.width.saturating_sub(2), ..below };
    Places { title, pane, list, below }
}

/// How long so much takes, for a person: `about 6 min`.
pub(super) fn about(elapsed: Elapsed) -> String {
    let minutes = elapsed.0.div_ceil(60_000);
    if minutes <= 1 { "about a minute".to_owned() } else { format!("about {minutes} min") }
}
