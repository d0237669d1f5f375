//! What every update may look at, and none may change.

use ratatui::layout::Rect;

use super::keymap::Keymap;
use crate::clock::Timestamp;
use crate::content::Bank;
use crate::store::{Listing, Settings};

/// The world around a screen at the moment of an event.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The moment of the event.
    pub now: Timestamp,
    /// Problems, framework, catalogue.
    pub bank: &'a Bank,
    /// What the user has chosen.
    pub settings: &'a Settings,
    /// The user's own keys.
    pub keymap: &'a Keymap,
    /// The sessions, if they were listed.
    pub sessions: Option<&'a Listing>,
    /// Where the user's files are.
    pub paths: &'a crate::store::Paths,
    /// The cells a screen is drawn in.
    pub area: Rect,
}
