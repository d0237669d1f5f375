//! Sizing: the cheapest instance counts that meet all targets.
//!
//! First the counts grow, the bottleneck's each time, until all targets hold; then each component in turn, the dearest first, is cut to the
//! fewest instances with which they still hold; at last it is checked that none can do with one less.

use rayon::prelude::*;

use super::{
    Wanted, brief,
    outcome::{cost, loses_ground, missed},
    run_while, settled, telling,
};
use crate::{
    design::{ComponentId, Design, Kind},
    sim::{Options, Report},
};

/// Doublings until it is given up.
const MOST_DOUBLINGS: u32 = 16;
/// Below this utilisation a component that turns nothing away has enough instances.
const ENOUGH: f64 = 0.6;

/// Instance counts that meet all targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizing {
    /// By component that can be counted: instances in service as the design is, and sized.
    pub counts: Vec<(ComponentId, u32, u32)>,
    /// Dollars a month, before and after.
    pub cost: (f64, f64),
    /// The design with them.
    pub design: Design,
    /// What it does then.
    pub report: Report,
}

/// A search under way.
struct Search<'a> {
    options: Options,
    wanted: Wanted<'a>,
}

/// Finds the cheapest counts, or says why there are none. `whole` is the design's own run. `None` when it isn't wanted any more.
///
/// The search is greedy: no count of its answer can be lowered by one, but a different mix of counts may be as cheap. It sizes for the
/// targets and the scenario alone: what is kept for the day a machine dies is only kept if the scenario has that day.
pub fn size(design: &Design, options: &Options, whole: &Report, wanted: Wanted<'_>) -> Option<Result<Sizing, String>> {
    if design.flows.iter().all(|flow| flow.targets.is_empty()) {
        return Some(Err("the design has no targets to be sized for".to_owned()));
    }
    let options = &settled(design, options);
    let (requests, _) = telling(design, options, whole, wanted)?;
    let search = Search { options: brief(design, options, requests), wanted };
    let (mut sized, grown) = match search.grow(design)? {
        Ok(grown) => grown,
        Err(why) => return Some(Err(why)),
    };
    for id in dearest_first(design, &grown) {
        sized = search.fewest(&sized, id)?;
    }
    sized = search.one_less(sized)?;
    let report = search.run(&sized)?;
    let count = |report: &Report, id: ComponentId| report.components[id.0 as usize].instances;
    let counted = design.component_ids().filter(|&id| may_count(design, id));
    let counts = counted.map(|id| (id, count(whole, id), count(&report, id))).collect();
    Some(Ok(Sizing { counts, cost: (cost(whole), cost(&report)), design: sized, report }))
}

/// Whether a component's instances are the designer's to count.
fn may_count(design: &Design, id: ComponentId) -> bool {
    let component = design.component(id);
    let elsewhere =
        matches!(component.kind, Kind::Client | Kind::External | Kind::Cdn | Kind::Blob | Kind::Coordinator);
    !elsewhere && component.parameters.get("autoscale").is_none()
}

/// Components that can be counted, by what they cost.
fn dearest_first(design: &Design, report: &Report) -> Vec<ComponentId> {
    let mut order: Vec<ComponentId> = design.component_ids().filter(|&id| may_count(design, id)).collect();
    let price = |id: ComponentId| report.components[id.0 as usize].cost_per_month.unwrap_or(0.0);
    order.sort_by(|&a, &b| price(b).total_cmp(&price(a)).then(a.cmp(&b)));
    order
}

fn with(design: &Design, id: ComponentId, instances: u32) -> Design {
    let mut design = design.clone();
    design.components[id.0 as usize].instances = instances;
    design
}

impl Search<'_> {
    fn run(&self, design: &Design) -> Option<Report> {
        run_while(design, &self.options, self.wanted)
    }

    fn holds(&self, design: &Design) -> Option<bool> {
        let report = self.run(design)?;
        Some(missed(&report) == 0 && !report.components.iter().any(|component| loses_ground(component, &report)))
    }

    /// Doubles the bottleneck until all targets are met; with what it does then, or why that can't be.
    fn grow(&self, design: &Design) -> Option<Result<(Design, Report), String>> {
        let mut sized = design.clone();
        for _ in 0..=MOST_DOUBLINGS {
            let report = self.run(&sized)?;
            let behind = report.components.iter().any(|component| loses_ground(component, &report));
            if missed(&report) == 0 && !behind {
                return Some(Ok((sized, report)));
            }
            let Some((limit, sentence)) = report.bottleneck.clone() else { break };
            let component = &report.components[limit.0 as usize];
            if component.utilisation < ENOUGH && !component.unstable {
                return Some(Err(format!(
                    "no count of instances meets the targets: nothing is short any more ({sentence}), so it is the path that takes too long or fails"
                )));
            }
            if !may_count(design, limit) {
                return Some(Err(format!("no count of instances meets the targets: {sentence}")));
            }
            // Replicas and shards of a store count as instances that it has.
            let now = component.instances.max(sized.component(limit).instances);
            sized = with(&sized, limit, now.saturating_mul(2));
        }
        Some(Err("no count of instances that was tried meets the targets".to_owned()))
    }

    /// The design with the fewest instances of a component that still meet all targets, by bisection.
    fn fewest(&self, design: &Design, id: ComponentId) -> Option<Design> {
        let (mut bad, mut good) = (0, design.component(id).instances);
        while good - bad > 1 {
            let middle = bad + (good - bad) / 2;
            if self.holds(&with(design, id, middle))? { good = middle } else { bad = middle }
        }
        Some(with(design, id, good))
    }

    /// The design with one less of each component that can do with it, again and again.
    fn one_less(&self, mut design: Design) -> Option<Design> {
        loop {
            let fewer: Vec<Design> = design
                .component_ids()
                .filter(|&id| may_count(&design, id) && design.component(id).instances > 1)
                .map(|id| with(&design, id, design.component(id).instances - 1))
                .collect();
            let held: Option<Vec<bool>> = fewer.par_iter().map(|design| self.holds(design)).collect();
            match fewer.into_iter().zip(held?).find(|(_, holds)| *holds) {
                Some((less, _)) => design = less,
                None => return Some(design),
            }
        }
    }
}
