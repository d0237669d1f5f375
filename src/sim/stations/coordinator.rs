//! Coordination services: majorities, leader election, and locks that live for a lease.

use std::collections::BTreeMap;

use crate::{
    design::Operation,
    sim::{
        engine::{ABANDONED, Engine, Event, Outcome, PARKED, Reason},
        network::{CoordinatorPlan, NONE, Network, Own},
        sampler::Time,
    },
};

/// A hash map whose order nobody looks at.
type Locks = BTreeMap<u64, Lock>;

/// A held lock and who waits for it.
#[derive(Clone, Copy, Debug)]
struct Lock {
    held: bool,
    head: u32,
    tail: u32,
    /// When the work of the last holder whose lease ran out ends.
    overdue_until: Time,
}

/// A lease that will end.
#[derive(Clone, Copy, Debug)]
struct Lease {
    coordinator: u32,
    key: u64,
    /// When the holder's work ends, if that is after the lease.
    work_until: Time,
    next_free: u32,
}

/// A coordination service's state.
#[derive(Debug)]
pub(in crate::sim) struct Coordinator {
    plan: CoordinatorPlan,
    locks: Locks,
    leader: u32,
    /// Without a leader until then.
    electing_until: Time,
    pub skew: Time,
    pub counts: LockCounts,
}

/// What is counted of locks.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sim) struct LockCounts {
    pub acquired: u64,
    pub waits: u64,
    pub expired: u64,
    /// Two holders at once, and how many of those a fencing token kept from harm.
    pub overlaps: u64,
    pub fenced: u64,
    pub elections: u64,
    /// Changes that all watchers were to be told of, and those that some were not, for a member died meanwhile.
    pub changes: u64,
    pub untold: u64,
}

/// Leases that will end, in a slab.
#[derive(Debug, Default)]
pub(in crate::sim) struct Leases {
    slab: Vec<Lease>,
    free: Option<u32>,
}

impl Coordinator {
    pub fn forget_counts(&mut self) {
        self.counts = LockCounts::default();
    }

    /// The coordinators of a network.
    pub fn all(net: &Network) -> Vec<Self> {
        let plans = net.coordinators.iter().map(|plan| Self {
            plan: *plan,
            locks: Locks::default(),
            leader: 0,
            electing_until: 0,
            skew: 0,
            counts: LockCounts::default(),
        });
        plans.collect()
    }

    pub fn plan(&self) -> &CoordinatorPlan {
        &self.plan
    }
}

impl Engine {
    pub fn coordinator_of(&self, station: u32) -> Option<usize> {
        match self.net.stations[station as usize].own {
            Own::Coordinator(coordinator) => Some(coordinator as usize),
            _ => None,
        }
    }

    /// The member that answers: the leader, or for reads any; or why none does.
    pub fn place_coordinator(&mut self, frame: u32, station: u32) -> Result<u32, Reason> {
        let Some(at) = self.coordinator_of(station) else { return Err(Reason::Down) };
        let members = self.instances_of(station);
        let up = members.iter().filter(|member| member.up).count();
        if up * 2 <= members.len() {
            return Err(Reason::NoQuorum);
        }
        let first = self.stations[station as usize].first;
        let is_read = self.net.sites[self.frames[frame].site as usize].operation == Operation::Read;
        if self.now < self.coordinators[at].electing_until && !self.coordinators[at].plan.redlock {
            return Err(Reason::NoPrimary);
        }
        if is_read || self.coordinators[at].plan.redlock {
            let turn = self.stations[station as usize].choice.below(up as u64) as usize;
            let mut members = self.instances_of(station).iter().enumerate().filter(|(_, member)| member.up);
            return members.nth(turn).map(|(index, _)| first + index as u32).ok_or(Reason::Down);
        }
        Ok(first + self.coordinators[at].leader)
    }

    /// A member has died or come back: a lost leader is replaced after an election.
    pub fn member_changed(&mut self, station: u32, index: u32, up: bool) {
        let Some(at) = self.coordinator_of(station) else { return };
        if up || self.coordinators[at].leader != index {
            return;
        }
        let heir = self.instances_of(station).iter().position(|member| member.up);
        let coordinator = &mut self.coordinators[at];
        coordinator.electing_until = self.now + coordinator.plan.election;
        coordinator.counts.elections += 1;
        if let Some(heir) = heir {
            coordinator.leader = heir as u32;
        }
    }

    /// The coordinator has agreed on a write: where it stands for a lock, the lock is taken or waited for.
    pub fn agreed(&mut self, frame: u32, station: u32) {
        let Some(at) = self.coordinator_of(station) else { return };
        let coordinator = &mut self.coordinators[at];
        if !coordinator.plan.locks {
            self.tell_watchers(frame, station, at);
            self.start_program(frame);
            return;
        }
        let key = self.frames[frame].key % coordinator.plan.keys;
        let lock =
            coordinator.locks.entry(key).or_insert(Lock { held: false, head: NONE, tail: NONE, overdue_until: 0 });
        if lock.held {
            coordinator.counts.waits += 1;
            let last = std::mem::replace(&mut lock.tail, frame);
            if last == NONE {
                lock.head = frame;
            } else {
                self.frames[last].next = frame;
            }
            self.frames[frame].next = NONE;
            self.frames[frame].flags |= PARKED;
        } else {
            self.hold(frame, station, at, key);
        }
    }

    /// A frame takes a lock, for as long as its work takes or its lease lasts.
    fn hold(&mut self, frame: u32, station: u32, at: usize, key: u64) {
        let coordinator = &mut self.coordinators[at];
        let work = coordinator.plan.hold.draw(&mut self.stations[station as usize].work);
        // A Redlock lease is judged by the holder's own clock; a consensus by the members'.
        let skew = if coordinator.plan.redlock { coordinator.skew } else { 0 };
        let lease = coordinator.plan.ttl.saturating_sub(skew).max(1);
        coordinator.counts.acquired += 1;
        let now = self.now;
        if let Some(lock) = coordinator.locks.get_mut(&key) {
            lock.held = true;
            let overlaps = now < lock.overdue_until;
            coordinator.counts.overlaps += u64::from(overlaps);
            coordinator.counts.fenced += u64::from(overlaps && coordinator.plan.fencing);
        }
        let lasts = work.min(lease);
        let record = Lease { coordinator: at as u32, key, work_until: now + work, next_free: NONE };
        let slot = if let Some(slot) = self.leases.free {
            let next = std::mem::replace(&mut self.leases.slab[slot as usize], record).next_free;
            self.leases.free = (next != NONE).then_some(next);
            slot
        } else {
            self.leases.slab.push(record);
            self.leases.slab.len() as u32 - 1
        };
        self.events.push(now + lasts.max(1), Event::LeaseEnds(slot));
        self.start_program(frame);
    }

    /// A lock is given back, or its lease runs out: the next in line takes it.
    pub fn lease_ends(&mut self, slot: u32) {
        let Lease { coordinator, key, work_until, .. } = self.leases.slab[slot as usize];
        self.leases.slab[slot as usize].next_free = self.leases.free.unwrap_or(NONE);
        self.leases.free = Some(slot);
        let at = coordinator as usize;
        let station = self.coordinators[at].plan.station;
        let expired = work_until > self.now;
        self.coordinators[at].counts.expired += u64::from(expired);
        let Some(lock) = self.coordinators[at].locks.get_mut(&key) else { return };
        lock.held = false;
        if expired {
            // The holder does not know yet that it has lost the lock.
            lock.overdue_until = work_until;
        }
        loop {
            let Some(lock) = self.coordinators[at].locks.get_mut(&key) else { return };
            let next = lock.head;
            if next == NONE {
                if lock.overdue_until <= self.now {
                    self.coordinators[at].locks.remove(&key);
                }
                return;
            }
            lock.head = self.frames[next].next;
            if lock.head == NONE {
                lock.tail = NONE;
            }
            self.frames[next].flags &= !PARKED;
            if self.frames[next].flags & ABANDONED == 0 {
                self.hold(next, station, at, key);
                return;
            }
            self.end(next, Outcome::failed(Reason::LockLost, station));
        }
    }
}
