//! The queue of a session: what is due, in which order, and no more than an evening holds.

use std::collections::BTreeSet;

use super::{Card, CardId, Due, Histories, Stage};
use crate::clock::{Elapsed, Timestamp};

/// How much a day holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// New cards a day.
    pub new: usize,
    /// Reviews a day.
    pub reviews: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { new: 20, reviews: 200 }
    }
}

/// Cards in their steps that are due within this long are shown when nothing else is left, rather than making a person wait.
const LEARN_AHEAD: Elapsed = Elapsed::minutes(20);

/// How many cards a session still holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Never answered.
    pub new: usize,
    /// In their steps.
    pub learning: usize,
    /// To be reviewed.
    pub reviews: usize,
}

impl Waiting {
    /// All of them.
    pub fn total(self) -> usize {
        self.new + self.learning + self.reviews
    }
}

/// A session's cards.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    new: Vec<CardId>,
    reviews: Vec<CardId>,
    learning: Vec<CardId>,
}

impl Queue {
    /// The queue for `cards` now: cards in their steps, reviews due with the least likely to be remembered first, and new cards in the order given.
    /// Of siblings only the first comes up. The day's limits count what was answered today already.
    pub fn new(cards: &[&Card], histories: &Histories, limits: Limits, now: Timestamp) -> Self {
        let options = histories.options();
        let today = options.day(now);
        let (mut new, mut reviews, mut learning) = (Vec::new(), Vec::new(), Vec::new());
        for card in cards {
            match histories.get(&card.id) {
                None => new.push(*card),
                Some(history) => match (history.stage, history.due) {
                    (Stage::Review(_), Due::On(day)) if day <= today => {
                        reviews.push((history.retrievability(options, now), *card));
                    }
                    (Stage::Review(_), _) => {}
                    (Stage::Learning(_) | Stage::Relearning(_), _) => learning.push(card.id.clone()),
                },
            }
        }
        reviews.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        let done = Done::today(histories, now);
        let mut shown: BTreeSet<String> = BTreeSet::new();
        let mut alone = |card: &&Card| card.siblings.as_ref().is_none_or(|group| shown.insert(group.clone()));
        let reviews: Vec<CardId> = reviews
            .iter()
            .map(|(_, card)| *card)
            .filter(&mut alone)
            .take(limits.reviews.saturating_sub(done.reviews))
            .map(|card| card.id.clone())
            .collect();
        let new = new.into_iter().filter(&mut alone).take(limits.new.saturating_sub(done.new));
        Self { new: new.map(|card| card.id.clone()).collect(), reviews, learning }
    }

    /// What is left.
    pub fn waiting(&self) -> Waiting {
        Waiting { new: self.new.len(), learning: self.learning.len(), reviews: self.reviews.len() }
    }

    /// The card to show now: one in its steps whose time has come, else reviews and new cards mixed in proportion, else one in its steps that is
    /// nearly due. `None` when the session is over.
    pub fn next(&self, histories: &Histories, now: Timestamp) -> Option<&CardId> {
        let due = |card: &&CardId| match histories.get(card).map(|history| history.due) {
            Some(Due::At(at)) => at,
            _ => now,
        };
        let soonest = self.learning.iter().min_by_key(|card| (due(card), (*card).clone()));
        if let Some(card) = soonest.filter(|card| due(card) <= now) {
            return Some(card);
        }
        let mixed = match (self.reviews.first(), self.new.first()) {
            // One new card for as many reviews as there are for each.
            (Some(review), Some(new)) => {
                Some(if self.reviews.len() >= self.new.len() * self.ratio() { review } else { new })
            }
            (review, new) => review.or(new),
        };
        mixed.or_else(|| soonest.filter(|card| due(card) <= now + LEARN_AHEAD))
    }

    fn ratio(&self) -> usize {
        (self.reviews.len() / self.new.len().max(1)).max(1)
    }

    /// Takes a card that was answered out of where it was, and keeps it if it is still in its steps.
    pub fn answered(&mut self, card: &CardId, histories: &Histories) {
        for list in [&mut self.new, &mut self.reviews, &mut self.learning] {
            list.retain(|waiting| waiting != card);
        }
        let stage = histories.get(card).map(|history| history.stage);
        if matches!(stage, Some(Stage::Learning(_) | Stage::Relearning(_))) {
            self.learning.push(card.clone());
        }
    }
}

/// What was answered on the day of `now`.
struct Done {
    new: usize,
    reviews: usize,
}

impl Done {
    fn today(histories: &Histories, now: Timestamp) -> Self {
        let options = histories.options();
        let today = options.day(now);
        let answered = histories.iter().filter(|(_, history)| options.day(history.last) == today);
        let (new, reviews) = answered.fold((0, 0), |(new, reviews), (_, history)| {
            if options.day(history.first) == today { (new + 1, reviews) } else { (new, reviews + 1) }
        });
        Self { new, reviews }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{Deck, Entry, Grade, Options, Review, ReviewId};

    fn card(id: &str, siblings: Option<&str>) -> Card {
        Card {
            id: CardId::new(id, "c"),
            kind: crate::cards::CardKind::Recall,
            deck: Deck::Concepts,
            question: "q".into(),
            answer: "a".into(),
            tags: Vec::new(),
            level: None,
            siblings: siblings.map(str::to_owned),
        }
    }

    fn reviewed(id: u64, card: &Card, at: i64, grade: Grade) -> Entry {
        Entry::Review(Review {
            id: ReviewId(id),
            card: card.id.clone(),
            at: Timestamp(at),
            grade,
            took: Elapsed::seconds(3),
        })
    }

    const DAY: i64 = 86_400_000;

    #[test]
    fn new_cards_stop_at_the_days_limit_and_siblings_come_alone() {
        let cards = [card("a", Some("x")), card("b", Some("x")), card("c", None), card("d", None)];
        let refs: Vec<&Card> = cards.iter().collect();
        let histories = Histories::replay(&[], Options::default());
        let queue = Queue::new(&refs, &histories, Limits { new: 2, reviews: 9 }, Timestamp(DAY));
        assert_eq!(queue.new, [cards[0].id.clone(), cards[2].id.clone()]);
        let log = [reviewed(1, &cards[2], DAY, Grade::Easy)];
        let histories = Histories::replay(&log, Options::default());
        let queue = Queue::new(&refs, &histories, Limits { new: 2, reviews: 9 }, Timestamp(DAY + 1));
        assert_eq!(queue.waiting(), Waiting { new: 1, learning: 0, reviews: 0 });
    }

    #[test]
    fn a_step_that_is_due_comes_first_and_one_that_is_nearly_due_comes_last() {
        let cards = [card("a", None), card("b", None)];
        let refs: Vec<&Card> = cards.iter().collect();
        let log = [reviewed(1, &cards[0], DAY, Grade::Again)];
        let histories = Histories::replay(&log, Options::default());
        let soon = Timestamp(DAY + 10_000);
        let mut queue = Queue::new(&refs, &histories, Limits::default(), soon);
        assert_eq!(queue.next(&histories, soon), Some(&cards[1].id));
        assert_eq!(queue.next(&histories, Timestamp(DAY + 61_000)), Some(&cards[0].id));
        queue.new.clear();
        assert_eq!(queue.next(&histories, soon), Some(&cards[0].id));
    }
}
