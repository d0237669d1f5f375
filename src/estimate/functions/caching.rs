//! Caches under skewed popularity, filters, and codes that collide.

use super::{Arguments, Function, Parameter, Wants};
use crate::estimate::errors;
use crate::estimate::value::Value;
use crate::source::Diagnostic;
use crate::units::{Base, Dimension, Information, Style};

const KEYS: Parameter = Parameter::new("keys", Wants::Count);
const EXPONENT: Parameter = Parameter::new("exponent", Wants::Count).or("1");
const BRESLAU: &str = "Breslau et al., Web caching and Zipf-like distributions, INFOCOM 1999: the k-th most popular key is asked for in proportion to 1/k^exponent, and the cache holds the most popular";

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "zipf_hit",
        parameters: &[Parameter::new("cached", Wants::Count), KEYS, EXPONENT],
        doc: "The hit ratio of a cache that holds so many of the most popular keys.",
        formula: "H(cached) / H(keys), H(n) the sum of 1/k^exponent for k from 1 to n",
        source: BRESLAU,
        example: "zipf_hit(10M, 1B)",
        run: zipf_hit,
    },
    Function {
        name: "cache_memory",
        parameters: &[KEYS, Parameter::new("size", Wants::Size), Parameter::new("hit", Wants::Share), EXPONENT],
        doc: "The memory that gives a hit ratio when the most popular keys are cached.",
        formula: "n × size, n the least for which H(n) ≥ hit × H(keys), H(n) the sum of 1/k^exponent for k from 1 to n",
        source: BRESLAU,
        example: "cache_memory(1B keys, 500 B, 80%)",
        run: cache_memory,
    },
    Function {
        name: "bloom",
        parameters: &[KEYS, Parameter::new("false_positives", Wants::Share)],
        doc: "The size of a Bloom filter over so many keys for a share of false positives.",
        formula: "-keys × ln(false_positives) / (ln 2)^2 bits",
        source: "Bloom, Space/time trade-offs in hash coding with allowable errors, CACM 13(7), 1970, at the best number of hashes",
        example: "bloom(1B keys, 1%)",
        run: bloom,
    },
    Function {
        name: "collision",
        parameters: &[Parameter::new("items", Wants::Count), Parameter::new("codes", Wants::Count)],
        doc: "The chance that at least two of so many random codes are the same (the birthday problem).",
        formula: "1 - exp(-items × (items - 1) / (2 × codes))",
        source: "Feller, An Introduction to Probability Theory and Its Applications (1950), chapter II.3",
        example: "collision(300k, 62^6)",
        run: |call| {
            call.positive(1)?;
            Ok(Value::percent(call.compute(|v| -(-v[0] * (v[0] - 1.0).max(0.0) / (2.0 * v[1])).exp_m1())))
        },
    },
];

/// More keys than there are, and as skewed as makes a difference.
const MAX_KEYS: f64 = 1e18;
const MAX_EXPONENT: f64 = 10.0;

fn popularity(call: &Arguments<'_>, keys: usize, exponent: usize) -> Result<(), Diagnostic> {
    call.counted(keys, MAX_KEYS)?;
    if call.amount(exponent).any(|s| !(0.0..=MAX_EXPONENT).contains(&s)) {
        return Err(errors::out_of_range(call.span_of(exponent), "exponent", "from 0 to 10"));
    }
    Ok(())
}

fn zipf_hit(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    popularity(call, 1, 2)?;
    if call.amount(0).any(|cached| cached < 0.0) {
        return Err(errors::out_of_range(call.span_of(0), "cached", "nought or more"));
    }
    let hit = |v: &[f64]| {
        let ranks = Zipf::new(v[2]);
        ranks.sum(v[0].min(v[1])) / ranks.sum(v[1])
    };
    Ok(Value::percent(call.compute(hit)))
}

fn cache_memory(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    popularity(call, 0, 3)?;
    let memory = |v: &[f64]| {
        let ranks = Zipf::new(v[3]);
        ranks.least(v[2] * ranks.sum(v[0]), v[0]) * v[1]
    };
    let told = match call.value(1).style.information {
        Information::Binary => Information::Binary,
        Information::Decimal | Information::Bits => Information::Decimal,
    };
    let style = Style { information: told, ..Style::default() };
    Ok(Value::new(call.compute(memory), Dimension::of(Base::Information)).styled(style))
}

fn bloom(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    call.counted(0, MAX_KEYS)?;
    call.positive(1)?;
    let bits = |v: &[f64]| -v[0] * v[1].ln() / std::f64::consts::LN_2.powi(2);
    Ok(Value::new(call.compute(|v| bits(v) / 8.0), Dimension::information()))
}

/// Sums of 1/k^s, by the Euler-Maclaurin formula beyond the first few: relative error below 10^-9.
struct Zipf {
    exponent: f64,
    /// The sum up to [`HEAD`].
    head: f64,
}

const HEAD: f64 = 20.0;

impl Zipf {
    fn new(exponent: f64) -> Self {
        let head = (1..=HEAD as u32).map(|k| f64::from(k).powf(-exponent)).sum();
        Self { exponent, head }
    }

    /// The sum of 1/k^s for k up to `n`, a fraction of a key counting as that fraction.
    fn sum(&self, n: f64) -> f64 {
        if n <= HEAD {
            let whole = n.floor();
            let sum: f64 = (1..=whole as u32).map(|k| f64::from(k).powf(-self.exponent)).sum();
            return sum + (n - whole) * (whole + 1.0).powf(-self.exponent);
        }
        let s = self.exponent;
        let term = |x: f64| x.powf(-s);
        let (a, b) = (term(HEAD), term(n));
        let integral = if (s - 1.0).abs() < 1e-9 { (n / HEAD).ln() } else { (n * b - HEAD * a) / (1.0 - s) };
        self.head + integral + (b - a) / 2.0 - s / 12.0 * (b / n - a / HEAD)
            + s * (s + 1.0) * (s + 2.0) / 720.0 * (b / n.powi(3) - a / HEAD.powi(3))
    }

    /// The least number of keys whose sum reaches `target`, at most `most`.
    fn least(&self, target: f64, most: f64) -> f64 {
        let (mut low, mut high) = (0.0, most);
        let mut n = most / 2.0;
        // Newton's steps, halved back into the bracket where they leave it.
        for _ in 0..200 {
            let miss = self.sum(n) - target;
            if miss < 0.0 {
                low = n;
            } else {
                high = n;
            }
            if high - low <= 0.5 || miss.abs() <= target * 1e-12 {
                break;
            }
            let step = n - miss * n.max(1.0).powf(self.exponent);
            n = if step > low && step < high { step } else { f64::midpoint(low, high) };
        }
        super::plain::up(n.min(high)).clamp(0.0, most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_a_zipf_law_are_those_of_a_loop() {
        for exponent in [0.0, 0.6, 0.99, 1.0, 1.2, 2.0] {
            let ranks = Zipf::new(exponent);
            for n in [1u32, 7, 21, 1000, 100_000] {
                let direct: f64 = (1..=n).map(|k| f64::from(k).powf(-exponent)).sum();
                let sum = ranks.sum(f64::from(n));
                assert!((sum / direct - 1.0).abs() < 1e-9, "exponent {exponent}, n {n}: {sum} for {direct}");
            }
        }
    }

    #[test]
    fn the_least_number_of_keys_reaches_its_target_and_one_less_does_not() {
        for exponent in [0.0, 0.8, 1.0, 1.3] {
            let ranks = Zipf::new(exponent);
            let target = 0.8 * ranks.sum(1e6);
            let n = ranks.least(target, 1e6);
            assert!(ranks.sum(n) >= target * (1.0 - 1e-9), "exponent {exponent}: {n}");
            assert!(ranks.sum(n - 1.5) < target, "exponent {exponent}: {n}");
        }
    }
}
