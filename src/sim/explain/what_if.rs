//! What if: every change tried, in parallel, and ranked by what it does to the missed targets and what it costs.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::{Change, Outcome, Wanted, brief, changes, run_while, settled, telling};
use crate::{
    design::{Catalogue, Design},
    sim::{Options, Report},
};

/// A change that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// The change.
    pub change: Change,
    /// How the design came out with it.
    pub outcome: Outcome,
    /// Dollars a month more than without it.
    pub cost: f64,
    /// Whether it came out better than the design as it is.
    pub helps: bool,
}

/// All changes that were tried on a design.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIf {
    /// The design as it is, in a run as short as the others.
    pub base: Outcome,
    /// Every change, the best first.
    pub trials: Vec<Trial>,
}

/// Tries every change worth trying. `whole` is the design's own run: the variants' runs are long enough to judge the targets as it did.
/// `None` when it isn't wanted any more.
pub fn what_if(
    design: &Design,
    options: &Options,
    catalogue: &Catalogue,
    whole: &Report,
    wanted: Wanted<'_>,
) -> Option<WhatIf> {
    let options = &settled(design, options);
    let (requests, report) = telling(design, options, whole, wanted)?;
    let base = Outcome::of(design, report);
    let options = brief(design, options, requests);
    let attempt = |change: Change| -> Option<Trial> {
        let report = run_while(&change.design, &options, wanted)?;
        let outcome = Outcome::of(&change.design, report);
        let (cost, helps) = (outcome.cost - base.cost, outcome.beats(&base));
        Some(Trial { change, outcome, cost, helps })
    };
    let trials: Option<Vec<Trial>> = changes(design, catalogue, &base.report).into_par_iter().map(attempt).collect();
    let mut trials = trials?;
    trials.sort_by(|a, b| rank(a, b, base.missed > 0));
    Some(WhatIf { base, trials })
}

/// Which of two changes is the better: the fewer targets missed, the nearer to the rest; of cures, the cheaper; then what is faster.
fn rank(a: &Trial, b: &Trial, sick: bool) -> Ordering {
    let (one, other) = (&a.outcome, &b.outcome);
    let cured = sick && one.missed == 0 && other.missed == 0;
    let cost = a.cost.total_cmp(&b.cost);
    let by_cost_first = if cured { cost } else { Ordering::Equal };
    one.missed
        .cmp(&other.missed)
        .then(one.distance.total_cmp(&other.distance))
        .then(by_cost_first)
        .then(one.failed.total_cmp(&other.failed))
        .then(one.p99.total_cmp(&other.p99))
        .then(cost)
}
