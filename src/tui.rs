//! The terminal shell: what is drawn and what keys mean.
//!
//! Three vocabularies, all data. An [`Event`](event::Event) is what happened; an action is what the user means, named and documented in a
//! key table; an [`Effect`](effect::Effect) is what must be done outside. Update is a function of state and event that returns effects, one
//! runner performs them, and views are pure over the state. Inside: widgets <- panes <- overlays <- screens <- app <- run.

pub mod app;
pub mod context;
mod desk;
pub mod effect;
pub mod event;
pub mod keymap;
pub mod overlays;
pub mod panes;
pub mod run;
pub mod screens;
pub mod studies;
pub mod theme;
pub mod widgets;
pub mod worker;

pub use app::Start;
pub use run::{ExitReport, Launch, run};

/// Width of the terminal in cells, if there is one.
pub fn width() -> Option<usize> {
    // A terminal that was never given a size says 0.
    crossterm::terminal::size().ok().map(|(width, _)| usize::from(width)).filter(|width| *width > 0)
}
