//! Why a design does what it does, and what would help: changes tried one by one, the load it bears, the counts it needs, where the slowest
//! requests spent their time, and theory beside what was measured.
//!
//! Most of it runs the simulator again, with the same seed: two variants of a design see the same arrivals, so that a difference is the
//! change's and not chance's. Whoever asks may lose interest meanwhile: every study takes a [`Wanted`] and ends soon after it says no.

mod change;
mod load;
mod outcome;
mod sizing;
mod theory;
mod waterfall;
mod what_if;

pub use change::{Change, changes};
pub use load::{Broken, Headroom, LoadPoint, headroom, steps, sweep};
pub use outcome::Outcome;
pub use sizing::{Sizing, size};
pub use theory::{Figure, Theory, Unit, theory};
pub use waterfall::{Bar, Stretch, culprit, failing, waterfall};
pub use what_if::{Trial, WhatIf, what_if};

use super::{Options, Report, Simulation};
use crate::design::{Arrivals, Design, Load};

/// Whether the answer is still wanted; asked from several threads between slices of the runs.
pub type Wanted<'a> = &'a (dyn Fn() -> bool + Sync);

/// Requests that are enough to tell one variant from another, to begin with.
const REQUESTS: f64 = 40_000.0;
/// The shortest run of a variant, simulated seconds, unless that would be more than so many requests.
const SHORTEST: f64 = 1.0;
const MOST_REQUESTS: f64 = 250_000.0;
/// Slices of a run, between which it can be given up.
const SLICES: f64 = 20.0;

/// The options with the scale settled at which the design as it is would be simulated: all its variants are simulated at that scale, so that
/// they see the same requests, and none is measured more finely than another.
fn settled(design: &Design, options: &Options) -> Options {
    let scale = if options.exact { 1.0 } else { super::scale(design, options) };
    Options { scale: Some(scale), ..options.clone() }
}

/// Options for a run of a variant of so many requests, and no longer than asked for.
fn brief(design: &Design, options: &Options, requests: f64) -> Options {
    // Of a miniature's requests it takes as many, in a longer time.
    let rate = (offered(design) / options.scale.unwrap_or(1.0).max(1.0)).max(1.0);
    let length = (requests / rate).max(SHORTEST.min(MOST_REQUESTS / rate));
    // What happens at a set time has to happen, and what comes of it has to be seen.
    let events = design.scenario.iter().map(|event| event.at + event.duration.unwrap_or(0.0));
    let recorded = design.flows.iter().map(|flow| match &flow.load {
        Load::Open { arrivals: Arrivals::Recorded(recorded), .. } => {
            recorded.recording.as_ref().map_or(0.0, |recording| recording.length_s())
        }
        _ => 0.0,
    });
    let last = events.chain(recorded).fold(0.0, f64::max);
    let simulated_s = options.simulated_s.min(length.max(last * 1.2));
    Options { simulated_s, warmup_s: options.warmup_s.min(simulated_s / 2.0), ..options.clone() }
}

/// The number of requests whose brief run judges the design's targets as `whole`, a run of full length, did; and what that run measured.
/// `None` when it isn't wanted any more.
fn telling(design: &Design, options: &Options, whole: &Report, wanted: Wanted<'_>) -> Option<(f64, Report)> {
    let mut requests = REQUESTS;
    loop {
        let options_now = brief(design, options, requests);
        let report = run_while(design, &options_now, wanted)?;
        if agree(&report, whole) || options_now.simulated_s >= options.simulated_s {
            return Some((requests, report));
        }
        requests *= 4.0;
    }
}

/// Whether two runs come to the same on every target, those apart that either calls too close.
fn agree(one: &Report, other: &Report) -> bool {
    let targets = |report: &Report| report.flows.iter().flat_map(|flow| flow.targets.clone()).collect::<Vec<_>>();
    let close = |target: &super::TargetReport| target.verdict == super::Verdict::TooClose;
    let (one, other) = (targets(one), targets(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(a, b)| a.met == b.met || close(a) || close(b))
}

/// Runs a design to its end; `None` when it isn't wanted any more.
fn run_while(design: &Design, options: &Options, wanted: Wanted<'_>) -> Option<Report> {
    let mut simulation = Simulation::new(design, options);
    let slice = (options.warmup_s + options.simulated_s) / SLICES;
    let mut at = -options.warmup_s;
    while !simulation.finished() {
        if !wanted() {
            return None;
        }
        at += slice;
        simulation.advance(at);
    }
    Some(simulation.report())
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
