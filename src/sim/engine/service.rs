//! Servers and queues: what every station with work to do has in common.

use super::{ABANDONED, Engine, Event, GHOST, Outcome, Reason, SERVING, Task, streams};
use crate::{
    design::Operation,
    rng::{Stream, mix64},
    sim::{
        metrics::StationMetrics,
        network::{Discipline, NONE, Own, ReadFrom, Role, Spread, StationPlan},
        sampler::Time,
    },
};

/// All pauses of an instance up to now, as a frame remembers them: in units of 2^10 ns.
pub(super) fn pause_mark(total: Time) -> u32 {
    (total >> PAUSE_UNIT) as u32
}

/// The power of two of nanoseconds in which pauses are remembered.
pub(super) const PAUSE_UNIT: u32 = 10;

/// One instance of a station: servers and a queue.
#[derive(Clone, Debug)]
pub(in crate::sim) struct Instance {
    /// Jobs in service, and how many there can be.
    pub busy: u32,
    pub servers: u32,
    /// Jobs waiting, and how many may.
    pub queued: u32,
    pub room: u32,
    /// First and last of the waiting.
    pub head: u32,
    pub tail: u32,
    /// Integral of the jobs in service over time, and when it was last brought up to date.
    pub busy_area: u64,
    pub busy_since: Time,
    pub up: bool,
    /// It does nothing until it goes on.
    pub paused: bool,
    /// It is being replaced: it takes nothing new.
    pub restarting: bool,
    /// Its work takes so many times as long, and this share of it fails.
    pub slow: f32,
    pub errors: f32,
    pub pause_began: Time,
    /// All time that it was paused.
    pub pause_total: Time,
}

impl Instance {
    fn new(plan: &StationPlan) -> Self {
        Self {
            busy: 0,
            servers: plan.servers,
            queued: 0,
            room: plan.queue,
            head: NONE,
            tail: NONE,
            busy_area: 0,
            busy_since: 0,
            up: true,
            paused: false,
            restarting: false,
            slow: 1.0,
            errors: plan.errors as f32,
            pause_began: 0,
            pause_total: 0,
        }
    }

    /// Brings the integral of busy servers up to date.
    #[inline]
    pub fn settle(&mut self, now: Time) {
        self.busy_area += u64::from(self.busy) * (now - self.busy_since);
        self.busy_since = now;
    }
}

/// A station's state.
#[derive(Debug)]
pub(in crate::sim) struct Station {
    /// Its instances in [`Engine::instances`].
    pub first: u32,
    pub active: u32,
    pub work: Stream,
    pub choice: Stream,
    /// No instance answers; writes are refused; replicas lag by so much more.
    pub down: bool,
    pub filled: bool,
    pub extra_lag: Time,
    pub metrics: StationMetrics,
}

impl Station {
    pub fn new(plan: &StationPlan, number: u64, seed: u64, instances: &mut Vec<Instance>) -> Self {
        let first = instances.len() as u32;
        instances.extend((0..plan.most).map(|_| Instance::new(plan)));
        Self {
            first,
            active: plan.instances,
            work: Stream::new(seed, streams::STATION + 2 * number),
            choice: Stream::new(seed, streams::STATION + 2 * number + 1),
            down: false,
            filled: false,
            extra_lag: 0,
            metrics: StationMetrics::default(),
        }
    }

    /// The instance for a request that no balancer has placed.
    #[inline]
    fn place(&mut self, spread: Spread, key: u64, operation: Operation) -> u32 {
        let offset = match spread {
            Spread::Nowhere | Spread::One => 0,
            Spread::Random => self.choice.below(u64::from(self.active)) as u32,
            Spread::Key => shard_of(key, u64::from(self.first), self.active),
            Spread::Replicated { shards, replicas, reads } => {
                let shard = shard_of(key, u64::from(self.first), shards) * (1 + replicas);
                let is_read = matches!(operation, Operation::Read | Operation::Search);
                match reads {
                    ReadFrom::Replicas if is_read => shard + 1 + self.choice.below(u64::from(replicas)) as u32,
                    ReadFrom::Any if is_read => shard + self.choice.below(u64::from(replicas) + 1) as u32,
                    _ => shard,
                }
            }
        };
        self.first + offset
    }
}

/// Which of `shards` a key belongs to, scattered differently at every station.
pub(in crate::sim) fn shard_of(key: u64, salt: u64, shards: u32) -> u32 {
    let hash = mix64(key ^ mix64(salt.wrapping_add(0x5851_F42D_4C95_7F2D)));
    ((u128::from(hash) * u128::from(shards)) >> 64) as u32
}

impl Engine {
    /// A frame reaches its station.
    pub(super) fn arrive(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let at = site.station as usize;
        let station = &mut self.stations[at];
        station.metrics.arrivals += 1;
        let span = state.span;
        if site.role == Role::Pass && !station.down {
            station.metrics.served += 1;
            self.start_program(frame);
            return;
        }
        station.metrics.present += 1;
        state.since = self.now;
        let refused = station.filled && !matches!(site.operation, Operation::Read | Operation::Search);
        if state.instance == NONE {
            state.instance = station.place(self.net.stations[at].spread, state.key, site.operation);
        }
        if span != NONE {
            self.trace_arrival(span);
        }
        if refused {
            self.turn_away(frame, Reason::Full);
        } else {
            self.admit(frame);
        }
    }

    /// An instance takes a frame in: into service, into the queue, or not at all.
    #[inline]
    fn admit(&mut self, frame: u32) {
        let index = self.frames[frame].instance as usize;
        let instance = &mut self.instances[index];
        if !instance.up || instance.restarting {
            self.turn_away(frame, Reason::Down);
        } else if instance.busy < instance.servers && !instance.paused {
            self.start(frame);
        } else if instance.queued < instance.room {
            self.enqueue(frame);
        } else {
            self.turn_away(frame, Reason::QueueFull);
        }
    }

    fn enqueue(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let at = self.net.sites[state.site as usize].station as usize;
        let instance = &mut self.instances[state.instance as usize];
        instance.queued += 1;
        if instance.head == NONE {
            (instance.head, instance.tail) = (frame, frame);
            state.next = NONE;
        } else if self.net.stations[at].discipline == Discipline::Lifo {
            state.next = instance.head;
            instance.head = frame;
        } else {
            let last = instance.tail;
            instance.tail = frame;
            state.next = NONE;
            self.frames[last].next = frame;
        }
        if self.net.stations[at].own != Own::Buffer {
            self.stations[at].metrics.wait_changes(self.now, 1);
        }
    }

    fn turn_away(&mut self, frame: u32, reason: Reason) {
        let at = self.net.sites[self.frames[frame].site as usize].station;
        let metrics = &mut self.stations[at as usize].metrics;
        metrics.rejected += 1;
        metrics.present -= 1;
        self.end(frame, Outcome::failed(reason, at));
    }

    /// A server takes a frame up.
    #[inline]
    fn start(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let station = &mut self.stations[site.station as usize];
        let instance = &mut self.instances[state.instance as usize];
        instance.settle(self.now);
        instance.busy += 1;
        // What waits at a queue or stream are its messages.
        if site.role != Role::Publish {
            station.metrics.wait.record(self.now - state.since);
        }
        state.since = self.now;
        state.flags |= SERVING;
        // While it is served it is in no queue: `next` remembers the pauses before.
        state.next = pause_mark(instance.pause_total);
        let (slow, span) = (instance.slow, state.span);
        let mut work = site.work.draw(&mut station.work);
        if site.pulled {
            work += self.rest_of_batch(frame);
        }
        if span != NONE {
            self.trace_service(span);
        }
        if slow != 1.0 {
            work = (work as f64 * f64::from(slow)) as Time;
        }
        if work == 0 {
            self.soon(Task::Served(frame));
        } else {
            self.events.push(self.now + work, Event::Done(frame));
        }
    }

    /// Work on the messages of a batch after the first.
    fn rest_of_batch(&mut self, frame: u32) -> Time {
        let site = &self.net.sites[self.frames[frame].site as usize];
        let (work, station) = (site.work, site.station as usize);
        (1..self.batch_of(frame)).map(|_| work.draw(&mut self.stations[station].work)).sum()
    }

    /// A server has finished with a frame.
    #[inline]
    pub(super) fn done(&mut self, frame: u32) {
        let state = &self.frames[frame];
        if state.is(GHOST) {
            self.release(frame);
            return;
        }
        let instance = &self.instances[state.instance as usize];
        if instance.paused || state.next != pause_mark(instance.pause_total) {
            self.interrupted(frame);
        } else {
            self.served(frame);
        }
    }

    pub(super) fn served(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.flags &= !SERVING;
        let index = state.instance as usize;
        let abandoned = state.is(ABANDONED);
        let site = &self.net.sites[state.site as usize];
        let (at, role) = (site.station as usize, site.role);
        let instance = &mut self.instances[index];
        instance.settle(self.now);
        instance.busy -= 1;
        let station = &mut self.stations[at];
        station.metrics.served += 1;
        station.metrics.present -= 1;
        station.metrics.wasted += u64::from(abandoned);
        let errors = self.instances[index].errors;
        if self.instances[index].head != NONE && !self.instances[index].paused {
            self.take_next(index, at);
        }
        if errors > 0.0 && self.stations[at].choice.chance(f64::from(errors)) {
            self.end(frame, Outcome::failed(Reason::Failed, at as u32));
            return;
        }
        match role {
            Role::Work | Role::Pass => self.start_program(frame),
            Role::Lookup => self.look_up(frame),
            Role::Write(strategy) => self.write_through_cache(frame, strategy),
            Role::Invalidate => self.invalidate(frame),
            Role::Publish => self.publish(frame),
        }
    }

    /// A free server takes the next of its queue.
    #[inline]
    pub(super) fn take_next(&mut self, index: usize, at: usize) {
        let instance = &mut self.instances[index];
        let frame = instance.head;
        instance.head = self.frames[frame].next;
        instance.queued -= 1;
        if instance.head == NONE {
            instance.tail = NONE;
        }
        if self.net.stations[at].own != Own::Buffer {
            self.stations[at].metrics.wait_changes(self.now, -1);
        }
        self.start(frame);
    }
}
