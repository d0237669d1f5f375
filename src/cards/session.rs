//! An evening with the cards: one after the other, each grade at once an entry of the log, and any number of them taken back.
//!
//! The session decides, the shell writes: [`Session::grade`] and [`Session::undo`] return the entries that have to be on the disk before the next
//! card is shown. A cram session returns none, so it never touches the schedule.

use std::collections::{BTreeMap, VecDeque};

use super::log::wordings;
use super::pace::PaceMeter;
use super::{
    Answer, Card, CardId, Choices, Due, Entry, Grade, Histories, History, Limits, Options, Pace, Queue, Review,
    ReviewId, Scope, Stage, Suspension, Undo, Waiting, Wording,
};
use crate::clock::{Day, Elapsed, Timestamp};

/// What a session shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// What is due.
    #[default]
    Due,
    /// What is due within so many days as well.
    Ahead(u32),
    /// Everything, the weakest first, as many at once as a session holds, as often as it takes; the schedule doesn't learn of it.
    Cram,
}

/// A forgotten card of a cram session comes back after so many others.
const CRAM_GAP: usize = 5;

/// What was done with a card in this session, with what makes it possible to take it back.
#[derive(Clone, Debug)]
struct Step {
    card: CardId,
    deed: Deed,
    /// The entry; none in a cram, and none of a card that was buried.
    entry: Option<ReviewId>,
    queue: Waits,
}

/// What was done with a card.
#[derive(Clone, Debug)]
enum Deed {
    Answered(Given),
    /// Left out for this session.
    Buried,
    /// Set aside.
    Suspended,
}

/// An answer.
#[derive(Clone, Debug)]
struct Given {
    grade: Grade,
    took: Elapsed,
    /// What was known of the card before.
    known: Option<History>,
}

/// What waits.
#[derive(Clone, Debug)]
enum Waits {
    Scheduled(Queue),
    Cram(Crammed),
}

/// The cards of a cram.
#[derive(Clone, Debug)]
struct Crammed {
    /// Those of this sitting.
    waiting: VecDeque<CardId>,
    /// Those of the next ones.
    later: VecDeque<CardId>,
    /// How many a sitting holds.
    size: usize,
}

impl Crammed {
    fn new(later: VecDeque<CardId>, size: usize) -> Self {
        let mut crammed = Self { waiting: VecDeque::new(), later, size: size.max(1) };
        crammed.sit_down();
        crammed
    }

    /// Takes up the next cards, if there are none left of this sitting.
    fn sit_down(&mut self) {
        if self.waiting.is_empty() {
            self.waiting = self.later.drain(..self.size.min(self.later.len())).collect();
        }
    }

    fn drop_card(&mut self, card: &CardId) {
        self.waiting.retain(|waits| waits != card);
    }
}

/// A session of reviews.
#[derive(Clone, Debug)]
pub struct Session {
    mode: Mode,
    scope: Scope,
    cards: BTreeMap<CardId, Card>,
    log: Vec<Entry>,
    next_id: ReviewId,
    words: BTreeMap<CardId, String>,
    histories: Histories,
    waits: Waits,
    pace: Pace,
    current: Option<CardId>,
    steps: Vec<Step>,
}

/// What a session came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Answers.
    pub answers: usize,
    /// Cards.
    pub cards: usize,
    /// Share of answers that were Again, 0 to 1; `None` without any.
    pub again: Option<f64>,
    /// Of the cards that had been learned and were asked for the first time today, the share that was remembered; `None` without any.
    pub retention: Option<f64>,
    /// Time spent.
    pub took: Elapsed,
    /// The next moment or day at which a card of the session's scope is due, and how many are due by then.
    pub next: Option<(Due, usize)>,
}

impl Session {
    /// Begins a session on what of `cards` is in `scope`; `log` is the whole log.
    pub fn start(
        cards: &[Card],
        log: Vec<Entry>,
        options: &Options,
        limits: Limits,
        scope: Scope,
        mode: Mode,
        now: Timestamp,
    ) -> Self {
        let mut meter = PaceMeter::new(options, now);
        let histories = Histories::replay_with(&log, options.clone(), |answer: Answer<'_>| meter.add(answer, options));
        let inside: Vec<&Card> = cards.iter().filter(|card| scope.holds(card, &histories)).collect();
        let waits = match mode {
            Mode::Due => Waits::Scheduled(Queue::new(&inside, &histories, limits, 0, now)),
            Mode::Ahead(days) => Waits::Scheduled(Queue::new(&inside, &histories, limits, days, now)),
            Mode::Cram => Waits::Cram(Crammed::new(weakest_first(&inside, &histories, now), limits.session)),
        };
        let words = wordings(&log).into_iter().map(|(card, words)| (card.clone(), words.to_owned())).collect();
        let next_id = ReviewId(log.iter().map(|entry| entry.id().0 + 1).max().unwrap_or(1));
        let cards = inside.into_iter().map(|card| (card.id.clone(), card.clone())).collect();
        let (pace, current, steps) = (meter.pace(), None, Vec::new());
        let mut session = Self { mode, scope, cards, log, next_id, words, histories, waits, pace, current, steps };
        session.look(now);
        session
    }

    /// What is shown: the card that was chosen last, until it is answered.
    pub fn current(&self) -> Option<&Card> {
        self.current.as_ref().and_then(|card| self.cards.get(card))
    }

    /// Chooses a card if none is shown: a step may have come due.
    pub fn look(&mut self, now: Timestamp) {
        if self.current.is_none() {
            self.current = match &self.waits {
                Waits::Scheduled(queue) => queue.next(&self.histories, now).cloned(),
                Waits::Cram(crammed) => crammed.waiting.front().cloned(),
            };
        }
    }

    /// Goes on after the end: with a card that has come due, or the next cards of a cram.
    pub fn go_on(&mut self, now: Timestamp) {
        if let Waits::Cram(crammed) = &mut self.waits {
            crammed.sit_down();
        }
        self.look(now);
    }

    /// How many cards of a cram are left for the next sittings.
    pub fn later(&self) -> usize {
        match &self.waits {
            Waits::Scheduled(_) => 0,
            Waits::Cram(crammed) => crammed.later.len(),
        }
    }

    /// What each grade would make of the card shown; `None` in a cram session, where grades make nothing.
    pub fn choices(&self, now: Timestamp) -> Option<Choices> {
        let card = self.current.as_ref().filter(|_| self.mode != Mode::Cram)?;
        Some(self.histories.choices(card, now))
    }

    /// Grades the card shown and chooses the next. Returns what must be on the disk before that one is shown.
    pub fn grade(&mut self, grade: Grade, took: Elapsed, now: Timestamp) -> Vec<Entry> {
        let Some(card) = self.current.take() else { return Vec::new() };
        let queue = self.waits.clone();
        let mut entries = Vec::new();
        let (mut given, mut entry) = (Given { grade, took, known: None }, None);
        if self.mode != Mode::Cram {
            entries.extend(self.wording(&card));
            let review = Review { id: self.take_id(), card: card.clone(), at: now, grade, took };
            entry = Some(review.id);
            given.known = self.histories.apply(&review);
            entries.push(Entry::Review(review));
        }
        let step = Step { card: card.clone(), deed: Deed::Answered(given), entry, queue };
        match &mut self.waits {
            Waits::Scheduled(queue) => queue.answered(&card, &self.histories),
            Waits::Cram(crammed) => {
                crammed.drop_card(&card);
                if grade == Grade::Again {
                    crammed.waiting.insert(CRAM_GAP.min(crammed.waiting.len()), card);
                }
            }
        }
        self.steps.push(step);
        self.log.extend(entries.iter().cloned());
        self.look(now);
        entries
    }

    /// Takes back what was done last and shows its card again. Returns what must be on the disk; `None` if there is nothing to take back.
    pub fn undo(&mut self, now: Timestamp) -> Option<Vec<Entry>> {
        let step = self.steps.pop()?;
        let entries: Vec<Entry> =
            step.entry.map(|of| Entry::Undo(Undo { id: self.take_id(), of, at: now })).into_iter().collect();
        self.reverse(step);
        self.log.extend(entries.iter().cloned());
        Some(entries)
    }

    /// Makes all as it was before a step.
    fn reverse(&mut self, step: Step) {
        match step.deed {
            Deed::Answered(given) if step.entry.is_some() => self.histories.put_back(&step.card, given.known),
            Deed::Suspended => self.histories.set_suspended(&step.card, false),
            Deed::Answered(_) | Deed::Buried => {}
        }
        self.waits = step.queue;
        self.current = Some(step.card);
    }

    /// Forgets the entries of the last grade, undo or suspension, which could not be written: all is as it was before, as on the disk.
    pub fn unwritten(&mut self, entries: &[Entry]) {
        let Some(first) = entries.iter().map(Entry::id).min() else { return };
        self.log.retain(|entry| entry.id() < first);
        for entry in entries {
            match entry {
                Entry::Wording(wording) => _ = self.words.remove(&wording.card),
                Entry::Review(review) => self.take_back(review.id),
                Entry::Undo(undo) => self.give_again(undo.of),
                Entry::Suspension(suspension) => self.take_back(suspension.id),
                Entry::Succession(_) => {}
            }
        }
    }

    fn take_back(&mut self, entry: ReviewId) {
        if let Some(step) = self.steps.pop_if(|step| step.entry == Some(entry)) {
            self.reverse(step);
        }
    }

    /// Does again what an undo that could not be written had taken back.
    fn give_again(&mut self, of: ReviewId) {
        let Some(entry) = self.log.iter().rev().find(|entry| entry.id() == of).cloned() else { return };
        let queue = self.waits.clone();
        match entry {
            Entry::Review(review) => {
                let known = self.histories.apply(&review);
                if let Waits::Scheduled(queue) = &mut self.waits {
                    queue.answered(&review.card, &self.histories);
                }
                let Review { id, card, grade, took, at } = review;
                let deed = Deed::Answered(Given { grade, took, known });
                self.steps.push(Step { card, deed, entry: Some(id), queue });
                self.current = None;
                self.look(at);
            }
            Entry::Suspension(Suspension { id, card, at, .. }) => {
                self.histories.set_suspended(&card, true);
                self.leave_out(card, Deed::Suspended, Some(id), at);
            }
            Entry::Undo(_) | Entry::Wording(_) | Entry::Succession(_) => {}
        }
    }

    /// Leaves the card shown out of this session, and chooses the next.
    pub fn bury(&mut self, now: Timestamp) {
        if let Some(card) = self.current.take() {
            self.leave_out(card, Deed::Buried, None, now);
        }
    }

    /// Sets the card shown aside until it is wanted again, and chooses the next. Returns what must be on the disk. A cram buries it: it writes
    /// nothing.
    pub fn suspend(&mut self, now: Timestamp) -> Vec<Entry> {
        if self.mode == Mode::Cram {
            self.bury(now);
            return Vec::new();
        }
        let Some(card) = self.current.take() else { return Vec::new() };
        let id = self.take_id();
        let entries = vec![Entry::Suspension(Suspension { id, card: card.clone(), suspended: true, at: now })];
        self.log.extend(entries.iter().cloned());
        self.histories.set_suspended(&card, true);
        self.leave_out(card, Deed::Suspended, Some(id), now);
        entries
    }

    fn leave_out(&mut self, card: CardId, deed: Deed, entry: Option<ReviewId>, now: Timestamp) {
        let queue = self.waits.clone();
        match &mut self.waits {
            Waits::Scheduled(queue) => queue.drop_card(&card),
            Waits::Cram(crammed) => crammed.drop_card(&card),
        }
        self.steps.push(Step { card, deed, entry, queue });
        self.current = None;
        self.look(now);
    }

    /// The answers of this session, each with its card.
    fn given(&self) -> impl Iterator<Item = (&CardId, &Given)> {
        self.steps.iter().filter_map(|step| match &step.deed {
            Deed::Answered(given) => Some((&step.card, given)),
            Deed::Buried | Deed::Suspended => None,
        })
    }

    /// The card's words, if the log has others or none.
    fn wording(&mut self, card: &CardId) -> Option<Entry> {
        let question = self.cards.get(card)?.question.clone();
        if self.words.get(card) == Some(&question) {
            return None;
        }
        self.words.insert(card.clone(), question.clone());
        Some(Entry::Wording(Wording { id: self.take_id(), card: card.clone(), question }))
    }

    fn take_id(&mut self) -> ReviewId {
        let id = self.next_id;
        self.next_id = ReviewId(id.0 + 1);
        id
    }

    /// Whether there is anything to take back.
    pub fn can_undo(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Whether the last answer made its card a leech: better rewritten than repeated.
    pub fn new_leech(&self) -> Option<&Card> {
        let step = self.steps.last()?;
        let Deed::Answered(given) = &step.deed else { return None };
        let known = given.known.as_ref()?;
        let lapsed = given.grade == Grade::Again && matches!(known.stage, Stage::Review(_));
        let threshold = self.histories.options().leech_threshold;
        let leech = lapsed && super::is_leech(known.lapses + 1, threshold);
        if leech { self.cards.get(&step.card) } else { None }
    }

    /// Puts `card` in place of the one with its id: it was rewritten.
    pub fn replace(&mut self, card: Card) {
        if let Some(old) = self.cards.get_mut(&card.id) {
            *old = card;
        }
    }

    /// What is left.
    pub fn waiting(&self) -> Waiting {
        match &self.waits {
            Waits::Scheduled(queue) => queue.waiting(),
            Waits::Cram(crammed) => Waiting { reviews: crammed.waiting.len(), ..Waiting::default() },
        }
    }

    /// How long what is left will take, by the pace of the last days.
    pub fn left(&self) -> Elapsed {
        self.pace.needs(self.waiting())
    }

    /// How many answers were given.
    pub fn answered(&self) -> usize {
        self.given().count()
    }

    /// The mode it was started in.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What it is about.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// What is known of the cards.
    pub fn histories(&self) -> &Histories {
        &self.histories
    }

    /// The log, this session's entries included.
    pub fn log(&self) -> &[Entry] {
        &self.log
    }

    /// What it came to.
    pub fn summary(&self, now: Timestamp) -> Summary {
        let answers = self.answered();
        let share = |part: usize, of: usize| (of > 0).then(|| part as f64 / of as f64);
        let mut cards: Vec<&CardId> = self.given().map(|(card, _)| card).collect();
        cards.sort();
        cards.dedup();
        let again = self.given().filter(|(_, given)| given.grade == Grade::Again).count();
        let options = self.histories.options();
        let first_today = |given: &&Given| {
            let known = given.known.as_ref();
            known.is_some_and(|known| {
                matches!(known.stage, Stage::Review(_)) && options.day(known.last) < options.day(now)
            })
        };
        let learned = || self.given().map(|(_, given)| given).filter(first_today);
        let asked = learned().count();
        let passed = learned().filter(|given| given.grade != Grade::Again).count();
        Summary {
            answers,
            cards: cards.len(),
            again: share(again, answers),
            retention: share(passed, asked),
            took: self.given().fold(Elapsed(0), |sum, (_, given)| sum + given.took),
            next: self.next_due(now),
        }
    }

    /// When a card of the scope is due next: the soonest step, or else the next day with reviews.
    fn next_due(&self, now: Timestamp) -> Option<(Due, usize)> {
        let options = self.histories.options();
        let tomorrow = Day(options.day(now).0.saturating_add(1));
        let living = || self.cards.keys().filter(|card| !self.histories.is_suspended(card));
        let dues = || living().filter_map(|card| self.histories.get(card)).map(|history| history.due);
        let soonest = dues().filter_map(|due| if let Due::At(at) = due { Some(at) } else { None }).min();
        if let Some(at) = soonest {
            let by_then = dues().filter(|due| *due == Due::At(at)).count();
            return Some((Due::At(at), by_then));
        }
        let days = || dues().filter_map(|due| if let Due::On(day) = due { Some(day.max(tomorrow)) } else { None });
        let day = days().min()?;
        Some((Due::On(day), days().filter(|due| *due == day).count()))
    }
}

/// All of `cards`, those least likely to be remembered first and those never answered last.
fn weakest_first(cards: &[&Card], histories: &Histories, now: Timestamp) -> VecDeque<CardId> {
    let options = histories.options();
    let likely = |card: &Card| histories.get(&card.id).map_or(2.0, |known| known.retrievability(options, now));
    let mut rated: Vec<(f64, usize, &Card)> =
        cards.iter().enumerate().map(|(at, card)| (likely(card), at, *card)).collect();
    rated.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    rated.into_iter().map(|(_, _, card)| card.id.clone()).collect()
}

#[cfg(test)]
mod tests;
