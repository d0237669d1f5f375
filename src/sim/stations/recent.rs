//! When keys were last written, as far as it matters for reads that may be stale and for writers that meet.

use crate::{rng::mix64, sim::sampler::Time};

/// Keys that are remembered: the latest of those that share a place.
const PLACES: usize = 1 << 14;

/// The last writes.
#[derive(Debug)]
pub(in crate::sim) struct Recent {
    places: Vec<(u64, Time)>,
}

impl Recent {
    pub fn new() -> Self {
        Self { places: vec![(u64::MAX, 0); PLACES] }
    }

    /// A key is written.
    pub fn write(&mut self, key: u64, now: Time) {
        self.places[(mix64(key) % PLACES as u64) as usize] = (key, now);
    }

    /// When a key was last written, if that is known.
    pub fn last(&self, key: u64) -> Option<Time> {
        let (known, at) = self.places[(mix64(key) % PLACES as u64) as usize];
        (known == key).then_some(at)
    }
}
