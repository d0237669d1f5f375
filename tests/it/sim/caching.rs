//! Caches against Che's approximation and the TTL formula.

use dryrun::design::{Kind, Popularity, Value};

use super::sketch::{Sketch, call, fixed_ms, pool};

/// The hit ratio of an LRU cache of `capacity` items over Zipf keys.
fn lru(keys: f64, capacity: f64, zipf: f64, policy: &str) -> f64 {
    let mut sketch = Sketch::new();
    let size = |bytes: f64| Value::Size(bytes);
    let values = [("memory", size(capacity * 100.0)), ("item", size(100.0)), ("policy", super::sketch::word(policy))];
    let cache = sketch.component("cache", Kind::Cache, 1, &values);
    let db = pool(&mut sketch, "db", 1000, fixed_ms(0.0));
    sketch.flow(10_000.0, vec![call(cache, vec![call(db, vec![])])]).keys = Popularity { keys, zipf, hot: 0.0 };
    let report = sketch.run(60.0, 5.0);
    report.components[1].hit_ratio.expect("a cache has a hit ratio")
}

#[track_caller]
fn check(keys: f64, capacity: f64, zipf: f64, policy: &str, expected: f64) {
    let measured = lru(keys, capacity, zipf, policy);
    assert!((measured - expected).abs() < 0.005, "{policy} {keys} {capacity} {zipf}: {measured} not {expected}");
}

#[test]
fn lru_under_zipf_follows_che() {
    check(1e5, 1e3, 0.6, "lru", 0.053_56);
    check(1e5, 1e3, 0.8, "lru", 0.204_33);
    check(1e5, 1e3, 1.0, "lru", 0.506_17);
    check(1e5, 1e3, 1.2, "lru", 0.795_33);
}

#[test]
fn a_million_keys_are_simulated_by_their_neighbours() {
    check(1e6, 1e4, 0.6, "lru", 0.058_01);
    check(1e6, 1e4, 0.8, "lru", 0.231_91);
    check(1e6, 1e4, 1.0, "lru", 0.585_14);
    check(1e6, 1e4, 1.2, "lru", 0.875_36);
}

#[test]
fn fifo_and_random_have_their_own_ratio() {
    check(1e5, 1e3, 1.0, "fifo", 0.464_79);
    check(1e5, 1e3, 1.0, "random", 0.464_79);
}

#[test]
fn an_entry_lives_for_its_ttl() {
    let mut sketch = Sketch::new();
    let cache = sketch.component("cache", Kind::Cache, 1, &[("ttl", Value::Duration(60.0))]);
    let db = pool(&mut sketch, "db", 1000, fixed_ms(0.0));
    sketch.flow(10_000.0, vec![call(cache, vec![call(db, vec![])])]).keys =
        Popularity { keys: 1e5, zipf: 0.9, hot: 0.0 };
    let report = sketch.run(120.0, 60.0);
    let hits = report.components[1].hit_ratio.expect("a cache has a hit ratio");
    assert!((hits - 0.892_040).abs() < 0.004, "{hits}");
}
