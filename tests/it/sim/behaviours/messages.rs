//! Queues, streams and their consumers.

use super::{Behaviour, alike, none, times};

pub const TABLE: &[Behaviour] = &[
    Behaviour {
        shows: "A queue takes the mail provider out of the user's wait",
        designs: &["mail-in-line", "mail-queued"],
        holds: |r| {
            times("p50", r[0].p50(), 20.0, r[1].p50())?;
            times("time until it is sent", r[1].lag(), 20.0, r[1].p99())
        },
    },
    Behaviour {
        shows: "A queue absorbs a spike: late, not lost",
        designs: &["queue-absorbs"],
        holds: |r| {
            none("errors", r[0].errors())?;
            times("waiting in the spike", r[0].part("jobs").queue_max as f64, 1.0, 500.0)?;
            times("waiting before", 5.0, 1.0, r[0].part_over("jobs", 0.0, 9.0, |p| p.queue))?;
            times("waiting in the end", 30.0, 1.0, r[0].part_over("jobs", 55.0, 60.0, |p| p.queue))
        },
    },
    Behaviour {
        shows: "Consumers that are too slow fall behind without end",
        designs: &["queue-falls-behind"],
        holds: |r| {
            times(
                "waiting",
                r[0].part_over("jobs", 15.0, 20.0, |p| p.queue),
                2.0,
                r[0].part_over("jobs", 3.0, 8.0, |p| p.queue),
            )?;
            times("named as the bottleneck", f64::from(u8::from(r[0].part("jobs").unstable)), 1.0, 1.0)
        },
    },
    Behaviour {
        shows: "Partitions bound the consumers of a group",
        designs: &["partitions-few", "partitions-many"],
        holds: |r| {
            times("lag", r[0].lag(), 10.0, r[1].lag())?;
            times("idle half", 0.55, 1.0, r[0].part("read").utilisation)
        },
    },
    Behaviour {
        shows: "A hot key is one partition's, and one consumer's",
        designs: &["stream-hot", "stream-unkeyed"],
        holds: |r| times("lag", r[0].lag(), 50.0, r[1].lag()),
    },
    Behaviour {
        shows: "A group stands still while it rebalances",
        designs: &["rebalance-slow", "rebalance-quick"],
        holds: |r| {
            times("lag", r[0].lag(), 10.0, r[1].lag())?;
            alike("rebalances", r[0].own("log", "rebalances"), r[1].own("log", "rebalances"), 0.0)
        },
    },
    Behaviour {
        shows: "Messages that always fail are put aside, or take the consumers' time for ever",
        designs: &["poison", "dead-letters"],
        holds: |r| {
            times("deliveries", r[0].own("jobs", "delivered again"), 5.0, r[1].own("jobs", "delivered again"))?;
            times("consumers busy", r[0].part("work").utilisation, 1.8, r[1].part("work").utilisation)?;
            times("put aside", r[1].own("jobs", "dead letters"), 1.0, 200.0)
        },
    },
    Behaviour {
        shows: "A visibility timeout below the work does it twice",
        designs: &["visibility-short", "visibility-long"],
        holds: |r| {
            times("work", r[0].part("work").arrivals_per_s, 1.2, r[1].part("work").arrivals_per_s)?;
            none("twice", r[1].own("jobs", "delivered again"))
        },
    },
    Behaviour {
        shows: "A full queue that refuses tells the producer",
        designs: &["full-reject", "full-drop"],
        holds: |r| {
            times("errors", r[0].errors(), 1.0, 0.1)?;
            none("errors of dropping", r[1].errors())?;
            times("dropped", r[1].own("jobs", "dropped messages"), 1.0, 200.0)
        },
    },
    Behaviour {
        shows: "A full queue that blocks turns overload into latency",
        designs: &["full-block", "full-drop"],
        holds: |r| {
            times("p50", r[0].p50(), 100.0, r[1].p50())?;
            none("errors", r[0].errors())?;
            none("dropped", r[0].own("jobs", "dropped messages"))
        },
    },
    Behaviour {
        shows: "Order within a key is one message of it at a time",
        designs: &["order-fifo", "order-any"],
        holds: |r| times("lag", r[0].lag(), 20.0, r[1].lag()),
    },
    Behaviour {
        shows: "Batches spare the broker for a little latency",
        designs: &["batch-none", "batch-linger"],
        holds: |r| {
            times("broker busy", r[0].part("log").utilisation, 10.0, r[1].part("log").utilisation)?;
            times("p50", r[1].p50(), 1.2, r[0].p50())
        },
    },
    Behaviour {
        shows: "A producer waits for as many replicas as it asks to",
        designs: &["acks-all", "acks-leader", "acks-none"],
        holds: |r| {
            times("all", r[0].p50(), 1.15, r[1].p50())?;
            times("the leader", r[1].p50(), 1.1, r[2].p50())
        },
    },
    Behaviour {
        shows: "What consumers miss for longer than the retention is gone",
        designs: &["retention-short", "retention-long"],
        holds: |r| {
            times("expired", r[0].own("log", "expired messages"), 1.0, 500.0)?;
            none("expired in a week", r[1].own("log", "expired messages"))?;
            times("caught up late", r[1].lag(), 2.0, r[0].lag())
        },
    },
    Behaviour {
        shows: "Consumers are added as messages pile up",
        designs: &["depth-fixed", "depth-scaled"],
        holds: |r| {
            times(
                "waiting half a minute later",
                r[0].part_over("jobs", 40.0, 60.0, |p| p.queue),
                10.0,
                r[1].part_over("jobs", 40.0, 60.0, |p| p.queue),
            )?;
            times("lag", r[0].lag(), 3.0, r[1].lag())
        },
    },
    Behaviour {
        shows: "Consumers that go as soon as the queue is empty are missed at the next burst",
        designs: &["depth-hasty", "depth-calm"],
        holds: |r| {
            let waiting = |run: &super::Run, from: f64| run.part_over("jobs", from, from + 20.0, |p| p.queue);
            alike("waiting in the first burst", waiting(&r[0], 10.0), waiting(&r[1], 10.0), 0.05)?;
            times("waiting in the second", waiting(&r[0], 60.0), 10.0, waiting(&r[1], 60.0))
        },
    },
    Behaviour {
        shows: "What waits counts in the lag, though it is never done with",
        designs: &["consumers-gone"],
        holds: |r| {
            times("age of the oldest", r[0].own("jobs", "age of the oldest"), 1.0, 9.0)?;
            times("lag", r[0].lag(), 0.9, r[0].own("jobs", "age of the oldest"))?;
            times("lag of the queue", r[0].part("jobs").lag_p99.unwrap_or(0.0), 0.9, 9.0)
        },
    },
    Behaviour {
        shows: "A window's result comes when it closes",
        designs: &["window-tumbling", "window-none"],
        holds: |r| times("lag", r[0].lag(), 100.0, r[1].lag()),
    },
    Behaviour {
        shows: "A sliding window speaks more often, a session after its silence",
        designs: &["window-session", "window-sliding"],
        holds: |r| times("p50 of lag", r[0].lag(), 5.0, r[1].lag()),
    },
    Behaviour {
        shows: "What was done since the last checkpoint is done again after a crash",
        designs: &["checkpoint-rare", "checkpoint-often"],
        holds: |r| {
            times("replayed", r[0].own("log", "replayed messages"), 3.0, r[1].own("log", "replayed messages").max(10.0))
        },
    },
    Behaviour {
        shows: "A delay queue delays",
        designs: &["delay-queue"],
        holds: |r| times("lag", r[0].flow(0).lag.as_ref().map_or(0.0, |lag| lag.p50), 1.0, 5.0),
    },
    Behaviour {
        shows: "A partition's limit throttles its producers",
        designs: &["broker-limit"],
        holds: |r| {
            times("throttled", r[0].failed_for("log throttled"), 1.0, 1000.0)?;
            alike("taken in", r[0].part("read").arrivals_per_s, 200.0, 0.1)
        },
    },
    Behaviour {
        shows: "Consumers that wait for batches are later",
        designs: &["consume-batch", "consume-one"],
        holds: |r| {
            times("lag", r[0].lag(), 5.0, r[1].lag())?;
            times("calls", r[1].part("work").arrivals_per_s, 5.0, r[0].part("work").arrivals_per_s)
        },
    },
    Behaviour {
        shows: "Fan-out on write makes reading one look-up; on read it is many",
        designs: &["fan-out-on-read", "fan-out-on-write"],
        holds: |r| {
            let home = |run: &super::Run| run.flow(1).latency.p50;
            times("p50 of reading", home(&r[0]), 2.5, home(&r[1]))?;
            times("look-ups", r[0].part("posts").arrivals_per_s, 20.0, r[0].flow(1).offered_per_s)
        },
    },
    Behaviour {
        shows: "A celebrity's copies hold everyone's up",
        designs: &["celebrity", "celebrity-cured"],
        holds: |r| times("lag of the others", r[0].lag(), 20.0, r[1].lag()),
    },
];
