//! The guide's page on the language: what it shows works.

use super::formatting::without_spans;
use dryrun::content::{Bank, Files};
use dryrun::design::{Kind, compile, format, schema};
use dryrun::source::Severity;

const PAGE: &str = include_str!("../../../content/guide/language.md");

/// The page's designs.
fn examples() -> Vec<&'static str> {
    PAGE.split("```dry\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn every_example_compiles_without_an_error() {
    let bank = Bank::new(Files::embedded(Vec::new()));
    assert!(examples().len() >= 7);
    for text in examples() {
        let compiled = compile(text, bank.catalogue());
        let errors: Vec<_> = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{text}\n{errors:?}");
        assert!(!compiled.design.flows.is_empty(), "{text}");
        let again = compile(&format(text), bank.catalogue()).design;
        assert_eq!(without_spans(&again), without_spans(&compiled.design), "{text}");
    }
}

#[test]
fn every_kind_and_every_attribute_of_an_arrow_is_named() {
    for kind in Kind::ALL {
        assert!(PAGE.contains(&format!("`{kind}`")), "{kind}");
    }
    for attribute in schema::link_attributes() {
        assert!(PAGE.contains(attribute.name), "{}", attribute.name);
    }
}
