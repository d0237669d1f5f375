//! Calls: sending a request to a site, and its outcome coming back to whoever waits.

use super::{
    ABANDONED, BALANCED, DELIVERED, ENDED, Engine, Event, FETCHING, FREE, HOOKED, LEG, MEASURED, MESSAGE, Outcome,
    Parent, Reason, STRAND, Task,
};
use crate::sim::{
    network::{NONE, Role},
    sampler::Time,
};

/// A hop towards the callee.
pub(in crate::sim) const THERE: u32 = 0;
/// A hop back.
const BACK: u32 = 1;
/// The first pause before a lost packet is sent again: Linux' least retransmission timeout (`TCP_RTO_MIN`).
const RETRANSMIT: Time = 200_000_000;
/// Tries until a connection is given up: 0.2 s doubled nine times makes 102 s, near Linux' 127 s for a connection attempt.
const MOST_TRIES: u32 = 9;

impl Engine {
    /// The frame calls a site and waits.
    pub fn call(&mut self, caller: u32, site: u32) {
        self.call_site(caller, site);
    }

    /// The same where it is most often done.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub(super) fn call_site(&mut self, caller: u32, site: u32) {
        if self.net.sites[site as usize].policy != NONE {
            self.open_guard(caller, site);
        } else if let Some(frame) = self.spawn(caller, site, Parent::Frame(caller)) {
            self.send_to(frame, site);
        } else {
            let station = self.net.sites[site as usize].station;
            self.child_back(caller, Outcome::failed(Reason::Limit, station));
        }
    }

    /// A frame that works for the caller's request.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub fn spawn(&mut self, caller: u32, site: u32, parent: Parent) -> Option<u32> {
        let from = &self.frames[caller];
        let (key, flow, flags, instance) = (from.key, from.flow, from.flags & (MEASURED | ABANDONED), from.instance);
        let span = from.span;
        let (frame, child) = self.frames.take_new(site, parent, self.now)?;
        child.key = key;
        child.flow = flow;
        child.flags = flags;
        if self.net.sites[site as usize].pulled {
            child.instance = instance;
        }
        if span != NONE {
            self.trace_child(frame, span, false);
        }
        Some(frame)
    }

    /// Sends a frame on its way.
    pub fn send(&mut self, frame: u32) {
        self.send_to(frame, self.frames[frame].site);
    }

    /// Sends a frame on its way to its site.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub(super) fn send_to(&mut self, frame: u32, site: u32) {
        if self.thinned {
            self.thin(frame);
        }
        let site = &self.net.sites[site as usize];
        let (hop_lane, timeout_lane, balancer, pipe) = (site.hop_lane, site.timeout_lane, site.balancer, site.pipe);
        if balancer != NONE && !self.balance(frame, balancer) {
            return;
        }
        if timeout_lane != NONE {
            self.wait_in_lane(timeout_lane, frame, self.frames[frame].generation);
        }
        if pipe != NONE {
            self.pass_pipe(frame);
        } else if hop_lane == NONE {
            if self.disturbed {
                self.soon(Task::There(frame));
            } else {
                self.arrive(frame);
            }
        } else {
            self.wait_in_lane(hop_lane, frame, THERE);
        }
    }

    /// A message passes a link of limited bandwidth, after those before it.
    #[cold]
    fn pass_pipe(&mut self, frame: u32) {
        let site = &self.net.sites[self.frames[frame].site as usize];
        let free = &mut self.pipes[site.pipe as usize];
        *free = self.now.max(*free) + site.transfer;
        let hop = if site.hop_lane == NONE { 0 } else { self.lanes[site.hop_lane as usize].delay };
        self.events.push(*free + hop, Event::There(frame));
    }

    /// A request has come over the network, unless something was in its way.
    #[inline]
    pub(super) fn there(&mut self, frame: u32) {
        if !self.disturbed || self.passes(frame, Event::There(frame)) {
            self.arrive(frame);
        }
    }

    /// An answer has come over the network, unless something was in its way.
    #[inline]
    pub(super) fn back(&mut self, frame: u32) {
        if !self.disturbed || self.passes(frame, Event::Back(frame)) {
            self.deliver(frame);
        }
    }

    /// Whether a message gets through now. A lost one is sent again as TCP does: after a pause that doubles each time.
    #[cold]
    fn passes(&mut self, frame: u32, again: Event) -> bool {
        let state = &self.frames[frame];
        let callee = self.net.sites[state.site as usize].station;
        let Some(caller) = self.caller_of(frame) else { return true };
        let index = if state.instance == NONE { 0 } else { state.instance - self.stations[callee as usize].first };
        let disturbance = self.disturbance(caller, (callee, index));
        // `next` counts the tries of a message under way: it is in no queue. The first has every delay yet to come.
        let tries = if state.next == NONE { 0 } else { state.next };
        let lost = disturbance.cut || self.stations[callee as usize].choice.chance(disturbance.loss);
        if !lost && (disturbance.delay == 0 || tries > 0) {
            self.frames[frame].next = NONE;
            return true;
        }
        if tries >= MOST_TRIES {
            self.frames[frame].next = NONE;
            if matches!(again, Event::There(_)) {
                self.refuse(frame, Reason::Unreachable, callee);
                return false;
            }
            self.frames[frame].outcome = Outcome::failed(Reason::Unreachable, callee);
            return true;
        }
        let pause = if lost { RETRANSMIT << tries } else { disturbance.delay };
        self.frames[frame].next = tries + 1;
        self.events.push(self.now + pause, again);
        false
    }

    /// Station and instance of whoever called a frame.
    fn caller_of(&self, frame: u32) -> Option<(u32, u32)> {
        let caller = match self.frames[frame].parent() {
            Parent::Frame(caller) => caller,
            Parent::Guard(guard) => self.guards.caller(guard),
            Parent::Client => {
                let flow = self.frames[frame].flow as usize;
                return Some((self.net.sites[self.net.flows[flow].root as usize].station, 0));
            }
            Parent::Nobody => return None,
        };
        let state = &self.frames[caller];
        let station = self.net.sites[state.site as usize].station;
        let first = self.stations[station as usize].first;
        Some((station, if state.instance == NONE { 0 } else { state.instance.saturating_sub(first) }))
    }

    /// The balancer chooses the frame's instance; whether there was one.
    pub(super) fn balance(&mut self, frame: u32, balancer: u32) -> bool {
        if self.frames[frame].looks_on() && self.look_on_at(frame, balancer) {
            return true;
        }
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
        let (flags, site, span, in_place) = (state.flags, state.site, state.span, state.is_in_place());
        if span != NONE && flags & STRAND == 0 {
            self.trace_end(span, outcome);
        }
        if flags & STRAND != 0 {
            self.soon(Task::Deliver(frame));
            return;
        }
        let site = &self.net.sites[site as usize];
        let hop_lane = match flags & LEG {
            0 if in_place => site.back_lane,
            0 => site.hop_lane,
            _ => site.inner_lane,
        };
        if flags & (FETCHING | MESSAGE | HOOKED) != 0 {
            if flags & HOOKED != 0 {
                let station = site.station;
                if self.hooked_ends(frame, station, outcome) {
                    return;
                }
            }
            if flags & FETCHING != 0 {
                self.fetched(frame, outcome);
            }
            if flags & MESSAGE != 0 {
                self.consumed(frame);
                return;
            }
        }
        if self.disturbed {
            // An answer's tries are counted anew.
            self.frames[frame].next = NONE;
        }
        if hop_lane == NONE {
            if self.disturbed {
                self.soon(Task::Back(frame));
            } else if self.frames[frame].parent() == Parent::Client {
                self.deliver(frame);
            } else {
                self.soon(Task::Deliver(frame));
            }
        } else {
            self.wait_in_lane(hop_lane, frame, BACK);
        }
    }

    /// A frame's program has ended well, and nothing else is going on: the answer goes back at once where nothing is in its way.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub(super) fn answer(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let lane = if state.is_in_place() { site.back_lane } else { site.hop_lane };
        let is_plain = !state.is(STRAND | FETCHING | MESSAGE | HOOKED | LEG) && state.span == NONE;
        if is_plain && lane == NONE && !self.disturbed {
            state.outcome = Outcome::WELL;
            state.flags |= ENDED;
            self.deliver(frame);
        } else {
            self.program_ends(frame);
        }
    }

    /// A frame's outcome reaches whoever waits: the last thing of what is going on, unless that is the client.
    pub(super) fn deliver(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let (outcome, parent, site) = (state.outcome, state.parent(), state.site);
        if state.is(BALANCED) {
            self.let_go(frame);
        }
        match parent {
            Parent::Client => self.request_ends(frame, outcome),
            Parent::Frame(caller) => {
                self.delivered(frame);
                let told = self.told(site, outcome);
                if self.child_returns(caller, told) {
                    self.run_program_now(caller);
                }
                return;
            }
            Parent::Guard(guard) => self.attempt_back(guard, frame, outcome),
            Parent::Nobody => self.nobody_waited(frame, outcome),
        }
        self.delivered(frame);
    }

    /// A frame has nothing left to do, unless some of its children have.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    fn delivered(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        if state.pending == 0 {
            self.release(frame);
        } else {
            state.flags |= DELIVERED;
        }
    }

    /// The caller's balancer counts one connection less.
    pub fn let_go(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.flags &= !BALANCED;
        let (site, instance, time) = (state.site, state.instance, self.now - state.born);
        let balancer = &mut self.balancers[self.net.sites[site as usize].balancer as usize];
        balancer.release(instance);
        balancer.answered(instance, time);
    }

    /// What a caller is told of a call's outcome: who hands over goes on, whatever becomes of it, and a message that was not taken in is
    /// lost; but a broker that refuses a message, for it is full or the producer too quick, says so.
    #[inline]
    pub fn told(&mut self, site: u32, outcome: Outcome) -> Outcome {
        if outcome.is_well() { outcome } else { self.told_of_failure(site, outcome) }
    }

    fn told_of_failure(&mut self, site: u32, outcome: Outcome) -> Outcome {
        let plan = &self.net.sites[site as usize];
        let refused = plan.role == Role::Publish
            && outcome.failure().is_some_and(|(reason, _)| matches!(reason, Reason::Full | Reason::Throttled));
        if !plan.handed_over || refused {
            return outcome;
        }
        self.stations[plan.station as usize].metrics.lost_messages += 1;
        Outcome::WELL
    }

    /// One of a frame's children is back.
    pub fn child_back(&mut self, caller: u32, outcome: Outcome) {
        if self.child_returns(caller, outcome) {
            self.soon(Task::Run(caller));
        }
    }

    /// One of a frame's children is back; whether it was the last that the frame waited for.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    fn child_returns(&mut self, caller: u32, outcome: Outcome) -> bool {
        let state = &mut self.frames[caller];
        state.pending -= 1;
        if state.is(ENDED) {
            if state.pending == 0 && state.is(DELIVERED) {
                self.release(caller);
            }
        } else if outcome.is_well() {
            // Late branches of a fork find that nobody needs them.
            if state.need > 0 {
                state.need -= 1;
                return state.need == 0;
            }
        } else if state.pending < state.need {
            self.end(caller, outcome);
        }
        false
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
        let site = state.site;
        let station = self.net.sites[site as usize].station;
        if state.is(BALANCED) {
            self.let_go(frame);
        }
        let outcome = Outcome::failed(Reason::TimedOut, station);
        let span = self.frames[frame].span;
        if span != NONE {
            self.trace_given_up(span, outcome);
        }
        match parent {
            Parent::Client => self.request_ends(frame, outcome),
            Parent::Frame(caller) => {
                let told = self.told(site, outcome);
                self.child_back(caller, told);
            }
            Parent::Guard(guard) => self.attempt_back(guard, frame, outcome),
            Parent::Nobody => {}
        }
    }
}
