//! Predict, then run: what the candidate said a run would show, held against what it measured.
//!
//! A prediction is one line in the candidate's own words. What of it can be measured is found by [`claims()`]; each claim is right or wrong by the run
//! that came after it. What can't be measured is kept and not judged.

mod claims;

pub use claims::{Claim, claims};

use super::{FlowRun, Prediction, Record, Run, TargetRun};
use crate::design::{Metric, metric_name, parse_target};
use crate::units::{format_duration, format_percent, format_rate};

/// A figure within this factor of the measured one is right: in the room nobody asks for more.
const WITHIN: f64 = 2.0;
/// How far a predicted utilisation may be off, as a share of the component.
const BUSY_WITHIN: f64 = 0.15;
/// Ratios of errors below this are all the same: next to none.
const NEXT_TO_NONE: f64 = 0.001;

/// A prediction with what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Foretold<'a> {
    /// The prediction.
    pub prediction: &'a Prediction,
    /// The run it was held against; `None` if there was none.
    pub run: Option<&'a Run>,
    /// Its claims that could be held against the run.
    pub judged: Vec<Judged>,
}

impl Foretold<'_> {
    /// Whether all that could be judged was right; `None` where nothing could.
    pub fn right(&self) -> Option<bool> {
        (!self.judged.is_empty()).then(|| self.judged.iter().all(|one| one.right))
    }
}

/// A claim and its verdict.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// What was claimed.
    pub claim: Claim,
    /// What was measured instead, or as well: `p99 2.41s`, `db limits the design`.
    pub measured: String,
    /// Whether the two agree.
    pub right: bool,
}

/// All predictions of `record`, each with what became of it, in order.
pub fn predictions(record: &Record) -> Vec<Foretold<'_>> {
    let of = |prediction| {
        let run = run_of(record, prediction);
        Foretold { prediction, run, judged: run.map(|run| judge(&prediction.text, run)).unwrap_or_default() }
    };
    record.predictions.iter().map(of).collect()
}

fn run_of<'a>(record: &'a Record, prediction: &Prediction) -> Option<&'a Run> {
    let number = prediction.run?;
    record.runs.iter().find(|run| run.number == number)
}

/// What `text` claims, held against `run`.
pub fn judge(text: &str, run: &Run) -> Vec<Judged> {
    claims(text, run).into_iter().filter_map(|claim| verdict(claim, run)).collect()
}

fn verdict(claim: Claim, run: &Run) -> Option<Judged> {
    let (measured, right) = match &claim {
        Claim::Limit(component) => {
            let limit = run.limit.as_ref()?;
            (format!("{limit} limits the design"), limit == component)
        }
        Claim::Figure(Metric::Utilisation(name), value) => {
            let busy = run.components.iter().find(|component| component.name == *name)?.utilisation;
            (format!("{name} {} busy", format_percent(busy)), (busy - value).abs() <= BUSY_WITHIN)
        }
        Claim::Figure(metric, value) => {
            let (flow, measured) = nearest(metric, *value, run)?;
            let of = if run.flows.len() > 1 { format!(" of {}", flow.name) } else { String::new() };
            (format!("{}{of}", Claim::Figure(metric.clone(), measured)), agree(metric, *value, measured))
        }
        Claim::Missed(metric) => of_target(metric, run, |target| !target.met)?,
        Claim::Held(metric) => {
            let (measured, any_missed) = of_target(metric, run, |target| !target.met)?;
            (measured, !any_missed)
        }
        Claim::AllHeld => all_targets(run)?,
    };
    Some(Judged { claim, measured, right })
}

/// Of several flows the one whose figure is nearest: a claim that doesn't name its flow is about the one it fits best.
fn nearest<'a>(metric: &Metric, value: f64, run: &'a Run) -> Option<(&'a FlowRun, f64)> {
    let measured = run.flows.iter().filter_map(|flow| Some((flow, figure(metric, flow)?)));
    measured.min_by(|a, b| apart(metric, value, a.1).total_cmp(&apart(metric, value, b.1)))
}

fn figure(metric: &Metric, flow: &FlowRun) -> Option<f64> {
    let latencies = [
        (Metric::LatencyMean, flow.mean),
        (Metric::LatencyPercentile(50.0), flow.p50),
        (Metric::LatencyPercentile(90.0), flow.p90),
        (Metric::LatencyPercentile(99.0), flow.p99),
        (Metric::LatencyPercentile(99.9), flow.p999),
        (Metric::LatencyMax, flow.max),
    ];
    match metric {
        Metric::ErrorRatio => Some(flow.error_ratio),
        Metric::Availability => Some(1.0 - flow.error_ratio),
        Metric::Throughput => Some(flow.completed_per_s),
        Metric::LagPercentile(_) => flow.lag_p99.filter(|_| *metric == Metric::LagPercentile(99.0)),
        // Without an answer there is no latency.
        _ if flow.max <= 0.0 => None,
        _ => latencies.into_iter().find(|(known, _)| known == metric).map(|(_, latency)| latency),
    }
}

/// By how much two figures of a metric are apart: the factor between them; for ratios that between the shares that fail.
fn apart(metric: &Metric, said: f64, measured: f64) -> f64 {
    let failing = |ratio: f64| ratio.max(NEXT_TO_NONE);
    let (a, b) = match metric {
        Metric::ErrorRatio => (failing(said), failing(measured)),
        Metric::Availability => (failing(1.0 - said), failing(1.0 - measured)),
        _ => (said.max(1e-9), measured.max(1e-9)),
    };
    (a / b).max(b / a)
}

fn agree(metric: &Metric, said: f64, measured: f64) -> bool {
    apart(metric, said, measured) <= WITHIN
}

/// What the run says of the targets on `metric`, and whether `is` holds for one of them; `None` if there are none.
fn of_target(metric: &Metric, run: &Run, is: impl Fn(&TargetRun) -> bool) -> Option<(String, bool)> {
    let on_metric =
        |(_, target): &(&str, &TargetRun)| parse_target(&target.text).is_ok_and(|known| known.metric == *metric);
    let targets: Vec<(&str, &TargetRun)> = run.targets().filter(on_metric).collect();
    let told = targets.iter().find(|(_, target)| is(target)).or_else(|| targets.first())?;
    let (flow, target) = told;
    let word = if target.met { "met" } else { "missed" };
    Some((format!("'{}' on {flow} {word}: {}", target.text, target.figure()), is(target)))
}

fn all_targets(run: &Run) -> Option<(String, bool)> {
    let all = run.targets().count();
    let missed: Vec<(&str, &TargetRun)> = run.targets().filter(|(_, target)| !target.met).collect();
    match missed.first() {
        _ if all == 0 => None,
        None => Some((format!("all {all} targets met"), true)),
        Some((flow, target)) => Some((
            format!("{} of {all} targets missed, '{}' on {flow} with {}", missed.len(), target.text, target.figure()),
            false,
        )),
    }
}

impl std::fmt::Display for Claim {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Limit(component) => write!(f, "{component} limits the design"),
            Self::Figure(Metric::Utilisation(name), value) => write!(f, "{name} {} busy", format_percent(*value)),
            Self::Figure(metric, value) => {
                let figure = match metric {
                    Metric::ErrorRatio | Metric::Availability => format_percent(*value),
                    Metric::Throughput => format_rate(*value),
                    _ => format_duration(*value),
                };
                write!(f, "{} {figure}", metric_name(metric))
            }
            Self::Missed(metric) => write!(f, "the target on {} is missed", metric_name(metric)),
            Self::Held(metric) => write!(f, "the target on {} is met", metric_name(metric)),
            Self::AllHeld => f.write_str("every target is met"),
        }
    }
}

#[cfg(test)]
mod tests;
