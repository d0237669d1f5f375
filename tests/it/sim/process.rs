//! `dryrun simulate` as a process: what it was asked beside the run, in a pipe and as JSON.

use std::process::{Command, Output};

use serde_json::Value;

const DESIGN: &str = "set for 5s\nGET /x @ 600/s, p99 < 200ms, errors < 1%: users -> lb -> api -> db\n\
    api: service x4\ndb: sql, read 4ms, concurrency 2, connections 200\n";

fn simulate(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("design.dry");
    std::fs::write(&file, DESIGN).unwrap();
    Command::new(env!("CARGO_BIN_EXE_dryrun"))
        .arg("simulate")
        .arg(file)
        .args(arguments)
        .env("DRYRUN_HOME", folder.path())
        .output()
        .unwrap()
}

#[test]
fn the_json_document_has_what_was_asked_for_and_nothing_else() {
    let plain = simulate(&["--json"]);
    assert_eq!(plain.status.code(), Some(1), "a target is missed");
    let plain: Value = serde_json::from_slice(&plain.stdout).unwrap();
    let asked = simulate(&["--json", "--what-if", "--sweep", "0.5..1.5", "--size", "--trace", "--theory"]);
    let asked: Value = serde_json::from_slice(&asked.stdout).unwrap();
    for field in ["what_if", "sweep", "headroom", "sizing", "traces", "theory"] {
        assert!(plain.get(field).is_none() && asked.get(field).is_some(), "{field}");
    }
    for field in ["flows", "components", "bottleneck", "targets_met", "notes", "seed"] {
        assert_eq!(plain[field], asked[field], "{field}");
    }
    assert_eq!(asked["what_if"]["as_it_is"]["targets_missed"], 2);
    let best = &asked["what_if"]["changes"][0];
    assert_eq!((&best["targets_missed"], &best["helps"], &best["component"]), (&0.into(), &true.into(), &"db".into()));
    assert!(best["cost_difference_per_month_usd"].is_number() && best["flows"][0]["p99_ms"].is_number());
    let factors: Vec<f64> = asked["sweep"].as_array().unwrap().iter().filter_map(|it| it["factor"].as_f64()).collect();
    assert!(factors.first() == Some(&0.5) && factors.last() == Some(&1.5) && factors.contains(&1.0), "{factors:?}");
    let factor = asked["headroom"]["factor"].as_f64().unwrap();
    assert!((0.5..1.0).contains(&factor) && asked["headroom"]["flow"] == "GET /x", "{}", asked["headroom"]);
    assert_eq!(asked["sizing"]["met"], true);
    let (median, slowest) = (&asked["traces"][0], &asked["traces"][1]);
    assert_eq!((&median["which"], &slowest["which"]), (&"median".into(), &"slowest".into()));
    assert!(median["latency_ms"].as_f64() <= slowest["latency_ms"].as_f64());
    assert!(slowest["spans"].as_array().unwrap().iter().any(|span| span["component"] == "db"));
    let failed = &asked["traces"][2];
    assert_eq!((&failed["which"], &failed["failure"]), (&"failed".into(), &"queue of db full".into()));
    assert!(median["failure"].is_null() && failed["text"].as_str().unwrap().contains("queue of db full"));
}

/// Runs a design beside a file of arrivals.
fn played(design: &str, arrivals: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("design.dry");
    std::fs::write(&file, design).unwrap();
    std::fs::write(folder.path().join("traffic.csv"), arrivals).unwrap();
    let dryrun = Command::new(env!("CARGO_BIN_EXE_dryrun"))
        .args(["simulate", "--json"])
        .arg(file)
        .env("DRYRUN_HOME", folder.path())
        .output();
    dryrun.unwrap()
}

#[test]
fn arrivals_come_from_a_file_beside_the_design() {
    const DESIGN: &str = "set for 20s\nset warmup 2s\nGET /x @ from traffic.csv: users -> api\n";
    let output = played(DESIGN, "time rate\n0 100\n10 300\n20 0\n");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let offered = document["flows"][0]["offered_per_s"].as_f64().unwrap();
    assert!((180.0..220.0).contains(&offered), "{offered}");
    let error = |design: &str, arrivals: &str| {
        let output = played(design, arrivals);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let told = error(DESIGN, "0 100\n10 lots\n");
    assert!(told.contains("'lots' is no rate") && told.contains("traffic.csv:2:4"), "{told}");
    let told = error(&DESIGN.replace("traffic", "elsewhere"), "");
    assert!(told.contains("elsewhere.csv: ") && told.contains("design.dry:3:"), "{told}");
}

#[test]
fn in_a_pipe_it_is_plain_text_under_its_headings() {
    let output = simulate(&["--what-if", "--sweep", "0.5..1.5", "--size", "--trace", "--theory"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.contains('\u{1b}'), "{text}");
    for part in [
        "\nWhat if\n",
        "\nUnder less and more load\n",
        "headroom: all targets are met up to 0.",
        "\nThe fewest instances that meet all targets\n",
        "\nTheory beside measurement\n",
        "\nWhere requests spend their time\n",
    ] {
        assert!(text.contains(part), "'{part}' not in\n{text}");
    }
}

#[test]
fn bad_load_factors_are_wrong_usage_and_told_in_words() {
    for (factors, why) in [("2..1", "below the second"), ("0..2", "above 0"), ("much", "two load factors")] {
        let output = simulate(&["--sweep", factors]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(why), "{factors}: {told}");
    }
}
