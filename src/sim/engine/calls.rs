//! Calls: sending a request to a site, and its outcome coming back to whoever waits.

use super::{
    ABANDONED, BALANCED, DELIVERED, ENDED, Engine, FETCHING, FREE, MEASURED, MESSAGE, Outcome, Parent, Reason, STRAND,
    Task,
};
use crate::sim::network::NONE;

/// A hop towards the callee.
pub(super) const THERE: u32 = 0;
/// A hop back.
const BACK: u32 = 1;

impl Engine {
    /// The frame calls a site and waits.
    pub fn call(&mut self, caller: u32, site: u32) {
        if self.net.sites[site as usize].policy == NONE {
            if let Some(frame) = self.spawn(caller, site, Parent::Frame(caller)) {
                self.send(frame);
            } else {
                let station = self.net.sites[site as usize].station;
                self.child_back(caller, Outcome::failed(Reason::Limit, station));
            }
        } else {
            self.open_guard(caller, site);
        }
    }

    /// A frame that works for the caller's request.
    #[inline]
    pub fn spawn(&mut self, caller: u32, site: u32, parent: Parent) -> Option<u32> {
        let frame = self.frames.take(site, parent, self.now)?;
        let from = &self.frames[caller];
        let (key, flow, flags, instance) = (from.key, from.flow, from.flags & (MEASURED | ABANDONED), from.instance);
        let child = &mut self.frames[frame];
        child.key = key;
        child.flow = flow;
        child.flags = flags;
        if self.net.sites[site as usize].pulled {
            child.instance = instance;
        }
        Some(frame)
    }

    /// Sends a frame on its way.
    #[inline]
    pub fn send(&mut self, frame: u32) {
        let site = &self.net.sites[self.frames[frame].site as usize];
        let (hop_lane, timeout_lane, balancer) = (site.hop_lane, site.timeout_lane, site.balancer);
        if balancer != NONE && !self.balance(frame, balancer) {
            return;
        }
        if timeout_lane != NONE {
            self.wait_in_lane(timeout_lane, frame, self.frames[frame].generation);
        }
        if hop_lane == NONE {
            self.soon(Task::Arrive(frame));
        } else {
            self.wait_in_lane(hop_lane, frame, THERE);
        }
    }

    /// The balancer chooses the frame's instance; whether there was one.
    fn balance(&mut self, frame: u32, balancer: u32) -> bool {
        let key = self.frames[frame].key;
        if let Some(instance) = self.balancers[balancer as usize].choose(key) {
            let frame = &mut self.frames[frame];
            frame.instance = instance;
            frame.flags |= BALANCED;
            true
        } else {
            let station = self.net.balancers[balancer as usize].station;
            self.refuse(frame, Reason::NoInstance, station);
            false
        }
    }

    /// A call fails before it reached anything.
    pub fn refuse(&mut self, frame: u32, reason: Reason, station: u32) {
        let state = &mut self.frames[frame];
        state.outcome = Outcome::failed(reason, station);
        state.flags |= ENDED;
        self.soon(Task::Deliver(frame));
    }

    /// A frame's program has ended, or failed: its outcome goes back.
    pub fn end(&mut self, frame: u32, outcome: Outcome) {
        let state = &mut self.frames[frame];
        state.outcome = outcome;
        state.flags |= ENDED;
        let (flags, site) = (state.flags, state.site);
        if flags & STRAND != 0 {
            self.soon(Task::Deliver(frame));
            return;
        }
        let hop_lane = self.net.sites[site as usize].hop_lane;
        if flags & (FETCHING | MESSAGE) != 0 {
            if flags & FETCHING != 0 {
                self.fetched(frame, outcome);
            } else {
                self.consumed(frame);
                self.soon(Task::Deliver(frame));
                return;
            }
        }
        if hop_lane == NONE {
            self.soon(Task::Deliver(frame));
        } else {
            self.wait_in_lane(hop_lane, frame, BACK);
        }
    }

    /// A frame's outcome reaches whoever waits.
    pub(super) fn deliver(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let (outcome, parent) = (state.outcome, state.parent());
        if state.is(BALANCED) {
            self.let_go(frame);
        }
        match parent {
            Parent::Client => self.request_ends(frame, outcome),
            Parent::Frame(caller) => self.child_back(caller, outcome),
            Parent::Guard(guard) => self.attempt_back(guard, outcome),
            Parent::Nobody => self.nobody_waited(frame, outcome),
        }
        let state = &mut self.frames[frame];
        if state.pending == 0 {
            self.frames.release(frame);
        } else {
            state.flags |= DELIVERED;
        }
    }

    /// The caller's balancer counts one connection less.
    pub fn let_go(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.flags &= !BALANCED;
        let (site, instance) = (state.site, state.instance);
        let balancer = self.net.sites[site as usize].balancer;
        self.balancers[balancer as usize].release(instance);
    }

    /// One of a frame's children is back.
    pub fn child_back(&mut self, caller: u32, outcome: Outcome) {
        let state = &mut self.frames[caller];
        state.pending -= 1;
        if state.is(ENDED) {
            if state.pending == 0 && state.is(DELIVERED) {
                self.frames.release(caller);
            }
        } else if outcome.is_well() {
            // Late branches of a fork find that nobody needs them.
            if state.need > 0 {
                state.need -= 1;
                if state.need == 0 {
                    self.soon(Task::Run(caller));
                }
            }
        } else if state.pending < state.need {
            self.end(caller, outcome);
        }
    }

    /// A caller stops waiting for a frame, if it still does.
    pub(super) fn time_out(&mut self, frame: u32, generation: u32) {
        let state = &mut self.frames[frame];
        if state.generation != generation || state.is(FREE | DELIVERED) {
            return;
        }
        let parent = state.parent();
        if parent == Parent::Nobody {
            return;
        }
        state.set_parent(Parent::Nobody);
        state.flags |= ABANDONED;
        let station = self.net.sites[state.site as usize].station;
        if state.is(BALANCED) {
            self.let_go(frame);
        }
        let outcome = Outcome::failed(Reason::TimedOut, station);
        match parent {
            Parent::Client => self.request_ends(frame, outcome),
            Parent::Frame(caller) => self.child_back(caller, outcome),
            Parent::Guard(guard) => self.attempt_back(guard, outcome),
            Parent::Nobody => {}
        }
    }
}
