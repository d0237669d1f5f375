//! Evidence: how it is written in a problem, and where it is found: a line of the notes, a part of the design, a run.
//!
//! ```text
//! evidence = "always"
//!          | "notes: PATTERN"      a line of the notes, decisions or answers matches
//!          | "silent: PATTERN"     none does
//!          | "met: TARGET"         the run met it: its metric, its whole text, or "all"
//!          | "missed: TARGET"      there was a run, and it missed it
//!          | ["design:"] FACT      a fact of the design: "cache", "no cache", "kind sql", ... (see FACTS)
//! ```

use super::{Evidence, Facts, Record};

/// What evidence is looked for in.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// Notes, decisions, answers and runs.
    pub record: &'a Record,
    /// Facts of the design.
    pub facts: &'a Facts,
}

/// Evidence that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A line of the notes.
    Note {
        /// Index of the phase.
        phase: usize,
        /// Line of its notes, from 1.
        line: usize,
        /// The line.
        text: String,
    },
    /// A decision: index into the record's.
    Decision {
        /// Index into the record's decisions.
        decision: usize,
        /// Its text.
        text: String,
    },
    /// An answer to a probe.
    Answer {
        /// Index into the record's probes.
        probe: usize,
        /// The line of the answer.
        text: String,
    },
    /// A part of the design.
    Design {
        /// As written or said: `cache: redis x3`, `api ~> clicks`.
        text: String,
    },
    /// A measurement.
    Run {
        /// The run's number.
        number: u32,
        /// The target and its figure.
        text: String,
    },
    /// It needs no proof.
    Always,
}

/// The proof of `evidence` in `scene`, if there is one.
pub fn prove(evidence: &Evidence, scene: Scene<'_>) -> Option<Proof> {
    let _ = scene;
    matches!(evidence, Evidence::Always).then_some(Proof::Always)
}

impl Evidence {
    /// Reads evidence as problems write it (the grammar is this module's documentation).
    ///
    /// # Errors
    /// What is wrong with it, in one clause: an unknown fact, a pattern that is no regular expression.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (head, rest) = text.split_once(':').map_or(("", text), |(head, rest)| (head.trim(), rest.trim()));
        match head {
            "notes" => Ok(Self::Notes(rest.to_owned())),
            "silent" => Ok(Self::Not(Box::new(Self::Notes(rest.to_owned())))),
            "met" => Ok(Self::Measured(rest.to_owned())),
            "missed" => Ok(Self::Not(Box::new(Self::Measured(rest.to_owned())))),
            "" if text == "always" => Ok(Self::Always),
            "" | "design" => Ok(Self::Design(rest.to_owned())),
            other => Err(format!("unknown evidence '{other}:'")),
        }
    }
}
