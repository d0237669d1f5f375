//! What each construct of the language means.

use super::catalogue::catalogue;
use super::outline::outline;
use dryrun::design::compile;
use dryrun::source::render;

#[test]
fn try_it() {
    for text in [
        "users -> lb -> api -> redis -> postgres",
        "users -> lb -> api -> redis -> postgres @ 5k/s, p99 < 100ms",
        "# Link shortener, 100M new links a day
web:   client, region us-east
edge:  cdn, ttl 24h
api:   service x12, work 2ms
cache: redis x3, memory 64GB, ttl 24h
db:    postgres, replicas 2, shards 4 by code

GET /{code} @ 115k/s, keys 1B zipf 0.9, p99 < 100ms, errors < 0.1%:
    web -> edge -> lb -> api -> cache -> db
POST /links @ 1.2k/s, p99 < 300ms:
    web -> lb -> api -> ids, db
    api ~> clicks: stream -> counter x4 -> db

api -> db: timeout 200ms, retry 2, backoff 50ms, jitter full

at 30s: kill cache/0 for 20s
at 90s: spike GET /{code} 5x for 15s
",
        "flowchart LR\n  A[Web] --> B[API Gateway]\n  B -->|reads| C[(Postgres primary)]\n  B -.-> D[(Kafka)]\n  D --> E[Order Worker]\n subgraph eu [EU]\n  C\n end\n",
        "a -> any 2 of (b & c & d), 80% e | 20% f, 10 * db, 200 & timelines, (cache.delete -> db.write), queue",
        "a -> b, c -> d",
        "a -> (b & c) -> db",
        "db: postgers, replica 2\nweb -> api -> dbb\nfoo bar baz qux quux\napi -> db: timeout 200\n",
        "us-east: { lb; api }\neu: {\n db: postgres\n}\nweb -> lb -> api <-> db\nus-east <-> eu: 80ms\n",
        "GET /a @ 500 users, think 2s: web -> api\nPOST /b @ 100M/day peak 3x: web -> api\n  api -> queue ~> worker\n",
    ] {
        let compiled = compile(text, &catalogue());
        println!("-----\n{text}\n=====\n{}\n{}", outline(&compiled.design), render("x", text, &compiled.diagnostics));
        println!("{:?}", compiled.design.scenario);
    }
}
