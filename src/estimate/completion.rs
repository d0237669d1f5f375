//! What may be typed next.

use super::functions::{Function, function, functions};
use super::token::{Kind, Token, tokens};
use super::{Variables, parser};
use crate::source::Span;
use crate::units::{Rounding, Style, display, plural, unit, unit_names};

/// Something that could stand where the cursor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it replaces: the word before the cursor.
    pub span: Span,
    /// What to put there.
    pub text: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A variable's value, a function's signature and what it gives.
    pub detail: String,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A variable of the sheet.
    Variable,
    /// A function; its text ends with the opening parenthesis.
    Function,
    /// A unit or a count noun.
    Unit,
    /// `prev`, `total`, `in`.
    Word,
}

/// Nouns that a sheet is likely to count.
const NOUNS: [&str; 12] =
    ["user", "request", "message", "read", "write", "post", "link", "view", "order", "server", "connection", "replica"];

const WORDS: [(&str, &str); 4] = [
    ("prev", "the result above"),
    ("total", "the sum since the heading"),
    ("in", "shows the result in a unit"),
    ("pi", "3.14159"),
];

/// What could complete the word that ends at byte `offset` of `line`, the likeliest first; nothing where no word has begun.
pub fn completions(line: &str, offset: usize, variables: &Variables) -> Vec<Completion> {
    if offset > line.len() || !line.is_char_boundary(offset) || line.len() > parser::MAX_LENGTH {
        return Vec::new();
    }
    let found = tokens(&line[..offset]);
    if found.comment.is_some() {
        return Vec::new();
    }
    let Some(last) = found.all.last().filter(|last| last.kind == Kind::Word && last.span.end == offset) else {
        return Vec::new();
    };
    let word = last.span.slice(line).to_lowercase();
    let before = found.all.len().checked_sub(2).map(|at| found.all[at]);
    let after_number = is_unit_of_number(&found.all);
    if after_number && unit(last.span.slice(line)).is_some() {
        return Vec::new();
    }
    let converts = before.is_some_and(|token| token.kind == Kind::Arrow || token.span.slice(line) == "in");
    let mut all = Vec::new();
    if !after_number && !converts {
        all.extend(names(variables));
        all.extend(calls());
        all.extend(WORDS.map(|(text, detail)| (text.to_owned(), CompletionKind::Word, detail.to_owned())));
    }
    all.extend(units());
    // Case decides between units, so what begins exactly as typed comes first.
    all.sort_by_key(|(text, ..)| !text.starts_with(last.span.slice(line)));
    let begins = |text: &str| text.to_lowercase().starts_with(&word) && text != last.span.slice(line);
    all.into_iter()
        .filter(|(text, ..)| begins(text))
        .map(|(text, kind, detail)| Completion { span: last.span, text, kind, detail })
        .collect()
}

/// Whether the last word is the unit of a number, or a part of it: `5 us`, `5 req/us`.
fn is_unit_of_number(all: &[Token]) -> bool {
    let mut at = all.len().saturating_sub(1);
    loop {
        let Some(before) = at.checked_sub(1).map(|at| all[at]) else { return false };
        let glued = before.span.end == all[at].span.start;
        match before.kind {
            Kind::Number => return true,
            Kind::Slash if glued && at >= 2 && all[at - 2].span.end == before.span.start => at -= 1,
            Kind::Word if glued || all[at].kind == Kind::Slash => at -= 1,
            _ => return false,
        }
    }
}

/// The function whose call is open at byte `offset` of `line`, the innermost.
pub fn call_at(line: &str, offset: usize) -> Option<&'static Function> {
    let before = line.get(..offset).filter(|_| line.len() <= parser::MAX_LENGTH)?;
    let found = tokens(before);
    let mut open: Vec<Option<&'static Function>> = Vec::new();
    for (at, token) in found.all.iter().enumerate() {
        match token.kind {
            Kind::Open => {
                let name = at.checked_sub(1).map(|at| found.all[at]).filter(|name| name.kind == Kind::Word);
                open.push(name.and_then(|name| function(name.span.slice(line))));
            }
            Kind::Close => {
                open.pop();
            }
            _ => {}
        }
    }
    open.into_iter().rev().flatten().next()
}

type Candidate = (String, CompletionKind, String);

fn names(variables: &Variables) -> impl Iterator<Item = Candidate> {
    variables.iter().map(|(name, value)| {
        let value = display(value, &Style::default(), Rounding::Three);
        (name.clone(), CompletionKind::Variable, value)
    })
}

fn calls() -> impl Iterator<Item = Candidate> {
    functions().map(|function| {
        let detail = format!("{}: {}", function.signature(), function.doc);
        (format!("{}(", function.name), CompletionKind::Function, detail)
    })
}

fn units() -> impl Iterator<Item = Candidate> {
    let measures = unit_names().into_iter().filter(|name| name.len() > 1).map(str::to_owned);
    let nouns = NOUNS.iter().flat_map(|noun| [plural(noun), (*noun).to_owned()]);
    let mut all: Vec<String> = measures.chain(nouns).collect();
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|name| seen.insert(name.clone()));
    all.into_iter().map(|name| (name, CompletionKind::Unit, String::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Quantity;

    #[track_caller]
    fn check(line: &str, expected: &[&str]) {
        let variables = Variables::from([("storage_hot".to_owned(), Quantity::number(3.0))]);
        let found = completions(line, line.len(), &variables);
        let texts: Vec<&str> = found.iter().map(|completion| completion.text.as_str()).take(expected.len()).collect();
        assert_eq!(texts, expected, "{line}");
    }

    #[test]
    fn what_fits_the_place_is_offered() {
        check("a = sto", &["storage_hot", "storage("]);
        check("5 use", &["users", "user"]);
        check("5 req/use", &["users", "user"]);
        check("a / sto", &["storage_hot", "storage("]);
        check("5k/s", &[]);
        check("a + 10 requests/s", &[]);
        check("x in Mi", &["MiB", "microsecond"]);
        check("# sto", &[]);
        assert!(completions("5 ", 2, &Variables::new()).is_empty());
    }

    #[test]
    fn an_open_call_is_known_until_it_is_closed() {
        let name = |line: &str| call_at(line, line.len()).map(|function| function.name);
        assert_eq!(name("a = storage(5/s, peak("), Some("peak"));
        assert_eq!(name("a = storage(5/s, (3 + "), Some("storage"));
        assert_eq!(name("a = storage(5/s, 1 KB)"), None);
        assert_eq!(name("what("), None);
        assert!(call_at("é(", 1).is_none());
    }
}
