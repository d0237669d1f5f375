//! The name before `=` or `:`.

use super::Parser;
use crate::estimate::errors;
use crate::estimate::token::Kind;
use crate::source::{Diagnostic, Span};
use crate::units::{Base, Unit, unit};

/// What stands before the `=` or `:` of a line.
pub(super) struct Label {
    name: String,
    span: Span,
    /// Whether a colon follows: with nothing after it, it is a heading.
    pub colon: bool,
}

/// Words that mean something of their own wherever they stand.
const RESERVED: [&str; 9] = ["prev", "_", "ans", "total", "sum", "in", "to", "of", "per"];

impl Parser<'_> {
    /// The label of the line, if it has one; the parser then stands behind its sign.
    pub(super) fn label(&mut self) -> Result<Option<Label>, Diagnostic> {
        let sign = self.tokens.iter().position(|token| matches!(token.kind, Kind::Equals | Kind::Colon));
        let Some(sign) = sign else { return Ok(None) };
        let colon = self.tokens[sign].kind == Kind::Colon;
        let Some(last) = sign.checked_sub(1) else {
            return Err(errors::missing_name(self.tokens[sign].span, self.text(self.tokens[sign])));
        };
        let span = self.tokens[0].span.to(self.tokens[last].span);
        let words = &self.tokens[..sign];
        let named = words[0].kind == Kind::Word && words.iter().all(|t| matches!(t.kind, Kind::Word | Kind::Number));
        if !named {
            return Err(errors::bad_name(span, span.slice(self.line), colon));
        }
        let words: Vec<&str> = words.iter().map(|token| token.span.slice(self.line)).collect();
        let name = words.join("_");
        self.at = sign + 1;
        Ok(Some(Label { name, span, colon }))
    }
}

impl Label {
    /// The variable that it names: several words are joined by `_`.
    pub(super) fn variable(self) -> Result<(String, Span), Diagnostic> {
        if RESERVED.contains(&self.name.as_str()) {
            return Err(errors::reserved_name(self.span, &self.name));
        }
        let counts = |unit: &Unit| unit.dimension.powers().any(|(base, _)| matches!(base, Base::Noun(_)));
        // One letter is too good a name to be kept from people: `5 s` stays a unit, `s` alone is the variable.
        if self.name.chars().count() > 1 && unit(&self.name).is_some_and(|unit| !counts(&unit)) {
            return Err(errors::name_of_unit(self.span, &self.name));
        }
        Ok((self.name, self.span))
    }
}
