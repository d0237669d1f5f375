//! Instances that pause or die with jobs on their hands.

use super::{
    Engine, Event, GHOST, Outcome, Parent, SERVING,
    service::{PAUSE_UNIT, pause_mark},
};
use crate::sim::{
    network::{NONE, Own},
    sampler::Time,
};

impl Engine {
    /// A job is due whose instance is or was paused meanwhile: it takes as much longer.
    #[cold]
    pub(super) fn interrupted(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let instance = &self.instances[state.instance as usize];
        if instance.paused {
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
            if state.head == NONE || state.busy >= state.servers {
                break;
            }
            let at = self.net.sites[self.frames[state.head].site as usize].station as usize;
            self.take_next(instance as usize, at);
        }
    }

    /// Takes all waiting jobs off an instance that died.
    pub fn empty_queue(&mut self, instance: u32, station: u32) -> Vec<u32> {
        let now = self.now;
        let state = &mut self.instances[instance as usize];
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

    /// A job in service is lost: another frame takes its answer back, for its event is still to come.
    pub fn lose_in_service(&mut self, frame: u32, station: u32, outcome: Outcome) {
        let metrics = &mut self.stations[station as usize].metrics;
        metrics.lost += 1;
        metrics.present -= 1;
        let old = self.frames[frame].clone();
        // A job held by a pause has no event to come.
        let held = self.held.len();
        self.held.retain(|held| held.0 != frame);
        if held > self.held.len() {
            self.frames[frame].flags &= !SERVING;
            self.end(frame, outcome);
            return;
        }
        let Some(messenger) = self.frames.take(old.site, old.parent(), old.born) else { return };
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
