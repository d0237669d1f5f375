//! How fast a long review log is there: 100,000 reviews from the disk's bytes to what is known of every card. `cargo bench --bench reviews`.
//!
//! The bar is 200 ms for all of it.

#![allow(clippy::disallowed_methods, reason = "a bench makes the file that it reads")]

use divan::{Bencher, counter::ItemsCount};
use dryrun::cards::statistics::statistics;
use dryrun::cards::{Histories, Options};
use dryrun::clock::Timestamp;
use dryrun::store::read_reviews;

const REVIEWS: usize = 100_000;
const CARDS: usize = 2_000;

fn main() {
    divan::main();
}

/// A log as it stands on the disk: some years of evenings over 2,000 cards, with an undo now and then.
fn log() -> Vec<u8> {
    let mut text = String::new();
    let mut chance = 1_u64;
    for id in 0..REVIEWS {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let roll = chance >> 33;
        let at = Timestamp(1_600_000_000_000 + id as i64 * 1_200_000).to_rfc3339();
        if id % 500 == 499 {
            text.push_str(&format!("{{\"v\":1,\"id\":{id},\"undo\":{},\"at\":\"{at}\"}}\n", id - 1));
            continue;
        }
        let (card, grade, took) =
            (roll as usize % CARDS, [1, 2, 3, 3, 3, 3, 3, 4][roll as usize / 7 % 8], roll % 20_000);
        text.push_str(&format!(
            "{{\"v\":1,\"id\":{id},\"card\":\"some-technology/card-{card}\",\"at\":\"{at}\",\"grade\":{grade},\"took_ms\":{took}}}\n"
        ));
    }
    text.into_bytes()
}

/// The lines as entries.
#[divan::bench(sample_count = 20)]
fn a_read(bencher: Bencher) {
    let bytes = log();
    bencher.counter(ItemsCount::new(REVIEWS)).bench_local(|| read_reviews(&bytes));
}

/// The entries as what is known of each card.
#[divan::bench(sample_count = 20)]
fn b_replay(bencher: Bencher) {
    let log = read_reviews(&log()).entries;
    bencher.counter(ItemsCount::new(REVIEWS)).bench_local(|| Histories::replay(&log, Options::default()));
}

/// From the file on the disk to what is known of each card: what a start of `dryrun cards` waits for.
#[divan::bench(sample_count = 20)]
fn c_load(bencher: Bencher) {
    let folder = tempfile::tempdir().expect("a folder for the bench");
    let path = folder.path().join("reviews.jsonl");
    std::fs::write(&path, log()).expect("the folder was just made");
    bencher.counter(ItemsCount::new(REVIEWS)).bench_local(|| {
        let bytes = std::fs::read(&path).expect("the file was just written");
        Histories::replay(&read_reviews(&bytes).entries, Options::default())
    });
}

/// Everything that the statistics show.
#[divan::bench(sample_count = 20)]
fn d_statistics(bencher: Bencher) {
    let log = read_reviews(&log()).entries;
    let now = Timestamp(1_600_000_000_000 + REVIEWS as i64 * 1_200_000);
    bencher.counter(ItemsCount::new(REVIEWS)).bench_local(|| statistics(&[], &log, &Options::default(), now));
}
