//! Why a design does what it does, and what would help: changes tried one by one, the load it bears, the counts it needs, and theory beside
//! what was measured.
//!
//! Everything here runs the simulator again, with the same seed: two variants of a design see the same arrivals, so that a difference is
//! the change's and not chance's.

mod change;
mod load;
mod sizing;
mod theory;
mod what_if;

pub use change::{Change, changes};
pub use load::{Headroom, LoadPoint, headroom, sweep};
pub use sizing::{Sizing, size};
pub use theory::{Theory, theory};
pub use what_if::{Trial, what_if};

use super::{Options, Report, run};
use crate::design::{Design, Load};

/// Requests that are enough to tell one variant from another.
const REQUESTS: f64 = 60_000.0;
/// The shortest run of a variant, simulated seconds.
const SHORTEST: f64 = 2.0;

/// Options for a run of a variant: as long as it takes to tell it from another, and no longer than asked for.
fn brief(design: &Design, options: &Options) -> Options {
    let length = (REQUESTS / offered(design).max(1.0)).max(SHORTEST);
    // What happens at a set time has to happen.
    let last = design.scenario.iter().map(|event| event.at + event.duration.unwrap_or(0.0)).fold(0.0, f64::max);
    let simulated_s = options.simulated_s.min(length.max(last * 1.2));
    Options { simulated_s, warmup_s: options.warmup_s.min(simulated_s / 2.0), ..options.clone() }
}

/// Requests a second of all flows, as the design says.
fn offered(design: &Design) -> f64 {
    let rates = design.flows.iter().map(|flow| match &flow.load {
        Load::Open { rate, .. } => *rate,
        Load::Closed { users, think } => f64::from(*users) / think.mean().max(1e-3),
    });
    rates.sum()
}

/// The design under so many times its load.
fn scaled(design: &Design, factor: f64) -> Design {
    let mut design = design.clone();
    for flow in &mut design.flows {
        match &mut flow.load {
            Load::Open { rate, .. } => *rate *= factor,
            Load::Closed { users, .. } => *users = (f64::from(*users) * factor).round().max(1.0) as u32,
        }
    }
    design
}

/// Targets that a run missed.
fn missed(report: &Report) -> usize {
    report.flows.iter().flat_map(|flow| &flow.targets).filter(|target| !target.met).count()
}

/// Dollars a month, all components.
fn cost(report: &Report) -> f64 {
    report.components.iter().filter_map(|component| component.cost_per_month).sum()
}
