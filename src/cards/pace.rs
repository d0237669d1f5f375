//! How long a card takes its owner: measured from the log, for the minutes left of a session.

use std::collections::BTreeMap;

use super::{Answer, CardId, Options, Waiting};
use crate::clock::{Day, Elapsed, Timestamp};

/// An answer counts for no more than this, as in Anki: who went to make tea wasn't thinking.
pub const LONGEST_ANSWER: Elapsed = Elapsed::seconds(60);
/// Only the last days count: people get faster.
const DAYS: i32 = 30;
/// Below so many cards, the figures taken for everyone are used.
const ENOUGH: u32 = 10;
/// What a card takes before anything is measured: a planning figure of ours, three looks at a new card and one at a known one.
const USUAL: Pace = Pace { new: Elapsed::seconds(30), review: Elapsed::seconds(12) };

/// Time on one card in one day, all its repetitions together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// On the day it is new.
    pub new: Elapsed,
    /// On any other.
    pub review: Elapsed,
}

impl Pace {
    /// How long what waits will take.
    pub fn needs(self, waiting: Waiting) -> Elapsed {
        // A card in its steps has had its longest look already: it is taken for a review.
        let known = (waiting.reviews + waiting.learning) as u64;
        Elapsed(self.new.0 * waiting.new as u64 + self.review.0 * known)
    }
}

/// Adds up answers to a [`Pace`].
#[derive(Debug, Default)]
pub(super) struct PaceMeter {
    /// Time by day and card, and whether the card was new.
    days: BTreeMap<(Day, CardId), (Elapsed, bool)>,
    since: Day,
}

impl PaceMeter {
    pub fn new(options: &Options, now: Timestamp) -> Self {
        Self { days: BTreeMap::new(), since: Day(options.day(now).0.saturating_sub(DAYS)) }
    }

    pub fn add(&mut self, answer: Answer<'_>, options: &Options) {
        let day = options.day(answer.review.at);
        if day <= self.since {
            return;
        }
        let fresh = answer.before.is_none_or(|before| options.day(before.first) == day);
        let sum = self.days.entry((day, answer.card.clone())).or_insert((Elapsed(0), fresh));
        sum.0 += answer.review.took.min(LONGEST_ANSWER);
    }

    pub fn pace(&self) -> Pace {
        let mean = |fresh: bool, usual: Elapsed| {
            let (mut sum, mut count) = (0, 0);
            for (time, _) in self.days.values().filter(|(_, new)| *new == fresh) {
                sum += time.0;
                count += 1;
            }
            if count < ENOUGH { usual } else { Elapsed(sum / u64::from(count)) }
        };
        Pace { new: mean(true, USUAL.new), review: mean(false, USUAL.review) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{Entry, Grade, Histories, Review, ReviewId};

    #[test]
    fn the_pace_is_the_mean_of_what_was_measured() {
        let options = Options::default();
        let day = 86_400_000;
        let reviews = (0..20_u64).flat_map(|card| {
            [(0, 10_u64), (1, 5), (day * 3, 4)]
                .map(|(at, seconds)| (card, Timestamp(day * 100 + at + card as i64), seconds))
        });
        let mut reviews: Vec<_> = reviews.collect();
        reviews.sort_by_key(|(_, at, _)| *at);
        let log: Vec<Entry> = reviews
            .iter()
            .zip(0..)
            .map(|(&(card, at, seconds), id)| {
                let (id, card) = (ReviewId(id), CardId::new("a", &card.to_string()));
                Entry::Review(Review { id, card, at, grade: Grade::Easy, took: Elapsed::seconds(seconds) })
            })
            .collect();
        let pace = |now: i64| {
            let mut meter = PaceMeter::new(&options, Timestamp(now));
            Histories::replay_with(&log, options.clone(), |answer| meter.add(answer, &options));
            meter.pace()
        };
        let measured = Pace { new: Elapsed::seconds(15), review: Elapsed::seconds(4) };
        assert_eq!(pace(day * 110), measured);
        assert_eq!(pace(day * 200), USUAL, "what is long ago doesn't count");
        assert_eq!(measured.needs(Waiting { new: 2, learning: 1, reviews: 3 }), Elapsed::seconds(46));
    }
}
