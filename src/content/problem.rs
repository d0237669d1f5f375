//! `problems/ID/`: problem.toml, reference.dry and walkthrough.md.

use serde::Deserialize;

use super::front_matter::read_toml;
use super::{Files, Finding, TextFile};
use crate::interview::{
    Clarification, Endpoint, Entity, Estimate, Evidence, Level, Probe, Problem, Requirement, RequirementKind,
    RubricItem, TargetGroup,
};
use crate::source::{Diagnostic, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    title: String,
    prompt: String,
    #[serde(rename = "type")]
    interview_type: String,
    difficulty: u8,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    see: Vec<String>,
    #[serde(default)]
    phases: Vec<String>,
    #[serde(default)]
    load_bearing: Vec<String>,
    #[serde(default)]
    clarify: Vec<ClarifyRow>,
    #[serde(default)]
    requirement: Vec<RequirementRow>,
    #[serde(default)]
    target: Vec<TargetRow>,
    #[serde(default)]
    estimate: Vec<EstimateRow>,
    #[serde(default)]
    entity: Vec<NamedRow>,
    #[serde(default)]
    endpoint: Vec<NamedRow>,
    #[serde(default)]
    rubric: Vec<RubricRow>,
    #[serde(default)]
    probe: Vec<ProbeRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClarifyRow {
    ask: Vec<String>,
    answer: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementRow {
    kind: RequirementWord,
    text: String,
    notes: Vec<String>,
    #[serde(default)]
    must: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RequirementWord {
    Functional,
    NonFunctional,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetRow {
    flow: String,
    load: String,
    expect: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EstimateRow {
    ask: String,
    solution: String,
    within: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedRow {
    name: String,
    notes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RubricRow {
    competency: String,
    level: LevelWord,
    text: String,
    evidence: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProbeRow {
    when: String,
    level: LevelWord,
    ask: String,
    look_for: Vec<String>,
    good: String,
    fault: Option<String>,
    #[serde(default)]
    shows: Vec<String>,
    competency: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum LevelWord {
    Mid,
    Senior,
    Staff,
}

impl LevelWord {
    fn level(self) -> Level {
        match self {
            Self::Mid => Level::Mid,
            Self::Senior => Level::Senior,
            Self::Staff => Level::Staff,
        }
    }
}

/// Reads the problem in `problems/ID/`, whose problem.toml is `file`.
pub(super) fn read(files: &Files, id: &str, file: &TextFile, findings: &mut Vec<Finding>) -> Option<Problem> {
    let sheet: Sheet = match read_toml(&file.text, 0) {
        Ok(sheet) => sheet,
        Err(diagnostic) => {
            findings.push(Finding::new(file, diagnostic));
            return None;
        }
    };
    let mut beside = |name: &str| {
        let found = files.file(&format!("problems/{id}/{name}"));
        if found.is_none() {
            let diagnostic = Diagnostic::error(Span::at(0), format!("the problem '{id}' has no {name}"))
                .help(format!("write problems/{id}/{name} beside it"));
            findings.push(Finding::new(file, diagnostic));
        }
        found.map(|file| file.text.to_string()).unwrap_or_default()
    };
    let reference = beside("reference.dry");
    let walkthrough = beside("walkthrough.md");
    Some(problem(id, sheet, reference, walkthrough))
}

fn problem(id: &str, sheet: Sheet, reference: String, walkthrough: String) -> Problem {
    Problem {
        id: id.to_owned(),
        title: sheet.title,
        prompt: sheet.prompt,
        interview_type: sheet.interview_type,
        difficulty: sheet.difficulty,
        tags: sheet.tags,
        see: sheet.see,
        phases: sheet.phases,
        clarifications: each(sheet.clarify, |row| Clarification { ask: row.ask, answer: row.answer }),
        requirements: each(sheet.requirement, requirement),
        targets: each(sheet.target, |row| TargetGroup { flow: row.flow, load: row.load, expect: row.expect }),
        estimates: each(sheet.estimate, |row| Estimate { ask: row.ask, solution: row.solution, within: row.within }),
        entities: each(sheet.entity, |row| Entity { name: row.name, notes: row.notes }),
        endpoints: each(sheet.endpoint, |row| Endpoint { name: row.name, notes: row.notes }),
        rubric: each(sheet.rubric, rubric),
        probes: each(sheet.probe, probe),
        reference,
        load_bearing: sheet.load_bearing,
        walkthrough,
    }
}

fn each<A, B>(rows: Vec<A>, make: impl FnMut(A) -> B) -> Vec<B> {
    rows.into_iter().map(make).collect()
}

fn requirement(row: RequirementRow) -> Requirement {
    let kind = match row.kind {
        RequirementWord::Functional => RequirementKind::Functional,
        RequirementWord::NonFunctional => RequirementKind::NonFunctional,
    };
    Requirement { kind, text: row.text, notes: row.notes, must: row.must }
}

fn rubric(row: RubricRow) -> RubricItem {
    let evidence = row.evidence.iter().map(|text| evidence(text)).collect();
    RubricItem { competency: row.competency, level: row.level.level(), text: row.text, evidence }
}

fn probe(row: ProbeRow) -> Probe {
    Probe {
        when: evidence(&row.when),
        level: row.level.level(),
        ask: row.ask,
        look_for: row.look_for,
        good: row.good,
        fault: row.fault,
        shows: row.shows,
        competency: row.competency,
    }
}

/// `always`, `notes: PATTERN`, `silent: PATTERN`, `met: TARGET`, `missed: TARGET`, or a fact of the design.
fn evidence(text: &str) -> Evidence {
    let (head, rest) = text.split_once(':').map_or(("", text), |(head, rest)| (head.trim(), rest.trim()));
    match (head, text.trim()) {
        (_, "always") => Evidence::Always,
        ("notes", _) => Evidence::Notes(rest.to_owned()),
        ("silent", _) => Evidence::Silence(rest.to_owned()),
        ("met", _) => Evidence::Measured(rest.to_owned()),
        ("missed", _) => Evidence::Missed(rest.to_owned()),
        ("design", _) => Evidence::Design(rest.to_owned()),
        (_, fact) => Evidence::Design(fact.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_told_by_its_first_word() {
        assert_eq!(evidence("always"), Evidence::Always);
        assert_eq!(evidence("notes: base ?62"), Evidence::Notes("base ?62".into()));
        assert_eq!(evidence("silent: expir"), Evidence::Silence("expir".into()));
        assert_eq!(evidence("missed: any"), Evidence::Missed("any".into()));
        assert_eq!(evidence("no cache"), Evidence::Design("no cache".into()));
        assert_eq!(evidence("design: kind cache"), Evidence::Design("kind cache".into()));
    }
}
