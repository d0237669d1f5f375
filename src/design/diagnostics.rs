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

// -- syntax

/// A closing brace or `end` without its opening.
pub(super) fn closes_nothing(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{text}' closes nothing"))
}

/// An opening without its closing.
pub(super) fn never_closed(span: Span, opening: &str, closing: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{opening}' is never closed")).help(format!("put '{closing}' where it ends"))
}

/// A token that can't stand there.
pub(super) fn unexpected(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("unexpected '{text}' in a path"))
        .help("a path reads: users -> lb -> api -> cache, db")
}

/// No name where a box must be.
pub(super) fn expected_name(span: Span, found: Option<&str>) -> Diagnostic {
    match found {
        Some(found) => Diagnostic::error(span, format!("expected the name of a component, not '{found}'")),
        None => Diagnostic::error(span, "expected the name of a component"),
    }
}

/// A count that is no whole number above zero.
pub(super) fn bad_count(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{text}' is no count")).help("write a whole number from 1 to 1M")
}

/// `any 3 of` two.
pub(super) fn needs_too_many(span: Span, need: u32, members: usize) -> Diagnostic {
    let list = if members == 1 { "one".to_owned() } else { members.to_string() };
    Diagnostic::error(span, format!("'any {need} of' chooses from {list}"))
        .help("name the branches in parentheses: any 2 of (b & c & d)")
}

/// Parentheses beyond all reason.
pub(super) fn nested_too_deep(span: Span) -> Diagnostic {
    Diagnostic::error(span, "parentheses are nested too deep")
}

/// An arrow behind a bare list, which could mean two things.
pub(super) fn arrow_after_list(span: Span, list: &str, last: &str, called: &str) -> Diagnostic {
    let before = list.strip_suffix(last).unwrap_or("");
    Diagnostic::error(span, "an arrow after a list could mean two things").help(format!(
        "write '{before}({last} -> {called})' if only '{last}' goes on, or '({list}) -> {called}' if each does"
    ))
}

/// `a <- b`
pub(super) fn arrow_points_back(span: Span) -> Diagnostic {
    Diagnostic::error(span, "arrows point from the caller to the called").help("write 'b -> a' for 'a <- b'")
}

/// A statement that begins like none.
pub(super) fn no_statement(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this is no statement of the language").help(
        "a component 'db: postgres, replicas 2', a path 'users -> api -> db', or a flow 'GET /x @ 5k/s: users -> api'",
    )
}

/// A head without its colon or what follows it.
pub(super) fn incomplete(span: Span, what: &str, example: &str) -> Diagnostic {
    Diagnostic::error(span, format!("{what} is not complete")).help(format!("write: {example}"))
}

/// A rate that is followed by a path without a colon between them.
pub(super) fn missing_colon(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a colon is missing between the flow's head and its path")
        .help("write: GET /x @ 5k/s: users -> api")
}

/// A label on an arrow.
pub(super) fn label_dropped(span: Span, text: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{text}' is taken as a label, which has no effect"))
}

/// A group is read as a region.
pub(super) fn group_is_region(span: Span, name: &str) -> Diagnostic {
    Diagnostic::note(span, format!("the group '{name}' is taken as a region"))
        .help("calls between regions cost the network's time; leave the group out if it only has a name")
}

// -- targets

/// What is no target.
pub(super) fn bad_target(span: Span, text: &str) -> Diagnostic {
    let message = if text.is_empty() { "expected a target".to_owned() } else { format!("'{text}' is no target") };
    Diagnostic::error(span, message)
        .help("write one such as: p99 < 200ms, errors < 0.1%, throughput > 10k/s, availability > 99.9%")
}

/// A metric that is not known.
pub(super) fn unknown_metric(span: Span, text: &str) -> Diagnostic {
    let known = [
        "p50",
        "p90",
        "p95",
        "p99",
        "p999",
        "mean",
        "max",
        "errors",
        "throughput",
        "lag",
        "availability",
        "cost",
        "utilisation",
        "hit ratio",
    ];
    let help = suggestion(text, known).unwrap_or_else(|| format!("one of: {}", known.join(", ")));
    Diagnostic::error(span, format!("unknown metric '{text}'")).help(help)
}

/// A bound that its metric can't have.
pub(super) fn bad_bound(span: Span, metric: &str, expected: &str, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{metric}' is compared with {expected}, not '{text}'"))
}
