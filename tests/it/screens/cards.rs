//! The flashcards by keys: a session from the first card to its end, undo, cram, drills, browsing, writing, statistics.

use std::path::PathBuf;

use dryrun::cards::{Deck, Entry, Mode, Scope};
use dryrun::interview::{Level, Setup};
use dryrun::store::{Access, Paths, Store};
use dryrun::tui::Start;
use dryrun::tui::event::Done;

use super::drive::{BEGIN, Drive, display};
use super::frames::styled;
use crate::golden;

/// Three cards of one's own, and nothing else due.
const DECK: &str = "id: one\nQ: What is a quorum?\nA: More than half.\n\nid: two\nQ: First question\nA: A long answer, which nobody types because it takes too many words.\n\nid: three\nC: A [lease] ends by itself.\n";

fn home_with(deck: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("decks")).unwrap();
    std::fs::write(folder.path().join("decks/mine.md"), deck).unwrap();
    folder
}

fn own(mode: Mode) -> Start {
    Start::Cards(Some((Scope { deck: Some(Deck::Own("mine".into())), ..Scope::default() }, mode)))
}

fn open(folder: &tempfile::TempDir, start: Start) -> Drive {
    Drive::open(folder.path(), 100, 32, start, display(), BEGIN)
}

fn log(drive: &Drive) -> Vec<Entry> {
    Store::open(Paths::under(drive.home()), Access::Read).unwrap().reviews().unwrap().entries
}

fn grades(drive: &Drive) -> usize {
    log(drive).iter().filter(|entry| matches!(entry, Entry::Review(_))).count()
}

/// Every room with something in it, as it looks in a terminal of eighty columns.
#[test]
fn the_rooms_look_as_they_did() {
    let folder = home_with(DECK);
    let mut drive = Drive::open(folder.path(), 80, 24, own(Mode::Due), display(), BEGIN);
    // How many cards the bank has is not what the rooms look like.
    let bank = drive.app.bank().cards().len();
    let frame = |drive: &mut Drive, name: &str| {
        let mut shown = styled(&drive.draws());
        for count in [bank, bank + 3] {
            shown = shown.replace(&count.to_string(), "NNNN");
        }
        golden::check(&format!("screens/cards-{name}.txt"), &shown);
    };
    frame(&mut drive, "question");
    drive.waits(3_000).keys("t").types("more then hal").keys("enter");
    frame(&mut drive, "answer");
    drive.keys("4").waits(6_000).keys("space 4 space 4");
    frame(&mut drive, "end");
    drive.keys("esc i");
    frame(&mut drive, "statistics");
    drive.keys("esc b d d d d d d");
    frame(&mut drive, "browse");
    drive.keys("esc n").types("1..2").keys("enter");
    frame(&mut drive, "guessed");
    drive.keys("esc s space").waits(50_000);
    frame(&mut drive, "talk");
}

#[test]
fn the_cards_open_from_home_and_say_what_today_holds() {
    let mut drive = Drive::new(100, 32, Start::Home);
    drive.keys("c").sees("all decks").sees("questions").sees("20 cards today: 20 new.").sees("Enter review");
    drive.keys("esc").sees("Problems");
}

#[test]
fn a_session_shows_grades_saves_and_ends() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, own(Mode::Due));
    drive.sees("What is a quorum?").sees("3 left, 3 new").misses("More than half").sees("Space show the answer");
    drive.waits(4_000).keys("space").sees("More than half").sees("1 Again").sees("1m").sees("10m").sees("8d");
    assert_eq!(grades(&drive), 0);
    drive.keys("3").sees("First question");
    assert_eq!(grades(&drive), 1, "on the disk before the next card shows");
    drive.keys("enter enter").sees("A [...] ends by itself.").keys("space 4");
    // The two in their steps are shown ahead, since nothing else is left.
    drive.sees("in steps").keys("space 3 space 1 space 4");
    drive.sees("Done").sees("6 answers to 3 cards").sees("Again: 17%").sees("Next:").sees("Mon").sees("in a row");
    assert_eq!(grades(&drive), 6);
    drive.keys("enter").sees("Decks");
}

#[test]
fn undo_goes_back_over_several_cards_and_from_the_end() {
    let folder = home_with("id: a\nQ: one?\nA: 1\n\nid: b\nQ: two?\nA: 2\n");
    let mut drive = open(&folder, own(Mode::Due));
    drive.misses("undo").keys("space 4 space 4").sees("Done").sees("u undo");
    drive.keys("u").sees("two?").keys("u").sees("one?").sees("2 left").keys("u").sees("nothing of this session");
    let entries = log(&drive);
    assert_eq!((grades(&drive), entries.iter().filter(|entry| matches!(entry, Entry::Undo(_))).count()), (2, 2));
    drive.keys("space 3").sees("two?");
    // Opened again, the log alone tells the same: one card learned a moment ago, one new.
    drop(drive);
    let mut again = open(&folder, own(Mode::Due));
    again.sees("1 new").sees("1 in steps");
}

#[test]
fn a_typed_answer_is_compared() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, own(Mode::Due));
    drive.sees("t type it").keys("t").types("more then half").keys("enter").sees("close").sees("More than half");
    drive.keys("3").sees("First question").misses("type it");
    drive.keys("space 3").sees("[...]").keys("t").types("lease").keys("enter").sees("right");
    drive.keys("u").sees("First question");
}

#[test]
fn a_cram_writes_nothing() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, own(Mode::Cram));
    drive.sees("Cram").keys("space 1").sees("First question").keys("space 3 space 3").sees("What is a quorum?");
    drive.keys("space 3").sees("Done").sees("did not learn of this");
    assert_eq!(log(&drive), []);
}

#[test]
fn a_grade_that_is_not_saved_does_not_count() {
    let folder = home_with(DECK);
    let holder = Store::open(Paths::under(folder.path()), Access::Read).unwrap();
    let mut drive = open(&folder, own(Mode::Due));
    // The log's place is taken by a folder: no append can succeed.
    std::fs::create_dir(folder.path().join("reviews.jsonl")).unwrap();
    drive.keys("space 3").sees("not saved, so it doesn't count").sees("What is a quorum?").sees("3 left");
    std::fs::remove_dir(folder.path().join("reviews.jsonl")).unwrap();
    drive.keys("space 3").sees("First question");
    assert_eq!(holder.reviews().unwrap().entries.len(), 2);
}

#[test]
fn a_card_is_rewritten_and_keeps_its_progress() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, own(Mode::Due));
    drive.keys("space 3 e").sees("A card in your own words").sees("Q: First question");
    drive.keys("ctrl-a").pastes("Q: Better question\nA: Short.").keys("ctrl-s").sees("Better question");
    let deck = std::fs::read_to_string(folder.path().join("decks/mine.md")).unwrap();
    assert_eq!(
        deck,
        DECK.replace(
            "Q: First question\nA: A long answer, which nobody types because it takes too many words.",
            "Q: Better question\nA: Short."
        )
    );
    drive.keys("space 4 e esc").sees("[...]");
}

#[test]
fn a_card_of_the_bank_is_rewritten_in_a_deck_of_ones_own() {
    let mut drive = Drive::new(100, 32, Start::Home);
    drive.keys("c b").sees("All cards").keys("/").types("cap-theorem/").sees("CAP");
    drive
        .keys("enter e")
        .sees("decks/rewritten.md")
        .keys("ctrl-a")
        .pastes("Q: Is CAP two of three?\nA: No.")
        .keys("ctrl-s");
    drive.sees("Is CAP two of three?").sees("concepts");
    let deck = std::fs::read_to_string(drive.home().join("decks/rewritten.md")).unwrap();
    assert!(deck.starts_with("id: cap-theorem/"), "{deck}");
}

#[test]
fn browsing_narrows_by_deck_state_and_letters_and_adds_cards() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, Start::Cards(None));
    drive.keys("b").sees("All cards").keys("d").sees("Deck questions");
    drive.keys("d d d d d").sees("Deck mine").sees("3 of").sees("What is a quorum?").sees("never answered");
    drive.keys("f").sees("Deck mine, new").keys("f").sees("No card matches");
    drive.keys("f f f f n").sees("A new card").keys("ctrl-s").sees("a card needs");
    drive.keys("ctrl-a").pastes("Q: New one?\nA: Yes.").keys("ctrl-s").sees("4 of").sees("New one?");
}

#[test]
fn guesses_are_scored_kept_and_calibrated() {
    let mut drive = Drive::new(100, 32, Start::Cards(None));
    drive.keys("n").sees("Order of magnitude").sees("Your guess:").sees("No guesses yet");
    drive.types("banana").keys("enter").sees("expected a number in").keys("ctrl-u");
    drive.types("0.000001..100000000").keys("enter").sees("1 guess,").sees("holds it").sees("its middle is");
    drive.keys("enter").sees("Your guess:").types("1e-9").keys("enter").sees("2 guesses");
    let drills = Store::open(Paths::under(drive.home()), Access::Read).unwrap().drills().unwrap();
    assert_eq!(drills.drills.len(), 2);
    drive.keys("esc i tab tab tab tab").sees("Guesses at numbers").sees("2 guesses");
}

#[test]
fn an_answer_aloud_is_timed_and_checked_against_its_points() {
    let mut drive = Drive::new(100, 40, Start::Cards(None));
    drive
        .keys("s")
        .sees("Sixty seconds")
        .sees("Space starts the clock")
        .keys("space")
        .waits(20_000)
        .sees("00:20 of 01:00");
    drive.waits(45_000).sees("00:05 over").keys("space").sees("01:05 spoken; 0 of").keys("space").sees("1 of");
    drive.keys("enter").sees("1 answer:").sees("Space starts the clock");
    let drills = Store::open(Paths::under(drive.home()), Access::Read).unwrap().drills().unwrap();
    assert_eq!(drills.drills.len(), 1);
}

#[test]
fn statistics_have_a_page_for_everything() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, own(Mode::Due));
    drive.keys("space 4 space 1 esc i").sees("2 answers, 50% again, 2 new").sees("The last year: 1 day with");
    drive.keys("tab").sees("due in 30 days").sees("tomorrow").keys("tab").sees("Stability").sees("Difficulty");
    drive.keys("tab").sees("remembered").sees("s each").keys("shift-tab shift-tab shift-tab").sees("All time");
    drive.keys("esc").sees("Decks");
}

#[test]
fn one_comes_back_to_the_deck_that_one_left() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, Start::Cards(None));
    drive.keys("w w v end").sees("only basic").keys("v v v enter").sees("What is a quorum?").keys("esc");
    drive.sees("▸ mine").keys("i esc").sees("▸ mine");
}

#[test]
fn the_tags_page_fits_a_narrow_screen() {
    let folder = home_with(&DECK.replace("id: two", "tags: eventual-consistency-and-quorums, caching\nid: two"));
    let mut drive = Drive::open(folder.path(), 40, 15, own(Mode::Due), display(), BEGIN);
    drive.waits(4_000).keys("space 3 space 1 esc i shift-tab shift-tab");
    // Behind the tags that were answered stand all others, by how many cards they have.
    let shown: Vec<String> = drive.frame().lines().take(4).map(str::to_owned).collect();
    golden::check("screens/cards-tags-narrow.txt", &(shown.join("\n") + "\n"));
    drive.keys("shift-tab end").sees("Stability: days until recall falls to");
}

#[test]
fn decks_are_narrowed_by_level_tag_and_weakness() {
    let mut drive = Drive::new(100, 32, Start::Cards(None));
    drive.keys("v").sees("only basic").keys("v v v").misses("only");
    drive.keys("t").sees("Common ones:").types("caching").keys("enter").sees("only tag caching");
    drive.keys("t").misses("only").keys("t").types("nonsense").keys("enter").sees("no card has the tag 'nonsense'");
    drive.keys("w").sees("only weak").sees("Nothing more is due here").keys("enter").sees("nothing is due here");
}

#[test]
fn what_an_interview_lacked_is_in_the_deck_of_misses_once() {
    let folder = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let setup = Setup { level: Level::Mid, minutes: 35 };
        let start = Start::Interview { problem: "url-shortener".to_owned(), setup };
        let mut drive = Drive::open(folder.path(), 100, 32, start, display(), BEGIN);
        drive.keys("f9 enter").sees("First thing to fix");
    }
    let path: PathBuf = folder.path().join("decks/misses.md");
    let deck = std::fs::read_to_string(path).unwrap();
    let ids: Vec<&str> = deck.lines().filter_map(|line| line.strip_prefix("id: ")).collect();
    let once: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert!(ids.len() > 3 && once.len() == ids.len(), "{deck}");
    let mut drive = open(&folder, Start::Cards(None));
    drive.sees("misses").keys("b /").types("URL shortener: which functional").sees("leave out");
}

#[test]
fn a_suspended_card_comes_up_again_only_when_it_is_taken_up() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, own(Mode::Due));
    drive.keys("@").sees("First question").sees("2 left").sees("set aside").keys("u").sees("What is a quorum?");
    drive.keys("@ esc").sees("2 cards").keys("b").keys("f f f f f").sees("1 of").sees("suspended: it comes up");
    drive.keys("@").sees("No card matches").keys("esc").sees("3 cards");
    let entries = log(&drive);
    assert_eq!((grades(&drive), entries.len()), (0, 4), "aside, back, aside, up: {entries:?}");
}

#[test]
fn a_card_tells_every_answer_that_was_given() {
    let folder = home_with(DECK);
    let mut drive = open(&folder, own(Mode::Due));
    drive
        .waits(7_000)
        .keys("space 1")
        .waits(80_000)
        .keys("esc b /")
        .types("What is a quorum?")
        .keys("enter")
        .sees("2026-03-01 Again in 7 s")
        .sees("1 answer, 0 lapses");
}

#[test]
fn what_is_gone_goes_on_as_what_it_became() {
    let folder = home_with("Q: What is a qourum?\nA: More than half.\n\nid: x\nQ: Unlike\nA: y\n");
    let mut drive = open(&folder, own(Mode::Due));
    drive.keys("space 4 space 4").sees("Done");
    drop(drive);
    std::fs::write(folder.path().join("decks/mine.md"), "Q: What is a quorum?\nA: More than half.\n").unwrap();
    let mut drive = open(&folder, Start::Cards(None));
    drive.sees("2 cards that you reviewed are gone").keys("r").sees("What is a qourum?").sees("alike").sees("Unlike");
    drive.keys("a").misses("qourum").sees("Unlike").keys("enter").sees("nothing is like it").keys("esc");
    drive
        .sees("1 card that you reviewed is gone")
        .keys("b /")
        .types("What is a quorum?")
        .keys("enter")
        .sees("1 answer,");
}

#[test]
fn a_disk_that_cannot_be_read_sends_back_home() {
    let mut drive = Drive::new(100, 32, Start::Cards(None));
    drive.answers(Done::Cards(Err("no such folder".to_owned()))).sees("no such folder").sees("Problems");
}
