//! What happens to messages: taken in, delivered, acknowledged, delivered again, put aside.

use super::buffer::Buffer;
use crate::sim::{
    engine::{ABANDONED, Alarm, ENDED, Engine, Event, MEASURED, MESSAGE, Outcome, Parent, Reason, Task},
    network::{NONE, Overflow, Window},
    sampler::Time,
};

/// A message that failed without a visibility timeout is handed out again after this.
const AGAIN: Time = 1_000_000;
/// Slices of a sliding window.
const SLIDES: Time = 10;

/// What a message in work remembers: group, partition, messages of its batch, deliveries.
#[derive(Clone, Copy, Debug)]
struct Taken {
    group: u32,
    partition: u32,
    batch: u32,
    deliveries: u32,
}

impl Taken {
    fn pack(self) -> u64 {
        (u64::from(self.group) << 48)
            | (u64::from(self.partition) << 28)
            | (u64::from(self.batch) << 8)
            | u64::from(self.deliveries.min(255))
    }

    fn unpack(packed: u64) -> Self {
        Self {
            group: (packed >> 48) as u32,
            partition: (packed >> 28) as u32 & 0xF_FFFF,
            batch: (packed >> 8) as u32 & 0xF_FFFF,
            deliveries: packed as u32 & 0xFF,
        }
    }
}

impl Engine {
    /// A queue or stream has written a message down: it goes to every group, and the producer on.
    pub fn publish(&mut self, frame: u32) {
        let site = &self.net.sites[self.frames[frame].site as usize];
        let ((first, count), handed_over, station) = (site.groups, site.handed_over, site.station);
        let full = (first..first + count).find(|&group| {
            let buffer = &self.buffers[group as usize];
            buffer.waiting >= buffer.plan.depth
        });
        if let Some(group) = full {
            let buffer = &mut self.buffers[group as usize];
            match buffer.plan.overflow {
                Overflow::Reject => self.end(frame, Outcome::failed(Reason::Full, station)),
                Overflow::Block => buffer.blocked.push_back(frame),
                Overflow::Drop => {
                    buffer.counts.dropped += 1;
                    self.end(frame, Outcome::WELL);
                }
            }
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
            self.new_message(frame, group, parent);
        }
        if !waits {
            self.end(frame, Outcome::WELL);
        }
    }

    fn new_message(&mut self, frame: u32, group: u32, parent: Parent) {
        let from = &self.frames[frame];
        let (site, born, key, flow, flags) = (from.site, from.born, from.key, from.flow, from.flags & MEASURED);
        let Some(message) = self.frames.take(site, parent, born) else {
            if let Parent::Frame(frame) = parent {
                let station = self.net.sites[site as usize].station;
                self.child_back(frame, Outcome::failed(Reason::Limit, station));
            }
            return;
        };
        let state = &mut self.frames[message];
        (state.key, state.flow, state.flags) = (key, flow, flags | MESSAGE);
        let delay = self.buffers[group as usize].plan.delay;
        self.requeue(message, group, 0, delay);
    }

    /// Puts a message into its group's queue, now or later.
    fn requeue(&mut self, message: u32, group: u32, deliveries: u32, delay: Time) {
        let state = &mut self.frames[message];
        state.need = deliveries as u16;
        state.pending = 0;
        state.next = NONE;
        state.pc = group;
        if delay > 0 {
            self.events.push(self.now + delay, Event::Available(message));
        } else {
            self.available(message);
        }
    }

    /// A message can be taken from now on.
    pub fn available(&mut self, message: u32) {
        let group = self.frames[message].pc;
        let buffer = &mut self.buffers[group as usize];
        let partition = buffer.partition_of(self.frames[message].key);
        self.frames[message].since = self.now;
        let queue = &mut buffer.partitions[partition as usize];
        if queue.head == NONE {
            queue.head = message;
        } else {
            self.frames[queue.tail].next = message;
        }
        queue.tail = message;
        queue.count += 1;
        queue.put_in += 1;
        buffer.waiting += 1;
        let station = buffer.plan.buffer as usize;
        self.stations[station].metrics.wait_changes(self.now, 1);
        self.offer(group, partition);
    }

    /// Lets a partition's messages be taken, if there is a hand for them and the batch is full or has waited long enough.
    pub fn offer(&mut self, group: u32, partition: u32) {
        let now = self.now;
        self.expire(group, partition);
        let buffer = &mut self.buffers[group as usize];
        let ordered = buffer.is_ordered();
        let plan = buffer.plan;
        let queue = &mut buffer.partitions[partition as usize];
        if queue.head == NONE || (ordered && queue.engaged) || now < buffer.rests_until {
            return;
        }
        let ripe = self.frames[queue.head].since + plan.batch_wait;
        if queue.count < plan.batch && now < ripe {
            if !queue.engaged {
                queue.engaged = true;
                self.set_alarm(ripe, Alarm::Ripe { group, partition });
            }
            return;
        }
        queue.engaged = ordered;
        if let Some(instance) = buffer.hand_for(partition) {
            self.take_batch(group, partition, instance);
        }
    }

    /// Messages past the retention are gone unread.
    fn expire(&mut self, group: u32, partition: u32) {
        let now = self.now;
        let buffer = &mut self.buffers[group as usize];
        let (retention, station) = (buffer.plan.retention, buffer.plan.buffer as usize);
        loop {
            let buffer = &mut self.buffers[group as usize];
            let queue = &mut buffer.partitions[partition as usize];
            let head = queue.head;
            if head == NONE || self.frames[head].since + retention >= now {
                return;
            }
            queue.head = self.frames[head].next;
            queue.count -= 1;
            buffer.waiting -= 1;
            buffer.counts.expired += 1;
            self.stations[station].metrics.wait_changes(now, -1);
            if let Parent::Frame(waiting) = self.frames[head].parent() {
                self.child_back(waiting, Outcome::failed(Reason::Full, station as u32));
            }
            self.release(head);
        }
    }

    /// A batch has waited long enough.
    pub fn ripe(&mut self, group: u32, partition: u32) {
        self.buffers[group as usize].partitions[partition as usize].engaged = false;
        self.offer(group, partition);
    }

    /// A consumer takes a batch: its first message stands for all, the others hang on it.
    fn take_batch(&mut self, group: u32, partition: u32, instance: u32) {
        let buffer = &mut self.buffers[group as usize];
        let plan = buffer.plan;
        let queue = &mut buffer.partitions[partition as usize];
        let leader = queue.head;
        let (mut last, mut taken) = (leader, 1);
        let station = &mut self.stations[plan.buffer as usize].metrics;
        loop {
            station.wait_changes(self.now, -1);
            station.wait.record(self.now - self.frames[last].since);
            let next = self.frames[last].next;
            if taken == plan.batch || next == NONE {
                queue.head = next;
                break;
            }
            last = next;
            taken += 1;
        }
        queue.count -= taken;
        self.frames[last].next = NONE;
        buffer.waiting -= taken;
        buffer.in_work += taken;
        let consumer = if plan.consumer == NONE { NONE } else { buffer.first + instance };
        let mut message = leader;
        while message != NONE {
            let state = &mut self.frames[message];
            let deliveries = u32::from(state.need) + 1;
            state.instance = consumer;
            state.outcome = Outcome::WELL;
            state.need = 0;
            state.since = Taken { group, partition, batch: taken, deliveries }.pack();
            if plan.visibility_lane != NONE {
                let tag = (state.generation << 8) | deliveries.min(255);
                self.wait_in_lane(plan.visibility_lane, message, tag);
            }
            message = self.frames[message].next;
        }
        self.frames[leader].pc = plan.entry;
        let fetch = plan.fetch.draw(&mut self.stations[plan.buffer as usize].work);
        if fetch > 0 {
            self.events.push(self.now + fetch, Event::Run(leader));
        } else {
            self.soon(Task::Run(leader));
        }
        self.let_blocked_in(group);
    }

    /// There is room for a producer that waited for it.
    fn let_blocked_in(&mut self, group: u32) {
        let buffer = &mut self.buffers[group as usize];
        if buffer.waiting < buffer.plan.depth
            && let Some(frame) = buffer.blocked.pop_front()
        {
            self.soon(Task::Publish(frame));
        }
    }

    /// Messages that a frame's batch holds: 1 unless it is work on a batch.
    pub fn batch_of(&self, frame: u32) -> u32 {
        match self.frames[frame].parent() {
            Parent::Frame(message) if self.frames[message].flags & MESSAGE != 0 => {
                Taken::unpack(self.frames[message].since).batch
            }
            _ => 1,
        }
    }

    /// A batch has ended: its messages are acknowledged or go back, and the hand takes the next.
    pub fn consumed(&mut self, leader: u32) {
        let state = &self.frames[leader];
        let (instance, outcome) = (state.instance, state.outcome);
        let Taken { group, partition, .. } = Taken::unpack(state.since);
        let mut message = leader;
        while message != NONE {
            let next = std::mem::replace(&mut self.frames[message].next, NONE);
            self.buffers[group as usize].in_work -= 1;
            self.message_ends(message, group, outcome);
            message = next;
        }
        let buffer = &mut self.buffers[group as usize];
        buffer.partitions[partition as usize].engaged = false;
        let hand = if instance == NONE { 0 } else { instance - buffer.first };
        if let Some(next) = buffer.hand_back(hand) {
            self.take_batch(group, next, hand);
        }
        self.offer(group, partition);
    }

    /// A message has been worked on: it is done with, or goes back to be delivered again.
    fn message_ends(&mut self, message: u32, group: u32, outcome: Outcome) {
        let plan = self.buffers[group as usize].plan;
        let Taken { deliveries, .. } = Taken::unpack(self.frames[message].since);
        if outcome.is_well() {
            self.acknowledge(message, group);
        } else if self.frames[message].is(ABANDONED) {
            // It is in the queue once more already.
        } else if plan.redelivers {
            if deliveries < plan.receives {
                self.frames[message].flags &= !ENDED;
                self.buffers[group as usize].counts.redelivered += 1;
                self.deliver_again(message, group, deliveries);
                return;
            }
            self.buffers[group as usize].counts.dead_letters += 1;
        } else {
            self.buffers[group as usize].counts.failed += 1;
        }
        if let Parent::Frame(waiting) = self.frames[message].parent() {
            self.child_back(waiting, outcome);
        }
        self.release_ended(message);
    }

    /// A failed message goes back to its queue; as a copy, where what it called is still under way.
    fn deliver_again(&mut self, message: u32, group: u32, deliveries: u32) {
        let pause = self.buffers[group as usize].plan.visibility.max(AGAIN);
        if self.frames[message].pending == 0 {
            self.requeue(message, group, deliveries, pause);
            return;
        }
        let from = &self.frames[message];
        let (site, born, key, flow, parent) = (from.site, from.born, from.key, from.flow, from.parent());
        let flags = from.flags & (MEASURED | MESSAGE);
        if let Some(copy) = self.frames.take(site, parent, born) {
            let state = &mut self.frames[copy];
            (state.key, state.flow, state.flags) = (key, flow, flags);
            self.requeue(copy, group, deliveries, pause);
        } else if let Parent::Frame(waiting) = parent {
            let station = self.net.sites[site as usize].station;
            self.child_back(waiting, Outcome::failed(Reason::Limit, station));
        }
        self.release_ended(message);
    }

    /// Gives a message back, once nothing that it called is under way.
    fn release_ended(&mut self, message: u32) {
        let state = &mut self.frames[message];
        state.set_parent(Parent::Nobody);
        if state.pending == 0 {
            self.release(message);
        } else {
            state.flags |= ENDED | crate::sim::engine::DELIVERED;
        }
    }

    fn acknowledge(&mut self, message: u32, group: u32) {
        let state = &self.frames[message];
        let (measured, flow, instance) = (state.flags & MEASURED != 0, state.flow, state.instance);
        let plan = self.buffers[group as usize].plan;
        // A result comes out when its window closes.
        let wait = match plan.window {
            Some((Window::Tumbling, length)) => length - self.now % length,
            Some((Window::Sliding, length)) => (length / SLIDES).max(1) - self.now % (length / SLIDES).max(1),
            Some((Window::Session, length)) => length,
            None => 0,
        };
        let lag = self.now - state.born + wait;
        if measured {
            self.flows[flow as usize].metrics.caught_up(lag);
        }
        self.stations[plan.buffer as usize].metrics.lag.record(lag);
        if plan.checkpoint > 0 && instance != NONE {
            let buffer = &mut self.buffers[group as usize];
            let index = (instance - buffer.first) as usize;
            if let Some(count) = buffer.since_checkpoint.get_mut(index) {
                *count += 1;
            }
        }
    }

    /// A message has been in work for longer than it is invisible: it can be taken once more, while the first consumer goes on.
    pub fn visible_again(&mut self, message: u32, tag: u32) {
        let state = &self.frames[message];
        let current = state.flags & MESSAGE != 0 && (state.generation << 8) >> 8 == tag >> 8;
        if !current || state.instance == NONE {
            return;
        }
        let Taken { group, deliveries, .. } = Taken::unpack(state.since);
        if deliveries != tag & 0xFF || deliveries >= self.buffers[group as usize].plan.receives {
            return;
        }
        let (site, born, key, flow) = (state.site, state.born, state.key, state.flow);
        let Some(copy) = self.frames.take(site, Parent::Nobody, born) else { return };
        self.frames[message].flags |= ABANDONED;
        let state = &mut self.frames[copy];
        // The first consumer's end counts; the copy is work on top.
        (state.key, state.flow, state.flags) = (key, flow, MESSAGE);
        self.buffers[group as usize].counts.redelivered += 1;
        self.requeue(copy, group, deliveries, 0);
    }

    /// The consumers of a station are others than before: groups share their partitions out anew, after a pause.
    pub fn consumers_changed(&mut self, station: u32) {
        for group in 0..self.buffers.len() as u32 {
            if self.buffers[group as usize].plan.consumer != station {
                continue;
            }
            let members = self.instances_of(station).iter().enumerate();
            let members = members.filter(|(_, instance)| instance.up && !instance.restarting);
            let members: Vec<u32> = members.map(|(index, _)| index as u32).collect();
            self.replay(group, &members);
            let buffer = &mut self.buffers[group as usize];
            if !buffer.set_members(members) {
                continue;
            }
            let pause = if buffer.is_ordered() { buffer.plan.rebalance } else { 0 };
            buffer.rests_until = buffer.rests_until.max(self.now + pause);
            buffer.counts.rebalances += u64::from(pause > 0);
            self.set_alarm(self.now + pause, Alarm::Rebalanced(group));
        }
    }

    /// A consumer that died had not recorded how far it was since its last checkpoint: that much is worked on again.
    fn replay(&mut self, group: u32, members: &[u32]) {
        let buffer = &mut self.buffers[group as usize];
        let lost: u32 = (0..buffer.since_checkpoint.len() as u32)
            .filter(|index| !members.contains(index))
            .map(|index| std::mem::take(&mut buffer.since_checkpoint[index as usize]))
            .sum();
        buffer.counts.replayed += u64::from(lost);
        let site = buffer.plan.site;
        for copy in 0..lost {
            let Some(message) = self.frames.take(site, Parent::Nobody, self.now) else { return };
            let state = &mut self.frames[message];
            (state.key, state.flow, state.flags) = (u64::from(copy), 0, MESSAGE);
            self.requeue(message, group, 0, 0);
        }
    }

    /// Consumers record how far they are.
    pub fn checkpoint(&mut self, group: u32, alarm: u32) {
        let buffer = &mut self.buffers[group as usize];
        buffer.since_checkpoint.fill(0);
        let every = buffer.plan.checkpoint;
        self.events.push(self.now + every, Event::Alarm(alarm));
    }

    /// A group has shared its partitions out.
    pub fn rebalanced(&mut self, group: u32) {
        if self.now < self.buffers[group as usize].rests_until {
            return;
        }
        for partition in 0..self.buffers[group as usize].partitions.len() as u32 {
            self.offer_all(group, partition);
        }
    }

    /// Offers a partition as often as there are hands: of a queue, any number of messages may be taken at once.
    fn offer_all(&mut self, group: u32, partition: u32) {
        let mut before = NONE;
        loop {
            let buffer: &Buffer = &self.buffers[group as usize];
            let waiting = buffer.partitions[partition as usize].count;
            if waiting == 0 || waiting == before {
                return;
            }
            before = waiting;
            self.offer(group, partition);
        }
    }
}
