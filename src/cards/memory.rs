//! FSRS-6: how stable and how difficult a memory is, and how likely it is still there.
//!
//! The model is the `fsrs` crate's, which is what Anki ships; this is the one place that names it.

use fsrs::FSRS;

use super::Grade;

/// The 21 weights of FSRS-6 (w0 to w20).
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(Vec<f32>);

impl Default for Weights {
    fn default() -> Self {
        Self(fsrs::DEFAULT_PARAMETERS.to_vec())
    }
}

impl Weights {
    /// These weights, if the model accepts them: 21 of FSRS-6, or 17 or 19 of its forerunners, which are converted.
    pub fn new(weights: &[f32]) -> Option<Self> {
        FSRS::new(weights).ok()?;
        fsrs::check_and_fill_parameters(weights).ok().map(Self)
    }

    /// The weights as numbers.
    pub fn values(&self) -> &[f32] {
        &self.0
    }

    /// The exponent of forgetting, w20.
    fn decay(&self) -> f32 {
        self.0.last().copied().unwrap_or(fsrs::FSRS6_DEFAULT_DECAY)
    }

    /// The model with these weights.
    pub(super) fn model(&self) -> FSRS {
        FSRS::new(&self.0).unwrap_or_default()
    }
}

/// What is known of a card's memory.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MemoryState {
    /// Days until the probability of recall has fallen to 90%.
    pub stability: f32,
    /// 1 (easy) to 10 (hard).
    pub difficulty: f32,
}

/// Probability that a memory is still there `days` days after the last review.
pub fn retrievability(state: MemoryState, days: f64, weights: &Weights) -> f64 {
    let memory = fsrs::MemoryState { stability: state.stability, difficulty: state.difficulty };
    f64::from(fsrs::current_retrievability(memory, days as f32, weights.decay()))
}

/// A memory after a grade, and the days until recall falls to the desired retention, before rounding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Outlook {
    pub memory: MemoryState,
    pub interval: f32,
}

/// The outlook for each grade, in the order of [`Grade::ALL`], `days` whole days after the last review.
pub(super) fn outlooks(model: &FSRS, before: Option<MemoryState>, retention: f32, days: u32) -> [Outlook; 4] {
    let state = before.map(|state| fsrs::MemoryState { stability: state.stability, difficulty: state.difficulty });
    // A state that the model refuses (not finite, from a damaged log) is forgotten rather than fatal.
    let fresh = || model.next_states(None, retention, 0);
    let next = model.next_states(state, retention, days).or_else(|_| fresh()).expect("a new card is always accepted");
    let outlook = |item: fsrs::ItemState| Outlook {
        memory: MemoryState { stability: item.memory.stability, difficulty: item.memory.difficulty },
        interval: item.interval,
    };
    [outlook(next.again), outlook(next.hard), outlook(next.good), outlook(next.easy)]
}

/// The outlook that belongs to a grade.
pub(super) fn of(outlooks: &[Outlook; 4], grade: Grade) -> Outlook {
    outlooks[usize::from(grade.number()) - 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stability, difficulty after a first review; FSRS-6 with its default weights.
    #[test]
    fn first_reviews_give_the_published_states() {
        let model = Weights::default().model();
        let outlooks = outlooks(&model, None, 0.9, 0);
        let expected = [(0.212, 6.4133), (1.2931, 5.112_170_7), (2.3065, 2.118_104), (8.2956, 1.0)];
        for (outlook, (stability, difficulty)) in outlooks.iter().zip(expected) {
            assert!((outlook.memory.stability - stability).abs() < 1e-4, "{outlook:?}");
            assert!((outlook.memory.difficulty - difficulty).abs() < 1e-4, "{outlook:?}");
        }
    }

    #[test]
    fn a_stability_of_ten_days_gives_the_published_intervals() {
        let model = Weights::default().model();
        for (retention, days) in [(0.8, 33.16), (0.85, 19.064), (0.9, 10.0), (0.95, 4.026)] {
            let interval = model.next_interval(Some(10.0), retention, 0);
            assert!((interval - days).abs() < 0.005, "{retention}: {interval}");
        }
    }

    #[test]
    fn recall_falls_to_nine_tenths_at_the_stability() {
        let state = MemoryState { stability: 8.2956, difficulty: 1.0 };
        assert!((retrievability(state, 8.2956, &Weights::default()) - 0.9).abs() < 1e-5);
        assert!((retrievability(state, 8.0, &Weights::default()) - 0.902_473_3).abs() < 1e-5);
    }
}
