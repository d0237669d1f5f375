//! The deep dive's questions, chosen by looking at the design, the notes, the runs and the level.

use super::{Evidence, Facts, Framework, Probe, Problem, Proof, Record, Scene, prove};

/// A probe that fits this interview.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenProbe {
    /// Index into the problem's probes.
    pub index: usize,
    /// The probe.
    pub probe: Probe,
    /// What led to it: `the design has no cache`.
    pub because: String,
}

/// The probes that are still to be put, the most pressing first: a missed target, then what the design shows, then what the notes say or never
/// mention, then what everyone is asked; within one sort the harder levels first, then the problem's order.
///
/// A probe of a higher level than the interview's is not put, nor one about the design while nothing is drawn.
pub fn choose_probes(problem: &Problem, framework: &Framework, record: &Record, facts: &Facts) -> Vec<ChosenProbe> {
    let scene = Scene::new(record, framework, facts);
    let drawn = facts.shows("empty").is_none();
    let asked = |probe: &Probe| record.probes.iter().any(|known| known.ask == probe.ask);
    let fits = |probe: &&Probe| {
        let about_design = matches!(probe.when, Evidence::Design(_));
        probe.level <= record.level && !asked(probe) && (drawn || !about_design)
    };
    let choose = |(index, probe): (usize, &Probe)| {
        let proof = prove(&probe.when, &scene)?;
        Some(ChosenProbe { index, probe: probe.clone(), because: because(&probe.when, &proof) })
    };
    let candidates = problem.probes.iter().enumerate().filter(|(_, probe)| fits(probe));
    let mut chosen: Vec<ChosenProbe> = candidates.filter_map(choose).collect();
    chosen.sort_by_key(|chosen| (urgency(&chosen.probe.when), std::cmp::Reverse(chosen.probe.level), chosen.index));
    chosen
}

fn urgency(when: &Evidence) -> u8 {
    match when {
        Evidence::Missed(_) => 0,
        Evidence::Design(_) => 1,
        Evidence::Silence(_) | Evidence::Notes(_) | Evidence::Measured(_) => 2,
        Evidence::Always => 3,
    }
}

fn because(when: &Evidence, proof: &Proof) -> String {
    match (when, proof) {
        (Evidence::Missed(_), Proof::Run { text, .. }) => format!("missed: {text}"),
        (Evidence::Design(fact), Proof::Design { text }) if fact.to_lowercase().starts_with("no ") => text.clone(),
        (Evidence::Design(fact), Proof::Design { text }) => format!("the design shows {fact}: {text}"),
        (_, Proof::Silence) => "the notes never mention it".to_owned(),
        (_, Proof::Note { text, .. } | Proof::Decision { text, .. } | Proof::Answer { text, .. }) => {
            format!("you wrote '{text}'")
        }
        (_, Proof::Run { text, .. }) => format!("met: {text}"),
        (_, Proof::Design { .. } | Proof::Always) => "everyone is asked this".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Level, ProbeRecord, fixture};
    use super::*;
    use crate::interview::{FlowRun, Run, facts};

    fn chosen(record: &Record, facts: &Facts) -> Vec<(String, String)> {
        let chosen = choose_probes(&fixture::problem(), &fixture::framework(), record, facts);
        chosen.into_iter().map(|chosen| (chosen.probe.ask, chosen.because)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|&(ask, because)| (ask.to_owned(), because.to_owned())).collect()
    }

    #[test]
    fn probes_follow_the_design_the_notes_the_runs_and_the_level() {
        let mut record = fixture::record();
        record.level = Level::Mid;
        let facts = facts(&fixture::design());
        assert_eq!(chosen(&record, &facts), pairs(&[("Why this database?", "everyone is asked this")]));
        record.level = Level::Staff;
        let targets = vec![fixture::target("p99 < 100ms", 0.25, false)];
        let flows = vec![FlowRun { name: "GET /{code}".to_owned(), targets, ..FlowRun::default() }];
        record.runs.push(Run { flows, ..Run::default() });
        let missed = format!(
            "missed: GET /{{code}}: p99 < 100ms, measured {}",
            fixture::target("p99 < 100ms", 0.25, false).figure()
        );
        let expected = [
            ("Your p99 is above its target. Where does the time go?", missed.as_str()),
            ("The primary's machine dies. What do users see?", "the design shows single writer: db (sql)"),
            ("What happens to links that expired?", "the notes never mention it"),
            ("Why this database?", "everyone is asked this"),
        ];
        assert_eq!(chosen(&record, &facts), pairs(&expected));
        record.probes.push(ProbeRecord { ask: expected[0].0.to_owned(), ..ProbeRecord::default() });
        record.phases[0].notes = "links expire\n".to_owned();
        assert_eq!(chosen(&record, &facts), pairs(&[expected[1], expected[3]]));
    }

    #[test]
    fn nothing_drawn_is_not_asked_about() {
        let record = fixture::record();
        let facts = facts(&crate::design::Design::default());
        let asks: Vec<String> = chosen(&record, &facts).into_iter().map(|(ask, _)| ask).collect();
        assert_eq!(asks, ["What happens to links that expired?", "Why this database?"]);
    }
}
