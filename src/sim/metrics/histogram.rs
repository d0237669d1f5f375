//! Counts of lengths of time in buckets of constant relative width (HDR): three significant digits from a nanosecond to hours.

use crate::sim::sampler::Time;

/// Buckets of an octave, as a power of two: a bucket is at most 1/1024 wide.
const BITS: u32 = 10;
/// Longer times count as this one: 2^44 ns, almost five hours.
const LONGEST: Time = (1 << 44) - 1;
/// Buckets that are summed at once.
const STRETCH: usize = 64;
/// Number of buckets.
const BUCKETS: usize = bucket(LONGEST) + 1;

/// The bucket of a value.
#[inline]
const fn bucket(value: Time) -> usize {
    let shift = (value | 1).ilog2().saturating_sub(BITS);
    ((shift as usize) << BITS) + (value >> shift) as usize
}

/// The middle of a bucket.
fn middle(bucket: usize) -> f64 {
    let shift = (bucket >> BITS).saturating_sub(1);
    let low = (bucket - (shift << BITS)) as f64;
    if shift == 0 { low } else { (low + 0.5) * (1u64 << shift) as f64 }
}

/// How often each length of time was measured.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Histogram {
    counts: Vec<u32>,
    /// Buckets outside these are empty.
    low: usize,
    high: usize,
    count: u64,
    sum: u128,
    max: Time,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: vec![0; BUCKETS], low: BUCKETS, high: 0, count: 0, sum: 0, max: 0 }
    }
}

impl Histogram {
    /// Counts a value.
    #[inline]
    pub fn record(&mut self, value: Time) {
        let at = bucket(value.min(LONGEST));
        self.counts[at] += 1;
        self.low = self.low.min(at);
        self.high = self.high.max(at);
        self.count += 1;
        self.sum += u128::from(value);
        self.max = self.max.max(value);
    }

    /// Adds what the other counted.
    pub fn add(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        for (count, more) in self.counts[other.low..=other.high].iter_mut().zip(&other.counts[other.low..=other.high]) {
            *count = count.saturating_add(*more);
        }
        self.low = self.low.min(other.low);
        self.high = self.high.max(other.high);
        self.count += other.count;
        self.sum += other.sum;
        self.max = self.max.max(other.max);
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        if self.count > 0 {
            self.counts[self.low..=self.high].fill(0);
        }
        self.low = BUCKETS;
        self.high = 0;
        self.count = 0;
        self.sum = 0;
        self.max = 0;
    }

    /// How many values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Mean in nanoseconds; 0 when empty.
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum as f64 / self.count as f64 }
    }

    /// Greatest value, nanoseconds.
    pub fn max(&self) -> Time {
        self.max
    }

    /// The value below which a share of 0 to 1 lies, nanoseconds; 0 when empty.
    pub fn quantile(&self, share: f64) -> f64 {
        if self.count == 0 {
            return 0.0;
        }
        let rank = ((share * self.count as f64).ceil() as u64).clamp(1, self.count);
        middle(self.bucket_of(rank)).min(self.max as f64)
    }

    /// The bucket of the value of that rank, counted from 1; whole stretches of buckets are passed at once.
    fn bucket_of(&self, rank: u64) -> usize {
        let mut seen = 0;
        for (stretch, counts) in self.counts[self.low..=self.high].chunks(STRETCH).enumerate() {
            let sum: u64 = counts.iter().map(|&count| u64::from(count)).sum();
            if seen + sum >= rank {
                let within = counts.iter().position(|&count| {
                    seen += u64::from(count);
                    seen >= rank
                });
                return self.low + stretch * STRETCH + within.unwrap_or(0);
            }
            seen += sum;
        }
        self.high
    }

    /// How many values lie above each bucket of a coarser histogram: see [`Coarse`].
    pub fn coarse(&self) -> Coarse {
        let mut coarse = Coarse { first: 0, counts: Vec::new(), count: self.count, sum: self.sum };
        if self.count > 0 {
            coarse.first = self.low >> Coarse::SHIFT;
            coarse.counts = vec![0; (self.high >> Coarse::SHIFT) - coarse.first + 1];
            for (at, &count) in self.filled() {
                coarse.counts[(at >> Coarse::SHIFT) - coarse.first] += count;
            }
        }
        coarse
    }

    fn filled(&self) -> impl Iterator<Item = (usize, &u32)> {
        let range = if self.count == 0 { 0..0 } else { self.low..self.high + 1 };
        let first = range.start;
        self.counts[range]
            .iter()
            .enumerate()
            .map(move |(at, count)| (at + first, count))
            .filter(|(_, count)| **count > 0)
    }
}

/// A histogram of wider buckets over the filled range only: what one batch of a run leaves behind.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Coarse {
    first: usize,
    counts: Vec<u32>,
    pub count: u64,
    pub sum: u128,
}

impl Coarse {
    /// A coarse bucket holds 2^5 fine ones: 3% wide.
    const SHIFT: u32 = 5;

    /// The coarse bucket of a value in nanoseconds.
    pub fn bucket(value: f64) -> usize {
        bucket((value as Time).min(LONGEST)) >> Self::SHIFT
    }

    /// Values above that bucket, and in it.
    pub fn above_and_at(&self, bucket: usize) -> (u64, u64) {
        let above =
            self.counts.iter().skip((bucket + 1).saturating_sub(self.first)).map(|&count| u64::from(count)).sum();
        let at = bucket.checked_sub(self.first).and_then(|at| self.counts.get(at)).map_or(0, |&count| u64::from(count));
        (above, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_to_three_digits() {
        for value in [0, 1, 999, 1023, 1024, 2047, 2048, 123_456, 7_654_321, 987_654_321_012] {
            let found = middle(bucket(value));
            assert!((found - value as f64).abs() <= 0.001 * value as f64, "{value} found as {found}");
        }
    }

    #[test]
    fn quantiles_of_a_ramp() {
        let mut histogram = Histogram::default();
        (1..=100_000).for_each(|value| histogram.record(value));
        for (share, expected) in [(0.5, 50_000.0), (0.99, 99_000.0), (0.999, 99_900.0)] {
            let found = histogram.quantile(share);
            assert!((found / expected - 1.0).abs() < 0.001, "{share}: {found}");
        }
        assert!((histogram.mean() - 50_000.5).abs() < 1e-6);
        assert_eq!(histogram.max(), 100_000);
    }

    #[test]
    fn adding_equals_recording_in_one() {
        let (mut a, mut b, mut both) = (Histogram::default(), Histogram::default(), Histogram::default());
        for value in 1..5000 {
            let part = if value % 3 == 0 { &mut a } else { &mut b };
            part.record(value * 1000);
            both.record(value * 1000);
        }
        a.add(&b);
        assert_eq!(a.counts, both.counts);
        assert_eq!((a.count, a.sum, a.max), (both.count, both.sum, both.max));
        a.clear();
        assert_eq!(a.counts, Histogram::default().counts);
        let coarse = both.coarse();
        let (above, at) = coarse.above_and_at(Coarse::bucket(both.quantile(0.9)));
        assert!(above <= 500 && above + at >= 500, "the ninth decile lies in its bucket: {above} above, {at} in it");
    }
}
