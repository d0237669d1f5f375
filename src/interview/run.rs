//! What an interview keeps of a run of the design: the figures a person would quote, without series and traces.

use crate::clock::Elapsed;
use crate::design::{Metric, parse_target};
use crate::sim::{ErrorClass, Report, Verdict};
use crate::units::{format_duration, format_money, format_number, format_percent, format_rate};

/// Why the design was run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Trigger {
    /// The candidate asked for it.
    #[default]
    Asked,
    /// The design was edited. Of successive ones only the last is kept.
    Edited,
    /// A probe's fault was run against it.
    Probe,
}

impl Trigger {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Edited, Self::Probe];

    /// The word in files and exports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Edited => "edited",
            Self::Probe => "probe",
        }
    }

    /// The trigger with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trigger| trigger.name() == name)
    }
}

/// One run of the design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// Number in the interview, from 0; given by the session.
    pub number: u32,
    /// Session time; given by the session.
    pub at: Elapsed,
    /// Why it was made.
    pub trigger: Trigger,
    /// The fault that was injected, as written; `None` for the design's own scenario alone.
    pub fault: Option<String>,
    /// The design's text as it was run.
    pub design: String,
    /// Seed of the random streams.
    pub seed: u64,
    /// Simulated seconds that were measured.
    pub simulated_s: f64,
    /// One request stands for this many.
    pub scale: f64,
    /// By flow, in the design's order.
    pub flows: Vec<FlowRun>,
    /// By component, in the design's order.
    pub components: Vec<ComponentRun>,
    /// The component that limits the design, by its name in it; `None` also in runs that were kept before it was.
    pub limit: Option<String>,
    /// What limits the design and why, in one sentence.
    pub bottleneck: Option<String>,
    /// What a reader should know.
    pub notes: Vec<String>,
}

/// One flow's figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FlowRun {
    /// The flow's name.
    pub name: String,
    /// Requests that arrived, a second.
    pub offered_per_s: f64,
    /// Requests answered well, a second.
    pub completed_per_s: f64,
    /// Failed over ended, 0 to 1.
    pub error_ratio: f64,
    /// Requests that timed out, were rejected, failed.
    pub errors: [u64; 3],
    /// Mean latency, seconds; like all latencies zero when nothing was measured.
    pub mean: f64,
    /// Median latency, seconds.
    pub p50: f64,
    /// 90th percentile of latency, seconds.
    pub p90: f64,
    /// 99th percentile of latency, seconds.
    pub p99: f64,
    /// 99.9th percentile of latency, seconds.
    pub p999: f64,
    /// Greatest latency, seconds.
    pub max: f64,
    /// 99th percentile of the lag of asynchronous work, seconds.
    pub lag_p99: Option<f64>,
    /// Targets in the design's order.
    pub targets: Vec<TargetRun>,
}

/// A target and the figure held against it.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetRun {
    /// As written: `p99 < 100ms`.
    pub text: String,
    /// The figure in the target's base unit.
    pub observed: f64,
    /// Whether it is on the good side.
    pub met: bool,
    /// How sure that is.
    pub verdict: Verdict,
}

impl TargetRun {
    /// The verdict's word in files: `met`, `missed`, `too-close`.
    pub const fn verdict_name(&self) -> &'static str {
        match self.verdict {
            Verdict::Met => "met",
            Verdict::Missed => "missed",
            Verdict::TooClose => "too-close",
        }
    }

    /// The verdict with that word.
    pub fn verdict_from_name(name: &str) -> Option<Verdict> {
        match name {
            "met" => Some(Verdict::Met),
            "missed" => Some(Verdict::Missed),
            "too-close" => Some(Verdict::TooClose),
            _ => None,
        }
    }

    /// The measured figure in the words of the target's unit: `72ms`, `0.02%`, `116k/s`.
    pub fn figure(&self) -> String {
        match parse_target(&self.text) {
            Ok(target) => figure(&target.metric, self.observed),
            Err(_) => format_number(self.observed),
        }
    }
}

/// A figure of `metric`, in base units, as a person would say it.
fn figure(metric: &Metric, value: f64) -> String {
    match metric {
        Metric::LatencyPercentile(_) | Metric::LatencyMean | Metric::LatencyMax | Metric::LagPercentile(_) => {
            format_duration(value)
        }
        Metric::ErrorRatio | Metric::Availability | Metric::Utilisation(_) | Metric::HitRatio(_) => {
            format_percent(value)
        }
        Metric::Throughput => format_rate(value),
        Metric::Cost => format!("{}/month", format_money(value)),
    }
}

/// One component's figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ComponentRun {
    /// Name in the design.
    pub name: String,
    /// Kind, by its name.
    pub kind: String,
    /// Id of its technology card.
    pub technology: Option<String>,
    /// Instances at the end.
    pub instances: u32,
    /// Requests that reached it, a second.
    pub arrivals_per_s: f64,
    /// Busy share of its busiest resource, 0 to 1.
    pub utilisation: f64,
    /// Mean number waiting.
    pub queue_mean: f64,
    /// Greatest number waiting.
    pub queue_max: u64,
    /// Mean wait before service, seconds.
    pub wait_mean: f64,
    /// Hits over look-ups.
    pub hit_ratio: Option<f64>,
    /// Dollars a month, all instances.
    pub cost_per_month: Option<f64>,
    /// Whether its queue grew without end.
    pub unstable: bool,
}

impl Run {
    /// The figures of `report`, which is of a run of `design`.
    pub fn of(report: &Report, design: &str, trigger: Trigger) -> Self {
        Self {
            number: 0,
            at: Elapsed(0),
            trigger,
            fault: None,
            design: design.to_owned(),
            seed: report.seed,
            simulated_s: report.simulated_s,
            scale: report.scale,
            flows: report.flows.iter().map(flow).collect(),
            components: report.components.iter().map(component).collect(),
            limit: limit(report),
            bottleneck: report.bottleneck.as_ref().map(|(_, why)| why.clone()),
            notes: report.notes.clone(),
        }
    }

    /// The same run, made with this fault injected.
    #[must_use]
    pub fn with_fault(mut self, fault: impl Into<String>) -> Self {
        self.fault = Some(fault.into());
        self.trigger = Trigger::Probe;
        self
    }

    /// All targets with the names of their flows.
    pub fn targets(&self) -> impl Iterator<Item = (&str, &TargetRun)> {
        self.flows.iter().flat_map(|flow| flow.targets.iter().map(|target| (flow.name.as_str(), target)))
    }

    /// Whether there are targets and all of them were met.
    pub fn targets_met(&self) -> bool {
        self.targets().next().is_some() && self.targets().all(|(_, target)| target.met)
    }
}

/// The component that limits the design; components are reported in the design's order.
fn limit(report: &Report) -> Option<String> {
    let (component, _) = report.bottleneck.as_ref()?;
    report.components.get(component.0 as usize).map(|component| component.name.clone())
}

fn flow(report: &crate::sim::FlowReport) -> FlowRun {
    let count = |class| report.errors.iter().filter(|error| error.class == class).map(|error| error.count).sum();
    let latency = &report.latency;
    FlowRun {
        name: report.name.clone(),
        offered_per_s: report.offered_per_s,
        completed_per_s: report.completed_per_s,
        error_ratio: report.error_ratio,
        errors: [count(ErrorClass::Timeout), count(ErrorClass::Rejected), count(ErrorClass::Failed)],
        mean: latency.mean,
        p50: latency.p50,
        p90: latency.p90,
        p99: latency.p99,
        p999: latency.p999,
        max: latency.max,
        lag_p99: report.lag.as_ref().map(|lag| lag.p99),
        targets: report
            .targets
            .iter()
            .map(|target| TargetRun {
                text: target.text.clone(),
                observed: target.observed,
                met: target.met,
                verdict: target.verdict,
            })
            .collect(),
    }
}

fn component(report: &crate::sim::ComponentReport) -> ComponentRun {
    ComponentRun {
        name: report.name.clone(),
        kind: report.kind.name().to_owned(),
        technology: report.technology.clone(),
        instances: report.instances,
        arrivals_per_s: report.arrivals_per_s,
        utilisation: report.utilisation,
        queue_mean: report.queue_mean,
        queue_max: report.queue_max,
        wait_mean: report.wait_mean,
        hit_ratio: report.hit_ratio,
        cost_per_month: report.cost_per_month,
        unstable: report.unstable,
    }
}
