//! The key tables: no key bound twice, hidden or undocumented, wherever one is.

use std::collections::BTreeSet;

use dryrun::interview::{Level, Setup};
use dryrun::tui::Start;
use dryrun::tui::app::tables;
use dryrun::tui::keymap::{KeySection, faults};

use super::drive::Drive;

/// Keys that a text may take from what lies behind it, because everyone expects them there.
const TEXT_TAKES: &[&str] = &["Ctrl-Z: Everywhere 'suspend' is hidden by Editor 'undo'"];
/// A list that is narrowed by letters keeps `/` for that; the search has a key of its own besides.
const SEARCH_HIDDEN: &str = "/: Everywhere 'search' is hidden by";

#[track_caller]
fn sound(place: &str, sections: &[KeySection]) {
    let mut found = faults(sections);
    found.retain(|fault| !TEXT_TAKES.contains(&fault.as_str()) && !fault.starts_with(SEARCH_HIDDEN));
    assert_eq!(found, Vec::<String>::new(), "{place}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "every screen in turn")]
fn wherever_the_focus_is_no_key_is_hidden() {
    let setup = Setup { level: Level::Senior, minutes: 45 };
    let interview = Start::Interview { problem: "url-shortener".to_owned(), setup };
    let mut seen = BTreeSet::new();
    for start in [Start::Home, Start::Lab(None), Start::Estimate, interview] {
        let mut drive = Drive::new(120, 40, start);
        let mut look = |place: &str, drive: &mut Drive| {
            let sections = drive.app.sections();
            sound(place, &sections);
            seen.extend(sections.iter().map(|section| section.id));
        };
        look("start", &mut drive);
        for phase in 0..7 {
            for _ in 0..6 {
                look(&format!("phase {phase}"), &mut drive);
                drive.keys("tab");
            }
            drive.keys("f8 esc");
        }
        for overlay in ["f1", "ctrl-p", "f2", "f9"] {
            drive.keys(overlay);
            look(overlay, &mut drive);
            drive.keys("esc");
        }
    }
    let mut drive = Drive::new(80, 24, Start::Home);
    for keys in
        ["/", "esc", "s", "esc l", "t", "esc enter", "esc /", "\"kafka enter", "esc esc esc ctrl-f", "\"kafka enter"]
    {
        for key in keys.split(' ') {
            match key.strip_prefix('"') {
                Some(text) => drive.pastes(text),
                None => drive.keys(key),
            };
        }
        let sections = drive.app.sections();
        sound(keys, &sections);
        seen.extend(sections.iter().map(|section| section.id));
    }
    let mut drive = Drive::new(80, 24, Start::Cards(None));
    for keys in [
        "", "b", "/", "esc", "e", "esc", "esc", "n", "5 enter", "esc", "s", "space", "space", "esc", "i", "esc", "r",
        "esc", "enter", "space", "3", "t", "esc",
    ] {
        drive.keys(keys);
        let sections = drive.app.sections();
        sound(keys, &sections);
        seen.extend(sections.iter().map(|section| section.id));
    }
    let mut drive = Drive::new(80, 24, Start::Estimate);
    for keys in ["s", "esc", "ctrl-o", "esc tab ctrl-e"] {
        drive.keys(keys);
        let sections = drive.app.sections();
        sound(keys, &sections);
        seen.extend(sections.iter().map(|section| section.id));
    }
    for id in [
        "estimate",
        "sheet",
        "sheets",
        "cards",
        "browse",
        "card-filter",
        "card-editor",
        "drill",
        "guess",
        "guessed",
        "talk",
        "talk-points",
        "card-statistics",
        "orphans",
        "review",
        "question",
        "answer",
        "home",
        "filter",
        "settings",
        "lab",
        "interview",
        "bench",
        "deep-dive",
        "checklist",
        "editor",
        "design",
        "diagram",
        "run",
        "scroll",
        "list",
        "help",
        "library",
        "library-page",
        "narrow",
        "page",
        "search",
        "search-page",
        "palette",
        "prompt",
        "global",
    ] {
        assert!(seen.contains(id), "table '{id}' was never reachable: {seen:?}");
    }
}

#[test]
fn every_table_has_a_name_of_its_own_and_is_sound_by_itself() {
    let tables = tables();
    let ids: BTreeSet<&str> = tables.iter().map(|table| table.id).collect();
    assert_eq!(ids.len(), tables.len());
    for table in tables {
        let title = table.title;
        let names: BTreeSet<&str> = table.entries.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), table.entries.len(), "{title}");
        sound(title, &[table]);
    }
}

#[test]
fn help_shows_the_keys_of_the_focused_pane_first_and_finds_by_what_is_done() {
    let setup = Setup { level: Level::Mid, minutes: 35 };
    let mut drive = Drive::new(100, 40, Start::Interview { problem: "url-shortener".to_owned(), setup });
    drive.keys("f1").sees("Keys that work here").sees("Undo").sees("Ctrl-Z");
    drive.types("interviewer").sees("Ask the interviewer").misses("Undo");
}

/// What a key does is told to its end, however narrow the terminal: the rest stands on the next row.
#[test]
fn help_wraps_what_is_too_long_for_its_row() {
    for (columns, rows) in [(100, 40), (80, 24), (40, 24)] {
        let setup = Setup { level: Level::Mid, minutes: 35 };
        let mut drive = Drive::new(columns, rows, Start::Interview { problem: "url-shortener".to_owned(), setup });
        drive.keys("f1").types("note a decision").sees("giving").sees("up what");
    }
}

#[test]
fn an_action_is_done_by_its_name_from_the_palette() {
    let setup = Setup { level: Level::Mid, minutes: 35 };
    let mut drive = Drive::new(100, 30, Start::Interview { problem: "url-shortener".to_owned(), setup });
    drive.keys("ctrl-p").types("stop the clock").sees("F4").keys("enter");
    drive.sees("paused");
}

#[test]
fn own_keys_of_the_settings_file_are_used_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let settings = "[keys]\n\"home.lab\" = [\"z\"]\n\"home.nothing\" = [\"y\"]\n";
    std::fs::write(folder.path().join("settings.toml"), settings).unwrap();
    let display = super::drive::display();
    let mut drive = Drive::open(folder.path(), 100, 24, Start::Home, display, super::drive::BEGIN);
    drive.sees("z design lab").sees("home.nothing");
    drive.keys("d").misses("untitled").keys("z").sees("untitled");
}

/// The guide names every key: its page is written from the tables.
#[test]
fn the_guides_page_of_keys_is_the_tables() {
    let page = dryrun::tui::app::key_page(&tables());
    crate::golden::check("../../content/guide/keys.md", &page);
    for table in tables() {
        for entry in &table.entries {
            assert!(page.contains(&format!("`{}.{}`", table.id, entry.name)), "{}.{}", table.id, entry.name);
        }
    }
}
