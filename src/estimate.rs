//! The estimator: capacity maths as one would do it aloud, with units, ranges and the functions of the field.
//!
//! [`evaluate()`] works out one expression; a [`Sheet`] is a notebook whose lines use each other. Both are total: any text gives a result
//! or a [`Diagnostic`], never a panic. [`place`] holds a result against what real machines do.

mod chance;
mod completion;
mod errors;
mod evaluate;
mod functions;
mod highlight;
mod ladder;
mod outcome;
mod parser;
mod samples;
mod sheet;
mod spread;
mod syntax;
mod token;
mod value;
mod working;

use std::collections::BTreeMap;

pub use completion::{Completion, CompletionKind, call_at, completions};
pub use functions::{Function, Parameter, Wants, function, functions};
pub use highlight::{Role, highlight};
pub use ladder::{Placement, Rung, place, rungs_for};
pub use outcome::{Contribution, Outcome};
pub use sheet::{Line, LineKind, MAX_LINES, Sheet, UNCERTAIN};
pub use spread::Spread;
pub use working::{CallWorking, Working, working_of};

use crate::source::{Diagnostic, Span};
use crate::units::Quantity;
use evaluate::{Elsewhere, Evaluator, Scope};
use syntax::{Parsed, Statement};
use value::{Amount, Value};

/// Names and what they stand for; an uncertain value stands with its median.
pub type Variables = BTreeMap<String, Quantity>;

/// Works out one expression: `100M/day * 500 B * 5 years in TB`.
///
/// # Errors
/// What is wrong with it, with its place in `text`; also for an empty text.
pub fn evaluate(text: &str) -> Result<Outcome, Diagnostic> {
    evaluate_with(text, &Variables::new())
}

/// Works out one expression that may use `variables`.
///
/// # Errors
/// What is wrong with it, with its place in `text`; also for an empty text.
pub fn evaluate_with(text: &str, variables: &Variables) -> Result<Outcome, Diagnostic> {
    let Parsed::Statement(statement) = parser::parse(text)? else {
        return Err(errors::missing_value(Span::at(text.len())));
    };
    let mut scope = Fixed { variables };
    let key = chance::key(statement.name.as_ref().map_or(text, |(name, _)| name), 0);
    outcome(text, &statement, &mut scope, key)
}

/// The result of one statement.
fn outcome(line: &str, statement: &Statement, scope: &mut dyn Scope, key: u64) -> Result<Outcome, Diagnostic> {
    let mut evaluator = evaluator(line, scope, key);
    let value = evaluator.statement(statement)?;
    let name = statement.name.as_ref().map(|(name, _)| name.clone());
    Ok(Outcome::new(name, value, evaluator.notes))
}

fn evaluator<'a>(line: &'a str, scope: &'a mut dyn Scope, key: u64) -> Evaluator<'a> {
    Evaluator { line, scope, key, ranges: 0, label: None, notes: Vec::new(), steps: Vec::new() }
}

/// The value of an expression that stands in the source, such as a parameter's default; a failure is reported at `span`.
fn constant(text: &str, span: Span) -> Result<Value, Diagnostic> {
    let at_span = |error: Diagnostic| Diagnostic { span, ..error };
    let Parsed::Statement(statement) = parser::parse(text).map_err(at_span)? else {
        return Err(errors::missing_value(span));
    };
    let mut scope = Fixed { variables: &Variables::new() };
    evaluator(text, &mut scope, 0).statement(&statement).map_err(at_span)
}

/// Variables from outside, and no lines.
struct Fixed<'a> {
    variables: &'a Variables,
}

impl Scope for Fixed<'_> {
    fn variable(&mut self, name: &str) -> Option<Value> {
        let quantity = self.variables.get(name)?;
        Some(Value::new(Amount::Exact(quantity.value), quantity.dimension.clone()))
    }

    fn previous(&mut self) -> Option<Value> {
        None
    }

    fn section(&mut self) -> Vec<(usize, Value)> {
        Vec::new()
    }

    fn names(&self) -> Vec<String> {
        self.variables.keys().cloned().collect()
    }

    fn elsewhere(&self, _name: &str) -> Option<Elsewhere> {
        None
    }
}
