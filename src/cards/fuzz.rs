//! Intervals are spread a little, so that cards learned together don't stay together: Anki's rule.

use std::ops::RangeInclusive;

/// Fuzz by part of the interval: so much of each day between the two ends.
const RANGES: [(f32, f32, f32); 3] = [(2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, f32::MAX, 0.05)];

/// The days that `interval` may become, none below `least` or above `most`.
fn bounds(interval: f32, least: u32, most: u32) -> RangeInclusive<u32> {
    let interval = interval.clamp(least as f32, most as f32);
    let delta = if interval < 2.5 {
        0.0
    } else {
        1.0 + RANGES.iter().map(|&(start, end, share)| share * (interval.min(end) - start).max(0.0)).sum::<f32>()
    };
    let low = ((interval - delta).round() as u32).clamp(least, most);
    let high = ((interval + delta).round() as u32).clamp(least, most);
    // Bounds that meet leave no room: Anki widens them by a day where that is allowed.
    if low == high && high > 2 && high < most { low..=high + 1 } else { low..=high }
}

/// `interval` in whole days: rounded without a `factor`, else the place from 0 to 1 in the range of the fuzz.
pub(super) fn fuzzed(interval: f32, factor: Option<f32>, least: u32, most: u32) -> u32 {
    let least = least.min(most);
    let Some(factor) = factor else { return (interval.round().max(0.0) as u32).clamp(least, most) };
    let range = bounds(interval, least, most);
    let days = (range.end() - range.start() + 1) as f32;
    (range.start() + (factor * days).floor() as u32).min(*range.end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(interval: f32, least: u32, most: u32, expected: [u32; 3]) {
        let got = [0.0, 0.5, 0.99].map(|factor| fuzzed(interval, Some(factor), least, most));
        assert_eq!(got, expected, "{interval} from {least} to {most}");
    }

    /// The cases of Anki's own tests of its fuzz (rslib/src/scheduler/states/fuzz.rs).
    #[test]
    fn the_ranges_are_ankis() {
        check(1.0, 1, 1000, [1, 1, 1]);
        check(2.49, 1, 1000, [2, 2, 2]);
        check(2.5, 1, 1000, [2, 3, 4]);
        check(7.0, 1, 1000, [5, 7, 9]);
        check(17.0, 1, 1000, [14, 17, 20]);
        check(37.0, 1, 1000, [33, 37, 41]);
        check(2.0, 2, 1000, [2, 2, 2]);
        check(2.0, 3, 1000, [3, 4, 4]);
        check(2.0, 3, 3, [3, 3, 3]);
        check(6.9, 3, 1000, [5, 7, 9]);
        check(20.1, 3, 1000, [17, 20, 23]);
        check(100.0, 101, 1000, [101, 105, 108]);
        check(100.0, 1, 99, [92, 96, 99]);
        check(100.0, 97, 103, [97, 100, 103]);
        check(1.0, 3, 2, [2, 2, 2]);
    }

    #[test]
    fn without_fuzz_days_are_rounded() {
        assert_eq!(fuzzed(10.97, None, 1, 36_500), 11);
        assert_eq!(fuzzed(0.2, None, 1, 36_500), 1);
        assert_eq!(fuzzed(1e9, None, 1, 36_500), 36_500);
    }
}
