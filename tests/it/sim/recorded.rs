//! Arrivals from a file: requests come when it says, scaled by a rate and multiplied by a spike, and the same on every run.

use std::sync::Arc;

use dryrun::{
    design::{Catalogue, Recording, compile},
    sim::{Options, Point, Report, run},
    source::Severity,
};

/// Runs a design whose `traffic.csv` says this.
#[track_caller]
fn played(text: &str, arrivals: &str) -> Report {
    let compiled = compile(text, &Catalogue::default());
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let mut design = compiled.design;
    assert_eq!(design.wanted_recordings().len(), 1);
    let recording = Recording::parse(arrivals).expect("arrivals that can be read");
    design.supply("traffic.csv", &Arc::new(recording));
    assert!(design.wanted_recordings().is_empty());
    run(&design, &Options::of(&design))
}

/// Requests that came between two moments.
fn came(report: &Report, from: f64, to: f64) -> f64 {
    let points = &report.flows[0].series.points;
    let tick = points[0].at;
    let within = |point: &&Point| point.at > from + 1e-9 && point.at <= to + 1e-9;
    points.iter().filter(within).map(|point| point.arrivals * tick).sum()
}

const DESIGN: &str =
    "set for 32s\nset warmup 2s\nset network none\nGET /x @ from traffic.csv: users -> api\napi: service, work 1ms\n";

#[test]
fn a_request_comes_at_each_moment() {
    let moments = (0..20).map(|at| (1000.0 + f64::from(at) * 0.25).to_string()).collect::<Vec<_>>().join("\n");
    let report = played(DESIGN, &moments);
    assert_eq!([came(&report, 0.0, 1.0), came(&report, 0.0, 4.0), came(&report, 0.0, 31.0)], [4.0, 16.0, 20.0]);
    assert!(report.notes.iter().any(|note| note.contains("nothing comes after")), "{:?}", report.notes);
    // With a rate of its own the flow has the file's shape at that mean: twice as many at each moment.
    let twice = played(&DESIGN.replace("@ from", "@ 8/s, arrivals from"), &moments);
    assert_eq!([came(&twice, 0.0, 1.0), came(&twice, 0.0, 31.0)], [8.0, 40.0]);
    let spiked = played(&format!("{DESIGN}at 2s: spike GET /x 3x for 2s\n"), &moments);
    assert_eq!([came(&spiked, 0.0, 2.0), came(&spiked, 2.0, 4.0)], [8.0, 24.0]);
}

#[test]
fn a_rate_lasts_until_the_next() {
    const RATES: &str = "0 200\n8 1000\n16 0\n24 400\n";
    let report = played(DESIGN, RATES);
    // Four times the standard deviation of a Poisson count.
    for (from, to, expected) in [(0.0, 8.0, 1600.0), (8.0, 16.0, 8000.0), (16.0, 24.0, 0.0), (24.0, 31.0, 2800.0)] {
        let count = came(&report, from, to);
        assert!((count - expected).abs() <= 4.0 * f64::sqrt(expected), "{count} from {from} to {to}, not {expected}");
    }
    assert_eq!(report, played(DESIGN, RATES), "the same file and seed, the same run");
    let half = played(&DESIGN.replace("@ from", "@ 200/s, arrivals from"), RATES);
    let (whole, half) = (came(&report, 0.0, 31.0), came(&half, 0.0, 31.0));
    assert!((half / whole - 0.5).abs() < 0.03, "{half} of {whole}");
}

#[test]
fn a_file_that_nobody_read_is_told() {
    let compiled = compile(DESIGN, &Catalogue::default());
    let report = run(&compiled.design, &Options::of(&compiled.design));
    assert!(report.notes.iter().any(|note| note.contains("traffic.csv was not read")), "{:?}", report.notes);
    assert!(report.flows[0].offered_per_s > 0.0);
}

#[test]
fn arrivals_from_nowhere_are_an_error() {
    let text = DESIGN.replace(" traffic.csv", "");
    let found = compile(&text, &Catalogue::default()).diagnostics;
    let error = found.iter().find(|found| found.severity == Severity::Error).expect("an error");
    assert_eq!(&text[error.span.start..error.span.end], "from");
    assert!(error.message.contains("which file"), "{}", error.message);
}
