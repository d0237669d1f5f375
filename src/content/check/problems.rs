//! Checks of the problems: the reference meets its own targets, breaks without its load-bearing parts, and every probe's fault runs.

use regex::RegexBuilder;

use super::super::{Bank, Finding, TextFile};
use super::{Depth, error_at};
use crate::design::{ComponentId, Design, ScenarioEvent, compile, parse_event, parse_target};
use crate::interview::{Evidence, Problem};
use crate::sim::{self, Options, Report};
use crate::source::{Severity, nearest};

/// Simulated seconds that a reference is held to its targets for, after the warm-up.
const SIMULATED: f64 = 8.0;
/// Simulated seconds cut off at the start.
const WARM_UP: f64 = 3.0;
/// Simulated seconds that a probe's fault is run for.
const FAULT_SIMULATED: f64 = 2.0;

/// Compiles a pattern as the interview does: case ignored.
pub(super) fn pattern(pattern: &str) -> Result<(), String> {
    let last_line = |why: regex::Error| why.to_string().lines().last().unwrap_or_default().trim().to_owned();
    RegexBuilder::new(pattern).case_insensitive(true).build().map(|_| ()).map_err(last_line)
}

pub(super) fn check(bank: &Bank, depth: Depth, findings: &mut Vec<Finding>) {
    for problem in bank.problems() {
        let Some(file) = bank.files().file(&format!("problems/{}/problem.toml", problem.id)) else { continue };
        references(bank, problem, &file, findings);
        patterns(problem, &file, findings);
        design(bank, problem, &file, depth, findings);
    }
}

/// Whatever is named exists.
fn references(bank: &Bank, problem: &Problem, file: &TextFile, findings: &mut Vec<Finding>) {
    let kind = bank.framework().interview_type(&problem.interview_type);
    if kind.is_none() {
        let message = format!("there is no interview type '{}'", problem.interview_type);
        findings.push(error_at(file, &problem.interview_type, message));
    }
    for phase in &problem.phases {
        if !kind.is_some_and(|kind| kind.phases.iter().any(|known| known.id == *phase)) {
            findings.push(error_at(file, phase, format!("the interview type has no phase '{phase}'")));
        }
    }
    let known = |id: &str| {
        bank.item(id).is_some() || bank.problem(id).is_some() || bank.numbers().iter().any(|number| number.id == id)
    };
    for id in problem.see.iter().filter(|id| !known(id)) {
        findings.push(error_at(file, id, format!("nothing in the bank has the id '{id}'")));
    }
    let competencies = &bank.framework().competencies;
    let named =
        problem.rubric.iter().map(|item| &item.competency).chain(problem.probes.iter().map(|probe| &probe.competency));
    for id in named.filter(|id| !competencies.iter().any(|competency| competency.id == **id)) {
        let near = nearest(id, competencies.iter().map(|competency| competency.id.as_str())).unwrap_or_default();
        findings.push(error_at(file, id, format!("there is no competency '{id}'; did you mean '{near}'?")));
    }
    if !(1..=5).contains(&problem.difficulty) {
        findings.push(error_at(file, "difficulty", "difficulty goes from 1 to 5".to_owned()));
    }
}

fn patterns(problem: &Problem, file: &TextFile, findings: &mut Vec<Finding>) {
    let evidence =
        problem.rubric.iter().flat_map(|item| &item.evidence).chain(problem.probes.iter().map(|probe| &probe.when));
    let in_evidence = evidence.filter_map(|evidence| match evidence {
        Evidence::Notes(pattern) | Evidence::Silence(pattern) => Some(pattern),
        _ => None,
    });
    let in_notes = problem.requirements.iter().flat_map(|item| &item.notes);
    let named = problem
        .entities
        .iter()
        .flat_map(|item| &item.notes)
        .chain(problem.endpoints.iter().flat_map(|item| &item.notes));
    for text in in_evidence.chain(in_notes).chain(named) {
        if let Err(why) = pattern(text) {
            findings.push(error_at(file, text, format!("'{text}' is no pattern: {why}")));
        }
    }
}

/// Reads the reference and everything that is to be run against it, and runs it if the check goes that far.
fn design(bank: &Bank, problem: &Problem, file: &TextFile, depth: Depth, findings: &mut Vec<Finding>) {
    let Some(reference) = bank.files().file(&format!("problems/{}/reference.dry", problem.id)) else { return };
    let compiled = compile(&reference.text, bank.catalogue());
    let errors = compiled.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let before = findings.len();
    findings.extend(errors.map(|diagnostic| Finding::new(&reference, diagnostic.clone())));
    if findings.len() > before {
        return;
    }
    let mut design = compiled.design;
    hold(problem, file, &mut design, findings);
    let faults = faults(problem, file, &design, findings);
    let parts = load_bearing(problem, file, &design, findings);
    if depth == Depth::Read {
        return;
    }
    let options = Options {
        simulated_s: SIMULATED,
        warmup_s: WARM_UP,
        ..Options::of(&design).with_network(bank.catalogue().network())
    };
    for text in missed(&sim::run(&design, &options)) {
        findings.push(error_at(&reference, "", format!("the reference misses a target: {text}")));
    }
    for (name, part) in parts {
        if sim::run(&design.without(part), &options).targets_met() {
            let message = format!("'{name}' carries no load: without it every target is still met");
            findings.push(error_at(file, name, message));
        }
    }
    for mut event in faults {
        // The fault has to run, not to be waited for.
        event.at = 0.5;
        let mut broken = design.clone();
        broken.scenario = vec![event];
        sim::run(&broken, &Options { simulated_s: FAULT_SIMULATED, ..options.clone() });
    }
}

/// The components that the problem calls load-bearing.
fn load_bearing<'a>(
    problem: &'a Problem,
    file: &TextFile,
    design: &Design,
    findings: &mut Vec<Finding>,
) -> Vec<(&'a str, ComponentId)> {
    let mut parts = Vec::new();
    for name in &problem.load_bearing {
        match design.find(name) {
            Some(part) => parts.push((name.as_str(), part)),
            None => findings.push(error_at(file, name, format!("the reference has no component '{name}'"))),
        }
    }
    parts
}

/// The probes' faults, read against the reference.
fn faults(problem: &Problem, file: &TextFile, design: &Design, findings: &mut Vec<Finding>) -> Vec<ScenarioEvent> {
    let mut events = Vec::new();
    for (probe, fault) in problem.probes.iter().filter_map(|probe| Some((probe, probe.fault.as_ref()?))) {
        match parse_event(fault, design) {
            Ok(event) => events.push(event),
            Err(diagnostic) => {
                findings.push(error_at(file, fault, format!("the fault of '{}': {}", probe.ask, diagnostic.message)));
            }
        }
    }
    events
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

fn missed(report: &Report) -> Vec<String> {
    let flows = report.flows.iter();
    flows
        .flat_map(|flow| flow.targets.iter().filter(|target| !target.met).map(move |target| (flow, target)))
        .map(|(flow, target)| format!("{}: {} (measured {:.4})", flow.name, target.text, target.observed))
        .collect()
}
