//! Random lengths of time in nanoseconds, made from the design's distributions.

use crate::{
    design::{Distribution, lognormal_sigma},
    rng::Stream,
};

/// Simulated time in nanoseconds.
pub(super) type Time = u64;

/// Nanoseconds in a second.
pub(super) const SECOND: f64 = 1e9;
/// Longer than any run: what is due then never happens.
pub(super) const NEVER: Time = 1 << 54;
/// The longest length of time that is drawn: a tail index near 1 would otherwise reach beyond the clock.
const LONGEST: f64 = 1e15;

/// Lengths of time that are summed one by one.
const EXACT_SUM: u32 = 64;

/// Nanoseconds of a length in seconds; below zero and not-a-number count as zero.
pub(super) fn nanoseconds(seconds: f64) -> Time {
    (seconds * SECOND).clamp(0.0, NEVER as f64).round() as Time
}

/// A random length of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Sampler {
    Fixed(Time),
    Exponential { mean: f64 },
    Lognormal { mu: f64, sigma: f64 },
    Uniform { low: f64, span: f64 },
    Pareto { min: f64, inverse_shape: f64 },
    Erlang { k: u32, stage: f64 },
    Hyperexponential { p1: f64, mean1: f64, mean2: f64 },
}

impl Sampler {
    /// Takes no time.
    pub const ZERO: Self = Self::Fixed(0);

    /// The design's distribution in nanoseconds; what is not a length of time counts as none.
    pub fn of(distribution: &Distribution) -> Self {
        let ns = |seconds: f64| if seconds.is_finite() { (seconds * SECOND).clamp(0.0, LONGEST) } else { 0.0 };
        match *distribution {
            Distribution::Fixed(value) => Self::Fixed(ns(value) as Time),
            Distribution::Exponential { mean } => Self::Exponential { mean: ns(mean) },
            Distribution::Lognormal { p50, p99 } if ns(p50) > 0.0 => {
                Self::Lognormal { mu: libm::log(ns(p50)), sigma: lognormal_sigma(p50, p99) }
            }
            Distribution::Lognormal { .. } => Self::ZERO,
            Distribution::Uniform { low, high } => Self::Uniform { low: ns(low), span: (ns(high) - ns(low)).max(0.0) },
            Distribution::Pareto { min, shape } => {
                Self::Pareto { min: ns(min), inverse_shape: if shape > 0.0 { 1.0 / shape } else { 0.0 } }
            }
            Distribution::Erlang { k, mean } => {
                let k = k.clamp(1, 10_000);
                Self::Erlang { k, stage: ns(mean) / f64::from(k) }
            }
            Distribution::Hyperexponential { p1, mean1, mean2 } => {
                Self::Hyperexponential { p1, mean1: ns(mean1), mean2: ns(mean2) }
            }
        }
    }

    /// Whether it is always zero.
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }

    /// A length of time.
    #[inline]
    pub fn draw(self, stream: &mut Stream) -> Time {
        match self {
            Self::Fixed(value) => value,
            // By way of a signed number: half the instructions.
            Self::Exponential { mean } => (stream.exponential() * mean) as i64 as Time,
            other => other.draw_rare(stream),
        }
    }

    /// The sum of so many lengths of time; of a great many by the normal law.
    pub fn draw_sum(self, times: u32, stream: &mut Stream) -> Time {
        if times <= EXACT_SUM || matches!(self, Self::Pareto { .. }) {
            return (0..times).map(|_| self.draw(stream)).fold(0, Time::saturating_add);
        }
        let sample: Vec<f64> = (0..EXACT_SUM).map(|_| self.draw(stream) as f64).collect();
        let (mean, variance) = self.moments();
        let n = f64::from(times - EXACT_SUM);
        let rest = mean * n + libm::sqrt(variance * n) * stream.normal();
        (sample.iter().sum::<f64>() + rest.max(0.0)) as Time
    }

    /// Mean and variance; those of a Pareto may be infinite.
    pub fn moments(self) -> (f64, f64) {
        match self {
            Self::Fixed(value) => (value as f64, 0.0),
            Self::Exponential { mean } => (mean, mean * mean),
            Self::Lognormal { mu, sigma } => {
                let square = sigma * sigma;
                let mean = libm::exp(mu + square / 2.0);
                (mean, mean * mean * (libm::exp(square) - 1.0))
            }
            Self::Uniform { low, span } => (low + span / 2.0, span * span / 12.0),
            Self::Pareto { min, inverse_shape } => {
                let shape = 1.0 / inverse_shape;
                let mean = if shape > 1.0 { min * shape / (shape - 1.0) } else { f64::INFINITY };
                let spread = (shape - 1.0) * (shape - 1.0) * (shape - 2.0);
                (mean, if shape > 2.0 { min * min * shape / spread } else { f64::INFINITY })
            }
            Self::Erlang { k, stage } => (f64::from(k) * stage, f64::from(k) * stage * stage),
            Self::Hyperexponential { p1, mean1, mean2 } => {
                let mean = p1 * mean1 + (1.0 - p1) * mean2;
                let square = 2.0 * (p1 * mean1 * mean1 + (1.0 - p1) * mean2 * mean2);
                (mean, square - mean * mean)
            }
        }
    }

    fn draw_rare(self, stream: &mut Stream) -> Time {
        let ns = match self {
            Self::Fixed(value) => value as f64,
            Self::Exponential { mean } => stream.exponential() * mean,
            Self::Lognormal { mu, sigma } => libm::exp(mu + sigma * stream.normal()),
            Self::Uniform { low, span } => low + span * stream.uniform(),
            Self::Pareto { min, inverse_shape } => min * libm::exp(stream.exponential() * inverse_shape),
            Self::Erlang { k, stage } => (0..k).map(|_| stream.exponential()).sum::<f64>() * stage,
            Self::Hyperexponential { p1, mean1, mean2 } => {
                let mean = if stream.chance(p1) { mean1 } else { mean2 };
                stream.exponential() * mean
            }
        };
        ns.min(LONGEST) as Time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(distribution: &Distribution) {
        let sampler = Sampler::of(distribution);
        let mut stream = Stream::new(3, 4);
        let n = 400_000;
        let mean = (0..n).map(|_| sampler.draw(&mut stream) as f64).sum::<f64>() / f64::from(n) / SECOND;
        let expected = distribution.mean();
        assert!((mean / expected - 1.0).abs() < 0.02, "{distribution:?}: {mean} not {expected}");
    }

    #[test]
    fn draws_have_the_distribution_s_mean() {
        check(&Distribution::Fixed(0.004));
        check(&Distribution::Exponential { mean: 0.004 });
        check(&Distribution::Lognormal { p50: 0.002, p99: 0.012 });
        check(&Distribution::Uniform { low: 0.001, high: 0.009 });
        check(&Distribution::Pareto { min: 0.001, shape: 3.0 });
        check(&Distribution::Erlang { k: 3, mean: 0.005 });
        check(&Distribution::Hyperexponential { p1: 0.9, mean1: 0.001, mean2: 0.02 });
    }

    #[test]
    fn nonsense_takes_no_time() {
        for bad in [f64::NAN, f64::INFINITY, -1.0] {
            assert_eq!(Sampler::of(&Distribution::Fixed(bad)), Sampler::ZERO);
        }
    }
}
