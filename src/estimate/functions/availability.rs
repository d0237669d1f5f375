//! Availability in series and in parallel, and what it means in hours.

use super::{Arguments, Function, Parameter, Wants};
use crate::estimate::value::Value;
use crate::source::Diagnostic;
use crate::units::Dimension;

const EACH: Parameter = Parameter::new("availability", Wants::Count).repeated();
const RELIABILITY: &str = "Reliability theory: parts that fail independently, IEC 61078 (reliability block diagrams)";

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "series",
        parameters: &[EACH],
        doc: "The availability of a chain that needs every part. A number above 1 after a part is how many of it there are in a row.",
        formula: "availability × ...",
        source: RELIABILITY,
        example: "series(99.99%, 99.95%, 99.9%)",
        run: |call| combined(call, |v, copies| pairs(v, copies).map(|(a, n)| a.powf(n)).product()),
    },
    Function {
        name: "parallel",
        parameters: &[EACH],
        doc: "The availability of a group of which one part is enough. A number above 1 after a part is how many copies of it there are.",
        formula: "1 - (1 - availability) × ...",
        source: RELIABILITY,
        example: "parallel(99%, 3)",
        run: |call| combined(call, |v, copies| 1.0 - pairs(v, copies).map(|(a, n)| (1.0 - a).powf(n)).product::<f64>()),
    },
    Function {
        name: "downtime",
        parameters: &[Parameter::new("availability", Wants::Share), Parameter::new("period", Wants::Time).or("1 year")],
        doc: "How long a service may be down in a period, a year unless another is given.",
        formula: "(1 - availability) × period",
        source: "Definition of availability: the share of the time that it is up (IEC 60050-192)",
        example: "downtime(99.95%)",
        run: |call| Ok(Value::new(call.compute(|v| (1.0 - v[0]) * v[1]), Dimension::time())),
    },
    Function {
        name: "availability",
        parameters: &[Parameter::new("mtbf", Wants::Time), Parameter::new("mttr", Wants::Time)],
        doc: "The share of the time that a part is up, from the mean time it runs and the mean time its repair takes.",
        formula: "mtbf / (mtbf + mttr)",
        source: "IEC 60050-192: steady-state availability, mean up time over mean up and down time",
        example: "availability(1000 hours, 1 hour)",
        run: |call| {
            call.positive(0)?;
            Ok(Value::percent(call.compute(|v| v[0] / (v[0] + v[1]))))
        },
    },
    Function {
        name: "nines",
        parameters: &[Parameter::new("count", Wants::Count)],
        doc: "Availability from its nines: three nines are 99.9%.",
        formula: "1 - 1 / 10^count",
        source: "The field's way of counting",
        example: "nines(4)",
        run: |call| Ok(Value::percent(call.compute(|v| 1.0 - 10f64.powf(-v[0])))),
    },
];

/// Each availability with how many of it there are.
fn pairs<'a>(values: &'a [f64], copies: &'a [bool]) -> impl Iterator<Item = (f64, f64)> + 'a {
    (0..values.len()).filter(|&at| !copies[at]).map(|at| {
        let several = copies.get(at + 1).copied().unwrap_or(false);
        (values[at], if several { values[at + 1] } else { 1.0 })
    })
}

fn combined(call: &mut Arguments<'_>, f: impl Fn(&[f64], &[bool]) -> f64) -> Result<Value, Diagnostic> {
    let copies: Vec<bool> = (0..call.placed.len()).map(|at| is_copies(call, at)).collect();
    for (at, copies) in copies.iter().enumerate() {
        if *copies {
            call.counted(at, 1e6)?;
        } else {
            call.check_share(at, "availability")?;
        }
    }
    Ok(Value::percent(call.compute(|v| f(v, &copies))))
}

/// Whether the argument says how many there are of the one before: a plain number from 1, after an availability.
fn is_copies(call: &Arguments<'_>, at: usize) -> bool {
    let value = call.value(at);
    at > 0 && !value.is_percent() && !value.amount.any(|a| a < 1.0) && !is_copies(call, at - 1)
}
