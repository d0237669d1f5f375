//! Caches and edges.

use super::{Behaviour, alike, none, times};

pub const TABLE: &[Behaviour] = &[
    Behaviour {
        shows: "A stampede, and single flight as its cure",
        designs: &["stampede", "stampede-cured"],
        holds: |r| {
            times("load on the database", r[0].part("db").arrivals_per_s, 20.0, r[1].part("db").arrivals_per_s)?;
            times("p99", r[0].p99(), 5.0, r[1].p99())?;
            times("joined", r[1].own("cache", "coalesced misses"), 1.0, 500.0)
        },
    },
    Behaviour {
        shows: "A cold cache lets the whole load through",
        designs: &["cache-cold", "cache-warm"],
        holds: |r| {
            times("load on the database", r[0].part("db").arrivals_per_s, 20.0, r[1].part("db").arrivals_per_s)?;
            times("p99", r[0].p99(), 20.0, r[1].p99())?;
            times(
                "its misses in the beginning",
                r[0].part_over("db", 0.0, 2.0, |p| p.arrivals),
                3.0,
                r[0].part_over("db", 15.0, 20.0, |p| p.arrivals),
            )
        },
    },
    Behaviour {
        shows: "A node that dies takes its own entries with it and no others'",
        designs: &["cache-node-lost", "cache-nodes-alive"],
        holds: |r| {
            let hits = |run: &super::Run| run.part("cache").hit_ratio.unwrap_or(0.0);
            alike("hit ratio of the nodes that answer", hits(&r[0]), hits(&r[1]), 0.01)?;
            // An eighth of the requests goes past it, where two thirds of them were hits.
            times("database", r[0].part("db").arrivals_per_s, 1.05, r[1].part("db").arrivals_per_s)
        },
    },
    Behaviour {
        shows: "What is thrown out first decides the hit ratio",
        designs: &["evict-lfu", "evict-lru", "evict-fifo"],
        holds: |r| {
            times(
                "least frequent",
                r[0].part("cache").hit_ratio.unwrap_or(0.0),
                1.03,
                r[1].part("cache").hit_ratio.unwrap_or(0.0),
            )?;
            times(
                "least recent",
                r[1].part("cache").hit_ratio.unwrap_or(0.0),
                1.03,
                r[2].part("cache").hit_ratio.unwrap_or(0.0),
            )
        },
    },
    Behaviour {
        shows: "Ten times the memory, far fewer misses, though not a tenth",
        designs: &["cache-small", "cache-large"],
        holds: |r| {
            let misses = |run: &super::Run| run.part("db").arrivals_per_s;
            times("misses", misses(&r[0]), 1.5, misses(&r[1]))?;
            times("not a tenth", misses(&r[1]), 0.1, misses(&r[0]))
        },
    },
    Behaviour {
        shows: "Large items fill the memory with few of them",
        designs: &["item-large", "item-small"],
        holds: |r| times("misses", r[0].part("db").arrivals_per_s, 1.5, r[1].part("db").arrivals_per_s),
    },
    Behaviour {
        shows: "Fresher is costlier: a short time to live is paid for in misses",
        designs: &["ttl-short", "ttl-long"],
        holds: |r| times("misses", r[0].part("db").arrivals_per_s, 20.0, r[1].part("db").arrivals_per_s),
    },
    Behaviour {
        shows: "A hot key keeps one shard busy; copies share it",
        designs: &["hot-key", "hot-key-cured"],
        holds: |r| {
            times("busiest shard", r[0].part("cache").utilisation, 2.0, r[1].part("cache").utilisation)?;
            times("p99", r[0].p99(), 2.0, r[1].p99())
        },
    },
    Behaviour {
        shows: "A key that becomes hot overloads its shard while it lasts",
        designs: &["hot-key-comes"],
        holds: |r| {
            none("failures before", r[0].failures(0.0, 9.0))?;
            times("failures during", r[0].failures(12.0, 20.0), 1.0, 100.0)?;
            none("failures after", r[0].failures(22.0, 30.0))
        },
    },
    Behaviour {
        shows: "A lost cache node is a quarter of the entries lost, unless there are copies",
        designs: &["shard-lost", "shard-replicated"],
        holds: |r| {
            times("misses", r[0].part("db").arrivals_per_s, 5.0, r[1].part("db").arrivals_per_s)?;
            none("errors", r[0].errors())
        },
    },
    Behaviour {
        shows: "Write-back is quick, spares the database, and loses what it had not flushed",
        designs: &["write-back", "write-through"],
        holds: |r| {
            times("p50 of writing through", r[1].p50(), 3.0, r[0].p50())?;
            times("writes of the database", r[1].part("db").arrivals_per_s, 3.0, r[0].part("db").arrivals_per_s)?;
            times("lost writes", r[0].own("cache", "lost writes"), 1.0, 10.0)?;
            none("lost writes of writing through", r[1].own("cache", "lost writes"))
        },
    },
    Behaviour {
        shows: "Taking an entry out on every write costs hits",
        designs: &["write-aside", "write-renews"],
        holds: |r| {
            times("hits", r[1].part("cache").hit_ratio.unwrap_or(0.0), 1.2, r[0].part("cache").hit_ratio.unwrap_or(0.0))
        },
    },
    Behaviour {
        shows: "Writing around a cache leaves its entries, and their age",
        designs: &["write-around", "write-aside"],
        holds: |r| {
            times(
                "hits",
                r[0].part("cache").hit_ratio.unwrap_or(0.0),
                1.2,
                r[1].part("cache").hit_ratio.unwrap_or(0.0),
            )?;
            alike("writes", r[0].part("db").arrivals_per_s, r[0].flow(1).offered_per_s, 0.05)
        },
    },
    Behaviour {
        shows: "A shield asks the origin once for all edges",
        designs: &["edges", "edges-shielded"],
        holds: |r| {
            times("load on the origin", r[0].part("api").arrivals_per_s, 5.0, r[1].part("api").arrivals_per_s)?;
            times("shield hits", r[1].own("edge", "shield hits"), 1.0, 1000.0)
        },
    },
    Behaviour {
        shows: "More edges see fewer requests each and hit less",
        designs: &["edges-many", "edges-few"],
        holds: |r| times("load on the origin", r[0].part("api").arrivals_per_s, 2.0, r[1].part("api").arrivals_per_s),
    },
    Behaviour {
        shows: "A dead cache is passed by; a dead read-through cache is in the way",
        designs: &["read-through-down", "aside-down"],
        holds: |r| {
            times("errors", r[0].errors(), 1.0, 0.4)?;
            none("errors of going past it", r[1].errors())?;
            times("load on the database", r[1].part("db").arrivals_per_s, 3.0, r[0].part("db").arrivals_per_s)
        },
    },
    Behaviour {
        shows: "A flushed cache fills again, hottest keys first",
        designs: &["flushed"],
        holds: |r| {
            times(
                "misses at first",
                r[0].part_over("db", 10.0, 11.5, |p| p.arrivals),
                10.0,
                r[0].part_over("db", 0.0, 9.0, |p| p.arrivals),
            )?;
            times(
                "misses later",
                r[0].part_over("db", 10.0, 11.5, |p| p.arrivals),
                3.0,
                r[0].part_over("db", 20.0, 30.0, |p| p.arrivals),
            )
        },
    },
];
