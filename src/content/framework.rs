//! `content/framework.toml`: interview types, phases, checklists, competencies.

use serde::Deserialize;

use super::front_matter::read_toml;
use super::{Finding, TextFile};
use crate::interview::{ChecklistItem, Competency, Criterion, Framework, InterviewType, Phase, PhaseKind};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[serde(rename = "type", default)]
    types: Vec<TypeRow>,
    #[serde(default)]
    competency: Vec<CompetencyRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypeRow {
    id: String,
    title: String,
    #[serde(default)]
    phase: Vec<PhaseRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhaseRow {
    id: String,
    title: String,
    #[serde(default)]
    kind: KindWord,
    minutes: f64,
    #[serde(default)]
    optional: bool,
    prompt: String,
    #[serde(default)]
    template: String,
    overrun: String,
    #[serde(default)]
    check: Vec<CheckRow>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum KindWord {
    #[default]
    Notes,
    Design,
    DeepDive,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckRow {
    id: String,
    text: String,
    #[serde(default)]
    evidence: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompetencyRow {
    id: String,
    title: String,
    #[serde(default)]
    criterion: Vec<CriterionRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CriterionRow {
    id: String,
    text: String,
    anchors: [String; 4],
}

/// Reads the file.
pub(super) fn read(file: &TextFile, findings: &mut Vec<Finding>) -> Framework {
    match read_toml::<Sheet>(&file.text, 0) {
        Ok(sheet) => Framework {
            types: sheet.types.into_iter().map(interview_type).collect(),
            competencies: sheet.competency.into_iter().map(competency).collect(),
        },
        Err(diagnostic) => {
            findings.push(Finding::new(file, diagnostic));
            Framework::default()
        }
    }
}

fn interview_type(row: TypeRow) -> InterviewType {
    InterviewType { id: row.id, title: row.title, phases: row.phase.into_iter().map(phase).collect() }
}

fn phase(row: PhaseRow) -> Phase {
    Phase {
        id: row.id,
        title: row.title,
        kind: match row.kind {
            KindWord::Notes => PhaseKind::Notes,
            KindWord::Design => PhaseKind::Design,
            KindWord::DeepDive => PhaseKind::DeepDive,
        },
        minutes: row.minutes,
        optional: row.optional,
        prompt: row.prompt,
        template: row.template,
        overrun: row.overrun,
        checklist: row
            .check
            .into_iter()
            .map(|check| ChecklistItem { id: check.id, text: check.text, evidence: check.evidence })
            .collect(),
    }
}

fn competency(row: CompetencyRow) -> Competency {
    let criterion = |row: CriterionRow| Criterion { id: row.id, text: row.text, anchors: row.anchors };
    Competency { id: row.id, title: row.title, criteria: row.criterion.into_iter().map(criterion).collect() }
}
