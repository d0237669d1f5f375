//! The miniature: a network under a load too heavy to be simulated request by request is cut down to one request in k.
//!
//! What is cut down with the requests are groups of like parts: instances that share a load, caches that share keys. A group keeps fewer
//! members, each as it is in full, under the load that it has in full: thinning a Poisson stream leaves Poisson streams, so the queue at each
//! instance is the same queue. Caches keep their instances' memory for a k-th of the keys: neighbouring ranks share an entry
//! (SHARDS, Waldspurger and others 2015, samples keys by a hash; blocks of ranks are the same sample, stratified), so that the popularity of
//! what is kept, the hit ratio and the characteristic time stay what they are.
//!
//! What can't be cut down keeps its full size and its full load: a database, a store, a queue, a group whose rule ([`rule`]) asks for more
//! members. Each request then comes with those it stands for, as visits of their own. And since whole numbers
//! of instances seldom come out at the same k, and rare flows aren't thinned at all, some requests only look on where they come by
//! (the engine's onlookers). So each part has a scale of its own, every part bears its true load, and nothing that is counted at a
//! part is of a different scale there.

mod plan;
mod rule;
mod traffic;

use super::{
    Options,
    network::{LimiterPlan, LoadPlan, NONE, Network, Role, Site},
};
use plan::{Cut, Plan, are_done};
use traffic::Traffic;

pub use rule::hits_alike;

/// Visits a second of all stations up to which a network is simulated exactly.
const EXACT: f64 = 1.2e6;
/// What a miniature is to bring them down to: ten times real time, with room for charts.
const AIM: f64 = 2.5e5;
/// A miniature that saves less than this share of the visits isn't worth its noise.
const WORTH: f64 = 1.0 / 3.0;
/// One request in so many, from the least to the most.
const SCALES: [f64; 20] = [
    2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 20.0, 24.0, 32.0, 40.0, 48.0, 64.0, 80.0, 96.0, 128.0, 192.0, 256.0, 512.0,
    1024.0,
];

/// Cuts a network down, if its load asks for it and its parts bear it.
pub(super) fn shrink(net: &mut Network, options: &Options) {
    net.scale = 1.0;
    let asked = options.scale.filter(|scale| scale.is_finite()).unwrap_or(f64::INFINITY);
    if options.exact || asked <= 1.0 {
        return;
    }
    if asked.is_infinite() && Traffic::at_most(net).visits(net) <= EXACT {
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
    Plan::of(net, traffic, scale).filter(|plan| plan.visits < traffic.visits(net) * 0.95)
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
        if let LoadPlan::Open { rate, .. } = &mut flow.load {
            *rate /= weight;
            flow.stands_for = weight;
        }
    }
    for (at, cut) in plan.stations.iter().enumerate() {
        if let Some(cut) = cut {
            cut_station(net, at, cut);
        }
    }
    for at in 0..net.sites.len() {
        set_site(net, traffic, plan, at);
    }
    net.scale = plan.flows.iter().copied().fold(1.0, f64::max);
    net.notes.push(note(net));
}

fn cut_station(net: &mut Network, at: usize, cut: &Cut) {
    let station = &mut net.stations[at];
    let parts = |count: u32| (f64::from(count) / cut.stands_for).ceil() as u32;
    if station.connections != NONE {
        station.connections = parts(station.connections);
    }
    if cut.servers != station.servers {
        station.queue = parts(station.queue);
    }
    // Where fewer keys come to as many instances, each has room for fewer.
    let room = f64::from(station.instances) / (f64::from(cut.instances) * cut.stands_for);
    (station.instances, station.most, station.servers) = (cut.instances, cut.instances, cut.servers);
    (station.stands_for, station.cut) = (cut.stands_for, true);
    for cache in net.caches.iter_mut().filter(|cache| cache.station as usize == at) {
        cache.block = cut.stands_for;
        cache.capacity = (cache.capacity * room).max(1.0);
    }
}

/// What a site's visits stand for, and what comes beside them.
fn set_site(net: &mut Network, traffic: &Traffic, plan: &Plan, at: usize) {
    let caller = traffic.callers[at];
    let block = if caller == NONE { 0.0 } else { block_behind(net, plan, caller) };
    let beside = plan.beside[at];
    let done = are_done(net, &net.sites[at]);
    let visit = if done { plan.weights[at] / (1.0 + beside) } else { plan.weights[at] };
    let end = net.end;
    let site = &mut net.sites[at];
    site.weight = (visit * (1.0 + beside)) as f32;
    (site.beside, site.block, site.twin) = (beside as f32, block as f32, at as u32);
    if let Some(cut) = &plan.stations[site.station as usize] {
        site.counts = (visit / cut.stands_for).min(1.0) as f32;
        if site.limiter != NONE {
            cut_limiter(&mut net.limiters[site.limiter as usize], cut.stands_for);
        }
    }
    if done && beside > 0.0 {
        let twin = Site { entry: end, tail: false, beside: -1.0, ..net.sites[at] };
        net.sites[at].twin = net.sites.len() as u32;
        net.sites.push(twin);
    }
}

/// A limit of all together becomes as small a part; of many alike as many fewer, each as it is.
fn cut_limiter(limiter: &mut LimiterPlan, scale: f64) {
    let slots = (f64::from(limiter.slots) / scale).round().max(1.0);
    let each = f64::from(limiter.slots) / (slots * scale);
    limiter.slots = slots as u32;
    limiter.per_second *= each;
    limiter.burst = (limiter.burst * each).max(1.0);
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
fn note(net: &Network) -> String {
    let times = |scale: f64| crate::units::format_number((scale * 100.0).round() / 100.0);
    let others = net.flows.iter().filter(|flow| flow.stands_for < net.scale);
    let others = others.map(|flow| match flow.stands_for {
        1.0 => format!("all of {}", flow.name),
        weight => format!("1 of {} of {}", times(weight), flow.name),
    });
    let others = others.collect::<Vec<_>>().join(", ");
    let others = if others.is_empty() { others } else { format!(" ({others})") };
    let parts = net.stations.iter().filter(|station| station.cut).map(|station| station.name.as_str());
    let parts = parts.collect::<Vec<_>>().join(", ");
    format!("1 of {} requests simulated{others}: a miniature, in which only {parts} are cut down", times(net.scale))
}

#[cfg(test)]
mod tests {
    use super::rule::{Least, least};
    use super::*;
    use crate::design::{Catalogue, compile};
    use crate::rng::Stream;
    use crate::sim::lower::lower;

    fn network(text: &str) -> Network {
        let compiled = compile(text, &Catalogue::default());
        assert!(compiled.design.flows.len() == 1, "{text}: {:?}", compiled.diagnostics);
        lower(&compiled.design, &Options { exact: true, ..Options::of(&compiled.design) })
    }

    fn station(net: &Network, name: &str) -> usize {
        net.stations.iter().position(|station| station.name == name).expect("the design has it")
    }

    /// A design of a random size, with a tier of that many cores under that policy at that utilisation.
    fn design(random: &mut Stream, policy: &str, cores: u32, utilisation: f64) -> String {
        let rate = 1e6 * (1.0 + 9.0 * random.uniform());
        let instances = (rate * 1e-3 / f64::from(cores) / utilisation).ceil();
        let few = 3 + random.below(60);
        format!(
            "lb: load-balancer x{few}, policy {policy}, concurrency 64, work 1us\n\
             api: service x{instances}, cores {cores}, work 1ms\n\
             cache: cache x{}, read 5us, concurrency 4, item 1KB, memory 1GB\n\
             store: external, concurrency {}, work 10ms\n\
             db: sql, concurrency 64, read 10us\n\
             GET /x @ {rate}/s, keys 100M zipf 0.3: users -> lb -> api -> cache, (1% store | 99% cache), 0.1% db\n",
            8 + random.below(60),
            (rate * 1e-4 * 1.3).ceil(),
        )
    }

    /// The fewest instances of a tier, as the rule is written down.
    fn fewest(policy: &str, cores: u32, utilisation: f64) -> u32 {
        let table = [(0.5, 4), (0.7, 8), (0.8, 13), (0.9, 29), (0.95, 66), (0.99, 407)];
        let enough = table.iter().find(|row| utilisation <= row.0).map_or(u32::MAX, |row| row.1);
        match policy {
            "random" => 1,
            _ if cores >= enough => 2,
            "round-robin" => 64,
            "two-choices" => 128,
            _ if cores > 1 => 64,
            _ if utilisation > 0.9 => 256,
            _ => 128,
        }
    }

    #[test]
    fn no_choice_breaks_the_group_rule_and_every_part_keeps_its_load() {
        let mut random = Stream::new(11, 4);
        let mut cut = 0;
        for policy in ["random", "round-robin", "two-choices", "least-connections"] {
            for cores in [1, 4, 8, 16, 32] {
                for utilisation in [0.4, 0.65, 0.78, 0.88, 0.94] {
                    let text = design(&mut random, policy, cores, utilisation);
                    let full = network(&text);
                    let traffic = Traffic::of(&full);
                    let Some(plan) = choose(&full, &traffic) else { continue };
                    let mut small = full.clone();
                    apply(&mut small, &traffic, &plan);
                    let api = station(&small, "api");
                    let load = traffic.utilisation(&full, api as u32);
                    let (left, of) = (small.stations[api].instances, full.stations[api].instances);
                    assert!(left == of || left >= fewest(policy, cores, load), "{left} of {of} at {load}: {text}");
                    cut += u32::from(left < of);
                    keeps_its_load(&full, &small, &traffic);
                }
            }
        }
        assert!(cut > 20, "the tier was cut down in {cut} designs only");
    }

    /// Servers and visits are cut down alike: what counts at a part, times what it stands for there, is what comes in full.
    fn keeps_its_load(full: &Network, small: &Network, traffic: &Traffic) {
        for (one, other) in full.stations.iter().zip(&small.stations) {
            let servers = |plan: &crate::sim::network::StationPlan| f64::from(plan.instances) * f64::from(plan.servers);
            if one.servers != NONE {
                let ratio = servers(one) / (servers(other) * other.stands_for);
                assert!((ratio - 1.0).abs() < 1e-9, "{}: {ratio}", one.name);
            }
        }
        let pool = station(small, "store");
        assert!(
            small.stations[pool].servers >= full.stations[pool].servers.min(27),
            "a pool keeps what its load asks for"
        );
        assert_eq!(small.stations[station(small, "db")].stands_for, 1.0);
        for (at, &rate) in traffic.rates.iter().enumerate() {
            let site = &small.sites[at];
            let plan = &small.stations[site.station as usize];
            if plan.kind != crate::design::Kind::Client {
                let counted = rate / site.visit() * f64::from(site.counts) * plan.stands_for;
                assert!((counted / rate - 1.0).abs() < 1e-4, "{}: {counted} of {rate}", plan.name);
            }
        }
    }

    #[track_caller]
    fn check(api: &str, more: &str, expected: Option<Least>) {
        let text = format!(
            "lb: load-balancer x20, policy round-robin\napi: {api}, work 1ms\ndb: sql\n{more}\n\
             GET /x @ 100k/s, keys 1M zipf 0.5: users -> lb -> api -> db\n"
        );
        let net = network(&text);
        assert_eq!(least(&net, &Traffic::of(&net), station(&net, "api") as u32), expected, "{text}");
    }

    #[test]
    fn what_has_to_stay_of_a_part() {
        check("service x10, cores 16", "", Some(Least::Instances(2)));
        check("service x125, cores 1", "", Some(Least::Instances(64)));
        check("service x125, cores 1", "at 1s: spike GET /x 1.2x for 2s", Some(Least::Instances(64)));
        check("service, cores 180", "", Some(Least::Servers(15)));
        check("service, cores 101", "", None);
        check("service x10, cores 16, autoscale 60%", "", None);
        check("service x10, cores 16, discipline lifo", "", None);
        check("service x10, cores 16, gc-pause 10ms, gc-every 1s", "", None);
        check("service x10, cores 16", "api -> db: pool 10", None);
        check("service x10, cores 16", "api -> db: breaker 50%", None);
        check("service x10, cores 16", "api -> db: timeout 1s, retry 2, budget 10%", Some(Least::Instances(2)));
        check("gateway x10, limit 1M/s", "", None);
        check("gateway x10, limit 1M/s, shared yes", "", Some(Least::Keys));
        check("kv x10", "", None);
        check("external, concurrency 180, limit 200k/s", "", Some(Least::Servers(15)));
        check("external, concurrency 180, limit 110k/s", "", None);
    }
}
