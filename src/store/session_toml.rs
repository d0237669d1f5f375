//! `session.toml`: all of a session but its texts, which lie beside it as files, and its runs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FORMAT;
use crate::clock::{Elapsed, Timestamp};
use crate::interview::{
    Decision, Level, Moment, Pause, PauseReason, PhaseKind, PhaseRecord, Prediction, ProbeRecord, Question, Record,
    What,
};

/// The file.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Sheet {
    format: i64,
    problem: String,
    title: String,
    #[serde(rename = "type")]
    interview_type: String,
    level: String,
    minutes: u32,
    started: String,
    last: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<String>,
    /// Index of the current phase.
    current: usize,
    paused: bool,
    /// The last record of the journal that is in here.
    pub journal: u64,
    /// Numbers of the runs that are kept, each a file.
    pub runs: Vec<u32>,
    timeline: Vec<String>,
    phase: Vec<PhaseRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pause: Vec<PauseRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    question: Vec<QuestionRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    decision: Vec<DecisionRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    prediction: Vec<PredictionRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    probe: Vec<ProbeRow>,
}

#[derive(Debug, Deserialize, Serialize)]
struct PhaseRow {
    id: String,
    title: String,
    kind: String,
    budget_ms: u64,
    spent_ms: u64,
    visited: bool,
    overrun_said: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    by_hand: BTreeMap<String, bool>,
}

#[derive(Debug, Deserialize, Serialize)]
struct PauseRow {
    at_ms: u64,
    from: String,
    length_ms: u64,
    reason: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct QuestionRow {
    at_ms: u64,
    phase: usize,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
struct DecisionRow {
    at_ms: u64,
    phase: usize,
    text: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct PredictionRow {
    at_ms: u64,
    phase: usize,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    /// Number of the run it is held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<u32>,
}

#[derive(Debug, Deserialize, Serialize)]
struct ProbeRow {
    at_ms: u64,
    ask: String,
    because: String,
    answer: String,
}

/// The file's text.
pub(super) fn write(record: &Record, journal: u64) -> String {
    let sheet = Sheet {
        format: FORMAT,
        problem: record.problem.clone(),
        title: record.title.clone(),
        interview_type: record.interview_type.clone(),
        level: record.level.name().to_owned(),
        minutes: record.minutes,
        started: record.started.to_rfc3339(),
        last: record.last.to_rfc3339(),
        finished: record.finished.map(Timestamp::to_rfc3339),
        current: record.current,
        paused: record.paused,
        journal,
        runs: record.runs.iter().map(|run| run.number).collect(),
        timeline: record.timeline.iter().map(moment_line).collect(),
        phase: record.phases.iter().map(phase_row).collect(),
        pause: record.pauses.iter().map(pause_row).collect(),
        question: record.questions.iter().map(question_row).collect(),
        decision: record.decisions.iter().map(decision_row).collect(),
        prediction: record.predictions.iter().map(prediction_row).collect(),
        probe: record.probes.iter().map(probe_row).collect(),
    };
    toml::to_string_pretty(&sheet).expect("numbers below 2^63, strings and tables always serialise")
}

/// Why a file is not a session of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is of a later version.
    Version(i64),
    /// It can't be understood.
    Damaged(String),
}

/// Reads the file; notes, design and runs are left empty. The second is the number of moments that were not understood.
pub(super) fn read(text: &str) -> Result<(Record, Sheet, usize), Unreadable> {
    #[derive(Deserialize)]
    struct Head {
        format: i64,
    }
    let damaged = |error: toml::de::Error| Unreadable::Damaged(one_line(&error));
    let head: Head = toml::from_str(text).map_err(damaged)?;
    if head.format > FORMAT {
        return Err(Unreadable::Version(head.format));
    }
    let mut sheet: Sheet = toml::from_str(text).map_err(damaged)?;
    let moments = std::mem::take(&mut sheet.timeline);
    let timeline: Vec<Moment> = moments.iter().filter_map(|line| moment(line)).collect();
    let lost = moments.len() - timeline.len();
    let record = record(&mut sheet, timeline).map_err(Unreadable::Damaged)?;
    Ok((record, sheet, lost))
}

/// An error of the reader with its place, without its drawing.
pub(super) fn one_line(error: &toml::de::Error) -> String {
    error.message().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn record(sheet: &mut Sheet, timeline: Vec<Moment>) -> Result<Record, String> {
    let phases: Result<Vec<PhaseRecord>, String> = std::mem::take(&mut sheet.phase).into_iter().map(phase).collect();
    let phases = phases?;
    if sheet.current >= phases.len() {
        return Err(format!("there is no phase {}", sheet.current));
    }
    let pauses: Result<Vec<Pause>, String> = std::mem::take(&mut sheet.pause).iter().map(pause).collect();
    let within = |phase: usize| phase.min(phases.len() - 1);
    let question = |row: QuestionRow| Question {
        at: Elapsed(row.at_ms),
        phase: within(row.phase),
        text: row.text,
        answer: row.answer,
    };
    let decision = |row: DecisionRow| Decision { at: Elapsed(row.at_ms), phase: within(row.phase), text: row.text };
    let prediction = |row: PredictionRow| Prediction {
        at: Elapsed(row.at_ms),
        phase: within(row.phase),
        text: row.text,
        fault: row.fault,
        run: row.run,
    };
    let probe =
        |row: ProbeRow| ProbeRecord { at: Elapsed(row.at_ms), ask: row.ask, because: row.because, answer: row.answer };
    Ok(Record {
        id: String::new(),
        problem: sheet.problem.clone(),
        title: sheet.title.clone(),
        interview_type: sheet.interview_type.clone(),
        level: Level::from_name(&sheet.level).ok_or_else(|| format!("unknown level '{}'", sheet.level))?,
        minutes: sheet.minutes,
        started: moment_of(&sheet.started)?,
        last: moment_of(&sheet.last)?,
        finished: sheet.finished.as_deref().map(moment_of).transpose()?,
        current: sheet.current,
        design: String::new(),
        sheet: String::new(),
        pauses: pauses?,
        paused: sheet.paused,
        questions: std::mem::take(&mut sheet.question).into_iter().map(question).collect(),
        decisions: std::mem::take(&mut sheet.decision).into_iter().map(decision).collect(),
        predictions: std::mem::take(&mut sheet.prediction).into_iter().map(prediction).collect(),
        runs: Vec::new(),
        probes: std::mem::take(&mut sheet.probe).into_iter().map(probe).collect(),
        timeline,
        phases,
    })
}

fn moment_of(text: &str) -> Result<Timestamp, String> {
    Timestamp::from_rfc3339(text).ok_or_else(|| format!("'{text}' is no moment in RFC 3339"))
}

fn phase_row(phase: &PhaseRecord) -> PhaseRow {
    PhaseRow {
        id: phase.id.clone(),
        title: phase.title.clone(),
        kind: phase.kind.name().to_owned(),
        budget_ms: storable(phase.budget),
        spent_ms: storable(phase.spent),
        visited: phase.visited,
        overrun_said: phase.overrun_said,
        by_hand: phase.by_hand.clone(),
    }
}

fn phase(row: PhaseRow) -> Result<PhaseRecord, String> {
    Ok(PhaseRecord {
        kind: PhaseKind::from_name(&row.kind).ok_or_else(|| format!("unknown kind of phase '{}'", row.kind))?,
        id: row.id,
        title: row.title,
        budget: Elapsed(row.budget_ms),
        spent: Elapsed(row.spent_ms),
        notes: String::new(),
        by_hand: row.by_hand,
        visited: row.visited,
        overrun_said: row.overrun_said,
    })
}

fn pause_row(pause: &Pause) -> PauseRow {
    PauseRow {
        at_ms: storable(pause.at),
        from: pause.from.to_rfc3339(),
        length_ms: storable(pause.length),
        reason: pause.reason.name().to_owned(),
    }
}

fn pause(row: &PauseRow) -> Result<Pause, String> {
    Ok(Pause {
        at: Elapsed(row.at_ms),
        from: moment_of(&row.from)?,
        length: Elapsed(row.length_ms),
        reason: PauseReason::from_name(&row.reason).ok_or_else(|| format!("unknown pause '{}'", row.reason))?,
    })
}

fn question_row(question: &Question) -> QuestionRow {
    QuestionRow {
        at_ms: storable(question.at),
        phase: question.phase,
        text: question.text.clone(),
        answer: question.answer.clone(),
    }
}

fn decision_row(decision: &Decision) -> DecisionRow {
    DecisionRow { at_ms: storable(decision.at), phase: decision.phase, text: decision.text.clone() }
}

fn prediction_row(prediction: &Prediction) -> PredictionRow {
    PredictionRow {
        at_ms: storable(prediction.at),
        phase: prediction.phase,
        text: prediction.text.clone(),
        fault: prediction.fault.clone(),
        run: prediction.run,
    }
}

fn probe_row(probe: &ProbeRecord) -> ProbeRow {
    ProbeRow {
        at_ms: storable(probe.at),
        ask: probe.ask.clone(),
        because: probe.because.clone(),
        answer: probe.answer.clone(),
    }
}

/// TOML's integers end at 2^63; no interview lasts that long.
fn storable(time: Elapsed) -> u64 {
    time.0.min(i64::MAX.unsigned_abs())
}

/// A moment as a line: milliseconds of session time, a word, and what it is about.
fn moment_line(moment: &Moment) -> String {
    let what = match &moment.what {
        What::Entered(phase) => format!("entered {phase}"),
        What::Overran(phase) => format!("overran {phase}"),
        What::Stopped(pause) => format!("stopped {pause}"),
        What::WentOn => "went-on".to_owned(),
        What::Asked(question) => format!("asked {question}"),
        What::Target(text) => format!("target {text}"),
        What::Ticked { phase, item, on } => format!("{} {phase} {item}", if *on { "ticked" } else { "unticked" }),
        What::Decided(decision) => format!("decided {decision}"),
        What::Predicted(prediction) => format!("predicted {prediction}"),
        What::Ran(run) => format!("ran {run}"),
        What::Probed(probe) => format!("probed {probe}"),
        What::AnsweredProbe(probe) => format!("answered {probe}"),
        What::Finished => "finished".to_owned(),
    };
    format!("{} {what}", storable(moment.at))
}

fn moment(line: &str) -> Option<Moment> {
    let (at, what) = line.split_once(' ')?;
    let (word, about) = what.split_once(' ').unwrap_or((what, ""));
    let index = || about.parse::<usize>().ok();
    let what = match word {
        "entered" => What::Entered(index()?),
        "overran" => What::Overran(index()?),
        "stopped" => What::Stopped(index()?),
        "went-on" => What::WentOn,
        "asked" => What::Asked(index()?),
        "target" => What::Target(about.to_owned()),
        "ticked" | "unticked" => {
            let (phase, item) = about.split_once(' ')?;
            What::Ticked { phase: phase.parse().ok()?, item: item.to_owned(), on: word == "ticked" }
        }
        "decided" => What::Decided(index()?),
        "predicted" => What::Predicted(index()?),
        "ran" => What::Ran(about.parse().ok()?),
        "probed" => What::Probed(index()?),
        "answered" => What::AnsweredProbe(index()?),
        "finished" => What::Finished,
        _ => return None,
    };
    Some(Moment { at: Elapsed(at.parse().ok()?), what })
}
