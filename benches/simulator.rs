//! How fast the simulator is, through the whole product: a design's text compiled against the embedded cards, lowered, simulated with all
//! statistics and reported; beside odem-rs and desru, each with the same model, in the same run. `cargo bench --bench simulator`.
//!
//! Rounds alternate between the engines, and the least processor time counts: the machine may have other work. `DRYRUN_BENCH` sets the
//! customers of a run (a million) and `DRYRUN_ROUNDS` the rounds (5).

#![allow(clippy::print_stdout, reason = "a bench prints what it measured")]

#[path = "simulator/desru.rs"]
mod desru;
#[path = "simulator/model.rs"]
mod model;
#[path = "simulator/odem.rs"]
mod odem;
#[path = "simulator/timing.rs"]
mod timing;

use dryrun::{
    content::{Bank, Files},
    design::{Design, compile},
    sim::{Options, Report, run},
    source::Severity,
};
use model::{Model, Tier};
use timing::{least, processor_seconds, setting};

/// (a) One M/M/1 at 0.8.
const A: &str = "\
set network none
api: service, cores 1, work exp 1ms, queue 10M
GET /a @ 800/s: users -> api
";

/// (b) Three M/M/4 in tandem at 0.8.
const B: &str = "\
set network none
one: service, cores 4, work exp 1ms, queue 10M
two: service, cores 4, work exp 1ms, queue 10M
three: service, cores 4, work exp 1ms, queue 10M
GET /b @ 3.2k/s: users -> one -> two -> three
";

/// (c) A balancer over servers of 4 by least connections, a cache that answers nine of ten, a database; `k` times the size, with
/// what every link says.
fn web_tier(k: u32, link: &str) -> String {
    let link = if link.is_empty() {
        String::new()
    } else {
        ["users -> lb", "lb -> app", "lb -> cache", "lb -> db"].map(|arrow| format!("{arrow}: {link}\n")).concat()
    };
    format!(
        "set network none
lb: load-balancer, policy least-connections, work fixed 0ms
app: service x{}, cores 4, work exp 5ms, queue 10M
cache: service, cores 1, work exp {}us, queue 10M
db: service, cores {}, work exp 25ms, queue 10M
GET /c @ {}/s: users -> lb -> (app, cache, 10% db)
{link}",
        8 * k,
        100.0 / f64::from(k),
        16 * k,
        5120 * k,
    )
}

fn model(rate: f64, tiers: &[(usize, u32, f64, f64)], customers: u64) -> Model {
    let tier =
        |&(instances, servers, mean_ms, share): &(usize, u32, f64, f64)| Tier { instances, servers, mean_ms, share };
    Model { rate, tiers: tiers.iter().map(tier).collect(), customers }
}

/// A design's text made a design; a mistake in it is a mistake of this bench.
fn compiled(text: &str, bank: &Bank) -> (Design, Options) {
    let compiled = compile(text, bank.catalogue());
    let wrong = compiled.diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
    assert!(wrong.is_none(), "{wrong:?}\n{text}");
    let options = Options::of(&compiled.design).with_network(bank.catalogue().network());
    (compiled.design, options)
}

/// From the text to the report, for so many seconds.
fn through_the_product(text: &str, bank: &Bank, simulated_s: f64) -> Report {
    let (design, options) = compiled(text, bank);
    run(&design, &Options { simulated_s, warmup_s: 0.0, exact: true, ..options })
}

fn main() {
    let bank = Bank::new(Files::embedded(Vec::new()));
    let customers = setting("DRYRUN_BENCH", 1_000_000);
    let rounds = setting("DRYRUN_ROUNDS", 5);
    peers(&bank, customers, rounds);
    large(&bank, customers, rounds);
    timeouts(&bank, customers, rounds);
    replications(&bank, customers, rounds);
}

fn peers(bank: &Bank, customers: u64, rounds: u64) {
    let cases = [
        ("(a) M/M/1", A.to_string(), model(0.8, &[(1, 1, 1.0, 1.0)], customers)),
        ("(b) tandem", B.to_string(), model(3.2, &[(1, 4, 1.0, 1.0); 3], customers)),
        (
            "(c) web tier",
            web_tier(1, ""),
            model(5.12, &[(8, 4, 5.0, 1.0), (1, 1, 0.1, 1.0), (1, 16, 25.0, 0.1)], customers),
        ),
    ];
    println!(
        "{customers} customers, least processor time of {rounds} rounds, million customers a second of one thread"
    );
    println!("{:14} {:>8} {:>8} {:>8}   {:>9} {:>9}", "", "dryrun", "odem-rs", "desru", "/ odem-rs", "/ desru");
    for (name, text, model) in cases {
        let simulated_s = customers as f64 / (model.rate * 1e3);
        let engines: [&dyn Fn() -> f64; 3] = [
            &|| through_the_product(&text, bank, simulated_s).flows[0].latency.mean * 1e3,
            &|| odem::run(model.clone()).latency.mean() / 1e6,
            &|| desru::run(model.clone()).latency.mean() / 1e6,
        ];
        let mut best = [f64::INFINITY; 3];
        for _ in 0..rounds {
            let mut means = [0.0; 3];
            for (at, engine) in engines.iter().enumerate() {
                let before = processor_seconds();
                means[at] = engine();
                best[at] = best[at].min(processor_seconds() - before);
            }
            // Engines that simulate different things are not compared.
            for mean in means {
                assert!((mean / means[0] - 1.0).abs() < 0.1, "{name}: mean latencies {means:?} ms");
            }
        }
        let [own, odem, desru] = best.map(|seconds| customers as f64 / seconds / 1e6);
        println!("{name:14} {own:8.2} {odem:8.2} {desru:8.2}   {:8.2}x {:8.2}x", own / odem, own / desru);
    }
}

/// A million requests a second through (c) at 1,560 servers, for as long (four seconds where nothing else is set) that the third of a
/// second which the last requests take after it counts for little.
fn large(bank: &Bank, customers: u64, rounds: u64) {
    let text = web_tier(195, "");
    let simulated_s = (4.0 * customers as f64 / 998_400.0).max(0.5);
    let seconds = least(rounds, || {
        through_the_product(&text, bank, simulated_s);
    });
    println!("(c) at 998.4k/s, 1,560 servers, exact: {:.2} times real time", simulated_s / seconds);
}

/// What a timeout on every call costs.
fn timeouts(bank: &Bank, customers: u64, rounds: u64) {
    for k in [1, 195] {
        let simulated_s = customers as f64 / (5120.0 * f64::from(k));
        let [without, with] = ["", "timeout 1s"].map(|link| {
            let text = web_tier(k, link);
            least(rounds, || {
                through_the_product(&text, bank, simulated_s);
            })
        });
        println!("(c) times {k} with a timeout on every call: {:+.1}% time", (with / without - 1.0) * 100.0);
    }
}

/// Two seeds on two threads against one after the other, by the wall clock: it needs both cores for itself.
fn replications(bank: &Bank, customers: u64, rounds: u64) {
    let (design, options) = compiled(&web_tier(1, ""), bank);
    let simulated_s = customers as f64 / 5120.0;
    let replication = |seed| run(&design, &Options { simulated_s, warmup_s: 0.0, seed, ..options.clone() });
    let (mut one, mut two) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..rounds {
        one = one.min(timing::wall(|| {
            replication(1);
            replication(2);
        }));
        two = two.min(timing::wall(|| {
            rayon::join(|| replication(1), || replication(2));
        }));
    }
    println!("two replications of (c) on two cores: {:.2} times as fast as on one", one / two);
}
