//! One integration binary: architecture, content, design, estimate, sim, screens, store, process.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::used_underscore_binding,
    clippy::cloned_ref_to_slice_refs,
    reason = "a test that fails says so by panicking, and a test of files and processes touches them"
)]

mod architecture;
mod cards;
mod content;
mod design;
mod estimate;
mod golden;
mod interview;
mod process;
mod screens;
mod sim;
mod store;
