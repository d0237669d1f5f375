//! Everything the estimator has to say, one constructor a finding, so that they read as a list.

mod meaning;
mod notes;

pub(super) use meaning::*;
pub(super) use notes::*;

use super::evaluate::Elsewhere;
use crate::source::{Diagnostic, Span};
use crate::units::{LiteralError, singular};

// -- Reading a line

pub(super) fn too_long(length: usize) -> Diagnostic {
    let limit = super::parser::MAX_LENGTH;
    Diagnostic::error(Span::new(limit, length), format!("the line is longer than {limit} bytes"))
        .help("split it: name the parts and use the names")
}

pub(super) fn too_many_lines(limit: usize) -> Diagnostic {
    Diagnostic::error(Span::at(0), format!("a sheet has at most {limit} lines"))
}

pub(super) fn too_deep(span: Span, limit: usize) -> Diagnostic {
    Diagnostic::error(span, format!("nested more than {limit} deep")).help("name the inner part and use the name")
}

pub(super) fn strange(span: Span, text: &str) -> Diagnostic {
    let shown = crate::source::printable(text).into_owned();
    let error = Diagnostic::error(span, format!("'{shown}' means nothing here"));
    match text {
        "..." => error.help("a range is written 3..5 or 3 to 5"),
        "€" | "£" | "¥" => error.help("money is in US dollars: $20k/month"),
        "[" | "]" | "{" | "}" => error.help("use round parentheses"),
        "²" => error.help("powers are written x^2"),
        "³" => error.help("powers are written x^3"),
        "\"" | "'" | "`" | "?" | "!" => error.help("prose is a comment: start it with // or #"),
        _ => error,
    }
}

pub(super) fn missing_value(span: Span) -> Diagnostic {
    Diagnostic::error(span, "the line ends where a value should be")
}

pub(super) fn not_a_value(span: Span, text: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected a value, found '{text}'"));
    match text {
        ")" => error.help("the parentheses are empty, or an operator stands before the ')'"),
        "in" | "to" => error.help("a conversion is written value in unit: 5 GB / 1 day in kB/s"),
        "%" => error.help("a percentage follows its number: 20%"),
        _ => error,
    }
}

pub(super) fn lonely_dollar(span: Span) -> Diagnostic {
    Diagnostic::error(span, "expected an amount after '$'").help("write $20k, or $name for a variable")
}

pub(super) fn literal(error: LiteralError) -> Diagnostic {
    let diagnostic = Diagnostic::error(error.span, error.message);
    match error.help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

pub(super) fn never_closed(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this '(' is never closed")
}

pub(super) fn never_opened(span: Span) -> Diagnostic {
    Diagnostic::error(span, "this ')' was never opened")
}

pub(super) fn comparison(span: Span, text: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("a sheet has no comparison '{text}'"));
    match text {
        "==" => error.help("one '=' gives a value its name"),
        _ => error.help("targets such as p99 < 200 ms belong into the notes or the design"),
    }
}

pub(super) fn second_name(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("a second '{text}' on one line")).help("give each name a line of its own")
}

pub(super) fn stray_comma(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a comma outside a call").help("thousands go in groups of three: 12,000 or 12k")
}

pub(super) fn second_statement(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a second statement on one line").help("give it a line of its own")
}

pub(super) fn date(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a sheet knows no dates").help("write how long it is: 30 days, 5 years")
}

pub(super) fn group_of_digits(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected an operator before '{text}'"))
        .help("thousands are set apart by commas, or by _: 1,000,000")
}

pub(super) fn missing_operator(span: Span, text: &str, call: bool) -> Diagnostic {
    let error = Diagnostic::error(span, format!("expected an operator before '{text}'"));
    if call {
        error.help("a call has no space before its '('")
    } else if text == "$" {
        error.help("the dollar sign stands first: $20k/month")
    } else if text == "(" {
        error.help("multiplication is written out: 2 * (3 + 4)")
    } else if text.chars().all(|c| c.is_alphabetic() || c == '_') {
        error.help("a unit is one word: daily_users; prose is a comment: start it with // or #")
    } else {
        error
    }
}

pub(super) fn conversion_first(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{text}' after a conversion"))
        .help("a conversion comes last, or in parentheses: (5 GB in MB) * 2")
}

pub(super) fn third_end(span: Span) -> Diagnostic {
    Diagnostic::error(span, "a range has two ends")
}

pub(super) fn missing_unit(span: Span, found: Option<(Span, String)>) -> Diagnostic {
    match found {
        Some((at, text)) if text.starts_with(|c: char| c.is_ascii_digit()) => {
            Diagnostic::error(at, format!("expected a unit, found '{text}'"))
                .help(format!("one in so many is a quotient: 1/{text}"))
        }
        Some((at, text)) => Diagnostic::error(at, format!("expected a unit, found '{text}'"))
            .help("for example: in GB, in kB/s, in requests/day, in %"),
        None => Diagnostic::error(span, "expected a unit").help("for example: in GB, in kB/s, in requests/day, in %"),
    }
}

// -- Names

pub(super) fn missing_name(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error(span, format!("expected a name before '{text}'"))
}

pub(super) fn bad_name(span: Span, text: &str, colon: bool) -> Diagnostic {
    let error = Diagnostic::error(span, format!("'{text}' is no name"));
    if colon && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return error.help(format!("a ratio is a quotient: {text}/1"));
    }
    error.help("a name is made of letters, digits and _, and starts with a letter: peak_writes")
}

pub(super) fn reserved_name(span: Span, name: &str) -> Diagnostic {
    let error = Diagnostic::error(span, format!("'{name}' has a meaning of its own"));
    match name {
        "total" | "sum" => error.help("it adds up the lines above; name yours for example total_storage"),
        "prev" | "_" | "ans" => error.help("it is the result of the line above"),
        _ => error,
    }
}

pub(super) fn name_of_unit(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{name}' is a unit, so it can't be a variable"))
        .help(format!("choose a longer name, for example my_{name}"))
}

pub(super) fn unknown_name(span: Span, name: &str, near: Option<&str>, elsewhere: Option<Elsewhere>) -> Diagnostic {
    let error = Diagnostic::error(span, format!("'{name}' has no value"));
    match (elsewhere, near) {
        (Some(Elsewhere::Below(line)), _) => {
            error.help(format!("it gets one further down, on line {line}: move that line up"))
        }
        (Some(Elsewhere::Broken(line)), _) => {
            error.help(format!("line {line} would give it one, but something is wrong there"))
        }
        (None, Some(near)) => error.help(format!("did you mean '{near}'?")),
        (None, None) if name.chars().count() < 3 => error.help(format!("give it one above: {name} = 100M")),
        (None, None) => {
            let one = singular(name);
            error.help(format!("give it one above: {name} = 100M; to count things write '1 {one}'"))
        }
    }
}

pub(super) fn unknown_function(span: Span, name: &str, near: Option<&str>) -> Diagnostic {
    let error = Diagnostic::error(span, format!("there is no function '{name}'"));
    match near {
        Some(near) => error.help(format!("did you mean '{near}'?")),
        None => error.help("for a product write the operator: 2 * (3 + 4)"),
    }
}

pub(super) fn function_not_called(span: Span, name: &str, signature: &str) -> Diagnostic {
    Diagnostic::error(span, format!("'{name}' is a function without its values")).help(signature.to_owned())
}

pub(super) fn nothing_before(span: Span) -> Diagnostic {
    Diagnostic::error(span, "no line above has a result")
}
