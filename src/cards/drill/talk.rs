//! The sixty-second drill: a question answered aloud against a timer, then checked against the points of its answer.

use crate::markup::{Block, Inline, blocks};

/// How long an answer has.
pub const SECONDS: u64 = 60;

/// An answer given aloud, as its owner checked it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Talk {
    /// Points that were said.
    pub said: usize,
    /// Points that the answer has.
    pub points: usize,
}

impl Talk {
    /// Share of the points, 0 to 1.
    pub fn share(self) -> f64 {
        self.said as f64 / self.points.max(1) as f64
    }
}

/// Sentences shorter than this, in words, belong to the one before: `It depends.` is no point.
const LEAST_WORDS: usize = 4;

/// The points of an answer: the items of its lists and the sentences of its text, in order.
pub fn points(markdown: &str) -> Vec<String> {
    let mut points = Vec::new();
    of_blocks(&blocks(markdown), &mut points);
    points
}

fn of_blocks(blocks: &[Block], points: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => sentences(&text(inlines), points),
            Block::List(_, items) => {
                for item in items {
                    let text = item.iter().filter_map(|block| match block {
                        Block::Paragraph(inlines) => Some(text(inlines)),
                        _ => None,
                    });
                    points.push(text.collect::<Vec<_>>().join(" "));
                }
            }
            Block::Quote(inner) => of_blocks(inner, points),
            Block::Heading(..) | Block::Code(..) | Block::Table { .. } | Block::Rule => {}
        }
    }
}

fn text(inlines: &[Inline]) -> String {
    inlines.iter().map(|inline| inline.text.as_str()).collect()
}

/// A sentence ends at a full stop, question or exclamation mark before a space and a capital letter or figure.
fn sentences(text: &str, points: &mut Vec<String>) {
    let ends = text.match_indices(['.', '?', '!']).map(|(at, mark)| at + mark.len());
    let ends = ends.filter(|&end| opens(&text[end..])).chain([text.len()]);
    let (mut start, mut own) = (0, false);
    for end in ends {
        let sentence = text[start..end].trim();
        start = end;
        let short = sentence.split_whitespace().count() < LEAST_WORDS;
        match points.last_mut().filter(|_| own && short) {
            Some(last) => *last = format!("{last} {sentence}"),
            None if sentence.is_empty() => {}
            None => points.push(sentence.to_owned()),
        }
        own = !points.is_empty();
    }
}

fn opens(rest: &str) -> bool {
    let mut characters = rest.chars();
    characters.next() == Some(' ') && characters.next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, expected: &[&str]) {
        assert_eq!(points(markdown), expected);
    }

    #[test]
    fn an_answer_has_a_point_a_sentence_and_an_item() {
        check(
            "It tests whether I can design. Interviewers look for **four** things,\nnot one. Why so many? I ask first.",
            &[
                "It tests whether I can design.",
                "Interviewers look for four things, not one. Why so many? I ask first.",
            ],
        );
        check("Reads go to replicas, e.g. for feeds at 3.5 ms.", &["Reads go to replicas, e.g. for feeds at 3.5 ms."]);
        check("Two ways of doing it:\n\n- on write\n- on read", &["Two ways of doing it:", "on write", "on read"]);
        check("```\ncode. Here it is.\n```", &[]);
        check("", &[]);
    }
}
