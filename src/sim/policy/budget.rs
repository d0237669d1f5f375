//! Retry budgets and backoff.

use crate::{
    rng::Stream,
    sim::{
        network::Jitter,
        sampler::{NEVER, Time},
    },
};

/// Doublings of the backoff.
const MOST_DOUBLINGS: u32 = 20;
/// Retries that can be saved up.
const SAVED: f64 = 10.0;

/// Retries that a caller may make, as a share of its calls: each call earns a part of a retry.
#[derive(Clone, Debug, Default)]
pub(super) struct Budget {
    saved: f64,
}

impl Budget {
    /// A call is made.
    pub fn earn(&mut self, share: f64) {
        self.saved = (self.saved + share).min(SAVED);
    }

    /// Whether a retry may be made.
    pub fn spend(&mut self) -> bool {
        let may = self.saved >= 1.0;
        if may {
            self.saved -= 1.0;
        }
        may
    }
}

/// The pause after so many attempts: doubled each time, and spread by the jitter.
pub(super) fn backoff(base: Time, jitter: Jitter, attempts: u32, stream: &mut Stream) -> Time {
    let whole = base.saturating_mul(1 << (attempts.max(1) - 1).min(MOST_DOUBLINGS)).min(NEVER);
    match jitter {
        Jitter::None => whole,
        Jitter::Full => stream.below(whole + 1),
        Jitter::Equal => whole / 2 + stream.below(whole / 2 + 1),
    }
}
