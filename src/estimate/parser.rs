//! Tokens -> syntax, by recursive descent.
//!
//! ```text
//! line       = [name ("=" | ":")] conversion
//! conversion = range {("in" | "to" | "->") unit}
//! range      = sum [("to" | "..") sum]                       a `to` before a unit converts
//! sum        = product {("+" | "-") product}
//! product    = unary {("*" | "×" | "/" | "x" | "of" | "per") unary}
//! unary      = ("-" | "+") unary | power
//! power      = about ["^" unary]                             to the right
//! about      = "~" postfix | postfix ["+-" postfix]
//! postfix    = primary {"%"}                                 so `99.9%^3` is (99.9%)^3
//! primary    = literal [("to" | "..") literal] | name "(" [conversion {"," conversion}] ")" | name | "(" conversion ")" [unit]
//! ```
//!
//! A range between two literals is one value, as a literal is: `100M users * 3 to 5 posts/user`.

mod label;
mod target;

pub(super) use target::as_target;

use super::errors;
use super::syntax::{Expr, Node, Operator, Parsed, Statement};
use super::token::{Kind, Token, Tokens, tokens};
use crate::source::{Diagnostic, Span};
use crate::units::{BareB, ScanOptions, scan, scan_unit};

/// The longest line that is read, in bytes.
pub(super) const MAX_LENGTH: usize = 1000;
/// How deep parentheses, signs and powers may nest.
const MAX_DEPTH: usize = 40;

/// Reads one line.
pub(super) fn parse(line: &str) -> Result<Parsed, Diagnostic> {
    if line.len() > MAX_LENGTH {
        return Err(errors::too_long(line.len()));
    }
    if line.trim_start().starts_with('#') {
        return Ok(Parsed::Heading);
    }
    let found = tokens(line);
    if let Some(token) = found.all.iter().find(|token| token.kind == Kind::Strange) {
        return Err(errors::strange(token.span, token.span.slice(line)));
    }
    if let Some(span) = date(line, &found.all) {
        return Err(errors::date(span));
    }
    let mut parser = Parser::new(line, found);
    if parser.tokens.is_empty() {
        return Ok(Parsed::Silent);
    }
    let label = parser.label()?;
    if parser.peek().is_none() {
        return match label {
            Some(label) if label.colon => Ok(Parsed::Heading),
            _ => Err(errors::missing_value(Span::at(parser.end))),
        };
    }
    let name = label.map(label::Label::variable).transpose()?;
    let value = parser.conversion()?;
    match parser.peek() {
        None => Ok(Parsed::Statement(Statement { name, value })),
        Some(token) => Err(parser.leftover(token, &value)),
    }
}

/// A date such as `2026-03-01`, which would come to 2022 as a subtraction.
fn date(line: &str, tokens: &[Token]) -> Option<Span> {
    let shape = [Kind::Number, Kind::Minus, Kind::Number, Kind::Minus, Kind::Number];
    let is_date = |five: &&[Token]| {
        let tight = five.windows(2).all(|pair| pair[0].span.end == pair[1].span.start);
        let digits = |at: usize| five[at].span.slice(line).bytes().filter(u8::is_ascii_digit).count();
        tight
            && five.iter().zip(shape).all(|(token, kind)| token.kind == kind)
            && (digits(0), digits(2), digits(4)) == (4, 2, 2)
    };
    tokens.windows(5).find(is_date).map(|five| five[0].span.to(five[4].span))
}

/// The variable that a line would define if the rest of it could be read.
pub(super) fn meant_name(line: &str) -> Option<String> {
    if line.len() > MAX_LENGTH {
        return None;
    }
    let label = Parser::new(line, tokens(line)).label().ok()??;
    label.variable().ok().map(|(name, _)| name)
}

struct Parser<'a> {
    line: &'a str,
    tokens: Vec<Token>,
    at: usize,
    /// Where the content ends, before spaces and the comment.
    end: usize,
    /// The open parentheses, true for those of a call.
    calls: Vec<bool>,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn new(line: &'a str, found: Tokens) -> Self {
        let end = found.comment.map_or(line.len(), |comment| comment.start);
        let end = line[..end].trim_end().len();
        Self { line, tokens: found.all, at: 0, end, calls: Vec::new(), depth: 0 }
    }

    fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    fn peek_at(&self, ahead: usize) -> Option<Token> {
        self.tokens.get(self.at + ahead).copied()
    }

    fn is(&self, ahead: usize, kind: Kind) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.kind == kind)
    }

    fn text(&self, token: Token) -> &str {
        token.span.slice(self.line)
    }

    fn is_word(&self, ahead: usize, word: &str) -> bool {
        self.peek_at(ahead).is_some_and(|token| token.kind == Kind::Word && self.text(token) == word)
    }

    fn accept(&mut self, kind: Kind) -> Option<Token> {
        let token = self.peek().filter(|token| token.kind == kind)?;
        self.at += 1;
        Some(token)
    }

    /// Goes on behind the byte at `offset`.
    fn skip_to(&mut self, offset: usize) {
        while self.peek().is_some_and(|token| token.span.start < offset) {
            self.at += 1;
        }
    }

    /// Runs `read` one level deeper.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Diagnostic>) -> Result<T, Diagnostic> {
        if self.depth == MAX_DEPTH {
            let span = self.peek().map_or(Span::at(self.end), |token| token.span);
            return Err(errors::too_deep(span, MAX_DEPTH));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn conversion(&mut self) -> Result<Expr, Diagnostic> {
        let mut value = self.nested(Self::range)?;
        while let Some(target) = self.conversion_target()? {
            let span = value.span.to(target.span);
            value = Expr::new(Node::Convert(Box::new(value), target), span);
        }
        Ok(value)
    }

    fn range(&mut self) -> Result<Expr, Diagnostic> {
        let low = self.sum()?;
        let word = self.is_word(0, "to");
        if !(word || self.is(0, Kind::Dots)) || (word && self.is_unit(1)) {
            return Ok(low);
        }
        self.at += 1;
        let high = self.sum()?;
        if self.is(0, Kind::Dots) || (self.is_word(0, "to") && !self.is_unit(1)) {
            return Err(errors::third_end(self.tokens[self.at].span));
        }
        Ok(range_of(low, high, false, word))
    }

    fn sum(&mut self) -> Result<Expr, Diagnostic> {
        let mut left = self.product()?;
        loop {
            let operator = match self.peek().map(|token| token.kind) {
                Some(Kind::Plus) => Operator::Add,
                Some(Kind::Minus) => Operator::Subtract,
                _ => return Ok(left),
            };
            self.at += 1;
            left = binary(operator, left, self.product()?);
        }
    }

    fn product(&mut self) -> Result<Expr, Diagnostic> {
        let mut left = self.unary()?;
        while let Some(operator) = self.peek().and_then(|token| self.times_or_over(token)) {
            self.at += 1;
            left = binary(operator, left, self.unary()?);
        }
        Ok(left)
    }

    fn times_or_over(&self, token: Token) -> Option<Operator> {
        match (token.kind, self.text(token)) {
            (Kind::Star, _) | (Kind::Word, "x" | "of" | "times") => Some(Operator::Multiply),
            (Kind::Slash, _) | (Kind::Word, "per") => Some(Operator::Divide),
            _ => None,
        }
    }

    fn unary(&mut self) -> Result<Expr, Diagnostic> {
        if let Some(sign) = self.peek().filter(|token| matches!(token.kind, Kind::Minus | Kind::Plus)) {
            if sign.kind == Kind::Minus && self.is(1, Kind::Number) && self.is_tight_range(1) {
                return self.literal_or_range();
            }
            self.at += 1;
            let inner = self.nested(Self::unary)?;
            if sign.kind == Kind::Plus {
                return Ok(inner);
            }
            let span = sign.span.to(inner.span);
            return Ok(Expr::new(Node::Negative(Box::new(inner)), span));
        }
        self.power()
    }

    fn power(&mut self) -> Result<Expr, Diagnostic> {
        let base = self.about()?;
        if self.accept(Kind::Caret).is_none() {
            return Ok(base);
        }
        let exponent = self.nested(Self::unary)?;
        Ok(binary(Operator::Power, base, exponent))
    }

    fn about(&mut self) -> Result<Expr, Diagnostic> {
        if let Some(tilde) = self.accept(Kind::About) {
            let inner = self.postfix()?;
            let span = tilde.span.to(inner.span);
            return Ok(Expr::new(Node::About(Box::new(inner)), span));
        }
        let middle = self.postfix()?;
        if self.accept(Kind::PlusMinus).is_none() {
            return Ok(middle);
        }
        let by = self.postfix()?;
        let span = middle.span.to(by.span);
        Ok(Expr::new(Node::PlusMinus(Box::new(middle), Box::new(by)), span))
    }

    fn postfix(&mut self) -> Result<Expr, Diagnostic> {
        let mut value = self.primary()?;
        while let Some(sign) = self.accept(Kind::Percent) {
            let span = value.span.to(sign.span);
            value = Expr::new(Node::Percent(Box::new(value)), span);
        }
        Ok(value)
    }

    fn primary(&mut self) -> Result<Expr, Diagnostic> {
        let Some(token) = self.peek() else { return Err(errors::missing_value(Span::at(self.end))) };
        match token.kind {
            Kind::Number => self.literal_or_range(),
            Kind::Dollar if self.is(1, Kind::Number) => self.literal_or_range(),
            Kind::Dollar => {
                // `$name` is how the design language refers to the sheet.
                self.at += 1;
                let name = self.peek().filter(|name| name.kind == Kind::Word && name.span.start == token.span.end);
                let name = name.ok_or_else(|| errors::lonely_dollar(token.span))?;
                self.at += 1;
                Ok(Expr::new(Node::Name(self.text(name).to_owned()), token.span.to(name.span)))
            }
            Kind::Word => self.word(token),
            Kind::Open => self.parenthesis(token),
            _ => Err(errors::not_a_value(token.span, self.text(token))),
        }
    }

    fn word(&mut self, token: Token) -> Result<Expr, Diagnostic> {
        self.at += 1;
        let called = self.peek().is_some_and(|open| open.kind == Kind::Open && open.span.start == token.span.end);
        if called {
            return self.call(token);
        }
        let node = match self.text(token) {
            "prev" | "_" | "ans" => Node::Previous,
            "total" | "sum" => Node::Total,
            word @ ("in" | "to" | "of" | "per") => return Err(errors::not_a_value(token.span, word)),
            name => Node::Name(name.to_owned()),
        };
        Ok(Expr::new(node, token.span))
    }

    fn call(&mut self, name: Token) -> Result<Expr, Diagnostic> {
        let open = self.tokens[self.at];
        self.at += 1;
        self.calls.push(true);
        let mut arguments = Vec::new();
        while !self.is(0, Kind::Close) {
            arguments.push(self.conversion()?);
            if self.accept(Kind::Comma).is_none() {
                break;
            }
        }
        let close = self.close(open)?;
        let node = Node::Call { name: self.text(name).to_owned(), name_span: name.span, arguments };
        Ok(Expr::new(node, name.span.to(close.span)))
    }

    fn parenthesis(&mut self, open: Token) -> Result<Expr, Diagnostic> {
        self.at += 1;
        self.calls.push(false);
        let inner = self.conversion()?;
        let close = self.close(open)?;
        let mut units = Vec::new();
        let end = scan_unit(self.line, close.span.end, &mut units);
        if units.is_empty() {
            return Ok(Expr::new(inner.node, open.span.to(close.span)));
        }
        self.skip_to(end);
        Ok(Expr::new(Node::Scaled(Box::new(inner), units), Span::new(open.span.start, end)))
    }

    fn close(&mut self, open: Token) -> Result<Token, Diagnostic> {
        let close = match self.peek() {
            Some(token) if token.kind == Kind::Close => token,
            Some(token) => return Err(self.leftover(token, &Expr::new(Node::Total, open.span))),
            None => return Err(errors::never_closed(open.span)),
        };
        self.calls.pop();
        self.at += 1;
        Ok(close)
    }

    fn literal_or_range(&mut self) -> Result<Expr, Diagnostic> {
        let low = self.literal()?;
        let word = self.is_word(0, "to");
        let dots = self.is(0, Kind::Dots);
        let sign = usize::from(self.is(1, Kind::Minus));
        let number = self.is(1 + sign, Kind::Number) || (self.is(1, Kind::Dollar) && self.is(2, Kind::Number));
        if !((word || dots) && number) {
            return Ok(low);
        }
        self.at += 1;
        let high = self.literal()?;
        Ok(range_of(low, high, true, word))
    }

    /// A literal with the minus before it, if there is one.
    fn literal(&mut self) -> Result<Expr, Diagnostic> {
        let minus = self.accept(Kind::Minus);
        let start = self.peek().map_or(self.end, |token| token.span.start);
        let commas = !self.calls.last().copied().unwrap_or(false);
        let options = ScanOptions { bare_b: BareB::Billion, commas };
        let parts = scan(self.line, start, options).map_err(errors::literal)?;
        self.skip_to(parts.span.end);
        let span = parts.span;
        let literal = Expr::new(Node::Literal(parts), span);
        Ok(match minus {
            Some(sign) => Expr::new(Node::Negative(Box::new(literal)), sign.span.to(span)),
            None => literal,
        })
    }

    /// Whether the literal at `ahead` is the low end of a range between literals.
    fn is_tight_range(&self, ahead: usize) -> bool {
        let Some(start) = self.peek_at(ahead) else { return false };
        let options = ScanOptions { bare_b: BareB::Billion, commas: true };
        let Ok(parts) = scan(self.line, start.span.start, options) else { return false };
        let next = self.tokens.iter().position(|token| token.span.start >= parts.span.end);
        let Some(next) = next.map(|next| next - self.at) else { return false };
        let ends = self.is_word(next, "to") || self.is(next, Kind::Dots);
        let sign = usize::from(self.is(next + 1, Kind::Minus));
        ends && self.is(next + 1 + sign, Kind::Number)
    }

    /// What is wrong with `token`, which stands where `before` should have ended.
    fn leftover(&self, token: Token, before: &Expr) -> Diagnostic {
        let text = self.text(token);
        // What is wrong with the number before comes first: `5m users`.
        let unread = before.literal().filter(|_| token.kind == Kind::Word).and_then(|parts| parts.quantity().err());
        if let Some(error) = unread {
            return errors::literal(error);
        }
        match token.kind {
            Kind::Close => errors::never_opened(token.span),
            Kind::Comparison => errors::comparison(token.span, text),
            Kind::Equals | Kind::Colon => errors::second_name(token.span, text),
            Kind::Comma if text == ";" => errors::second_statement(token.span),
            Kind::Comma => errors::stray_comma(token.span),
            Kind::Number if before.literal().is_some() && is_group(text) => errors::group_of_digits(token.span, text),
            Kind::Number | Kind::Word | Kind::Open | Kind::Dollar => {
                let call = token.kind == Kind::Open && matches!(before.node, Node::Name(_));
                errors::missing_operator(token.span, text, call)
            }
            _ if matches!(before.node, Node::Convert(..)) => errors::conversion_first(token.span, text),
            _ => errors::not_a_value(token.span, text),
        }
    }
}

/// Whether `text` looks like the thousands of a number whose groups are set apart by spaces or points.
fn is_group(text: &str) -> bool {
    let digits = text.strip_prefix('.').unwrap_or(text);
    digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn binary(operator: Operator, left: Expr, right: Expr) -> Expr {
    let span = left.span.to(right.span);
    Expr::new(Node::Binary(operator, Box::new(left), Box::new(right)), span)
}

fn range_of(low: Expr, high: Expr, tight: bool, word: bool) -> Expr {
    let span = low.span.to(high.span);
    Expr::new(Node::Range { low: Box::new(low), high: Box::new(high), tight, word }, span)
}
