//! Caches: real entries under a real eviction policy, over the keys that requests draw.
//!
//! Entries are kept for keys and not for bytes: a key's number is its place in an array, so there is no hash table. Where there are more
//! keys than can be kept, the hottest are all kept; of the others one in `step` stands for its neighbours in rank, whose popularity is the
//! same to a fraction of a percent: it carries their weight, and a request for a neighbour finds what it finds. Of keys beyond 256 times
//! the capacity it is known that at most one request in 256 hits (the presence of keys falls with rank and sums to the capacity), so
//! these only take room.

use super::warm;
use crate::{
    rng::Stream,
    sim::{
        engine::{Engine, FETCHING, Outcome, shard_of, streams},
        network::{CachePlan, Eviction, NONE, Network, Own, Spread, WriteStrategy},
        sampler::Time,
    },
};

/// Keys that are all kept.
const ALL: f64 = (1 << 18) as f64;
/// Where there are more: the hottest, and those that stand for others.
const HEAD: f64 = (1 << 16) as f64;
const MIDDLE: f64 = (1 << 17) as f64;
/// A key stands for at most this share of the capacity.
const FINEST: f64 = 512.0;
/// Entries without a key that take the room of the farthest keys.
const GHOSTS: f64 = (1 << 16) as f64;
/// Entries that a sampling eviction looks at (as Redis does).
const SAMPLE: u32 = 8;

/// Which entry stands for a key.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Ranks {
    pub head: u64,
    pub step: u64,
    pub kept: u64,
    /// Weight of an entry that stands for keys too far to hit.
    ghost: u64,
}

/// The entry for a key.
enum Place {
    /// Its own.
    Own(u32),
    /// That of a neighbour.
    Neighbour(u32),
    /// Too far down to be hit.
    Far,
}

impl Ranks {
    fn new(keys: f64, capacity: f64, copies: f64) -> Self {
        let budget = |n: f64| (n / copies).max(1024.0).floor();
        if keys <= budget(ALL) {
            return Self { head: keys as u64, step: 1, kept: keys as u64, ghost: 1 };
        }
        let head = budget(HEAD);
        let finest = if capacity.is_finite() { (capacity / FINEST).max(1.0) } else { f64::INFINITY };
        let step = ((keys - head) / budget(MIDDLE)).ceil().min(finest.floor()).max(1.0);
        let middle = ((keys - head) / step).floor().min(budget(MIDDLE));
        let ghost = if capacity.is_finite() { (capacity / GHOSTS).ceil().max(1.0) } else { 1.0 };
        Self { head: head as u64, step: step as u64, kept: (head + middle) as u64, ghost: ghost as u64 }
    }

    fn place(&self, key: u64) -> Place {
        if key < self.head {
            return Place::Own(key as u32);
        }
        let (at, offset) = ((key - self.head) / self.step, (key - self.head) % self.step);
        let entry = self.head + at;
        if entry >= self.kept {
            Place::Far
        } else if offset == self.step / 2 {
            Place::Own(entry as u32)
        } else {
            Place::Neighbour(entry as u32)
        }
    }

    /// The rank of the key that an entry is for.
    pub fn rank(&self, entry: u64) -> f64 {
        if entry < self.head {
            entry as f64
        } else {
            (self.head + (entry - self.head) * self.step + self.step / 2) as f64
        }
    }

    pub fn weight(&self, entry: u32) -> u64 {
        let entry = u64::from(entry);
        if entry < self.head {
            1
        } else if entry < self.kept {
            self.step
        } else {
            self.ghost
        }
    }
}

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
    /// Weight that fits one instance.
    capacity: u64,
    pub ranks: Ranks,
    /// By copy, then by entry; ghosts behind the kept.
    entries: Vec<Entry>,
    stride: usize,
    memories: Vec<Memory>,
    separate: bool,
    free_ghosts: Vec<Vec<u32>>,
    first: u32,
    stream: Stream,
    pub hits: u64,
    pub misses: u64,
}

const ABSENT: Entry = Entry { newer: NONE, older: NONE, until: 0 };

/// All caches, warm unless they are to start cold.
pub(in crate::sim) fn caches(net: &Network, seed: u64) -> Vec<Cache> {
    let mut first = 0;
    let mut firsts = Vec::new();
    for station in &net.stations {
        firsts.push(first);
        first += station.most;
    }
    let plans = net.caches.iter().enumerate();
    let mut caches: Vec<Cache> = plans
        .map(|(at, plan)| {
            let station = &net.stations[plan.station as usize];
            Cache::new(plan, station.most, firsts[plan.station as usize], Stream::new(seed, streams::CACHE + at as u64))
        })
        .collect();
    warm::fill(net, &mut caches);
    caches
}

impl Cache {
    fn new(plan: &CachePlan, instances: u32, first: u32, stream: Stream) -> Self {
        let copies = if plan.separate { instances } else { 1 };
        let capacity_of_all = if plan.separate { plan.capacity } else { plan.capacity * f64::from(instances) };
        let ranks = Ranks::new(plan.keys.clamp(1.0, 1e15), capacity_of_all, f64::from(copies));
        // Far keys only exist where not all keys are kept.
        let ghosts = if ranks.kept as f64 == plan.keys { 0 } else { (GHOSTS / f64::from(copies)) as usize + 2 };
        let stride = ranks.kept as usize + ghosts;
        let memory = Memory { used: 0, newest: NONE, oldest: NONE, present: Vec::new() };
        let ghost_range = ranks.kept as u32..stride as u32;
        Self {
            policy: plan.policy,
            ttl: plan.ttl,
            capacity: if plan.capacity.is_finite() { plan.capacity.min(1e18) as u64 } else { u64::MAX },
            ranks,
            entries: vec![ABSENT; stride * copies as usize],
            stride,
            memories: vec![memory; instances as usize],
            separate: plan.separate,
            free_ghosts: vec![ghost_range.collect(); copies as usize],
            first,
            stream,
            hits: 0,
            misses: 0,
        }
    }

    pub fn instances(&self) -> u32 {
        self.memories.len() as u32
    }

    pub fn forget_counts(&mut self) {
        (self.hits, self.misses) = (0, 0);
    }

    fn at(&self, memory: usize, entry: u32) -> usize {
        entry as usize + if self.separate { memory * self.stride } else { 0 }
    }

    /// Whether an instance has a key; a hit counts as a use.
    fn look_up(&mut self, memory: usize, key: u64, now: Time) -> bool {
        let hit = match self.ranks.place(key) {
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
        };
        self.hits += u64::from(hit);
        self.misses += u64::from(!hit);
        hit
    }

    /// An entry was used.
    fn used(&mut self, memory: usize, entry: u32, at: usize) {
        match self.policy {
            Eviction::Lru if self.memories[memory].newest != entry => {
                self.unlink(memory, at);
                self.link(memory, entry, at);
            }
            Eviction::Lfu => self.entries[at].older = self.entries[at].older.saturating_add(1),
            _ => {}
        }
    }

    /// Puts a key into an instance's memory and throws out what no longer fits.
    pub fn put(&mut self, memory: usize, key: u64, until: Time) {
        match self.ranks.place(key) {
            Place::Own(entry) => self.put_entry(memory, entry, until),
            Place::Neighbour(_) => {}
            Place::Far => {
                let copy = if self.separate { memory } else { 0 };
                if self.capacity == u64::MAX || self.stream.below(self.ranks.ghost) > 0 {
                    return;
                }
                if let Some(ghost) = self.free_ghosts[copy].pop() {
                    self.put_entry(memory, ghost, until);
                }
            }
        }
    }

    pub fn put_entry(&mut self, memory: usize, entry: u32, until: Time) {
        let at = self.at(memory, entry);
        if self.entries[at].until > 0 {
            self.entries[at].until = until;
            self.used(memory, entry, at);
            return;
        }
        self.entries[at] = Entry { until, ..ABSENT };
        self.link(memory, entry, at);
        self.memories[memory].used += self.ranks.weight(entry);
        while self.memories[memory].used > self.capacity {
            let Some(victim) = self.victim(memory) else { break };
            self.drop_entry(memory, victim);
        }
    }

    /// Takes a key out.
    fn remove(&mut self, memory: usize, key: u64) {
        if let Place::Own(entry) = self.ranks.place(key)
            && self.entries[self.at(memory, entry)].until > 0
        {
            self.drop_entry(memory, entry);
        }
    }

    fn drop_entry(&mut self, memory: usize, entry: u32) {
        let at = self.at(memory, entry);
        self.unlink(memory, at);
        self.entries[at] = ABSENT;
        self.memories[memory].used -= self.ranks.weight(entry);
        if u64::from(entry) >= self.ranks.kept {
            self.free_ghosts[if self.separate { memory } else { 0 }].push(entry);
        }
    }

    /// The entry to throw out.
    fn victim(&mut self, memory: usize) -> Option<u32> {
        match self.policy {
            Eviction::Lru | Eviction::Fifo => Some(self.memories[memory].oldest).filter(|&entry| entry != NONE),
            Eviction::Random | Eviction::Lfu => {
                let count = self.memories[memory].present.len() as u64;
                let looks = if self.policy == Eviction::Lfu { SAMPLE } else { 1 };
                let mut best: Option<(u32, u32)> = None;
                for _ in 0..looks {
                    let at = self.stream.below(count) as usize;
                    let Some(&entry) = self.memories[memory].present.get(at) else { break };
                    let uses = self.entries[self.at(memory, entry)].older;
                    if best.is_none_or(|(least, _)| uses < least) {
                        best = Some((uses, entry));
                    }
                }
                best.map(|(_, entry)| entry)
            }
        }
    }

    fn in_lists(&self) -> bool {
        matches!(self.policy, Eviction::Lru | Eviction::Fifo)
    }

    fn link(&mut self, memory: usize, entry: u32, at: usize) {
        let in_lists = self.in_lists();
        let state = &mut self.memories[memory];
        if in_lists {
            let second = std::mem::replace(&mut state.newest, entry);
            (self.entries[at].newer, self.entries[at].older) = (NONE, second);
            if second == NONE {
                state.oldest = entry;
            } else {
                let second = self.at(memory, second);
                self.entries[second].newer = entry;
            }
        } else {
            (self.entries[at].newer, self.entries[at].older) = (state.present.len() as u32, 1);
            state.present.push(entry);
        }
    }

    fn unlink(&mut self, memory: usize, at: usize) {
        let Entry { newer, older, .. } = self.entries[at];
        if self.in_lists() {
            match newer {
                NONE => self.memories[memory].newest = older,
                newer => {
                    let newer = self.at(memory, newer);
                    self.entries[newer].older = older;
                }
            }
            match older {
                NONE => self.memories[memory].oldest = newer,
                older => {
                    let older = self.at(memory, older);
                    self.entries[older].newer = newer;
                }
            }
        } else {
            let present = &mut self.memories[memory].present;
            present.swap_remove(newer as usize);
            if let Some(&moved) = present.get(newer as usize) {
                let moved = self.at(memory, moved);
                self.entries[moved].newer = newer;
            }
        }
    }

    /// An instance loses its contents.
    pub fn clear(&mut self, memory: usize) {
        let mine: Vec<u32> = (0..self.stride as u32)
            .filter(|&entry| self.entries[self.at(memory, entry)].until > 0)
            .filter(|&entry| self.separate || self.home(entry) == memory)
            .collect();
        for entry in mine {
            self.drop_entry(memory, entry);
        }
    }

    /// All instances lose their contents.
    pub fn clear_all(&mut self) {
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
        shard_of(key, u64::from(self.first), self.memories.len() as u32) as usize
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

impl Engine {
    fn cache_of(&self, frame: u32) -> Option<(usize, usize)> {
        let state = &self.frames[frame];
        let station = self.net.sites[state.site as usize].station as usize;
        let Own::Cache(cache) = self.net.stations[station].own else { return None };
        // Where one instance holds them all, the key says which.
        let memory = state.instance - self.stations[station].first;
        debug_assert!(self.net.stations[station].spread != Spread::Nowhere);
        Some((cache as usize, memory as usize))
    }

    /// A look-up: a hit ends the visit, a miss goes on and fetches.
    pub fn look_up(&mut self, frame: u32) {
        let Some((cache, memory)) = self.cache_of(frame) else { return };
        let key = self.frames[frame].key;
        if self.caches[cache].look_up(memory, key, self.now) {
            self.end(frame, Outcome::WELL);
        } else {
            self.frames[frame].flags |= FETCHING;
            self.start_program(frame);
        }
    }

    /// What a miss fetched is put in.
    pub fn fetched(&mut self, frame: u32, outcome: Outcome) {
        if let Some((cache, memory)) = self.cache_of(frame)
            && outcome.is_well()
        {
            let cache = &mut self.caches[cache];
            let until = self.now + cache.ttl;
            cache.put(memory, self.frames[frame].key, until);
        }
    }

    /// A write at a cache.
    pub fn write_through_cache(&mut self, frame: u32, strategy: WriteStrategy) {
        let Some((cache, memory)) = self.cache_of(frame) else { return };
        let key = self.frames[frame].key;
        let cache = &mut self.caches[cache];
        match strategy {
            WriteStrategy::Aside => cache.remove(memory, key),
            WriteStrategy::Through | WriteStrategy::Back => {
                let until = self.now + cache.ttl;
                cache.put(memory, key, until);
            }
            WriteStrategy::Around => {}
        }
        self.start_program(frame);
    }

    /// A removal of an entry.
    pub fn invalidate(&mut self, frame: u32) {
        if let Some((cache, memory)) = self.cache_of(frame) {
            let key = self.frames[frame].key;
            self.caches[cache].remove(memory, key);
        }
        self.start_program(frame);
    }
}
