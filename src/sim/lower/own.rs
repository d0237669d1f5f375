//! What the kinds have of their own: plans of databases, stores, locks, limits.

use super::{
    Lowering,
    station::{count, flag},
};
use crate::{
    design::{Component, ComponentId, Kind, Operation, Parameters, Source},
    sim::{
        network::{
            Algorithm, CachePlan, CoordinatorPlan, Eviction, KvPlan, Limited, LimiterPlan, Locking, NONE, Own,
            PushPlan, ReadFrom, ScalePlan, SqlPlan, Steering, WorkflowPlan,
        },
        sampler::{NEVER, SECOND, Sampler, Time, nanoseconds},
    },
};

/// Virtual nodes of an instance on a store's ring where nothing says.
const VIRTUAL_NODES: u32 = 128;
/// Parts of a multipart transfer under way at once (the AWS client's `max_concurrent_requests`).
const PARTS_AT_ONCE: f64 = 10.0;
/// Heartbeats may take at most this share of a push tier's cores in the model.
const MOST_BESIDE: f64 = 0.95;
/// How often an autoscaler may act where nothing says, seconds.
const COOL_DOWN: f64 = 60.0;

/// A parameter's length of time in nanoseconds.
pub(super) fn time(parameters: &Parameters, name: &str) -> Option<Time> {
    parameters.duration(name).map(nanoseconds)
}

/// A parameter's random length of time; none where it is not given.
pub(super) fn sampler(parameters: &Parameters, name: &str) -> Sampler {
    parameters.distribution(name).map_or(Sampler::ZERO, |distribution| Sampler::of(&distribution))
}

impl Lowering<'_> {
    pub(super) fn own(&mut self, id: ComponentId, component: &Component, instances: u32) -> Own {
        let parameters = &component.parameters;
        match component.kind {
            Kind::Cache | Kind::Cdn => {
                self.cache(id, component);
                Own::Cache(self.network.caches.len() as u32 - 1)
            }
            Kind::Queue | Kind::Stream => Own::Buffer,
            Kind::Sql => {
                self.network.sqls.push(sql(component, instances));
                Own::Sql(self.network.sqls.len() as u32 - 1)
            }
            Kind::Kv => {
                self.network.kvs.push(kv(id, parameters, instances));
                Own::Kv(self.network.kvs.len() as u32 - 1)
            }
            Kind::Search => {
                let copies = 1 + count(parameters, "replicas", 1000.0).unwrap_or(0);
                Own::Search { shards: instances / copies, copies, refresh: time(parameters, "refresh").unwrap_or(0) }
            }
            Kind::Coordinator => {
                self.network.coordinators.push(coordinator(id, parameters));
                Own::Coordinator(self.network.coordinators.len() as u32 - 1)
            }
            Kind::Push => {
                self.network.pushes.push(push(parameters));
                Own::Push(self.network.pushes.len() as u32 - 1)
            }
            Kind::Workflow => {
                self.network.workflows.push(WorkflowPlan {
                    steps: count(parameters, "steps", 10_000.0).unwrap_or(1).max(1),
                    persist: sampler(parameters, "persist"),
                    wait: sampler(parameters, "wait"),
                    retries: count(parameters, "retry", 1000.0).unwrap_or(0),
                    compensate: flag(parameters, "compensate"),
                });
                Own::Workflow(self.network.workflows.len() as u32 - 1)
            }
            _ => Own::Nothing,
        }
    }

    fn cache(&mut self, id: ComponentId, component: &Component) {
        let parameters = &component.parameters;
        let item = self.item(parameters).filter(|item| *item > 0.0);
        let capacity = match (parameters.size("memory"), item) {
            (Some(memory), Some(item)) => (memory / item).floor().max(0.0),
            (Some(_), None) => {
                let note = format!("{} has no size of an item: its memory is taken as enough", component.name);
                self.note(note);
                f64::INFINITY
            }
            (None, _) => f64::INFINITY,
        };
        self.network.caches.push(CachePlan {
            station: id.0,
            capacity,
            ttl: time(parameters, "ttl").unwrap_or(NEVER),
            policy: match parameters.word("policy") {
                Some("lfu") => Eviction::Lfu,
                Some("fifo") => Eviction::Fifo,
                Some("random") => Eviction::Random,
                _ => Eviction::Lru,
            },
            separate: component.kind == Kind::Cdn,
            shield: component.kind == Kind::Cdn && flag(parameters, "shield"),
            single_flight: flag(parameters, "single-flight"),
            writes_back: parameters.word("strategy") == Some("write-back"),
            flush_every: time(parameters, "flush-every").unwrap_or(FLUSH),
            cold: self.design.settings.cold_caches || flag(parameters, "cold"),
            keys: 1.0,
            block: 1.0,
            demand: Vec::new(),
        });
    }

    /// The size of what a cache holds: what the design says of it, or of what its flows look up, goes before its card.
    fn item(&self, cache: &Parameters) -> Option<f64> {
        let flows = &self.design.flows;
        let of_flows = |name| flows.iter().find_map(|flow| flow.parameters.size(name));
        let own = cache.parameter("item");
        let said = own.filter(|item| matches!(item.source, Source::Design(_)));
        if said.is_some() {
            return cache.size("item");
        }
        of_flows("item").or_else(|| cache.size("item")).or_else(|| of_flows("size"))
    }

    /// The rate limit of a visit, and whose it is; `NONE` without one.
    pub(super) fn limiter(&mut self, component: &Component, operation: Operation) -> (u32, Limited) {
        let parameters = &component.parameters;
        let is_read = matches!(operation, Operation::Read | Operation::Search);
        let by_operation = if is_read { "read-limit" } else { "write-limit" };
        let instances = component.instances.max(1);
        let (rate, limited, slots) = match component.kind {
            Kind::Gateway => {
                let clients = count(parameters, "clients", 1e7).filter(|clients| *clients > 0);
                let shared = flag(parameters, "shared");
                let Some(rate) = parameters.rate("limit") else { return (NONE, Limited::Together) };
                let each = if shared { rate } else { rate / f64::from(instances) };
                match clients {
                    Some(clients) => {
                        let slots = if shared { clients } else { clients.saturating_mul(instances).min(50_000_000) };
                        (Some(each), Limited::Client { clients, shared }, slots)
                    }
                    None if shared => (Some(rate), Limited::Together, 1),
                    None => (Some(each), Limited::Instance, instances),
                }
            }
            Kind::External => (parameters.rate("limit"), Limited::Together, 1),
            Kind::Kv => {
                let partitions = count(parameters, "partitions", 1e6).unwrap_or(instances).max(1);
                (parameters.rate(by_operation), Limited::Partition, partitions)
            }
            Kind::Blob => {
                let prefixes = count(parameters, "prefixes", 1e6).unwrap_or(1).max(1);
                (parameters.rate(by_operation), Limited::Partition, prefixes)
            }
            Kind::Stream => {
                let partitions = count(parameters, "partitions", 1e5).unwrap_or(instances).max(1);
                (parameters.rate("limit"), Limited::Partition, partitions)
            }
            _ => (None, Limited::Together, 1),
        };
        let Some(rate) = rate.filter(|rate| *rate > 0.0) else { return (NONE, limited) };
        // A burst that nobody limited is a second's worth.
        let burst = parameters.number("burst").unwrap_or(rate).max(1.0);
        self.network.limiters.push(LimiterPlan {
            algorithm: match parameters.word("algorithm") {
                Some("leaky-bucket") => Algorithm::LeakyBucket,
                Some("fixed-window") => Algorithm::FixedWindow,
                Some("sliding-log") => Algorithm::SlidingLog,
                Some("sliding-counter") => Algorithm::SlidingCounter,
                _ => Algorithm::TokenBucket,
            },
            per_second: rate,
            burst,
            window: parameters.duration("window").filter(|window| *window > 0.0).unwrap_or(1.0),
            slots,
            partitions: limited == Limited::Partition,
        });
        (self.network.limiters.len() as u32 - 1, limited)
    }

    /// Time that a visit takes beyond the work itself: a transfer, a scan.
    pub(super) fn extra(&self, component: &Component, operation: Operation) -> Time {
        let parameters = &component.parameters;
        match component.kind {
            Kind::Blob => {
                let Some(throughput) = parameters.bandwidth("throughput").filter(|throughput| *throughput > 0.0) else {
                    return 0;
                };
                let is_write = operation == Operation::Write;
                let part = parameters.size("part").filter(|part| is_write && *part > 0.0 && *part < self.size);
                let seconds = match part {
                    Some(part) => ((self.size / part).ceil() / PARTS_AT_ONCE).ceil() * part / throughput,
                    None => self.size / throughput,
                };
                nanoseconds(seconds)
            }
            Kind::Sql if matches!(operation, Operation::Read | Operation::Search) => {
                let unindexed = parameters.word("index").is_some() && !flag(parameters, "index");
                match (parameters.number("rows"), parameters.rate("scan").filter(|scan| *scan > 0.0)) {
                    (Some(rows), Some(scan)) if unindexed => nanoseconds(rows / scan),
                    _ => 0,
                }
            }
            _ => 0,
        }
    }
}

/// How often a write-back cache writes where nothing says: a second.
const FLUSH: Time = 1_000_000_000;

fn sql(component: &Component, instances: u32) -> SqlPlan {
    let parameters = &component.parameters;
    let shards = count(parameters, "shards", 1000.0).unwrap_or(1).max(1);
    let replicas = instances / shards - 1;
    SqlPlan {
        shards,
        replicas,
        reads: match parameters.word("read-from") {
            Some("primary") => ReadFrom::Primary,
            Some("any") => ReadFrom::Any,
            _ if replicas > 0 => ReadFrom::Replicas,
            _ => ReadFrom::Primary,
        },
        sync: parameters.word("replication") == Some("sync"),
        lag: sampler(parameters, "lag"),
        mean_lag: parameters.duration("lag").unwrap_or(0.0),
        own_writes: flag(parameters, "read-your-writes"),
        locking: match parameters.word("locking") {
            Some("pessimistic") => Locking::Pessimistic,
            Some("optimistic") => Locking::Optimistic,
            _ => Locking::None,
        },
        detect: time(parameters, "detect").unwrap_or(0),
        promote: time(parameters, "promote").unwrap_or(0),
        touches: count(parameters, "two-phase", 1000.0).unwrap_or(1).clamp(1, shards),
        storage: parameters.size("storage").filter(|room| *room > 0.0).unwrap_or(f64::INFINITY),
    }
}

fn kv(id: ComponentId, parameters: &Parameters, instances: u32) -> KvPlan {
    let copies = count(parameters, "replicas", 100.0).unwrap_or(1).clamp(1, instances);
    let quorum = |name| count(parameters, name, 100.0).unwrap_or(copies / 2 + 1).clamp(1, copies);
    KvPlan {
        station: id.0,
        copies,
        reads: quorum("r"),
        writes: quorum("w"),
        virtual_nodes: count(parameters, "vnodes", 1024.0).unwrap_or(VIRTUAL_NODES).max(1),
        hints: flag(parameters, "hinted-handoff"),
        repairs: flag(parameters, "read-repair"),
        lag: sampler(parameters, "lag"),
    }
}

fn coordinator(id: ComponentId, parameters: &Parameters) -> CoordinatorPlan {
    let watchers = count(parameters, "watchers", 1e8).unwrap_or(0);
    CoordinatorPlan {
        station: id.0,
        // What is watched is configuration: a write changes it and holds nothing.
        locks: parameters.get("hold").is_some() && watchers == 0,
        hold: sampler(parameters, "hold"),
        ttl: time(parameters, "ttl").unwrap_or(NEVER),
        keys: parameters.number("keys").filter(|keys| *keys >= 1.0).map_or(u64::MAX, |keys| keys as u64),
        fencing: flag(parameters, "fencing"),
        election: time(parameters, "election").unwrap_or(0),
        redlock: parameters.word("algorithm") == Some("redlock"),
        watchers,
        told: NONE,
    }
}

fn push(parameters: &Parameters) -> PushPlan {
    let polls = matches!(parameters.word("transport"), Some("poll"));
    PushPlan {
        connections: count(parameters, "connections", 1e8).unwrap_or(0),
        fan_out: count(parameters, "fan-out", 1e8).unwrap_or(1).max(1),
        // A long poll ends with its message: the client asks again.
        requests: if parameters.word("transport") == Some("long-poll") { 2 } else { 1 },
        reconnect: time(parameters, "reconnect").unwrap_or(SECOND as Time),
        poll: if polls { time(parameters, "interval").unwrap_or(0) } else { 0 },
        site: NONE,
    }
}

/// Times as long as work takes beside the heartbeats (or polls) of a push tier's connections.
pub(super) fn beside(component: &Component) -> f32 {
    let parameters = &component.parameters;
    let often = match parameters.word("transport") {
        Some("poll") => parameters.duration("interval"),
        _ => parameters.duration("heartbeat"),
    };
    let (Some(connections), Some(often)) = (parameters.number("connections"), often.filter(|often| *often > 0.0))
    else {
        return 1.0;
    };
    let work = parameters.duration("work").unwrap_or(0.0);
    let cores = parameters.number("cores").unwrap_or(1.0).max(1.0);
    let share = (connections / often * work / cores).clamp(0.0, MOST_BESIDE);
    (1.0 / (1.0 - share)) as f32
}

/// A component's autoscaler.
pub(super) fn scale(component: &Component) -> Option<ScalePlan> {
    let parameters = &component.parameters;
    let steering = match component.kind {
        Kind::Service => Steering::Utilisation(parameters.ratio("autoscale").filter(|target| *target > 0.0)?.min(1.0)),
        Kind::Worker => Steering::Depth(parameters.number("autoscale").filter(|target| *target > 0.0)?),
        _ => return None,
    };
    let own = component.instances.max(1);
    let least = count(parameters, "min", 1e5).unwrap_or(1).max(1);
    Some(ScalePlan {
        steering,
        least,
        most: count(parameters, "max", 1e5).unwrap_or(own.saturating_mul(10).min(100_000)).max(own).max(least),
        start_up: time(parameters, "start-up").unwrap_or(0),
        cool_down: nanoseconds(parameters.duration("cool-down").unwrap_or(COOL_DOWN)),
    })
}
