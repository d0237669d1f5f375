//! Instances and stations: their state, and how a request finds its instance.

use super::streams;
use crate::{
    design::Operation,
    rng::{Stream, mix64},
    sim::{
        metrics::StationMetrics,
        network::{Discipline, NONE, Own, Spread, StationPlan},
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
pub(super) const LEVELS: usize = 8;

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
    /// Plain, and nothing is particular about it now: it answers, works at its usual speed and fails no request. Kept by
    /// [`review`](Self::review).
    pub ordinary: bool,
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
        let mut instance = Self {
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
            ordinary: false,
            cold: 0,
            pause_began: 0,
            pause_total: 0,
            busy_total: 0,
        };
        instance.review();
        instance
    }

    /// A frame stands last in its queue; who was last before, or `NONE`. Of a plain queue only.
    #[inline]
    pub fn enqueue(&mut self, frame: u32) -> u32 {
        self.queued += 1;
        let last = std::mem::replace(&mut self.tail, frame);
        if self.head == NONE {
            self.head = frame;
            return NONE;
        }
        last
    }

    /// To be called whenever something about it has changed that a job would notice.
    pub fn review(&mut self) {
        self.ordinary = self.is_ordinary();
    }

    /// Whether a job needs nothing but a server.
    pub fn is_ordinary(&self) -> bool {
        let serves = self.up && !self.restarting && self.paused == 0;
        serves && self.plain && self.cold == 0 && self.slow == 1.0 && self.errors == 0.0
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
    /// Its instances in the engine's list, and how a request finds one.
    pub first: u32,
    pub active: u32,
    pub spread: Spread,
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
    pub lines: Vec<(u32, u32)>,
    pub metrics: StationMetrics,
}

impl Station {
    pub fn new(plan: &StationPlan, number: u64, seed: u64, instances: &mut Vec<Instance>) -> Self {
        let first = instances.len() as u32;
        instances.extend((0..plan.most).map(|_| Instance::new(plan)));
        Self {
            first,
            active: plan.instances,
            spread: plan.spread,
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
    pub fn place(&mut self, key: u64, operation: Operation) -> u32 {
        if self.spread == Spread::One { self.first } else { self.place_among(key, operation) }
    }

    fn place_among(&mut self, key: u64, operation: Operation) -> u32 {
        let offset = match self.spread {
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
