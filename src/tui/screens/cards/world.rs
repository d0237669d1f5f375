//! What the rooms share: the cards, the log, and what it says.

use std::path::Path;

use crate::cards::drill::Drill;
use crate::cards::{Card, CardId, Entry, Histories, Limits, Options, Queue, ReviewId, Scope, Session, Waiting};
use crate::clock::Timestamp;
use crate::content::card_text::{self, CardText};
use crate::content::decks::REWRITTEN;
use crate::content::{Collection, TextFile, collection};
use crate::tui::context::Context;
use crate::tui::event::CardFiles;

/// The user's cards and all that is known of them.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub collection: Collection,
    files: Vec<TextFile>,
    pub log: Vec<Entry>,
    pub drills: Vec<Drill>,
    pub histories: Histories,
    pub options: Options,
    pub limits: Limits,
}

impl World {
    /// The world that `read` makes, and what is wrong in the user's decks.
    pub fn new(read: &CardFiles, ctx: &Context<'_>) -> (Self, Vec<String>) {
        let file = |deck: &crate::store::DeckFile| TextFile {
            path: deck.path.display().to_string(),
            text: deck.text.as_str().into(),
        };
        let files: Vec<TextFile> = read.decks.iter().map(file).collect();
        let (collection, findings) = collection(ctx.bank, &files);
        let warnings = findings.iter().map(|finding| format!("{}: {}", finding.path, finding.diagnostic.message));
        let options = ctx.settings.cards.options(read.utc_offset_minutes);
        let log = read.reviews.entries.clone();
        let world = Self {
            histories: Histories::replay(&log, options.clone()),
            limits: ctx.settings.cards.limits(),
            drills: read.drills.drills.clone(),
            collection,
            files,
            log,
            options,
        };
        (world, warnings.collect())
    }

    /// Takes in what a session has learned.
    pub fn learned(&mut self, session: &Session) {
        self.log = session.log().to_vec();
        self.histories = session.histories().clone();
    }

    /// Takes in entries that no session gave. They are on their way to the disk; see [`World::unwritten`].
    pub fn written(&mut self, entries: &[Entry]) {
        self.log.extend(entries.iter().cloned());
        self.histories = Histories::replay(&self.log, self.options.clone());
    }

    /// Forgets entries that the disk could not take.
    pub fn unwritten(&mut self, entries: &[Entry]) {
        self.log.retain(|entry| !entries.contains(entry));
        self.histories = Histories::replay(&self.log, self.options.clone());
    }

    /// The id of the next entry of the log.
    pub fn next_id(&self) -> ReviewId {
        ReviewId(self.log.iter().map(|entry| entry.id().0 + 1).max().unwrap_or(1))
    }

    /// Takes in a deck as it now reads.
    pub fn deck_changed(&mut self, path: &Path, text: &str, ctx: &Context<'_>) {
        let path = path.display().to_string();
        let changed = TextFile { path: path.clone(), text: text.into() };
        if let Some(file) = self.files.iter_mut().find(|file| file.path == path) {
            *file = changed;
        } else {
            self.files.push(changed);
            self.files.sort_by(|a, b| a.path.cmp(&b.path));
        }
        self.collection = collection(ctx.bank, &self.files).0;
    }

    /// What a session on `scope` would hold now.
    pub fn waiting(&self, scope: &Scope, now: Timestamp) -> Waiting {
        let inside: Vec<&Card> =
            self.collection.cards.iter().filter(|card| scope.holds(card, &self.histories)).collect();
        Queue::new(&inside, &self.histories, self.limits, 0, now).waiting()
    }

    /// The file that a card's own words are in or go to, without the ending, and that deck's text.
    pub fn deck_for(&self, card: &CardId) -> (String, String) {
        let deck = self.collection.deck_of(card).or_else(|| self.collection.deck(REWRITTEN));
        deck.map_or_else(
            || (REWRITTEN.to_owned(), String::new()),
            |deck| (deck.stem.clone(), deck.file.text.to_string()),
        )
    }

    /// The text of a card as its owner would write it, as it stands in an own deck or else from the bank, and the id over it.
    pub fn source(&self, card: &Card) -> (String, String) {
        let own = self.collection.deck_of(&card.id).and_then(|deck| {
            let text = deck.cards.iter().find(|text| text.id == card.id.as_str())?;
            Some((text.span.slice(&deck.file.text).to_owned(), card_text::written_id(text).to_owned()))
        });
        own.unwrap_or_else(|| (card_text::write(&as_text(card)), card.id.as_str().to_owned()))
    }
}

/// A card of the bank as text of an own deck; its tags stay the bank's.
fn as_text(card: &Card) -> CardText {
    CardText {
        id: card.id.as_str().to_owned(),
        kind: card.kind.clone(),
        question: card.question.clone(),
        answer: card.answer.clone(),
        tags: Vec::new(),
        siblings: None,
        span: crate::source::Span::at(0),
    }
}
