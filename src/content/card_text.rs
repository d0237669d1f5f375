//! Cards as text: what stands under `## Cards` in the bank's files, and in the user's own decks.
//!
//! ```text
//! id: cap-001                 optional, before the card; without it the question's words are the id
//! tags: cap, consistency      optional
//! Q: What does CAP force you to choose?
//! A: Consistency or availability,
//! while the network is parted.
//!
//! C: A write quorum is [more than half] of the replicas.      each [gap] is a card of its own
//!
//! Choose: Twenty million readers a writer. Fan-out on write or on read?
//! A: On read for those few, because ...
//! ---
//! ```
//!
//! A mark opens a part, which goes on over lines, blank ones and code blocks included, until the next mark, a heading or `---`. An id may also
//! be written `<!-- id: cap-001 -->`.

mod cloze;
mod write;

pub use write::{put, put_block, remove, with_id, write, written_id};

use crate::cards::CardKind;
use crate::source::{Diagnostic, Span, printable};

/// A card as it stands in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct CardText {
    /// Id, unique in its file: the stable half of the card's id.
    pub id: String,
    /// What it asks for; never a figure.
    pub kind: CardKind,
    /// The front.
    pub question: String,
    /// The back.
    pub answer: String,
    /// Its own tags, beside its file's.
    pub tags: Vec<String>,
    /// What it shares with the other gaps of its sentence.
    pub siblings: Option<String>,
    /// Where it stands, from its first mark to its last word.
    pub span: Span,
}

/// What the text of a card starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Id,
    Tags,
    Question,
    Choice,
    Cloze,
    Answer,
}

const MARKS: [(&str, Mark); 6] = [
    ("id:", Mark::Id),
    ("tags:", Mark::Tags),
    ("Q:", Mark::Question),
    ("Choose:", Mark::Choice),
    ("C:", Mark::Cloze),
    ("A:", Mark::Answer),
];

/// Reads the cards of `text`; spans lie in it. What can't be a card is a finding and stops nothing else.
pub fn read(text: &str) -> (Vec<CardText>, Vec<Diagnostic>) {
    let mut reader = Reader::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        reader.line(line.trim_end(), at);
        at += line.len();
    }
    reader.close();
    (reader.done, reader.findings)
}

/// An id from a card's words, for cards that give none: FNV-1a, 64 bits, over the words without the space between them, so that a new line break
/// keeps it.
pub fn fallback_id(words: &str) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let hash = words
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}

/// A card that is being read.
#[derive(Debug, Default)]
struct Open {
    span: Option<Span>,
    id: Option<String>,
    tags: Vec<String>,
    front: Option<(Mark, String)>,
    answer: Option<String>,
}

#[derive(Default)]
struct Reader {
    open: Open,
    /// Whether a block of code is open, in which nothing is a mark.
    code: bool,
    done: Vec<CardText>,
    findings: Vec<Diagnostic>,
}

impl Reader {
    fn line(&mut self, line: &str, at: usize) {
        let span = Span::new(at, at + line.len());
        if line.trim_start().starts_with("```") {
            self.code = !self.code;
        } else if !self.code {
            if let Some((mark, rest)) = mark(line) {
                return self.mark(mark, rest, span);
            }
            if line.trim() == "---" || line.starts_with('#') {
                return self.close();
            }
        }
        self.go_on(line, span);
    }

    fn mark(&mut self, mark: Mark, rest: &str, span: Span) {
        let begun = self.open.front.is_some();
        match mark {
            Mark::Id => {
                if begun || self.open.id.is_some() {
                    self.close();
                }
                self.open.id = Some(rest.to_owned()).filter(|id| !id.is_empty());
            }
            Mark::Tags => {
                if begun {
                    self.close();
                }
                let tags = rest.split([',', ' ']).filter(|tag| !tag.is_empty());
                self.open.tags = tags.map(str::to_owned).collect();
            }
            Mark::Question | Mark::Choice | Mark::Cloze => {
                if begun {
                    self.close();
                }
                self.open.front = Some((mark, rest.to_owned()));
            }
            Mark::Answer => match self.open.front {
                Some((Mark::Cloze, _)) => return self.warn(span, "a 'C:' has no answer beside its gaps"),
                None => return self.warn(span, "an answer without a question"),
                Some(_) if self.open.answer.is_some() => {
                    return self.warn(span, "a second answer to the same question");
                }
                Some(_) => self.open.answer = Some(rest.to_owned()),
            },
        }
        self.cover(span);
    }

    /// A line without a mark goes on where the last one stopped.
    fn go_on(&mut self, line: &str, span: Span) {
        let part = match (&mut self.open.answer, &mut self.open.front) {
            (Some(answer), _) => answer,
            (None, Some((_, front))) => front,
            (None, None) if line.trim().is_empty() => return,
            (None, None) => return self.warn(span, "outside of a card: expected 'id:', 'Q:', 'C:' or 'Choose:'"),
        };
        part.push('\n');
        part.push_str(line);
        if !line.trim().is_empty() {
            self.cover(span);
        }
    }

    fn cover(&mut self, span: Span) {
        self.open.span = Some(self.open.span.map_or(span, |covered| covered.to(span)));
    }

    fn warn(&mut self, span: Span, message: &str) {
        self.findings.push(Diagnostic::warning(span, message));
    }

    /// Ends the card that is being read.
    fn close(&mut self) {
        let Open { span, id, tags, front, answer } = std::mem::take(&mut self.open);
        let Some(span) = span else { return };
        // A card goes to terminals, files and other programs: it is clean from the start.
        let clean = |text: &str| printable(text.trim()).into_owned();
        let Some((mark, front)) = front.map(|(mark, front)| (mark, clean(&front))) else {
            return self.warn(span, "an id or tags without a card");
        };
        let answer = answer.map(|answer| clean(&answer)).unwrap_or_default();
        let cards = match mark {
            Mark::Cloze => cloze::cards(id, &front, span),
            _ if front.is_empty() || answer.is_empty() => {
                return self.warn(span, "a card needs a question and an answer");
            }
            _ => {
                let kind = if mark == Mark::Choice { CardKind::Choice } else { CardKind::Recall };
                let id = id.unwrap_or_else(|| fallback_id(&front));
                vec![CardText { id, kind, question: front, answer, tags: Vec::new(), siblings: None, span }]
            }
        };
        if cards.is_empty() {
            return self.warn(span, "no gap in the sentence: put what is to be remembered in [brackets]");
        }
        for card in cards {
            if self.done.iter().any(|done| done.id == card.id) {
                let message = format!("two cards have the id '{}'", card.id);
                self.findings.push(Diagnostic::error(span, message).help("give one of them an 'id:' line of its own"));
            } else {
                self.done.push(CardText { tags: tags.clone(), ..card });
            }
        }
    }
}

/// The mark that a line starts with, and what follows it.
fn mark(line: &str) -> Option<(Mark, &str)> {
    let comment = line.trim().strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"));
    if let Some(id) = comment.and_then(|inner| inner.trim().strip_prefix("id:")) {
        return Some((Mark::Id, id.trim()));
    }
    MARKS.iter().find_map(|(word, mark)| line.strip_prefix(word).map(|rest| (*mark, rest.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str, &str)]) {
        let (cards, findings) = read(text);
        assert_eq!(findings, []);
        let got: Vec<(&str, &str, &str)> =
            cards.iter().map(|card| (card.id.as_str(), card.question.as_str(), card.answer.as_str())).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn marks_open_parts_that_go_on() {
        check("id: a\nQ: one\nmore\nA: two\n\n- three\n", &[("a", "one\nmore", "two\n\n- three")]);
        check(
            "Q: one\nA: two\nQ: three\nA: four",
            &[(&fallback_id("one"), "one", "two"), (&fallback_id("three"), "three", "four")],
        );
        check(
            "<!-- id: a -->\nQ: one\nA: two\n---\n\n# Heading\nid: b\nQ: x\nA: y",
            &[("a", "one", "two"), ("b", "x", "y")],
        );
        check(
            "Q: one\nA:\n```sh\n# no heading\nQ: no card\n---\n```\nid: b\nQ: x\nA: y",
            &[(&fallback_id("one"), "one", "```sh\n# no heading\nQ: no card\n---\n```"), ("b", "x", "y")],
        );
        check("", &[]);
    }

    #[test]
    fn each_gap_is_a_card_and_they_are_siblings() {
        check(
            "id: q\nC: [More than half] of [n] replicas, `a[0]` and [a link](x).",
            &[
                (
                    "q",
                    "**[...]** of n replicas, `a[0]` and [a link](x).",
                    "**More than half** of n replicas, `a[0]` and [a link](x).",
                ),
                (
                    "q-2",
                    "More than half of **[...]** replicas, `a[0]` and [a link](x).",
                    "More than half of **n** replicas, `a[0]` and [a link](x).",
                ),
            ],
        );
        let (cards, _) = read("C: [a] and [b]\n\nC: [c]\n");
        assert_eq!(
            (cards[0].siblings.clone(), cards[1].siblings.clone()),
            (Some(cards[0].id.clone()), Some(cards[0].id.clone()))
        );
        assert_eq!(cards[2].siblings, None);
        let (more, _) = read("C: [a] and b\n");
        assert_eq!(more[0].id, cards[0].id, "a gap less keeps the others' ids");
    }

    #[test]
    fn a_choice_and_tags() {
        let (cards, findings) = read("tags: x, y z\nChoose: this or that?\nA: That.\nQ: a\nA: b");
        assert_eq!((cards[0].kind.clone(), findings), (CardKind::Choice, Vec::new()));
        assert_eq!((cards[0].tags.len(), cards[1].tags.len()), (3, 0));
    }

    #[track_caller]
    fn check_finding(text: &str, place: &str, message: &str) {
        let (_, findings) = read(text);
        let got: Vec<(&str, &str)> = findings.iter().map(|f| (f.span.slice(text), f.message.as_str())).collect();
        assert_eq!(got, [(place, message)]);
    }

    #[test]
    fn what_is_no_card_is_named_with_its_place() {
        check_finding("stray\nQ: a\nA: b", "stray", "outside of a card: expected 'id:', 'Q:', 'C:' or 'Choose:'");
        check_finding("A: b", "A: b", "an answer without a question");
        check_finding("Q: a\n\nQ: b\nA: c", "Q: a", "a card needs a question and an answer");
        check_finding("C: no gap", "C: no gap", "no gap in the sentence: put what is to be remembered in [brackets]");
        check_finding("id: a\nQ: x\nA: y\n\nid: a\nQ: z\nA: y", "id: a\nQ: z\nA: y", "two cards have the id 'a'");
        check_finding("id: a\n# End", "id: a", "an id or tags without a card");
    }
}
