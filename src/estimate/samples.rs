//! Uncertain values as samples: ten thousand draws, one from each of as many strata of equal probability (Latin hypercube sampling,
//! Technometrics 21(2), 1979), so that the percentiles of an input are its own and not a sample's.
//!
//! An input's draws are put in an order that depends on its key alone: independent of other inputs', and shared wherever the input is
//! used, so that `x - x` is nought. Most lines of a sheet multiply by constants: a value is therefore its draws times a factor plus an
//! offset, and only what bends it (a product of two uncertain values, a quotient, a power) makes new draws.

use std::sync::{Arc, OnceLock};

use super::chance::{NORMALS, order};
use super::spread::{Spread, spread};

/// Draws in every uncertain value.
pub(super) const COUNT: usize = 10_000;

/// The standard normal quantile of 95%: half the width of a 90% interval, in standard deviations.
const Z95: f64 = 1.644_853_626_951_472_7;

/// One uncertain value that was written somewhere.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Input {
    pub key: u64,
    /// Its variable, or the text of the range.
    pub label: Arc<str>,
}

/// An uncertain value.
#[derive(Clone, Debug)]
pub(super) struct Samples {
    draws: Arc<Draws>,
    factor: f64,
    offset: f64,
    /// The inputs that the draws depend on, in the order of their keys.
    pub inputs: Arc<[Input]>,
}

/// Draws, and what has been found out about them.
#[derive(Debug)]
struct Draws {
    values: Vec<f64>,
    bounds: OnceLock<Bounds>,
    spread: OnceLock<Spread>,
}

#[derive(Clone, Copy, Debug)]
struct Bounds {
    least: f64,
    most: f64,
    /// How many draws are no finite number.
    undefined: usize,
}

/// The shape of an input between the ends of its 90% interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// Both ends are positive: as likely to be twice as half.
    Lognormal,
    /// Both ends are shares between nought and one: it stays between them (the logit is normal).
    LogitNormal,
    /// Anything else.
    Normal,
}

/// What bends a normal variable into a shape, or back.
type Curve = fn(f64) -> f64;

impl Samples {
    pub fn new(values: Vec<f64>, inputs: Arc<[Input]>) -> Self {
        assert_eq!(values.len(), COUNT, "every uncertain value has as many draws");
        let draws = Draws { values, bounds: OnceLock::new(), spread: OnceLock::new() };
        Self { draws: Arc::new(draws), factor: 1.0, offset: 0.0, inputs }
    }

    /// The draws of `input`, whose 5th and 95th percentiles are `low` and `high`.
    pub fn between(low: f64, high: f64, shape: Shape, input: Input) -> Self {
        let (to, from): (Curve, Curve) = match shape {
            Shape::Lognormal => (f64::ln, f64::exp),
            Shape::LogitNormal => (|p| (p / (1.0 - p)).ln(), |x| 1.0 / (1.0 + (-x).exp())),
            Shape::Normal => (|x| x, |x| x),
        };
        let (low, high) = (to(low), to(high));
        let middle = f64::midpoint(low, high);
        let deviation = (high - low) / (2.0 * Z95);
        let strata: Vec<f64> = NORMALS.iter().map(|z| from(middle + deviation * z)).collect();
        let values = order(input.key).iter().map(|&at| strata[at as usize]).collect();
        Self::new(values, Arc::from([input]))
    }

    /// The draw at `at`.
    pub fn at(&self, at: usize) -> f64 {
        self.draws.values[at] * self.factor + self.offset
    }

    /// All draws.
    pub fn iter(&self) -> impl Iterator<Item = f64> {
        self.draws.values.iter().map(|value| value * self.factor + self.offset)
    }

    pub fn scaled(&self, by: f64) -> Self {
        Self { factor: self.factor * by, offset: self.offset * by, ..self.clone() }
    }

    pub fn shifted(&self, by: f64) -> Self {
        Self { offset: self.offset + by, ..self.clone() }
    }

    /// The sum of this and `sign` times the other.
    pub fn plus(&self, other: &Self, sign: f64) -> Self {
        if Arc::ptr_eq(&self.draws, &other.draws) {
            let (factor, offset) = (self.factor + sign * other.factor, self.offset + sign * other.offset);
            return Self { factor, offset, ..self.clone() };
        }
        self.zip(other, |a, b| a + sign * b)
    }

    /// Each draw on its own.
    pub fn map(&self, f: impl Fn(f64) -> f64) -> Self {
        Self::new(self.iter().map(f).collect(), Arc::clone(&self.inputs))
    }

    /// The draws of both, pair by pair.
    pub fn zip(&self, other: &Self, f: impl Fn(f64, f64) -> f64) -> Self {
        let values = self.iter().zip(other.iter()).map(|(a, b)| f(a, b)).collect();
        Self::new(values, merged(&self.inputs, &other.inputs))
    }

    /// The least and the largest draw.
    pub fn bounds(&self) -> (f64, f64) {
        let Bounds { least, most, .. } = self.draws.bounds();
        let ends = [least * self.factor + self.offset, most * self.factor + self.offset];
        (ends[0].min(ends[1]), ends[0].max(ends[1]))
    }

    /// The share of the draws that are no finite number.
    pub fn undefined(&self) -> f64 {
        let Bounds { least, most, undefined } = self.draws.bounds();
        let overflows = ![least, most].iter().all(|end| (end * self.factor + self.offset).is_finite());
        if overflows && undefined == 0 { 1.0 } else { undefined as f64 / COUNT as f64 }
    }

    /// Median, percentiles and histogram.
    pub fn spread(&self) -> Spread {
        let spread = self.draws.spread.get_or_init(|| spread(&self.draws.values));
        spread.stretched(self.factor, self.offset)
    }
}

impl Draws {
    fn bounds(&self) -> Bounds {
        *self.bounds.get_or_init(|| {
            let mut bounds = Bounds { least: f64::INFINITY, most: f64::NEG_INFINITY, undefined: 0 };
            for &value in &self.values {
                bounds.least = bounds.least.min(value);
                bounds.most = bounds.most.max(value);
                bounds.undefined += usize::from(!value.is_finite());
            }
            bounds
        })
    }
}

/// The inputs of both, each once, in the order of their keys.
pub(super) fn merged(a: &Arc<[Input]>, b: &Arc<[Input]>) -> Arc<[Input]> {
    if Arc::ptr_eq(a, b) || b.is_empty() {
        return Arc::clone(a);
    }
    let mut all: Vec<Input> = a.iter().chain(b.iter()).cloned().collect();
    all.sort_by_key(|input| input.key);
    all.dedup_by_key(|input| input.key);
    all.into()
}
