//! The mock interview: problem, phases, session, interviewer, record, scorecard. Pure: `now` is an argument, nothing is read or written.

mod framework;
mod problem;

pub use framework::{ChecklistItem, Competency, Criterion, Framework, InterviewType, Level, Phase, PhaseKind};
pub use problem::{
    Clarification, Endpoint, Entity, Estimate, Evidence, Probe, Problem, Requirement, RequirementKind, RubricItem,
    TargetGroup,
};
