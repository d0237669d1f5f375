//! The user's own decks, and all cards together: the bank's with the user's over them.
//!
//! An own deck is a Markdown file of cards ([`super::card_text`]) in the folder `decks`, with front matter if its owner likes: `name` and
//! `tags`, between `---` or `+++`. A card's id is its own, without its deck's, so that it may move from one file to another; an id of the bank
//! (`redis/persistence`) puts the user's words in place of the bank's.

use std::collections::{BTreeMap, BTreeSet};

use super::card_text::{self, CardText};
use super::{Bank, Finding, TextFile};
use crate::cards::{Card, CardId, Deck};
use crate::source::{Diagnostic, Span};

/// The file of what interviews showed to be missing, without its ending.
pub const MISSES: &str = "misses";
/// The file of the bank's cards in the user's words, without its ending.
pub const REWRITTEN: &str = "rewritten";

/// One of the user's own decks.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnDeck {
    /// Name of its file, without the ending.
    pub stem: String,
    /// Its name: that of its front matter, else of its file.
    pub name: String,
    /// The file.
    pub file: TextFile,
    /// Its cards, as they stand there.
    pub cards: Vec<CardText>,
    /// Tags of all its cards.
    pub tags: Vec<String>,
}

/// All cards there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    /// The bank's cards in its order, then the user's, deck by deck.
    pub cards: Vec<Card>,
    /// The user's own decks, by the names of their files.
    pub decks: Vec<OwnDeck>,
}

impl Collection {
    /// The card with that id.
    pub fn card(&self, id: &CardId) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == *id)
    }

    /// The own deck that has the card with that id.
    pub fn deck_of(&self, id: &CardId) -> Option<&OwnDeck> {
        self.decks.iter().find(|deck| deck.cards.iter().any(|card| card.id == id.as_str()))
    }

    /// The own deck of that file.
    pub fn deck(&self, stem: &str) -> Option<&OwnDeck> {
        self.decks.iter().find(|deck| deck.stem == stem)
    }

    /// Every deck with its number of cards: those that ship first, then the user's.
    pub fn counts(&self) -> Vec<(Deck, usize)> {
        let mut counts: BTreeMap<&Deck, usize> = BTreeMap::new();
        for card in &self.cards {
            *counts.entry(&card.deck).or_default() += 1;
        }
        counts.into_iter().map(|(deck, count)| (deck.clone(), count)).collect()
    }
}

/// The cards of `bank` with those of the user's `files` over them, and what is wrong in those.
pub fn collection(bank: &Bank, files: &[TextFile]) -> (Collection, Vec<Finding>) {
    let mut findings = Vec::new();
    let decks: Vec<OwnDeck> = files.iter().map(|file| read(file, &mut findings)).collect();
    let mut cards = bank.cards().to_vec();
    let places: BTreeMap<CardId, usize> = cards.iter().enumerate().map(|(at, card)| (card.id.clone(), at)).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for deck in &decks {
        for text in &deck.cards {
            if !seen.insert(&text.id) {
                let message = format!("another deck has a card with the id '{}'", text.id);
                findings.push(Finding::new(&deck.file, Diagnostic::warning(text.span, message)));
                continue;
            }
            match places.get(&CardId(text.id.clone())) {
                Some(&at) => rewrite(&mut cards[at], text),
                None => cards.push(own(deck, text)),
            }
        }
    }
    (Collection { cards, decks }, findings)
}

/// The user's words in place of the bank's; deck, level and siblings stay.
fn rewrite(card: &mut Card, text: &CardText) {
    card.kind = text.kind.clone();
    card.question.clone_from(&text.question);
    card.answer.clone_from(&text.answer);
    card.tags.extend(text.tags.iter().filter(|tag| !card.tags.contains(tag)).cloned().collect::<Vec<_>>());
}

fn own(deck: &OwnDeck, text: &CardText) -> Card {
    Card {
        id: CardId(text.id.clone()),
        kind: text.kind.clone(),
        deck: if deck.stem == MISSES { Deck::Misses } else { Deck::Own(deck.name.clone()) },
        question: text.question.clone(),
        answer: text.answer.clone(),
        tags: deck.tags.iter().chain(&text.tags).cloned().collect(),
        level: None,
        siblings: text.siblings.as_ref().map(|group| format!("{}:{group}", deck.stem)),
    }
}

/// Reads one deck.
pub fn read(file: &TextFile, findings: &mut Vec<Finding>) -> OwnDeck {
    let stem = file.path.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.strip_suffix(".md").unwrap_or(stem).to_owned();
    let (head, body_at) = head(&file.text);
    let (mut cards, wrong) = card_text::read(&file.text[body_at..]);
    for card in &mut cards {
        card.span = card.span.shifted(body_at);
    }
    findings.extend(wrong.into_iter().map(|diagnostic| Finding::new(file, diagnostic.shifted(body_at))));
    let table: toml::Table = head.parse().unwrap_or_else(|_| {
        let diagnostic = Diagnostic::warning(Span::new(0, body_at), "the front matter is no TOML and is passed over");
        findings.push(Finding::new(file, diagnostic));
        toml::Table::new()
    });
    let name = table.get("name").and_then(toml::Value::as_str).map_or_else(|| stem.clone(), str::to_owned);
    let tags = table.get("tags").and_then(toml::Value::as_array);
    let tags = tags.into_iter().flatten().filter_map(|tag| tag.as_str().map(str::to_owned)).collect();
    OwnDeck { stem, name, file: file.clone(), cards, tags }
}

/// The front matter of a deck, and where the rest begins.
fn head(text: &str) -> (&str, usize) {
    for fence in ["---", "+++"] {
        let Some(line) = text.lines().next().filter(|line| line.trim_end() == fence) else { continue };
        let start = line.len() + text[line.len()..].find('\n').map_or(0, |at| at + 1);
        let mut at = start;
        for line in text[start..].split_inclusive('\n') {
            if line.trim_end() == fence {
                return (&text[start..at], at + line.len());
            }
            at += line.len();
        }
    }
    ("", 0)
}

/// The name of a file for a deck of that name: lower-case letters, digits and hyphens.
pub fn file_stem(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let stem: String = words.collect::<Vec<_>>().join("-").chars().take(60).collect();
    if stem.is_empty() { "deck".to_owned() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::CardKind;
    use crate::content::Files;

    fn file(path: &str, text: &str) -> TextFile {
        TextFile { path: path.to_owned(), text: text.into() }
    }

    #[test]
    fn own_decks_stand_beside_the_bank_and_over_it() {
        let bank = Bank::new(Files::embedded(Vec::new()));
        let theirs = bank.cards()[3].clone();
        let files = [
            file(
                "/x/decks/a.md",
                "---\nname = \"Mine\"\ntags = [\"t\"]\n---\nid: one\ntags: u\nQ: 1?\nA: 2\n\nC: [x] and [y]\n",
            ),
            file("/x/decks/misses.md", "id: one\nQ: again?\nA: no\n\nid: two\nQ: q\nA: a\n"),
            file("/x/decks/rewritten.md", &format!("id: {}\nQ: my words?\nA: mine\n", theirs.id)),
        ];
        let (all, findings) = collection(&bank, &files);
        assert_eq!(all.cards.len(), bank.cards().len() + 4);
        let one = all.card(&CardId("one".into())).unwrap();
        assert_eq!((one.deck.name(), one.tags.join(" ").as_str()), ("Mine", "t u"));
        assert_eq!(all.card(&CardId("two".into())).unwrap().deck, Deck::Misses);
        let mine = all.card(&theirs.id).unwrap();
        assert_eq!((mine.question.as_str(), &mine.deck, &mine.level), ("my words?", &theirs.deck, &theirs.level));
        let told: Vec<&str> = findings.iter().map(|finding| finding.diagnostic.message.as_str()).collect();
        assert_eq!(told, ["another deck has a card with the id 'one'"]);
        assert_eq!(all.deck_of(&theirs.id).unwrap().stem, "rewritten");
        let gaps = all.cards.iter().filter(|card| card.kind == CardKind::Cloze && card.siblings.is_some()).count();
        assert_eq!(gaps, 2);
        let spans: Vec<&str> = all.decks[0].cards.iter().map(|card| card.span.slice(&files[0].text)).collect();
        assert_eq!(spans[0], "id: one\ntags: u\nQ: 1?\nA: 2");
    }

    #[test]
    fn front_matter_that_cannot_be_read_is_named() {
        let mut findings = Vec::new();
        let deck = read(&file("d/x.md", "---\nname = \n---\nQ: a\nA: b"), &mut findings);
        assert_eq!((deck.name.as_str(), deck.cards.len(), findings.len()), ("x", 1, 1));
        let deck = read(&file("d/y.md", "Q: a\nA: b\n---\nQ: c\nA: d\n---\n"), &mut findings);
        assert_eq!((deck.cards.len(), findings.len()), (2, 1));
    }

    #[track_caller]
    fn check_stem(name: &str, expected: &str) {
        assert_eq!(file_stem(name), expected);
    }

    #[test]
    fn deck_names_become_file_names() {
        check_stem("Dryrun::My Deck", "dryrun-my-deck");
        check_stem("../../etc/passwd", "etc-passwd");
        check_stem("日本", "deck");
    }
}
