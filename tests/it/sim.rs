//! The simulator against theory, and what holds of every run.

mod caching;
mod queueing;
mod sketch;
