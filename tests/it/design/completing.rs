//! Completion, after the characters that ask for it.

use super::catalogue::catalogue;
use dryrun::design::completions;

/// What is offered at the `|` of a text; each must fit in there.
fn offered(text: &str) -> Vec<String> {
    let offset = text.find('|').expect("the cursor is marked");
    let text = text.replacen('|', "", 1);
    completions(&text, offset, &catalogue())
        .into_iter()
        .map(|one| {
            assert_eq!(one.span.end, offset, "{}", one.text);
            assert!(!one.detail.is_empty(), "{}", one.text);
            one.text
        })
        .collect()
}

#[track_caller]
fn check(text: &str, first: &[&str]) {
    let found = offered(text);
    let shown: Vec<&str> = found.iter().map(String::as_str).take(first.len()).collect();
    assert_eq!(shown, first, "{text}: {found:?}");
}

#[test]
fn each_place_offers_what_fits_there() {
    check("users -> api -> db\napi -> |", &["users", "api", "db"]);
    check("users -> api -> re|", &["redis"]);
    check("users -> po|", &["postgres"]);
    check("db: pos|", &["postgres"]);
    check("db: postgres, rep|", &["replicas ", "replication "]);
    check("db: postgres, replication |", &["sync", "async"]);
    check("db: postgres, replicas |", &["3"]);
    check("db: postgres, replicas 2,\n    shar|", &["shards "]);
    check("users -> api\nGET /x @ 5/s: |", &["users", "api"]);
    check("GET /x @ 5/s:\n    users -> api\n    api ~> |", &["users", "api"]);
    check("cache: redis, ttl |", &["200ms"]);
    check("api: service, reg|", &["region "]);
    check("GET /x @ |", &["5k/s"]);
    check("GET /x @ 5k/s, p99|", &["p99 < 200ms"]);
    check("GET /x @ 5k/s, ke|", &["keys "]);
    check("users -> api -> db\napi -> db: ti|", &["timeout "]);
    check("users -> api -> db\napi -> db: timeout 1s, jitter |", &["none", "full", "equal"]);
    check("users -> api -> db.|", &["read", "write", "delete", "search"]);
    check("users -> api\nat 30s: |", &["kill "]);
    check("users -> api\nat 30s: kill |", &["users", "api"]);
    check("GET /x @ 1/s: users -> api\nat 30s: spike |", &["GET /x"]);
    check("set |", &["for 120s"]);
    check("GET /x @ 1/s: users -> api\ntarget |", &["GET /x"]);
    check("GET /x @ 1/s: users -> api\ntarget GET /x: |", &["p99 < 200ms"]);
    check("users -> api\nap|", &["api"]);
    check("reg|", &["region "]);
}

#[test]
fn nothing_is_offered_where_nothing_asks() {
    for text in ["|", "users -> api |", "users -> api\n|", "# a comment -> |", "GET /x @ 5k/s |", "db: postgres |"] {
        assert_eq!(offered(text), Vec::<String>::new(), "{text}");
    }
}
