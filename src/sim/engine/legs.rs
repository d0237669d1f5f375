//! Legs: parts of one request at several instances of the same station, as scatter-gather, quorums and replication need them.

use super::{ABANDONED, Engine, LEG, MEASURED, Parent, Task, calls};
use crate::sim::network::NONE;

impl Engine {
    /// Sends a leg of a frame's request to an instance; `parent` waits for it.
    pub fn send_leg(&mut self, frame: u32, instance: u32, parent: Parent) -> Option<u32> {
        let from = &self.frames[frame];
        let (site, key, flow, flags, span) = (from.site, from.key, from.flow, from.flags, from.span);
        let leg = self.frames.take(site, parent, self.now)?;
        let state = &mut self.frames[leg];
        (state.key, state.flow, state.instance) = (key, flow, instance);
        state.flags = (flags & (MEASURED | ABANDONED)) | LEG;
        state.pc = self.copies;
        if span != NONE && parent != Parent::Nobody {
            self.trace_child(leg, span, false);
        }
        let lane = self.net.sites[site as usize].inner_lane;
        if lane == NONE {
            self.soon(Task::Arrive(leg));
        } else {
            self.wait_in_lane(lane, leg, calls::THERE);
        }
        Some(leg)
    }

    /// Sends a leg to each instance in `self.targets`; the frame goes on with its program when `need` have come back well.
    pub fn fan_out(&mut self, frame: u32, need: u32) {
        let targets = std::mem::take(&mut self.targets);
        let count = targets.len() as u32;
        let state = &mut self.frames[frame];
        state.pc = self.net.sites[state.site as usize].entry;
        if need == 0 || count == 0 {
            for &instance in &targets {
                self.send_leg(frame, instance, Parent::Nobody);
            }
            self.soon(Task::Run(frame));
        } else if need >= count {
            (state.pending, state.need) = (state.pending + count as u16, count as u16);
            for &instance in &targets {
                self.leg_or_limit(frame, instance, frame);
            }
        } else {
            // Legs that are not waited for come back to a strand of their own.
            (state.pending, state.need) = (state.pending + 1, 1);
            self.join(frame, need, |engine, join| {
                engine.frames[join].pending += count as u16;
                for &instance in &targets {
                    engine.leg_or_limit(frame, instance, join);
                }
            });
        }
        self.targets = targets;
        self.targets.clear();
    }

    fn leg_or_limit(&mut self, frame: u32, instance: u32, waits: u32) {
        if self.send_leg(frame, instance, Parent::Frame(waits)).is_none() {
            let station = self.net.sites[self.frames[frame].site as usize].station;
            self.child_back(waits, super::Outcome::failed(super::Reason::Limit, station));
        }
    }
}
