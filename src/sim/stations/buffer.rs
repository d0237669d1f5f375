//! The state of queues and streams: messages in partitions, and the hands of the consumers that take them.
//!
//! A consumer's hand is held until all that follows the message has ended, as a consumer's thread is. A stream keeps the order within a
//! partition: one consumer instance owns it, and one batch of it is in work at a time.

use std::collections::VecDeque;

use super::limiter::Hottest;
use crate::sim::{
    engine::{Station, shard_of},
    network::{GroupPlan, NONE, StationPlan},
    sampler::Time,
};

/// One group of consumers and the messages that wait for it.
#[derive(Debug)]
pub(in crate::sim) struct Buffer {
    pub plan: GroupPlan,
    pub partitions: Vec<Partition>,
    pub waiting: u32,
    /// Messages that consumers work on.
    pub in_work: u32,
    /// The consumers' first instance.
    pub first: u32,
    /// Hands of one consumer; `NONE` where there is no limit, and none are counted.
    each: u32,
    /// Hands in use, by instance.
    used: Vec<u32>,
    /// Consumer instances in service.
    members: Vec<u32>,
    /// Partitions with messages whose owner has no free hand, by owner; of a queue, in the first.
    ready: Vec<VecDeque<u32>>,
    turn: u32,
    /// Nothing is taken before then: the group rebalances.
    pub rests_until: Time,
    /// Producers that wait for room.
    pub blocked: VecDeque<u32>,
    /// Messages acknowledged since the last checkpoint, by instance.
    pub since_checkpoint: Vec<u32>,
    pub counts: GroupCounts,
}

/// What is counted of a group in the measured time.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sim) struct GroupCounts {
    pub failed: u64,
    pub redelivered: u64,
    pub dead_letters: u64,
    pub dropped: u64,
    pub expired: u64,
    pub rebalances: u64,
    pub replayed: u64,
}

/// Messages in order.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Partition {
    pub head: u32,
    pub tail: u32,
    pub count: u32,
    /// Messages that were put in since the counting began.
    pub put_in: u64,
    /// A batch of it is in work, or it is in line for a hand, or it waits to be filled.
    pub engaged: bool,
}

impl Buffer {
    pub fn new(plan: &GroupPlan, plans: &[StationPlan], stations: &[Station]) -> Self {
        let (first, active, most, each) = match plans.get(plan.consumer as usize) {
            Some(consumer) => {
                let station = &stations[plan.consumer as usize];
                (station.first, station.active, consumer.most, consumer.servers)
            }
            None => (0, 1, 1, NONE),
        };
        let empty = Partition { head: NONE, tail: NONE, count: 0, put_in: 0, engaged: false };
        Self {
            plan: *plan,
            partitions: vec![empty; plan.partitions.max(1) as usize],
            waiting: 0,
            in_work: 0,
            first,
            each,
            used: vec![0; most as usize],
            members: (0..active).collect(),
            ready: vec![VecDeque::new(); most as usize],
            turn: 0,
            rests_until: 0,
            blocked: VecDeque::new(),
            since_checkpoint: vec![0; most as usize],
            counts: GroupCounts::default(),
        }
    }

    /// Places kept for hands and producers that wait.
    pub fn room(&self) -> usize {
        self.blocked.capacity() + self.ready.iter().map(VecDeque::capacity).sum::<usize>()
    }

    pub fn forget_counts(&mut self) {
        self.counts = GroupCounts::default();
        self.partitions.iter_mut().for_each(|partition| partition.put_in = 0);
    }

    /// The partition that most messages were put in.
    pub fn hottest(&self) -> Option<Hottest> {
        Hottest::of(self.partitions.iter().map(|partition| (partition.put_in, 0)))
    }

    /// Whether the order within a partition is kept.
    pub fn is_ordered(&self) -> bool {
        self.plan.partitions > 0
    }

    /// The partition of a message.
    pub fn partition_of(&mut self, key: u64) -> u32 {
        let count = self.partitions.len() as u32;
        if count == 1 {
            0
        } else if self.plan.keyed {
            shard_of(key, 0x70_6172_7469, count)
        } else {
            self.turn = (self.turn + 1) % count;
            self.turn
        }
    }

    /// The consumers in service have changed; whether they differ from before.
    pub fn set_members(&mut self, members: Vec<u32>) -> bool {
        if members == self.members {
            return false;
        }
        self.members = members;
        // Partitions in line for a hand get in line anew.
        for ready in &mut self.ready {
            for partition in ready.drain(..) {
                self.partitions[partition as usize].engaged = false;
            }
        }
        true
    }

    /// A hand that may take from the partition now; without one, the partition stands in line.
    pub fn hand_for(&mut self, partition: u32) -> Option<u32> {
        let count = self.members.len() as u32;
        if count == 0 {
            self.partitions[partition as usize].engaged = false;
            return None;
        }
        if self.is_ordered() {
            let owner = self.members[(partition % count) as usize];
            if self.each != NONE && self.used[owner as usize] >= self.each {
                self.ready[owner as usize].push_back(partition);
                return None;
            }
            self.used[owner as usize] += 1;
            return Some(owner);
        }
        for step in 1..=count {
            let turn = (self.turn + step) % count;
            let member = self.members[turn as usize];
            if self.each == NONE || self.used[member as usize] < self.each {
                self.turn = turn;
                self.used[member as usize] += 1;
                return Some(member);
            }
        }
        None
    }

    /// A hand is free again; the partition that was in line for it.
    pub fn hand_back(&mut self, instance: u32) -> Option<u32> {
        self.used[instance as usize] -= 1;
        let next = self.ready[instance as usize].pop_front()?;
        self.used[instance as usize] += 1;
        Some(next)
    }
}
