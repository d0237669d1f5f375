//! The canonical form: what each construct becomes, and that it means the same.

use super::catalogue::catalogue;
use super::outline::outline;
use dryrun::design::{Design, compile, format};

/// What `text` becomes; formatting that again changes nothing, and both mean the same.
#[track_caller]
fn check(text: &str, expected: &str) {
    let formatted = format(text);
    assert_eq!(formatted, expected);
    assert_eq!(format(&formatted), formatted, "formatting twice changes something");
    let [before, after] = [text, &formatted].map(|text| compile(text, &catalogue()).design);
    assert_eq!(outline(&after), outline(&before), "the meaning changes");
    assert_eq!(without_spans(&after), without_spans(&before), "the meaning changes");
}

/// The design as if it had no text.
pub fn without_spans(design: &Design) -> String {
    let text = format!("{design:?}");
    // Spans print as `Span { start: 1, end: 2 }`.
    let mut parts = text.split("Span { start: ");
    let mut plain = parts.next().unwrap_or("").to_owned();
    for part in parts {
        plain.push_str("Span");
        plain.push_str(part.split_once('}').map_or("", |(_, rest)| rest));
    }
    plain
}

#[test]
fn a_whole_design_is_aligned_and_keeps_its_comments() {
    check(
        "# Link shortener\n\n\nweb: client , region us-east   # people\ncache: redis x3,memory 64GB,ttl 24h\ndb: postgres,shards 4 by code\n\n
GET /{code} @ 115k/s,keys 1B zipf 0.9,p99<100ms:  # hot\n  # the way\n  web->lb->api->cache->db # tail\n  api~>clicks: stream->counter x4\napi->db: timeout 200ms,retry 2\n# end\n",
        "# Link shortener

web:   client, region us-east  # people
cache: redis x3, memory 64GB, ttl 24h
db:    postgres, shards 4 by code

GET /{code} @ 115k/s, keys 1B zipf 0.9, p99 < 100ms:  # hot
    # the way
    web -> lb -> api -> cache -> db  # tail
    api ~> clicks: stream -> counter x4
api -> db: timeout 200ms, retry 2
# end
",
    );
}

#[test]
fn paths_lose_what_they_do_not_need() {
    check("a->b,(c->d)&e,80% f|20%(g->h)", "a -> b, (c -> d) & e, (80% f | 20% (g -> h))\n");
    check("a -> any 2 of (b & c & d) -> e", "a -> any 2 of (b & c & d) -> e\n");
    check("a -> 10*db, 200 & timelines", "a -> 10 * db, 200 & timelines\n");
    check("a -> (b, c) -> (d)", "a -> (b, c) -> d\n");
    check("a -> cache.delete -> db.write @ 5k", "a -> cache.delete -> db.write @ 5k\n");
}

#[test]
fn choices_and_repeats_keep_the_parentheses_that_help_the_reader() {
    check("a -> b, (60% c | 40% d)", "a -> b, (60% c | 40% d)\n");
    check("a -> 99% (200 & t.write) | 1% t.write", "a -> 99% (200 & t.write) | 1% t.write\n");
    check("a -> 80% (b -> c) | 20% (d & e)", "a -> 80% (b -> c) | 20% d & e\n");
}

#[test]
fn comments_stand_in_columns_and_long_lists_go_on_below() {
    check(
        "api: service x2 # hot\ncache: redis x3, memory 64GB # warm\ngraph: postgres\nusers -> api -> cache -> graph\n",
        "api:   service x2             # hot\ncache: redis x3, memory 64GB  # warm\ngraph: postgres\nusers -> api -> cache -> graph\n",
    );
    check(
        "db: postgres, shards 12 by namespace, replicas 1, replication sync, read-from primary, read lognormal(p50 3ms, p99 20ms) # all\n",
        "db: postgres, shards 12 by namespace, replicas 1, replication sync, read-from primary,  # all\n    read lognormal(p50 3ms, p99 20ms)\n",
    );
}

/// The text files of the language that are kept in the repository.
fn kept(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            kept(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "dry") {
            found.push(path);
        }
    }
}

#[test]
fn every_design_of_the_repository_is_formatted() {
    let mut paths = Vec::new();
    for folder in ["problems", "content", "tests"] {
        kept(std::path::Path::new(folder), &mut paths);
    }
    // One is there to be pasted.
    paths.retain(|path| !path.ends_with("31-pasted-from-mermaid.dry"));
    assert!(paths.len() > 30);
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(format(&text), text, "{}: run `dryrun fmt` on it", path.display());
    }
}
