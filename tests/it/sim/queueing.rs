//! Queues against their closed forms.

use dryrun::sim::Report;

use super::sketch::{Sketch, call, exp_ms, pool, web_tier};

/// Asserts that two figures agree to a share.
#[track_caller]
pub fn close(what: &str, measured: f64, expected: f64, within: f64) {
    let off = measured / expected - 1.0;
    assert!(off.abs() <= within, "{what}: measured {measured}, expected {expected} ({:+.2}%)", off * 100.0);
}

/// The figure of that name among a component's own.
pub fn extra(report: &Report, component: usize, name: &str) -> f64 {
    let extra = &report.components[component].extra;
    extra.iter().find(|(known, _)| known == name).map_or(f64::NAN, |(_, value)| *value)
}

/// One station of `c` servers at 1 ms, at this utilisation.
fn mmc(c: u32, utilisation: f64, seconds: f64) -> Report {
    let mut sketch = Sketch::new();
    let api = pool(&mut sketch, "api", c, exp_ms(1.0));
    sketch.flow(utilisation * f64::from(c) * 1000.0, vec![call(api, vec![])]);
    sketch.run(seconds, 10.0)
}

#[test]
fn mm1_at_half_and_nine_tenths() {
    for (utilisation, seconds, within) in [(0.5, 2000.0, 0.02), (0.9, 4000.0, 0.06)] {
        let report = mmc(1, utilisation, seconds);
        let mean = 1e-3 / (1.0 - utilisation);
        let latency = &report.flows[0].latency;
        close("mean sojourn", latency.mean, mean, within);
        close("p50 sojourn", latency.p50, mean * 2.0_f64.ln(), within);
        close("p99 sojourn", latency.p99, mean * 100.0_f64.ln(), 2.0 * within);
        close("mean wait", report.components[1].wait_mean, utilisation * mean, within);
        close("p99 wait", extra(&report, 1, "wait p99"), mean * (100.0 * utilisation).ln(), 2.0 * within);
        close("utilisation", report.components[1].utilisation, utilisation, 0.01);
        close("queue", report.components[1].queue_mean, utilisation * utilisation / (1.0 - utilisation), 2.0 * within);
    }
}

#[test]
fn mmc_follows_erlang_c() {
    // (servers, utilisation, mean wait, p99 wait, mean sojourn, p99 sojourn) in service times.
    for (c, utilisation, wait, p99_wait, sojourn, p99) in [
        (2, 0.8, 1.777_777_778, 10.660_609, 2.777_777_778, 11.937_370_24),
        (8, 0.8, 0.286_028_078_4, 2.389_692_824, 1.286_028_078, 5.152_181_563),
        (16, 0.9, 0.369_589_621_2, 2.549_882_371, 1.369_589_621, 5.269_834_601),
    ] {
        let report = mmc(c, utilisation, 3_000_000.0 / (f64::from(c) * 1000.0 * utilisation));
        close("mean wait", report.components[1].wait_mean, wait / 1e3, 0.04);
        close("p99 wait", extra(&report, 1, "wait p99"), p99_wait / 1e3, 0.04);
        close("mean sojourn", report.flows[0].latency.mean, sojourn / 1e3, 0.02);
        close("p99 sojourn", report.flows[0].latency.p99, p99 / 1e3, 0.04);
    }
}

#[test]
fn a_tandem_of_three_is_the_sum_of_its_stages() {
    let mut sketch = Sketch::new();
    let c = pool(&mut sketch, "c", 1, exp_ms(1.0 / 0.7));
    let b = pool(&mut sketch, "b", 1, exp_ms(1.0 / 0.8));
    let a = pool(&mut sketch, "a", 1, exp_ms(1.0));
    sketch.flow(500.0, vec![call(a, vec![call(b, vec![call(c, vec![])])])]);
    let report = sketch.run(4000.0, 10.0);
    let latency = &report.flows[0].latency;
    close("mean", latency.mean, 10.333_333_33e-3, 0.02);
    close("p50", latency.p50, 9.022_518_263e-3, 0.02);
    close("p99", latency.p99, 30.838_829_93e-3, 0.04);
}

#[test]
fn the_web_tier_matches_the_prototype() {
    let report = web_tier(1).run(400.0, 5.0);
    let latency = &report.flows[0].latency;
    close("mean", latency.mean, 8.1213e-3, 0.01);
    close("p99", latency.p99, 66.82e-3, 0.02);
    for (component, utilisation) in [(2, 0.8), (3, 0.512), (4, 0.8)] {
        close("utilisation", report.components[component].utilisation, utilisation, 0.01);
    }
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let (one, other) = (web_tier(1).run(5.0, 1.0), web_tier(1).run(5.0, 1.0));
    assert_eq!(one, other);
}
