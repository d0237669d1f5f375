//! Whole designs in the language.

use super::text::simulate;

/// A link shortener under a fortieth of its load, with or without its cache.
fn link_shortener(cached: bool) -> String {
    let cache = if cached { "cache -> " } else { "" };
    format!(
        "
        set for 20s
        api:   service x12, work 2ms
        cache: cache x3, ttl 24h, memory 4GB
        db:    sql, replicas 2, read 20ms

        GET /{{code}} @ 12k/s, keys 10M zipf 0.9, p99 < 100ms, errors < 0.1%:
            web -> lb -> api -> {cache}db
        POST /links @ 100/s, p99 < 300ms:
            web -> lb -> api -> ids, db
            api ~> clicks: stream -> counter: worker x4 -> db

        api -> db: timeout 200ms, retry 2, backoff 50ms, jitter full
    "
    )
}

#[test]
fn a_link_shortener_meets_its_targets_with_its_cache_and_misses_without() {
    let report = simulate(&link_shortener(true));
    assert!(report.targets_met(), "{:#?}", report.flows);
    let report = simulate(&link_shortener(false));
    assert!(!report.targets_met(), "{:#?}", report.flows);
    let (component, sentence) = report.bottleneck.expect("something is overloaded");
    assert_eq!(report.components[component.0 as usize].name, "db", "{sentence}");
}
