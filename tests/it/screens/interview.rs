//! A mock interview from the first key to the exported document.

use dryrun::clock::Timestamp;
use dryrun::interview::{Level, Save, Setup, Trigger};
use dryrun::tui::Start;
use dryrun::tui::event::{Done, Event, What};
use dryrun::tui::keymap::Chord;
use dryrun::tui::screens::Screen;
use dryrun::tui::screens::interview::State;

use super::drive::{BEGIN, Drive, display};
use crate::golden;

fn interview(drive: &Drive) -> &State {
    match drive.app.screen() {
        Screen::Interview(state) => state,
        _ => panic!("no interview is shown"),
    }
}

fn begin(width: u16, height: u16) -> Drive {
    let setup = Setup { level: Level::Senior, minutes: 45 };
    Drive::new(width, height, Start::Interview { problem: "url-shortener".to_owned(), setup })
}

/// A design that a test can run in a moment: the flows of the problem at a small load.
const DESIGN: &str = "GET /{code} @ 200/s, keys 1M zipf 0.9, p99 < 100ms, errors < 0.1%: users -> lb -> api -> cache -> db\n\
                      POST /links @ 5/s, p99 < 300ms: users -> lb -> api -> db\n\
                      api: service x2\ncache: redis\ndb: postgres, replicas 1";

#[test]
fn from_home_to_the_exported_document() {
    let mut drive = Drive::new(100, 30, Start::Home);
    drive.sees("URL shortener").keys("enter").sees("Requirements");
    drive.types("turn a long url into a short link\nfollow a short link to the long one").keys("ctrl-end");
    drive.types("\nredirects: p99 < 100ms\n100M new links a day\nhighly available, 99.99%").waits(3_000);
    drive.sees("p99 < 100ms").sees("99.99%");
    drive.keys("f2").types("what is the read to write ratio?").keys("enter").waits(500).sees("> what is the read");
    drive.keys("esc").waits(60_000);
    drive.keys("f8").sees("Core entities").types("Link: code, long url, owner, expiry").waits(90_000);
    drive.keys("ctrl-n").types("POST /links -> code\nGET /{code} -> 302").waits(200_000);
    drive.keys("f8").sees("Design").pastes(DESIGN).waits(2_000);
    drive.sees("targets met").keys("f5").waits(500);
    drive.keys("f3").types("Postgres because writes are few, gives up easy sharding").keys("enter").waits(300_000);
    drive.keys("f8").sees("Question").types("Reads hit the cache first; the primary only sees misses").waits(120_000);
    drive.keys("f9").sees("Finish the interview?").keys("enter").sees("First thing to fix").sees("debrief");
    let path = drive.home().join("session.md");
    drive.keys("e ctrl-u").pastes(&path.display().to_string()).keys("enter").sees("written to");
    let document = std::fs::read_to_string(&path).unwrap();
    golden::check("screens/session.md", &document);
    assert!(drive.report().saved.contains(&path));
}

#[test]
fn phases_go_forward_and_back_and_the_clock_follows() {
    let mut drive = begin(120, 30);
    drive.waits(10_000).keys("f8").waits(5_000).keys("f8 f7").waits(7_000);
    let phases: Vec<u64> = interview(&drive).record().phases.iter().map(|phase| phase.spent.as_seconds()).collect();
    assert_eq!(phases[..3], [10, 12, 0]);
    drive.keys("alt-4");
    assert_eq!(interview(&drive).record().current, 3);
    drive.keys("f4").sees("paused").waits(60_000).keys("f4").misses("paused");
    assert_eq!(interview(&drive).record().stood().as_seconds(), 60);
    assert_eq!(interview(&drive).record().spent().as_seconds(), 22);
}

#[test]
fn an_overrun_is_shown_said_and_blocks_nothing() {
    let mut drive = begin(120, 30);
    drive.waits(4 * 60_000 + 30_000).sees("04:30 of 05:00");
    drive.waits(90_000).sees("06:00 of 05:00 +01:00 over").types("still typing").sees("still typing");
    assert_eq!(interview(&drive).record().current, 0);
}

#[test]
fn typing_is_on_the_disk_within_a_second_and_the_session_comes_back() {
    let mut drive = begin(100, 30);
    drive.types("shorten a link").keys("f8").types("Link entity").waits(1_000).sees("saved");
    let (home, now) = (drive.home().to_owned(), drive.now);
    // As after kill -9: nothing more is done, the folder is opened by another process.
    let kept = tempfile::tempdir().unwrap();
    copy(&home, kept.path());
    let later = Timestamp(now.0 + 3_600_000);
    let mut again = Drive::open(kept.path(), 100, 30, Start::Home, display(), later);
    again.sees("go on with URL shortener").keys("r").sees("Link entity").sees("saved");
    again.keys("f7").sees("shorten a link");
    let record = interview(&again).record();
    assert_eq!(record.current, 0);
    assert!(record.spent().as_seconds() < 60, "an hour away is no time spent: {}", record.spent());
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_failed_save_is_told_in_words_and_tried_again() {
    let mut drive = begin(100, 30);
    drive.types("text").waits(1_000).sees("saved");
    drive.answers(Done::Saved(Err("disk full".to_owned())));
    drive.sees("NOT SAVED: disk full");
    drive.types("more").waits(2_000).misses("NOT SAVED").sees("saved");
}

#[test]
fn a_checklist_ticks_itself_and_by_hand() {
    let mut drive = begin(120, 36);
    let ticked = |drive: &Drive| interview(drive).session().checklist(0).iter().filter(|line| line.ticked).count();
    assert_eq!(ticked(&drive), 0);
    drive.types("redirects p99 < 100ms").waits(500);
    let by_notes = ticked(&drive);
    assert!(by_notes > 0);
    drive.keys("tab end space");
    assert_eq!(ticked(&drive), by_notes + 1);
    drive.keys("space");
    assert_eq!(ticked(&drive), by_notes);
}

#[test]
fn each_valid_edit_is_run_after_a_pause_and_an_invalid_one_is_not() {
    let mut drive = begin(140, 40);
    drive.keys("alt-4").types("GET /x @ 100/s, p99 < 1s: users -> api");
    drive.waits(600).sees("1 of 1 targets met");
    let runs = interview(&drive).record().runs.len();
    assert!(runs >= 1);
    assert_eq!(interview(&drive).record().runs[runs - 1].trigger, Trigger::Edited);
    drive.types(" ->").waits(1_000);
    assert_eq!(interview(&drive).record().runs.len(), runs);
    drive.keys("f5").waits(200);
}

#[test]
fn leaving_saves_and_the_first_screen_offers_to_go_on() {
    let mut drive = begin(100, 30);
    drive.types("half a thought").keys("esc esc").sees("go on with URL shortener").sees("saved");
    drive.keys("r").sees("half a thought").keys("esc q");
    assert!(drive.ended);
    let saved = drive.report().saved;
    assert!(saved.len() == 1 && saved[0].is_dir(), "{saved:?}");
    assert_eq!(Save::Whole, Save::Typing.max(Save::Whole));
}

#[test]
fn a_program_that_is_told_to_end_saves_first() {
    let mut drive = begin(100, 30);
    drive.types("last words").happens(What::Terminate);
    assert!(drive.ended);
    let home = drive.home().to_owned();
    let kept = tempfile::tempdir().unwrap();
    copy(&home, kept.path());
    let mut again = Drive::open(kept.path(), 100, 30, Start::Resume(None), display(), BEGIN);
    again.sees("last words");
}

#[test]
fn what_is_asked_and_pasted_can_carry_no_command_to_the_terminal() {
    let mut drive = begin(100, 30);
    drive.pastes("evil\u{1b}]52;c;AAAA\u{7}\u{1b}[2J\r\nnext\u{202e}line");
    let frame = drive.frame();
    assert!(!frame.contains('\u{1b}') && !frame.contains('\u{7}') && !frame.contains('\u{202e}'));
    drive.sees("next");
}

#[test]
fn predict_then_run_from_the_key_to_the_card() {
    let mut drive = begin(80, 24);
    drive.keys("alt-4").pastes(DESIGN).waits(2_000).sees("targets met");
    // Of the design as it is the figures are known: what is said is about the next change.
    drive.keys("alt-p").sees("Predict the next change").types("lb, p99 9s").keys("enter").waits(2_000);
    assert_eq!(interview(&drive).record().predictions[0].run, None);
    drive.types("\nlb: load-balancer x2").waits(2_000).sees("you said lb limits the design; measured: ");
    let run = interview(&drive).record().predictions[0].run;
    assert!(run.is_some());
    drive.keys("alt-5").waits(500);
    let with_fault = |drive: &Drive| {
        let record = interview(drive).record();
        record.runs.iter().filter(|run| run.fault.is_some()).count()
    };
    // Questions without a fault are passed over.
    for _ in 0..10 {
        if drive.frame().contains("break it") {
            break;
        }
        drive.keys("f6");
    }
    drive.keys("alt-x").sees("Predict: at").keys("esc").waits(1_000);
    assert_eq!(with_fault(&drive), 0, "Esc goes back");
    drive.keys("alt-x enter").waits(1_000);
    assert_eq!((with_fault(&drive), interview(&drive).record().predictions.len()), (1, 1), "Enter alone skips");
    drive.keys("alt-x").misses("Predict: at").waits(1_000);
    assert_eq!(with_fault(&drive), 2, "what was seen is not asked about");
    drive
        .keys("f9 enter pgdn")
        .sees("Predictions that came true")
        .keys("3")
        .sees("Predictions")
        .sees("wrong: lb limits");
    drive.keys("esc c end").sees("▸ misses").keys("c");
    for _ in 0..60 {
        if drive.frame().contains("what limits it?") {
            break;
        }
        drive.keys("space 3");
    }
    drive.sees("what limits it?").sees("GET /{code} @ 200/s").keys("space").sees("You predicted: \"lb, p99 9s\"");
}

#[test]
fn what_would_answer_for_the_candidate_is_closed_until_the_debrief() {
    let mut drive = begin(100, 30);
    drive.keys("ctrl-f").sees("The rest opens after the interview").types("redis").sees("  technology");
    drive.misses("  question").misses("  concept").misses("  pattern").misses("  problem");
    // A link leads no further than the search.
    drive.keys("enter").sees("Redis").keys("shift-tab enter").sees("that page opens after the interview");
    drive.keys("esc esc f9 enter").sees("debrief").keys("ctrl-f").types("redis").sees("  question");
}

#[test]
fn what_is_typed_before_the_index_is_there_is_answered_when_it_is() {
    let mut drive = begin(100, 30);
    let bank = drive.app.bank().clone();
    assert!(bank.index_at_hand().is_none(), "nobody searched yet");
    drive.app.update(&Event { now: drive.now, what: What::Key(Chord::parse("ctrl-f").unwrap()) });
    drive.types("redis").sees("redis").sees("Reading the bank.");
    bank.prepare_search();
    drive.happens(What::Done(Done::Indexed));
    drive.misses("Reading the bank.").sees("technology");
}
