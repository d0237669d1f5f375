//! One station's counts in the measured time.

use super::Rough;
use crate::sim::{report::Series, sampler::Time};

/// What a station counts. `arrivals + carried = served + rejected + lost + present` at all times.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct StationMetrics {
    /// Requests that reached it.
    pub arrivals: u64,
    /// Requests that it finished its own work on.
    pub served: u64,
    /// Of the arrivals, parts of requests at several instances, and work that is done once more; and the requests that were spread so.
    pub legs: u64,
    pub again: u64,
    pub spread: u64,
    /// Requests turned away.
    pub rejected: u64,
    /// Requests lost with an instance.
    pub lost: u64,
    /// Present when the counting began.
    pub carried: u64,
    /// Waiting or in service.
    pub present: u64,
    /// Waiting.
    pub waiting: u64,
    pub waiting_most: u64,
    /// Integral of the number waiting over time, and when it was last brought up to date.
    pub waiting_area: u128,
    pub waiting_since: Time,
    /// Times from arrival to the start of service.
    pub wait: Rough,
    /// Served although whoever asked had given up.
    pub wasted: u64,
    /// Messages that were handed over and not taken in.
    pub lost_messages: u64,
    /// Messages: taken in and not yet consumed.
    pub lag: Rough,
    pub series: Series,
    pub last: Last,
}

/// Counts at the end of the last tick.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sim) struct Last {
    pub arrivals: u64,
    pub served: u64,
    pub failures: u64,
    pub waiting_area: u128,
    pub busy_area: u128,
}

impl StationMetrics {
    /// Changes the number waiting.
    #[inline]
    pub fn wait_changes(&mut self, now: Time, by: i64) {
        self.waiting_area += u128::from(self.waiting) * u128::from(now - self.waiting_since);
        self.waiting_since = now;
        self.waiting = self.waiting.wrapping_add_signed(by);
        self.waiting_most = self.waiting_most.max(self.waiting);
    }

    /// Starts counting afresh with what is there.
    pub fn restart(&mut self, now: Time) {
        let (present, waiting) = (self.present, self.waiting);
        *self =
            Self { carried: present, present, waiting, waiting_most: waiting, waiting_since: now, ..Self::default() };
    }

    /// What so many times as many would have counted. It adds up as before: what arrived is what became of it.
    pub fn times(mut self, scale: f64) -> Self {
        if scale <= 1.0 {
            return self;
        }
        let times = |count: &mut u64| *count = (*count as f64 * scale).round() as u64;
        for count in [&mut self.served, &mut self.rejected, &mut self.lost, &mut self.present, &mut self.carried] {
            times(count);
        }
        self.arrivals = (self.served + self.rejected + self.lost + self.present).saturating_sub(self.carried);
        for count in [&mut self.legs, &mut self.again, &mut self.spread, &mut self.waiting, &mut self.waiting_most] {
            times(count);
        }
        times(&mut self.wasted);
        times(&mut self.lost_messages);
        self.waiting_area = (self.waiting_area as f64 * scale) as u128;
        for point in &mut self.series.points {
            for rate in [&mut point.arrivals, &mut point.completions, &mut point.failures, &mut point.queue] {
                *rate *= scale;
            }
        }
        self
    }

    /// Panics when a request was lost or counted twice.
    pub fn check(&self, name: &str) {
        assert_eq!(
            self.arrivals + self.carried,
            self.served + self.rejected + self.lost + self.present,
            "{name}: what arrived was served, turned away, lost or is present"
        );
    }
}
