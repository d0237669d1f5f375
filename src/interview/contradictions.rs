//! What a candidate says twice and not alike: a target that the path can't meet, a load that differs between notes, sheet and design.

use std::ops::Range;

use super::targets::{held_to, overloaded, underloaded};
use super::words;
use super::{HeldFrom, NoteLoad, Problem, Promises};
use crate::design::{Comparison, Design, LoadFigure, Metric, Network, Target, floors};
use crate::estimate::Variables;
use crate::units::{Quantity, format_count, format_duration, format_rate};

/// Two figures of one thing that differ by more than this factor are two figures: people round.
const ROUNDING: f64 = 1.5;

/// Two things that can't both hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What it is about.
    pub about: About,
    /// What contradicts what, one sentence without its full stop.
    pub what: String,
    /// What to do about it.
    pub help: String,
}

/// What a contradiction is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// Bytes of the design's text: the head of a flow.
    Design(Range<usize>),
    /// A target of the design's own text, whose findings say so already.
    Target,
    /// A variable of the sheet.
    Variable(String),
}

/// What contradicts what, in the order of the design's flows and then of the notes.
///
/// A percentile or a mean of a flow's latency contradicts its path if it is below the floor ([`floors`]). Loads contradict each other if they differ by more than people round.
pub fn contradictions(
    design: &Design,
    promises: &Promises,
    problem: &Problem,
    variables: &Variables,
    network: Network,
) -> Vec<Contradiction> {
    let mut found = impossible_targets(design, promises, problem, network);
    let offered = underloaded(design, promises, problem).into_iter().map(|flow| (flow.flow, flow.why));
    let offered = offered.chain(overloaded(design, promises, problem));
    found.extend(offered.map(|(flow, what)| Contradiction {
        about: About::Design(design.flow(flow).span.range()),
        what,
        help: "run what you promise, or promise what you run".to_owned(),
    }));
    found.extend(promises.loads.iter().flat_map(|load| differing(load, variables)));
    found
}

/// Targets of the design and of the notes that lie below the least time which their flow's path takes.
fn impossible_targets(design: &Design, promises: &Promises, problem: &Problem, network: Network) -> Vec<Contradiction> {
    let floors = floors(design, network);
    let below = held_to(design, promises, problem).into_iter().filter_map(|held| {
        let (flow, floor) = (design.flow(held.flow), floors[held.flow.0 as usize]);
        let about = match held.from {
            HeldFrom::Design => About::Target,
            HeldFrom::NotesByName | HeldFrom::NotesToMain => About::Design(flow.span.range()),
        };
        let (text, name, least) = (&held.target.text, &flow.name, format_duration(floor));
        impossible(&held.target, floor).then(|| Contradiction {
            about,
            what: format!("'{text}' of {name} can't be met: this path's floor is {least}"),
            help: "network and fixed work alone take that long: shorten the path, or bring its ends nearer".to_owned(),
        })
    });
    below.collect()
}

fn impossible(target: &Target, floor: f64) -> bool {
    let latency = matches!(target.metric, Metric::LatencyPercentile(p) if p >= 50.0)
        || matches!(target.metric, Metric::LatencyMean | Metric::LatencyMax);
    latency && target.comparison == Comparison::Below && target.bound < floor
}

/// Variables of the sheet that name what a load of the notes counts, and have another figure for it.
fn differing(load: &NoteLoad, variables: &Variables) -> Vec<Contradiction> {
    let about = words::stems(if load.subject.is_empty() { &load.line } else { &load.subject });
    let names_it = |name: &str| {
        let said = words::stems(&name.replace('_', " "));
        !said.is_empty() && said.iter().all(|word| about.iter().any(|other| other.means(word)))
    };
    let mut found = Vec::new();
    for (name, quantity) in variables.iter().filter(|(name, _)| names_it(name)) {
        let Some((promised, worked_out, told)) = figures(load, quantity) else { continue };
        let ratio = worked_out / promised;
        if (1.0 / ROUNDING..=ROUNDING).contains(&ratio) {
            continue;
        }
        found.push(Contradiction {
            about: About::Variable(name.clone()),
            what: format!(
                "the sheet's {name} is {}, but the notes say {} ('{}')",
                told(worked_out),
                told(promised),
                load.line
            ),
            help: "say which one holds".to_owned(),
        });
    }
    found
}

/// A figure as it is told.
type Told = fn(f64) -> String;

/// What a load promises, what a variable comes to, and how both are told; nothing if they can't be compared.
fn figures(load: &NoteLoad, quantity: &Quantity) -> Option<(f64, f64, Told)> {
    let (promised, found, told): (f64, f64, Told) = match load.figure {
        LoadFigure::PerSecond(rate) => (rate, quantity.as_per_second()?, format_rate),
        LoadFigure::Users(users) => (users, quantity.as_count()?, format_count),
    };
    (promised > 0.0 && found > 0.0).then_some((promised, found, told))
}

#[cfg(test)]
mod tests {
    use super::super::{fixture, targets};
    use super::*;
    use crate::design::{Catalogue, compile};
    use crate::units::{BareB, literal};

    const NETWORK: Network = Network { same_zone: 0.001, same_region: 0.002, cross_region: 0.1, client: 0.02 };

    #[track_caller]
    fn check(notes: &str, design: &str, sheet: &[(&str, &str)], expected: &[&str]) {
        let mut record = fixture::record();
        notes.clone_into(&mut record.phases[0].notes);
        let promises = targets::promises(&record);
        let design = compile(design, &Catalogue::new(NETWORK)).design;
        let value = |text: &str| literal(text, BareB::Billion).unwrap();
        let variables = sheet.iter().map(|(name, text)| ((*name).to_owned(), value(text))).collect();
        let found = contradictions(&design, &promises, &fixture::problem(), &variables, NETWORK);
        let said: Vec<&str> = found.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(said, expected, "{notes}");
    }

    const FAR: &str = "GET /{code} @ 5k/s, p99 < 50ms: users -> api -> db\nregion eu: api\nregion us: db";

    #[test]
    fn a_target_below_the_floor_of_its_path_is_flagged_wherever_it_stands() {
        let said = "'p99 < 50ms' of GET /{code} can't be met: this path's floor is 120ms";
        check("", FAR, &[], &[said]);
        let far = FAR.replace(", p99 < 50ms", "");
        check("redirects p99 < 50ms", &far, &[], &[said]);
        check("redirects p99 < 150ms", &far, &[], &[]);
        check("availability 99.99%", &far, &[], &[]);
    }

    #[test]
    fn loads_that_differ_are_flagged() {
        let near = "GET /{code} @ 5k/s: users -> api -> db";
        check("redirects 5k/s", near, &[], &[]);
        check(
            "redirects 115k/s",
            near,
            &[],
            &["the notes say 115k/s ('redirects 115k/s'), but GET /{code} runs at 5k/s"],
        );
        check(
            "redirects 100/s",
            near,
            &[],
            &["the notes say 100/s ('redirects 100/s'), but GET /{code} runs at 5k/s, 50 times that"],
        );
        let sheet = [("redirects", "1k/s"), ("peak_redirects", "90k/s"), ("writes", "3/s"), ("users", "5k users")];
        check(
            "redirects 5k/s",
            near,
            &sheet,
            &["the sheet's redirects is 1k/s, but the notes say 5k/s ('redirects 5k/s')"],
        );
        check("100M DAU", near, &sheet, &["the sheet's users is 5k, but the notes say 100M ('100M DAU')"]);
        check("redirects 5k/s", near, &[("redirects", "4k/s")], &[]);
    }
}
