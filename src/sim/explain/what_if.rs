//! What if: every change tried, in parallel, and ranked by what it does to the missed targets and what it costs.

use rayon::prelude::*;

use super::{Change, brief, changes, cost, missed};
use crate::{
    design::{Catalogue, Comparison, Design},
    sim::{Options, Report, run},
};

/// A change that was tried.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The change.
    pub change: Change,
    /// Targets missed with it.
    pub missed: usize,
    /// How far the worst target is on the good side, as a share of its bound; below zero when it is missed.
    pub margin: f64,
    /// Dollars a month more than without it.
    pub cost: f64,
    /// What the design does with it.
    pub report: Report,
}

/// Tries every change worth trying, the best first; before them what the design does as it is, in as short a run.
pub fn what_if(design: &Design, options: &Options, catalogue: &Catalogue) -> (Report, Vec<Trial>) {
    let options = brief(design, options);
    let base = run(design, &options);
    let mut trials: Vec<Trial> = changes(design, catalogue)
        .into_par_iter()
        .map(|change| {
            let report = run(&change.design, &options);
            Trial {
                missed: missed(&report),
                margin: margin(&change.design, &report),
                cost: cost(&report) - cost(&base),
                change,
                report,
            }
        })
        .collect();
    trials.sort_by(|a, b| {
        let by_targets = a.missed.cmp(&b.missed);
        // Where nothing is missed, what costs less is better; else what comes nearer.
        let then = if a.missed == 0 {
            a.cost.total_cmp(&b.cost).then(b.margin.total_cmp(&a.margin))
        } else {
            b.margin.total_cmp(&a.margin).then(a.cost.total_cmp(&b.cost))
        };
        by_targets.then(then)
    });
    (base, trials)
}

/// How far the worst target is on the good side of its bound.
fn margin(design: &Design, report: &Report) -> f64 {
    let flows = design.flows.iter().zip(&report.flows);
    let margins = flows.flat_map(|(flow, measured)| {
        flow.targets.iter().zip(&measured.targets).map(|(target, measured)| {
            let scale = target.bound.abs().max(1e-9);
            match target.comparison {
                Comparison::Below => (target.bound - measured.observed) / scale,
                Comparison::Above => (measured.observed - target.bound) / scale,
            }
        })
    });
    margins.fold(f64::INFINITY, f64::min)
}
