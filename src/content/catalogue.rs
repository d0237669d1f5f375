//! The `[model]` tables of technology cards -> the design language's catalogue.

use super::{Finding, Item, Number};
use crate::design::{Catalogue, Kind, Network, Parameters, Source, Technology, parse_parameter};
use crate::source::{Diagnostic, Span};

/// Keys of `[model]` that are no parameters of the simulator.
const RESERVED: [&str; 3] = ["kind", "default", "sources"];

/// The technologies among `items` that have a model.
pub(super) fn catalogue(items: &[Item], numbers: &[Number], findings: &mut Vec<Finding>) -> Catalogue {
    let mut catalogue = Catalogue::new(network(numbers));
    for item in items {
        let Some(model) = &item.model else { continue };
        if let Some(technology) = technology(item, model, findings) {
            let default = model.get("default").and_then(toml::Value::as_bool).unwrap_or(false);
            catalogue.add(technology, default);
        }
    }
    catalogue
}

/// Round trips between two places, from the cheat-sheet.
fn network(numbers: &[Number]) -> Network {
    let seconds = |id: &str| {
        let number = numbers.iter().find(|number| number.id == id);
        number
            .and_then(|number| number.range()?.0.as_seconds().map(|low| low * number.typical() / number.low))
            .unwrap_or(0.0)
    };
    Network {
        same_zone: seconds("round-trip-same-zone"),
        same_region: seconds("round-trip-same-region"),
        cross_region: seconds("round-trip-cross-region"),
        client: seconds("round-trip-client-edge"),
    }
}

fn technology(item: &Item, model: &toml::Table, findings: &mut Vec<Finding>) -> Option<Technology> {
    let file = &item.origin.file;
    let kind_name = model.get("kind").and_then(toml::Value::as_str).unwrap_or_default();
    let Some(kind) = Kind::from_name(kind_name) else {
        let help = crate::source::nearest(kind_name, Kind::ALL.map(Kind::name)).unwrap_or("service");
        let diagnostic = Diagnostic::error(key_span(&file.text, "kind"), format!("unknown kind '{kind_name}'"));
        findings.push(Finding::new(file, diagnostic.help(format!("did you mean '{help}'?"))));
        return None;
    };
    shape(file, model, findings);
    let mut parameters = Parameters::default();
    for (key, value) in model.iter().filter(|(key, _)| !RESERVED.contains(&key.as_str())) {
        let name = parameter_name(key);
        match parse_parameter(kind, &name, &value_text(value)) {
            Ok(value) => parameters.set(name, value, Source::Card(item.id.clone())),
            Err(diagnostic) => {
                let diagnostic = Diagnostic { span: key_span(&file.text, key), ..diagnostic };
                findings.push(Finding::new(file, diagnostic));
            }
        }
    }
    let aliases = item.aliases.iter().map(|alias| alias.to_lowercase()).collect();
    Some(Technology { id: item.id.clone(), title: item.title.clone(), aliases, kind, parameters })
}

/// What is no parameter has its own type.
fn shape(file: &super::TextFile, model: &toml::Table, findings: &mut Vec<Finding>) {
    let mut wrong = |key: &str, help: &str| {
        let diagnostic = Diagnostic::error(key_span(&file.text, key), format!("'{key}' has the wrong type"));
        findings.push(Finding::new(file, diagnostic.help(help)));
    };
    if model.get("default").is_some_and(|value| !value.is_bool()) {
        wrong("default", "write true or false");
    }
    let Some(sources) = model.get("sources") else { return };
    let Some(sources) = sources.as_table() else {
        return wrong("sources", "write a table: [model.sources], then a line for each parameter");
    };
    for (name, _) in sources.iter().filter(|(_, source)| !source.is_str()) {
        wrong(name, "a source is a text in quotes");
    }
}

/// The name in the design language of a key in a card.
pub(super) fn parameter_name(key: &str) -> String {
    let name = key.replace('_', "-");
    if name == "cost-per-month-usd" { "cost".to_owned() } else { name }
}

fn value_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Boolean(true) => "yes".to_owned(),
        toml::Value::Boolean(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

/// Where `key` is set in the `[model]` of `text`.
pub(super) fn key_span(text: &str, key: &str) -> Span {
    let start = text.find("[model]").unwrap_or(0);
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('=')) {
            return Span::new(at, at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::new(start, start + "[model]".len().min(text.len() - start))
}
