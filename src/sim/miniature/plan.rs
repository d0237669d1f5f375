//! What a miniature of a given scale looks like: what each flow's requests stand for, what is cut down and how far, and what is left to do.

use super::{
    rule::{self, Least},
    traffic::{Traffic, jobs},
};
use crate::{
    design::Kind,
    sim::network::{Choice, LoadPlan, NONE, Network, Own, Role, Site, Spacing},
};

/// Visits a second that a flow keeps, or this share of all where those are fewer: rare flows are cheap, and their figures want numbers.
const KEPT: f64 = 5e4;
const KEPT_SHARE: f64 = 0.02;
/// Entries that a cache keeps at least.
const ENTRIES: f64 = 256.0;

/// A station cut down.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cut {
    /// Instances that are left, and servers of each.
    pub instances: u32,
    pub servers: u32,
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
    /// Requests that one which goes on from there stands for, by site.
    pub weights: Vec<f64>,
    /// Visits that come beside each, by site.
    pub beside: Vec<f64>,
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
        let sites = net.sites.len();
        let mut plan = Self { flows, stations, weights: vec![1.0; sites], beside: vec![0.0; sites], visits: 0.0 };
        for at in 0..sites {
            plan.weigh(net, traffic, at);
        }
        plan.is_sound(net, traffic).then_some(plan)
    }

    /// Follows the requests to a site. Where each visit stands for less than the request, others come beside it; and unless these are done
    /// when the station has worked on them, all that go on from there stand for less. A site comes before those that its program calls.
    fn weigh(&mut self, net: &Network, traffic: &Traffic, at: usize) {
        let (flow, caller) = (traffic.flows[at], traffic.callers[at]);
        let before = match (flow, caller) {
            (NONE, _) => return,
            (flow, NONE) => self.flows[flow as usize],
            (_, caller) => self.weights[caller as usize],
        };
        let site = &net.sites[at];
        let station = site.station as usize;
        if net.stations[station].kind == Kind::Client {
            self.weights[at] = before;
            return;
        }
        let visit = self.stations[station].as_ref().map_or(1.0, |cut| cut.stands_for).min(before);
        self.weights[at] = if are_done(net, site) { before } else { visit };
        self.beside[at] = before / visit - 1.0;
        self.visits += traffic.rates[at] * jobs(net, at) / visit;
    }

    /// Visits that come beside a request are chosen an instance for before they come, so no balancer may look at connections there.
    fn is_sound(&self, net: &Network, traffic: &Traffic) -> bool {
        let looks = |balancer: u32| {
            let choice = net.balancers.get(balancer as usize).map(|balancer| balancer.choice);
            matches!(choice, Some(Choice::LeastConnections | Choice::LeastTime | Choice::TwoChoices))
        };
        let mut sites = net.sites.iter().zip(&self.beside).zip(&traffic.callers);
        sites.all(|((site, &beside), &caller)| caller == NONE || beside <= 0.0 || !looks(site.balancer))
    }
}

/// Whether what comes beside a request is done when the station has worked on it: nothing of the station hangs on what follows.
pub(super) fn are_done(net: &Network, site: &Site) -> bool {
    let kind = net.stations[site.station as usize].kind;
    let passes = matches!(kind, Kind::LoadBalancer | Kind::Service | Kind::Gateway | Kind::Blob | Kind::External);
    passes && matches!(site.role, Role::Pass | Role::Work) && !site.pulled && !rule::counts_calls(net, site.station)
}

/// How far a station is cut down, if at all: to a whole number of instances or servers, each of which stands for `scale` or a few more, or for
/// less where that are too few.
fn cut(net: &Network, traffic: &Traffic, station: u32, scale: f64) -> Option<Cut> {
    let plan = &net.stations[station as usize];
    let left = |of: u32, least: u32| ((f64::from(of) / scale) as u32).max(least).min(of);
    let (instances, servers) = (plan.instances, plan.servers);
    let cut = match rule::least(net, traffic, station)? {
        Least::Keys => Cut { instances, servers, stands_for: scale },
        Least::Instances(least) => {
            let left = left(instances, least);
            Cut { instances: left, servers, stands_for: f64::from(instances) / f64::from(left) }
        }
        Least::Servers(least) => {
            let left = left(servers, least);
            Cut { instances, servers: left, stands_for: f64::from(servers) / f64::from(left) }
        }
    };
    let Own::Cache(cache) = plan.own else { return Some(cut).filter(|cut| cut.stands_for > 1.0) };
    let cache = &net.caches[cache as usize];
    let keys = cache.keys.min(cache.capacity * f64::from(instances));
    (cut.stands_for > 1.0 && keys / cut.stands_for >= ENTRIES * f64::from(cut.instances)).then_some(cut)
}

/// Frequent flows are thinned to one request in `scale`, the others as far as leaves enough of them: to a power of two, so that a design and
/// its variants, of which one makes a few more calls, see the same requests.
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
            let wanted = (visits / kept.max(1e-9)).max(1.0);
            if wanted >= scale { scale } else { libm::exp2(libm::floor(libm::log2(wanted))) }
        }
        // Of regular arrivals, batches and users in a loop no part is like the whole.
        _ => 1.0,
    };
    net.flows.iter().zip(&visits).map(weight).collect()
}
