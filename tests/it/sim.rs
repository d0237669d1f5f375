//! The simulator against theory, and what holds of every run.

mod behaviour;
mod caching;
mod closed_forms;
mod explain;
mod language;
mod process;
mod queueing;
mod random;
mod sketch;
mod text;
