//! A run as its readers see it: advance it, look at it, disturb it.

use super::{
    Options, Report,
    engine::{Engine, Phase},
    lower::lower,
    sampler::nanoseconds,
    snapshot,
};
use crate::design::{Design, Fault};

/// A design being simulated.
pub struct Simulation {
    engine: Engine,
    options: Options,
}

impl Simulation {
    /// Lowers the design and makes it ready to run. Total: any design gives a simulation; what could not be modelled is in the report's
    /// notes.
    pub fn new(design: &Design, options: &Options) -> Self {
        Self { engine: Engine::new(lower(design, options), options), options: options.clone() }
    }

    /// Runs on to `to_s` simulated seconds after the end of the warm-up (the scenario's clock; below zero within the warm-up), or to the
    /// end of the run.
    pub fn advance(&mut self, to_s: f64) {
        self.advance_at_most(to_s, u64::MAX);
    }

    /// The same, but handles no more than `events` events, so that a caller under the clock can look up; whether the time was reached.
    pub fn advance_at_most(&mut self, to_s: f64, events: u64) -> bool {
        self.finished() || self.engine.run(nanoseconds(to_s + self.options.warmup_s), events)
    }

    /// Simulated seconds since the end of the warm-up; below zero within it.
    pub fn now_s(&self) -> f64 {
        self.engine.now as f64 / super::sampler::SECOND - self.options.warmup_s
    }

    /// Calls in flight, of all requests and of what they left behind.
    pub fn in_flight(&self) -> u64 {
        u64::from(self.engine.frames.alive())
    }

    /// Places kept for calls, events and queues, used or not. A run in a steady state makes no more of them, and takes no memory: it grows
    /// with what is in flight at most, not with what has passed.
    pub fn room(&self) -> u64 {
        self.engine.room()
    }

    /// Whether the run has ended.
    pub fn finished(&self) -> bool {
        self.engine.window.phase == Phase::Over
    }

    /// What was measured so far.
    pub fn report(&self) -> Report {
        snapshot::report(&self.engine, &self.options)
    }

    /// Sets off a fault now, for so many seconds, or until the end; returns a number by which it can be lifted. In a miniature one that
    /// [hits members of a group unequally](super::hits_alike) hits a greater share of them than it would.
    pub fn inject(&mut self, fault: Fault, duration_s: Option<f64>) -> u32 {
        self.engine.inject(fault, duration_s)
    }

    /// Ends a fault that was set off by hand before its time. What it has done (a flushed cache, a deployment under way) stays done.
    pub fn lift(&mut self, fault: u32) {
        self.engine.lift(fault);
    }
}

/// The requests that one would stand for at most, were the design run so: 1 where every request is simulated.
pub fn scale(design: &Design, options: &Options) -> f64 {
    lower(design, options).scale.max(1.0)
}

/// Runs a design to its end.
pub fn run(design: &Design, options: &Options) -> Report {
    let mut simulation = Simulation::new(design, options);
    // Nobody can set off a fault here: where the design has none either, no instance dies with its callers' requests.
    simulation.engine.in_place = design.scenario.is_empty() && !simulation.engine.disturbed;
    simulation.advance(f64::INFINITY);
    simulation.report()
}
