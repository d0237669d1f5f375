//! Time of the processor and of the wall.

use std::{env, fs, time::Instant};

/// A number from the environment.
pub fn setting(name: &str, unsaid: u64) -> u64 {
    env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(unsaid)
}

/// Processor time of this thread in seconds where the system tells it (Linux), else the time of the wall.
pub fn processor_seconds() -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.as_deref().and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(since_the_start, |nanoseconds| nanoseconds / 1e9)
}

#[allow(clippy::disallowed_methods, reason = "benches measure time")]
fn since_the_start() -> f64 {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// Seconds of the wall that something takes.
#[allow(clippy::disallowed_methods, reason = "benches measure time")]
pub fn wall(work: impl FnOnce()) -> f64 {
    let start = Instant::now();
    work();
    start.elapsed().as_secs_f64()
}

/// The least processor time of so many rounds.
pub fn least(rounds: u64, work: impl Fn()) -> f64 {
    let round = |_| {
        let before = processor_seconds();
        work();
        processor_seconds() - before
    };
    (0..rounds).map(round).fold(f64::INFINITY, f64::min)
}
