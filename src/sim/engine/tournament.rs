//! A tournament: what is due, each with a value, in the order of time and then of insertion.
//!
//! Every entry has a slot, a leaf of a binary tree in which each node holds the earliest key below it. Putting an entry in replays the
//! matches between its slot and the root: comparisons at places known beforehand, so neither a branch nor an address waits for the outcome
//! of the one before, as both do at every level of a heap. Taking the first leaves its slot open for the next entry, for most events
//! schedule another one: one replay instead of two.

use crate::sim::{network::NONE, sampler::Time};

/// Of a key's order the upper bits are its insertion, the lower ones the slot.
const SLOT_BITS: u32 = 28;
/// Slots to begin with.
const FEWEST: usize = 2;
/// No entry is due later; what stands where there is none is.
pub(super) const LATEST: Time = Time::MAX >> 1;

/// When an entry is due, and its place among those of the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub time: Time,
    order: u64,
}

impl Key {
    /// What stands where there is no entry: it comes after all, each at a time of its own, for keys of the same time cost more to compare.
    fn vacant(place: usize) -> Self {
        Self { time: Time::MAX - place as Time, order: 0 }
    }

    /// Whether it comes before another.
    #[inline]
    pub fn is_before(self, other: Self) -> bool {
        if self.time == other.time { self.order < other.order } else { self.time < other.time }
    }

    /// The earlier of two. Which it is cannot be foreseen: a branch would be guessed wrongly every other time, and cost more than all the
    /// rest. That two are due at the same time is rare, and a branch for it costs nothing.
    #[inline]
    fn earlier(self, other: Self) -> Self {
        if self.time == other.time {
            return self.earlier_in_order(other);
        }
        let first = self.time < other.time;
        Self {
            time: std::hint::select_unpredictable(first, self.time, other.time),
            order: std::hint::select_unpredictable(first, self.order, other.order),
        }
    }

    #[cold]
    #[inline(never)]
    fn earlier_in_order(self, other: Self) -> Self {
        if self.order < other.order { self } else { other }
    }
}

/// Entries in the order of their keys.
#[derive(Debug)]
pub(super) struct Tournament<T> {
    /// The earliest key.
    first: Key,
    /// The earliest keys below the root in pairs: pair p holds those below nodes 2p and 2p + 1, whose parent is node p; node 1 is the
    /// root, and the leaves begin at node `slots`, a power of two.
    pairs: Vec<[Key; 2]>,
    slots: usize,
    /// By slot.
    values: Vec<T>,
    free: Vec<u32>,
    /// The slot of the entry that was taken last, while its key is still in the tree; else `NONE`.
    open: u32,
}

impl<T: Copy> Tournament<T> {
    /// No entries.
    pub fn new() -> Self {
        Self { first: Key::vacant(0), pairs: Vec::new(), slots: 0, values: Vec::new(), free: Vec::new(), open: NONE }
    }

    /// The key of the first entry; later than [`LATEST`] where there is none. Not to be asked between [`take`](Self::take) and
    /// [`close`](Self::close).
    #[inline]
    pub fn first(&self) -> Key {
        self.first
    }

    /// Puts an entry in, the `inserted`-th.
    #[inline]
    pub fn push(&mut self, time: Time, inserted: u64, value: T) {
        let mut slot = std::mem::replace(&mut self.open, NONE);
        if slot == NONE {
            slot = self.free.pop().unwrap_or_else(|| self.grow(value));
        }
        self.values[slot as usize] = value;
        self.replay(slot, Key { time, order: (inserted << SLOT_BITS) | u64::from(slot) });
    }

    /// Takes the first entry, of which there is one.
    #[inline]
    pub fn take(&mut self) -> T {
        self.open = self.first.order as u32 & ((1 << SLOT_BITS) - 1);
        self.values[self.open as usize]
    }

    /// Gives the slot of the entry that was taken back, unless another has come to take it over.
    #[inline]
    pub fn close(&mut self) {
        if self.open != NONE {
            let slot = std::mem::replace(&mut self.open, NONE);
            self.replay(slot, Key::vacant(slot as usize));
            self.free.push(slot);
        }
    }

    /// A slot's key changes: so may the earliest of all nodes above it.
    #[inline]
    fn replay(&mut self, slot: u32, key: Key) {
        let node = self.slots + slot as usize;
        let (mut at, mut side) = (node / 2, node % 2);
        let mut earliest = key;
        // Pair 0 holds the root alone.
        while at > 0
            && let Some(pair) = self.pairs.get_mut(at)
        {
            pair[side] = earliest;
            earliest = earliest.earlier(pair[side ^ 1]);
            (at, side) = (at / 2, at % 2);
        }
        self.first = earliest;
    }

    /// Makes as many slots more as there are: the leaves move down a level.
    #[cold]
    fn grow(&mut self, value: T) -> u32 {
        let (old, new) = (self.slots, (self.slots * 2).max(FEWEST));
        let before = std::mem::replace(&mut self.pairs, vec![[Key::vacant(0); 2]; new]);
        self.slots = new;
        for node in (2..2 * new).rev() {
            let key = if node < new {
                self.pairs[node][0].earlier(self.pairs[node][1])
            } else if node - new < old {
                before[(old + node - new) / 2][node % 2]
            } else {
                Key::vacant(node - new)
            };
            self.pairs[node / 2][node % 2] = key;
        }
        self.values.resize(new, value);
        self.free.extend((old as u32 + 1..new as u32).rev());
        old as u32
    }

    /// Room that is kept for entries.
    pub fn capacity(&self) -> usize {
        self.slots
    }
}
