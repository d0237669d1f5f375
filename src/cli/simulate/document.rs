//! The JSON document of a run; its field names are part of the program's interface and documented in the guide.

use serde::Serialize;

use super::explained_json::Explained;
use crate::sim::{ComponentReport, ErrorClass, FlowReport, Report, Verdict};

/// The JSON document; field names are part of the program's interface.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    design: &'a str,
    seed: u64,
    simulated_s: f64,
    warmup_s: f64,
    scale: f64,
    events: u64,
    wall_s: f64,
    flows: Vec<FlowRow<'a>>,
    components: Vec<ComponentRow<'a>>,
    bottleneck: Option<&'a str>,
    targets_met: bool,
    notes: &'a [String],
    /// What was asked for beside the run itself.
    #[serde(flatten)]
    pub explained: Explained<'a>,
}

#[derive(Serialize)]
struct FlowRow<'a> {
    name: &'a str,
    offered_per_s: f64,
    completed_per_s: f64,
    error_ratio: f64,
    errors: Errors,
    reasons: Vec<ReasonRow<'a>>,
    latency_ms: Latency,
    targets: Vec<TargetRow<'a>>,
}

#[derive(Default, Serialize)]
struct Errors {
    timeout: u64,
    rejected: u64,
    failed: u64,
}

#[derive(Serialize)]
struct ReasonRow<'a> {
    reason: &'a str,
    count: u64,
}

#[derive(Serialize)]
struct Latency {
    mean: f64,
    p50: f64,
    p90: f64,
    p95: f64,
    p99: f64,
    p999: f64,
    max: f64,
}

#[derive(Serialize)]
struct TargetRow<'a> {
    text: &'a str,
    observed: f64,
    met: bool,
    low: Option<f64>,
    high: Option<f64>,
    too_close: bool,
}

#[derive(Serialize)]
struct ComponentRow<'a> {
    name: &'a str,
    kind: &'a str,
    technology: Option<&'a str>,
    instances: u64,
    arrivals_per_s: f64,
    served_per_s: f64,
    utilisation: f64,
    queue_mean: f64,
    queue_max: u64,
    wait_ms_mean: f64,
    hit_ratio: Option<f64>,
    lag_ms_p99: Option<f64>,
    rejected: u64,
    cost_per_month_usd: Option<f64>,
    unstable: bool,
    hottest: Option<HotRow<'a>>,
    figures: Vec<FigureRow<'a>>,
}

#[derive(Serialize)]
struct HotRow<'a> {
    part: &'a str,
    of: u32,
    share: f64,
    turned_away: u64,
}

#[derive(Serialize)]
struct FigureRow<'a> {
    name: &'a str,
    value: f64,
}

/// The document of a run.
pub(super) fn of<'a>(name: &'a str, report: &'a Report, wall_s: f64) -> Document<'a> {
    Document {
        design: name,
        seed: report.seed,
        simulated_s: report.simulated_s,
        warmup_s: report.warmup_s,
        scale: report.scale,
        events: report.events,
        wall_s,
        flows: report.flows.iter().map(flow_row).collect(),
        components: report.components.iter().map(component_row).collect(),
        bottleneck: report.bottleneck.as_ref().map(|(_, sentence)| sentence.as_str()),
        targets_met: report.targets_met(),
        notes: &report.notes,
        explained: Explained::default(),
    }
}

fn flow_row(flow: &FlowReport) -> FlowRow<'_> {
    let mut errors = Errors::default();
    for error in &flow.errors {
        match error.class {
            ErrorClass::Timeout => errors.timeout += error.count,
            ErrorClass::Rejected => errors.rejected += error.count,
            ErrorClass::Failed => errors.failed += error.count,
        }
    }
    let latency = &flow.latency;
    FlowRow {
        name: &flow.name,
        offered_per_s: flow.offered_per_s,
        completed_per_s: flow.completed_per_s,
        error_ratio: flow.error_ratio,
        errors,
        reasons: flow.errors.iter().map(|error| ReasonRow { reason: &error.reason, count: error.count }).collect(),
        latency_ms: Latency {
            mean: latency.mean * 1e3,
            p50: latency.p50 * 1e3,
            p90: latency.p90 * 1e3,
            p95: latency.p95 * 1e3,
            p99: latency.p99 * 1e3,
            p999: latency.p999 * 1e3,
            max: latency.max * 1e3,
        },
        targets: flow
            .targets
            .iter()
            .map(|target| TargetRow {
                text: &target.text,
                observed: target.observed,
                met: target.met,
                low: target.interval.map(|(low, _)| low),
                high: target.interval.map(|(_, high)| high),
                too_close: target.verdict == Verdict::TooClose,
            })
            .collect(),
    }
}

fn component_row(component: &ComponentReport) -> ComponentRow<'_> {
    ComponentRow {
        name: &component.name,
        kind: component.kind.name(),
        technology: component.technology.as_deref(),
        instances: u64::from(component.instances),
        arrivals_per_s: component.arrivals_per_s,
        served_per_s: component.served_per_s,
        utilisation: component.utilisation,
        queue_mean: component.queue_mean,
        queue_max: component.queue_max,
        wait_ms_mean: component.wait_mean * 1e3,
        hit_ratio: component.hit_ratio,
        lag_ms_p99: component.lag_p99.map(|lag| lag * 1e3),
        rejected: component.rejected,
        cost_per_month_usd: component.cost_per_month,
        unstable: component.unstable,
        hottest: component.hottest.as_ref().map(|hot| HotRow {
            part: &hot.name,
            of: hot.of,
            share: hot.share,
            turned_away: hot.turned_away,
        }),
        figures: component.extra.iter().map(|(name, value)| FigureRow { name, value: *value }).collect(),
    }
}
