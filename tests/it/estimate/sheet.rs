//! The notebook: names, `prev`, `total`, and what is worked out anew when a line changes.

use dryrun::estimate::{LineKind, Sheet};
use dryrun::units::Rounding;

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let sheet = Sheet::new(text);
    let shown: Vec<String> = sheet
        .lines()
        .map(|line| match &line.kind {
            LineKind::Silent => String::new(),
            LineKind::Heading => "#".to_owned(),
            LineKind::Result(outcome) => outcome.display(Rounding::Three),
            LineKind::Wrong(error) => format!("! {}", error.message),
        })
        .collect();
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn names_are_given_by_equals_and_by_colon() {
    check(
        "users = 100M users\nposts per user: 2 posts/user/day // each\nusers * posts_per_user",
        &["100M users", "2 posts/user/day", "2.31k posts/s"],
    );
    check("peak = peak(1k/s)\n$peak / 3", &["3k/s", "1k/s"]);
    check("a = 1\na = a + 1\na = a + 1", &["1", "2", "3"]);
    check("requests = 5/s\nrequests * 2\n5 requests", &["5/s", "10/s", "5 requests"]);
    check("s = 5\n10 / s\n10/s", &["5", "2", "10/s"]);
    check("servers = 4\n12k/servers\n12k/server", &["4", "3k", "12k/server"]);
    check("a = 5 GB\nb = 10 GB\na to b", &["5 GB", "10 GB", "7.07 [5 - 10] GB"]);
}

#[test]
fn prev_is_the_nearest_result_above() {
    check("5 GB\n\n// then\nprev * 2\n_ + 1 GB\nans", &["5 GB", "", "", "10 GB", "11 GB", "11 GB"]);
    check("1 +\nprev", &["! the line ends where a value should be", "! no line above has a result"]);
}

#[test]
fn total_adds_up_to_the_nearest_heading_and_leaves_out_totals() {
    check("1 GB\n2 GB\ntotal\ntotal * 2\nsum", &["1 GB", "2 GB", "3 GB", "6 GB", "3 GB"]);
    check(
        "# Hot\n1 GB\n2 GB\nhot = total\n# Cold\n10 GB\ntotal + hot",
        &["#", "1 GB", "2 GB", "3 GB", "#", "10 GB", "13 GB"],
    );
    check("5 users\nStorage:\n1 TB\ntotal", &["5 users", "#", "1 TB", "1 TB"]);
    check("100M links * 500 B\n1M users * 1 KB\ntotal", &["50 GB", "1 GB", "51 GB"]);
}

#[test]
fn an_edit_works_out_only_what_depends_on_it() {
    let mut sheet = Sheet::new("a = 1\nb = 10\nc = a + 1\nd = b + 1\ne = c + d\ntotal");
    assert_eq!(sheet.evaluated(), [0, 1, 2, 3, 4, 5]);
    sheet.set_line(1, "b = 20");
    assert_eq!(sheet.evaluated(), [1, 3, 4, 5]);
    sheet.set_line(0, "a = 2 - 1");
    assert_eq!(sheet.evaluated(), [0], "the value stays, so nothing below is touched");
    sheet.set_text(&sheet.text().replace("c = a + 1", "\nc = a + 2"));
    assert_eq!(sheet.evaluated(), [3, 5, 6]);
    sheet.set_text(&sheet.text());
    assert!(sheet.evaluated().is_empty());
    assert_eq!(sheet.uses(5), [3, 4]);
    assert_eq!(sheet.used_by(0), [3, 6]);
}

#[test]
fn a_name_that_goes_takes_its_users_with_it_and_comes_back_with_them() {
    let mut sheet = Sheet::new("a = 1\nb = a * 2");
    sheet.set_line(0, "");
    assert!(matches!(sheet.line(1).unwrap().kind, LineKind::Wrong(_)));
    assert!(sheet.variables().is_empty());
    sheet.set_line(0, "a = 3");
    assert_eq!(sheet.line(1).unwrap().outcome().unwrap().display(Rounding::Three), "6");
}

#[test]
fn variables_go_out_with_their_dimension() {
    let sheet = Sheet::new("redirects = 10B/day\nhit = 80% to 95%\nusers: 1M users\nbroken = 1 +");
    let variables = sheet.variables();
    let names: Vec<&str> = variables.keys().map(String::as_str).collect();
    assert_eq!(names, ["hit", "redirects", "users"]);
    assert!((variables["redirects"].as_per_second().unwrap() - 115_740.7).abs() < 0.1);
    assert!((0.80..0.95).contains(&variables["hit"].as_count().unwrap()));
    assert!(variables["users"].counts("user"));
}

#[test]
fn the_working_shows_formula_values_and_source() {
    let sheet = Sheet::new("rate = 100M/day\nstorage(rate, 500 B, 5 years, 3)\nrate * 2");
    let working = sheet.working(1).unwrap();
    assert_eq!(working.calls[0].formula, "storage = rate × size × retention × replicas");
    assert_eq!(working.calls[0].substituted, "1.16k/s × 500 B × 5 years × 3");
    assert_eq!(working.calls[0].result, "274 TB");
    assert_eq!(working.substituted.as_deref(), Some("storage(1.16k/s, 500 B, 5 years, 3)"));
    assert_eq!(sheet.working(2).unwrap().lines(), ["1.16k/s × 2", "  = 2.31k/s"]);
    assert!(sheet.working(9).is_none());
}

#[test]
fn completions_know_the_names_above() {
    let sheet = Sheet::new("redirects = 10B/day\nred\nredundant = 3");
    let texts: Vec<String> = sheet.completions(1, 3).into_iter().map(|completion| completion.text).collect();
    assert_eq!(texts.first().map(String::as_str), Some("redirects"));
    assert!(!texts.contains(&"redundant".to_owned()));
}

#[test]
fn a_sheet_has_a_limit_and_says_so() {
    let sheet = Sheet::new(&"1\n".repeat(2500));
    assert!(matches!(&sheet.line(1999).unwrap().kind, LineKind::Result(_)));
    let LineKind::Wrong(error) = &sheet.line(2000).unwrap().kind else { panic!("no limit") };
    assert_eq!(error.message, "a sheet has at most 2000 lines");
}
