//! Load: how much a design bears until its first target breaks, and what it does on the way there.

use rayon::prelude::*;

use super::{
    REQUESTS, Wanted, brief,
    outcome::{loses_ground, missed},
    run_while, scaled, settled,
};
use crate::{
    design::Design,
    sim::{Options, Report},
};

/// Load factors that are tried first; beyond them it goes on in doublings and halvings, up to the last ones.
const FIRST: [f64; 5] = [0.25, 0.5, 1.0, 2.0, 4.0];
const LEAST: f64 = 1.0 / 64.0;
const MOST: f64 = 64.0;
/// Rounds of the search, each leaving a third of what was in doubt: the limit is found to within 1%.
const ROUNDS: u32 = 4;

/// What a design does under a multiple of its load.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadPoint {
    /// Times the design's load.
    pub factor: f64,
    /// What it did.
    pub report: Report,
}

/// What breaks first when the load grows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// A target: its flow, and as written.
    Target(String, String),
    /// No target, but this component is overloaded: a longer run would miss them, or work that nobody waits for is lost.
    Overload(String),
}

/// How much more a design bears.
#[derive(Clone, Debug, PartialEq)]
pub enum Headroom {
    /// It has no targets that could break.
    NoTargets,
    /// All targets are met even at this many times the load, the greatest that was tried.
    MoreThan(f64),
    /// Something breaks even at this many times the load, the least that was tried: load is not what breaks it.
    LessThan(f64),
    /// Targets hold up to a load and break beyond.
    Limit {
        /// The greatest factor at which all targets are met; below 1 when they are missed as it is.
        factor: f64,
        /// What breaks just beyond it.
        first: Broken,
        /// What limits it there, in a sentence.
        limit: Option<String>,
    },
}

/// Evenly spaced load factors from `low` to `high`, the design's own load among them where it lies between.
pub fn steps(low: f64, high: f64, count: u32) -> Vec<f64> {
    let count = count.max(2);
    let step = (high - low) / f64::from(count - 1);
    let mut factors: Vec<f64> = (0..count).map(|at| low + step * f64::from(at)).collect();
    if low < 1.0 && high > 1.0 && factors.iter().all(|factor| (factor - 1.0).abs() > step * 0.01) {
        factors.push(1.0);
        factors.sort_by(f64::total_cmp);
    }
    factors
}

/// Runs the design under each multiple of its load, in parallel; `None` when it isn't wanted any more.
pub fn sweep(design: &Design, options: &Options, factors: &[f64], wanted: Wanted<'_>) -> Option<Vec<LoadPoint>> {
    let options = &settled(design, options);
    let point = |&factor: &f64| {
        let design = scaled(design, factor);
        let report = run_while(&design, &brief(&design, options, REQUESTS), wanted)?;
        Some(LoadPoint { factor, report })
    };
    factors.par_iter().map(point).collect()
}

/// Finds the load at which the first target breaks. Every load below is taken to be borne as well. `None` when it isn't wanted any more.
pub fn headroom(design: &Design, options: &Options, wanted: Wanted<'_>) -> Option<Headroom> {
    if design.flows.iter().all(|flow| flow.targets.is_empty()) {
        return Some(Headroom::NoTargets);
    }
    let mut points = sweep(design, options, &FIRST, wanted)?;
    while points.iter().all(|point| broken(point).is_none()) {
        let next = points.last().map_or(1.0, |point| point.factor) * 2.0;
        if next > MOST {
            return Some(Headroom::MoreThan(MOST));
        }
        points.extend(sweep(design, options, &[next], wanted)?);
    }
    while points.first().is_some_and(|point| broken(point).is_some()) {
        let next = points[0].factor / 2.0;
        if next < LEAST {
            return Some(Headroom::LessThan(LEAST));
        }
        points.splice(0..0, sweep(design, options, &[next], wanted)?);
    }
    for _ in 0..ROUNDS {
        let Some(at) = points.iter().position(|point| broken(point).is_some()) else { break };
        let (good, bad) = (points[at - 1].factor, points[at].factor);
        let third = (bad / good).cbrt();
        points.splice(at..at, sweep(design, options, &[good * third, bad / third], wanted)?);
    }
    let at = points.iter().position(|point| broken(point).is_some())?;
    let beyond = &points[at];
    Some(Headroom::Limit {
        factor: points[at - 1].factor,
        first: broken(beyond)?,
        limit: beyond.report.bottleneck.as_ref().map(|(_, sentence)| sentence.clone()),
    })
}

/// What does not hold under a load.
fn broken(point: &LoadPoint) -> Option<Broken> {
    let report = &point.report;
    let target = report.flows.iter().find_map(|flow| {
        let target = flow.targets.iter().find(|target| !target.met)?;
        Some(Broken::Target(flow.name.clone(), target.text.clone()))
    });
    debug_assert_eq!(target.is_some(), missed(report) > 0);
    target.or_else(|| {
        let behind = report.components.iter().find(|component| loses_ground(component, report));
        behind.map(|component| Broken::Overload(component.name.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn steps_are_even_and_the_designs_own_load_is_among_them() {
        assert_eq!(steps(0.5, 2.0, 4), [0.5, 1.0, 1.5, 2.0]);
        assert_eq!(steps(0.5, 2.5, 3), [0.5, 1.0, 1.5, 2.5]);
        assert_eq!(steps(2.0, 4.0, 2), [2.0, 4.0]);
    }
}
