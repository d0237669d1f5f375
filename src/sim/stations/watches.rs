//! Watches of a coordination service: a change that was agreed on is told to every client that watches.
//!
//! The leader tells the other members; each member that is alive tells its share of the watchers, one after the other, and the last of all
//! has it one way over the network later. The writer does not wait for that. Members tell while they serve: watchers take their part of them.

use crate::sim::{
    engine::{Engine, HOOKED, LEG, Outcome, Parent, Task},
    network::NONE,
};

impl Engine {
    /// A change was agreed on: its watchers are told.
    pub fn tell_watchers(&mut self, frame: u32, station: u32, at: usize) {
        let plan = *self.coordinators[at].plan();
        if plan.watchers == 0 || plan.told == NONE {
            return;
        }
        let members: Vec<u32> = {
            let first = self.stations[station as usize].first;
            let all = self.instances_of(station).iter().enumerate();
            all.filter(|(_, member)| member.up).map(|(index, _)| first + index as u32).collect()
        };
        let share = plan.watchers.div_ceil(members.len().max(1) as u32);
        let Some(change) = self.frames.take(plan.told, Parent::Nobody, self.now) else { return };
        let from = &self.frames[frame];
        let (key, flow, leader, site) = (from.key, from.flow, from.instance, from.site);
        let state = &mut self.frames[change];
        (state.key, state.flow, state.flags, state.pc) = (key, flow, HOOKED, self.net.end);
        (state.pending, state.need) = (members.len() as u16, members.len() as u16);
        let between = self.net.sites[site as usize].inner_lane;
        for member in members {
            let Some(leg) = self.frames.take(plan.told, Parent::Frame(change), self.now) else {
                self.child_back(change, Outcome::failed(crate::sim::engine::Reason::Limit, station));
                continue;
            };
            let state = &mut self.frames[leg];
            (state.key, state.flow, state.instance, state.flags, state.pc) = (key, flow, member, LEG, share);
            if member == leader || between == NONE {
                self.soon(Task::Arrive(leg));
            } else {
                self.wait_in_lane(between, leg, crate::sim::engine::THERE);
            }
        }
    }

    /// All members have told their watchers of a change, or one of them died meanwhile.
    pub fn watchers_told(&mut self, frame: u32, station: u32, at: usize, outcome: Outcome) {
        let site = &self.net.sites[self.frames[frame].site as usize];
        let way = self.lane_delay(site.hop_lane);
        let took = self.now - self.frames[frame].born + way;
        let counts = &mut self.coordinators[at].counts;
        counts.changes += 1;
        if outcome.is_well() {
            self.stations[station as usize].metrics.lag.record(took);
        } else {
            counts.untold += 1;
        }
    }
}
