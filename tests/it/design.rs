//! The design language: text to design, diagnostics, canonical form and diagram.

mod catalogue;
mod language;
mod outline;
