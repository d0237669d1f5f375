//! The queue of a session: what is due, in which order, and no more than an evening holds.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Card, CardId, Deck, Due, Histories, Stage};
use crate::clock::{Day, Elapsed, Timestamp};

/// How much a day and a session hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// New cards a day.
    pub new: usize,
    /// Reviews a day.
    pub reviews: usize,
    /// Cards a session, those in their steps not counted.
    pub session: usize,
}

impl Default for Limits {
    /// Anki's limits of a day; a session of as many cards as twenty minutes hold.
    fn default() -> Self {
        Self { new: 20, reviews: 200, session: 40 }
    }
}

/// Cards in their steps that are due within this long are shown when nothing else is left, rather than making a person wait.
pub const LEARN_AHEAD: Elapsed = Elapsed::minutes(20);

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

/// A card that waits for its first show in this session.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    card: CardId,
    new: bool,
}

/// A session's cards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    main: VecDeque<Place>,
    learning: Vec<CardId>,
}

impl Queue {
    /// The queue for `cards` now: cards in their steps; reviews due within `ahead` days, with those least likely to be remembered first; and new
    /// cards, those of interviews and of the user's own decks before the bank's, spread among them. Of siblings only the first comes up, and none whose sibling was answered today. The day's
    /// limits count what was answered today already.
    pub fn new(cards: &[&Card], histories: &Histories, limits: Limits, ahead: u32, now: Timestamp) -> Self {
        let options = histories.options();
        let until = Day(options.day(now).0.saturating_add_unsigned(ahead));
        let (mut new, mut reviews, mut learning) = (Vec::new(), Vec::new(), Vec::new());
        for card in cards {
            match histories.get(&card.id) {
                None => new.push(*card),
                Some(history) if matches!(history.stage, Stage::Review(_)) => {
                    if history.due_day(options) <= until {
                        reviews.push((history.retrievability(options, now), *card));
                    }
                }
                Some(_) => learning.push(card.id.clone()),
            }
        }
        reviews.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.id.cmp(&b.1.id)));
        let today = Today::of(cards, histories, now);
        let mut buried = today.groups;
        let mut alone = |card: &&Card| card.siblings.as_ref().is_none_or(|group| buried.insert(group.clone()));
        let reviews = reviews.iter().map(|(_, card)| *card).filter(&mut alone);
        let reviews: Vec<CardId> =
            reviews.take(limits.reviews.saturating_sub(today.reviews)).map(|card| card.id.clone()).collect();
        let new = in_turn(new).into_iter().filter(&mut alone).take(limits.new.saturating_sub(today.new));
        let new: Vec<CardId> = new.map(|card| card.id.clone()).collect();
        let mut main = spread(reviews, new);
        main.truncate(limits.session);
        Self { main, learning }
    }

    /// What is left.
    pub fn waiting(&self) -> Waiting {
        let new = self.main.iter().filter(|place| place.new).count();
        Waiting { new, learning: self.learning.len(), reviews: self.main.len() - new }
    }

    /// The card to show now: one in its steps whose time has come, else a review or a new card, else one in its steps that is nearly due. `None`
    /// when the session is over.
    pub fn next(&self, histories: &Histories, now: Timestamp) -> Option<&CardId> {
        let due = |card: &&CardId| match histories.get(card).map(|history| history.due) {
            Some(Due::At(at)) => at,
            _ => now,
        };
        let soonest = self.learning.iter().min_by_key(|card| (due(card), (*card).clone()));
        let come = soonest.filter(|card| due(card) <= now);
        let soon = || soonest.filter(|card| due(card) <= now + LEARN_AHEAD);
        come.or_else(|| self.main.front().map(|place| &place.card)).or_else(soon)
    }

    /// Takes a card that was answered out of where it was, and keeps it if it is still in its steps.
    pub fn answered(&mut self, card: &CardId, histories: &Histories) {
        self.drop_card(card);
        let stage = histories.get(card).map(|history| history.stage);
        if matches!(stage, Some(Stage::Learning(_) | Stage::Relearning(_))) {
            self.learning.push(card.clone());
        }
    }

    /// Takes a card out for this session.
    pub fn drop_card(&mut self, card: &CardId) {
        self.main.retain(|place| place.card != *card);
        self.learning.retain(|waiting| waiting != card);
    }
}

/// New cards in the order in which they come up: what interviews missed, what the user wrote, and then the bank's decks in turn, a card of each,
/// so that no evening is all of one kind; within each in the order given.
fn in_turn(new: Vec<&Card>) -> Vec<&Card> {
    let mut met: BTreeMap<&Deck, usize> = BTreeMap::new();
    let mut placed: Vec<(u8, usize, &Card)> = Vec::with_capacity(new.len());
    for card in new {
        let round = met.entry(&card.deck).or_default();
        placed.push(match card.deck {
            Deck::Misses => (0, 0, card),
            Deck::Own(_) => (1, 0, card),
            _ => (2, *round, card),
        });
        *round += 1;
    }
    placed.sort_by_key(|(rank, round, _)| (*rank, *round));
    placed.into_iter().map(|(_, _, card)| card).collect()
}

/// New cards spread evenly among reviews, so that neither comes in a block.
fn spread(reviews: Vec<CardId>, new: Vec<CardId>) -> VecDeque<Place> {
    let (all, fresh) = (reviews.len() + new.len(), new.len());
    let (mut reviews, mut new) = (reviews.into_iter(), new.into_iter());
    let mut due_new = 0;
    let place = |card, new| Place { card, new };
    let places = (0..all).filter_map(|_| {
        // As many new cards are out as their share of the places so far, rounded down: a review opens the session.
        due_new += fresh;
        if due_new >= all {
            due_new -= all;
            new.next().map(|card| place(card, true))
        } else {
            reviews.next().map(|card| place(card, false))
        }
    });
    places.collect()
}

/// What was answered on the day of `now`.
struct Today {
    new: usize,
    reviews: usize,
    /// Groups of siblings of which one was answered.
    groups: BTreeSet<String>,
}

impl Today {
    fn of(cards: &[&Card], histories: &Histories, now: Timestamp) -> Self {
        let options = histories.options();
        let today = options.day(now);
        let answered = histories.iter().filter(|(_, history)| options.day(history.last) == today);
        let (new, reviews) = answered.fold((0, 0), |(new, reviews), (_, history)| {
            if options.day(history.first) == today { (new + 1, reviews) } else { (new, reviews + 1) }
        });
        let met = |card: &&&Card| histories.get(&card.id).is_some_and(|known| options.day(known.last) == today);
        let groups = cards.iter().filter(met).filter_map(|card| card.siblings.clone()).collect();
        Self { new, reviews, groups }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{CardKind, Entry, Grade, Options, Review, ReviewId};

    fn card(id: &str, siblings: Option<&str>) -> Card {
        Card {
            id: CardId::new(id, "c"),
            kind: CardKind::Recall,
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

    fn queue(cards: &[Card], log: &[Entry], limits: Limits, ahead: u32, now: i64) -> Vec<String> {
        let refs: Vec<&Card> = cards.iter().collect();
        let histories = Histories::replay(log, Options::default());
        let queue = Queue::new(&refs, &histories, limits, ahead, Timestamp(now));
        queue.main.iter().map(|place| place.card.item().to_owned()).collect()
    }

    #[test]
    fn new_cards_stop_at_the_days_limit_and_siblings_come_alone() {
        let cards = [card("a", Some("x")), card("b", Some("x")), card("c", None), card("d", None)];
        let limits = Limits { new: 2, ..Limits::default() };
        assert_eq!(queue(&cards, &[], limits, 0, DAY), ["a", "c"]);
        let log = [reviewed(1, &cards[0], DAY, Grade::Easy)];
        assert_eq!(queue(&cards, &log, limits, 0, DAY + 1), ["c"], "the sibling of what was answered today waits");
        assert_eq!(queue(&cards, &log, limits, 0, 2 * DAY), ["b", "c"]);
        let small = Limits { session: 1, ..limits };
        assert_eq!(queue(&cards, &[], small, 0, DAY), ["a"]);
    }

    #[test]
    fn new_cards_come_from_interviews_then_own_decks_then_the_bank_in_turn() {
        let of = |id: &str, deck: Deck| Card { deck, ..card(id, None) };
        let cards = [
            of("q1", Deck::Questions),
            of("q2", Deck::Questions),
            of("q3", Deck::Questions),
            of("n1", Deck::Numbers),
            of("n2", Deck::Numbers),
            of("own1", Deck::Own("x".into())),
            of("own2", Deck::Own("x".into())),
            of("miss", Deck::Misses),
        ];
        let expected = ["miss", "own1", "own2", "q1", "n1", "q2", "n2", "q3"];
        assert_eq!(queue(&cards, &[], Limits::default(), 0, DAY), expected);
    }

    #[test]
    fn reviews_come_with_the_least_likely_first_and_new_cards_among_them() {
        let names = ["r1", "r2", "r3", "r4", "n1", "n2"];
        let cards = names.map(|name| card(name, None));
        let log: Vec<Entry> = cards[..4]
            .iter()
            .zip(1..)
            .map(|(card, id)| reviewed(id, card, DAY * i64::try_from(id).unwrap(), Grade::Easy))
            .collect();
        let late = 400 * DAY;
        assert_eq!(queue(&cards, &log, Limits::default(), 0, late), ["r1", "r2", "n1", "r3", "r4", "n2"]);
        let some = Limits { reviews: 2, ..Limits::default() };
        assert_eq!(queue(&cards, &log, some, 0, late), ["r1", "n1", "r2", "n2"]);
    }

    #[test]
    fn looking_ahead_brings_what_is_due_later() {
        let cards = [card("a", None)];
        let log = [reviewed(1, &cards[0], DAY, Grade::Easy)];
        assert_eq!(queue(&cards, &log, Limits::default(), 0, 2 * DAY), Vec::<String>::new());
        assert_eq!(queue(&cards, &log, Limits::default(), 30, 2 * DAY), ["a"]);
    }

    #[test]
    fn a_step_that_is_due_comes_first_and_one_that_is_nearly_due_comes_last() {
        let cards = [card("a", None), card("b", None)];
        let refs: Vec<&Card> = cards.iter().collect();
        let log = [reviewed(1, &cards[0], DAY, Grade::Again)];
        let histories = Histories::replay(&log, Options::default());
        let soon = Timestamp(DAY + 10_000);
        let mut queue = Queue::new(&refs, &histories, Limits::default(), 0, soon);
        assert_eq!(queue.next(&histories, soon), Some(&cards[1].id));
        assert_eq!(queue.next(&histories, Timestamp(DAY + 61_000)), Some(&cards[0].id));
        queue.main.clear();
        assert_eq!(queue.next(&histories, soon), Some(&cards[0].id));
    }
}
