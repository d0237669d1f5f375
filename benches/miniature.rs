//! How many times real time each reference design is simulated at its own load, with a snapshot as often as the lab takes one, and how far
//! the miniature's 99th percentiles are from those of every request. `cargo bench --bench miniature`.
//!
//! `DRYRUN_SECONDS` sets the simulated seconds of a live run (4) and `DRYRUN_BENCH` the requests of the exact one (a million). Names of
//! problems as arguments choose among them; without, all whose load is simulated in miniature.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

#[allow(dead_code, reason = "the other bench needs the rest of it")]
#[path = "simulator/timing.rs"]
mod timing;

use std::time::Instant;

use dryrun::{
    content::{Bank, Files},
    design::{Design, Load, compile},
    sim::{Options, Report, Simulation, run, scale},
};
use timing::{processor_seconds, setting};

/// Seconds between two snapshots, and of a slice, as in the lab.
const BETWEEN_SNAPSHOTS: f64 = 0.065;
const SLICE: f64 = 0.015;
/// Simulated seconds before the measured ones.
const WARM_UP: f64 = 0.5;
/// Latencies below which a 99th percentile isn't worth comparing.
const FEW: u64 = 5_000;

fn main() {
    let bank = Bank::new(Files::embedded(Vec::new()));
    let chosen: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    println!(
        "{:14} {:>10} {:>6} {:>12} {:>10}   p99 against exact",
        "", "requests/s", "1 of", "x real time", "snapshots"
    );
    for problem in bank.problems() {
        let design = compile(&problem.reference, bank.catalogue()).design;
        let options = Options::of(&design).with_network(bank.catalogue().network());
        let wanted = if chosen.is_empty() { scale(&design, &options) > 1.0 } else { chosen.contains(&problem.id) };
        if wanted {
            measure(&problem.id, &design, &options);
        }
    }
}

fn offered(design: &Design) -> f64 {
    let rates = design.flows.iter().map(|flow| match &flow.load {
        Load::Open { rate, .. } => *rate,
        Load::Closed { users, think } => f64::from(*users) / think.mean().max(1e-3),
    });
    rates.sum()
}

fn measure(name: &str, design: &Design, options: &Options) {
    let simulated_s = setting("DRYRUN_SECONDS", 4) as f64;
    let options = Options { simulated_s, warmup_s: WARM_UP, ..options.clone() };
    let (seconds, snapshots, small) = live(design, &options);
    println!(
        "{name:14} {:>10.0} {:>6.1} {:>12.1} {snapshots:>10}   {}",
        offered(design),
        small.scale,
        (simulated_s + WARM_UP) / seconds,
        differences(design, &options, &small)
    );
}

/// Runs a design as the lab does; processor seconds without those of lowering and of filling caches, snapshots, and the last of these.
#[allow(clippy::disallowed_methods, reason = "snapshots come by real time")]
fn live(design: &Design, options: &Options) -> (f64, u32, Report) {
    let mut simulation = Simulation::new(design, options);
    let before = processor_seconds();
    let (mut at, mut slice, mut snapshots) = (-options.warmup_s, 0.001, 0);
    let mut shown = Instant::now();
    while !simulation.finished() {
        let began = Instant::now();
        at += slice;
        simulation.advance(at);
        slice *= (SLICE / began.elapsed().as_secs_f64().max(1e-6)).clamp(0.25, 4.0);
        if shown.elapsed().as_secs_f64() >= BETWEEN_SNAPSHOTS {
            std::hint::black_box(simulation.report());
            snapshots += 1;
            shown = Instant::now();
        }
    }
    (processor_seconds() - before, snapshots, simulation.report())
}

/// By flow, the miniature's 99th percentile against that of every request.
fn differences(design: &Design, options: &Options, small: &Report) -> String {
    let simulated_s = setting("DRYRUN_BENCH", 1_000_000) as f64 / offered(design);
    let exact = run(design, &Options { exact: true, simulated_s, warmup_s: simulated_s / 2.0, ..options.clone() });
    let flows = exact.flows.iter().zip(&small.flows);
    let enough = flows.filter(|(exact, small)| exact.latency.count.min(small.latency.count) >= FEW);
    let texts = enough.map(|(exact, small)| {
        let difference = (small.latency.p99 / exact.latency.p99 - 1.0) * 100.0;
        format!("{} {:.1} ms ({difference:+.1}%)", small.name, small.latency.p99 * 1e3)
    });
    texts.collect::<Vec<_>>().join(", ")
}
