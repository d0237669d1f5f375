//! The search: reading the whole bank into its index, the first keystroke before that is there, and each keystroke of queries as people type them.
//!
//! `cargo bench --bench search` prints the median and the worst of each, and ends with status 1 if a keystroke takes longer than promised.

#![allow(clippy::print_stdout, reason = "a bench prints")]
#![allow(clippy::disallowed_methods, reason = "a bench measures wall time")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dryrun::content::{Bank, Files, excerpt};
use dryrun::tui::keymap::{Chord, Keymap};
use dryrun::tui::overlays::Overlay;
use ratatui::layout::Rect;

/// The longest a keystroke may take.
const PROMISED: Duration = Duration::from_millis(5);
/// Times the index is built.
const BUILDS: usize = 9;
/// Times each keystroke is repeated.
const REPEATS: usize = 20;
/// What is typed: names, words of the text, slips, nothing that is there, a whole sentence.
const QUERIES: &[&str] = &[
    "consistent hashing",
    "kafka partitions",
    "e",
    "postgers",
    "how do I keep the cache and the database in step",
    "zzzz",
    "p99 latency of redis",
    "transactional outbox cdc debezium",
];

fn main() -> ExitCode {
    let bank = || Bank::new(Files::embedded(Vec::new()));
    let builds = (0..BUILDS).map(|_| timed(|| bank().prepare_search())).collect();
    report("the whole bank into the index", builds);
    let (first, answered) = (0..BUILDS).map(|_| opened(bank())).unzip();
    let first = report("the first keystroke, the index being built meanwhile", first);
    report("from that keystroke to its answer", answered);
    let bank = bank();
    // The first result's excerpt is part of what a keystroke costs.
    let keystroke = |typed: &str| {
        let hits = bank.index().search(typed);
        let reading = hits.first().and_then(|hit| bank.reading(&hit.id));
        reading.map_or(0, |reading| excerpt(&reading.markdown, typed, 280).len())
    };
    keystroke("warm");
    let mut times = Vec::new();
    for query in QUERIES {
        for end in query.char_indices().map(|(at, c)| at + c.len_utf8()) {
            let best = (0..REPEATS).map(|_| timed(|| keystroke(&query[..end]))).min();
            times.extend(best);
        }
    }
    let worst = report("a keystroke, result and excerpt", times);
    if worst.max(first) > PROMISED { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// A search that is opened in a program that has just started, as its loop does it: how long the first key takes, and how long until it is answered.
fn opened(bank: Bank) -> (Duration, Duration) {
    let bank = Arc::new(bank);
    let indexing = Arc::clone(&bank);
    let thread = std::thread::spawn(move || indexing.prepare_search());
    let mut search = Overlay::search(bank, false, &[]);
    let begun = Instant::now();
    search.key(Chord::char('c'), &Keymap::default(), Rect::new(0, 0, 120, 40));
    let key = begun.elapsed();
    thread.join().expect("the bank is sound, which the tests show");
    if let Overlay::Search(search) = &mut search {
        search.find();
    }
    (key, begun.elapsed())
}

fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    std::hint::black_box(work());
    started.elapsed()
}

/// Prints the median and the worst; returns the worst.
fn report(what: &str, mut times: Vec<Duration>) -> Duration {
    times.sort();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let worst = times.last().copied().unwrap_or_default();
    println!("{what}: median {:.2} ms, worst of {} {:.2} ms", ms(times[times.len() / 2]), times.len(), ms(worst));
    worst
}
