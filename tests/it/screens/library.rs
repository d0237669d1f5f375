//! The library and the search: shelves, pages, links both ways, the table of numbers, and one box over all of it.

use dryrun::interview::{Level, Setup};
use dryrun::tui::Start;
use dryrun::tui::effect::Effect;
use dryrun::tui::keymap::Chord;
use ratatui::style::Modifier;

use super::drive::{Drive, rows};

fn library(width: u16, height: u16) -> Drive {
    let mut drive = Drive::new(width, height, Start::Home);
    drive.keys("l");
    drive
}

#[test]
fn a_page_is_opened_from_its_shelf_and_turned() {
    let mut drive = library(80, 24);
    drive.sees("Technologies").sees("001 What is a system design interview");
    drive
        .keys("down enter")
        .sees("Questions 2 of 100")
        .sees("vertical and horizontal scaling")
        .sees("question 2, basic");
    drive.keys("n").sees("Questions 3 of 100");
    drive.keys("p p").sees("Questions 1 of 100");
    drive.keys("esc").sees("Technologies").sees("001 What is");
    drive.keys("esc").sees("Problems");
}

#[test]
fn each_shelf_is_a_key_away_and_they_follow_each_other() {
    let mut drive = library(80, 24);
    for (key, seen) in [
        ("2", "PostgreSQL"),
        ("3", "ACID"),
        ("4", "contention"),
        ("5", "round trip"),
        ("6", "URL shortener"),
        ("7", "Product design: the phases"),
        ("8", "Commonly said"),
        ("1", "001 "),
    ] {
        drive.keys(key);
        if seen == "PostgreSQL" || seen == "URL shortener" {
            drive.keys("f").pastes(seen).keys("enter").sees(seen).keys("esc");
        } else {
            let frame = drive.frame();
            assert!(frame.to_lowercase().contains(&seen.to_lowercase()), "no '{seen}' on shelf {key} in\n{frame}");
        }
    }
    drive.keys("tab").sees("▸ Technologies").keys("shift-tab shift-tab").sees("▸ Guide");
}

#[test]
fn a_shelf_is_narrowed_by_letters_level_and_tag() {
    let mut drive = library(80, 24);
    drive
        .keys("v")
        .sees("30 of 100")
        .keys("v")
        .sees("40 of 100")
        .keys("v")
        .sees("30 of 100")
        .sees("advanced")
        .keys("v");
    drive.keys("f").types("consistent hash").sees("034 How does consistent hashing").misses("001 What is");
    drive.keys("enter enter").sees("Questions 1 of").keys("esc esc").sees("001 What is");
    drive.keys("t").sees("everything").types("cach").keys("enter").sees("#cach").sees(" of 100").misses("001 What is");
    drive.keys("esc").sees("001 What is");
    drive.keys("f").types("zzzz").sees("Nothing here matches").keys("esc").sees("001 What is");
}

/// Pages down until `text` is seen.
#[track_caller]
fn scrolled_to(drive: &mut Drive, text: &str) {
    drive.keys("g");
    let mut frame = drive.frame();
    while !frame.contains(text) {
        let next = drive.keys("pgdn").frame();
        assert_ne!(frame, next, "the page has no '{text}'");
        frame = next;
    }
}

#[test]
fn a_question_is_found_by_its_number() {
    let mut drive = library(80, 24);
    drive.keys("f").types("034").sees("How does consistent hashing").sees(" of 100").misses("001 What is");
    drive.keys("ctrl-f").types("question 34").waits(2_000).sees("consistent hashing");
}

/// The mark of how many rows are below stands beside the last row, whose text ends with an ellipsis where it has to.
#[test]
fn what_is_below_is_counted_beside_the_last_row() {
    let mut drive = library(80, 24);
    let frame = drive.frame();
    let row = frame.lines().find(|line| line.contains(" more ↓")).expect("the shelf is longer than the screen");
    assert!(row.contains("… "), "{row}");
}

#[test]
fn links_lead_on_and_back_and_name_what_leads_here() {
    let mut drive = library(80, 24);
    drive.keys("f").types("consistent hashing work").keys("enter enter G").sees("See also");
    drive.keys("g tab").sees("See also");
    let marked = |drive: &mut Drive| {
        let buffer = drive.draws();
        let reversed = |&(x, y): &(u16, u16)| buffer[(x, y)].modifier.contains(Modifier::UNDERLINED);
        (0..24).flat_map(|y| (0..80).map(move |x| (x, y))).filter(reversed).count()
    };
    assert!(marked(&mut drive) > 0);
    drive.keys("enter").sees("Concepts").sees("1 page back").sees("Consistent hashing");
    scrolled_to(&mut drive, "What links here");
    scrolled_to(&mut drive, "How does consistent hashing work");
    drive.keys("backspace").sees("Questions 1 of").misses("1 page back");
    drive.keys("enter").sees("1 page back").keys("esc").sees("034 ");
}

#[test]
fn the_numbers_are_a_table_that_can_be_narrowed() {
    let mut drive = library(80, 24);
    drive.keys("5").sees("What").sees("Figure").sees("round trip").sees("0.1 to 0.5 ms");
    drive.keys("f").types("redis").sees("Redis").misses("round trip").keys("enter enter");
    drive.sees("Numbers 1 of").sees("Source:").sees("More of");
    let mut wide = library(200, 60);
    wide.keys("5").sees("What it means").sees("Source:").sees("cheap, but a thousand");
}

#[test]
fn a_wide_terminal_shows_the_page_beside_the_shelf() {
    let mut drive = library(160, 40);
    drive.sees("001 What is").sees("question 1, basic");
    drive.keys("down").sees("question 2, basic");
    // A click on the page gives it the keys; one on a tab turns the shelf.
    drive.clicks(120, 20).keys("n").sees("question 3, basic");
    drive.clicks(20, 0).sees("Technologies");
    let row = rows(&drive.draws()).iter().position(|line| line.contains("▸ A")).unwrap() as u16;
    drive.clicks(10, row + 2).clicks(10, row + 2).sees("Technologies 3 of");
}

#[test]
fn the_framework_can_be_read() {
    let mut drive = library(100, 30);
    drive.keys("7 enter").sees("Requirements").sees("minutes").keys("n n n n").sees("What is scored");
}

#[test]
fn the_search_finds_as_one_types_and_marks_what_matched() {
    let mut drive = Drive::new(80, 24, Start::Home);
    drive.keys("ctrl-f").sees("Search").types("kafk");
    let frame = drive.frame();
    let first = frame.lines().find(|line| line.contains('▸') && line.contains("technology")).unwrap_or_default();
    assert!(first.contains("Kafka"), "{frame}");
    let buffer = drive.draws();
    let underlined = (0..24u16)
        .flat_map(|y| (0..80u16).map(move |x| (x, y)))
        .filter(|&at| buffer[at].modifier.contains(Modifier::UNDERLINED))
        .map(|at| buffer[at].symbol().to_owned())
        .collect::<String>();
    assert!(underlined.to_lowercase().contains("kafk"), "{underlined}");
    drive.keys("enter").sees("result 1 of").sees("Technologies").sees("Kafka");
    drive.keys("n").sees("result 2 of").keys("esc").sees("results").keys("esc").sees("Problems");
}

#[test]
fn words_of_the_text_are_found_and_shown_in_their_sentence() {
    let mut drive = Drive::new(100, 30, Start::Home);
    drive.keys("ctrl-f").types("murmur2 partitions").sees("murmur2");
    drive.keys("ctrl-u").sees("Questions, technologies").types("qqqxyz").sees("Nothing in the bank matches");
    drive.keys("enter").sees("Nothing in the bank matches").keys("ctrl-f").misses("Nothing in the bank matches");
}

#[test]
fn a_search_within_an_interview_leaves_it_as_it_was() {
    let setup = Setup { level: Level::Senior, minutes: 45 };
    let mut drive = Drive::new(100, 30, Start::Interview { problem: "url-shortener".to_owned(), setup });
    drive.types("users shorten links").keys("ctrl-f").types("base62").waits(2_000).keys("enter").sees("result 1 of");
    drive.keys("q").sees("users shorten links");
}

#[test]
fn a_result_in_the_library_is_shown_by_the_library() {
    let mut drive = library(80, 24);
    drive.keys("/").types("token bucket leaky").keys("enter").misses("result 1").sees("bucket");
    drive.keys("esc").sees("f filter");
}

#[test]
fn an_address_outside_is_copied_and_a_link_to_nothing_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let concepts = folder.path().join("content/concepts");
    std::fs::create_dir_all(&concepts).unwrap();
    let page = "+++\nid = \"aaa\"\ntitle = \"AAA\"\n+++\nSee [the paper](https://example.org/p), [nothing](no-such-id) and [PostgreSQL](postgresql).\n\n![A ring](ring.png)\n";
    std::fs::write(concepts.join("aaa.md"), page).unwrap();
    let display = super::drive::display();
    let mut drive = Drive::open(folder.path(), 80, 24, Start::Home, display, super::drive::BEGIN);
    drive.keys("l 3 f").types("aaa").keys("enter enter").sees("[image: A ring]");
    drive.keys("enter").sees("no link is marked").keys("tab enter").sees("copied https://example.org/p");
    assert_eq!(drive.copied, ["https://example.org/p"]);
    drive.keys("tab enter").sees("nothing in the bank has the id 'no-such-id'");
    drive.keys("tab enter").sees("Technologies").sees("PostgreSQL");
    // The link in its text makes the page a back-link.
    scrolled_to(&mut drive, "What links here");
    drive.sees("AAA (concept)");
    assert!(drive.others.iter().all(|effect| !matches!(effect, Effect::Edit { .. })));
    drive.happens(dryrun::tui::event::What::Key(Chord::char('h')));
    drive.sees("[image: A ring]");
}

#[test]
fn everything_of_the_library_is_reachable_on_forty_columns() {
    let mut drive = library(40, 12);
    drive.sees("1 Questions").keys("enter").sees("Questions 1 of 100").keys("esc 5").sees("5 Numbers");
    drive.keys("/").types("redis").sees("Redis").keys("enter").sees("Redis");
}
