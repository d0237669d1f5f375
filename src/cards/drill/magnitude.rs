//! The drill on numbers: a guess, scored by how many orders of magnitude it is off, and what the guesses show over time.
//!
//! A guess may be a range that its owner is nine-tenths sure of. Who is well calibrated has nine in ten of those hold the number: fewer is
//! overconfidence (Alpert and Raiffa 1982), all of them is timidity.

use super::{Drill, DrillResult};
use crate::cards::Figure;
use crate::clock::Day;

/// The ends of a range, the same for a single figure; above zero, in the card's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Range {
    /// The range between two figures, whichever is the greater; `None` unless both are above zero and finite.
    pub fn new(one: f64, other: f64) -> Option<Self> {
        let sound = |figure: f64| figure.is_finite() && figure > 0.0;
        (sound(one) && sound(other)).then(|| Self { low: one.min(other), high: one.max(other) })
    }

    /// The geometric middle.
    pub fn middle(self) -> f64 {
        10_f64.powf(self.low.log10().midpoint(self.high.log10()))
    }

    /// Whether it is more than a single figure.
    pub fn is_wide(self) -> bool {
        self.low < self.high
    }
}

impl From<&Figure> for Range {
    fn from(figure: &Figure) -> Self {
        Self { low: figure.low, high: figure.high }
    }
}

/// A guess, and what it was a guess at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// What was guessed.
    pub guess: Range,
    /// What the bank said then.
    pub truth: Range,
}

impl Guess {
    /// Orders of magnitude between the guess and the nearest end of the truth: negative where it was too low, zero within.
    pub fn error(self) -> f64 {
        log_error(self.guess.middle(), self.truth)
    }

    /// How good that is.
    pub fn size(self) -> Size {
        Size::of(self.error())
    }

    /// For a range: whether it holds the middle of the truth.
    pub fn holds(self) -> Option<bool> {
        let middle = self.truth.middle();
        self.guess.is_wide().then_some(self.guess.low <= middle && middle <= self.guess.high)
    }
}

/// Orders of magnitude (log10) from `truth` to `guess`: negative below it, zero within it.
pub fn log_error(guess: f64, truth: Range) -> f64 {
    if guess < truth.low {
        guess.log10() - truth.low.log10()
    } else if guess > truth.high {
        guess.log10() - truth.high.log10()
    } else {
        0.0
    }
}

/// How far off a guess is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// Within the range.
    Within,
    /// Within a factor of three: good enough to design with.
    Close,
    /// Within a factor of ten: the right neighbourhood.
    Near,
    /// Further off: another design.
    Off,
}

impl Size {
    /// The size of an error in orders of magnitude.
    pub fn of(error: f64) -> Self {
        // The slack lets a factor of exactly three or ten count, whatever the rounding.
        const SLACK: f64 = 1e-9;
        match error.abs() {
            0.0 => Self::Within,
            error if error <= 3.0_f64.log10() + SLACK => Self::Close,
            error if error <= 1.0 + SLACK => Self::Near,
            _ => Self::Off,
        }
    }

    /// It in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Within => "within the range",
            Self::Close => "within a factor of 3",
            Self::Near => "within a factor of 10",
            Self::Off => "off by more than a factor of 10",
        }
    }
}

/// What guesses show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    /// How many guesses.
    pub guesses: usize,
    /// Mean error whatever its sign, in orders of magnitude.
    pub mean_error: f64,
    /// Mean error with its sign: negative for who guesses too low.
    pub bias: f64,
    /// Share of guesses within a factor of three, 0 to 1.
    pub close: f64,
    /// How many guesses were ranges.
    pub ranges: usize,
    /// Share of the ranges that held the number, 0 to 1; nine-tenths is well calibrated.
    pub held: f64,
    /// Mean error whatever its sign by week, the first day of the week and how many guesses, oldest first.
    pub weeks: Vec<(Day, f64, usize)>,
}

/// What the guesses among `drills` show; days are those of `offset_minutes` east of UTC.
pub fn calibration(drills: &[Drill], offset_minutes: i32) -> Calibration {
    let guesses: Vec<(Day, Guess)> = drills
        .iter()
        .filter_map(|drill| match drill.result {
            DrillResult::Guess(guess) => Some((drill.at.day(offset_minutes), guess)),
            DrillResult::Talk(_) => None,
        })
        .collect();
    let count = guesses.len();
    let mean =
        |of: &dyn Fn(&Guess) -> f64| guesses.iter().map(|(_, guess)| of(guess)).sum::<f64>() / count.max(1) as f64;
    let held: Vec<bool> = guesses.iter().filter_map(|(_, guess)| guess.holds()).collect();
    Calibration {
        guesses: count,
        mean_error: mean(&|guess| guess.error().abs()),
        bias: mean(&|guess| guess.error()),
        close: mean(&|guess| f64::from(u8::from(guess.size() <= Size::Close))),
        ranges: held.len(),
        held: held.iter().filter(|held| **held).count() as f64 / held.len().max(1) as f64,
        weeks: weeks(&guesses),
    }
}

fn weeks(guesses: &[(Day, Guess)]) -> Vec<(Day, f64, usize)> {
    let mut weeks: std::collections::BTreeMap<Day, (f64, usize)> = std::collections::BTreeMap::new();
    for (day, guess) in guesses {
        let monday = Day(day.0 - day.weekday().cast_signed());
        let (sum, count) = weeks.entry(monday).or_default();
        *sum += guess.error().abs();
        *count += 1;
    }
    weeks.into_iter().map(|(monday, (sum, count))| (monday, sum / count as f64, count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::CardId;
    use crate::clock::{Elapsed, Timestamp};

    #[track_caller]
    fn check(guess: f64, (low, high): (f64, f64), error: f64, size: Size) {
        let guess = Guess { guess: Range::new(guess, guess).unwrap(), truth: Range { low, high } };
        assert!((guess.error() - error).abs() < 1e-9, "{guess:?}: {}", guess.error());
        assert_eq!(guess.size(), size, "{guess:?}");
    }

    #[test]
    fn errors_are_orders_of_magnitude_from_the_nearest_end() {
        check(7.0, (5.0, 15.0), 0.0, Size::Within);
        check(0.5, (5.0, 15.0), -1.0, Size::Near);
        check(150.0, (5.0, 15.0), 1.0, Size::Near);
        check(45.0, (5.0, 15.0), 3.0_f64.log10(), Size::Close);
        check(15_000.0, (5.0, 15.0), 3.0, Size::Off);
        check(1e300, (1e-300, 1e-300), 600.0, Size::Off);
    }

    #[test]
    fn only_positive_figures_have_a_magnitude() {
        assert_eq!(Range::new(0.0, 5.0), None);
        assert_eq!(Range::new(-1.0, 5.0), None);
        assert_eq!(Range::new(f64::NAN, 5.0), None);
        assert_eq!(Range::new(9.0, 4.0), Some(Range { low: 4.0, high: 9.0 }));
        assert!((Range { low: 1e-200, high: 1e200 }.middle() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn calibration_tells_bias_spread_and_how_many_ranges_hold() {
        let drill = |day: i64, low: f64, high: f64| Drill {
            card: CardId::new("a", "b"),
            at: Timestamp(day * 86_400_000),
            took: Elapsed(0),
            result: DrillResult::Guess(Guess { guess: Range { low, high }, truth: Range { low: 10.0, high: 10.0 } }),
        };
        // Thursday 1 January 1970, and two weeks later.
        let drills = [drill(0, 1.0, 1.0), drill(1, 100.0, 100.0), drill(14, 5.0, 20.0), drill(14, 10.0, 1000.0)];
        let shown = calibration(&drills, 0);
        assert_eq!((shown.guesses, shown.ranges, shown.held), (4, 2, 1.0));
        assert!((shown.mean_error - 0.75).abs() < 1e-9 && (shown.bias - 0.25).abs() < 1e-9, "{shown:?}");
        assert_eq!(shown.close, 0.25);
        assert_eq!(shown.weeks, [(Day(-3), 1.0, 2), (Day(11), 0.5, 2)]);
        assert_eq!(calibration(&[], 0), Calibration::default());
    }
}
