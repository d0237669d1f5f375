//! Components become stations: how many servers, how long a queue, who answers.

use super::{Lowering, own};
use crate::{
    design::{Component, ComponentId, Kind, Parameters},
    sim::{
        network::{Discipline, NONE, Resource, Spread, StationPlan},
        sampler::{NEVER, nanoseconds},
    },
};

/// Jobs that may wait at an instance where neither the design nor a card says: queues are never without bounds.
const QUEUE: f64 = 1024.0;
/// Seconds until a registry's clients know that an instance has died: the period of a Kubernetes readiness probe; a lease is of that order.
const REGISTRY: f64 = 10.0;
/// Instances of one component.
const MOST_INSTANCES: f64 = 100_000.0;

impl Lowering<'_> {
    pub(super) fn station(&mut self, id: ComponentId) {
        let component = self.design.component(id);
        let parameters = &component.parameters;
        let (instances, spread, resource) = instances(component);
        let servers = servers(component);
        let own = self.own(id, component, instances);
        let scale = own::scale(component);
        self.network.stations.push(StationPlan {
            component: id,
            name: component.name.clone(),
            kind: component.kind,
            technology: component.technology.clone(),
            instances,
            most: scale.map_or(instances, |scale| scale.most.max(instances)),
            servers,
            queue: queue(component, servers),
            discipline: match parameters.word("discipline") {
                Some("lifo") => Discipline::Lifo,
                Some("ps") if servers != NONE => Discipline::Sharing,
                Some("priority") => Discipline::Priority,
                _ => Discipline::Fifo,
            },
            drops: component.kind == Kind::Service && parameters.word("overflow") == Some("drop"),
            region: component.region,
            zone: count(parameters, "zone", 1e6),
            start_up: parameters.duration("start-up"),
            scale,
            pauses: pauses(parameters),
            cold_start: own::time(parameters, "cold-start").unwrap_or(0),
            base_slow: if component.kind == Kind::Push { own::beside(component) } else { 1.0 },
            connections: match component.kind {
                Kind::LoadBalancer => count(parameters, "connections", 1e9).unwrap_or(NONE),
                _ => NONE,
            },
            spread: match spread {
                Spread::One if scale.is_some() => Spread::Random,
                spread => spread,
            },
            notice: notice(component),
            resource,
            errors: parameters.ratio("errors").unwrap_or(0.0).clamp(0.0, 1.0),
            cost: cost(parameters).map(|each| each * f64::from(instances)),
            stands_for: 1.0,
            full: instances,
            salt: self.network.stations.iter().map(|station| station.most).sum(),
            cut: false,
            own,
        });
    }
}

/// Dollars a month of one instance.
fn cost(parameters: &Parameters) -> Option<f64> {
    parameters.money("cost").or_else(|| parameters.number("cost"))
}

/// How long callers without a balancer go on sending to a dead instance: a balancer's address is taken out of the name service by its
/// health checks, all else by a registry's.
fn notice(component: &Component) -> u64 {
    let parameters = &component.parameters;
    let checks = u64::from(count(parameters, "health-threshold", 1000.0).unwrap_or(1).max(1));
    let interval = parameters.duration("health-interval").filter(|_| component.kind == Kind::LoadBalancer);
    interval.map_or(nanoseconds(REGISTRY), |interval| nanoseconds(interval).saturating_mul(checks).min(NEVER))
}

/// Pauses that instances make by themselves: collecting garbage, compacting, checkpointing.
fn pauses(parameters: &Parameters) -> Option<(u64, u64)> {
    let of = |length, every| Some((own::time(parameters, length)?, own::time(parameters, every)?));
    of("gc-pause", "gc-every")
        .or_else(|| of("stall", "stall-every"))
        .filter(|(length, every)| *length > 0 && every > length)
}

/// A count within bounds.
pub(super) fn count(parameters: &Parameters, name: &str, most: f64) -> Option<u32> {
    parameters.number(name).filter(|n| n.is_finite()).map(|n| n.round().clamp(0.0, most) as u32)
}

/// Whether a yes-or-no parameter is set.
pub(super) fn flag(parameters: &Parameters, name: &str) -> bool {
    parameters.word(name).is_some_and(|word| !matches!(word, "no" | "false" | "off"))
}

/// How many instances there are and how requests find theirs.
fn instances(component: &Component) -> (u32, Spread, Resource) {
    let parameters = &component.parameters;
    let own = component.instances.clamp(1, MOST_INSTANCES as u32);
    let even = if own == 1 { Spread::One } else { Spread::Random };
    let shards = count(parameters, "shards", 1000.0).unwrap_or(1).max(1);
    let replicas = count(parameters, "replicas", 1000.0).unwrap_or(0);
    match component.kind {
        Kind::Client => (1, Spread::Nowhere, Resource::Pool),
        Kind::Cdn => {
            let edges = own.max(count(parameters, "edges", 10_000.0).unwrap_or(1));
            (edges, if edges == 1 { Spread::One } else { Spread::Random }, Resource::Pool)
        }
        Kind::Cache if replicas > 0 => (own * (1 + replicas), Spread::Copies { copies: 1 + replicas }, Resource::Each),
        Kind::Cache | Kind::Queue | Kind::Stream => {
            (own, if own == 1 { Spread::One } else { Spread::Key }, Resource::Each)
        }
        // More instances than the design's shards and replicas are further replicas.
        Kind::Sql => (shards * (1 + replicas.max((own - 1) / shards)), Spread::Special, Resource::Each),
        Kind::Search => {
            ((shards * (1 + replicas)).max(own / (1 + replicas) * (1 + replicas)), Spread::One, Resource::Each)
        }
        Kind::Kv => (own.max(replicas), Spread::Special, Resource::Each),
        Kind::Coordinator => (own, Spread::Special, Resource::Each),
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
fn queue(component: &Component, servers: u32) -> u32 {
    let parameters = &component.parameters;
    let queue = count(parameters, "queue", 1e8).unwrap_or(QUEUE as u32);
    match count(parameters, "connections", 1e8) {
        Some(connections) if component.kind == Kind::Sql => queue.min(connections.saturating_sub(servers)),
        _ => queue,
    }
}
