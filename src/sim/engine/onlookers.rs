//! What runs in a miniature beside the requests themselves. Where a station is scaled down further than the requests that visit it, some of
//! these only look on: they wait in its queue and take as long as any other, but hold no server, so that they see what a customer would see
//! (a Poisson arrival sees time averages, Wolff 1982) and add nothing to it. Where a station is scaled down less, or not at all, each request
//! comes with some of those it stands for, spread over a while, so that their arrivals are nearly Poisson again.

use super::{Engine, Event, Parent, SERVING};
use crate::{
    rng::{Stream, mix64},
    sim::{network::NONE, sampler::Time},
};

/// Visits that come beside a request are spread over so many nanoseconds.
const SPREAD: Time = 250_000_000;

impl Engine {
    /// A frame is sent in a miniature: it counts at its station or looks on, and others may come beside it.
    ///
    /// What a request sends somewhere at one moment stays together: two hundred writes of one key are a burst of two hundred at one instance,
    /// one time in k, and not eight of them every time. So the moment, the place and the key decide.
    pub(super) fn thin(&mut self, frame: u32) {
        let now = self.now;
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let (counts, beside) = (site.counts, site.beside);
        if counts >= 1.0 && beside <= 0.0 {
            state.set_looks_on(false);
            return;
        }
        let lot = mix64(mix64(now ^ self.thinning) ^ state.key.rotate_left(32) ^ u64::from(site.station));
        state.set_looks_on(share(lot) >= f64::from(counts));
        if beside > 0.0 {
            let some = f64::from(beside);
            let count = some as u64 + u64::from(share(mix64(lot)) < some.fract());
            (1..=count).for_each(|number| self.send_beside(frame, lot.wrapping_add(number)));
        }
    }

    /// A visit that nobody waits for, at the site of a frame.
    #[cold]
    fn send_beside(&mut self, frame: u32, lot: u64) {
        let (flow, own) = (self.frames[frame].flow, self.frames[frame].key);
        let at = self.net.sites[self.frames[frame].site as usize].twin;
        let Some(other) = self.frames.take(at, Parent::Nobody, self.now) else { return };
        let key = self.key_beside(at, flow, own, lot);
        let state = &mut self.frames[other];
        (state.key, state.flow) = (key, flow);
        let balancer = self.net.sites[at as usize].balancer;
        if balancer == NONE || self.balance(other, balancer) {
            let delay = share(mix64(lot)) * self.spread_beside as f64;
            self.events.push(self.now + delay as Time, Event::There(other));
        }
    }

    /// The key of a visit beside a request: any of its flow's, or, where the request is there for what a cache lacked, one of the same block.
    fn key_beside(&mut self, site: u32, flow: u16, own: u64, lot: u64) -> u64 {
        let plan = &self.net.flows[flow as usize];
        if !plan.keyed {
            return 0;
        }
        let mut stream = Stream::new(self.thinning, lot);
        let block = f64::from(self.net.sites[site as usize].block);
        if block > 1.0 {
            let first = (own as f64 / block).floor() * block;
            return ((first + stream.uniform() * block) as u64).min(plan.zipf.keys() as u64 - 1);
        }
        let hot = self.flows[flow as usize].hot;
        if hot > 0.0 && stream.chance(hot) { 0 } else { plan.zipf.sample(&mut stream) }
    }

    /// A frame that looks on gets the instance that its balancer would choose next, and no connection; whether there is one.
    pub(super) fn look_on_at(&mut self, frame: u32, balancer: u32) -> bool {
        let key = self.frames[frame].key;
        let chosen = self.balancers[balancer as usize].look(key);
        if let Some(instance) = chosen {
            self.frames[frame].instance = instance;
        }
        chosen.is_some()
    }

    /// A frame that looks on is where it would be taken up: it takes as long as the work would.
    #[inline(never)]
    pub(super) fn start_looking_on(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.since = self.now;
        state.flags |= SERVING;
        let span = state.span;
        if span != NONE {
            self.trace_service(span);
        }
        self.begin_work(frame);
    }

    /// The time of the work is over: it goes on as one that was worked on.
    #[inline(never)]
    pub(super) fn looked_on(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let errors = self.instances[state.instance as usize].errors;
        let site = &self.net.sites[state.site as usize];
        let (at, role) = (site.station, site.role);
        self.served_particular(frame, at, role, errors);
    }

    /// A free server comes to a frame that looks on: it begins its work without the server, which goes to the next that needs one.
    #[cold]
    pub(super) fn let_onlookers_by(&mut self, first: u32, index: usize, at: usize) {
        let mut frame = first;
        loop {
            let looks_on = self.frames[frame].looks_on();
            if !looks_on {
                self.instances[index].queued -= 1;
                self.stations[at].metrics.wait_changes(self.now, -1);
            }
            self.start(frame);
            let instance = &mut self.instances[index];
            if !looks_on || instance.head == NONE {
                return;
            }
            frame = instance.head;
            instance.head = self.frames[frame].next;
        }
    }
}

/// A number from 0 to 1 that a lot stands for.
fn share(lot: u64) -> f64 {
    (lot >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}

/// Over how long the visits beside a request are spread in a run of that length: a while, but a small part of the run.
pub(super) fn spread_beside(simulated: f64) -> Time {
    ((simulated * crate::sim::sampler::SECOND / 20.0) as Time).clamp(1, SPREAD)
}
