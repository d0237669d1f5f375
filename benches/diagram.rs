//! From text to figure: what happens at each keystroke in the design pane.

use divan::Bencher;
use dryrun::content::{Bank, Files};
use dryrun::design::{compile, diagram, format};

/// A shop of thirty boxes: seven flows, three of them with asynchronous parts.
const THIRTY: &str = include_str!("../tests/golden/design/graphs/29-thirty-boxes.dry");
/// A link shortener of nine.
const NINE: &str = include_str!("../tests/golden/design/graphs/26-link-shortener.dry");

fn main() {
    divan::main();
}

/// The catalogue that the program ships with.
fn bank() -> Bank {
    Bank::new(Files::embedded(Vec::new()))
}

#[divan::bench(args = [NINE, THIRTY])]
fn compile_and_lay_out(bencher: Bencher, text: &str) {
    let bank = bank();
    let catalogue = bank.catalogue();
    bencher.bench(|| diagram(&compile(divan::black_box(text), catalogue).design));
}

#[divan::bench(args = [NINE, THIRTY])]
fn lay_out(bencher: Bencher, text: &str) {
    let design = compile(text, bank().catalogue()).design;
    bencher.bench(|| diagram(divan::black_box(&design)));
}

/// A megabyte of short flows: reading is linear.
#[divan::bench(sample_count = 10)]
fn compile_a_megabyte(bencher: Bencher) {
    let line = "GET /x @ 5k/s, p99 < 100ms: web -> lb -> api -> cache -> db\n";
    let text = line.repeat(1_000_000 / line.len());
    let bank = bank();
    let catalogue = bank.catalogue();
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| compile(divan::black_box(&text), catalogue));
}

#[divan::bench(sample_count = 10)]
fn format_a_megabyte(bencher: Bencher) {
    let line = "web->lb->api->cache->db # way\n";
    let text = line.repeat(1_000_000 / line.len());
    bencher.counter(divan::counter::BytesCount::of_str(&text)).bench(|| format(divan::black_box(&text)));
}
