//! Circuit breakers: after too many failures a caller fails fast for a while, then lets one request try.

use crate::sim::{
    network::{BreakerPlan, Tripping},
    sampler::Time,
};

/// The window is counted in so many slices.
const SLICES: usize = 10;
/// Fewer calls than these in a window say nothing (Hystrix' `requestVolumeThreshold`).
const VOLUME: u32 = 20;

/// A breaker's state.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Breaker {
    /// Calls and failures of each slice of the window, and which slice is written.
    slices: [(u32, u32); SLICES],
    slice: u64,
    in_a_row: u32,
    /// Open until then; 0 while closed.
    open_until: Time,
    /// A request is trying whether it may close.
    probing: bool,
    /// Times it opened.
    pub opened: u64,
}

impl Breaker {
    /// Whether a call may go out now.
    pub fn admits(&mut self, now: Time) -> bool {
        if self.open_until == 0 {
            return true;
        }
        if now < self.open_until || self.probing {
            return false;
        }
        self.probing = true;
        true
    }

    /// A call that was let out was not made after all.
    pub fn give_back(&mut self) {
        self.probing = false;
    }

    /// A call that was let out has ended.
    pub fn record(&mut self, plan: &BreakerPlan, now: Time, well: bool) {
        if self.open_until > 0 {
            // Answers to calls from before it opened decide nothing.
            if self.probing && now >= self.open_until {
                self.probing = false;
                if well { self.close() } else { self.open(plan, now) }
            }
            return;
        }
        self.in_a_row = if well { 0 } else { self.in_a_row + 1 };
        self.count(plan, now, well);
        let trips = match plan.tripping {
            Tripping::InARow(count) => self.in_a_row >= count,
            Tripping::Share(share) => {
                let (calls, failures) =
                    self.slices.iter().fold((0, 0), |sum, slice| (sum.0 + slice.0, sum.1 + slice.1));
                calls >= VOLUME && f64::from(failures) >= share * f64::from(calls)
            }
        };
        if trips {
            self.open(plan, now);
        }
    }

    fn count(&mut self, plan: &BreakerPlan, now: Time, well: bool) {
        let slice = now / (plan.window / SLICES as u64).max(1);
        let passed = (slice - self.slice).min(SLICES as u64);
        for old in 0..passed {
            self.slices[((slice - old) % SLICES as u64) as usize] = (0, 0);
        }
        self.slice = slice;
        let counts = &mut self.slices[(slice % SLICES as u64) as usize];
        counts.0 += 1;
        counts.1 += u32::from(!well);
    }

    fn open(&mut self, plan: &BreakerPlan, now: Time) {
        self.open_until = now + plan.open.max(1);
        self.opened += 1;
    }

    fn close(&mut self) {
        let opened = self.opened;
        *self = Self { slice: self.slice, opened, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: BreakerPlan = BreakerPlan { tripping: Tripping::Share(0.5), window: 1000, open: 500 };

    #[test]
    fn it_opens_at_its_share_and_closes_after_a_good_probe() {
        let mut breaker = Breaker::default();
        for call in 0..VOLUME {
            assert!(breaker.admits(10));
            breaker.record(&PLAN, 10, call % 2 == 0);
        }
        assert!(!breaker.admits(509));
        assert!(breaker.admits(510), "one request may try");
        assert!(!breaker.admits(511), "and only one");
        breaker.record(&PLAN, 520, true);
        assert!(breaker.admits(521));
    }

    #[test]
    fn a_failed_probe_opens_it_again() {
        let plan = BreakerPlan { tripping: Tripping::InARow(3), ..PLAN };
        let mut breaker = Breaker::default();
        (0..3).for_each(|_| breaker.record(&plan, 5, false));
        assert!(breaker.admits(505));
        breaker.record(&plan, 506, false);
        assert!(!breaker.admits(1005) && breaker.admits(1006));
        assert_eq!(breaker.opened, 2);
    }

    #[test]
    fn old_failures_are_forgotten() {
        let mut breaker = Breaker::default();
        (0..VOLUME - 1).for_each(|_| breaker.record(&PLAN, 0, false));
        breaker.record(&PLAN, 1500, false);
        assert!(breaker.admits(1501));
    }
}
