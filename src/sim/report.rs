//! What a run measured, as plain values. A report of a run that has not ended is a snapshot of it.

use crate::design::{ComponentId, FlowId, Kind};

/// Everything a run measured up to `simulated_s`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Seed of the random streams.
    pub seed: u64,
    /// Simulated seconds measured so far, after the warm-up.
    pub simulated_s: f64,
    /// Simulated seconds that the run is to measure.
    pub planned_s: f64,
    /// Simulated seconds cut off at the start.
    pub warmup_s: f64,
    /// One request stands for this many; 1 when simulated exactly.
    pub scale: f64,
    /// Events handled.
    pub events: u64,
    /// By flow, in the design's order.
    pub flows: Vec<FlowReport>,
    /// By component, in the design's order.
    pub components: Vec<ComponentReport>,
    /// The component that limits the design, and why, in one sentence.
    pub bottleneck: Option<(ComponentId, String)>,
    /// What a reader should know: assumptions, limits reached, instability.
    pub notes: Vec<String>,
    /// Whether the run has ended.
    pub finished: bool,
}

impl Report {
    /// Whether every target of every flow was met; a target too close to call counts by its measured figure.
    pub fn targets_met(&self) -> bool {
        self.flows.iter().flat_map(|flow| &flow.targets).all(|target| target.met)
    }
}

/// One flow's figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowReport {
    /// The flow's name.
    pub name: String,
    /// Requests that arrived, a second.
    pub offered_per_s: f64,
    /// Requests answered well, a second.
    pub completed_per_s: f64,
    /// Failed over ended, 0 to 1.
    pub error_ratio: f64,
    /// Failed requests by reason, the most frequent first.
    pub errors: Vec<ErrorCount>,
    /// Latency of the requests answered well.
    pub latency: LatencyReport,
    /// Time from hand-over to the end of asynchronous work; `None` where the flow hands nothing over.
    pub lag: Option<LatencyReport>,
    /// The flow's targets, in the design's order.
    pub targets: Vec<TargetReport>,
    /// Figures over time, for charts.
    pub series: Series,
    /// Sampled requests: of those answered well a median and the slowest, then one that failed for the most frequent reason; those that
    /// there are, in that order.
    pub traces: Vec<Trace>,
}

/// Requests that failed for one reason.
#[derive(Clone, Debug, PartialEq)]
pub struct ErrorCount {
    /// Which column of the summary it counts in.
    pub class: ErrorClass,
    /// The reason in words, with the component: `queue of db full`.
    pub reason: String,
    /// How many.
    pub count: u64,
}

/// The three sorts of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorClass {
    /// The caller stopped waiting.
    Timeout,
    /// A limit turned it away: a full queue, a rate limit, an open breaker.
    Rejected,
    /// It was taken in and then failed: a dead instance, an injected error.
    Failed,
}

/// Percentiles of a length of time, seconds; all zero when nothing was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LatencyReport {
    /// How many were measured.
    pub count: u64,
    /// Mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// 99.9th percentile.
    pub p999: f64,
    /// Greatest.
    pub max: f64,
}

/// A target and the figure held against it.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetReport {
    /// As written: `p99 < 100ms`.
    pub text: String,
    /// The measured figure in the target's base unit.
    pub observed: f64,
    /// 95% confidence interval of the figure, where one can be given.
    pub interval: Option<(f64, f64)>,
    /// Whether the figure is on the good side.
    pub met: bool,
    /// Met, missed, or within the noise.
    pub verdict: Verdict,
}

/// How sure a target's outcome is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The whole confidence interval is on the good side.
    Met,
    /// The whole confidence interval is on the bad side.
    Missed,
    /// The bound lies within the confidence interval: a longer run would tell.
    TooClose,
}

/// One component's figures.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentReport {
    /// Name in the design.
    pub name: String,
    /// How it behaves.
    pub kind: Kind,
    /// Its technology card.
    pub technology: Option<String>,
    /// Instances at the end of the run.
    pub instances: u32,
    /// Requests that reached it, a second.
    pub arrivals_per_s: f64,
    /// Requests it finished, a second.
    pub served_per_s: f64,
    /// Busy share of its busiest resource, 0 to 1.
    pub utilisation: f64,
    /// Mean number waiting.
    pub queue_mean: f64,
    /// Greatest number waiting.
    pub queue_max: u64,
    /// Mean wait before service, seconds.
    pub wait_mean: f64,
    /// Hits over look-ups; `None` for what is no cache.
    pub hit_ratio: Option<f64>,
    /// 99th percentile of lag, seconds; `None` for what has none.
    pub lag_p99: Option<f64>,
    /// Requests it turned away.
    pub rejected: u64,
    /// Dollars a month, all instances; `None` where the card has no price.
    pub cost_per_month: Option<f64>,
    /// Whether its queue grew without end.
    pub unstable: bool,
    /// Figures over time, for charts.
    pub series: Series,
    /// The busiest of the parts that each have their own share of the load: partitions, shards, nodes; `None` where there is one part, or
    /// all share one load.
    pub hottest: Option<HotPart>,
    /// Figures of its kind's own, each with its name: `stale reads`, `replica lag`, ...
    pub extra: Vec<(String, f64)>,
}

/// The part of a component that has most of its load.
#[derive(Clone, Debug, PartialEq)]
pub struct HotPart {
    /// What it is called: `partition 7`, or the instance as faults name it, `cache/2`.
    pub name: String,
    /// How many parts there are.
    pub of: u32,
    /// Its share of the load, 0 to 1: of the requests of a partition, of the busy time of an instance.
    pub share: f64,
    /// Requests that it turned away, of a partition with a limit.
    pub turned_away: u64,
}

impl HotPart {
    /// Times as much as it would have if all had the same.
    pub fn skew(&self) -> f64 {
        self.share * f64::from(self.of)
    }
}

/// Figures over time; one point for each whole simulated second or so.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Series {
    /// Points in the order of time.
    pub points: Vec<Point>,
}

/// Figures of one interval of simulated time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// End of the interval, seconds after the warm-up.
    pub at: f64,
    /// Arrivals a second.
    pub arrivals: f64,
    /// Completions a second.
    pub completions: f64,
    /// Failures a second.
    pub failures: f64,
    /// For a flow: median latency, seconds.
    pub p50: f64,
    /// For a flow: 99th percentile of latency, seconds.
    pub p99: f64,
    /// For a component: utilisation, 0 to 1.
    pub utilisation: f64,
    /// For a component: mean number waiting.
    pub queue: f64,
}

/// One whole request.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// Its flow.
    pub flow: FlowId,
    /// Latency, seconds: until the answer, or until it failed.
    pub latency: f64,
    /// Why it failed, if it did.
    pub failure: Option<String>,
    /// What it went through, parents before children.
    pub spans: Vec<SpanRecord>,
}

impl FlowReport {
    /// The traces of requests that were answered well: a median and the slowest one.
    pub fn answered(&self) -> Option<(&Trace, &Trace)> {
        let mut well = self.traces.iter().filter(|trace| trace.failure.is_none());
        let median = well.next()?;
        Some((median, well.next().unwrap_or(median)))
    }

    /// The trace of a failed request, if one was sampled.
    pub fn failed(&self) -> Option<&Trace> {
        self.traces.iter().find(|trace| trace.failure.is_some())
    }
}

/// A request's stay at one component.
#[derive(Clone, Debug, PartialEq)]
pub struct SpanRecord {
    /// Where.
    pub component: ComponentId,
    /// Index of the caller's span in the trace; `None` for the first.
    pub parent: Option<u32>,
    /// Arrival, seconds after the request's start.
    pub start: f64,
    /// Start of service, seconds after the request's start.
    pub service: f64,
    /// Answer, seconds after the request's start.
    pub end: f64,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}
