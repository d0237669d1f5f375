//! Values of attributes: text to [`Value`], in base units.
//!
//! ```text
//! time       = duration | "fixed" duration | "exp" duration | family "(" argument {"," argument} ")"
//! family     = lognormal(p50, p99) | uniform(low, high) | pareto(min, shape) | erlang(k, mean) | hyperexp(p1, mean1, mean2)
//! argument   = [name] literal                          named arguments in any order, bare ones in the family's
//! popularity = count ["zipf" exponent | "uniform"]
//! ```

use std::collections::BTreeMap;

use super::schema::{self, Attribute, ValueKind};
use super::{Distribution, Kind, Popularity, Value, diagnostics};
use crate::source::{Diagnostic, Span};
use crate::units::{self, BareB, Dimension, LiteralError, Quantity};

/// Figures that a design may name: `$writes` takes the value of `writes`.
pub type Variables = BTreeMap<String, Quantity>;

/// Seconds in a month, a twelfth of 365 days, as `units` has it.
const MONTH: f64 = 365.0 / 12.0 * 86_400.0;

/// Distinct keys of a flow that doesn't say.
const DEFAULT_KEYS: f64 = 1e6;
/// Zipf exponent of a flow that doesn't say: the constant of YCSB (Cooper et al., 2010).
const DEFAULT_ZIPF: f64 = 0.99;

/// Reads the value of parameter `name` of a card of `kind`.
///
/// # Errors
/// If the kind has no such parameter or the text is no such value; the span lies in `text`.
pub fn parse_parameter(kind: Kind, name: &str, text: &str) -> Result<Value, Diagnostic> {
    let Some(attribute) = schema::attribute(kind, name) else {
        let known = schema::attributes(kind).iter().chain(schema::common_attributes()).map(|known| known.name);
        return Err(diagnostics::unknown_attribute(Span::new(0, text.len()), name, kind.name(), known));
    };
    read(attribute, text, 0, &Variables::new())
}

/// Reads a key popularity such as `1B zipf 0.9`, `10M uniform` or `1M`, which is Zipf with exponent 0.99.
///
/// # Errors
/// If it is none; the span lies in `text`.
pub fn parse_popularity(text: &str) -> Result<Popularity, Diagnostic> {
    read_popularity(text, 0, &Variables::new())
}

impl Default for Popularity {
    /// A million keys with YCSB's skew.
    fn default() -> Self {
        Self { keys: DEFAULT_KEYS, zipf: DEFAULT_ZIPF, hot: 0.0 }
    }
}

/// The value of `attribute` that `text`, which stands at `offset`, says.
pub(super) fn read(
    attribute: &Attribute,
    text: &str,
    offset: usize,
    variables: &Variables,
) -> Result<Value, Diagnostic> {
    let trimmed = text.trim();
    let start = offset + (text.len() - text.trim_start().len());
    let at = Place { attribute, text: trimmed, span: Span::new(start, start + trimmed.len()), variables };
    match attribute.value {
        ValueKind::Word => at.word(),
        ValueKind::Flag => at.flag(),
        _ if trimmed.is_empty() => Err(diagnostics::wrong_value(at.span, attribute, "")),
        ValueKind::Number => at.number(),
        ValueKind::Ratio => at.ratio(),
        ValueKind::Duration => at.measure(Quantity::as_seconds).map(Value::Duration),
        ValueKind::Size => at.measure(Quantity::as_bytes).map(Value::Size),
        ValueKind::Rate => at.measure(Quantity::as_per_second).map(Value::Rate),
        ValueKind::Bandwidth => at.measure(Quantity::as_bytes_per_second).map(Value::Bandwidth),
        ValueKind::Money => at.money(),
        ValueKind::Distribution => read_distribution(&at).map(Value::Distribution),
    }
}

/// A value being read: whose, what, and where it stands.
struct Place<'a> {
    attribute: &'a Attribute,
    text: &'a str,
    span: Span,
    variables: &'a Variables,
}

/// The literal, or the variable behind a `$`.
pub(super) fn quantity(text: &str, bare_b: BareB, variables: &Variables) -> Result<Quantity, LiteralError> {
    let name = text.strip_prefix('$').filter(|name| name.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let Some(name) = name else { return units::literal(text, bare_b) };
    variables.get(name).cloned().ok_or_else(|| LiteralError {
        span: Span::new(1, text.len()),
        message: format!("the estimate has no variable '{name}'"),
        help: crate::source::nearest(name, variables.keys().map(String::as_str))
            .map(|name| format!("did you mean '${name}'?")),
    })
}

impl Place<'_> {
    fn quantity(&self, bare_b: BareB) -> Result<Quantity, Diagnostic> {
        let quantity = quantity(self.text, bare_b, self.variables).map_err(|error| {
            if error.span.start == 0 {
                diagnostics::wrong_value(self.span, self.attribute, self.text)
            } else {
                let span = error.span.shifted(self.span.start);
                diagnostics::bad_literal(span, self.attribute, &error.message, error.help)
            }
        })?;
        if quantity.value < 0.0 {
            return Err(diagnostics::out_of_range(self.span, self.attribute, "never below zero"));
        }
        Ok(quantity)
    }

    fn number(&self) -> Result<Value, Diagnostic> {
        let quantity = self.quantity(BareB::Billion)?;
        quantity.as_count().map(Value::Number).ok_or_else(|| self.wrong())
    }

    /// `30%` or `0.3`.
    fn ratio(&self) -> Result<Value, Diagnostic> {
        let value = self.quantity(BareB::Billion)?.as_count().ok_or_else(|| self.wrong())?;
        if value <= 1.0 {
            return Ok(Value::Ratio(value));
        }
        if self.text.ends_with('%') {
            return Err(diagnostics::out_of_range(self.span, self.attribute, "at most 100%"));
        }
        Err(diagnostics::missing_unit(self.span, self.attribute, self.text))
    }

    fn measure(&self, of: fn(&Quantity) -> Option<f64>) -> Result<f64, Diagnostic> {
        let quantity = self.quantity(BareB::Byte)?;
        of(&quantity).ok_or_else(|| {
            let bare = quantity.dimension.is_none() && !self.text.ends_with('%');
            if bare { diagnostics::missing_unit(self.span, self.attribute, self.text) } else { self.wrong() }
        })
    }

    /// `$1200/month`, `$1200` and `1200` are dollars a month.
    fn money(&self) -> Result<Value, Diagnostic> {
        let quantity = self.quantity(BareB::Billion)?;
        let a_month = quantity.as_dollars_per_second().map(|dollars| dollars * MONTH);
        a_month
            .or_else(|| quantity.as_dollars())
            .or_else(|| quantity.as_count())
            .map(Value::Money)
            .ok_or_else(|| self.wrong())
    }

    fn flag(&self) -> Result<Value, Diagnostic> {
        let word = match self.text.to_lowercase().as_str() {
            "" | "yes" | "true" | "on" => "yes",
            "no" | "false" | "off" => "no",
            _ => return Err(self.wrong()),
        };
        Ok(Value::Word(word.to_owned()))
    }

    fn word(&self) -> Result<Value, Diagnostic> {
        if self.text.is_empty() {
            return Err(diagnostics::wrong_value(self.span, self.attribute, ""));
        }
        if self.attribute.choices.is_empty() {
            return Ok(Value::Word(self.text.to_owned()));
        }
        let word = schema::kebab(self.text);
        let known = self.attribute.choices.iter().find(|choice| **choice == word);
        known
            .map(|choice| Value::Word((*choice).to_owned()))
            .ok_or_else(|| diagnostics::wrong_choice(self.span, self.attribute, self.text))
    }

    fn wrong(&self) -> Diagnostic {
        diagnostics::wrong_value(self.span, self.attribute, self.text)
    }
}

/// One argument of a distribution: its name if it has one, its text and where that stands.
struct Argument<'a> {
    name: Option<String>,
    text: &'a str,
    span: Span,
}

fn read_distribution(place: &Place<'_>) -> Result<Distribution, Diagnostic> {
    let Place { text, span, .. } = *place;
    let word = text.find(|c: char| !c.is_alphabetic()).map_or(text, |end| &text[..end]);
    if word.is_empty() {
        return place.measure(Quantity::as_seconds).map(|mean| Distribution::Exponential { mean });
    }
    let arguments = arguments(&text[word.len()..], span.start + word.len());
    let family = Family { place, name: word, span, arguments: &arguments };
    match word.to_lowercase().as_str() {
        "fixed" | "constant" => Ok(Distribution::Fixed(family.time(0, "mean")?)),
        "exp" | "exponential" => Ok(Distribution::Exponential { mean: family.time(0, "mean")? }),
        "lognormal" => {
            let (p50, p99) = (family.time(0, "p50")?, family.time(1, "p99")?);
            family.check(
                p50 > 0.0 && p99 >= p50,
                "the p99 of a lognormal is not below its p50, and both are above zero",
            )?;
            Ok(Distribution::Lognormal { p50, p99 })
        }
        "uniform" => {
            let (low, high) = (family.time(0, "low")?, family.time(1, "high")?);
            family.check(high >= low, "the upper end of a uniform distribution is not below its lower end")?;
            Ok(Distribution::Uniform { low, high })
        }
        "pareto" => {
            let (min, shape) = (family.time(0, "min")?, family.bare(1, "shape")?);
            family.check(
                min > 0.0 && shape > 1.0,
                "a pareto needs a minimum above zero and a shape above 1 to have a mean",
            )?;
            Ok(Distribution::Pareto { min, shape })
        }
        "erlang" => {
            let (k, mean) = (family.bare(0, "k")?, family.time(1, "mean")?);
            family.check(
                (1.0..=1000.0).contains(&k) && k.fract() == 0.0,
                "the k of an erlang is a whole number from 1 to 1000",
            )?;
            Ok(Distribution::Erlang { k: k as u32, mean })
        }
        "hyperexp" | "hyperexponential" => {
            let p1 = family.bare(0, "p1")?;
            family.check((0.0..=1.0).contains(&p1), "p1 is a probability from 0 to 1")?;
            Ok(Distribution::Hyperexponential { p1, mean1: family.time(1, "mean1")?, mean2: family.time(2, "mean2")? })
        }
        _ => Err(diagnostics::bad_distribution(span, format!("unknown distribution '{word}'"))),
    }
}

/// `(p50 5ms, p99 40ms)`, or one bare argument without parentheses.
fn arguments(text: &str, offset: usize) -> Vec<Argument<'_>> {
    let open = text.trim_start().strip_prefix('(');
    let inner = open.map_or(text, |rest| rest.trim_end().strip_suffix(')').unwrap_or(rest));
    let mut start = offset + (text.len() - open.map_or(text.len(), str::len));
    let mut found = Vec::new();
    for part in inner.split(',') {
        let trimmed = part.trim();
        let at = start + (part.len() - part.trim_start().len());
        let named = trimmed.split_once([' ', ':', '=']).filter(|(name, _)| name.starts_with(char::is_alphabetic));
        let (name, value) =
            named.map_or((None, trimmed), |(name, rest)| (Some(name.to_lowercase()), rest.trim_start()));
        let from = at + trimmed.len() - value.len();
        found.push(Argument { name, text: value, span: Span::new(from, from + value.len()) });
        start += part.len() + 1;
    }
    found
}

/// A distribution's family with the arguments it was given.
struct Family<'a> {
    place: &'a Place<'a>,
    name: &'a str,
    span: Span,
    arguments: &'a [Argument<'a>],
}

impl Family<'_> {
    fn argument(&self, at: usize, name: &str) -> Result<&Argument<'_>, Diagnostic> {
        let named = self.arguments.iter().find(|argument| argument.name.as_deref() == Some(name));
        let bare = || self.arguments.get(at).filter(|argument| argument.name.is_none() && !argument.text.is_empty());
        let missing = || diagnostics::bad_distribution(self.span, format!("{} lacks its {name}", self.name));
        named.or_else(bare).ok_or_else(missing)
    }

    fn time(&self, at: usize, name: &str) -> Result<f64, Diagnostic> {
        let argument = self.argument(at, name)?;
        let place = Place { text: argument.text, span: argument.span, ..*self.place };
        place.measure(Quantity::as_seconds)
    }

    fn bare(&self, at: usize, name: &str) -> Result<f64, Diagnostic> {
        let argument = self.argument(at, name)?;
        let quantity = units::literal(argument.text, BareB::Billion).ok();
        quantity
            .filter(|quantity| quantity.dimension == Dimension::none())
            .map(|quantity| quantity.value)
            .ok_or_else(|| diagnostics::bad_distribution(argument.span, format!("{name} is a bare number")))
    }

    fn check(&self, holds: bool, rule: &str) -> Result<(), Diagnostic> {
        if holds { Ok(()) } else { Err(diagnostics::bad_distribution(self.span, rule)) }
    }
}

/// A distribution of the family of `like` with mean `mean`, seconds.
pub(super) fn scaled(like: &Distribution, mean: f64) -> Distribution {
    let factor = if like.mean() > 0.0 && like.mean().is_finite() { mean / like.mean() } else { 0.0 };
    match *like {
        _ if factor == 0.0 && mean > 0.0 => Distribution::Exponential { mean },
        Distribution::Fixed(_) => Distribution::Fixed(mean),
        Distribution::Exponential { .. } => Distribution::Exponential { mean },
        Distribution::Lognormal { p50, p99 } => Distribution::Lognormal { p50: p50 * factor, p99: p99 * factor },
        Distribution::Uniform { low, high } => Distribution::Uniform { low: low * factor, high: high * factor },
        Distribution::Pareto { min, shape } => Distribution::Pareto { min: min * factor, shape },
        Distribution::Erlang { k, .. } => Distribution::Erlang { k, mean },
        Distribution::Hyperexponential { p1, mean1, mean2 } => {
            Distribution::Hyperexponential { p1, mean1: mean1 * factor, mean2: mean2 * factor }
        }
    }
}

/// Whether `text` is a plain duration, which takes the family of the card.
pub(super) fn is_plain(text: &str) -> bool {
    text.trim_start().starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '$'))
}

/// Reads a popularity that stands at `offset`.
pub(super) fn read_popularity(text: &str, offset: usize, variables: &Variables) -> Result<Popularity, Diagnostic> {
    let lead = offset + (text.len() - text.trim_start().len());
    let trimmed = text.trim();
    let span = Span::new(lead, lead + trimmed.len());
    let bad = || diagnostics::bad_keys(span, trimmed);
    let (count, shape) = trimmed.find(" zipf").or_else(|| trimmed.find(" uniform")).map_or((trimmed, ""), |at| {
        let (count, shape) = trimmed.split_at(at);
        (count, shape.trim())
    });
    let keys =
        quantity(count, BareB::Billion, variables).ok().and_then(|quantity| quantity.as_count()).ok_or_else(bad)?;
    let zipf = match shape.split_once(' ').unwrap_or((shape, "")) {
        ("" | "zipf", "") => DEFAULT_ZIPF,
        ("uniform", "") => 0.0,
        ("zipf", exponent) => {
            exponent.trim().parse().ok().filter(|s: &f64| (0.0..=10.0).contains(s)).ok_or_else(bad)?
        }
        _ => return Err(bad()),
    };
    if keys < 1.0 {
        return Err(bad());
    }
    Ok(Popularity { keys, zipf, hot: 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: Kind, name: &str, text: &str, expected: Value) {
        assert_eq!(parse_parameter(kind, name, text), Ok(expected), "{name} {text}");
    }

    #[track_caller]
    fn check_error(kind: Kind, name: &str, text: &str, place: &str, message: &str, help: &str) {
        let found = parse_parameter(kind, name, text).unwrap_err();
        assert_eq!(
            (found.span.slice(text), found.message.as_str(), found.help.as_deref().unwrap_or("")),
            (place, message, help)
        );
    }

    #[test]
    fn values_are_read_in_base_units() {
        check(Kind::Sql, "replicas", "2", Value::Number(2.0));
        check(Kind::Sql, "rows", "1B", Value::Number(1e9));
        check(Kind::Service, "autoscale", "70%", Value::Ratio(0.7));
        check(Kind::Service, "errors", "0.01", Value::Ratio(0.01));
        check(Kind::Cache, "ttl", "24h", Value::Duration(86_400.0));
        check(Kind::Cache, "memory", "64GB", Value::Size(64e9));
        check(Kind::Gateway, "limit", "5k/s", Value::Rate(5000.0));
        check(Kind::Gateway, "limit", "6k/min", Value::Rate(100.0));
        check(Kind::Blob, "throughput", "100MB/s", Value::Bandwidth(100e6));
        check(Kind::Sql, "cost_per_month_usd", "1200", Value::Money(1200.0));
        check(Kind::Cache, "single_flight", "", Value::Word("yes".to_owned()));
        check(Kind::Cache, "policy", "LRU", Value::Word("lru".to_owned()));
        check(Kind::Sql, "by", "code", Value::Word("code".to_owned()));
        let Ok(Value::Money(a_month)) = parse_parameter(Kind::Sql, "cost", "$12k/year") else { panic!("money") };
        assert!((a_month - 1000.0).abs() < 1e-9, "{a_month}");
    }

    #[test]
    fn distributions_are_read_by_name_and_by_place() {
        let of = |text: &str| match parse_parameter(Kind::Service, "work", text) {
            Ok(Value::Distribution(distribution)) => distribution,
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(of("5ms"), Distribution::Exponential { mean: 0.005 });
        assert_eq!(of("fixed 5ms"), Distribution::Fixed(0.005));
        assert_eq!(of("exp 5ms"), Distribution::Exponential { mean: 0.005 });
        assert_eq!(of("lognormal(p50 5ms, p99 40ms)"), Distribution::Lognormal { p50: 0.005, p99: 0.04 });
        assert_eq!(of("lognormal(p99 40ms, p50 5ms)"), Distribution::Lognormal { p50: 0.005, p99: 0.04 });
        assert_eq!(of("Uniform(1ms, 8ms)"), Distribution::Uniform { low: 0.001, high: 0.008 });
        assert_eq!(of("pareto(min 1ms, shape 1.5)"), Distribution::Pareto { min: 0.001, shape: 1.5 });
        assert_eq!(of("erlang(k 3, mean 5ms)"), Distribution::Erlang { k: 3, mean: 0.005 });
        assert_eq!(
            of("hyperexp(p1 0.9, mean1 1ms, mean2 50ms)"),
            Distribution::Hyperexponential { p1: 0.9, mean1: 0.001, mean2: 0.05 }
        );
    }

    #[test]
    fn a_scaled_family_keeps_its_shape_and_takes_the_mean() {
        for text in
            ["fixed 2ms", "exp 2ms", "lognormal(p50 5ms, p99 40ms)", "uniform(1ms, 9ms)", "pareto(min 1ms, shape 1.5)"]
        {
            let Ok(Value::Distribution(like)) = parse_parameter(Kind::Service, "work", text) else { panic!("{text}") };
            let mean = scaled(&like, 0.02).mean();
            assert!((mean - 0.02).abs() < 1e-12, "{text}: {mean}");
        }
    }

    #[test]
    fn what_is_no_value_is_answered_with_its_place() {
        check_error(Kind::Sql, "replica", "2", "2", "unknown attribute 'replica' of sql", "did you mean 'replicas'?");
        check_error(Kind::Cache, "ttl", "200", "200", "'ttl' lacks a unit", "did you mean '200ms'?");
        check_error(Kind::Cache, "ttl", "long", "long", "'ttl' wants a duration such as 200ms, not 'long'", "");
        check_error(Kind::Cache, "ttl", "5 qq", "qq", "unknown unit 'qq'", "'ttl' wants a duration such as 200ms");
        check_error(Kind::Cache, "ttl", "", "", "'ttl' lacks its value", "write a duration such as 200ms: ttl 200ms");
        check_error(Kind::Cache, "policy", "lur", "lur", "'policy' can't be 'lur'", "did you mean 'lru'?");
        check_error(Kind::Service, "errors", "120%", "120%", "'errors' is at most 100%", "");
        check_error(Kind::Service, "errors", "50", "50", "'errors' lacks a unit", "did you mean '50%'?");
        check_error(Kind::Service, "cores", "-1", "-1", "'cores' is never below zero", "");
        let families = "one of: 5ms, fixed 5ms, exp 5ms, lognormal(p50 5ms, p99 40ms), uniform(1ms, 9ms), pareto(min 1ms, shape 1.5), erlang(k 3, mean 5ms)";
        check_error(Kind::Service, "work", "gamma(1ms)", "gamma(1ms)", "unknown distribution 'gamma'", families);
        check_error(Kind::Service, "work", "erlang(k 3)", "erlang(k 3)", "erlang lacks its mean", families);
        let rule = "the p99 of a lognormal is not below its p50, and both are above zero";
        check_error(Kind::Service, "work", "lognormal(9ms, 1ms)", "lognormal(9ms, 1ms)", rule, families);
    }

    #[test]
    fn popularities_are_read() {
        let of = |text| parse_popularity(text).map(|popularity| (popularity.keys, popularity.zipf));
        assert_eq!(of("1B zipf 0.9"), Ok((1e9, 0.9)));
        assert_eq!(of("10M uniform"), Ok((1e7, 0.0)));
        assert_eq!(of("5k"), Ok((5000.0, 0.99)));
        assert_eq!(of("many").unwrap_err().message, "'many' is no key popularity");
        assert_eq!(of("1M zipf x").unwrap_err().message, "'1M zipf x' is no key popularity");
    }
}
