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
    check("a->b,(c->d)&e,80% f|20%(g->h)", "a -> b, (c -> d) & e, 80% f | 20% (g -> h)\n");
    check("a -> any 2 of (b & c & d) -> e", "a -> any 2 of (b & c & d) -> e\n");
    check("a -> 10*db, 200 & timelines", "a -> 10 * db, 200 & timelines\n");
    check("a -> (b, c) -> (d)", "a -> (b, c) -> d\n");
    check("a -> cache.delete -> db.write @ 5k", "a -> cache.delete -> db.write @ 5k\n");
}
