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

/// Members of a group that shares its load by chance or by key: any number behaves alike, but of one there is nothing to choose.
const FEWEST: u32 = 2;
/// Instances that take turns from which on the waits at each are within 1.5% of those among many.
const TURNS: u32 = 64;
/// The same for the better of two.
const TWO_CHOICES: u32 = 128;
/// The same for the least connections: of one worker each, of several, and of one at a utilisation above 0.9.
const LEAST_CONNECTIONS: (u32, u32, u32) = (128, 64, 256);
/// Servers of one queue that keep the 99th percentile within 5% of what it is without any wait, by utilisation (M/M/c).
const POOLS: [(f64, u32); 6] = [(0.5, 4), (0.7, 8), (0.8, 13), (0.9, 29), (0.95, 66), (0.99, 407)];
/// A key that alone makes more than this share of an instance's load is hot: its instance is like no other.
const HOT: f64 = 0.02;

/// The fewest instances of a station that behave as all of them do; `None` where it has to keep its full size.
pub(super) fn fewest(net: &Network, traffic: &Traffic, station: u32) -> Option<u32> {
    let plan = &net.stations[station as usize];
    let fits = match plan.own {
        Own::Nothing => matches!(plan.kind, Kind::LoadBalancer | Kind::Service | Kind::Gateway),
        Own::Cache(cache) => {
            let cache = &net.caches[cache as usize];
            !cache.single_flight && !cache.writes_back
        }
        _ => false,
    };
    let spread = match plan.spread {
        Spread::Random => true,
        Spread::One => plan.servers == NONE,
        Spread::Key => hottest(net, traffic, station) * f64::from(plan.instances) <= HOT,
        _ => false,
    };
    let plain = plan.discipline == Discipline::Fifo && plan.scale.is_none() && plan.pauses.is_none();
    let alike = fits && spread && plain && plan.cold_start == 0 && !plan.drops;
    let apart = net.policies.iter().all(|policy| {
        // What one instance of a caller counts (connections, failures in a row) is of full size only where all its calls are.
        policy.caller != station || (policy.most == NONE && policy.breaker.is_none())
    });
    let consumes = net.groups.iter().any(|group| group.consumer == station);
    let simple = net.sites.iter().filter(|site| site.station == station).all(is_simple);
    if !(alike && apart && simple) || consumes {
        return None;
    }
    if plan.servers == NONE {
        // Nothing waits there, so nothing depends on how many they are: all stay, and only the keys are fewer.
        return Some(1);
    }
    let utilisation = traffic.utilisation(net, station) * greatest_factor(net);
    let mut fewest = FEWEST;
    for balancer in net.balancers.iter().filter(|balancer| balancer.station == station) {
        fewest = fewest.max(balanced(balancer, plan.servers, utilisation)?);
    }
    Some(fewest)
}

/// Whether a visit asks for nothing but a server and an entry of a cache.
fn is_simple(site: &Site) -> bool {
    let role = match site.role {
        Role::Pass | Role::Work | Role::Lookup { .. } | Role::Invalidate => true,
        Role::Write(strategy) => strategy != WriteStrategy::Back,
        _ => false,
    };
    let unlimited = site.limiter == NONE && site.limited == Limited::Together && site.shed.0 == NONE;
    role && unlimited && site.pipe == NONE && !site.locks && !site.pulled && site.linger.1 == 0
}

/// The fewest instances behind a balancer.
fn balanced(balancer: &BalancerPlan, servers: u32, utilisation: f64) -> Option<u32> {
    if balancer.sticky {
        return None;
    }
    // An instance that needs no better than chance to keep its queue empty is as well off among few.
    let alone = pool(utilisation).is_some_and(|enough| servers >= enough);
    let needed = match balancer.choice {
        Choice::Random => FEWEST,
        Choice::RoundRobin | Choice::TwoChoices | Choice::LeastConnections if alone => FEWEST,
        Choice::RoundRobin => TURNS,
        Choice::TwoChoices => TWO_CHOICES,
        Choice::LeastConnections if servers > 1 => LEAST_CONNECTIONS.1,
        Choice::LeastConnections if utilisation > 0.9 => LEAST_CONNECTIONS.2,
        Choice::LeastConnections => LEAST_CONNECTIONS.0,
        Choice::Weighted | Choice::LeastTime | Choice::IpHash | Choice::ConsistentHash => return None,
    };
    Some(needed)
}

/// Servers of one queue at which hardly anybody waits; `None` beyond the table.
fn pool(utilisation: f64) -> Option<u32> {
    POOLS.iter().find(|row| utilisation <= row.0).map(|row| row.1)
}

/// The share of a station's visits that are for one key, the hottest of each flow taken for the same.
fn hottest(net: &Network, traffic: &Traffic, station: u32) -> f64 {
    let (mut hot, mut all) = (0.0, 0.0);
    for (at, _) in net.sites.iter().enumerate().filter(|(_, site)| site.station == station) {
        let Some(flow) = net.flows.get(traffic.flows[at] as usize) else { continue };
        let share = flow.keys.hot + (1.0 - flow.keys.hot) * flow.zipf.probability(0.0);
        hot += traffic.rates[at] * share;
        all += traffic.rates[at];
    }
    if all > 0.0 { hot / all } else { 1.0 }
}

/// How many times its load the scenario puts on the design at most, were all its spikes at once.
fn greatest_factor(net: &Network) -> f64 {
    let factors = net.scenario.iter().map(|event| match event.fault {
        Fault::Spike { factor, .. } | Fault::Ramp { factor, .. } => factor.max(1.0),
        _ => 1.0,
    });
    factors.product()
}

/// Whether a fault hits all members of a group alike. What hits one instance, a zone, or one key after the other is not the same among fewer:
/// under such a fault every request is simulated.
pub fn hits_alike(fault: &Fault) -> bool {
    let whole = |place: &Place| matches!(place, Place::Component(_));
    match fault {
        Fault::Kill(place) | Fault::Pause(place) | Fault::Slow { place, .. } | Fault::Errors { place, .. } => whole(place),
        Fault::Partition(a, b) => whole(a) && whole(b),
        Fault::HotKey { .. } | Fault::Deploy(_) => false,
        _ => true,
    }
}
