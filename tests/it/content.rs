//! The bank as it ships: complete, sound, in our own words.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use dryrun::content::{Bank, Depth, Files, ItemKind, check};

fn bank() -> Bank {
    Bank::new(Files::embedded(Vec::new()))
}

#[test]
fn the_whole_bank_is_sound() {
    let findings = check(&bank(), Depth::Read);
    let told: Vec<String> = findings.iter().map(dryrun::content::Finding::render).collect();
    assert!(findings.is_empty(), "{}", told.join("\n"));
}

#[test]
fn there_are_a_hundred_questions_each_with_cards() {
    let bank = bank();
    let questions = bank.pages(ItemKind::Question);
    let numbers: BTreeSet<u32> = questions.iter().filter_map(|question| question.number).collect();
    assert_eq!(numbers, (1..=100).collect());
    for question in questions {
        assert!((3..=8).contains(&question.cards.len()), "{}: {} cards", question.id, question.cards.len());
        for section in ["## In depth", "## Trade-offs", "## Pitfalls", "## Follow-ups"] {
            assert!(question.body.contains(section), "{} has no '{section}'", question.id);
        }
    }
}

#[test]
fn every_card_has_an_id_of_its_own_and_two_sides() {
    let bank = bank();
    let mut ids = BTreeSet::new();
    for card in bank.cards() {
        assert!(ids.insert(card.id.clone()), "two cards have the id {}", card.id);
        assert!(!card.question.trim().is_empty() && !card.answer.trim().is_empty(), "{} lacks a side", card.id);
    }
    assert!(ids.len() > 1_000, "{} cards", ids.len());
}

#[test]
fn every_kind_of_component_has_a_default_card() {
    let bank = bank();
    for kind in dryrun::design::Kind::ALL {
        assert!(bank.catalogue().default_of(kind).is_some(), "no default card for {kind}");
    }
}

/// No run of twelve words of the source documents stands in ours.
#[test]
fn the_words_are_our_own() {
    const RUN: usize = 12;
    let seeds = Path::new("../shared/seeds");
    let Ok(entries) = std::fs::read_dir(seeds) else {
        eprintln!("skipped: the source documents are not beside this checkout");
        return;
    };
    let mut runs: BTreeSet<u64> = BTreeSet::new();
    for entry in entries.flatten() {
        let text = std::fs::read_to_string(entry.path()).unwrap();
        runs.extend(words(&text).windows(RUN).map(|run| hash(run.iter().map(String::as_str))));
    }
    let mut ours: BTreeMap<String, String> = BTreeMap::new();
    collect(Path::new("content"), &mut ours);
    collect(Path::new("problems"), &mut ours);
    ours.insert("README.md".to_owned(), std::fs::read_to_string("README.md").unwrap());
    let mut taken = Vec::new();
    for (path, text) in &ours {
        for run in words(text).windows(RUN) {
            if runs.contains(&hash(run.iter().map(String::as_str))) {
                taken.push(format!("{path}: {}", run.join(" ")));
            }
        }
    }
    assert!(taken.is_empty(), "\n{}", taken.join("\n"));
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn hash<'a>(words: impl Iterator<Item = &'a str>) -> u64 {
    words
        .flat_map(|word| word.bytes().chain([b' ']))
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn collect(folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            files.insert(path.display().to_string(), text);
        }
    }
}
