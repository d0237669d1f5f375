//! What more workers bring.

use super::{Arguments, Function, Parameter, Wants};
use crate::estimate::errors;
use crate::estimate::value::Value;
use crate::source::Diagnostic;
use crate::units::Dimension;

const WORKERS: Parameter = Parameter::new("workers", Wants::Count);
const CONTENTION: Parameter = Parameter::new("contention", Wants::Share);
const COHERENCE: Parameter = Parameter::new("coherence", Wants::Share);
const GUNTHER: &str = "Gunther, Guerrilla Capacity Planning (2007): the universal scalability law";

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "amdahl",
        parameters: &[Parameter::new("parallel", Wants::Share), WORKERS],
        doc: "How many times faster so many workers make it when only a share of the work can be spread over them.",
        formula: "1 / (1 - parallel + parallel / workers)",
        source: "Amdahl, Validity of the single processor approach to achieving large scale computing capabilities, AFIPS 1967",
        example: "amdahl(95%, 16)",
        run: |call| {
            call.counted(1, f64::MAX)?;
            Ok(Value::new(call.compute(|v| 1.0 / (1.0 - v[0] + v[0] / v[1])), Dimension::none()))
        },
    },
    Function {
        name: "usl",
        parameters: &[WORKERS, CONTENTION, COHERENCE, Parameter::new("one", Wants::Anything).or("1")],
        doc: "What so many workers do when they queue for something shared and keep each other informed; with what one does, the throughput.",
        formula: "one × workers / (1 + contention × (workers - 1) + coherence × workers × (workers - 1))",
        source: GUNTHER,
        example: "usl(16, 5%, 0.1%, 1k/s)",
        run: usl,
    },
    Function {
        name: "usl_peak",
        parameters: &[CONTENTION, COHERENCE],
        doc: "The number of workers beyond which another makes it slower.",
        formula: "sqrt((1 - contention) / coherence)",
        source: GUNTHER,
        example: "usl_peak(5%, 0.1%)",
        run: |call| {
            if call.amount(1).any(|b| b <= 0.0) {
                return Err(errors::not_positive(call.span_of(1), "coherence"));
            }
            Ok(Value::new(call.compute(|v| ((1.0 - v[0]) / v[1]).sqrt()), Dimension::none()))
        },
    },
];

fn usl(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    call.counted(0, f64::MAX)?;
    let one = call.value(3);
    let (dimension, style) = (one.dimension.clone(), one.style.clone());
    let throughput = |v: &[f64]| v[3] * v[0] / (1.0 + v[1] * (v[0] - 1.0) + v[2] * v[0] * (v[0] - 1.0));
    Ok(Value { amount: call.compute(throughput), dimension, style })
}
