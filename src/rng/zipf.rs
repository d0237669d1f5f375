//! Ranks of keys under a Zipf law, for up to any number of keys, in constant time.
//!
//! The first ranks are drawn from an alias table (Vose 1991) with their exact probabilities; the rest from intervals of equal
//! probability under the continuous law, whose difference from the discrete one is of the order of 1 / rank².

use super::Stream;

/// Ranks with their exact probability.
const HEAD: usize = 4096;
/// Intervals of equal probability beyond them.
const BINS: usize = 4096;

/// Draws ranks from 0 (the hottest key): rank r has a probability proportional to (r + 1)^-exponent.
#[derive(Clone, Debug)]
pub struct Zipf {
    keys: f64,
    exponent: f64,
    /// Sum of (r + 1)^-exponent over all ranks.
    total: f64,
    /// Alias table of the head's ranks and, as its last outcome, everything beyond.
    alias: Vec<(u32, u32)>,
    /// Ends of the intervals beyond the head.
    bounds: Vec<f64>,
}

impl Zipf {
    /// The law over that many keys (at least 1); exponent 0 is uniform.
    pub fn new(keys: f64, exponent: f64) -> Self {
        let keys = if keys.is_finite() { keys.floor().clamp(1.0, 1e15) } else { 1.0 };
        let exponent = if exponent.is_finite() { exponent.clamp(0.0, 10.0) } else { 0.0 };
        if exponent == 0.0 {
            return Self { keys, exponent, total: keys, alias: Vec::new(), bounds: Vec::new() };
        }
        let head = keys.min(HEAD as f64) as usize;
        let mut weights: Vec<f64> = (1..=head).map(|rank| libm::pow(rank as f64, -exponent)).collect();
        let start = head as f64 + 0.5;
        let beyond = if keys > head as f64 { integral(start, keys + 0.5, exponent) } else { 0.0 };
        let total = weights.iter().sum::<f64>() + beyond;
        let bounds = if beyond > 0.0 { bounds(start, keys + 0.5, exponent, beyond) } else { Vec::new() };
        weights.push(beyond);
        Self { keys, exponent, total, alias: alias(&weights, total), bounds }
    }

    /// Number of keys.
    pub fn keys(&self) -> f64 {
        self.keys
    }

    /// Probability of a rank, counted from 0.
    pub fn probability(&self, rank: f64) -> f64 {
        if self.exponent == 0.0 { 1.0 / self.keys } else { libm::pow(rank + 1.0, -self.exponent) / self.total }
    }

    /// A rank, from 0.
    #[inline]
    pub fn sample(&self, stream: &mut Stream) -> u64 {
        if self.alias.is_empty() {
            return stream.below(self.keys as u64);
        }
        let bits = stream.bits();
        let at = ((bits >> 32) * self.alias.len() as u64) >> 32;
        let (threshold, other) = self.alias[at as usize];
        let outcome = if bits as u32 <= threshold { at } else { u64::from(other) };
        if outcome as usize + 1 < self.alias.len() { outcome } else { self.beyond(stream) }
    }

    /// A rank beyond the head.
    fn beyond(&self, stream: &mut Stream) -> u64 {
        if self.bounds.is_empty() {
            return self.keys as u64 - 1;
        }
        let at = stream.below(BINS as u64) as usize;
        let (low, high) = (self.bounds[at], self.bounds[at + 1]);
        let share = stream.uniform();
        let x = if high < low * 1.05 { low + share * (high - low) } else { invert(low, high, self.exponent, share) };
        // The continuous value x stands for the rank number nearest to it, which counts from 1.
        ((x + 0.5) as u64).clamp(HEAD as u64 + 1, self.keys as u64) - 1
    }
}

/// Integral of x^-exponent.
fn integral(from: f64, to: f64, exponent: f64) -> f64 {
    if (exponent - 1.0).abs() < 1e-9 {
        libm::log(to / from)
    } else {
        (libm::pow(to, 1.0 - exponent) - libm::pow(from, 1.0 - exponent)) / (1.0 - exponent)
    }
}

/// Where the integral from `from` reaches `share` of that to `to`.
fn invert(from: f64, to: f64, exponent: f64, share: f64) -> f64 {
    if (exponent - 1.0).abs() < 1e-9 {
        return from * libm::pow(to / from, share);
    }
    let power = 1.0 - exponent;
    let (low, high) = (libm::pow(from, power), libm::pow(to, power));
    libm::pow(low + share * (high - low), 1.0 / power)
}

/// Ends of intervals of equal probability.
fn bounds(from: f64, to: f64, exponent: f64, total: f64) -> Vec<f64> {
    debug_assert!(total > 0.0);
    (0..=BINS).map(|bin| invert(from, to, exponent, bin as f64 / BINS as f64)).collect()
}

/// Vose's alias table: for each outcome the chance (of 2^32) to keep it, and what it is otherwise.
fn alias(weights: &[f64], total: f64) -> Vec<(u32, u32)> {
    let n = weights.len();
    let mut share: Vec<f64> = weights.iter().map(|weight| weight * n as f64 / total).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..n).partition(|&at| share[at] < 1.0);
    let mut table = vec![(u32::MAX, 0); n];
    for (at, cell) in table.iter_mut().enumerate() {
        cell.1 = at as u32;
    }
    while let (Some(less), Some(&more)) = (small.pop(), large.last()) {
        table[less] = ((share[less] * f64::from(u32::MAX)) as u32, more as u32);
        share[more] -= 1.0 - share[less];
        if share[more] < 1.0 {
            large.pop();
            small.push(more);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shares of three ranges of ranks in a million draws against their probabilities.
    #[track_caller]
    fn check(keys: f64, exponent: f64) {
        let zipf = Zipf::new(keys, exponent);
        let mut stream = Stream::new(5, 9);
        let edges = [1.0, 100.0, 10_000.0_f64.min(keys), keys];
        let mut counts = [0u32; 4];
        let n = 1_000_000;
        for _ in 0..n {
            let rank = zipf.sample(&mut stream) as f64;
            assert!(rank < keys);
            counts[edges.iter().position(|edge| rank < *edge).expect("the last edge is the number of keys")] += 1;
        }
        let mut from = 0.0;
        for (edge, count) in edges.iter().zip(counts) {
            let mut expected = 0.0;
            let mut rank = from;
            while rank < *edge {
                // Whole ranks one by one while they matter, then in steps.
                let step: f64 = if rank < 20_000.0 { 1.0 } else { (rank / 1000.0).floor().min(edge - rank) };
                expected += zipf.probability(rank + (step - 1.0) / 2.0) * step;
                rank += step;
            }
            from = *edge;
            let measured = f64::from(count) / f64::from(n);
            assert!((measured - expected).abs() < 0.002, "{keys} {exponent}: below {edge}: {measured} not {expected}");
        }
    }

    #[test]
    fn ranks_have_their_probabilities() {
        check(1000.0, 0.9);
        check(1e6, 0.6);
        check(1e6, 1.0);
        check(1e6, 1.2);
        check(1e9, 0.9);
        check(1e9, 2.0);
        check(1e5, 0.0);
    }

    #[test]
    fn one_key_is_always_drawn() {
        let mut stream = Stream::new(1, 1);
        assert_eq!(Zipf::new(1.0, 1.0).sample(&mut stream), 0);
        assert_eq!(Zipf::new(f64::NAN, f64::NAN).sample(&mut stream), 0);
    }
}
