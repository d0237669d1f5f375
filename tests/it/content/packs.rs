//! Packs of the user's own: they replace and add by id, and whatever is wrong in one is named with file, line, column and what to do.

use std::path::Path;

use dryrun::content::{Bank, Depth, Files, Finding, ItemKind, check};
use dryrun::source::Severity;

fn pack(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn findings(folder: &Path) -> Vec<Finding> {
    check(&Bank::new(Files::only(vec![folder.to_owned()])), Depth::Read)
}

/// The one finding about a pack of one file: line and column, message and help.
#[track_caller]
fn wrong(name: &str, text: &str, place: &str, message: &str, help: &str) {
    let folder = pack(&[(name, text)]);
    let found = findings(folder.path());
    let told: Vec<String> = found.iter().map(Finding::render).collect();
    let path = folder.path().join(name).display().to_string();
    let meant = found.iter().zip(&told).find(|(finding, _)| finding.diagnostic.message.contains(message));
    let Some((finding, told)) = meant else { panic!("no '{message}' among\n{}", told.join("\n")) };
    assert_eq!(finding.path, path);
    assert!(told.contains(&format!("{path}:{place}")), "not at {place}:\n{told}");
    let given = finding.diagnostic.help.clone().unwrap_or_default();
    assert!(given.contains(help) && !given.is_empty(), "help is '{given}', not '{help}':\n{told}");
}

const PAGE: &str = "content/concepts/x.md";

#[test]
fn every_mistake_in_a_page_is_named_with_its_place() {
    let page = |head: &str| format!("+++\n{head}\n+++\nText.\n");
    let good = "id = \"x\"\ntitle = \"X\"";
    wrong(PAGE, "Text.\n", "1:1", "expected front matter", "+++");
    wrong(PAGE, &page("id = \"x\ntitle = \"X\""), "2:", "", "TOML is written");
    wrong(PAGE, &page("id = \"x\"\ntitel = \"X\""), "3:1", "unknown field `titel`", "did you mean 'title'?");
    wrong(PAGE, &page("title = \"X\""), "2:1", "missing field `id`", "id = ...");
    wrong(PAGE, &page("id = \"x\"\ntitle = 3"), "3:9", "invalid type", "in quotes");
    wrong(PAGE, &page(&format!("{good}\ntags = \"a\"")), "4:8", "invalid type", "in brackets");
    wrong(
        PAGE,
        &page(&format!("{good}\nsee = [\"nowhere-at-all\"]")),
        "4:8",
        "nothing in the bank has the id",
        "search",
    );
    wrong(PAGE, &page("id = \"No Id\"\ntitle = \"X\""), "2:6", "is no id", "hyphens");
    wrong(PAGE, &page("id = \"x\"\ntitle = \" \""), "3:", "the title is empty", "calls it");
    wrong(PAGE, &format!("+++\n{good}\n+++\n"), "2:6", "the page is empty", "+++");
    let link = format!("+++\n{good}\n+++\nSee [it](nowhere-at-all).\n");
    wrong(PAGE, &link, "5:8", "the link leads nowhere", "https://");
    let card = format!("+++\n{good}\n+++\nText.\n\n## Cards\n\nQ: Long?\nA: {}\n", "word ".repeat(100));
    wrong(PAGE, &card, "9:4", "longer than", "split it");
    let half = format!("+++\n{good}\n+++\nText.\n\n## Cards\n\nQ: And?\n\nQ: What?\nA: This.\n");
    wrong(PAGE, &half, "9:1", "a card needs a question and an answer", "flashcards");
    wrong(
        "content/conceptz/x.md",
        &page(good),
        "1:1",
        "nothing is read from this place",
        "did you mean content/concepts/?",
    );
}

#[test]
fn every_mistake_in_a_question_or_a_model_is_named_with_its_place() {
    let question = |head: &str| format!("+++\nid = \"x\"\ntitle = \"X?\"\n{head}\n+++\nText.\n");
    wrong("content/questions/x.md", &question("tags = []"), "2:6", "a question needs its number", "n = 34");
    wrong(
        "content/questions/x.md",
        &question("n = 31\nlevel = \"basic\""),
        "5:1",
        "question 31 is intermediate",
        "level =",
    );
    let model = |head: &str| format!("+++\nid = \"x\"\ntitle = \"X\"\n\n[model]\n{head}\n+++\nText.\n");
    let file = "content/technologies/x.md";
    wrong(file, &model("kind = \"sqll\""), "6:1", "unknown kind 'sqll'", "did you mean 'sql'?");
    wrong(file, &model("kind = \"sql\"\nreed = \"2ms\""), "7:1", "reed", "read");
    wrong(file, &model("kind = \"sql\"\nread = \"two\""), "7:1", "", "");
    wrong(file, &model("kind = \"sql\"\nread = \"2ms\""), "7:1", "'read' has no source", "[model.sources]");
}

#[test]
fn every_mistake_in_the_numbers_or_the_framework_is_named_with_its_place() {
    let row = |low: &str, unit: &str| {
        format!(
            "[[number]]\nid = \"x\"\nsubject = \"S\"\nmetric = \"m\"\nlow = {low}\nhigh = 2\nunit = \"{unit}\"\nmeans = \"m\"\nsource = \"s\"\n"
        )
    };
    let numbers = "content/numbers.toml";
    wrong(numbers, &row("3", "ms"), "6:8", "low end above its high end", "low first");
    wrong(numbers, &row("1", "mz"), "7:8", "'mz' is no unit", "ms");
    wrong(numbers, &format!("{}{}", row("1", "ms"), row("1", "ms")), "11:6", "is taken", "id of its own");
    wrong(numbers, &row("\"1\"", "ms"), "5:7", "invalid type", "without quotes");
    let framework = "content/framework.toml";
    let phase = "[[type]]\nid = \"t\"\ntitle = \"T\"\n[[type.phase]]\nid = \"p\"\ntitle = \"P\"\nminutes = 5\nprompt = \"a\"\noverrun = \"b\"\n";
    wrong(
        framework,
        &format!("{phase}kind = \"designs\"\n"),
        "10:8",
        "unknown variant `designs`",
        "did you mean 'design'?",
    );
    let check = format!("{phase}[[type.phase.check]]\nid = \"c\"\ntext = \"t\"\nevidence = ['(a']\n");
    wrong(framework, &check, "13:14", "is no pattern", "regular expression");
}

#[test]
fn what_is_no_text_is_named() {
    let folder = pack(&[]);
    std::fs::create_dir_all(folder.path().join("content/concepts")).unwrap();
    std::fs::write(folder.path().join("content/concepts/x.md"), [0xff, 0xfe]).unwrap();
    std::fs::write(folder.path().join("content/numbers.toml"), [0xff, 0xfe]).unwrap();
    let found = findings(folder.path());
    assert_eq!(found.len(), 2, "{found:?}");
    for finding in found {
        assert!(finding.diagnostic.message.contains("not UTF-8"), "{finding:?}");
        assert!(finding.diagnostic.help.is_some());
    }
}

#[test]
fn an_item_replaces_the_one_of_its_id_whatever_its_file_is_called() {
    let folder = pack(&[
        ("content/technologies/mine.md", "+++\nid = \"redis\"\ntitle = \"Our Redis\"\n+++\nOurs.\n"),
        (
            "content/concepts/gossip-at-home.md",
            "+++\nid = \"gossip-at-home\"\ntitle = \"Gossip at home\"\nsee = [\"redis\"]\n+++\nNew.\n",
        ),
        (
            "content/numbers.toml",
            "[[number]]\nid = \"round-trip-same-zone\"\nsubject = \"Network, same zone\"\nmetric = \"round trip\"\nlow = 0.2\nhigh = 0.3\nunit = \"ms\"\nmeans = \"Ours.\"\nsource = \"ping\"\n\n[[number]]\nid = \"our-own\"\nsubject = \"Our API\"\nmetric = \"p99\"\nlow = 80\nhigh = 80\nunit = \"ms\"\nmeans = \"Measured.\"\nsource = \"ours\"\n",
        ),
        ("content/framework.toml", "[[type]]\nid = \"own\"\ntitle = \"Our interview\"\n"),
    ]);
    let embedded = Bank::new(Files::embedded(Vec::new()));
    let bank = Bank::new(Files::embedded(vec![folder.path().to_owned()]));
    assert_eq!(bank.item("redis").unwrap().title, "Our Redis");
    assert_eq!(bank.pages(ItemKind::Technology).len(), embedded.pages(ItemKind::Technology).len());
    assert_eq!(bank.pages(ItemKind::Concept).len(), embedded.pages(ItemKind::Concept).len() + 1);
    assert!(bank.links_to("redis").contains(&"gossip-at-home".to_owned()));
    assert_eq!(bank.numbers().len(), embedded.numbers().len() + 1);
    let number = bank.numbers().iter().find(|number| number.id == "round-trip-same-zone").unwrap();
    assert_eq!((number.low, number.means.as_str()), (0.2, "Ours."));
    assert!(bank.framework().interview_type("own").is_some() && bank.framework().interview_type("product").is_some());
    assert_eq!(bank.index().search("gossip at home")[0].id, "gossip-at-home");
    let errors: Vec<String> = check(&bank, Depth::Read)
        .iter()
        .filter(|finding| finding.path.starts_with(folder.path().to_str().unwrap()))
        .filter(|finding| finding.diagnostic.severity == Severity::Error)
        .map(Finding::render)
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

#[test]
fn an_id_that_another_kind_has_is_refused() {
    let folder = pack(&[("content/concepts/redis.md", "+++\nid = \"redis\"\ntitle = \"Redis?\"\n+++\nText.\n")]);
    let bank = Bank::new(Files::embedded(vec![folder.path().to_owned()]));
    let found = check(&bank, Depth::Read);
    let taken = found.iter().find(|finding| finding.diagnostic.message.contains("'redis' is taken")).unwrap();
    assert!(taken.diagnostic.help.is_some());
}

/// The command as it is typed, with a bad problem and a bad theme.
#[test]
fn the_command_names_what_is_wrong_in_problems_and_themes() {
    let folder = pack(&[
        (
            "problems/mine/problem.toml",
            "title = \"Mine\"\nprompt = \"Design it.\"\ntype = \"product\"\ndifficulty = 9\nsee = [\"rediz\"]\n",
        ),
        ("problems/mine/reference.dry", "GET / @ 5/s, p99 <:\n    web -> api\n"),
        ("themes/mine.toml", "name = \"Mine\"\nkind = \"dark\"\n\n[roles]\nbackground = \"#000000\"\n"),
    ]);
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_dryrun"))
        .arg("check")
        .arg(folder.path())
        .env("DRYRUN_HOME", folder.path().join("home"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{told}");
    for part in [
        "problem.toml:4:1",
        "difficulty goes from 1 to 5",
        "'rediz'",
        "has no walkthrough.md",
        "themes/mine.toml:",
        "reference.dry:1:",
    ] {
        assert!(told.contains(part), "no '{part}' in\n{told}");
    }
    let blocks = told.lines().filter(|line| line.starts_with("error") || line.starts_with("warning")).count();
    assert_eq!(told.matches("help: ").count(), blocks, "not every finding says what to do:\n{told}");
}

/// A folder in which nothing would be checked is no clean bill.
#[test]
fn a_folder_without_parts_of_a_bank_is_refused() {
    let folder = pack(&[("content/concepts/mine.md", "+++\nid = \"mine\"\n+++\n")]);
    let check = |below: &str| {
        let command = std::process::Command::new(env!("CARGO_BIN_EXE_dryrun"))
            .arg("check")
            .arg(folder.path().join(below))
            .env("DRYRUN_HOME", folder.path().join("home"))
            .output()
            .unwrap();
        (command.status.code(), String::from_utf8_lossy(&command.stderr).into_owned())
    };
    let (status, told) = check("content");
    assert_eq!(status, Some(2), "{told}");
    assert!(told.contains("name the folder above"), "{told}");
    assert_eq!(check("").0, Some(1));
}
