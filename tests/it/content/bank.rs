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

#[test]
fn every_reference_leads_somewhere() {
    let bank = bank();
    let see = bank.items().map(|item| (&item.id, &item.see)).chain(bank.problems().iter().map(|p| (&p.id, &p.see)));
    for (id, see) in see {
        for target in see {
            assert!(bank.title(target).is_some(), "{id} refers to '{target}', which does not exist");
        }
    }
    // The same from the other end, links in the text included.
    for item in bank.items() {
        for from in bank.links_to(&item.id) {
            assert!(bank.title(from).is_some(), "'{from}' is said to lead to {}", item.id);
        }
        for target in dryrun::markup::targets(&item.body) {
            let outside = target.contains("://");
            assert!(outside || bank.title(&target).is_some(), "{} links to '{target}', which does not exist", item.id);
        }
    }
}

#[test]
fn every_parameter_of_a_model_has_a_source() {
    let files = Files::embedded(Vec::new()).below("content/technologies/").0;
    let mut parameters = 0;
    for (name, file) in files {
        let front = file.text.split("+++").nth(1).unwrap();
        let head: toml::Table = toml::from_str(front).unwrap();
        let Some(model) = head.get("model").and_then(toml::Value::as_table) else { continue };
        let sources = model.get("sources").and_then(toml::Value::as_table).cloned().unwrap_or_default();
        for key in model.keys().filter(|key| !["kind", "default", "sources"].contains(&key.as_str())) {
            let source = sources.get(key).and_then(toml::Value::as_str).unwrap_or_default();
            assert!(source.len() > 8, "{name}: '{key}' has no source");
            parameters += 1;
        }
    }
    assert!(parameters > 100, "{parameters} parameters");
}

#[test]
fn questions_have_the_level_of_their_number() {
    for question in bank().pages(ItemKind::Question) {
        let number = question.number.unwrap_or_default();
        let level = match number {
            1..=30 => "basic",
            31..=70 => "intermediate",
            _ => "advanced",
        };
        assert_eq!(question.level.as_deref(), Some(level), "{}", question.id);
    }
}

/// What is commonly said, what is right, and who says so: each of the three, every time.
#[test]
fn the_corrections_are_whole() {
    let bank = bank();
    let body = &bank.item("corrections").unwrap().body;
    let entries: Vec<&str> = body.split("- **Often said:**").skip(1).collect();
    assert!(entries.len() >= 340, "{} corrections", entries.len());
    let mut said = BTreeSet::new();
    for entry in entries {
        let parts: Vec<&str> = entry.split("**Right:**").collect();
        let [claim, rest] = parts[..] else { panic!("not two halves: {entry}") };
        let (right, source) = rest.split_once("**Source:**").unwrap_or((rest, ""));
        let source = source.lines().next().unwrap_or_default();
        assert!(claim.trim().len() > 8 && right.trim().len() > 8 && source.trim().len() > 4, "{entry}");
        assert!(said.insert(claim.trim().to_owned()), "said twice: {claim}");
    }
}

/// Each page reads from its title to its end on a narrow terminal and on a wide one, every line within it.
#[test]
fn every_page_fits_every_width() {
    let bank = bank();
    for id in bank.index().ids().collect::<Vec<_>>() {
        let reading = bank.reading(id).unwrap_or_else(|| panic!("{id} is found and can't be read"));
        for width in [38, 76, 100] {
            let document = dryrun::markup::layout(&reading.markdown, width);
            assert!(document.lines.len() > 2, "{id} is empty");
            for line in &document.lines {
                assert!(line.width() <= width, "{id} at {width}: {}", line.text());
            }
        }
    }
}
