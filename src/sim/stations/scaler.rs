//! Autoscalers: the number of instances follows utilisation, or the messages that wait and are in work.
//!
//! The rule is that of the Kubernetes `HorizontalPodAutoscaler` (its documentation, "Algorithm details" and "Configurable scaling behavior"):
//! every look asks for the instances that would bring the metric to its target; what is near enough is left alone; it grows at once, at most
//! to the double or by four; it shrinks to the highest number asked for within the stabilisation window, which is the cool-down here. The
//! metric of consumers is KEDA's: messages that wait and that are in work, for each instance (as AWS's backlog per instance).

use std::collections::VecDeque;

use crate::sim::{
    engine::{Alarm, Engine},
    network::{NONE, Steering},
    sampler::{SECOND, Time},
};

/// An autoscaler looks so often (the Kubernetes HPA's period), or as often as it may act if that is more often.
const PERIOD: Time = 15_000_000_000;
/// It leaves alone what is this near to its target (the HPA's tolerance).
const TOLERANCE: f64 = 0.1;
/// It grows to so many times as many at one look, or by so many where that is more (the HPA's default policies).
const MOST_TIMES: u32 = 2;
const MOST_MORE: u32 = 4;

/// What was asked for lately: when, and how many instances.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Asked(VecDeque<(Time, u32)>);

impl Asked {
    /// The number to go to when `desired` are wanted now: more at once, fewer only as many as nothing within the window asked for.
    fn settle(&mut self, desired: u32, active: u32, now: Time, window: Time) -> u32 {
        while self.0.front().is_some_and(|&(at, _)| at + window < now) {
            self.0.pop_front();
        }
        // Of those asked for before, what is not above a later number never counts again.
        while self.0.back().is_some_and(|&(_, asked)| asked <= desired) {
            self.0.pop_back();
        }
        self.0.push_back((now, desired));
        let highest = self.0.front().map_or(desired, |&(_, asked)| asked);
        let most = active.saturating_mul(MOST_TIMES).max(active.saturating_add(MOST_MORE));
        if desired > active { desired.min(most) } else { highest.min(active) }
    }
}

impl Engine {
    /// Starts all autoscalers.
    pub fn start_scalers(&mut self) {
        for station in 0..self.stations.len() as u32 {
            if let Some(plan) = self.net.stations[station as usize].scale {
                let active = self.stations[station as usize].active;
                self.stations[station as usize].asked.0.push_back((0, active));
                self.set_alarm(PERIOD.min(plan.cool_down.max(SECOND as Time)), Alarm::Scale(station));
            }
        }
    }

    /// An autoscaler looks at its station.
    pub fn scale(&mut self, station: u32, alarm: u32) {
        let Some(plan) = self.net.stations[station as usize].scale else { return };
        let period = PERIOD.min(plan.cool_down.max(SECOND as Time));
        self.events.push(self.now + period, crate::sim::engine::Event::Alarm(alarm));
        let busy: u64 = self.busy_of(station);
        let state = &mut self.stations[station as usize];
        let used = busy - std::mem::replace(&mut state.scale_busy, busy);
        let servers = self.net.stations[station as usize].servers;
        let active = state.active;
        let load = match plan.steering {
            Steering::Utilisation(target) => used as f64 / (period as f64 * f64::from(servers) * target),
            Steering::Depth(target) => f64::from(self.messages_for(station)) / target,
        };
        let desired = load.ceil().clamp(f64::from(plan.least), f64::from(plan.most)) as u32;
        let near = (load / f64::from(active) - 1.0).abs() <= TOLERANCE;
        if servers == NONE {
            return;
        }
        let state = &mut self.stations[station as usize];
        let desired = if near { active } else { desired };
        let count = state.asked.settle(desired, active + state.starting, self.now, plan.cool_down);
        if count > active + state.starting {
            let more = count - active - state.starting;
            state.starting += more;
            self.set_alarm(self.now + plan.start_up, Alarm::Started { station, count: more });
        } else if count < active {
            self.retire(station, count);
        }
    }

    fn busy_of(&self, station: u32) -> u64 {
        let (first, most) = (self.stations[station as usize].first, self.net.stations[station as usize].most);
        let now = self.now;
        let instances = &self.instances[first as usize..(first + most) as usize];
        instances.iter().map(|instance| instance.busy_now(now)).sum()
    }

    /// Messages that wait for a station's instances or are in work there.
    fn messages_for(&self, station: u32) -> u32 {
        let groups = self.net.groups.iter().zip(&self.buffers);
        groups.filter(|(plan, _)| plan.consumer == station).map(|(_, buffer)| buffer.waiting + buffer.in_work).sum()
    }

    /// New instances serve from now on.
    pub fn started(&mut self, station: u32, count: u32) {
        let plan = &self.net.stations[station as usize];
        let (most, cold) = (plan.most, plan.cold_start);
        let now = self.now;
        let state = &mut self.stations[station as usize];
        state.settle_capacity(now);
        state.starting = state.starting.saturating_sub(count);
        let from = state.active;
        state.active = (state.active + count).min(most);
        for index in from..state.active {
            let instance = &mut self.instances[(state.first + index) as usize];
            instance.restarting = false;
            instance.cold = cold;
            instance.review();
        }
        self.members_changed(station, from);
    }

    /// Instances from `keep` on take nothing new; what is there may end.
    fn retire(&mut self, station: u32, keep: u32) {
        let now = self.now;
        let state = &mut self.stations[station as usize];
        state.settle_capacity(now);
        let from = state.active;
        state.active = keep.max(1);
        for index in state.active..from {
            let instance = &mut self.instances[(state.first + index) as usize];
            instance.restarting = true;
            instance.review();
        }
        let from = self.stations[station as usize].active;
        self.members_changed(station, from);
    }

    /// Balancers and consumer groups learn of new or retired instances.
    fn members_changed(&mut self, station: u32, from: u32) {
        for index in from..self.net.stations[station as usize].most {
            self.balancers_see(station, index);
        }
        self.consumers_changed(station);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks a second apart with a window of three: what is asked for, and what it comes to.
    #[track_caller]
    fn settles(looks: &[(u32, u32)]) {
        let (mut asked, mut active) = (Asked::default(), looks[0].1);
        for (at, &(desired, expected)) in looks.iter().enumerate() {
            active = asked.settle(desired, active, at as Time, 3);
            assert_eq!(active, expected, "look {at} of {looks:?}");
        }
    }

    #[test]
    fn it_grows_at_once_and_shrinks_to_what_was_asked_for_within_the_window() {
        settles(&[(4, 4), (8, 8), (6, 8), (2, 8), (2, 8), (2, 6), (2, 2), (1, 2)]);
        settles(&[(4, 4), (1, 4), (1, 4), (1, 4), (1, 1)]);
        settles(&[(8, 8), (4, 8), (7, 8), (4, 8), (4, 7)]);
    }

    #[test]
    fn it_at_most_doubles_or_grows_by_four() {
        settles(&[(1, 1), (100, 5), (100, 10), (100, 20), (30, 30)]);
    }
}
