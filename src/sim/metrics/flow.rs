//! One flow's counts, by the cohort of requests that arrived in the measured time.

use super::{Brief, Coarse, Histogram};
use crate::sim::{
    engine::Outcome,
    report::{Point, Series},
    sampler::{SECOND, Time},
};

/// What a flow counts.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct FlowMetrics {
    /// Requests that arrived in the measured time, and what became of them.
    pub arrived: u64,
    pub completed: u64,
    pub failed: u64,
    /// Failures by outcome; few enough to search.
    pub failures: Vec<(Outcome, u64)>,
    /// Latencies of all, and of the present tick.
    pub latencies: Histogram,
    tick: Brief,
    /// Closed batches, for confidence intervals: latencies, and (failed, ended).
    pub batches: Vec<Coarse>,
    pub failures_by_batch: Vec<(f64, f64)>,
    /// Times from hand-over to the end of what was handed over.
    pub lag: Histogram,
    pub lag_batches: Vec<Coarse>,
    /// Latencies and lags up to the end of the last batch.
    marks: (Coarse, Coarse),
    pub series: Series,
    last: (u64, u64, u64),
    batch_start: (u64, u64),
    ticks: u32,
}

impl FlowMetrics {
    /// Counts a request answered well.
    #[inline]
    pub fn complete(&mut self, latency: Time) {
        self.completed += 1;
        let bucket = self.latencies.record(latency);
        self.tick.record(bucket);
    }

    /// Counts a failed request.
    pub fn fail(&mut self, outcome: Outcome) {
        self.failed += 1;
        match self.failures.iter_mut().find(|known| known.0 == outcome) {
            Some(known) => known.1 += 1,
            None => self.failures.push((outcome, 1)),
        }
    }

    /// Counts work that was handed over and has ended.
    pub fn caught_up(&mut self, lag: Time) {
        self.lag.record(lag);
    }

    /// Ends a tick of that length: a point of the series, and after `per_batch` of them a batch.
    pub fn tick(&mut self, at: f64, length: f64, per_batch: u32) {
        let [p50, p99] = self.tick.quantiles([0.5, 0.99], &self.latencies);
        let rate = |now: u64, before: u64| (now - before) as f64 / length;
        self.series.points.push(Point {
            at,
            arrivals: rate(self.arrived, self.last.0),
            completions: rate(self.completed, self.last.1),
            failures: rate(self.failed, self.last.2),
            p50: p50 / SECOND,
            p99: p99 / SECOND,
            ..Point::default()
        });
        self.last = (self.arrived, self.completed, self.failed);
        self.tick.clear(&self.latencies);
        self.ticks += 1;
        if self.ticks.is_multiple_of(per_batch) {
            let now = (self.latencies.coarse(), self.lag.coarse());
            self.batches.push(now.0.since(&self.marks.0));
            self.lag_batches.push(now.1.since(&self.marks.1));
            self.marks = now;
            let (failed, completed) = (self.failed - self.batch_start.0, self.completed - self.batch_start.1);
            self.failures_by_batch.push((failed as f64, (failed + completed) as f64));
            self.batch_start = (self.failed, self.completed);
        }
    }
}
