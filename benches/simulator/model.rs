//! The three cases of the comparison as numbers, for the peers; and what every engine gives back.

use hdrhistogram::Histogram;
use rand::{RngExt, SeedableRng};
use rand_distr::Exp1;
use rand_xoshiro::Xoshiro256PlusPlus;

/// A tier: `instances` queues of `servers` each; a request goes on to it with the probability `share`.
#[derive(Clone, Copy)]
pub struct Tier {
    pub instances: usize,
    pub servers: u32,
    pub mean_ms: f64,
    pub share: f64,
}

/// Tiers in a row, under Poisson arrivals (a millisecond's). Of several instances the one with the fewest requests is chosen.
#[derive(Clone)]
pub struct Model {
    pub rate: f64,
    pub tiers: Vec<Tier>,
    pub customers: u64,
}

/// What a peer measured: the same for all, and no less than the prototype counted.
pub struct Measured {
    pub latency: Histogram<u64>,
    /// Busy milliseconds of every tier's servers.
    pub busy: Vec<f64>,
    pub events: u64,
}

impl Measured {
    pub fn new(model: &Model) -> Self {
        let latency = Histogram::new_with_bounds(1, 1 << 44, 3).expect("the bounds are in order");
        Self { latency, busy: vec![0.0; model.tiers.len()], events: 0 }
    }

    /// A request that came at `arrived` is answered at `now`, milliseconds.
    pub fn answered(&mut self, arrived: f64, now: f64) {
        self.latency.saturating_record(((now - arrived) * 1e6) as u64);
    }
}

/// Chance for the peers: the generator and the ziggurat that they are fastest with.
pub struct Chance(Xoshiro256PlusPlus);

impl Chance {
    pub fn new() -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(1))
    }

    pub fn exponential(&mut self, mean: f64) -> f64 {
        self.0.sample::<f64, _>(Exp1) * mean
    }

    pub fn happens(&mut self, share: f64) -> bool {
        share >= 1.0 || self.0.random::<f64>() < share
    }
}

/// The tier after `tier` that a request goes to, if any.
pub fn next_tier(model: &Model, tier: usize, chance: &mut Chance) -> Option<usize> {
    (tier + 1..model.tiers.len()).find(|&next| chance.happens(model.tiers[next].share))
}
