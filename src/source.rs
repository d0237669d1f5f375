//! Positions in a text, the one [`Diagnostic`] that every parser of the product reports with, and its plain rendering.
//!
//! Nothing here knows what is being parsed. Colours and squiggles belong to the terminal; this module renders text.

mod clean;
mod diagnostic;
mod position;
mod render;
mod suggest;

pub use clean::printable;
pub use diagnostic::{Diagnostic, Label, Severity};
pub use position::{LineIndex, Position, Span};
pub use render::render;
pub use suggest::nearest;
