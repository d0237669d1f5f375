//! One integration binary: architecture, content, design, estimate, sim, screens, store, process.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test that fails says so by panicking")]

mod architecture;
mod cards;
mod content;
mod design;
mod golden;
mod interview;
mod screens;
mod sim;
mod store;
