//! Targets held against what was measured, with the confidence interval that says how sure the answer is.

use super::{
    engine::Engine,
    metrics::interval,
    report::{Report, TargetReport, Verdict},
    sampler::SECOND,
};
use crate::design::{Comparison, Metric, Target};

/// The targets of a flow.
pub(super) fn all(engine: &Engine, flow: usize, report: &Report) -> Vec<TargetReport> {
    engine.net.flows[flow]
        .targets
        .iter()
        .map(|target| judge(target, measure(engine, flow, report, &target.metric)))
        .collect()
}

/// A figure and its 95% interval; no figure where nothing was measured.
type Measured = Option<(f64, Option<(f64, f64)>)>;

fn judge(target: &Target, measured: Measured) -> TargetReport {
    let good = |value: f64| match target.comparison {
        Comparison::Below => value <= target.bound,
        Comparison::Above => value >= target.bound,
    };
    let (observed, interval) = measured.unwrap_or((0.0, None));
    let met = measured.is_some() && good(observed);
    let sure = interval.is_none_or(|(low, high)| good(low) == good(high));
    let verdict = match (sure, met) {
        (false, _) => Verdict::TooClose,
        (true, true) => Verdict::Met,
        (true, false) => Verdict::Missed,
    };
    TargetReport { text: target.text.clone(), observed, interval, met, verdict }
}

fn measure(engine: &Engine, flow: usize, report: &Report, metric: &Metric) -> Measured {
    let counts = &engine.flows[flow].metrics;
    let figures = &report.flows[flow];
    let seconds = |(low, high): (f64, f64)| (low / SECOND, high / SECOND);
    let measured = figures.latency.count > 0;
    match metric {
        Metric::LatencyPercentile(percent) => measured.then(|| {
            let all = &counts.latencies;
            let share = percent / 100.0;
            (all.quantile(share) / SECOND, interval::quantile(all, &counts.batches, share).map(seconds))
        }),
        Metric::LatencyMean => {
            measured.then(|| (figures.latency.mean, interval::mean(&counts.latencies, &counts.batches).map(seconds)))
        }
        Metric::LatencyMax => measured.then_some((figures.latency.max, None)),
        Metric::ErrorRatio => errors(engine, flow),
        Metric::Availability => errors(engine, flow)
            .map(|(ratio, interval)| (1.0 - ratio, interval.map(|(low, high)| (1.0 - high, 1.0 - low)))),
        Metric::Throughput => Some((figures.completed_per_s, None)),
        Metric::LagPercentile(percent) => figures.lag.as_ref().filter(|lag| lag.count > 0).map(|_| {
            let share = percent / 100.0;
            let interval = interval::quantile(&counts.lag, &counts.lag_batches, share);
            (counts.lag.quantile(share) / SECOND, interval.map(seconds))
        }),
        Metric::Cost => Some((report.components.iter().filter_map(|component| component.cost_per_month).sum(), None)),
        Metric::Utilisation(name) => named(report, name).map(|component| (component.utilisation, None)),
        Metric::HitRatio(name) => named(report, name)?.hit_ratio.map(|ratio| (ratio, None)),
    }
}

fn named<'a>(report: &'a Report, name: &str) -> Option<&'a super::ComponentReport> {
    report.components.iter().find(|component| component.name == name)
}

fn errors(engine: &Engine, flow: usize) -> Measured {
    let counts = &engine.flows[flow].metrics;
    let ended = (counts.completed + counts.failed) as f64;
    if ended == 0.0 {
        return None;
    }
    // No failure among n says that fewer than 3 in n fail, with 95% confidence (rule of three).
    let interval = if counts.failed == 0 {
        Some((0.0, 3.0 / ended))
    } else {
        interval::ratio_by_phase(&counts.failures_by_batch, &phases(engine))
    };
    Some((counts.failed as f64 / ended, interval))
}

/// The batches in which something of the scenario begins or ends, in order.
fn phases(engine: &Engine) -> Vec<usize> {
    let batch = engine.window.batch_s();
    let events = engine.net.scenario.iter();
    let times = events.flat_map(|event| [Some(event.at), event.duration.map(|length| event.at + length)]);
    let mut starts: Vec<usize> = times.flatten().map(|at| (at / batch).floor().max(0.0) as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    starts
}
