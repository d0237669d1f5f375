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
        engine::{Alarm, Engine, Event, FETCHING, Outcome, Parent, Task, block_of, shard_of, streams},
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

impl Engine {
    /// The cache that a frame is at, which of its memories, and the key there.
    fn cache_of(&self, frame: u32) -> Option<(usize, usize, u64)> {
        let state = &self.frames[frame];
        let station = self.net.sites[state.site as usize].station as usize;
        let Own::Cache(cache) = self.net.stations[station].own else { return None };
        // Where one instance holds them all, the key says which.
        let contents = &self.caches[cache as usize];
        let key = block_of(state.key, contents.block);
        // Where instances share the keys, the key says whose it is, even for a consumer that was handed another's.
        let memory = if contents.separate {
            state.instance - self.stations[station].first
        } else {
            shard_of(key, contents.salt, contents.memories.len() as u32)
        };
        Some((cache as usize, memory as usize, key))
    }

    /// A look-up: a hit ends the visit, a miss goes on and fetches.
    pub fn look_up(&mut self, frame: u32) {
        let Some((cache, memory, key)) = self.cache_of(frame) else { return };
        let now = self.now;
        let contents = &mut self.caches[cache];
        let state = &self.frames[frame];
        let requests = self.net.sites[state.site as usize].visit();
        let found = if state.looks_on() {
            contents.glance(memory, key, now, requests)
        } else {
            contents.look_up(memory, key, now, requests)
        };
        if found == Found::Hit {
            self.end(frame, Outcome::WELL);
            return;
        }
        if let Some(fetcher) = self.caches[cache].fetcher(memory, key, frame) {
            // It waits for the one that fetches already: hung on it, for that is in no queue.
            self.caches[cache].coalesced += 1;
            self.frames[frame].next = std::mem::replace(&mut self.frames[fetcher].next, frame);
            return;
        }
        let state = &mut self.frames[frame];
        state.flags |= FETCHING;
        state.next = NONE;
        self.start_program(frame);
    }

    /// What a miss fetched is put in, and all who waited for it have it.
    pub fn fetched(&mut self, frame: u32, outcome: Outcome) {
        let Some((at, memory, key)) = self.cache_of(frame) else { return };
        let cache = &mut self.caches[at];
        if outcome.is_well() && !self.frames[frame].looks_on() {
            let until = self.now + cache.ttl;
            cache.put(memory, key, until);
            if let Some(shield) = cache.shield {
                cache.put(shield, key, until);
            }
        }
        cache.fetch_ends(memory, key, frame);
        let mut waiting = std::mem::replace(&mut self.frames[frame].next, NONE);
        while waiting != NONE {
            let next = std::mem::replace(&mut self.frames[waiting].next, NONE);
            self.end(waiting, outcome);
            waiting = next;
        }
    }

    /// An instance has died, and its contents with it, unless copies of them are left.
    pub fn contents_lost(&mut self, station: u32, index: u32) {
        let Own::Cache(cache) = self.net.stations[station as usize].own else { return };
        let first = self.stations[station as usize].first;
        let copies = match self.net.stations[station as usize].spread {
            Spread::Copies { copies } => copies,
            _ => 1,
        };
        let shard = index / copies;
        let nodes = first + shard * copies..first + (shard + 1) * copies;
        if !nodes.into_iter().any(|node| self.instances[node as usize].up) {
            self.caches[cache as usize].clear(shard as usize);
        }
    }

    /// A write at a cache.
    pub fn write_through_cache(&mut self, frame: u32, strategy: WriteStrategy) {
        let Some((at, memory, key)) = self.cache_of(frame) else { return };
        let state = &self.frames[frame];
        let (site, flow, instance) = (state.site, state.flow, state.instance);
        if state.looks_on() {
            self.start_program(frame);
            return;
        }
        let cache = &mut self.caches[at];
        match strategy {
            WriteStrategy::Aside => cache.remove(memory, key),
            WriteStrategy::Through => {
                let until = self.now + cache.ttl;
                cache.put(memory, key, until);
            }
            WriteStrategy::Around => {}
            WriteStrategy::Back => {
                let until = self.now + cache.ttl;
                cache.put(memory, key, until);
                // A key that is written again before it is flushed is written to the store once.
                if cache.dirty_keys.insert((memory, key)) {
                    cache.dirty.push(Dirty { memory, key, site, flow, instance });
                }
                self.end(frame, Outcome::WELL);
                return;
            }
        }
        self.start_program(frame);
    }

    /// Starts the flushes of write-back caches.
    pub fn start_flushes(&mut self) {
        for at in 0..self.caches.len() {
            if self.net.caches[at].writes_back {
                let every = self.caches[at].flush_every.max(1);
                self.set_alarm(self.now + every, Alarm::Flush(at as u32));
            }
        }
    }

    /// A write-back cache writes to the store what is new.
    pub fn flush_dirty(&mut self, at: u32, alarm: u32) {
        let cache = &mut self.caches[at as usize];
        let every = cache.flush_every.max(1);
        let mut dirty = std::mem::take(&mut cache.dirty);
        cache.dirty_keys.clear();
        for write in dirty.drain(..) {
            let Some(frame) = self.frames.take(write.site, Parent::Nobody, self.now) else { break };
            let state = &mut self.frames[frame];
            (state.key, state.flow, state.instance) = (write.key, write.flow, write.instance);
            self.soon(Task::Resume(frame));
        }
        self.caches[at as usize].dirty = dirty;
        self.events.push(self.now + every, Event::Alarm(alarm));
    }

    /// A removal of an entry.
    pub fn invalidate(&mut self, frame: u32) {
        if let Some((cache, memory, key)) = self.cache_of(frame).filter(|_| !self.frames[frame].looks_on()) {
            self.caches[cache].remove(memory, key);
        }
        self.start_program(frame);
    }
}
