//! How fast the simulator runs, through the whole product: a design lowered, simulated and reported. `cargo bench --bench simulator`.

#[path = "../tests/it/sim/sketch.rs"]
#[allow(dead_code, reason = "the benches use a part of the tests' sketches")]
mod sketch;

use divan::{Bencher, counter::ItemsCount};
use dryrun::sim::{Options, run};
use sketch::{Sketch, call, exp_ms, pool, web_tier};

/// Customers of one iteration.
const CUSTOMERS: f64 = 2e6;

fn main() {
    divan::main();
}

/// Runs a design for so many customers.
fn customers(bencher: Bencher, sketch: &Sketch, rate: f64) {
    let options = Options { simulated_s: CUSTOMERS / rate, warmup_s: 0.0, ..Options::of(&sketch.design) };
    bencher.counter(ItemsCount::new(CUSTOMERS as usize)).bench_local(|| run(&sketch.design, &options));
}

/// (a) One M/M/1 at 0.8.
#[divan::bench(sample_count = 7)]
fn a_mm1(bencher: Bencher) {
    let mut sketch = Sketch::new();
    let api = pool(&mut sketch, "api", 1, exp_ms(1.0));
    sketch.flow(800.0, vec![call(api, vec![])]);
    customers(bencher, &sketch, 800.0);
}

/// (b) Three M/M/4 in tandem at 0.8.
#[divan::bench(sample_count = 7)]
fn b_tandem(bencher: Bencher) {
    let mut sketch = Sketch::new();
    let [c, b, a] = ["c", "b", "a"].map(|name| pool(&mut sketch, name, 4, exp_ms(1.0)));
    sketch.flow(3200.0, vec![call(a, vec![call(b, vec![call(c, vec![])])])]);
    customers(bencher, &sketch, 3200.0);
}

/// (c) Balancer, least connections over `k` times 8 servers of 4, cache, a tenth to the database.
#[divan::bench(sample_count = 7, args = [1, 195])]
fn c_web_tier(bencher: Bencher, k: u32) {
    customers(bencher, &web_tier(k), 5120.0 * f64::from(k));
}
