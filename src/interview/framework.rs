//! The delivery framework as data: interview types with their phases, competencies, levels. `content` fills it from `framework.toml`.

/// Everything that `content/framework.toml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Framework {
    /// Product, infrastructure, object-oriented, front-end.
    pub types: Vec<InterviewType>,
    /// The four competencies of the scorecard.
    pub competencies: Vec<Competency>,
}

impl Framework {
    /// The interview type with that id.
    pub fn interview_type(&self, id: &str) -> Option<&InterviewType> {
        self.types.iter().find(|kind| kind.id == id)
    }
}

/// A kind of interview and its phases.
#[derive(Clone, Debug, PartialEq)]
pub struct InterviewType {
    /// Id: `product`, `infrastructure`, `object-oriented`, `front-end`.
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// Phases in order.
    pub phases: Vec<Phase>,
}

impl InterviewType {
    /// Sum of the phases' minutes, the optional ones included.
    pub fn minutes(&self) -> f64 {
        self.phases.iter().map(|phase| phase.minutes).sum()
    }
}

/// What is done in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhaseKind {
    /// Notes alone.
    Notes,
    /// The design's text and diagram beside the notes.
    Design,
    /// Probes and faults on the design, with notes.
    DeepDive,
}

impl PhaseKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Notes, Self::Design, Self::DeepDive];

    /// The word in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Notes => "notes",
            Self::Design => "design",
            Self::DeepDive => "deep-dive",
        }
    }

    /// The kind with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One timed phase.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// Id, unique in its type: `requirements`, `entities`, `api`, `data-flow`, `design`, `deep-dive`, ...
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// What is done in it.
    pub kind: PhaseKind,
    /// Budget in an interview of 45 minutes, minutes; other lengths scale it.
    pub minutes: f64,
    /// Whether it may be skipped without a word; an optional phase is left out unless the problem asks for it.
    pub optional: bool,
    /// What the interviewer says as it opens.
    pub prompt: String,
    /// What the notes open with.
    pub template: String,
    /// What is said when the budget is spent.
    pub overrun: String,
    /// What a good phase shows.
    pub checklist: Vec<ChecklistItem>,
}

/// One line of a checklist; ticks itself when the notes match.
#[derive(Clone, Debug, PartialEq)]
pub struct ChecklistItem {
    /// Id, unique in its phase.
    pub id: String,
    /// The line.
    pub text: String,
    /// Patterns (regular expressions, case ignored) of which one in the phase's notes ticks it; empty: by hand only.
    pub evidence: Vec<String>,
}

/// One of the four competencies.
#[derive(Clone, Debug, PartialEq)]
pub struct Competency {
    /// Id: `problem-navigation`, `high-level-design`, `technical-excellence`, `communication`.
    pub id: String,
    /// Title for a person.
    pub title: String,
    /// Two or three observable criteria.
    pub criteria: Vec<Criterion>,
}

/// Something observable that is scored from 0 to 3.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Id, unique in its competency.
    pub id: String,
    /// What is looked at.
    pub text: String,
    /// What earns 0, 1, 2 and 3.
    pub anchors: [String; 4],
}

/// The level that is interviewed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Breadth over depth, 80 to 20.
    Mid,
    /// 60 to 40.
    #[default]
    Senior,
    /// 40 to 60, with initiative.
    Staff,
}

impl Level {
    /// All levels, the lowest first.
    pub const ALL: [Self; 3] = [Self::Mid, Self::Senior, Self::Staff];

    /// The word on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mid => "mid",
            Self::Senior => "senior",
            Self::Staff => "staff",
        }
    }

    /// The level with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }
}
