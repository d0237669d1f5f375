//! The miniature: a network under a load too heavy to be simulated request by request is cut down to one request in k.
//!
//! What is cut down with the requests are groups of like parts: instances that share a load, caches that share keys. A group keeps fewer
//! members, each as it is in full, under the load that it has in full: thinning a Poisson stream leaves Poisson streams, so the queue at each
//! instance is the same queue. Caches keep their instances' memory for a k-th of the keys: neighbouring ranks share an entry
//! (SHARDS, Waldspurger and others 2015, samples keys by a hash; blocks of ranks are the same sample, stratified), so that the popularity of
//! what is kept, the hit ratio and the characteristic time stay what they are.
//!
//! What can't be cut down keeps its full size and its full load: a database, a store, a queue, a pool that a whole tier shares, a group whose
//! rule ([`rule`]) asks for more members. Each request then comes with those it stands for, as visits of their own. And since whole numbers
//! of instances seldom come out at the same k, and rare flows aren't thinned at all, some requests only look on where they come by
//! (the engine's onlookers). So each part has a scale of its own, every part bears its true load, and nothing that is counted at a
//! part is of a different scale there.

mod plan;
mod rule;
mod traffic;

use super::{
    Options,
    network::{FlowPlan, LoadPlan, Network, NONE, Role},
};
pub use rule::hits_alike;

use plan::Plan;
use traffic::Traffic;

/// Visits a second of all stations up to which a network is simulated exactly.
const EXACT: f64 = 2e6;
/// What a miniature is to bring them down to: ten times real time, with room for charts.
const AIM: f64 = 8e5;
/// A miniature that saves less than this share of the visits isn't worth its noise.
const WORTH: f64 = 1.0 / 3.0;
/// One request in so many, from the least to the most.
const SCALES: [f64; 20] = [
    2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0, 24.0, 32.0, 40.0, 48.0, 64.0, 80.0, 96.0, 128.0, 192.0, 256.0, 512.0, 1024.0,
];

/// Cuts a network down, if its load asks for it and its parts bear it.
pub(super) fn shrink(net: &mut Network, options: &Options) {
    net.scale = 1.0;
    let asked = options.scale.filter(|scale| scale.is_finite()).unwrap_or(f64::INFINITY);
    if options.exact || asked <= 1.0 {
        return;
    }
    let traffic = Traffic::of(net);
    let plan = if asked.is_finite() { at(net, &traffic, asked) } else { choose(net, &traffic) };
    if let Some(plan) = plan {
        apply(net, &traffic, &plan);
    }
}

/// The miniature at a scale that was asked for, if there is anything to cut down.
fn at(net: &Network, traffic: &Traffic, scale: f64) -> Option<Plan> {
    Plan::of(net, traffic, scale).filter(|plan| plan.visits < traffic.visits(net) * 0.99)
}

/// The least scale that brings the visits down far enough, or else the one that saves the most.
fn choose(net: &Network, traffic: &Traffic) -> Option<Plan> {
    let full = traffic.visits(net);
    if full <= EXACT {
        return None;
    }
    let mut best: Option<Plan> = None;
    for scale in SCALES {
        let Some(plan) = Plan::of(net, traffic, scale) else { continue };
        if best.as_ref().is_none_or(|best| plan.visits < best.visits * 0.95) {
            best = Some(plan);
        }
        if best.as_ref().is_some_and(|best| best.visits <= AIM) {
            break;
        }
    }
    best.filter(|plan| plan.visits <= full * (1.0 - WORTH))
}

/// Cuts the network down as planned.
fn apply(net: &mut Network, traffic: &Traffic, plan: &Plan) {
    for (flow, &weight) in net.flows.iter_mut().zip(&plan.flows) {
        thin_flow(flow, weight);
    }
    for (at, cut) in plan.stations.iter().enumerate() {
        if let Some(cut) = cut {
            let station = &mut net.stations[at];
            (station.instances, station.most, station.stands_for) = (cut.instances, cut.instances, cut.stands_for);
            if station.connections != NONE {
                station.connections = (f64::from(station.connections) / cut.stands_for).ceil() as u32;
            }
            let left = f64::from(cut.instances) * cut.stands_for / f64::from(station.full);
            for cache in net.caches.iter_mut().filter(|cache| cache.station as usize == at) {
                cache.block = cut.stands_for;
                cache.capacity = (cache.capacity / left).max(1.0);
            }
        }
    }
    for at in 0..net.sites.len() {
        set_site(net, traffic, plan, at);
    }
    net.scale = plan.flows.iter().copied().fold(1.0, f64::max);
    net.notes.push(note(net, plan));
}

fn thin_flow(flow: &mut FlowPlan, weight: f64) {
    if let LoadPlan::Open { rate, .. } = &mut flow.load {
        *rate /= weight;
        flow.stands_for = weight;
    }
}

/// What a site's visits stand for, and what comes beside them.
fn set_site(net: &mut Network, traffic: &Traffic, plan: &Plan, at: usize) {
    let weight = plan.weights[at];
    let caller = traffic.callers[at];
    let before = if caller == NONE { weight } else { plan.weights[caller as usize] };
    let block = if caller == NONE { 0.0 } else { block_behind(net, plan, caller) };
    let site = &mut net.sites[at];
    site.weight = weight as f32;
    site.beside = (before / weight - 1.0).max(0.0) as f32;
    site.block = block as f32;
    if let Some(cut) = &plan.stations[site.station as usize] {
        site.counts = (weight / cut.stands_for).min(1.0) as f32;
    }
}

/// The block of ranks that visits from a site are known to be of: those that a thinned cache lacked; 0 for any.
fn block_behind(net: &Network, plan: &Plan, site: u32) -> f64 {
    let caller = &net.sites[site as usize];
    match &plan.stations[caller.station as usize] {
        Some(cut) if matches!(caller.role, Role::Lookup { .. }) => cut.stands_for,
        _ => f64::from(caller.block),
    }
}

/// What the reader is told.
fn note(net: &Network, plan: &Plan) -> String {
    let times = |scale: f64| crate::units::format_number((scale * 100.0).round() / 100.0);
    let cut = net.stations.iter().zip(&plan.stations).filter(|(_, cut)| cut.is_some());
    let parts: Vec<&str> = cut.map(|(station, _)| station.name.as_str()).collect();
    let mut text = format!("a miniature: 1 of {} requests is simulated", times(net.scale));
    let others = net.flows.iter().filter(|flow| flow.stands_for < net.scale);
    let others: Vec<String> = others
        .map(|flow| match flow.stands_for {
            1.0 => format!("all of {}", flow.name),
            weight => format!("1 of {} of {}", times(weight), flow.name),
        })
        .collect();
    if !others.is_empty() {
        text += &format!(" ({})", others.join(", "));
    }
    text + &format!("; of {} as large a part, the others in full size", parts.join(", "))
}

#[cfg(test)]
mod tests;
