//! The measured stretch of a run: warm-up, ticks, end, drain; and the table of things due at set times.

use super::{Engine, Event};
use crate::sim::{
    Options,
    metrics::{FlowMetrics, StationMetrics},
    report::Point,
    sampler::{SECOND, Time, nanoseconds},
};

/// Points of a series in a run of usual length, and at most.
const LEAST_TICKS: f64 = 32.0;
const MOST_TICKS: f64 = 1000.0;
/// Batches for confidence intervals.
const BATCHES: u32 = 32;
/// After the measured time a run goes on until the measured requests have ended, but not longer than this share of it more.
const DRAIN: f64 = 1.0;

/// Something due at a set time.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::sim) enum Alarm {
    /// The warm-up is over.
    Begin,
    /// A point of the series.
    Tick,
    /// The measured time is over.
    End,
    /// Waiting for the last measured requests is over.
    GiveUp,
    /// A scenario event begins.
    Fault(u32),
    /// A fault ends.
    Restore(u32),
    /// A ramp goes on.
    Ramp(u32, u32),
    /// A deployment goes on.
    Deploy(u32, u32, u32),
    /// A balancer notices that an instance has died or come back.
    Notice { balancer: u32, index: u32 },
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Phase {
    /// Nothing counts yet.
    WarmUp,
    /// Requests that arrive now count.
    Measuring,
    /// Only the measured requests still in flight are waited for.
    Draining,
    /// All is measured.
    Over,
}

/// The state of the measurement.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Window {
    pub begin: Time,
    pub end: Time,
    give_up: Time,
    tick: Time,
    pub per_batch: u32,
    pub phase: Phase,
    pub limit_reached: bool,
    /// What the stations had counted at the end of the measured time.
    pub frozen: Vec<(StationMetrics, Vec<u64>)>,
}

impl Window {
    pub fn new(options: &Options) -> Self {
        let (warmup, length) = (nanoseconds(options.warmup_s), nanoseconds(options.simulated_s).max(1));
        let seconds = options.simulated_s;
        let ticks = seconds.clamp(LEAST_TICKS, MOST_TICKS);
        let tick = ((length as f64 / ticks) as Time).max(1);
        let count = (length / tick).max(1) as u32;
        Self {
            begin: warmup,
            end: warmup + length,
            give_up: warmup + length + (length as f64 * DRAIN) as Time,
            tick,
            per_batch: count.div_ceil(BATCHES),
            phase: Phase::WarmUp,
            limit_reached: false,
            frozen: Vec::new(),
        }
    }
}

impl Engine {
    /// Puts an entry into the alarm table.
    pub fn set_alarm(&mut self, at: Time, alarm: Alarm) {
        self.alarms.push(alarm);
        self.events.push(at, Event::Alarm(self.alarms.len() as u32 - 1));
    }

    pub(super) fn set_alarms(&mut self) {
        let window = &self.window;
        let (begin, end, give_up) = (window.begin, window.end, window.give_up);
        self.set_alarm(begin, Alarm::Begin);
        self.set_alarm(end, Alarm::End);
        self.set_alarm(give_up, Alarm::GiveUp);
        for at in 0..self.net.scenario.len() {
            let due = begin + nanoseconds(self.net.scenario[at].at);
            self.set_alarm(due, Alarm::Fault(at as u32));
        }
    }

    pub(super) fn alarm(&mut self, at: u32) {
        match self.alarms[at as usize].clone() {
            Alarm::Begin => self.begin(),
            Alarm::Tick => self.tick(at),
            Alarm::End => self.end_of_window(),
            Alarm::GiveUp => self.window.phase = Phase::Over,
            Alarm::Fault(event) => self.fault_begins(event),
            Alarm::Restore(event) => self.fault_ends(event),
            Alarm::Ramp(event, step) => self.ramp_step(event, step),
            Alarm::Deploy(event, station, step) => self.deploy_step(event, station, step),
            Alarm::Notice { balancer, index } => self.notice(balancer, index),
        }
    }

    fn begin(&mut self) {
        let now = self.now;
        self.window.phase = Phase::Measuring;
        for station in &mut self.stations {
            station.metrics.restart(now);
        }
        for instance in &mut self.instances {
            instance.settle(now);
            instance.busy_area = 0;
        }
        for cache in &mut self.caches {
            cache.forget_counts();
        }
        for flow in &mut self.flows {
            flow.metrics = FlowMetrics::default();
        }
        self.set_alarm(now + self.window.tick, Alarm::Tick);
    }

    fn tick(&mut self, alarm: u32) {
        if self.window.phase != Phase::Measuring {
            return;
        }
        self.points();
        self.events.push(self.now + self.window.tick, Event::Alarm(alarm));
    }

    /// A point of every series.
    fn points(&mut self) {
        let (now, tick, per_batch) = (self.now, self.window.tick, self.window.per_batch);
        let (at, length) = ((now - self.window.begin) as f64 / SECOND, tick as f64 / SECOND);
        for flow in &mut self.flows {
            flow.metrics.tick(at, length, per_batch);
        }
        for station in 0..self.stations.len() {
            self.station_point(station, at, length);
        }
    }

    fn station_point(&mut self, at: usize, seconds: f64, length: f64) {
        let now = self.now;
        let station = &mut self.stations[at];
        let range = station.first as usize..(station.first + station.active) as usize;
        let mut busy: u128 = 0;
        let mut servers: u64 = 0;
        for instance in &mut self.instances[range] {
            instance.settle(now);
            busy += u128::from(instance.busy_area);
            servers += u64::from(instance.servers);
        }
        let metrics = &mut station.metrics;
        metrics.wait_changes(now, 0);
        let last = metrics.last;
        let nanoseconds = length * SECOND;
        metrics.series.points.push(Point {
            at: seconds,
            arrivals: (metrics.arrivals - last.arrivals) as f64 / length,
            completions: (metrics.served - last.served) as f64 / length,
            failures: (metrics.rejected + metrics.lost - last.failures) as f64 / length,
            utilisation: (busy - last.busy_area) as f64 / (servers.max(1) as f64 * nanoseconds),
            queue: (metrics.waiting_area - last.waiting_area) as f64 / nanoseconds,
            ..Point::default()
        });
        metrics.last.arrivals = metrics.arrivals;
        metrics.last.served = metrics.served;
        metrics.last.failures = metrics.rejected + metrics.lost;
        metrics.last.waiting_area = metrics.waiting_area;
        metrics.last.busy_area = busy;
    }

    /// Measured requests that have not ended.
    pub fn outstanding(&self) -> u64 {
        self.flows
            .iter()
            .map(|flow| &flow.metrics)
            .map(|counts| counts.arrived - counts.completed - counts.failed)
            .sum()
    }

    fn end_of_window(&mut self) {
        self.window.phase = Phase::Draining;
        self.window.frozen = (0..self.stations.len()).map(|at| self.counts_of(at)).collect();
        if self.outstanding() == 0 {
            self.window.phase = Phase::Over;
        }
    }

    /// What a station has counted up to now, and its instances' busy time.
    pub fn counts_of(&self, at: usize) -> (StationMetrics, Vec<u64>) {
        let mut metrics = self.stations[at].metrics.clone();
        metrics.wait_changes(self.now, 0);
        let busy = self.instances_of(at as u32).iter().map(|instance| {
            let mut instance = instance.clone();
            instance.settle(self.now);
            instance.busy_area
        });
        (metrics, busy.collect())
    }
}
