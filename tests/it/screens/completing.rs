//! Completions in the design's text, by keys.

use dryrun::tui::Start;

use super::drive::Drive;

#[test]
fn what_fits_is_offered_behind_the_marks_that_ask_for_it() {
    let mut drive = Drive::new(120, 40, Start::Lab(None));
    drive.types("users -> postgr").sees("postgresql").keys("tab").sees("users -> postgresql");
    drive.types(" @ ").sees("5k/s").sees("requests a second").types("5/s").keys("enter");
    drive.types("cache: redi").sees("Redis").keys("tab");
    drive.types(", tt").sees("ttl").keys("tab").types("24h, ").sees("memory").sees("policy").keys("esc");
    drive.misses("policy").types("policy ").keys("ctrl-space").sees("lru").keys("esc enter");
    drive.types("at 5s: ").sees("kill").types("kill ").keys("ctrl-space tab").sees("kill users");
}

#[test]
fn a_popup_that_nobody_moved_in_leaves_enter_and_the_text_alone() {
    let mut drive = Drive::new(80, 24, Start::Lab(None));
    drive.types("users -> api,").keys("enter").types("db");
    drive.sees("users -> api,").sees("db");
    drive.keys("f1").sees("Show what may be typed here");
}
