//! Names as they are read back: quoted where they would mean something else.

use crate::design::syntax::{arrow_in, is_instances};

/// Words that start a statement of another sort.
const KEYWORDS: &[&str] = &["at", "set", "region", "target", "subgraph", "end", "any", "of", "---"];
/// Words that do so in Mermaid, with more words behind them.
const MERMAID: &[&str] = &["flowchart", "graph", "direction", "class", "classdef", "style", "linkstyle", "click"];

fn is_keyword(text: &str) -> bool {
    let (first, more) = text.split_once(' ').map_or((text, false), |(first, _)| (first, true));
    let among = |words: &[&str]| words.iter().any(|keyword| keyword.eq_ignore_ascii_case(first));
    among(KEYWORDS) || (more && among(MERMAID))
}

/// A component's or region's name.
pub(super) fn name(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { format!("\"{text}\"") }
}

fn is_plain(text: &str) -> bool {
    let words = text.split(' ');
    !text.is_empty()
        && text.split(' ').count() <= 3
        && !is_keyword(text)
        && words.enumerate().all(|(at, word)| is_plain_word(word, at == 0))
}

fn is_plain_word(word: &str, first: bool) -> bool {
    let letter =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '!' | '?' | '+' | '\'' | '$' | '~' | '^');
    !word.is_empty()
        && word.chars().all(letter)
        && word.starts_with(char::is_alphabetic)
        && (first || !is_instances(word))
        && !word.contains("//")
        && !arrow_in(word)
}

/// A flow's name: an endpoint may have almost anything.
pub(super) fn flow_name(text: &str) -> String {
    let keyword = is_keyword(text);
    let marks = text.contains([';', '"', '\n', '%']) || text.contains(" @") || text.starts_with('@');
    let ends = text.ends_with(':') || text.contains(": ") || text.contains(" #") || text.contains(" //");
    let starts = text.starts_with(['#', '}', '`']) || text.starts_with("//");
    let bad = keyword || marks || ends || starts || arrow_in(text) || !balanced(text);
    if bad && !text.contains('"') { format!("\"{text}\"") } else { text.to_owned() }
}

/// Whether every bracket has its partner.
fn balanced(text: &str) -> bool {
    let mut open = Vec::new();
    for c in text.chars() {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' if open.pop() != Some(c) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// An attribute's value.
pub(super) fn value(text: &str) -> String {
    let parens = balanced(text);
    let splits = text.contains([';', '{', '}', '#', '"']) || (text.contains(',') && !text.contains('('));
    if (splits || !parens) && !text.contains('"') { format!("\"{text}\"") } else { text.to_owned() }
}
