//! Every screen at every size: full use at 80x24, nothing broken at 40x12, a message below, never a panic.

use dryrun::interview::{Level, Setup};
use dryrun::tui::Start;

use super::drive::Drive;

fn places() -> Vec<Drive> {
    let setup = Setup { level: Level::Senior, minutes: 45 };
    let interview = || Start::Interview { problem: "url-shortener".to_owned(), setup };
    let at = |start: Start, keys: &str| {
        let mut drive = Drive::new(80, 24, start);
        for key in keys.split_whitespace() {
            match key.strip_prefix('"') {
                Some(text) => drive.pastes(&text.replace('_', " ")),
                None => drive.keys(key),
            };
        }
        drive
    };
    let design = "\"GET_/x_@_50/s,_p99_<_1s:_users_->_lb_->_api_->_redis_->_postgres";
    let mut places = vec![
        at(Start::Home, ""),
        at(Start::Home, "/ \"short"),
        at(Start::Home, "f1"),
        at(Start::Home, "ctrl-p"),
        at(Start::Home, "s"),
        at(Start::Home, "l"),
        at(Start::Home, "l enter tab"),
        at(Start::Home, "l 2 t"),
        at(Start::Home, "l 5 f \"redis"),
        at(Start::Home, "ctrl-f \"consistent_hashing"),
        at(Start::Home, "ctrl-f \"kafka enter"),
        at(interview(), ""),
        at(interview(), "\"p99_<_10ms,_low_latency,_日本語_100M_DAU f2"),
        at(interview(), "tab down space"),
        at(interview(), "alt-4"),
        at(interview(), "f9"),
        at(interview(), "f9 enter"),
        at(interview(), "f9 enter 2"),
        at(interview(), "f9 enter 4"),
        at(interview(), "f9 enter 5"),
        at(interview(), "f9 enter e"),
        at(Start::Estimate, "\"users_=_80_to_120M_users alt-w"),
        at(Start::Estimate, "\"x_=_5_GB_+_1k/s tab"),
        at(Start::Estimate, "\"日本語_=_5 ctrl-o"),
        at(interview(), "ctrl-e \"users_=_80_to_120M_users"),
        at(interview(), "alt-4 ctrl-e \"storage("),
        at(Start::Lab(None), design),
        at(Start::Lab(None), "\"a_->_b_@_5/s,_latency_<_ esc"),
    ];
    for keys in [
        "",
        "enter",
        "enter space",
        "enter t",
        "b",
        "b /",
        "b e",
        "n",
        "n \"5..15 enter",
        "s space",
        "s space space",
        "r",
        "i",
        "i tab",
        "i tab tab",
        "i tab tab tab",
    ] {
        places.push(at(Start::Cards(None), keys));
    }
    let mut running = at(Start::Lab(None), design);
    running.waits(1_000).keys("tab tab");
    places.push(running);
    for view in ["2", "3", "4", "x"] {
        let mut looked = at(Start::Lab(None), design);
        looked.waits(1_000).keys("esc").keys(view);
        places.push(looked);
    }
    let mut deep = at(interview(), &format!("alt-4 {design}"));
    deep.waits(1_000).keys("alt-5");
    places.push(deep);
    places
}

#[test]
fn no_size_breaks_a_screen() {
    for mut drive in places() {
        for height in [1, 2, 5, 8, 9, 10, 12, 16, 24, 40, 60] {
            for width in [1, 3, 10, 29, 30, 31, 40, 63, 64, 72, 80, 120, 200] {
                drive.resizes(width, height).draws();
                // Moving about at that size must not break anything either; the next frame shows it.
                drive.keys("down pgdn up");
                drive.clicks(width / 2, height / 2).keys("esc tab");
            }
        }
        drive.resizes(80, 24).draws();
    }
}

#[test]
fn a_terminal_that_is_too_small_is_told_so_and_recovers() {
    let mut drive = Drive::new(80, 24, Start::Home);
    drive.resizes(20, 5).sees("needs 40x12").sees("20x5");
    drive.resizes(40, 12).sees("Problems").sees("URL shortener");
}

#[test]
fn everything_is_reachable_on_forty_columns_and_twelve_rows() {
    let setup = Setup { level: Level::Senior, minutes: 45 };
    let mut drive = Drive::new(40, 12, Start::Interview { problem: "url-shortener".to_owned(), setup });
    drive.sees("Functional").sees("F1");
    drive.keys("tab").sees("Checklist").keys("alt-4");
    drive.types("GET /x @ 50/s, p99 < 1s: users -> api").waits(1_000);
    drive.keys("tab tab tab tab").sees("1 of 1 targets met");
}
