//! The terminal program without a terminal: keys in, frames and files out, with a clock of the test's own.

mod cards;
mod completing;
pub mod drive;
mod estimate;
mod frames;
mod interview;
mod keys;
mod lab;
mod lab_runs;
mod library;
mod sizes;
