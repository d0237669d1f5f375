//! How a variant came out, in figures that can be compared with another's.

use crate::{
    design::{Comparison, Design, Metric, Target},
    sim::{ComponentReport, Report, TargetReport},
};

/// How far a target of which nothing was measured is from being met, as the logarithm of a ratio: further than any that was.
const NOTHING_MEASURED: f64 = 20.0;
/// A backlog that grows by this share of the arrivals grows without end.
const LOSING: f64 = 0.005;

/// How a variant of a design came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Targets missed.
    pub missed: usize,
    /// How far the missed targets are from being met: the sum of the logarithms of measured over bound; 0 when all are met.
    pub distance: f64,
    /// Failed over offered requests of all flows, 0 to 1.
    pub failed: f64,
    /// Geometric mean of the flows' 99th percentiles, seconds; infinite where a flow completed nothing.
    pub p99: f64,
    /// Dollars a month, all components.
    pub cost: f64,
    /// Everything it measured.
    pub report: Report,
}

impl Outcome {
    /// Judges a run of `design`.
    pub fn of(design: &Design, report: Report) -> Self {
        let judged = || {
            let flows = design.flows.iter().zip(&report.flows);
            flows.flat_map(|(flow, measured)| flow.targets.iter().zip(&measured.targets))
        };
        let missed = judged().filter(|(_, measured)| !measured.met).count();
        let distance = judged().map(|(target, measured)| distance(target, measured)).sum();
        Self { missed, distance, failed: failed(&report), p99: p99(&report), cost: cost(&report), report }
    }

    /// Whether it came out better than `other`, by more than chance does.
    pub fn beats(&self, other: &Self) -> bool {
        if self.missed != other.missed {
            return self.missed < other.missed;
        }
        let nearer = other.distance - self.distance;
        if self.missed > 0 {
            return nearer > 0.05;
        }
        self.failed < other.failed - 0.001 || (self.failed <= other.failed && self.p99 < other.p99 * 0.95)
    }
}

/// How far a target is from being met: the logarithm of measured over bound, at least a little; 0 when it is met.
fn distance(target: &Target, measured: &TargetReport) -> f64 {
    if measured.met {
        return 0.0;
    }
    // Of what must be near one, the distance from one counts: 99% is ten times 99.9% away from it.
    let rest = |share: f64| (1.0 - share).max(1e-9);
    let ratio = match (&target.metric, target.comparison) {
        (Metric::Availability, _) => rest(measured.observed) / rest(target.bound),
        (_, Comparison::Below) => measured.observed / target.bound.max(1e-9),
        (_, Comparison::Above) => target.bound / measured.observed.max(1e-9),
    };
    let distance = ratio.ln();
    // A missed target on the good side of its bound is one of which nothing was measured.
    if distance.is_finite() && distance > 0.0 { distance.min(NOTHING_MEASURED) } else { NOTHING_MEASURED }
}

fn failed(report: &Report) -> f64 {
    let offered: f64 = report.flows.iter().map(|flow| flow.offered_per_s).sum();
    let failed: f64 = report.flows.iter().map(|flow| flow.offered_per_s * flow.error_ratio).sum();
    if offered > 0.0 { failed / offered } else { 0.0 }
}

fn p99(report: &Report) -> f64 {
    let logarithms = report.flows.iter().map(|flow| {
        let measured = flow.latency.count > 0;
        if measured { flow.latency.p99.max(1e-9).ln() } else { f64::INFINITY }
    });
    (logarithms.sum::<f64>() / report.flows.len().max(1) as f64).exp()
}

/// Dollars a month, all components.
pub(super) fn cost(report: &Report) -> f64 {
    report.components.iter().filter_map(|component| component.cost_per_month).sum()
}

/// Targets that a run missed.
pub(super) fn missed(report: &Report) -> usize {
    report.flows.iter().flat_map(|flow| &flow.targets).filter(|target| !target.met).count()
}

/// Whether a component is overloaded in a way that the flows' own figures don't show: its backlog grows without end, so that a longer run
/// would show worse ones, or it turns away more than fails, as of work that nobody waits for.
pub(super) fn loses_ground(component: &ComponentReport, report: &Report) -> bool {
    let failed: f64 = report.flows.iter().map(|flow| flow.offered_per_s * flow.error_ratio).sum();
    let turned_away = component.rejected as f64 / report.simulated_s.max(1e-9);
    let much = LOSING * component.arrivals_per_s;
    component.unstable && (turned_away < much || turned_away > failed + much)
}
