//! Targets and loads that the notes promise, and what a design is held to because of them.

use std::ops::Range;

use super::Record;
use crate::design::{Design, FlowId, Target};

/// A target recognised in the notes.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteTarget {
    /// The target; its span lies in the phase's notes.
    pub target: Target,
    /// Index of the phase.
    pub phase: usize,
    /// The line of the notes that has it.
    pub line: String,
}

/// A load recognised in the notes: `redirects 115k/s`, `100M DAU`.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteLoad {
    /// Bytes of the phase's notes.
    pub span: Range<usize>,
    /// What is counted: `redirects`, `DAU`.
    pub subject: String,
    /// How many.
    pub amount: Amount,
    /// Index of the phase.
    pub phase: usize,
    /// The line of the notes that has it.
    pub line: String,
}

/// How much load.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// So many a second.
    PerSecond(f64),
    /// So many people.
    Users(f64),
}

/// A requirement that can't be measured, and what to ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vague {
    /// Bytes of the phase's notes.
    pub span: Range<usize>,
    /// Index of the phase.
    pub phase: usize,
    /// The remark: `'low latency': how low, and for which request?`.
    pub remark: String,
}

/// What the notes of all phases promise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Promises {
    /// Targets, in the order of phases and lines; one of several alike.
    pub targets: Vec<NoteTarget>,
    /// Loads, likewise.
    pub loads: Vec<NoteLoad>,
    /// What can't be measured.
    pub vague: Vec<Vague>,
}

/// A target of a flow, and why the flow is held to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The flow.
    pub flow: FlowId,
    /// The target.
    pub target: Target,
    /// Where it comes from.
    pub from: HeldFrom,
    /// That in a sentence: `from the notes ('redirects p99 < 100ms'), for GET /{code} by 'redirects'`.
    pub why: String,
}

/// Where a flow's target comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldFrom {
    /// The design's own text.
    Design,
    /// The notes, whose line names the flow.
    NotesByName,
    /// The notes, whose line names no flow: it goes to the main one.
    NotesToMain,
}

/// A flow that runs with less load than the notes promise.
#[derive(Clone, Debug, PartialEq)]
pub struct Underloaded {
    /// The flow.
    pub flow: FlowId,
    /// Requests a second that the notes promise.
    pub promised: f64,
    /// Requests a second that the design offers.
    pub offered: f64,
    /// That in a sentence.
    pub why: String,
}

/// Reads all notes of `record`.
pub fn promises(record: &Record) -> Promises {
    let _ = record;
    Promises::default()
}

/// What each flow of `design` is held to: its own targets, then those of the notes.
pub fn held_to(design: &Design, promises: &Promises) -> Vec<Held> {
    let _ = (design, promises);
    Vec::new()
}

/// `design` with the notes' targets among those of its flows: what is to be run.
#[must_use]
pub fn with_promises(design: &Design, promises: &Promises) -> Design {
    let _ = promises;
    design.clone()
}

/// Flows of `design` that run with less load than the notes promise.
pub fn underloaded(design: &Design, promises: &Promises) -> Vec<Underloaded> {
    let _ = (design, promises);
    Vec::new()
}
