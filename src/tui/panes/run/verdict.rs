//! Targets and what was measured, in words.

use crate::design::{Metric, parse_target};
use crate::sim::{FlowReport, Report, TargetReport, Verdict};
use crate::tui::theme::{Role, Theme};
use crate::units;

/// From this share of failures on it is said of whom a latency is.
const MANY_FAIL: f64 = 0.05;

/// The figure of a target in its own unit: `12.3ms`, `0.02%`, `$4.1k/month`.
pub fn observed(text: &str, figure: f64) -> String {
    match parse_target(text).map(|target| target.metric) {
        Ok(Metric::LatencyPercentile(_) | Metric::LatencyMean | Metric::LatencyMax | Metric::LagPercentile(_)) => {
            units::format_duration(figure)
        }
        Ok(Metric::ErrorRatio | Metric::Availability | Metric::Utilisation(_) | Metric::HitRatio(_)) => {
            units::format_percent(figure)
        }
        Ok(Metric::Throughput) => units::format_rate(figure),
        Ok(Metric::Cost) => format!("{}/month", units::format_money(figure)),
        Err(_) => units::format_number(figure),
    }
}

/// How a target came out: sign, word and role.
pub fn judge(theme: &Theme, verdict: Verdict, met: bool) -> (&'static str, &'static str, Role) {
    match (verdict, met) {
        (Verdict::Met, _) => (theme.tick(), "met", Role::Good),
        (Verdict::Missed, _) => (theme.cross(), "missed", Role::Bad),
        (Verdict::TooClose, true) => (theme.tick(), "too close to call", Role::Warning),
        (Verdict::TooClose, false) => (theme.cross(), "too close to call", Role::Warning),
    }
}

/// Of how many requests a target of latency speaks, where so many failed that it matters: `, of the 22% answered`. Latency is measured of
/// those that are answered well.
pub fn answered(flow: &FlowReport, text: &str) -> String {
    let timed = matches!(
        parse_target(text).map(|target| target.metric),
        Ok(Metric::LatencyPercentile(_) | Metric::LatencyMean | Metric::LatencyMax)
    );
    if !timed || flow.error_ratio < MANY_FAIL {
        return String::new();
    }
    format!(", of the {} answered", units::format_percent(1.0 - flow.error_ratio))
}

/// The targets of a report, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Targets met.
    pub met: usize,
    /// Targets there are.
    pub all: usize,
    /// Whether nothing was measured yet: the run is warming up.
    pub warming: bool,
}

impl Judged {
    /// Counts the targets of `report`.
    pub fn of(report: &Report) -> Self {
        let targets: Vec<&TargetReport> = report.flows.iter().flat_map(|flow| &flow.targets).collect();
        let met = targets.iter().filter(|target| target.met).count();
        Self { met, all: targets.len(), warming: report.simulated_s <= 0.0 }
    }

    /// The count in words, with its role: `3 of 3 targets met`.
    pub fn words(self, theme: &Theme) -> (String, Role) {
        match self {
            Self { all: 0, .. } => ("no targets: add one, such as p99 < 200ms".to_owned(), Role::Muted),
            Self { warming: true, .. } => ("warming up".to_owned(), Role::Muted),
            Self { met, all, .. } if met == all => (format!("{} {met} of {all} targets met", theme.tick()), Role::Good),
            Self { met, all, .. } => (format!("{} {met} of {all} targets met", theme.cross()), Role::Bad),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_latency_says_of_whom_it_is_where_many_failed() {
        let flow = |error_ratio| FlowReport { error_ratio, ..FlowReport::default() };
        assert_eq!(answered(&flow(0.78), "p99 < 500ms"), ", of the 22% answered");
        assert_eq!(answered(&flow(0.01), "p99 < 500ms"), "");
        assert_eq!(answered(&flow(0.78), "errors < 1%"), "");
    }

    #[test]
    fn counts_say_how_many_were_met() {
        let theme = Theme::mono(false);
        assert_eq!(
            Judged { met: 2, all: 3, warming: false }.words(&theme),
            ("✗ 2 of 3 targets met".to_owned(), Role::Bad)
        );
        assert_eq!(Judged { met: 3, all: 3, warming: false }.words(&theme).1, Role::Good);
        assert_eq!(Judged::default().words(&theme).1, Role::Muted);
    }
}
