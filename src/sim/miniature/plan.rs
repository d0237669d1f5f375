//! What a miniature of a given scale looks like: what each flow's requests stand for, what is cut down and how far, and what is left to do.

use super::{
    rule,
    traffic::{Traffic, jobs},
};
use crate::{
    design::Kind,
    sim::network::{Choice, LoadPlan, NONE, Network, Own, Spacing},
};

/// Visits a second that a flow keeps, or this share of all where those are fewer: rare flows are cheap, and their figures want numbers.
const KEPT: f64 = 5e4;
const KEPT_SHARE: f64 = 0.02;
/// Entries that a cache keeps at least.
const ENTRIES: f64 = 256.0;

/// A station cut down.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cut {
    /// Instances that are left.
    pub instances: u32,
    /// Visits that one stands for.
    pub stands_for: f64,
}

/// A miniature.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// Requests that one stands for, by flow.
    pub flows: Vec<f64>,
    /// What is cut down, by station.
    pub stations: Vec<Option<Cut>>,
    /// Visits that one stands for, by site.
    pub weights: Vec<f64>,
    /// Visits a second that are simulated.
    pub visits: f64,
}

impl Plan {
    /// The miniature that simulates one request in `scale`; `None` where something in the network stands against any.
    pub fn of(net: &Network, traffic: &Traffic, scale: f64) -> Option<Self> {
        // A link's messages pass it one after the other, whoever sends them.
        if net.pipes > 0 || !net.scenario.iter().all(|event| rule::hits_alike(&event.fault)) {
            return None;
        }
        let stations = (0..net.stations.len() as u32).map(|station| cut(net, traffic, station, scale)).collect();
        let flows = weights_of_flows(net, traffic, scale);
        let mut plan = Self { flows, stations, weights: vec![1.0; net.sites.len()], visits: 0.0 };
        plan.weigh(net, traffic);
        plan.is_sound(net, traffic).then_some(plan)
    }

    /// Visits keep their request's weight up to the first station of full size, which every request comes to; from there on they are
    /// simulated one by one. A site comes before those that its program calls.
    fn weigh(&mut self, net: &Network, traffic: &Traffic) {
        for (at, site) in net.sites.iter().enumerate() {
            let (flow, caller) = (traffic.flows[at], traffic.callers[at]);
            let transparent = net.stations[site.station as usize].kind == Kind::Client;
            let before = match (flow, caller) {
                (NONE, _) => 1.0,
                (flow, NONE) => self.flows[flow as usize],
                (_, caller) => self.weights[caller as usize],
            };
            let cut = self.stations[site.station as usize].is_some();
            self.weights[at] = if cut || transparent { before } else { 1.0 };
            self.visits += traffic.rates[at] * jobs(net, at) / self.weights[at];
        }
    }

    /// Visits that come beside a request have no connection to be counted by, so no balancer may look at connections where they arrive.
    fn is_sound(&self, net: &Network, traffic: &Traffic) -> bool {
        let counts = |balancer: u32| {
            let balancer = &net.balancers[balancer as usize];
            let counted = matches!(balancer.choice, Choice::LeastConnections | Choice::LeastTime | Choice::TwoChoices);
            counted || balancer.sticky
        };
        net.sites.iter().enumerate().filter(|(_, site)| site.balancer != NONE && counts(site.balancer)).all(|(at, _)| {
            let caller = traffic.callers[at];
            caller == NONE || self.weights[caller as usize] <= self.weights[at]
        })
    }
}

/// How far a station is cut down, if at all: to a whole number of instances, each of which stands for `scale` or a few more.
fn cut(net: &Network, traffic: &Traffic, station: u32, scale: f64) -> Option<Cut> {
    let fewest = rule::fewest(net, traffic, station)?;
    let plan = &net.stations[station as usize];
    let cut = if plan.servers == NONE {
        Cut { instances: plan.instances, stands_for: scale }
    } else {
        let instances = (f64::from(plan.instances) / scale) as u32;
        if instances < fewest {
            return None;
        }
        Cut { instances, stands_for: f64::from(plan.instances) / f64::from(instances) }
    };
    let Own::Cache(cache) = plan.own else { return Some(cut) };
    let cache = &net.caches[cache as usize];
    let keys = cache.keys.min(cache.capacity * f64::from(plan.instances));
    (keys / cut.stands_for >= ENTRIES * f64::from(cut.instances)).then_some(cut)
}

/// Frequent flows are thinned to one request in `scale`, the others as far as leaves enough of them.
fn weights_of_flows(net: &Network, traffic: &Traffic, scale: f64) -> Vec<f64> {
    let mut visits = vec![0.0; net.flows.len()];
    for (at, rate) in traffic.rates.iter().enumerate() {
        if let Some(visits) = visits.get_mut(traffic.flows[at] as usize) {
            *visits += rate * jobs(net, at);
        }
    }
    let kept = KEPT.min(KEPT_SHARE * visits.iter().sum::<f64>());
    let weight = |(flow, visits): (&crate::sim::network::FlowPlan, &f64)| match flow.load {
        LoadPlan::Open { arrivals: Spacing::Poisson | Spacing::Diurnal { .. } | Spacing::Ramp { .. }, .. } => {
            (visits / kept.max(1e-9)).clamp(1.0, scale)
        }
        // Of regular arrivals, batches and users in a loop no part is like the whole.
        _ => 1.0,
    };
    net.flows.iter().zip(&visits).map(weight).collect()
}
