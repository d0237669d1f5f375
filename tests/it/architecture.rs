//! The dependency table of ARCHITECTURE.md, held against the `use` paths of the source.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Who may use whom. A row names only modules above it, which excludes cycles.
const TABLE: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("clock", &[]),
    ("rng", &[]),
    ("markup", &["source"]),
    ("units", &["source"]),
    ("design", &["source", "units"]),
    ("estimate", &["source", "units"]),
    ("sim", &["source", "units", "rng", "design"]),
    ("cards", &["clock", "rng", "markup"]),
    ("interview", &["clock", "markup", "units", "design", "estimate", "sim"]),
    ("content", &["source", "markup", "units", "design", "estimate", "sim", "cards", "interview"]),
    ("export", &["clock", "markup", "units", "design", "estimate", "sim", "cards", "interview"]),
    ("store", &["clock", "cards", "interview"]),
    (
        "tui",
        &[
            "source",
            "clock",
            "rng",
            "markup",
            "units",
            "design",
            "estimate",
            "sim",
            "cards",
            "interview",
            "content",
            "export",
            "store",
        ],
    ),
    (
        "cli",
        &[
            "source",
            "clock",
            "rng",
            "markup",
            "units",
            "design",
            "estimate",
            "sim",
            "cards",
            "interview",
            "content",
            "export",
            "store",
        ],
    ),
];

/// Libraries that belong to a few modules, as path prefixes below `src`.
const LIBRARIES: &[(&str, &[&str])] = &[
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("tui_textarea", &["tui"]),
    ("serde", &["store", "content", "export", "cli"]),
    ("serde_json", &["store", "content", "export", "cli"]),
    ("toml", &["store", "content", "export", "cli"]),
    ("rust_embed", &["content"]),
    ("clap", &["cli", "main.rs"]),
    ("anyhow", &["cli", "main.rs", "tui"]),
    ("chrono", &["clock", "cli", "tui", "main.rs"]),
    ("rayon", &["sim", "content"]),
    ("fsrs", &["cards"]),
];

/// What the core never does.
const BANNED_IN_DOMAIN: &[&str] =
    &["std::fs", "std::env", "std::io", "Instant", "SystemTime", "std::thread", "HashMap", "HashSet"];
const DOMAIN: &[&str] =
    &["source", "clock", "rng", "markup", "units", "design", "estimate", "sim", "cards", "interview"];

/// Inside the terminal: widgets <- panes <- screens <- app <- run.
const TUI: &[(&str, &[&str])] = &[
    ("widgets", &["panes", "screens", "overlays", "app", "run", "worker"]),
    ("panes", &["screens", "overlays", "app", "run"]),
    ("screens", &["app", "run"]),
];

#[test]
fn modules_use_only_what_the_table_lets_them() {
    let allowed: BTreeMap<&str, BTreeSet<&str>> =
        TABLE.iter().map(|(module, uses)| (*module, uses.iter().copied().collect())).collect();
    let mut wrong = Vec::new();
    for file in sources() {
        let Some(uses) = allowed.get(file.module.as_str()) else { continue };
        for (line, used) in file.crate_paths() {
            if used != file.module && allowed.contains_key(used.as_str()) && !uses.contains(used.as_str()) {
                wrong.push(format!("{}:{line}: {} may not use {used}", file.path.display(), file.module));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_module_of_the_library_is_in_the_table() {
    let known: BTreeSet<&str> = TABLE.iter().map(|(module, _)| *module).chain(["lib.rs", "main.rs"]).collect();
    let unknown: BTreeSet<String> =
        sources().into_iter().map(|file| file.module).filter(|module| !known.contains(module.as_str())).collect();
    assert!(unknown.is_empty(), "not in the dependency table: {unknown:?}");
}

#[test]
fn libraries_stay_where_they_belong() {
    let mut wrong = Vec::new();
    for file in sources() {
        for (line, text) in file.code() {
            for (library, modules) in LIBRARIES {
                let named = text.contains(&format!("{library}::")) || text.contains(&format!("use {library};"));
                let word = text.find(&format!("{library}::")).is_some_and(|at| !follows_a_name(text, at));
                // A theme is a file of the bank that only the terminal understands.
                let theme = file.path.starts_with("src/tui/theme") && matches!(*library, "serde" | "toml");
                if named && word && !theme && !modules.contains(&file.module.as_str()) && !file.is_test_line(line) {
                    wrong.push(format!("{}:{line}: {library} is not used in {}", file.path.display(), file.module));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_core_knows_no_disk_no_clock_and_no_chance_order() {
    let mut wrong = Vec::new();
    for file in sources().into_iter().filter(|file| DOMAIN.contains(&file.module.as_str())) {
        for (line, text) in file.code() {
            for banned in BANNED_IN_DOMAIN {
                let found = text.find(banned).is_some_and(|at| !follows_a_name(text, at));
                if found && !file.is_test_line(line) {
                    wrong.push(format!("{}:{line}: {banned}", file.path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_terminal_is_layered_and_its_screens_do_not_name_each_other() {
    let mut wrong = Vec::new();
    for file in sources().into_iter().filter(|file| file.module == "tui") {
        let inner = file.path.strip_prefix("src/tui").unwrap_or(&file.path).to_path_buf();
        let room =
            inner.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned()).unwrap_or_default();
        let room = room.trim_end_matches(".rs").to_owned();
        let forbidden = TUI.iter().find(|(layer, _)| *layer == room).map_or(&[][..], |(_, above)| above);
        for (line, text) in file.code() {
            for above in forbidden {
                if text.contains(&format!("tui::{above}::")) || text.contains(&format!("tui::{above};")) {
                    wrong.push(format!("{}:{line}: {room} uses {above}", file.path.display()));
                }
            }
        }
        let screen =
            inner.components().nth(1).map(|part| part.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned());
        if let (true, Some(own)) = (room == "screens", screen) {
            for (line, text) in file.code() {
                let named = text.split("screens::").skip(1).filter_map(|rest| rest.split([':', ';', '{', ',']).next());
                for other in
                    named.filter(|other| other.chars().all(|c| c.is_ascii_lowercase() || c == '_') && !other.is_empty())
                {
                    if other != own {
                        wrong.push(format!("{}:{line}: screen {own} names screen {other}", file.path.display()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

struct SourceFile {
    path: PathBuf,
    module: String,
    text: String,
    tests_from: usize,
}

impl SourceFile {
    /// Lines of code, from 1, without comments.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line.split("//").next().unwrap_or("")));
        lines.filter(|(_, line)| !line.trim().is_empty())
    }

    fn is_test_line(&self, line: usize) -> bool {
        line >= self.tests_from
    }

    /// The first segment of each `crate::` path, those of `use crate::{a, b::c}` included.
    fn crate_paths(&self) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        for (line, text) in self.code() {
            for rest in text.split("crate::").skip(1) {
                if let Some(group) = rest.strip_prefix('{') {
                    let mut depth = 0;
                    let mut names = String::new();
                    for c in group.chars() {
                        match c {
                            '{' => depth += 1,
                            '}' => depth -= 1,
                            _ if depth == 0 => names.push(c),
                            _ => {}
                        }
                    }
                    let firsts = names.split(',').map(|name| name.trim().split("::").next().unwrap_or("").to_owned());
                    found.extend(firsts.map(|name| (line, name)));
                } else {
                    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                    found.push((line, name));
                }
            }
        }
        found
    }
}

fn follows_a_name(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
}

fn sources() -> Vec<SourceFile> {
    let mut files = Vec::new();
    walk(Path::new("src"), &mut files);
    assert!(files.len() > 20, "the source was not found");
    files
}

fn walk(folder: &Path, files: &mut Vec<SourceFile>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let first = path.components().nth(1).unwrap().as_os_str().to_string_lossy().into_owned();
            let module = match first.as_str() {
                "main.rs" | "lib.rs" => first,
                _ => first.trim_end_matches(".rs").to_owned(),
            };
            let tests_from =
                text.lines().position(|line| line.contains("#[cfg(test)]")).map_or(usize::MAX, |at| at + 1);
            files.push(SourceFile { path, module, text, tests_from });
        }
    }
}
