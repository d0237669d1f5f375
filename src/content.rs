//! The bank: `content/`, `problems/` and `themes/` as values of the domain.
//!
//! The files are embedded in the binary; files of the same id in the user's folder overlay them. Nothing is parsed before it is asked
//! for, so that start-up costs nothing. Damaged files never stop the rest: they become [`Finding`]s.

mod bank;
pub mod card_text;
mod cards;
mod catalogue;
mod check;
pub mod decks;
mod excerpt;
mod files;
mod framework;
mod front_matter;
mod guess;
pub mod import;
mod item;
pub mod misses;
mod numbers;
mod problem;
mod reading;
pub mod schema;
mod search;
mod shelf;

pub use bank::Bank;
pub use card_text::CardText;
pub use check::{Depth, check, failed};
pub use decks::{Collection, OwnDeck, collection};
pub use excerpt::{Piece, excerpt};
pub use files::{Files, TextFile};
pub use guess::guess;
pub use item::{Item, ItemKind};
pub use numbers::Number;
pub use reading::Reading;
pub use search::{Hit, Index};
pub use shelf::{Entry, shelf};

use crate::source::Diagnostic;

/// A diagnostic about a file of the bank.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The file, relative to the bank's root, or the whole path of an overlaid one.
    pub path: String,
    /// Its text, for carets.
    pub text: std::sync::Arc<str>,
    /// What was found.
    pub diagnostic: Diagnostic,
}

impl Finding {
    /// A finding about `file`.
    pub fn new(file: &TextFile, diagnostic: Diagnostic) -> Self {
        Self { path: file.path.clone(), text: file.text.clone(), diagnostic }
    }

    /// The same finding with what to do about it.
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { diagnostic: self.diagnostic.help(help), ..self }
    }

    /// The finding as plain text with carets.
    pub fn render(&self) -> String {
        crate::source::render(&self.path, &self.text, std::slice::from_ref(&self.diagnostic))
    }
}
