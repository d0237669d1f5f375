//! Servers: a request reaches its station, is worked on, and goes on.

use super::{ABANDONED, Engine, Event, GHOST, Instance, LEG, Outcome, Reason, SERVING, Station, Task, frames::Frame};
use crate::sim::{
    network::{NONE, Role, Site},
    sampler::Time,
};

impl Engine {
    /// A frame reaches its station.
    pub(super) fn arrive(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let station = &mut self.stations[site.station as usize];
        if site.special | station.guarded | state.looks_on() {
            self.arrive_special(frame);
            return;
        }
        station.metrics.arrivals += 1;
        if site.role == Role::Pass {
            station.metrics.served += 1;
            self.start_program(frame);
            return;
        }
        station.metrics.present += 1;
        state.since = self.now;
        if state.instance == NONE {
            state.instance = station.place(state.key, site.operation);
        }
        let instance = &mut self.instances[state.instance as usize];
        if !instance.ordinary || state.span != NONE {
            self.arrive_particular(frame);
        } else if instance.busy < instance.servers {
            instance.settle(self.now);
            instance.busy += 1;
            match begin(state, site, station, instance, self.now) {
                Some(work) => self.end_of_work(frame, work),
                None => self.start_particular(frame),
            }
        } else if instance.queued < instance.room {
            let last = instance.enqueue(frame);
            state.next = NONE;
            station.metrics.wait_changes(self.now, 1);
            if last != NONE {
                self.frames[last].next = frame;
            }
        } else {
            self.no_room(frame);
        }
    }

    /// A frame reaches an instance that is not ordinary now, or is traced.
    #[inline(never)]
    fn arrive_particular(&mut self, frame: u32) {
        let span = self.frames[frame].span;
        if span != NONE {
            self.trace_arrival(span);
        }
        self.admit(frame);
    }

    /// A frame that was let in at a station is placed, unless it has its instance.
    pub(super) fn place(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        if state.instance == NONE {
            let site = &self.net.sites[state.site as usize];
            state.instance = self.stations[site.station as usize].place(state.key, site.operation);
        }
    }

    /// An instance takes a frame in: into service, into the queue, or not at all.
    pub(super) fn admit(&mut self, frame: u32) {
        let index = self.frames[frame].instance as usize;
        let instance = &self.instances[index];
        if !instance.up || instance.restarting {
            self.turn_away(frame, Reason::Down);
        } else if (instance.busy < instance.servers && instance.paused == 0)
            || (instance.sharing && instance.queued < instance.room)
        {
            self.start(frame);
        } else if instance.queued < instance.room {
            self.enqueue(frame);
        } else {
            self.no_room(frame);
        }
    }

    /// A server takes a frame up.
    pub(super) fn start(&mut self, frame: u32) {
        if self.frames[frame].looks_on() {
            self.start_looking_on(frame);
            return;
        }
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let station = &mut self.stations[site.station as usize];
        let instance = &mut self.instances[state.instance as usize];
        instance.settle(self.now);
        instance.busy += 1;
        match begin(state, site, station, instance, self.now) {
            Some(work) => self.end_of_work(frame, work),
            None => self.start_particular(frame),
        }
    }

    /// A server has taken a frame up that there is more to do about than to draw its work.
    #[inline(never)]
    fn start_particular(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let (span, locks, station) = (state.span, site.locks, site.station);
        if span != NONE {
            self.trace_service(span);
        }
        if !locks || self.frames[frame].is(LEG) || self.lock_row(frame, station) {
            self.begin_work(frame);
        }
    }

    /// The work on a frame begins, whatever is particular about it and its instance.
    pub fn begin_work(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let instance = &mut self.instances[state.instance as usize];
        state.next = instance.pauses;
        let (slow, sharing) = (instance.slow, instance.sharing);
        let mut work = site.work.draw(&mut self.stations[site.station as usize].work) + site.extra;
        if instance.cold > 0 {
            work += std::mem::take(&mut instance.cold);
            instance.review();
        }
        if site.pulled || state.flags & LEG != 0 {
            work = self.whole_work(frame, work);
        }
        if slow != 1.0 {
            work = (work as f64 * f64::from(slow)) as Time;
        }
        if sharing {
            self.share(frame, work);
        } else {
            self.end_of_work(frame, work);
        }
    }

    /// A frame's server will have finished after that time.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    fn end_of_work(&mut self, frame: u32, work: Time) {
        if work == 0 {
            self.soon(Task::Served(frame));
        } else {
            self.events.push(self.now + work, Event::Done(frame));
        }
    }

    /// The work on one message or connection, and the same on the others of its batch or leg. A leg of none is copied with another's.
    fn whole_work(&mut self, frame: u32, one: Time) -> Time {
        let state = &self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let (work, station) = (site.work, site.station as usize);
        match if state.is(LEG) { state.pc } else { self.batch_of(frame) } {
            0 if state.is(LEG) => 0,
            times => one + work.draw_sum(times.saturating_sub(1), &mut self.stations[station].work),
        }
    }

    /// A server has finished with a frame.
    #[inline]
    pub(super) fn done(&mut self, frame: u32) {
        let state = &self.frames[frame];
        if state.is(GHOST) {
            self.release(frame);
            return;
        }
        let instance = &self.instances[state.instance as usize];
        if instance.paused != 0 || state.next != instance.pauses {
            self.interrupted(frame);
        } else {
            self.served(frame);
        }
    }

    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub(super) fn served(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.flags &= !SERVING;
        if state.looks_on() {
            self.looked_on(frame);
            return;
        }
        let flags = state.flags;
        let index = state.instance as usize;
        let site = &self.net.sites[state.site as usize];
        let (at, role) = (site.station as usize, site.role);
        let instance = &mut self.instances[index];
        instance.settle(self.now);
        let waiting = instance.head != NONE && instance.paused == 0 && instance.busy <= instance.servers;
        let hands_on = waiting && instance.ordinary && !(self.thinned && self.frames[instance.head].looks_on());
        // A server that takes up the next at once is as busy as before.
        if !instance.sharing && !hands_on {
            instance.busy -= 1;
        }
        let errors = instance.errors;
        let station = &mut self.stations[at];
        station.metrics.served += 1;
        station.metrics.present -= 1;
        station.metrics.wasted += u64::from(flags & ABANDONED != 0);
        if hands_on {
            let next = instance.head;
            let state = &mut self.frames[next];
            instance.head = state.next;
            instance.queued -= 1;
            station.metrics.wait_changes(self.now, -1);
            match begin(state, &self.net.sites[state.site as usize], station, instance, self.now) {
                Some(work) => self.end_of_work(next, work),
                None => self.start_particular(next),
            }
        } else if waiting {
            self.take_next(index, at);
        }
        if flags & LEG == 0 && errors == 0.0 && matches!(role, Role::Work | Role::Pass) {
            self.start_program_now(frame);
        } else {
            self.served_particular(frame, at as u32, role, errors);
        }
    }

    /// A frame has been worked on that there is more to do about than to go on with its program.
    pub(super) fn served_particular(&mut self, frame: u32, at: u32, role: Role, errors: f32) {
        if errors > 0.0 && self.stations[at as usize].choice.chance(f64::from(errors)) {
            self.work_failed(frame, at);
        } else if self.frames[frame].is(LEG) {
            self.end(frame, Outcome::WELL);
        } else {
            self.work_done(frame, at, role);
        }
    }

    /// What a kind does after its work.
    fn work_done(&mut self, frame: u32, at: u32, role: Role) {
        match role {
            Role::Work | Role::Pass | Role::Scatter | Role::Quorum | Role::Search | Role::Push => {
                self.start_program(frame);
            }
            Role::Lookup { .. } => self.look_up(frame),
            Role::Write(strategy) => self.write_through_cache(frame, strategy),
            Role::Invalidate => self.invalidate(frame),
            Role::Publish => self.written(frame),
            Role::Query => self.queried(frame, at),
            Role::Commit => self.committed(frame, at),
            Role::Lead => self.led(frame, at),
            Role::Agree => self.agreed(frame, at),
            Role::Steps => self.step_done(frame, at),
        }
    }

    /// Work that failed: it holds nothing any more.
    fn work_failed(&mut self, frame: u32, at: u32) {
        let state = &self.frames[frame];
        if !state.is(LEG) && self.net.sites[state.site as usize].locks {
            let key = state.key;
            self.unlock_row(key, at);
        }
        self.fail_riders(frame, Outcome::failed(Reason::Failed, at));
        self.end(frame, Outcome::failed(Reason::Failed, at));
    }

    /// A station works on a frame once more.
    pub(super) fn again(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        state.since = self.now;
        let station = self.net.sites[state.site as usize].station as usize;
        let metrics = &mut self.stations[station].metrics;
        metrics.arrivals += 1;
        metrics.again += 1;
        metrics.present += 1;
        self.admit(frame);
    }
}

/// A busy server of an instance takes a frame up, and how long it will work, where that is all there is to it: neither the instance nor the
/// frame is particular now.
#[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
#[inline(always)]
fn begin(frame: &mut Frame, site: &Site, station: &mut Station, instance: &mut Instance, now: Time) -> Option<Time> {
    debug_assert_eq!(instance.ordinary, instance.is_ordinary(), "an instance is reviewed when it changes");
    // What waits at a queue or stream are its messages.
    if site.role != Role::Publish {
        station.metrics.wait.record(now - frame.since);
    }
    frame.since = now;
    frame.flags |= SERVING;
    // While it is served it is in no queue: `next` remembers the pauses before.
    frame.next = instance.pauses;
    let is_plain = !site.locks && !site.pulled && !frame.is(LEG) && frame.span == NONE && instance.ordinary;
    if is_plain { Some(site.work.draw(&mut station.work) + site.extra) } else { None }
}
