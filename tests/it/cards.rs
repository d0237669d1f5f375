//! Flashcards as a whole: grades on the disk whatever happens, exchange with Anki, the command line.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use dryrun::cards::{Card, Entry, Grade, Histories, Limits, Mode, Options, Scope, Session, anki, drill::points};
use dryrun::clock::{Elapsed, Timestamp};
use dryrun::content::{Bank, Files, TextFile, collection, import};
use dryrun::store::{Access, LogHealth, Paths, Store, StoreError};

const NOW: Timestamp = Timestamp(1_772_389_800_000);

fn bank() -> Bank {
    Bank::new(Files::embedded(Vec::new()))
}

fn session(log: Vec<Entry>, now: Timestamp) -> Session {
    let cards = bank().cards().to_vec();
    Session::start(&cards, log, &Options::default(), Limits::default(), Scope::default(), Mode::Due, now)
}

fn write(home: &Path) -> Store {
    Store::open(Paths::under(home), Access::Write).unwrap()
}

/// Names the folder in which the child of the next test grades cards.
const CHILD: &str = "DRYRUN_TEST_GRADES_IN";

/// Not a test by itself: grades a card whenever it is told to, as the review does, and says so when the disk has it.
#[test]
fn grades_until_it_is_killed() {
    let Some(home) = std::env::var_os(CHILD) else { return };
    let store = write(Path::new(&home));
    let (mut log, read) = store.open_reviews().unwrap();
    let mut session = session(read.entries, NOW);
    for _ in std::io::stdin().lock().lines() {
        let entries = session.grade(Grade::Good, Elapsed::seconds(3), NOW);
        log.append(&entries).unwrap();
        println!("graded");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn a_process_killed_after_its_nth_grade_has_n_on_the_disk() {
    let mut expected = 0;
    let home = tempfile::tempdir().unwrap();
    for n in [1, 2, 7, 20] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cards::grades_until_it_is_killed", "--nocapture"])
            .env(CHILD, home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut keys = child.stdin.take().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        for _ in 0..n {
            writeln!(keys, "good").unwrap();
            assert!(said.by_ref().any(|line| line.unwrap().contains("graded")));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        expected += n;
        let reviews = Store::open(Paths::under(home.path()), Access::Read).unwrap().reviews().unwrap();
        let grades = reviews.entries.iter().filter(|entry| matches!(entry, Entry::Review(_))).count();
        assert_eq!((grades, reviews.health), (expected, LogHealth::default()));
    }
}

#[test]
fn a_torn_last_line_is_dropped_reported_and_ended_before_the_next() {
    let home = tempfile::tempdir().unwrap();
    let store = write(home.path());
    let (mut log, _) = store.open_reviews().unwrap();
    let mut session = session(Vec::new(), NOW);
    log.append(&session.grade(Grade::Good, Elapsed(0), NOW)).unwrap();
    log.append(&session.grade(Grade::Good, Elapsed(0), NOW)).unwrap();
    let path = log.path().to_owned();
    drop(log);
    let whole = std::fs::read(&path).unwrap();
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    let (mut log, read) = store.open_reviews().unwrap();
    assert_eq!((read.entries.len(), read.health.skipped, read.health.torn), (3, 1, true));
    let warning = read.health.warning(&path).unwrap();
    assert!(warning.ends_with("reviews.jsonl: the last line was cut off and is dropped"), "{warning}");
    let mut again = self::session(read.entries.clone(), NOW);
    log.append(&again.grade(Grade::Easy, Elapsed(0), NOW)).unwrap();
    let after = store.reviews().unwrap();
    assert!(after.entries.len() > 3 && after.entries.starts_with(&read.entries));
    assert_eq!((after.health.skipped, after.health.torn), (1, false), "the torn line is a line now, and counted");
    let ids: BTreeSet<_> = after.entries.iter().map(Entry::id).collect();
    assert_eq!(ids.len(), after.entries.len());
}

#[test]
fn two_instances_cannot_write_the_same_log() {
    let home = tempfile::tempdir().unwrap();
    let first = write(home.path());
    let (mut log, _) = first.open_reviews().unwrap();
    let refused = Store::open(Paths::under(home.path()), Access::Write).unwrap_err();
    assert!(matches!(refused, StoreError::Locked { .. }), "{refused}");
    let reader = Store::open(Paths::under(home.path()), Access::Read).unwrap();
    assert!(matches!(reader.open_reviews(), Err(StoreError::ReadOnly)));
    assert!(matches!(reader.open_drills(), Err(StoreError::ReadOnly)));
    assert!(matches!(reader.save_deck("x", ""), Err(StoreError::ReadOnly)));
    drop(first);
    assert!(Store::open(Paths::under(home.path()), Access::Write).is_err(), "an open log keeps the lock");
    log.append(&session(Vec::new(), NOW).grade(Grade::Good, Elapsed(0), NOW)).unwrap();
    assert_eq!(reader.reviews().unwrap().entries.len(), 2);
    drop(log);
    write(home.path());
}

#[test]
fn a_session_of_days_is_the_same_replayed_from_the_disk() {
    let home = tempfile::tempdir().unwrap();
    let store = write(home.path());
    let (mut log, _) = store.open_reviews().unwrap();
    let mut entries = Vec::new();
    for day in 0..6 {
        let mut now = Timestamp(NOW.0 + day * 86_400_000);
        let mut session = session(entries, now);
        for at in 0..30_u32 {
            now = now + Elapsed::seconds(20);
            let written = if at % 7 == 6 {
                session.undo(now).unwrap()
            } else {
                session.grade(Grade::ALL[(at as usize * 7 + day as usize) % 4], Elapsed::seconds(9), now)
            };
            log.append(&written).unwrap();
        }
        entries = session.log().to_vec();
        let read = store.reviews().unwrap().entries;
        assert_eq!(read, entries);
        let replayed = Histories::replay(&read, Options::default());
        assert_eq!(format!("{:?}", session.histories()), format!("{replayed:?}"));
    }
}

/// A note as the manual says a file of notes is to be read.
#[derive(Debug, PartialEq)]
struct ManualNote {
    guid: String,
    note_type: String,
    deck: String,
    tags: Vec<String>,
    fields: Vec<String>,
}

/// Reads a file by the rules of Anki's manual ("Text Files"), as little lenient as they allow: header lines first, each a known key; then records
/// of as many fields as the first has, parted by the separator, with quotation marks doubled inside quotation marks. Written from the manual
/// and not from our own reader.
fn read_by_the_manual(text: &str) -> Vec<ManualNote> {
    let mut columns: BTreeMap<&str, usize> = BTreeMap::new();
    let mut separator = None;
    let mut rest = text;
    while let Some(line) = rest.strip_prefix('#') {
        let (header, after) = line.split_once('\n').expect("a header line has an end");
        let (key, value) = header.split_once(':').expect("a header is #key:value");
        match key {
            "separator" => separator = Some(if value == "tab" { '\t' } else { panic!("separator {value}") }),
            "html" => assert_eq!(value, "true"),
            "guid column" | "notetype column" | "deck column" | "tags column" => {
                columns.insert(key, value.parse().expect("a column is a number from 1"));
            }
            _ => panic!("the manual knows no header '{key}'"),
        }
        rest = after;
    }
    let separator = separator.expect("the separator is named");
    let records = records(rest, separator);
    let width = records[0].len();
    let special: BTreeSet<usize> = columns.values().copied().collect();
    assert_eq!(special.len(), columns.len(), "no column means two things");
    let of = |record: &[String], key: &str| record[columns[key] - 1].clone();
    let note = |record: Vec<String>| {
        assert_eq!(record.len(), width, "{record:?}");
        ManualNote {
            guid: of(&record, "guid column"),
            note_type: of(&record, "notetype column"),
            deck: of(&record, "deck column"),
            tags: of(&record, "tags column").split(' ').filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
            fields: (1..=width).filter(|at| !special.contains(at)).map(|at| record[at - 1].clone()).collect(),
        }
    };
    records.into_iter().map(note).collect()
}

fn records(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let field = records.last_mut().unwrap().last_mut().unwrap();
        match c {
            '"' if field.is_empty() => loop {
                match characters.next().expect("quotation marks are closed") {
                    '"' if characters.peek() == Some(&'"') => field.push(characters.next().unwrap()),
                    '"' => {
                        let after = characters.peek();
                        assert!(after.is_none_or(|after| *after == separator || *after == '\n'), "text after a quote");
                        break;
                    }
                    inside => field.push(inside),
                }
            },
            '\n' => records.push(vec![String::new()]),
            c if c == separator => records.last_mut().unwrap().push(String::new()),
            c => field.push(c),
        }
    }
    assert_eq!(records.pop(), Some(vec![String::new()]), "the last record has an end");
    records
}

/// The marks of `html` close in the order they opened in, and every `<` is one.
fn assert_sound_html(html: &str) {
    let mut open = Vec::new();
    for part in html.split('<').skip(1) {
        let (tag, _) = part.split_once('>').unwrap_or_else(|| panic!("a '<' that is no mark in {html}"));
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed.to_owned()), "{html}"),
            None if matches!(name, "br" | "hr") => {}
            None => open.push(name.to_owned()),
        }
    }
    assert!(open.is_empty(), "{open:?} in {html}");
}

fn own_decks() -> Vec<TextFile> {
    let text = "---\nname = \"Own Deck\"\n---\nid: #1\ntags: two words\nQ: What's \"quoted\"?\tReally\nA: a < b && c\n\nC: [x] and [y]\n\nChoose: a or b?\nA: b:\n\n```sh\n# yes\necho \"tab\there\"\n```\n";
    vec![TextFile { path: "decks/own.md".to_owned(), text: text.into() }]
}

#[test]
fn the_export_of_all_decks_is_what_ankis_manual_says_and_comes_back_with_its_ids() {
    let bank = bank();
    let (known, findings) = collection(&bank, &own_decks());
    assert_eq!(findings, []);
    let text = anki::export(&known.cards);
    let notes = read_by_the_manual(&text);
    assert_eq!(notes.len(), known.cards.len());
    for (note, card) in notes.iter().zip(&known.cards) {
        assert_eq!(note.guid, card.id.as_str());
        assert_eq!((note.note_type.as_str(), note.fields.len()), ("Basic", 2));
        assert_eq!(note.deck, format!("Dryrun::{}", card.deck));
        assert!(note.fields.iter().all(|field| !field.trim().is_empty()), "{note:?}");
        note.fields.iter().for_each(|field| assert_sound_html(field));
    }
    let guids: BTreeSet<&str> = notes.iter().map(|note| note.guid.as_str()).collect();
    assert_eq!(guids.len(), notes.len());
    let (incoming, problems) = import::from_anki(&text, "imported");
    assert_eq!(problems, Vec::<String>::new());
    let plan = import::plan(&known, &incoming);
    assert_eq!((plan.added, plan.changed, plan.unchanged), (0, 0, known.cards.len()));
}

#[test]
fn an_import_into_an_empty_home_keeps_ids_and_so_progress() {
    let bank = bank();
    let (known, _) = collection(&bank, &own_decks());
    let own: Vec<&Card> = known.cards.iter().filter(|card| card.deck.name() == "Own Deck").collect();
    let (incoming, _) = import::from_anki(&anki::export(own.iter().copied()), "imported");
    let (empty, _) = collection(&bank, &[]);
    let plan = import::plan(&empty, &incoming);
    assert_eq!((plan.added, plan.decks.len()), (own.len(), 1));
    let file = TextFile { path: "decks/own-deck.md".to_owned(), text: plan.decks["own-deck"].as_str().into() };
    let (after, findings) = collection(&bank, &[file]);
    assert_eq!(findings, []);
    for card in own {
        let there = after.card(&card.id).unwrap_or_else(|| panic!("{} is gone", card.id));
        assert_eq!(
            (anki::html(&there.question), anki::html(&there.answer)),
            (anki::html(&card.question), anki::html(&card.answer))
        );
    }
}

#[test]
fn the_bank_has_cards_for_every_drill() {
    let bank = bank();
    let (known, _) = collection(&bank, &[]);
    let figures = known.cards.iter().filter(|card| matches!(card.kind, dryrun::cards::CardKind::Figure(_))).count();
    let choices = known.cards.iter().filter(|card| card.kind == dryrun::cards::CardKind::Choice).count();
    assert!(figures > 50 && choices >= 20, "{figures} figures, {choices} choices");
    for card in known.cards.iter().filter(|card| card.id.as_str().ends_with("/answer")) {
        let points = points(&card.answer);
        assert!((2..=14).contains(&points.len()), "{}: {points:#?}", card.id);
    }
}

fn dryrun(home: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_dryrun"))
        .args(arguments)
        .env("DRYRUN_HOME", home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_command_line_exchanges_counts_and_finds_orphans() {
    let home = tempfile::tempdir().unwrap();
    let deck = home.path().join("capacity.md");
    std::fs::write(&deck, "Q: How many seconds has a day?\nA: 86,400\n").unwrap();
    let (status, out, err) = dryrun(home.path(), &["cards", "--import", deck.to_str().unwrap()]);
    assert_eq!((status, out.as_str()), (0, "1 added, 0 changed, 0 unchanged\n"), "{err}");
    let (_, out, _) = dryrun(home.path(), &["list", "decks"]);
    assert!(out.contains("capacity") && out.contains("misses") && out.contains("1 card\n"), "{out}");
    let export = home.path().join("out.txt");
    let (status, _, err) = dryrun(home.path(), &["cards", "--deck", "capacity", "--export", export.to_str().unwrap()]);
    assert_eq!(status, 0, "{err}");
    let text = std::fs::read_to_string(&export).unwrap();
    assert_eq!(read_by_the_manual(&text).len(), 1);
    let (_, out, _) = dryrun(home.path(), &["cards", "--import", export.to_str().unwrap()]);
    assert_eq!(out, "0 added, 0 changed, 1 unchanged\n");
    let (status, _, err) = dryrun(home.path(), &["cards", "--deck", "capacity", "--export", export.to_str().unwrap()]);
    assert!(status == 2 && err.contains("--force"), "{err}");

    // The card is answered, then reworded: its words were its id.
    let store = write(home.path());
    let (mut log, _) = store.open_reviews().unwrap();
    let files = |store: &Store| -> Vec<TextFile> {
        let (decks, _) = store.decks().unwrap();
        decks
            .into_iter()
            .map(|deck| TextFile { path: deck.path.display().to_string(), text: deck.text.into() })
            .collect()
    };
    let (known, _) = collection(&bank(), &files(&store));
    let scope = Scope { deck: Some(dryrun::cards::Deck::Own("capacity".into())), ..Scope::default() };
    let mut session =
        Session::start(&known.cards, Vec::new(), &Options::default(), Limits::default(), scope, Mode::Due, NOW);
    log.append(&session.grade(Grade::Easy, Elapsed::seconds(4), NOW)).unwrap();
    drop(log);
    store.save_deck("capacity", "Q: How many seconds does a day have?\nA: 86,400\n").unwrap();
    drop(store);
    let (_, out, _) = dryrun(home.path(), &["cards", "--orphans"]);
    assert!(out.contains("probably became") && out.contains("How many seconds has a day?"), "{out}");
    let (status, _, err) = dryrun(home.path(), &["cards", "--orphans", "--adopt"]);
    assert!(status == 0 && err.contains("1 of 1 orphans go on"), "{err}");
    let (_, out, _) = dryrun(home.path(), &["cards", "--orphans"]);
    assert_eq!(out, "every card that was reviewed is there\n");
    let (_, out, _) = dryrun(home.path(), &["cards", "--deck", "capacity", "--stats", "--json"]);
    let stats: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!((&stats["total"]["answers"], &stats["cards"]["young"]), (&1.into(), &1.into()), "{out}");
    let (_, out, _) = dryrun(home.path(), &["cards", "--optimise"]);
    assert!(out.starts_with("the log has 0 reviews"), "{out}");
}
