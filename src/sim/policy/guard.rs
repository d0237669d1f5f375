//! Guards: a call under a policy. It may have to wait for a connection, be refused by a breaker or a bulkhead, be sent twice, be tried
//! again.

use super::{
    breaker::Breaker,
    budget::{Budget, backoff},
    limit::Limit,
};
use crate::{
    rng::Stream,
    sim::{
        engine::{ABANDONED, BALANCED, ENDED, Engine, Event, Outcome, Parent, Phase, Reason, Station, streams},
        network::{NONE, Policy},
    },
};

/// A call under a policy.
#[derive(Clone, Debug)]
struct Guard {
    /// The waiting frame; on the free list, the next free guard.
    caller: u32,
    site: u32,
    /// Tells this call's attempt from others that had the same number.
    generation: u32,
    /// Attempts made.
    attempts: u32,
    /// Frames under way: the attempt's, and the hedge's.
    live: [u32; 2],
    /// The next that waits for a connection.
    next: u32,
    waits: bool,
    holds: bool,
}

/// What one instance of a caller keeps for a policy.
#[derive(Clone, Debug, Default)]
struct Side {
    breaker: Breaker,
    budget: Budget,
    limit: Limit,
}

/// What was counted for a policy in the measured time.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::sim) struct PolicyCounts {
    pub calls: f64,
    pub retries: f64,
    pub hedges: f64,
    pub refused: f64,
}

/// All calls under a policy.
#[derive(Debug)]
pub(in crate::sim) struct Guards {
    slab: Vec<Guard>,
    free: u32,
    jitter: Stream,
    /// First of each policy's sides; a side for each instance of the caller.
    first: Vec<u32>,
    sides: Vec<Side>,
    pub counts: Vec<PolicyCounts>,
}

impl Guards {
    pub fn new(policies: &[Policy], stations: &[Station], most: &[u32], seed: u64) -> Self {
        let mut guards = Self {
            slab: Vec::new(),
            free: NONE,
            jitter: Stream::new(seed, streams::POLICY),
            first: Vec::new(),
            sides: Vec::new(),
            counts: vec![PolicyCounts::default(); policies.len()],
        };
        debug_assert_eq!(stations.len(), most.len());
        for policy in policies {
            guards.first.push(guards.sides.len() as u32);
            let sides = guards.sides.len() + most[policy.caller as usize].max(1) as usize;
            guards.sides.resize_with(sides, Side::default);
        }
        guards
    }

    fn take(&mut self, caller: u32, site: u32) -> u32 {
        if self.free == NONE {
            let next = NONE;
            self.slab.push(Guard {
                caller,
                site,
                generation: 0,
                attempts: 0,
                live: [NONE; 2],
                next,
                waits: false,
                holds: false,
            });
            return self.slab.len() as u32 - 1;
        }
        let at = self.free;
        let guard = &mut self.slab[at as usize];
        self.free = guard.caller;
        (guard.caller, guard.site, guard.attempts, guard.live, guard.next) = (caller, site, 0, [NONE; 2], NONE);
        (guard.waits, guard.holds) = (false, false);
        at
    }

    /// Places kept for guarded calls.
    pub fn room(&self) -> usize {
        self.slab.len()
    }

    /// The frame that waits for a guarded call.
    pub fn caller(&self, guard: u32) -> u32 {
        self.slab[guard as usize].caller
    }

    /// Another frame stands for one under way.
    pub fn replace(&mut self, guard: u32, old: u32, new: u32) {
        for frame in &mut self.slab[guard as usize].live {
            if *frame == old {
                *frame = new;
            }
        }
    }

    /// Whether a lane's entry is about a guard's present attempt.
    pub fn is_current(&self, guard: u32, generation: u32) -> bool {
        self.slab[guard as usize].generation == generation
    }

    fn release(&mut self, at: u32) {
        let guard = &mut self.slab[at as usize];
        guard.generation = guard.generation.wrapping_add(1);
        guard.caller = self.free;
        self.free = at;
    }

    /// Times the breakers of a policy opened.
    pub fn opened(&self, policy: usize) -> u64 {
        let end = self.first.get(policy + 1).map_or(self.sides.len(), |&first| first as usize);
        self.sides[self.first[policy] as usize..end].iter().map(|side| side.breaker.opened).sum()
    }
}

impl Engine {
    /// The frame calls a site under its policy.
    pub fn open_guard(&mut self, caller: u32, site: u32) {
        let guard = self.guards.take(caller, site);
        let policy = self.policy_of(guard);
        if let Some(share) = self.net.policies[policy].budget {
            let side = self.side(guard);
            self.guards.sides[side].budget.earn(share);
        }
        if self.window.phase == Phase::Measuring {
            self.guards.counts[policy].calls += self.stands_for(guard);
        }
        self.attempt(guard);
    }

    fn policy_of(&self, guard: u32) -> usize {
        self.net.sites[self.guards.slab[guard as usize].site as usize].policy as usize
    }

    /// Calls that this one counts for: in a miniature as many as its caller's request stands for, outside the measured time none.
    fn stands_for(&self, guard: u32) -> f64 {
        if self.window.phase != Phase::Measuring {
            return 0.0;
        }
        f64::from(self.net.sites[self.guards.slab[guard as usize].site as usize].weight)
    }

    /// What the caller's instance keeps for the policy.
    fn side(&self, guard: u32) -> usize {
        let policy = self.policy_of(guard);
        let caller = self.net.policies[policy].caller as usize;
        let instance = self.frames[self.guards.caller(guard)].instance;
        let index = instance.wrapping_sub(self.stations[caller].first);
        let index = if index < self.net.stations[caller].most { index } else { 0 };
        (self.guards.first[policy] + index) as usize
    }

    /// Makes an attempt, as far as breaker and limit let it.
    pub fn attempt(&mut self, guard: u32) {
        let policy = self.net.policies[self.policy_of(guard)];
        let side = self.side(guard);
        self.guards.slab[guard as usize].attempts += 1;
        let now = self.now;
        if policy.breaker.is_some() && !self.guards.sides[side].breaker.admits(now) {
            self.not_sent(guard, Reason::BreakerOpen);
            return;
        }
        let limit = &mut self.guards.sides[side].limit;
        if policy.most != NONE && limit.active >= policy.most {
            if policy.waits {
                self.wait_for_connection(guard, side);
            } else {
                self.unprobe(side);
                self.not_sent(guard, Reason::BulkheadFull);
            }
            return;
        }
        limit.active += 1;
        self.guards.slab[guard as usize].holds = true;
        self.launch(guard);
    }

    /// A probe that was not sent after all.
    fn unprobe(&mut self, side: usize) {
        self.guards.sides[side].breaker.give_back();
    }

    /// Stands in line for a connection.
    fn wait_for_connection(&mut self, guard: u32, side: usize) {
        let state = &mut self.guards.slab[guard as usize];
        (state.waits, state.next) = (true, NONE);
        let generation = state.generation;
        let limit = &mut self.guards.sides[side].limit;
        let last = std::mem::replace(&mut limit.tail, guard);
        limit.waiting += 1;
        if last == NONE {
            limit.head = guard;
        } else {
            self.guards.slab[last as usize].next = guard;
        }
        let lane = self.net.policies[self.policy_of(guard)].wait_lane;
        if lane != NONE {
            self.wait_in_lane(lane, guard, generation);
        }
    }

    /// The wait for a connection is over, if it still lasts: the call fails, and its place in the line falls to whoever is behind.
    pub fn connection_wait_over(&mut self, guard: u32) {
        if std::mem::take(&mut self.guards.slab[guard as usize].waits) {
            let side = self.side(guard);
            self.leave_line(guard, side);
            self.unprobe(side);
            self.not_sent(guard, Reason::NoConnection);
        }
    }

    fn leave_line(&mut self, guard: u32, side: usize) {
        let next = self.guards.slab[guard as usize].next;
        let limit = &mut self.guards.sides[side].limit;
        limit.waiting -= 1;
        if limit.head == guard {
            limit.head = next;
            if next == NONE {
                limit.tail = NONE;
            }
            return;
        }
        // All wait equally long, so it is the first unless the limit is shared by policies of different waits.
        let mut at = limit.head;
        while self.guards.slab[at as usize].next != guard {
            at = self.guards.slab[at as usize].next;
        }
        self.guards.slab[at as usize].next = next;
        let limit = &mut self.guards.sides[side].limit;
        if limit.tail == guard {
            limit.tail = at;
        }
    }

    /// Sends the attempt's frame.
    fn launch(&mut self, guard: u32) {
        let policy = self.net.policies[self.policy_of(guard)];
        if !self.send_one(guard, 0) {
            let station = policy.callee;
            self.attempt_over(guard, Outcome::failed(Reason::Limit, station));
            return;
        }
        if policy.hedge_lane != NONE {
            let generation = self.guards.slab[guard as usize].generation;
            self.wait_in_lane(policy.hedge_lane, guard, generation);
        }
    }

    fn send_one(&mut self, guard: u32, place: usize) -> bool {
        let Guard { caller, site, .. } = self.guards.slab[guard as usize];
        let Some(frame) = self.spawn(caller, site, Parent::Guard(guard)) else { return false };
        self.guards.slab[guard as usize].live[place] = frame;
        let timeout = self.net.policies[self.policy_of(guard)].timeout_lane;
        if timeout != NONE {
            self.wait_in_lane(timeout, frame, self.frames[frame].generation);
        }
        self.send(frame);
        true
    }

    /// An answer has taken longer than the hedge's delay: the request is sent a second time.
    pub fn hedge(&mut self, guard: u32) {
        let state = &self.guards.slab[guard as usize];
        if state.live[0] != NONE && state.live[1] == NONE && !self.frames[state.caller].is(ENDED) {
            let policy = self.policy_of(guard);
            self.guards.counts[policy].hedges += self.stands_for(guard);
            self.send_one(guard, 1);
        }
    }

    /// A frame of the attempt is back.
    pub fn attempt_back(&mut self, guard: u32, frame: u32, outcome: Outcome) {
        let state = &mut self.guards.slab[guard as usize];
        let place = usize::from(state.live[0] != frame);
        state.live[place] = NONE;
        let other = state.live[1 - place];
        if other != NONE {
            if !outcome.is_well() {
                return;
            }
            self.guards.slab[guard as usize].live[1 - place] = NONE;
            self.abandon(other);
        }
        self.attempt_over(guard, outcome);
    }

    /// Nobody waits for a frame any more.
    fn abandon(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.set_parent(Parent::Nobody);
        state.flags |= ABANDONED;
        if state.is(BALANCED) {
            self.let_go(frame);
        }
    }

    /// An attempt that was sent is over.
    fn attempt_over(&mut self, guard: u32, outcome: Outcome) {
        let side = self.side(guard);
        let policy = self.net.policies[self.policy_of(guard)];
        if let Some(plan) = policy.breaker {
            let now = self.now;
            self.guards.sides[side].breaker.record(&plan, now, outcome.is_well());
        }
        if std::mem::take(&mut self.guards.slab[guard as usize].holds) {
            self.free_connection(side);
        }
        self.settle_attempt(guard, outcome);
    }

    /// A connection is free: the first in line that still wants it takes it.
    fn free_connection(&mut self, side: usize) {
        loop {
            let guard = self.guards.sides[side].limit.head;
            if guard == NONE {
                self.guards.sides[side].limit.active -= 1;
                return;
            }
            self.leave_line(guard, side);
            let state = &mut self.guards.slab[guard as usize];
            state.waits = false;
            if !self.frames[state.caller].is(ENDED) {
                state.holds = true;
                self.launch(guard);
                return;
            }
            let station = self.net.policies[self.policy_of(guard)].callee;
            self.settle_attempt(guard, Outcome::failed(Reason::NoConnection, station));
        }
    }

    /// An attempt failed before it was sent.
    fn not_sent(&mut self, guard: u32, reason: Reason) {
        let policy = self.policy_of(guard);
        self.guards.counts[policy].refused += self.stands_for(guard);
        let station = self.net.policies[policy].callee;
        self.settle_attempt(guard, Outcome::failed(reason, station));
    }

    /// After an attempt: the call is over, or there is another attempt.
    fn settle_attempt(&mut self, guard: u32, outcome: Outcome) {
        let Guard { caller, attempts, .. } = self.guards.slab[guard as usize];
        let index = self.policy_of(guard);
        let policy = self.net.policies[index];
        // Who has ended, for its instance died, tries no more.
        let last = outcome.is_well() || attempts > policy.retries || self.frames[caller].is(ENDED);
        if last || !self.may_retry(guard) {
            let site = self.guards.slab[guard as usize].site;
            self.guards.release(guard);
            let told = self.told(site, outcome);
            self.child_back(caller, told);
            return;
        }
        self.guards.counts[index].retries += self.stands_for(guard);
        let state = &mut self.guards.slab[guard as usize];
        state.generation = state.generation.wrapping_add(1);
        let pause = backoff(policy.backoff, policy.jitter, attempts, &mut self.guards.jitter);
        self.events.push(self.now + pause, Event::Backoff(guard));
    }

    fn may_retry(&mut self, guard: u32) -> bool {
        let side = self.side(guard);
        self.net.policies[self.policy_of(guard)].budget.is_none() || self.guards.sides[side].budget.spend()
    }
}
