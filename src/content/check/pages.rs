//! Checks of the Markdown items, the numbers and the framework.

use std::collections::BTreeSet;

use super::super::catalogue::{key_span, parameter_name};
use super::super::item::{Item, ItemKind};
use super::super::{Bank, Finding, TextFile};
use super::error_at;
use crate::source::{Diagnostic, nearest};

/// A card's answer is one fact: longer than this, in characters, it is two.
const LONGEST_ANSWER: usize = 420;

pub(super) fn check(bank: &Bank, findings: &mut Vec<Finding>) {
    let ids = ids(bank, findings);
    for item in bank.items() {
        let file = &item.origin.file;
        for (id, span) in item.see.iter().zip(&item.origin.see) {
            if !ids.contains(id.as_str()) {
                let near = nearest(id, ids.iter().copied());
                let mut diagnostic = Diagnostic::error(*span, format!("nothing in the bank has the id '{id}'"));
                diagnostic.help = near.map(|near| format!("did you mean '{near}'?"));
                findings.push(Finding::new(file, diagnostic));
            }
        }
        if item.body.is_empty() {
            findings.push(Finding::new(file, Diagnostic::error(item.origin.id, "the page is empty")));
        }
        cards(item, findings);
        match item.kind {
            ItemKind::Question => question(item, findings),
            ItemKind::Technology => sources(item, findings),
            _ => {}
        }
    }
    numbers(bank, findings);
    framework(bank, findings);
}

/// Every id of the bank; one that occurs twice is an error.
fn ids<'a>(bank: &'a Bank, findings: &mut Vec<Finding>) -> BTreeSet<&'a str> {
    let mut ids = BTreeSet::new();
    for item in bank.items() {
        if !ids.insert(item.id.as_str()) {
            let message = format!("the id '{}' is taken", item.id);
            findings.push(Finding::new(&item.origin.file, Diagnostic::error(item.origin.id, message)));
        }
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !item.id.chars().all(kebab) || item.id.is_empty() {
            let message = format!("'{}' is no id: lower-case letters, digits and hyphens", item.id);
            findings.push(Finding::new(&item.origin.file, Diagnostic::error(item.origin.id, message)));
        }
    }
    for problem in bank.problems() {
        if !ids.insert(problem.id.as_str()) {
            let file = TextFile { path: format!("problems/{}/problem.toml", problem.id), text: "".into() };
            findings.push(error_at(&file, "", format!("the id '{}' is taken", problem.id)));
        }
    }
    for number in bank.numbers() {
        if !ids.insert(number.id.as_str())
            && let Some(file) = bank.files().file("content/numbers.toml")
        {
            findings.push(error_at(&file, &format!("\"{}\"", number.id), format!("the id '{}' is taken", number.id)));
        }
    }
    ids
}

fn cards(item: &Item, findings: &mut Vec<Finding>) {
    for card in &item.cards {
        if card.answer.chars().count() > LONGEST_ANSWER {
            let message = format!("the answer of card '{}' is longer than {LONGEST_ANSWER} characters", card.id);
            let finding = error_at(&item.origin.file, &card.question, message);
            let diagnostic = finding.diagnostic.help("one fact a card: split it in two");
            findings.push(Finding { diagnostic, ..finding });
        }
    }
}

/// Questions 1 to 30 are basic, to 70 intermediate, to 100 advanced.
fn question(item: &Item, findings: &mut Vec<Finding>) {
    let level = match item.number {
        Some(1..=30) => "basic",
        Some(31..=70) => "intermediate",
        Some(71..=100) => "advanced",
        _ => {
            let message = "a question needs its number 'n', from 1 to 100";
            findings.push(Finding::new(&item.origin.file, Diagnostic::error(item.origin.id, message)));
            return;
        }
    };
    if item.level.as_deref() != Some(level) {
        let message = format!("question {} is {level}", item.number.unwrap_or_default());
        findings.push(error_at(&item.origin.file, "level =", message));
    }
}

/// Every number of a model says where it comes from.
fn sources(item: &Item, findings: &mut Vec<Finding>) {
    let Some(model) = &item.model else { return };
    let empty = toml::Table::new();
    let sources = model.get("sources").and_then(toml::Value::as_table).unwrap_or(&empty);
    let sourced = |name: &str| sources.keys().any(|key| parameter_name(key) == name);
    for key in model.keys().filter(|key| !matches!(key.as_str(), "kind" | "default" | "sources")) {
        if !sourced(&parameter_name(key)) {
            let file = &item.origin.file;
            let diagnostic = Diagnostic::error(key_span(&file.text, key), format!("'{key}' has no source"))
                .help(format!("say where the number comes from: {key} = \"...\" under [model.sources]"));
            findings.push(Finding::new(file, diagnostic));
        }
    }
}

fn numbers(bank: &Bank, findings: &mut Vec<Finding>) {
    let Some(file) = bank.files().file("content/numbers.toml") else { return };
    for number in bank.numbers() {
        if number.range().is_none() {
            let message = format!("'{}' of '{}' is no unit", number.unit, number.id);
            findings.push(error_at(&file, &format!("\"{}\"", number.id), message));
        }
    }
}

fn framework(bank: &Bank, findings: &mut Vec<Finding>) {
    let Some(file) = bank.files().file("content/framework.toml") else { return };
    let phases = bank.framework().types.iter().flat_map(|kind| &kind.phases);
    for check in phases.flat_map(|phase| &phase.checklist) {
        for pattern in &check.evidence {
            if let Err(why) = super::problems::pattern(pattern) {
                findings.push(error_at(&file, pattern, format!("'{pattern}' is no pattern: {why}")));
            }
        }
    }
}
