//! The families of `closed_forms.json` at points that the file does not list, with the formulas worked out here.

use std::f64::consts::LN_2;

use dryrun::{
    design::{Action, Arrivals, ComponentId, Distribution, Kind, Load, Operation, Popularity, Value},
    sim::Report,
};
use rayon::prelude::*;

use super::{
    closed_forms::{aim, figure, run_for, within_interval},
    queueing::{close, extra},
    sketch::{Sketch, call, exp_ms, fixed_ms, number, pool, visit, word},
};

/// Requests of a run.
const REQUESTS: f64 = 150_000.0;

/// Holds the first flow's figures against expected ones in milliseconds.
#[track_caller]
fn latency(what: &str, report: &Report, expected: &[(&str, f64)], narrow: f64) {
    for (metric, expected) in expected {
        within_interval(&format!("{what} {metric}"), figure(report, 0, metric), expected / 1e3, narrow);
    }
}

/// Probability that an arrival finds all of `servers` busy and nobody may wait (Erlang B), by its recursion.
fn erlang_b(servers: u32, offered: f64) -> f64 {
    (1..=servers).fold(1.0, |b, k| offered * b / (f64::from(k) + offered * b))
}

/// Probability that an arrival has to wait (Erlang C).
fn erlang_c(servers: u32, offered: f64) -> f64 {
    let (b, rho) = (erlang_b(servers, offered), offered / f64::from(servers));
    b / (1.0 - rho * (1.0 - b))
}

/// Where a falling function reaches `level`.
fn falls_to(level: f64, tail: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while tail(high) > level {
        high *= 2.0;
    }
    for _ in 0..100 {
        let middle = f64::midpoint(low, high);
        if tail(middle) > level { low = middle } else { high = middle }
    }
    low
}

/// One queue of work for so many servers, a mean of 1 ms, at this utilisation.
fn queue(servers: u32, work: Value, utilisation: f64) -> Sketch {
    let mut sketch = Sketch::new();
    let api = pool(&mut sketch, "api", servers, work);
    sketch.flow(utilisation * f64::from(servers) * 1e3, vec![call(api, vec![])]);
    sketch
}

fn several_servers((servers, utilisation): (u32, f64)) {
    let what = format!("M/M/{servers} at {utilisation}");
    let offered = f64::from(servers) * utilisation;
    let waits = erlang_c(servers, offered);
    let spare = f64::from(servers) - offered;
    let sojourn_tail = |t: f64| {
        let parts = (spare * libm::exp(-t) - libm::exp(-spare * t)) / (spare - 1.0);
        (1.0 - waits) * libm::exp(-t) + waits * parts
    };
    let p99 = if servers == 1 { 100_f64.ln() / spare } else { falls_to(0.01, sojourn_tail) };
    let requests = REQUESTS * if utilisation > 0.75 { 4.0 } else { 1.0 };
    let report = run_for(&mut queue(servers, exp_ms(1.0), utilisation), requests);
    latency(&what, &report, &[("mean", 1.0 + waits / spare), ("p99", p99)], 0.25);
    close(&what, report.components[1].utilisation, utilisation, 0.02);
}

fn without_a_queue((servers, offered): (u32, f64)) {
    // Blocking depends on the mean of the work alone.
    for work in [exp_ms(1.0), fixed_ms(1.0), Value::Distribution(Distribution::Uniform { low: 0.0, high: 2e-3 })] {
        let mut sketch = Sketch::new();
        let values = [("work", work), ("cores", number(f64::from(servers))), ("queue", number(0.0))];
        let api = sketch.component("api", Kind::Service, 1, &values);
        sketch.flow(offered * 1e3, vec![call(api, vec![])]);
        let report = run_for(&mut sketch, 2.0 * REQUESTS);
        let blocked = erlang_b(servers, offered);
        close(&format!("M/G/{servers}/{servers} at {offered}"), report.flows[0].error_ratio, blocked, 0.04);
    }
}

fn with_a_short_queue((servers, room, rate): (u32, u32, f64)) {
    let mut weights = vec![1.0];
    for n in 1..=servers + room {
        weights.push(weights[n as usize - 1] * rate / f64::from(n.min(servers)));
    }
    let blocked = weights[(servers + room) as usize] / weights.iter().sum::<f64>();
    let mut sketch = Sketch::new();
    let values = [("work", exp_ms(1.0)), ("cores", number(f64::from(servers))), ("queue", number(f64::from(room)))];
    let api = sketch.component("api", Kind::Service, 1, &values);
    sketch.flow(rate * 1e3, vec![call(api, vec![])]);
    let report = run_for(&mut sketch, 2.0 * REQUESTS);
    let what = format!("M/M/{servers}/{} at {rate}", servers + room);
    close(&what, report.flows[0].error_ratio, blocked, 0.04);
    close(&what, report.components[1].utilisation, rate * (1.0 - blocked) / f64::from(servers), 0.02);
}

fn any_work((work, mean_ms, square_ms, utilisation): (Value, f64, f64, f64)) {
    let rate = utilisation / mean_ms;
    let wait = rate * square_ms / (2.0 * (1.0 - utilisation));
    let mut sketch = Sketch::new();
    let api = pool(&mut sketch, "api", 1, work.clone());
    sketch.flow(rate * 1e3, vec![call(api, vec![])]);
    let report = run_for(&mut sketch, 4.0 * REQUESTS);
    latency(&format!("M/G/1, {work:?} at {utilisation}"), &report, &[("mean", mean_ms + wait)], 0.2);
}

fn sharing(utilisation: f64) {
    let mut sketch = Sketch::new();
    let values = [("work", exp_ms(1.0)), ("cores", number(1.0)), ("queue", number(1e6)), ("discipline", word("ps"))];
    let api = sketch.component("api", Kind::Service, 1, &values);
    sketch.flow(utilisation * 1e3, vec![call(api, vec![])]);
    let report = run_for(&mut sketch, 3.0 * REQUESTS);
    latency(&format!("sharing at {utilisation}"), &report, &[("mean", 1.0 / (1.0 - utilisation))], 0.2);
}

fn last_come_first_served(utilisation: f64) {
    let mut sketch = Sketch::new();
    let values = [("work", exp_ms(1.0)), ("cores", number(1.0)), ("queue", number(1e6)), ("discipline", word("lifo"))];
    let api = sketch.component("api", Kind::Service, 1, &values);
    sketch.flow(utilisation * 1e3, vec![call(api, vec![])]);
    let report = run_for(&mut sketch, 3.0 * REQUESTS);
    // The order of service changes the spread of the waits, not their mean.
    latency(&format!("the last first at {utilisation}"), &report, &[("mean", 1.0 / (1.0 - utilisation))], 0.2);
}

/// Cobham's waits for classes that share a server, the first before the second and so on, all of 1 ms.
fn classes(rates: [f64; 3]) {
    let mut sketch = Sketch::new();
    let values =
        [("work", exp_ms(1.0)), ("cores", number(1.0)), ("queue", number(1e6)), ("discipline", word("priority"))];
    let api = sketch.component("api", Kind::Service, 1, &values);
    for (level, rate) in rates.iter().enumerate() {
        let flow = sketch.flow(rate * 1e3, vec![call(api, vec![])]);
        let source = dryrun::design::Source::Design(dryrun::source::Span::default());
        flow.parameters.set("priority", number(level as f64), source);
    }
    let report = run_for(&mut sketch, 2.0 * REQUESTS);
    let all: f64 = rates.iter().sum();
    let mut before = 0.0;
    for (class, rate) in rates.iter().enumerate() {
        let wait = all / ((1.0 - before) * (1.0 - before - rate));
        before += rate;
        close(&format!("class {class} of {rates:?}"), report.flows[class].latency.mean * 1e3, 1.0 + wait, 0.05);
    }
}

fn in_a_row(tiers: &[(u32, f64)]) {
    let mut sketch = Sketch::new();
    let rate = 0.7;
    let mut then = Vec::new();
    let mut mean = 0.0;
    for &(servers, work_ms) in tiers {
        let tier = pool(&mut sketch, "tier", servers, exp_ms(work_ms));
        then = vec![call(tier, then)];
        let offered = rate * work_ms;
        mean += work_ms * (1.0 + erlang_c(servers, offered) / (f64::from(servers) - offered));
    }
    sketch.flow(rate * 1e3, then);
    let report = run_for(&mut sketch, 3.0 * REQUESTS);
    latency(&format!("in a row {tiers:?}"), &report, &[("mean", mean)], 0.1);
}

fn fork_join(utilisation: f64) {
    let mut sketch = Sketch::new();
    let legs: Vec<ComponentId> = (0..2).map(|_| pool(&mut sketch, "leg", 1, exp_ms(1.0))).collect();
    let branches = legs.into_iter().map(|leg| vec![call(leg, vec![])]).collect();
    sketch.flow(utilisation * 1e3, vec![Action::AtOnce { need: 2, branches }]);
    let report = run_for(&mut sketch, 3.0 * REQUESTS);
    let mean = (12.0 - utilisation) / 8.0 / (1.0 - utilisation);
    latency(&format!("fork and join at {utilisation}"), &report, &[("mean", mean)], 0.2);
}

fn first_of_many((copies, need): (u32, u32)) {
    let mut sketch = Sketch::new();
    let node = sketch.component("node", Kind::External, 1, &[("work", exp_ms(1.0))]);
    let branches = (0..copies).map(|_| vec![call(node, vec![])]).collect();
    sketch.flow(1000.0, vec![Action::AtOnce { need, branches }]);
    let report = run_for(&mut sketch, REQUESTS);
    let mean: f64 = (copies - need + 1..=copies).map(|left| 1.0 / f64::from(left)).sum();
    latency(&format!("{need} of {copies}"), &report, &[("mean", mean)], 0.05);
}

/// A balanced component of single servers of 1 ms.
fn balanced(policy: &str, servers: u32, utilisation: f64) -> Sketch {
    let mut sketch = Sketch::new();
    let lb = sketch.component("lb", Kind::LoadBalancer, 1, &[("policy", word(policy))]);
    let values = [("work", exp_ms(1.0)), ("cores", number(1.0)), ("queue", number(1e6))];
    let api = sketch.component("api", Kind::Service, servers, &values);
    sketch.flow(utilisation * f64::from(servers) * 1e3, vec![call(lb, vec![call(api, vec![])])]);
    sketch
}

fn two_choices(utilisation: f64) {
    // The limit for many servers (Mitzenmacher 1996); at 500 and up to 0.8 it is within half a percent.
    let mean: f64 = (1..12).map(|i| utilisation.powi((1 << i) - 2)).sum();
    let report = run_for(&mut balanced("two-choices", 500, utilisation), 4.0 * REQUESTS);
    close(&format!("two choices at {utilisation}"), report.flows[0].latency.mean * 1e3, mean, 0.015);
}

fn in_turn((servers, utilisation): (u32, f64)) {
    // Every k-th arrival of a Poisson stream: Erlang gaps, so a GI/M/1 queue.
    let stages = f64::from(servers);
    let transform = |s: f64| (stages * utilisation / (stages * utilisation + s)).powf(stages);
    let sigma = (0..2000).fold(0.5, |sigma, _| transform(1.0 - sigma));
    let report = run_for(&mut balanced("round-robin", servers, utilisation), 4.0 * REQUESTS);
    let expected =
        [("mean", 1.0 / (1.0 - sigma)), ("p50", LN_2 / (1.0 - sigma)), ("p99", 100_f64.ln() / (1.0 - sigma))];
    latency(&format!("{servers} in turn at {utilisation}"), &report, &expected, 0.2);
}

/// Che's approximation, key by key: the hit ratio of LRU, and of FIFO and random replacement.
fn che(keys: u32, capacity: f64, zipf: f64, lru: bool) -> f64 {
    let weights: Vec<f64> = (1..=keys).map(|rank| libm::pow(f64::from(rank), -zipf)).collect();
    let total: f64 = weights.iter().sum();
    let held = |p: f64, t: f64| if lru { 1.0 - libm::exp(-p * t) } else { p * t / (1.0 + p * t) };
    let time = falls_to(-capacity, |t| -weights.iter().map(|w| held(w / total, t)).sum::<f64>());
    weights.iter().map(|w| w / total * held(w / total, time)).sum()
}

fn caches((keys, capacity, zipf): (u32, f64, f64)) {
    for (policy, lru) in [("lru", true), ("fifo", false), ("random", false)] {
        let mut sketch = Sketch::new();
        let values = [("memory", Value::Size(capacity)), ("item", Value::Size(1.0)), ("policy", word(policy))];
        let cache = sketch.component("cache", Kind::Cache, 1, &values);
        let origin = sketch.component("origin", Kind::External, 1, &[("work", fixed_ms(0.0))]);
        let flow = sketch.flow(10_000.0, vec![call(cache, vec![call(origin, vec![])])]);
        flow.keys = Popularity { keys: f64::from(keys), zipf, hot: 0.0 };
        let hits = run_for(&mut sketch, 2.0 * REQUESTS).components[1].hit_ratio.expect("a cache has a hit ratio");
        let expected = che(keys, capacity, zipf, lru);
        assert!((hits - expected).abs() < 0.005, "{policy} of {capacity} for {keys} at {zipf}: {hits} not {expected}");
    }
}

fn lifetimes((keys, zipf, rate, ttl): (u32, f64, f64, f64)) {
    let weights: Vec<f64> = (1..=keys).map(|rank| libm::pow(f64::from(rank), -zipf)).collect();
    let total: f64 = weights.iter().sum();
    let expected: f64 = weights
        .iter()
        .map(|weight| {
            let asked = rate * weight / total * ttl;
            weight / total * asked / (1.0 + asked)
        })
        .sum();
    let mut sketch = Sketch::new();
    let values = [("ttl", Value::Duration(ttl)), ("concurrency", number(1000.0))];
    let cache = sketch.component("cache", Kind::Cache, 1, &values);
    let origin = sketch.component("origin", Kind::External, 1, &[("work", fixed_ms(0.0))]);
    let flow = sketch.flow(rate, vec![call(cache, vec![call(origin, vec![])])]);
    flow.keys = Popularity { keys: f64::from(keys), zipf, hot: 0.0 };
    let hits = run_for(&mut sketch, 3.0 * REQUESTS).components[1].hit_ratio.expect("a cache has a hit ratio");
    assert!((hits - expected).abs() < 0.005, "{keys} keys at {zipf}, {rate}/s, {ttl} s: {hits} not {expected}");
}

fn single_token((rate, limit): (f64, f64)) {
    // A bucket of one token is a server of fixed work without a queue.
    let mut sketch = Sketch::new();
    let values = [("limit", Value::Rate(limit)), ("burst", number(1.0))];
    let gateway = sketch.component("gateway", Kind::Gateway, 1, &values);
    sketch.flow(rate, vec![call(gateway, vec![])]);
    let report = run_for(&mut sketch, REQUESTS);
    close(&format!("{rate}/s at {limit}/s"), report.flows[0].error_ratio, erlang_b(1, rate / limit), 0.02);
}

/// A caller that fails so often at a place.
fn failing(share: f64, link: &[(&str, Value)]) -> Sketch {
    let mut sketch = Sketch::new();
    let api = sketch.component("api", Kind::External, 1, &[("errors", Value::Ratio(share))]);
    sketch.link(ComponentId(0), api, link);
    sketch.flow(1000.0, vec![call(api, vec![])]);
    sketch
}

fn retries((fails, attempts): (f64, i32)) {
    let mut sketch = failing(fails, &[("retry", number(f64::from(attempts - 1)))]);
    let report = run_for(&mut sketch, REQUESTS);
    let what = format!("{attempts} attempts that fail at {fails}");
    let lost = fails.powi(attempts);
    let amplification = report.components[1].arrivals_per_s / report.flows[0].offered_per_s;
    close(&what, amplification, (1.0 - lost) / (1.0 - fails), 0.01);
    assert!((report.flows[0].error_ratio - lost).abs() < 0.005, "{what}: {}", report.flows[0].error_ratio);
}

fn breaker((fails, in_a_row, open_s, rate): (f64, i32, f64, f64)) {
    let link = [("breaker", number(f64::from(in_a_row))), ("breaker-open", Value::Duration(open_s))];
    let mut sketch = failing(fails, &link);
    sketch.design.flows[0].load = Load::Open { rate, arrivals: Arrivals::Poisson };
    let report = run_for(&mut sketch, 4.0 * REQUESTS);
    let errors = report.flows[0].errors.iter();
    let refused: u64 = errors.filter(|error| error.reason.contains("breaker")).map(|error| error.count).sum();
    let closed = (1.0 - fails.powi(in_a_row)) / (fails.powi(in_a_row) * (1.0 - fails));
    let open = rate * open_s / (1.0 - fails);
    let expected = open / (closed + open + 1.0 / (1.0 - fails));
    let measured = refused as f64 / (report.flows[0].offered_per_s * report.simulated_s);
    close(&format!("a breaker of {in_a_row} at {fails}"), measured, expected, 0.03);
}

fn hedges(delay: f64) {
    let mut sketch = Sketch::new();
    let api = sketch.component("api", Kind::External, 1, &[("work", exp_ms(1.0))]);
    sketch.link(ComponentId(0), api, &[("hedge", fixed_ms(delay))]);
    sketch.flow(1000.0, vec![call(api, vec![])]);
    let report = run_for(&mut sketch, REQUESTS);
    let late = libm::exp(-delay);
    let p99 = if delay > 100_f64.ln() { 100_f64.ln() } else { f64::midpoint(100_f64.ln(), delay) };
    latency(&format!("a hedge after {delay} ms"), &report, &[("mean", 1.0 - late / 2.0), ("p99", p99)], 0.05);
    let load = report.components[1].arrivals_per_s / report.flows[0].offered_per_s;
    close(&format!("a hedge's load after {delay} ms"), load, 1.0 + late, 0.02);
}

fn batches((size, utilisation): (u32, f64)) {
    let mut sketch = Sketch::new();
    let api = pool(&mut sketch, "api", 1, exp_ms(1.0));
    let load = Load::Open { rate: utilisation * 1e3, arrivals: Arrivals::Batch(size) };
    sketch.load(load, vec![call(api, vec![])]);
    let report = run_for(&mut sketch, 6.0 * REQUESTS);
    let mean = f64::midpoint(1.0, f64::from(size)) / (1.0 - utilisation);
    latency(&format!("batches of {size} at {utilisation}"), &report, &[("mean", mean)], 0.2);
}

fn stale_replicas((writes, lag): (f64, f64)) {
    let mut sketch = Sketch::new();
    let values = [
        ("concurrency", number(1000.0)),
        ("replicas", number(1.0)),
        ("lag", Value::Duration(lag)),
        ("read-from", word("replicas")),
    ];
    let db = sketch.component("db", Kind::Sql, 1, &values);
    sketch.flow(20.0 * writes, vec![call(db, vec![])]);
    sketch.flow(writes, vec![Action::Call(visit(db, Operation::Write, vec![]))]);
    let report = run_for(&mut sketch, 3.0 * REQUESTS);
    let what = format!("{writes} writes a second, {lag} s behind");
    close(&what, extra(&report, 1, "stale reads"), 1.0 - libm::exp(-writes * lag), 0.03);
}

/// Ways to choose `k` of `n`.
fn choose(n: u32, k: u32) -> f64 {
    (0..k).map(|i| f64::from(n - i) / f64::from(k - i)).product()
}

fn partial_quorums((copies, reads, writes): (u32, u32, u32)) {
    let mut sketch = Sketch::new();
    let values = [
        ("concurrency", number(1000.0)),
        ("replicas", number(f64::from(copies))),
        ("r", number(f64::from(reads))),
        ("w", number(f64::from(writes))),
        ("lag", Value::Duration(1e6)),
    ];
    let kv = sketch.component("kv", Kind::Kv, copies, &values);
    sketch.flow(1000.0, vec![call(kv, vec![])]);
    sketch.flow(10.0, vec![Action::Call(visit(kv, Operation::Write, vec![]))]);
    let report = run_for(&mut sketch, REQUESTS);
    let missed = choose(copies - writes, reads) / choose(copies, reads);
    close(&format!("{reads} and {writes} of {copies}"), extra(&report, 1, "stale reads"), missed, 0.03);
}

/// A closed loop by mean value analysis.
fn users((users, think_s, demands): (u32, f64, &[f64])) {
    let mut queues = vec![0.0; demands.len()];
    let mut throughput = 0.0;
    for n in 1..=users {
        let times: Vec<f64> = queues.iter().zip(demands).map(|(queue, demand)| demand * (1.0 + queue)).collect();
        throughput = f64::from(n) / (think_s + times.iter().sum::<f64>());
        queues = times.iter().map(|time| throughput * time).collect();
    }
    let mut sketch = Sketch::new();
    let path = demands.iter().map(|demand| call(pool(&mut sketch, "station", 1, exp_ms(demand * 1e3)), vec![]));
    let path: Vec<Action> = path.collect();
    sketch.load(Load::Closed { users, think: Distribution::Exponential { mean: think_s } }, path);
    let report = sketch.run(REQUESTS / throughput, 100.0);
    let what = format!("{users} users of {demands:?}");
    close(&what, report.flows[0].completed_per_s, throughput, 0.015);
    close(&what, report.flows[0].latency.mean, f64::from(users) / throughput - think_s, 0.03);
}

fn replicas_up((all, need, up): (u32, u32, f64)) {
    let mut sketch = Sketch::new();
    let replica = sketch.component("replica", Kind::External, 1, &[("errors", Value::Ratio(1.0 - up))]);
    let branches = (0..all).map(|_| vec![call(replica, vec![])]).collect();
    sketch.flow(1000.0, vec![Action::AtOnce { need, branches }]);
    let available: f64 =
        (need..=all).map(|k| choose(all, k) * up.powi(k as i32) * (1.0 - up).powi((all - k) as i32)).sum();
    let report = run_for(&mut sketch, 2.0 * REQUESTS);
    close(&format!("{need} of {all} at {up}"), report.flows[0].error_ratio, 1.0 - available, 0.08);
}

fn backoffs((base, retries, jitter, share): (f64, i32, &str, f64)) {
    let link = [("retry", number(f64::from(retries))), ("backoff", Value::Duration(base)), ("jitter", word(jitter))];
    // Failures have no latency in the report: a closed loop of users shows how long each round took.
    let mut sketch = failing(1.0, &link);
    sketch.design.flows[0].load = Load::Closed { users: 2000, think: Distribution::Exponential { mean: 1.0 } };
    aim(&mut sketch.design.flows[0]);
    let report = sketch.run(100.0, 20.0);
    let round = 2000.0 / report.flows[0].offered_per_s - 1.0;
    close(
        &format!("{retries} backoffs of {base} s, jitter {jitter}"),
        round,
        share * base * (2_f64.powi(retries) - 1.0),
        0.02,
    );
}

/// A check at one point of a family.
type Point = Box<dyn Fn() + Send + Sync>;

/// The checks of all points, each with a name for its family.
fn points() -> Vec<(&'static str, Point)> {
    let mut all: Vec<(&'static str, Point)> = Vec::new();
    macro_rules! at {
        ($check:ident: $($point:expr),+ $(,)?) => {
            $(all.push((stringify!($check), Box::new(|| $check($point))));)+
        };
    }
    at!(several_servers: (1, 0.3), (1, 0.7), (1, 0.8), (3, 0.6), (5, 0.9), (32, 0.85), (64, 0.7));
    at!(without_a_queue: (1, 0.5), (3, 2.0), (50, 55.0));
    at!(with_a_short_queue: (2, 3, 1.5), (1, 2, 2.0), (8, 8, 9.0));
    at!(any_work:
        (fixed_ms(1.0), 1.0, 1.0, 0.8),
        (Value::Distribution(Distribution::Uniform { low: 0.0, high: 2e-3 }), 1.0, 4.0 / 3.0, 0.7),
        (Value::Distribution(Distribution::Erlang { k: 3, mean: 1e-3 }), 1.0, 4.0 / 3.0, 0.6),
        (Value::Distribution(Distribution::Hyperexponential { p1: 0.9, mean1: 0.5e-3, mean2: 5.5e-3 }), 1.0, 6.5, 0.6),
    );
    at!(sharing: 0.3, 0.8);
    at!(last_come_first_served: 0.7);
    at!(classes: [0.2, 0.2, 0.3], [0.1, 0.5, 0.2]);
    at!(in_a_row: &[(2, 2.0), (3, 3.0)], &[(1, 1.0), (4, 4.0), (1, 0.5)]);
    at!(fork_join: 0.3, 0.8);
    at!(first_of_many: (7, 2), (5, 5), (5, 3), (3, 2));
    at!(two_choices: 0.6, 0.75);
    at!(in_turn: (3, 0.7), (16, 0.8));
    at!(caches: (20_000, 500.0, 0.7), (50_000, 5000.0, 0.9), (200_000, 2000.0, 1.1));
    at!(lifetimes: (1000, 0.8, 1000.0, 5.0), (50_000, 1.1, 2000.0, 30.0), (100, 0.0, 10.0, 3.0));
    at!(single_token: (50.0, 100.0), (300.0, 100.0));
    at!(retries: (0.3, 5), (0.7, 2), (0.05, 4));
    at!(breaker: (0.6, 3, 2.0, 100.0), (0.3, 2, 1.0, 200.0));
    at!(hedges: 1.0, 2.0, 4.0);
    at!(batches: (5, 0.6), (20, 0.5));
    at!(stale_replicas: (10.0, 0.02), (2.0, 0.5));
    at!(partial_quorums: (5, 1, 3), (7, 3, 3), (3, 2, 1));
    at!(users: (10, 0.5, &[0.05]), (40, 1.0, &[0.02, 0.015]));
    at!(replicas_up: (4, 2, 0.9), (3, 3, 0.97));
    at!(backoffs: (0.05, 4, "full", 0.5), (0.1, 3, "equal", 0.75), (0.2, 2, "none", 1.0));
    all
}

#[test]
fn unlisted_points_of_the_families_hold() {
    let points = points();
    let failures: Vec<String> = points
        .par_iter()
        .filter_map(|(family, check)| {
            let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(check)).err()?;
            Some(format!("{family}: {}", panic.downcast_ref::<String>().map_or("failed", String::as_str)))
        })
        .collect();
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), points.len(), failures.join("\n"));
}
