//! Autoscalers: the number of instances follows utilisation, or the messages that wait.

use crate::sim::{
    engine::{Alarm, Engine},
    network::{NONE, Steering},
    sampler::{SECOND, Time},
};

/// An autoscaler looks so often (the Kubernetes HPA's period), or as often as it may act if that is more often.
const PERIOD: Time = 15_000_000_000;
/// It leaves alone what is this near to its target (the HPA's tolerance).
const TOLERANCE: f64 = 0.1;

impl Engine {
    /// Starts all autoscalers.
    pub fn start_scalers(&mut self) {
        for station in 0..self.stations.len() as u32 {
            if let Some(plan) = self.net.stations[station as usize].scale {
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
            Steering::Depth(target) => f64::from(self.waiting_for(station)) / target,
        };
        let desired = load.ceil().clamp(f64::from(plan.least), f64::from(plan.most)) as u32;
        let near = (load / f64::from(active) - 1.0).abs() <= TOLERANCE;
        let state = &mut self.stations[station as usize];
        // The first change waits for none before it.
        let cools = state.scaled_at > 0 && self.now < state.scaled_at + plan.cool_down;
        if near || desired == active || cools || servers == NONE {
            return;
        }
        state.scaled_at = self.now;
        if desired > active + state.starting {
            let more = desired - active - state.starting;
            state.starting += more;
            self.set_alarm(self.now + plan.start_up, Alarm::Started { station, count: more });
        } else if desired < active {
            self.retire(station, desired);
        }
    }

    fn busy_of(&self, station: u32) -> u64 {
        let (first, most) = (self.stations[station as usize].first, self.net.stations[station as usize].most);
        let now = self.now;
        let instances = &self.instances[first as usize..(first + most) as usize];
        instances.iter().map(|instance| instance.busy_now(now)).sum()
    }

    /// Messages that wait for a station's instances.
    fn waiting_for(&self, station: u32) -> u32 {
        let groups = self.net.groups.iter().zip(&self.buffers);
        groups.filter(|(plan, _)| plan.consumer == station).map(|(_, buffer)| buffer.waiting()).sum()
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
