//! Load: how much a design bears until its first target breaks, and what it does on the way there.

use rayon::prelude::*;

use super::{brief, missed, scaled};
use crate::{
    design::Design,
    sim::{Options, Report, run},
};

/// Load factors between which the limit is looked for.
const LEAST: f64 = 1.0 / 64.0;
const MOST: f64 = 64.0;
/// Steps of the bisection: the limit is found to within 1%.
const STEPS: u32 = 8;

/// What a design does under a multiple of its load.
#[derive(Clone, Debug)]
pub struct LoadPoint {
    /// Times the design's load.
    pub factor: f64,
    /// What it did.
    pub report: Report,
}

/// How much more a design bears.
#[derive(Clone, Debug)]
pub struct Headroom {
    /// The greatest factor at which all targets are met; below 1 when they are missed as it is. `None` when they are missed at any load that
    /// was tried, or met at every one.
    pub factor: Option<f64>,
    /// The target that breaks first beyond it, with its flow.
    pub first: Option<(String, String)>,
    /// What limits it there, in a sentence.
    pub limit: Option<String>,
}

/// Runs the design under each multiple of its load, in parallel.
pub fn sweep(design: &Design, options: &Options, factors: &[f64]) -> Vec<LoadPoint> {
    let point = |&factor: &f64| {
        let design = scaled(design, factor);
        let options = brief(&design, options);
        LoadPoint { factor, report: run(&design, &options) }
    };
    factors.par_iter().map(point).collect()
}

/// Finds the load at which the first target breaks, by bisection over the logarithm of the load.
pub fn headroom(design: &Design, options: &Options) -> Headroom {
    let at = |factor: f64| sweep(design, options, &[factor]).pop().map(|point| point.report);
    let holds = |factor: f64| at(factor).is_some_and(|report| missed(&report) == 0);
    let none = Headroom { factor: None, first: None, limit: None };
    if design.flows.iter().all(|flow| flow.targets.is_empty()) {
        return none;
    }
    let (mut good, mut bad) = if holds(1.0) { (1.0, 2.0) } else { (0.5, 1.0) };
    while bad > 1.0 && holds(bad) {
        (good, bad) = (bad, bad * 2.0);
        if bad > MOST {
            return none;
        }
    }
    while good < 1.0 && !holds(good) {
        (good, bad) = (good / 2.0, good);
        if good < LEAST {
            return none;
        }
    }
    for _ in 0..STEPS {
        let middle = (good * bad).sqrt();
        if holds(middle) { good = middle } else { bad = middle }
    }
    let Some(report) = at(bad) else { return none };
    let broken = report.flows.iter().find_map(|flow| {
        flow.targets.iter().find(|target| !target.met).map(|target| (flow.name.clone(), target.text.clone()))
    });
    Headroom { factor: Some(good), first: broken, limit: report.bottleneck.map(|(_, sentence)| sentence) }
}
