//! Everything that the field's guides name is in the bank, and is found by its name.

use dryrun::content::{Bank, Files};

/// Kind, id and name of each, parted by tabs.
const NAMES: &str = include_str!("inventory.txt");
/// What is sought by its name stands among so many results.
const AMONG: usize = 5;

#[test]
fn every_name_is_found() {
    let bank = Bank::new(Files::embedded(Vec::new()));
    let mut missing = Vec::new();
    for line in NAMES.lines() {
        let [kind, id, name] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("not three fields: {line}") };
        let hits = bank.index().search(name);
        if kind == "problem" {
            // A problem may be a question, a concept or a problem of its own; something has to answer to its name.
            if hits.is_empty() && bank.index().search(&id.replace('-', " ")).is_empty() {
                missing.push(format!("{line}: nothing is found"));
            }
            continue;
        }
        let item = bank.item(id).or_else(|| bank.items().find(|item| item.aliases.iter().any(|alias| alias == id)));
        match item {
            None => missing.push(format!("{line}: no page")),
            Some(item) if item.kind.name() != kind => missing.push(format!("{line}: is a {}", item.kind)),
            Some(item) if !hits.iter().take(AMONG).any(|hit| hit.id == item.id) => {
                let first: Vec<&str> = hits.iter().take(AMONG).map(|hit| hit.id.as_str()).collect();
                missing.push(format!("{line}: the name finds {first:?}"));
            }
            Some(_) => {}
        }
    }
    assert!(missing.is_empty(), "{}\n{}", missing.len(), missing.join("\n"));
}
