//! The functions of the field, each with its formula and where that comes from.

mod arguments;
mod availability;
mod caching;
mod capacity;
mod plain;
mod queueing;
mod scaling;

pub(super) use arguments::Arguments;
pub(super) use plain::up as whole;

use super::errors;
use super::evaluate::{Evaluator, checked};
use super::syntax::Expr;
use super::value::{Placed, Value};
use crate::source::{Diagnostic, Span, nearest};

/// A function that a sheet can call.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub parameters: &'static [Parameter],
    /// What it gives, in a sentence.
    pub doc: &'static str,
    /// How, in terms of the parameters.
    pub formula: &'static str,
    /// Where the formula and its defaults come from.
    pub source: &'static str,
    /// A call to start from.
    pub example: &'static str,
    run: fn(&mut Arguments<'_>) -> Result<Value, Diagnostic>,
}

/// One of the values that a function takes.
#[derive(Debug)]
pub struct Parameter {
    /// Its name, as the formula has it.
    pub name: &'static str,
    /// What it has to be.
    pub wants: Wants,
    /// What it is if it is left out.
    pub default: Option<&'static str>,
    /// Whether more like it may follow; unless it is the first, it may be left out.
    pub repeats: bool,
}

/// What an argument has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Whatever it is.
    Anything,
    /// A plain number or a count of things.
    Count,
    /// Between 0% and 100%.
    Share,
    /// So many a second.
    Rate,
    /// An amount of data.
    Size,
    /// A length of time.
    Time,
}

impl Function {
    /// `storage(rate, size, retention, replicas = 1)`
    pub fn signature(&self) -> String {
        let parameters: Vec<String> = self.parameters.iter().map(Parameter::written).collect();
        format!("{}({})", self.name, parameters.join(", "))
    }
}

impl Parameter {
    const fn new(name: &'static str, wants: Wants) -> Self {
        Self { name, wants, default: None, repeats: false }
    }

    const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    const fn repeated(self) -> Self {
        Self { repeats: true, ..self }
    }

    fn written(&self) -> String {
        match self.default {
            Some(default) => format!("{} = {default}", self.name),
            None if self.repeats => format!("{}, ...", self.name),
            None => self.name.to_owned(),
        }
    }
}

/// A call that was worked out, for the working.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub function: &'static Function,
    pub arguments: Vec<Value>,
    pub result: Value,
}

/// All functions, those of the field first.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    let rooms = [
        capacity::FUNCTIONS,
        queueing::FUNCTIONS,
        scaling::FUNCTIONS,
        availability::FUNCTIONS,
        caching::FUNCTIONS,
        plain::FUNCTIONS,
    ];
    rooms.into_iter().flatten()
}

/// The function of that name.
pub fn function(name: &str) -> Option<&'static Function> {
    functions().find(|function| function.name == name)
}

/// Works out a call.
pub(super) fn call(
    evaluator: &mut Evaluator<'_>,
    name: &str,
    name_span: Span,
    arguments: &[Expr],
    span: Span,
) -> Result<Value, Diagnostic> {
    let Some(function) = function(name) else {
        let near = nearest(name, functions().map(|function| function.name));
        return Err(errors::unknown_function(name_span, name, near));
    };
    let mut placed = Vec::with_capacity(function.parameters.len());
    for argument in arguments {
        placed.push(evaluator.placed(argument)?);
    }
    complete(evaluator, function, &mut placed, span)?;
    let mut arguments = Arguments { line: evaluator.line, function, placed, span, notes: Vec::new() };
    arguments.check()?;
    let result = checked((function.run)(&mut arguments)?, span)?;
    evaluator.notes.append(&mut arguments.notes);
    let arguments = arguments.placed.into_iter().map(|placed| placed.value).collect();
    evaluator.steps.push(Step { function, arguments, result: result.clone() });
    Ok(result)
}

/// Holds the number of arguments against the parameters and fills in the defaults.
fn complete(
    evaluator: &mut Evaluator<'_>,
    function: &'static Function,
    placed: &mut Vec<Placed>,
    span: Span,
) -> Result<(), Diagnostic> {
    let repeats = function.parameters.last().is_some_and(|last| last.repeats);
    let grouped = grouped(evaluator.line, placed);
    if let Some(extra) = placed.get(function.parameters.len()).filter(|_| !repeats) {
        return Err(errors::too_many(extra.span, &function.signature(), grouped.is_some()));
    }
    if let Some(span) = grouped {
        evaluator.notes.push(errors::comma_in_call(span, span.slice(evaluator.line)));
    }
    for (at, parameter) in function.parameters.iter().enumerate().skip(placed.len()) {
        if parameter.repeats && at > 0 {
            break;
        }
        let Some(default) = parameter.default else {
            return Err(errors::too_few(span, &function.signature(), parameter.name));
        };
        let value = super::constant(default, span)?;
        placed.push(Placed { value, span });
    }
    Ok(())
}

/// Two arguments that were perhaps meant as one: `12,000`.
fn grouped(line: &str, placed: &[Placed]) -> Option<Span> {
    let digits = |span: Span| span.slice(line).bytes().all(|byte| byte.is_ascii_digit());
    let pairs = placed.windows(2).map(|pair| (pair[0].span, pair[1].span));
    let mut meant = pairs.filter(|(a, b)| {
        let thousands = line[b.start..].bytes().take_while(u8::is_ascii_digit).count() == 3;
        digits(*a) && a.len() <= 3 && b.start == a.end + 1 && thousands
    });
    meant.next().map(|(a, b)| Span::new(a.start, b.start + 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_documented_and_its_example_works() {
        for function in functions() {
            for text in [function.doc, function.formula, function.source] {
                assert!(text.len() > 4, "{}: '{text}'", function.name);
            }
            assert!(function.example.starts_with(&format!("{}(", function.name)), "{}", function.name);
            if let Err(error) = crate::estimate::evaluate(function.example) {
                unreachable!("{}: {error:?}", function.example);
            }
        }
    }
}
