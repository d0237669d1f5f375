//! The event set: what is due, in the order of time and then of insertion.
//!
//! A heap of arity 4 over 16-byte keys. Taking the root leaves a hole that the next push fills, for most events schedule another one:
//! one sift instead of two.

use crate::sim::sampler::Time;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Event {
    /// A request of that flow arrives.
    Arrival(u32),
    /// A station finishes its work on that frame.
    Done(u32),
    /// The first of a lane is due.
    Lane(u32),
    /// A user of that flow has finished thinking.
    User(u32),
    /// A guard's backoff is over.
    Backoff(u32),
    /// A disturbed message reaches its callee, or its caller.
    There(u32),
    Back(u32),
    /// A lock's lease ends.
    LeaseEnds(u32),
    /// A frame is worked on once more; starts its program; is let in by a limiter.
    Again(u32),
    Resume(u32),
    Admitted(u32),
    /// A job under processor sharing ends at that instance.
    Shared(u32),
    /// A message can be taken; a frame goes on with its program.
    Available(u32),
    Run(u32),
    /// An entry of the alarm table is due.
    Alarm(u32),
}

const INDEX_BITS: u32 = 28;
/// Greatest index in an event, plus one.
pub(in crate::sim) const INDEX_LIMIT: u32 = 1 << INDEX_BITS;
const PAYLOAD_BITS: u32 = 32;
const SEQUENCE_BITS: u32 = 40;

impl Event {
    #[inline]
    fn pack(self) -> u32 {
        let (kind, index) = match self {
            Self::Arrival(index) => (0, index),
            Self::Done(index) => (1, index),
            Self::Lane(index) => (2, index),
            Self::User(index) => (3, index),
            Self::Backoff(index) => (4, index),
            Self::There(index) => (5, index),
            Self::Back(index) => (6, index),
            Self::Alarm(index) => (7, index),
            Self::LeaseEnds(index) => (8, index),
            Self::Again(index) => (9, index),
            Self::Resume(index) => (10, index),
            Self::Admitted(index) => (11, index),
            Self::Shared(index) => (12, index),
            Self::Available(index) => (13, index),
            Self::Run(index) => (14, index),
        };
        debug_assert!(index < INDEX_LIMIT);
        (kind << INDEX_BITS) | index
    }

    #[inline]
    fn unpack(payload: u32) -> Self {
        let index = payload & (INDEX_LIMIT - 1);
        match payload >> INDEX_BITS {
            0 => Self::Arrival(index),
            1 => Self::Done(index),
            2 => Self::Lane(index),
            3 => Self::User(index),
            4 => Self::Backoff(index),
            5 => Self::There(index),
            6 => Self::Back(index),
            7 => Self::Alarm(index),
            8 => Self::LeaseEnds(index),
            9 => Self::Again(index),
            10 => Self::Resume(index),
            11 => Self::Admitted(index),
            12 => Self::Shared(index),
            13 => Self::Available(index),
            _ => Self::Run(index),
        }
    }
}

/// All events that are due.
#[derive(Debug, Default)]
pub(in crate::sim) struct EventSet {
    /// Keys: 56 bits of time, 40 of insertion, 32 of payload. Beyond the heap stand keys that come after all others, so that every node
    /// has four children to compare, without a branch.
    heap: Vec<u128>,
    count: usize,
    /// The root was taken and not yet replaced.
    hole: bool,
    inserted: u64,
}

/// Comes after all events.
const NEVER_DUE: u128 = u128::MAX;

impl EventSet {
    /// Puts an event in.
    #[inline]
    pub fn push(&mut self, time: Time, event: Event) {
        let sequence = u128::from(self.inserted & ((1 << SEQUENCE_BITS) - 1));
        self.inserted += 1;
        let key = (u128::from(time) << (SEQUENCE_BITS + PAYLOAD_BITS))
            | (sequence << PAYLOAD_BITS)
            | u128::from(event.pack());
        if self.hole {
            self.hole = false;
            self.sift_down(key);
        } else {
            if self.count + 4 >= self.heap.len() {
                self.grow();
            }
            self.count += 1;
            self.sift_up(key);
        }
    }

    #[cold]
    fn grow(&mut self) {
        self.heap.resize((self.heap.len() * 2).max(64), NEVER_DUE);
    }

    /// Takes the next event out if it is due at `limit` or before.
    #[inline]
    pub fn pop(&mut self, limit: Time) -> Option<(Time, Event)> {
        if self.hole {
            self.fill_hole();
        }
        if self.count == 0 {
            return None;
        }
        let key = self.heap[0];
        let time = (key >> (SEQUENCE_BITS + PAYLOAD_BITS)) as Time;
        if time > limit {
            return None;
        }
        self.hole = true;
        Some((time, Event::unpack(key as u32)))
    }

    /// Nothing came to replace the root: the last does.
    fn fill_hole(&mut self) {
        self.hole = false;
        self.count -= 1;
        let last = std::mem::replace(&mut self.heap[self.count], NEVER_DUE);
        if self.count > 0 {
            self.sift_down(last);
        }
    }

    /// Room that is kept for events.
    pub fn capacity(&self) -> usize {
        self.heap.len()
    }

    #[inline]
    fn sift_up(&mut self, key: u128) {
        let mut at = self.count - 1;
        while at > 0 {
            let parent = (at - 1) / 4;
            if self.heap[parent] <= key {
                break;
            }
            self.heap[at] = self.heap[parent];
            at = parent;
        }
        self.heap[at] = key;
    }

    /// Puts `key` where the root was.
    #[inline]
    fn sift_down(&mut self, key: u128) {
        let heap = self.heap.as_mut_slice();
        let mut at = 0;
        while let Some(four) = heap.get(4 * at + 1..4 * at + 5) {
            let (a, left) = if four[1] < four[0] { (1, four[1]) } else { (0, four[0]) };
            let (b, right) = if four[3] < four[2] { (3, four[3]) } else { (2, four[2]) };
            let (child, least) = if right < left { (b, right) } else { (a, left) };
            if key <= least {
                break;
            }
            heap[at] = least;
            at = 4 * at + 1 + child;
        }
        heap[at] = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn events_come_in_the_order_of_time_and_then_of_insertion() {
        let mut stream = Stream::new(1, 1);
        let mut events = EventSet::default();
        let mut expected = Vec::new();
        for index in 0..2000 {
            let time = stream.below(300);
            events.push(time, Event::Done(index));
            expected.push((time, index));
            if index % 3 == 0 {
                expected.sort_unstable();
                let (time, index) = expected.remove(0);
                assert_eq!(events.pop(Time::MAX), Some((time, Event::Done(index))));
            }
        }
        expected.sort_unstable();
        for (time, index) in expected {
            assert_eq!(events.pop(Time::MAX), Some((time, Event::Done(index))));
        }
        assert_eq!(events.pop(Time::MAX), None);
    }

    #[test]
    fn what_is_due_later_stays() {
        let mut events = EventSet::default();
        events.push(10, Event::Alarm(3));
        assert_eq!(events.pop(9), None);
        assert_eq!(events.pop(10), Some((10, Event::Alarm(3))));
    }
}
