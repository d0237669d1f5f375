//! Arrows become network delays, timeouts and retries, and balancers.

use super::{
    Lowering,
    station::{count, flag},
};
use crate::{
    design::{ComponentId, Kind, Parameters},
    sim::{
        network::{BalancerPlan, BreakerPlan, Choice, Jitter, LaneKind, NONE, Policy, Spread, Tripping},
        sampler::{Time, nanoseconds},
    },
};

/// How long a caller waits for a connection where the link does not say, seconds (`HikariCP`'s `connectionTimeout`).
const POOL_WAIT: f64 = 30.0;
/// A breaker's window and time open where the link does not say, seconds (Hystrix' defaults are 10 s and 5 s).
const WINDOW: f64 = 10.0;
const OPEN: f64 = 5.0;

/// What an arrow does to a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrow {
    pub hop_lane: u32,
    pub pipe: u32,
    pub transfer: Time,
    pub timeout_lane: u32,
    pub policy: u32,
    pub balancer: u32,
}

impl Lowering<'_> {
    pub(super) fn arrow(&mut self, from: ComponentId, to: ComponentId) -> Arrow {
        let parameters = self.policy_parameters(from, to);
        let hop = nanoseconds(self.round_trip(from, to, &parameters) / 2.0);
        let hop_lane = self.lane(LaneKind::Hop, hop);
        let (pipe, transfer) = self.pipe(from, to, &parameters);
        if let Some(loss) = parameters.ratio("loss").filter(|loss| *loss > 0.0)
            && !self.network.losses.iter().any(|known| (known.0, known.1) == (from.0, to.0))
        {
            self.network.losses.push((from.0, to.0, loss.min(1.0)));
        }
        let timeout = parameters.duration("timeout").map_or(0, nanoseconds);
        let timeout_lane = self.lane(LaneKind::Timeout, timeout);
        let policy = self.policy(from, to, timeout_lane, &parameters);
        let balancer = self.balancer(from, to);
        Arrow {
            hop_lane,
            pipe,
            transfer,
            timeout_lane: if policy == NONE { timeout_lane } else { NONE },
            policy,
            balancer,
        }
    }

    /// A link of limited bandwidth: what a message of the flow's size takes to pass it.
    fn pipe(&mut self, from: ComponentId, to: ComponentId, parameters: &Parameters) -> (u32, Time) {
        let Some(bandwidth) = parameters.bandwidth("bandwidth").filter(|bandwidth| *bandwidth > 0.0) else {
            return (NONE, 0);
        };
        // With a signed URL the data does not take the caller's way.
        let callee = self.design.component(to);
        if callee.kind == Kind::Blob && flag(&callee.parameters, "presigned") {
            return (NONE, 0);
        }
        let known = self.pipes.iter().position(|pipe| *pipe == (from, to)).unwrap_or_else(|| {
            self.pipes.push((from, to));
            self.pipes.len() - 1
        });
        self.network.pipes = self.pipes.len() as u32;
        (known as u32, nanoseconds(self.size / bandwidth))
    }

    /// The link's own policy; a client's parameters are the policy of its calls.
    pub(super) fn policy_parameters(&self, from: ComponentId, to: ComponentId) -> Parameters {
        let mut parameters = self.design.link(from, to).map(|link| link.parameters.clone()).unwrap_or_default();
        let caller = self.design.component(from);
        if caller.kind == Kind::Client {
            parameters.fill_from(&caller.parameters);
        }
        parameters
    }

    fn policy(&mut self, from: ComponentId, to: ComponentId, timeout_lane: u32, parameters: &Parameters) -> u32 {
        let caller = &self.design.component(from).parameters;
        let retries = count(parameters, "retry", 1000.0).unwrap_or(0);
        let hedge = parameters.duration("hedge").map_or(0, nanoseconds);
        let of_link = |name| count(parameters, name, 1e6);
        let of_either = |name| of_link(name).or_else(|| count(caller, name, 1e6)).map(|most| most.max(1));
        let (pool, bulkhead) = (of_either("pool"), of_either("bulkhead"));
        let breaker = breaker(parameters);
        if retries == 0 && hedge == 0 && pool.is_none() && bulkhead.is_none() && breaker.is_none() {
            return NONE;
        }
        let wait = nanoseconds(parameters.duration("pool-wait").unwrap_or(POOL_WAIT));
        let policy = Policy {
            caller: from.0,
            callee: to.0,
            timeout_lane,
            retries,
            backoff: parameters.duration("backoff").map_or(0, nanoseconds),
            jitter: match parameters.word("jitter") {
                Some("full") => Jitter::Full,
                Some("equal") => Jitter::Equal,
                _ => Jitter::None,
            },
            budget: parameters.ratio("budget"),
            breaker,
            hedge_lane: self.lane(LaneKind::Hedge, hedge),
            most: pool.into_iter().chain(bulkhead).min().unwrap_or(NONE),
            waits: pool.is_some() && bulkhead.is_none_or(|bulkhead| pool < Some(bulkhead)),
            wait_lane: self.lane(LaneKind::Connection, wait),
        };
        let policies = &mut self.network.policies;
        policies.iter().position(|known| *known == policy).unwrap_or_else(|| {
            policies.push(policy);
            policies.len() - 1
        }) as u32
    }

    /// The way there and back, seconds.
    pub(super) fn round_trip(&self, from: ComponentId, to: ComponentId, link: &Parameters) -> f64 {
        if let Some(latency) = link.duration("latency") {
            return latency;
        }
        if self.design.settings.free_network || from == to {
            return 0.0;
        }
        let network = self.options.network;
        let (a, b) = (self.design.component(from), self.design.component(to));
        let apart = match (a.region, b.region) {
            (Some(a), Some(b)) if a != b => Some(self.between(a, b)),
            _ => None,
        };
        // A signed URL takes the client straight to the store, whoever asked for it.
        let presigned = b.kind == Kind::Blob && flag(&b.parameters, "presigned");
        if a.kind == Kind::Client || b.kind == Kind::Client || presigned {
            return network.client + apart.unwrap_or(0.0);
        }
        let zones = (a.parameters.number("zone"), b.parameters.number("zone"));
        match (apart, zones) {
            (Some(apart), _) => apart,
            (None, (Some(a), Some(b))) if a != b => network.same_region,
            _ => network.same_zone,
        }
    }

    fn between(&self, a: crate::design::RegionId, b: crate::design::RegionId) -> f64 {
        let known =
            self.design.region_links.iter().find(|link| (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a));
        known.map_or(self.options.network.cross_region, |link| link.round_trip)
    }

    /// The balancer of a load balancer's calls to a component whose instances share their load.
    fn balancer(&mut self, from: ComponentId, to: ComponentId) -> u32 {
        let caller = self.design.component(from);
        let station = &self.network.stations[to.0 as usize];
        if caller.kind != Kind::LoadBalancer || !matches!(station.spread, Spread::Random) {
            return NONE;
        }
        let balancers = &self.network.balancers;
        if let Some(known) = balancers.iter().position(|known| (known.caller, known.station) == (from.0, to.0)) {
            self.keyed |= matches!(balancers[known].choice, Choice::IpHash | Choice::ConsistentHash);
            return known as u32;
        }
        let parameters = &caller.parameters;
        let choice = match parameters.word("policy") {
            Some("random") => Choice::Random,
            Some("weighted") => Choice::Weighted,
            Some("least-connections") => Choice::LeastConnections,
            Some("least-time") => Choice::LeastTime,
            Some("two-choices") => Choice::TwoChoices,
            Some("ip-hash") => Choice::IpHash,
            Some("consistent-hash") => Choice::ConsistentHash,
            _ => Choice::RoundRobin,
        };
        self.keyed |= matches!(choice, Choice::IpHash | Choice::ConsistentHash);
        // A connection forwarded as such stays where it is, as a client with a cookie does.
        let sticky = flag(parameters, "sticky") || parameters.number("layer") == Some(4.0);
        let interval = parameters.duration("health-interval").map_or(0, nanoseconds);
        let threshold = u64::from(count(parameters, "health-threshold", 1000.0).unwrap_or(1).max(1));
        let notice = interval.saturating_mul(threshold).min(crate::sim::sampler::NEVER);
        self.network.balancers.push(BalancerPlan { caller: from.0, station: to.0, choice, sticky, notice });
        self.network.balancers.len() as u32 - 1
    }
}

/// When a link's breaker opens: at a share of failures, or (a bare number from 1) after so many in a row.
fn breaker(parameters: &Parameters) -> Option<BreakerPlan> {
    let tripping = match parameters.number("breaker") {
        Some(count) if count >= 1.0 => Tripping::InARow(count.min(1e6) as u32),
        _ => Tripping::Share(parameters.ratio("breaker")?.clamp(0.0, 1.0)),
    };
    let duration = |name, unsaid| nanoseconds(parameters.duration(name).unwrap_or(unsaid)).max(1);
    Some(BreakerPlan { tripping, window: duration("breaker-window", WINDOW), open: duration("breaker-open", OPEN) })
}
