//! The estimator's screen and its pane in the interview, by keys.

use std::path::Path;

use dryrun::clock::Timestamp;
use dryrun::interview::{Level, Setup};
use dryrun::store::{Access, Paths, Store};
use dryrun::tui::Start;
use dryrun::tui::effect::Effect;
use dryrun::tui::event::{Done, What};
use dryrun::tui::screens::Screen;

use super::drive::{Drive, display};

/// A sheet as one types it: a heading, names, a range, a function, a conversion.
const SHEET: &str = "# Load\nusers = 80 to 120M users\nposts = users * 2 to 5 posts/user/day\npeak(posts)\n\n# Storage\nkept = storage(posts, 500 B, 5 years, 3)\n5 GB / 1 day in kB/s\n";

fn interview(width: u16, height: u16) -> Drive {
    let setup = Setup { level: Level::Senior, minutes: 45 };
    Drive::new(width, height, Start::Interview { problem: "url-shortener".to_owned(), setup })
}

fn sheets(home: &Path) -> Vec<String> {
    let folder = Paths::under(home).sheets();
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    let mut texts: Vec<String> = entries.iter().map(|entry| std::fs::read_to_string(entry.path()).unwrap()).collect();
    texts.sort();
    texts
}

#[test]
fn results_stand_beside_their_lines_as_one_types() {
    let mut drive = Drive::new(80, 24, Start::Home);
    drive.keys("e").sees("Estimator");
    drive.types("users = 100M users").sees("100M users").types("\nusers * 3 posts/user/day").sees("3.47k posts/s");
    // A line further up changes: what stands below follows at once.
    drive.keys("up home").types("old_").keys("end").types("\nusers = 10M users").sees("347 posts/s");
}

#[test]
fn a_range_shows_median_interval_and_histogram() {
    let mut drive = Drive::new(100, 24, Start::Estimate);
    drive.types("1 to 10").sees("3.16 [1 - 10] \u{2588}").sees("mean 4.04");
    let folder = tempfile::tempdir().unwrap();
    let plain = dryrun::tui::app::Display { ascii: true, ..display() };
    let mut drive = Drive::open(folder.path(), 100, 24, Start::Estimate, plain, super::drive::BEGIN);
    drive.types("1 to 10").sees("3.16 [1 - 10]").misses("\u{2588}");
}

#[test]
fn an_error_stands_under_its_line_with_caret_and_proposal_once_one_pauses() {
    let mut drive = Drive::new(80, 24, Start::Estimate);
    drive.types("x = 5 GB + 1k/s").misses("^^^^").waits(700);
    drive.sees("x x = 5 GB + 1k/s").sees("^^^^").sees("did you mean");
    drive.types("\n").misses("^^^^").sees("storage plus a rate");
}

#[test]
fn what_there_is_to_know_about_a_line_is_shown_on_request() {
    let mut drive = Drive::new(120, 40, Start::Estimate);
    drive.pastes(SHEET).keys("up up").waits(700);
    drive.sees("kept").sees("What spreads it most").sees("Source:").misses("rate \u{d7} size");
    drive.keys("alt-w").sees("storage = rate \u{d7} size \u{d7} retention \u{d7} replicas");
    drive.keys("alt-w down alt-e").sees("57.8703703703704 kB/s").keys("alt-e ctrl-l").sees("~60 kB/s");
    drive.keys("ctrl-l alt-c");
    assert_eq!(drive.copied, ["57.9 kB/s"]);
}

#[test]
fn what_may_be_typed_is_offered_with_what_it_is() {
    let mut drive = Drive::new(100, 24, Start::Estimate);
    drive.types("users = 5M users\nstor").sees("storage(").sees("storage(rate, size");
    drive.keys("tab").sees("storage(").sees("What piles up");
    drive.keys("backspace").keys("ctrl-u").types("us").sees("5M users").keys("tab").sees("5M users");
}

#[test]
fn a_sheet_is_on_the_disk_within_a_second_and_comes_back() {
    let mut drive = Drive::new(80, 24, Start::Estimate);
    drive.types("links = 70M links").waits(1_000).sees("saved");
    // As after kill -9: nothing more is done, the folder is opened by another process.
    assert_eq!(sheets(drive.home()), ["// dryrun sheet, format 1\nlinks = 70M links"]);
    let home = drive.home().to_owned();
    let kept = tempfile::tempdir().unwrap();
    copy(&home, kept.path());
    let mut again = Drive::open(kept.path(), 80, 24, Start::Estimate, display(), Timestamp(drive.now.0 + 60_000));
    again.sees("links = 70M links").sees("70M links");
    again.keys("ctrl-n").misses("links = 70M links").types("# Second\n1 + 1").keys("ctrl-o");
    again.sees("Sheets").sees("Second").sees("2 lines").keys("esc").sees("1 + 1");
    again.keys("esc esc").sees("Problems").keys("e").sees("Estimator");
    assert_eq!(sheets(again.home()).len(), 2);
    again.keys("ctrl-o down enter").misses("Sheets");
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn leaving_at_once_loses_nothing_and_nothing_typed_leaves_nothing() {
    let mut drive = Drive::new(80, 24, Start::Estimate);
    drive.types("1").keys("esc esc");
    assert_eq!(sheets(drive.home()).len(), 1);
    let mut drive = Drive::new(80, 24, Start::Estimate);
    drive.waits(2_000).keys("ctrl-s").sees("nothing to be saved").keys("esc esc");
    assert!(sheets(drive.home()).is_empty());
    let mut drive = Drive::new(80, 24, Start::Estimate);
    drive.types("2").happens(What::Terminate);
    assert_eq!((drive.ended, sheets(drive.home()).len()), (true, 1));
}

#[test]
fn a_damaged_sheet_is_set_aside_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let paths = Paths::under(folder.path());
    std::fs::create_dir_all(paths.sheets()).unwrap();
    std::fs::write(paths.sheets().join("bad.txt"), b"\xff\xfe").unwrap();
    let mut drive = Drive::open(folder.path(), 120, 24, Start::Estimate, display(), super::drive::BEGIN);
    drive.sees("UTF-8").sees("set aside").keys("ctrl-o").sees("None yet");
    let store = Store::open(paths, Access::Read).unwrap();
    assert_eq!(store.sheets(drive.now).unwrap().damaged.len(), 0);
}

#[test]
fn a_failing_disk_is_said_and_the_next_save_has_everything() {
    let mut drive = Drive::new(80, 24, Start::Estimate);
    let folder = Paths::under(drive.home()).sheets();
    std::fs::write(&folder, "in the way").unwrap();
    drive.types("a = 1").waits(1_000).sees("NOT SAVED");
    std::fs::remove_file(&folder).unwrap();
    drive.keys("ctrl-s").sees("saved");
    assert_eq!(sheets(drive.home()).len(), 1);
}

#[test]
fn an_export_asks_before_it_overwrites_and_opens_again() {
    let mut drive = Drive::new(100, 30, Start::Estimate);
    drive.pastes("# Link store\nlinks = 100M/day\nlinks * 500 B * 5 years in TB");
    drive.keys("f6").sees("link-store.md").keys("ctrl-u");
    let path = drive.home().join("mine.md");
    drive.pastes(&path.display().to_string()).keys("enter").sees("written to");
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains("links * 500 B * 5 years in TB  // = 91.3 TB"), "{written}");
    drive.types("\n1").keys("f6 ctrl-u").pastes(&path.display().to_string()).keys("enter").sees("exists. Replace it?");
    drive.keys("esc");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    drive.keys("alt-o").pastes(&path.display().to_string()).keys("enter").sees("91.3 TB").misses("// =");
    assert!(sheets(drive.home()).len() == 1 && drive.report().saved.contains(&path));
}

#[test]
fn ones_own_editor_and_the_palette_work_here() {
    let mut drive = Drive::new(80, 24, Start::Estimate);
    drive.types("1 + 1").keys("ctrl-g");
    assert_eq!(drive.others.last(), Some(&Effect::Edit { text: "1 + 1".to_owned(), ending: ".txt" }));
    drive.answers(Done::Edited(Ok("2 + 3".to_owned()))).sees("5").waits(1_000).sees("saved");
    drive.keys("ctrl-p").types("every digit").keys("enter").sees("every digit");
    drive.keys("f1").sees("How the line was worked out");
}

#[test]
fn a_large_paste_is_worked_out_in_slices_between_which_one_types() {
    let mut text = String::from("users = 80 to 120M users\n");
    for at in 0..600 {
        text.push_str(&format!("v{at} = users * {}\n", at + 1));
    }
    let mut drive = Drive::new(80, 24, Start::Estimate);
    drive.pastes(&text);
    let settled = |drive: &Drive| match drive.app.screen() {
        Screen::Estimate(state) => state.pane().sheet().is_settled(),
        _ => false,
    };
    assert!(!settled(&drive), "the paste was worked out at once");
    drive.keys("ctrl-home").types("x").sees("xusers");
    drive.keys("backspace").waits(3_000);
    assert!(settled(&drive));
    drive.keys("ctrl-end up").sees("58.8B [48B - 72B] users");
}

#[test]
fn the_sheet_is_a_key_away_in_every_phase_and_saved_with_the_session() {
    let mut drive = interview(100, 30);
    for phase in 1..=5 {
        drive.keys(&format!("alt-{phase} ctrl-e")).sees("Sheet").keys("ctrl-e");
    }
    drive.keys("alt-1 ctrl-e").types("redirects = 10B/day").sees("116k/s").waits(1_000).sees("saved");
    let kept = tempfile::tempdir().unwrap();
    copy(drive.home(), kept.path());
    let mut again = Drive::open(kept.path(), 100, 30, Start::Home, display(), Timestamp(drive.now.0 + 60_000));
    again.keys("r ctrl-e").sees("redirects = 10B/day").sees("116k/s");
}

#[test]
fn the_sheets_names_go_into_the_design_and_what_contradicts_is_said() {
    let mut drive = interview(120, 40);
    drive.keys("ctrl-end").types("\nredirects 115k/s, redirects p99 < 100ms").keys("ctrl-e").types("redirects = 10/s");
    drive.waits(700).sees("the sheet's redirects is 10/s").keys("ctrl-e");
    drive
        .keys("alt-4")
        .pastes("GET /{code} @ $redirects: users -> api -> db\nregion eu: users\nregion us: api, db\nus <-> eu: 150ms");
    drive.keys("ctrl-home").waits(1_000).sees("but GET /{code} runs at").sees("path's floor is");
    drive.keys("f9 enter").sees("path's floor is").sees("the sheet's redirects is 10/s");
}

#[test]
fn a_change_in_the_sheet_runs_the_design_again() {
    let mut drive = interview(120, 40);
    drive.keys("ctrl-e").types("r = 20/s").keys("alt-4");
    drive.pastes("GET /{code} @ $r, p99 < 1s: users -> api").waits(1_000).sees("1 of 1 targets met");
    let Screen::Interview(state) = drive.app.screen() else { panic!("no interview") };
    assert_eq!(state.record().runs.len(), 1);
    let first = state.record().runs[0].flows[0].offered_per_s;
    drive.keys("ctrl-e").types("0").keys("left left left").waits(1_500);
    let Screen::Interview(state) = drive.app.screen() else { panic!("no interview") };
    let last = state.record().last_run().unwrap().flows[0].offered_per_s;
    assert!(first < 40.0 && state.record().sheet != "r = 20/s", "{first}, {last}, {}", state.record().sheet);
}
