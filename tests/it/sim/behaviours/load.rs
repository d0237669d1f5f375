//! Load, queues, and what requests do to each other.

use super::{Behaviour, alike, none, times};

pub const TABLE: &[Behaviour] = &[
    Behaviour {
        shows: "Near full load requests wait many times their work",
        designs: &["knee", "half-load"],
        holds: |r| {
            times("p99", r[0].p99(), 3.0, r[1].p99())?;
            times("wait", r[0].part("api").wait_mean, 8.0, r[1].part("api").wait_mean)
        },
    },
    Behaviour {
        shows: "One queue for all servers beats a queue for each",
        designs: &["split-queues", "pooled-queue"],
        holds: |r| {
            times("wait", r[0].part("api").wait_mean, 2.0, r[1].part("api").wait_mean)?;
            alike("throughput", r[0].done(), r[1].done(), 0.01)
        },
    },
    Behaviour {
        shows: "A longer queue under a lasting overload gets no more done, and that late",
        designs: &["queue-long", "queue-short"],
        holds: |r| {
            times("mean latency", r[0].mean(), 10.0, r[1].mean())?;
            alike("work done", r[0].part("api").served_per_s, r[1].part("api").served_per_s, 0.03)?;
            times("queue", r[0].part("api").queue_max as f64, 10.0, r[1].part("api").queue_max as f64)
        },
    },
    Behaviour {
        shows: "Last in, first out answers somebody under overload; first in, first out nobody",
        designs: &["overload-fifo", "overload-lifo"],
        holds: |r| {
            times("goodput", r[1].done(), 5.0, r[0].done())?;
            alike("work done", r[0].part("api").served_per_s, r[1].part("api").served_per_s, 0.03)
        },
    },
    Behaviour {
        shows: "A long job holds up the short ones behind it; shared servers let them pass",
        designs: &["head-of-line", "head-of-line-cured"],
        holds: |r| times("p50", r[0].p50(), 4.0, r[1].p50()),
    },
    Behaviour {
        shows: "Priority lets the important requests pass an overloaded server",
        designs: &["priority-none", "priority"],
        holds: |r| {
            times("p99 of the important", r[0].p99(), 20.0, r[1].p99())?;
            times("p50 of the rest", r[1].flow(1).latency.p50, 1.0, r[0].flow(1).latency.p50)
        },
    },
    Behaviour {
        shows: "A silent drop costs clients a second and more, a refusal nothing",
        designs: &["overflow-drop", "overflow-reject"],
        holds: |r| {
            times("p99", r[0].p99(), 5.0, r[1].p99())?;
            none("silent refusals", r[0].failed_for("queue of api"))?;
            times("refusals", r[1].failed_for("queue of api"), 1.0, 1.0)
        },
    },
    Behaviour {
        shows: "Users who wait for their answers hide an overload that independent users show",
        designs: &["open-loop", "closed-loop"],
        holds: |r| {
            times("errors", r[0].errors(), 5.0, r[1].errors())?;
            none("errors of the closed loop", r[1].errors())?;
            alike("throughput", r[0].done(), r[1].done(), 0.03)
        },
    },
    Behaviour {
        shows: "Bursts wait for themselves, even spacing hardly at all",
        designs: &["arrivals-batch", "arrivals-poisson", "arrivals-fixed"],
        holds: |r| {
            times("p99 of bursts", r[0].p99(), 5.0, r[1].p99())?;
            times("wait of chance", r[1].part("api").wait_mean, 1.5, r[2].part("api").wait_mean)
        },
    },
    Behaviour {
        shows: "A day's peak, and not its mean, must be provided for",
        designs: &["diurnal", "diurnal-flat"],
        holds: |r| {
            times("p99", r[0].p99(), 8.0, r[1].p99())?;
            alike("mean load", r[0].flow(0).offered_per_s, r[1].flow(0).offered_per_s, 0.1)
        },
    },
    Behaviour {
        shows: "A spike is forgotten seconds after it has gone",
        designs: &["spike"],
        holds: |r| {
            times("during", r[0].over(11.0, 14.0, |p| p.p99), 10.0, r[0].over(0.0, 9.0, |p| p.p99))?;
            alike("after", r[0].over(25.0, 40.0, |p| p.p50), r[0].over(0.0, 9.0, |p| p.p50), 0.3)
        },
    },
    Behaviour {
        shows: "A load that grows is followed up by the server",
        designs: &["ramp"],
        holds: |r| {
            times("arrivals", r[0].over(12.0, 20.0, |p| p.arrivals), 1.3, r[0].over(0.0, 4.0, |p| p.arrivals))?;
            times(
                "utilisation",
                r[0].part_over("api", 12.0, 20.0, |p| p.utilisation),
                1.3,
                r[0].part_over("api", 0.0, 4.0, |p| p.utilisation),
            )
        },
    },
    Behaviour {
        shows: "Behind a timeout an overloaded server works for callers that have gone",
        designs: &["work-for-nobody"],
        holds: |r| {
            times("busy", r[0].part("api").utilisation, 1.0, 0.97)?;
            times("work for nobody", r[0].own("api", "served for nobody"), 0.9, r[0].part("api").served_per_s * 20.0)?;
            times("errors", r[0].errors(), 1.0, 0.9)
        },
    },
    Behaviour {
        shows: "The queue shows an overload before the first loss",
        designs: &["warning-first"],
        holds: |r| {
            none("losses", r[0].failures(0.0, 30.0))?;
            times(
                "queue before the first loss",
                r[0].part_over("api", 25.0, 35.0, |p| p.queue),
                5.0,
                r[0].part_over("api", 0.0, 5.0, |p| p.queue),
            )?;
            times("losses later", r[0].failures(50.0, 60.0), 1.0, 5.0)
        },
    },
    Behaviour {
        shows: "An N+1 query multiplies latency and the database's load",
        designs: &["n-plus-one", "n-plus-one-cured"],
        holds: |r| {
            times("p50", r[0].p50(), 8.0, r[1].p50())?;
            times("queries", r[0].part("db").arrivals_per_s, 10.0, r[1].part("db").arrivals_per_s)
        },
    },
    Behaviour {
        shows: "Waiting for twenty makes the tail of one the median of all",
        designs: &["fan-out-twenty", "fan-out-one"],
        holds: |r| {
            times("median of all", r[0].p50(), 1.0, r[1].flow(0).latency.p90)?;
            times("median", r[0].p50(), 4.0, r[1].p50())
        },
    },
    Behaviour {
        shows: "The first two of three answers leave the slowest out",
        designs: &["all-of-three", "first-two-of-three"],
        holds: |r| {
            times("p99", r[0].p99(), 2.0, r[1].p99())?;
            alike("calls", r[0].part("leaf").arrivals_per_s, r[1].part("leaf").arrivals_per_s, 0.02)
        },
    },
    Behaviour {
        shows: "A round trip to another continent, ten times over, is all of the latency",
        designs: &["far-chatty", "far-once", "near"],
        holds: |r| {
            times("ten calls", r[0].p50(), 7.0, r[1].p50())?;
            times("one call", r[1].p50(), 3.0, r[2].p50())
        },
    },
    Behaviour {
        shows: "A full queue by priority sheds the unimportant first",
        designs: &["full-queue-fifo", "full-queue-priority"],
        holds: |r| {
            times("errors of the important", r[0].errors(), 1.0, 0.1)?;
            none("errors of the important by priority", r[1].errors())?;
            alike("work done", r[0].part("api").served_per_s, r[1].part("api").served_per_s, 0.03)
        },
    },
];
