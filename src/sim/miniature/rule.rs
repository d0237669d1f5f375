//! The group rule: which parts may be cut down, and how many members of a group have to stay.
//!
//! A part may be cut down if its members are alike, each works for itself, and which of them a request goes to is drawn at random, told by
//! its key, or decided by a balancer. What a balancer achieves depends on how many it has to choose from: round robin makes arrivals at each
//! instance the more even, the more take turns, and the least loaded of many is nearly always idle. The counts below are from simulations of
//! 2 to 1,024 single servers under each policy at utilisation 0.8 and 0.95.

use super::traffic::Traffic;
use crate::{
    design::{Fault, Kind, Place},
    sim::network::{BalancerPlan, Choice, Discipline, Limited, NONE, Network, Own, Role, Site, Spread, WriteStrategy},
};

/// Instances that take turns from which on the waits at each are within 1.5% of those among many.
const TURNS: u32 = 64;
/// The same for the better of two.
const TWO_CHOICES: u32 = 128;
/// The same for the least connections: of one worker each, of several, and of one at a utilisation above 0.9.
const LEAST_CONNECTIONS: (u32, u32, u32) = (128, 64, 256);
/// Where chance serves as well, taking turns among fewer than these would be a rhythm.
const RHYTHM: u32 = 2;
/// Servers of one queue (M/M/c) that keep the 99th percentile within 5%, and within 1%, of what it is without any wait, by utilisation.
const POOLS: [(f64, u32, u32); 6] =
    [(0.5, 4, 7), (0.7, 8, 15), (0.8, 13, 27), (0.9, 29, 72), (0.95, 66, 191), (0.99, 407, 1420)];
/// A key that alone makes more than this share of an instance's load is hot: its instance is like no other.
const HOT: f64 = 0.02;
/// A rate limit is out of reach where no more than this share of it is asked for.
const WITHIN_LIMIT: f64 = 0.7;

/// What a part can do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Least {
    /// Instances, down to so many.
    Instances(u32),
    /// It is one queue: servers of it, down to so many.
    Servers(u32),
    /// Nothing waits there, so nothing depends on how many they are: keys alone.
    Keys,
}

/// How far a station may be cut down and behaves as it does in full; `None` where it has to keep its full size.
pub(super) fn least(net: &Network, traffic: &Traffic, station: u32) -> Option<Least> {
    let plan = &net.stations[station as usize];
    let fits = match plan.own {
        Own::Nothing => {
            matches!(plan.kind, Kind::LoadBalancer | Kind::Service | Kind::Gateway | Kind::Blob | Kind::External)
        }
        Own::Cache(cache) => {
            let cache = &net.caches[cache as usize];
            !cache.single_flight && !cache.writes_back
        }
        _ => false,
    };
    let plain = plan.discipline == Discipline::Fifo && plan.scale.is_none() && plan.pauses.is_none();
    let consumes = net.groups.iter().any(|group| group.consumer == station);
    if !(fits && plain && plan.cold_start == 0 && !plan.drops) || consumes || counts_calls(net, station) {
        return None;
    }
    let sites = || net.sites.iter().enumerate().filter(|(_, site)| site.station == station);
    if !sites().all(|(at, site)| is_simple(site) && is_within_limit(net, traffic, at)) {
        return None;
    }
    let limited = sites().any(|(_, site)| site.limiter != NONE);
    match plan.spread {
        Spread::One | Spread::Random if plan.servers == NONE => Some(Least::Keys),
        Spread::One => pool(load(net, traffic, station)).map(|(_, enough)| Least::Servers(enough)),
        Spread::Random if !limited => balanced(net, traffic, station).map(Least::Instances),
        Spread::Key if hottest(net, traffic, station) * f64::from(plan.instances) <= HOT => Some(Least::Instances(1)),
        _ => None,
    }
}

/// Whether each instance counts its calls of something (connections, failures in a row): what it counts is of full size only where all
/// its calls are made.
pub(super) fn counts_calls(net: &Network, station: u32) -> bool {
    let mut policies = net.policies.iter().filter(|policy| policy.caller == station);
    policies.any(|policy| policy.most != NONE || policy.breaker.is_some())
}

/// Whether a visit asks for nothing but a server and an entry of a cache.
fn is_simple(site: &Site) -> bool {
    let role = match site.role {
        Role::Pass | Role::Work | Role::Lookup { .. } | Role::Invalidate => true,
        Role::Write(strategy) => strategy != WriteStrategy::Back,
        _ => false,
    };
    role && site.shed.0 == NONE && site.pipe == NONE && !site.locks && !site.pulled && site.linger.1 == 0
}

/// Whether a visit's rate limit, if it has one, is one of all or of many alike, and far from being reached.
fn is_within_limit(net: &Network, traffic: &Traffic, at: usize) -> bool {
    let site = &net.sites[at];
    let Some(limiter) = net.limiters.get(site.limiter as usize) else { return true };
    let shared = matches!(site.limited, Limited::Together | Limited::Partition);
    let hottest = match site.limited {
        Limited::Partition => 1.0 / f64::from(limiter.slots) + share_of_hottest(net, traffic, at),
        _ => 1.0,
    };
    let asked = traffic.rates[at] * hottest * greatest_factor(net);
    shared && asked <= WITHIN_LIMIT * limiter.per_second.min(limiter.burst)
}

/// Busy share of a station's servers when its load is greatest.
fn load(net: &Network, traffic: &Traffic, station: u32) -> f64 {
    traffic.utilisation(net, station) * greatest_factor(net)
}

/// The fewest instances behind the balancers that send to them; one where only chance does.
fn balanced(net: &Network, traffic: &Traffic, station: u32) -> Option<u32> {
    let (servers, load) = (net.stations[station as usize].servers, load(net, traffic, station));
    let mut fewest = 1;
    for balancer in net.balancers.iter().filter(|balancer| balancer.station == station) {
        fewest = fewest.max(behind(balancer, servers, load)?);
    }
    Some(fewest)
}

fn behind(balancer: &BalancerPlan, servers: u32, load: f64) -> Option<u32> {
    if balancer.sticky {
        return None;
    }
    // An instance that needs no better than chance to keep its queue empty is as well off among few.
    let alone = pool(load).is_some_and(|(enough, _)| servers >= enough);
    let needed = match balancer.choice {
        Choice::Random => 1,
        Choice::RoundRobin | Choice::TwoChoices | Choice::LeastConnections if alone => RHYTHM,
        Choice::RoundRobin => TURNS,
        Choice::TwoChoices => TWO_CHOICES,
        Choice::LeastConnections if servers > 1 => LEAST_CONNECTIONS.1,
        Choice::LeastConnections if load > 0.9 => LEAST_CONNECTIONS.2,
        Choice::LeastConnections => LEAST_CONNECTIONS.0,
        Choice::Weighted | Choice::LeastTime | Choice::IpHash | Choice::ConsistentHash => return None,
    };
    Some(needed)
}

/// Servers of one queue at which hardly anybody waits, to within 5% and to within 1%; `None` beyond the table.
fn pool(load: f64) -> Option<(u32, u32)> {
    POOLS.iter().find(|row| load <= row.0).map(|row| (row.1, row.2))
}

/// The share of a station's visits that are for one key, the hottest of each flow taken for the same.
fn hottest(net: &Network, traffic: &Traffic, station: u32) -> f64 {
    let (mut hot, mut all) = (0.0, 0.0);
    for (at, _) in net.sites.iter().enumerate().filter(|(_, site)| site.station == station) {
        hot += traffic.rates[at] * share_of_hottest(net, traffic, at);
        all += traffic.rates[at];
    }
    if all > 0.0 { hot / all } else { 1.0 }
}

/// The share of a flow's requests that are for its hottest key; of those that a cache lacked it is less.
fn share_of_hottest(net: &Network, traffic: &Traffic, site: usize) -> f64 {
    let Some(flow) = net.flows.get(traffic.flows[site] as usize) else { return 0.0 };
    flow.keys.hot + (1.0 - flow.keys.hot) * flow.zipf.probability(0.0)
}

/// How many times its load the scenario puts on the design at most, were all its spikes at once.
fn greatest_factor(net: &Network) -> f64 {
    let factors = net.scenario.iter().map(|event| match event.fault {
        Fault::Spike { factor, .. } | Fault::Ramp { factor, .. } | Fault::Slow { factor, .. } => factor.max(1.0),
        _ => 1.0,
    });
    factors.product()
}

/// Whether a fault hits all members of a group alike. What hits one instance, a zone, or one key after the other is not the same among fewer:
/// under such a fault every request is simulated.
pub fn hits_alike(fault: &Fault) -> bool {
    let whole = |place: &Place| matches!(place, Place::Component(_));
    match fault {
        Fault::Kill(place) | Fault::Pause(place) | Fault::Slow { place, .. } | Fault::Errors { place, .. } => {
            whole(place)
        }
        Fault::Partition(a, b) => whole(a) && whole(b),
        Fault::HotKey { .. } | Fault::Deploy(_) => false,
        _ => true,
    }
}
