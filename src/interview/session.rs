//! A running interview: a record, the phases it goes through, and [`Session::advance`], which is all that changes it.
//!
//! The clock is what was accounted for: each event adds the time since the one before to the phase that runs. It never blocks and never moves on
//! by itself. A wall clock that is set back adds nothing; a silence of more than [`AWAY_AFTER`] is a machine that slept, and a pause.

mod clock;
mod conduct;
mod remarks;

use super::checklist::{self, ChecklistLine};
use super::targets::{Promises, promises_in};
use super::{Framework, Level, Moment, Pacing, Phase, PhaseKind, PhaseRecord, Problem, Record, Save, What, pacing};
use crate::clock::{Elapsed, Timestamp};

pub use clock::AWAY_AFTER;

/// The length that the framework's budgets are written for, minutes.
const FULL_LENGTH: f64 = 45.0;
/// No list of a record grows beyond this.
const LIST_LIMIT: usize = 1_000;

/// What is chosen before an interview begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The level that is interviewed for.
    pub level: Level,
    /// Length, minutes: 35, 45 or 60 as a rule; taken into 1 to 240.
    pub minutes: u32,
}

/// Why an interview can't begin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// The framework has no such interview type.
    #[error("the framework has no interview type '{0}'")]
    UnknownType(String),
    /// The interview type has no phases.
    #[error("the interview type '{0}' has no phases")]
    NoPhases(String),
}

/// A running (or finished) interview. It has at least one phase, and its current phase is one of them.
#[derive(Clone, Debug)]
pub struct Session {
    record: Record,
    problem: Problem,
    phases: Vec<Phase>,
    promises: Promises,
    live: Live,
}

/// What a running session remembers beside its record.
#[derive(Clone, Debug, Default)]
struct Live {
    /// When the record was last to be saved.
    saved: Timestamp,
    /// What of it is to be saved.
    unsaved: Option<Save>,
    /// When the recognised targets last changed; `None` once they are in the timeline.
    unsettled: Option<Timestamp>,
    /// Whether the end of the time was remarked on.
    time_up_said: bool,
    /// By phase.
    phases: Vec<LivePhase>,
}

#[derive(Clone, Debug, Default)]
struct LivePhase {
    patterns: checklist::Compiled,
    promises: Promises,
    /// The checklist as it stood when the notes were last read.
    lines: Vec<ChecklistLine>,
    /// Whether the notes changed since they were read.
    stale: bool,
    move_on_said: bool,
}

impl Session {
    /// Begins an interview: the clock runs for the first phase from `now` on.
    ///
    /// Its phases are those of the problem's interview type that are not optional, or that the problem asks for. Their budgets are written for 45
    /// minutes and scale with the length; where they add up to more, they scale to fit.
    ///
    /// # Errors
    /// If the framework doesn't have the problem's interview type, or that type has no phases.
    pub fn start(setup: Setup, problem: &Problem, framework: &Framework, now: Timestamp) -> Result<Self, StartError> {
        let minutes = setup.minutes.clamp(1, 240);
        let phases = chosen_phases(problem, framework)?;
        let record = Record {
            id: session_id(now, &problem.id),
            problem: problem.id.clone(),
            title: problem.title.clone(),
            interview_type: problem.interview_type.clone(),
            level: setup.level,
            minutes,
            started: now,
            last: now,
            phases: phase_records(&phases, minutes),
            ..Record::default()
        };
        let mut session = Self::of(record, problem, phases, now);
        session.record.phases[0].visited = true;
        session.remember(What::Entered(0));
        Ok(session)
    }

    /// Goes on with a record that was saved: the clock runs again from `now` on, and the time since it was saved is a pause. A finished record is
    /// only looked at.
    ///
    /// # Errors
    /// If the record has no phases, and the framework has none for it either.
    pub fn resume(
        mut record: Record,
        problem: &Problem,
        framework: &Framework,
        now: Timestamp,
    ) -> Result<Self, StartError> {
        if record.phases.is_empty() {
            record.phases = phase_records(&chosen_phases(problem, framework)?, record.minutes.max(1));
        }
        record.current = record.current.min(record.phases.len() - 1);
        let known = framework.interview_type(&record.interview_type).map_or(&[][..], |kind| &kind.phases);
        let phases = record.phases.iter().map(|phase| {
            known.iter().find(|known| known.id == phase.id).cloned().unwrap_or_else(|| forgotten_phase(phase))
        });
        let phases = phases.collect();
        let mut session = Self::of(record, problem, phases, now);
        session.live.time_up_said = session.record.spent() >= session.record.length();
        if session.record.finished.is_none() {
            session.account_for_absence(now);
        }
        Ok(session)
    }

    fn of(record: Record, problem: &Problem, phases: Vec<Phase>, now: Timestamp) -> Self {
        let of_phase = |phase: &Phase| LivePhase { patterns: checklist::compile(phase), ..LivePhase::default() };
        let live = Live { saved: now, phases: phases.iter().map(of_phase).collect(), ..Live::default() };
        let mut session = Self { record, problem: problem.clone(), phases, promises: Promises::default(), live };
        for at in 0..session.phases.len() {
            session.live.phases[at].promises = promises_in(at, &session.record.phases[at].notes);
            session.live.phases[at].lines = session.read_checklist(at);
        }
        session.gather_promises();
        session
    }

    /// Everything that is kept.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Takes the id that the store gave: it may have added a number to the one proposed.
    pub fn set_id(&mut self, id: String) {
        self.record.id = id;
    }

    /// The problem.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The phases, one for each of the record's.
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// The phase that the clock runs for.
    pub fn phase(&self) -> &Phase {
        &self.phases[self.record.current]
    }

    /// What the notes promise: targets, loads, and what can't be measured.
    pub fn promises(&self) -> &Promises {
        &self.promises
    }

    /// Time against budget.
    pub fn pacing(&self) -> Pacing {
        pacing(&self.record)
    }

    /// The checklist of the phase with that index, as it stands; empty where there is no such phase.
    pub fn checklist(&self, phase: usize) -> Vec<ChecklistLine> {
        self.live.phases.get(phase).map(|live| live.lines.clone()).unwrap_or_default()
    }

    fn read_checklist(&self, phase: usize) -> Vec<ChecklistLine> {
        checklist::lines(&self.phases[phase], &self.live.phases[phase].patterns, phase, &self.record)
    }

    fn gather_promises(&mut self) {
        let mut all = Promises::default();
        for phase in &self.live.phases {
            all.extend(phase.promises.clone());
        }
        self.promises = all;
    }

    /// Puts something into the timeline, as far as that has room.
    fn remember(&mut self, what: What) {
        if self.record.timeline.len() < LIST_LIMIT * 5 {
            self.record.timeline.push(Moment { at: self.record.spent(), what });
        }
    }

    fn save(&mut self, save: Save) {
        self.live.unsaved = self.live.unsaved.max(Some(save));
    }
}

/// The phases that this problem's interview has.
fn chosen_phases(problem: &Problem, framework: &Framework) -> Result<Vec<Phase>, StartError> {
    let name = &problem.interview_type;
    let kind = framework.interview_type(name).ok_or_else(|| StartError::UnknownType(name.clone()))?;
    let wanted = |phase: &&Phase| !phase.optional || problem.phases.contains(&phase.id);
    let phases: Vec<Phase> = kind.phases.iter().filter(wanted).cloned().collect();
    if phases.is_empty() { Err(StartError::NoPhases(name.clone())) } else { Ok(phases) }
}

fn phase_records(phases: &[Phase], minutes: u32) -> Vec<PhaseRecord> {
    let planned: f64 = phases.iter().map(|phase| phase.minutes.max(0.0)).sum();
    let scale = f64::from(minutes) / planned.max(FULL_LENGTH);
    let records = phases.iter().map(|phase| PhaseRecord {
        id: phase.id.clone(),
        title: phase.title.clone(),
        kind: phase.kind,
        budget: Elapsed::seconds((phase.minutes.max(0.0) * scale * 60.0).round() as u64),
        notes: phase.template.clone(),
        ..PhaseRecord::default()
    });
    records.collect()
}

/// What stands for a phase that the framework no longer has.
fn forgotten_phase(record: &PhaseRecord) -> Phase {
    Phase {
        id: record.id.clone(),
        title: record.title.clone(),
        kind: record.kind,
        minutes: record.budget.0 as f64 / 60_000.0,
        optional: false,
        prompt: String::new(),
        template: String::new(),
        overrun: String::new(),
        checklist: Vec::new(),
    }
}

/// `2026-03-01-1830-url-shortener`, the time in UTC; only characters that any file system takes.
fn session_id(started: Timestamp, problem: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c.to_ascii_lowercase() } else { '-' };
    format!("{}-{}", started.format("%Y-%m-%d-%H%M"), problem.chars().map(safe).collect::<String>())
}

impl Default for PhaseRecord {
    fn default() -> Self {
        Self {
            id: String::new(),
            title: String::new(),
            kind: PhaseKind::Notes,
            budget: Elapsed(0),
            spent: Elapsed(0),
            notes: String::new(),
            by_hand: std::collections::BTreeMap::new(),
            visited: false,
            overrun_said: false,
        }
    }
}

#[cfg(test)]
mod tests;
