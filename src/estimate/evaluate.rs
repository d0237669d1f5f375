//! Syntax -> value.

mod ranges;
mod words;

use std::sync::Arc;

use super::errors;
use super::functions::{self, Step};
use super::parser::as_target;
use super::syntax::{Expr, Node, Operator, Statement, Target};
use super::value::{Amount, Placed, Value, common, nouns};
use crate::source::{Diagnostic, Span};
use crate::units::{Base, Dimension, NamedUnit, Style, Unit, unit_or_noun};

/// What a line may refer to.
pub(super) trait Scope {
    /// The value of a variable.
    fn variable(&mut self, name: &str) -> Option<Value>;
    /// The result of the nearest line above that has one.
    fn previous(&mut self) -> Option<Value>;
    /// The results since the heading, with the numbers of their lines.
    fn section(&mut self) -> Vec<(usize, Value)>;
    /// All variables, for suggestions.
    fn names(&self) -> Vec<String>;
    /// The line that was to define a variable that has no value here.
    fn elsewhere(&self, name: &str) -> Option<Elsewhere>;
}

/// Where a variable without a value is defined after all, as a line number from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// Further down.
    Below(usize),
    /// Above, on a line with an error.
    Broken(usize),
}

/// Works out one line.
pub(super) struct Evaluator<'a> {
    pub line: &'a str,
    pub scope: &'a mut dyn Scope,
    /// Where the keys of the line's ranges come from.
    pub key: u64,
    /// How many ranges the line has so far.
    pub ranges: u64,
    /// The variable, if the line is nothing but a range.
    pub label: Option<Arc<str>>,
    pub notes: Vec<Diagnostic>,
    /// What was called, in the order in which it was worked out.
    pub steps: Vec<Step>,
}

impl Evaluator<'_> {
    /// The value of `statement`, whose every draw is finite.
    pub fn statement(&mut self, statement: &Statement) -> Result<Value, Diagnostic> {
        let range = matches!(statement.value.node, Node::Range { .. } | Node::About(_) | Node::PlusMinus(..));
        self.label = statement.name.as_ref().filter(|_| range).map(|(name, _)| Arc::from(name.as_str()));
        let value = checked(self.value(&statement.value)?, statement.value.span)?;
        Ok(Value { amount: value.amount.settled(), ..value })
    }

    pub fn value(&mut self, expr: &Expr) -> Result<Value, Diagnostic> {
        match &expr.node {
            Node::Literal(parts) => self.literal(parts),
            Node::Name(name) => self.name(name, expr.span),
            Node::Previous => self.scope.previous().ok_or_else(|| errors::nothing_before(expr.span)),
            Node::Total => self.total(expr.span),
            Node::Negative(inner) => {
                let value = self.value(inner)?;
                Ok(Value { amount: value.amount.scaled(-1.0), ..value })
            }
            Node::Percent(inner) => {
                let value = self.value(inner)?;
                if !value.dimension.is_none() {
                    return Err(errors::percent_of_dimension(expr.span, &value.dimension));
                }
                Ok(Value::percent(value.amount.over(&Amount::Exact(100.0))))
            }
            Node::About(inner) => self.about(inner, expr.span),
            Node::PlusMinus(middle, by) => self.plus_minus(middle, by, expr.span),
            Node::Range { low, high, tight, word } => {
                if *word
                    && !*tight
                    && let Some(target) = as_target(high).filter(|target| !self.all_variables(target))
                {
                    return self.convert(low, &target);
                }
                self.between(low, high, *tight, expr.span)
            }
            Node::Scaled(inner, units) => {
                let value = self.value(inner)?;
                self.with_units(value, units)
            }
            Node::Binary(operator, left, right) => self.binary(*operator, left, right, expr.span),
            Node::Call { name, name_span, arguments } => functions::call(self, name, *name_span, arguments, expr.span),
            Node::Convert(value, target) => self.convert(value, target),
        }
    }

    pub fn placed(&mut self, expr: &Expr) -> Result<Placed, Diagnostic> {
        Ok(Placed { value: self.value(expr)?, span: expr.span })
    }

    fn text(&self, span: Span) -> &str {
        span.slice(self.line)
    }

    fn total(&mut self, span: Span) -> Result<Value, Diagnostic> {
        let mut lines = self.scope.section().into_iter();
        let Some((first, mut sum)) = lines.next() else { return Err(errors::nothing_to_add(span)) };
        for (line, value) in lines {
            let Some(dimension) = common(&sum.dimension, &value.dimension) else {
                return Err(errors::cannot_total(span, (first, &sum.dimension), (line, &value.dimension)));
            };
            sum.amount = sum.amount.plus(&value.amount, 1.0);
            sum.dimension = dimension;
        }
        sum.style.unit = None;
        Ok(sum)
    }

    fn binary(&mut self, operator: Operator, left: &Expr, right: &Expr, span: Span) -> Result<Value, Diagnostic> {
        if matches!(operator, Operator::Multiply | Operator::Divide | Operator::Power) {
            self.note_range_in_product(left);
            self.note_range_in_product(right);
        }
        let left = self.placed(left)?;
        let right = self.placed(right)?;
        let value = match operator {
            Operator::Add | Operator::Subtract => self.sum(operator, &left, &right)?,
            Operator::Multiply => left.value.times(&right.value),
            Operator::Divide => self.divided(&left.value, &right.value, right.span)?,
            Operator::Power => power(&left, &right)?,
        };
        match value.exact() {
            Some(number) if number.is_infinite() => Err(errors::too_large(span)),
            Some(number) if number.is_nan() => Err(errors::undefined(span, 1.0)),
            _ => Ok(value),
        }
    }

    fn divided(&mut self, value: &Value, divisor: &Value, span: Span) -> Result<Value, Diagnostic> {
        if divisor.exact() == Some(0.0) {
            return Err(errors::divided_by_nought(span));
        }
        let (least, most) = divisor.amount.bounds();
        if least <= 0.0 && most >= 0.0 {
            self.notes.push(errors::crosses_nought(span));
        }
        Ok(value.over(divisor))
    }

    /// A percentage added to something else is that share of it: `100 GB + 20%`.
    fn sum(&mut self, operator: Operator, left: &Placed, right: &Placed) -> Result<Value, Diagnostic> {
        let sign = if operator == Operator::Add { 1.0 } else { -1.0 };
        let (a, b) = (&left.value, &right.value);
        if b.is_percent() && !a.is_percent() {
            let amount = a.amount.times(&Amount::Exact(1.0).plus(&b.amount, sign));
            // What is left of the whole is a share again: 1 - 99.9%.
            let rest = operator == Operator::Subtract && a.dimension.is_none() && a.exact() == Some(1.0);
            let style = Style { percent: rest, ..a.style.clone() };
            return Ok(Value { amount, dimension: a.dimension.clone(), style });
        }
        let Some(dimension) = common(&a.dimension, &b.dimension) else {
            let joint = if operator == Operator::Add { "plus" } else { "minus" };
            let side =
                |placed: &Placed| (placed.span, self.text(placed.span).to_owned(), placed.value.dimension.clone());
            let (left, right) = (side(left), side(right));
            return Err(errors::cannot_add(joint, (left.0, &left.1, &left.2), (right.0, &right.1, &right.2)));
        };
        Ok(Value { amount: a.amount.plus(&b.amount, sign), dimension, style: a.style.clone() })
    }

    /// The value, shown in the unit asked for. Count nouns may be named or dropped, not exchanged.
    fn convert(&mut self, expr: &Expr, target: &Target) -> Result<Value, Diagnostic> {
        let value = self.value(expr)?;
        let mut unit = unit_of(target)?;
        let (counted, own) = (nouns(&unit.dimension, 1), nouns(&value.dimension, 1));
        let (asked_per, per) = (nouns(&unit.dimension, -1), nouns(&value.dimension, -1));
        let renamed = !counted.is_none() && !own.is_none() && counted != own;
        let bare = value.dimension.without_nouns();
        if renamed || unit.dimension.without_nouns() != bare || !(asked_per.is_none() || asked_per == per) {
            return Err(errors::cannot_show(target.span, &value.dimension, &target.text, &unit.dimension));
        }
        let mut text = target.text.clone();
        if asked_per.is_none() {
            text.push_str(&spelt_per(&per));
        }
        let dimension = bare.times(&counted).times(&per);
        let measures = bare.power(&Base::Information) != 0 || bare.power(&Base::Time) > 0;
        let counts = !measures && target.scale == 1.0;
        unit.dimension = dimension.clone();
        let style = Style { unit: Some(NamedUnit { text, unit, counts }), percent: target.percent, ..value.style };
        Ok(Value { amount: value.amount, dimension, style })
    }

    fn all_variables(&mut self, target: &Target) -> bool {
        target.words.iter().all(|word| self.scope.variable(&word.word).is_some())
    }
}

/// The unit that `target` names.
fn unit_of(target: &Target) -> Result<Unit, Diagnostic> {
    let money = if target.dollars { Dimension::money() } else { Dimension::none() };
    let mut unit = Unit { factor: target.scale, dimension: money };
    for word in &target.words {
        let one = unit_or_noun(&word.word, word.span).map_err(errors::literal)?;
        unit.factor *= one.factor.powi(word.power);
        unit.dimension = unit.dimension.times(&one.dimension.raised(word.power));
    }
    Ok(unit)
}

/// `/user` for what a value is counted per.
fn spelt_per(per: &Dimension) -> String {
    let mut text = String::new();
    for (base, power) in per.powers() {
        if let Base::Noun(noun) = base {
            let exponent = if power == -1 { String::new() } else { format!("^{}", -power) };
            text.push_str(&format!("/{noun}{exponent}"));
        }
    }
    text
}

fn power(base: &Placed, exponent: &Placed) -> Result<Value, Diagnostic> {
    if !exponent.value.dimension.is_none() {
        return Err(errors::power_with_dimension(exponent.span, &exponent.value.dimension));
    }
    let (a, b) = (&base.value, &exponent.value);
    if a.dimension.is_none() {
        let amount = a.amount.zip(&b.amount, f64::powf);
        return Ok(Value::new(amount, Dimension::none()).styled(Style { percent: a.is_percent(), ..Style::default() }));
    }
    match b.exact() {
        Some(whole) if whole.fract() == 0.0 && whole.abs() <= 9.0 => Ok(a.raised(whole as i32)),
        _ => Err(errors::fractional_power(exponent.span, &a.dimension)),
    }
}

/// `value`, unless some draw of it is no number.
pub(super) fn checked(value: Value, span: Span) -> Result<Value, Diagnostic> {
    let share = value.amount.undefined();
    if share == 0.0 {
        return Ok(value);
    }
    Err(if matches!(value.amount, Amount::Exact(a) if a.is_infinite()) {
        errors::too_large(span)
    } else {
        errors::undefined(span, share)
    })
}
