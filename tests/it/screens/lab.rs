//! The design lab, by keys.

use dryrun::tui::Start;
use dryrun::tui::effect::Effect;
use dryrun::tui::event::{Done, What};

use super::drive::Drive;

const DESIGN: &str = "GET /x @ 50/s, p99 < 1s: users -> api -> db\ndb: postgres";

#[test]
fn a_design_is_drawn_run_saved_and_opened_again() {
    let mut drive = Drive::new(120, 40, Start::Lab(None));
    drive.pastes(DESIGN).waits(1_000);
    drive.sees("not saved").sees("1 of 1 targets met").sees("p99 < 1s");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.dry");
    drive.keys("ctrl-s ctrl-u").pastes(&path.display().to_string()).keys("enter");
    drive.misses("not saved");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), DESIGN);
    assert_eq!(drive.report().saved, [path.clone()]);
    let mut again = Drive::new(120, 40, Start::Lab(Some(path)));
    again.sees("GET /x @ 50/s").misses("not saved");
}

#[test]
fn what_is_not_saved_is_asked_about_and_kept_when_the_system_ends_the_program() {
    let mut drive = Drive::new(80, 24, Start::Lab(None));
    drive.pastes("a -> b").keys("esc q").sees("not saved. Leave?").keys("esc");
    assert!(!drive.ended);
    drive.happens(What::Terminate);
    assert!(drive.ended);
    let saved = drive.report().saved;
    assert_eq!(std::fs::read_to_string(&saved[0]).unwrap(), "a -> b");
}

#[test]
fn a_file_that_is_there_is_replaced_only_after_a_yes() {
    let mut drive = Drive::new(80, 24, Start::Lab(None));
    let path = drive.home().join("theirs.dry");
    std::fs::write(&path, "precious").unwrap();
    drive.types("a -> b").keys("ctrl-s ctrl-u").pastes(&path.display().to_string()).keys("enter");
    drive.sees("exists. Replace it?").keys("esc");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "precious");
    drive.keys("ctrl-s ctrl-u").pastes(&path.display().to_string()).keys("enter enter");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a -> b");
}

#[test]
fn a_half_typed_line_keeps_the_last_good_diagram() {
    let mut drive = Drive::new(120, 40, Start::Lab(None));
    drive.pastes("users -> api -> db @ 5/s\n").waits(500).sees("api");
    drive.types("users -> (api").waits(1_000);
    drive.sees("x users -> (api").sees("as before this line");
    drive.keys("esc up").misses("as before this line");
}

#[test]
fn ones_own_editor_gets_the_text_and_gives_it_back() {
    let mut drive = Drive::new(80, 24, Start::Lab(None));
    drive.types("a -> b").keys("ctrl-g");
    assert_eq!(drive.others.last(), Some(&Effect::Edit { text: "a -> b".to_owned(), ending: ".dry" }));
    drive.answers(Done::Edited(Ok("a -> b -> c".to_owned()))).sees("a -> b -> c");
}

#[test]
fn ctrl_z_undoes_in_a_text_and_suspends_outside() {
    let mut drive = Drive::new(80, 24, Start::Lab(None));
    drive.pastes("a -> b").keys("ctrl-z").misses("a -> b\n");
    assert!(!drive.others.contains(&Effect::Suspend));
    drive.keys("esc ctrl-z");
    assert!(drive.others.contains(&Effect::Suspend));
}

#[test]
fn ctrl_c_copies_a_selection_and_leaves_without_one() {
    let mut drive = Drive::new(80, 24, Start::Lab(None));
    drive.pastes("a -> b").keys("ctrl-a ctrl-c");
    assert_eq!((drive.copied.as_slice(), drive.ended), (["a -> b".to_owned()].as_slice(), false));
    drive.keys("ctrl-z ctrl-c");
    assert!(drive.ended);
}

#[test]
fn arrivals_come_from_a_file_beside_the_design_and_what_is_wrong_with_it_is_told() {
    const TEXT: &str = "set for 10s\nGET /x @ from traffic.csv, p99 < 1s: users -> api\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mine.dry");
    std::fs::write(&path, TEXT).unwrap();
    std::fs::write(folder.path().join("traffic.csv"), "0 100\n5 many\n").unwrap();
    let mut drive = Drive::new(140, 40, Start::Lab(Some(path)));
    drive.waits(1_000).keys("down").waits(1_000).sees("'many' is no rate").sees("traffic.csv:2:3");
    drive.keys("esc 1 end").sees("was not read");
    std::fs::write(folder.path().join("traffic.csv"), "0 100\n5 300\n10 0").unwrap();
    drive.keys("f5").waits(1_000).keys("end").misses("was not read").keys("home").sees("1 of 1 targets met");
    drive.misses("1.1/s").keys("tab tab down").waits(1_000).misses("is no rate");
}
