//! One integration binary: architecture, content, design, estimate, sim, screens, store, process.

mod design;
mod sim;
