//! What a prediction claims, and when it is right.

use super::*;
use crate::interview::{ComponentRun, fixture};

fn component(name: &str, kind: &str, technology: Option<&str>, utilisation: f64) -> ComponentRun {
    let technology = technology.map(str::to_owned);
    ComponentRun { name: name.to_owned(), kind: kind.to_owned(), technology, utilisation, ..ComponentRun::default() }
}

/// The database is overloaded: p99 2.4 s, errors 12%.
fn run() -> Run {
    let reads = FlowRun {
        name: "GET /{code}".to_owned(),
        completed_per_s: 90e3,
        error_ratio: 0.12,
        mean: 0.8,
        p50: 0.2,
        p90: 1.1,
        p99: 2.4,
        p999: 3.0,
        max: 4.0,
        targets: vec![fixture::target("p99 < 100ms", 2.4, false), fixture::target("errors < 50%", 0.12, true)],
        ..FlowRun::default()
    };
    let writes = FlowRun { name: "POST /links".to_owned(), p99: 0.04, max: 0.1, ..FlowRun::default() };
    Run {
        number: 4,
        flows: vec![reads, writes],
        components: vec![
            component("users", "client", None, 0.0),
            component("api", "service", None, 0.4),
            component("cache", "cache", Some("redis"), 0.3),
            component("main-db", "sql", Some("postgres"), 1.0),
        ],
        limit: Some("main-db".to_owned()),
        ..Run::default()
    }
}

#[track_caller]
fn check(text: &str, expected: &[(&str, bool)]) {
    let judged = judge(text, &run());
    let found: Vec<(String, bool)> = judged.iter().map(|one| (one.claim.to_string(), one.right)).collect();
    let expected: Vec<(String, bool)> = expected.iter().map(|&(claim, right)| (claim.to_owned(), right)).collect();
    assert_eq!(found, expected, "{text}: {judged:?}");
}

#[test]
fn the_component_that_limits_is_named_in_many_ways() {
    for text in ["main-db", "the main-db breaks first", "Postgres is the bottleneck", "the database, I think", "sql"] {
        check(text, &[("main-db limits the design", true)]);
    }
    check("redis", &[("cache limits the design", false)]);
    check("API", &[("api limits the design", false)]);
    check("without redis the db is overloaded", &[("main-db limits the design", true)]);
    check("the bottleneck is the api, then the db", &[("api limits the design", false)]);
    check("users", &[]);
    check("something breaks", &[]);
    check("", &[]);
}

#[test]
fn figures_are_right_within_a_factor_of_two_of_a_flow() {
    check("p99 2s", &[("p99 2s", true)]);
    check("p99 goes to about 1.2 s", &[("p99 1.2s", true)]);
    check("p99 1.1s", &[("p99 1.1s", false)]);
    check("p99 5s", &[("p99 5s", false)]);
    check("p99 50ms", &[("p99 50ms", true)]);
    check("p99.9 of 3 s", &[("p999 3s", true)]);
    check("median 150 ms, mean 1s", &[("p50 150ms", true), ("mean 1s", true)]);
    check("latency ~2s", &[("p99 2s", true)]);
    check("errors 10%", &[("errors 10%", true)]);
    check("error rate 1%", &[("errors 1%", false)]);
    check("errors at 0.05%", &[("errors 0.05%", true)]);
    check("availability 90%", &[("availability 90%", true)]);
    check("throughput 100k/s", &[("throughput 100k/s", true)]);
    check("p99 two seconds", &[]);
    check("p95 1s", &[]);
}

#[test]
fn a_share_behind_a_component_is_how_busy_it_is() {
    check("api at 45%", &[("api limits the design", false), ("api 45% busy", true)]);
    check("db 95% busy", &[("main-db limits the design", true), ("main-db 95% busy", true)]);
    check("db 60%", &[("main-db limits the design", true), ("main-db 60% busy", false)]);
    check("db, errors 12%", &[("main-db limits the design", true), ("errors 12%", true)]);
}

#[test]
fn targets_are_said_to_break_or_to_hold() {
    check("p99 breaks", &[("the target on p99 is missed", true)]);
    check("errors rise", &[("the target on errors is missed", false)]);
    check(
        "p99 breaks but errors stay fine",
        &[("the target on p99 is missed", true), ("the target on errors is met", true)],
    );
    check("p99 holds", &[("the target on p99 is met", false)]);
    check("nothing breaks", &[("every target is met", false)]);
    check("all targets hold", &[("every target is met", false)]);
    check("p999 breaks", &[]);
    check(
        "db breaks, p99 2s, no errors",
        &[("main-db limits the design", true), ("p99 2s", true), ("the target on errors is met", true)],
    );
}

#[test]
fn what_was_measured_is_told() {
    let told = |text: &str| judge(text, &run()).into_iter().map(|one| one.measured).collect::<Vec<_>>();
    assert_eq!(told("redis, p99 1s"), ["main-db limits the design", "p99 2.4s of GET /{code}"]);
    assert_eq!(told("nothing breaks"), ["1 of 2 targets missed, 'p99 < 100ms' on GET /{code} with 2.4s"]);
    assert_eq!(told("api 10%"), ["main-db limits the design", "api 40% busy"]);
    assert_eq!(told("errors rise"), ["'errors < 50%' on GET /{code} met: 12%"]);
}

#[test]
fn a_prediction_is_held_against_its_run_only() {
    let prediction = |run| Prediction { text: "db, p99 1ms".to_owned(), run, ..Prediction::default() };
    let record = Record {
        runs: vec![run()],
        predictions: vec![prediction(None), prediction(Some(4)), prediction(Some(9))],
        ..Record::default()
    };
    let rights: Vec<Option<bool>> = predictions(&record).iter().map(Foretold::right).collect();
    assert_eq!(rights, [None, Some(false), None]);
}
