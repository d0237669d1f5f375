//! Targets and what was measured, in words.

use crate::design::{Metric, parse_target};
use crate::sim::{Report, TargetReport, Verdict};
use crate::tui::theme::{Role, Theme};
use crate::units;

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
        (Verdict::TooClose, true) => (theme.tick(), "met, but too close to call: run longer", Role::Warning),
        (Verdict::TooClose, false) => (theme.cross(), "missed, but too close to call: run longer", Role::Warning),
    }
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
