//! The guide's pages about kinds: their parameters are the schema's, their defaults and sources the cards', and their examples run.

use std::fmt::Write;

use dryrun::{
    content::{Item, ItemKind},
    design::{
        Kind, compile,
        schema::{self, Attribute, ValueKind},
    },
    sim::{Options, run},
    source::Severity,
};

use super::behaviours::BANK;

/// The heading of a page's list of parameters, up to the next heading.
const HEADING: &str = "## Parameters\n";

/// The model of a kind's default card: values and their sources as written.
fn default_model(kind: Kind) -> toml::Table {
    for item in BANK.pages(ItemKind::Technology) {
        let text = std::fs::read_to_string(format!("content/technologies/{}.md", item.id)).expect("a card is a file");
        let front = text.split("+++").nth(1).expect("a card has front matter");
        let table: toml::Table = front.parse().expect("the front matter is TOML");
        let Some(model) = table.get("model").and_then(toml::Value::as_table) else { continue };
        let of_kind = model.get("kind").and_then(toml::Value::as_str) == Some(kind.name());
        if of_kind && model.get("default").and_then(toml::Value::as_bool) == Some(true) {
            return model.clone();
        }
    }
    panic!("{kind} has no default card");
}

/// The value of a parameter in a model, whichever way its name is spelt.
fn find<'a>(table: &'a toml::Table, attribute: &Attribute) -> Option<&'a toml::Value> {
    let named = |name: &str| {
        let name = name.replace('_', "-");
        name == attribute.name || attribute.aliases.contains(&name.as_str())
    };
    table.iter().find(|(name, _)| named(name)).map(|(_, value)| value)
}

fn shown(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Boolean(true) => "yes".to_owned(),
        toml::Value::Boolean(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

fn kind_of(attribute: &Attribute) -> String {
    if !attribute.choices.is_empty() {
        return attribute.choices.join(", ");
    }
    match attribute.value {
        ValueKind::Number => "number",
        ValueKind::Ratio => "percentage",
        ValueKind::Duration => "length of time",
        ValueKind::Size => "size",
        ValueKind::Rate => "rate",
        ValueKind::Bandwidth => "bandwidth",
        ValueKind::Distribution => "time, may be random",
        ValueKind::Word => "word",
        ValueKind::Money => "money a month",
        ValueKind::Flag => "yes or no",
    }
    .to_owned()
}

fn line(attribute: &Attribute, model: &toml::Table) -> String {
    let mut text = format!("- `{}` ({}", attribute.name, kind_of(attribute));
    if let Some(value) = find(model, attribute) {
        let _ = write!(text, "; default {}", shown(value));
    }
    let _ = write!(text, "): {}.", attribute.doc);
    let source = model.get("sources").and_then(toml::Value::as_table).and_then(|sources| find(sources, attribute));
    if let Some(source) = source {
        let _ = write!(text, " *{}.*", shown(source).trim_end_matches('.'));
    }
    text
}

fn list(attributes: &[Attribute], model: &toml::Table) -> String {
    let lines: Vec<String> = attributes.iter().map(|attribute| line(attribute, model)).collect();
    lines.join("\n")
}

/// Holds a page's list against the schema; writes it where `UPDATE_GOLDEN` is set.
#[track_caller]
fn check(page: &str, expected: &str) {
    let path = format!("content/guide/{page}.md");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let start = text.find(HEADING).unwrap_or_else(|| panic!("{path} has no list of parameters")) + HEADING.len();
    let end = text[start..].find("\n## ").map_or(text.len(), |at| start + at);
    let expected = format!("\n{expected}\n");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, format!("{}{expected}{}", &text[..start], &text[end..])).expect("it can be written");
        return;
    }
    assert!(text[start..end] == expected, "{path}: `UPDATE_GOLDEN=1 cargo test` writes its list of parameters anew");
}

#[test]
fn the_page_of_each_kind_lists_its_parameters() {
    for kind in Kind::ALL {
        check(&format!("kind-{kind}"), &list(schema::attributes(kind), &default_model(kind)));
    }
}

#[test]
fn the_page_of_arrows_and_flows_lists_their_parameters() {
    let none = toml::Table::new();
    let arrows = list(schema::link_attributes(), &none);
    let flows = list(schema::flow_attributes(), &none);
    let common = list(schema::common_attributes(), &none);
    check(
        "arrows-and-flows",
        &format!("### Of an arrow\n\n{arrows}\n\n### Of a flow\n\n{flows}\n\n### Of every component\n\n{common}"),
    );
}

/// The designs of a page: its blocks marked `dry`.
fn examples(item: &Item) -> Vec<String> {
    item.body.split("```dry\n").skip(1).map(|block| block.split("```").next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_example_about_the_simulator_runs_without_a_warning() {
    let mut count = 0;
    let of_simulator = |item: &&Item| item.tags.iter().any(|tag| tag == "simulator");
    for item in BANK.pages(ItemKind::Guide).iter().filter(of_simulator) {
        for text in examples(item) {
            let compiled = compile(&text, BANK.catalogue());
            let found: Vec<_> = compiled.diagnostics.iter().filter(|found| found.severity != Severity::Note).collect();
            assert!(found.is_empty(), "{}: {text}\n{found:#?}", item.id);
            let options = Options { simulated_s: 2.0, warmup_s: 0.5, ..Options::of(&compiled.design) };
            let report = run(&compiled.design, &options.with_network(BANK.catalogue().network()));
            assert!(report.flows.iter().any(|flow| flow.offered_per_s > 0.0), "{}: no load\n{text}", item.id);
            count += 1;
        }
    }
    assert!(count >= Kind::ALL.len(), "{count} examples");
}
