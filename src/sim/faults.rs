//! Faults and changes of load: what is in force at any moment follows from the list of active events, so that overlapping ones neither
//! mask nor undo each other.

use super::{
    engine::{Alarm, Engine, FAULT_PAUSE, Outcome, Reason},
    network::{Own, Spread, StationPlan},
    sampler::{SECOND, Time, nanoseconds},
};
use crate::design::{Fault, Place, ScenarioEvent};

/// Instances are spread over so many zones in turn.
const ZONES: u32 = 3;
/// Steps of a ramp.
const RAMP_STEPS: u32 = 100;
/// How long an instance takes to restart in a deployment, where nothing says.
const RESTART: f64 = 10.0;

/// What is in force of the network between two stations.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Disturbance {
    pub delay: Time,
    pub loss: f64,
    pub cut: bool,
}

impl Engine {
    /// A scenario event begins.
    pub fn fault_begins(&mut self, at: u32) {
        let event = self.net.scenario[at as usize].clone();
        if self.active.len() < self.net.scenario.len() {
            self.active.resize(self.net.scenario.len(), None);
        }
        self.active[at as usize] = Some(self.now);
        match event.fault {
            Fault::Flush(component) => self.flush(component.0),
            Fault::Ramp { .. } => self.ramp_step(at, 0),
            Fault::Deploy(component) => self.deploy_step(at, component.0, 0),
            _ => {}
        }
        let stays = matches!(event.fault, Fault::Ramp { .. } | Fault::Deploy(_));
        if let Some(duration) = event.duration.filter(|_| !stays) {
            self.set_alarm(self.now + nanoseconds(duration), Alarm::Restore(at));
        }
        self.refresh();
    }

    /// A scenario event ends.
    pub fn fault_ends(&mut self, at: u32) {
        self.active[at as usize] = None;
        self.refresh();
    }

    /// Sets off a fault now; returns its number.
    pub fn inject(&mut self, fault: Fault, duration: Option<f64>) -> u32 {
        self.net.scenario.push(ScenarioEvent {
            at: self.now.saturating_sub(self.window.begin) as f64 / SECOND,
            duration,
            fault,
            text: String::new(),
            span: crate::source::Span::default(),
        });
        let at = self.net.scenario.len() as u32 - 1;
        self.fault_begins(at);
        self.settle_ready();
        at
    }

    /// Ends a fault before its time.
    pub fn lift(&mut self, at: u32) {
        if self.active.get(at as usize).is_some_and(Option::is_some) {
            self.fault_ends(at);
            self.settle_ready();
        }
    }

    /// Brings everything into the state that the active events ask for.
    fn refresh(&mut self) {
        let active: Vec<(Fault, Time)> = self
            .net
            .scenario
            .iter()
            .zip(&self.active)
            .filter_map(|(event, since)| Some((event.fault.clone(), (*since)?)))
            .collect();
        for station in 0..self.stations.len() {
            self.refresh_station(station, &active);
        }
        for flow in 0..self.flows.len() as u32 {
            self.refresh_flow(flow, &active);
        }
        self.disturbed = active
            .iter()
            .any(|(fault, _)| matches!(fault, Fault::Partition(..) | Fault::Delay { .. } | Fault::Lose { .. }));
    }

    fn refresh_station(&mut self, at: usize, active: &[(Fault, Time)]) {
        let base = self.net.stations[at].errors;
        let filled =
            active.iter().any(|(fault, _)| matches!(fault, Fault::Fill(component) if component.0 as usize == at));
        self.stations[at].filled = filled;
        if let Own::Coordinator(coordinator) = self.net.stations[at].own {
            let skews = active.iter().filter_map(|(fault, _)| match fault {
                Fault::ClockSkew { component, by } if component.0 as usize == at => Some(nanoseconds(*by)),
                _ => None,
            });
            self.coordinators[coordinator as usize].skew = skews.sum();
        }
        self.stations[at].extra_lag = active
            .iter()
            .filter_map(|(fault, _)| match fault {
                Fault::ReplicationLag { component, by } if component.0 as usize == at => Some(nanoseconds(*by)),
                _ => None,
            })
            .sum();
        for index in 0..self.net.stations[at].most {
            let (mut up, mut paused, mut slow, mut passes) = (true, false, 1.0, 1.0 - base);
            for (fault, _) in active {
                match fault {
                    Fault::Kill(place) if self.covers(place, at, index) => up = false,
                    Fault::Pause(place) if self.covers(place, at, index) => paused = true,
                    Fault::Slow { place, factor } if self.covers(place, at, index) => slow *= factor.max(0.0),
                    Fault::Errors { place, ratio } if self.covers(place, at, index) => {
                        passes *= 1.0 - ratio.clamp(0.0, 1.0);
                    }
                    _ => {}
                }
            }
            let instance = self.stations[at].first + index;
            let state = &mut self.instances[instance as usize];
            state.slow = slow as f32 * self.net.stations[at].base_slow;
            state.errors = (1.0 - passes) as f32;
            state.review();
            let slow = state.slow;
            for (balancer, plan) in self.balancers.iter_mut().zip(&self.net.balancers) {
                if plan.station as usize == at {
                    balancer.set_slowness(index, slow);
                }
            }
            self.set_up(instance, at as u32, up);
            self.set_paused(instance, FAULT_PAUSE, paused);
        }
        self.stations[at].guarded = self.stations[at].filled || self.stations[at].down;
    }

    /// Whether a place includes an instance of a station.
    fn covers(&self, place: &Place, at: usize, index: u32) -> bool {
        let plan = &self.net.stations[at];
        match place {
            Place::Component(component) => component.0 as usize == at,
            Place::Instance(component, instance) => component.0 as usize == at && *instance == index,
            Place::Region(region) => plan.region == Some(*region),
            Place::Zone(zone) => zone_of(plan, index) == *zone % ZONES && plan.kind != crate::design::Kind::Client,
        }
    }

    fn refresh_flow(&mut self, at: u32, active: &[(Fault, Time)]) {
        let own = |flow: &Option<crate::design::FlowId>| flow.is_none_or(|flow| flow.0 == at);
        let mut factor = 1.0;
        let mut hot = self.net.flows[at as usize].keys.hot.clamp(0.0, 1.0);
        for (event, (fault, since)) in
            self.active.iter().enumerate().filter(|(_, since)| since.is_some()).map(|(event, _)| event).zip(active)
        {
            match fault {
                Fault::Spike { flow, factor: times } if own(flow) => factor *= times.max(0.0),
                Fault::Ramp { flow, factor: times } if own(flow) => {
                    let length = self.net.scenario[event].duration.unwrap_or(0.0) * SECOND;
                    let share = if length > 0.0 { ((self.now - since) as f64 / length).min(1.0) } else { 1.0 };
                    factor *= 1.0 + (times.max(0.0) - 1.0) * share;
                }
                Fault::HotKey { flow, share } if flow.0 == at => hot = hot.max(share.clamp(0.0, 1.0)),
                _ => {}
            }
        }
        self.flows[at as usize].hot = hot;
        if (self.flows[at as usize].factor - factor).abs() > 0.0 {
            self.set_factor(at, factor);
        }
    }

    /// A ramp goes one step further.
    pub fn ramp_step(&mut self, event: u32, step: u32) {
        let length = self.net.scenario[event as usize].duration.unwrap_or(0.0);
        if step > 0 {
            self.refresh();
        }
        if step < RAMP_STEPS && length > 0.0 {
            let pause = nanoseconds(length / f64::from(RAMP_STEPS)).max(1);
            self.set_alarm(self.now + pause, Alarm::Ramp(event, step + 1));
        }
    }

    /// A deployment takes the next instance out of service, and puts the one before back.
    pub fn deploy_step(&mut self, event: u32, station: u32, step: u32) {
        let count = self.stations[station as usize].active;
        let first = self.stations[station as usize].first;
        if step > 0 {
            let cold = self.net.stations[station as usize].cold_start;
            let renewed = &mut self.instances[(first + step - 1) as usize];
            (renewed.restarting, renewed.cold) = (false, cold);
            renewed.review();
            self.balancers_see(station, step - 1);
        }
        if step >= count {
            self.active[event as usize] = None;
            return;
        }
        let replaced = &mut self.instances[(first + step) as usize];
        replaced.restarting = true;
        replaced.review();
        // A deployment is orderly: the balancers are told before, and what is there may end.
        self.balancers_see(station, step);
        let each = self.net.scenario[event as usize].duration.map(|whole| whole / f64::from(count));
        let each = nanoseconds(each.unwrap_or_else(|| self.net.stations[station as usize].start_up.unwrap_or(RESTART)));
        self.set_alarm(self.now + each.max(1), Alarm::Deploy(event, station, step + 1));
    }

    /// A cache loses its contents.
    fn flush(&mut self, station: u32) {
        if let Own::Cache(cache) = self.net.stations[station as usize].own {
            self.caches[cache as usize].clear_all();
        }
    }

    /// An instance dies or comes back.
    fn set_up(&mut self, instance: u32, station: u32, up: bool) {
        let state = &mut self.instances[instance as usize];
        if state.up == up {
            return;
        }
        state.up = up;
        if up {
            state.cold = self.net.stations[station as usize].cold_start;
        }
        state.review();
        let index = instance - self.stations[station as usize].first;
        self.stations[station as usize].down = !self.instances_of(station).iter().any(|instance| instance.up);
        self.stations[station as usize].guarded = self.stations[station as usize].down;
        if !up {
            self.lose_all(instance, station);
            self.contents_lost(station, index);
        }
        self.sql_node_changed(station, index, up);
        self.member_changed(station, index, up);
        if !up {
            self.connections_lost(station);
        }
        self.consumers_changed(station);
        let plan = &self.net.stations[station as usize];
        if plan.spread == Spread::Random {
            self.set_alarm(self.now + plan.notice, Alarm::Learn { station, index });
        }
        for balancer in 0..self.balancers.len() as u32 {
            let plan = self.net.balancers[balancer as usize];
            if plan.station == station {
                self.set_alarm(self.now + plan.notice, Alarm::Notice { balancer, index });
            }
        }
    }

    /// Callers without a balancer have found out how an instance is.
    pub fn learn(&mut self, station: u32, index: u32) {
        let state = &mut self.stations[station as usize];
        let up = self.instances[(state.first + index) as usize].up;
        state.gone.retain(|&known| known != index);
        if !up {
            state.gone.push(index);
        }
    }

    /// A balancer's health checks have found out how an instance is.
    pub fn notice(&mut self, balancer: u32, index: u32) {
        let plan = self.net.balancers[balancer as usize];
        let state = &self.instances[(self.stations[plan.station as usize].first + index) as usize];
        let serves = state.up && !state.restarting && index < self.stations[plan.station as usize].active;
        self.balancers[balancer as usize].set_serving(index, serves);
    }

    pub fn balancers_see(&mut self, station: u32, index: u32) {
        for balancer in 0..self.balancers.len() as u32 {
            if self.net.balancers[balancer as usize].station == station {
                self.notice(balancer, index);
            }
        }
    }

    /// What the network between two frames' instances is subject to.
    pub fn disturbance(&self, caller: (u32, u32), callee: (u32, u32)) -> Disturbance {
        let mut disturbance = Disturbance::default();
        let at = |place: &Place, (station, index): (u32, u32)| self.covers(place, station as usize, index);
        let of_link = self.net.losses.iter().find(|(from, to, _)| (*from, *to) == (caller.0, callee.0));
        let mut passes = 1.0 - of_link.map_or(0.0, |loss| loss.2);
        for (event, _) in self.net.scenario.iter().zip(&self.active).filter(|(_, since)| since.is_some()) {
            match &event.fault {
                Fault::Partition(a, b) => {
                    disturbance.cut |= (at(a, caller) && at(b, callee)) || (at(b, caller) && at(a, callee));
                }
                Fault::Delay { from, to, by } if (from.0, to.0) == (caller.0, callee.0) => {
                    disturbance.delay += nanoseconds(*by);
                }
                Fault::Lose { from, to, ratio } if (from.0, to.0) == (caller.0, callee.0) => {
                    passes *= 1.0 - ratio.clamp(0.0, 1.0);
                }
                _ => {}
            }
        }
        disturbance.loss = 1.0 - passes;
        disturbance
    }

    /// All that is at an instance is lost.
    fn lose_all(&mut self, instance: u32, station: u32) {
        let lost = Outcome::failed(Reason::Killed, station);
        for frame in self.empty_queue(instance, station) {
            self.end(frame, lost);
        }
        for frame in 0..self.frames.len() {
            let state = &self.frames[frame];
            if state.instance != instance
                || !state.is_at_work()
                || self.net.sites[state.site as usize].station != station
            {
                continue;
            }
            if state.is_served_now() {
                self.lose_in_service(frame, station, lost);
            } else {
                self.end(frame, lost);
            }
        }
        self.sharing_lost(instance);
        let now = self.now;
        let state = &mut self.instances[instance as usize];
        state.settle(now);
        state.busy = 0;
        state.queued = 0;
    }
}

/// The zone of an instance: the component's, or one of three in turn.
fn zone_of(plan: &StationPlan, index: u32) -> u32 {
    plan.zone.unwrap_or(index) % ZONES
}
