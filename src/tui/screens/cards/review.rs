//! A session of reviews: the question, the answer, four grades; each on the disk before the next card shows.

mod keys;
mod view;

pub use keys::{ANSWER_KEYS, Action, END_KEYS, KEYS, QUESTION_KEYS, TYPE_KEYS};

use super::edit::Edit;
use super::world::World;
use super::{Door, Step};
use crate::cards::drill::{Guess, Range, Size};
use crate::cards::statistics::{HeatMap, answers_by_day, heat_map};
use crate::cards::typed::{Expected, Piece, Verdict, compare, expected};
use crate::cards::{Card, Entry, Grade, LONGEST_ANSWER, Mode, ReviewId, Scope, Session};
use crate::clock::Timestamp;
use crate::content::guess;
use crate::tui::context::Context;
use crate::tui::effect::{Effect, Notice, Request};
use crate::tui::event::{Event, Mouse, MouseKind, What};
use crate::tui::keymap::{Chord, KeySection};
use crate::tui::widgets::{Input, MarkdownView};

/// A session on the screen.
#[derive(Clone, Debug)]
pub(super) struct Review {
    session: Session,
    face: Face,
    question: MarkdownView,
    answer: MarkdownView,
    shown_at: Timestamp,
    /// The first of the entries that are on their way to the disk: nothing is graded meanwhile.
    saving: Option<ReviewId>,
    /// A card that the last answer made a leech.
    leech: Option<Card>,
}

/// What of a card is shown.
#[derive(Clone, Debug)]
enum Face {
    Question,
    Typing(Input),
    Answer(Option<Typed>),
    End(Box<HeatMap>),
}

/// An answer that was typed, held against the card's.
#[derive(Clone, Debug)]
struct Typed {
    verdict: Verdict,
    pieces: Vec<Piece>,
    /// What there is to say of a figure.
    words: String,
}

impl Review {
    pub fn new(world: &World, scope: Scope, mode: Mode, ctx: &Context<'_>) -> Self {
        let (cards, log) = (&world.collection.cards, world.log.clone());
        let session = Session::start(cards, log, &world.options, world.limits, scope, mode, ctx.now);
        let mut review = Self {
            session,
            face: Face::Question,
            question: MarkdownView::default(),
            answer: MarkdownView::default(),
            shown_at: ctx.now,
            saving: None,
            leech: None,
        };
        review.present(ctx.now);
        review
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Shows the session's card, or its end.
    fn present(&mut self, now: Timestamp) {
        self.shown_at = now;
        if let Some(card) = self.session.current() {
            self.question = MarkdownView::new(card.question.clone());
            self.answer = MarkdownView::new(card.answer.clone());
            self.face = Face::Question;
        } else {
            let options = self.session.histories().options();
            let answers = answers_by_day(self.session.log(), options);
            self.face = Face::End(Box::new(heat_map(&answers, options.day(now))));
        }
    }

    pub fn update(&mut self, event: &Event, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        match &event.what {
            What::Key(chord) => self.key(*chord, world, ctx),
            What::Paste(text) => {
                if let Face::Typing(input) = &mut self.face {
                    input.insert(text);
                }
                Vec::new()
            }
            What::Mouse(mouse) => self.mouse(*mouse, world, ctx),
            _ => Vec::new(),
        }
    }

    fn key(&mut self, chord: Chord, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let keymap = ctx.keymap;
        let own = match &mut self.face {
            Face::Question => QUESTION_KEYS.find(keymap, chord),
            Face::Answer(_) => ANSWER_KEYS.find(keymap, chord),
            Face::End(_) => END_KEYS.find(keymap, chord),
            Face::Typing(input) => {
                let action = TYPE_KEYS.find(keymap, chord);
                if action.is_none() {
                    input.key(keymap, chord);
                    return Vec::new();
                }
                action
            }
        };
        let action = own.or_else(|| KEYS.find(keymap, chord));
        action.map_or_else(Vec::new, |action| self.act(action, world, ctx))
    }

    fn mouse(&mut self, mouse: Mouse, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        match mouse.kind {
            MouseKind::WheelUp => self.scroll(-3, ctx),
            MouseKind::WheelDown => self.scroll(3, ctx),
            MouseKind::Click => {
                let graded = self.button_at(mouse.at, ctx.area);
                match (&self.face, graded) {
                    (Face::Question, _) => return self.act(Action::Show, world, ctx),
                    (Face::Answer(_), Some(grade)) => return self.act(Action::Grade(grade), world, ctx),
                    _ => {}
                }
            }
            MouseKind::Drag => {}
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        match action {
            Action::Show => self.face = Face::Answer(None),
            // Nothing is left before the disk has what was answered.
            Action::Bury | Action::Leave if self.saving.is_some() => {}
            Action::Type => {
                if self.can_type() {
                    self.face = Face::Typing(Input::default());
                }
            }
            Action::Compare => self.compare(),
            Action::NotTyped => self.face = Face::Question,
            Action::Grade(grade) => return self.grade(grade, ctx),
            Action::Undo => return self.undo(ctx),
            Action::Bury => {
                self.session.bury(ctx.now);
                self.present(ctx.now);
            }
            Action::Suspend => return self.suspend(ctx),
            Action::Edit => return rewrite(self.session.current(), world),
            Action::Rewrite => return rewrite(self.leech.as_ref(), world),
            Action::Up => self.scroll(-1, ctx),
            Action::Down => self.scroll(1, ctx),
            Action::PageUp => self.scroll(-10, ctx),
            Action::PageDown => self.scroll(10, ctx),
            Action::More => {
                self.session.go_on(ctx.now);
                if self.session.current().is_none() {
                    return vec![Step::Go(Door::Decks)];
                }
                self.present(ctx.now);
            }
            Action::Leave => return vec![Step::Go(Door::Decks)],
        }
        Vec::new()
    }

    fn suspend(&mut self, ctx: &Context<'_>) -> Vec<Step> {
        if self.saving.is_some() || self.session.current().is_none() {
            return Vec::new();
        }
        let entries = self.session.suspend(ctx.now);
        let mut steps = self.append(entries, ctx);
        let words = "set aside: 'u' takes it back now, '@' while browsing at any time";
        steps.push(Step::Ask(Request::Notify(Notice::plain(words))));
        steps
    }

    fn can_type(&self) -> bool {
        self.session.current().and_then(expected).is_some()
    }

    /// Holds what was typed against the card's own answer.
    fn compare(&mut self) {
        let Face::Typing(input) = &self.face else { return };
        let typed = input.text().trim().to_owned();
        let Some(expected) = self.session.current().and_then(expected) else { return };
        let compared = match expected {
            Expected::Words(words) => {
                let (verdict, pieces) = compare(&words, &typed);
                Typed { verdict, pieces, words: String::new() }
            }
            Expected::Figure(figure) => match guess(&typed, &figure.unit) {
                Ok(guess) => {
                    let size = Guess { guess, truth: Range::from(&figure) }.size();
                    let verdict = match size {
                        Size::Within => Verdict::Right,
                        Size::Close => Verdict::Close,
                        Size::Near | Size::Off => Verdict::Wrong,
                    };
                    Typed { verdict, pieces: vec![Piece::Same(typed)], words: size.words().to_owned() }
                }
                Err(why) => {
                    let pieces = vec![Piece::Extra(typed)];
                    Typed { verdict: Verdict::Wrong, pieces, words: format!("expected {why}") }
                }
            },
        };
        self.face = Face::Answer(Some(compared));
    }

    fn grade(&mut self, grade: Grade, ctx: &Context<'_>) -> Vec<Step> {
        if self.saving.is_some() {
            return Vec::new();
        }
        let took = ctx.now.since(self.shown_at).min(LONGEST_ANSWER);
        let entries = self.session.grade(grade, took, ctx.now);
        self.append(entries, ctx)
    }

    fn undo(&mut self, ctx: &Context<'_>) -> Vec<Step> {
        if self.saving.is_some() {
            return Vec::new();
        }
        match self.session.undo(ctx.now) {
            Some(entries) => self.append(entries, ctx),
            None => vec![Step::Ask(Request::Notify(Notice::plain("there is nothing of this session to take back")))],
        }
    }

    /// Has entries written; the next card shows when they are. A cram has none.
    fn append(&mut self, entries: Vec<Entry>, ctx: &Context<'_>) -> Vec<Step> {
        self.saving = entries.first().map(Entry::id);
        if self.saving.is_none() {
            self.present(ctx.now);
            return Vec::new();
        }
        vec![Step::Ask(Request::Do(Effect::AppendReviews(entries)))]
    }

    /// Whether these are the entries that were sent last.
    pub fn waits_for(&self, entries: &[Entry]) -> bool {
        self.saving.is_some() && self.saving == entries.first().map(Entry::id)
    }

    /// Entries are on the disk, or are not: then all is as it was before.
    pub fn saved(&mut self, entries: &[Entry], failure: Option<&String>, ctx: &Context<'_>) -> Vec<Request> {
        self.saving = None;
        if let Some(why) = failure {
            self.session.unwritten(entries);
            self.present(ctx.now);
            return vec![Request::Notify(Notice::bad(format!("not saved, so it doesn't count: {why}")))];
        }
        self.leech = self.session.new_leech().cloned();
        self.present(ctx.now);
        let told = self.leech.as_ref().map(|_| {
            let words = "that card is a leech: forgotten again and again. 'r' rewrites it in your own words";
            Request::Notify(Notice::plain(words))
        });
        told.into_iter().collect()
    }

    /// A card has other words now.
    pub fn rewritten(&mut self, card: Card) {
        if self.leech.as_ref().is_some_and(|leech| leech.id == card.id) {
            self.leech = None;
        }
        let shown = self.session.current().is_some_and(|current| current.id == card.id);
        if shown {
            self.question = MarkdownView::new(card.question.clone());
            self.answer = MarkdownView::new(card.answer.clone());
        }
        self.session.replace(card);
    }

    pub fn takes_text(&self) -> bool {
        matches!(self.face, Face::Typing(_))
    }

    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        let keymap = ctx.keymap;
        let mut general = KEYS.section(keymap);
        let end = matches!(self.face, Face::End(_));
        general.entries.retain(|entry| match entry.name {
            "undo" => self.session.can_undo(),
            "rewrite" => self.leech.is_some(),
            "edit" | "bury" | "suspend" => !end,
            _ => true,
        });
        match self.face {
            Face::Question => {
                let mut own = QUESTION_KEYS.section(keymap);
                own.entries.retain(|entry| entry.name != "type" || self.can_type());
                vec![own, general]
            }
            Face::Typing(_) => vec![TYPE_KEYS.section(keymap), Input::KEYS.section(keymap)],
            Face::Answer(_) => vec![ANSWER_KEYS.section(keymap), general],
            Face::End(_) => vec![END_KEYS.section(keymap), general],
        }
    }

    pub fn perform(&mut self, table: &str, name: &str, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let tables = [&QUESTION_KEYS, &TYPE_KEYS, &ANSWER_KEYS, &END_KEYS, &KEYS];
        let action = tables.into_iter().find(|known| known.id == table).and_then(|table| table.named(name));
        action.map_or_else(Vec::new, |action| self.act(action, world, ctx))
    }
}

fn rewrite(card: Option<&Card>, world: &World) -> Vec<Step> {
    card.map(|card| Step::Edit(Box::new(Edit::of(card, world)))).into_iter().collect()
}
