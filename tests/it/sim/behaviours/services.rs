//! Push tiers, locks, workflows, blobs, limits.

use super::{Behaviour, alike, none, times};

pub const TABLE: &[Behaviour] = &[
    Behaviour {
        shows: "Clients that come back all at once swamp the nodes that are left",
        designs: &["reconnect-storm", "reconnect-spread"],
        holds: |r| {
            times("queue", r[0].part("hub").queue_max as f64, 20.0, r[1].part("hub").queue_max as f64)?;
            times("p99", r[0].p99(), 10.0, r[1].p99())
        },
    },
    Behaviour {
        shows: "A long poll costs a request a message more than an open connection",
        designs: &["long-poll", "websocket"],
        holds: |r| {
            times("busy", r[0].part("hub").utilisation, 1.5, r[1].part("hub").utilisation)?;
            times("p50", r[0].p50(), 1.5, r[1].p50())
        },
    },
    Behaviour {
        shows: "A poll brings a message when it comes, not when it is there",
        designs: &["poll", "websocket"],
        holds: |r| {
            times("lag", r[0].part("hub").lag_p99.unwrap_or(0.0), 1.0, 5.0)?;
            none("lag of a push", r[1].part("hub").lag_p99.unwrap_or(0.0))
        },
    },
    Behaviour {
        shows: "Heartbeats take their share of the cores",
        designs: &["heartbeats-often", "heartbeats-rare"],
        holds: |r| {
            times("busy", r[0].part("hub").utilisation, 2.0, r[1].part("hub").utilisation)?;
            times("p99", r[0].p99(), 2.0, r[1].p99())
        },
    },
    Behaviour {
        shows: "A message to ten thousand is ten thousand sends",
        designs: &["fan-out-push-large", "fan-out-push-small"],
        holds: |r| {
            times("p50", r[0].p50(), 50.0, r[1].p50())?;
            times("busy", r[0].part("hub").utilisation, 50.0, r[1].part("hub").utilisation)
        },
    },
    Behaviour {
        shows: "A lease shorter than the work lets two hold one lock",
        designs: &["lease-short", "lease-long"],
        holds: |r| {
            times("two holders", r[0].own("lock", "two holders at once"), 1.0, 10.0)?;
            none("two holders of a long lease", r[1].own("lock", "two holders at once"))
        },
    },
    Behaviour {
        shows: "Fencing keeps the late holder from doing harm",
        designs: &["lease-short", "lease-fenced"],
        holds: |r| {
            none("fenced off without tokens", r[0].own("lock", "fenced off"))?;
            times("two holders", r[1].own("lock", "two holders at once"), 1.0, 10.0)?;
            alike("fenced off", r[1].own("lock", "fenced off"), r[1].own("lock", "two holders at once"), 0.0)
        },
    },
    Behaviour {
        shows: "Few locks for many are waited for",
        designs: &["lock-contended", "lock-spread"],
        holds: |r| {
            times("mean", r[0].mean(), 5.0, r[1].mean())?;
            times("waits", r[0].own("lock", "lock waits"), 10.0, r[1].own("lock", "lock waits"))
        },
    },
    Behaviour {
        shows: "A holder's clock moves a Redlock lease and no consensus lease",
        designs: &["skew-redlock", "skew-consensus"],
        holds: |r| {
            times("expired", r[0].own("lock", "leases expired"), 1.0, 50.0)?;
            none("expired by consensus", r[1].own("lock", "leases expired"))
        },
    },
    Behaviour {
        shows: "Without a leader nothing is agreed",
        designs: &["election-slow", "election-quick"],
        holds: |r| {
            times("errors", r[0].errors(), 4.0, r[1].errors())?;
            none("errors after", r[0].failures(18.0, 40.0))
        },
    },
    Behaviour {
        shows: "A change reaches many watchers one after the other, and the writer does not wait for them",
        designs: &["watch-many", "watch-few", "watch-members"],
        holds: |r| {
            let last = |run: &super::Run| run.part("config").lag_p99.unwrap_or(0.0);
            times("the last of many", last(&r[0]), 20.0, last(&r[1]))?;
            times("the last of few is as far as the network", 0.005, 1.0, last(&r[1]))?;
            times("members share them", last(&r[0]), 3.0, last(&r[2]))?;
            times("the writer's median", 1.2 * r[1].p50(), 1.0, r[0].p50())?;
            alike("changes told", r[0].own("config", "changes told"), r[0].done() * 20.0, 0.05)?;
            none("locks", r[0].own("config", "locks taken"))
        },
    },
    Behaviour {
        shows: "A minority refuses",
        designs: &["majority-lost"],
        holds: |r| {
            times("failures during", r[0].failures(12.0, 20.0), 0.9, r[0].flow(0).offered_per_s)?;
            times("reason", r[0].failed_for("no quorum in conf"), 1.0, 300.0)?;
            none("failures after", r[0].failures(23.0, 40.0))
        },
    },
    Behaviour {
        shows: "Compensation is work",
        designs: &["workflow-compensates", "workflow-leaves"],
        holds: |r| {
            times("undone", r[0].own("flow", "compensations"), 1.0, 100.0)?;
            times("work", r[0].part("flow").utilisation, 1.1, r[1].part("flow").utilisation)
        },
    },
    Behaviour {
        shows: "A workflow that tries again hides failures",
        designs: &["workflow-fails", "workflow-retries"],
        holds: |r| times("errors", r[0].errors(), 20.0, r[1].errors()),
    },
    Behaviour {
        shows: "Every durable step is recorded before the next",
        designs: &["workflow-long", "workflow-short"],
        holds: |r| times("p50", r[0].p50(), 4.0, r[1].p50()),
    },
    Behaviour {
        shows: "Parts of an upload go at once",
        designs: &["upload-whole", "upload-parts"],
        holds: |r| times("p50", r[0].p50(), 5.0, r[1].p50()),
    },
    Behaviour {
        shows: "With a signed URL the data passes the servers by",
        designs: &["upload-through-api", "upload-presigned"],
        holds: |r| times("p99", r[0].p99(), 2.5, r[1].p99()),
    },
    Behaviour {
        shows: "One prefix has one prefix's limit",
        designs: &["prefix-one", "prefixes-many"],
        holds: |r| {
            times("errors", r[0].errors(), 1.0, 0.4)?;
            none("errors of many prefixes", r[1].errors())?;
            times("throttled", r[0].failed_for("files throttled"), 1.0, 1000.0)
        },
    },
    Behaviour {
        shows: "Fixed windows let more through than a log of the window",
        designs: &["limit-fixed-window", "limit-sliding-log"],
        holds: |r| times("let through", r[0].done(), 1.1, r[1].done()),
    },
    Behaviour {
        shows: "A sliding counter comes close to the log",
        designs: &["limit-sliding-counter", "limit-sliding-log"],
        holds: |r| alike("let through", r[0].done(), r[1].done(), 0.15),
    },
    Behaviour {
        shows: "A token bucket lets a saved-up burst through",
        designs: &["limit-token-bucket", "limit-sliding-log"],
        holds: |r| times("let through", r[0].done(), 1.3, r[1].done()),
    },
    Behaviour {
        shows: "A leaky bucket makes a burst wait that a token bucket lets through",
        designs: &["limit-leaky-bucket", "limit-token-bucket"],
        holds: |r| {
            times("p50", r[0].p50(), 50.0, r[1].p50())?;
            alike("let through", r[0].done(), r[1].done(), 0.05)
        },
    },
    Behaviour {
        shows: "A limit for each client is nobody else's",
        designs: &["limit-together", "limit-per-client"],
        holds: |r| times("errors", r[0].errors(), 10.0, r[1].errors()),
    },
    Behaviour {
        shows: "Gateways that count apart refuse what together they would let through",
        designs: &["limit-local", "limit-shared"],
        holds: |r| times("errors", r[0].failures(20.0, 40.0), 5.0, r[1].failures(20.0, 40.0)),
    },
    Behaviour {
        shows: "A partner's limit is yours",
        designs: &["partner-limit"],
        holds: |r| {
            alike("throughput", r[0].done(), 100.0, 0.03)?;
            times("throttled", r[0].failed_for("geo throttled"), 1.0, 1000.0)
        },
    },
];
