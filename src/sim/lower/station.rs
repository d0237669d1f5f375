//! Components become stations: how many servers, how long a queue, who answers.

use super::Lowering;
use crate::{
    design::{Component, ComponentId, Kind, Parameters},
    sim::{
        network::{CachePlan, Discipline, Eviction, NONE, Own, ReadFrom, Resource, Spread, StationPlan},
        sampler::{NEVER, nanoseconds},
    },
};

/// Jobs that may wait at an instance where neither the design nor a card says: queues are never without bounds.
const QUEUE: f64 = 1024.0;
/// Instances of one component.
const MOST_INSTANCES: f64 = 100_000.0;

impl Lowering<'_> {
    pub(super) fn station(&mut self, id: ComponentId) {
        let component = self.design.component(id);
        let parameters = &component.parameters;
        let (instances, spread, resource) = instances(component);
        let servers = servers(component);
        let own = match component.kind {
            Kind::Cache | Kind::Cdn => {
                self.cache(id, component);
                Own::Cache(self.network.caches.len() as u32 - 1)
            }
            Kind::Queue | Kind::Stream => Own::Buffer,
            _ => Own::Nothing,
        };
        let queue = queue(parameters, servers);
        self.network.stations.push(StationPlan {
            component: id,
            name: component.name.clone(),
            kind: component.kind,
            technology: component.technology.clone(),
            instances,
            most: instances,
            servers,
            queue,
            discipline: match parameters.word("discipline") {
                Some("lifo") => Discipline::Lifo,
                _ => Discipline::Fifo,
            },
            region: component.region,
            zone: count(parameters, "zone", 1e6),
            start_up: parameters.duration("start-up"),
            spread,
            resource,
            errors: parameters.ratio("errors").unwrap_or(0.0).clamp(0.0, 1.0),
            cost: parameters
                .money("cost")
                .or_else(|| parameters.number("cost"))
                .map(|each| each * f64::from(instances)),
            own,
        });
    }

    fn cache(&mut self, id: ComponentId, component: &Component) {
        let parameters = &component.parameters;
        let item = parameters.size("item").or_else(|| self.item_of_flows()).filter(|item| *item > 0.0);
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
            ttl: parameters.duration("ttl").map_or(NEVER, nanoseconds),
            policy: match parameters.word("policy") {
                Some("lfu") => Eviction::Lfu,
                Some("fifo") => Eviction::Fifo,
                Some("random") => Eviction::Random,
                _ => Eviction::Lru,
            },
            separate: component.kind == Kind::Cdn,
            cold: self.design.settings.cold_caches || flag(parameters, "cold"),
            keys: 1.0,
            demand: Vec::new(),
        });
    }

    /// The size of what the flows carry, where a cache does not say what it holds.
    fn item_of_flows(&self) -> Option<f64> {
        let flows = &self.design.flows;
        flows.iter().find_map(|flow| flow.parameters.size("item").or_else(|| flow.parameters.size("size")))
    }
}

/// A count within bounds.
pub(super) fn count(parameters: &Parameters, name: &str, most: f64) -> Option<u32> {
    parameters.number(name).filter(|n| n.is_finite()).map(|n| n.round().clamp(0.0, most) as u32)
}

/// How many instances there are and how requests find theirs.
fn instances(component: &Component) -> (u32, Spread, Resource) {
    let parameters = &component.parameters;
    let own = component.instances.clamp(1, MOST_INSTANCES as u32);
    let even = if own == 1 { Spread::One } else { Spread::Random };
    match component.kind {
        Kind::Client => (1, Spread::Nowhere, Resource::Pool),
        Kind::Cdn => {
            let edges = own.max(count(parameters, "edges", MOST_INSTANCES).unwrap_or(1));
            (edges, if edges == 1 { Spread::One } else { Spread::Random }, Resource::Pool)
        }
        Kind::Sql => {
            let shards = count(parameters, "shards", 1000.0).unwrap_or(1).max(1);
            let replicas = count(parameters, "replicas", 1000.0).unwrap_or(0).max(own - 1).min(1000);
            let reads = match parameters.word("read-from") {
                Some("primary") => ReadFrom::Primary,
                Some("any") => ReadFrom::Any,
                _ if replicas > 0 => ReadFrom::Replicas,
                _ => ReadFrom::Primary,
            };
            (shards * (1 + replicas), Spread::Replicated { shards, replicas, reads }, Resource::Each)
        }
        Kind::Cache | Kind::Queue | Kind::Stream => {
            (own, if own == 1 { Spread::One } else { Spread::Key }, Resource::Each)
        }
        _ => (own, even, Resource::Pool),
    }
}

/// Jobs that one instance works on at once.
fn servers(component: &Component) -> u32 {
    let parameters = &component.parameters;
    let most = 1e6;
    let (name, unsaid) = match component.kind {
        Kind::Service | Kind::Worker | Kind::Push | Kind::Workflow => ("cores", 1),
        Kind::Cache | Kind::Sql | Kind::Kv | Kind::Search | Kind::Coordinator => ("concurrency", 1),
        _ => ("concurrency", NONE),
    };
    count(parameters, name, most).map_or(unsaid, |servers| servers.max(1))
}

/// Jobs that may wait at one instance.
fn queue(parameters: &Parameters, servers: u32) -> u32 {
    let queue = count(parameters, "queue", 1e8).unwrap_or(QUEUE as u32);
    match count(parameters, "connections", 1e8) {
        Some(connections) if servers != NONE => queue.min(connections.saturating_sub(servers)),
        _ => queue,
    }
}

/// Whether a yes-or-no parameter is set.
pub(super) fn flag(parameters: &Parameters, name: &str) -> bool {
    parameters.word(name).is_some_and(|word| !matches!(word, "no" | "false" | "off"))
}
