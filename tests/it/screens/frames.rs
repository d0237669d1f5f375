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
    let frame = drive.types("a -> b").keys("esc esc").draws();
    golden::check("screens/confirm.txt", &styled(&frame));
}

#[test]
fn without_colour_there_is_none_and_every_state_has_a_sign() {
    let folder = tempfile::tempdir().unwrap();
    let display = Display { depth: Depth::Mono, ascii: true };
    let mut drive = Drive::open(folder.path(), 100, 32, Start::Lab(None), display, BEGIN);
    drive.types("GET /x @ 50/s, p99 < 1us, errors < 50%: users -> api\nbad line ->\n").waits(1_000);
    for keys in ["", "tab", "tab", "f1", "esc", "ctrl-p", "esc"] {
        let frame = drive.keys(keys).draws();
        for cell in &frame.content {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{:?}", rows(&frame));
            assert!(cell.symbol().is_ascii(), "'{}' in ASCII mode\n{}", cell.symbol(), rows(&frame).join("\n"));
        }
    }
}
