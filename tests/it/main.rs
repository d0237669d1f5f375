//! One integration binary: architecture, content, design, estimate, sim, screens, store, process.

mod architecture;
mod content;
