//! Push tiers: a message goes out on many connections; heartbeats take their share of the cores; a dead instance's clients all come back.

use crate::sim::{
    engine::{Alarm, Engine, LEG, Parent},
    network::{NONE, Own, PushPlan},
    sampler::Time,
};

/// Reconnections come in steps of this long.
const STEP: Time = 10_000_000;

impl Engine {
    fn push_of(&self, station: u32) -> Option<PushPlan> {
        match self.net.stations[station as usize].own {
            Own::Push(push) => Some(self.net.pushes[push as usize]),
            _ => None,
        }
    }

    /// A message: every instance sends it on its part of the connections.
    pub fn push(&mut self, frame: u32, station: u32) {
        let Some(plan) = self.push_of(station) else { return };
        let station_state = &self.stations[station as usize];
        let (first, active) = (station_state.first, station_state.active);
        let legs = active.min(plan.fan_out.max(1));
        let start = self.stations[station as usize].choice.below(u64::from(active)) as u32;
        let mut targets = std::mem::take(&mut self.targets);
        targets.clear();
        let order = (0..active).map(|step| first + (start + step) % active);
        targets.extend(order.filter(|&instance| self.instances[instance as usize].up).take(legs as usize));
        let count = targets.len() as u32;
        self.targets = targets;
        // How many deliveries each leg makes: their work is drawn as one sum.
        self.copies = plan.fan_out.div_ceil(count.max(1)).max(1).saturating_mul(plan.requests);
        self.fan_out(frame, count);
        self.copies = 1;
        let wait = if plan.poll > 0 { self.stations[station as usize].choice.below(plan.poll) } else { 0 };
        self.stations[station as usize].metrics.lag.record(wait);
    }

    /// An instance of a push tier has died: its clients connect to the others.
    pub fn connections_lost(&mut self, station: u32) {
        let Some(plan) = self.push_of(station) else { return };
        if plan.connections > 0 && plan.site != NONE {
            self.set_alarm(self.now + STEP, Alarm::Reconnect { station, left: plan.connections });
        }
    }

    /// Some of the lost clients come back.
    pub fn reconnect(&mut self, station: u32, left: u32) {
        let Some(plan) = self.push_of(station) else { return };
        let steps = (plan.reconnect / STEP).max(1) as u32;
        let now = left.min(plan.connections.div_ceil(steps).max(1));
        // Whoever balances connections knows which instances are left.
        let instances = self.instances_of(station).iter().enumerate();
        let alive: Vec<u32> = instances.filter(|(_, instance)| instance.up).map(|(index, _)| index as u32).collect();
        for _ in 0..now {
            let Some(frame) = self.frames.take(plan.site, Parent::Nobody, self.now) else { break };
            let turn = self.stations[station as usize].choice.below(alive.len().max(1) as u64) as usize;
            let pick = alive.get(turn).copied().unwrap_or(0);
            let state = &mut self.frames[frame];
            state.flags = LEG;
            state.flow = 0;
            state.pc = 1;
            state.instance = self.stations[station as usize].first + pick;
            self.soon(crate::sim::engine::Task::Arrive(frame));
        }
        if left > now {
            self.set_alarm(self.now + STEP, Alarm::Reconnect { station, left: left - now });
        }
    }
}
