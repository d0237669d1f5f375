//! What a line of a sheet can see: the lines above it.

use std::collections::BTreeMap;

use super::{Entry, Parsed, totals};
use crate::estimate::evaluate::{Elsewhere, Scope};
use crate::estimate::value::Value;

/// A version of a line's result; a new one is given whenever the result may have changed.
pub(super) type Stamp = u64;

/// Something outside itself that a line read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Read {
    /// A variable, defined or not.
    Variable(String),
    /// The nearest result.
    Previous,
    /// All results since the heading.
    Section,
}

/// The lines above as names see them.
#[derive(Clone, Debug, Default)]
pub(super) struct Definitions {
    defined: BTreeMap<String, usize>,
    /// Names whose latest definition has an error.
    broken: BTreeMap<String, usize>,
    previous: Option<usize>,
    section: Vec<usize>,
    occurrences: BTreeMap<String, u64>,
}

impl Definitions {
    /// How often a line of this name or text has stood above.
    pub fn occurrence(&mut self, origin: &str) -> u64 {
        let count = self.occurrences.entry(origin.to_owned()).or_insert(0);
        *count += 1;
        *count - 1
    }

    /// Goes below line `at`.
    pub fn pass(&mut self, at: usize, entry: &Entry) {
        if matches!(entry.parsed, Ok(Parsed::Heading)) {
            self.section.clear();
        }
        if entry.line.outcome().is_none() {
            if let Some(name) = &entry.name {
                self.defined.remove(name);
                self.broken.insert(name.clone(), at);
            }
            return;
        }
        if let Some(name) = &entry.name {
            self.broken.remove(name);
            self.defined.insert(name.clone(), at);
        }
        self.previous = Some(at);
        if entry.statement().is_some_and(|statement| !totals(&statement.value)) {
            self.section.push(at);
        }
    }

    pub fn defined(&self) -> &BTreeMap<String, usize> {
        &self.defined
    }

    pub fn into_defined(self) -> BTreeMap<String, usize> {
        self.defined
    }
}

/// The scope of one line, which notes what is read.
pub(super) struct Above<'a> {
    before: &'a [Entry],
    after: &'a [Entry],
    definitions: &'a Definitions,
    pub trace: Vec<(Read, Option<Stamp>)>,
}

impl<'a> Above<'a> {
    pub fn new(before: &'a [Entry], after: &'a [Entry], definitions: &'a Definitions) -> Self {
        Self { before, after, definitions, trace: Vec::new() }
    }

    /// The lines that `read` stands for now.
    fn lines(&self, read: &Read) -> Vec<usize> {
        match read {
            Read::Variable(name) => self.definitions.defined.get(name).copied().into_iter().collect(),
            Read::Previous => self.definitions.previous.into_iter().collect(),
            Read::Section => self.definitions.section.clone(),
        }
    }

    /// The version of what `read` stands for now; none if it stands for nothing.
    pub fn stamp(&self, read: &Read) -> Option<Stamp> {
        let stamps = self.lines(read).into_iter().map(|line| self.before[line].stamp);
        match read {
            Read::Section => stamps.reduce(|all, stamp| all.wrapping_mul(0x0100_0000_01B3).wrapping_add(stamp)),
            _ => stamps.last(),
        }
    }

    /// The lines behind a trace, each once, in ascending order.
    pub fn lines_of(&self, trace: &[(Read, Option<Stamp>)]) -> Vec<usize> {
        let mut lines: Vec<usize> = trace.iter().flat_map(|(read, _)| self.lines(read)).collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }

    fn note(&mut self, read: Read) {
        if self.trace.iter().all(|(known, _)| *known != read) {
            let stamp = self.stamp(&read);
            self.trace.push((read, stamp));
        }
    }

    fn value(&self, line: usize) -> Option<Value> {
        self.before[line].line.outcome().map(|outcome| outcome.value.clone())
    }
}

impl Scope for Above<'_> {
    fn variable(&mut self, name: &str) -> Option<Value> {
        self.note(Read::Variable(name.to_owned()));
        self.definitions.defined.get(name).and_then(|&line| self.value(line))
    }

    fn previous(&mut self) -> Option<Value> {
        self.note(Read::Previous);
        self.definitions.previous.and_then(|line| self.value(line))
    }

    fn section(&mut self) -> Vec<(usize, Value)> {
        self.note(Read::Section);
        let lines = self.definitions.section.iter();
        lines.filter_map(|&line| Some((line + 1, self.value(line)?))).collect()
    }

    fn names(&self) -> Vec<String> {
        self.definitions.defined.keys().cloned().collect()
    }

    fn elsewhere(&self, name: &str) -> Option<Elsewhere> {
        if let Some(line) = self.definitions.broken.get(name) {
            return Some(Elsewhere::Broken(line + 1));
        }
        let below = self.after.iter().position(|entry| entry.name.as_deref() == Some(name))?;
        Some(Elsewhere::Below(self.before.len() + 2 + below))
    }
}
