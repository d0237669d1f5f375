//! How a result came about: the expression with its values in place of the names, and each call with its formula and source.

use super::evaluate::{Evaluator, Scope};
use super::functions::{Function, Step};
use super::syntax::{Expr, Node, Operator, Parsed, Statement};
use super::value::Value;
use super::{Fixed, Outcome, Variables, chance, evaluator, parser};
use crate::units::{Rounding, unit};

/// The working of one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Working {
    /// The expression with values in place of names; `None` if it names nothing.
    pub substituted: Option<String>,
    /// The calls, innermost first.
    pub calls: Vec<CallWorking>,
    /// The result.
    pub result: String,
}

/// The working of one call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallWorking {
    /// The function that was called.
    pub function: &'static str,
    /// `storage = rate × size × retention × replicas`
    pub formula: String,
    /// The formula with the values in place of the parameters.
    pub substituted: String,
    /// What it came to.
    pub result: String,
    /// What it gives, in a sentence.
    pub doc: &'static str,
    /// Where the formula comes from.
    pub source: &'static str,
}

impl Working {
    /// The working as lines of text.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for call in &self.calls {
            lines.push(call.formula.clone());
            lines.push(format!("  = {}", call.substituted));
            lines.push(format!("  = {}", call.result));
            lines.push(format!("  {} Source: {}", call.doc, call.source));
        }
        if let Some(substituted) = &self.substituted {
            lines.push(substituted.clone());
            lines.push(format!("  = {}", self.result));
        }
        lines
    }
}

/// How an expression that may use `variables` is worked out; nothing if it has an error.
pub fn working_of(text: &str, variables: &Variables) -> Option<Working> {
    let Ok(Parsed::Statement(statement)) = parser::parse(text) else { return None };
    let mut scope = Fixed { variables };
    let key = chance::key(statement.name.as_ref().map_or(text, |(name, _)| name), 0);
    working(&mut evaluator(text, &mut scope, key), &statement)
}

pub(super) fn working(evaluator: &mut Evaluator<'_>, statement: &Statement) -> Option<Working> {
    let result = shown(&evaluator.statement(statement).ok()?);
    let calls = std::mem::take(&mut evaluator.steps).iter().map(call).collect();
    let line = evaluator.line;
    let written = statement.value.span.slice(line);
    let substituted = written_out(&statement.value, line, evaluator.scope, 0);
    Some(Working { substituted: Some(substituted).filter(|text| text != written), calls, result })
}

fn shown(value: &Value) -> String {
    Outcome::new(None, value.clone(), Vec::new()).display(Rounding::Three)
}

fn call(step: &Step) -> CallWorking {
    let Step { function, arguments, result } = step;
    let values: Vec<String> = arguments.iter().map(shown).collect();
    let repeats = function.parameters.last().is_some_and(|last| last.repeats);
    let substituted =
        if repeats { format!("{}({})", function.name, values.join(", ")) } else { substitute(function, &values) };
    CallWorking {
        function: function.name,
        formula: format!("{} = {}", function.name, function.formula),
        substituted,
        result: shown(result),
        doc: function.doc,
        source: function.source,
    }
}

/// The formula with a value for each word that is a parameter.
fn substitute(function: &Function, values: &[String]) -> String {
    let mut text = String::new();
    let mut word = String::new();
    let flush = |word: &mut String, text: &mut String| {
        let parameter = function.parameters.iter().position(|parameter| parameter.name == word.as_str());
        text.push_str(parameter.and_then(|at| values.get(at)).unwrap_or(word));
        word.clear();
    };
    for c in function.formula.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            flush(&mut word, &mut text);
            text.push(c);
        }
    }
    flush(&mut word, &mut text);
    text
}

/// The expression as text, its names replaced by what they stand for; in parentheses if what is around it binds tighter.
fn written_out(expr: &Expr, line: &str, scope: &mut dyn Scope, around: u8) -> String {
    let mut part = |expr: &Expr, around: u8| written_out(expr, line, scope, around);
    match &expr.node {
        Node::Name(name) => match scope.variable(name) {
            Some(value) => shown(&value),
            None if unit(name).is_some() => format!("1 {name}"),
            None => name.clone(),
        },
        Node::Previous => scope.previous().map_or_else(|| "prev".to_owned(), |value| shown(&value)),
        Node::Total => {
            let lines: Vec<String> = scope.section().iter().map(|(_, value)| shown(value)).collect();
            format!("({})", lines.join(" + "))
        }
        Node::Negative(inner) => format!("-{}", part(inner, 4)),
        Node::Percent(inner) => format!("{}%", part(inner, 4)),
        Node::About(inner) => format!("~{}", part(inner, 4)),
        Node::PlusMinus(middle, by) => format!("{} ± {}", part(middle, 4), part(by, 4)),
        Node::Range { low, high, tight: false, .. } => format!("({} to {})", part(low, 0), part(high, 0)),
        Node::Binary(operator, left, right) => {
            let strength = operator.strength();
            let joint = if *operator == Operator::Power { "^".to_owned() } else { format!(" {} ", operator.symbol()) };
            let text = format!("{}{joint}{}", part(left, strength), part(right, strength + 1));
            if strength < around { format!("({text})") } else { text }
        }
        Node::Call { name, arguments, .. } => {
            let arguments: Vec<String> = arguments.iter().map(|argument| part(argument, 0)).collect();
            format!("{name}({})", arguments.join(", "))
        }
        Node::Convert(value, target) => format!("{} in {}", part(value, 0), target.text),
        Node::Literal(_) | Node::Scaled(..) | Node::Range { .. } => expr.span.slice(line).to_owned(),
    }
}
