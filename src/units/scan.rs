//! Finds the literal that starts at a place in a text and takes it apart, without asking yet what its words mean.

use super::{BareB, LiteralError, names};
use crate::source::Span;

/// How a literal is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScanOptions {
    /// What a glued `B` means.
    pub bare_b: BareB,
    /// Whether a comma before three digits separates thousands; in a call it separates arguments.
    pub commas: bool,
}

/// A literal in its parts.
#[derive(Clone, Debug, PartialEq)]
pub struct LiteralParts {
    /// All of it.
    pub span: Span,
    /// The digits.
    pub number: f64,
    /// Whether a dollar sign stands before them.
    pub dollars: bool,
    /// What multiplies them.
    pub suffix: Option<Suffix>,
    /// The words of the unit.
    pub units: Vec<UnitWord>,
}

/// `k`, `M`, `million`, `%`: what multiplies the digits of a literal.
#[derive(Clone, Debug, PartialEq)]
pub struct Suffix {
    /// Where it stands.
    pub span: Span,
    /// By how much.
    pub factor: f64,
    /// Whether it is the percent sign or its word.
    pub percent: bool,
    /// Whether it is a glued `B` with no noun after it, which others would read as bytes.
    pub ambiguous: bool,
}

/// A word of a unit with its power, negative after a `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitWord {
    /// Where it stands.
    pub span: Span,
    /// The word as written.
    pub word: String,
    /// The power.
    pub power: i32,
}

/// Words that are never units because they are operators of the estimator.
const RESERVED: [&str; 7] = ["in", "to", "of", "x", "times", "per", "and"];

/// The largest power of a unit.
const MAX_POWER: i32 = 9;

/// Reads the literal at `at`, as far as it goes.
///
/// # Errors
/// If no number stands there.
pub fn scan(text: &str, at: usize, options: ScanOptions) -> Result<LiteralParts, LiteralError> {
    let dollars = text[at..].starts_with('$');
    let start = at + usize::from(dollars);
    let length = number_length(&text[start..], options.commas);
    let Some(number) = parse_number(&text[start..start + length]) else {
        let (end, message) = match length {
            0 => (text.len(), "expected a number"),
            _ => (start + length, "the number is too large"),
        };
        return Err(LiteralError { span: Span::new(start, end), message: message.to_owned(), help: None });
    };
    let mut parts =
        LiteralParts { span: Span::new(at, start + length), number, dollars, suffix: None, units: Vec::new() };
    scan_suffix(text, options.bare_b, &mut parts);
    if parts.units.is_empty() {
        scan_spaced(text, &mut parts);
    }
    parts.span.end = scan_unit_rest(text, parts.span.end, &mut parts.units);
    settle_b(options.bare_b, text, &mut parts);
    Ok(parts)
}

/// Reads the unit that starts at `at` after any spaces, with all that is divided by; returns where it ends, which is `at` if there is none.
pub fn scan_unit(text: &str, at: usize, units: &mut Vec<UnitWord>) -> usize {
    let Some(span) = spaced_word(text, at) else { return scan_unit_rest(text, at, units) };
    let end = push_unit(text, span, 1, units);
    scan_unit_rest(text, end, units)
}

/// Length of the number at the start of `text`, in bytes.
pub fn number_length(text: &str, commas: bool) -> usize {
    let bytes = text.as_bytes();
    let sign = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    let mut at = digits(bytes, sign, commas);
    if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
        at = digits(bytes, at + 1, false);
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

fn digits(bytes: &[u8], from: usize, commas: bool) -> usize {
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = from;
    loop {
        let follows_digit = at > from && is_digit(at - 1);
        let joins = match bytes.get(at) {
            Some(b'_') => is_digit(at + 1),
            Some(b',') => commas && (1..=3).all(|ahead| is_digit(at + ahead)) && !is_digit(at + 4),
            _ => false,
        };
        if is_digit(at) || (follows_digit && joins) {
            at += 1;
        } else {
            return at;
        }
    }
}

fn parse_number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !matches!(c, '_' | ',')).collect();
    plain.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Length of the word at the start of `text`: a letter or `_`, then letters, digits and `_`.
fn word_length(text: &str) -> usize {
    let part = |at: usize, c: char| c.is_alphabetic() || c == '_' || (at > 0 && c.is_ascii_digit());
    text.char_indices().find(|&(at, c)| !part(at, c)).map_or(text.len(), |(at, _)| at)
}

/// What multiplies: `k M B G T P`, `MM` as bankers write a million, `x` for one.
fn scale(word: &str) -> Option<f64> {
    Some(match word {
        "k" | "K" => 1e3,
        "M" | "MM" => 1e6,
        "B" | "G" => 1e9,
        "T" => 1e12,
        "P" => 1e15,
        "x" | "×" => 1.0,
        _ => return None,
    })
}

/// A scale spelt out, or a letter set apart: `100 million users`, `1.2 k/s`. A `B` set apart is a byte.
pub fn scale_word(word: &str) -> Option<f64> {
    match word {
        "thousand" => Some(1e3),
        "million" => Some(1e6),
        "billion" | "bn" => Some(1e9),
        "trillion" => Some(1e12),
        "B" | "x" => None,
        _ => scale(word),
    }
}

/// What is glued to the digits: a unit if it is one, else a scale, else a scale and a unit (`10kreq`).
fn scan_suffix(text: &str, bare_b: BareB, parts: &mut LiteralParts) {
    let at = parts.span.end;
    let rest = &text[at..];
    if rest.starts_with('%') {
        parts.suffix = Some(Suffix { span: Span::new(at, at + 1), factor: 0.01, percent: true, ambiguous: false });
        parts.span.end = at + 1;
        return;
    }
    let word = &rest[..word_length(rest)];
    if word.is_empty() {
        return;
    }
    let span = Span::new(at, at + word.len());
    parts.span.end = span.end;
    let whole = scale(word).filter(|_| word != "B" || bare_b == BareB::Billion).or_else(|| scale_word(word));
    if let Some(factor) = whole {
        parts.suffix = Some(Suffix { span, factor, percent: false, ambiguous: word == "B" });
        return;
    }
    let first = word.chars().next().map_or(0, char::len_utf8);
    let split = scale(&word[..first]).filter(|_| names::unit(word).is_none() && names::unit(&word[first..]).is_some());
    let unit_at = match split {
        Some(factor) => {
            let letter = Span::new(at, at + first);
            parts.suffix = Some(Suffix { span: letter, factor, percent: false, ambiguous: false });
            letter.end
        }
        None => at,
    };
    parts.span.end = push_unit(text, Span::new(unit_at, span.end), 1, &mut parts.units);
}

/// What follows after a space: a scale spelt out, `percent`, and the unit.
fn scan_spaced(text: &str, parts: &mut LiteralParts) {
    let mut next = spaced_word(text, parts.span.end);
    if let Some(span) = next.filter(|_| parts.suffix.is_none()) {
        let word = span.slice(text);
        let percent = matches!(word, "percent" | "pct");
        let factor = if percent { Some(0.01) } else { scale_word(word) };
        if let Some(factor) = factor {
            parts.suffix = Some(Suffix { span, factor, percent, ambiguous: false });
            parts.span.end = span.end;
            next = spaced_word(text, span.end);
        }
    } else if parts.suffix.is_none() && text[parts.span.end..].starts_with(" %") {
        let span = Span::new(parts.span.end + 1, parts.span.end + 2);
        parts.suffix = Some(Suffix { span, factor: 0.01, percent: true, ambiguous: false });
        parts.span.end = span.end;
    }
    if let Some(span) = next {
        parts.span.end = push_unit(text, span, 1, &mut parts.units);
    }
}

/// The word after one or more spaces, unless it is an operator or a call.
fn spaced_word(text: &str, at: usize) -> Option<Span> {
    let rest = &text[at..];
    let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let start = at + spaces;
    let length = word_length(&text[start..]);
    let span = Span::new(start, start + length);
    let word = span.slice(text);
    let called = text[span.end..].starts_with('(');
    let dollar = matches!(word, "USD" | "usd");
    (spaces > 0 && length > 0 && (dollar || (!RESERVED.contains(&word) && !called))).then_some(span)
}

/// `/unit`, `·unit` and ` per unit`, as often as they come.
fn scan_unit_rest(text: &str, mut at: usize, units: &mut Vec<UnitWord>) -> usize {
    loop {
        let rest = &text[at..];
        let (skipped, power) = if rest.starts_with('/') {
            (1, -1)
        } else if rest.starts_with('·') && !units.is_empty() {
            ('·'.len_utf8(), 1)
        } else if let Some(skipped) = per_length(rest) {
            (skipped, -1)
        } else {
            return at;
        };
        let start = at + skipped;
        let length = word_length(&text[start..]);
        if length == 0 || text[start + length..].starts_with('(') {
            return at;
        }
        at = push_unit(text, Span::new(start, start + length), power, units);
    }
}

/// Length of ` per ` before a word, spaces included.
fn per_length(rest: &str) -> Option<usize> {
    let after = rest.trim_start_matches([' ', '\t']);
    let word = after.strip_prefix("per").filter(|word| after.len() < rest.len() && word.starts_with([' ', '\t']))?;
    let word = word.trim_start_matches([' ', '\t']);
    word.starts_with(|c: char| c.is_alphabetic()).then_some(rest.len() - word.len())
}

/// Adds the word at `span` with its `^power`; returns where it ends.
fn push_unit(text: &str, span: Span, sign: i32, units: &mut Vec<UnitWord>) -> usize {
    let mut power = 1;
    let mut end = span.end;
    if let Some(exponent) = text[span.end..].strip_prefix('^') {
        let length = exponent.len() - exponent.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let fraction = exponent[length..].starts_with('.');
        if let Some(given) =
            exponent[..length].parse().ok().filter(|given| (1..=MAX_POWER).contains(given) && !fraction)
        {
            power = given;
            end += 1 + length;
        }
    }
    units.push(UnitWord { span, word: span.slice(text).to_owned(), power: sign * power });
    end
}

/// A glued `B` is a billion before a noun (`1B keys`) and before `/day`, and bytes before `/link`: nobody plans a billion a link.
fn settle_b(bare_b: BareB, text: &str, parts: &mut LiteralParts) {
    let Some(suffix) = parts.suffix.as_mut().filter(|suffix| suffix.ambiguous) else { return };
    // A fraction is no number of bytes.
    suffix.ambiguous = parts.number.fract() == 0.0;
    let Some(first) = parts.units.first() else { return };
    suffix.ambiguous &= first.power < 0;
    let per_thing = parts.units.iter().any(|unit| unit.power < 0 && names::unit(&unit.word).is_none());
    if bare_b == BareB::Billion && suffix.ambiguous && per_thing {
        let byte = UnitWord { span: suffix.span, word: suffix.span.slice(text).to_owned(), power: 1 };
        parts.suffix = None;
        parts.units.insert(0, byte);
    }
}
