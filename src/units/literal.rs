//! One tight literal: `200ms`, `115k/s`, `64GB`, `99.9%`, `100M/day`, `10 request/user/day`, `$20k/month`, `5 req/s per user`.
//!
//! ```text
//! literal  = ["$"] number [suffix] [" "] [unit] {("/" | "·" | " per ") unit}
//! number   = digits with "_" or "," between thousands, ["." digits] ["e" exponent]
//! suffix   = k K M B G T P, "x", "%", glued to the digits, or a word after a space: million, percent; a suffix that spells a unit as a
//!            whole word is that unit
//! unit     = word ["^" integer]
//! ```
//!
//! `/unit` belongs to the literal; a quotient is written with spaces around its `/`, and is the estimator's.

use super::scan::{LiteralParts, ScanOptions, scan};
use super::{Base, Dimension, Quantity, names, noun};
use crate::source::Span;

/// What a `B` glued to a number means: people write both `500B` for bytes and `1B keys` for a billion of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BareB {
    /// `1B` is a billion.
    Billion,
    /// `1B` is a byte.
    Byte,
}

/// Why a text is no literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiteralError {
    /// The part at fault, in the text given.
    pub span: Span,
    /// What is wrong with it.
    pub message: String,
    /// What would be right, where it can be guessed.
    pub help: Option<String>,
}

/// Reads `text`, all of it, as one literal.
///
/// # Errors
/// If it does not start with a number, or its unit is not known; the span lies in `text`.
pub fn literal(text: &str, bare_b: BareB) -> Result<Quantity, LiteralError> {
    let lead = text.len() - text.trim_start().len();
    let parts = scan(text, lead, ScanOptions { bare_b, commas: true })?;
    let rest = &text[parts.span.end..];
    let quantity = parts.quantity()?;
    if rest.trim().is_empty() {
        return Ok(quantity);
    }
    let at = Span::new(parts.span.end, text.len());
    if rest.starts_with('/') && rest[1..].trim_start().chars().next().is_none_or(|c| !c.is_alphabetic()) {
        return Err(LiteralError {
            span: Span::new(at.start + 1, at.end),
            message: "expected a unit".to_owned(),
            help: None,
        });
    }
    let message = format!("unexpected '{}' after the number", rest.trim());
    Err(LiteralError { span: at, message, help: None })
}

impl LiteralParts {
    /// What the literal says, every word of its unit being a known unit or a count noun.
    ///
    /// # Errors
    /// For a word that is neither.
    pub fn quantity(&self) -> Result<Quantity, LiteralError> {
        let mut quantity = self.plain();
        for word in &self.units {
            let unit = unit_or_noun(&word.word, word.span)?;
            quantity.value *= unit.factor.powi(word.power);
            quantity.dimension = quantity.dimension.times(&unit.dimension.raised(word.power));
        }
        Ok(quantity)
    }

    /// The number with its suffix and its dollar sign, without the words of its unit.
    pub fn plain(&self) -> Quantity {
        let dimension = if self.dollars { Dimension::money() } else { Dimension::none() };
        let value = match &self.suffix {
            // 99.9 / 100 is the double nearest to 0.999; 99.9 * 0.01 is not.
            Some(suffix) if suffix.percent => self.number / 100.0,
            Some(suffix) => self.number * suffix.factor,
            None => self.number,
        };
        Quantity::new(value, dimension)
    }
}

/// The unit that `word` names; else, if it can be one, the count noun that it is: `5 links/user`.
///
/// # Errors
/// For a word that is neither, with the nearest unit as advice.
pub fn unit_or_noun(word: &str, span: Span) -> Result<names::Unit, LiteralError> {
    if let Some(unit) = names::unit(word) {
        return Ok(unit);
    }
    let known = names::unit_names();
    let misspelt = known.iter().any(|name| name.eq_ignore_ascii_case(word));
    if word.chars().count() > 2 && !misspelt && word.chars().all(|c| c.is_alphabetic() || c == '_') {
        let dimension = Dimension::of(Base::Noun(noun::singular(word)));
        return Ok(names::Unit { factor: 1.0, dimension });
    }
    let help = match word {
        "m" => Some("write M for million, min for minutes, ms for milliseconds".to_owned()),
        _ => crate::source::nearest(word, known).map(|name| format!("did you mean '{name}'?")),
    };
    let message = if word.is_empty() { "expected a unit".to_owned() } else { format!("unknown unit '{word}'") };
    Err(LiteralError { span, message, help })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, value: f64, dimension: &str) {
        let quantity = literal(text, BareB::Byte).unwrap();
        assert!((quantity.value - value).abs() <= value.abs() * 1e-12, "{text}: {}", quantity.value);
        assert_eq!(quantity.dimension.to_string(), dimension, "{text}");
    }

    #[test]
    fn literals_mean_what_people_mean() {
        check("200ms", 0.2, "time");
        check("115k/s", 115e3, "rate");
        check("100M/day", 100e6 / 86_400.0, "rate");
        check("64GB", 64e9, "storage");
        check("64gb", 64e9, "storage");
        check("1 GiB", 1_073_741_824.0, "storage");
        check("500B", 500.0, "storage");
        check("8 Mbps", 1e6, "throughput");
        check("8 mbps", 1e6, "throughput");
        check("99.9%", 0.999, "number");
        check("5 percent", 0.05, "number");
        check("80 %", 0.8, "number");
        check("50 cents", 0.5, "money");
        check("1_000", 1000.0, "number");
        check("12,000", 12_000.0, "number");
        check("2.5e3", 2500.0, "number");
        check("3x", 3.0, "number");
        check("5k rps", 5000.0, "rate");
        check("10kreq/s", 10_000.0, "rate");
        check("$20k/month", 20_000.0 / (365.0 / 12.0 * 86_400.0), "cost per time");
        check("100 users", 100.0, "count");
        check("100 million users", 100e6, "count");
        check("100 M users", 100e6, "count");
        check("5min", 300.0, "time");
        check("5 req/s per user", 5.0, "rate");
        check("2 GB^2", 4e18 / 2.0, "storage^2");
        check("7 server·h", 25_200.0, "time");
    }

    #[test]
    fn a_glued_b_is_what_the_reader_expects_there() {
        assert_eq!(literal("1B", BareB::Billion).unwrap(), Quantity::number(1e9));
        assert_eq!(literal("1B", BareB::Byte).unwrap().as_bytes(), Some(1.0));
        assert_eq!(literal("500B/link", BareB::Billion).unwrap().as_bytes(), Some(500.0));
        assert_eq!(literal("300B/day", BareB::Billion).unwrap().as_per_second(), Some(300e9 / 86_400.0));
    }

    #[test]
    fn nonsense_is_answered_with_its_place() {
        let error = literal("12 qq", BareB::Byte).unwrap_err();
        assert_eq!((error.span, error.message.as_str()), (Span::new(3, 5), "unknown unit 'qq'"));
        assert_eq!(literal("fast", BareB::Byte).unwrap_err().message, "expected a number");
        assert_eq!(literal("", BareB::Byte).unwrap_err().message, "expected a number");
        assert_eq!(literal("5/", BareB::Byte).unwrap_err().message, "expected a unit");
        assert_eq!(literal("5 GBPS", BareB::Byte).unwrap_err().help.as_deref(), Some("did you mean 'Gbps'?"));
        assert_eq!(literal("5 GB 3", BareB::Byte).unwrap_err().message, "unexpected '3' after the number");
    }
}
