//! What the log says of each card: a fold, so that it can be made anew at any time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fsrs::FSRS;

use super::log::{standing, suspended};
use super::schedule::{Before, choice, choices};
use super::{CardId, Choices, Due, Entry, Grade, MemoryState, Next, Options, Review, Stage, is_leech, retrievability};
use crate::clock::{Day, Elapsed, Timestamp};

/// What is known of one card.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// Its memory.
    pub memory: MemoryState,
    /// How far it has come.
    pub stage: Stage,
    /// When it is due.
    pub due: Due,
    /// When it was last answered.
    pub last: Timestamp,
    /// When it was first answered.
    pub first: Timestamp,
    /// How often it was answered.
    pub reviews: u32,
    /// How often it was forgotten after it had been learned.
    pub lapses: u32,
    /// Whether it was marked as a leech.
    pub leech: bool,
    /// Time spent on it.
    pub took: Elapsed,
}

impl History {
    fn take_in(&mut self, review: &Review, next: Next, leech_threshold: u32) {
        if review.grade == Grade::Again && matches!(self.stage, Stage::Review(_)) {
            self.lapses += 1;
            self.leech |= is_leech(self.lapses, leech_threshold);
        }
        self.memory = next.memory;
        self.stage = next.stage;
        self.due = next.due;
        self.last = review.at;
        self.reviews += 1;
        self.took += review.took;
    }

    /// The day it is due on.
    pub fn due_day(&self, options: &Options) -> Day {
        match self.due {
            Due::On(day) => day,
            Due::At(at) => options.day(at),
        }
    }

    /// Whether it is forgotten more easily than most: twice or more after it was learned, or so hard that only repeated failures make it so
    /// (a first Again gives a difficulty of 6.4).
    pub fn is_weak(&self) -> bool {
        const HARD: f32 = 7.0;
        self.leech || self.lapses >= 2 || self.memory.difficulty >= HARD
    }

    /// Probability that it is still remembered.
    pub fn retrievability(&self, options: &Options, now: Timestamp) -> f64 {
        let days = now.since(self.last).0 as f64 / 86_400_000.0;
        retrievability(self.memory, days, &options.weights)
    }
}

/// What is known of all cards that were ever answered.
#[derive(Clone)]
pub struct Histories {
    options: Options,
    model: FSRS,
    cards: BTreeMap<CardId, History>,
    suspended: BTreeSet<CardId>,
}

/// One review as the fold saw it.
#[derive(Clone, Copy, Debug)]
pub struct Answer<'a> {
    /// The card that it counts for.
    pub card: &'a CardId,
    /// The review.
    pub review: &'a Review,
    /// What was known of the card before; `None` for its first review.
    pub before: Option<&'a History>,
}

impl fmt::Debug for Histories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { options, cards, suspended, model: _ } = self;
        let mut shown = f.debug_struct("Histories");
        shown.field("options", options).field("cards", cards).field("suspended", suspended).finish_non_exhaustive()
    }
}

impl Histories {
    /// Replays `log`.
    pub fn replay(log: &[Entry], options: Options) -> Self {
        Self::replay_with(log, options, |_| {})
    }

    /// Replays `log`, and shows each review that counts to `each` before it is taken in.
    pub fn replay_with(log: &[Entry], options: Options, mut each: impl FnMut(Answer<'_>)) -> Self {
        let model = options.weights.model();
        let mut histories = Self { options, model, cards: BTreeMap::new(), suspended: suspended(log) };
        for (card, review) in standing(log) {
            each(Answer { card, review, before: histories.cards.get(card) });
            histories.take_in(card, review);
        }
        histories
    }

    /// How cards are scheduled.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What is known of a card; `None` if it was never answered.
    pub fn get(&self, card: &CardId) -> Option<&History> {
        self.cards.get(card)
    }

    /// Whether a card is set aside.
    pub fn is_suspended(&self, card: &CardId) -> bool {
        self.suspended.contains(card)
    }

    /// Sets a card aside, or takes it up again.
    pub fn set_suspended(&mut self, card: &CardId, suspended: bool) {
        if suspended {
            self.suspended.insert(card.clone());
        } else {
            self.suspended.remove(card);
        }
    }

    /// All cards that were ever answered, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&CardId, &History)> {
        self.cards.iter()
    }

    /// What each grade would make of a card now.
    pub fn choices(&self, card: &CardId, now: Timestamp) -> Choices {
        choices(card, before(self.cards.get(card)), &self.options, &self.model, now)
    }

    /// Takes a review in; what was known of its card before comes back, for [`Histories::put_back`].
    pub fn apply(&mut self, review: &Review) -> Option<History> {
        let known = self.cards.get(&review.card).cloned();
        self.take_in(&review.card, review);
        known
    }

    /// Makes what is known of a card what it was: the way back of [`Histories::apply`].
    pub fn put_back(&mut self, card: &CardId, known: Option<History>) {
        match known {
            Some(history) => _ = self.cards.insert(card.clone(), history),
            None => _ = self.cards.remove(card),
        }
    }

    fn take_in(&mut self, card: &CardId, review: &Review) {
        if let Some(history) = self.cards.get_mut(card) {
            let next = choice(card, before(Some(history)), &self.options, &self.model, review.at, review.grade);
            history.take_in(review, next, self.options.leech_threshold);
        } else {
            let next = choice(card, before(None), &self.options, &self.model, review.at, review.grade);
            let mut history = History {
                memory: next.memory,
                stage: Stage::Learning(0),
                due: next.due,
                last: review.at,
                first: review.at,
                reviews: 0,
                lapses: 0,
                leech: false,
                took: Elapsed(0),
            };
            history.take_in(review, next, self.options.leech_threshold);
            self.cards.insert(card.clone(), history);
        }
    }
}

fn before(history: Option<&History>) -> Before {
    history.map_or(Before { memory: None, stage: Stage::Learning(0), last: None, reviews: 0 }, |history| Before {
        memory: Some(history.memory),
        stage: history.stage,
        last: Some(history.last),
        reviews: history.reviews,
    })
}
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::cards::{ReviewId, Undo};

    fn review(id: u64, at: Timestamp, grade: Grade) -> Review {
        Review { id: ReviewId(id), card: CardId::new("a", "b"), at, grade, took: Elapsed::seconds(5) }
    }

    fn due_moment(due: Due) -> Timestamp {
        match due {
            Due::At(at) => at,
            // Noon of the day: well away from the rollover.
            Due::On(Day(day)) => Timestamp((i64::from(day) * 24 + 12) * 3_600_000),
        }
    }

    /// Ratings 3 3 3 3 3 3 1 1 3 3 3 3 3, each at its due time, steps 1m 10m and 10m, no fuzz: the intervals in days and the states that the
    /// reference implementations of FSRS-6 publish in their tests.
    #[test]
    fn the_published_history_is_reproduced() {
        let ratings = [3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3];
        let intervals = [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21];
        let stabilities = [
            2.3065, 2.3065, 10.971, 46.3169, 162.9998, 497.8766, 6.8904, 2.1546, 2.1546, 3.9831, 7.2363, 12.483,
            20.7704,
        ];
        let mut histories = Histories::replay(&[], Options { fuzz: false, ..Options::default() });
        let mut now = Timestamp(12 * 3_600_000);
        for (at, ((rating, days), stability)) in ratings.into_iter().zip(intervals).zip(stabilities).enumerate() {
            histories.apply(&review(at as u64, now, Grade::from_number(rating).unwrap()));
            let history = histories.get(&CardId::new("a", "b")).unwrap();
            let got = match history.stage {
                Stage::Review(days) => days,
                Stage::Learning(_) | Stage::Relearning(_) => 0,
            };
            assert_eq!(got, days, "review {at}: {history:?}");
            assert!((history.memory.stability / stability - 1.0).abs() < 1e-3, "review {at}: {history:?}");
            now = due_moment(history.due);
        }
        assert_eq!(histories.get(&CardId::new("a", "b")).unwrap().lapses, 1);
    }

    #[test]
    fn first_grades_of_a_new_card_wait_as_ankis_do() {
        let histories = Histories::replay(&[], Options { fuzz: false, ..Options::default() });
        let choices = histories.choices(&CardId::new("a", "b"), Timestamp(0));
        assert_eq!(choices.of(Grade::Again).delay, Elapsed::minutes(1));
        assert_eq!(choices.of(Grade::Hard).delay, Elapsed::seconds(330));
        assert_eq!(choices.of(Grade::Good).delay, Elapsed::minutes(10));
        assert_eq!(choices.of(Grade::Easy).stage, Stage::Review(8));
        let lone = Options { learning_steps: vec![Elapsed::minutes(10)], fuzz: false, ..Options::default() };
        let choices = Histories::replay(&[], lone).choices(&CardId::new("a", "b"), Timestamp(0));
        assert_eq!(choices.of(Grade::Hard).delay, Elapsed::seconds(900));
    }

    #[test]
    fn undo_is_as_if_the_review_had_never_been() {
        let first = review(1, Timestamp(0), Grade::Good);
        let second = review(2, Timestamp(600_000), Grade::Again);
        let undo = Undo { id: ReviewId(3), of: ReviewId(2), at: Timestamp(700_000) };
        let with = [Entry::Review(first.clone()), Entry::Review(second), Entry::Undo(undo)];
        let without = [Entry::Review(first)];
        let all = |log: &[Entry]| Histories::replay(log, Options::default()).cards;
        assert_eq!(all(&with), all(&without));
    }

    #[test]
    fn putting_back_is_the_way_back_of_a_review() {
        let card = CardId::new("a", "b");
        let mut histories = Histories::replay(&[], Options::default());
        assert_eq!(histories.apply(&review(1, Timestamp(0), Grade::Good)), None);
        let learned = histories.get(&card).cloned();
        let known = histories.apply(&review(2, Timestamp(600_000), Grade::Again));
        assert_eq!(known, learned);
        histories.put_back(&card, known);
        assert_eq!(histories.get(&card), learned.as_ref());
        histories.put_back(&card, None);
        assert_eq!(histories.iter().count(), 0);
    }

    /// A review of one of a few cards, minutes to weeks after the one before; or an undo of one of the entries before it.
    #[derive(Clone, Debug)]
    enum Step {
        Review { card: u8, grade: u8, minutes: u32 },
        Undo { back: usize },
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let review = (0..4_u8, 1..=4_u8, prop_oneof![1..20_u32, 1_000..30_000_u32])
            .prop_map(|(card, grade, minutes)| Step::Review { card, grade, minutes });
        let undo = (0..8_usize).prop_map(|back| Step::Undo { back });
        prop::collection::vec(prop_oneof![3 => review, 1 => undo], 0..60)
    }

    fn log(steps: &[Step]) -> Vec<Entry> {
        let mut now = Timestamp(0);
        let mut log: Vec<Entry> = Vec::new();
        for (step, id) in steps.iter().zip(0..) {
            let id = ReviewId(id);
            log.push(match *step {
                Step::Review { card, grade, minutes } => {
                    now = now + Elapsed::minutes(u64::from(minutes));
                    Entry::Review(Review {
                        id,
                        card: CardId::new("a", &card.to_string()),
                        at: now,
                        grade: Grade::from_number(grade).unwrap(),
                        took: Elapsed::seconds(4),
                    })
                }
                Step::Undo { back } => {
                    let of = log.iter().rev().nth(back).map_or(ReviewId(9_999), Entry::id);
                    Entry::Undo(Undo { id, of, at: now })
                }
            });
        }
        log
    }

    proptest! {
        /// However reviews are taken back, what is known is what the reviews say that were not.
        #[test]
        fn a_log_with_undos_is_the_log_without_what_was_undone(steps in steps()) {
            let log = log(&steps);
            let undone: Vec<ReviewId> = log
                .iter()
                .filter_map(|entry| match entry {
                    Entry::Undo(undo) => Some(undo.of),
                    _ => None,
                })
                .collect();
            let reviews = log.iter().filter(|entry| matches!(entry, Entry::Review(_)) && !undone.contains(&entry.id()));
            let without: Vec<Entry> = reviews.cloned().collect();
            let with = Histories::replay(&log, Options::default()).cards;
            prop_assert_eq!(with, Histories::replay(&without, Options::default()).cards);
        }

        /// What a session does, review by review with undos on the way, is what replaying its log gives.
        #[test]
        fn applying_and_putting_back_is_a_replay(steps in steps()) {
            let log = log(&steps);
            let mut histories = Histories::replay(&[], Options::default());
            let mut done: Vec<(ReviewId, CardId, Option<History>)> = Vec::new();
            let mut written: Vec<Entry> = Vec::new();
            for entry in &log {
                match entry {
                    Entry::Review(review) => {
                        written.push(entry.clone());
                        done.push((review.id, review.card.clone(), histories.apply(review)));
                    }
                    _ => {
                        if let Some((of, card, known)) = done.pop() {
                            written.push(Entry::Undo(Undo { id: entry.id(), of, at: Timestamp(0) }));
                            histories.put_back(&card, known);
                        }
                    }
                }
            }
            prop_assert_eq!(&histories.cards, &Histories::replay(&written, Options::default()).cards);
        }
    }
}
