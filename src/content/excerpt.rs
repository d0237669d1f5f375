//! The place in a text that a query found, with the words that matched told apart.

use crate::markup::plain_text;

/// A piece of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it matches the query.
    pub matched: bool,
}

/// About `length` characters of the Markdown around the first word that the query begins, the matching words told apart. The text's start
/// where nothing in it matches.
pub fn excerpt(markdown: &str, query: &str, length: usize) -> Vec<Piece> {
    let text = plain_text(markdown);
    let sought = super::search::words(query);
    let words: Vec<(usize, &str)> = words_of(&text);
    let matches = |word: &str| {
        let word = word.to_lowercase();
        sought.iter().any(|part| word.starts_with(part.as_str()) && part.chars().count() > 1 || word == *part)
    };
    let first = words.iter().position(|(_, word)| matches(word)).unwrap_or(0);
    // A few words before the match, so that it is read in its sentence.
    let start = words.get(first.saturating_sub(6)).map_or(0, |(at, _)| *at);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut used = 0;
    let mut at = start;
    for (begin, word) in words.iter().filter(|(begin, _)| *begin >= start) {
        if used > length {
            break;
        }
        push(&mut pieces, &text[at..*begin], false);
        push(&mut pieces, word, matches(word));
        used += text[at..begin + word.len()].chars().count();
        at = begin + word.len();
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: &str, matched: bool) {
    let text: String = text.chars().map(|c| if c == '\n' { ' ' } else { c }).collect();
    match pieces.last_mut() {
        Some(last) if last.matched == matched => last.text.push_str(&text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece { text, matched }),
    }
}

/// The words of a text and where they begin.
fn words_of(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(begin)) => {
                words.push((begin, &text[begin..at]));
                start = None;
            }
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, query: &str, expected: &str) {
        let told = |piece: &Piece| if piece.matched { format!("<{}>", piece.text) } else { piece.text.clone() };
        assert_eq!(excerpt(markdown, query, 40).iter().map(told).collect::<String>(), expected);
    }

    #[test]
    fn the_words_that_match_are_told_apart_in_their_sentence() {
        check("A **ring** of hashes.", "hash", "A ring of <hashes>");
        check("one two three four five six seven eight nine ten", "nine", "three four five six seven eight <nine> ten");
        check("Été à *Paris*", "été paris", "<Été> à <Paris>");
        check("nothing here", "zebra", "nothing here");
        check("", "x", "");
    }
}
