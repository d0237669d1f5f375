//! Arrows become network delays, timeouts and retries, and balancers.

use super::{Lowering, station::count};
use crate::{
    design::{ComponentId, Kind, Parameters},
    sim::{
        network::{BalancerPlan, Choice, Jitter, LaneKind, NONE, Policy, Spread},
        sampler::nanoseconds,
    },
};

/// What an arrow does to a call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrow {
    pub hop_lane: u32,
    pub timeout_lane: u32,
    pub policy: u32,
    pub balancer: u32,
}

impl Arrow {
    /// No arrow.
    pub const NONE: Self = Self { hop_lane: NONE, timeout_lane: NONE, policy: NONE, balancer: NONE };
}

impl Lowering<'_> {
    pub(super) fn arrow(&mut self, from: ComponentId, to: ComponentId) -> Arrow {
        let parameters = self.policy_parameters(from, to);
        let hop = nanoseconds(self.round_trip(from, to, &parameters) / 2.0);
        let hop_lane = self.lane(LaneKind::Hop, hop);
        let timeout = parameters.duration("timeout").map_or(0, nanoseconds);
        let timeout_lane = self.lane(LaneKind::Timeout, timeout);
        let policy = self.policy(from, to, timeout_lane, &parameters);
        let balancer = self.balancer(from, to);
        Arrow { hop_lane, timeout_lane: if policy == NONE { timeout_lane } else { NONE }, policy, balancer }
    }

    /// The link's own policy; a client's parameters are the policy of its calls.
    fn policy_parameters(&self, from: ComponentId, to: ComponentId) -> Parameters {
        let mut parameters = self.design.link(from, to).map(|link| link.parameters.clone()).unwrap_or_default();
        let caller = self.design.component(from);
        if caller.kind == Kind::Client {
            parameters.fill_from(&caller.parameters);
        }
        parameters
    }

    fn policy(&mut self, from: ComponentId, to: ComponentId, timeout_lane: u32, parameters: &Parameters) -> u32 {
        let retries = count(parameters, "retry", 1000.0).unwrap_or(0);
        if retries == 0 {
            return NONE;
        }
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
        };
        let policies = &mut self.network.policies;
        policies.iter().position(|known| *known == policy).unwrap_or_else(|| {
            policies.push(policy);
            policies.len() - 1
        }) as u32
    }

    /// The way there and back, seconds.
    fn round_trip(&self, from: ComponentId, to: ComponentId, link: &Parameters) -> f64 {
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
        if a.kind == Kind::Client || b.kind == Kind::Client {
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
            Some("random" | "weighted") => Choice::Random,
            Some("least-connections" | "least-time") => Choice::LeastConnections,
            Some("two-choices") => Choice::TwoChoices,
            Some("ip-hash") => Choice::IpHash,
            Some("consistent-hash") => Choice::ConsistentHash,
            _ => Choice::RoundRobin,
        };
        self.keyed |= matches!(choice, Choice::IpHash | Choice::ConsistentHash);
        let interval = parameters.duration("health-interval").map_or(0, nanoseconds);
        let threshold = u64::from(count(parameters, "health-threshold", 1000.0).unwrap_or(1).max(1));
        let notice = interval.saturating_mul(threshold).min(crate::sim::sampler::NEVER);
        self.network.balancers.push(BalancerPlan { caller: from.0, station: to.0, choice, notice });
        self.network.balancers.len() as u32 - 1
    }
}
