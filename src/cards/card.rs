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
}

/// One fact to remember.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its id.
    pub id: CardId,
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
