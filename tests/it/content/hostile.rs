//! A pack that tries to speak to the terminal: no screen and no command lets an escape sequence or a bidirectional override through.

use std::path::Path;
use std::process::Command;

use dryrun::tui::Start;
use dryrun::tui::event::What;
use dryrun::tui::keymap::Chord;

use crate::screens::drive::{BEGIN, Drive, display};

/// A title of the terminal's window, a colour, a control of eight bits, a bell and an override.
const RAW: &str = "\u{1b}]0;PWNED\u{7}\u{1b}[31mred\u{9b}2Jgone\u{202e}desrever\u{8}";
/// The same as TOML writes it.
const WRITTEN: &str = "\\u001b]0;PWNED\\u0007\\u001b[31mred\\u009b2Jgone\\u202edesrever\\b";

fn pack() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let page = format!(
        "+++\nid = \"aaa-hostile\"\ntitle = \"AAA hostile {WRITTEN}\"\ncategory = \"c {WRITTEN}\"\naliases = [\"hostilealias {WRITTEN}\"]\ntags = [\"aaa {WRITTEN}\"]\nsources = [\"s {WRITTEN}\"]\n+++\nText {RAW} [link {RAW}](evil{RAW}) `code {RAW}`\n\n```sql\nSELECT {RAW}\n```\n\n| a {RAW} | b |\n|---|---|\n| {RAW} | c |\n\n## Cards\n\nQ: Hostile {RAW}?\nA: {RAW}\n"
    );
    let number = format!(
        "[[number]]\nid = \"aaa-number\"\nsubject = \"AAA {WRITTEN}\"\nmetric = \"m {WRITTEN}\"\nlow = 1\nhigh = 2\nunit = \"ms\"\nmeans = \"{WRITTEN}\"\nshard_when = \"{WRITTEN}\"\nsource = \"{WRITTEN}\"\ntags = [\"{WRITTEN}\"]\n"
    );
    let problem = format!(
        "title = \"AAA problem {WRITTEN}\"\nprompt = \"Design {WRITTEN}\"\ntype = \"product\"\ndifficulty = 1\ntags = [\"{WRITTEN}\"]\n[[clarify]]\nask = [\"how many users\"]\nanswer = \"Many {WRITTEN}\"\n[[requirement]]\nkind = \"functional\"\ntext = \"R {WRITTEN}\"\nnotes = [\"a\"]\n[[probe]]\nwhen = \"always\"\nlevel = \"mid\"\nask = \"Why {WRITTEN}?\"\nlook_for = [\"a\"]\ngood = \"G {WRITTEN}\"\ncompetency = \"high-level-design\"\n"
    );
    let files = [
        ("content/technologies/aaa.md", page.clone()),
        ("content/concepts/aab.md", page.replace("aaa-hostile", "aab-hostile")),
        ("content/numbers.toml", number),
        ("problems/aaa-problem/problem.toml", problem),
        ("problems/aaa-problem/reference.dry", format!("GET / @ 5/s, p99 < 1s:\n    web -> api # {RAW}\n")),
        ("problems/aaa-problem/walkthrough.md", format!("# Way {RAW}\n\nText {RAW}.\n")),
        ("themes/evil.toml", format!("name = \"{WRITTEN}\"\nkind = \"dark\"\n[roles]\nbackground = \"{WRITTEN}\"\n")),
        ("content/nowhere/x.md", page),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

/// What of `text` a terminal would obey: everything but line feeds and tabs.
fn obeyed(text: &str) -> Vec<char> {
    let bidi = |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|&c| (c.is_control() && c != '\n' && c != '\t') || bidi(c)).collect()
}

#[test]
fn no_command_lets_an_escape_sequence_through() {
    let folder = pack();
    let check = folder.path().to_str().unwrap();
    let commands: &[&[&str]] = &[
        &["list", "technologies"],
        &["list", "concepts", "--json"],
        &["list", "numbers"],
        &["list", "problems", "--json"],
        &["list", "themes"],
        &["list", "decks"],
        &["show", "aaa-hostile"],
        &["show", "aaa-number"],
        &["show", "aaa-problem"],
        &["show", RAW],
        &["search", "hostile"],
        &["search", "hostile", "--json"],
        &["search", RAW],
        &["check", check],
        &["cards", "--export", "-"],
    ];
    for arguments in commands {
        let output = run(folder.path(), arguments);
        for stream in [&output.stdout, &output.stderr] {
            let text = std::str::from_utf8(stream).unwrap();
            assert_eq!(obeyed(text), Vec::<char>::new(), "dryrun {arguments:?}:\n{text:?}");
        }
    }
    // It was there to be said.
    let shown = String::from_utf8(run(folder.path(), &["show", "aaa-hostile"]).stdout).unwrap();
    assert!(shown.contains("PWNED") && shown.contains('\u{FFFD}'), "{shown}");
}

fn run(home: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dryrun"));
    command.args(arguments).env("DRYRUN_HOME", home).output().unwrap()
}

/// Looks at every cell of a frame.
#[track_caller]
fn clean(drive: &mut Drive, place: &str) {
    let buffer = drive.draws();
    for cell in buffer.content() {
        assert_eq!(obeyed(cell.symbol()), Vec::<char>::new(), "{place}");
    }
}

#[test]
fn no_screen_lets_an_escape_sequence_through() {
    let folder = pack();
    let mut drive = Drive::open(folder.path(), 120, 40, Start::Home, display(), BEGIN);
    let mut seen = 0;
    let mut steps = |drive: &mut Drive, keys: &str| {
        for key in keys.split(' ') {
            match key.strip_prefix('"') {
                Some(text) => drive.pastes(text),
                None => drive.keys(key),
            };
            clean(drive, &format!("{keys} at {key}"));
            seen += usize::from(drive.frame().contains("PWNED"));
        }
    };
    steps(&mut drive, "down");
    // Shelves, pages, tags, back-links.
    steps(
        &mut drive,
        "l 2 f \"hostile enter enter pgdn G tab tab esc esc t esc 3 f \"hostile enter enter esc esc 5 f \"AAA enter enter esc esc",
    );
    steps(&mut drive, "6 f \"AAA enter enter esc esc esc");
    // Search, its preview and its pages; palette and help.
    steps(&mut drive, "ctrl-f \"hostile down enter pgdn esc esc ctrl-p esc f1 esc");
    // Themes, and a broken one chosen.
    steps(&mut drive, "s left right right right right right esc f12 f12 f12 f12 f12");
    // An interview of the hostile problem from its first phase to its debrief.
    steps(&mut drive, "/ \"AAA enter enter");
    steps(&mut drive, "f2 \"how_many_users enter esc \"notes alt-5 alt-6 f9 enter 2 3 4 5 end esc");
    // Whatever was pasted is kept from the terminal as well.
    drive.happens(What::Key(Chord::ctrl('f')));
    drive.pastes(RAW);
    clean(&mut drive, "a paste");
    assert!(seen > 10, "the hostile words were hardly shown: {seen} frames");
}
