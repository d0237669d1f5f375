//! The bank as it ships, and packs of the user's own over it.

mod bank;
mod hostile;
mod inventory;
mod packs;
mod schemas;
