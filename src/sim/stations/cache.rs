//! Caches: real entries under a real eviction policy, over the keys that requests draw.
//!
//! Entries are kept for keys and not for bytes: a key's number is its place in an array, so there is no hash table. Where there are more
//! keys than can be kept, the hottest are all kept; of the others one in `step` stands for its neighbours in rank, whose popularity is the
//! same to a fraction of a percent: it carries their weight, and a request for a neighbour finds what it finds. Of keys beyond 256 times
//! the capacity it is known that at most one request in 256 hits (the presence of keys falls with rank and sums to the capacity), so
//! these only take room.
mod memory;
mod ranks;
mod visits;

pub(in crate::sim) use ranks::Ranks;

use super::warm;
use crate::{
    rng::Stream,
    sim::{
        engine::{shard_of, streams},
        network::{CachePlan, Eviction, NONE, Network, Spread},
        sampler::Time,
    },
};
use ranks::{GHOSTS, Place};

/// An entry; under LRU and FIFO in a list from the newest to the oldest, else in an array of all that are present.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// The next newer; or its place in the array.
    newer: u32,
    /// The next older; or how often it was used.
    older: u32,
    /// Valid until then; 0 when absent.
    until: Time,
}

/// One instance's memory.
#[derive(Clone, Debug)]
struct Memory {
    used: u64,
    newest: u32,
    oldest: u32,
    present: Vec<u32>,
}

/// A cache's contents.
#[derive(Debug)]
pub(in crate::sim) struct Cache {
    policy: Eviction,
    pub ttl: Time,
    /// Neighbouring ranks that share an entry: more than one in a miniature.
    pub block: f64,
    /// Weight that fits one instance.
    capacity: u64,
    pub ranks: Ranks,
    /// By copy, then by entry; ghosts behind the kept.
    entries: Vec<Entry>,
    stride: usize,
    memories: Vec<Memory>,
    separate: bool,
    free_ghosts: Vec<Vec<u32>>,
    salt: u64,
    stream: Stream,
    /// The tier where misses of all edges meet: the last memory.
    shield: Option<usize>,
    pub shield_hits: u64,
    /// Single-flight: who fetches the entry, by copy and entry; empty without it.
    fetching: Vec<u32>,
    /// Writes that the store has not seen yet.
    pub dirty: Vec<Dirty>,
    dirty_keys: std::collections::BTreeSet<(usize, u64)>,
    pub flush_every: Time,
    pub coalesced: u64,
    pub lost_writes: u64,
    /// Look-ups, each as often as it counts.
    pub hits: f64,
    pub misses: f64,
}

/// A write that the store has not seen yet.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Dirty {
    memory: usize,
    key: u64,
    site: u32,
    flow: u16,
    instance: u32,
}

/// What a look-up found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    Hit,
    Miss,
}

const ABSENT: Entry = Entry { newer: NONE, older: NONE, until: 0 };

/// All caches, warm unless they are to start cold.
pub(in crate::sim) fn caches(net: &Network, seed: u64) -> Vec<Cache> {
    let plans = net.caches.iter().enumerate();
    let mut caches: Vec<Cache> = plans
        .map(|(at, plan)| {
            let station = &net.stations[plan.station as usize];
            let copies = if let Spread::Copies { copies } = station.spread { copies } else { 1 };
            Cache::new(
                plan,
                station.most / copies,
                u64::from(station.salt),
                Stream::new(seed, streams::CACHE + at as u64),
            )
        })
        .collect();
    warm::fill(net, &mut caches);
    caches
}

/// Requests find their instance by the entry that stands for their key, where caches spread keys over instances.
pub(in crate::sim) fn place_by_entry(net: &mut Network, caches: &[Cache]) {
    for (plan, cache) in net.caches.iter().zip(caches) {
        let spread = &mut net.stations[plan.station as usize].spread;
        let copies = match *spread {
            Spread::Key => 1,
            Spread::Copies { copies } => copies,
            _ => continue,
        };
        *spread = Spread::Cached { copies, ranks: cache.ranks };
    }
}

impl Cache {
    fn new(plan: &CachePlan, instances: u32, salt: u64, stream: Stream) -> Self {
        let tiers = instances + u32::from(plan.shield);
        let copies = if plan.separate { tiers } else { 1 };
        let capacity_of_all = if plan.separate { plan.capacity } else { plan.capacity * f64::from(instances) };
        let keys = (plan.keys.clamp(1.0, 1e15) / plan.block).ceil();
        let ranks = Ranks::new(keys, capacity_of_all, f64::from(copies));
        // Far keys only exist where not all keys are kept.
        let ghosts = if ranks.kept as f64 == keys { 0 } else { (GHOSTS / f64::from(copies)) as usize + 2 };
        let stride = ranks.kept as usize + ghosts;
        let memory = Memory { used: 0, newest: NONE, oldest: NONE, present: Vec::new() };
        let ghost_range = ranks.kept as u32..stride as u32;
        Self {
            policy: plan.policy,
            ttl: plan.ttl,
            block: plan.block,
            capacity: if plan.capacity.is_finite() { plan.capacity.min(1e18) as u64 } else { u64::MAX },
            ranks,
            entries: vec![ABSENT; stride * copies as usize],
            stride,
            memories: vec![memory; tiers as usize],
            separate: plan.separate,
            free_ghosts: vec![ghost_range.collect(); copies as usize],
            salt,
            stream,
            shield: plan.shield.then_some(instances as usize),
            shield_hits: 0,
            fetching: if plan.single_flight { vec![NONE; stride * copies as usize] } else { Vec::new() },
            dirty: Vec::new(),
            dirty_keys: std::collections::BTreeSet::new(),
            flush_every: plan.flush_every,
            coalesced: 0,
            lost_writes: 0,
            hits: 0.0,
            misses: 0.0,
        }
    }

    /// Memories, the shield's among them.
    pub fn instances(&self) -> u32 {
        self.memories.len() as u32
    }

    pub fn forget_counts(&mut self) {
        (self.hits, self.misses, self.shield_hits) = (0.0, 0.0, 0);
        (self.coalesced, self.lost_writes) = (0, 0);
    }

    fn at(&self, memory: usize, entry: u32) -> usize {
        entry as usize + if self.separate { memory * self.stride } else { 0 }
    }

    /// Looks a key up at an instance, for so many requests.
    fn look_up(&mut self, memory: usize, key: u64, now: Time, requests: f64) -> Found {
        if self.has(memory, key, now) {
            self.hits += requests;
            return Found::Hit;
        }
        self.misses += requests;
        // The shield answers for the origin, and the edge keeps what it gets from there.
        if let Some(shield) = self.shield
            && self.has(shield, key, now)
        {
            self.shield_hits += 1;
            self.put(memory, key, now + self.ttl);
            return Found::Hit;
        }
        Found::Miss
    }

    /// What requests that look on find: nothing is used by it.
    fn glance(&mut self, memory: usize, key: u64, now: Time, requests: f64) -> Found {
        let holds = |memory: usize| match self.ranks.place(key) {
            Place::Own(entry) | Place::Neighbour(entry) => self.entries[self.at(memory, entry)].until > now,
            Place::Far => false,
        };
        let (here, behind) = (holds(memory), self.shield.is_some_and(holds));
        *(if here { &mut self.hits } else { &mut self.misses }) += requests;
        if here || behind { Found::Hit } else { Found::Miss }
    }

    /// Whether a memory has a key; a hit counts as a use.
    fn has(&mut self, memory: usize, key: u64, now: Time) -> bool {
        match self.ranks.place(key) {
            Place::Own(entry) => {
                let at = self.at(memory, entry);
                let hit = self.entries[at].until > now;
                if hit {
                    self.used(memory, entry, at);
                }
                hit
            }
            Place::Neighbour(entry) => self.entries[self.at(memory, entry)].until > now,
            Place::Far => false,
        }
    }

    /// Who fetches a key already; without one, the frame does from now on. `None` where each fetches for itself.
    fn fetcher(&mut self, memory: usize, key: u64, frame: u32) -> Option<u32> {
        let Place::Own(entry) = self.ranks.place(key) else { return None };
        let at = self.at(memory, entry);
        let fetcher = self.fetching.get_mut(at)?;
        if *fetcher == NONE {
            *fetcher = frame;
            return None;
        }
        Some(*fetcher)
    }

    /// A fetch is over.
    fn fetch_ends(&mut self, memory: usize, key: u64, frame: u32) {
        if let Place::Own(entry) = self.ranks.place(key) {
            let at = self.at(memory, entry);
            if let Some(fetcher) = self.fetching.get_mut(at).filter(|fetcher| **fetcher == frame) {
                *fetcher = NONE;
            }
        }
    }

    /// An instance loses its contents.
    pub fn clear(&mut self, memory: usize) {
        let mut mine = self.memories[memory].present.clone();
        let mut entry = self.memories[memory].newest;
        while entry != NONE {
            mine.push(entry);
            entry = self.entries[self.at(memory, entry)].older;
        }
        for entry in mine {
            self.drop_entry(memory, entry);
        }
        // Writes that the store has not seen are gone.
        let before = self.dirty.len();
        self.dirty.retain(|write| write.memory != memory);
        self.dirty_keys.retain(|write| write.0 != memory);
        self.lost_writes += (before - self.dirty.len()) as u64;
    }

    /// All instances lose their contents.
    pub fn clear_all(&mut self) {
        self.lost_writes += self.dirty.len() as u64;
        self.dirty.clear();
        self.dirty_keys.clear();
        self.entries.fill(ABSENT);
        for memory in &mut self.memories {
            *memory = Memory { used: 0, newest: NONE, oldest: NONE, present: Vec::new() };
        }
        let ghosts = self.ranks.kept as u32..self.stride as u32;
        self.free_ghosts.fill(ghosts.collect());
    }

    /// The instance that holds an entry, where each holds its share of the keys.
    pub fn home(&self, entry: u32) -> usize {
        let key = self.ranks.rank(u64::from(entry)) as u64;
        shard_of(key, self.salt, self.memories.len() as u32) as usize
    }

    /// The memory of the shield, if there is one.
    pub fn shield(&self) -> Option<usize> {
        self.shield
    }

    pub fn is_separate(&self) -> bool {
        self.separate
    }

    /// Share of the capacity of all instances that is used.
    pub fn fullness(&self) -> Option<f64> {
        let used: u64 = self.memories.iter().map(|memory| memory.used).sum();
        (self.capacity < u64::MAX).then(|| used as f64 / (self.capacity as f64 * self.memories.len() as f64).max(1.0))
    }
}
