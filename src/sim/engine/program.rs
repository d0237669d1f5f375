//! Programs: what a component does for a request after its own work, one step at a time.

use super::{
    ABANDONED, APART, BALANCED, Engine, FETCHING, HOOKED, LEG, MEASURED, MESSAGE, Outcome, Parent, Reason, STRAND,
};
use crate::sim::network::{Branch, NONE, Role, Step};

impl Engine {
    /// Starts a frame's program.
    #[inline]
    pub fn start_program(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.pc = self.net.sites[state.site as usize].entry;
        self.run_program(frame);
    }

    /// The same as the last thing of what is going on: an answer goes back at once.
    #[inline]
    pub(super) fn start_program_now(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.pc = self.net.sites[state.site as usize].entry;
        if self.net.steps[state.pc as usize] == Step::End {
            self.answer(frame);
        } else {
            self.run_program_now(frame);
        }
    }

    /// Takes a frame's steps until it has to wait or ends.
    pub(super) fn run_program(&mut self, frame: u32) {
        if self.steps_end(frame) {
            self.program_ends(frame);
        }
    }

    /// The same as the last thing of what is going on: an answer goes back at once.
    pub(super) fn run_program_now(&mut self, frame: u32) {
        if self.steps_end(frame) {
            self.answer(frame);
        }
    }

    /// Takes a frame's steps; whether it came to their end, rather than something to wait for.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    fn steps_end(&mut self, frame: u32) -> bool {
        loop {
            let state = &mut self.frames[frame];
            let step = self.net.steps[state.pc as usize];
            match step {
                Step::Call(site) => {
                    if self.net.sites[site as usize].tail && self.call_in_place(frame, site) {
                        return false;
                    }
                    let state = &mut self.frames[frame];
                    state.pc += 1;
                    (state.pending, state.need) = (state.pending + 1, 1);
                    self.call_site(frame, site);
                    return false;
                }
                Step::Publish => {
                    state.pc = self.net.end;
                    self.publish(frame);
                    return false;
                }
                Step::Commit => {
                    self.commit_everywhere(frame);
                    return false;
                }
                Step::End => return true,
                Step::HandOver(site) => {
                    state.pc += 1;
                    if self.hand_over(frame, site) {
                        return false;
                    }
                }
                Step::Jump(to) => state.pc = to,
                Step::Choose { first, count } => {
                    let branches = &self.net.branches[first as usize..(first + count) as usize];
                    let draw = self.flows[state.flow as usize].choices.uniform();
                    state.pc =
                        branches.iter().find(|branch| draw < branch.below).map_or(state.pc + 1, |branch| branch.entry);
                }
                Step::All { first, count } => {
                    state.pc += 1;
                    state.need = count as u16;
                    self.fork(frame, first, count);
                    if count > 0 {
                        return false;
                    }
                }
                Step::Any { first, count, need } => {
                    state.pc += 1;
                    (state.pending, state.need) = (state.pending + 1, 1);
                    self.join(frame, need, |engine, join| engine.fork(join, first, count));
                    return false;
                }
                Step::Many { branch, times } => {
                    state.pc += 1;
                    state.need = times as u16;
                    for _ in 0..times {
                        self.fork(frame, branch, 1);
                    }
                    return false;
                }
                Step::Loop { branch, times } => {
                    state.pc += 1;
                    (state.pending, state.need) = (state.pending + 1, 1);
                    self.repeat(frame, branch, times);
                    return false;
                }
            }
        }
    }

    /// A call that is the last thing its caller does takes the caller's frame, unless something else knows the caller by it.
    #[inline]
    fn call_in_place(&mut self, frame: u32, site: u32) -> bool {
        let state = &mut self.frames[frame];
        let waited_for = state.span != NONE || state.pending > 0;
        let known = waited_for || state.is(STRAND | FETCHING | MESSAGE | HOOKED | BALANCED | LEG);
        if known || !self.in_place {
            return false;
        }
        state.becomes(site);
        self.send(frame);
        true
    }

    /// A strand that waits for `need` of what `start` makes it do, for branches that may come back after it has gone on.
    pub(super) fn join(&mut self, frame: u32, need: u32, start: impl FnOnce(&mut Self, u32)) {
        let Some(join) = self.strand(frame) else { return };
        self.frames[join].need = need as u16;
        self.frames[join].pc = self.net.end;
        start(self, join);
    }

    /// Does branches of a frame's program at once.
    fn fork(&mut self, frame: u32, first: u32, count: u32) {
        // All are counted before the first can come back.
        self.frames[frame].pending += count as u16;
        for at in first..first + count {
            let Branch { call, entry, .. } = self.net.branches[at as usize];
            if call != NONE {
                self.call(frame, call);
            } else if let Some(strand) = self.strand(frame) {
                self.frames[strand].pc = entry;
                self.soon(super::Task::Run(strand));
            }
        }
    }

    /// Does a branch so many times, one after the other: a strand that starts again at each end.
    fn repeat(&mut self, frame: u32, branch: u32, times: u32) {
        let Some(strand) = self.strand(frame) else { return };
        let state = &mut self.frames[strand];
        state.next = branch;
        state.since = u64::from(times);
        self.program_ends(strand);
    }

    /// A branch of a frame's program; where there is no room for one, the frame is told so.
    fn strand(&mut self, frame: u32) -> Option<u32> {
        let site = self.frames[frame].site;
        let Some(strand) = self.frames.take(site, Parent::Frame(frame), self.now) else {
            let station = self.net.sites[site as usize].station;
            self.child_back(frame, Outcome::failed(Reason::Limit, station));
            return None;
        };
        let from = &self.frames[frame];
        let (key, flow, instance, span) = (from.key, from.flow, from.instance, from.span);
        let flags = from.flags & (MEASURED | ABANDONED) | STRAND;
        let state = &mut self.frames[strand];
        (state.key, state.flow, state.instance, state.flags) = (key, flow, instance, flags);
        if span != NONE {
            self.trace_child(strand, span, true);
        }
        Some(strand)
    }

    /// A program is at its end: a repeating strand starts again, all else goes back to its caller.
    pub(super) fn program_ends(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        if state.is(STRAND) && state.next != NONE && state.since > 0 {
            state.since -= 1;
            let Branch { call, entry, .. } = self.net.branches[state.next as usize];
            if call == NONE {
                state.pc = entry;
                self.soon(super::Task::Run(frame));
            } else {
                state.pc = self.net.end;
                (state.pending, state.need) = (state.pending + 1, 1);
                self.call(frame, call);
            }
            return;
        }
        self.end(frame, Outcome::WELL);
    }

    /// Hands over to a site; whether the frame has to wait until it is taken in.
    fn hand_over(&mut self, frame: u32, site: u32) -> bool {
        let plan = &self.net.sites[site as usize];
        if plan.role == Role::Publish && !plan.fires {
            let state = &mut self.frames[frame];
            (state.pending, state.need) = (state.pending + 1, 1);
            self.call(frame, site);
            return true;
        }
        if let Some(apart) = self.spawn(frame, site, Parent::Nobody) {
            // A message's lag is measured when it has been consumed.
            if self.net.sites[site as usize].role != Role::Publish {
                self.frames[apart].flags |= APART;
            }
            self.send(apart);
        }
        false
    }

    /// Work that nobody waited for has ended.
    pub(super) fn nobody_waited(&mut self, frame: u32, outcome: Outcome) {
        let state = &self.frames[frame];
        if state.is(APART) && state.is(MEASURED) && outcome.is_well() {
            let lag = self.now - state.born;
            self.flows[state.flow as usize].metrics.caught_up(lag);
        }
    }
}
