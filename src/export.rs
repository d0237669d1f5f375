//! Domain to Markdown, as pure functions.

mod coverage;
mod measurements;
mod notes;
mod predictions;
mod session;
mod sheet;

pub use session::{SessionExport, session_markdown};
pub use sheet::{sheet_markdown, sheet_text};
