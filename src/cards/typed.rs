//! Typed answers: compared with a card's own where that is short enough to be typed.

use super::{Card, CardKind, Figure};
use crate::markup::{Block, Role, blocks, plain};

/// An answer that can be typed.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// These words.
    Words(String),
    /// A figure within a range.
    Figure(Figure),
}

/// Longer answers, in words and in characters, are said and not typed.
const MOST_WORDS: usize = 4;
const MOST_CHARACTERS: usize = 40;

/// The answer to be typed, if it is short: the gap of a sentence, a figure, or a back that is a few words.
pub fn expected(card: &Card) -> Option<Expected> {
    let words = match &card.kind {
        CardKind::Choice => return None,
        CardKind::Figure(figure) => return Some(Expected::Figure(figure.clone())),
        CardKind::Cloze => strong(&card.answer)?,
        CardKind::Recall => match blocks(&card.answer).as_slice() {
            [Block::Paragraph(_)] => plain(&card.answer),
            _ => return None,
        },
    };
    let words = words.trim().trim_end_matches('.').to_owned();
    let short = words.split_whitespace().count() <= MOST_WORDS && words.chars().count() <= MOST_CHARACTERS;
    (short && !words.is_empty()).then_some(Expected::Words(words))
}

/// What is set strong first.
fn strong(markdown: &str) -> Option<String> {
    blocks(markdown).into_iter().find_map(|block| match block {
        Block::Paragraph(inlines) => {
            inlines.into_iter().find(|inline| inline.role == Role::Strong).map(|inline| inline.text)
        }
        _ => None,
    })
}

/// How a typed answer stands to the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Not it.
    Wrong,
    /// It but for its spelling, or the right size of figure.
    Close,
    /// It.
    Right,
}

/// A piece of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Typed, and right.
    Same(String),
    /// Typed, and not in the answer.
    Extra(String),
    /// In the answer, and not typed.
    Missing(String),
}

/// At least this share of the letters must be right for a slip of the fingers.
const CLOSE: f64 = 0.8;

/// Compares what was typed with the words of the answer. Case, punctuation, articles and plural signs don't count.
pub fn compare(answer: &str, typed: &str) -> (Verdict, Vec<Piece>) {
    let (want, have) = (normal(answer), normal(typed));
    let verdict = if want == have {
        Verdict::Right
    } else if strsim::normalized_damerau_levenshtein(&want, &have) >= CLOSE {
        Verdict::Close
    } else {
        Verdict::Wrong
    };
    (verdict, pieces(answer, typed.trim()))
}

/// Lower-case words without articles and punctuation, each without its plural s.
fn normal(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.filter(|word| !matches!(*word, "a" | "an" | "the"));
    words.map(|word| word.strip_suffix('s').filter(|stem| stem.len() > 2).unwrap_or(word)).collect::<Vec<_>>().join(" ")
}

/// What is the same and what is not, letter by letter: a longest common subsequence.
fn pieces(answer: &str, typed: &str) -> Vec<Piece> {
    let (want, have): (Vec<char>, Vec<char>) = (answer.chars().collect(), typed.chars().take(200).collect());
    let same = |a: char, b: char| a.to_lowercase().eq(b.to_lowercase());
    let columns = have.len() + 1;
    let mut longest = vec![0_u16; (want.len() + 1) * columns];
    for i in (0..want.len()).rev() {
        for j in (0..have.len()).rev() {
            longest[i * columns + j] = if same(want[i], have[j]) {
                longest[(i + 1) * columns + j + 1] + 1
            } else {
                longest[(i + 1) * columns + j].max(longest[i * columns + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pieces) = (0, 0, Vec::new());
    while i < want.len() || j < have.len() {
        if i < want.len() && j < have.len() && same(want[i], have[j]) {
            push(&mut pieces, Piece::Same(have[j].to_string()));
            (i, j) = (i + 1, j + 1);
        } else if j == have.len() || (i < want.len() && longest[(i + 1) * columns + j] >= longest[i * columns + j + 1])
        {
            push(&mut pieces, Piece::Missing(want[i].to_string()));
            i += 1;
        } else {
            push(&mut pieces, Piece::Extra(have[j].to_string()));
            j += 1;
        }
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), piece) {
        (Some(Piece::Same(text)), Piece::Same(more))
        | (Some(Piece::Extra(text)), Piece::Extra(more))
        | (Some(Piece::Missing(text)), Piece::Missing(more)) => text.push_str(&more),
        (_, piece) => pieces.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::{CardId, Deck};

    #[track_caller]
    fn check(answer: &str, typed: &str, expected: Verdict) {
        assert_eq!(compare(answer, typed).0, expected, "{answer} / {typed}");
    }

    #[test]
    fn only_what_matters_counts() {
        check("Linearizability", "linearizability", Verdict::Right);
        check("the leader", "Leader.", Verdict::Right);
        check("log-structured merge trees", "log structured merge tree", Verdict::Right);
        check("Linearizability", "linearisability", Verdict::Close);
        check("Linearizability", "linaerizability", Verdict::Close);
        check("availability", "consistency", Verdict::Wrong);
        check("a quorum", "", Verdict::Wrong);
        check("16", "64", Verdict::Wrong);
    }

    #[test]
    fn a_comparison_shows_what_is_missing_and_what_is_too_much() {
        let (_, pieces) = compare("quorum", "qourum");
        let shown: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Same(text) => text.clone(),
                Piece::Extra(text) => format!("-{text}-"),
                Piece::Missing(text) => format!("+{text}+"),
            })
            .collect();
        assert_eq!(shown, "q+u+o-u-rum");
        assert_eq!(compare("x", "x").1, [Piece::Same("x".to_owned())]);
    }

    #[track_caller]
    fn check_expected(kind: CardKind, answer: &str, words: Option<&str>) {
        let card = Card {
            id: CardId::new("a", "b"),
            kind,
            deck: Deck::Concepts,
            question: "q".into(),
            answer: answer.into(),
            tags: Vec::new(),
            level: None,
            siblings: None,
        };
        assert_eq!(expected(&card), words.map(|words| Expected::Words(words.to_owned())), "{answer}");
    }

    #[test]
    fn only_short_answers_are_typed() {
        check_expected(CardKind::Recall, "More than **half**.", Some("More than half"));
        check_expected(CardKind::Recall, "Consistency or availability, during a partition.", None);
        check_expected(CardKind::Recall, "One.\n\nTwo.", None);
        check_expected(CardKind::Recall, "- a\n- b", None);
        check_expected(CardKind::Cloze, "A quorum is **more than half** of the replicas.", Some("more than half"));
        check_expected(CardKind::Choice, "Redis.", None);
    }
}
