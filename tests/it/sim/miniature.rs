//! The miniature against the exact run: what it shows of every reference design, what it may not cut down, what adds up.

use dryrun::{
    content::{Bank, Files},
    design::{Design, Load, compile},
    sim::{Options, run},
};

/// Requests of an exact run.
const REQUESTS: f64 = 150_000.0;
/// Latencies that a percentile wants before two runs' are compared.
const ENOUGH: u64 = 4_000;

fn reference(name: &str) -> (Design, Options) {
    let bank = Bank::new(Files::embedded(Vec::new()));
    let problem = bank.problem(name).expect("the problem is in the bank");
    let compiled = compile(&problem.reference, bank.catalogue());
    let options = Options::of(&compiled.design).with_network(bank.catalogue().network());
    (compiled.design, options)
}

fn offered(design: &Design) -> f64 {
    let rates = design.flows.iter().map(|flow| match &flow.load {
        Load::Open { rate, .. } => *rate,
        Load::Closed { users, .. } => f64::from(*users),
    });
    rates.sum()
}

#[test]
fn print() {
    let only = std::env::var("ONLY").ok();
    let scale: f64 = std::env::var("SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(4.0);
    let factor: f64 = std::env::var("REQ").ok().and_then(|s| s.parse().ok()).unwrap_or(REQUESTS);
    for problem in Bank::new(Files::embedded(Vec::new())).problems() {
        if only.as_ref().is_some_and(|only| only != &problem.id) { continue; }
        let (design, options) = reference(&problem.id);
        let simulated_s = factor / offered(&design);
        let options = Options { simulated_s, warmup_s: (simulated_s * 0.5).min(1.0), ..options };
        let t = std::time::Instant::now();
        let exact = run(&design, &Options { exact: true, ..options.clone() });
        let te = t.elapsed();
        let t = std::time::Instant::now();
        let small = run(&design, &Options { scale: Some(scale), ..options });
        println!("=== {} {simulated_s:.3}s scale {} events {} -> {} wall {te:?} -> {:?}", problem.id, small.scale, exact.events, small.events, t.elapsed());
        for note in &small.notes { println!("   {note}"); }
        for (a, b) in exact.flows.iter().zip(&small.flows) {
            println!("  {:28} {:>9.0} {:>9.0}  p50 {:.3} {:.3} ms {:+.1}%  p99 {:.3} {:.3} {:+.1}%  lag {:?} {:?} n {} {} err {:.4} {:.4}", a.name, a.offered_per_s, b.offered_per_s,
                a.latency.p50*1e3, b.latency.p50*1e3, (b.latency.p50/a.latency.p50-1.)*100., a.latency.p99*1e3, b.latency.p99*1e3, (b.latency.p99/a.latency.p99-1.)*100.,
                a.lag.as_ref().map(|l| (l.p99*1e3) as i64), b.lag.as_ref().map(|l| (l.p99*1e3) as i64), a.latency.count, b.latency.count, a.error_ratio, b.error_ratio);
        }
        for (a, b) in exact.components.iter().zip(&small.components) {
            println!("    {:14} x{:<4} {:>9.0} {:>9.0} util {:.3} {:.3} queue {:.3} {:.3} wait {:.2} {:.2} us hit {:?} {:?} rej {} {}", a.name, b.instances, a.arrivals_per_s, b.arrivals_per_s, a.utilisation, b.utilisation, a.queue_mean, b.queue_mean, a.wait_mean*1e6, b.wait_mean*1e6, a.hit_ratio.map(|h| (h*1e4).round()/1e4), b.hit_ratio.map(|h| (h*1e4).round()/1e4), a.rejected, b.rejected);
        }
    }
}
