//! Quantities: numbers with dimensions, as people write and say them.
//!
//! One implementation serves the design language, the targets in the notes and the estimator, so that `100M/day` means the same
//! everywhere. A value is kept in base units (second, byte, dollar); count nouns (request, user, ...) are dimensions of their own.

mod digits;
mod dimension;
mod display;
mod format;
mod literal;
mod names;
mod noun;
mod quantity;
mod scan;

pub use digits::significant;
pub use dimension::{Base, Dimension};
pub use display::{Information, NamedUnit, Reading, Rounding, Style, display, reading, style_of};
pub use format::{
    bytes as format_bytes, count as format_count, duration as format_duration, money as format_money,
    number as format_number, percent as format_percent, rate as format_rate,
};
pub use literal::{BareB, LiteralError, literal, unit_or_noun};
pub use names::{Unit, unit, unit_names};
pub use noun::{plural, singular};
pub use quantity::Quantity;
pub use scan::{LiteralParts, ScanOptions, Suffix, UnitWord, number_length, scale_word, scan, scan_unit};
