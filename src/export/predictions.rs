//! What the candidate said runs would show, and what they measured.

use std::fmt::Write;

use super::session::{line, moment};
use crate::interview::{Record, predictions as all};
use crate::markup::{code_span, escape};

/// One item a prediction, its claims below it.
pub(super) fn predictions(out: &mut String, record: &Record) {
    if record.predictions.is_empty() {
        return;
    }
    line!(out, "\n## Predictions\n");
    for foretold in all(record) {
        let prediction = foretold.prediction;
        let fault = prediction.fault.as_deref().map(|fault| format!(", with {}", code_span(fault)));
        let run = foretold.run.map_or("no run followed".to_owned(), |run| format!("run {}", run.number + 1));
        let verdict = match foretold.right() {
            Some(true) => ": right",
            Some(false) => ": wrong",
            None if foretold.run.is_some() => ": nothing in it could be measured",
            None => "",
        };
        let when = moment(prediction.at);
        line!(out, "- {} ({when}; {run}{}){verdict}", code_span(&prediction.text), fault.unwrap_or_default());
        for one in &foretold.judged {
            let mark = if one.right { '✓' } else { '✗' };
            let (claim, measured) = (escape(&one.claim.to_string()), escape(&one.measured));
            line!(out, "  - {mark} {claim}; measured: {measured}");
        }
    }
}
