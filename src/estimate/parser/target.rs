//! The unit after `in`, `to` and `->`.

use super::Parser;
use crate::estimate::errors;
use crate::estimate::syntax::{Expr, Node, Operator, Target};
use crate::estimate::token::{Kind, Token};
use crate::source::{Diagnostic, Span};
use crate::units::{UnitWord, scale_word, unit};

impl Parser<'_> {
    /// The target of the conversion that starts here, if one does.
    pub(super) fn conversion_target(&mut self) -> Result<Option<Target>, Diagnostic> {
        let sign = match self.peek() {
            Some(token) if token.kind == Kind::Arrow => token,
            Some(token) if self.is_word(0, "in") => token,
            Some(token) if self.is_word(0, "to") && self.is_unit(1) => token,
            _ => return Ok(None),
        };
        self.at += 1;
        let mut target = Target {
            span: self.peek().map_or(sign.span, |token| Span::at(token.span.start)),
            words: Vec::new(),
            scale: 1.0,
            percent: false,
            dollars: false,
            text: String::new(),
        };
        self.target_head(&mut target);
        while let Some((word, power)) = self.target_word(&target)? {
            self.push_target(&mut target, word, power);
        }
        if target.text.is_empty() {
            let found = self.peek().map(|token| (token.span, self.text(token).to_owned()));
            return Err(errors::missing_unit(sign.span, found));
        }
        Ok(Some(target))
    }

    /// Whether a unit stands `ahead`, so that a `to` before it converts.
    pub(super) fn is_unit(&self, ahead: usize) -> bool {
        let Some(token) = self.peek_at(ahead) else { return false };
        match token.kind {
            Kind::Word => {
                let word = self.text(token);
                // One letter may be a variable; what it is, is decided once the variables are known.
                let known = (word.len() > 1 && unit(word).is_some())
                    || scale_word(word).is_some()
                    || matches!(word, "percent" | "pct");
                known && !self.is(ahead + 1, Kind::Open)
            }
            Kind::Percent | Kind::Slash => true,
            Kind::Dollar => !self.is(ahead + 1, Kind::Number) && !self.is(ahead + 1, Kind::Word),
            _ => false,
        }
    }

    /// `$`, `%`, `1` or a scale at the start.
    fn target_head(&mut self, target: &mut Target) {
        let Some(token) = self.peek() else { return };
        let text = self.text(token).to_owned();
        match token.kind {
            Kind::Dollar => target.dollars = true,
            Kind::Percent => (target.percent, target.scale) = (true, 0.01),
            Kind::Word if matches!(text.as_str(), "percent" | "pct") => (target.percent, target.scale) = (true, 0.01),
            Kind::Number if text == "1" && self.is(1, Kind::Slash) => {
                self.at += 1;
                return;
            }
            Kind::Word if unit(&text).is_none() => match scale_word(&text) {
                Some(scale) => target.scale = scale,
                None => return,
            },
            _ => return,
        }
        self.at += 1;
        target.text = if target.percent { "%".to_owned() } else { text };
        target.span = target.span.to(token.span);
    }

    /// The next word of the unit with the sign of its power.
    fn target_word(&mut self, target: &Target) -> Result<Option<(Token, i32)>, Diagnostic> {
        let (power, skip) = match self.peek() {
            Some(token) if token.kind == Kind::Slash || self.is_word(0, "per") => {
                if !self.is(1, Kind::Word) {
                    return Err(errors::missing_unit(token.span, None));
                }
                (-1, 1)
            }
            Some(token) if token.kind == Kind::Star && self.is(1, Kind::Word) && !target.words.is_empty() => (1, 1),
            Some(token) if token.kind == Kind::Word && target.words.is_empty() => (1, 0),
            _ => return Ok(None),
        };
        let word = self.peek_at(skip).filter(|token| !matches!(self.text(*token), "in" | "to" | "of"));
        self.at += skip + usize::from(word.is_some());
        Ok(word.map(|word| (word, power)))
    }

    fn push_target(&mut self, target: &mut Target, token: Token, sign: i32) {
        let word = self.text(token).to_owned();
        let joint = match (sign, target.text.is_empty()) {
            (-1, _) => "/",
            (_, true) => "",
            _ if target.words.is_empty() => " ",
            _ => "·",
        };
        target.text.push_str(joint);
        target.text.push_str(&word);
        target.span = target.span.to(token.span);
        let mut power = 1;
        if self.is(0, Kind::Caret)
            && let Some(number) = self.peek_at(1).filter(|number| number.kind == Kind::Number)
            && let Some(given) = self.text(number).parse().ok().filter(|given| (1..=9).contains(given))
        {
            power = given;
            target.text.push_str(&format!("^{power}"));
            target.span = target.span.to(number.span);
            self.at += 2;
        }
        target.words.push(UnitWord { span: token.span, word, power: sign * power });
    }
}

/// The unit that an expression spells, if it is made of words only: what stands after a `to` may be one or the other.
pub(in crate::estimate) fn as_target(expr: &Expr) -> Option<Target> {
    let mut words = Vec::new();
    collect(expr, 1, &mut words)?;
    let mut text = String::new();
    for word in &words {
        let joint = if word.power < 0 {
            "/"
        } else if text.is_empty() {
            ""
        } else {
            "·"
        };
        text.push_str(joint);
        text.push_str(&word.word);
    }
    Some(Target { span: expr.span, words, scale: 1.0, percent: false, dollars: false, text })
}

fn collect(expr: &Expr, power: i32, words: &mut Vec<UnitWord>) -> Option<()> {
    match &expr.node {
        Node::Name(word) => words.push(UnitWord { span: expr.span, word: word.clone(), power }),
        Node::Binary(operator @ (Operator::Multiply | Operator::Divide), left, right) => {
            collect(left, power, words)?;
            collect(right, if *operator == Operator::Divide { -power } else { power }, words)?;
        }
        _ => return None,
    }
    Some(())
}
