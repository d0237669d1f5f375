//! The review log: what was graded, what was taken back, and which card goes on for one that is gone.

use std::collections::{BTreeMap, BTreeSet};

use super::CardId;
use crate::clock::{Elapsed, Timestamp};

/// How well a card was remembered. Hard is a pass: who forgot says Again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// Forgotten, or only partly right.
    Again,
    /// Remembered with trouble.
    Hard,
    /// Remembered.
    Good,
    /// Remembered at once.
    Easy,
}

impl Grade {
    /// All grades, the worst first.
    pub const ALL: [Self; 4] = [Self::Again, Self::Hard, Self::Good, Self::Easy];

    /// 1 to 4, as on the keys and in the log.
    pub const fn number(self) -> u8 {
        match self {
            Self::Again => 1,
            Self::Hard => 2,
            Self::Good => 3,
            Self::Easy => 4,
        }
    }

    /// The grade with that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.number() == number)
    }

    /// The word on the button.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Again => "Again",
            Self::Hard => "Hard",
            Self::Good => "Good",
            Self::Easy => "Easy",
        }
    }
}

/// Identifies an entry of the log; ascending in the order of writing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReviewId(pub u64);

/// One grade that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The entry's id.
    pub id: ReviewId,
    /// Which card.
    pub card: CardId,
    /// When.
    pub at: Timestamp,
    /// How well.
    pub grade: Grade,
    /// How long the answer took.
    pub took: Elapsed,
}

/// A review taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undo {
    /// The entry's id.
    pub id: ReviewId,
    /// The entry that no longer counts.
    pub of: ReviewId,
    /// When.
    pub at: Timestamp,
}

/// The words of a card when it was answered: how it is recognised when its id is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// The entry's id.
    pub id: ReviewId,
    /// Which card.
    pub card: CardId,
    /// Its question.
    pub question: String,
}

/// A card goes on for one whose id is gone: from here on, and looking back, its reviews are the other's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The entry's id.
    pub id: ReviewId,
    /// The card that is gone.
    pub from: CardId,
    /// The card that goes on for it.
    pub to: CardId,
    /// When.
    pub at: Timestamp,
}

/// A card set aside until it is wanted again, or taken up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspension {
    /// The entry's id.
    pub id: ReviewId,
    /// Which card.
    pub card: CardId,
    /// Whether it is set aside from here on.
    pub suspended: bool,
    /// When.
    pub at: Timestamp,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A grade.
    Review(Review),
    /// An entry taken back.
    Undo(Undo),
    /// A card's words.
    Wording(Wording),
    /// A card goes on for another.
    Succession(Succession),
    /// A card set aside, or taken up again.
    Suspension(Suspension),
}

impl Entry {
    /// The entry's id.
    pub fn id(&self) -> ReviewId {
        match self {
            Self::Review(review) => review.id,
            Self::Undo(undo) => undo.id,
            Self::Wording(wording) => wording.id,
            Self::Succession(succession) => succession.id,
            Self::Suspension(suspension) => suspension.id,
        }
    }
}

/// The reviews of `log` that were not taken back, in the order of writing, each with the card it counts for.
pub(super) fn standing(log: &[Entry]) -> impl Iterator<Item = (&CardId, &Review)> {
    let undone = undone(log);
    let heirs = heirs(log, &undone);
    log.iter().filter_map(move |entry| match entry {
        Entry::Review(review) if !undone.contains(&review.id) => Some((heir(&heirs, &review.card), review)),
        _ => None,
    })
}

/// The reviews of one card that were not taken back, in the order of writing.
pub fn answers<'a>(log: &'a [Entry], card: &CardId) -> Vec<&'a Review> {
    standing(log).filter(|(of, _)| *of == card).map(|(_, review)| review).collect()
}

/// The cards that are set aside.
pub(super) fn suspended(log: &[Entry]) -> BTreeSet<CardId> {
    let undone = undone(log);
    let heirs = heirs(log, &undone);
    let mut aside = BTreeSet::new();
    for entry in log {
        if let Entry::Suspension(Suspension { id, card, suspended, .. }) = entry
            && !undone.contains(id)
        {
            let card = heir(&heirs, card);
            if *suspended {
                aside.insert(card.clone());
            } else {
                aside.remove(card);
            }
        }
    }
    aside
}

/// The words that each card had last, by the card they count for.
pub(super) fn wordings(log: &[Entry]) -> BTreeMap<&CardId, &str> {
    let heirs = heirs(log, &undone(log));
    let words = log.iter().filter_map(|entry| match entry {
        Entry::Wording(wording) => Some((heir(&heirs, &wording.card), wording.question.as_str())),
        _ => None,
    });
    words.collect()
}

fn undone(log: &[Entry]) -> BTreeSet<ReviewId> {
    let taken_back = log.iter().filter_map(|entry| match entry {
        Entry::Undo(undo) => Some(undo.of),
        _ => None,
    });
    taken_back.collect()
}

/// Who goes on for whom. A card that goes on for another is itself there, so what said it was gone no longer holds; that also keeps chains from
/// closing to circles.
fn heirs<'a>(log: &'a [Entry], undone: &BTreeSet<ReviewId>) -> BTreeMap<&'a CardId, &'a CardId> {
    let mut heirs = BTreeMap::new();
    for entry in log {
        if let Entry::Succession(Succession { id, from, to, .. }) = entry
            && from != to
            && !undone.contains(id)
        {
            heirs.remove(to);
            heirs.insert(from, to);
        }
    }
    heirs
}

fn heir<'a>(heirs: &BTreeMap<&'a CardId, &'a CardId>, mut card: &'a CardId) -> &'a CardId {
    while let Some(next) = heirs.get(card) {
        card = next;
    }
    card
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn review(id: u64, card: &str) -> Entry {
        let card = CardId(card.to_owned());
        Entry::Review(Review { id: ReviewId(id), card, at: Timestamp(0), grade: Grade::Good, took: Elapsed(0) })
    }

    fn succession(id: u64, from: &str, to: &str) -> Entry {
        let (from, to) = (CardId(from.to_owned()), CardId(to.to_owned()));
        Entry::Succession(Succession { id: ReviewId(id), from, to, at: Timestamp(0) })
    }

    fn undo(id: u64, of: u64) -> Entry {
        Entry::Undo(Undo { id: ReviewId(id), of: ReviewId(of), at: Timestamp(0) })
    }

    #[track_caller]
    fn check(log: &[Entry], expected: &[(u64, &str)]) {
        let got: Vec<(u64, &str)> = standing(log).map(|(card, review)| (review.id.0, card.as_str())).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn reviews_count_for_the_card_that_goes_on() {
        let first = [review(1, "a"), review(2, "b"), succession(3, "a", "b"), review(4, "b")];
        check(&first, &[(1, "b"), (2, "b"), (4, "b")]);
        check(&[&first[..], &[undo(5, 3)]].concat(), &[(1, "a"), (2, "b"), (4, "b")]);
        check(&[&first[..], &[succession(5, "b", "c")]].concat(), &[(1, "c"), (2, "c"), (4, "c")]);
        check(&[&first[..], &[succession(5, "b", "a")]].concat(), &[(1, "a"), (2, "a"), (4, "a")]);
        check(&[review(1, "a"), succession(2, "a", "a")], &[(1, "a")]);
    }

    #[test]
    fn a_card_is_aside_as_the_last_word_that_stands_says() {
        let aside = |id, card: &str, suspended| {
            let card = CardId(card.to_owned());
            Entry::Suspension(Suspension { id: ReviewId(id), card, suspended, at: Timestamp(0) })
        };
        let names = |log: &[Entry]| suspended(log).into_iter().map(|card| card.0).collect::<Vec<_>>();
        let log = [aside(1, "a", true), aside(2, "b", true), aside(3, "b", false)];
        assert_eq!(names(&log), ["a"]);
        assert_eq!(names(&[&log[..], &[undo(4, 3)]].concat()), ["a", "b"]);
        assert_eq!(names(&[&log[..], &[undo(4, 1)]].concat()), Vec::<String>::new());
        assert_eq!(names(&[&log[..], &[succession(4, "a", "c")]].concat()), ["c"], "the heir is aside as well");
    }

    #[test]
    fn an_undo_of_what_is_not_there_changes_nothing() {
        check(&[review(1, "a"), undo(2, 9), undo(3, 2)], &[(1, "a")]);
    }

    proptest! {
        /// Successions in any order end, and always at a card that no standing succession says is gone.
        #[test]
        fn no_circle_of_successions(pairs in prop::collection::vec((0..5_u8, 0..5_u8), 0..20)) {
            let name = |n: u8| n.to_string();
            let mut log: Vec<Entry> = (0..5).map(|n| review(u64::from(n), &name(n))).collect();
            log.extend(pairs.iter().zip(10..).map(|(&(from, to), id)| succession(id, &name(from), &name(to))));
            prop_assert_eq!(standing(&log).count(), 5);
            if let Some(&(from, to)) = pairs.iter().rfind(|(from, to)| from != to) {
                let heir = standing(&log).find(|(_, review)| review.card.0 == name(from)).map(|(card, _)| card.clone());
                prop_assert_eq!(heir, Some(CardId(name(to))));
            }
        }
    }
}
