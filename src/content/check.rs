//! Everything that must hold of the bank beyond being readable: ids, references, sources, and problems that do what they promise.

mod pages;
mod problems;
mod trials;

use std::ffi::OsStr;
use std::path::Path;

use super::{Bank, Finding, TextFile};
use crate::source::{Diagnostic, Severity, Span};

/// How far a check goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What can be told by reading: milliseconds.
    Read,
    /// Also what has to be simulated, every problem's reference several times: a second or two a problem and core.
    Run,
    /// The same, of the problems that a folder adds or replaces.
    RunOverlay,
}

/// All findings about the bank: what could not be read, what refers to nothing, and what does not hold when it is run.
pub fn check(bank: &Bank, depth: Depth) -> Vec<Finding> {
    let mut findings = bank.findings();
    pages::check(bank, &mut findings);
    problems::check(bank, depth, &mut findings);
    for finding in findings.iter_mut().filter(|finding| finding.diagnostic.help.is_none()) {
        finding.diagnostic.help = Some(explained_in(&finding.path).to_owned());
    }
    findings.sort_by(|a, b| a.path.cmp(&b.path).then(a.diagnostic.span.cmp(&b.diagnostic.span)));
    findings
}

/// Where to read about a file of the bank, for a finding that says no more.
fn explained_in(path: &str) -> &'static str {
    match Path::new(path).extension().and_then(OsStr::to_str) {
        Some("dry") => "'dryrun show language' explains designs",
        Some("md") => "'dryrun show packs' explains pages, 'dryrun show flashcards' their cards",
        _ => "'dryrun show packs' explains the files of the bank",
    }
}

/// An error where `needle` first stands in the file, or at its start.
fn error_at(file: &TextFile, needle: &str, message: String) -> Finding {
    Finding::new(file, Diagnostic::error(locate(file, needle), message))
}

fn locate(file: &TextFile, needle: &str) -> Span {
    file.text.find(needle).map_or(Span::at(0), |at| Span::new(at, at + needle.len()))
}

/// Whether any of the findings is an error.
pub fn failed(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.diagnostic.severity == Severity::Error)
}
