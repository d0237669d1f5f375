//! Expected outputs in files: compared, or written anew where `UPDATE_GOLDEN` is set.

#![allow(clippy::disallowed_methods, reason = "it writes what it is asked to write")]

use std::path::Path;

/// Compares `actual` with `tests/golden/NAME`.
#[track_caller]
pub fn check(name: &str, actual: &str) {
    let path = Path::new("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != actual {
        let differ = expected.lines().zip(actual.lines()).enumerate().find(|(_, (a, b))| a != b);
        let (line, expected, found) = differ.map_or((0, "", ""), |(at, (a, b))| (at + 1, a, b));
        panic!(
            "{} differs at line {line} (0: in length):\n  expected {expected}\n  found    {found}\n`UPDATE_GOLDEN=1 cargo test` writes it anew",
            path.display()
        );
    }
}
