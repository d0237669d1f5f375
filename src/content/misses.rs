//! What an interview showed to be missing, as cards of the deck `misses`.

mod estimates;

use super::card_text::{self, CardText, fallback_id};
use crate::cards::CardKind;
use crate::design::metric_name;
use crate::interview::{Claim, Covered, Debrief, Foretold, Judged, Problem, Record, Run, Topic};
use crate::markup::{code_span, fence};
use crate::source::Span;

/// The cards of what `record` lacked by its `debrief`. Their ids are made of the problem and what was missing, so that the same miss is the same card
/// however often it happens.
pub fn misses(record: &Record, problem: &Problem, debrief: &Debrief) -> Vec<CardText> {
    let missing = debrief.coverage.iter().filter(|covered| covered.must && covered.proof.is_none());
    let mut cards: Vec<CardText> = missing.map(|covered| uncovered(problem, covered)).collect();
    cards.extend(probes(record, problem));
    cards.extend(targets(record, problem));
    cards.extend(crate::interview::predictions(record).iter().flat_map(|foretold| wrong_claims(foretold, problem)));
    cards.extend(estimates::wrong(record, problem).iter().map(|wrong| {
        let question = format!("{}: {}", problem.title, wrong.estimate.ask);
        let answer = format!("{}: `{}`. You had: {}", wrong.figure, wrong.estimate.solution, wrong.line);
        card(problem, &wrong.estimate.ask, question, answer)
    }));
    cards
}

/// `deck`, the text of the deck of misses, with those of `cards` that are not in it, and how many those are. A card that its owner has rewritten
/// stays as it is.
pub fn add(deck: &str, cards: &[CardText]) -> (String, usize) {
    let mut text = deck.to_owned();
    let mut added = 0;
    for card in cards {
        let (there, _) = card_text::read(&text);
        if !there.iter().any(|known| known.id == card.id) {
            text = card_text::put(&text, card);
            added += 1;
        }
    }
    (text, added)
}

fn card(problem: &Problem, what: &str, question: String, answer: String) -> CardText {
    CardText {
        id: format!("miss-{}-{}", problem.id, fallback_id(what)),
        kind: CardKind::Recall,
        question,
        answer,
        tags: [&["miss".to_owned(), problem.id.clone()][..], &problem.tags[..]].concat(),
        siblings: None,
        span: Span::at(0),
    }
}

fn uncovered(problem: &Problem, covered: &Covered) -> CardText {
    let title = &problem.title;
    let question = match covered.topic {
        Topic::Functional => format!("{title}: which functional requirement did you leave out?"),
        Topic::NonFunctional => format!("{title}: which non-functional requirement did you leave out?"),
        Topic::Entity => format!("{title}: which entity did you leave out?"),
        Topic::Endpoint => format!("{title}: which call of the API did you leave out?"),
        Topic::Rubric => format!("{title}: what did you not show?"),
    };
    // Several misses of a kind would ask the same: the first words of each tell them apart.
    let hint = covered.text.split_whitespace().next().unwrap_or_default();
    card(problem, &covered.text, format!("{question} ({hint} ...)"), covered.text.clone())
}

/// Questions of the deep dive that were put and got no answer that names what a strong one names.
fn probes<'a>(record: &'a Record, problem: &'a Problem) -> impl Iterator<Item = CardText> + 'a {
    record.probes.iter().filter_map(|asked| {
        let probe = problem.probes.iter().find(|probe| probe.ask == asked.ask)?;
        let answer = asked.answer.to_lowercase();
        let named = probe.look_for.iter().any(|word| answer.contains(&word.to_lowercase()));
        (!named && !probe.good.is_empty()).then(|| card(problem, &probe.ask, probe.ask.clone(), probe.good.clone()))
    })
}

/// Targets that the last run missed, with what held it up.
fn targets<'a>(record: &'a Record, problem: &'a Problem) -> impl Iterator<Item = CardText> + 'a {
    record.last_run().into_iter().flat_map(move |run| {
        let missed = run.targets().filter(|(_, target)| !target.met);
        missed.filter_map(move |(flow, target)| {
            let why = run.bottleneck.clone()?;
            let question =
                format!("{}: your design missed `{}` on {flow}. What held it up?", problem.title, target.text);
            let what = format!("{flow} {}", target.text);
            Some(card(problem, &what, question, format!("It measured {}: {why}", target.figure())))
        })
    })
}

/// A card for each claim of a prediction that its run proved wrong. The design is part of the question: another one has another answer.
fn wrong_claims(foretold: &Foretold<'_>, problem: &Problem) -> Vec<CardText> {
    let Some(run) = foretold.run else { return Vec::new() };
    let wrong = foretold.judged.iter().filter(|one| !one.right);
    wrong.map(|one| wrong_claim(one, foretold, run, problem)).collect()
}

fn wrong_claim(one: &Judged, foretold: &Foretold<'_>, run: &Run, problem: &Problem) -> CardText {
    let asked = match &one.claim {
        Claim::Limit(_) => "what limits it?".to_owned(),
        Claim::Figure(metric, _) => format!("which figure for {}?", metric_name(metric)),
        Claim::Missed(metric) | Claim::Held(metric) => {
            format!("is the target on {} met?", metric_name(metric))
        }
        Claim::AllHeld => "which targets does it miss?".to_owned(),
    };
    let fault = run.fault.as_ref().map(|fault| format!(" with {}", code_span(fault))).unwrap_or_default();
    let question = format!(
        "{}: run this design{fault}: {asked}\n\n{}",
        problem.title,
        fence(run.design.trim_end(), "dry").trim_end()
    );
    let why = run.bottleneck.as_ref().filter(|_| matches!(one.claim, Claim::Limit(_)));
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    let said = &foretold.prediction.text;
    let answer = format!("It measured: {}{why}. You predicted: \"{said}\".", one.measured);
    let what = format!("predicted {asked} {} {}", run.fault.as_deref().unwrap_or_default(), run.design);
    card(problem, &what, question, answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Bank, Files};
    use crate::design::Design;
    use crate::interview::{ComponentRun, FlowRun, Prediction, ProbeRecord, Run, TargetRun, debrief};

    fn missed(change: impl Fn(&Problem, &mut Record)) -> Vec<CardText> {
        let bank = Bank::new(Files::embedded(Vec::new()));
        let problem = bank.problem("url-shortener").unwrap();
        let mut record = Record { problem: problem.id.clone(), ..Record::default() };
        change(problem, &mut record);
        let found = debrief(&record, problem, bank.framework(), &Design::default());
        misses(&record, problem, &found)
    }

    #[test]
    fn what_was_not_shown_becomes_a_card_once() {
        let cards = missed(|_, _| {});
        assert!(cards.len() > 2, "{cards:?}");
        let (deck, added) = add("", &cards);
        assert_eq!(added, cards.len(), "each miss is a card of its own");
        let (read, findings) = card_text::read(&deck);
        assert_eq!((read.len(), findings), (cards.len(), Vec::new()));
        assert_eq!(add(&deck, &cards), (deck.clone(), 0), "the same interview adds nothing");
        let mine = deck.replacen("A: ", "A: in my words, ", 1);
        assert_eq!(add(&mine, &cards), (mine.clone(), 0), "what was rewritten stays");
    }

    #[test]
    fn a_probe_without_a_strong_answer_and_a_missed_target_are_misses() {
        let asked = |answer: &'static str| {
            missed(move |problem, record| {
                let ask = problem.probes[0].ask.clone();
                record.probes.push(ProbeRecord { ask, answer: answer.to_owned(), ..ProbeRecord::default() });
            })
        };
        let bank = Bank::new(Files::embedded(Vec::new()));
        let probe = &bank.problem("url-shortener").unwrap().probes[0];
        let has = |cards: &[CardText]| cards.iter().any(|card| card.answer == probe.good);
        assert!(has(&asked("")) && has(&asked("no idea")));
        let strong: &'static str = probe.look_for[0].clone().leak();
        assert!(!has(&asked(strong)));
        let ran = missed(|_, record| {
            let verdict = crate::sim::Verdict::Missed;
            let target = TargetRun { text: "p99 < 100ms".into(), observed: 0.25, met: false, verdict };
            let flow = FlowRun { name: "GET /{code}".into(), targets: vec![target], ..FlowRun::default() };
            record.runs.push(Run { flows: vec![flow], bottleneck: Some("db is 98% busy".into()), ..Run::default() });
        });
        assert!(ran.iter().any(|card| card.answer.ends_with("db is 98% busy")), "{ran:?}");
    }
    #[test]
    fn a_wrong_prediction_is_a_card_that_shows_the_design() {
        let cards = |text: &'static str| {
            missed(move |_, record| {
                let named =
                    |name: &str| ComponentRun { name: name.into(), kind: "sql".into(), ..ComponentRun::default() };
                let flow = FlowRun { p99: 0.25, max: 1.0, ..FlowRun::default() };
                record.runs.push(Run {
                    number: 2,
                    design: "GET /x @ 5/s: users -> api -> db\n# Q: of a kind\n".into(),
                    fault: Some("at 30s: kill api/0".into()),
                    flows: vec![flow],
                    components: vec![named("api"), named("db")],
                    limit: Some("db".into()),
                    bottleneck: Some("db is 98% busy".into()),
                    ..Run::default()
                });
                let fault = Some("at 30s: kill api/0".into());
                record.predictions.push(Prediction { text: text.into(), fault, run: Some(2), ..Prediction::default() });
            })
        };
        let of = |cards: &[CardText]| -> Vec<CardText> {
            cards.iter().filter(|card| card.answer.contains("You predicted")).cloned().collect()
        };
        assert_eq!(of(&cards("db, p99 300ms")), []);
        let wrong = of(&cards("api, p99 10ms"));
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].question.contains("with `at 30s: kill api/0`: what limits it?"), "{}", wrong[0].question);
        assert!(wrong[0].question.contains("```dry\nGET /x @ 5/s: users -> api -> db"), "{}", wrong[0].question);
        assert_eq!(
            wrong[0].answer,
            "It measured: db limits the design: db is 98% busy. You predicted: \"api, p99 10ms\"."
        );
        assert!(wrong[1].answer.contains("p99 250ms"), "{}", wrong[1].answer);
        let again = of(&cards("api"));
        assert_eq!(again[0].id, wrong[0].id, "the same question is the same card");
        let (deck, _) = add("", &wrong);
        let (read, findings) = card_text::read(&deck);
        assert_eq!((read.len(), findings), (2, Vec::new()));
        assert_eq!(read[0].question, wrong[0].question);
    }
}
