//! What is looked at before a request is let to an instance: limits, shedding, what the kind needs to place it.

use super::{Engine, Event, HOOKED, LEG, Outcome, Reason};
use crate::{
    design::Operation,
    sim::{
        network::{Limited, NONE, Own, Role},
        sampler::{SECOND, Time},
        stations::Admission,
    },
};

/// A load for shedding is measured over so long.
const LOOK: Time = 100_000_000;
/// The first pause before a dropped connection attempt is made again: a SYN's retransmission timeout (RFC 6298), doubled each time.
const SYN: Time = SECOND as Time;
/// Tries of a connection attempt (Linux' `tcp_syn_retries`).
const SYN_TRIES: u32 = 6;

impl Engine {
    /// A frame reaches a station that looks at it first.
    #[cold]
    #[inline(never)]
    pub(super) fn arrive_special(&mut self, frame: u32) {
        let (span, site) = (self.frames[frame].span, self.frames[frame].site as usize);
        let station = self.net.sites[site].station;
        if span != NONE {
            self.trace_arrival(span);
        }
        self.frames[frame].since = self.now;
        if self.frames[frame].is(LEG) {
            self.stations[station as usize].metrics.legs += 1;
            self.let_in(frame, station);
            self.admit_leg(frame, station);
            return;
        }
        if let Err(reason) = self.may_enter(frame, site, station) {
            self.let_in(frame, station);
            self.turn_away(frame, reason);
            return;
        }
        if self.is_throttled(frame, site, station) {
            self.let_in(frame, station);
            self.turn_away(frame, Reason::Throttled);
            return;
        }
        match self.net.sites[site].role {
            Role::Pass => self.pass_on(frame, station),
            Role::Scatter => self.spread(frame, station, Self::scatter_sql),
            Role::Quorum => self.spread(frame, station, Self::quorum),
            Role::Search => self.spread(frame, station, Self::search),
            Role::Push => self.spread(frame, station, Self::push),
            _ => self.enter(frame, site, station),
        }
    }

    /// A part of a request is taken in. That of a transaction under way has its connection: it does not stand in line behind those who
    /// wait for the rows that the transaction holds.
    fn admit_leg(&mut self, frame: u32, station: u32) {
        let instance = &self.instances[self.frames[frame].instance as usize];
        let serves = instance.up && !instance.restarting && instance.paused == 0 && !instance.sharing;
        if serves && self.holds_rows(station) { self.start(frame) } else { self.admit(frame) }
    }

    /// Counts a frame in.
    fn let_in(&mut self, frame: u32, station: u32) {
        if self.frames[frame].looks_on() {
            return;
        }
        let metrics = &mut self.stations[station as usize].metrics;
        metrics.arrivals += 1;
        metrics.present += 1;
    }

    /// A request that is served by several instances, each its part.
    fn spread(&mut self, frame: u32, station: u32, how: fn(&mut Self, u32, u32)) {
        self.stations[station as usize].metrics.spread += 1;
        how(self, frame, station);
    }

    /// A balancer of limited connections lets a request on.
    fn pass_on(&mut self, frame: u32, station: u32) {
        if !self.frames[frame].looks_on() {
            let state = &mut self.stations[station as usize];
            state.metrics.arrivals += 1;
            state.metrics.served += 1;
        }
        self.connect(frame, station);
        self.start_program(frame);
    }

    /// A balancer of limited connections has one more until the frame ends.
    fn connect(&mut self, frame: u32, station: u32) {
        if self.net.stations[station as usize].connections != NONE && !self.frames[frame].looks_on() {
            let site = self.frames[frame].site as usize;
            self.stations[station as usize].under_way += self.net.sites[site].holds();
            self.frames[frame].flags |= HOOKED;
        }
    }

    /// Whether a request may enter at all.
    fn may_enter(&mut self, frame: u32, site: usize, station: u32) -> Result<(), Reason> {
        let plan = &self.net.sites[site];
        let state = &self.stations[station as usize];
        let is_read = matches!(plan.operation, Operation::Read | Operation::Search);
        if plan.role == Role::Pass && state.down {
            return Err(Reason::Down);
        }
        if state.filled && !is_read {
            return Err(Reason::Full);
        }
        if state.under_way >= self.net.stations[station as usize].connections {
            return Err(Reason::NoRoom);
        }
        let (callee, bound) = plan.shed;
        if callee != NONE && self.sheds(station, callee, bound) {
            return Err(Reason::Shed);
        }
        debug_assert!(frame != NONE);
        Ok(())
    }

    /// A request is placed and let in, now or when its limiter says so.
    fn enter(&mut self, frame: u32, site: usize, station: u32) {
        self.let_in(frame, station);
        self.connect(frame, station);
        if let Err(reason) = self.place_special(frame, station) {
            self.turn_away(frame, reason);
            return;
        }
        self.frames[frame].pc = 0;
        if self.net.sites[site].limiter == NONE || self.frames[frame].looks_on() {
            self.enter_server(frame, site);
            return;
        }
        match self.limit(frame, site, station) {
            Admission::Pass => self.enter_server(frame, site),
            Admission::After(pause) => self.events.push(self.now + pause, Event::Admitted(frame)),
            Admission::Refused => self.turn_away(frame, Reason::Throttled),
        }
    }

    fn enter_server(&mut self, frame: u32, site: usize) {
        if self.net.sites[site].linger.1 > 0 {
            self.linger(frame, site);
        } else {
            self.admit(frame);
        }
    }

    /// Whether a partition has had its share of requests, where several nodes serve one together.
    fn is_throttled(&mut self, frame: u32, site: usize, station: u32) -> bool {
        let plan = &self.net.sites[site];
        plan.role == Role::Quorum && plan.limiter != NONE && self.limit(frame, site, station) == Admission::Refused
    }

    fn place_special(&mut self, frame: u32, station: u32) -> Result<(), Reason> {
        let instance = match self.net.stations[station as usize].own {
            Own::Sql(_) if self.has_no_room(frame, station) => return Err(Reason::Full),
            Own::Sql(_) => self.place_sql(frame, station).ok_or(Reason::NoPrimary)?,
            Own::Kv(_) => self.place_kv(frame, station).ok_or(Reason::NoQuorum)?,
            Own::Coordinator(_) => self.place_coordinator(frame, station)?,
            _ => {
                self.place(frame);
                return Ok(());
            }
        };
        self.frames[frame].instance = instance;
        Ok(())
    }

    /// What the limiter says to a request.
    fn limit(&mut self, frame: u32, site: usize, station: u32) -> Admission {
        let plan = &self.net.sites[site];
        let state = &self.frames[frame];
        let first = self.stations[station as usize].first;
        let index = if state.instance == NONE { 0 } else { (state.instance - first) as usize };
        let slot = match plan.limited {
            Limited::Together => 0,
            Limited::Instance => index,
            Limited::Partition => crate::rng::mix64(state.key ^ 0x7061_7274) as usize,
            Limited::Client { clients, shared } => {
                let client = self.stations[station as usize].choice.below(u64::from(clients)) as usize;
                if shared { client } else { index * clients as usize + client }
            }
        };
        let now = self.now;
        self.limiters[plan.limiter as usize].admit(slot, now)
    }

    /// Whether load is shed now: as much as is beyond the bound.
    fn sheds(&mut self, station: u32, callee: u32, bound: f32) -> bool {
        let (looked, busy, _) = self.stations[station as usize].looked;
        if self.now >= looked + LOOK {
            let used: u64 = self.instances_of(callee).iter().map(|instance| instance.busy_now(self.now)).sum();
            let servers = f64::from(self.net.stations[callee as usize].servers)
                * f64::from(self.stations[callee as usize].active);
            let load = used.saturating_sub(busy) as f64 / (servers * (self.now - looked) as f64).max(1.0);
            self.stations[station as usize].looked = (self.now, used, load);
        }
        let state = &mut self.stations[station as usize];
        let load = state.looked.2;
        load > f64::from(bound) && state.choice.chance(1.0 - f64::from(bound) / load)
    }

    /// A dropped request is sent again, for nobody was told; whether there is another try.
    pub(super) fn dropped(&mut self, frame: u32) -> bool {
        let state = &mut self.frames[frame];
        let tries = u32::from(state.need);
        if tries >= SYN_TRIES {
            return false;
        }
        state.need += 1;
        state.instance = if state.is(super::BALANCED) { state.instance } else { NONE };
        self.events.push(self.now + (SYN << tries), Event::There(frame));
        true
    }

    /// A cache does not answer: the request goes past it.
    pub(super) fn pass_by(&mut self, frame: u32) {
        self.start_program(frame);
    }

    /// A frame has ended that its station has something to do about; whether it goes on after all.
    pub(super) fn hooked_ends(&mut self, frame: u32, station: u32, outcome: Outcome) -> bool {
        if self.net.stations[station as usize].connections != NONE {
            let site = self.frames[frame].site as usize;
            self.stations[station as usize].under_way -= self.net.sites[site].holds();
            return false;
        }
        if matches!(self.net.stations[station as usize].own, Own::Sql(_)) {
            self.transaction_ends(frame, station);
            return false;
        }
        if let Some(at) = self.coordinator_of(station) {
            self.watchers_told(frame, station, at, outcome);
            return false;
        }
        self.workflow_ends(frame, station, outcome)
    }
}
