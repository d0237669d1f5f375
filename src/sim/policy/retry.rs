//! Guards: a call that is tried again when an attempt fails, after an exponential backoff.

use crate::{
    rng::Stream,
    sim::{
        engine::{ENDED, Engine, Event, Outcome, Parent, Phase, Reason, streams},
        network::{Jitter, NONE},
        sampler::{NEVER, Time},
    },
};

/// Doublings of the backoff.
const MOST_DOUBLINGS: u32 = 20;

/// A call with retries.
#[derive(Clone, Debug)]
struct Guard {
    /// The waiting frame; on the free list, the next free guard.
    caller: u32,
    site: u32,
    /// Attempts made.
    attempts: u32,
}

/// All guarded calls in flight.
#[derive(Debug)]
pub(in crate::sim) struct Guards {
    slab: Vec<Guard>,
    free: u32,
    jitter: Stream,
    /// Retries made in the measured time, by policy.
    pub retries: Vec<u64>,
}

impl Guards {
    pub fn new(policies: usize, seed: u64) -> Self {
        Self { slab: Vec::new(), free: NONE, jitter: Stream::new(seed, streams::POLICY), retries: vec![0; policies] }
    }

    fn take(&mut self, caller: u32, site: u32) -> u32 {
        let guard = Guard { caller, site, attempts: 0 };
        if self.free == NONE {
            self.slab.push(guard);
            self.slab.len() as u32 - 1
        } else {
            let at = self.free;
            self.free = std::mem::replace(&mut self.slab[at as usize], guard).caller;
            at
        }
    }

    /// The frame that waits for a guarded call.
    pub fn caller(&self, guard: u32) -> u32 {
        self.slab[guard as usize].caller
    }

    fn release(&mut self, at: u32) {
        self.slab[at as usize].caller = self.free;
        self.free = at;
    }
}

impl Engine {
    /// The frame calls a site under its policy.
    pub fn open_guard(&mut self, caller: u32, site: u32) {
        let guard = self.guards.take(caller, site);
        self.attempt(guard);
    }

    /// Makes an attempt.
    pub fn attempt(&mut self, guard: u32) {
        let state = &mut self.guards.slab[guard as usize];
        state.attempts += 1;
        let (caller, site) = (state.caller, state.site);
        let Some(frame) = self.spawn(caller, site, Parent::Guard(guard)) else {
            let station = self.net.sites[site as usize].station;
            self.attempt_back(guard, Outcome::failed(Reason::Limit, station));
            return;
        };
        let timeout = self.policy(site).timeout_lane;
        if timeout != NONE {
            self.wait_in_lane(timeout, frame, self.frames[frame].generation);
        }
        self.send(frame);
    }

    fn policy(&self, site: u32) -> &crate::sim::network::Policy {
        &self.net.policies[self.net.sites[site as usize].policy as usize]
    }

    /// An attempt is over: well, or to be followed by another, or for good.
    pub fn attempt_back(&mut self, guard: u32, outcome: Outcome) {
        let Guard { caller, site, attempts } = self.guards.slab[guard as usize];
        let policy = *self.policy(site);
        // Who has ended, for its instance died, tries no more.
        if outcome.is_well() || attempts > policy.retries || self.frames[caller].is(ENDED) {
            self.guards.release(guard);
            self.child_back(caller, outcome);
            return;
        }
        self.guards.retries[self.net.sites[site as usize].policy as usize] +=
            u64::from(self.window.phase == Phase::Measuring);
        let pause = self.backoff(policy.backoff, policy.jitter, attempts);
        self.events.push(self.now + pause, Event::Backoff(guard));
    }

    /// The pause after so many attempts.
    fn backoff(&mut self, base: Time, jitter: Jitter, attempts: u32) -> Time {
        let whole = base.saturating_mul(1 << (attempts - 1).min(MOST_DOUBLINGS)).min(NEVER);
        match jitter {
            Jitter::None => whole,
            Jitter::Full => self.guards.jitter.below(whole + 1),
            Jitter::Equal => whole / 2 + self.guards.jitter.below(whole / 2 + 1),
        }
    }
}
