//! Flashcards: cards and decks, what a memory is, when a card is due, and the queue of an evening.
//!
//! The review log is the only truth. A card's memory is a fold over it ([`Histories`]), so undo appends, a repaired log and a new algorithm are
//! replays. Pure: `now` is an argument, nothing is read or written.

mod card;
mod fuzz;
mod history;
mod leech;
mod log;
mod memory;
mod queue;
mod schedule;

pub use card::{Card, CardId, CardKind, Deck, Figure};
pub use history::{Answer, Histories, History};
pub use leech::is_leech;
pub use log::{Entry, Grade, Review, ReviewId, Succession, Undo, Wording};
pub use memory::{MemoryState, Weights, retrievability};
pub use queue::{Limits, Queue, Waiting};
pub use schedule::{Choices, Due, Next, Options, Stage};
