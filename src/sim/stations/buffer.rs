//! Queues and streams: messages wait for consumers, which take them when they have a hand free.
//!
//! A consumer's hand is held until all that follows the message has ended, as a consumer's thread is. A stream keeps the order within a
//! partition: one consumer instance owns it, and one batch of it is in work at a time.

use std::collections::VecDeque;

use crate::sim::{
    engine::{Engine, MEASURED, MESSAGE, Outcome, Parent, Reason, Station, shard_of},
    network::{GroupPlan, NONE, StationPlan},
};

/// One group of consumers and the messages that wait for it.
#[derive(Debug)]
pub(in crate::sim) struct Buffer {
    plan: GroupPlan,
    partitions: Vec<Partition>,
    waiting: u32,
    /// The consumers' first instance, and the free hands of each; no hands are counted where there is no limit.
    first: u32,
    hands: Vec<u32>,
    limited: bool,
    /// Partitions with messages whose owner has no free hand, by owner.
    ready: Vec<VecDeque<u32>>,
    /// Without order: instances with a free hand, one entry a hand.
    idle: VecDeque<u32>,
    turn: u32,
}

/// Messages in order.
#[derive(Clone, Debug)]
struct Partition {
    head: u32,
    tail: u32,
    /// A batch of it is in work, or it is in line for a hand.
    engaged: bool,
}

impl Buffer {
    pub fn new(plan: &GroupPlan, plans: &[StationPlan], stations: &[Station]) -> Self {
        let (first, count, servers) = match plans.get(plan.consumer as usize) {
            Some(consumer) => {
                let station = &stations[plan.consumer as usize];
                (station.first, station.active, consumer.servers)
            }
            None => (0, 1, NONE),
        };
        let limited = servers != NONE;
        let mut idle = VecDeque::new();
        if limited && plan.partitions == 0 {
            let hands = u64::from(servers) * u64::from(count);
            idle.extend((0..hands.min(1 << 24)).map(|hand| (hand % u64::from(count)) as u32));
        }
        Self {
            plan: *plan,
            partitions: vec![Partition { head: NONE, tail: NONE, engaged: false }; plan.partitions.max(1) as usize],
            waiting: 0,
            first,
            hands: vec![servers; count as usize],
            limited,
            ready: vec![VecDeque::new(); count as usize],
            idle,
            turn: 0,
        }
    }

    fn partition_of(&mut self, key: u64) -> u32 {
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

    /// The consumer instance that may take from the partition now, if there is one.
    fn hand_for(&mut self, partition: u32) -> Option<u32> {
        if !self.limited {
            return Some(partition % self.hands.len() as u32);
        }
        if self.plan.partitions == 0 {
            return self.idle.pop_front();
        }
        let owner = partition % self.hands.len() as u32;
        let free = &mut self.hands[owner as usize];
        if *free > 0 {
            *free -= 1;
            Some(owner)
        } else {
            self.ready[owner as usize].push_back(partition);
            None
        }
    }

    /// A hand is free again; the partition that was waiting for it.
    fn hand_back(&mut self, instance: u32) -> Option<u32> {
        if !self.limited {
            return None;
        }
        if self.plan.partitions == 0 {
            self.idle.push_back(instance);
            return None;
        }
        self.hands[instance as usize] += 1;
        let next = self.ready[instance as usize].pop_front()?;
        self.hands[instance as usize] -= 1;
        Some(next)
    }
}

impl Engine {
    /// A queue or stream has written a message down: it goes to every group, and the producer on.
    pub fn publish(&mut self, frame: u32) {
        let site = &self.net.sites[self.frames[frame].site as usize];
        let ((first, count), handed_over, station) = (site.groups, site.handed_over, site.station);
        let full = (first..first + count).any(|group| {
            let buffer = &self.buffers[group as usize];
            buffer.waiting >= buffer.plan.depth
        });
        if full {
            self.end(frame, Outcome::failed(Reason::QueueFull, station));
            return;
        }
        let waits = !handed_over && count > 0;
        if waits {
            let state = &mut self.frames[frame];
            state.pc = self.net.end;
            state.pending += count as u16;
            state.need = count as u16;
        }
        for group in first..first + count {
            let parent = if waits { Parent::Frame(frame) } else { Parent::Nobody };
            self.enqueue_message(frame, group, parent);
        }
        if !waits {
            self.end(frame, Outcome::WELL);
        }
    }

    fn enqueue_message(&mut self, frame: u32, group: u32, parent: Parent) {
        let (site, born) = (self.frames[frame].site, self.frames[frame].born);
        let Some(message) = self.spawn(frame, site, parent) else {
            if let Parent::Frame(frame) = parent {
                let station = self.net.sites[site as usize].station;
                self.child_back(frame, Outcome::failed(Reason::Limit, station));
            }
            return;
        };
        let buffer = &mut self.buffers[group as usize];
        let partition = buffer.partition_of(self.frames[message].key);
        let state = &mut self.frames[message];
        state.flags |= MESSAGE;
        state.born = born;
        state.since = self.now;
        let queue = &mut buffer.partitions[partition as usize];
        if queue.head == NONE {
            queue.head = message;
        } else {
            self.frames[queue.tail].next = message;
        }
        queue.tail = message;
        buffer.waiting += 1;
        let station = buffer.plan.buffer as usize;
        self.stations[station].metrics.wait_changes(self.now, 1);
        self.offer(group, partition);
    }

    /// Lets a partition's messages be taken, if there is a hand for them.
    fn offer(&mut self, group: u32, partition: u32) {
        let buffer = &mut self.buffers[group as usize];
        let ordered = buffer.plan.partitions > 0;
        let queue = &buffer.partitions[partition as usize];
        if queue.head == NONE || (ordered && queue.engaged) {
            return;
        }
        buffer.partitions[partition as usize].engaged = true;
        if let Some(instance) = buffer.hand_for(partition) {
            self.take_batch(group, partition, instance);
        }
    }

    /// A consumer takes a batch: its first message stands for all, the others hang on it.
    fn take_batch(&mut self, group: u32, partition: u32, instance: u32) {
        let buffer = &mut self.buffers[group as usize];
        let queue = &mut buffer.partitions[partition as usize];
        let leader = queue.head;
        let (mut last, mut taken) = (leader, 1);
        let station = &mut self.stations[buffer.plan.buffer as usize].metrics;
        loop {
            station.wait_changes(self.now, -1);
            station.wait.record(self.now - self.frames[last].since);
            let next = self.frames[last].next;
            if taken == buffer.plan.batch || next == NONE {
                queue.head = next;
                break;
            }
            last = next;
            taken += 1;
        }
        self.frames[last].next = NONE;
        buffer.waiting -= taken;
        let (first, entry) = (buffer.first, buffer.plan.entry);
        let consumer = buffer.plan.consumer;
        let state = &mut self.frames[leader];
        state.instance = if consumer == NONE { NONE } else { first + instance };
        state.outcome = Outcome::WELL;
        state.since = (u64::from(group) << 48) | (u64::from(partition) << 24) | u64::from(taken);
        state.pc = entry;
        self.soon(crate::sim::engine::Task::Run(leader));
    }

    /// Messages that a frame's batch holds: 1 unless it is work on a batch.
    pub fn batch_of(&self, frame: u32) -> u32 {
        match self.frames[frame].parent() {
            Parent::Frame(message) if self.frames[message].flags & MESSAGE != 0 => {
                (self.frames[message].since & 0xFF_FFFF) as u32
            }
            _ => 1,
        }
    }

    /// A batch has ended: its messages are acknowledged, and the hand takes the next.
    pub fn consumed(&mut self, leader: u32) {
        let state = &self.frames[leader];
        let (instance, outcome) = (state.instance, state.outcome);
        let (group, partition) = ((state.since >> 48) as u32, (state.since >> 24) as u32 & 0xFF_FFFF);
        let mut follower = state.next;
        self.acknowledge(leader);
        while follower != NONE {
            let next = self.frames[follower].next;
            self.acknowledge(follower);
            if let Parent::Frame(waiting) = self.frames[follower].parent() {
                self.child_back(waiting, outcome);
            }
            self.release(follower);
            follower = next;
        }
        let buffer = &mut self.buffers[group as usize];
        buffer.partitions[partition as usize].engaged = false;
        let freed = if buffer.limited { buffer.hand_back(instance - buffer.first) } else { None };
        if let Some(next) = freed {
            let instance = instance - self.buffers[group as usize].first;
            self.take_batch(group, next, instance);
        }
        self.offer(group, partition);
    }

    fn acknowledge(&mut self, message: u32) {
        let state = &self.frames[message];
        let lag = self.now - state.born;
        let (measured, flow, site) = (state.flags & MEASURED != 0, state.flow, state.site);
        if measured {
            self.flows[flow as usize].metrics.caught_up(lag);
        }
        let station = self.net.sites[site as usize].station;
        self.stations[station as usize].metrics.lag.record(lag);
    }
}
