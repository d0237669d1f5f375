//! The simulator against theory, and what holds of every run.

mod attributes;
mod behaviour;
mod behaviours;
mod caching;
mod closed_forms;
mod explain;
mod families;
mod guide;
mod handing_over;
mod language;
mod laws;
mod miniature;
mod process;
mod queueing;
mod random;
mod recorded;
mod sketch;
mod text;
