//! Key-value stores: keys on a ring of virtual nodes, N copies, quorums, and reads that may miss the last write.

use super::recent::Recent;
use crate::{
    design::Operation,
    rng::mix64,
    sim::{
        engine::{Engine, Outcome, Reason},
        network::{KvPlan, Network, Own},
    },
};

/// The ring, evaluated at so many points.
const SLOTS: u64 = 4096;

/// A store's state.
#[derive(Debug)]
pub(in crate::sim) struct Kv {
    plan: KvPlan,
    /// For each slot of the ring the nodes in order from there, as far as they hold copies or may take hints.
    order: Vec<u32>,
    stretch: usize,
    recent: Recent,
    pub counts: KvCounts,
}

/// What a store counts.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sim) struct KvCounts {
    pub reads: u64,
    pub stale_reads: u64,
    pub hints: u64,
    pub repairs: u64,
}

impl Kv {
    pub fn forget_counts(&mut self) {
        self.counts = KvCounts::default();
    }

    /// The stores of a network.
    pub fn all(net: &Network) -> Vec<Self> {
        let plans = net.kvs.iter().map(|plan| {
            let nodes = net.stations[plan.station as usize].most;
            let stretch = (plan.copies * 2).min(nodes).max(1) as usize;
            Self {
                plan: *plan,
                order: ring(nodes, plan.virtual_nodes, stretch),
                stretch,
                recent: Recent::new(),
                counts: KvCounts::default(),
            }
        });
        plans.collect()
    }

    /// The nodes from a key's place on the ring on.
    fn nodes(&self, key: u64) -> &[u32] {
        let slot = (mix64(key ^ 0x6B76) % SLOTS) as usize;
        &self.order[slot * self.stretch..(slot + 1) * self.stretch]
    }
}

/// For each slot the distinct nodes met on the ring from there.
fn ring(nodes: u32, virtual_nodes: u32, stretch: usize) -> Vec<u32> {
    let mut marks: Vec<(u64, u32)> = (0..nodes)
        .flat_map(|node| {
            (0..virtual_nodes).map(move |mark| (mix64((u64::from(node) << 20) + u64::from(mark) + 1), node))
        })
        .collect();
    marks.sort_unstable();
    let mut order = Vec::with_capacity(SLOTS as usize * stretch);
    for slot in 0..SLOTS {
        let from = marks.partition_point(|mark| mark.0 < slot * (u64::MAX / SLOTS));
        let start = order.len();
        for mark in marks[from..].iter().chain(&marks[..from]) {
            if !order[start..].contains(&mark.1) {
                order.push(mark.1);
            }
            if order.len() - start == stretch {
                break;
            }
        }
    }
    order
}

impl Engine {
    fn kv_of(&self, station: u32) -> Option<usize> {
        match self.net.stations[station as usize].own {
            Own::Kv(kv) => Some(kv as usize),
            _ => None,
        }
    }

    /// The first node that holds a key and answers.
    pub fn place_kv(&self, frame: u32, station: u32) -> Option<u32> {
        let kv = &self.kvs[self.kv_of(station)?];
        let first = self.stations[station as usize].first;
        let copies = kv.nodes(self.frames[frame].key)[..kv.plan.copies as usize].iter().map(|node| first + node);
        let mut copies = copies.peekable();
        let owner = *copies.peek()?;
        Some(copies.find(|&node| self.instances[node as usize].up).unwrap_or(owner))
    }

    /// A write through the leader of a key's copies has been served there: it goes on to the other copies.
    pub fn led(&mut self, frame: u32, station: u32) {
        let Some(at) = self.kv_of(station) else { return };
        let state = &self.frames[frame];
        let (key, leader) = (state.key, state.instance);
        let first = self.stations[station as usize].first;
        let plan = self.kvs[at].plan;
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        let others = self.kvs[at].nodes(key)[..plan.copies as usize].iter().map(|node| first + node);
        targets.extend(others.filter(|&node| node != leader && self.instances[node as usize].up));
        let enough = targets.len() as u32 + 1 >= plan.writes;
        self.targets = targets;
        if !enough {
            self.end(frame, Outcome::failed(Reason::NoQuorum, station));
            return;
        }
        let now = self.now;
        self.kvs[at].recent.write(key, now);
        self.fan_out(frame, plan.writes - 1);
    }

    /// A request to a store of several copies: it goes to as many as it needs.
    pub fn quorum(&mut self, frame: u32, station: u32) {
        let Some(at) = self.kv_of(station) else { return };
        let (site, key) = (self.frames[frame].site as usize, self.frames[frame].key);
        let plan = self.kvs[at].plan;
        let is_read = matches!(self.net.sites[site].operation, Operation::Read | Operation::Search);
        let first = self.stations[station as usize].first;
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        let copies = plan.copies as usize;
        let up = |node: &u32| self.instances[(first + node) as usize].up;
        targets.extend(self.kvs[at].nodes(key)[..copies].iter().filter(|node| up(node)).map(|node| first + node));
        let mut hints = 0;
        if plan.hints && !is_read {
            // Nodes further on take the writes of those that are down.
            let missing = copies - targets.len();
            let others = self.kvs[at].nodes(key)[copies..].iter().filter(|node| up(node)).map(|node| first + node);
            targets.extend(others.take(missing));
            hints = targets.len() + missing - copies;
        }
        let need = if is_read { plan.reads } else { plan.writes };
        if is_read {
            let spare = if targets.is_empty() {
                0
            } else {
                self.stations[station as usize].choice.below(targets.len() as u64) as usize
            };
            targets.rotate_left(spare);
            targets.truncate(need as usize);
        }
        let enough = targets.len() >= need as usize;
        self.targets = targets;
        self.kvs[at].counts.hints += hints as u64;
        if !enough {
            self.end(frame, Outcome::failed(Reason::NoQuorum, station));
            return;
        }
        if is_read {
            self.look_for_staleness(at, station, key);
        } else {
            let now = self.now;
            self.kvs[at].recent.write(key, now);
        }
        self.fan_out(frame, need);
    }

    /// Whether a read misses the last write: none of the copies it asks was among those that the write waited for, and none has caught up.
    fn look_for_staleness(&mut self, at: usize, station: u32, key: u64) {
        let extra = self.stations[station as usize].extra_lag;
        let kv = &mut self.kvs[at];
        kv.counts.reads += 1;
        let Some(written) = kv.recent.last(key) else { return };
        let choice = &mut self.stations[station as usize].choice;
        let behind = self.now - written;
        for asked in 0..kv.plan.reads {
            let left = kv.plan.copies - asked;
            if choice.chance(f64::from(kv.plan.writes) / f64::from(left)) {
                return;
            }
            if kv.plan.lag.draw(choice) + extra <= behind {
                return;
            }
        }
        kv.counts.stale_reads += 1;
        if kv.plan.repairs && kv.plan.reads > 1 {
            kv.counts.repairs += 1;
            kv.recent.write(key, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_gives_each_node_its_share() {
        let order = ring(8, 128, 3);
        let mut owned = [0u32; 8];
        for slot in order.chunks(3) {
            assert!(slot[0] != slot[1] && slot[1] != slot[2] && slot[0] != slot[2]);
            owned[slot[0] as usize] += 1;
        }
        assert!(owned.iter().all(|&slots| (300..750).contains(&slots)), "{owned:?}");
    }
}
