//! A card and the deck it lies in.

use std::fmt;

/// Identifies a card for ever: `item/card`, so that an edit of its text keeps its progress.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CardId(pub String);

impl CardId {
    /// The id of an item's own card.
    pub fn new(item: &str, card: &str) -> Self {
        Self(format!("{item}/{card}"))
    }

    /// The id's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The item that the card belongs to: what stands before the first slash.
    pub fn item(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }
}

impl fmt::Display for CardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a card comes from, which is how people pick what to review.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deck {
    /// The hundred questions, each with its thirty-second answer.
    Questions,
    /// Technologies.
    Technologies,
    /// Concepts.
    Concepts,
    /// Patterns.
    Patterns,
    /// The numbers, both ways.
    Numbers,
    /// What interviews showed to be missing.
    Misses,
    /// A deck of the user's own.
    Own(String),
}

impl Deck {
    /// The decks that ship.
    pub const SHIPPED: [Self; 6] =
        [Self::Questions, Self::Technologies, Self::Concepts, Self::Patterns, Self::Numbers, Self::Misses];

    /// The deck's name on the command line.
    pub fn name(&self) -> &str {
        match self {
            Self::Questions => "questions",
            Self::Technologies => "technologies",
            Self::Concepts => "concepts",
            Self::Patterns => "patterns",
            Self::Numbers => "numbers",
            Self::Misses => "misses",
            Self::Own(name) => name,
        }
    }

    /// The deck with that name: one that ships, else one of the user's own.
    pub fn from_name(name: &str) -> Self {
        let shipped = Self::SHIPPED.into_iter().find(|deck| deck.name() == name);
        shipped.unwrap_or_else(|| Self::Own(name.to_owned()))
    }
}

impl fmt::Display for Deck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a card asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum CardKind {
    /// The answer to a question.
    Recall,
    /// What stands in the gap of a sentence.
    Cloze,
    /// Which of several things one would choose, and why.
    Choice,
    /// A figure.
    Figure(Figure),
}

/// What the world says of a figure: the ends of what to expect, the same for a single one.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Lower end, in `unit`; above zero.
    pub low: f64,
    /// Upper end, in `unit`.
    pub high: f64,
    /// Unit as written: `ms`, `writes/s`.
    pub unit: String,
}

/// One fact to remember.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Its id.
    pub id: CardId,
    /// What it asks for.
    pub kind: CardKind,
    /// The deck it lies in.
    pub deck: Deck,
    /// The front, Markdown.
    pub question: String,
    /// The back, Markdown.
    pub answer: String,
    /// Tags of the item it comes from.
    pub tags: Vec<String>,
    /// Level of the question it comes from.
    pub level: Option<String>,
    /// Cards of one group give each other away, so only one of them comes up in a session.
    pub siblings: Option<String>,
}
