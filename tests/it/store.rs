//! The store from outside: the user's folders, a second instance, damaged files, recovery after a kill.

#![allow(clippy::disallowed_methods, reason = "it damages files on purpose")]

use std::path::Path;

use dryrun::clock::{Elapsed, Timestamp};
use dryrun::interview::{
    Event, Framework, InterviewType, Level, Outcome, Phase, PhaseKind, Problem, Save, Session, Setup,
};
use dryrun::store::{Access, Paths, Settings, Store, StoreError, write_text};

const NOW: Timestamp = Timestamp(1_772_389_800_000);

fn open(home: &Path) -> Store {
    Store::open(Paths::under(home), Access::Write).unwrap()
}

fn framework() -> Framework {
    let phase = |id: &str, kind| Phase {
        id: id.to_owned(),
        title: id.to_owned(),
        kind,
        minutes: 5.0,
        optional: false,
        prompt: String::new(),
        template: "- \n".to_owned(),
        overrun: String::new(),
        checklist: Vec::new(),
    };
    let phases = vec![phase("requirements", PhaseKind::Notes), phase("design", PhaseKind::Design)];
    let product = InterviewType { id: "product".to_owned(), title: "Product".to_owned(), phases };
    Framework { types: vec![product], competencies: Vec::new() }
}

fn problem() -> Problem {
    Problem {
        id: "paste".to_owned(),
        title: "Paste bin".to_owned(),
        prompt: String::new(),
        interview_type: "product".to_owned(),
        difficulty: 1,
        tags: Vec::new(),
        see: Vec::new(),
        phases: Vec::new(),
        clarifications: Vec::new(),
        requirements: Vec::new(),
        targets: Vec::new(),
        estimates: Vec::new(),
        entities: Vec::new(),
        endpoints: Vec::new(),
        rubric: Vec::new(),
        probes: Vec::new(),
        reference: String::new(),
        load_bearing: Vec::new(),
        walkthrough: String::new(),
    }
}

fn start(now: Timestamp) -> Session {
    Session::start(Setup { level: Level::Senior, minutes: 45 }, &problem(), &framework(), now).unwrap()
}

/// Names below `folder`, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn a_second_instance_is_told_who_writes_and_may_read() {
    let home = tempfile::tempdir().unwrap();
    let first = open(home.path());
    let mut record = start(NOW).record().clone();
    let file = first.create_session(&mut record).unwrap();
    let refused = Store::open(Paths::under(home.path()), Access::Write).unwrap_err();
    assert!(matches!(refused, StoreError::Locked { pid: Some(pid), .. } if pid == std::process::id()), "{refused}");
    assert!(refused.to_string().contains(&format!("another dryrun (process {}) is using", std::process::id())));
    let reader = Store::open(Paths::under(home.path()), Access::Read).unwrap();
    assert_eq!(reader.access(), Access::Read);
    assert_eq!(reader.load(&record.id, NOW).unwrap().record, record);
    assert!(matches!(reader.create_session(&mut record.clone()), Err(StoreError::ReadOnly)));
    assert!(matches!(reader.open_session(&record.id, NOW), Err(StoreError::ReadOnly)));
    assert!(matches!(reader.save_settings(&Settings::default(), NOW), Err(StoreError::ReadOnly)));
    drop(first);
    assert!(Store::open(Paths::under(home.path()), Access::Write).is_err(), "an open session keeps the lock");
    drop(file);
    open(home.path());
}

#[test]
fn reading_makes_no_folders() {
    let home = tempfile::tempdir().unwrap();
    let nowhere = home.path().join("nowhere");
    let store = Store::open(Paths::under(&nowhere), Access::Read).unwrap();
    assert!(store.sessions(NOW).unwrap().sessions.is_empty());
    assert_eq!(store.settings().unwrap(), (Settings::default(), Vec::new()));
    assert!(matches!(store.load("last", NOW), Err(StoreError::NoSession(_))));
    assert!(!nowhere.exists());
}

#[test]
fn no_id_leads_out_of_the_folder() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    for id in ["..", ".", "", "../sessions", "/etc", "a/b", "a\\b", ".hidden"] {
        assert!(matches!(store.load(id, NOW), Err(StoreError::NoSession(_))), "{id}");
    }
}

#[test]
fn sessions_of_one_minute_get_names_of_their_own_and_the_latest_is_first() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    let ids: Vec<String> = [0, 0, 60]
        .map(|seconds| {
            let mut record = start(NOW + Elapsed::seconds(seconds)).record().clone();
            store.create_session(&mut record).unwrap();
            record.id
        })
        .to_vec();
    assert_eq!(ids, ["2026-03-01-1830-paste", "2026-03-01-1830-paste-2", "2026-03-01-1831-paste"]);
    let listing = store.sessions(NOW).unwrap();
    let listed: Vec<&str> = listing.sessions.iter().map(|session| session.id.as_str()).collect();
    assert_eq!(listed, [ids[2].as_str(), ids[1].as_str(), ids[0].as_str()]);
    assert_eq!(listing.unfinished().count(), 3);
    assert_eq!((listing.sessions[0].title.as_str(), listing.sessions[0].phase.as_str()), ("Paste bin", "requirements"));
}

/// A person types a key every 120 ms; the process dies without a word at any moment. What was typed until a second before is there.
#[test]
fn a_kill_at_any_moment_loses_at_most_the_last_second_of_typing() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    for killed_at in [0, 119, 240, 950, 1_300, 2_777, 4_444] {
        let mut session = start(NOW);
        let mut record = session.record().clone();
        let mut file = store.create_session(&mut record).unwrap();
        session.set_id(file.id().to_owned());
        let mut typed: Vec<(i64, String)> = vec![(0, session.record().design.clone())];
        for moment in 1..=killed_at {
            let now = Timestamp(NOW.0 + moment);
            let event = match moment {
                moment if moment % 120 == 0 => {
                    typed.push((moment, format!("{}k", typed.last().unwrap().1)));
                    Event::Design(typed.last().unwrap().1.clone())
                }
                moment if moment % 250 == 0 => Event::Tick,
                _ => continue,
            };
            for outcome in session.advance(event, now) {
                if let Outcome::Save(save) = outcome {
                    file.save(session.record(), save).unwrap();
                }
            }
        }
        drop(file);
        let (mut file, loaded) = store.open_session(&session.record().id, NOW).unwrap();
        let a_second_before = typed.iter().rfind(|(at, _)| *at <= (killed_at - 1_000).max(0)).unwrap();
        let found = loaded.record.design.clone();
        assert!(found.len() >= a_second_before.1.len(), "killed at {killed_at} ms: {found}");
        let resumed_at = NOW + Elapsed::minutes(90);
        let resumed = Session::resume(loaded.record, &problem(), &framework(), resumed_at).unwrap();
        assert!(resumed.record().spent() <= Elapsed(killed_at as u64), "the time in between doesn't count");
        file.save(resumed.record(), Save::Whole).unwrap();
        assert_eq!(store.load(&resumed.record().id, NOW).unwrap().record, *resumed.record());
    }
}

#[test]
fn a_damaged_session_is_set_aside_whole_and_named() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    let mut good = start(NOW).record().clone();
    store.create_session(&mut good).unwrap();
    let mut bad = start(NOW).record().clone();
    let file = store.create_session(&mut bad).unwrap();
    let folder = file.folder().to_owned();
    drop(file);
    std::fs::write(folder.join("session.toml"), "format = 1\nproblem = \n").unwrap();
    let reader = Store::open(Paths::under(home.path()), Access::Read).unwrap();
    let damaged = reader.sessions(NOW).unwrap().damaged;
    assert_eq!((damaged.len(), &damaged[0].aside), (1, &None), "a reader moves nothing");
    let listing = store.sessions(NOW).unwrap();
    assert_eq!(listing.sessions.len(), 1);
    let aside = listing.damaged[0].aside.clone().unwrap();
    assert!(aside.to_string_lossy().ends_with("-2.damaged-20260301T183000Z"), "{}", aside.display());
    assert_eq!(listing.damaged[0].path, folder.join("session.toml"));
    assert!(aside.join("notes/1-requirements.md").exists(), "nothing is dropped");
    let again = store.sessions(NOW).unwrap();
    assert_eq!((again.sessions.len(), again.damaged.len()), (1, 0));
}

#[test]
fn a_session_of_a_later_version_stays_where_it_is() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    let mut record = start(NOW).record().clone();
    let file = store.create_session(&mut record).unwrap();
    let sheet = file.folder().join("session.toml");
    drop(file);
    std::fs::write(&sheet, "format = 7\nanything = \"else\"\n").unwrap();
    let error = store.open_session(&record.id, NOW).unwrap_err().to_string();
    assert!(error.contains("has format 7; this dryrun reads up to format 1"), "{error}");
    let listing = store.sessions(NOW).unwrap();
    assert_eq!((listing.sessions.len(), listing.damaged.len()), (0, 1));
    assert!(listing.damaged[0].why.contains("format 7") && listing.damaged[0].aside.is_none());
    assert!(sheet.exists());
}

#[test]
fn a_damaged_file_of_a_session_is_set_aside_and_the_rest_is_read() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    let mut session = start(NOW);
    session.advance(Event::Ran(dryrun::interview::Run::default()), NOW);
    session.advance(Event::Design("a -> b\n".to_owned()), NOW);
    let mut record = session.record().clone();
    let file = store.create_session(&mut record).unwrap();
    let folder = file.folder().to_owned();
    drop(file);
    std::fs::write(folder.join("notes/1-requirements.md"), b"good\xff\xfe\n").unwrap();
    std::fs::write(folder.join("runs/0000.toml"), "format = 1\n").unwrap();
    let (_file, loaded) = store.open_session(&record.id, NOW).unwrap();
    assert_eq!(loaded.record.phases[0].notes, "good\u{FFFD}\u{FFFD}\n");
    assert_eq!((loaded.record.design.as_str(), loaded.record.runs.len()), ("a -> b\n", 0));
    assert_eq!(loaded.warnings.len(), 2, "{:?}", loaded.warnings);
    assert!(loaded.warnings[0].contains("1-requirements.md can't be read: it is not UTF-8 text; it was set aside as"));
    assert_eq!(names(&folder.join("notes")), ["1-requirements.md.damaged-20260301T183000Z", "2-design.md"]);
    assert_eq!(names(&folder.join("runs")), ["0000.toml.damaged-20260301T183000Z"]);
}

#[test]
fn what_a_dead_writer_left_is_cleared_away() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    let mut record = start(NOW).record().clone();
    let file = store.create_session(&mut record).unwrap();
    let folder = file.folder().to_owned();
    drop(file);
    std::fs::write(folder.join("notes/.dryrun-abc.tmp"), "half").unwrap();
    std::fs::write(folder.join(".dryrun-def.tmp"), "half").unwrap();
    store.open_session(&record.id, NOW).unwrap();
    assert_eq!(names(&folder), ["design.dry", "estimates.txt", "journal.jsonl", "notes", "runs", "session.toml"]);
    assert_eq!(names(&folder.join("notes")), ["1-requirements.md", "2-design.md"]);
}

#[test]
fn settings_are_kept_and_a_damaged_file_is_set_aside_before_it_is_written_over() {
    let home = tempfile::tempdir().unwrap();
    let store = open(home.path());
    let settings = Settings { theme: Some("light".to_owned()), minutes: Some(35), ..Settings::default() };
    store.save_settings(&settings, NOW).unwrap();
    assert_eq!(store.settings().unwrap(), (settings.clone(), Vec::new()));
    std::fs::write(store.paths().settings(), "theme = \n").unwrap();
    let (read, warnings) = store.settings().unwrap();
    assert_eq!((read, warnings.len()), (Settings::default(), 1));
    store.save_settings(&settings, NOW).unwrap();
    assert_eq!(store.settings().unwrap(), (settings, Vec::new()));
    let aside = home.path().join("settings.toml.damaged-20260301T183000Z");
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "theme = \n");
}

#[test]
fn an_export_takes_force_to_write_over_a_file() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("notes.md");
    write_text(&path, "mine", false).unwrap();
    let refused = write_text(&path, "new", false).unwrap_err().to_string();
    assert!(refused.ends_with("notes.md exists; use --force to replace it"), "{refused}");
    write_text(&path, "new", true).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "new");
    assert!(write_text(&home.path().join("no/such/folder.md"), "x", true).is_err());
}

#[test]
fn one_folder_stands_for_both_and_an_empty_one_for_none() {
    let home = Path::new("/tmp/elsewhere").to_path_buf();
    let paths = Paths::find(Some(home.clone())).unwrap();
    assert_eq!((paths.config.clone(), paths.data.clone()), (home.clone(), home));
    if let Ok(paths) = Paths::find(Some(std::path::PathBuf::new())) {
        assert!(paths.data.ends_with("dryrun"), "{}", paths.data.display());
    }
}
