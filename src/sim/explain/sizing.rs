//! Sizing: the cheapest instance counts that meet all targets.
//!
//! First the counts grow, the bottleneck's each time, until all targets hold; then each component in turn, the dearest first, is cut to the
//! fewest instances with which they still hold.

use super::{brief, cost, missed};
use crate::{
    design::{ComponentId, Design, Kind},
    sim::{Options, Report, run},
};

/// Doublings until it is given up.
const MOST_DOUBLINGS: u32 = 14;

/// Instance counts that meet all targets.
#[derive(Clone, Debug)]
pub struct Sizing {
    /// By component, before and after.
    pub counts: Vec<(ComponentId, u32, u32)>,
    /// Dollars a month with them.
    pub cost: f64,
    /// The design with them.
    pub design: Design,
    /// What it does then.
    pub report: Report,
}

/// Finds the cheapest counts; `None` when no counts that were tried meet all targets.
pub fn size(design: &Design, options: &Options) -> Option<Sizing> {
    let options = brief(design, options);
    let mut sized = design.clone();
    let mut report = run(&sized, &options);
    for _ in 0..MOST_DOUBLINGS {
        if missed(&report) == 0 {
            break;
        }
        let (limit, _) = report.bottleneck.clone()?;
        if !may_count(design, limit) {
            return None;
        }
        let instances = &mut sized.components[limit.0 as usize].instances;
        *instances = instances.saturating_mul(2);
        report = run(&sized, &options);
    }
    if missed(&report) > 0 {
        return None;
    }
    let mut order: Vec<ComponentId> = design.component_ids().filter(|&id| may_count(design, id)).collect();
    let price = |id: ComponentId| report.components[id.0 as usize].cost_per_month.unwrap_or(0.0);
    order.sort_by(|&a, &b| price(b).total_cmp(&price(a)).then(a.cmp(&b)));
    for id in order {
        sized = fewest(sized, id, &options);
    }
    let report = run(&sized, &options);
    let counts = design.component_ids().map(|id| (id, design.component(id).instances, sized.component(id).instances));
    Some(Sizing { counts: counts.collect(), cost: cost(&report), design: sized, report })
}

/// Whether a component's instances are the designer's to count.
fn may_count(design: &Design, id: ComponentId) -> bool {
    !matches!(design.component(id).kind, Kind::Client | Kind::External | Kind::Cdn | Kind::Blob | Kind::Coordinator)
}

/// The design with the fewest instances of a component that still meet all targets, by bisection.
fn fewest(design: Design, id: ComponentId, options: &Options) -> Design {
    let with = |count: u32| {
        let mut design = design.clone();
        design.components[id.0 as usize].instances = count;
        design
    };
    let (mut bad, mut good) = (0, design.component(id).instances);
    while good - bad > 1 {
        let middle = bad + (good - bad) / 2;
        if missed(&run(&with(middle), options)) == 0 { good = middle } else { bad = middle }
    }
    with(good)
}
