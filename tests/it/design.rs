//! The design language: text to design, diagnostics, canonical form and diagram.

mod catalogue;
mod drawing;
mod formatting;
mod language;
mod outline;
mod properties;
