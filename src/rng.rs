//! Seeded, portable random streams and the distributions that the simulator needs.
//!
//! The generator is xoshiro256++ (Blackman and Vigna 2021), its state filled by `SplitMix64` from a seed and the stream's number, so that
//! streams of different numbers are unrelated. Nothing here calls the platform's mathematics (`libm` is pure Rust): the same seed gives
//! the same bits everywhere.

mod ziggurat;
mod zipf;

pub use zipf::Zipf;

use ziggurat::Tables;

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream {
    state: [u64; 4],
    tables: &'static Tables,
}

impl Stream {
    /// The stream of that number under that seed.
    pub fn new(seed: u64, number: u64) -> Self {
        let mut mix = mix64(seed) ^ mix64(number.wrapping_mul(0xA24B_AED4_963E_E407).wrapping_add(1));
        let state = std::array::from_fn(|_| {
            mix = mix.wrapping_add(0x9E37_79B9_7F4A_7C15);
            mix64(mix)
        });
        Self { state, tables: ziggurat::tables() }
    }

    /// 64 random bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let c2 = c ^ a;
        let d2 = d ^ b;
        self.state = [a ^ d2, b ^ c2, c2 ^ (b << 17), d2.rotate_left(45)];
        result
    }

    /// Uniform in [0, 1).
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform among 0..n; `n` of 0 counts as 1. The bias is below n / 2^64.
    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// True with this probability.
    #[inline]
    pub fn chance(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Exponential with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        let tables = self.tables;
        ziggurat::exponential(tables, self)
    }

    /// Normal with mean 0 and standard deviation 1.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        let tables = self.tables;
        ziggurat::normal(tables, self)
    }
}

/// `SplitMix64`'s finaliser: a bijection that scatters near inputs; also the hash of keys.
#[inline]
pub fn mix64(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let n = 1_000_000;
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..n {
            let x = draw();
            sum += x;
            squares += x * x;
        }
        let mean = sum / f64::from(n);
        (mean, squares / f64::from(n) - mean * mean)
    }

    #[test]
    fn streams_are_the_same_everywhere() {
        let mut stream = Stream::new(7, 3);
        let first: Vec<u64> = (0..3).map(|_| stream.bits()).collect();
        assert_eq!(
            first,
            [4_536_322_764_826_670_671, 15_268_275_360_417_673_695, 11_165_985_540_754_249_470],
            "pinned: a change here changes every result"
        );
    }

    #[test]
    fn uniform_has_its_moments() {
        let mut stream = Stream::new(1, 1);
        let (mean, variance) = moments(|| stream.uniform());
        assert!((mean - 0.5).abs() < 0.002, "mean {mean}");
        assert!((variance - 1.0 / 12.0).abs() < 0.001, "variance {variance}");
    }

    #[test]
    fn exponential_has_its_moments_and_tail() {
        let mut stream = Stream::new(1, 2);
        let (mean, variance) = moments(|| stream.exponential());
        assert!((mean - 1.0).abs() < 0.004, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.02, "variance {variance}");
        let beyond = (0..1_000_000).filter(|_| stream.exponential() > 8.0).count() as f64;
        assert!((beyond - 335.5).abs() < 80.0, "P(X > 8) is e^-8: {beyond} in a million");
    }

    #[test]
    fn normal_has_its_moments_and_tail() {
        let mut stream = Stream::new(1, 3);
        let (mean, variance) = moments(|| stream.normal());
        assert!(mean.abs() < 0.004, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.006, "variance {variance}");
        let beyond = (0..1_000_000).filter(|_| stream.normal() > 3.0).count() as f64;
        assert!((beyond - 1349.9).abs() < 150.0, "P(X > 3): {beyond} in a million");
    }
}
