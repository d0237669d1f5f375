//! What of a problem's rubric the notes, the design and the runs show, each with the evidence or its absence.

use super::evidence::patterns;
use super::{Evidence, Facts, Framework, Problem, Proof, Record, RequirementKind, Scene, prove};

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

impl Topic {
    /// All of them, in the order of an interview.
    pub const ALL: [Self; 5] = [Self::Functional, Self::NonFunctional, Self::Entity, Self::Endpoint, Self::Rubric];

    /// The heading over them.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Functional => "Functional requirements",
            Self::NonFunctional => "Non-functional requirements",
            Self::Entity => "Core entities",
            Self::Endpoint => "API",
            Self::Rubric => "Beyond the basics",
        }
    }
}

/// One thing that a good answer shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    /// What sort of thing.
    pub topic: Topic,
    /// It, in words.
    pub text: String,
    /// Whether leaving it out is a miss (for a rubric item: at the interview's level).
    pub must: bool,
    /// Id of the competency it counts for; `None` where the problem names none.
    pub competency: Option<String>,
    /// Where it was found; `None` if it wasn't.
    pub proof: Option<Proof>,
}

/// What `record` shows of `problem`: requirements, entities, endpoints, rubric, each in the problem's order.
///
/// An endpoint is shown by a line of the notes or by a flow of the design of that name.
pub fn coverage(problem: &Problem, framework: &Framework, record: &Record, facts: &Facts) -> Vec<Covered> {
    let scene = Scene::new(record, framework, facts);
    let noted = |texts: &[String]| patterns(texts).iter().find_map(|pattern| scene.find(pattern));
    let plain =
        |topic, text: &str, must, proof| Covered { topic, text: text.to_owned(), must, competency: None, proof };
    let requirements = problem.requirements.iter().map(|requirement| {
        let topic = match requirement.kind {
            RequirementKind::Functional => Topic::Functional,
            RequirementKind::NonFunctional => Topic::NonFunctional,
        };
        plain(topic, &requirement.text, requirement.must, noted(&requirement.notes))
    });
    let entities = problem.entities.iter().map(|entity| plain(Topic::Entity, &entity.name, true, noted(&entity.notes)));
    let endpoints = problem.endpoints.iter().map(|endpoint| {
        let drawn = || prove(&Evidence::Design(format!("flow {}", endpoint.name)), &scene);
        plain(Topic::Endpoint, &endpoint.name, true, noted(&endpoint.notes).or_else(drawn))
    });
    let rubric = problem.rubric.iter().map(|item| Covered {
        topic: Topic::Rubric,
        text: item.text.clone(),
        must: item.level <= record.level,
        competency: Some(item.competency.clone()),
        proof: item.evidence.iter().find_map(|evidence| prove(evidence, &scene)),
    });
    let mut all: Vec<Covered> = requirements.chain(entities).chain(endpoints).chain(rubric).collect();
    all.sort_by_key(|covered| covered.topic);
    all
}

#[cfg(test)]
mod tests {
    use super::super::{Level, fixture};
    use super::*;
    use crate::interview::{Decision, FlowRun, Run, facts};

    fn shown(record: &Record, facts: &Facts) -> Vec<String> {
        let all = coverage(&fixture::problem(), &fixture::framework(), record, facts);
        all.iter()
            .map(|c| {
                let mark = match (&c.proof, c.must) {
                    (Some(_), _) => "+",
                    (None, true) => "-",
                    (None, false) => "?",
                };
                format!("{mark} {}", c.text)
            })
            .collect()
    }

    #[test]
    fn an_empty_interview_shows_nothing() {
        let shown = shown(&fixture::record(), &facts(&crate::design::Design::default()));
        assert!(shown.iter().all(|line| !line.starts_with('+')), "{shown:?}");
        assert_eq!(shown.len(), 4 + 2 + 2 + 3);
    }

    #[test]
    fn notes_design_decisions_and_runs_show_what_they_show() {
        let mut record = fixture::record();
        record.phases[0].notes = "- create a short link\n- p99 < 100ms\n".to_owned();
        record.phases[1].notes = "Link: code, url\n".to_owned();
        record.phases[2].notes = "POST /links {url}\n".to_owned();
        let text = "Base62 counter because it is short".to_owned();
        record.decisions.push(Decision { at: crate::clock::Elapsed(0), phase: 4, text });
        let targets = vec![fixture::target("p99 < 100ms", 0.07, true)];
        let flows = vec![FlowRun { name: "GET /{code}".to_owned(), targets, ..FlowRun::default() }];
        record.runs.push(Run { flows, ..Run::default() });
        assert_eq!(
            shown(&record, &facts(&fixture::design())),
            [
                "+ Shorten a long URL",
                "- Follow a short URL",
                "? Custom alias",
                "+ Low latency",
                "+ Link",
                "- User",
                "+ POST /links",
                "+ GET /{code}",
                "+ Reads are cached",
                "+ Says how codes are made unique",
                "+ Meets its targets",
            ]
        );
    }

    #[test]
    fn a_rubric_item_is_a_miss_from_its_level_on() {
        let mut record = fixture::record();
        let must = |record: &Record| {
            let all = coverage(&fixture::problem(), &fixture::framework(), record, &Facts::default());
            all.iter().filter(|covered| covered.topic == Topic::Rubric && covered.must).count()
        };
        for (level, expected) in [(Level::Mid, 1), (Level::Senior, 2), (Level::Staff, 3)] {
            record.level = level;
            assert_eq!(must(&record), expected, "{level:?}");
        }
    }
}
