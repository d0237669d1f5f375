//! Designs as text, under a catalogue of plain numbers.

use dryrun::{
    design::{Catalogue, Compiled, Design, Kind, Network, Parameters, Source, Technology, compile, parse_parameter},
    sim::{Options, Report, run},
};

/// Parameters of the kinds' default cards: round figures for tests, and not those of the bank.
const CARDS: [(Kind, &[(&str, &str)]); 9] = [
    (Kind::LoadBalancer, &[("work", "fixed 50us")]),
    (Kind::Service, &[("work", "5ms"), ("cores", "4")]),
    (Kind::Cache, &[("read", "fixed 100us"), ("write", "fixed 100us"), ("memory", "1GB"), ("item", "1KB")]),
    (Kind::Cdn, &[("memory", "10GB"), ("item", "1KB"), ("work", "fixed 1ms")]),
    (Kind::Sql, &[("read", "2ms"), ("write", "5ms"), ("concurrency", "50"), ("connections", "500")]),
    (Kind::Kv, &[("read", "2ms"), ("write", "2ms"), ("concurrency", "50")]),
    (Kind::Queue, &[("write", "fixed 1ms"), ("concurrency", "100")]),
    (Kind::Stream, &[("write", "fixed 1ms"), ("concurrency", "100"), ("partitions", "64")]),
    (Kind::Worker, &[("work", "5ms"), ("cores", "4")]),
];

/// The tests' catalogue.
pub fn catalogue() -> Catalogue {
    let network = Network { same_zone: 0.5e-3, same_region: 1e-3, cross_region: 80e-3, client: 20e-3 };
    let mut catalogue = Catalogue::new(network);
    for (kind, values) in CARDS {
        let mut parameters = Parameters::default();
        for (name, text) in values {
            let value = parse_parameter(kind, name, text).expect("the tests' cards are well-formed");
            parameters.set(*name, value, Source::Card(kind.name().to_string()));
        }
        let technology = Technology {
            id: kind.name().to_string(),
            title: kind.name().to_string(),
            aliases: Vec::new(),
            kind,
            parameters,
        };
        catalogue.add(technology, true);
    }
    catalogue
}

/// The design of a text without errors.
#[track_caller]
pub fn design(text: &str) -> Design {
    let Compiled { design, diagnostics } = compile(text, &catalogue());
    let errors: Vec<_> = diagnostics.iter().filter(|found| found.severity == dryrun::source::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    design
}

/// What a design does.
#[track_caller]
pub fn simulate(text: &str) -> Report {
    let design = design(text);
    run(&design, &Options::of(&design).with_network(catalogue().network()))
}
