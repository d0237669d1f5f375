//! Relational databases: primary and replicas, shards, replication, row locks, failover.

use std::collections::{BTreeMap, VecDeque};

use super::recent::Recent;
use crate::{
    design::Operation,
    sim::{
        engine::{Alarm, Engine, HOOKED, Outcome, PARKED, Parent, Reason, Task, shard_of},
        network::{Locking, NONE, Network, Own, ReadFrom, SqlPlan},
        sampler::{SECOND, Time},
    },
};

/// Tries of an optimistic writer.
const MOST_TRIES: u32 = 10;
/// Commits of a shard that are remembered for what a failover loses.
const TAIL: usize = 100_000;
/// A read within so many times the mean lag after a write is taken for a read of one's own write.
const OWN_WRITE: f64 = 3.0;

/// A hash map whose order nobody looks at.
type Locks = BTreeMap<u64, Waiting>;

/// Writers that wait for a row, in order.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    head: u32,
    tail: u32,
}

/// A database's state.
#[derive(Debug)]
pub(in crate::sim) struct Sql {
    pub plan: SqlPlan,
    /// Each shard's primary, counted among its nodes.
    primary: Vec<u32>,
    locks: Locks,
    recent: Recent,
    /// Recent commits of each shard, for what an asynchronous failover loses.
    tail: Vec<VecDeque<Time>>,
    /// Bytes that the run has written to each shard.
    stored: Vec<f64>,
    pub counts: SqlCounts,
}

/// What a database counts.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sim) struct SqlCounts {
    pub replica_reads: u64,
    pub stale_reads: u64,
    pub conflicts: u64,
    pub lock_waits: u64,
    pub failovers: u64,
    pub lost_writes: u64,
}

impl Sql {
    pub fn forget_counts(&mut self) {
        self.counts = SqlCounts::default();
    }

    /// The databases of a network.
    pub fn all(net: &Network) -> Vec<Self> {
        let plans = net.sqls.iter().map(|plan| Self {
            plan: *plan,
            primary: vec![0; plan.shards as usize],
            locks: Locks::default(),
            recent: Recent::new(),
            tail: vec![VecDeque::new(); plan.shards as usize],
            stored: vec![0.0; plan.shards as usize],
            counts: SqlCounts::default(),
        });
        plans.collect()
    }

    fn nodes(&self) -> u32 {
        1 + self.plan.replicas
    }
}

impl Engine {
    fn sql_of(&self, station: u32) -> Option<usize> {
        match self.net.stations[station as usize].own {
            Own::Sql(sql) => Some(sql as usize),
            _ => None,
        }
    }

    /// Finds the node for a query; `None` when there is none that may answer it.
    pub fn place_sql(&mut self, frame: u32, station: u32) -> Option<u32> {
        let sql = &self.sqls[self.sql_of(station)?];
        let state = &self.frames[frame];
        let first = self.stations[station as usize].first;
        let shard = shard_of(state.key, self.stations[station as usize].salt, sql.plan.shards);
        let base = first + shard * sql.nodes();
        let primary = base + sql.primary[shard as usize];
        let is_read = matches!(self.net.sites[state.site as usize].operation, Operation::Read | Operation::Search);
        if is_read && sql.plan.reads != ReadFrom::Primary && !self.reads_own_write(sql, state.key) {
            let with_primary = sql.plan.reads == ReadFrom::Any;
            let nodes = base..base + sql.nodes();
            let may = |node: u32| (with_primary || node != primary) && self.instances[node as usize].up;
            let count = nodes.clone().filter(|&node| may(node)).count();
            if count > 0 {
                let turn = self.stations[station as usize].choice.below(count as u64) as usize;
                let instances = &self.instances;
                return nodes
                    .filter(|&node| (with_primary || node != primary) && instances[node as usize].up)
                    .nth(turn);
            }
        }
        self.instances[primary as usize].up.then_some(primary)
    }

    fn reads_own_write(&self, sql: &Sql, key: u64) -> bool {
        let since = |at: Time| (self.now - at) as f64 <= OWN_WRITE * sql.plan.mean_lag * SECOND;
        sql.plan.own_writes && sql.recent.last(key).is_some_and(since)
    }

    /// All shards take part in a query without the shard key: one node of each.
    pub fn scatter_sql(&mut self, frame: u32, station: u32) {
        let Some(at) = self.sql_of(station) else { return };
        let (shards, nodes) = (self.sqls[at].plan.shards, self.sqls[at].nodes());
        let first = self.stations[station as usize].first;
        self.targets.clear();
        for shard in 0..shards {
            let base = first + shard * nodes;
            let primary = base + self.sqls[at].primary[shard as usize];
            let replica = match self.sqls[at].plan.reads {
                ReadFrom::Primary => primary,
                _ if nodes == 1 => primary,
                _ => base + self.stations[station as usize].choice.below(u64::from(nodes)) as u32,
            };
            let node = if self.instances[replica as usize].up { replica } else { primary };
            self.targets.push(node);
        }
        self.fan_out(frame, shards);
    }

    /// A query has been served.
    pub fn queried(&mut self, frame: u32, station: u32) {
        let Some(at) = self.sql_of(station) else { return };
        let state = &self.frames[frame];
        let (key, instance) = (state.key, state.instance);
        let first = self.stations[station as usize].first;
        let sql = &mut self.sqls[at];
        let (shard, node) = ((instance - first) / sql.nodes(), (instance - first) % sql.nodes());
        if node != sql.primary[shard as usize] {
            sql.counts.replica_reads += 1;
            let lag = sql.plan.lag.draw(&mut self.stations[station as usize].choice);
            let lag = lag + self.stations[station as usize].extra_lag;
            if sql.recent.last(key).is_some_and(|written| written + lag > self.now) {
                sql.counts.stale_reads += 1;
            }
        }
        self.start_program(frame);
    }

    /// A writer takes its row's lock; whether it got it. Who has to wait keeps its connection busy.
    pub fn lock_row(&mut self, frame: u32, station: u32) -> bool {
        let Some(at) = self.sql_of(station) else { return true };
        let key = self.frames[frame].key;
        let sql = &mut self.sqls[at];
        let Some(waiting) = sql.locks.get_mut(&key) else {
            sql.locks.insert(key, Waiting { head: NONE, tail: NONE });
            return true;
        };
        sql.counts.lock_waits += 1;
        let last = std::mem::replace(&mut waiting.tail, frame);
        if last == NONE {
            waiting.head = frame;
        }
        if last != NONE {
            self.frames[last].next = frame;
        }
        self.frames[frame].next = NONE;
        self.frames[frame].flags |= PARKED;
        false
    }

    /// A writer lets its row go: the next in line begins.
    pub fn unlock_row(&mut self, key: u64, station: u32) {
        let Some(at) = self.sql_of(station) else { return };
        let Some(waiting) = self.sqls[at].locks.get_mut(&key) else { return };
        let next = waiting.head;
        if next == NONE {
            self.sqls[at].locks.remove(&key);
            return;
        }
        waiting.head = self.frames[next].next;
        if waiting.head == NONE {
            waiting.tail = NONE;
        }
        self.frames[next].flags &= !PARKED;
        self.begin_work(next);
    }

    /// A waiting writer is lost with its node.
    pub fn leave_row(&mut self, frame: u32, station: u32) {
        let Some(at) = self.sql_of(station) else { return };
        let Some(waiting) = self.sqls[at].locks.get_mut(&self.frames[frame].key) else { return };
        let next = self.frames[frame].next;
        if waiting.head == frame {
            waiting.head = next;
            if next == NONE {
                waiting.tail = NONE;
            }
            return;
        }
        let mut before = waiting.head;
        while before != NONE && self.frames[before].next != frame {
            before = self.frames[before].next;
        }
        if before != NONE {
            self.frames[before].next = next;
            if waiting.tail == frame {
                waiting.tail = before;
            }
        }
    }

    /// A write has been served by its primary: it commits, if no other writer was first, and is replicated.
    pub fn committed(&mut self, frame: u32, station: u32) {
        let Some(at) = self.sql_of(station) else { return };
        let state = &self.frames[frame];
        let (key, began, instance) = (state.key, state.since, state.instance);
        let plan = self.sqls[at].plan;
        match plan.locking {
            Locking::Optimistic if self.sqls[at].recent.last(key).is_some_and(|other| other > began) => {
                self.sqls[at].counts.conflicts += 1;
                self.try_again(frame, station);
                return;
            }
            Locking::Pessimistic if plan.touches == 1 => self.unlock_row(key, station),
            _ => {}
        }
        self.sqls[at].recent.write(key, self.now);
        let shard = self.shard_at(at, station, instance);
        self.sqls[at].stored[shard as usize] += f64::from(self.net.sites[self.frames[frame].site as usize].bytes);
        if plan.touches > 1 {
            self.prepare(frame, at, station, shard);
            return;
        }
        if plan.replicas == 0 {
            self.start_program(frame);
            return;
        }
        let nodes = self.sqls[at].nodes();
        let base = self.stations[station as usize].first + shard * nodes;
        if plan.sync {
            self.targets.clear();
            let up = (base..base + nodes).filter(|&node| node != instance && self.instances[node as usize].up);
            self.targets.extend(up);
            self.fan_out(frame, 1);
            return;
        }
        let now = self.now;
        let tail = &mut self.sqls[at].tail[shard as usize];
        tail.push_back(now);
        if tail.len() > TAIL {
            tail.pop_front();
        }
        // Replicas apply every write.
        for node in base..base + nodes {
            if node != instance && self.instances[node as usize].up {
                self.send_leg(frame, node, Parent::Nobody);
            }
        }
        self.start_program(frame);
    }

    /// The shard that a node belongs to.
    fn shard_at(&self, at: usize, station: u32, instance: u32) -> u32 {
        (instance - self.stations[station as usize].first) / self.sqls[at].nodes()
    }

    /// Whether a write finds its shard's disk full of what the run has written.
    pub fn has_no_room(&self, frame: u32, station: u32) -> bool {
        let Some(at) = self.sql_of(station) else { return false };
        let sql = &self.sqls[at];
        let site = &self.net.sites[self.frames[frame].site as usize];
        if site.operation != Operation::Write || sql.plan.storage.is_infinite() {
            return false;
        }
        let salt = self.stations[station as usize].salt;
        let shard = shard_of(self.frames[frame].key, salt, sql.plan.shards);
        sql.stored[shard as usize] + f64::from(site.bytes) > sql.plan.storage
    }

    /// A write that touches several shards is prepared on the others; its own has it. It keeps its row until it has ended.
    fn prepare(&mut self, frame: u32, at: usize, station: u32, own: u32) {
        let others: Vec<u32> = self.touched(at, own).skip(1).collect();
        self.targets.clear();
        for shard in others {
            let primary = self.primary_of(at, station, shard);
            self.targets.push(primary);
        }
        self.frames[frame].flags |= HOOKED;
        let need = self.targets.len() as u32;
        self.fan_out(frame, need);
    }

    /// All shards that a write touches have prepared: they commit, with those replicas that a commit waits for.
    pub fn commit_everywhere(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let (site, instance) = (state.site as usize, state.instance);
        let (station, entry) = (self.net.sites[site].station, self.net.sites[site].entry);
        let Some(at) = self.sql_of(station) else { return };
        let (nodes, sync) = (self.sqls[at].nodes(), self.sqls[at].plan.sync);
        let touched: Vec<u32> = self.touched(at, self.shard_at(at, station, instance)).collect();
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        for shard in touched {
            let primary = self.primary_of(at, station, shard);
            targets.push(primary);
            let base = self.stations[station as usize].first + shard * nodes;
            for node in (base..base + nodes).filter(|&node| node != primary) {
                if !self.instances[node as usize].up {
                    continue;
                }
                if sync {
                    targets.push(node);
                } else {
                    self.send_leg(frame, node, Parent::Nobody);
                }
            }
        }
        let need = targets.len() as u32;
        self.targets = targets;
        self.fan_out(frame, need);
        self.frames[frame].pc = entry + 1;
    }

    /// Whether the parts of a station's writes belong to transactions that hold rows.
    pub fn holds_rows(&self, station: u32) -> bool {
        self.sql_of(station).is_some_and(|at| {
            let plan = &self.sqls[at].plan;
            plan.touches > 1 && plan.locking == Locking::Pessimistic
        })
    }

    /// The shards that a write to one of them touches: that one first.
    fn touched(&self, at: usize, own: u32) -> impl Iterator<Item = u32> + use<> {
        let (touches, shards) = (self.sqls[at].plan.touches, self.sqls[at].plan.shards);
        (0..touches).map(move |step| (own + step) % shards)
    }

    fn primary_of(&self, at: usize, station: u32, shard: u32) -> u32 {
        let sql = &self.sqls[at];
        self.stations[station as usize].first + shard * sql.nodes() + sql.primary[shard as usize]
    }

    /// A write that several shards took part in has ended: its row is free.
    pub fn transaction_ends(&mut self, frame: u32, station: u32) {
        let Some(at) = self.sql_of(station) else { return };
        if self.sqls[at].plan.locking == Locking::Pessimistic {
            let key = self.frames[frame].key;
            self.unlock_row(key, station);
        }
    }

    fn try_again(&mut self, frame: u32, station: u32) {
        let state = &mut self.frames[frame];
        state.pc += 1;
        if state.pc >= MOST_TRIES {
            self.end(frame, Outcome::failed(Reason::Conflict, station));
        } else {
            self.soon(Task::Again(frame));
        }
    }

    /// A node has died or come back: a shard without its primary fails over, after a while.
    pub fn sql_node_changed(&mut self, station: u32, index: u32, up: bool) {
        let Some(at) = self.sql_of(station) else { return };
        let nodes = self.sqls[at].nodes();
        let (shard, node) = (index / nodes, index % nodes);
        if !up && self.sqls[at].primary[shard as usize] == node && nodes > 1 {
            let plan = &self.sqls[at].plan;
            let pause = plan.detect + plan.promote;
            let died = self.now;
            self.set_alarm(self.now + pause, Alarm::Promote { station, shard, died });
        }
    }

    /// A replica takes over a shard whose primary is still down.
    pub fn promote(&mut self, station: u32, shard: u32, died: Time) {
        let Some(at) = self.sql_of(station) else { return };
        let nodes = self.sqls[at].nodes();
        let base = self.stations[station as usize].first + shard * nodes;
        let old = self.sqls[at].primary[shard as usize];
        if self.instances[(base + old) as usize].up {
            return;
        }
        let heir = (0..nodes).find(|&node| self.instances[(base + node) as usize].up);
        let Some(heir) = heir else { return };
        let lag = self.sqls[at].plan.lag.draw(&mut self.stations[station as usize].choice);
        let lag = lag + self.stations[station as usize].extra_lag;
        let sql = &mut self.sqls[at];
        sql.primary[shard as usize] = heir;
        sql.counts.failovers += 1;
        if !sql.plan.sync {
            let lost = sql.tail[shard as usize].iter().rev().take_while(|&&commit| commit + lag > died).count();
            sql.counts.lost_writes += lost as u64;
        }
    }
}
