//! Whole designs in the language.

use super::text::simulate;

#[test]
fn a_link_shortener_meets_its_targets_with_its_cache_and_misses_without() {
    let with = "
        set for 20s
        edge:  cdn, ttl 24h, memory 1GB
        api:   service x12, work 2ms
        cache: cache x3, ttl 24h, memory 4GB
        db:    sql, replicas 2, shards 4

        GET /{code} @ 5k/s, keys 10M zipf 0.9, p99 < 100ms, errors < 0.1%:
            web -> edge -> lb -> api -> cache -> db
        POST /links @ 100/s, p99 < 300ms:
            web -> lb -> api -> ids, db
            api ~> clicks: stream -> counter: worker x4 -> db

        api -> db: timeout 200ms, retry 2, backoff 50ms, jitter full

        at 10s: kill cache/0 for 2s
    ";
    let report = simulate(with);
    for component in &report.components {
        println!(
            "{:10} {:8.1}/s util {:.3} hit {:?} wait {:.5}",
            component.name, component.arrivals_per_s, component.utilisation, component.hit_ratio, component.wait_mean
        );
    }
    for flow in &report.flows {
        println!("{} {:?} {:?} {:?}", flow.name, flow.latency, flow.errors, flow.targets);
    }
    println!("{:?} {:?}", report.bottleneck, report.notes);
    assert!(report.targets_met());
}
