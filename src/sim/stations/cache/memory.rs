//! What an instance remembers: entries in the order of their use or in an array of all, and which of them is thrown out.

use super::{ABSENT, Cache, Entry, ranks::Place};
use crate::sim::{
    network::{Eviction, NONE},
    sampler::Time,
};

/// Entries that a sampling eviction looks at (as Redis does).
const SAMPLE: u32 = 8;

impl Cache {
    /// An entry was used.
    pub(super) fn used(&mut self, memory: usize, entry: u32, at: usize) {
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
    pub(super) fn remove(&mut self, memory: usize, key: u64) {
        if let Place::Own(entry) = self.ranks.place(key)
            && self.entries[self.at(memory, entry)].until > 0
        {
            self.drop_entry(memory, entry);
        }
    }

    pub(super) fn drop_entry(&mut self, memory: usize, entry: u32) {
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
}
