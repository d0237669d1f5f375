//! The arguments of a call, held against what the function wants.

use super::{Function, Parameter, Wants};
use crate::estimate::errors;
use crate::estimate::value::{Amount, Placed, Value, common};
use crate::source::{Diagnostic, Span};
use crate::units::Dimension;

/// The values of a call, one a parameter and more for the last if it repeats.
pub(in crate::estimate) struct Arguments<'a> {
    /// The line that the call stands in.
    pub line: &'a str,
    pub function: &'static Function,
    pub placed: Vec<Placed>,
    /// The whole call.
    pub span: Span,
    pub notes: Vec<Diagnostic>,
}

impl Arguments<'_> {
    fn parameter(&self, at: usize) -> &'static Parameter {
        let parameters = self.function.parameters;
        &parameters[at.min(parameters.len() - 1)]
    }

    /// The value of argument `at`.
    pub fn value(&self, at: usize) -> &Value {
        &self.placed[at].value
    }

    pub fn amount(&self, at: usize) -> &Amount {
        &self.value(at).amount
    }

    /// Where argument `at` was written.
    pub fn span_of(&self, at: usize) -> Span {
        self.placed[at].span
    }

    /// Argument `at` as it was written.
    pub fn text_of(&self, at: usize) -> &str {
        self.placed[at].span.slice(self.line)
    }

    /// Two arguments that should measure the same and don't.
    pub fn differ(&self, joint: &str, a: usize, b: usize) -> Diagnostic {
        let side = |at: usize| (self.span_of(at), self.text_of(at), &self.value(at).dimension);
        errors::cannot_add(joint, side(a), side(b))
    }

    /// Holds every argument against its parameter; shares are cut off at their ends where only some draws go beyond.
    pub fn check(&mut self) -> Result<(), Diagnostic> {
        for at in 0..self.placed.len() {
            let parameter = self.parameter(at);
            let found = &self.placed[at].value.dimension;
            if let Some((wanted, help)) = refused(parameter.wants, found, self.text_of(at)) {
                let span = self.span_of(at);
                return Err(errors::wrong_argument(span, parameter.name, wanted, found, help.as_deref()));
            }
            if parameter.wants == Wants::Share {
                self.check_share(at, parameter.name)?;
            }
        }
        Ok(())
    }

    pub fn check_share(&mut self, at: usize, name: &str) -> Result<(), Diagnostic> {
        let outside = self.amount(at).share(|a| !(0.0..=1.0).contains(&a));
        if outside == 0.0 {
            return Ok(());
        }
        let span = self.span_of(at);
        if outside > 0.5 {
            return Err(errors::not_a_share(span, name));
        }
        let cut = self.amount(at).map(|a| a.clamp(0.0, 1.0));
        self.placed[at].value.amount = cut;
        self.notes.push(errors::clamped(span, name));
        Ok(())
    }

    /// An error unless all of argument `at` is above nought.
    pub fn positive(&self, at: usize) -> Result<(), Diagnostic> {
        if self.amount(at).any(|a| a <= 0.0) {
            return Err(errors::not_positive(self.span_of(at), self.parameter(at).name));
        }
        Ok(())
    }

    /// An error unless all of argument `at` is a count from 1 to `most`.
    pub fn counted(&self, at: usize, most: f64) -> Result<(), Diagnostic> {
        if self.amount(at).any(|a| !(1.0..=most).contains(&a)) {
            let range = match most {
                f64::MAX => "a count, at least 1".to_owned(),
                most => format!("a count from 1 to {}", crate::units::significant(most, 3)),
            };
            return Err(errors::out_of_range(self.span_of(at), self.parameter(at).name, &range));
        }
        Ok(())
    }

    /// `f` of all the arguments, draw by draw.
    pub fn compute(&self, f: impl Fn(&[f64]) -> f64) -> Amount {
        let amounts: Vec<&Amount> = self.placed.iter().map(|placed| &placed.value.amount).collect();
        Amount::all(&amounts, f)
    }

    /// The dimension that all the arguments have in common.
    pub fn common(&self) -> Result<Dimension, Diagnostic> {
        let mut dimension = self.value(0).dimension.clone();
        for at in 1..self.placed.len() {
            dimension = common(&dimension, &self.value(at).dimension).ok_or_else(|| self.differ("beside", 0, at))?;
        }
        Ok(dimension)
    }
}

/// What was wanted instead of `found`, with advice, if it is not what it should be.
fn refused(wants: Wants, found: &Dimension, text: &str) -> Option<(&'static str, Option<String>)> {
    let bare = found.without_nouns();
    let rate = Dimension::none().per(&Dimension::time());
    let (fits, wanted) = match wants {
        Wants::Anything => return None,
        Wants::Count => (bare.is_none(), "a number"),
        Wants::Share => (found.is_none(), "a share such as 70%"),
        Wants::Rate => (bare == rate, "a rate such as 100M/day"),
        Wants::Size => (bare == Dimension::information(), "a size such as 500 B"),
        Wants::Time => (bare == Dimension::time(), "a time such as 5 years"),
    };
    if fits {
        return None;
    }
    let glued_b = text.ends_with('B') && text[..text.len() - 1].ends_with(|c: char| c.is_ascii_digit());
    let help = match wants {
        Wants::Size if bare.is_none() && glued_b => {
            Some(format!("'{text}' is a billion; for bytes write '{} B'", &text[..text.len() - 1]))
        }
        Wants::Rate if bare.is_none() && text.chars().count() <= 40 => Some(format!("per which time? {text}/day")),
        Wants::Rate if bare == Dimension::information().per(&Dimension::time()) => {
            Some("divide by the size of one first".to_owned())
        }
        _ => None,
    };
    Some((wanted, help))
}
