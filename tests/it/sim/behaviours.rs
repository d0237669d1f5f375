//! Designs that each show one behaviour, and what is expected of them as a relation between the figures that they measure: with the cure
//! the 99th percentile is at least five times lower; failures end seconds after the fault. No figure is expected as such.

mod balancing;
mod caching;
mod databases;
mod load;
mod messages;
mod resilience;
mod services;

use std::{collections::BTreeSet, fmt::Write, sync::LazyLock};

use dryrun::{
    content::{Bank, Files},
    design::{compile, format},
    sim::{ComponentReport, FlowReport, Options, Point, Report, run},
    source::Severity,
};

const FOLDER: &str = "tests/golden/behaviours";
/// Simulated requests of one run, at most: the runs are part of every `cargo test`.
const MOST_REQUESTS: f64 = 60_000.0;

/// One behaviour.
struct Behaviour {
    /// What it shows.
    shows: &'static str,
    /// The designs, by file name without `.dry`: the one in trouble first, then its cure or its counterpart.
    designs: &'static [&'static str],
    /// What must hold between their reports, in the order of the designs.
    holds: fn(&[Run]) -> Held,
}

/// A relation that holds, or in words what does not.
type Held = Result<(), String>;

/// A design's run.
struct Run {
    report: Report,
}

impl Run {
    fn flow(&self, at: usize) -> &FlowReport {
        &self.report.flows[at]
    }

    /// Latency of the first flow, seconds.
    fn p50(&self) -> f64 {
        self.flow(0).latency.p50
    }

    fn p99(&self) -> f64 {
        self.flow(0).latency.p99
    }

    fn mean(&self) -> f64 {
        self.flow(0).latency.mean
    }

    /// Share of the first flow's requests that failed.
    fn errors(&self) -> f64 {
        self.flow(0).error_ratio
    }

    /// Requests of the first flow that were answered well, a second.
    fn done(&self) -> f64 {
        self.flow(0).completed_per_s
    }

    /// 99th percentile of the first flow's time until what it handed over was done, seconds.
    fn lag(&self) -> f64 {
        self.flow(0).lag.as_ref().expect("the flow hands something over").p99
    }

    fn part(&self, name: &str) -> &ComponentReport {
        self.report.components.iter().find(|part| part.name == name).expect("the design has such a component")
    }

    /// A component's own figure; 0 where it has nothing to say.
    fn own(&self, part: &str, figure: &str) -> f64 {
        let own = &self.part(part).extra;
        own.iter().find(|(name, _)| name == figure).map_or(0.0, |(_, value)| *value)
    }

    /// A figure of the first flow, on average between two moments.
    fn over(&self, from: f64, to: f64, figure: fn(&Point) -> f64) -> f64 {
        mean_over(&self.flow(0).series.points, from, to, figure)
    }

    /// A figure of a component, on average between two moments.
    fn part_over(&self, part: &str, from: f64, to: f64, figure: fn(&Point) -> f64) -> f64 {
        mean_over(&self.part(part).series.points, from, to, figure)
    }

    /// Failures a second of the first flow between two moments.
    fn failures(&self, from: f64, to: f64) -> f64 {
        self.over(from, to, |point| point.failures)
    }

    /// Failures of all flows whose reason says so.
    fn failed_for(&self, reason: &str) -> f64 {
        let all = self.report.flows.iter().flat_map(|flow| &flow.errors);
        all.filter(|error| error.reason.contains(reason)).map(|error| error.count as f64).sum()
    }
}

fn mean_over(points: &[Point], from: f64, to: f64, figure: fn(&Point) -> f64) -> f64 {
    let within: Vec<f64> = points.iter().filter(|point| point.at > from && point.at <= to).map(figure).collect();
    assert!(!within.is_empty(), "no point of the series lies between {from} and {to}");
    within.iter().sum::<f64>() / within.len() as f64
}

/// `more` is at least so many times `less`, and more than nothing.
fn times(what: &str, more: f64, factor: f64, less: f64) -> Held {
    if more > 0.0 && more >= factor * less {
        return Ok(());
    }
    Err(format!("{what}: {more:.6} is not {factor} times {less:.6}"))
}

/// Two figures are the same to a share.
fn alike(what: &str, one: f64, other: f64, within: f64) -> Held {
    if (one - other).abs() <= within * one.abs().max(other.abs()) {
        return Ok(());
    }
    Err(format!("{what}: {one:.6} and {other:.6} differ by more than {:.0}%", within * 100.0))
}

/// A figure is nothing, or as good as nothing.
fn none(what: &str, value: f64) -> Held {
    if value.abs() <= 1e-9 { Ok(()) } else { Err(format!("{what}: {value:.6} is not nothing")) }
}

/// The technologies of the bank, as a user has them.
pub static BANK: LazyLock<Bank> = LazyLock::new(|| Bank::new(Files::embedded(Vec::new())));

fn text_of(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/{name}.dry")).unwrap_or_else(|error| panic!("{name}.dry: {error}"))
}

fn run_of(name: &str) -> Run {
    let catalogue = BANK.catalogue();
    let compiled = compile(&text_of(name), catalogue);
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{name}: {errors:#?}");
    let options = Options::of(&compiled.design).with_network(catalogue.network());
    let report = run(&compiled.design, &options);
    let requests: f64 = report.flows.iter().map(|flow| flow.offered_per_s * report.simulated_s).sum();
    assert!(requests > 0.0 && requests <= MOST_REQUESTS, "{name}: {requests} requests");
    Run { report }
}

/// A report in a few lines, for a relation that does not hold.
fn summary(name: &str, run: &Run) -> String {
    let mut text = format!("  {name}\n");
    for flow in &run.report.flows {
        let lag = flow.lag.as_ref().map_or(0.0, |lag| lag.p99);
        let _ = writeln!(
            text,
            "    {}: {:.0}/s of {:.0}/s, p50 {:.2} ms, p99 {:.2} ms, lag p99 {lag:.3} s, {:?}",
            flow.name,
            flow.completed_per_s,
            flow.offered_per_s,
            flow.latency.p50 * 1e3,
            flow.latency.p99 * 1e3,
            flow.errors.iter().map(|error| (error.reason.as_str(), error.count)).collect::<Vec<_>>(),
        );
    }
    for part in &run.report.components {
        let _ = writeln!(
            text,
            "    {}: {:.0}/s, {:.1}% busy, queue {}, hits {:?}, {:?}",
            part.name,
            part.arrivals_per_s,
            part.utilisation * 100.0,
            part.queue_max,
            part.hit_ratio,
            part.extra,
        );
    }
    text
}

/// Runs the designs of a table and holds each row's relation.
#[track_caller]
fn hold(table: &[Behaviour]) {
    let mut broken = String::new();
    for behaviour in table {
        let runs: Vec<Run> = behaviour.designs.iter().map(|name| run_of(name)).collect();
        if let Err(why) = (behaviour.holds)(&runs) {
            let _ = writeln!(broken, "{}: {why}", behaviour.shows);
            for (name, run) in behaviour.designs.iter().zip(&runs) {
                broken.push_str(&summary(name, run));
            }
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

#[test]
fn load_and_queues() {
    hold(load::TABLE);
}

#[test]
fn balancing_and_capacity() {
    hold(balancing::TABLE);
}

#[test]
fn resilience() {
    hold(resilience::TABLE);
}

#[test]
fn caches() {
    hold(caching::TABLE);
}

#[test]
fn databases_and_stores() {
    hold(databases::TABLE);
}

#[test]
fn queues_and_streams() {
    hold(messages::TABLE);
}

#[test]
fn pushes_locks_workflows_blobs_and_limits() {
    hold(services::TABLE);
}

/// All tables.
const TABLES: [&[Behaviour]; 7] = [
    load::TABLE,
    balancing::TABLE,
    resilience::TABLE,
    caching::TABLE,
    databases::TABLE,
    messages::TABLE,
    services::TABLE,
];

#[test]
fn every_design_is_in_a_table_says_what_it_shows_and_is_in_canonical_form() {
    let used: BTreeSet<&str> = TABLES.into_iter().flatten().flat_map(|row| row.designs).copied().collect();
    let mut known = BTreeSet::new();
    for entry in std::fs::read_dir(FOLDER).expect("the folder of behaviours is there") {
        let path = entry.expect("a folder that can be listed").path();
        let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        let text = text_of(&name);
        assert!(used.contains(name.as_str()), "{name} is in no table");
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("# ") && first.ends_with('.'), "{name}: its first line does not say what it shows");
        assert_eq!(format(&text), text, "{name} is not in canonical form");
        known.insert(name);
    }
    assert_eq!(known.len(), used.len(), "a table names a design that is not there");
    assert!(TABLES.iter().map(|table| table.len()).sum::<usize>() >= 60);
}
