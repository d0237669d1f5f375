//! Every attribute of the language changes what a simulation measures, or is listed with the reason why it can't.
//!
//! For each kind there is a small design around a component `x` of it, and for each of its attributes two values (and what else it takes
//! for the attribute to matter): the reports must differ.

use std::collections::BTreeSet;

use dryrun::{
    design::{Kind, compile, schema},
    sim::{Options, Report, run},
    source::Severity,
};

use super::behaviours::BANK;

/// An attribute with two values.
#[derive(Clone, Copy)]
struct Case {
    attribute: &'static str,
    values: [&'static str; 2],
    /// Further attributes of `x`.
    with: &'static str,
    /// Number of instances of `x`.
    instances: u32,
    /// A further line of the design.
    and: &'static str,
    /// The design, where it is not the kind's.
    design: Option<&'static str>,
}

const fn case(attribute: &'static str, one: &'static str, other: &'static str) -> Case {
    Case { attribute, values: [one, other], with: "", instances: 1, and: "", design: None }
}

impl Case {
    const fn with(self, with: &'static str) -> Self {
        Self { with, ..self }
    }

    const fn instances(self, instances: u32) -> Self {
        Self { instances, ..self }
    }

    const fn and(self, and: &'static str) -> Self {
        Self { and, ..self }
    }

    const fn in_design(self, design: &'static str) -> Self {
        Self { design: Some(design), ..self }
    }
}

/// The attributes of one kind, of arrows or of flows.
struct Bench {
    /// A kind, `link` or `flow`.
    of: &'static str,
    /// Attributes of `x`, unless the case says something else of them.
    base: &'static str,
    /// The other lines of the design.
    design: &'static str,
    cases: &'static [Case],
}

/// Attributes that change no figure, and why.
const INFORMATIONAL: [(&str, &str, &str); 3] = [
    ("kv", "by", "names the partition key for the reader: requests of a flow touch the keys that the flow says"),
    ("client", "errors", "a client does no work that could fail; what it calls does"),
    ("client", "zone", "users are in no zone of ours"),
];

/// Two callers of one server that serves the more important first.
const CALLERS: &str = "z: service x2, priority 3, work fixed 1ms
t: service, discipline priority, cores 1, work exp 5ms
GET /a @ 100/s: web -> x -> t
GET /b @ 80/s: web -> z -> t";

/// A run that is long enough for an autoscaler to look twice, and a load that it acts on.
const LONG_RUN: &str = "set for 40s\nat 1s: spike 2x";

/// A flow through a cache to a slow service.
const FLOW: &str = "c: cache, memory 100KB, ttl 1h
b: external, work exp 9ms, errors 0%, concurrency 4
GET /a @ 200/s{x}: web -> c -> b";

/// A closed loop of users.
const CLOSED: &str = "b: external, work exp 9ms, errors 0%, concurrency 4
GET /a{x}: web -> b";

/// Two flows that meet at a server that serves the more important first.
const TWO_FLOWS: &str = "t: service, discipline priority, cores 1, work exp 5ms
GET /a @ 100/s{x}: web -> t
GET /b @ 80/s, priority 3: web -> t";

const BENCHES: &[Bench] = &[
    Bench {
        of: "client",
        base: "",
        design: "y: external, work exp 50ms, errors 20%, concurrency 20
GET /a @ 100/s: x -> y",
        cases: &[
            case("timeout", "50ms", "10s"),
            case("retry", "0", "2"),
            case("backoff", "10ms", "500ms").with("retry 2, jitter none"),
            case("jitter", "none", "full").with("retry 2, backoff 200ms"),
            case("hedge", "20ms", "2s"),
        ],
    },
    Bench {
        of: "cdn",
        base: "edges 4, memory 1MB, item 10KB, ttl 1h",
        design: "api: service, work fixed 5ms
GET /a @ 300/s, keys 1k zipf 0.8: web -> x -> api",
        cases: &[
            case("memory", "100KB", "10MB"),
            case("item", "1KB", "100KB"),
            case("ttl", "100ms", "1h"),
            case("policy", "fifo", "lru"),
            case("work", "fixed 1ms", "fixed 9ms"),
            case("edges", "1", "8"),
            case("shield", "yes", "no"),
            case("cold", "yes", "no"),
        ],
    },
    Bench {
        of: "load-balancer",
        base: "",
        design: "api: service x4, cores 1, work exp 10ms
GET /a @ 200/s, keys 100: web -> x -> api
at 1s: kill api/0 for 2s",
        cases: &[
            case("policy", "random", "round-robin"),
            case("layer", "4", "7").with("policy least-connections"),
            case("work", "fixed 1ms", "fixed 5ms"),
            case("concurrency", "1", "8").with("work exp 5ms"),
            case("connections", "2", "100"),
            case("health-interval", "100ms", "1s").with("health-threshold 1"),
            case("health-threshold", "1", "4").with("health-interval 400ms"),
            case("sticky", "yes", "no").with("policy least-connections"),
        ],
    },
    Bench {
        of: "gateway",
        base: "work fixed 1ms",
        design: "api: service, cores 2, work exp 10ms, queue 50
GET /a @ 180/s: web -> x -> api",
        cases: &[
            case("work", "fixed 1ms", "fixed 5ms"),
            case("concurrency", "1", "8").with("work exp 5ms"),
            case("queue", "1", "100").with("work exp 5ms, concurrency 1"),
            case("limit", "50/s", "1k/s"),
            case("burst", "1", "20").with("limit 100/s"),
            case("algorithm", "leaky-bucket", "token-bucket").with("limit 100/s, burst 5"),
            case("window", "100ms", "5s").with("limit 100/s, algorithm fixed-window"),
            case("clients", "2", "20").with("limit 20/s"),
            case("shared", "no", "yes").with("limit 100/s, burst 5").instances(2),
            case("shed", "40%", "100%"),
        ],
    },
    Bench {
        of: "service",
        base: "cores 1, work exp 5ms",
        design: "y: external, work exp 20ms, errors 0%
GET /a @ 300/s: web -> lb -> x -> y",
        cases: &[
            case("work", "exp 1ms", "exp 5ms").instances(2),
            case("cores", "2", "4"),
            case("queue", "1", "100"),
            case("discipline", "lifo", "fifo"),
            case("overflow", "drop", "reject").with("queue 5"),
            case("autoscale", "30%", "90%").with("cool-down 1s, start-up 0s, min 1, max 10"),
            case("min", "1", "4").with("autoscale 90%, cool-down 1s, start-up 0s, max 10"),
            case("max", "2", "10").with("autoscale 20%, cool-down 1s, start-up 0s"),
            case("start-up", "0s", "3s").with("autoscale 20%, cool-down 1s"),
            case("cool-down", "1s", "4s").with("autoscale 20%, start-up 0s"),
            case("gc-pause", "10ms", "200ms").with("gc-every 1s").instances(2),
            case("gc-every", "500ms", "2s").with("gc-pause 100ms").instances(2),
            case("cold-start", "0ms", "1s").instances(2).and("at 1s: deploy x for 2s"),
            case("pool", "1", "20").instances(2),
            case("bulkhead", "1", "20").instances(2),
            case("priority", "0", "5").instances(2).in_design(CALLERS),
        ],
    },
    Bench {
        of: "cache",
        base: "memory 200KB, item 1KB, ttl 1h",
        design: "db: sql, read exp 5ms, write exp 5ms
GET /a @ 300/s, keys 1k zipf 0.8: web -> x -> db
PUT /a @ 50/s, keys 1k zipf 0.8: web -> x -> db",
        cases: &[
            case("memory", "50KB", "2MB"),
            case("item", "1KB", "20KB"),
            case("ttl", "100ms", "1h"),
            case("policy", "fifo", "lru"),
            case("strategy", "write-around", "aside"),
            case("flush-every", "100ms", "2s").with("strategy write-back"),
            case("single-flight", "yes", "no").with("ttl 100ms"),
            case("read", "fixed 1ms", "fixed 3ms"),
            case("write", "fixed 1ms", "fixed 3ms"),
            case("concurrency", "1", "8").with("read exp 3ms"),
            case("queue", "1", "1000").with("read exp 3ms, concurrency 1"),
            case("replicas", "1", "0").with("read exp 3ms"),
            case("cold", "yes", "no"),
        ],
    },
    Bench {
        of: "sql",
        base: "read exp 5ms, write exp 5ms, concurrency 4",
        design: "GET /a @ 200/s, keys 50: web -> x
PUT /a @ 100/s, keys 50, size 10KB: web -> x",
        cases: &[
            case("read", "exp 1ms", "exp 5ms"),
            case("write", "exp 1ms", "exp 5ms"),
            case("concurrency", "2", "8"),
            case("connections", "5", "500"),
            case("queue", "1", "500").with("concurrency 2"),
            case("replicas", "0", "2"),
            case("replication", "sync", "async").with("replicas 1"),
            case("lag", "fixed 1ms", "fixed 500ms").with("replicas 1"),
            case("read-from", "primary", "any").with("replicas 1"),
            case("read-your-writes", "yes", "no").with("replicas 1, lag fixed 500ms"),
            case("shards", "1", "3"),
            case("by", "none", "user").with("shards 2"),
            case("two-phase", "2", "1").with("shards 2"),
            case("locking", "pessimistic", "none"),
            case("index", "no", "yes").with("rows 10k, scan 1M/s"),
            case("rows", "1k", "10k").with("index no, scan 1M/s"),
            case("scan", "1M/s", "5M/s").with("index no, rows 10k"),
            case("storage", "1MB", "1TB"),
            case("detect", "200ms", "2s").with("replicas 1, promote 100ms").and("at 1s: kill x/0"),
            case("promote", "200ms", "2s").with("replicas 1, detect 100ms").and("at 1s: kill x/0"),
            case("stall", "50ms", "500ms").with("stall-every 1s"),
            case("stall-every", "500ms", "2s").with("stall 100ms"),
        ],
    },
    Bench {
        of: "kv",
        base: "replicas 3, r 2, w 2, read exp 5ms, write exp 5ms, concurrency 4",
        design: "GET /a @ 200/s, keys 50: web -> x
PUT /a @ 100/s, keys 50: web -> x",
        cases: &[
            case("read", "exp 1ms", "exp 5ms"),
            case("write", "exp 1ms", "exp 5ms"),
            case("concurrency", "1", "8"),
            case("queue", "1", "500").with("concurrency 1"),
            case("replicas", "1", "3"),
            case("r", "1", "3"),
            case("w", "1", "3"),
            case("partitions", "1", "20").with("read-limit 50/s"),
            case("vnodes", "1", "64").with("replicas 1, r 1, w 1").instances(4),
            case("read-limit", "50/s", "1k/s").with("partitions 1"),
            case("write-limit", "20/s", "1k/s").with("partitions 1"),
            case("leader", "yes", "no"),
            case("hinted-handoff", "yes", "no").with("w 3").instances(4).and("at 1s: kill x/1"),
            case("read-repair", "yes", "no").with("w 1, lag fixed 1s").instances(4),
            case("lag", "fixed 1ms", "fixed 1s").with("r 1, w 1").instances(4),
            case("stall", "50ms", "500ms").with("stall-every 1s"),
            case("stall-every", "500ms", "2s").with("stall 100ms"),
        ],
    },
    Bench {
        of: "search",
        base: "read exp 5ms, write exp 5ms, concurrency 4, shards 2, replicas 0",
        design: "GET /a @ 200/s: web -> x.search
POST /b @ 100/s, keys 1k: web -> x",
        cases: &[
            case("read", "exp 1ms", "exp 5ms"),
            case("write", "exp 1ms", "exp 5ms"),
            case("concurrency", "2", "8"),
            case("queue", "1", "500").with("concurrency 2"),
            case("shards", "1", "4"),
            case("replicas", "0", "1"),
            case("refresh", "100ms", "2s"),
        ],
    },
    Bench {
        of: "queue",
        base: "visibility 30s",
        design: "w: worker, cores 2, work exp 10ms
POST /a @ 100/s, keys 20: web -> api ~> x -> w",
        cases: &[
            case("write", "fixed 1ms", "fixed 5ms"),
            case("read", "fixed 1ms", "fixed 20ms"),
            case("concurrency", "1", "10").with("write exp 9ms"),
            case("visibility", "20ms", "30s"),
            case("receives", "1", "5").with("visibility 100ms, dead-letter").and("at 0s: errors 50% on w"),
            case("delay", "0s", "500ms"),
            case("depth", "2", "1000").and("at 0s: slow w by 3x"),
            case("overflow", "drop", "reject").with("depth 2").and("at 0s: slow w by 3x"),
            case("order", "fifo", "any").and("at 0s: hot key 80%"),
            case("dead-letter", "no", "yes").with("visibility 100ms, receives 2").and("at 0s: errors 90% on w"),
        ],
    },
    Bench {
        of: "stream",
        base: "linger 0ms, partitions 8",
        design: "w: worker x2, cores 2, work exp 5ms
POST /a @ 200/s, keys 200: web -> api ~> x -> w",
        cases: &[
            case("write", "fixed 1ms", "fixed 5ms"),
            case("concurrency", "1", "10").with("write exp 9ms, batch 1"),
            case("partitions", "1", "8"),
            case("by", "none", "user").with("partitions 3"),
            case("batch", "2", "50").with("linger 20ms"),
            case("linger", "0ms", "20ms"),
            case("acks", "all", "leader").with("replicas 3").instances(3),
            case("replicas", "1", "3").with("acks all").instances(3),
            case("retention", "200ms", "7d").with("rebalance 0s").and("at 1s: kill w for 2s"),
            case("limit", "10/s", "1k/s"),
            case("rebalance", "100ms", "2s").and("at 1s: kill w/0"),
        ],
    },
    Bench {
        of: "worker",
        base: "cores 2, work exp 10ms",
        design: "q: stream, partitions 8, linger 0ms, rebalance 0s
POST /a @ 100/s, keys 200: web -> api ~> q -> x",
        cases: &[
            case("work", "exp 1ms", "exp 10ms"),
            case("cores", "1", "2"),
            case("batch", "1", "10").with("batch-wait 100ms"),
            case("batch-wait", "0ms", "200ms").with("batch 10"),
            case("checkpoint", "500ms", "0s").instances(2).and("at 2.2s: kill x/0 for 1s"),
            case("window", "1s", "0s"),
            case("window-kind", "sliding", "tumbling").with("window 1s"),
            case("autoscale", "1", "1000").with("start-up 0s, cores 1").and(LONG_RUN),
            case("min", "1", "40").with("autoscale 5, start-up 0s").and(LONG_RUN),
            case("max", "1", "5").with("autoscale 1, start-up 0s, cores 1").and(LONG_RUN),
            case("start-up", "0s", "4s").with("autoscale 1, cores 1").and(LONG_RUN),
            case("cool-down", "1s", "4s").with("autoscale 1, cores 1, start-up 0s").and(LONG_RUN),
        ],
    },
    Bench {
        of: "blob",
        base: "first-byte fixed 20ms, throughput 100MB/s",
        design: "GET /a @ 100/s, keys 1k, size 1MB: web -> api -> x
PUT /a @ 50/s, keys 1k, size 1MB: web -> api -> x
api -> x: bandwidth 400MB/s",
        cases: &[
            case("first-byte", "fixed 5ms", "fixed 50ms"),
            case("throughput", "10MB/s", "100MB/s"),
            case("read-limit", "10/s", "1k/s").with("prefixes 1"),
            case("write-limit", "10/s", "1k/s").with("prefixes 1"),
            case("prefixes", "1", "20").with("read-limit 50/s"),
            case("part", "100KB", "10MB"),
            case("presigned", "yes", "no"),
            case("concurrency", "1", "100"),
        ],
    },
    Bench {
        of: "coordinator",
        base: "hold fixed 20ms, ttl 10s, write exp 5ms, read exp 5ms, keys 1k",
        design: "GET /a @ 100/s, keys 100: web -> x
PUT /a @ 50/s, keys 100: web -> x",
        cases: &[
            case("read", "exp 1ms", "exp 5ms"),
            case("write", "exp 1ms", "exp 5ms"),
            case("concurrency", "1", "8"),
            case("queue", "1", "500").with("concurrency 1, write exp 15ms"),
            case("ttl", "10ms", "10s"),
            case("hold", "fixed 1ms", "fixed 50ms"),
            case("keys", "1", "1k"),
            case("fencing", "yes", "no").with("ttl 5ms, keys 2"),
            case("election", "100ms", "2s").instances(3).and("at 1s: kill x/0"),
            case("algorithm", "redlock", "consensus").with("concurrency 1").instances(3),
            case("watchers", "100", "10k").with("notify 20us"),
            case("notify", "fixed 10us", "fixed 100us").with("watchers 1k"),
        ],
    },
    Bench {
        of: "push",
        base: "work exp 1ms, cores 2, heartbeat 0s, connections 10k",
        design: "POST /a @ 100/s: web -> x",
        cases: &[
            case("work", "exp 1ms", "exp 5ms"),
            case("cores", "1", "4").with("work exp 9ms"),
            case("connections", "100", "10k").with("heartbeat 10s"),
            case("fan-out", "1", "10"),
            case("heartbeat", "10s", "60s").with("connections 10k"),
            case("reconnect", "200ms", "5s").with("connections 2k").instances(2).and("at 1s: kill x/0"),
            case("transport", "long-poll", "websocket").with("fan-out 4"),
            case("interval", "1s", "5s").with("transport poll"),
        ],
    },
    Bench {
        of: "workflow",
        base: "steps 3, work fixed 2ms, persist fixed 5ms, wait 0ms, retry 0, compensate no",
        design: "y: external, work exp 10ms, errors 30%
POST /a @ 50/s: web -> api -> x -> y",
        cases: &[
            case("steps", "1", "5"),
            case("work", "fixed 1ms", "fixed 5ms"),
            case("persist", "fixed 1ms", "fixed 20ms"),
            case("wait", "fixed 0ms", "fixed 100ms"),
            case("retry", "0", "3"),
            case("compensate", "yes", "no"),
            case("cores", "1", "8").with("work exp 5ms"),
        ],
    },
    Bench {
        of: "external",
        base: "work exp 20ms, errors 0%",
        design: "GET /a @ 100/s: web -> api -> x",
        cases: &[
            case("work", "exp 5ms", "exp 20ms"),
            case("concurrency", "3", "100"),
            case("limit", "50/s", "1k/s"),
            case("queue", "1", "100").with("concurrency 2"),
        ],
    },
    Bench {
        of: "link",
        base: "",
        design: "x: external, work exp 20ms, errors 20%, concurrency 20
api: service x2, work fixed 1ms
GET /a @ 200/s, size 10KB: web -> api -> x",
        cases: &[
            case("timeout", "20ms", "2s"),
            case("retry", "0", "2"),
            case("backoff", "1ms", "300ms").with("retry 2, jitter none"),
            case("jitter", "none", "full").with("retry 2, backoff 100ms"),
            case("budget", "1%", "100%").with("retry 2"),
            case("breaker", "10%", "99%"),
            case("breaker-window", "100ms", "5s").with("breaker 19%"),
            case("breaker-open", "100ms", "3s").with("breaker 10%"),
            case("hedge", "10ms", "2s"),
            case("latency", "1ms", "50ms"),
            case("loss", "0%", "5%"),
            case("bandwidth", "2.2MB/s", "1GB/s"),
            case("pool", "1", "50"),
            case("pool-wait", "5ms", "5s").with("pool 1"),
            case("bulkhead", "1", "50"),
        ],
    },
    Bench {
        of: "flow",
        base: "",
        design: FLOW,
        cases: &[
            case("keys", "10", "100k"),
            case("zipf", "0.1", "1.5").with("keys 10k"),
            case("hot", "0%", "90%").with("keys 10k"),
            case("size", "1KB", "50KB").and("c -> b: bandwidth 2MB/s"),
            case("arrivals", "fixed", "poisson"),
            case("batch", "20", "1"),
            case("diurnal", "1.9", "1"),
            case("ramp", "4s", "1ms"),
            case("users", "5", "500").with("think exp 100ms").in_design(CLOSED),
            case("think", "exp 100ms", "exp 500ms").with("users 10").in_design(CLOSED),
            case("priority", "0", "5").in_design(TWO_FLOWS),
            case("item", "1KB", "20KB").with("keys 10k zipf 0.8"),
        ],
    },
];

/// The base without what the case itself says.
fn attributes(base: &str, case: &Case, value: &str) -> String {
    let own = format!("{} {value}", case.attribute);
    let said: Vec<&str> = case.with.split(", ").filter(|said| !said.is_empty()).collect();
    let name = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    let named: BTreeSet<String> = said.iter().map(|text| name(text)).chain([name(&own)]).collect();
    let base = base.split(", ").filter(|text| !text.is_empty() && !named.contains(&name(text)));
    base.chain(said).chain([own.as_str()]).fold(String::new(), |all, text| all + ", " + text)
}

fn text(bench: &Bench, case: &Case, value: &str) -> String {
    let attributes = attributes(bench.base, case, value);
    let design = case.design.unwrap_or(bench.design);
    let own = match bench.of {
        "flow" => String::new(),
        "link" => format!("api -> x: {}", attributes.trim_start_matches(", ")),
        kind => format!("x: {kind} x{}{attributes}", case.instances),
    };
    let design = design.replace("{x}", &attributes);
    format!("set for 5s\nset warmup 500ms\n{own}\n{design}\n{}\n", case.and)
}

/// What a design measures; its text is in no figure.
fn measure(text: &str) -> Report {
    let compiled = compile(text, BANK.catalogue());
    let errors: Vec<_> = compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{text}\n{errors:#?}");
    run(&compiled.design, &Options::of(&compiled.design).with_network(BANK.catalogue().network()))
}

fn differs(bench: &Bench, case: &Case) -> bool {
    let [one, other] = case.values.map(|value| measure(&text(bench, case, value)));
    assert!(one.flows.iter().all(|flow| flow.offered_per_s > 0.0), "{} {}: no load", bench.of, case.attribute);
    (one.flows, one.components) != (other.flows, other.components)
}

#[test]
fn every_attribute_changes_what_is_measured() {
    let mut inert = Vec::new();
    for bench in BENCHES {
        inert.extend(bench.cases.iter().filter(|case| !differs(bench, case)).map(|case| (bench.of, case.attribute)));
    }
    assert!(inert.is_empty(), "attributes that change nothing: {inert:?}");
}

#[test]
fn what_every_kind_has_changes_what_is_measured() {
    let cases = [
        case("errors", "0%", "60%"),
        case("cost", "$5/month", "$7/month"),
        case("zone", "0", "1").and("at 1s: kill zone 1"),
    ];
    let is_exempt = |of: &str, attribute: &str| INFORMATIONAL.iter().any(|row| (row.0, row.1) == (of, attribute));
    let mut inert = Vec::new();
    for bench in BENCHES.iter().filter(|bench| Kind::from_name(bench.of).is_some()) {
        let matters = cases.iter().filter(|case| !is_exempt(bench.of, case.attribute));
        inert.extend(matters.filter(|case| !differs(bench, case)).map(|case| (bench.of, case.attribute)));
    }
    assert!(inert.is_empty(), "attributes that change nothing: {inert:?}");
}

#[test]
fn no_attribute_of_the_schema_is_left_out() {
    let mut known: BTreeSet<(&str, &str)> = INFORMATIONAL.iter().map(|row| (row.0, row.1)).collect();
    assert!(INFORMATIONAL.iter().all(|row| !row.2.is_empty()));
    for bench in BENCHES {
        known.extend(bench.cases.iter().map(|case| (bench.of, case.attribute)));
    }
    let of_kinds = Kind::ALL
        .into_iter()
        .flat_map(|kind| schema::attributes(kind).iter().map(move |attribute| (kind.name(), attribute.name)));
    let of_links = schema::link_attributes().iter().map(|attribute| ("link", attribute.name));
    let of_flows = schema::flow_attributes().iter().map(|attribute| ("flow", attribute.name));
    let all: BTreeSet<(&str, &str)> = of_kinds.chain(of_links).chain(of_flows).collect();
    let missing: Vec<_> = all.difference(&known).collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}
