//! The placed diagram.
use super::catalogue::catalogue;
use dryrun::design::{compile, diagram};

#[test]
fn look() {
    for text in [
        "users -> lb -> api -> redis -> postgres",
        "web:   client, region us-east
edge:  cdn, ttl 24h
api:   service x12, work 2ms
cache: redis x3, memory 64GB, ttl 24h
db:    postgres, replicas 2, shards 4 by code
GET /{code} @ 115k/s, keys 1B zipf 0.9, p99 < 100ms, errors < 0.1%:
    web -> edge -> lb -> api -> cache -> db
POST /links @ 1.2k/s, p99 < 300ms:
    web -> lb -> api -> ids, db
    api ~> clicks: stream -> counter x4 -> db
",
        "a -> any 2 of (b & c & d), 80% e | 20% f, 10 * db, 200 & timelines, (cache.delete -> db.write), queue",
        "region us: lb, api, cache, db\nregion eu: lb2, api2, db2\ndb2: sql\nlb2: lb\nusers -> lb -> api -> cache, db\nus2: client\nus2 -> lb2 -> api2 -> db2\ndb ~> db2",
        "users -> a -> b -> c -> a\nb -> b",
        "GET /feed @ 50k/s: app -> cdn -> lb -> gateway -> feed -> timeline: redis x8, posts: cassandra
POST /post @ 2k/s: app -> lb -> gateway -> post -> posts, media: s3
   post ~> events: kafka -> fanout: worker x10 -> timeline, graph: neo4j
   events ~> indexer -> es: elasticsearch
GET /search @ 3k/s: app -> lb -> gateway -> search-api -> es
   ",
    ] {
        let compiled = compile(text, &catalogue());
        let placed = diagram(&compiled.design);
        println!("{text}\n{}\n", placed.to_text(false));
    }
}
