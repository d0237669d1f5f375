//! What is promised of a problem's reference, each promise a run of its own: it meets its targets, misses one without any of its load-bearing
//! parts, and shows under each probe's fault what the probe says. Runs are independent, so they use all cores; each is as long as it takes
//! to see what is asked, told in requests and not in seconds.

use rayon::prelude::*;

use super::super::{Bank, Finding, TextFile};
use super::error_at;
use crate::design::{Design, Flow, FlowId, Load, Metric, Target, compile, parse_event, parse_target};
use crate::interview::{Probe, Problem};
use crate::sim::{self, Options, Report};
use crate::source::Severity;

/// Requests that show whether targets are met: a quantile of 99% is then known to a per cent.
const REQUESTS: f64 = 240_000.0;
/// Requests that show that a part is missing, or what a fault does.
const FEW: f64 = 60_000.0;
/// The shortest measured time of a run, seconds: a call has to be able to time out.
const SHORTEST: f64 = 0.2;
/// The longest, seconds.
const LONGEST: f64 = 8.0;
/// The warm-up as a share of the measured time.
const WARM_UP: f64 = 0.4;
/// A flow with fewer requests than this in a run has said nothing; it gets a run in which the others are thinned.
const LEAST: f64 = 20.0;
/// How many times as many requests the others then make.
const THINNED: f64 = 50.0;

/// A run of a design, and what it has to show.
pub(super) struct Trial {
    file: TextFile,
    /// What in the file is at fault if it doesn't hold.
    needle: String,
    design: Design,
    options: Options,
    promise: Promise,
}

/// What a run has to show.
enum Promise {
    /// Every target is met.
    Met,
    /// Without this component a target is missed.
    Missed(String),
    /// What the probe says of its fault.
    Shown,
}

/// The runs that the problem's promises ask for; what can't be read is told at once.
pub(super) fn of(bank: &Bank, problem: &Problem, file: &TextFile, findings: &mut Vec<Finding>) -> Vec<Trial> {
    let Some(reference) = bank.files().file(&format!("problems/{}/reference.dry", problem.id)) else {
        return Vec::new();
    };
    let compiled = compile(&reference.text, bank.catalogue());
    // A reference that an interviewer would ask about is worth a look, but runs.
    let told = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Note);
    findings.extend(told.map(|diagnostic| Finding::new(&reference, diagnostic.clone())));
    if compiled.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Vec::new();
    }
    let mut design = compiled.design;
    hold(problem, file, &mut design, findings);
    let options = Options::of(&design).with_network(bank.catalogue().network());
    let trial = |file: &TextFile, needle: &str, design: Design, requests: f64, promise: Promise| {
        let options = brief(&design, requests, &options);
        Trial { file: file.clone(), needle: needle.to_owned(), design, options, promise }
    };
    let (main, rare) = by_frequency(&design, &brief(&design, REQUESTS, &options));
    let mut trials = vec![trial(&reference, "", main, REQUESTS, Promise::Met)];
    trials.extend(rare.map(|rare| trial(&reference, "", rare, REQUESTS, Promise::Met)));
    for name in &problem.load_bearing {
        match design.find(name) {
            Some(part) => {
                trials.push(trial(file, name, design.without(part), FEW, Promise::Missed(name.clone())));
            }
            None => findings.push(error_at(file, name, format!("the reference has no component '{name}'"))),
        }
    }
    for probe in &problem.probes {
        if let Some(broken) = broken(probe, file, &design, findings) {
            trials.push(trial(file, &probe.ask, broken, FEW, Promise::Shown));
        }
    }
    trials
}

/// Requests a second.
fn rate(flow: &Flow) -> f64 {
    match &flow.load {
        Load::Open { rate, .. } => *rate,
        Load::Closed { users, think } => f64::from(*users) / think.mean().max(1e-3),
    }
}

/// Makes the flow so many times as busy.
fn scale(flow: &mut Flow, factor: f64) {
    match &mut flow.load {
        Load::Open { rate, .. } => *rate *= factor,
        Load::Closed { users, .. } => *users = (f64::from(*users) * factor).ceil() as u32,
    }
}

/// The options for a run of so many simulated requests.
fn brief(design: &Design, requests: f64, options: &Options) -> Options {
    let rates: f64 = design.flows.iter().map(rate).sum::<f64>() / sim::scale(design, options);
    let simulated_s = (requests / rates.max(1.0)).clamp(SHORTEST, LONGEST);
    Options { simulated_s, warmup_s: simulated_s * WARM_UP, ..options.clone() }
}

/// The design held to the targets of the flows that are often enough in a run, and, if others have any, the design with those that are
/// frequent thinned, held to the targets of the rare.
fn by_frequency(design: &Design, options: &Options) -> (Design, Option<Design>) {
    let is_rare = |flow: &Flow| rate(flow) * options.simulated_s < LEAST;
    let (mut main, mut rare) = (design.clone(), design.clone());
    main.flows.iter_mut().filter(|flow| is_rare(flow)).for_each(|flow| flow.targets.clear());
    rare.flows.iter_mut().filter(|flow| !is_rare(flow)).for_each(|flow| flow.targets.clear());
    let least = design.flows.iter().map(rate).fold(f64::INFINITY, f64::min);
    for flow in &mut rare.flows {
        let factor = (least * THINNED / rate(flow)).min(1.0);
        scale(flow, factor);
    }
    let any = rare.flows.iter().any(|flow| !flow.targets.is_empty());
    (main, any.then_some(rare))
}

/// Holds the reference to the problem's targets, beside its own.
fn hold(problem: &Problem, file: &TextFile, design: &mut Design, findings: &mut Vec<Finding>) {
    for group in &problem.targets {
        let Some(flow) = design.flows.iter_mut().find(|flow| flow.name == group.flow) else {
            findings.push(error_at(file, &group.flow, format!("the reference has no flow '{}'", group.flow)));
            continue;
        };
        for text in &group.expect {
            match parse_target(text) {
                Ok(target) if !flow.targets.iter().any(|known| known.text == target.text) => flow.targets.push(target),
                Ok(_) => {}
                Err(diagnostic) => findings.push(error_at(file, text, diagnostic.message)),
            }
        }
    }
}

/// The reference with the probe's fault from the first moment that is measured, held to what the probe says that it shows and to nothing else.
fn broken(probe: &Probe, file: &TextFile, design: &Design, findings: &mut Vec<Finding>) -> Option<Design> {
    let Some(fault) = &probe.fault else {
        if let Some(claim) = probe.shows.first() {
            findings.push(error_at(file, claim, "a probe without a fault has nothing to show".to_owned()));
        }
        return None;
    };
    let mut event = match parse_event(fault, design) {
        Ok(event) => event,
        Err(diagnostic) => {
            findings.push(error_at(file, fault, format!("the fault of '{}': {}", probe.ask, diagnostic.message)));
            return None;
        }
    };
    event.at = 0.0;
    let mut broken = design.clone();
    broken.scenario = vec![event];
    broken.flows.iter_mut().for_each(|flow| flow.targets.clear());
    for text in &probe.shows {
        match claim(text, design) {
            Ok((flow, target)) => broken.flows[flow.0 as usize].targets.push(target),
            Err(why) => findings.push(error_at(file, text, why)),
        }
    }
    Some(broken)
}

/// `FLOW: TARGET`, or a target of a component, which any flow may carry.
fn claim(text: &str, design: &Design) -> Result<(FlowId, Target), String> {
    let named = design
        .flows
        .iter()
        .position(|flow| text.strip_prefix(flow.name.as_str()).is_some_and(|rest| rest.starts_with(':')));
    let rest = named.map_or(text, |at| text[design.flows[at].name.len()..].trim_start_matches(':'));
    let target = parse_target(rest.trim()).map_err(|diagnostic| diagnostic.message)?;
    let of_component = match &target.metric {
        Metric::Utilisation(name) | Metric::HitRatio(name) => Some(name.as_str()),
        _ => None,
    };
    match (named, of_component) {
        (_, Some(component)) if design.find(component).is_none() => {
            Err(format!("the reference has no component '{component}'"))
        }
        (None, None) => Err(format!("'{text}' doesn't begin with a flow of the reference: `GET /{{code}}: {rest}`")),
        (at, _) => Ok((FlowId(at.unwrap_or(0) as u32), target)),
    }
}

/// Runs all trials, in parallel; the findings are in their order.
pub(super) fn run(trials: &[Trial]) -> Vec<Finding> {
    trials.par_iter().flat_map_iter(outcome).collect()
}

fn outcome(trial: &Trial) -> Vec<Finding> {
    let report = sim::run(&trial.design, &trial.options);
    let error = |message: String| error_at(&trial.file, &trial.needle, message);
    match &trial.promise {
        Promise::Met => {
            missed(&report).into_iter().map(|text| error(format!("the reference misses a target: {text}"))).collect()
        }
        Promise::Missed(name) if report.targets_met() => {
            vec![error(format!("'{name}' carries no load: without it every target is still met"))]
        }
        Promise::Missed(_) => Vec::new(),
        Promise::Shown => {
            let fault = trial.design.scenario.first().map_or("", |event| event.text.as_str());
            let told = |text: String| error(format!("under '{fault}' the reference doesn't show {text}"));
            missed(&report).into_iter().map(told).collect()
        }
    }
}

fn missed(report: &Report) -> Vec<String> {
    let flows = report.flows.iter();
    flows
        .flat_map(|flow| flow.targets.iter().filter(|target| !target.met).map(move |target| (flow, target)))
        .map(|(flow, target)| format!("{}: {} (measured {:.4})", flow.name, target.text, target.observed))
        .collect()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a pack to check is a folder")]
mod tests {
    use super::*;
    use crate::content::Files;

    const REFERENCE: &str = "GET /a @ 2k/s, p99 < 100ms: web -> api -> cache -> db\nweb: client\napi: service x8, work 1ms\n\
        cache: redis\ndb: postgres\n";

    fn problem(shows: &[&str], fault: Option<&str>, bearing: &[&str]) -> Problem {
        let probe = Probe {
            when: crate::interview::Evidence::Always,
            level: crate::interview::Level::Mid,
            ask: "And now?".to_owned(),
            look_for: Vec::new(),
            good: String::new(),
            fault: fault.map(str::to_owned),
            shows: shows.iter().map(|&text| text.to_owned()).collect(),
            competency: "technical-excellence".to_owned(),
        };
        let embedded = Bank::new(Files::embedded(Vec::new()));
        let mut problem = embedded.problem("url-shortener").cloned().unwrap();
        (problem.targets, problem.probes) = (Vec::new(), vec![probe]);
        problem.load_bearing = bearing.iter().map(|&name| name.to_owned()).collect();
        problem
    }

    #[track_caller]
    fn check(shows: &[&str], fault: Option<&str>, bearing: &[&str], expected: &[&str]) {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("problems/url-shortener");
        std::fs::create_dir_all(&home).unwrap();
        std::fs::write(home.join("reference.dry"), REFERENCE).unwrap();
        let bank = Bank::new(Files::embedded(vec![folder.path().to_owned()]));
        let file = TextFile { path: "problem.toml".to_owned(), text: "".into() };
        let mut findings = Vec::new();
        let trials = of(&bank, &problem(shows, fault, bearing), &file, &mut findings);
        findings.extend(run(&trials));
        let found: Vec<&str> = findings.iter().map(|finding| finding.diagnostic.message.as_str()).collect();
        assert_eq!(found.len(), expected.len(), "{found:?}");
        for (found, expected) in found.iter().zip(expected) {
            assert!(found.contains(expected), "{found} has no '{expected}'");
        }
    }

    #[test]
    fn what_a_fault_shows_is_held_against_the_reference() {
        let fault = Some("at 10s: kill db for 15s");
        check(&["GET /a: errors > 0.5%", "utilisation db < 5%"], fault, &[], &[]);
        check(&["GET /a: errors < 0.1%"], fault, &[], &["doesn't show GET /a: errors < 0.1%"]);
    }

    #[test]
    fn a_claim_that_cannot_be_read_is_told() {
        let fault = Some("at 10s: kill db for 15s");
        check(&["errors < 0.1%"], fault, &[], &["doesn't begin with a flow"]);
        check(&["utilisation disk < 50%"], fault, &[], &["no component 'disk'"]);
        check(&["GET /a: quick"], fault, &[], &["quick"]);
        check(&["GET /a: errors < 1%"], None, &[], &["without a fault"]);
        check(&[], Some("at 10s: kill disk"), &[], &["the fault of 'And now?'"]);
    }

    #[test]
    fn a_part_that_carries_no_load_is_told() {
        check(&[], None, &["cache"], &["'cache' carries no load"]);
        check(&[], None, &["shelf"], &["no component 'shelf'"]);
    }
}
