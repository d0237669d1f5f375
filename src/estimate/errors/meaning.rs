//! What is wrong with a line that can be read: dimensions, ranges, arguments.

use crate::estimate::value::nouns;
use crate::source::{Diagnostic, Span};
use crate::units::{Base, Dimension, format_percent, plural};

/// A dimension in the words of an interview: `a rate`, `storage per user`, `a count of users`.
pub(in crate::estimate) fn said(dimension: &Dimension) -> String {
    let bare = dimension.without_nouns();
    let counted: Vec<String> = dimension
        .powers()
        .filter_map(|(base, power)| match base {
            Base::Noun(noun) if power > 0 => Some(plural(noun)),
            _ => None,
        })
        .collect();
    let per: String = dimension
        .powers()
        .filter_map(|(base, power)| match base {
            Base::Noun(noun) if power < 0 => Some(format!(" per {noun}")),
            _ => None,
        })
        .collect();
    let word = bare.to_string();
    let rate = bare == Dimension::none().per(&Dimension::time());
    let head = if (bare.is_none() || rate) && !counted.is_empty() {
        format!("a {} of {}", if rate { "rate" } else { "count" }, counted.join(" and "))
    } else if matches!(word.as_str(), "storage" | "money") || word.contains(['^', '×']) {
        word
    } else {
        format!("a {word}")
    };
    format!("{head}{per}")
}

/// What would make the two alike, as advice.
fn bridge(left: (&str, &Dimension), right: (&str, &Dimension)) -> Option<String> {
    let quotient = left.1.per(right.1).without_nouns();
    if quotient.is_none() {
        return Some(counted_apart(left.1, right.1));
    }
    let (time, size) = (Dimension::time(), Dimension::information());
    let factors = [
        (time.clone(), "a time", "1 day"),
        (size.clone(), "the size of one", "1 KB"),
        (size.times(&time), "the size of one and a time", "1 KB * 1 day"),
    ];
    factors.iter().find_map(|(factor, what, by)| {
        let (text, lacking) = if quotient == *factor {
            right
        } else if quotient == factor.raised(-1) {
            left
        } else {
            return None;
        };
        let text = if text.chars().count() <= 40 { text } else { "it" };
        Some(format!("multiply {} by {what}: did you mean '{text} * {by}'?", said(lacking)))
    })
}

fn counted_apart(left: &Dimension, right: &Dimension) -> String {
    let (over_left, over_right) = (nouns(left, -1), nouns(right, -1));
    if over_left != over_right {
        let per = [&over_left, &over_right].into_iter().flat_map(Dimension::powers).find_map(|(base, _)| match base {
            Base::Noun(noun) => Some(noun.clone()),
            _ => None,
        });
        let noun = per.unwrap_or_default();
        return format!("one of them is per {noun}: multiply it by the number of {}", plural(&noun));
    }
    let name = |dimension: &Dimension| {
        nouns(dimension, 1).powers().find_map(|(base, _)| match base {
            Base::Noun(noun) => Some(plural(noun)),
            _ => None,
        })
    };
    let (left, right) = (name(left).unwrap_or_default(), name(right).unwrap_or_default());
    format!("{left} and {right} are different things: give both one name, or drop the names")
}

/// `storage plus a rate`
pub(in crate::estimate) fn cannot_add(
    joint: &str,
    left: (Span, &str, &Dimension),
    right: (Span, &str, &Dimension),
) -> Diagnostic {
    let message = format!("{} {joint} {}", said(left.2), said(right.2));
    let error =
        Diagnostic::error(left.0.to(right.0), message).label(left.0, said(left.2)).label(right.0, said(right.2));
    let number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit()) && text.chars().count() <= 20;
    if joint == "minus" && left.2.is_none() && number(left.1) && number(right.1) {
        return error.help(format!("for a range write {} to {}", left.1, right.1));
    }
    with(error, bridge((left.1, left.2), (right.1, right.2)))
}

fn with(error: Diagnostic, help: Option<String>) -> Diagnostic {
    match help {
        Some(help) => error.help(help),
        None => error,
    }
}

/// `total` over lines that do not add up.
pub(in crate::estimate) fn cannot_total(
    span: Span,
    first: (usize, &Dimension),
    other: (usize, &Dimension),
) -> Diagnostic {
    let message = format!(
        "the lines above don't add up: line {} is {}, line {} is {}",
        first.0,
        said(first.1),
        other.0,
        said(other.1)
    );
    Diagnostic::error(span, message).help("a heading (# ...) starts a new sum")
}

pub(in crate::estimate) fn nothing_to_add(span: Span) -> Diagnostic {
    Diagnostic::error(span, "no line since the heading has a result to add")
}

pub(in crate::estimate) fn cannot_show(span: Span, value: &Dimension, text: &str, target: &Dimension) -> Diagnostic {
    let message = format!("{} can't be shown in {text}, which is {}", said(value), said(target));
    let quotient = target.per(value).without_nouns();
    let time = Dimension::time();
    let size = Dimension::information();
    let help = if quotient == time {
        Some("multiply by a time first, for example * 1 day".to_owned())
    } else if quotient == Dimension::none().per(&time) {
        Some("divide by a time first, for example / 1 day".to_owned())
    } else if quotient == size || quotient == size.per(&time) {
        Some("multiply by the size of one first, for example * 1 KB".to_owned())
    } else if quotient == size.times(&time) {
        Some("multiply by the size of one and by a time first, for example * 1 KB * 1 year".to_owned())
    } else if quotient.is_none() && nouns(value, -1) != nouns(target, -1) {
        let asked = nouns(target, -1);
        let noun = asked.powers().find_map(|(base, _)| match base {
            Base::Noun(noun) => Some(plural(noun)),
            _ => None,
        });
        Some(format!("divide by the number of {} first", noun.unwrap_or_default()))
    } else if quotient.is_none() {
        Some(counted_apart(value, target))
    } else {
        None
    };
    with(Diagnostic::error(span, message), help)
}

// -- Arithmetic

pub(in crate::estimate) fn divided_by_nought(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this is nought, and nothing can be divided by it")
}

pub(in crate::estimate) fn too_large(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the result is too large to be a number")
}

pub(in crate::estimate) fn undefined(span: Span, share: f64) -> Diagnostic {
    if share >= 1.0 {
        return Diagnostic::error(span, "the result is not a number");
    }
    let often = format_percent(share);
    Diagnostic::error(span, format!("in {often} of the cases the result is not a number"))
        .help("narrow the range that reaches nought")
}

pub(in crate::estimate) fn power_with_dimension(span: Span, dimension: &Dimension) -> Diagnostic {
    Diagnostic::error(span, format!("an exponent is a plain number, not {}", said(dimension)))
}

pub(in crate::estimate) fn fractional_power(span: Span, dimension: &Dimension) -> Diagnostic {
    Diagnostic::error(span, format!("{} can only be raised to a whole number up to 9", said(dimension)))
        .help("divide the unit away first: (x / 1 GB)")
}

pub(in crate::estimate) fn percent_of_dimension(span: Span, dimension: &Dimension) -> Diagnostic {
    Diagnostic::error(span, format!("'%' follows a plain number, not {}", said(dimension)))
}

// -- Ranges

pub(in crate::estimate) fn nested_range(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the end of a range is itself uncertain").help("a range goes from one figure to another")
}

pub(in crate::estimate) fn ends_differ(low: (Span, &Dimension), high: (Span, &Dimension)) -> Diagnostic {
    let message = format!("a range from {} to {}", said(low.1), said(high.1));
    Diagnostic::error(low.0.to(high.0), message).label(low.0, said(low.1)).label(high.0, said(high.1))
}

pub(in crate::estimate) fn upside_down(span: Span, low: &str, high: &str) -> Diagnostic {
    Diagnostic::error(span, "the range starts above its end").help(format!("did you mean {high} to {low}?"))
}

// -- Calls

pub(in crate::estimate) fn too_few(span: Span, signature: &str, missing: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{missing}' is missing")).help(signature.to_owned())
}

pub(in crate::estimate) fn too_many(span: Span, signature: &str, commas: bool) -> Diagnostic {
    let error = Diagnostic::error(span, "one value too many");
    if commas {
        return error.help(format!("{signature}; in a call a comma separates values: write 12k or 12_000 for 12,000"));
    }
    error.help(signature.to_owned())
}

pub(in crate::estimate) fn wrong_argument(
    span: Span,
    name: &str,
    wanted: &str,
    found: &Dimension,
    help: Option<&str>,
) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected {wanted} for '{name}', found {}", said(found)));
    with(error, help.map(str::to_owned))
}

pub(in crate::estimate) fn not_a_share(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{name}' lies between 0% and 100%"))
}

pub(in crate::estimate) fn not_positive(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{name}' has to be above nought"))
}

pub(in crate::estimate) fn out_of_range(span: Span, name: &str, range: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{name}' has to be {range}"))
}

pub(in crate::estimate) fn overloaded(span: Span, busy: f64, servers: f64, share: f64) -> Diagnostic {
    let busy = crate::units::significant(busy, 3);
    let servers = crate::units::significant(servers, 3);
    let often = if share >= 1.0 { String::new() } else { format!(" in {} of the cases", format_percent(share)) };
    let message =
        format!("the queue grows without end{often}: the load keeps {busy} servers busy, and there are {servers}");
    Diagnostic::error(span, message).help("add servers, or shorten the service time")
}

pub(in crate::estimate) fn no_product(span: Span, wanted: &str, found: &Dimension, help: &str) -> Diagnostic {
    Diagnostic::error(span, format!("together these make {}, not {wanted}", said(found))).help(help.to_owned())
}

pub(in crate::estimate) fn counts_only(span: Span, function: &str, found: &Dimension) -> Diagnostic {
    Diagnostic::error(span, format!("{function}() rounds a count, not {}", said(found)))
        .help(format!("say in which unit: {function}(x / 1 TB)"))
}

pub(in crate::estimate) fn odd_root(span: Span, found: &Dimension) -> Diagnostic {
    Diagnostic::error(span, format!("{} has no square root", said(found)))
}
