//! `dryrun estimate` as a process.

use assert_cmd::Command;

fn dryrun() -> Command {
    let mut command = Command::cargo_bin("dryrun").unwrap();
    command.arg("estimate");
    command
}

#[track_caller]
fn output(command: &mut Command) -> (String, String, Option<i32>) {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn expressions_are_lines_of_one_sheet() {
    let (out, err, status) = output(dryrun().args(["w = 100M writes/day", "w * 500 B * 5 years in TB", "-2 + 3"]));
    assert_eq!(out, "w = 1.16k writes/s\n91.3 TB\n1\n");
    assert_eq!((err.as_str(), status), ("", Some(0)));
}

#[test]
fn a_pipe_is_read_line_by_line_and_errors_go_to_standard_error() {
    let (out, err, status) = output(dryrun().write_stdin("# Load\n1 to 10\n5 GB + 3/s\n62^6\n"));
    assert_eq!(out.lines().count(), 2, "{out}");
    assert!(out.starts_with("3.16 [1 - 10]  "), "{out}");
    assert!(err.contains("error: storage plus a rate") && err.contains("standard input:3:1"), "{err}");
    assert_eq!(status, Some(2));
}

#[test]
fn digits_are_shown_on_demand() {
    assert_eq!(output(dryrun().args(["--exact", "1 GiB in MB"])).0, "1,073.741824 MB\n");
    assert_eq!(output(dryrun().args(["--round", "100M/day"])).0, "~1k/s\n");
}

#[test]
fn the_explanation_holds_working_place_and_source() {
    let (out, _, _) = output(dryrun().args(["--explain", "writes = peak(100M writes/day, 2 to 4)"]));
    for part in ["peak = average × factor", "Source: ", "relational database primary", "100% of the spread is 2 to 4's"]
    {
        assert!(out.contains(part), "no '{part}' in\n{out}");
    }
}

#[test]
fn json_has_the_documented_fields() {
    let (out, _, status) = output(dryrun().args(["--json", "5 GB / 1 day in kB/s", "1 to 10", "5 +", "# no"]));
    let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(rows.as_array().unwrap().len(), 3);
    assert_eq!(rows[0]["input"], "5 GB / 1 day in kB/s");
    assert_eq!(rows[0]["unit"], "kB/s");
    assert_eq!(rows[0]["display"], "57.9 kB/s");
    assert!((rows[0]["value"].as_f64().unwrap() - 57.870_37).abs() < 1e-5);
    assert!(rows[0]["low"].is_null() && rows[0]["error"].is_null());
    assert!((rows[1]["low"].as_f64().unwrap() - 1.0).abs() < 1e-3);
    assert!((rows[1]["high"].as_f64().unwrap() - 10.0).abs() < 1e-2);
    assert!(rows[2]["value"].is_null());
    assert_eq!(rows[2]["error"], "the line ends where a value should be");
    assert_eq!(status, Some(2));
}

#[test]
fn sheets_that_were_kept_are_listed_and_worked_out() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("sheets");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("mine.txt"), "// dryrun sheet, format 1\n# Load\n100M writes/day\n").unwrap();
    let mut list = Command::cargo_bin("dryrun").unwrap();
    let (out, _, status) = output(list.env("DRYRUN_HOME", home.path()).args(["list", "sheets"]));
    assert!(out.starts_with("mine") && out.contains("Load"), "{out}");
    assert_eq!(status, Some(0));
    let kept = |id: &str| output(dryrun().env("DRYRUN_HOME", home.path()).args(["--sheet", id]));
    assert_eq!(kept("mine").0, "1.16k writes/s\n");
    let (_, err, status) = kept("other");
    assert!(err.contains("dryrun list sheets"), "{err}");
    assert_eq!(status, Some(2));
}
