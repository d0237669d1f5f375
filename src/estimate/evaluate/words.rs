//! Literals and names: which of a number's words are units, nouns or variables.

use super::Evaluator;
use crate::estimate::errors;
use crate::estimate::functions::function;
use crate::estimate::value::{Amount, Value};
use crate::source::{Diagnostic, Span, nearest};
use crate::units::{LiteralParts, Rounding, Style, UnitWord, display, style_of, unit, unit_names, unit_or_noun};

/// Words shorter than this are not taken for a unit's misspelling: `hits` is not `bits`.
const NEAR_LENGTH: usize = 6;

impl Evaluator<'_> {
    pub(super) fn literal(&mut self, parts: &LiteralParts) -> Result<Value, Diagnostic> {
        if parts.suffix.as_ref().is_some_and(|suffix| suffix.ambiguous) {
            let number = crate::units::significant(parts.number, 15);
            self.notes.push(errors::billion_or_bytes(parts.span, &number));
        }
        let plain = parts.plain();
        let percent = parts.suffix.as_ref().is_some_and(|suffix| suffix.percent);
        let value =
            Value::new(Amount::Exact(plain.value), plain.dimension).styled(Style { percent, ..Style::default() });
        self.with_units(value, &parts.units)
    }

    /// `value` in the units named. A word under the line may be a variable: `12k/servers`.
    pub(super) fn with_units(&mut self, mut value: Value, words: &[UnitWord]) -> Result<Value, Diagnostic> {
        if words.is_empty() {
            return Ok(value);
        }
        let style = style_of(words);
        for word in words {
            if word.power < 0
                && unit(&word.word).is_none()
                && let Some(divisor) = self.scope.variable(&word.word)
            {
                value = self.divided(&value, &divisor.raised(-word.power), word.span)?;
                continue;
            }
            let one = unit_or_noun(&word.word, word.span).map_err(errors::literal)?;
            if word.power < 0 && word.word.len() == 1 && self.scope.variable(&word.word).is_some() {
                self.notes.push(errors::unit_not_variable(word.span, &word.word));
            }
            self.note_noun(word, words.len() == 1);
            let factor = one.factor.powi(word.power);
            value.amount = value.amount.scaled(factor);
            value.dimension = value.dimension.times(&one.dimension.raised(word.power));
        }
        let per = style.per.or(value.style.per);
        let percent = value.style.percent && value.dimension.is_none();
        value.style = Style { unit: None, percent, per, ..style };
        Ok(value)
    }

    /// A word that counts things, but is nearly a unit's name or, standing `alone`, a variable's.
    fn note_noun(&mut self, word: &UnitWord, alone: bool) {
        if unit(&word.word).is_some() {
            return;
        }
        let long = word.word.chars().count() >= NEAR_LENGTH;
        if let Some(near) = nearest(&word.word, unit_names()).filter(|near| long && near.len() + 1 >= NEAR_LENGTH) {
            let distance = near.len().abs_diff(word.word.len());
            if distance <= 1 && !near.starts_with(&word.word) {
                self.notes.push(errors::nearly_a_unit(word.span, &word.word, near));
            }
        }
        let variable = self.scope.variable(&word.word);
        let counts = |value: &Value| value.dimension.without_nouns().is_none() && !value.dimension.is_none();
        if alone && word.power > 0 && variable.is_some_and(|variable| !counts(&variable)) {
            self.notes.push(errors::noun_not_variable(word.span, &word.word));
        }
    }

    /// A variable, else a constant, else one of a unit.
    pub(super) fn name(&mut self, name: &str, span: Span) -> Result<Value, Diagnostic> {
        if let Some(value) = self.scope.variable(name) {
            return Ok(value);
        }
        match name {
            "pi" => return Ok(Value::number(std::f64::consts::PI)),
            "e" => return Ok(Value::number(std::f64::consts::E)),
            _ => {}
        }
        let elsewhere = self.scope.elsewhere(name);
        if let Some(one) = unit(name).filter(|_| elsewhere.is_none()) {
            let word = UnitWord { span, word: name.to_owned(), power: 1 };
            let value = Value::new(Amount::Exact(one.factor), one.dimension).styled(style_of(&[word]));
            if name.len() == 1 {
                let shown = display(&value.quantity(), &value.style, Rounding::Three);
                self.notes.push(errors::read_as_unit(span, name, &shown));
            }
            return Ok(value);
        }
        if let Some(function) = function(name) {
            return Err(errors::function_not_called(span, name, &function.signature()));
        }
        let mut known = self.scope.names();
        known.extend(unit_names().into_iter().map(str::to_owned));
        let near = nearest(name, known.iter().map(String::as_str)).filter(|_| name.chars().count() > 2);
        Err(errors::unknown_name(span, name, near, elsewhere))
    }
}
