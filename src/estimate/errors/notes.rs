//! What is not wrong, but was perhaps not meant.

use crate::source::{Diagnostic, Span};

pub(in crate::estimate) fn billion_or_bytes(span: Span, number: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{number}B' is read as {number} billion"))
        .help(format!("for bytes write '{number} B' or '{number} bytes'"))
}

pub(in crate::estimate) fn nearly_a_unit(span: Span, word: &str, unit: &str) -> Diagnostic {
    Diagnostic::warning(span, format!("'{word}' is counted as a thing of its own"))
        .help(format!("did you mean the unit '{unit}'?"))
}

pub(in crate::estimate) fn noun_not_variable(span: Span, word: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{word}' after a number counts things; it is not the variable"))
        .help(format!("to multiply by the variable write * {word}"))
}

pub(in crate::estimate) fn range_in_product(span: Span, range: &str) -> Diagnostic {
    Diagnostic::note(span, format!("read as ({range}), which the rest is applied to"))
        .help("put parentheses where you mean them")
}

pub(in crate::estimate) fn crosses_nought(span: Span) -> Diagnostic {
    Diagnostic::warning(span, "this range goes through nought, and something is divided by it")
}

pub(in crate::estimate) fn clamped(span: Span, name: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{name}' reaches beyond 0% or 100% and is cut off there"))
}

pub(in crate::estimate) fn comma_in_call(span: Span, text: &str) -> Diagnostic {
    let joined = text.replace(',', "_");
    Diagnostic::warning(span, format!("in a call the comma of '{text}' separates two values"))
        .help(format!("if it is one number write {joined}"))
}

pub(in crate::estimate) fn unit_not_variable(span: Span, word: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'/{word}' against a number is the unit; it is not the variable"))
        .help(format!("to divide by the variable write ' / {word}'"))
}

pub(in crate::estimate) fn read_as_unit(span: Span, word: &str, unit: &str) -> Diagnostic {
    Diagnostic::note(span, format!("'{word}' has no value, so it is read as {unit}"))
}
