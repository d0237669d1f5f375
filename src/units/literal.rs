//! One tight literal: `200ms`, `115k/s`, `64GB`, `99.9%`, `100M/day`, `10 request/user/day`, `$20k/month`.
//!
//! ```text
//! literal  = ["$"] number [suffix] [" "] [unit] {"/" unit}
//! number   = digits with "_" or "," between thousands, ["." digits] ["e" exponent]
//! suffix   = k K M B G T P, "x" and "%": glued to the digits; a suffix that spells a unit as a whole word is that unit
//! ```
//!
//! `/unit` belongs to the literal; a quotient is written with spaces around its `/`, and is the estimator's.

use super::{Base, Dimension, Quantity, names};
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
    let trimmed = text.trim_start();
    let lead = text.len() - trimmed.len();
    let dollars = trimmed.strip_prefix('$');
    let start = lead + usize::from(dollars.is_some());
    let digits = number_length(&text[start..]);
    let Some(value) = parse_number(&text[start..start + digits]) else {
        return Err(LiteralError {
            span: Span::new(start, text.len()),
            message: "expected a number".to_owned(),
            help: None,
        });
    };
    let mut quantity = Quantity::number(value);
    if dollars.is_some() {
        quantity.dimension = Dimension::money();
    }
    apply_units(text, start + digits, bare_b, &mut quantity)?;
    Ok(quantity)
}

/// Length of the number at the start of `text`, in bytes.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let digits = |mut at: usize| {
        while at < bytes.len() {
            let separator = matches!(bytes[at], b'_' | b',') && at > 0 && bytes[at - 1].is_ascii_digit();
            let thousands =
                separator && bytes.get(at + 1..at + 4).is_some_and(|next| next.iter().all(u8::is_ascii_digit));
            if !(bytes[at].is_ascii_digit() || thousands) {
                break;
            }
            at += 1;
        }
        at
    };
    at = digits(at);
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at = digits(at + 1);
    }
    let exponent = matches!(bytes.get(at), Some(b'e' | b'E')).then(|| {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'-' | b'+')));
        at + 1 + sign
    });
    match exponent.filter(|&from| bytes.get(from).is_some_and(u8::is_ascii_digit)) {
        Some(from) => from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count(),
        None => at,
    }
}

fn parse_number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

fn apply_units(text: &str, at: usize, bare_b: BareB, quantity: &mut Quantity) -> Result<(), LiteralError> {
    let rest = &text[at..];
    let glued = word_length(rest);
    let mut after = at + glued;
    if glued > 0 {
        apply_glued(Span::new(at, after), &rest[..glued], bare_b, quantity)?;
    } else if rest.starts_with('%') {
        quantity.value /= 100.0;
        after += 1;
    }
    let spaces = text[after..].len() - text[after..].trim_start_matches(' ').len();
    let spaced = word_length(&text[after + spaces..]);
    if spaces > 0 && spaced > 0 {
        let span = Span::new(after + spaces, after + spaces + spaced);
        multiply(span, span.slice(text), quantity)?;
        after = span.end;
    }
    while let Some(denominator) = text[after..].strip_prefix('/') {
        let span = Span::new(after + 1, after + 1 + word_length(denominator));
        let unit = known(span, span.slice(text))?;
        quantity.value /= unit.factor;
        quantity.dimension = quantity.dimension.per(&unit.dimension);
        after = span.end;
    }
    if text[after..].trim().is_empty() {
        return Ok(());
    }
    Err(LiteralError {
        span: Span::new(after, text.len()),
        message: format!("unexpected '{}' after the number", text[after..].trim()),
        help: None,
    })
}

fn word_length(text: &str) -> usize {
    text.char_indices().find(|(_, c)| !(c.is_alphabetic() || *c == '_')).map_or(text.len(), |(at, _)| at)
}

/// A word glued to the digits: a unit if it is one, else a scale, else a scale and a unit (`10kreq`).
fn apply_glued(span: Span, word: &str, bare_b: BareB, quantity: &mut Quantity) -> Result<(), LiteralError> {
    let scaled = scale(word).filter(|_| word != "B" || bare_b == BareB::Billion);
    if let Some(factor) = scaled {
        quantity.value *= factor;
        return Ok(());
    }
    if names::unit(word).is_some() {
        return multiply(span, word, quantity);
    }
    let mut characters = word.chars();
    let first = characters.next().map(|c| c.to_string()).unwrap_or_default();
    match scale(&first).filter(|_| names::unit(characters.as_str()).is_some()) {
        Some(factor) => {
            quantity.value *= factor;
            multiply(span, characters.as_str(), quantity)
        }
        None => multiply(span, word, quantity),
    }
}

/// What a suffix multiplies by: `k M B G T P`, `x` for one.
fn scale(word: &str) -> Option<f64> {
    Some(match word {
        "k" | "K" => 1e3,
        "M" => 1e6,
        "B" | "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "x" | "×" => 1.0,
        _ => return None,
    })
}

fn multiply(span: Span, word: &str, quantity: &mut Quantity) -> Result<(), LiteralError> {
    let unit = known(span, word)?;
    quantity.value *= unit.factor;
    quantity.dimension = quantity.dimension.times(&unit.dimension);
    Ok(())
}

fn known(span: Span, word: &str) -> Result<names::Unit, LiteralError> {
    if let Some(unit) = names::unit(word) {
        return Ok(unit);
    }
    if word.chars().count() > 2 && word.chars().all(char::is_alphabetic) {
        // A word that is no unit counts things: `5 links/user`.
        let noun = word.strip_suffix('s').unwrap_or(word).to_lowercase();
        return Ok(names::Unit { factor: 1.0, dimension: Dimension::of(Base::Noun(noun)) });
    }
    let help = crate::source::nearest(word, names::unit_names()).map(|name| format!("did you mean '{name}'?"));
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
        check("99.9%", 0.999, "number");
        check("1_000", 1000.0, "number");
        check("12,000", 12_000.0, "number");
        check("2.5e3", 2500.0, "number");
        check("3x", 3.0, "number");
        check("5k rps", 5000.0, "rate");
        check("10kreq/s", 10_000.0, "rate");
        check("$20k/month", 20_000.0 / (365.0 / 12.0 * 86_400.0), "cost per time");
        check("100 users", 100.0, "count");
        check("5min", 300.0, "time");
    }

    #[test]
    fn a_glued_b_is_what_the_reader_expects_there() {
        assert_eq!(literal("1B", BareB::Billion).unwrap(), Quantity::number(1e9));
        assert_eq!(literal("1B", BareB::Byte).unwrap().as_bytes(), Some(1.0));
    }

    #[test]
    fn nonsense_is_answered_with_its_place() {
        let error = literal("12 qq", BareB::Byte).unwrap_err();
        assert_eq!((error.span, error.message.as_str()), (Span::new(3, 5), "unknown unit 'qq'"));
        assert_eq!(literal("fast", BareB::Byte).unwrap_err().message, "expected a number");
        assert_eq!(literal("", BareB::Byte).unwrap_err().message, "expected a number");
        assert_eq!(literal("5/", BareB::Byte).unwrap_err().message, "expected a unit");
    }
}
