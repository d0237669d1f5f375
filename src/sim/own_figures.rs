//! Figures of the kinds' own for the report, each with its name.

use super::{engine::Engine, network::Own, sampler::SECOND, snapshot::Counted};

/// A component's own figures; what is zero is left out unless it says something.
pub(super) fn of(engine: &Engine, station: &Counted) -> Vec<(String, f64)> {
    let mut figures = Figures(Vec::new(), station.plan.stands_for);
    let metrics = &station.metrics;
    if metrics.wait.count() > 0 {
        figures.always("wait p99", metrics.wait.quantile(0.99) / SECOND);
    }
    figures.whole("served for nobody", metrics.wasted as f64);
    figures.whole("lost with an instance", metrics.lost as f64);
    figures.whole("lost messages", metrics.lost_messages as f64);
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

fn kind(engine: &Engine, station: &Counted, figures: &mut Figures) {
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
        }
        Own::Workflow(_) => {
            figures.count("compensations", engine.stations[station.plan.component.0 as usize].compensations);
        }
        Own::Nothing | Own::Buffer | Own::Push(_) | Own::Search { .. } => {}
    }
}

/// A queue's or stream's groups, summed.
fn groups(engine: &Engine, station: &Counted, figures: &mut Figures) {
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
}

fn policies(engine: &Engine, station: &Counted, figures: &mut Figures) {
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
