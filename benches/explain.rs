//! How long an explanation takes: every change of a design of twelve components tried. `cargo bench --bench explain`.

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

use divan::Bencher;
use dryrun::content::{Bank, Files};
use dryrun::design::{Compiled, compile};
use dryrun::sim::{Options, explain, run};

const DESIGN: &str = "
web:     client
lb:      load-balancer x2
gate:    gateway x2
api:     service x12, work 2ms
users:   service x4, work 1ms
feed:    service x6, work 2ms
cache:   redis x3, memory 4GB, item 1KB
db:      postgres, replicas 2
posts:   kv x6
events:  kafka x3, partitions 24
fan-out: worker x8, work 1ms
search:  search
GET /feed @ 4k/s, keys 10M zipf 0.9, p99 < 100ms, errors < 0.1%: web -> lb -> gate -> api -> feed -> cache -> posts
GET /search @ 300/s, p99 < 300ms: web -> lb -> gate -> api -> search
POST /posts @ 900/s, p99 < 150ms, errors < 0.1%: web -> lb -> gate -> api -> users, db, posts
    api ~> events -> fan-out -> cache
api -> db: timeout 300ms, retry 2, backoff 20ms, jitter full
";

fn main() {
    divan::main();
}

/// What-if over twelve components.
#[divan::bench(sample_count = 5)]
fn what_if(bencher: Bencher) {
    let bank = Bank::new(Files::embedded(Vec::new()));
    let Compiled { design, diagnostics } = compile(DESIGN, bank.catalogue());
    assert_eq!(design.components.len(), 12, "{diagnostics:#?}");
    let options = Options::of(&design).with_network(bank.catalogue().network());
    let report = run(&design, &options);
    let tried = explain::what_if(&design, &options, bank.catalogue(), &report, &|| true);
    println!("{} changes, targets met: {}", tried.map_or(0, |tried| tried.trials.len()), report.targets_met());
    bencher.bench_local(|| explain::what_if(&design, &options, bank.catalogue(), &report, &|| true));
}
