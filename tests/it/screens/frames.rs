//! Golden frames, their styles included: a lost highlight is seen.

use std::fmt::Write;

use dryrun::tui::Start;
use dryrun::tui::app::Display;
use dryrun::tui::theme::Depth;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

use super::drive::{BEGIN, Drive, rows};
use crate::golden;

/// A frame as text, and below each other the styles: a letter a style, and what the letters mean.
pub fn styled(buffer: &Buffer) -> String {
    let mut legend: Vec<String> = Vec::new();
    let mut letters = String::new();
    for y in buffer.area.top()..buffer.area.bottom() {
        for x in buffer.area.left()..buffer.area.right() {
            let style = style(&buffer[(x, y)]);
            let at = legend.iter().position(|known| *known == style).unwrap_or_else(|| {
                legend.push(style);
                legend.len() - 1
            });
            letters.push(char::from(b'a' + (at % 26) as u8));
        }
        letters.push('\n');
    }
    let mut dump = rows(buffer).join("\n") + "\n\n" + &letters + "\n";
    for (at, style) in legend.iter().enumerate() {
        writeln!(dump, "{} {style}", char::from(b'a' + (at % 26) as u8)).unwrap();
    }
    dump
}

fn style(cell: &Cell) -> String {
    let colour = |colour: Color| match colour {
        Color::Rgb(r, g, b) => format!("#{r:02x}{g:02x}{b:02x}"),
        colour => format!("{colour:?}").to_lowercase(),
    };
    let mut text = format!("{} on {}", colour(cell.fg), colour(cell.bg));
    for (modifier, name) in [
        (Modifier::BOLD, "bold"),
        (Modifier::DIM, "dim"),
        (Modifier::ITALIC, "italic"),
        (Modifier::UNDERLINED, "underlined"),
        (Modifier::REVERSED, "reversed"),
    ] {
        if cell.modifier.contains(modifier) {
            text.push(' ');
            text.push_str(name);
        }
    }
    text
}

#[test]
fn the_settings_look_as_they_did() {
    let mut drive = Drive::new(80, 14, Start::Home);
    let frame = drive.keys("s").draws();
    // The folder's name is another one each time.
    let home = drive.home().display().to_string();
    let dump = styled(&frame).replace(&home, "HOME");
    let kept = |line: &&str| !line.contains("HOME");
    golden::check("screens/settings.txt", &(dump.lines().filter(kept).collect::<Vec<_>>().join("\n") + "\n"));
}

#[test]
fn the_help_of_the_first_screen_looks_as_it_did() {
    let mut drive = Drive::new(80, 30, Start::Home);
    let frame = drive.keys("f1").draws();
    golden::check("screens/help.txt", &styled(&frame));
}

#[test]
fn a_confirmation_looks_as_it_did() {
    let mut drive = Drive::new(60, 16, Start::Lab(None));
    let frame = drive.pastes("a -> b").keys("esc esc").draws();
    golden::check("screens/confirm.txt", &styled(&frame));
}

/// A sheet with all there is in one: heading, range, call, conversion, a wrong line.
const SHEET: &str = "# Posts\nusers = 80 to 120M users\nposts = users * 2 to 5 posts/user/day\n\nkept: storage(posts, 500 B, 5 years, 3)\n5 GB / 1 day in kB/s // the log\nkept + posts\n";

/// A frame as text, without the footer, which other screens' keys change.
fn body(buffer: &Buffer) -> String {
    let mut rows = rows(buffer);
    rows.pop();
    rows.join("\n") + "\n"
}

#[test]
fn the_estimator_looks_as_it_did() {
    let mut drive = Drive::new(80, 24, Start::Estimate);
    let frame = drive.pastes(SHEET).keys("up up up").waits(1_000).draws();
    golden::check("screens/estimate.txt", &body(&frame));
    let frame = drive.keys("down down").waits(1_000).draws();
    golden::check("screens/estimate-error.txt", &body(&frame));
    let frame = drive.resizes(40, 12).draws();
    golden::check("screens/estimate-narrow.txt", &body(&frame));
}

#[test]
fn the_estimator_looks_as_it_did_with_room_and_its_working() {
    let mut drive = Drive::new(120, 30, Start::Estimate);
    let frame = drive.pastes(SHEET).keys("up up up alt-w").waits(1_000).draws();
    golden::check("screens/estimate-wide.txt", &body(&frame));
}

#[test]
fn the_sheet_has_its_place_in_an_interview() {
    let setup = dryrun::interview::Setup { level: dryrun::interview::Level::Senior, minutes: 45 };
    let mut drive = Drive::new(80, 24, Start::Interview { problem: "url-shortener".to_owned(), setup });
    drive.keys("alt-4 ctrl-e").pastes(SHEET).keys("up up up").waits(1_000);
    drive.sees("~98M users").sees("57.9 kB/s").sees("850 [513 - 1,400] TB").sees("Boxes appear here");
}

#[test]
fn every_theme_shows_the_estimator() {
    let mut drive = Drive::new(80, 24, Start::Estimate);
    drive.pastes(SHEET).keys("up").waits(1_000);
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..4 {
        let frame = drive.keys("f12").draws();
        let text = rows(&frame).join("\n");
        assert!(text.contains("^^^^") && text.contains("users = 80 to 120M users"), "{text}");
        seen.insert(styled(&frame));
    }
    assert_eq!(seen.len(), 4, "two themes look alike");
}

#[test]
fn without_colour_there_is_none_and_every_state_has_a_sign() {
    let folder = tempfile::tempdir().unwrap();
    let display = Display { depth: Depth::Mono, ascii: true };
    let mut drive = Drive::open(folder.path(), 100, 32, Start::Lab(None), display, BEGIN);
    drive.types("GET /x @ 50/s, p99 < 1us, errors < 50%: users -> api\nbad line ->\n").waits(1_000);
    for keys in ["", "tab", "tab", "f1", "esc", "ctrl-p", "esc"] {
        let frame = drive.keys(keys).draws();
        colourless(&frame);
    }
    let folder = tempfile::tempdir().unwrap();
    let mut drive = Drive::open(folder.path(), 100, 32, Start::Estimate, display, BEGIN);
    drive.pastes(SHEET).waits(1_000);
    for keys in ["", "up", "up up alt-w", "tab", "ctrl-o"] {
        let frame = drive.keys(keys).draws();
        colourless(&frame);
    }
}

#[track_caller]
fn colourless(frame: &Buffer) {
    for cell in &frame.content {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{:?}", rows(frame));
        assert!(cell.symbol().is_ascii(), "'{}' in ASCII mode\n{}", cell.symbol(), rows(frame).join("\n"));
    }
}
