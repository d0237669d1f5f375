//! Domain to Markdown, as pure functions.

mod session;

pub use session::{SessionExport, session_markdown};
