//! The mock interview: problem, phases, session, interviewer, record, scorecard. Pure: `now` is an argument, nothing is read or written.

mod checklist;
mod clarify;
mod contradictions;
mod coverage;
mod debrief;
mod event;
mod evidence;
mod facts;
#[cfg(test)]
mod fixture;
mod framework;
mod pacing;
mod predictions;
mod probes;
mod problem;
mod record;
mod run;
mod session;
mod targets;
mod transfer;
mod words;

pub use checklist::{ChecklistLine, checklist};
pub use clarify::{YOUR_CALL, clarify};
pub use contradictions::{About, Contradiction, contradictions};
pub use coverage::{Covered, Topic, coverage};
pub use debrief::{Debrief, Fix, debrief};
pub use event::{Event, Outcome, Remark, Save};
pub use evidence::{Proof, Scene, pattern, prove};
pub use facts::{FACTS, Facts, facts, is_fact};
pub use framework::{ChecklistItem, Competency, Criterion, Framework, InterviewType, Level, Phase, PhaseKind};
pub use pacing::{Pace, Pacing, PhasePacing, PhasePlan, pacing, plan_line, replan};
pub use predictions::{Claim, Foretold, Judged, claims, judge, predictions};
pub use probes::{ChosenProbe, choose_probes};
pub use problem::{
    Clarification, Endpoint, Entity, Estimate, Evidence, Probe, Problem, Requirement, RequirementKind, RubricItem,
    TargetGroup,
};
pub use record::{Decision, Moment, Pause, PauseReason, PhaseRecord, Prediction, ProbeRecord, Question, Record, What};
pub use run::{ComponentRun, FlowRun, Run, TargetRun, Trigger};
pub use session::{AWAY_AFTER, Session, Setup, StartError};
pub use targets::{
    Held, HeldFrom, NoteLoad, NoteTarget, Promises, Underloaded, Vague, held_to, promises, underloaded, with_promises,
};
pub use transfer::transfer;
