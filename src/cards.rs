//! Flashcards: cards and decks, what a memory is, when a card is due, and the queue of an evening.
//!
//! The review log is the only truth. A card's memory is a fold over it ([`Histories`]), so undo appends, a repaired log and a new algorithm are
//! replays. Pure: `now` is an argument, nothing is read or written.

pub mod anki;
mod card;
pub mod drill;
mod fuzz;
mod history;
mod leech;
mod log;
mod memory;
mod orphans;
mod pace;
mod personal;
mod queue;
mod schedule;
mod scope;
mod session;
pub mod statistics;
pub mod typed;

pub use card::{Card, CardId, CardKind, Deck, Figure};
pub use history::{Answer, Histories, History};
pub use leech::is_leech;
pub use log::{Entry, Grade, Review, ReviewId, Succession, Suspension, Undo, Wording, answers};
pub use memory::{MemoryState, Weights, retrievability};
pub use orphans::{Orphan, adopt, count_orphans, orphans};
pub use pace::{LONGEST_ANSWER, Pace};
pub use personal::{ENOUGH_REVIEWS, Fit, Losses, fit};
pub use queue::{LEARN_AHEAD, Limits, Queue, Waiting};
pub use schedule::{Choices, Due, Next, Options, Stage};
pub use scope::Scope;
pub use session::{Mode, Session, Summary};
