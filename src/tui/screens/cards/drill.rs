//! The drills: guess at a number, answer a question in sixty seconds. Every result is kept, so that there is something to see over time.

mod view;

pub(super) use view::calibration_words;

use crossterm::event::KeyCode;

use super::world::World;
use super::{Door, Step};
use crate::cards::drill::{Calibration, Drill, DrillResult, Guess, Range, Talk, calibration, points};
use crate::cards::{Card, CardKind, Deck, Figure};
use crate::clock::{Elapsed, Timestamp};
use crate::content::guess;
use crate::tui::context::Context;
use crate::tui::effect::{Effect, Notice, Request};
use crate::tui::event::{Event, What};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::widgets::{Input, List};

/// What is drilled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Orders of magnitude.
    Numbers,
    /// Answers in sixty seconds.
    Talk,
}

/// What can be done in a drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Holds the guess against the number.
    Guess,
    /// The next one.
    Next,
    /// Leaves this one out.
    Skip,
    /// Starts the clock, or stops it.
    Clock,
    /// Ticks a point that was said.
    Tick,
    /// Keeps what was ticked.
    Keep,
    /// Back to the decks.
    Leave,
}

/// The keys of every drill.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "drill",
    title: "Drill",
    grip: Grip::Shares,
    bindings: &[
        bind(Action::Skip, "skip", &[Chord::code(KeyCode::Tab)], "skip", "Leave this one out"),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "decks", "Back to the decks"),
    ],
};

/// The keys while a guess is typed.
pub const GUESS_KEYS: KeyTable<Action> = KeyTable {
    id: "guess",
    title: "Guess",
    grip: Grip::CoversAndTypes,
    bindings: &[bind(
        Action::Guess,
        "guess",
        &[Chord::code(KeyCode::Enter)],
        "guess",
        "Hold the guess against the number: '7ms', or a range that you are nine-tenths sure of: '5..15ms'",
    )],
};

/// The keys once a guess is scored.
pub const NEXT_KEYS: KeyTable<Action> = KeyTable {
    id: "guessed",
    title: "Guessed",
    grip: Grip::Shares,
    bindings: &[bind(
        Action::Next,
        "next",
        &[Chord::code(KeyCode::Enter), Chord::char(' ')],
        "next",
        "The next number",
    )],
};

/// The keys while a question is answered aloud.
pub const TALK_KEYS: KeyTable<Action> = KeyTable {
    id: "talk",
    title: "Sixty seconds",
    grip: Grip::Shares,
    bindings: &[bind(
        Action::Clock,
        "clock",
        &[Chord::char(' '), Chord::code(KeyCode::Enter)],
        "start, stop",
        "Start the clock and speak; stop it when you have said it",
    )],
};

/// The keys while an answer is checked.
pub const CHECK_KEYS: KeyTable<Action> = KeyTable {
    id: "talk-points",
    title: "Points of the answer",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Tick,
            "tick",
            &[Chord::char(' '), Chord::char('x')],
            "tick",
            "Tick or untick a point that you said",
        ),
        bind(Action::Keep, "keep", &[Chord::code(KeyCode::Enter)], "keep, next", "Keep the result and go on"),
    ],
};

/// A drill on the screen.
#[derive(Clone, Debug)]
pub(super) struct Drilling {
    kind: Kind,
    /// What is still to come, the next one last.
    coming: Vec<Card>,
    face: Face,
    shown_at: Timestamp,
    calibration: Calibration,
    /// Talks of this visit.
    talks: Vec<Talk>,
}

#[derive(Clone, Debug)]
enum Face {
    Guessing { card: Card, figure: Figure, input: Input },
    Guessed { card: Card, figure: Figure, guess: Guess },
    Ready { card: Card },
    Talking { card: Card, since: Timestamp },
    Checking { card: Card, took: Elapsed, points: Vec<(String, bool)>, list: List },
    Over,
}

impl Drilling {
    pub fn new(kind: Kind, world: &World, ctx: &Context<'_>) -> Self {
        let mut drilling = Self {
            kind,
            coming: coming(kind, world, ctx.now),
            face: Face::Over,
            shown_at: ctx.now,
            calibration: calibration(&world.drills, world.options.utc_offset_minutes),
            talks: Vec::new(),
        };
        drilling.next(ctx.now);
        drilling
    }

    fn next(&mut self, now: Timestamp) {
        self.shown_at = now;
        self.face = match self.coming.pop() {
            None => Face::Over,
            Some(card) => match (self.kind, card.kind.clone()) {
                (Kind::Numbers, CardKind::Figure(figure)) => Face::Guessing { card, figure, input: Input::default() },
                _ => Face::Ready { card },
            },
        };
    }

    pub fn update(&mut self, event: &Event, world: &mut World, ctx: &Context<'_>) -> Vec<Step> {
        match &event.what {
            What::Key(chord) => self.key(*chord, world, ctx),
            What::Paste(text) => {
                if let Face::Guessing { input, .. } = &mut self.face {
                    input.insert(text);
                }
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn key(&mut self, chord: Chord, world: &mut World, ctx: &Context<'_>) -> Vec<Step> {
        let keymap = ctx.keymap;
        let own = match &self.face {
            Face::Guessing { .. } => GUESS_KEYS.find(keymap, chord),
            Face::Guessed { .. } => NEXT_KEYS.find(keymap, chord),
            Face::Ready { .. } | Face::Talking { .. } => TALK_KEYS.find(keymap, chord),
            Face::Checking { .. } => CHECK_KEYS.find(keymap, chord),
            Face::Over => None,
        };
        if let Some(action) = own.or_else(|| KEYS.find(keymap, chord)) {
            return self.act(action, world, ctx);
        }
        match &mut self.face {
            Face::Guessing { input, .. } => _ = input.key(keymap, chord),
            Face::Checking { points, list, .. } => {
                if let Some(action) = List::KEYS.find(keymap, chord) {
                    list.act(action, points.len(), points.len());
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, world: &mut World, ctx: &Context<'_>) -> Vec<Step> {
        match action {
            Action::Leave => return vec![Step::Go(Door::Decks)],
            Action::Next | Action::Skip => self.next(ctx.now),
            Action::Guess => return self.guess(world, ctx),
            Action::Clock => self.clock(ctx.now),
            Action::Tick => {
                if let Face::Checking { points, list, .. } = &mut self.face
                    && let Some((_, said)) = points.get_mut(list.selected)
                {
                    *said = !*said;
                    list.selected = (list.selected + 1).min(points.len().saturating_sub(1));
                }
            }
            Action::Keep => return self.keep(world, ctx),
        }
        Vec::new()
    }

    fn guess(&mut self, world: &mut World, ctx: &Context<'_>) -> Vec<Step> {
        let Face::Guessing { card, figure, input } = &self.face else { return Vec::new() };
        let typed = match guess(input.text(), &figure.unit) {
            Ok(typed) => typed,
            Err(why) => return vec![Step::Ask(Request::Notify(Notice::plain(format!("expected {why}"))))],
        };
        let guess = Guess { guess: typed, truth: Range::from(figure) };
        let (card, figure) = (card.clone(), figure.clone());
        let step = record(&card, DrillResult::Guess(guess), world, ctx.now.since(self.shown_at), ctx);
        self.calibration = calibration(&world.drills, world.options.utc_offset_minutes);
        self.face = Face::Guessed { card, figure, guess };
        vec![step]
    }

    /// Starts the clock, or stops it and brings the points.
    fn clock(&mut self, now: Timestamp) {
        self.face = match std::mem::replace(&mut self.face, Face::Over) {
            Face::Ready { card } => Face::Talking { card, since: now },
            Face::Talking { card, since } => {
                let points = points(&card.answer).into_iter().map(|point| (point, false)).collect();
                Face::Checking { card, took: now.since(since), points, list: List::default() }
            }
            face => face,
        };
    }

    fn keep(&mut self, world: &mut World, ctx: &Context<'_>) -> Vec<Step> {
        let Face::Checking { card, took, points, .. } = &self.face else { return Vec::new() };
        let said = points.iter().filter(|(_, said)| *said).count();
        let talk = Talk { said, points: points.len() };
        let (card, took) = (card.clone(), *took);
        let step = record(&card, DrillResult::Talk(talk), world, took, ctx);
        self.talks.push(talk);
        self.next(ctx.now);
        vec![step]
    }

    pub fn takes_text(&self) -> bool {
        matches!(self.face, Face::Guessing { .. })
    }

    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        let keymap = ctx.keymap;
        let general = KEYS.section(keymap);
        match &self.face {
            Face::Guessing { .. } => vec![GUESS_KEYS.section(keymap), Input::KEYS.section(keymap), general],
            Face::Guessed { .. } => vec![NEXT_KEYS.section(keymap), general],
            Face::Ready { .. } | Face::Talking { .. } => vec![TALK_KEYS.section(keymap), general],
            Face::Checking { .. } => vec![CHECK_KEYS.section(keymap), List::KEYS.section(keymap), general],
            Face::Over => vec![general],
        }
    }

    pub fn perform(&mut self, table: &str, name: &str, world: &mut World, ctx: &Context<'_>) -> Vec<Step> {
        let tables = [&KEYS, &GUESS_KEYS, &NEXT_KEYS, &TALK_KEYS, &CHECK_KEYS];
        let action = tables.into_iter().find(|known| known.id == table).and_then(|table| table.named(name));
        action.map_or_else(Vec::new, |action| self.act(action, world, ctx))
    }
}

/// The cards of a drill, the next one last: what was drilled longest ago, or never, comes first; among those, the day decides.
fn coming(kind: Kind, world: &World, now: Timestamp) -> Vec<Card> {
    let fits = |card: &&Card| match kind {
        Kind::Numbers => matches!(card.kind, CardKind::Figure(_)),
        // The whole question's own card, which has a thirty-second answer, not the facts below it.
        Kind::Talk => card.deck == Deck::Questions && card.id.as_str().ends_with("/answer"),
    };
    let held = |card: &&Card| !world.histories.is_suspended(&card.id);
    let last = |card: &Card| world.drills.iter().rev().find(|drill| drill.card == card.id).map(|drill| drill.at);
    let day = world.options.day(now).0;
    let turn = |card: &Card| {
        let bytes = card.id.as_str().bytes().chain(day.to_le_bytes());
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    };
    let mut cards: Vec<Card> = world.collection.cards.iter().filter(fits).filter(held).cloned().collect();
    cards.sort_by_cached_key(|card| std::cmp::Reverse((last(card), turn(card))));
    cards
}

/// Keeps a result, here and on the disk.
fn record(card: &Card, result: DrillResult, world: &mut World, took: Elapsed, ctx: &Context<'_>) -> Step {
    let drill = Drill { card: card.id.clone(), at: ctx.now, took, result };
    world.drills.push(drill.clone());
    Step::Ask(Request::Do(Effect::AppendDrill(Box::new(drill))))
}
