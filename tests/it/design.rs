//! The design language: text to design, diagnostics, canonical form and diagram.

mod catalogue;
mod commands;
mod completing;
mod diagnostics;
mod drawing;
mod formatting;
mod guide;
mod language;
mod outline;
mod properties;
