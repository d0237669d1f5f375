//! Counts of lengths of time in buckets of constant relative width (HDR), from a nanosecond to hours: three significant digits where
//! requests are timed, two and a bit where one of a station's many figures is counted at every visit.

use crate::sim::sampler::Time;

/// Buckets of an octave, as a power of two: a bucket is at most 1/1024 wide.
const FINE: u32 = 10;
/// The same of a station's figures: 1/128.
const ROUGH: u32 = 7;
/// Longer times count as this one: 2^44 ns, almost five hours.
const LONGEST: Time = (1 << 44) - 1;
/// Buckets that are summed at once.
const STRETCH: usize = 64;
/// The bucket of a value.
#[inline]
const fn bucket<const BITS: u32>(value: Time) -> usize {
    let shift = (value | 1).ilog2().saturating_sub(BITS);
    ((shift as usize) << BITS) + (value >> shift) as usize
}

/// The middle of a bucket.
fn middle<const BITS: u32>(bucket: usize) -> f64 {
    let shift = (bucket >> BITS).saturating_sub(1);
    let low = (bucket - (shift << BITS)) as f64;
    if shift == 0 { low } else { (low + 0.5) * (1u64 << shift) as f64 }
}

/// How often each length of time was measured.
pub(in crate::sim) type Histogram = Counts<FINE>;

/// The same to two and a bit digits: it stays in the processor's first cache.
pub(in crate::sim) type Rough = Counts<ROUGH>;

/// How often each length of time was measured, in 2^BITS buckets an octave.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Counts<const BITS: u32> {
    buckets: Vec<u32>,
    count: u64,
    sum: u128,
    /// Least and greatest value: buckets outside theirs are empty.
    min: Time,
    max: Time,
}

impl<const BITS: u32> Default for Counts<BITS> {
    fn default() -> Self {
        Self { buckets: vec![0; bucket::<BITS>(LONGEST) + 1], count: 0, sum: 0, min: Time::MAX, max: 0 }
    }
}

impl<const BITS: u32> Counts<BITS> {
    /// Counts a value; returns its bucket.
    #[inline]
    pub fn record(&mut self, value: Time) -> usize {
        let at = bucket::<BITS>(value.min(LONGEST));
        self.buckets[at] += 1;
        self.count += 1;
        self.sum += u128::from(value);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        at
    }

    /// The buckets that may be filled.
    fn range(&self) -> std::ops::Range<usize> {
        if self.count == 0 {
            0..0
        } else {
            bucket::<BITS>(self.min.min(LONGEST))..bucket::<BITS>(self.max.min(LONGEST)) + 1
        }
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
        middle::<BITS>(self.bucket_of(rank)).min(self.max as f64)
    }

    /// The bucket of the value of that rank, counted from 1.
    fn bucket_of(&self, rank: u64) -> usize {
        let range = self.range();
        range.start + place_of(&self.buckets[range], rank)
    }
}

impl Histogram {
    /// All that was counted, in wider buckets: see [`Coarse`].
    pub fn coarse(&self) -> Coarse {
        let range = self.range();
        let mut coarse =
            Coarse { first: range.start >> Coarse::SHIFT, counts: Vec::new(), count: self.count, sum: self.sum };
        if self.count > 0 {
            coarse.counts = vec![0; ((range.end - 1) >> Coarse::SHIFT) - coarse.first + 1];
            for (at, &count) in self.buckets[range.clone()].iter().enumerate() {
                coarse.counts[((at + range.start) >> Coarse::SHIFT) - coarse.first] += count;
            }
        }
        coarse
    }
}

/// Where the value of that rank, counted from 1, lies among these counts; whole stretches of them are passed at once.
fn place_of(counts: &[u32], rank: u64) -> usize {
    let mut seen = 0;
    for (stretch, counts) in counts.chunks(STRETCH).enumerate() {
        let sum: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        if seen + sum >= rank {
            let within = counts.iter().position(|&count| {
                seen += u64::from(count);
                seen >= rank
            });
            return stretch * STRETCH + within.unwrap_or(0);
        }
        seen += sum;
    }
    counts.len().saturating_sub(1)
}

/// The quantiles of a short while, to a percent: eight buckets of a [`Histogram`] are one here, so a chart's points cost little. What was
/// counted lies in the range of the histogram that counts all, which therefore need not be kept here.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Brief {
    counts: Vec<u32>,
}

impl Default for Brief {
    fn default() -> Self {
        Self { counts: vec![0; (bucket::<FINE>(LONGEST) >> Self::SHIFT) + 1] }
    }
}

impl Brief {
    const SHIFT: u32 = 3;

    /// Counts a value that lies in that bucket of a histogram.
    #[inline]
    pub fn record(&mut self, bucket: usize) {
        self.counts[bucket >> Self::SHIFT] += 1;
    }

    /// The buckets that may be filled.
    fn range(all: &Histogram) -> std::ops::Range<usize> {
        let range = all.range();
        if range.is_empty() { 0..0 } else { range.start >> Self::SHIFT..((range.end - 1) >> Self::SHIFT) + 1 }
    }

    /// The values below which these shares of 0 to 1 lie, nanoseconds; 0 when empty.
    pub fn quantiles<const N: usize>(&self, shares: [f64; N], all: &Histogram) -> [f64; N] {
        let range = Self::range(all);
        let counts = &self.counts[range.clone()];
        let count: u64 = counts.iter().map(|&count| u64::from(count)).sum();
        shares.map(|share| {
            if count == 0 {
                return 0.0;
            }
            let rank = ((share * count as f64).ceil() as u64).clamp(1, count);
            let at = range.start + place_of(counts, rank);
            f64::midpoint(middle::<FINE>(at << Self::SHIFT), middle::<FINE>(((at + 1) << Self::SHIFT) - 1))
        })
    }

    /// Forgets all.
    pub fn clear(&mut self, all: &Histogram) {
        self.counts[Self::range(all)].fill(0);
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

    /// What was counted since `before`, which this has grown from.
    pub fn since(&self, before: &Self) -> Self {
        let mut counts = self.counts.clone();
        for (at, count) in before.counts.iter().enumerate() {
            counts[before.first + at - self.first] -= count;
        }
        Self { first: self.first, counts, count: self.count - before.count, sum: self.sum - before.sum }
    }

    /// The coarse bucket of a value in nanoseconds.
    pub fn bucket(value: f64) -> usize {
        bucket::<FINE>((value as Time).min(LONGEST)) >> Self::SHIFT
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
            let found = middle::<FINE>(bucket::<FINE>(value));
            assert!((found - value as f64).abs() <= 0.001 * value as f64, "{value} found as {found}");
            let found = middle::<ROUGH>(bucket::<ROUGH>(value));
            assert!((found - value as f64).abs() <= 0.004 * value as f64, "{value} roughly found as {found}");
        }
    }

    #[test]
    fn quantiles_of_a_ramp() {
        let mut histogram = Histogram::default();
        (1..=100_000).for_each(|value| {
            histogram.record(value);
        });
        for (share, expected) in [(0.5, 50_000.0), (0.99, 99_000.0), (0.999, 99_900.0)] {
            let found = histogram.quantile(share);
            assert!((found / expected - 1.0).abs() < 0.001, "{share}: {found}");
        }
        assert!((histogram.mean() - 50_000.5).abs() < 1e-6);
        assert_eq!(histogram.max(), 100_000);
    }

    #[test]
    fn what_came_since_a_mark_is_what_was_recorded_since() {
        let (mut all, mut later) = (Histogram::default(), Histogram::default());
        (1..5000).for_each(|value| {
            all.record(value * 1000);
        });
        let mark = all.coarse();
        for value in 3000..9000 {
            all.record(value * 700);
            later.record(value * 700);
        }
        let since = all.coarse().since(&mark);
        assert_eq!((since.count, since.sum), (later.count, later.sum));
        let bucket = Coarse::bucket(later.quantile(0.9));
        assert_eq!(since.above_and_at(bucket), later.coarse().above_and_at(bucket));
        let (above, at) = since.above_and_at(bucket);
        assert!(above <= 600 && above + at >= 600, "the ninth decile lies in its bucket: {above} above, {at} in it");
        assert_eq!(Histogram::default().coarse().since(&Coarse::default()).count, 0);
    }

    #[test]
    fn a_short_while_is_known_to_a_percent() {
        let (mut histogram, mut brief) = (Histogram::default(), Brief::default());
        for value in 1..20_000_u64 {
            brief.record(histogram.record(value * value));
        }
        for share in [0.01, 0.5, 0.99] {
            let (exact, [found]) = (histogram.quantile(share), brief.quantiles([share], &histogram));
            assert!((found / exact - 1.0).abs() < 0.01, "{share}: {found} not {exact}");
        }
        brief.clear(&histogram);
        assert_eq!(brief.quantiles([0.5], &histogram), [0.0]);
    }
}
