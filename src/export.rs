//! Domain to Markdown, as pure functions.

mod coverage;
mod measurements;
mod notes;
mod session;

pub use session::{SessionExport, session_markdown};
