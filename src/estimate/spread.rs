//! What is shown of an uncertain value: its median, its 5th and 95th percentiles, and its histogram in eight cells.

use super::samples::COUNT;

/// Cells of the histogram.
const CELLS: usize = 8;

/// Percentiles of an uncertain result, in base units.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The 5th percentile.
    pub low: f64,
    /// The 50th percentile.
    pub median: f64,
    /// The 95th percentile.
    pub high: f64,
    /// The arithmetic mean.
    pub mean: f64,
    /// How many draws fall into each of eight equal cells between the 1st and the 99th percentile.
    pub histogram: [u32; CELLS],
}

impl Spread {
    /// The spread of the same draws times `factor` plus `offset`.
    pub(super) fn stretched(&self, factor: f64, offset: f64) -> Self {
        let [low, median, high, mean] = [self.low, self.median, self.high, self.mean].map(|x| x * factor + offset);
        if factor >= 0.0 {
            return Self { low, median, high, mean, histogram: self.histogram };
        }
        let mut histogram = self.histogram;
        histogram.reverse();
        Self { low: high, median, high: low, mean, histogram }
    }

    /// The histogram as eight characters, `▁` to `█`.
    pub fn sparkline(&self) -> String {
        self.drawn(['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'])
    }

    /// The histogram in plain ASCII, ` .:-=+*#`.
    pub fn sparkline_ascii(&self) -> String {
        self.drawn([' ', '.', ':', '-', '=', '+', '*', '#'])
    }

    fn drawn(&self, levels: [char; 8]) -> String {
        let most = self.histogram.iter().copied().max().unwrap_or(0).max(1);
        self.histogram.iter().map(|&count| levels[(count * 7).div_ceil(most).min(7) as usize]).collect()
    }
}

/// The percentiles of `values`, which are finite.
pub(super) fn spread(values: &[f64]) -> Spread {
    let mut sorted = Sorted::new(values);
    let mut quantile = |percent: usize| {
        let at = values.len() * percent / 100;
        f64::midpoint(sorted.nth(at.saturating_sub(1)), sorted.nth(at))
    };
    let (first, low, median, high, last) = (quantile(1), quantile(5), quantile(50), quantile(95), quantile(99));
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    Spread { low, median, high, mean, histogram: histogram(values, first, last) }
}

fn histogram(values: &[f64], from: f64, to: f64) -> [u32; CELLS] {
    let mut counts = [0; CELLS];
    let width = (to - from) / CELLS as f64;
    if width <= 0.0 {
        counts[CELLS / 2] = values.len() as u32;
        return counts;
    }
    let scale = 1.0 / width;
    for &value in values.iter().filter(|value| (from..=to).contains(*value)) {
        counts[(((value - from) * scale) as usize).min(CELLS - 1)] += 1;
    }
    counts
}

/// Order statistics without sorting everything: the draws are put into buckets in their order, and only the buckets asked for are
/// sorted. The order of doubles is that of their bits, so the buckets suit a range of many powers of ten as well as a narrow one.
struct Sorted {
    /// The draws' bits, bucket by bucket.
    bits: Vec<u64>,
    /// Where each bucket ends.
    ends: Vec<u32>,
}

const BUCKET_BITS: u32 = 11;

impl Sorted {
    fn new(values: &[f64]) -> Self {
        debug_assert!(values.len() <= COUNT);
        let all: Vec<u64> = values.iter().map(|&value| ordered(value)).collect();
        let least = all.iter().copied().min().unwrap_or(0);
        let most = all.iter().copied().max().unwrap_or(0);
        let shift = (u64::BITS - (most - least).leading_zeros()).saturating_sub(BUCKET_BITS);
        let bucket = |bits: u64| ((bits - least) >> shift) as usize;
        let mut ends = vec![0u32; 1 << BUCKET_BITS];
        for &bits in &all {
            ends[bucket(bits)] += 1;
        }
        let mut start = 0;
        for end in &mut ends {
            let count = *end;
            *end = start;
            start += count;
        }
        let mut sorted = vec![0; all.len()];
        for &bits in &all {
            let at = &mut ends[bucket(bits)];
            sorted[*at as usize] = bits;
            *at += 1;
        }
        Self { bits: sorted, ends }
    }

    /// The value at `rank` in ascending order, from 0.
    fn nth(&mut self, rank: usize) -> f64 {
        let bucket = self.ends.partition_point(|&end| end as usize <= rank);
        let start = bucket.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        let Some(&end) = self.ends.get(bucket) else { return f64::NAN };
        let (_, bits, _) = self.bits[start..end as usize].select_nth_unstable(rank - start);
        value_of(*bits)
    }
}

/// Bits in the order of the numbers.
fn ordered(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

fn value_of(ordered: u64) -> f64 {
    f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f64]) {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let mut buckets = Sorted::new(values);
        for rank in [0, values.len() / 20, values.len() / 2, values.len() - 1] {
            assert_eq!(buckets.nth(rank), sorted[rank], "rank {rank}");
        }
    }

    #[test]
    fn order_statistics_are_those_of_a_sort() {
        let wave = |at: usize| ((at * 7919) % 1000) as f64 - 500.0;
        check(&(0..1000).map(wave).collect::<Vec<_>>());
        check(&(0..1000).map(|at| wave(at).exp2()).collect::<Vec<_>>());
        check(&[3.0; 10]);
        check(&[-1.0, -2.0, 0.0, -0.0, 5e-324, 1e300]);
    }

    #[test]
    fn a_histogram_is_as_tall_as_its_fullest_cell() {
        let spread = spread(&(0..1000).map(f64::from).collect::<Vec<_>>());
        assert_eq!((spread.low, spread.median, spread.high), (49.5, 499.5, 949.5));
        assert_eq!(spread.sparkline(), "████████");
        assert_eq!(spread.sparkline_ascii(), "########");
    }
}
