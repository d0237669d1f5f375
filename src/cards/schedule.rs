//! When a card comes back: learning steps, then FSRS intervals, as Anki schedules them.

use super::memory::{Outlook, of, outlooks};
use super::{CardId, Grade, MemoryState, Weights, fuzz};
use crate::clock::{Day, Elapsed, Timestamp};
use fsrs::FSRS;

/// How cards are scheduled; the defaults are Anki's.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Probability of recall at which a card comes back, 0.7 to 0.99.
    pub desired_retention: f32,
    /// Delays before a new card becomes a review card.
    pub learning_steps: Vec<Elapsed>,
    /// Delays before a forgotten card becomes a review card again.
    pub relearning_steps: Vec<Elapsed>,
    /// No interval is longer, days.
    pub maximum_interval: u32,
    /// Lapses at which a card is a leech; 0 for never.
    pub leech_threshold: u32,
    /// Whether intervals are spread a little.
    pub fuzz: bool,
    /// The model's weights.
    pub weights: Weights,
    /// Minutes east of UTC, for the days.
    pub utc_offset_minutes: i32,
}

/// A day begins at this hour: who reviews at one in the morning is still in yesterday.
const ROLLOVER_HOUR: i32 = 4;
/// The only learning step that Hard finds is stretched by this (Anki's rule).
const LONE_HARD: f64 = 1.5;

impl Default for Options {
    fn default() -> Self {
        Self {
            desired_retention: 0.9,
            learning_steps: vec![Elapsed::minutes(1), Elapsed::minutes(10)],
            relearning_steps: vec![Elapsed::minutes(10)],
            maximum_interval: 36_500,
            leech_threshold: 8,
            fuzz: true,
            weights: Weights::default(),
            utc_offset_minutes: 0,
        }
    }
}

impl Options {
    /// The day that a moment belongs to.
    pub fn day(&self, at: Timestamp) -> Day {
        at.day(self.utc_offset_minutes - ROLLOVER_HOUR * 60)
    }

    fn steps(&self, relearning: bool) -> &[Elapsed] {
        if relearning { &self.relearning_steps } else { &self.learning_steps }
    }
}

/// How far a card has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Going through the learning steps; the next one to pass, from 0.
    Learning(usize),
    /// Reviewed in intervals of this many days.
    Review(u32),
    /// Forgotten, going through the relearning steps.
    Relearning(usize),
}

/// When a card is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Due {
    /// From this moment on, within a day.
    At(Timestamp),
    /// On this day.
    On(Day),
}

/// What a grade makes of a card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Next {
    /// Its memory.
    pub memory: MemoryState,
    /// How far it has come.
    pub stage: Stage,
    /// When it comes back.
    pub due: Due,
    /// The delay until then, as shown over the button.
    pub delay: Elapsed,
}

/// What each grade would make of a card.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choices(pub [Next; 4]);

impl Choices {
    /// What this grade would make of it.
    pub fn of(&self, grade: Grade) -> Next {
        self.0[usize::from(grade.number()) - 1]
    }
}

/// A card before it is graded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Before {
    pub memory: Option<MemoryState>,
    pub stage: Stage,
    pub last: Option<Timestamp>,
    /// Reviews so far: with the card's id, the seed of the fuzz.
    pub reviews: u32,
}

/// What each grade would make of a card that is answered at `now`.
pub(super) fn choices(card: &CardId, before: Before, options: &Options, model: &FSRS, now: Timestamp) -> Choices {
    let scheduler = Scheduler::new(card, before, options, model, now);
    Choices(Grade::ALL.map(|grade| scheduler.next(before.stage, grade)))
}

/// What one grade makes of a card that is answered at `now`.
pub(super) fn choice(
    card: &CardId,
    before: Before,
    options: &Options,
    model: &FSRS,
    now: Timestamp,
    grade: Grade,
) -> Next {
    Scheduler::new(card, before, options, model, now).next(before.stage, grade)
}

struct Scheduler<'a> {
    options: &'a Options,
    outlooks: [Outlook; 4],
    now: Timestamp,
    factor: Option<f32>,
}

impl<'a> Scheduler<'a> {
    fn new(card: &CardId, before: Before, options: &'a Options, model: &FSRS, now: Timestamp) -> Self {
        let days = before.last.map_or(0, |last| options.day(now).0.saturating_sub(options.day(last).0).max(0) as u32);
        let outlooks = outlooks(model, before.memory, options.desired_retention, days);
        Self { options, outlooks, now, factor: options.fuzz.then(|| fuzz_factor(card, before.reviews)) }
    }

    fn next(&self, stage: Stage, grade: Grade) -> Next {
        match stage {
            Stage::Learning(step) => self.step(false, step, grade),
            Stage::Relearning(step) => self.step(true, step, grade),
            Stage::Review(days) => self.review(days, grade),
        }
    }

    /// A card in its steps: Again starts them over, Hard stays, Good goes on, Easy leaves.
    fn step(&self, relearning: bool, step: usize, grade: Grade) -> Next {
        let steps = self.options.steps(relearning);
        let within = |step: usize, delay: Elapsed| {
            let stage = if relearning { Stage::Relearning(step) } else { Stage::Learning(step) };
            Next { memory: self.memory(grade), stage, due: Due::At(self.now + delay), delay }
        };
        let step = step.min(steps.len().saturating_sub(1));
        match grade {
            Grade::Again if !steps.is_empty() => within(0, steps[0]),
            Grade::Hard if !steps.is_empty() => within(step, hard_delay(steps, step)),
            Grade::Good if step + 1 < steps.len() => within(step + 1, steps[step + 1]),
            Grade::Again | Grade::Hard | Grade::Good => self.days(grade, self.first_interval(grade, 1)),
            Grade::Easy => {
                // Easy leaves for longer than Good would.
                let good = self.interval(Grade::Good, 1);
                self.days(grade, self.first_interval(grade, good + 1))
            }
        }
    }

    /// A review card: Again relearns it, the others each wait longer than the one before.
    fn review(&self, days: u32, grade: Grade) -> Next {
        if grade == Grade::Again {
            return match self.options.relearning_steps.first() {
                Some(&delay) => {
                    let due = Due::At(self.now + delay);
                    Next { memory: self.memory(grade), stage: Stage::Relearning(0), due, delay }
                }
                None => self.days(grade, self.interval(grade, 1)),
            };
        }
        // An interval that grows, grows by a day at least.
        let floor = |grade: Grade| if of(&self.outlooks, grade).interval.round() > days as f32 { days + 1 } else { 0 };
        let hard = self.interval(Grade::Hard, floor(Grade::Hard).max(1));
        let good = self.interval(Grade::Good, floor(Grade::Good).max(hard + 1));
        let easy = self.interval(Grade::Easy, floor(Grade::Easy).max(good + 1));
        self.days(
            grade,
            match grade {
                Grade::Hard => hard,
                Grade::Good => good,
                _ => easy,
            },
        )
    }

    fn memory(&self, grade: Grade) -> MemoryState {
        of(&self.outlooks, grade).memory
    }

    fn interval(&self, grade: Grade, least: u32) -> u32 {
        self.spread(of(&self.outlooks, grade).interval, least)
    }

    /// The interval of a card that leaves its steps: whole days before they are spread, as Anki does.
    fn first_interval(&self, grade: Grade, least: u32) -> u32 {
        self.spread(of(&self.outlooks, grade).interval.round().max(1.0), least)
    }

    fn spread(&self, interval: f32, least: u32) -> u32 {
        fuzz::fuzzed(interval, self.factor, least, self.options.maximum_interval)
    }

    fn days(&self, grade: Grade, days: u32) -> Next {
        let due = Due::On(Day(self.options.day(self.now).0.saturating_add_unsigned(days)));
        let delay = Elapsed::minutes(u64::from(days) * 24 * 60);
        Next { memory: self.memory(grade), stage: Stage::Review(days), due, delay }
    }
}

/// Hard on the first of several steps waits halfway to the second; on a lone step half as long again; else the step itself.
fn hard_delay(steps: &[Elapsed], step: usize) -> Elapsed {
    match steps {
        [only] => Elapsed((only.0 as f64 * LONE_HARD) as u64),
        [first, second, ..] if step == 0 => Elapsed(u64::midpoint(first.0, second.0)),
        _ => steps[step],
    }
}

/// A number from 0 to 1 that the card and its count of reviews decide, so that undo and redo give the same interval.
fn fuzz_factor(card: &CardId, reviews: u32) -> f32 {
    let bytes = card.as_str().bytes().chain(reviews.to_le_bytes());
    let hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    // The upper bits of FNV-1a need one more mix (the finaliser of SplitMix64, Steele et al. 2014).
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((mixed ^ (mixed >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
}
