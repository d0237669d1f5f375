//! Rows that the tables of several screens have: one key, one name and one sentence for what is the same everywhere.

use crossterm::event::KeyCode;

use super::{Binding, Chord, bind};

const RUN: &[Chord] = &[Chord::f(5), Chord::ctrl('r'), Chord::char('r')];
const EDITOR: &[Chord] = &[Chord::ctrl('g')];
const SAVE: &[Chord] = &[Chord::ctrl('s')];
const NEXT_PANE: &[Chord] = &[Chord::code(KeyCode::Tab)];
const PREVIOUS_PANE: &[Chord] = &[Chord::code(KeyCode::BackTab)];

/// Runs a design.
pub const fn run<A>(action: A) -> Binding<A> {
    bind(action, "run", RUN, "run", "Run the design now (it also runs after each edit)")
}

/// Opens a text in the user's own editor.
pub const fn editor<A>(action: A) -> Binding<A> {
    bind(action, "editor", EDITOR, "", "Write this text in your own editor ($VISUAL or $EDITOR)")
}

/// Saves a text that is saved by itself as well.
pub const fn save<A>(action: A) -> Binding<A> {
    bind(action, "save", SAVE, "", "Save now (it is saved by itself every second)")
}

/// To the next of several panes.
pub const fn next_pane<A>(action: A) -> Binding<A> {
    bind(action, "next-pane", NEXT_PANE, "pane", "To the next pane")
}

/// To the pane before.
pub const fn previous_pane<A>(action: A) -> Binding<A> {
    bind(action, "previous-pane", PREVIOUS_PANE, "", "To the pane before")
}
