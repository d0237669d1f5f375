//! Timeouts, retries, breakers, and what fails with what.

use super::{Behaviour, alike, none, times};

pub const TABLE: &[Behaviour] = &[
    Behaviour {
        shows: "A request that gave up shows where it stood",
        designs: &["traced-failures"],
        holds: |r| {
            times("errors", r[0].errors(), 1.0, 0.01)?;
            let failed = r[0].flow(0).failed().ok_or("no failed request was traced")?;
            if failed.failure.as_deref() != Some("timed out waiting for api") {
                return Err(format!("it failed for {:?}", failed.failure));
            }
            alike("it failed when its caller gave up", failed.latency, 0.3, 0.01)?;
            let waited = failed.spans.iter().map(|span| span.service - span.start).fold(0.0, f64::max);
            times("waiting in the queue of the store", waited, 0.8, failed.latency)?;
            let slowest = r[0].flow(0).answered().map_or(0.0, |(_, slowest)| slowest.latency);
            times("those answered are quicker", failed.latency, 1.0, slowest)
        },
    },
    Behaviour {
        shows: "A hedge tames the tail for a little extra work",
        designs: &["tail", "tail-hedged"],
        holds: |r| {
            times("p99", r[0].p99(), 2.0, r[1].p99())?;
            times("p999", r[0].flow(0).latency.p999, 3.0, r[1].flow(0).latency.p999)?;
            alike("work", r[0].part("leaf").arrivals_per_s, r[1].part("leaf").arrivals_per_s, 0.2)
        },
    },
    Behaviour {
        shows: "Retries keep a database overloaded long after the spike; a budget ends it",
        designs: &["metastable", "metastable-cured"],
        holds: |r| {
            none("failures before", r[0].failures(0.0, 14.0))?;
            times("failures long after", r[0].failures(45.0, 60.0), 0.5, r[0].flow(0).offered_per_s)?;
            none("failures long after, with a budget", r[1].failures(35.0, 60.0))
        },
    },
    Behaviour {
        shows: "A retry storm outlives the slowness that began it",
        designs: &["retry-storm", "retry-storm-cured"],
        holds: |r| {
            times("load on the database", r[0].part("db").arrivals_per_s, 2.0, r[1].part("db").arrivals_per_s)?;
            times("goodput", r[1].done(), 2.0, r[0].done())?;
            times("failures after", r[0].failures(15.0, 20.0), 10.0, r[1].failures(15.0, 20.0))
        },
    },
    Behaviour {
        shows: "Jitter lets refused clients back in one by one",
        designs: &["retry-waves", "retry-jitter"],
        holds: |r| {
            times("attempts", r[0].part("api").arrivals_per_s, 1.5, r[1].part("api").arrivals_per_s)?;
            times("p99", r[0].p99(), 4.0, r[1].p99())
        },
    },
    Behaviour {
        shows: "Retries at three layers multiply",
        designs: &["retries-in-layers", "retries-in-one-layer"],
        holds: |r| {
            alike("load", r[0].part("c").arrivals_per_s, 27.0 * r[0].flow(0).offered_per_s, 0.05)?;
            alike("load of one layer", r[1].part("c").arrivals_per_s, 3.0 * r[1].flow(0).offered_per_s, 0.05)
        },
    },
    Behaviour {
        shows: "Retries hide independent errors",
        designs: &["errors-bare", "errors-retried"],
        holds: |r| times("errors", r[0].errors(), 20.0, r[1].errors()),
    },
    Behaviour {
        shows: "A breaker spares a dependency that hangs, and brings it back sooner",
        designs: &["no-breaker", "breaker"],
        holds: |r| {
            times("work for nobody", r[0].own("rec", "served for nobody"), 4.0, r[1].own("rec", "served for nobody"))?;
            times("goodput", r[1].done(), 2.0, r[0].done())?;
            none("failures in the end", r[1].failures(32.0, 40.0))?;
            times("refused", r[1].failed_for("breaker to rec open"), 1.0, 1000.0)
        },
    },
    Behaviour {
        shows: "A bulkhead keeps one hanging dependency from taking all threads",
        designs: &["no-bulkhead", "bulkhead"],
        holds: |r| {
            times("errors of the shop", r[0].errors(), 1.0, 0.15)?;
            none("errors of the shop behind a bulkhead", r[1].errors())
        },
    },
    Behaviour {
        shows: "A connection pool that is too small makes requests wait before an idle database",
        designs: &["pool-exhausted", "pool-enough"],
        holds: |r| {
            times("p99", r[0].p99(), 5.0, r[1].p99())?;
            times("idle database", 0.3, 1.0, r[0].part("db").utilisation)
        },
    },
    Behaviour {
        shows: "A short wait for a connection fails some and keeps the others quick",
        designs: &["pool-waits", "pool-gives-up"],
        holds: |r| {
            times("p99", r[0].p99(), 5.0, r[1].p99())?;
            times("given up", r[1].failed_for("no free connection"), 1.0, 100.0)?;
            none("given up with a long wait", r[0].failed_for("no free connection"))
        },
    },
    Behaviour {
        shows: "A database's connections are shared by all servers",
        designs: &["database-connections", "database-connections-cured"],
        holds: |r| {
            times("refused", r[0].failed_for("queue of db full"), 1.0, 1000.0)?;
            none("refused with connections enough", r[1].errors())
        },
    },
    Behaviour {
        shows: "Shedding at the door keeps the answers quick that are given",
        designs: &["no-shedding", "shedding"],
        holds: |r| {
            times("mean", r[0].mean(), 3.0, r[1].mean())?;
            alike("goodput", r[0].done(), r[1].done(), 0.05)?;
            times("shed", r[1].failed_for("shed load"), 1.0, 500.0)
        },
    },
    Behaviour {
        shows: "Without its cache a database drowns",
        designs: &["cache-lost"],
        holds: |r| {
            none("failures before", r[0].failures(0.0, 9.0))?;
            times("failures during", r[0].failures(11.0, 18.0), 0.3, r[0].flow(0).offered_per_s)?;
            times(
                "load on the database",
                r[0].part_over("db", 11.0, 18.0, |p| p.arrivals),
                5.0,
                r[0].part_over("db", 0.0, 9.0, |p| p.arrivals),
            )
        },
    },
    Behaviour {
        shows: "Lost packets become delay, not errors",
        designs: &["loss", "loss-none"],
        holds: |r| {
            times("p999", r[0].flow(0).latency.p999, 10.0, r[1].flow(0).latency.p999)?;
            none("errors", r[0].errors())?;
            alike("p50", r[0].p50(), r[1].p50(), 0.15)
        },
    },
    Behaviour {
        shows: "A partition is waited out unless a timeout ends the wait",
        designs: &["partition", "partition-timeout"],
        holds: |r| {
            none("errors of those who wait", r[0].errors())?;
            times("slowest", r[0].flow(0).latency.max, 1.0, 4.0)?;
            times("errors of those who don't", r[1].failures(6.0, 10.0), 0.8, r[1].flow(0).offered_per_s)?;
            none("errors after", r[1].failures(12.0, 20.0))
        },
    },
    Behaviour {
        shows: "A narrow link is a server with a queue",
        designs: &["link-narrow", "link-wide"],
        holds: |r| times("p99", r[0].p99(), 3.0, r[1].p99()),
    },
    Behaviour {
        shows: "A delay on an arrow is in every answer",
        designs: &["delayed"],
        holds: |r| times("after", r[0].over(11.0, 20.0, |p| p.p50), 1.0, 0.1 + 0.9 * r[0].over(0.0, 9.0, |p| p.p50)),
    },
    Behaviour {
        shows: "A partner's outage fails the requests that need it and no others",
        designs: &["partner-down"],
        holds: |r| {
            times("failures during", r[0].failures(11.0, 20.0), 0.9, r[0].flow(0).offered_per_s)?;
            none("failures of the others", r[0].flow(1).error_ratio)?;
            none("failures after", r[0].failures(22.0, 30.0))
        },
    },
];
