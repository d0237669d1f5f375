//! `dryrun diagram` and `dryrun fmt`, as whole processes.

use std::path::Path;

use assert_cmd::Command;

/// The program with these arguments, in a home of its own: exit status, standard output and standard error.
fn dryrun(home: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut command = Command::cargo_bin("dryrun").unwrap();
    let output = command.env("DRYRUN_HOME", home).args(arguments).write_stdin(input).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

const DESIGN: &str = "users -> api x2 -> db: postgres\napi ~> \"end\": queue\n";

#[test]
fn a_design_is_drawn_as_text_in_ascii_and_in_mermaid() {
    let home = tempfile::tempdir().unwrap();
    let draw = |arguments: &[&str]| dryrun(home.path(), arguments, DESIGN);
    let (status, text, _) = draw(&["diagram", "-"]);
    assert!(status == 0 && text.contains("│ users") && text.contains("╰╌►"), "{text}");
    let (status, ascii, _) = draw(&["diagram", "-", "--ascii"]);
    assert!(status == 0 && ascii.is_ascii() && ascii.contains("| users"), "{ascii}");
    let (status, chart, _) = draw(&["diagram", "-", "--format", "mermaid"]);
    assert!(status == 0 && chart.starts_with("flowchart LR\n") && chart.contains("n_api -.-> n_end"), "{chart}");
    let (status, _, said) = dryrun(home.path(), &["diagram", "-"], "users -> api\nat 5s: kil api\n");
    assert_eq!(status, 2);
    assert!(said.contains("did you mean 'kill'?"), "{said}");
}

#[test]
fn a_file_is_checked_and_formatted_in_place() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("mine.dry");
    std::fs::write(&path, "a-->b # why\n").unwrap();
    let name = path.display().to_string();
    let (status, _, said) = dryrun(home.path(), &["fmt", "--check", &name], "");
    assert_eq!((status, said.contains("not formatted")), (1, true), "{said}");
    assert_eq!(dryrun(home.path(), &["fmt", &name], "").0, 0);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "a -> b  # why\n");
    assert_eq!(dryrun(home.path(), &["fmt", "--check", &name], "").0, 0);
    let (status, text, _) = dryrun(home.path(), &["fmt", "-"], "a==>b");
    assert_eq!((status, text.as_str()), (0, "a -> b\n"));
}
