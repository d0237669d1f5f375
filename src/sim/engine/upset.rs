//! Instances that pause or die with jobs on their hands.

use super::{
    Alarm, Engine, Event, GHOST, LEG, Outcome, PARKED, Parent, SERVING,
    instance::{PAUSE_UNIT, pause_mark},
};
use crate::sim::{
    network::{Discipline, NONE, Own},
    sampler::{NEVER, Time},
};

/// Reasons of a pause: a fault, or the instance's own.
pub(in crate::sim) const FAULT_PAUSE: u8 = 1;
const OWN_PAUSE: u8 = 2;

impl Engine {
    /// A job is due whose instance is or was paused meanwhile: it takes as much longer.
    #[cold]
    pub(super) fn interrupted(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let instance = &self.instances[state.instance as usize];
        if instance.paused != 0 {
            self.held.push((frame, self.now - instance.pause_began));
            return;
        }
        let mark = pause_mark(instance.pause_total);
        let longer = Time::from(mark.wrapping_sub(state.next)) << PAUSE_UNIT;
        state.next = mark;
        self.events.push(self.now + longer, Event::Done(frame));
    }

    /// An instance goes on after a pause: jobs that were due have the rest of their time to go, and free servers take up the queue.
    pub fn resume(&mut self, instance: u32) {
        let mark = pause_mark(self.instances[instance as usize].pause_total);
        let mut held = std::mem::take(&mut self.held);
        held.retain(|&(frame, rest)| {
            let state = &mut self.frames[frame];
            let own = state.instance == instance;
            if own {
                state.next = mark;
                self.events.push(self.now + rest, Event::Done(frame));
            }
            !own
        });
        self.held = held;
        loop {
            let state = &self.instances[instance as usize];
            if state.head == NONE || state.busy >= state.servers || state.sharing {
                break;
            }
            let at = self.net.sites[self.frames[state.head].site as usize].station as usize;
            self.take_next(instance as usize, at);
        }
    }

    /// Takes all waiting jobs off an instance that died.
    pub fn empty_queue(&mut self, instance: u32, station: u32) -> Vec<u32> {
        let now = self.now;
        if self.net.stations[station as usize].discipline == Discipline::Priority {
            return self.empty_lines(instance, station);
        }
        let state = &mut self.instances[instance as usize];
        if state.sharing {
            // All its jobs are in service.
            state.queued = 0;
            return Vec::new();
        }
        let mut frame = std::mem::replace(&mut state.head, NONE);
        state.tail = NONE;
        let count = std::mem::take(&mut state.queued);
        let metrics = &mut self.stations[station as usize].metrics;
        metrics.lost += u64::from(count);
        metrics.present -= u64::from(count);
        if self.net.stations[station as usize].own != Own::Buffer {
            metrics.wait_changes(now, -i64::from(count));
        }
        let mut frames = Vec::with_capacity(count as usize);
        while frame != NONE {
            frames.push(frame);
            frame = std::mem::replace(&mut self.frames[frame].next, NONE);
        }
        frames
    }

    fn empty_lines(&mut self, instance: u32, station: u32) -> Vec<u32> {
        let mut frames = Vec::new();
        while self.instances[instance as usize].queued > 0 {
            frames.push(self.next_in_line(station as usize, instance as usize));
            self.instances[instance as usize].queued -= 1;
        }
        self.instances[instance as usize].head = NONE;
        let now = self.now;
        let metrics = &mut self.stations[station as usize].metrics;
        metrics.lost += frames.len() as u64;
        metrics.present -= frames.len() as u64;
        metrics.wait_changes(now, -i64::try_from(frames.len()).unwrap_or(i64::MAX));
        frames
    }

    /// Starts the pauses that instances make by themselves, each at its own time.
    pub(super) fn start_pauses(&mut self) {
        for station in 0..self.stations.len() {
            let plan = &self.net.stations[station];
            let Some((_, every)) = plan.pauses else { continue };
            let (first, most) = (self.stations[station].first, plan.most);
            for instance in first..first + most {
                let offset = self.stations[station].choice.below(every.max(1));
                self.set_alarm(self.now + offset, Alarm::PauseBegins(instance));
            }
        }
    }

    fn pauses_of(&self, instance: u32) -> (Time, Time) {
        let station = self.stations.partition_point(|station| station.first <= instance) - 1;
        self.net.stations[station].pauses.unwrap_or((0, NEVER))
    }

    /// An instance pauses by itself; the alarm will be its end.
    pub(super) fn pause_begins(&mut self, instance: u32, alarm: u32) {
        let (length, _) = self.pauses_of(instance);
        self.set_paused(instance, OWN_PAUSE, true);
        self.alarms[alarm as usize] = Alarm::PauseEnds(instance);
        self.events.push(self.now + length, Event::Alarm(alarm));
    }

    pub(super) fn pause_ends(&mut self, instance: u32, alarm: u32) {
        let (length, every) = self.pauses_of(instance);
        self.set_paused(instance, OWN_PAUSE, false);
        self.alarms[alarm as usize] = Alarm::PauseBegins(instance);
        self.events.push(self.now + every.saturating_sub(length).max(1), Event::Alarm(alarm));
    }

    /// An instance stops or goes on, for one of its reasons.
    pub fn set_paused(&mut self, instance: u32, reason: u8, paused: bool) {
        let now = self.now;
        let state = &mut self.instances[instance as usize];
        let before = state.paused;
        let after = if paused { before | reason } else { before & !reason };
        if (before == 0) == (after == 0) {
            state.paused = after;
            return;
        }
        self.sharing_changes(instance, before != 0);
        let state = &mut self.instances[instance as usize];
        state.paused = after;
        state.review();
        if after != 0 {
            state.pause_began = now;
        } else {
            state.pause_total += now - state.pause_began;
            state.pauses = pause_mark(state.pause_total);
            self.resume(instance);
        }
        if self.instances[instance as usize].sharing {
            self.arm_sharing(instance);
        }
    }

    /// A job in service is lost: another frame takes its answer back, for its event is still to come.
    pub fn lose_in_service(&mut self, frame: u32, station: u32, outcome: Outcome) {
        self.fail_riders(frame, outcome);
        let old = self.frames[frame].clone();
        if !old.looks_on() {
            let metrics = &mut self.stations[station as usize].metrics;
            metrics.lost += 1;
            metrics.present -= 1;
        }
        if self.net.sites[old.site as usize].locks && !old.is(LEG) {
            if old.is(PARKED) { self.leave_row(frame, station) } else { self.unlock_row(old.key, station) }
        }
        // A job that waits for a lock, is held by a pause or shares its servers has no event of its own to come.
        let held = self.held.len();
        self.held.retain(|held| held.0 != frame);
        let shares = self.instances[old.instance as usize].sharing;
        if held > self.held.len() || old.is(PARKED) || shares {
            self.frames[frame].flags &= !PARKED;
            self.frames[frame].flags &= !SERVING;
            self.end(frame, outcome);
            return;
        }
        let Some(messenger) = self.frames.take(old.site, old.parent(), old.born) else { return };
        if let Parent::Guard(guard) = old.parent() {
            self.guards.replace(guard, frame, messenger);
        }
        let state = &mut self.frames[messenger];
        (state.key, state.flow, state.instance, state.span) = (old.key, old.flow, old.instance, old.span);
        state.flags = old.flags & !SERVING;
        let state = &mut self.frames[frame];
        state.flags = GHOST;
        state.span = NONE;
        state.set_parent(Parent::Nobody);
        self.end(messenger, outcome);
    }
}
