//! How much, how many, and what it costs.

use super::plain::up;
use super::{Arguments, Function, Parameter, Wants};
use crate::estimate::errors;
use crate::estimate::value::{Amount, Value};
use crate::source::Diagnostic;
use crate::units::{Base, Dimension, Information, Style, unit};

const RATE: Parameter = Parameter::new("rate", Wants::Rate);
const SIZE: Parameter = Parameter::new("size", Wants::Size);

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "peak",
        parameters: &[Parameter::new("average", Wants::Anything), Parameter::new("factor", Wants::Count).or("3")],
        doc: "What to plan for when the average is known.",
        formula: "average × factor",
        source: "Planning figure: the busiest hour of a consumer service is 2 to 5 times its average; 3 unless you know better",
        example: "peak(100M/day, 2.5)",
        run: |call| Ok(call.value(0).times(&Value { style: Style::default(), ..call.value(1).clone() })),
    },
    Function {
        name: "per_second",
        parameters: &[Parameter::new("count", Wants::Anything), Parameter::new("period", Wants::Time).or("1 day")],
        doc: "A count a day as a rate a second; for another period, name it.",
        formula: "count / period",
        source: "Arithmetic: a day has 86,400 seconds, about 10^5",
        example: "per_second(100M writes)",
        run: per_second,
    },
    Function {
        name: "storage",
        parameters: &[
            RATE,
            SIZE,
            Parameter::new("retention", Wants::Time),
            Parameter::new("replicas", Wants::Count).or("1"),
        ],
        doc: "What piles up: everything that is written and kept, in all its copies.",
        formula: "rate × size × retention × replicas",
        source: "Arithmetic",
        example: "storage(100M/day, 500 B, 5 years, 3)",
        run: |call| {
            let amount = call.compute(|v| v[0] * v[1] * v[2] * v[3]);
            let style = Style { information: told(call.value(1)), ..Style::default() };
            Ok(Value::new(amount, Dimension::information()).styled(style))
        },
    },
    Function {
        name: "bandwidth",
        parameters: &[RATE, SIZE],
        doc: "The network that a rate of things of that size fills, in bits a second.",
        formula: "rate × size",
        source: "Arithmetic: networks are sold in bits, and a byte has eight",
        example: "bandwidth(10k/s, 100 KB)",
        run: |call| {
            let style = Style { information: Information::Bits, ..Style::default() };
            let dimension = Dimension::information().per(&Dimension::time());
            Ok(Value::new(call.compute(|v| v[0] * v[1]), dimension).styled(style))
        },
    },
    Function {
        name: "servers",
        parameters: &[
            Parameter::new("load", Wants::Anything),
            Parameter::new("per_server", Wants::Anything),
            Parameter::new("utilisation", Wants::Share).or("70%"),
        ],
        doc: "How many machines carry a load when each is used to that share of what it can do.",
        formula: "ceil(load / (per_server × utilisation))",
        source: "Planning figure: above 70 to 80% busy, waiting grows faster than work (M/M/1: wait = service × u / (1 - u))",
        example: "servers(12k/s, 500/s)",
        run: servers,
    },
    Function {
        name: "shards",
        parameters: &[
            Parameter::new("amount", Wants::Anything),
            Parameter::new("per_shard", Wants::Anything),
            Parameter::new("more", Wants::Anything).repeated(),
        ],
        doc: "How many parts so that each holds its share; with several limits, the one that needs most decides.",
        formula: "ceil(amount / per_shard), the largest over all limits",
        source: "Arithmetic",
        example: "shards(91 TB, 10 TB, 60k writes/s, 10k writes/s)",
        run: shards,
    },
    Function {
        name: "cost_per_month",
        parameters: &[Parameter::new("amount", Wants::Anything), Parameter::new("price", Wants::Anything)],
        doc: "What an amount costs a month at a price for each and for a time, or a flow at a price for each.",
        formula: "amount × price",
        source: "Arithmetic: a month is a twelfth of 365 days, 730 hours",
        example: "cost_per_month(500 TB, $0.023/GB/month)",
        run: cost_per_month,
    },
];

/// How the writer tells sizes; bits become bytes once they are stored.
fn told(size: &Value) -> Information {
    match size.style.information {
        Information::Binary => Information::Binary,
        Information::Decimal | Information::Bits => Information::Decimal,
    }
}

fn per_second(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    let value = call.value(0);
    if value.dimension.power(&Base::Time) == -1 {
        return Ok(value.clone().styled(Style { per: None, unit: None, ..value.style.clone() }));
    }
    if !value.dimension.without_nouns().is_none() {
        return Err(errors::wrong_argument(call.span_of(0), "count", "a count", &value.dimension, None));
    }
    let dimension = value.dimension.per(&Dimension::time());
    Ok(Value::new(call.compute(|v| v[0] / v[1]), dimension))
}

/// An error unless `at` and the argument after it measure the same.
fn comparable(call: &Arguments<'_>, at: usize) -> Result<(), Diagnostic> {
    let bare = |at: usize| call.value(at).dimension.without_nouns();
    if bare(at) != bare(at + 1) {
        return Err(call.differ("over", at, at + 1));
    }
    call.positive(at + 1)
}

fn machines(amount: Amount, noun: &str) -> Value {
    Value::new(amount, Dimension::of(Base::Noun(noun.to_owned())))
}

fn servers(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    comparable(call, 0)?;
    call.positive(2)?;
    Ok(machines(call.compute(|v| up(v[0] / (v[1] * v[2]))), "server"))
}

fn shards(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    if call.placed.len() % 2 == 1 {
        let last = call.span_of(call.placed.len() - 1);
        return Err(errors::too_few(last, &call.function.signature(), "per_shard"));
    }
    for at in (0..call.placed.len()).step_by(2) {
        comparable(call, at)?;
    }
    let most = |v: &[f64]| v.chunks(2).map(|pair| up(pair[0] / pair[1])).fold(1.0, f64::max);
    Ok(machines(call.compute(most), "shard"))
}

fn cost_per_month(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    let product = call.value(0).dimension.times(&call.value(1).dimension);
    let wanted = Dimension::money().per(&Dimension::time());
    if product.without_nouns() != wanted {
        let help =
            "a price is for each and for a time, $0.023/GB/month or $0.10/hour; a flow is priced for each, $0.09/GB";
        return Err(errors::no_product(call.span, "a cost per time", &product, help));
    }
    let month = unit("month").map(|month| month.factor);
    Ok(Value::new(call.compute(|v| v[0] * v[1]), wanted).styled(Style { per: month, ..Style::default() }))
}
