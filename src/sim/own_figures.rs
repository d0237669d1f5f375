//! Figures of the kinds' own for the report, each with its name; and which part of a component has most of its load.
//!
//! They are taken down when the measured time ends: what comes after it counts in none of them.

use super::{
    engine::Engine,
    metrics::StationMetrics,
    network::{NONE, Own, Resource, StationPlan},
    report::HotPart,
    sampler::SECOND,
};

/// What a kind counted up to some moment.
#[derive(Clone, Debug)]
pub(super) struct OwnFigures {
    /// Hits over look-ups, of a cache that was asked.
    pub hit_ratio: Option<f64>,
    pub hottest: Option<HotPart>,
    pub extra: Vec<(String, f64)>,
}

impl OwnFigures {
    /// What a station has counted up to now, with the busy time of each of its instances.
    pub fn of(engine: &Engine, at: usize, metrics: &StationMetrics, busy: &[u64]) -> Self {
        let station = Station { plan: &engine.net.stations[at], metrics };
        Self {
            hit_ratio: hit_ratio(engine, station.plan),
            hottest: hot_partition(engine, station.plan)
                .or_else(|| hot_instance(engine, station.plan, busy))
                .map(|part| in_full(part, station.plan)),
            extra: extra(engine, &station),
        }
    }
}

/// A station's plan and counts.
struct Station<'a> {
    plan: &'a StationPlan,
    metrics: &'a StationMetrics,
}

fn hit_ratio(engine: &Engine, plan: &StationPlan) -> Option<f64> {
    let Own::Cache(cache) = plan.own else { return None };
    let cache = &engine.caches[cache as usize];
    let all = cache.hits + cache.misses;
    (all > 0.0).then(|| cache.hits / all)
}

/// The partition that most requests were for: of those with a limit of their own, else of those that messages are kept in.
fn hot_partition(engine: &Engine, plan: &StationPlan) -> Option<HotPart> {
    let station = plan.component.0;
    let sites = engine.net.sites.iter().filter(|site| site.station == station && site.limiter != NONE);
    let limited = sites.filter_map(|site| engine.limiters[site.limiter as usize].hottest());
    let buffers = engine.buffers.iter().filter(|buffer| buffer.plan.buffer == station);
    let kept = buffers.filter_map(super::stations::Buffer::hottest);
    let hot = limited.max_by_key(|part| part.count).or_else(|| kept.max_by_key(|part| part.count))?;
    Some(HotPart {
        name: format!("partition {}", hot.at),
        of: hot.of,
        share: hot.count as f64 / hot.all.max(1) as f64,
        turned_away: hot.refused,
    })
}

/// The instance that was busiest, where each has its own keys.
fn hot_instance(engine: &Engine, plan: &StationPlan, busy: &[u64]) -> Option<HotPart> {
    let active = engine.stations[plan.component.0 as usize].active as usize;
    let busy = busy.get(..active).filter(|busy| busy.len() > 1 && plan.resource == Resource::Each)?;
    let all: u64 = busy.iter().sum();
    let (at, most) = busy.iter().enumerate().rev().max_by_key(|(_, busy)| **busy)?;
    (all > 0).then(|| HotPart {
        name: format!("{}/{at}", plan.name),
        of: active as u32,
        share: *most as f64 / all as f64,
        turned_away: 0,
    })
}

/// A part of a station as it is in full: one of so many times as many.
fn in_full(mut part: HotPart, plan: &StationPlan) -> HotPart {
    part.of = (f64::from(part.of) * plan.stands_for).round() as u32;
    part.share /= plan.stands_for;
    part.turned_away = (part.turned_away as f64 * plan.stands_for).round() as u64;
    part
}

/// A component's own figures; what is zero is left out unless it says something.
fn extra(engine: &Engine, station: &Station<'_>) -> Vec<(String, f64)> {
    let mut figures = Figures(Vec::new(), station.plan.stands_for);
    let metrics = station.metrics;
    if metrics.wait.count() > 0 {
        figures.always("wait p99", metrics.wait.quantile(0.99) / SECOND);
    }
    figures.count("served for nobody", metrics.wasted);
    figures.count("lost with an instance", metrics.lost);
    figures.count("lost messages", metrics.lost_messages);
    kind(engine, station, &mut figures);
    groups(engine, station, &mut figures);
    policies(engine, station, &mut figures);
    figures.0
}

/// The figures, and what each that was counted at the station itself stands for.
struct Figures(Vec<(String, f64)>, f64);

impl Figures {
    fn always(&mut self, name: &str, value: f64) {
        self.0.push((name.to_string(), value));
    }

    fn count(&mut self, name: &str, count: u64) {
        self.whole(name, count as f64 * self.1);
    }

    /// A count that is of full size already.
    fn whole(&mut self, name: &str, count: f64) {
        if count > 0.0 {
            self.always(name, count.round());
        }
    }

    fn ratio(&mut self, name: &str, top: u64, bottom: u64) {
        if bottom > 0 {
            self.always(name, top as f64 / bottom as f64);
        }
    }
}

fn kind(engine: &Engine, station: &Station<'_>, figures: &mut Figures) {
    match station.plan.own {
        Own::Cache(at) => {
            let cache = &engine.caches[at as usize];
            if let Some(fullness) = cache.fullness() {
                figures.always("memory used", fullness);
            }
            figures.count("shield hits", cache.shield_hits);
            figures.count("coalesced misses", cache.coalesced);
            figures.count("dirty writes", cache.dirty.len() as u64);
            figures.count("lost writes", cache.lost_writes);
        }
        Own::Sql(at) => {
            let counts = &engine.sqls[at as usize].counts;
            figures.ratio("stale reads", counts.stale_reads, counts.replica_reads);
            figures.count("lock waits", counts.lock_waits);
            figures.count("write conflicts", counts.conflicts);
            figures.count("failovers", counts.failovers);
            figures.count("lost writes", counts.lost_writes);
        }
        Own::Kv(at) => {
            let counts = &engine.kvs[at as usize].counts;
            figures.ratio("stale reads", counts.stale_reads, counts.reads);
            figures.count("hinted writes", counts.hints);
            figures.count("read repairs", counts.repairs);
        }
        Own::Coordinator(at) => {
            let counts = &engine.coordinators[at as usize].counts;
            figures.count("locks taken", counts.acquired);
            figures.count("lock waits", counts.waits);
            figures.count("leases expired", counts.expired);
            figures.count("two holders at once", counts.overlaps);
            figures.count("fenced off", counts.fenced);
            figures.count("elections", counts.elections);
            figures.count("changes told", counts.changes - counts.untold);
            figures.count("changes not told to all", counts.untold);
        }
        Own::Workflow(_) => {
            figures.count("compensations", engine.stations[station.plan.component.0 as usize].compensations);
        }
        Own::Nothing | Own::Buffer | Own::Push(_) | Own::Search { .. } => {}
    }
}

/// A queue's or stream's groups, summed.
fn groups(engine: &Engine, station: &Station<'_>, figures: &mut Figures) {
    let own = engine.buffers.iter().filter(|buffer| buffer.plan.buffer == station.plan.component.0);
    let mut sums = [0; 7];
    for counts in own.map(|buffer| &buffer.counts) {
        let each = [
            counts.failed,
            counts.redelivered,
            counts.dead_letters,
            counts.dropped,
            counts.expired,
            counts.rebalances,
            counts.replayed,
        ];
        for (sum, count) in sums.iter_mut().zip(each) {
            *sum += count;
        }
    }
    let names = [
        "failed messages",
        "delivered again",
        "dead letters",
        "dropped messages",
        "expired messages",
        "rebalances",
        "replayed messages",
    ];
    for (name, sum) in names.into_iter().zip(sums) {
        figures.count(name, sum);
    }
    if let Some(oldest) = oldest(engine, station) {
        figures.always("age of the oldest", oldest);
    }
}

/// Seconds since the oldest message that waits at a queue or stream was asked for. The first in line is taken for the oldest of its partition.
fn oldest(engine: &Engine, station: &Station<'_>) -> Option<f64> {
    let own = engine.buffers.iter().filter(|buffer| buffer.plan.buffer == station.plan.component.0);
    let heads = own.flat_map(|buffer| &buffer.partitions).filter(|partition| partition.head != NONE);
    let born = heads.map(|partition| engine.frames[partition.head].born).min()?;
    Some((engine.now - born) as f64 / SECOND)
}

fn policies(engine: &Engine, station: &Station<'_>, figures: &mut Figures) {
    for (at, policy) in engine.net.policies.iter().enumerate() {
        if policy.caller != station.plan.component.0 {
            continue;
        }
        let callee = &engine.net.stations[policy.callee as usize].name;
        let counts = &engine.guards.counts[at];
        figures.whole(&format!("retries to {callee}"), counts.retries);
        figures.whole(&format!("hedges to {callee}"), counts.hedges);
        figures.whole(&format!("refused calls to {callee}"), counts.refused);
        figures.count(&format!("breaker openings to {callee}"), engine.guards.opened(at));
    }
}
