//! What the disk has after a process died, wherever it died.

use std::collections::BTreeMap;

use super::disk::LIFE;
use super::*;
use crate::clock::Elapsed;
use crate::interview::{
    ComponentRun, Decision, FlowRun, Level, Moment, Pause, PauseReason, PhaseKind, PhaseRecord, Prediction,
    ProbeRecord, Question, Run, What,
};

const NOW: Timestamp = Timestamp(1_772_389_800_000);

fn store() -> (tempfile::TempDir, Store) {
    let home = tempfile::tempdir().unwrap();
    let store = Store::open(Paths::under(home.path()), Access::Write).unwrap();
    (home, store)
}

fn phase(id: &str, kind: PhaseKind, notes: &str) -> PhaseRecord {
    PhaseRecord {
        id: id.to_owned(),
        title: id.to_uppercase(),
        kind,
        budget: Elapsed::minutes(5),
        spent: Elapsed(61_234),
        notes: notes.to_owned(),
        by_hand: BTreeMap::from([("scale".to_owned(), true), ("scope".to_owned(), false)]),
        visited: true,
        overrun_said: false,
    }
}

/// A record with something in every field.
fn record() -> Record {
    let text = || "it's \"\"\"quoted\"\"\" '''twice''', \\ and\ttabs\r\nlines\u{1b}[31m é 日本\n\n".to_owned();
    let moments = [
        What::Entered(0),
        What::Overran(0),
        What::Stopped(0),
        What::WentOn,
        What::Asked(0),
        What::Target("p99 < 100ms".to_owned()),
        What::Ticked { phase: 0, item: "two words".to_owned(), on: true },
        What::Ticked { phase: 0, item: "x".to_owned(), on: false },
        What::Decided(0),
        What::Predicted(1),
        What::Ran(3),
        What::Probed(0),
        What::AnsweredProbe(0),
        What::Finished,
    ];
    let pause = |reason| Pause { at: Elapsed(5), from: NOW, length: Elapsed(77), reason };
    Record {
        id: "2026-03-01-1830-url-shortener".to_owned(),
        problem: "url-shortener".to_owned(),
        title: "URL shortener".to_owned(),
        interview_type: "product".to_owned(),
        level: Level::Staff,
        minutes: 60,
        started: NOW,
        last: Timestamp(NOW.0 + 99_001),
        finished: Some(Timestamp(NOW.0 + 99_002)),
        phases: vec![phase("requirements", PhaseKind::Notes, &text()), phase("../x y", PhaseKind::DeepDive, "")],
        current: 1,
        design: "web -> api -> db @ 5k/s\n".to_owned(),
        sheet: "users = 100M users\n".to_owned(),
        pauses: PauseReason::ALL.map(pause).to_vec(),
        paused: true,
        questions: vec![
            Question { at: Elapsed(1), phase: 0, text: text(), answer: Some(text()) },
            Question { at: Elapsed(2), phase: 1, text: "?".to_owned(), answer: None },
        ],
        decisions: vec![Decision { at: Elapsed(3), phase: 1, text: text() }],
        predictions: vec![
            Prediction { at: Elapsed(3), phase: 1, text: text(), fault: Some(text()), run: Some(7) },
            Prediction { at: Elapsed(4), phase: 0, text: "db".to_owned(), fault: None, run: None },
        ],
        runs: vec![run(3), run(7)],
        probes: vec![ProbeRecord { at: Elapsed(4), ask: text(), because: text(), answer: text() }],
        timeline: moments.into_iter().map(|what| Moment { at: Elapsed(123), what }).collect(),
    }
}

fn run(number: u32) -> Run {
    let target = |text: &str, word: &str| crate::interview::TargetRun {
        text: text.to_owned(),
        observed: 0.1 + 0.2,
        met: word == "met",
        verdict: crate::interview::TargetRun::verdict_from_name(word).unwrap(),
    };
    Run {
        number,
        at: Elapsed(9),
        trigger: crate::interview::Trigger::Probe,
        fault: Some("at 30s: kill cache".to_owned()),
        design: "a -> b\n".to_owned(),
        seed: u64::MAX,
        simulated_s: 60.0,
        scale: 1.0 / 3.0,
        flows: vec![FlowRun {
            name: "GET /{code}".to_owned(),
            errors: [1, 2, 3],
            p99: 1e-9,
            max: f64::INFINITY,
            lag_p99: Some(0.5),
            targets: vec![target("p99 < 1s", "met"), target("errors < 1%", "missed"), target("mean < 1s", "too-close")],
            ..FlowRun::default()
        }],
        components: vec![ComponentRun {
            name: "db".to_owned(),
            kind: "sql".to_owned(),
            technology: Some("postgres".to_owned()),
            hit_ratio: Some(0.75),
            cost_per_month: Some(1200.0),
            unstable: true,
            ..ComponentRun::default()
        }],
        limit: Some("db".to_owned()),
        bottleneck: Some("db is busy".to_owned()),
        notes: vec!["one".to_owned()],
    }
}

/// Compares two records and shows the first line in which they differ.
#[track_caller]
fn same(a: &Record, b: &Record) {
    let (left, right) = (format!("{a:#?}"), format!("{b:#?}"));
    let differ = left.lines().zip(right.lines()).find(|(a, b)| a != b);
    assert!(a == b, "{:?}", differ.map(|(a, b)| [a, b].map(|line| line.chars().take(200).collect::<String>())));
}

#[test]
fn a_session_comes_back_as_it_was() {
    let (_home, store) = store();
    let mut record = record();
    store.create_session(&mut record).unwrap();
    let loaded = store.load(&record.id, NOW).unwrap();
    same(&loaded.record, &record);
    assert_eq!(loaded.warnings, Vec::<String>::new());
    let notes = store.paths().sessions().join(&record.id).join("notes/1-requirements.md");
    assert_eq!(std::fs::read_to_string(notes).unwrap(), record.phases[0].notes, "as typed");
}

#[test]
fn typing_is_in_the_journal_and_a_snapshot_empties_it() {
    let (_home, store) = store();
    let mut record = record();
    let mut file = store.create_session(&mut record).unwrap();
    record.phases[1].notes = "typed".to_owned();
    record.design.push_str("# more\n");
    record.probes[0].answer.push_str("more");
    record.phases[1].spent = Elapsed(99_999);
    record.pauses[2].length = Elapsed(100);
    file.save(&record, Save::Typing).unwrap();
    let journal = file.folder().join(session::JOURNAL);
    assert!(std::fs::metadata(&journal).unwrap().len() > 0);
    same(&store.load(&record.id, NOW).unwrap().record, &record);
    file.save(&record, Save::Typing).unwrap();
    let length = std::fs::metadata(&journal).unwrap().len();
    file.save(&record, Save::Typing).unwrap();
    assert_eq!(std::fs::metadata(&journal).unwrap().len(), length, "nothing changed, nothing is written");
    file.save(&record, Save::Whole).unwrap();
    assert_eq!(std::fs::metadata(&journal).unwrap().len(), 0);
    same(&store.load(&record.id, NOW).unwrap().record, &record);
}

#[test]
fn a_session_is_gone_on_with_after_a_torn_tail() {
    let (_home, store) = store();
    let mut record = record();
    let mut file = store.create_session(&mut record).unwrap();
    record.design = "one".to_owned();
    file.save(&record, Save::Typing).unwrap();
    let journal = file.folder().join(session::JOURNAL);
    drop(file);
    let mut bytes = std::fs::read(&journal).unwrap();
    bytes.extend_from_slice(b"{\"v\":1,\"id\":99,\"text\":\"design\",\"whole\":\"on");
    std::fs::write(&journal, bytes).unwrap();
    let (mut file, loaded) = store.open_session(&record.id, NOW).unwrap();
    same(&loaded.record, &record);
    assert!(loaded.warnings[0].ends_with("1 record was skipped that could not be read"), "{:?}", loaded.warnings);
    record.design = "two".to_owned();
    file.save(&record, Save::Typing).unwrap();
    same(&store.load(&record.id, NOW).unwrap().record, &record);
}

#[test]
fn a_long_journal_is_folded() {
    let (_home, store) = store();
    let mut record = record();
    let mut file = store.create_session(&mut record).unwrap();
    for n in 0..60 {
        record.design = format!("{n}{}", "x".repeat(60_000));
        file.save(&record, Save::Typing).unwrap();
    }
    let journal = std::fs::metadata(file.folder().join(session::JOURNAL)).unwrap().len();
    assert!(journal <= 1024 * 1024 + 61_000, "{journal}");
    same(&store.load(&record.id, NOW).unwrap().record, &record);
}

/// What a process does to a session in its life, one save after the other.
fn life(record: &mut Record) -> Vec<(Record, Save)> {
    let mut saves = Vec::new();
    let mut long = "x".repeat(70_000);
    for step in 0..2 {
        record.phases[0].notes = format!("typed {step}");
        saves.push((record.clone(), Save::Typing));
        long.push('y');
        record.design.clone_from(&long);
        record.phases[1].spent += Elapsed(1000);
        saves.push((record.clone(), Save::Typing));
        record.current = step % 2;
        record.runs.push(run(10 + step as u32));
        record.runs.remove(0);
        record.questions.push(Question { at: Elapsed(1), phase: 0, text: format!("{step}?"), answer: None });
        saves.push((record.clone(), Save::Whole));
    }
    saves
}

/// The texts and all of the rest of two records, apart.
fn texts_of(record: &Record) -> (String, String) {
    (record.phases[0].notes.clone(), record.design.clone())
}

#[test]
fn wherever_a_process_dies_what_was_saved_is_there() {
    for steps in 0.. {
        let (_home, store) = store();
        let mut record = record();
        let mut file = store.create_session(&mut record).unwrap();
        let before = record.clone();
        let saves = life(&mut record);
        LIFE.set(Some(steps));
        let failed = saves.iter().position(|(record, save)| file.save(record, *save).is_err());
        LIFE.set(None);
        drop(file);
        let (mut file, loaded) = store.open_session(&record.id, NOW).unwrap();
        let Some(at) = failed else {
            same(&loaded.record, &record);
            assert!(steps > 20, "it died nowhere: {steps}");
            return;
        };
        let saved = at.checked_sub(1).map_or(&before, |at| &saves[at].0);
        let tried = &saves[at].0;
        let found = texts_of(&loaded.record);
        assert!(found == texts_of(saved) || found == texts_of(tried), "{steps} steps, save {at}");
        let (asked, runs) = (loaded.record.questions.len(), loaded.record.runs.len());
        assert!(asked == saved.questions.len() || asked == tried.questions.len(), "{steps} steps, save {at}");
        assert_eq!((runs, loaded.warnings.len()), (2, 0), "{steps} steps, save {at}: {:?}", loaded.warnings);
        // And it goes on from there.
        file.save(&record, Save::Whole).unwrap();
        same(&store.load(&record.id, NOW).unwrap().record, &record);
    }
}

#[test]
fn a_disk_that_fails_and_recovers_loses_nothing() {
    for steps in 0.. {
        let (_home, store) = store();
        let mut record = record();
        let mut file = store.create_session(&mut record).unwrap();
        let saves = life(&mut record);
        let mut failed = false;
        LIFE.set(Some(steps));
        for (record, save) in &saves {
            let outcome = file.save(record, *save);
            failed |= outcome.is_err();
            if outcome.is_err() {
                LIFE.set(None);
            }
        }
        LIFE.set(None);
        file.save(&record, Save::Typing).unwrap();
        same(&store.load(&record.id, NOW).unwrap().record, &record);
        if !failed {
            assert!(steps > 20, "it failed nowhere: {steps}");
            return;
        }
    }
}

#[test]
fn a_journal_of_a_later_version_is_named_and_not_written_over() {
    let (_home, store) = store();
    let mut record = record();
    let file = store.create_session(&mut record).unwrap();
    let journal = file.folder().join(session::JOURNAL);
    drop(file);
    std::fs::write(&journal, "{\"v\":2,\"id\":1,\"new\":true}\n").unwrap();
    let loaded = store.load(&record.id, NOW).unwrap();
    assert!(loaded.warnings[0].contains("format 2"), "{:?}", loaded.warnings);
    let error = store.open_session(&record.id, NOW).unwrap_err().to_string();
    assert!(error.contains("journal.jsonl has format 2; this dryrun reads up to format 1"), "{error}");
}
