//! Servers and queues: what every station with work to do has in common.

use super::{ABANDONED, Engine, Event, GHOST, LEG, Outcome, Reason, SERVING, Task, streams};
use crate::{
    design::Operation,
    rng::{Stream, mix64},
    sim::{
        metrics::StationMetrics,
        network::{Discipline, NONE, Own, Role, Spread, StationPlan},
        sampler::Time,
        stations::Asked,
    },
};

/// All pauses of an instance up to now, as a frame remembers them: in units of 2^10 ns.
pub(super) fn pause_mark(total: Time) -> u32 {
    (total >> PAUSE_UNIT) as u32
}

/// The power of two of nanoseconds in which pauses are remembered.
pub(super) const PAUSE_UNIT: u32 = 10;

/// Priorities that are told apart.
const LEVELS: usize = 8;

/// One instance of a station: servers and a queue. What every job touches lies in its first cache line.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
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
    /// Its work takes so many times as long, and this share of it fails.
    pub slow: f32,
    pub errors: f32,
    /// All time that it was paused, as a frame remembers it.
    pub pauses: u32,
    pub up: bool,
    /// Why it does nothing: bit 0 a fault, bit 1 a pause of its own.
    pub paused: u8,
    /// It is being replaced: it takes nothing new.
    pub restarting: bool,
    /// Its jobs share its servers.
    pub sharing: bool,
    /// First come, first served, and nothing else.
    pub plain: bool,
    /// Added to its next job.
    pub cold: Time,
    pub pause_began: Time,
    /// All time that it was paused.
    pub pause_total: Time,
    /// Busy server time before the measured time.
    pub busy_total: u64,
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
            slow: plan.base_slow,
            errors: plan.errors as f32,
            pauses: 0,
            up: true,
            paused: 0,
            restarting: false,
            sharing: plan.discipline == Discipline::Sharing,
            plain: plan.discipline == Discipline::Fifo && plan.own != Own::Buffer,
            cold: 0,
            pause_began: 0,
            pause_total: 0,
            busy_total: 0,
        }
    }

    /// All its busy server time up to now.
    pub fn busy_now(&self, now: Time) -> u64 {
        self.busy_total + self.busy_area + u64::from(self.busy) * (now - self.busy_since)
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
    /// Whether anything is to be looked at before a request is let in: it is down or filled.
    pub guarded: bool,
    /// Integral of the number of instances over time, when it was brought up to date, and at the last tick.
    pub capacity_area: u128,
    pub capacity_since: Time,
    pub last_capacity: u128,
    /// The autoscaler's: busy time at its last look, what it asked for lately, instances that are starting.
    pub scale_busy: u64,
    pub asked: Asked,
    pub starting: u32,
    /// Requests under way through a balancer.
    pub under_way: u32,
    /// Dead instances that callers without a balancer have learned of.
    pub gone: Vec<u32>,
    /// When its load was last looked at for shedding, its busy time then, and its load.
    pub looked: (Time, u64, f64),
    /// Failed workflow runs that are or were undone.
    pub compensations: u64,
    /// Visits that one stands for.
    stands_for: f64,
    /// Tells how it scatters keys from how others do.
    pub salt: u64,
    /// First and last of the waiting, by instance and priority.
    lines: Vec<(u32, u32)>,
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
            guarded: false,
            capacity_area: 0,
            capacity_since: 0,
            last_capacity: 0,
            scale_busy: 0,
            asked: Asked::default(),
            starting: 0,
            under_way: 0,
            gone: Vec::new(),
            looked: (0, 0, 0.0),
            compensations: 0,
            stands_for: plan.stands_for,
            salt: u64::from(plan.salt),
            lines: if plan.discipline == Discipline::Priority {
                vec![(NONE, NONE); plan.most as usize * LEVELS]
            } else {
                Vec::new()
            },
            metrics: StationMetrics::default(),
        }
    }

    /// The instance for a request that no balancer has placed.
    #[inline]
    fn place(&mut self, spread: Spread, key: u64, operation: Operation) -> u32 {
        let offset = match spread {
            Spread::Nowhere | Spread::One | Spread::Special => 0,
            Spread::Random if self.gone.is_empty() => self.choice.below(u64::from(self.active)) as u32,
            Spread::Random => self.any_known_alive(),
            Spread::Key => shard_of(key, self.salt, self.active),
            Spread::Copies { copies } => self.copy_of(key, copies, operation),
            Spread::Cached { copies, ranks } => {
                let key = ranks.home_key(block_of(key, self.stands_for));
                self.copy_of(key, copies, operation)
            }
        };
        self.first + offset
    }

    /// One of the copies of a key's shard: any for a read, the first for a write.
    fn copy_of(&mut self, key: u64, copies: u32, operation: Operation) -> u32 {
        let shard = shard_of(key, self.salt, self.active / copies) * copies;
        let is_read = copies > 1 && matches!(operation, Operation::Read | Operation::Search);
        shard + if is_read { self.choice.below(u64::from(copies)) as u32 } else { 0 }
    }

    /// Any instance that is not known to be dead; any at all where all are.
    #[cold]
    fn any_known_alive(&mut self) -> u32 {
        let gone = self.gone.iter().filter(|&&index| index < self.active).count() as u32;
        let alive = self.active - gone;
        if alive == 0 {
            return self.choice.below(u64::from(self.active)) as u32;
        }
        let turn = self.choice.below(u64::from(alive)) as usize;
        (0..self.active).filter(|index| !self.gone.contains(index)).nth(turn).unwrap_or(0)
    }

    /// Brings the integral of its instances up to date.
    pub fn settle_capacity(&mut self, now: Time) {
        self.capacity_area += u128::from(self.active) * u128::from(now - self.capacity_since);
        self.capacity_since = now;
    }
}

/// The key that stands for one in a miniature: neighbours in rank share it, so that a popularity among all keys becomes the same among
/// fewer.
#[inline]
pub(in crate::sim) fn block_of(key: u64, block: f64) -> u64 {
    if block > 1.0 { (key as f64 / block) as u64 } else { key }
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
        if site.special | station.guarded | state.looks_on() {
            station.metrics.arrivals -= 1;
            self.arrive_special(frame);
            return;
        }
        let span = state.span;
        if site.role == Role::Pass {
            station.metrics.served += 1;
            self.start_program(frame);
            return;
        }
        station.metrics.present += 1;
        state.since = self.now;
        if state.instance == NONE {
            state.instance = station.place(self.net.stations[at].spread, state.key, site.operation);
        }
        if span != NONE {
            self.trace_arrival(span);
        }
        self.admit(frame);
    }

    /// A frame that was let in at a station is placed, unless it has its instance.
    pub(super) fn place(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        if state.instance == NONE {
            let site = &self.net.sites[state.site as usize];
            let spread = self.net.stations[site.station as usize].spread;
            state.instance = self.stations[site.station as usize].place(spread, state.key, site.operation);
        }
    }

    /// An instance takes a frame in: into service, into the queue, or not at all.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub(super) fn admit(&mut self, frame: u32) {
        let index = self.frames[frame].instance as usize;
        let instance = &mut self.instances[index];
        if !instance.up || instance.restarting {
            self.turn_away(frame, Reason::Down);
        } else if (instance.busy < instance.servers && instance.paused == 0)
            || (instance.sharing && instance.queued < instance.room)
        {
            self.start(frame);
        } else if instance.queued < instance.room {
            self.enqueue(frame);
        } else {
            self.no_room(frame);
        }
    }

    /// A frame finds the queue full: it is turned away, or takes the place of a less important one that has waited longest.
    #[cold]
    fn no_room(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let (at, level, instance) = (site.station as usize, site.level as usize, state.instance);
        let victim = match self.net.stations[at].discipline {
            Discipline::Priority => self.least_important(at, instance, level),
            _ => NONE,
        };
        if victim == NONE {
            self.turn_away(frame, Reason::QueueFull);
            return;
        }
        self.instances[instance as usize].queued -= 1;
        self.stations[at].metrics.wait_changes(self.now, -1);
        self.enqueue(frame);
        self.turn_away(victim, Reason::QueueFull);
    }

    /// Takes the first of the last line behind a level's out.
    fn least_important(&mut self, at: usize, instance: u32, level: usize) -> u32 {
        let first = (instance - self.stations[at].first) as usize * LEVELS;
        let lines = &mut self.stations[at].lines[first..first + LEVELS];
        for (head, tail) in lines.iter_mut().skip(level + 1).rev() {
            if *head != NONE {
                let victim = *head;
                *head = std::mem::replace(&mut self.frames[victim].next, NONE);
                if *head == NONE {
                    *tail = NONE;
                }
                return victim;
            }
        }
        NONE
    }

    fn enqueue(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let at = self.net.sites[state.site as usize].station as usize;
        let instance = &mut self.instances[state.instance as usize];
        let real = !state.looks_on();
        instance.queued += u32::from(real);
        if instance.plain {
            state.next = NONE;
            let last = std::mem::replace(&mut instance.tail, frame);
            if instance.head == NONE {
                instance.head = frame;
            } else {
                self.frames[last].next = frame;
            }
            if real {
                self.stations[at].metrics.wait_changes(self.now, 1);
            }
            return;
        }
        let discipline = self.net.stations[at].discipline;
        if discipline == Discipline::Priority {
            let index = state.instance;
            instance.head = frame;
            self.stand_in_line(frame, at, index);
        } else if instance.head == NONE {
            (instance.head, instance.tail) = (frame, frame);
            state.next = NONE;
        } else if discipline == Discipline::Lifo {
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

    /// A priority's line gets one more.
    fn stand_in_line(&mut self, frame: u32, at: usize, instance: u32) {
        let level = self.net.sites[self.frames[frame].site as usize].level as usize;
        let line = (instance - self.stations[at].first) as usize * LEVELS + level.min(LEVELS - 1);
        let (head, tail) = &mut self.stations[at].lines[line];
        self.frames[frame].next = NONE;
        let last = std::mem::replace(tail, frame);
        if last == NONE {
            *head = frame;
        } else {
            self.frames[last].next = frame;
        }
    }

    /// The first of the first line.
    pub(super) fn next_in_line(&mut self, at: usize, instance: usize) -> u32 {
        let first = (instance - self.stations[at].first as usize) * LEVELS;
        let lines = &mut self.stations[at].lines[first..first + LEVELS];
        for (head, tail) in lines {
            if *head != NONE {
                let frame = *head;
                *head = self.frames[frame].next;
                if *head == NONE {
                    *tail = NONE;
                }
                return frame;
            }
        }
        NONE
    }

    pub(super) fn turn_away(&mut self, frame: u32, reason: Reason) {
        let at = self.net.sites[self.frames[frame].site as usize].station;
        if !self.frames[frame].looks_on() {
            let metrics = &mut self.stations[at as usize].metrics;
            metrics.rejected += 1;
            metrics.present -= 1;
        }
        if reason == Reason::QueueFull && self.net.stations[at as usize].drops && self.dropped(frame) {
            return;
        }
        if self.net.sites[self.frames[frame].site as usize].role == (Role::Lookup { open: true }) {
            self.pass_by(frame);
            return;
        }
        if self.net.sites[self.frames[frame].site as usize].linger.1 > 0 {
            self.fail_riders(frame, Outcome::failed(reason, at));
        }
        self.end(frame, Outcome::failed(reason, at));
    }

    /// A server takes a frame up.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub(super) fn start(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let station = &mut self.stations[site.station as usize];
        let instance = &mut self.instances[state.instance as usize];
        instance.settle(self.now);
        let real = !state.looks_on();
        instance.busy += u32::from(real);
        // What waits at a queue or stream are its messages.
        if site.role != Role::Publish && real {
            station.metrics.wait.record(self.now - state.since);
        }
        state.since = self.now;
        state.flags |= SERVING;
        let (span, locks, station) = (state.span, site.locks, site.station);
        if span != NONE {
            self.trace_service(span);
        }
        if !locks || self.frames[frame].is(LEG) || self.lock_row(frame, station) {
            self.begin_work(frame);
        }
    }

    /// The work on a frame begins.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub fn begin_work(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let instance = &mut self.instances[state.instance as usize];
        // While it is served it is in no queue: `next` remembers the pauses before.
        state.next = instance.pauses;
        let (slow, sharing) = (instance.slow, instance.sharing);
        let mut work = site.work.draw(&mut self.stations[site.station as usize].work) + site.extra;
        if instance.cold > 0 {
            work += std::mem::take(&mut instance.cold);
        }
        if site.pulled || state.flags & LEG != 0 {
            work = self.whole_work(frame, work);
        }
        if slow != 1.0 {
            work = (work as f64 * f64::from(slow)) as Time;
        }
        if sharing {
            self.share(frame, work);
        } else if work == 0 {
            self.soon(Task::Served(frame));
        } else {
            self.events.push(self.now + work, Event::Done(frame));
        }
    }

    /// The work on one message or connection, and the same on the others of its batch or leg. A leg of none is copied with another's.
    fn whole_work(&mut self, frame: u32, one: Time) -> Time {
        let state = &self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let (work, station) = (site.work, site.station as usize);
        match if state.is(LEG) { state.pc } else { self.batch_of(frame) } {
            0 if state.is(LEG) => 0,
            times => one + work.draw_sum(times.saturating_sub(1), &mut self.stations[station].work),
        }
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
        if instance.paused != 0 || state.next != instance.pauses {
            self.interrupted(frame);
        } else {
            self.served(frame);
        }
    }

    pub(super) fn served(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.flags &= !SERVING;
        let index = state.instance as usize;
        let (flags, real) = (state.flags, !state.looks_on());
        let site = &self.net.sites[state.site as usize];
        let (at, role) = (site.station as usize, site.role);
        let instance = &mut self.instances[index];
        instance.settle(self.now);
        let (errors, waiting) =
            (instance.errors, instance.head != NONE && instance.paused == 0 && instance.busy <= instance.servers);
        if !instance.sharing {
            instance.busy -= u32::from(real);
        }
        let station = &mut self.stations[at];
        station.metrics.served += u64::from(real);
        station.metrics.present -= u64::from(real);
        station.metrics.wasted += u64::from(real && flags & ABANDONED != 0);
        if waiting && real {
            self.take_next(index, at);
        }
        if errors > 0.0 && self.stations[at].choice.chance(f64::from(errors)) {
            self.work_failed(frame, at as u32);
        } else if flags & LEG != 0 {
            self.end(frame, Outcome::WELL);
        } else if matches!(role, Role::Work | Role::Pass) {
            self.start_program(frame);
        } else {
            self.work_done(frame, at as u32, role);
        }
    }

    /// What a kind does after its work.
    fn work_done(&mut self, frame: u32, at: u32, role: Role) {
        match role {
            Role::Work | Role::Pass | Role::Scatter | Role::Quorum | Role::Search | Role::Push => {
                self.start_program(frame);
            }
            Role::Lookup { .. } => self.look_up(frame),
            Role::Write(strategy) => self.write_through_cache(frame, strategy),
            Role::Invalidate => self.invalidate(frame),
            Role::Publish => self.written(frame),
            Role::Query => self.queried(frame, at),
            Role::Commit => self.committed(frame, at),
            Role::Lead => self.led(frame, at),
            Role::Agree => self.agreed(frame, at),
            Role::Steps => self.step_done(frame, at),
        }
    }

    /// A broker has written a message, or the batch that it stands for.
    fn written(&mut self, frame: u32) {
        let Some(place) = self.riders_of(frame) else {
            self.copy_or_publish(frame);
            return;
        };
        let mut riders = std::mem::take(&mut self.riders[place as usize]);
        let at = self.net.sites[self.frames[frame].site as usize].station as usize;
        // The riders were let in with the leader and are served with it.
        self.stations[at].metrics.served += riders.len() as u64 - 1;
        self.stations[at].metrics.present -= riders.len() as u64 - 1;
        // One copy of the batch for each other broker: the leader's. The riders' legs only take the way there and back.
        for &rider in &riders {
            self.copies = u32::from(rider == frame);
            self.copy_or_publish(rider);
        }
        self.copies = 1;
        riders.clear();
        self.riders[place as usize] = riders;
        self.free_riders.push(place);
    }

    /// A message is copied to other brokers before it counts, if producers wait for that.
    fn copy_or_publish(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let (acks, station) = (site.acks, site.station as usize);
        if acks == 0 {
            self.publish(frame);
            return;
        }
        let own = state.instance - self.stations[station].first;
        let (first, active) = (self.stations[station].first, self.stations[station].active);
        self.targets.clear();
        self.targets.extend((1..=acks).map(|step| first + (own + step) % active));
        self.fan_out(frame, acks);
    }

    /// The others of a batch share what became of the frame that it was written by.
    pub(super) fn fail_riders(&mut self, frame: u32, outcome: Outcome) {
        let Some(place) = self.riders_of(frame) else { return };
        let mut riders = std::mem::take(&mut self.riders[place as usize]);
        let at = self.net.sites[self.frames[frame].site as usize].station as usize;
        let metrics = &mut self.stations[at].metrics;
        metrics.rejected += riders.len() as u64 - 1;
        metrics.present -= riders.len() as u64 - 1;
        for rider in riders.drain(..).filter(|&rider| rider != frame) {
            self.end(rider, outcome);
        }
        self.riders[place as usize] = riders;
        self.free_riders.push(place);
    }

    /// Work that failed: it holds nothing any more.
    fn work_failed(&mut self, frame: u32, at: u32) {
        let state = &self.frames[frame];
        if !state.is(LEG) && self.net.sites[state.site as usize].locks {
            let key = state.key;
            self.unlock_row(key, at);
        }
        self.fail_riders(frame, Outcome::failed(Reason::Failed, at));
        self.end(frame, Outcome::failed(Reason::Failed, at));
    }

    /// A station works on a frame once more.
    pub(super) fn again(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.since = self.now;
        let station = self.net.sites[state.site as usize].station as usize;
        let metrics = &mut self.stations[station].metrics;
        metrics.arrivals += 1;
        metrics.again += 1;
        metrics.present += 1;
        self.admit(frame);
    }

    /// A free server takes the next of its queue.
    #[inline]
    pub(super) fn take_next(&mut self, index: usize, at: usize) {
        let instance = &mut self.instances[index];
        let mut frame = instance.head;
        if instance.plain {
            instance.head = self.frames[frame].next;
            if self.frames[frame].looks_on() {
                self.let_onlookers_by(frame, index, at);
                return;
            }
            instance.queued -= 1;
            self.stations[at].metrics.wait_changes(self.now, -1);
            self.start(frame);
            return;
        }
        instance.queued -= 1;
        if self.net.stations[at].discipline == Discipline::Priority {
            frame = self.next_in_line(at, index);
            let instance = &mut self.instances[index];
            instance.head = if instance.queued == 0 { NONE } else { frame };
        } else {
            instance.head = self.frames[frame].next;
            if instance.head == NONE {
                instance.tail = NONE;
            }
        }
        if self.net.stations[at].own == Own::Buffer {
            self.ride_along(frame, index);
        } else {
            self.stations[at].metrics.wait_changes(self.now, -1);
        }
        self.start(frame);
    }
}
