//! Everything the front end has to say, as one list: where, what is wrong, what would be right.

use super::schema::{Attribute, ValueKind};
use crate::source::{Diagnostic, Span, nearest};

/// `did you mean 'x'?` if one of the candidates is near.
fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, candidates).map(|name| format!("did you mean '{name}'?"))
}

fn with(diagnostic: Diagnostic, help: Option<String>) -> Diagnostic {
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

// -- values

/// A value that is not of its attribute's sort.
pub(super) fn wrong_value(span: Span, attribute: &Attribute, text: &str) -> Diagnostic {
    let wanted = attribute.value.expected();
    if text.is_empty() {
        return Diagnostic::error(span, format!("'{}' lacks its value", attribute.name)).help(format!(
            "write {wanted}: {} {}",
            attribute.name,
            attribute.value.example()
        ));
    }
    Diagnostic::error(span, format!("'{}' wants {wanted}, not '{text}'", attribute.name))
}

/// A literal whose number or unit can't be read.
pub(super) fn bad_literal(span: Span, attribute: &Attribute, message: &str, help: Option<String>) -> Diagnostic {
    let help = help.unwrap_or_else(|| format!("'{}' wants {}", attribute.name, attribute.value.expected()));
    Diagnostic::error(span, message).help(help)
}

/// A bare number where a unit is needed.
pub(super) fn missing_unit(span: Span, attribute: &Attribute, text: &str) -> Diagnostic {
    let unit = match attribute.value {
        ValueKind::Ratio => "%",
        ValueKind::Duration | ValueKind::Distribution => "ms",
        ValueKind::Size => "GB",
        ValueKind::Rate => "/s",
        _ => "MB/s",
    };
    Diagnostic::error(span, format!("'{}' lacks a unit", attribute.name)).help(format!("did you mean '{text}{unit}'?"))
}

/// A value that the attribute can't take: below zero, or a share above one.
pub(super) fn out_of_range(span: Span, attribute: &Attribute, limits: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{}' is {limits}", attribute.name))
}

/// A word that is none of the choices.
pub(super) fn wrong_choice(span: Span, attribute: &Attribute, text: &str) -> Diagnostic {
    let choices = attribute.choices.join(", ");
    let help = suggestion(text, attribute.choices.iter().copied()).unwrap_or_else(|| format!("one of: {choices}"));
    Diagnostic::error(span, format!("'{}' can't be '{text}'", attribute.name)).help(help)
}

/// A distribution that is not known or whose arguments make no sense.
pub(super) fn bad_distribution(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(span, message).help(
        "one of: 5ms, fixed 5ms, exp 5ms, lognormal(p50 5ms, p99 40ms), uniform(1ms, 9ms), pareto(min 1ms, shape 1.5), erlang(k 3, mean 5ms)",
    )
}

/// A number of keys that can't be read.
pub(super) fn bad_keys(span: Span, text: &str) -> Diagnostic {
    let message =
        if text.is_empty() { "expected a number of keys".to_owned() } else { format!("'{text}' is no key popularity") };
    Diagnostic::error(span, message).help("write: keys 1B zipf 0.9, or keys 10M uniform")
}

/// An attribute that does not exist.
pub(super) fn unknown_attribute<'a>(
    span: Span,
    name: &str,
    owner: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let diagnostic = Diagnostic::error(span, format!("unknown attribute '{name}' of {owner}"));
    with(diagnostic, suggestion(name, known))
}
