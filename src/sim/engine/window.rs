//! The measured stretch of a run: warm-up, ticks, end, drain; and the table of things due at set times.

use super::{APART, ENDED, Engine, Event, FREE, GHOST, MEASURED, MESSAGE, UNDO};
use crate::sim::{
    Options,
    metrics::{FlowMetrics, StationMetrics},
    network::NONE,
    own_figures::OwnFigures,
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
    /// An instance pauses by itself, or goes on.
    PauseBegins(u32),
    PauseEnds(u32),
    /// An autoscaler looks; new instances have started.
    Scale(u32),
    Started {
        station: u32,
        count: u32,
    },
    /// A replica takes over.
    Promote {
        station: u32,
        shard: u32,
        died: Time,
    },
    /// Clients of a dead instance come back.
    Reconnect {
        station: u32,
        left: u32,
    },
    /// A batch has waited long enough; a group has rebalanced; consumers record how far they are.
    Ripe {
        group: u32,
        partition: u32,
    },
    Rebalanced(u32),
    Checkpoint(u32),
    /// A producer's batch has waited long enough.
    Linger {
        instance: u32,
        batch: u32,
    },
    /// A write-back cache writes to its store.
    Flush(u32),
    /// Callers without a balancer learn that an instance has died or come back.
    Learn {
        station: u32,
        index: u32,
    },
    /// A balancer notices that an instance has died or come back.
    Notice {
        balancer: u32,
        index: u32,
    },
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

/// What a station had counted at some time.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Frozen {
    pub metrics: StationMetrics,
    /// Busy server time of each instance, nanoseconds.
    pub busy: Vec<u64>,
    /// Integral of the number of instances over time.
    pub capacity: u128,
    pub own: OwnFigures,
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
    pub frozen: Vec<Frozen>,
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

impl Window {
    /// Simulated seconds of a batch.
    pub fn batch_s(&self) -> f64 {
        self.tick as f64 * f64::from(self.per_batch) / SECOND
    }
}

impl Engine {
    /// Puts an entry into the alarm table.
    pub fn set_alarm(&mut self, at: Time, alarm: Alarm) {
        let place = if let Some(place) = self.free_alarms.pop() {
            self.alarms[place as usize] = alarm;
            place
        } else {
            self.alarms.push(alarm);
            self.alarms.len() as u32 - 1
        };
        self.events.push(at, Event::Alarm(place));
    }

    pub(super) fn set_alarms(&mut self) {
        let window = &self.window;
        let (begin, end, give_up) = (window.begin, window.end, window.give_up);
        self.set_alarm(begin, Alarm::Begin);
        self.set_alarm(end, Alarm::End);
        self.set_alarm(give_up, Alarm::GiveUp);
        for group in 0..self.net.groups.len() {
            let every = self.net.groups[group].checkpoint;
            if every > 0 {
                self.set_alarm(every, Alarm::Checkpoint(group as u32));
            }
        }
        for at in 0..self.net.scenario.len() {
            let due = begin + nanoseconds(self.net.scenario[at].at);
            self.set_alarm(due, Alarm::Fault(at as u32));
        }
    }

    pub(super) fn alarm(&mut self, at: u32) {
        let alarm = self.alarms[at as usize].clone();
        // Those that come again keep their place.
        let comes_again = matches!(
            alarm,
            Alarm::Tick
                | Alarm::PauseBegins(_)
                | Alarm::PauseEnds(_)
                | Alarm::Scale(_)
                | Alarm::Checkpoint(_)
                | Alarm::Flush(_)
        );
        if !comes_again {
            self.free_alarms.push(at);
        }
        match alarm {
            Alarm::Begin => self.begin(),
            Alarm::Tick => self.tick(at),
            Alarm::End => self.end_of_window(),
            Alarm::GiveUp => self.over(),
            Alarm::Fault(event) => self.fault_begins(event),
            Alarm::Restore(event) => self.fault_ends(event),
            Alarm::Ripe { group, partition } => self.ripe(group, partition),
            Alarm::Rebalanced(group) => self.rebalanced(group),
            Alarm::Checkpoint(group) => self.checkpoint(group, at),
            Alarm::Linger { instance, batch } => self.linger_over(instance, batch),
            Alarm::Flush(cache) => self.flush_dirty(cache, at),
            Alarm::PauseBegins(instance) => self.pause_begins(instance, at),
            Alarm::PauseEnds(instance) => self.pause_ends(instance, at),
            Alarm::Scale(station) => self.scale(station, at),
            Alarm::Started { station, count } => self.started(station, count),
            Alarm::Promote { station, shard, died } => self.promote(station, shard, died),
            Alarm::Reconnect { station, left } => self.reconnect(station, left),
            Alarm::Ramp(event, step) => self.ramp_step(event, step),
            Alarm::Deploy(event, station, step) => self.deploy_step(event, station, step),
            Alarm::Learn { station, index } => self.learn(station, index),
            Alarm::Notice { balancer, index } => self.notice(balancer, index),
        }
    }

    fn begin(&mut self) {
        let now = self.now;
        self.window.phase = Phase::Measuring;
        for station in &mut self.stations {
            station.metrics.restart(now);
            (station.capacity_area, station.last_capacity, station.capacity_since) = (0, 0, now);
        }
        for instance in &mut self.instances {
            instance.settle(now);
            instance.busy_total += instance.busy_area;
            instance.busy_area = 0;
        }
        self.restart_counts();
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
        station.settle_capacity(now);
        let range = station.first as usize..(station.first + self.net.stations[at].most) as usize;
        let mut busy: u128 = 0;
        for instance in &mut self.instances[range] {
            instance.settle(now);
            busy += u128::from(instance.busy_area);
        }
        let servers = self.net.stations[at].servers;
        let capacity = (station.capacity_area - station.last_capacity) as f64 * f64::from(servers);
        station.last_capacity = station.capacity_area;
        let metrics = &mut station.metrics;
        metrics.wait_changes(now, 0);
        let last = metrics.last;
        let nanoseconds = length * SECOND;
        metrics.series.points.push(Point {
            at: seconds,
            arrivals: (metrics.arrivals - last.arrivals) as f64 / length,
            completions: (metrics.served - last.served) as f64 / length,
            failures: (metrics.rejected + metrics.lost - last.failures) as f64 / length,
            utilisation: if servers == NONE { 0.0 } else { (busy - last.busy_area) as f64 / capacity.max(1.0) },
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
        self.count_unfinished(|engine, frame, age| {
            let station = engine.net.sites[engine.frames[frame].site as usize].station;
            if engine.frames[frame].is(MESSAGE) {
                engine.stations[station as usize].metrics.lag.record(age);
            }
        });
        self.window.frozen = (0..self.stations.len()).map(|at| self.counts_of(at)).collect();
        if self.outstanding() == 0 {
            self.over();
        }
    }

    /// The run has ended: what was handed over in the measured time and is not done with counts with the time that it has taken so far.
    pub(super) fn over(&mut self) {
        if self.window.phase == Phase::Over {
            return;
        }
        self.window.phase = Phase::Over;
        self.count_unfinished(|engine, frame, age| {
            let state = &engine.frames[frame];
            if state.is(MEASURED) {
                engine.flows[state.flow as usize].metrics.caught_up(age);
            }
        });
    }

    /// Counts what was handed over and is still under way with its age: of those that are done with alone, the slowest would be left out.
    fn count_unfinished(&mut self, count: impl Fn(&mut Self, u32, Time)) {
        for frame in 0..self.frames.len() {
            let state = &self.frames[frame];
            if state.is(MESSAGE | APART) && !state.is(FREE | GHOST | ENDED | UNDO) {
                count(self, frame, self.now - state.born);
            }
        }
    }

    /// What a station has counted up to now, and its instances' busy time.
    pub fn counts_of(&self, at: usize) -> Frozen {
        let mut metrics = self.stations[at].metrics.clone();
        metrics.wait_changes(self.now, 0);
        let first = self.stations[at].first as usize;
        let most = self.net.stations[at].most as usize;
        let busy = self.instances[first..first + most].iter().map(|instance| {
            let mut instance = instance.clone();
            instance.settle(self.now);
            instance.busy_area
        });
        let mut station_capacity = self.stations[at].capacity_area;
        let since = self.stations[at].capacity_since;
        station_capacity += u128::from(self.stations[at].active) * u128::from(self.now - since);
        let busy: Vec<u64> = busy.collect();
        let own = OwnFigures::of(self, at, &metrics, &busy);
        Frozen { metrics, busy, capacity: station_capacity, own }
    }
}
