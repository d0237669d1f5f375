//! Where evidence is found: a line of the notes, a decision, an answer, a part of the design, a run.
//!
//! Only the candidate's own statements count: neither the lines of a phase's template nor the questions and the interviewer's answers, which land
//! in the notes, show anything. A question does break a silence.

use regex::{Regex, RegexBuilder};

use super::{Evidence, Facts, Framework, Phase, PhaseRecord, Record, Run, TargetRun};

/// What evidence is looked for in.
#[derive(Debug)]
pub struct Scene<'a> {
    record: &'a Record,
    facts: &'a Facts,
    lines: Vec<OwnLine<'a>>,
}

impl<'a> Scene<'a> {
    /// The notes, decisions, answers and runs of `record`, and the facts of its design.
    pub fn new(record: &'a Record, framework: &'a Framework, facts: &'a Facts) -> Self {
        let phases = framework.interview_type(&record.interview_type).map_or(&[][..], |kind| &kind.phases);
        let lines = record.phases.iter().enumerate().flat_map(|(at, phase)| {
            let template = phases.iter().find(|known| known.id == phase.id).map_or("", |known| &known.template);
            own_lines(at, phase, template, record)
        });
        Self { record, facts, lines: lines.collect() }
    }

    /// The record.
    pub fn record(&self) -> &Record {
        self.record
    }

    /// Where `pattern` is found, notes before decisions before answers.
    pub fn find(&self, pattern: &Regex) -> Option<Proof> {
        let note = self.lines.iter().find(|line| pattern.is_match(line.text)).map(OwnLine::proof);
        note.or_else(|| self.find_decision(pattern)).or_else(|| self.find_answer(pattern))
    }

    /// Whether `pattern` is found anywhere, the questions that were asked included.
    fn mentions(&self, pattern: &Regex) -> bool {
        self.record.questions.iter().any(|question| pattern.is_match(&question.text)) || self.find(pattern).is_some()
    }

    fn find_decision(&self, pattern: &Regex) -> Option<Proof> {
        let found = self.record.decisions.iter().position(|decision| pattern.is_match(&decision.text))?;
        Some(Proof::Decision { decision: found, text: self.record.decisions[found].text.clone() })
    }

    fn find_answer(&self, pattern: &Regex) -> Option<Proof> {
        let answers = self.record.probes.iter().enumerate();
        let mut lines = answers.flat_map(|(at, probe)| probe.answer.lines().map(move |line| (at, line)));
        let (probe, line) = lines.find(|(_, line)| pattern.is_match(line))?;
        Some(Proof::Answer { probe, text: line.trim().to_owned() })
    }
}

/// A line of the notes in the candidate's own words.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnLine<'a> {
    phase: usize,
    number: usize,
    /// The line.
    pub text: &'a str,
}

impl OwnLine<'_> {
    pub fn proof(&self) -> Proof {
        Proof::Note { phase: self.phase, line: self.number, text: self.text.trim().to_owned() }
    }
}

/// What the session writes before a question that lands in the notes.
pub(super) const QUESTION: &str = "Q: ";
/// What the session writes before an interviewer's answer that lands in the notes.
pub(super) const ANSWER: &str = "A: ";

/// The lines of a phase's notes that are the candidate's own.
pub(super) fn own_lines<'a>(at: usize, phase: &'a PhaseRecord, template: &str, record: &Record) -> Vec<OwnLine<'a>> {
    let given = |line: &str| {
        let line = line.trim();
        let answered =
            |answer: &str| record.questions.iter().any(|question| question.answer.as_deref() == Some(answer));
        let asked = |text: &str| record.questions.iter().any(|question| question.text == text);
        line.is_empty()
            || template.lines().any(|known| known.trim() == line)
            || line.strip_prefix(ANSWER).is_some_and(answered)
            || line.strip_prefix(QUESTION).is_some_and(asked)
    };
    let lines = phase.notes.lines().enumerate().filter(|(_, line)| !given(line));
    lines.map(|(number, text)| OwnLine { phase: at, number: number + 1, text }).collect()
}

/// The first own line of a phase's notes that one of `patterns` matches.
pub(super) fn own_line<'a>(
    at: usize,
    phase: &'a PhaseRecord,
    known: &Phase,
    record: &Record,
    patterns: &[Regex],
) -> Option<OwnLine<'a>> {
    let lines = own_lines(at, phase, &known.template, record);
    lines.into_iter().find(|line| patterns.iter().any(|pattern| pattern.is_match(line.text)))
}

/// The most memory that a compiled pattern may take, bytes.
const PATTERN_LIMIT: usize = 1 << 20;

/// Compiles a pattern as problems and checklists write it: a regular expression, held against single lines, case ignored.
///
/// # Errors
/// What is wrong with it.
pub fn pattern(text: &str) -> Result<Regex, String> {
    let compiled = RegexBuilder::new(text).case_insensitive(true).size_limit(PATTERN_LIMIT).build();
    compiled.map_err(|error| error.to_string())
}

/// The patterns of `texts` that compile; the bank's check has named the others.
pub(super) fn patterns(texts: &[String]) -> Vec<Regex> {
    texts.iter().filter_map(|text| pattern(text).ok()).collect()
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
    /// A decision with its reason.
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
        /// As a person would point at it: `cache (redis) x3`, `api ~> clicks`.
        text: String,
    },
    /// A measurement.
    Run {
        /// The run's number.
        number: u32,
        /// The target and its figure.
        text: String,
    },
    /// Something that nowhere is.
    Silence,
    /// It needs no proof.
    Always,
}

/// The proof of `evidence` in `scene`, if there is one.
pub fn prove(evidence: &Evidence, scene: &Scene<'_>) -> Option<Proof> {
    match evidence {
        Evidence::Notes(text) => scene.find(&pattern(text).ok()?),
        Evidence::Silence(text) => (!scene.mentions(&pattern(text).ok()?)).then_some(Proof::Silence),
        Evidence::Design(fact) => scene.facts.shows(fact).map(|text| Proof::Design { text }),
        Evidence::Measured(text) => met(scene.record.last_run()?, text),
        Evidence::Missed(text) => missed(scene.record.last_run()?, text),
        Evidence::Always => Some(Proof::Always),
    }
}

/// Every target that `text` means was met, and there is one.
fn met(run: &Run, text: &str) -> Option<Proof> {
    let held: Vec<(&str, &TargetRun)> = run.targets().filter(|&(flow, target)| means(text, flow, target)).collect();
    let all_met = !held.is_empty() && held.iter().all(|(_, target)| target.met);
    all_met.then(|| Proof::Run { number: run.number, text: held.iter().map(said).collect::<Vec<_>>().join(", ") })
}

/// A target that `text` means was missed.
fn missed(run: &Run, text: &str) -> Option<Proof> {
    let target = run.targets().find(|&(flow, target)| means(text, flow, target) && !target.met)?;
    Some(Proof::Run { number: run.number, text: said(&target) })
}

fn said(&(flow, target): &(&str, &TargetRun)) -> String {
    format!("{flow}: {}, measured {}", target.text, target.figure())
}

/// Whether `text` means the target: `all`, `any`, the target's beginning (`p99`), or that after the flow's name.
fn means(text: &str, flow: &str, target: &TargetRun) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let (text, target) = (plain(text), plain(&target.text));
    let begins = |whole: &str| {
        whole.strip_prefix(text.as_str()).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    matches!(text.as_str(), "all" | "any") || begins(&target) || begins(&format!("{} {target}", plain(flow)))
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::interview::FlowRun;

    fn scene_of(record: &Record, check: impl FnOnce(&Scene<'_>)) {
        let (framework, facts) = (fixture::framework(), Facts::default());
        check(&Scene::new(record, &framework, &facts));
    }

    #[test]
    fn only_the_candidates_own_words_count() {
        let mut record = fixture::record();
        record.phases[0].notes = fixture::framework().types[0].phases[0].template.clone();
        record.phases[0]
            .notes
            .push_str("Q: any uptime target?\nA: 99.99% for redirects.\n- links expire after a year\n");
        record.questions.push(fixture::question("any uptime target?", Some("99.99% for redirects.")));
        scene_of(&record, |scene| {
            let notes = |text: &str| prove(&Evidence::Notes(text.to_owned()), scene);
            assert_eq!(notes("latency"), None, "the template's");
            assert_eq!(notes("redirect"), None, "the interviewer's");
            assert_eq!(notes("uptime"), None, "a question is no statement");
            assert_eq!(prove(&Evidence::Silence("uptime".to_owned()), scene), None, "but it was raised");
            assert_eq!(
                notes("EXPIRE"),
                Some(Proof::Note { phase: 0, line: 8, text: "- links expire after a year".to_owned() })
            );
            assert_eq!(prove(&Evidence::Silence("redirect".to_owned()), scene), Some(Proof::Silence));
            assert_eq!(prove(&Evidence::Silence("expire".to_owned()), scene), None);
        });
    }

    #[test]
    fn a_broken_pattern_proves_nothing() {
        let record = fixture::record();
        scene_of(&record, |scene| {
            assert_eq!(prove(&Evidence::Notes("(".to_owned()), scene), None);
            assert_eq!(prove(&Evidence::Silence("(".to_owned()), scene), None);
        });
        assert!(pattern("a{1000}{1000}").is_err());
    }

    #[test]
    fn targets_are_named_by_their_beginning_or_their_flow() {
        let mut record = fixture::record();
        let target = |text: &str, met: bool| fixture::target(text, 0.25, met);
        let flow = |name: &str, targets| FlowRun { name: name.to_owned(), targets, ..FlowRun::default() };
        record.runs.push(Run {
            flows: vec![
                flow("GET /{code}", vec![target("p99 < 100ms", false), target("errors < 0.1%", true)]),
                flow("POST /links", vec![target("p99 < 300ms", true)]),
            ],
            ..Run::default()
        });
        scene_of(&record, |scene| {
            let met = |text: &str| prove(&Evidence::Measured(text.to_owned()), scene).is_some();
            let missed = |text: &str| prove(&Evidence::Missed(text.to_owned()), scene).is_some();
            assert!(met("errors") && met("POST /links p99") && met("p99  < 300MS"));
            assert!(!met("all") && !met("p99") && !met("p9") && !met("lag"));
            assert!(missed("any") && missed("p99") && missed("get /{code}"));
            assert!(!missed("errors") && !missed("POST /links") && !missed("lag"));
        });
    }
}
