//! How many are in flight, and how long they wait.

use super::{Arguments, Function, Parameter, Wants};
use crate::estimate::errors;
use crate::estimate::value::{Amount, Value};
use crate::source::Diagnostic;
use crate::units::Dimension;

const RATE: Parameter = Parameter::new("rate", Wants::Rate);
const SERVICE: Parameter = Parameter::new("service", Wants::Time);
const SERVERS: Parameter = Parameter::new("servers", Wants::Count);
const ERLANG: &str = "Erlang, Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges (1917): M/M/c";

/// More servers than any pool has.
const MAX_SERVERS: f64 = 1e6;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "little",
        parameters: &[Parameter::new("rate", Wants::Anything), Parameter::new("time", Wants::Anything)],
        doc: "Little's law: how many are in flight when they come at a rate and stay a time; given two of the three, the third.",
        formula: "rate × time",
        source: "Little, A proof for the queuing formula L = λW, Operations Research 9(3), 1961",
        example: "little(10k req/s, 50 ms)",
        run: little,
    },
    Function {
        name: "erlang_c",
        parameters: &[RATE, SERVICE, SERVERS],
        doc: "The mean time that a request waits for one of several servers (random arrivals, exponential service).",
        formula: "P(wait) × service / (servers - rate × service)",
        source: ERLANG,
        example: "erlang_c(900/s, 10 ms, 10)",
        run: |call| {
            stable(call)?;
            let wait = |v: &[f64]| waits(v[0] * v[1], v[2]) * v[1] / (v[2] - v[0] * v[1]);
            Ok(Value::new(call.compute(wait), Dimension::time()))
        },
    },
    Function {
        name: "erlang_wait",
        parameters: &[RATE, SERVICE, SERVERS, Parameter::new("percentile", Wants::Share).or("99%")],
        doc: "The wait that so large a share of requests stays below; zero if that many don't wait at all.",
        formula: "ln(P(wait) / (1 - percentile)) × service / (servers - rate × service)",
        source: ERLANG,
        example: "erlang_wait(900/s, 10 ms, 10, 99%)",
        run: erlang_wait,
    },
    Function {
        name: "erlang_p",
        parameters: &[RATE, SERVICE, SERVERS],
        doc: "The share of requests that have to wait at all.",
        formula: "B / (1 - u × (1 - B)), B the Erlang B blocking of servers at rate × service, u = rate × service / servers",
        source: ERLANG,
        example: "erlang_p(900/s, 10 ms, 10)",
        run: |call| {
            stable(call)?;
            Ok(Value::percent(call.compute(|v| waits(v[0] * v[1], v[2]))))
        },
    },
];

/// Two of concurrency, rate and time, told apart by what they measure.
fn little(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    let bare = |at: usize| call.value(at).dimension.without_nouns();
    let (rate, time) = (Dimension::none().per(&Dimension::time()), Dimension::time());
    let of = |dimension: &Dimension| (0..2).find(|&at| bare(at) == *dimension);
    let (a, b) = (call.value(0), call.value(1));
    match (of(&rate), of(&time), of(&Dimension::none())) {
        (Some(_), Some(_), _) => Ok(plain(a.times(b))),
        (Some(rate), None, Some(count)) => Ok(plain(call.value(count).over(call.value(rate)))),
        (None, Some(time), Some(count)) => Ok(plain(call.value(count).over(call.value(time)))),
        _ => {
            let help = "give two of: a rate, a time in the system, a number in the system";
            Err(errors::no_product(
                call.span,
                "two of the three in Little's law",
                &a.dimension.times(&b.dimension),
                help,
            ))
        }
    }
}

fn plain(value: Value) -> Value {
    value.styled(crate::units::Style::default())
}

/// An error if the servers can't keep up, or there is no sensible number of them.
fn stable(call: &mut Arguments<'_>) -> Result<(), Diagnostic> {
    call.counted(2, MAX_SERVERS)?;
    call.positive(1)?;
    let servers = call.amount(2).map(f64::round);
    call.placed[2].value.amount = servers;
    let headroom = call.compute(|v| v[2] - v[0] * v[1]);
    let share = headroom.share(|a| a <= 0.0);
    if share > 0.0 {
        let busy = call.compute(|v| v[0] * v[1]).middle();
        return Err(errors::overloaded(call.span, busy, call.amount(2).middle(), share));
    }
    Ok(())
}

fn erlang_wait(call: &mut Arguments<'_>) -> Result<Value, Diagnostic> {
    stable(call)?;
    if call.amount(3).any(|p| p >= 1.0) {
        return Err(errors::out_of_range(call.span_of(3), "percentile", "below 100%"));
    }
    let wait = |v: &[f64]| {
        let beyond = (waits(v[0] * v[1], v[2]) / (1.0 - v[3])).ln().max(0.0);
        beyond * v[1] / (v[2] - v[0] * v[1])
    };
    let amount: Amount = call.compute(wait);
    Ok(Value::new(amount, Dimension::time()))
}

/// Erlang's C: the chance that all `servers` are busy under a load that keeps `busy` of them so.
///
/// One over B is the sum of the products (servers - j) / busy; it is cut off where what is left of it can't be seen in a double.
fn waits(busy: f64, servers: f64) -> f64 {
    if busy <= 0.0 {
        return 0.0;
    }
    let (mut sum, mut term) = (1.0, 1.0);
    let mut left = servers;
    while left >= 1.0 && term > sum * f64::EPSILON / 4.0 && sum < 1e300 {
        term *= left / busy;
        sum += term;
        left -= 1.0;
    }
    let blocked = 1.0 / sum;
    blocked / (1.0 - busy / servers * (1.0 - blocked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_to_wait_is_the_tables() {
        // One server: it is busy. Two servers at a load of one: 1/3. Ten servers at nine: published tables give 0.6687.
        assert!((waits(0.5, 1.0) - 0.5).abs() < 1e-12);
        assert!((waits(1.0, 2.0) - 1.0 / 3.0).abs() < 1e-12);
        assert!((waits(9.0, 10.0) - 0.668_73).abs() < 1e-4, "{}", waits(9.0, 10.0));
        assert!(waits(1.0, 1e6) < 1e-200);
    }
}
