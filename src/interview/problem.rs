//! A problem: what the candidate is asked, what the interviewer knows, and what a good answer shows. `content` fills it from
//! `problems/ID/`.

use super::Level;

/// One interview problem.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Id, the name of its folder.
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// What the interviewer opens with.
    pub prompt: String,
    /// Id of its interview type.
    pub interview_type: String,
    /// 1 to 5.
    pub difficulty: u8,
    /// Tags, lower-case.
    pub tags: Vec<String>,
    /// Ids of related items of the bank.
    pub see: Vec<String>,
    /// Ids of optional phases that this problem has.
    pub phases: Vec<String>,
    /// What the interviewer knows.
    pub clarifications: Vec<Clarification>,
    /// Rubric of the first phase.
    pub requirements: Vec<Requirement>,
    /// What the reference must meet, and a candidate's design is held to.
    pub targets: Vec<TargetGroup>,
    /// Capacity questions with their solutions.
    pub estimates: Vec<Estimate>,
    /// Core entities.
    pub entities: Vec<Entity>,
    /// Endpoints of the API.
    pub endpoints: Vec<Endpoint>,
    /// What earns points beyond the framework's criteria.
    pub rubric: Vec<RubricItem>,
    /// What the interviewer asks in the deep dive.
    pub probes: Vec<Probe>,
    /// The reference design, in the design language.
    pub reference: String,
    /// Components of the reference that carry load: with any of them taken away the reference misses a target.
    pub load_bearing: Vec<String>,
    /// The answer key, phase by phase, in Markdown.
    pub walkthrough: String,
}

/// A question that the interviewer has an answer to.
#[derive(Clone, Debug, PartialEq)]
pub struct Clarification {
    /// The question in the words people ask it with.
    pub ask: Vec<String>,
    /// The answer.
    pub answer: String,
}

/// Functional: what users can do. Non-functional: how well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequirementKind {
    /// What users can do.
    Functional,
    /// How well it is done.
    NonFunctional,
}

/// A requirement and what shows it in the notes.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// Which sort.
    pub kind: RequirementKind,
    /// The requirement.
    pub text: String,
    /// Patterns (regular expressions, case ignored) of which one in the notes shows it.
    pub notes: Vec<String>,
    /// Whether leaving it out is a miss.
    pub must: bool,
}

/// Targets of one flow.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetGroup {
    /// The flow's name in the reference.
    pub flow: String,
    /// The load it is held to, in the design language: `115k/s`.
    pub load: String,
    /// Targets in the design language: `p99 < 100ms`.
    pub expect: Vec<String>,
}

/// A capacity question.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// The question.
    pub ask: String,
    /// An expression of the estimator.
    pub solution: String,
    /// A factor: 3 accepts a third to three times.
    pub within: f64,
}

/// A core entity and what shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Name.
    pub name: String,
    /// Patterns of which one in the notes shows it.
    pub notes: Vec<String>,
}

/// An endpoint and what shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoint {
    /// As one would write it: `POST /links`.
    pub name: String,
    /// Patterns of which one in the notes shows it.
    pub notes: Vec<String>,
}

/// Something that a good answer shows.
#[derive(Clone, Debug, PartialEq)]
pub struct RubricItem {
    /// Id of the competency it counts for.
    pub competency: String,
    /// Level from which it is expected.
    pub level: Level,
    /// What is looked for.
    pub text: String,
    /// What shows it; any of them is enough.
    pub evidence: Vec<Evidence>,
}

/// How a rubric item or a probe's condition is recognised.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// A pattern (regular expression, case ignored) in the notes.
    Notes(String),
    /// A fact of the design: `kind cache`, `no cache`, `replicas`, `async`, `retry`, ...
    Design(String),
    /// A target of the run that was met: its text, or `all`.
    Measured(String),
    /// A target of the run that was missed: its text, or `any`.
    Missed(String),
    /// A pattern (regular expression, case ignored) that the notes never match.
    Silence(String),
    /// Always.
    Always,
}

/// A question of the deep dive.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// When it is asked.
    pub when: Evidence,
    /// The lowest level that is asked this.
    pub level: Level,
    /// The question.
    pub ask: String,
    /// Words of which a good answer has some.
    pub look_for: Vec<String>,
    /// A strong answer, shown in the debrief.
    pub good: String,
    /// A line of the design language that is run with it.
    pub fault: Option<String>,
    /// What the reference shows while the fault lasts, in the design language, a flow's name before what is said of it:
    /// `GET /{code}: errors < 0.1%`, `utilisation db > 40%`. `dryrun check` holds the reference to it.
    pub shows: Vec<String>,
    /// Id of the competency it counts for.
    pub competency: String,
}
