//! Sentences with gaps: `C: A write quorum is [more than half] of the replicas.`

use super::{CardText, fallback_id};
use crate::cards::CardKind;
use crate::source::Span;

/// A piece of a sentence.
#[derive(Debug, PartialEq, Eq)]
enum Piece<'a> {
    Text(&'a str),
    Gap(&'a str),
}

/// The cards of a sentence, one a gap: the first has the id itself, the others a number behind it, so that a new gap at the end changes none.
pub(super) fn cards(id: Option<String>, sentence: &str, span: Span) -> Vec<CardText> {
    let pieces = pieces(sentence);
    let gaps = pieces.iter().filter(|piece| matches!(piece, Piece::Gap(_))).count();
    let base = id.unwrap_or_else(|| fallback_id(&whole(&pieces)));
    let card = |gap: usize| CardText {
        id: if gap == 0 { base.clone() } else { format!("{base}-{}", gap + 1) },
        kind: CardKind::Cloze,
        question: with_gap(&pieces, gap, |_| "**[...]**".to_owned()),
        answer: with_gap(&pieces, gap, |hidden| format!("**{hidden}**")),
        tags: Vec::new(),
        siblings: (gaps > 1).then(|| base.clone()),
        span,
    };
    (0..gaps).map(card).collect()
}

fn whole(pieces: &[Piece<'_>]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Text(text) | Piece::Gap(text) => *text,
        })
        .collect()
}

fn with_gap(pieces: &[Piece<'_>], gap: usize, show: impl Fn(&str) -> String) -> String {
    let mut seen = 0;
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Gap(hidden) => {
                if seen == gap {
                    out.push_str(&show(hidden));
                } else {
                    out.push_str(hidden);
                }
                seen += 1;
            }
        }
    }
    out
}

/// Splits a sentence at its gaps. No gap are brackets in code, behind a backslash, and those of a link or an image.
fn pieces(sentence: &str) -> Vec<Piece<'_>> {
    let bytes = sentence.as_bytes();
    let (mut pieces, mut start, mut at) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'`' => at += 1 + sentence[at + 1..].find('`').unwrap_or(0),
            b'[' => {
                let Some(length) = sentence[at + 1..].find(']') else { break };
                let end = at + 1 + length;
                let link = bytes.get(end + 1) == Some(&b'(');
                if length > 0 && !link {
                    pieces.push(Piece::Text(&sentence[start..at]));
                    pieces.push(Piece::Gap(&sentence[at + 1..end]));
                    start = end + 1;
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    pieces.push(Piece::Text(&sentence[start..]));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sentence: &str, gaps: &[&str]) {
        let pieces = pieces(sentence);
        let got: Vec<&str> = pieces
            .iter()
            .filter_map(|p| match p {
                Piece::Gap(gap) => Some(*gap),
                Piece::Text(_) => None,
            })
            .collect();
        assert_eq!(got, gaps, "{sentence}");
    }

    #[test]
    fn gaps_are_brackets_that_mean_nothing_else() {
        check("a [b] c [d é]", &["b", "d é"]);
        check(r"a \[b] `x[0]` [c](d) ![e](f) [g]", &["g"]);
        check("[]", &[]);
        check("[open", &[]);
        check("`open [a]", &["a"]);
        check("\\", &[]);
        check("é\\é[a]", &["a"]);
    }
}
