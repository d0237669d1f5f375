//! Checks of the Markdown items, the numbers and the framework.

use std::collections::BTreeSet;

use super::super::catalogue::{key_span, parameter_name};
use super::super::item::{Item, ItemKind};
use super::super::{Bank, Finding, TextFile};
use super::{error_at, locate};
use crate::source::{Diagnostic, Span, nearest};

/// A card's answer is one fact: longer than this, in characters, it is two.
const LONGEST_ANSWER: usize = 420;

pub(super) fn check(bank: &Bank, findings: &mut Vec<Finding>) {
    let ids = ids(bank, findings);
    for item in bank.items() {
        let file = &item.origin.file;
        for (id, span) in item.see.iter().zip(&item.origin.see) {
            if !ids.contains(id.as_str()) && bank.title(id).is_none() {
                let near = nearest(id, ids.iter().copied());
                let help = near.map_or_else(
                    || "'dryrun search' with a few words finds ids".to_owned(),
                    |near| format!("did you mean '{near}'?"),
                );
                let message = format!("nothing in the bank has the id '{id}'");
                findings.push(Finding::new(file, Diagnostic::error(*span, message).help(help)));
            }
        }
        if item.body.is_empty() {
            let diagnostic = Diagnostic::error(item.origin.id, "the page is empty")
                .help("write the text below the second '+++': what it is comes first");
            findings.push(Finding::new(file, diagnostic));
        }
        if item.title.trim().is_empty() {
            let finding = error_at(file, "title", "the title is empty".to_owned());
            findings.push(finding.help("what a person calls it"));
        }
        links(bank, item, findings);
        cards(item, findings);
        match item.kind {
            ItemKind::Question => question(item, findings),
            ItemKind::Technology => sources(item, findings),
            _ => {}
        }
    }
    framework(bank, findings);
    strays(bank, findings);
}

/// Every id of the bank; one that occurs twice is an error.
fn ids<'a>(bank: &'a Bank, findings: &mut Vec<Finding>) -> BTreeSet<&'a str> {
    let mut ids = BTreeSet::new();
    for item in bank.items() {
        if !ids.insert(item.id.as_str()) {
            findings.push(Finding::new(&item.origin.file, taken(item.origin.id, &item.id)));
        }
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !item.id.chars().all(kebab) || item.id.is_empty() {
            let diagnostic = Diagnostic::error(item.origin.id, format!("'{}' is no id", item.id))
                .help("lower-case letters, digits and hyphens: \"consistent-hashing\"");
            findings.push(Finding::new(&item.origin.file, diagnostic));
        }
    }
    for problem in bank.problems() {
        if !ids.insert(problem.id.as_str())
            && let Some(file) = bank.files().file(&format!("problems/{}/problem.toml", problem.id))
        {
            findings.push(Finding::new(&file, taken(Span::at(0), &problem.id)));
        }
    }
    let (sheets, _) = bank.files().layers("content/numbers.toml");
    for number in bank.numbers() {
        let quoted = format!("\"{}\"", number.id);
        if !ids.insert(number.id.as_str())
            && let Some(file) = sheets.iter().rev().find(|file| file.text.contains(&quoted))
            // Twice in one sheet was found when it was read.
            && file.text.matches(&format!("id = {quoted}")).count() == 1
        {
            findings.push(Finding::new(file, taken(locate(file, &quoted), &number.id)));
        }
    }
    ids
}

fn taken(span: Span, id: &str) -> Diagnostic {
    Diagnostic::error(span, format!("the id '{id}' is taken"))
        .help("all kinds share one set of ids: choose another, or use the same folder to replace the one there is")
}

/// Links of the text that lead nowhere.
fn links(bank: &Bank, item: &Item, findings: &mut Vec<Finding>) {
    if !item.body.contains("](") {
        return;
    }
    for target in crate::markup::targets(&item.body) {
        let outside = target.contains("://") || target.starts_with("mailto:");
        if !outside && bank.title(&target).is_none() {
            let message = format!("the link leads nowhere: nothing in the bank has the id '{target}'");
            let finding = error_at(&item.origin.file, &format!("]({target}"), message);
            findings.push(finding.help("a link has an id or an address with https:// as its target"));
        }
    }
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
            let diagnostic = Diagnostic::error(item.origin.id, "a question needs its number 'n', from 1 to 100")
                .help("add a line: n = 34");
            findings.push(Finding::new(&item.origin.file, diagnostic));
            return;
        }
    };
    if item.level.as_deref() != Some(level) {
        let message = format!("question {} is {level}", item.number.unwrap_or_default());
        let help = format!("write level = \"{level}\"");
        findings.push(error_at(&item.origin.file, "level =", message).help(help));
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

/// Files of the user's that stand where nothing is looked for.
fn strays(bank: &Bank, findings: &mut Vec<Finding>) {
    let places = ItemKind::PAGES.map(|(_, place)| place);
    let known = |name: &str| {
        let page = name.ends_with(".md") && places.iter().any(|place| name.starts_with(place));
        page || matches!(name, "content/numbers.toml" | "content/framework.toml")
    };
    for (path, name) in bank.files().overlaid_content() {
        if !known(&name) {
            let near = nearest(&name, places.iter().map(|place| place.trim_end_matches('/')));
            let help = near.map_or_else(
                || format!("pages stand in {}", places.map(|place| place.trim_end_matches('/')).join(", ")),
                |near| format!("did you mean {near}/?"),
            );
            let file = TextFile { path: path.display().to_string(), text: "".into() };
            let diagnostic = Diagnostic::warning(Span::at(0), "nothing is read from this place").help(help);
            findings.push(Finding::new(&file, diagnostic));
        }
    }
}

fn framework(bank: &Bank, findings: &mut Vec<Finding>) {
    let (sheets, _) = bank.files().layers("content/framework.toml");
    let phases = bank.framework().types.iter().flat_map(|kind| &kind.phases);
    for check in phases.flat_map(|phase| &phase.checklist) {
        for pattern in &check.evidence {
            if let Err(why) = super::problems::pattern(pattern)
                && let Some(file) = sheets.iter().rev().find(|file| file.text.contains(pattern.as_str()))
            {
                let message = format!("'{pattern}' is no pattern: {why}");
                findings.push(error_at(file, pattern, message).help("a regular expression; case is ignored"));
            }
        }
    }
}
