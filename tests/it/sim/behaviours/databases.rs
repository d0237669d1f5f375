//! Databases, key-value stores, indexes.

use super::{Behaviour, alike, none, times};

pub const TABLE: &[Behaviour] = &[
    Behaviour {
        shows: "Read replicas take the reads off the primary",
        designs: &["reads-one-node", "read-replicas"],
        holds: |r| {
            times("p99", r[0].p99(), 5.0, r[1].p99())?;
            times("errors", r[0].errors(), 1.0, 0.1)?;
            none("errors with replicas", r[1].errors())
        },
    },
    Behaviour {
        shows: "A reader soon after a writer meets replication lag, unless it reads its own writes",
        designs: &["stale-reads", "read-your-writes"],
        holds: |r| times("stale reads", r[0].own("db", "stale reads"), 5.0, r[1].own("db", "stale reads")),
    },
    Behaviour {
        shows: "Replicas that fall behind give stale answers",
        designs: &["lag-fault"],
        holds: |r| times("stale reads", r[0].own("db", "stale reads"), 1.0, 0.1),
    },
    Behaviour {
        shows: "Synchronous replication pays for every write and loses none",
        designs: &["replicate-sync", "replicate-async"],
        holds: |r| {
            times("p50", r[0].p50(), 1.08, r[1].p50())?;
            none("lost writes", r[0].own("db", "lost writes"))?;
            times("lost writes without", r[1].own("db", "lost writes"), 1.0, 20.0)
        },
    },
    Behaviour {
        shows: "A failover refuses writes until it is noticed and done; replicas go on reading",
        designs: &["failover-slow", "failover-quick"],
        holds: |r| {
            times("refused writes", r[0].flow(1).error_ratio, 4.0, r[1].flow(1).error_ratio)?;
            none("refused reads", r[0].errors())?;
            times("reasons", r[0].failed_for("db has no primary"), 1.0, 500.0)?;
            alike("failovers", r[0].own("db", "failovers"), 1.0, 0.0)
        },
    },
    Behaviour {
        shows: "Without a replica nothing is answered until the node is back",
        designs: &["no-replica"],
        holds: |r| {
            alike("failures during", r[0].failures(11.0, 20.0), r[0].over(11.0, 20.0, |p| p.arrivals), 0.01)?;
            none("failures after", r[0].failures(22.0, 30.0))
        },
    },
    Behaviour {
        shows: "A hot partition is throttled while the others have room",
        designs: &["hot-partition", "hot-partition-cured"],
        holds: |r| {
            times("errors", r[0].errors(), 1.0, 0.2)?;
            times("throttled", r[0].failed_for("db throttled"), 1.0, 1000.0)?;
            none("errors of an even spread", r[1].errors())
        },
    },
    Behaviour {
        shows: "Quorums that overlap are never stale, and a little slower",
        designs: &["quorum-loose", "quorum"],
        holds: |r| {
            times("stale reads", r[0].own("db", "stale reads"), 1.0, 0.01)?;
            none("stale reads of the quorum", r[1].own("db", "stale reads"))?;
            times("p99", r[1].p99(), 1.0, r[0].p99())
        },
    },
    Behaviour {
        shows: "A quorum of all can't do without one; a majority can",
        designs: &["quorum-all", "quorum-majority"],
        holds: |r| {
            times("errors during", r[0].failures(6.0, 24.0), 0.3, r[0].flow(0).offered_per_s)?;
            none("errors of the majority", r[1].errors())?;
            times("no quorum", r[0].failed_for("no quorum in db"), 1.0, 1000.0)
        },
    },
    Behaviour {
        shows: "Hinted handoff keeps the writes of a node that is down",
        designs: &["quorum-all", "hinted-handoff"],
        holds: |r| {
            times("errors", r[0].errors(), 1.0, 0.2)?;
            none("errors with hints", r[1].errors())?;
            times("hints", r[1].own("db", "hinted writes"), 1.0, 1000.0)
        },
    },
    Behaviour {
        shows: "Read repair mends what a stale read has found",
        designs: &["repair-none", "read-repair"],
        holds: |r| {
            times("stale reads", r[0].own("db", "stale reads"), 2.0, r[1].own("db", "stale reads"))?;
            times("repairs", r[1].own("db", "read repairs"), 1.0, 10.0)
        },
    },
    Behaviour {
        shows: "A leader is one more stop on a write's way",
        designs: &["leader-based", "leaderless"],
        holds: |r| {
            times("p50", r[0].p50(), 1.05, r[1].p50())?;
            times("p99", r[0].p99(), 1.1, r[1].p99())
        },
    },
    Behaviour {
        shows: "Virtual nodes even the shares of a ring out",
        designs: &["ring-bare", "ring-virtual"],
        holds: |r| times("busiest node", r[0].part("db").utilisation, 1.3, r[1].part("db").utilisation),
    },
    Behaviour {
        shows: "Compaction stalls are in the tail",
        designs: &["compaction", "compaction-none"],
        holds: |r| times("p99", r[0].p99(), 10.0, r[1].p99()),
    },
    Behaviour {
        shows: "Checkpoints that stall are in the tail and not in the median",
        designs: &["checkpoints", "checkpoints-none"],
        holds: |r| {
            times("p99", r[0].p99(), 10.0, r[1].p99())?;
            alike("p50", r[0].p50(), r[1].p50(), 0.2)
        },
    },
    Behaviour {
        shows: "Shards share the writes",
        designs: &["writes-one-shard", "writes-sharded"],
        holds: |r| {
            times("p99", r[0].p99(), 5.0, r[1].p99())?;
            times("errors", r[0].errors(), 1.0, 0.2)?;
            none("errors of shards", r[1].errors())
        },
    },
    Behaviour {
        shows: "A query without the shard key asks all shards and waits for the slowest",
        designs: &["shard-scatter", "shard-keyed"],
        holds: |r| {
            times("p50", r[0].p50(), 2.5, r[1].p50())?;
            times("busiest shard", r[0].part("db").utilisation, 4.0, r[1].part("db").utilisation)
        },
    },
    Behaviour {
        shows: "Rows spread by no key are looked for everywhere",
        designs: &["shard-no-key", "shard-keyed"],
        holds: |r| {
            times("p50", r[0].p50(), 2.5, r[1].p50())?;
            times("busiest shard", r[0].part("db").utilisation, 4.0, r[1].part("db").utilisation)
        },
    },
    Behaviour {
        shows: "A query without an index reads the table",
        designs: &["no-index", "index"],
        holds: |r| {
            times("p50", r[0].p50(), 50.0, r[1].p50())?;
            times("utilisation", r[0].part("db").utilisation, 50.0, r[1].part("db").utilisation)
        },
    },
    Behaviour {
        shows: "A hot row lets its writers in one by one",
        designs: &["row-lock-hot", "row-lock-spread"],
        holds: |r| {
            times("p50", r[0].p50(), 2.0, r[1].p50())?;
            times("lock waits", r[0].own("db", "lock waits"), 20.0, r[1].own("db", "lock waits"))
        },
    },
    Behaviour {
        shows: "On a hot row optimistic writers do their work again, pessimistic ones wait",
        designs: &["optimistic-hot", "pessimistic-hot"],
        holds: |r| {
            times("conflicts", r[0].own("db", "write conflicts"), 1.0, 500.0)?;
            none("conflicts of those who wait", r[1].own("db", "write conflicts"))?;
            times("starts over", r[0].own("db", "write conflicts"), 10.0, r[0].done())?;
            times("p50 of waiting", r[1].p50(), 1.5, r[0].p50())
        },
    },
    Behaviour {
        shows: "Two-phase commit takes another round and fails with any of its shards",
        designs: &["two-phase-commit", "one-shard-commit"],
        holds: |r| {
            times("p50", r[0].p50(), 1.3, r[1].p50())?;
            times("errors", r[0].errors(), 2.5, r[1].errors())
        },
    },
    Behaviour {
        shows: "A saga answers after one local write, and the rest is done later",
        designs: &["two-phase-commit", "saga"],
        holds: |r| {
            times("p50", r[0].p50(), 1.2, r[1].p50())?;
            times("the rest", r[1].lag(), 1.0, r[1].p50())
        },
    },
    Behaviour {
        shows: "Two-phase commit holds its locks for both rounds",
        designs: &["two-phase-locks", "one-phase-locks"],
        holds: |r| {
            times("p99", r[0].p99(), 20.0, r[1].p99())?;
            times("goodput", r[1].done(), 1.5, r[0].done())
        },
    },
    Behaviour {
        shows: "A full disk refuses writes and answers reads",
        designs: &["disk-full"],
        holds: |r| {
            none("failures before", r[0].failures(0.0, 6.0))?;
            times("failures when it is full", r[0].failures(16.0, 20.0), 1.0, 50.0)?;
            times("reason", r[0].failed_for("db has no room for writes"), 1.0, 300.0)?;
            none("failed reads", r[0].flow(1).error_ratio)
        },
    },
    Behaviour {
        shows: "A disk that is filled refuses writes until there is room",
        designs: &["disk-filled"],
        holds: |r| {
            times("failures during", r[0].failures(11.0, 20.0), 0.9, r[0].flow(0).offered_per_s)?;
            none("failures after", r[0].failures(22.0, 30.0))?;
            none("failed reads", r[0].flow(1).error_ratio)
        },
    },
    Behaviour {
        shows: "A search waits for its slowest shard",
        designs: &["search-scatter", "search-one"],
        holds: |r| times("p50", r[0].p50(), 3.0, r[1].p50()),
    },
    Behaviour {
        shows: "Copies of the shards share the queries",
        designs: &["search-copies-none", "search-copies"],
        holds: |r| {
            times("p99", r[0].p99(), 4.0, r[1].p99())?;
            none("errors of copies", r[1].errors())
        },
    },
    Behaviour {
        shows: "A document is found after the next refresh",
        designs: &["refresh-slow", "refresh-quick"],
        holds: |r| {
            let lag = |run: &super::Run| run.part("index").lag_p99.unwrap_or(0.0);
            times("time until it is found", lag(&r[0]), 10.0, lag(&r[1]))?;
            alike("write", r[0].p50(), r[1].p50(), 0.05)
        },
    },
    Behaviour {
        shows: "An index behind change data capture is later than the write",
        designs: &["cdc"],
        holds: |r| {
            times("time until it is found", r[0].lag() + r[0].part("index").lag_p99.unwrap_or(0.0), 20.0, r[0].p99())
        },
    },
];
