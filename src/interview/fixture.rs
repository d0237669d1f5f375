//! A small problem, framework and design for the tests of this module.

use super::{
    ChecklistItem, Clarification, Competency, Endpoint, Entity, Evidence, Framework, InterviewType, Level, Phase,
    PhaseKind, PhaseRecord, Probe, Problem, Question, Record, Requirement, RequirementKind, RubricItem, TargetGroup,
    TargetRun,
};
use crate::clock::{Elapsed, Timestamp};
use crate::design::{
    Action, Arrivals, Comparison, Component, ComponentId, Design, Flow, Kind, Load, Metric, Operation, Parameters,
    Popularity, Source, Target, Value, Visit,
};
use crate::sim::Verdict;

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn clarification(ask: &[&str], answer: &str) -> Clarification {
    Clarification { ask: owned(ask), answer: answer.to_owned() }
}

/// A URL shortener with a bit of everything.
#[allow(clippy::too_many_lines, reason = "a table")]
pub(super) fn problem() -> Problem {
    Problem {
        id: "url-shortener".to_owned(),
        title: "URL shortener".to_owned(),
        prompt: "Design a service that turns long links into short ones.".to_owned(),
        interview_type: "product".to_owned(),
        difficulty: 2,
        tags: owned(&["caching"]),
        see: Vec::new(),
        phases: Vec::new(),
        clarifications: vec![
            clarification(
                &["how many links are created a day", "write volume", "what scale"],
                "100 million new links a day; about a hundred redirects for each.",
            ),
            clarification(
                &["do links expire", "how long do we keep a link"],
                "A link lives five years unless its owner says otherwise.",
            ),
            clarification(
                &["can users choose a custom alias", "vanity urls"],
                "Yes: an optional alias of up to 30 characters.",
            ),
            clarification(
                &["do we need analytics", "should clicks be counted"],
                "Daily click counts are enough; they may be a minute late.",
            ),
            clarification(
                &["what latency should redirects have", "how fast must a redirect be"],
                "Nobody should notice: under 100 ms at the 99th percentile.",
            ),
            clarification(&["how available must it be", "uptime target"], "99.99% for redirects."),
            clarification(&["do users need an account", "is there a login"], "No accounts in the first version."),
        ],
        requirements: vec![
            requirement(RequirementKind::Functional, "Shorten a long URL", &["shorten", "create .*(short|link)"], true),
            requirement(RequirementKind::Functional, "Follow a short URL", &["redirect", "follow"], true),
            requirement(RequirementKind::Functional, "Custom alias", &["alias", "vanity"], false),
            requirement(RequirementKind::NonFunctional, "Low latency", &["p9\\d", "latency"], true),
        ],
        targets: vec![TargetGroup {
            flow: "GET /{code}".to_owned(),
            load: "115k/s".to_owned(),
            expect: owned(&["p99 < 100ms"]),
        }],
        estimates: Vec::new(),
        entities: vec![
            Entity { name: "Link".to_owned(), notes: owned(&["\\blinks?\\b"]) },
            Entity { name: "User".to_owned(), notes: owned(&["\\busers?\\b"]) },
        ],
        endpoints: vec![
            Endpoint { name: "POST /links".to_owned(), notes: owned(&["POST /(links|urls)"]) },
            Endpoint { name: "GET /{code}".to_owned(), notes: owned(&["GET /[:{<]?\\w+", "redirect"]) },
        ],
        rubric: vec![
            rubric("technical-excellence", Level::Mid, "Reads are cached", &[Evidence::Design("cache".to_owned())]),
            rubric(
                "technical-excellence",
                Level::Staff,
                "Says how codes are made unique",
                &[Evidence::Notes("base ?62|counter".to_owned())],
            ),
            rubric("technical-excellence", Level::Senior, "Meets its targets", &[Evidence::Measured("all".to_owned())]),
        ],
        probes: vec![
            probe(Evidence::Always, Level::Mid, "Why this database?", None),
            probe(
                Evidence::Design("no cache".to_owned()),
                Level::Mid,
                "A link goes viral. What happens?",
                Some("at 30s: hot key 30% on GET /{code} for 30s"),
            ),
            probe(
                Evidence::Silence("expir|ttl".to_owned()),
                Level::Senior,
                "What happens to links that expired?",
                None,
            ),
            probe(
                Evidence::Missed("any".to_owned()),
                Level::Mid,
                "Your p99 is above its target. Where does the time go?",
                None,
            ),
            probe(
                Evidence::Design("single writer".to_owned()),
                Level::Staff,
                "The primary's machine dies. What do users see?",
                Some("at 30s: kill db/0 for 20s"),
            ),
        ],
        reference: "web -> lb -> api -> redis -> postgres @ 5k/s\n".to_owned(),
        load_bearing: owned(&["redis"]),
        walkthrough: "# Requirements\n\nTwo flows.\n".to_owned(),
    }
}

fn requirement(kind: RequirementKind, text: &str, notes: &[&str], must: bool) -> Requirement {
    Requirement { kind, text: text.to_owned(), notes: owned(notes), must }
}

fn rubric(competency: &str, level: Level, text: &str, evidence: &[Evidence]) -> RubricItem {
    RubricItem { competency: competency.to_owned(), level, text: text.to_owned(), evidence: evidence.to_vec() }
}

fn probe(when: Evidence, level: Level, ask: &str, fault: Option<&str>) -> Probe {
    Probe {
        when,
        level,
        ask: ask.to_owned(),
        look_for: owned(&["replica"]),
        good: "Name the limit first.".to_owned(),
        fault: fault.map(str::to_owned),
        shows: Vec::new(),
        competency: "technical-excellence".to_owned(),
    }
}

fn phase(id: &str, title: &str, kind: PhaseKind, minutes: f64) -> Phase {
    Phase {
        id: id.to_owned(),
        title: title.to_owned(),
        kind,
        minutes,
        optional: false,
        prompt: format!("Let's do {}.", title.to_lowercase()),
        template: String::new(),
        overrun: format!("Let's leave {} there.", title.to_lowercase()),
        checklist: Vec::new(),
    }
}

/// The product interview, with a checklist and a template in its first phase.
pub(super) fn framework() -> Framework {
    let item = |id: &str, evidence: &[&str]| ChecklistItem {
        id: id.to_owned(),
        text: format!("says {id}"),
        evidence: owned(evidence),
    };
    let mut requirements = phase("requirements", "Requirements", PhaseKind::Notes, 5.0);
    requirements.template = "Users should be able to:\n- \n\nThe system should be (scale, latency):\n- \n".to_owned();
    requirements.checklist =
        vec![item("scale", &["scale|/s\\b|dau"]), item("latency", &["p9\\d|latency"]), item("scope", &[])];
    let mut data_flow = phase("data-flow", "Data flow", PhaseKind::Notes, 5.0);
    data_flow.optional = true;
    Framework {
        types: vec![InterviewType {
            id: "product".to_owned(),
            title: "Product".to_owned(),
            phases: vec![
                requirements,
                phase("entities", "Core entities", PhaseKind::Notes, 2.0),
                phase("api", "API", PhaseKind::Notes, 5.0),
                data_flow,
                phase("design", "High-level design", PhaseKind::Design, 15.0),
                phase("deep-dive", "Deep dives", PhaseKind::DeepDive, 10.0),
            ],
        }],
        competencies: vec![Competency {
            id: "technical-excellence".to_owned(),
            title: "Technical excellence".to_owned(),
            criteria: Vec::new(),
        }],
    }
}

/// An interview of [`problem`] as it begins, without notes.
pub(super) fn record() -> Record {
    let phases = framework().types.remove(0).phases.into_iter().filter(|phase| !phase.optional);
    Record {
        id: "2026-03-01-1830-url-shortener".to_owned(),
        problem: "url-shortener".to_owned(),
        title: "URL shortener".to_owned(),
        interview_type: "product".to_owned(),
        minutes: 45,
        started: Timestamp(1_772_389_800_000),
        last: Timestamp(1_772_389_800_000),
        phases: phases
            .map(|phase| PhaseRecord {
                id: phase.id,
                title: phase.title,
                kind: phase.kind,
                budget: Elapsed((phase.minutes * 60_000.0) as u64),
                spent: Elapsed(0),
                notes: String::new(),
                by_hand: std::collections::BTreeMap::new(),
                visited: false,
                overrun_said: false,
            })
            .collect(),
        ..Record::default()
    }
}

pub(super) fn question(text: &str, answer: Option<&str>) -> Question {
    Question { at: Elapsed(0), phase: 0, text: text.to_owned(), answer: answer.map(str::to_owned) }
}

pub(super) fn target(text: &str, observed: f64, met: bool) -> TargetRun {
    TargetRun { text: text.to_owned(), observed, met, verdict: if met { Verdict::Met } else { Verdict::Missed } }
}

/// The empty span at the start, without naming its type: this module knows no positions.
pub(super) fn nowhere<T: Default>() -> T {
    T::default()
}

/// A component with these parameters, each `name value`.
pub(super) fn component(name: &str, kind: Kind, instances: u32, parameters: &[(&str, Value)]) -> Component {
    let mut set = Parameters::default();
    for (name, value) in parameters {
        set.set(*name, value.clone(), Source::Card("test".to_owned()));
    }
    let technology = (kind == Kind::Cache).then(|| "redis".to_owned());
    Component { name: name.to_owned(), kind, technology, instances, parameters: set, region: None, span: nowhere() }
}

pub(super) fn visit(component: u32, operation: Operation, then: Vec<Action>) -> Visit {
    Visit { component: ComponentId(component), operation, then, span: nowhere() }
}

pub(super) fn flow(name: &str, operation: Operation, rate: f64, root: Visit) -> Flow {
    Flow {
        name: name.to_owned(),
        operation,
        load: Load::Open { rate, arrivals: Arrivals::Poisson },
        keys: Popularity { keys: 1e6, zipf: 0.9, hot: 0.0 },
        parameters: Parameters::default(),
        targets: Vec::new(),
        root,
        span: nowhere(),
    }
}

pub(super) fn promise(text: &str, metric: Metric, bound: f64) -> Target {
    Target { metric, comparison: Comparison::Below, bound, text: text.to_owned(), span: nowhere() }
}

/// `GET /{code}` at 115k/s: web -> api -> cache -> db; `POST /links` at 1.2k/s: web -> api -> db, and api ~> clicks.
pub(super) fn design() -> Design {
    use Operation::{Read, Write};
    let call = Action::Call;
    let miss = visit(3, Read, Vec::new());
    let get = visit(0, Read, vec![call(visit(1, Read, vec![call(visit(2, Read, vec![call(miss)]))]))]);
    let hand_over = Action::HandOver(visit(4, Write, Vec::new()));
    let post = visit(0, Write, vec![call(visit(1, Write, vec![call(visit(3, Write, Vec::new())), hand_over]))]);
    let number = Value::Number;
    Design {
        components: vec![
            component("web", Kind::Client, 1, &[]),
            component("api", Kind::Service, 12, &[]),
            component("cache", Kind::Cache, 3, &[("ttl", Value::Duration(60.0))]),
            component("db", Kind::Sql, 1, &[("replicas", number(2.0)), ("shards", number(1.0))]),
            component("clicks", Kind::Stream, 1, &[("partitions", number(8.0))]),
            component("spare", Kind::Worker, 1, &[]),
        ],
        flows: vec![flow("GET /{code}", Read, 115e3, get), flow("POST /links", Write, 1200.0, post)],
        ..Design::default()
    }
}
