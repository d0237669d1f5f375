//! From the engine's counts to a report.

use super::{
    Options, bottleneck,
    engine::{Engine, Frozen, Outcome, Phase, Reason, Traced},
    metrics::{Histogram, StationMetrics},
    network::{FlowPlan, NONE, Resource, StationPlan},
    own_figures::OwnFigures,
    report::{ComponentReport, ErrorClass, ErrorCount, FlowReport, LatencyReport, Report, Series, SpanRecord, Trace},
    sampler::SECOND,
    targets,
};
use crate::design::{ComponentId, FlowId, Kind};

/// A station's counts with what was worked out from them.
pub(super) struct Counted<'a> {
    pub plan: &'a StationPlan,
    pub metrics: StationMetrics,
    /// Busy server time of each instance, nanoseconds.
    pub busy: Vec<u64>,
    /// Integral of the number of instances over time, nanoseconds.
    pub capacity: f64,
    pub own: OwnFigures,
    pub seconds: f64,
}

/// What was measured so far.
pub(super) fn report(engine: &Engine, options: &Options) -> Report {
    let window = &engine.window;
    let until = engine.now.clamp(window.begin, window.end);
    let seconds = (until - window.begin) as f64 / SECOND;
    if engine.window.frozen.is_empty() {
        for (station, plan) in engine.stations.iter().zip(&engine.net.stations) {
            station.metrics.check(&plan.name);
        }
    }
    let counted: Vec<Counted> = (0..engine.stations.len()).map(|at| counted(engine, at, seconds)).collect();
    let components: Vec<ComponentReport> = counted.iter().map(|station| component(engine, station)).collect();
    let mut report = Report {
        seed: options.seed,
        simulated_s: seconds,
        planned_s: options.simulated_s,
        warmup_s: options.warmup_s,
        scale: engine.net.scale.max(1.0),
        events: engine.handled,
        flows: (0..engine.flows.len()).map(|at| flow(engine, at, seconds)).collect(),
        components,
        bottleneck: None,
        notes: engine.net.notes.clone(),
        finished: window.phase == Phase::Over,
    };
    for at in 0..report.flows.len() {
        report.flows[at].targets = targets::all(engine, at, &report);
    }
    report.bottleneck = bottleneck::find(&counted, &report);
    bottleneck::notes(engine, &counted, &mut report);
    report
}

fn counted(engine: &Engine, at: usize, seconds: f64) -> Counted<'_> {
    let frozen = engine.window.frozen.get(at).cloned();
    let Frozen { metrics, busy, capacity, own } = frozen.unwrap_or_else(|| engine.counts_of(at));
    let plan = &engine.net.stations[at];
    let metrics = if engine.thinned && plan.kind == Kind::Client {
        asked_by(engine, at, metrics)
    } else {
        metrics.times(plan.stands_for)
    };
    Counted { plan, metrics, busy, capacity: capacity as f64, own, seconds }
}

/// What a client of a miniature would have asked: its flows need not be of one scale.
fn asked_by(engine: &Engine, at: usize, mut metrics: StationMetrics) -> StationMetrics {
    let own = |flow: &&FlowPlan| engine.net.sites[flow.root as usize].station as usize == at;
    let asked = engine.net.flows.iter().zip(&engine.flows).filter(|(flow, _)| own(flow));
    metrics.arrivals = 0;
    for point in &mut metrics.series.points {
        (point.arrivals, point.completions) = (0.0, 0.0);
    }
    for (flow, state) in asked {
        metrics.arrivals += (state.metrics.arrived as f64 * flow.stands_for).round() as u64;
        for (point, of_flow) in metrics.series.points.iter_mut().zip(&state.metrics.series.points) {
            point.arrivals += of_flow.arrivals * flow.stands_for;
            point.completions = point.arrivals;
        }
    }
    metrics.served = metrics.arrivals;
    metrics
}

impl Counted<'_> {
    /// A count as a rate.
    pub fn per_second(&self, count: u64) -> f64 {
        if self.seconds > 0.0 { count as f64 / self.seconds } else { 0.0 }
    }

    /// Busy share of the busiest resource.
    pub fn utilisation(&self) -> f64 {
        let whole = f64::from(self.plan.servers) * self.seconds * SECOND;
        if self.plan.servers == NONE || whole <= 0.0 {
            return 0.0;
        }
        let shares = self.busy.iter().map(|&busy| busy as f64 / whole);
        match self.plan.resource {
            Resource::Pool => {
                let busy: u64 = self.busy.iter().sum();
                (busy as f64 / (f64::from(self.plan.servers) * self.capacity).max(1.0)).min(1.0)
            }
            Resource::Each => shares.fold(0.0, f64::max).min(1.0),
        }
    }

    /// Mean number waiting.
    pub fn queue_mean(&self) -> f64 {
        if self.seconds > 0.0 { self.metrics.waiting_area as f64 / (self.seconds * SECOND) } else { 0.0 }
    }
}

/// Requests that were served: of those spread over several instances, as many as all their parts make up.
fn served(metrics: &StationMetrics) -> u64 {
    let whole = metrics.served.saturating_sub(metrics.again);
    if metrics.legs == 0 {
        return whole;
    }
    let parts = (metrics.legs as f64 / metrics.spread.max(1) as f64).max(1.0);
    (whole.saturating_sub(metrics.legs) as f64 + metrics.legs.min(whole) as f64 / parts) as u64
}

fn component(engine: &Engine, station: &Counted) -> ComponentReport {
    let Counted { plan, metrics, .. } = station;
    let lag = (metrics.lag.count() > 0).then(|| metrics.lag.quantile(0.99) / SECOND);
    ComponentReport {
        name: plan.name.clone(),
        kind: plan.kind,
        technology: plan.technology.clone(),
        instances: if plan.cut { plan.full } else { engine.stations[plan.component.0 as usize].active },
        arrivals_per_s: station.per_second(metrics.arrivals - metrics.legs - metrics.again + metrics.spread),
        served_per_s: station.per_second(served(metrics)),
        utilisation: station.utilisation(),
        queue_mean: station.queue_mean(),
        queue_max: metrics.waiting_most,
        wait_mean: metrics.wait.mean() / SECOND,
        hit_ratio: station.own.hit_ratio,
        lag_p99: lag,
        rejected: metrics.rejected,
        cost_per_month: plan.cost,
        unstable: bottleneck::is_unstable(station),
        series: metrics.series.clone(),
        hottest: station.own.hottest.clone(),
        extra: station.own.extra.clone(),
    }
}

fn flow(engine: &Engine, at: usize, seconds: f64) -> FlowReport {
    let plan: &FlowPlan = &engine.net.flows[at];
    let counts = &engine.flows[at].metrics;
    let ended = counts.completed + counts.failed;
    let whole = plan.stands_for;
    let per_second = |count: u64| if seconds > 0.0 { count as f64 * whole / seconds } else { 0.0 };
    let mut errors: Vec<ErrorCount> = counts
        .failures
        .iter()
        .map(|&(outcome, count)| error(engine, outcome, (count as f64 * whole).round() as u64))
        .collect();
    errors.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.reason.cmp(&b.reason)));
    FlowReport {
        name: plan.name.clone(),
        offered_per_s: per_second(counts.arrived),
        completed_per_s: per_second(counts.completed),
        error_ratio: if ended > 0 { counts.failed as f64 / ended as f64 } else { 0.0 },
        errors,
        latency: latency(&counts.latencies),
        lag: plan.hands_over.then(|| latency(&counts.lag)),
        targets: Vec::new(),
        series: series(&counts.series, whole),
        traces: traces(engine, at),
    }
}

/// Figures over time of so many times as many requests.
fn series(measured: &Series, scale: f64) -> Series {
    let mut series = measured.clone();
    for point in &mut series.points {
        (point.arrivals, point.completions) = (point.arrivals * scale, point.completions * scale);
        point.failures *= scale;
    }
    series
}

/// A request near the median, the slowest one, and one that failed for the most frequent reason of which there is one.
fn traces(engine: &Engine, flow: usize) -> Vec<Trace> {
    let kept = &engine.flows[flow].traces;
    let mut by_latency: Vec<&Traced> = kept.sample.iter().collect();
    by_latency.sort_by_key(|trace| trace.latency);
    let median = by_latency.get(by_latency.len() / 2).copied();
    let slowest = kept.slowest.iter().max_by_key(|trace| trace.latency);
    let count = |traced: &Traced| {
        let failures = &engine.flows[flow].metrics.failures;
        failures.iter().find(|(outcome, _)| *outcome == traced.outcome).map_or(0, |&(_, count)| count)
    };
    // The first of the greatest: a reason's first trace.
    let failed = kept.failed.iter().rev().max_by_key(|traced| count(traced));
    median.into_iter().chain(slowest).chain(failed).map(|traced| trace(engine, flow, traced)).collect()
}

fn trace(engine: &Engine, flow: usize, traced: &Traced) -> Trace {
    let since = |time: u64| time.saturating_sub(traced.born) as f64 / SECOND;
    let spans = traced.spans.iter().map(|span| SpanRecord {
        component: ComponentId(span.station),
        parent: (span.parent != NONE).then_some(span.parent),
        start: since(span.start),
        service: since(span.service),
        end: since(span.end),
        failure: (!span.outcome.is_well()).then(|| describe(engine, span.outcome).1),
    });
    Trace {
        flow: FlowId(flow as u32),
        latency: traced.latency as f64 / SECOND,
        failure: (!traced.outcome.is_well()).then(|| describe(engine, traced.outcome).1),
        spans: spans.collect(),
    }
}

/// The percentiles of a histogram.
pub(super) fn latency(histogram: &Histogram) -> LatencyReport {
    let quantile = |share| histogram.quantile(share) / SECOND;
    LatencyReport {
        count: histogram.count(),
        mean: histogram.mean() / SECOND,
        p50: quantile(0.5),
        p90: quantile(0.9),
        p95: quantile(0.95),
        p99: quantile(0.99),
        p999: quantile(0.999),
        max: histogram.max() as f64 / SECOND,
    }
}

fn error(engine: &Engine, outcome: Outcome, count: u64) -> ErrorCount {
    let (class, reason) = describe(engine, outcome);
    ErrorCount { class, reason, count }
}

/// A failure in words.
pub(super) fn describe(engine: &Engine, outcome: Outcome) -> (ErrorClass, String) {
    let Some((reason, station)) = outcome.failure() else { return (ErrorClass::Failed, "failed".to_string()) };
    let name = engine.net.stations.get(station as usize).map_or("?", |plan| plan.name.as_str());
    match reason {
        Reason::TimedOut => (ErrorClass::Timeout, format!("timed out waiting for {name}")),
        Reason::QueueFull => (ErrorClass::Rejected, format!("queue of {name} full")),
        Reason::Down => (ErrorClass::Failed, format!("{name} down")),
        Reason::Killed => (ErrorClass::Failed, format!("died with an instance of {name}")),
        Reason::Failed => (ErrorClass::Failed, format!("error in {name}")),
        Reason::NoInstance => (ErrorClass::Rejected, format!("no instance of {name} in service")),
        Reason::Unreachable => (ErrorClass::Failed, format!("{name} unreachable")),
        Reason::Full => (ErrorClass::Rejected, format!("{name} has no room for writes")),
        Reason::BreakerOpen => (ErrorClass::Rejected, format!("breaker to {name} open")),
        Reason::BulkheadFull => (ErrorClass::Rejected, format!("bulkhead to {name} full")),
        Reason::NoConnection => (ErrorClass::Timeout, format!("no free connection to {name}")),
        Reason::Throttled => (ErrorClass::Rejected, format!("{name} throttled")),
        Reason::Shed => (ErrorClass::Rejected, format!("{name} shed load")),
        Reason::NoQuorum => (ErrorClass::Failed, format!("no quorum in {name}")),
        Reason::NoPrimary => (ErrorClass::Failed, format!("{name} has no primary")),
        Reason::Conflict => (ErrorClass::Failed, format!("write conflict in {name}")),
        Reason::NoRoom => (ErrorClass::Rejected, format!("{name} takes no more connections")),
        Reason::LockLost => (ErrorClass::Failed, format!("lock of {name} lost")),
        Reason::Limit => (ErrorClass::Rejected, "the simulator's limit of requests in flight".to_string()),
    }
}
