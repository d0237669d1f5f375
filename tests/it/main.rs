//! One integration binary: architecture, content, design, estimate, sim, screens, store, process.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test that fails says so by panicking")]

mod architecture;
mod content;
mod design;
mod estimate;
mod golden;
mod interview;
mod process;
mod screens;
mod sim;
mod store;
