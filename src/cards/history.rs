//! What the log says of each card: a fold, so that it can be made anew at any time.

use std::collections::BTreeMap;

use fsrs::FSRS;

use super::log::standing;
use super::schedule::{Before, choices};
use super::{CardId, Choices, Due, Entry, Grade, MemoryState, Options, Review, Stage, is_leech, retrievability};
use crate::clock::{Elapsed, Timestamp};

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
    /// Probability that it is still remembered.
    pub fn retrievability(&self, options: &Options, now: Timestamp) -> f64 {
        let days = now.since(self.last).0 as f64 / 86_400_000.0;
        retrievability(self.memory, days, &options.weights)
    }
}

/// What is known of all cards that were ever answered.
pub struct Histories {
    options: Options,
    model: FSRS,
    cards: BTreeMap<CardId, History>,
}

impl Histories {
    /// Replays `log`.
    pub fn replay(log: &[Entry], options: Options) -> Self {
        let model = options.weights.model();
        let mut histories = Self { options, model, cards: BTreeMap::new() };
        for review in standing(log) {
            histories.apply(review);
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

    /// All cards that were ever answered, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&CardId, &History)> {
        self.cards.iter()
    }

    /// What each grade would make of a card now.
    pub fn choices(&self, card: &CardId, now: Timestamp) -> Choices {
        let before = self.cards.get(card).map_or(
            Before { memory: None, stage: Stage::Learning(0), last: None, reviews: 0 },
            |history| Before {
                memory: Some(history.memory),
                stage: history.stage,
                last: Some(history.last),
                reviews: history.reviews,
            },
        );
        choices(card, before, &self.options, &self.model, now)
    }

    /// Takes a review in.
    pub fn apply(&mut self, review: &Review) {
        let next = self.choices(&review.card, review.at).of(review.grade);
        let threshold = self.options.leech_threshold;
        let history = self.cards.entry(review.card.clone()).or_insert_with(|| History {
            memory: next.memory,
            stage: Stage::Learning(0),
            due: next.due,
            last: review.at,
            first: review.at,
            reviews: 0,
            lapses: 0,
            leech: false,
            took: Elapsed(0),
        });
        if review.grade == Grade::Again && matches!(history.stage, Stage::Review(_)) {
            history.lapses += 1;
            history.leech |= is_leech(history.lapses, threshold);
        }
        history.memory = next.memory;
        history.stage = next.stage;
        history.due = next.due;
        history.last = review.at;
        history.reviews += 1;
        history.took += review.took;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{ReviewId, Undo};
    use crate::clock::Day;

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
}
