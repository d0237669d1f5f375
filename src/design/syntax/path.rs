//! Paths: recursive descent over tokens. The grammar is [`super`]'s.

use super::heads::{attributes_in_braces, instances};
use super::scan::ArrowShape;
use super::tokens::{Token, TokenKind};
use super::{Arrow, AttributeSyntax, BoxSyntax, Count, Path, Piece};
use crate::design::diagnostics;
use crate::source::{Diagnostic, Span};
use crate::units::{self, BareB};

/// Most words of a label's second line that may say what a box is.
const LONGEST_DETAIL: usize = 2;
/// Deepest nesting of parentheses.
const DEEPEST: usize = 32;

/// Reads one path, all of `tokens`; `end` is where it ends.
pub(super) fn path(code: &str, tokens: &[Token], end: usize) -> Result<Path, Diagnostic> {
    let mut parser = Parser { code, tokens, at: 0, end, depth: 0 };
    let path = parser.chain()?;
    match parser.peek() {
        None => Ok(path.path),
        Some(token) => Err(diagnostics::unexpected(token.span, token.span.slice(code))),
    }
}

struct Parser<'a> {
    code: &'a str,
    tokens: &'a [Token],
    at: usize,
    end: usize,
    depth: usize,
}

/// A list with what is needed to say why no arrow may follow it.
struct List {
    path: Path,
    /// Several members without parentheses, or one with a share.
    bare: bool,
    span: Span,
    last: Span,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    fn kind(&self) -> Option<&'a TokenKind> {
        self.peek().map(|token| &token.kind)
    }

    fn skip(&mut self, kind: &TokenKind) -> bool {
        let found = self.kind() == Some(kind);
        self.at += usize::from(found);
        found
    }

    fn text(&self, span: Span) -> &'a str {
        span.slice(self.code)
    }

    /// From the token at `from` to the last one taken.
    fn span_from(&self, from: usize) -> Span {
        let first = self.tokens.get(from).map_or(Span::at(self.end), |token| token.span);
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(first, |token| token.span);
        if last.end < first.start { Span::at(first.start) } else { first.to(last) }
    }

    fn chain(&mut self) -> Result<List, Diagnostic> {
        let start = self.at;
        let first = self.list()?;
        let mut rest = Vec::new();
        let mut left = (first.bare, first.span, first.last);
        let path = first.path;
        while let Some(Token { kind: TokenKind::Arrow { shape, mermaid }, span }) = self.peek() {
            self.at += 1;
            let next = self.list()?;
            if left.0 && !mermaid {
                let [list, last, called] = [left.1, left.2, next.span].map(|span| self.text(span));
                return Err(diagnostics::arrow_after_list(*span, list, last, called));
            }
            left = (next.bare, next.span, next.last);
            let last = !matches!(self.kind(), Some(TokenKind::Arrow { .. }));
            let caller = rest.last().map_or(&path, |(_, caller)| caller);
            // Each calls the other.
            let both = *shape == ArrowShape::Both && last && matches!(caller, Path::Box(_));
            let back = both.then(|| (Arrow::Call, caller.clone()));
            rest.push((arrow(*shape, *span)?, next.path));
            rest.extend(back);
        }
        let span = self.span_from(start);
        if rest.is_empty() {
            return Ok(List { path, bare: left.0, span, last: left.2 });
        }
        Ok(List { path: Path::Chain(Box::new(path), rest), bare: false, span, last: span })
    }

    fn list(&mut self) -> Result<List, Diagnostic> {
        self.several(&TokenKind::Comma, Self::choice, Path::Sequence)
    }

    fn choice(&mut self) -> Result<List, Diagnostic> {
        let start = self.at;
        let mut members = vec![self.share()?];
        while self.skip(&TokenKind::Pipe) {
            members.push(self.share()?);
        }
        let span = self.span_from(start);
        let last = members.last().map_or(span, |(_, list)| list.last);
        let shared = members.len() > 1 || members[0].0.is_some();
        if shared {
            let members = members.into_iter().map(|(share, list)| (share, list.path)).collect();
            return Ok(List { path: Path::OneOf(members), bare: true, span, last });
        }
        let (_, list) = members.swap_remove(0);
        Ok(List { span, ..list })
    }

    /// `80% b`
    fn share(&mut self) -> Result<(Option<f64>, List), Diagnostic> {
        let share = self.peek().filter(|token| token.kind == TokenKind::Word).and_then(|token| {
            let digits = self.text(token.span).strip_suffix('%')?;
            digits.parse::<f64>().ok().filter(|percent| (0.0..=100.0).contains(percent))
        });
        self.at += usize::from(share.is_some());
        Ok((share.map(|percent| percent / 100.0), self.parallel()?))
    }

    fn parallel(&mut self) -> Result<List, Diagnostic> {
        if let Some(need) = self.any_of()? {
            return self.first_of(need);
        }
        self.several(&TokenKind::Amp, Self::member, |members| Path::AtOnce { need: None, members })
    }

    fn several(
        &mut self,
        separator: &TokenKind,
        member: fn(&mut Self) -> Result<List, Diagnostic>,
        of: fn(Vec<Path>) -> Path,
    ) -> Result<List, Diagnostic> {
        let start = self.at;
        let first = member(self)?;
        let (mut bare, mut last) = (first.bare, first.last);
        let mut members = vec![first.path];
        while self.skip(separator) {
            let next = member(self)?;
            (bare, last) = (true, next.last);
            members.push(next.path);
        }
        let span = self.span_from(start);
        let path = if members.len() == 1 { members.swap_remove(0) } else { of(members) };
        Ok(List { path, bare, span, last })
    }

    /// `any 2 of`, or `any of` for one.
    fn any_of(&mut self) -> Result<Option<Count>, Diagnostic> {
        let word = |at: usize| {
            let token = self.tokens.get(at).filter(|token| token.kind == TokenKind::Word)?;
            Some((self.text(token.span), token.span))
        };
        let Some(("any", any)) = word(self.at) else { return Ok(None) };
        if let Some(("of", _)) = word(self.at + 1) {
            self.at += 2;
            return Ok(Some(Count { value: 1, span: any }));
        }
        let (Some((count, span)), Some(("of", _))) = (word(self.at + 1), word(self.at + 2)) else { return Ok(None) };
        self.at += 3;
        let value = count.parse::<u32>().ok().filter(|&count| count > 0);
        value.map(|value| Some(Count { value, span })).ok_or_else(|| diagnostics::bad_count(span, count))
    }

    /// The members that `any n of` chooses from, in parentheses or not.
    fn first_of(&mut self, need: Count) -> Result<List, Diagnostic> {
        let inner = self.several(&TokenKind::Amp, Self::member, |members| Path::AtOnce { need: None, members })?;
        let members = match inner.path {
            Path::AtOnce { need: None, members } | Path::Sequence(members) => members,
            other => vec![other],
        };
        if need.value as usize > members.len() {
            return Err(diagnostics::needs_too_many(need.span, need.value, members.len()));
        }
        Ok(List { path: Path::AtOnce { need: Some(need), members }, bare: false, ..inner })
    }

    fn member(&mut self) -> Result<List, Diagnostic> {
        let start = self.at;
        if let Some((times, at_once)) = self.times()? {
            let member = Box::new(self.member()?.path);
            let span = self.span_from(start);
            return Ok(List { path: Path::Repeat { times, at_once, member }, bare: false, span, last: span });
        }
        if self.kind() == Some(&TokenKind::Open) {
            return self.parenthesised();
        }
        let one = self.one_box()?;
        let span = self.span_from(start);
        Ok(List { path: Path::Box(one), bare: false, span, last: span })
    }

    /// `10 *` or `200 &`.
    fn times(&mut self) -> Result<Option<(Count, bool)>, Diagnostic> {
        let [Token { kind: TokenKind::Word, span }, Token { kind: operator, .. }, ..] = &self.tokens[self.at..] else {
            return Ok(None);
        };
        let text = self.text(*span);
        let number = text.starts_with(|c: char| c.is_ascii_digit());
        if !number || !matches!(operator, TokenKind::Star | TokenKind::Amp) {
            return Ok(None);
        }
        let count = units::literal(text, BareB::Billion).ok().and_then(|quantity| quantity.as_count());
        let whole = count.filter(|count| count.fract() == 0.0 && (1.0..=1e6).contains(count));
        let value = whole.ok_or_else(|| diagnostics::bad_count(*span, text))? as u32;
        self.at += 2;
        Ok(Some((Count { value, span: *span }, *operator == TokenKind::Amp)))
    }

    fn parenthesised(&mut self) -> Result<List, Diagnostic> {
        let start = self.at;
        let open = self.tokens[start].span;
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(diagnostics::nested_too_deep(open));
        }
        let inner = self.chain()?;
        self.depth -= 1;
        if !self.skip(&TokenKind::Close) {
            return Err(match self.peek() {
                Some(token) => diagnostics::unexpected(token.span, self.text(token.span)),
                None => diagnostics::never_closed(open, "(", ")"),
            });
        }
        let span = self.span_from(start);
        Ok(List { path: inner.path, bare: false, span, last: span })
    }

    fn one_box(&mut self) -> Result<BoxSyntax, Diagnostic> {
        let (name, operation, mut instances) = self.name()?;
        let mut one = BoxSyntax { name, operation, kind: None, instances: None, attributes: Vec::new(), label: None };
        while let Some(TokenKind::Shape { label, detail, store }) = self.kind() {
            let span = self.tokens[self.at].span;
            self.at += 1;
            one.label = Some(label.clone()).filter(|label| !label.is_empty());
            let (kind, count) = kind_of_detail(detail, *store);
            one.kind = Some(kind).filter(|kind| !kind.is_empty()).map(|text| Piece { text, span });
            instances = instances.or(count.map(|value| Count { value, span }));
        }
        if self.kind() == Some(&TokenKind::Colon) {
            self.at += 1;
            let (kind, count) = self.kind_words()?;
            one.kind = Some(kind);
            instances = instances.or(count);
        }
        one.instances = instances;
        if self.kind() == Some(&TokenKind::Braces) {
            let span = self.tokens[self.at].span;
            self.at += 1;
            one.attributes = self.braces(span);
        }
        Ok(one)
    }

    fn braces(&self, span: Span) -> Vec<AttributeSyntax> {
        attributes_in_braces(self.code, Span::new(span.start + 1, span.end - 1))
    }

    /// A name of one or more words, its operation and its number of instances.
    fn name(&mut self) -> Result<(Piece, Option<Piece>, Option<Count>), Diagnostic> {
        let first = self.peek().map(|token| (token.kind.clone(), token.span));
        match first {
            Some((TokenKind::Quoted, span)) => {
                self.at += 1;
                let text = self.text(span).trim_matches('"');
                let name = Piece { text: text.split_whitespace().collect::<Vec<_>>().join(" "), span };
                if name.text.is_empty() {
                    return Err(diagnostics::expected_name(span, Some(self.text(span))));
                }
                let operation = self.dotted_operation(span);
                return Ok((name, operation, self.count_word()));
            }
            Some((TokenKind::Word, _)) => {}
            other => {
                let span = other.as_ref().map_or(Span::at(self.end), |(_, span)| *span);
                return Err(diagnostics::expected_name(span, other.map(|(_, span)| self.text(span))));
            }
        }
        let mut words: Vec<Span> = Vec::new();
        while let Some(Token { kind: TokenKind::Word, span }) = self.peek() {
            if !words.is_empty() && instances(self.text(*span)).is_some() {
                break;
            }
            words.push(*span);
            self.at += 1;
        }
        let count = self.count_word();
        let span = words[0].to(words[words.len() - 1]);
        let text = words.iter().map(|&span| self.text(span)).collect::<Vec<_>>().join(" ");
        check_name(&text, span)?;
        let (name, operation) = split_operation(text, span);
        Ok((name, operation, count))
    }

    /// `.read` right behind a quoted name.
    fn dotted_operation(&mut self, name: Span) -> Option<Piece> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Word && token.span.start == name.end)?;
        let text = self.text(token.span).strip_prefix('.')?;
        self.at += 1;
        Some(Piece { text: text.to_owned(), span: Span::new(token.span.start + 1, token.span.end) })
    }

    /// `x12`
    fn count_word(&mut self) -> Option<Count> {
        let token = self.peek().filter(|token| token.kind == TokenKind::Word)?;
        let value = instances(self.text(token.span))?;
        self.at += 1;
        Some(Count { value, span: token.span })
    }

    /// What stands behind the colon of a box declared in place.
    fn kind_words(&mut self) -> Result<(Piece, Option<Count>), Diagnostic> {
        let (name, operation, count) = self.name()?;
        if let Some(operation) = operation {
            return Err(diagnostics::unexpected(operation.span, &format!(".{}", operation.text)));
        }
        Ok((name, count))
    }
}

/// What a label's second line and the shape say: `sql x3` in a cylinder is three of an `sql store`.
fn kind_of_detail(detail: &str, store: bool) -> (String, Option<u32>) {
    let mut words: Vec<&str> = detail.split(' ').filter(|word| !word.is_empty()).collect();
    let count = words.last().and_then(|last| instances(last));
    if count.is_some() {
        words.pop();
    }
    if words.len() > LONGEST_DETAIL {
        words.clear();
    }
    if store {
        words.push("store");
    }
    (words.join(" "), count)
}

fn arrow(shape: ArrowShape, span: Span) -> Result<Arrow, Diagnostic> {
    match shape {
        ArrowShape::Call | ArrowShape::Both => Ok(Arrow::Call),
        ArrowShape::HandOver => Ok(Arrow::HandOver),
        ArrowShape::Back => Err(diagnostics::arrow_points_back(span)),
    }
}

/// Names start with a letter or digit and are no numbers.
fn check_name(text: &str, span: Span) -> Result<(), Diagnostic> {
    let number = text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '%' | ',' | '_'));
    let bad = number || text.contains('%') || text.starts_with('.') || text.ends_with(['.', ':']);
    if bad { Err(diagnostics::expected_name(span, Some(text))) } else { Ok(()) }
}

/// `db.read` is the box `db` and the operation `read`; whether there is such an operation shows later.
fn split_operation(text: String, span: Span) -> (Piece, Option<Piece>) {
    let parts = text.rsplit_once('.').filter(|(name, word)| {
        !name.is_empty() && !word.is_empty() && word.chars().all(char::is_alphanumeric) && !name.ends_with('.')
    });
    match parts {
        Some((name, word)) => {
            let dot = span.end - word.len();
            let operation = Piece { text: word.to_owned(), span: Span::new(dot, span.end) };
            (Piece { text: name.to_owned(), span: Span::new(span.start, dot - 1) }, Some(operation))
        }
        None => (Piece { text, span }, None),
    }
}
