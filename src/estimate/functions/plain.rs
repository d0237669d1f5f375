//! Roots, logarithms, rounding, the smallest and the largest.

use super::{Arguments, Function, Parameter, Wants};
use crate::estimate::errors;
use crate::estimate::value::Value;
use crate::source::Diagnostic;
use crate::units::{Dimension, Style};

const ARITHMETIC: &str = "Arithmetic";
const X: Parameter = Parameter::new("x", Wants::Anything);
const N: Parameter = Parameter::new("x", Wants::Count);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "sqrt",
        parameters: &[X],
        doc: "The square root.",
        formula: "square root of x",
        source: ARITHMETIC,
        example: "sqrt(2 * 56.8B)",
        run: sqrt,
    },
    Function {
        name: "log",
        parameters: &[N, Parameter::new("base", Wants::Count).or("10")],
        doc: "The logarithm, to base 10 unless another is given.",
        formula: "ln x / ln base",
        source: ARITHMETIC,
        example: "log(56.8B, 62)",
        run: log,
    },
    Function {
        name: "log2",
        parameters: &[N],
        doc: "The logarithm to base 2: how many bits it takes to tell so many things apart.",
        formula: "ln x / ln 2",
        source: ARITHMETIC,
        example: "log2(1B)",
        run: |call| logarithm(call, f64::log2),
    },
    Function {
        name: "ln",
        parameters: &[N],
        doc: "The natural logarithm.",
        formula: "logarithm of x to base e",
        source: ARITHMETIC,
        example: "ln(2)",
        run: |call| logarithm(call, f64::ln),
    },
    Function {
        name: "exp",
        parameters: &[N],
        doc: "e to a power.",
        formula: "e to the power x",
        source: ARITHMETIC,
        example: "exp(-0.5)",
        run: |call| Ok(Value::new(call.compute(|v| v[0].exp()), Dimension::none())),
    },
    Function {
        name: "abs",
        parameters: &[X],
        doc: "The size without the sign.",
        formula: "x without its sign",
        source: ARITHMETIC,
        example: "abs(-3)",
        run: |call| Ok(same(call, |v| v[0].abs())),
    },
    Function {
        name: "ceil",
        parameters: &[X],
        doc: "The next whole number up: machines come whole.",
        formula: "smallest whole number not below x",
        source: ARITHMETIC,
        example: "ceil(12k / 500)",
        run: |call| rounded(call, up),
    },
    Function {
        name: "floor",
        parameters: &[X],
        doc: "The next whole number down.",
        formula: "largest whole number not above x",
        source: ARITHMETIC,
        example: "floor(64 GB / 3 GB)",
        run: |call| rounded(call, |x| (x * (1.0 + NOISE)).floor()),
    },
    Function {
        name: "round",
        parameters: &[X],
        doc: "The nearest whole number.",
        formula: "whole number nearest to x",
        source: ARITHMETIC,
        example: "round(2.6)",
        run: |call| rounded(call, f64::round),
    },
    Function {
        name: "min",
        parameters: &[X.repeated()],
        doc: "The smallest of several values of one kind.",
        formula: "smallest of x, ...",
        source: ARITHMETIC,
        example: "min(10 Gbps, 25 Gbps)",
        run: |call| several(call, |v| v.iter().copied().fold(f64::INFINITY, f64::min)),
    },
    Function {
        name: "max",
        parameters: &[X.repeated()],
        doc: "The largest of several values of one kind.",
        formula: "largest of x, ...",
        source: ARITHMETIC,
        example: "max(3 shards, 10 shards)",
        run: |call| several(call, |v| v.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
    },
    Function {
        name: "sum",
        parameters: &[X.repeated()],
        doc: "The sum of several values of one kind; without parentheses, of the lines above.",
        formula: "x + ...",
        source: ARITHMETIC,
        example: "sum(1.2k/s, 800/s)",
        run: |call| several(call, |v| v.iter().sum()),
    },
];

/// Relative error of a few operations on doubles: 12,000 / (500 × 80%) must not need a thirty-first server.
const NOISE: f64 = 1e-12;

/// The next whole number up, but for the noise of the arithmetic before.
pub(in crate::estimate) fn up(x: f64) -> f64 {
    (x * (1.0 - NOISE)).ceil()
}

fn same(call: &Arguments<'_>, f: impl Fn(&[f64]) -> f64) -> Value {
    let first = call.value(0);
    Value { amount: call.compute(f), dimension: first.dimension.clone(), style: first.style.clone() }
}

fn sqrt(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    let value = call.value(0);
    let odd = value.dimension.powers().any(|(_, power)| power % 2 != 0);
    if odd || value.amount.any(|a| a < 0.0) {
        let error = if odd {
            errors::odd_root(call.span_of(0), &value.dimension)
        } else {
            errors::out_of_range(call.span_of(0), "x", "nought or more")
        };
        return Err(error);
    }
    let halves = value.dimension.powers().map(|(base, power)| Dimension::of(base.clone()).raised(power / 2));
    let dimension = halves.fold(Dimension::none(), |all, half| all.times(&half));
    Ok(Value::new(call.compute(|v| v[0].sqrt()), dimension))
}

fn logarithm(call: &Arguments<'_>, f: fn(f64) -> f64) -> Result<Value, Diagnostic> {
    call.positive(0)?;
    Ok(Value::new(call.compute(|v| f(v[0])), Dimension::none()))
}

fn log(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    call.positive(0)?;
    call.positive(1)?;
    if call.amount(1).any(|base| base == 1.0) {
        return Err(errors::out_of_range(call.span_of(1), "base", "other than 1"));
    }
    // The library's logarithms to base 2 and 10 are exact where the result is a whole number.
    let logarithm = |v: &[f64]| match v[1] {
        10.0 => v[0].log10(),
        2.0 => v[0].log2(),
        base => v[0].ln() / base.ln(),
    };
    Ok(Value::new(call.compute(logarithm), Dimension::none()))
}

fn rounded(call: &Arguments<'_>, f: fn(f64) -> f64) -> Result<Value, Diagnostic> {
    let value = call.value(0);
    if !value.dimension.without_nouns().is_none() {
        return Err(errors::counts_only(call.span_of(0), call.function.name, &value.dimension));
    }
    let style = Style::default();
    Ok(Value { amount: call.compute(|v| f(v[0])), dimension: value.dimension.clone(), style })
}

fn several(call: &Arguments<'_>, f: impl Fn(&[f64]) -> f64) -> Result<Value, Diagnostic> {
    let dimension = call.common()?;
    let style = Style { unit: None, ..call.value(0).style.clone() };
    Ok(Value { amount: call.compute(f), dimension, style })
}
