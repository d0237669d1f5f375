//! The notebook: lines that use each other, recomputed as they change.
//!
//! A line may use the variables defined above it, `prev` (the nearest result above) and `total` (all results since the heading). Each line
//! remembers what it read and which version of it; an edit works out anew only the lines whose own text or reading changed. What a
//! line shows depends on the text alone, never on the order of the edits.

mod above;

use std::collections::BTreeMap;

use super::chance;
use super::completion::{Completion, completions};
use super::parser::{meant_name, parse};
use super::syntax::{Expr, Node, Parsed, Statement};
use super::working::{Working, working};
use super::{Outcome, Variables, errors, evaluator};
use crate::source::Diagnostic;
use above::{Above, Definitions, Read, Stamp};

/// The most lines that a sheet works out.
pub const MAX_LINES: usize = 2000;
/// What a line with a range takes of a budget: it is as much work as so many exact lines.
pub const UNCERTAIN: usize = 8;

/// A line and what it came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The line as it was typed.
    pub text: String,
    /// What it is.
    pub kind: LineKind,
}

/// What a line is.
#[derive(Clone, Debug, PartialEq)]
pub enum LineKind {
    /// Nothing, or a comment.
    Silent,
    /// A heading: `total` adds up what follows it.
    Heading,
    /// A result.
    Result(Outcome),
    /// What is wrong, with its place in the line.
    Wrong(Diagnostic),
}

impl Line {
    /// The result, if there is one.
    pub fn outcome(&self) -> Option<&Outcome> {
        match &self.kind {
            LineKind::Result(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// What there is to say about the line: its error, or the notes on its result.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        match &self.kind {
            LineKind::Result(outcome) => &outcome.notes,
            LineKind::Wrong(error) => std::slice::from_ref(error),
            _ => &[],
        }
    }
}

/// A notebook of capacity maths.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    entries: Vec<Entry>,
    /// The line that defines each variable at the end of the sheet.
    defined: BTreeMap<String, usize>,
    evaluated: Vec<usize>,
    last_stamp: Stamp,
    /// Where the working out was interrupted, and what the names above stand for there.
    interrupted: Option<(usize, Definitions)>,
}

/// A line with what it was worked out from.
#[derive(Clone, Debug)]
struct Entry {
    line: Line,
    parsed: Result<Parsed, Diagnostic>,
    /// The variable that it defines, or would if it could be read.
    name: Option<String>,
    /// What was read, and its version, when it was last worked out.
    trace: Vec<(Read, Option<Stamp>)>,
    /// The version of the result; 0 before the first.
    stamp: Stamp,
    /// Whether the text is another than the one the result is of.
    changed: bool,
    key: u64,
    /// The lines that it uses.
    uses: Vec<usize>,
}

impl Entry {
    fn new(text: &str) -> Self {
        let line = Line { text: text.to_owned(), kind: LineKind::Silent };
        let parsed = parse(text);
        let name = match &parsed {
            Ok(Parsed::Statement(statement)) => statement.name.as_ref().map(|(name, _)| name.clone()),
            Ok(_) => None,
            Err(_) => meant_name(text),
        };
        Self { line, parsed, name, trace: Vec::new(), stamp: 0, changed: true, key: 0, uses: Vec::new() }
    }

    /// The entry of a line that takes this one's place: if it comes to the same, what uses it need not be worked out anew.
    fn rewritten(&self, text: &str) -> Self {
        let new = Self::new(text);
        let line = Line { kind: self.line.kind.clone(), ..new.line };
        Self { line, stamp: self.stamp, ..new }
    }

    fn statement(&self) -> Option<&Statement> {
        match &self.parsed {
            Ok(Parsed::Statement(statement)) => Some(statement),
            _ => None,
        }
    }
}

impl Sheet {
    /// A sheet of the lines of `text`.
    pub fn new(text: &str) -> Self {
        let mut sheet = Self::default();
        sheet.set_text(text);
        sheet
    }

    /// Replaces the text; lines at the start and the end that stay are not read again.
    pub fn set_text(&mut self, text: &str) {
        self.set_lines(text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line)));
    }

    /// Replaces the lines, as an editor holds them.
    pub fn set_lines<T: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = T>) {
        self.edit_lines(lines, usize::MAX);
    }

    /// Replaces the lines and works out as many as `budget` allows: 1 for an exact line, [`UNCERTAIN`] for one with a range.
    /// [`Sheet::go_on`] does the rest; until then what was not reached shows what it came to before.
    pub fn edit_lines<T: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = T>, budget: usize) {
        let lines: Vec<T> = lines.into_iter().collect();
        let same = |(entry, line): (&Entry, &T)| entry.line.text == line.as_ref();
        let start = self.entries.iter().zip(&lines).take_while(|&pair| same(pair)).count();
        let old_rest = self.entries[start..].iter().rev();
        let end = old_rest.zip(lines[start..].iter().rev()).take_while(|&pair| same(pair)).count();
        let replaced = start..self.entries.len() - end;
        let old = &self.entries[replaced.clone()];
        let changed = lines[start..lines.len() - end].iter().enumerate();
        let changed: Vec<Entry> = changed
            .map(|(at, line)| old.get(at).map_or_else(|| Entry::new(line.as_ref()), |old| old.rewritten(line.as_ref())))
            .collect();
        self.entries.splice(replaced, changed);
        self.recompute(budget);
    }

    /// Whether every line shows what it comes to.
    pub fn is_settled(&self) -> bool {
        self.interrupted.is_none()
    }

    /// Whether line `at` shows what it comes to.
    pub fn reached(&self, at: usize) -> bool {
        self.interrupted.as_ref().is_none_or(|(from, _)| at < *from)
    }

    /// Replaces line `at`, from 0; a line past the end is appended.
    pub fn set_line(&mut self, at: usize, text: &str) {
        match self.entries.get_mut(at) {
            Some(entry) => *entry = entry.rewritten(text),
            None => self.entries.push(Entry::new(text)),
        }
        self.recompute(usize::MAX);
    }

    /// The text of all lines.
    pub fn text(&self) -> String {
        let lines: Vec<&str> = self.lines().map(|line| line.text.as_str()).collect();
        lines.join("\n")
    }

    /// All lines with their results.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = &Line> + DoubleEndedIterator {
        self.entries.iter().map(|entry| &entry.line)
    }

    /// Line `at`, from 0.
    pub fn line(&self, at: usize) -> Option<&Line> {
        self.entries.get(at).map(|entry| &entry.line)
    }

    /// What each variable stands for at the end of the sheet: the `$name` of the design language. An uncertain value is its median.
    pub fn variables(&self) -> Variables {
        let value = |&at: &usize| self.line(at).and_then(Line::outcome).map(Outcome::quantity);
        self.defined.iter().filter_map(|(name, at)| Some((name.clone(), value(at)?))).collect()
    }

    /// The line that defines `name`, from 0.
    pub fn definition(&self, name: &str) -> Option<usize> {
        self.defined.get(name).copied()
    }

    /// The lines that line `at` uses, in ascending order.
    pub fn uses(&self, at: usize) -> &[usize] {
        self.entries.get(at).map_or(&[], |entry| &entry.uses)
    }

    /// The lines that use line `at`, in ascending order.
    pub fn used_by(&self, at: usize) -> Vec<usize> {
        (0..self.entries.len()).filter(|&line| self.entries[line].uses.contains(&at)).collect()
    }

    /// The lines that the last change had worked out.
    pub fn evaluated(&self) -> &[usize] {
        &self.evaluated
    }

    /// What may be typed at byte `offset` of line `at`.
    pub fn completions(&self, at: usize, offset: usize) -> Vec<Completion> {
        let Some(line) = self.line(at) else { return Vec::new() };
        let mut known = Variables::new();
        for entry in &self.entries[..at] {
            if let LineKind::Result(outcome) = &entry.line.kind
                && let Some(name) = &outcome.name
            {
                known.insert(name.clone(), outcome.quantity());
            }
        }
        completions(&line.text, offset, &known)
    }

    /// How line `at` was worked out; nothing if it has no result.
    pub fn working(&self, at: usize) -> Option<Working> {
        let entry = self.entries.get(at)?;
        let statement = entry.statement()?;
        entry.line.outcome()?;
        let mut definitions = Definitions::default();
        for (line, above) in self.entries[..at].iter().enumerate() {
            definitions.pass(line, above);
        }
        let mut scope = Above::new(&self.entries[..at], &[], &definitions);
        working(&mut evaluator(&entry.line.text, &mut scope, entry.key), statement)
    }

    fn recompute(&mut self, budget: usize) {
        self.evaluated.clear();
        self.interrupted = Some((0, Definitions::default()));
        self.go_on(budget);
    }

    /// Goes on with what a budget interrupted.
    pub fn go_on(&mut self, budget: usize) {
        let Some((from, mut definitions)) = self.interrupted.take() else { return };
        let mut spent = 0;
        for at in from..self.entries.len() {
            if spent >= budget {
                self.defined = definitions.defined().clone();
                self.interrupted = Some((at, definitions));
                return;
            }
            if at >= MAX_LINES {
                self.entries[at].line.kind = LineKind::Wrong(errors::too_many_lines(MAX_LINES));
                continue;
            }
            let before = self.evaluated.len();
            self.recompute_line(at, &mut definitions);
            if self.evaluated.len() > before {
                let uncertain = self.entries[at].line.outcome().is_some_and(Outcome::is_uncertain);
                spent += if uncertain { UNCERTAIN } else { 1 };
            }
            definitions.pass(at, &self.entries[at]);
        }
        self.defined = definitions.into_defined();
    }

    /// Works line `at` out unless nothing that it read has changed.
    fn recompute_line(&mut self, at: usize, definitions: &mut Definitions) {
        let (above, rest) = self.entries.split_at_mut(at);
        let Some((entry, below)) = rest.split_first_mut() else { return };
        let statement = match &entry.parsed {
            Ok(Parsed::Silent) => return entry.line.kind = LineKind::Silent,
            Ok(Parsed::Heading) => return entry.line.kind = LineKind::Heading,
            Err(error) => return entry.line.kind = LineKind::Wrong(error.clone()),
            Ok(Parsed::Statement(statement)) => statement,
        };
        let origin = entry.name.as_deref().unwrap_or(&entry.line.text);
        let key = chance::key(origin, definitions.occurrence(origin));
        let mut scope = Above::new(above, below, definitions);
        let settled = !entry.changed && entry.key == key && entry.line.diagnostics().is_empty();
        if settled && entry.trace.iter().all(|(read, stamp)| scope.stamp(read) == *stamp) {
            entry.uses = scope.lines_of(&entry.trace);
            return;
        }
        self.evaluated.push(at);
        entry.key = key;
        entry.changed = false;
        let result = super::outcome(&entry.line.text, statement, &mut scope, key);
        entry.uses = scope.lines_of(&scope.trace);
        entry.trace = scope.trace;
        let unchanged = entry.line.outcome().zip(result.as_ref().ok()).is_some_and(|(old, new)| same_exact(old, new));
        if entry.stamp == 0 || !unchanged {
            self.last_stamp += 1;
            entry.stamp = self.last_stamp;
        }
        entry.line.kind = match result {
            Ok(outcome) => LineKind::Result(outcome),
            Err(error) => LineKind::Wrong(error),
        };
    }
}

/// Whether two results are the same exact value, so that nothing below has to be worked out anew.
fn same_exact(a: &Outcome, b: &Outcome) -> bool {
    let number = a.value.exact();
    number.is_some() && number == b.value.exact() && a.value.dimension == b.value.dimension && a.style() == b.style()
}

/// Whether an expression uses `total`.
fn totals(expr: &Expr) -> bool {
    match &expr.node {
        Node::Total => true,
        Node::Literal(_) | Node::Name(_) | Node::Previous => false,
        Node::Negative(a) | Node::Percent(a) | Node::About(a) | Node::Scaled(a, _) | Node::Convert(a, _) => totals(a),
        Node::PlusMinus(a, b) | Node::Binary(_, a, b) | Node::Range { low: a, high: b, .. } => totals(a) || totals(b),
        Node::Call { arguments, .. } => arguments.iter().any(totals),
    }
}
