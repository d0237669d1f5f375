//! Stateful parts that several screens embed.

pub mod design;
pub mod editor;
pub mod popup;
pub mod reader;
pub mod run;
pub mod scroll;
pub mod sheet;
pub mod why;
pub mod workbench;
