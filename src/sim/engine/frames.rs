//! Frames: one for each call in flight, in a slab that is only ever reused.

use crate::sim::{network::NONE, sampler::Time};

/// Who waits for a frame, in 32 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Parent {
    /// Nobody: fire and forget, or the caller gave up.
    Nobody,
    /// The client: the request ends with this frame.
    Client,
    /// A calling frame.
    Frame(u32),
    /// A guard: a call with retries.
    Guard(u32),
}

/// Set while a request that counts is in flight: it arrived in the measured time.
pub(in crate::sim) const MEASURED: u16 = 1;
/// A branch of its parent's program, without a station of its own.
pub(in crate::sim) const STRAND: u16 = 1 << 1;
/// Its program has ended.
pub(in crate::sim) const ENDED: u16 = 1 << 2;
/// Its outcome has reached whoever waited; the frame stays for its children only.
pub(in crate::sim) const DELIVERED: u16 = 1 << 3;
/// It holds a connection of its caller's balancer.
pub(in crate::sim) const BALANCED: u16 = 1 << 4;
/// A message in a queue or stream.
pub(in crate::sim) const MESSAGE: u16 = 1 << 5;
/// Whoever waited has given up; it and what it calls is work for nobody.
pub(in crate::sim) const ABANDONED: u16 = 1 << 6;
/// A look-up that missed and fetches the entry.
pub(in crate::sim) const FETCHING: u16 = 1 << 7;
/// Work apart from the request: its length is the flow's lag.
pub(in crate::sim) const APART: u16 = 1 << 8;
/// At a server.
pub(in crate::sim) const SERVING: u16 = 1 << 9;
/// What is left of a job whose instance died: its event is still to come.
pub(in crate::sim) const GHOST: u16 = 1 << 10;
/// A part of a request at one of several instances.
pub(in crate::sim) const LEG: u16 = 1 << 11;
/// It waits for a lock: no event of its own is to come.
pub(in crate::sim) const PARKED: u16 = 1 << 12;
/// Its station has something to do when it ends.
pub(in crate::sim) const HOOKED: u16 = 1 << 13;
/// A failed workflow being undone.
pub(in crate::sim) const UNDO: u16 = 1 << 14;
/// Free for reuse.
pub(in crate::sim) const FREE: u16 = 1 << 15;

/// What became of a call: 0 is well, all else a reason and its place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::sim) struct Outcome(u32);

/// Why a request failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub(in crate::sim) enum Reason {
    /// The caller of a component stopped waiting.
    TimedOut = 1,
    /// A queue had no room.
    QueueFull,
    /// The instance does not answer.
    Down,
    /// It died while at work.
    Killed,
    /// The baseline share of errors, or an injected one.
    Failed,
    /// No instance is in service.
    NoInstance,
    /// A partition keeps messages from getting there.
    Unreachable,
    /// It has no room for what is written.
    Full,
    /// The caller's circuit breaker is open.
    BreakerOpen,
    /// The caller has as many calls to it in flight as its bulkhead lets it.
    BulkheadFull,
    /// The caller waited for a connection to it in vain.
    NoConnection,
    /// A rate limit.
    Throttled,
    /// Load was shed.
    Shed,
    /// Too few of its nodes answer.
    NoQuorum,
    /// It has no primary at the moment: writes are refused.
    NoPrimary,
    /// Other writers of the same row were first, again and again.
    Conflict,
    /// It takes no more connections.
    NoRoom,
    /// A lock was lost before the work was done.
    LockLost,
    /// The simulator's own limit of requests in flight.
    Limit,
}

impl Reason {
    /// All reasons, in the order of their numbers.
    pub const ALL: [Self; 19] = [
        Self::TimedOut,
        Self::QueueFull,
        Self::Down,
        Self::Killed,
        Self::Failed,
        Self::NoInstance,
        Self::Unreachable,
        Self::Full,
        Self::BreakerOpen,
        Self::BulkheadFull,
        Self::NoConnection,
        Self::Throttled,
        Self::Shed,
        Self::NoQuorum,
        Self::NoPrimary,
        Self::Conflict,
        Self::NoRoom,
        Self::LockLost,
        Self::Limit,
    ];
}

impl Outcome {
    /// Answered well.
    pub const WELL: Self = Self(0);

    /// Failed for this reason at this station.
    pub fn failed(reason: Reason, station: u32) -> Self {
        Self(((reason as u32) << 24) | (station & 0x00FF_FFFF))
    }

    /// Whether it was answered well.
    #[inline]
    pub fn is_well(self) -> bool {
        self.0 == 0
    }

    /// Why and where it failed.
    pub fn failure(self) -> Option<(Reason, u32)> {
        let reason = *Reason::ALL.get(((self.0 >> 24) as usize).checked_sub(1)?)?;
        Some((reason, self.0 & 0x00FF_FFFF))
    }
}

/// A call in flight: one cache line.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(in crate::sim) struct Frame {
    /// When it was sent.
    pub born: Time,
    /// When it reached its station; while in service, when that began.
    pub since: Time,
    pub key: u64,
    parent: u32,
    pub generation: u32,
    pub site: u32,
    /// Next step of its program.
    pub pc: u32,
    /// Instance of its station, over all stations; `NONE` where it has none.
    pub instance: u32,
    /// The next in its queue, or on the free list.
    pub next: u32,
    pub outcome: Outcome,
    /// Its span, where the request is traced.
    pub span: u32,
    /// Children that have not come back, and how many must come back well before it goes on.
    pub pending: u16,
    pub need: u16,
    pub flow: u16,
    pub flags: u16,
}

/// Who waits, beside a frame's number; and that the frame has taken the place of its caller.
const CLIENT: u32 = 1 << 28;
const NOBODY: u32 = 1 << 29;
const GUARD: u32 = 1 << 30;
const IN_PLACE: u32 = 1 << 31;
/// The frame looks on: it waits like any other at its station, and takes nothing there. There are fewer frames than this.
const LOOKS_ON: u32 = 1 << 27;

impl Frame {
    #[inline]
    pub fn parent(&self) -> Parent {
        match self.parent & !(IN_PLACE | LOOKS_ON) {
            NOBODY => Parent::Nobody,
            CLIENT => Parent::Client,
            guard if guard & GUARD != 0 => Parent::Guard(guard & !GUARD),
            frame => Parent::Frame(frame),
        }
    }

    #[inline]
    pub fn set_parent(&mut self, parent: Parent) {
        let parent = match parent {
            Parent::Nobody => NOBODY,
            Parent::Client => CLIENT,
            Parent::Frame(frame) => frame,
            Parent::Guard(guard) => guard | GUARD,
        };
        self.parent = self.parent & LOOKS_ON | parent;
    }

    /// Whether it only looks on at its station: a request of which the station's share in the miniature has enough.
    #[inline]
    pub fn looks_on(&self) -> bool {
        self.parent & LOOKS_ON != 0
    }

    #[inline]
    pub fn set_looks_on(&mut self, looks_on: bool) {
        self.parent = self.parent & !LOOKS_ON | if looks_on { LOOKS_ON } else { 0 };
    }

    /// It goes on as what it calls, since nothing is left for it to do but to pass the answer on.
    #[inline]
    pub fn becomes(&mut self, site: u32) {
        self.parent |= IN_PLACE;
        (self.site, self.instance, self.next, self.pending) = (site, NONE, NONE, 0);
    }

    /// It has taken the place of its caller.
    #[inline]
    pub fn is_in_place(&self) -> bool {
        self.parent & IN_PLACE != 0
    }

    #[inline]
    pub fn is(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    /// At its instance, and not yet through: in service, or at its program.
    pub fn is_at_work(&self) -> bool {
        !self.is(FREE | GHOST | ENDED) && (self.is(SERVING | STRAND) || self.pending > 0)
    }

    /// At a server.
    pub fn is_served_now(&self) -> bool {
        self.is(SERVING)
    }
}

/// All frames.
#[derive(Debug)]
pub(in crate::sim) struct Frames {
    slab: Vec<Frame>,
    free: u32,
    alive: u32,
    most: u32,
}

impl Frames {
    /// No frames; at most `most` at once.
    pub fn new(most: u32) -> Self {
        Self { slab: Vec::new(), free: NONE, alive: 0, most }
    }

    /// A frame for a call to `site`, or `None` at the limit.
    #[inline]
    pub fn take(&mut self, site: u32, parent: Parent, born: Time) -> Option<u32> {
        self.take_new(site, parent, born).map(|(at, _)| at)
    }

    /// The same, with the frame itself.
    #[inline]
    pub fn take_new(&mut self, site: u32, parent: Parent, born: Time) -> Option<(u32, &mut Frame)> {
        let at = if self.free == NONE { self.grow()? } else { self.free };
        let frame = &mut self.slab[at as usize];
        self.free = frame.next;
        self.alive += 1;
        frame.parent = NOBODY;
        frame.set_parent(parent);
        frame.born = born;
        frame.since = born;
        frame.site = site;
        frame.instance = NONE;
        frame.next = NONE;
        frame.outcome = Outcome::WELL;
        frame.span = NONE;
        frame.pending = 0;
        frame.need = 0;
        frame.flags = 0;
        Some((at, frame))
    }

    /// Doubles the slab.
    #[cold]
    fn grow(&mut self) -> Option<u32> {
        let old = self.slab.len() as u32;
        let new = (old * 2).max(1024).min(self.most);
        for at in old..new {
            self.slab.push(Frame {
                born: 0,
                since: 0,
                key: 0,
                parent: NOBODY,
                generation: 0,
                site: 0,
                pc: 0,
                instance: NONE,
                next: if at + 1 < new { at + 1 } else { NONE },
                outcome: Outcome::WELL,
                span: NONE,
                pending: 0,
                need: 0,
                flow: 0,
                flags: FREE,
            });
        }
        (old < new).then(|| {
            self.free = old;
            old
        })
    }

    /// Gives a frame back; its span, where it had one.
    #[inline]
    pub fn release(&mut self, at: u32) -> u32 {
        let frame = &mut self.slab[at as usize];
        debug_assert!(!frame.is(FREE), "a frame is given back once");
        frame.generation = frame.generation.wrapping_add(1);
        frame.flags = FREE;
        frame.next = self.free;
        self.free = at;
        self.alive -= 1;
        frame.span
    }

    /// How many calls are in flight.
    pub fn alive(&self) -> u32 {
        self.alive
    }

    /// Frames that there is room for now, in flight or not.
    pub fn len(&self) -> u32 {
        self.slab.len() as u32
    }
}

impl std::ops::Index<u32> for Frames {
    type Output = Frame;
    #[inline]
    fn index(&self, at: u32) -> &Frame {
        &self.slab[at as usize]
    }
}

impl std::ops::IndexMut<u32> for Frames {
    #[inline]
    fn index_mut(&mut self, at: u32) -> &mut Frame {
        &mut self.slab[at as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_a_cache_line() {
        assert_eq!(std::mem::size_of::<Frame>(), 64);
    }

    #[test]
    fn parents_survive_packing() {
        let mut frames = Frames::new(8);
        let at = frames.take(0, Parent::Nobody, 0).expect("there is room");
        for parent in [Parent::Nobody, Parent::Client, Parent::Frame(5), Parent::Guard(7)] {
            frames[at].set_parent(parent);
            assert_eq!(frames[at].parent(), parent);
        }
    }

    #[test]
    fn the_slab_has_a_limit_and_is_reused() {
        let mut frames = Frames::new(4);
        let all: Vec<u32> = (0..4).map(|_| frames.take(0, Parent::Nobody, 0).expect("there is room")).collect();
        assert_eq!(frames.take(0, Parent::Nobody, 0), None);
        frames.release(all[2]);
        assert_eq!(frames.take(0, Parent::Nobody, 0), Some(all[2]));
        assert_eq!(frames.alive(), 4);
    }

    #[test]
    fn outcomes_say_why_and_where() {
        assert!(Outcome::WELL.is_well());
        for reason in Reason::ALL {
            assert_eq!(Outcome::failed(reason, 9).failure(), Some((reason, 9)));
        }
    }
}
