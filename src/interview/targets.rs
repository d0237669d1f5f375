//! Targets and loads that the notes promise, and what a design is held to because of them.

use std::ops::Range;

use super::evidence::{ANSWER, QUESTION, pattern};
use super::words::{self, Stem};
use super::{Endpoint, Problem, Record};
use crate::design::{self, Design, Flow, FlowId, Load, LoadFigure, Metric, Operation, Target};
use crate::units::{format_count, format_rate};

/// A target recognised in the notes.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteTarget {
    /// The target; its span lies in the phase's notes.
    pub target: Target,
    /// Index of the phase.
    pub phase: usize,
    /// The line of the notes that has it, without its bullet.
    pub line: String,
    /// The clause of the line, between commas or semicolons, that has it; then those before it, the nearest first.
    pub clauses: Vec<String>,
}

/// A load recognised in the notes: `redirects 115k/s`, `100M DAU`.
#[derive(Clone, Debug, PartialEq)]
pub struct NoteLoad {
    /// Bytes of the phase's notes.
    pub span: Range<usize>,
    /// What is counted: `redirects`, `DAU`; may be empty.
    pub subject: String,
    /// How many.
    pub figure: LoadFigure,
    /// Index of the phase.
    pub phase: usize,
    /// The line of the notes that has it.
    pub line: String,
}

/// A requirement that can't be measured, and what to ask about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vague {
    /// Bytes of the phase's notes.
    pub span: Range<usize>,
    /// Index of the phase.
    pub phase: usize,
    /// The remark: `'low latency': how low, and for which request?`.
    pub remark: String,
}

/// What the notes promise, in the order of phases and lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Promises {
    /// Targets; of several alike on lines alike, the first.
    pub targets: Vec<NoteTarget>,
    /// Loads, likewise.
    pub loads: Vec<NoteLoad>,
    /// What can't be measured.
    pub vague: Vec<Vague>,
}

/// Reads all notes of `record`.
pub fn promises(record: &Record) -> Promises {
    let mut all = Promises::default();
    for (phase, notes) in record.phases.iter().map(|phase| phase.notes.as_str()).enumerate() {
        all.extend(promises_in(phase, notes));
    }
    all
}

/// What stands before an item of a list.
const BULLETS: [char; 6] = ['-', '*', '+', '•', ' ', '\t'];

/// Reads the notes of one phase.
pub(super) fn promises_in(phase: usize, notes: &str) -> Promises {
    let line = |range: &Range<usize>| line_at(notes, range.start).trim_start_matches(BULLETS).trim_end().to_owned();
    let targets = design::targets_in(notes).into_iter().map(|target| {
        let line = line(&target.span.range());
        let clauses = clauses_upto(notes, &target.span.range());
        NoteTarget { target, phase, line, clauses }
    });
    let loads = design::loads_in(notes).into_iter().map(|(span, subject, figure)| {
        let span = span.range();
        NoteLoad { line: line(&span), span, subject, figure, phase }
    });
    // A question put to the interviewer, and the answer, are no requirements of the candidate's.
    let said = |range: &Range<usize>| {
        let line = line_at(notes, range.start);
        line.starts_with(QUESTION) || line.starts_with(ANSWER)
    };
    let vague = design::vague_in(notes).into_iter().map(|(span, remark)| Vague { span: span.range(), phase, remark });
    let vague = vague.filter(|vague| !said(&vague.span));
    let mut found = Promises::default();
    found.extend(Promises { targets: targets.collect(), loads: loads.collect(), vague: vague.collect() });
    found
}

impl Promises {
    pub(super) fn extend(&mut self, other: Self) {
        for target in other.targets {
            let alike = |known: &NoteTarget| known.target.text == target.target.text && known.line == target.line;
            if !self.targets.iter().any(alike) {
                self.targets.push(target);
            }
        }
        for load in other.loads {
            let alike = |known: &NoteLoad| known.subject == load.subject && known.figure == load.figure;
            if !self.loads.iter().any(alike) {
                self.loads.push(load);
            }
        }
        self.vague.extend(other.vague);
    }
}

/// The line of `text` that has the byte at `offset`.
fn line_at(text: &str, offset: usize) -> &str {
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("")
}

/// The clauses of the line of `text` that has `range`, from the one with its end back to the first.
fn clauses_upto(text: &str, range: &Range<usize>) -> Vec<String> {
    let ends = [',', ';', '\n'];
    let start = text.get(..range.start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(range.end..).and_then(|after| after.find(ends)).map_or(text.len(), |at| range.end + at);
    let clauses = text.get(start..end).unwrap_or("").rsplit(ends);
    let clauses = clauses.map(|clause| clause.trim_start_matches(BULLETS).trim_end().to_owned());
    clauses.collect()
}

/// A target of a flow, and why the flow is held to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The flow.
    pub flow: FlowId,
    /// The target.
    pub target: Target,
    /// Where it comes from.
    pub from: HeldFrom,
    /// That in a sentence: `from the notes, for GET /{code} by 'redirects p99 < 100ms'`.
    pub why: String,
}

/// Where a flow's target comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldFrom {
    /// The design's own text.
    Design,
    /// The notes, whose line names the flow.
    NotesByName,
    /// The notes, whose line names no flow: it goes to the main one, which has the greatest load.
    NotesToMain,
}

/// What each flow of `design` is held to: its own targets, then those of the notes that it doesn't have word for word.
///
/// The clause of a target, or else one before it, or else its whole line names the flow with which it shares most: words of the flow's name, a
/// pattern of the problem's endpoint of that name, or a word for what the flow does (reads, writes). Of equals the one with the greater load
/// is meant. A target on a component that the design doesn't have holds nothing.
pub fn held_to(design: &Design, promises: &Promises, problem: &Problem) -> Vec<Held> {
    let own = design.flows.iter().enumerate().flat_map(|(at, flow)| {
        let held = move |target: &Target| Held {
            flow: FlowId(at as u32),
            target: target.clone(),
            from: HeldFrom::Design,
            why: format!("from the design, for {}", flow.name),
        };
        flow.targets.iter().map(held)
    });
    let mut all: Vec<Held> = own.collect();
    for promise in promises.targets.iter().filter(|promise| can_be_measured(design, &promise.target)) {
        let named = |text: &str| meant(design, text, &problem.endpoints);
        let by_name = |text: &String| named(text).filter(|(_, from)| *from == HeldFrom::NotesByName);
        let by_clause = promise.clauses.iter().find_map(by_name);
        let Some((flow, from)) = by_clause.or_else(|| named(&promise.line)) else { break };
        let alike = |held: &Held| held.flow == flow && same_bound(&held.target, &promise.target);
        if !all.iter().any(alike) {
            let name = &design.flow(flow).name;
            let why = match from {
                HeldFrom::NotesToMain => {
                    format!("from the notes ('{}'), which name no flow: {name} has the most load", promise.line)
                }
                _ => format!("from the notes ('{}'), for {name}", promise.line),
            };
            all.push(Held { flow, target: promise.target.clone(), from, why });
        }
    }
    all
}

fn can_be_measured(design: &Design, target: &Target) -> bool {
    match &target.metric {
        Metric::Utilisation(component) | Metric::HitRatio(component) => design.find(component).is_some(),
        _ => true,
    }
}

fn same_bound(a: &Target, b: &Target) -> bool {
    a.metric == b.metric && a.comparison == b.comparison && a.bound == b.bound
}

/// `design` with the notes' targets after those of its flows: what is to be run.
#[must_use]
pub fn with_promises(design: &Design, promises: &Promises, problem: &Problem) -> Design {
    let mut design = design.clone();
    for held in held_to(&design, promises, problem).into_iter().filter(|held| held.from != HeldFrom::Design) {
        design.flows[held.flow.0 as usize].targets.push(held.target);
    }
    design
}

/// The flow that a line of the notes speaks about; the main one if it names none; `None` without flows.
fn meant(design: &Design, line: &str, endpoints: &[Endpoint]) -> Option<(FlowId, HeldFrom)> {
    let said = words::stems(line);
    let rank = |at: usize| (likeness(&design.flows[at], line, &said, endpoints), rate(&design.flows[at].load));
    let best = (0..design.flows.len()).reduce(|best, next| {
        let ((likes, load), (next_likes, next_load)) = (rank(best), rank(next));
        if next_likes > likes || (next_likes == likes && next_load > load) { next } else { best }
    })?;
    let from = if rank(best).0 > 0 { HeldFrom::NotesByName } else { HeldFrom::NotesToMain };
    Some((FlowId(best as u32), from))
}

/// How much a line has in common with a flow: 0 for nothing.
fn likeness(flow: &Flow, line: &str, said: &[Stem], endpoints: &[Endpoint]) -> usize {
    let named = words::stems(&flow.name).iter().filter(|word| said.iter().any(|other| other.means(word))).count();
    let endpoint = endpoints.iter().find(|endpoint| shape(&endpoint.name) == shape(&flow.name));
    let patterns = endpoint.map_or(&[][..], |endpoint| &endpoint.notes);
    let described = patterns.iter().filter_map(|text| pattern(text).ok()).any(|pattern| pattern.is_match(line));
    let does = match flow.operation {
        Operation::Read => "read",
        Operation::Write => "write",
        Operation::Delete => "delete",
        Operation::Search => "search",
    };
    let done = words::stems(does).iter().any(|word| said.iter().any(|other| other.means(word)));
    3 * usize::from(described) + 2 * named + usize::from(done)
}

/// An endpoint without the names of its parameters: `GET /:code` and `GET /{id}` are the same.
pub(super) fn shape(name: &str) -> String {
    let segment =
        |part: &str| if part.starts_with([':', '{', '<', '$']) { "{}".to_owned() } else { part.to_lowercase() };
    let words = name.split_whitespace().map(|word| word.split('/').map(segment).collect::<Vec<_>>().join("/"));
    words.collect::<Vec<_>>().join(" ")
}

/// Requests a second that a load offers; for a closed one what its users can offer at most.
pub(super) fn rate(load: &Load) -> f64 {
    match load {
        Load::Open { rate, .. } => *rate,
        Load::Closed { users, think } => f64::from(*users) / think.mean().max(1e-3),
    }
}

/// A flow that runs with less load than the notes promise.
#[derive(Clone, Debug, PartialEq)]
pub struct Underloaded {
    /// The flow.
    pub flow: FlowId,
    /// Requests a second that the notes promise.
    pub promised: f64,
    /// Requests a second that the design offers.
    pub offered: f64,
    /// That in a sentence.
    pub why: String,
}

/// A design that offers this share of what the notes promise is taken to keep the promise: people round.
const ROUNDING: f64 = 0.9;

/// Flows of `design` that run with less load than the notes promise for them, by lines that name them.
pub fn underloaded(design: &Design, promises: &Promises, problem: &Problem) -> Vec<Underloaded> {
    let mut found: Vec<Underloaded> = Vec::new();
    for load in &promises.loads {
        let LoadFigure::PerSecond(promised) = load.figure else { continue };
        let about = if load.subject.is_empty() { &load.line } else { &load.subject };
        let Some((flow, HeldFrom::NotesByName)) = meant(design, about, &problem.endpoints) else { continue };
        let offered = rate(&design.flow(flow).load);
        if offered < promised * ROUNDING && !found.iter().any(|known| known.flow == flow && known.promised >= promised)
        {
            let name = &design.flow(flow).name;
            let why = format!(
                "the notes say {} ('{}'), but {name} runs at {}",
                format_rate(promised),
                load.line,
                format_rate(offered)
            );
            found.retain(|known| known.flow != flow);
            found.push(Underloaded { flow, promised, offered, why });
        }
    }
    found
}

/// A design that offers this many times what the notes promise offers more than any peak: two to five times the mean.
const BEYOND_PEAK: f64 = 5.0;

/// Flows of `design` that run with more load than any peak of what the notes promise for them, each with that in a sentence.
pub(super) fn overloaded(design: &Design, promises: &Promises, problem: &Problem) -> Vec<(FlowId, String)> {
    let mut found: Vec<(FlowId, String)> = Vec::new();
    let promised_for = |flow: FlowId| {
        let of_flow = |load: &&NoteLoad| {
            let about = if load.subject.is_empty() { &load.line } else { &load.subject };
            meant(design, about, &problem.endpoints) == Some((flow, HeldFrom::NotesByName))
        };
        let figure = |load: &NoteLoad| match load.figure {
            LoadFigure::PerSecond(rate) => Some((rate, load.line.clone())),
            LoadFigure::Users(_) => None,
        };
        promises.loads.iter().filter(of_flow).filter_map(figure).max_by(|a, b| a.0.total_cmp(&b.0))
    };
    for (at, flow) in design.flows.iter().enumerate() {
        let id = FlowId(at as u32);
        let Some((promised, line)) = promised_for(id) else { continue };
        let offered = rate(&flow.load);
        if promised > 0.0 && offered > promised * BEYOND_PEAK {
            let (said, runs, times) =
                (format_rate(promised), format_rate(offered), format_count((offered / promised).round()));
            found.push((
                id,
                format!("the notes say {said} ('{line}'), but {} runs at {runs}, {times} times that", flow.name),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    const P99: Metric = Metric::LatencyPercentile(99.0);

    fn promised(line: &str, target: Target) -> NoteTarget {
        NoteTarget { target, phase: 0, line: line.to_owned(), clauses: vec![line.to_owned()] }
    }

    #[track_caller]
    fn check(line: &str, flow: &str, from: HeldFrom) {
        let target = fixture::promise("p99 < 100ms", P99, 0.1);
        let promises = Promises { targets: vec![promised(line, target)], ..Promises::default() };
        let design = fixture::design();
        let held = held_to(&design, &promises, &fixture::problem());
        let [held] = held.as_slice() else { panic!("{line}: {held:?}") };
        assert_eq!((design.flow(held.flow).name.as_str(), held.from), (flow, from), "{line}");
        assert!(held.why.contains(line) && held.why.contains(flow), "{}", held.why);
    }

    #[test]
    fn a_line_of_the_notes_finds_the_flow_it_speaks_about() {
        check("GET /{code} p99 < 100ms", "GET /{code}", HeldFrom::NotesByName);
        check("redirects: p99 < 100ms", "GET /{code}", HeldFrom::NotesByName);
        check("reads p99 < 100ms", "GET /{code}", HeldFrom::NotesByName);
        check("creating links p99 < 100ms", "POST /links", HeldFrom::NotesByName);
        check("writes: p99 < 100ms", "POST /links", HeldFrom::NotesByName);
        check("p99 < 100ms", "GET /{code}", HeldFrom::NotesToMain);
        check("- everything p99 < 100ms", "GET /{code}", HeldFrom::NotesToMain);
    }

    #[test]
    fn a_target_of_the_design_is_not_taken_twice() {
        let mut design = fixture::design();
        design.flows[0].targets.push(fixture::promise("p99 < 0.1s", P99, 0.1));
        let lines = [("p99 < 100ms", 0.1), ("p99 < 50ms", 0.05)];
        let targets = lines.map(|(text, bound)| promised(text, fixture::promise(text, P99, bound)));
        let promises = Promises { targets: targets.to_vec(), ..Promises::default() };
        let held = with_promises(&design, &promises, &fixture::problem());
        let texts: Vec<&str> = held.flows[0].targets.iter().map(|target| target.text.as_str()).collect();
        assert_eq!(texts, ["p99 < 0.1s", "p99 < 50ms"]);
        assert!(held.flows[1].targets.is_empty());
    }

    #[test]
    fn a_target_on_a_component_that_is_not_there_holds_nothing() {
        let held = |component: &str| {
            let target = fixture::promise("utilisation", Metric::Utilisation(component.to_owned()), 0.7);
            let promises = Promises { targets: vec![promised("busy", target)], ..Promises::default() };
            held_to(&fixture::design(), &promises, &fixture::problem()).len()
        };
        assert_eq!((held("db"), held("oracle")), (1, 0));
    }

    #[test]
    fn without_flows_nothing_is_held_to_anything() {
        let target = fixture::promise("p99 < 100ms", P99, 0.1);
        let promises = Promises { targets: vec![promised("p99 < 100ms", target)], ..Promises::default() };
        assert!(held_to(&Design::default(), &promises, &fixture::problem()).is_empty());
    }

    #[track_caller]
    fn check_load(subject: &str, per_second: f64, expected: Option<&str>) {
        let load = NoteLoad {
            span: 0..1,
            subject: subject.to_owned(),
            figure: LoadFigure::PerSecond(per_second),
            phase: 0,
            line: subject.to_owned(),
        };
        let promises = Promises { loads: vec![load], ..Promises::default() };
        let found = underloaded(&fixture::design(), &promises, &fixture::problem());
        assert_eq!(found.first().map(|found| found.why.as_str()), expected);
    }

    #[test]
    fn a_design_that_runs_below_the_promised_load_is_told_so() {
        let why = "the notes say 200k/s ('redirects'), but GET /{code} runs at 115k/s";
        check_load("redirects", 200e3, Some(why));
        check_load("redirects", 116e3, None);
        check_load("new links", 1200.0, None);
        check_load("something", 1e9, None);
    }

    #[test]
    fn notes_are_read_clause_by_clause() {
        let notes = "Scale\n- reads p99 < 100ms, creating a link p99 under 300 ms; errors < 0.1%\n- 100M DAU, 115k redirects/s\n- p99 < 100ms\n";
        let mut record = fixture::record();
        record.phases[0].notes = notes.to_owned();
        record.phases[1].notes = "- p99 < 100ms\nlow latency\n".to_owned();
        let promises = promises(&record);
        let design = fixture::design();
        let held = held_to(&design, &promises, &fixture::problem());
        let held: Vec<String> =
            held.iter().map(|held| format!("{}: {}", design.flow(held.flow).name, held.target.text)).collect();
        assert_eq!(held, ["GET /{code}: p99 < 100ms", "POST /links: p99 < 300ms", "POST /links: errors < 0.1%"]);
        let targets: Vec<(usize, &str)> =
            promises.targets.iter().map(|target| (target.phase, target.clauses[0].as_str())).collect();
        assert_eq!(
            targets,
            [
                (0, "reads p99 < 100ms"),
                (0, "creating a link p99 under 300 ms"),
                (0, "errors < 0.1%"),
                (0, "p99 < 100ms")
            ],
            "of lines alike the first"
        );
        let loads: Vec<(&str, LoadFigure)> =
            promises.loads.iter().map(|load| (load.subject.as_str(), load.figure)).collect();
        assert_eq!(loads, [("DAU", LoadFigure::Users(100e6)), ("redirects", LoadFigure::PerSecond(115e3))]);
        assert_eq!((promises.vague.len(), promises.vague[0].phase), (1, 1), "{:?}", promises.vague);
    }

    #[test]
    fn a_question_to_the_interviewer_is_no_vague_requirement() {
        let vague = |notes: &str| promises_in(0, notes).vague.into_iter().map(|vague| vague.remark).collect::<Vec<_>>();
        assert_eq!(vague("low latency\nQ: does it need low latency?\nA: it should be highly available\n").len(), 1);
        assert_eq!(vague("Queries: scalable, low latency").len(), 2);
        let promises = promises_in(0, "Q: how fast?\nA: p99 < 100ms, 115k redirects/s\n");
        assert_eq!((promises.targets.len(), promises.loads.len()), (1, 1), "an answer's figures hold");
    }

    #[test]
    fn a_line_is_found_by_any_of_its_bytes() {
        assert_eq!(line_at("a\nbc\n", 3), "bc");
        assert_eq!(line_at("a\nbc\n", 0), "a");
        assert_eq!(line_at("", 7), "");
    }
}
