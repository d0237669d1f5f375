//! Everything that the front end says: one case at least for each of its constructors, with message, place and help in a golden file.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::catalogue::catalogue;
use crate::golden;
use dryrun::design::{compile, parse_event, parse_parameter, parse_popularity, parse_target};
use dryrun::source::Diagnostic;

/// A text that makes the constructor of that name speak.
const CASES: &[(&str, &str)] = &[
    ("wrong_value", "api: service, cores many\nusers -> api"),
    ("wrong_value", "api: service, cores\nusers -> api"),
    ("bad_literal", "api: service, queue 5 qq\nusers -> api"),
    ("missing_unit", "users -> api -> db\napi -> db: timeout 200"),
    ("out_of_range", "users -> api -> db\napi -> db: loss 120%"),
    ("wrong_choice", "lb: load-balancer, policy leastconnections\nusers -> lb"),
    ("wrong_choice", "lb: load-balancer, policy best\nusers -> lb"),
    ("bad_distribution", "api: service, work gauss(5ms)\nusers -> api"),
    ("bad_distribution", "api: service, work lognormal(p50 5ms)\nusers -> api"),
    ("bad_keys", "GET /x @ 5/s, keys many: users -> api"),
    ("unknown_attribute", "db: postgres, replica 2\nusers -> db"),
    ("unknown_attribute", "GET /x @ 5/s, colour red: users -> api"),
    ("closes_nothing", "users -> api\n}"),
    ("closes_nothing", "users -> api\nend"),
    ("never_closed", "us-east: {\nusers -> api"),
    ("never_closed", "users -> (api -> db"),
    ("never_closed", "subgraph eu\nusers -> api"),
    ("unexpected", "users -> api) -> db"),
    ("expected_name", "users -> -> api"),
    ("expected_name", "users ->"),
    ("expected_name", "users -> 80 -> api"),
    ("expected_name", "region us: api -> db\nusers -> api"),
    ("bad_count", "users -> 0 * db"),
    ("bad_count", "users -> any 0 of (a & b)"),
    ("needs_too_many", "users -> any 3 of (a & b)"),
    ("nested_too_deep", "users -> ((((((((((((((((((((((((((((((((((api))))))))))))))))))))))))))))))))))"),
    ("arrow_after_list", "users -> cache, db -> log"),
    ("arrow_points_back", "db <- api"),
    ("no_statement", "this is a plain English sentence"),
    ("incomplete", "GET /x @ 5k/s"),
    ("incomplete", "at 30s: "),
    ("incomplete", "users -> api:"),
    ("missing_colon", "GET /x @ 5k/s users -> api"),
    ("label_dropped", "users -> api: sends its orders to"),
    ("group_is_region", "us-east: { lb; api }\nusers -> lb -> api"),
    ("replicas_of_stateless", "api: service, replicas 3\nusers -> api"),
    ("bad_target", "target requests: < 5ms\nusers -> api"),
    ("unknown_metric", "GET /x @ 5/s, p9x < 100ms: users -> api"),
    ("bad_bound", "GET /x @ 5/s, p99 < 100GB: users -> api"),
    ("unknown_kind", "db: postgers\nusers -> db"),
    ("assumed_service", "users -> api -> ledger"),
    ("assumed_service", "ledger: postgres\nusers -> api -> ledgr"),
    ("assumed_service", "users -> api ~> clicks:stream"),
    ("guessed", "users -> orders-db"),
    ("assumed_client", "api -> db"),
    ("added_client", "api: service\nGET /x @ 5/s: api -> db"),
    ("declared_twice", "db: postgres\ndb: mysql\nusers -> db"),
    ("declared_twice", "users -> db: postgres\nusers -> x -> db: mysql"),
    ("no_instances", "api: service x0\nusers -> api"),
    ("unknown_component", "users -> api -> db\napi -> dbb: timeout 1s"),
    ("unknown_component", "users -> api -> db\nat 5s: kill cache"),
    ("unknown_region", "region us: api\nusers -> api\nus <-> eu: 80ms"),
    ("in_two_regions", "region us: api\nregion eu: api\nusers -> api"),
    ("unknown_operation", "users -> db.reed"),
    ("flow_twice", "GET /x @ 5/s: users -> api\nGET /x @ 6/s: users -> api"),
    ("unnamed_flow", "users -> api"),
    ("bad_rate", "GET /x @ fast: users -> api"),
    ("bad_rate", "users -> api @"),
    ("assumed_per_second", "GET /x @ 5k: users -> api"),
    ("rate_and_users", "GET /x @ 5/s, users 20, think 1s: users -> api"),
    ("arrivals_from_nowhere", "GET /x @ 5/s, arrivals from: users -> api\nGET /y @ from: users -> api"),
    ("assumed_think", "GET /x @ 500 users: users -> api"),
    ("assumed_p99", "GET /x @ 5/s, latency < 1s: users -> api"),
    ("not_reached", "GET /x @ 5/s:\n    users -> api -> db\n    dbb ~> log"),
    ("joined_flow", "GET /x @ 5/s: users -> api\napi -> db"),
    ("starts_with_list", "GET /x @ 5/s:\n    users -> a, b\n    (a, b) -> c"),
    ("leads_nowhere", "GET /x @ 5/s:\n    users"),
    ("shares_exceed", "users -> 80% a | 40% b"),
    ("answers_come_back", "users <-> api"),
    ("unused_link", "users -> api -> db\ndb -> api: timeout 1s"),
    ("attribute_twice", "db: postgres, replicas 2, replicas 3\nusers -> db"),
    ("bad_duration", "users -> api\nset for ever"),
    ("unknown_fault", "users -> api\nat 5s: kil api"),
    ("incomplete_fault", "users -> api\nat 5s: slow api"),
    ("no_such_instance", "users -> api x3\nat 5s: kill api/3"),
    ("unknown_flow", "GET /x @ 5/s: users -> api\ntarget GET /y: p99 < 1s"),
    ("unknown_setting", "users -> api\nset sede 7"),
    ("bad_setting", "users -> api\nset seed lucky"),
    ("bad_figure", "users -> api\nat 5s: slow api by 5GB"),
    ("unreached", "users -> api\nredis"),
    ("only_written", "POST /x @ 5/s: users -> api -> redis"),
    ("queue_waited_for", "POST /x @ 5/s, p99 < 300ms: users -> api -> queue -> worker"),
    ("idle_consumers", "users -> api ~> kafka -> worker x20"),
    ("single_points", "users -> lb -> api x2 -> db @ 5/s, availability > 99.9%"),
    ("single_points", "users -> lb x2 -> api -> db"),
    ("timeout_too_long", "users -> lb -> api -> db\nlb -> api: timeout 1s\napi -> db: timeout 2s"),
    ("unbounded_retries", "users -> api -> db\napi -> db: timeout 1s, retry 2"),
    ("scattered_read", "db: postgres, shards 4 by code\nGET /users/{user} @ 5/s: users -> api -> db"),
    ("reads_later", "GET /x @ 5/s: users -> api ~> queue -> worker -> db"),
    ("below_the_floor", "region us: api\nregion eu: users\nus <-> eu: 140ms\nGET /x @ 5/s, p99 < 100ms: users -> api"),
];

/// What can only be made to speak by a text too long for a table, tested by itself below.
const APART: &[&str] = &["flow_too_large", "too_many_flows"];

fn show(out: &mut String, text: &str, diagnostics: &[Diagnostic]) {
    for line in text.lines() {
        let _ = writeln!(out, "| {line}");
    }
    for found in diagnostics {
        let place = found.span.slice(text).replace('\n', "/");
        let _ = writeln!(out, "{} at '{place}': {}", found.severity.name(), found.message);
        if let Some(help) = &found.help {
            let _ = writeln!(out, "    help: {help}");
        }
        for label in &found.labels {
            let _ = writeln!(out, "    '{}': {}", label.span.slice(text).replace('\n', "/"), label.text);
        }
    }
    out.push('\n');
}

#[test]
fn all_that_is_said_is_said_as_it_was() {
    let mut out = String::new();
    for (name, text) in CASES {
        let _ = writeln!(out, "-- {name}");
        show(&mut out, text, &compile(text, &catalogue()).diagnostics);
    }
    golden::check("design/diagnostics.txt", &out);
}

#[test]
fn every_constructor_has_a_case() {
    let source = std::fs::read_to_string("src/design/diagnostics.rs").unwrap();
    let made: BTreeSet<&str> =
        source.lines().filter_map(|line| line.strip_prefix("pub(super) fn ")?.split(['(', '<']).next()).collect();
    let covered: BTreeSet<&str> = CASES.iter().map(|(name, _)| *name).chain(APART.iter().copied()).collect();
    assert_eq!(made.difference(&covered).collect::<Vec<_>>(), Vec::<&&str>::new(), "without a case");
    assert_eq!(covered.difference(&made).collect::<Vec<_>>(), Vec::<&&str>::new(), "cases of nothing");
}

#[test]
fn limits_are_reported() {
    let said =
        |text: &str| compile(text, &catalogue()).diagnostics.into_iter().map(|found| found.message).collect::<Vec<_>>();
    let deep = format!("users{}", " -> api".repeat(100));
    assert!(said(&deep).contains(&"the flow's path is too long or too deep to follow".to_owned()));
    let wide = format!("users -> {}", ["(a, b, c, d)"; 10].join(" -> "));
    assert!(said(&wide).contains(&"the flow's path is too long or too deep to follow".to_owned()));
    let mut many = String::new();
    for number in 0..1001 {
        let _ = writeln!(many, "GET /{number} @ 1/s: users -> api");
    }
    let limit = "a design has at most 1000 flows: this one and those behind it are left out";
    assert!(said(&many).contains(&limit.to_owned()));
}

#[test]
fn one_bad_line_costs_that_line_alone() {
    let text = "web: client\ndb: postgres, replicas many, shards 4\nwhat is this line doing here\nGET /x @ 5/s:\n    web -> api -> db\n    api -> -> nowhere\n    api ~> queue\nat 5s: kill nobody\nset seed 7\n";
    let design = compile(text, &catalogue()).design;
    let db = design.component(design.find("db").unwrap());
    assert_eq!(db.parameters.number("shards"), Some(4.0));
    assert_eq!(super::outline::path(&design, &design.flows[0].root, design.flows[0].operation), "web(api(db, ~queue))");
    assert_eq!(design.settings.seed, Some(7));
}

#[test]
fn values_apart_from_a_design_are_answered_in_their_own_text() {
    let design = compile("users -> api", &catalogue()).design;
    let found = [
        parse_target("p99 <").unwrap_err(),
        parse_popularity("lots").unwrap_err(),
        parse_parameter(dryrun::design::Kind::Sql, "replica", "2").unwrap_err(),
        parse_event("kill api", &design).unwrap_err(),
        parse_event("at 5s: kill apu", &design).unwrap_err(),
    ];
    let said: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(
        said,
        [
            "'p99' is compared with a duration such as 200ms, not ''",
            "'lots' is no key popularity",
            "unknown attribute 'replica' of sql",
            "the event is not complete",
            "there is no component 'apu'",
        ]
    );
    assert_eq!(found[4].help.as_deref(), Some("did you mean 'api'?"));
}
