//! What requests do at a cache: look up, fetch, write, remove; and what becomes of its contents when an instance dies.

use super::{Dirty, Found};
use crate::sim::{
    engine::{Alarm, Engine, Event, FETCHING, Outcome, Parent, Task, block_of, shard_of},
    network::{NONE, Own, Spread, WriteStrategy},
};

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
            shard_of(contents.ranks.home_key(key), contents.salt, contents.memories.len() as u32)
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
            Spread::Copies { copies } | Spread::Cached { copies, .. } => copies,
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
