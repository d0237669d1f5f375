//! Dryrun rehearses a system-design interview in the terminal and then runs the design.
//!
//! Modules in the order of their layers: each may use those above it only as ARCHITECTURE.md's table says, which a test holds.

pub mod clock;
pub mod markup;
pub mod rng;
pub mod source;
pub mod units;

pub mod design;
pub mod estimate;
pub mod sim;

pub mod cards;
pub mod interview;

pub mod content;
pub mod export;
pub mod store;

pub mod tui;

pub mod cli;
