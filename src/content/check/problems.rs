//! Checks of the problems: what they name exists, and the reference holds what is promised of it (see [`super::trials`]).

use regex::RegexBuilder;

use super::super::{Bank, Finding, TextFile};
use super::{Depth, error_at, trials};
use crate::interview::{Evidence, Problem, clarify};
use crate::source::nearest;

/// Compiles a pattern as the interview does: case ignored.
pub(super) fn pattern(pattern: &str) -> Result<(), String> {
    let last_line = |why: regex::Error| why.to_string().lines().last().unwrap_or_default().trim().to_owned();
    RegexBuilder::new(pattern).case_insensitive(true).build().map(|_| ()).map_err(last_line)
}

pub(super) fn check(bank: &Bank, depth: Depth, findings: &mut Vec<Finding>) {
    let mut all = Vec::new();
    for problem in bank.problems() {
        let name = format!("problems/{}/problem.toml", problem.id);
        let Some(file) = bank.files().file(&name) else { continue };
        references(bank, problem, &file, findings);
        patterns(problem, &file, findings);
        if depth != Depth::Read {
            questions(problem, &file, findings);
        }
        let overlaid = file.path != name;
        let trials = trials::of(bank, problem, &file, findings);
        if depth == Depth::Run || depth == Depth::RunOverlay && overlaid {
            all.extend(trials);
        }
    }
    findings.extend(trials::run(&all));
}

/// Whatever is named exists.
fn references(bank: &Bank, problem: &Problem, file: &TextFile, findings: &mut Vec<Finding>) {
    let kind = bank.framework().interview_type(&problem.interview_type);
    if kind.is_none() {
        let message = format!("there is no interview type '{}'", problem.interview_type);
        let known: Vec<&str> = bank.framework().types.iter().map(|kind| kind.id.as_str()).collect();
        let finding = error_at(file, &problem.interview_type, message);
        findings.push(finding.help(format!("the framework has: {}", known.join(", "))));
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
        let near = bank.index().ids().collect::<Vec<_>>();
        let help = nearest(id, near).map_or_else(
            || "'dryrun search' with a few words finds ids".to_owned(),
            |near| format!("did you mean '{near}'?"),
        );
        findings.push(error_at(file, id, format!("nothing in the bank has the id '{id}'")).help(help));
    }
    let competencies = &bank.framework().competencies;
    let named =
        problem.rubric.iter().map(|item| &item.competency).chain(problem.probes.iter().map(|probe| &probe.competency));
    for id in named.filter(|id| !competencies.iter().any(|competency| competency.id == **id)) {
        let near = nearest(id, competencies.iter().map(|competency| competency.id.as_str())).unwrap_or_default();
        let finding = error_at(file, id, format!("there is no competency '{id}'"));
        findings.push(finding.help(format!("did you mean '{near}'?")));
    }
    if !(1..=5).contains(&problem.difficulty) {
        let finding = error_at(file, "difficulty", "difficulty goes from 1 to 5".to_owned());
        findings.push(finding.help("1 is for a first evening, 5 for a staff interview"));
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
            let finding = error_at(file, text, format!("'{text}' is no pattern: {why}"));
            findings.push(finding.help("a regular expression; case is ignored"));
        }
    }
}

/// Each question, asked in the problem's own words, gets its own answer and not another's.
fn questions(problem: &Problem, file: &TextFile, findings: &mut Vec<Finding>) {
    for known in &problem.clarifications {
        for ask in &known.ask {
            let answer = clarify(problem, ask);
            if !answer.as_ref().is_some_and(|answer| answer.contains(&known.answer)) {
                let told = answer.unwrap_or_else(|| "nothing".to_owned());
                findings.push(error_at(file, ask, format!("asked '{ask}', the interviewer says: {told}")));
            }
        }
    }
}
