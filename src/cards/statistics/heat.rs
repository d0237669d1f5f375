//! A year of days, as calendars show it: weeks from left to right, Monday on top.

use std::collections::BTreeMap;

use super::super::log::standing;
use super::super::{Entry, Options};
use crate::clock::Day;

/// Weeks that are shown: a year.
const WEEKS: i32 = 53;

/// Answers day by day over the last year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeatMap {
    /// The Monday that the first week begins with.
    pub first: Day,
    /// The last day that counts.
    pub last: Day,
    /// Answers of each day from `first` to `last`.
    pub days: Vec<usize>,
    /// Days in a row up to today with an answer each; today may still be without.
    pub streak: usize,
}

impl HeatMap {
    /// The most answers of any day.
    pub fn greatest(&self) -> usize {
        self.days.iter().copied().max().unwrap_or(0)
    }

    /// Days with an answer.
    pub fn active(&self) -> usize {
        self.days.iter().filter(|answers| **answers > 0).count()
    }

    /// How warm a day is, 0 (nothing) to 4 (the most), by quarters of the greatest.
    pub fn warmth(&self, answers: usize) -> u8 {
        match answers {
            0 => 0,
            _ => (answers * 4).div_ceil(self.greatest().max(1)).clamp(1, 4) as u8,
        }
    }

    /// The weeks, seven days each from Monday; `None` after the last day.
    pub fn weeks(&self) -> impl Iterator<Item = [Option<usize>; 7]> {
        self.days.chunks(7).map(|week| std::array::from_fn(|day| week.get(day).copied()))
    }
}

/// How many answers were given on each day.
pub fn answers_by_day(log: &[Entry], options: &Options) -> BTreeMap<Day, usize> {
    let mut days = BTreeMap::new();
    for (_, review) in standing(log) {
        *days.entry(options.day(review.at)).or_default() += 1;
    }
    days
}

/// The year up to `today` of the answers by day.
pub fn heat_map(answers: &BTreeMap<Day, usize>, today: Day) -> HeatMap {
    let monday = today.0 - today.weekday().cast_signed();
    let first = Day(monday - (WEEKS - 1) * 7);
    let on = |day: i32| answers.get(&Day(day)).copied().unwrap_or(0);
    let days = (first.0..=today.0).map(on).collect();
    let start = if on(today.0) > 0 { today.0 } else { today.0 - 1 };
    let streak = answers
        .keys()
        .rev()
        .skip_while(|day| day.0 > start)
        .zip(0..)
        .take_while(|(day, back)| day.0 == start - back)
        .count();
    HeatMap { first, last: today, days, streak }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_is_53_weeks_from_monday_to_today() {
        // 2026-03-04 was a Wednesday.
        let today = Day(20_516);
        assert_eq!((today.to_iso().as_str(), today.weekday()), ("2026-03-04", 2));
        let answers =
            BTreeMap::from([(today, 8), (Day(today.0 - 1), 1), (Day(today.0 - 3), 3), (Day(today.0 - 900), 99)]);
        let map = heat_map(&answers, today);
        assert_eq!((map.days.len(), map.weeks().count(), map.first.weekday()), (52 * 7 + 3, 53, 0));
        assert_eq!(map.weeks().last(), Some([Some(0), Some(1), Some(8), None, None, None, None]));
        assert_eq!((map.greatest(), map.active(), map.streak), (8, 3, 2));
        assert_eq!([0, 1, 2, 3, 5, 8].map(|answers| map.warmth(answers)), [0, 1, 1, 2, 3, 4]);
    }

    #[test]
    fn a_streak_waits_for_today() {
        let today = Day(100);
        let yesterday = BTreeMap::from([(Day(99), 1), (Day(98), 1)]);
        assert_eq!(heat_map(&yesterday, today).streak, 2);
        assert_eq!(heat_map(&BTreeMap::new(), today).streak, 0);
    }
}
