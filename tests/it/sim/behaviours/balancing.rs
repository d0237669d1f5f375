//! Balancers, capacity, and servers that come and go.

use super::{Behaviour, alike, none, times};

pub const TABLE: &[Behaviour] = &[
    Behaviour {
        shows: "One server of four is slow: least connections sends it what it can take, round robin its turn",
        designs: &["slow-server-round-robin", "slow-server-least-connections"],
        holds: |r| {
            times("p99", r[0].p99(), 20.0, r[1].p99())?;
            times("busy", r[0].own("api", "wait p99"), 10.0, r[1].own("api", "wait p99"))
        },
    },
    Behaviour {
        shows: "One server of four is slow: two choices sends it what it can take, round robin its turn",
        designs: &["slow-server-round-robin", "slow-server-two-choices"],
        holds: |r| {
            times("p99", r[0].p99(), 20.0, r[1].p99())?;
            times("busy", r[0].own("api", "wait p99"), 10.0, r[1].own("api", "wait p99"))
        },
    },
    Behaviour {
        shows: "One server of four is slow: least time sends it what it can take, round robin its turn",
        designs: &["slow-server-round-robin", "slow-server-least-time"],
        holds: |r| {
            times("p99", r[0].p99(), 20.0, r[1].p99())?;
            times("busy", r[0].own("api", "wait p99"), 10.0, r[1].own("api", "wait p99"))
        },
    },
    Behaviour {
        shows: "One server of four is slow: weighted sends it what it can take, round robin its turn",
        designs: &["slow-server-round-robin", "slow-server-weighted"],
        holds: |r| {
            times("p99", r[0].p99(), 20.0, r[1].p99())?;
            times("busy", r[0].own("api", "wait p99"), 10.0, r[1].own("api", "wait p99"))
        },
    },
    Behaviour {
        shows: "A random split does no better than round robin by a slow server",
        designs: &["slow-server-random", "slow-server-least-time"],
        holds: |r| times("p99", r[0].p99(), 20.0, r[1].p99()),
    },
    Behaviour {
        shows: "Sticky sessions keep their clients at a slow server",
        designs: &["sticky", "sticky-cured"],
        holds: |r| {
            times("p99", r[0].p99(), 20.0, r[1].p99())?;
            alike("p99 before", r[0].over(0.0, 4.5, |p| p.p50), r[1].over(0.0, 4.5, |p| p.p50), 0.2)
        },
    },
    Behaviour {
        shows: "A dead server gets its share of requests until health checks have failed",
        designs: &["health-slow", "health-quick"],
        holds: |r| {
            times("failures", r[0].errors(), 5.0, r[1].errors())?;
            none("failures once it is noticed", r[1].failures(9.0, 28.0))?;
            none("failures once it is noticed late", r[0].failures(22.0, 28.0))?;
            times("failures until then", r[0].failures(6.0, 19.0), 0.2, r[0].flow(0).offered_per_s)
        },
    },
    Behaviour {
        shows: "The freer of two random servers beats a random one",
        designs: &["split-random", "split-two-choices"],
        holds: |r| times("p99", r[0].p99(), 3.0, r[1].p99()),
    },
    Behaviour {
        shows: "A balancer out of connections turns requests away while its servers idle",
        designs: &["balancer-connections", "balancer-connections-cured"],
        holds: |r| {
            times("refused", r[0].failed_for("takes no more connections"), 1.0, 500.0)?;
            none("errors of the cure", r[1].errors())?;
            times("idle servers", 0.5, 1.0, r[0].part("api").utilisation)
        },
    },
    Behaviour {
        shows: "A lost zone is survived by headroom and by nothing else",
        designs: &["zone-lost", "zone-lost-headroom"],
        holds: |r| {
            times("failures in the end", r[0].failures(30.0, 40.0), 1.0, 50.0)?;
            none("failures with headroom", r[1].failures(15.0, 40.0))?;
            times("p99 in the end", r[0].over(30.0, 40.0, |p| p.p99), 5.0, r[1].over(30.0, 40.0, |p| p.p99))
        },
    },
    Behaviour {
        shows: "A rolling deploy needs the headroom of one server",
        designs: &["deploy-tight", "deploy-headroom"],
        holds: |r| {
            times("p99", r[0].p99(), 10.0, r[1].p99())?;
            none("errors of an orderly deploy", r[1].errors())
        },
    },
    Behaviour {
        shows: "A server that isn't warmed up is felt at a deploy",
        designs: &["deploy-cold", "deploy-warm"],
        holds: |r| {
            times("p99", r[0].p99(), 10.0, r[1].p99())?;
            alike("p50", r[0].over(32.0, 40.0, |p| p.p50), r[1].over(32.0, 40.0, |p| p.p50), 0.3)
        },
    },
    Behaviour {
        shows: "An autoscaler is as quick as its servers start",
        designs: &["autoscale-slow", "autoscale-quick"],
        holds: |r| {
            times("failures", r[0].errors(), 4.0, r[1].errors())?;
            none("failures once they are there", r[1].failures(60.0, 90.0))?;
            times("servers", f64::from(r[1].part("api").instances), 2.0, 2.0)
        },
    },
    Behaviour {
        shows: "Garbage collection is in the tail and not in the median",
        designs: &["gc-pauses", "gc-none"],
        holds: |r| {
            times("p99", r[0].p99(), 5.0, r[1].p99())?;
            alike("p50", r[0].p50(), r[1].p50(), 0.25)
        },
    },
];
