//! What of a problem's rubric the notes, the design and the runs show, each with the evidence or its absence.

use super::{Facts, Framework, Problem, Proof, Record};

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// A functional requirement.
    Functional,
    /// A non-functional requirement.
    NonFunctional,
    /// A core entity.
    Entity,
    /// An endpoint of the API.
    Endpoint,
    /// An item of the problem's rubric.
    Rubric,
}

/// One thing that a good answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// What sort of thing.
    pub topic: Topic,
    /// It, in words.
    pub text: String,
    /// Whether leaving it out is a miss (at the interview's level).
    pub must: bool,
    /// Id of the competency it counts for; `None` where the problem names none.
    pub competency: Option<String>,
    /// Where it was found; `None` if it wasn't.
    pub proof: Option<Proof>,
}

/// What `record` shows of `problem`, in the problem's order.
pub fn coverage(problem: &Problem, framework: &Framework, record: &Record, facts: &Facts) -> Vec<Covered> {
    let _ = (problem, framework, record, facts);
    Vec::new()
}
