//! Questions, technologies, concepts, patterns and pages of the guide: everything that is one Markdown file with front matter.

use std::fmt;

use serde::Deserialize;
use toml::Spanned;

use super::card_text::{self, CardText};
use super::front_matter::{Parts, read_toml, split};
use super::{Finding, TextFile};
use crate::source::{Span, printable};

/// What an item of the bank is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ItemKind {
    /// One of the hundred questions.
    Question,
    /// A technology or building block.
    Technology,
    /// A concept.
    Concept,
    /// A pattern.
    Pattern,
    /// A row of the numbers.
    Number,
    /// An interview problem.
    Problem,
    /// A page of the delivery framework.
    Framework,
    /// A page of the manual.
    Guide,
}

impl ItemKind {
    /// The kinds that are one Markdown file each, with their folders.
    pub(super) const PAGES: [(Self, &'static str); 5] = [
        (Self::Question, "content/questions/"),
        (Self::Technology, "content/technologies/"),
        (Self::Concept, "content/concepts/"),
        (Self::Pattern, "content/patterns/"),
        (Self::Guide, "content/guide/"),
    ];

    /// The word in lists and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Question => "question",
            Self::Technology => "technology",
            Self::Concept => "concept",
            Self::Pattern => "pattern",
            Self::Number => "number",
            Self::Problem => "problem",
            Self::Framework => "framework",
            Self::Guide => "guide",
        }
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One Markdown file of the bank.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Id, unique in the bank.
    pub id: String,
    /// What it is.
    pub kind: ItemKind,
    /// Title for a person.
    pub title: String,
    /// Number of a question, 1 to 100.
    pub number: Option<u32>,
    /// Level of a question: `basic`, `intermediate`, `advanced`.
    pub level: Option<String>,
    /// Category of a technology.
    pub category: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Ids of related items.
    pub see: Vec<String>,
    /// Public works that figures come from.
    pub sources: Vec<String>,
    /// The Markdown without its cards.
    pub body: String,
    /// The file's own cards.
    pub cards: Vec<CardText>,
    /// The technology's model, as TOML text values.
    pub(super) model: Option<toml::Table>,
    /// Where it was read, with the places of what refers elsewhere.
    pub(super) origin: Origin,
}

/// Where an item was read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Origin {
    pub file: TextFile,
    pub id: Span,
    pub see: Vec<Span>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: Spanned<String>,
    title: String,
    n: Option<u32>,
    level: Option<String>,
    category: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    see: Vec<Spanned<String>>,
    #[serde(default)]
    sources: Vec<String>,
    model: Option<toml::Table>,
}

/// Reads one file; findings that don't stop it go to `findings`.
pub(super) fn read(kind: ItemKind, file: &TextFile, findings: &mut Vec<Finding>) -> Option<Item> {
    let parsed = split(file).and_then(|parts| Ok((read_toml::<Head>(parts.toml, parts.toml_at)?, parts)));
    let (head, parts) = match parsed {
        Ok(parsed) => parsed,
        Err(diagnostic) => {
            findings.push(Finding::new(file, diagnostic));
            return None;
        }
    };
    let place = |range: std::ops::Range<usize>| Span::new(range.start, range.end).shifted(parts.toml_at);
    let origin = Origin {
        file: file.clone(),
        id: place(head.id.span()),
        see: head.see.iter().map(|id| place(id.span())).collect(),
    };
    let (body, cards) = cards(file, &parts, findings);
    Some(Item {
        id: head.id.into_inner(),
        kind,
        title: clean(head.title),
        number: head.n,
        level: head.level,
        category: head.category.map(clean),
        aliases: head.aliases.into_iter().map(clean).collect(),
        tags: head.tags.into_iter().map(clean).collect(),
        see: head.see.into_iter().map(Spanned::into_inner).collect(),
        sources: head.sources.into_iter().map(clean).collect(),
        body: clean(body),
        cards,
        model: head.model,
        origin,
    })
}

/// A text from a file without what a terminal would obey.
pub(super) fn clean(text: String) -> String {
    match printable(&text) {
        std::borrow::Cow::Borrowed(_) => text,
        std::borrow::Cow::Owned(clean) => clean,
    }
}

/// The body without its `## Cards`, and the cards.
fn cards(file: &TextFile, parts: &Parts<'_>, findings: &mut Vec<Finding>) -> (String, Vec<CardText>) {
    const HEADING: &str = "## Cards";
    let start = heading(parts.body, HEADING);
    let Some(start) = start else { return (parts.body.trim().to_owned(), Vec::new()) };
    let section = &parts.body[start..];
    let end = section[HEADING.len()..].find("\n## ").map_or(section.len(), |at| at + HEADING.len() + 1);
    let body = format!("{}{}", &parts.body[..start], &section[end..]);
    let (cards, wrong) = card_text::read(&section[..end]);
    findings.extend(wrong.into_iter().map(|diagnostic| Finding::new(file, diagnostic.shifted(parts.body_at + start))));
    (body.trim().to_owned(), cards)
}

fn heading(body: &str, heading: &str) -> Option<usize> {
    let mut at = 0;
    let mut code = false;
    for line in body.split_inclusive('\n') {
        code ^= line.trim_start().starts_with("```");
        if line.trim_end() == heading && !code {
            return Some(at);
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> TextFile {
        TextFile { path: "x.md".to_owned(), text: text.into() }
    }

    #[test]
    fn a_page_is_its_head_its_body_and_its_cards() {
        let text = "+++\nid = \"a\"\ntitle = \"A\"\nsee = [\"b\"]\n+++\nAnswer.\n\n## Cards\n\nid: one\nQ: What?\nA: This,\nand that.\n\nQ: Who?\nA: Me.\n";
        let mut findings = Vec::new();
        let item = read(ItemKind::Concept, &file(text), &mut findings).unwrap();
        assert_eq!(findings, []);
        assert_eq!((item.id.as_str(), item.body.as_str()), ("a", "Answer."));
        assert_eq!((item.cards[0].id.as_str(), item.cards[0].answer.as_str()), ("one", "This,\nand that."));
        assert_eq!(item.cards[1].answer, "Me.");
        assert_eq!(item.origin.see[0].slice(text), "\"b\"");
    }

    #[test]
    fn cards_that_a_page_only_shows_are_none_of_its_own() {
        let text = "+++\nid = \"a\"\ntitle = \"A\"\n+++\nWrite:\n\n```text\n## Cards\n\nQ: What?\nA: This.\n```\n";
        let item = read(ItemKind::Guide, &file(text), &mut Vec::new()).unwrap();
        assert!(item.cards.is_empty() && item.body.ends_with("```"), "{item:?}");
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let mut findings = Vec::new();
        assert!(read(ItemKind::Concept, &file("no front matter"), &mut findings).is_none());
        let unknown = "+++\nid = \"a\"\ntitle = \"A\"\ntitel = 3\n+++\n";
        assert!(read(ItemKind::Concept, &file(unknown), &mut findings).is_none());
        assert_eq!(findings[0].diagnostic.message, "expected front matter between '+++' lines");
        assert!(findings[1].diagnostic.message.contains("titel"), "{}", findings[1].diagnostic.message);
        assert_eq!(findings[1].diagnostic.span.slice(unknown), "titel");
    }
}
