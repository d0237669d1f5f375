//! Stateful parts that several screens embed.

pub mod editor;
