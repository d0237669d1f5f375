//! Text of one line -> tokens.
//!
//! What a number's unit is, is not decided here: a literal runs over several tokens, and the parser takes them together.

use crate::source::Span;
use crate::units::number_length;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Word,
    Dollar,
    Plus,
    Minus,
    Star,
    Slash,
    Caret,
    Percent,
    Open,
    Close,
    Comma,
    Equals,
    Colon,
    About,
    PlusMinus,
    Dots,
    Arrow,
    /// `<`, `>`, `==` and their kin.
    Comparison,
    /// A character that means nothing here.
    Strange,
}

/// A token and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Span,
}

/// The tokens of a line, and where its comment starts if it has one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tokens {
    pub all: Vec<Token>,
    pub comment: Option<Span>,
}

/// Operators, the longer first where one starts another.
const SYMBOLS: &[(&str, Kind)] = &[
    ("+/-", Kind::PlusMinus),
    ("+-", Kind::PlusMinus),
    ("±", Kind::PlusMinus),
    ("->", Kind::Arrow),
    ("→", Kind::Arrow),
    ("...", Kind::Strange),
    ("..", Kind::Dots),
    ("…", Kind::Dots),
    ("**", Kind::Caret),
    ("<=", Kind::Comparison),
    (">=", Kind::Comparison),
    ("==", Kind::Comparison),
    ("!=", Kind::Comparison),
    ("<", Kind::Comparison),
    (">", Kind::Comparison),
    ("$", Kind::Dollar),
    ("+", Kind::Plus),
    ("-", Kind::Minus),
    ("−", Kind::Minus),
    ("–", Kind::Minus),
    ("*", Kind::Star),
    ("×", Kind::Star),
    ("·", Kind::Star),
    ("/", Kind::Slash),
    ("÷", Kind::Slash),
    ("^", Kind::Caret),
    ("%", Kind::Percent),
    ("(", Kind::Open),
    (")", Kind::Close),
    (",", Kind::Comma),
    (";", Kind::Comma),
    ("=", Kind::Equals),
    (":", Kind::Colon),
    ("~", Kind::About),
    ("≈", Kind::About),
];

/// Takes `line` apart. A comma between digits separates thousands, but arguments inside a call.
pub(super) fn tokens(line: &str) -> Tokens {
    let mut found = Tokens::default();
    let mut calls: Vec<bool> = Vec::new();
    let mut at = 0;
    while let Some(c) = line[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        if c == '#' || line[at..].starts_with("//") {
            found.comment = Some(Span::new(at, line.len()));
            break;
        }
        let in_call = calls.last().copied().unwrap_or(false);
        let (kind, length) = next(&line[at..], c, in_call);
        let span = Span::new(at, at + length);
        let kind = if kind == Kind::Minus && c == '–' && between_digits(line, span) { Kind::Dots } else { kind };
        match kind {
            Kind::Open => calls.push(called(&found.all, at)),
            Kind::Close => drop(calls.pop()),
            _ => {}
        }
        found.all.push(Token { kind, span });
        at = span.end;
    }
    found
}

/// Whether digits touch both sides: the dash of `10–20 ms` is a range's.
fn between_digits(line: &str, span: Span) -> bool {
    let digit = |c: char| c.is_ascii_digit();
    line[..span.start].ends_with(digit) && line[span.end..].starts_with(digit)
}

/// Whether a parenthesis at `at` opens the arguments of a call: a word stands right before it.
fn called(before: &[Token], at: usize) -> bool {
    before.last().is_some_and(|token| token.kind == Kind::Word && token.span.end == at)
}

fn next(rest: &str, c: char, in_call: bool) -> (Kind, usize) {
    let fraction = c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit());
    if c.is_ascii_digit() || fraction {
        return (Kind::Number, number_length(rest, !in_call));
    }
    if c.is_alphabetic() || c == '_' {
        let part = |c: char| c.is_alphabetic() || c == '_' || c.is_ascii_digit();
        let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
        return (Kind::Word, end);
    }
    let symbol = SYMBOLS.iter().find(|(text, _)| rest.starts_with(text));
    symbol.map_or((Kind::Strange, c.len_utf8()), |(text, kind)| (*kind, text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let found: Vec<&str> = tokens(line).all.iter().map(|token| token.span.slice(line)).collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn a_line_falls_into_its_tokens() {
        check("a = 3..5 +- 2%  # why", &["a", "=", "3", "..", "5", "+-", "2", "%"]);
        check("1,000 + max(1,000)", &["1,000", "+", "max", "(", "1", ",", "000", ")"]);
        check("2.5e3/day->k/s // so", &["2.5e3", "/", "day", "->", "k", "/", "s"]);
        check("§ <= é2", &["§", "<=", "é2"]);
        assert_eq!(tokens("10–20").all[1].kind, Kind::Dots);
        assert_eq!(tokens("10 – 20").all[1].kind, Kind::Minus);
    }
}
