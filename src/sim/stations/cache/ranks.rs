//! Which entry stands for a key, where there are more keys than can be kept.

/// Keys that are all kept.
const ALL: f64 = (1 << 18) as f64;
/// Where there are more: the hottest, and those that stand for others.
const HEAD: f64 = (1 << 16) as f64;
const MIDDLE: f64 = (1 << 17) as f64;
/// A key stands for at most this share of the capacity.
const FINEST: f64 = 512.0;
/// Entries without a key that take the room of the farthest keys.
pub(super) const GHOSTS: f64 = (1 << 16) as f64;
/// Which entry stands for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Ranks {
    pub head: u64,
    pub step: u64,
    pub kept: u64,
    /// Weight of an entry that stands for keys too far to hit.
    pub(super) ghost: u64,
}

/// The entry for a key.
pub(super) enum Place {
    /// Its own.
    Own(u32),
    /// That of a neighbour.
    Neighbour(u32),
    /// Too far down to be hit.
    Far,
}

impl Ranks {
    pub(super) fn new(keys: f64, capacity: f64, copies: f64) -> Self {
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

    pub(super) fn place(&self, key: u64) -> Place {
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

    /// The key whose place among the instances a key shares: that of the entry that stands for it, so that an instance that dies takes the
    /// entries of its own keys with it and no others'.
    pub fn home_key(&self, key: u64) -> u64 {
        if self.step == 1 || key < self.head {
            return key;
        }
        let entry = self.head + (key - self.head) / self.step;
        if entry < self.kept { self.head + (entry - self.head) * self.step + self.step / 2 } else { key }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_the_place_of_the_entry_that_stands_for_them() {
        let ranks = Ranks::new(1e7, 2e6, 1.0);
        assert!(ranks.step > 1, "{ranks:?}");
        for key in [0, ranks.head - 1, ranks.head, ranks.head + 1, ranks.head + 12_345, 9_999_999] {
            let home = ranks.home_key(key);
            assert_eq!(ranks.home_key(home), home, "the home of {key}");
            match ranks.place(key) {
                Place::Own(_) | Place::Far => assert_eq!(home, key),
                Place::Neighbour(entry) => assert_eq!(home as f64, ranks.rank(u64::from(entry))),
            }
        }
    }
}
