//! `3 to 5`, `~10k`, `10k ± 20%`: where uncertainty enters.

use std::sync::Arc;

use super::Evaluator;
use crate::estimate::chance::key;
use crate::estimate::errors;
use crate::estimate::samples::{Input, Samples, Shape};
use crate::estimate::syntax::{Expr, Node};
use crate::estimate::value::{Amount, Placed, Value, common};
use crate::source::{Diagnostic, Span};
use crate::units::{Dimension, LiteralParts, Rounding, Style, display};

impl Evaluator<'_> {
    /// A range from its ends, which are the 5th and the 95th percentile.
    pub(super) fn between(&mut self, low: &Expr, high: &Expr, tight: bool, span: Span) -> Result<Value, Diagnostic> {
        let (low, high) = if tight { shared(low, high) } else { (low.clone(), high.clone()) };
        let (low, high) = (self.end(&low)?, self.end(&high)?);
        let (from, to) = (low.1, high.1);
        let (low, high) = (low.0, high.0);
        let Some(dimension) = common(&low.value.dimension, &high.value.dimension) else {
            return Err(errors::ends_differ((low.span, &low.value.dimension), (high.span, &high.value.dimension)));
        };
        let style = Style { percent: low.value.style.percent || high.value.style.percent, ..high.value.style.clone() };
        if from > to {
            let said = |value: &Value| display(&value.quantity(), &style, Rounding::Three);
            return Err(errors::upside_down(span, &said(&low.value), &said(&high.value)));
        }
        let shape = if style.percent && dimension.is_none() && from > 0.0 && to < 1.0 {
            Shape::LogitNormal
        } else if from > 0.0 {
            Shape::Lognormal
        } else {
            Shape::Normal
        };
        Ok(self.input(from, to, shape, dimension, style, span))
    }

    /// `~10k`: nine times in ten within a factor of two; for a percentage, of two in its odds.
    pub(super) fn about(&mut self, inner: &Expr, span: Span) -> Result<Value, Diagnostic> {
        let (placed, middle) = self.end(inner)?;
        let Value { dimension, style, .. } = placed.value;
        if style.percent && dimension.is_none() && middle > 0.0 && middle < 1.0 {
            let odds = middle / (1.0 - middle);
            let share = |odds: f64| odds / (1.0 + odds);
            return Ok(self.input(share(odds / 2.0), share(odds * 2.0), Shape::LogitNormal, dimension, style, span));
        }
        let size = middle.abs();
        let mut value = self.input(size / 2.0, size * 2.0, Shape::Lognormal, dimension, style, span);
        if middle < 0.0 {
            value.amount = value.amount.scaled(-1.0);
        }
        Ok(value)
    }

    /// `10k ± 20%`: a symmetrical interval that holds nine cases in ten.
    pub(super) fn plus_minus(&mut self, middle: &Expr, by: &Expr, span: Span) -> Result<Value, Diagnostic> {
        let (middle, by) = one_unit(middle, by);
        let (middle, at) = self.end(&middle)?;
        let (by, mut width) = self.end(&by)?;
        let (a, b) = (middle.value, by.value);
        let share = b.is_percent() && !a.is_percent();
        if share {
            width *= at.abs();
        } else if common(&a.dimension, &b.dimension).is_none() {
            return Err(errors::ends_differ((middle.span, &a.dimension), (by.span, &b.dimension)));
        }
        let width = width.abs();
        Ok(self.input(at - width, at + width, Shape::Normal, a.dimension, a.style, span))
    }

    /// An end of a range, which has to be exact.
    fn end(&mut self, expr: &Expr) -> Result<(Placed, f64), Diagnostic> {
        let placed = self.placed(expr)?;
        match placed.value.exact() {
            Some(number) => Ok((placed, number)),
            None => Err(errors::nested_range(expr.span)),
        }
    }

    fn input(&mut self, low: f64, high: f64, shape: Shape, dimension: Dimension, style: Style, span: Span) -> Value {
        let ordinal = self.ranges;
        self.ranges += 1;
        let amount = if low == high {
            Amount::Exact(low)
        } else {
            let label = self.label.clone().unwrap_or_else(|| Arc::from(span.slice(self.line)));
            let input = Input { key: key(&self.key.to_string(), ordinal), label };
            Amount::Uncertain(Samples::between(low, high, shape, input))
        };
        Value { amount, dimension, style }
    }

    /// `2 * 3 to 10` could be meant either way.
    pub(super) fn note_range_in_product(&mut self, expr: &Expr) {
        if let Node::Range { low, high, tight: true, word: true } = &expr.node
            && !self.text(expr.span).starts_with('(')
            && [low, high]
                .iter()
                .all(|end| literal_of(end).is_some_and(|parts| parts.units.is_empty() && !parts.dollars))
        {
            self.notes.push(errors::range_in_product(expr.span, self.text(expr.span)));
        }
    }
}

/// The literal that an end is, with or without its sign.
fn literal_of(expr: &Expr) -> Option<&LiteralParts> {
    match &expr.node {
        Node::Negative(inner) => inner.literal(),
        _ => expr.literal(),
    }
}

fn literal_of_mut(expr: &mut Expr) -> Option<&mut LiteralParts> {
    match &mut expr.node {
        Node::Negative(inner) => literal_of_mut(inner),
        Node::Literal(parts) => Some(parts),
        _ => None,
    }
}

/// The ends with what one lacks and the other has: `80 to 120M` is 80M to 120M, `3 to 5 ms` is 3 ms to 5 ms. A suffix that would turn
/// the range upside down is the upper end's alone: `500 to 2k`.
fn shared(low: &Expr, high: &Expr) -> (Expr, Expr) {
    let (mut low, mut high) = (low.clone(), high.clone());
    let numbers = (signed(&low), signed(&high));
    if let (Some(a), Some(b)) = (literal_of_mut(&mut low), literal_of_mut(&mut high)) {
        if a.suffix.is_none() && a.units.is_empty() {
            let percent = b.suffix.as_ref().is_some_and(|suffix| suffix.percent);
            if percent || numbers.0 <= numbers.1 {
                a.suffix.clone_from(&b.suffix);
                if let Some(suffix) = &mut a.suffix {
                    suffix.ambiguous = false;
                }
            }
        }
        if a.units.is_empty() {
            a.units.clone_from(&b.units);
        } else if b.units.is_empty() {
            b.units.clone_from(&a.units);
        }
        let dollars = a.dollars || b.dollars;
        (a.dollars, b.dollars) = (dollars, dollars);
    }
    (low, high)
}

/// Middle and width with the unit that one of them lacks: `5 ± 1 ms`, `100 ± 10% users`.
fn one_unit(middle: &Expr, by: &Expr) -> (Expr, Expr) {
    let (mut middle, mut by) = (middle.clone(), by.clone());
    if let (Some(a), Some(b)) = (literal_of_mut(&mut middle), literal_of_mut(&mut by)) {
        let share = b.suffix.as_ref().is_some_and(|suffix| suffix.percent);
        if share && a.units.is_empty() {
            a.units = std::mem::take(&mut b.units);
        } else if a.units.is_empty() {
            a.units.clone_from(&b.units);
        } else if b.units.is_empty() && !share {
            b.units.clone_from(&a.units);
        }
        if !share {
            let dollars = a.dollars || b.dollars;
            (a.dollars, b.dollars) = (dollars, dollars);
        }
    }
    (middle, by)
}

/// The digits of an end with their sign.
fn signed(end: &Expr) -> f64 {
    let sign = if matches!(end.node, Node::Negative(_)) { -1.0 } else { 1.0 };
    sign * literal_of(end).map_or(0.0, |parts| parts.number)
}
