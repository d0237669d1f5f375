//! Queues: waiting at an instance in the order of its discipline, and being turned away where there is no room.

use super::{Engine, Outcome, Reason, instance::LEVELS};
use crate::sim::network::{Discipline, NONE, Own, Role};

impl Engine {
    /// A frame finds the queue full: it is turned away, or takes the place of a less important one that has waited longest.
    #[cold]
    pub(super) fn no_room(&mut self, frame: u32) {
        let state = &self.frames[frame];
        let site = &self.net.sites[state.site as usize];
        let (at, level, instance) = (site.station as usize, site.level as usize, state.instance);
        let victim = match self.net.stations[at].discipline {
            Discipline::Priority => self.least_important(at, instance, level),
            _ => NONE,
        };
        if victim == NONE {
            self.turn_away(frame, Reason::QueueFull);
            return;
        }
        self.instances[instance as usize].queued -= 1;
        self.stations[at].metrics.wait_changes(self.now, -1);
        self.enqueue(frame);
        self.turn_away(victim, Reason::QueueFull);
    }

    /// Takes the first of the last line behind a level's out.
    fn least_important(&mut self, at: usize, instance: u32, level: usize) -> u32 {
        let first = (instance - self.stations[at].first) as usize * LEVELS;
        let lines = &mut self.stations[at].lines[first..first + LEVELS];
        for (head, tail) in lines.iter_mut().skip(level + 1).rev() {
            if *head != NONE {
                let victim = *head;
                *head = std::mem::replace(&mut self.frames[victim].next, NONE);
                if *head == NONE {
                    *tail = NONE;
                }
                return victim;
            }
        }
        NONE
    }

    pub(super) fn enqueue(&mut self, frame: u32) {
        let state = &mut self.frames[frame];
        let at = self.net.sites[state.site as usize].station as usize;
        let instance = &mut self.instances[state.instance as usize];
        if instance.plain {
            state.next = NONE;
            let looks_on = state.looks_on();
            let last = instance.enqueue(frame);
            instance.queued -= u32::from(looks_on);
            if last != NONE {
                self.frames[last].next = frame;
            }
            if !looks_on {
                self.stations[at].metrics.wait_changes(self.now, 1);
            }
            return;
        }
        instance.queued += 1;
        let discipline = self.net.stations[at].discipline;
        if discipline == Discipline::Priority {
            let index = state.instance;
            instance.head = frame;
            self.stand_in_line(frame, at, index);
        } else if instance.head == NONE {
            (instance.head, instance.tail) = (frame, frame);
            state.next = NONE;
        } else if discipline == Discipline::Lifo {
            state.next = instance.head;
            instance.head = frame;
        } else {
            let last = instance.tail;
            instance.tail = frame;
            state.next = NONE;
            self.frames[last].next = frame;
        }
        if self.net.stations[at].own != Own::Buffer {
            self.stations[at].metrics.wait_changes(self.now, 1);
        }
    }

    /// A priority's line gets one more.
    fn stand_in_line(&mut self, frame: u32, at: usize, instance: u32) {
        let level = self.net.sites[self.frames[frame].site as usize].level as usize;
        let line = (instance - self.stations[at].first) as usize * LEVELS + level.min(LEVELS - 1);
        let (head, tail) = &mut self.stations[at].lines[line];
        self.frames[frame].next = NONE;
        let last = std::mem::replace(tail, frame);
        if last == NONE {
            *head = frame;
        } else {
            self.frames[last].next = frame;
        }
    }

    /// The first of the first line.
    pub(super) fn next_in_line(&mut self, at: usize, instance: usize) -> u32 {
        let first = (instance - self.stations[at].first as usize) * LEVELS;
        let lines = &mut self.stations[at].lines[first..first + LEVELS];
        for (head, tail) in lines {
            if *head != NONE {
                let frame = *head;
                *head = self.frames[frame].next;
                if *head == NONE {
                    *tail = NONE;
                }
                return frame;
            }
        }
        NONE
    }

    pub(super) fn turn_away(&mut self, frame: u32, reason: Reason) {
        let at = self.net.sites[self.frames[frame].site as usize].station;
        if !self.frames[frame].looks_on() {
            let metrics = &mut self.stations[at as usize].metrics;
            metrics.rejected += 1;
            metrics.present -= 1;
        }
        if reason == Reason::QueueFull && self.net.stations[at as usize].drops && self.dropped(frame) {
            return;
        }
        if self.net.sites[self.frames[frame].site as usize].role == (Role::Lookup { open: true }) {
            self.pass_by(frame);
            return;
        }
        if self.net.sites[self.frames[frame].site as usize].linger.1 > 0 {
            self.fail_riders(frame, Outcome::failed(reason, at));
        }
        self.end(frame, Outcome::failed(reason, at));
    }

    /// A free server takes the next of its queue.
    #[inline]
    pub(super) fn take_next(&mut self, index: usize, at: usize) {
        let instance = &mut self.instances[index];
        let mut frame = instance.head;
        if instance.plain {
            instance.head = self.frames[frame].next;
            if self.frames[frame].looks_on() {
                self.let_onlookers_by(frame, index, at);
                return;
            }
            instance.queued -= 1;
            self.stations[at].metrics.wait_changes(self.now, -1);
            self.start(frame);
            return;
        }
        instance.queued -= 1;
        if self.net.stations[at].discipline == Discipline::Priority {
            frame = self.next_in_line(at, index);
            let instance = &mut self.instances[index];
            instance.head = if instance.queued == 0 { NONE } else { frame };
        } else {
            instance.head = self.frames[frame].next;
            if instance.head == NONE {
                instance.tail = NONE;
            }
        }
        if self.net.stations[at].own == Own::Buffer {
            self.ride_along(frame, index);
        } else {
            self.stations[at].metrics.wait_changes(self.now, -1);
        }
        self.start(frame);
    }
}
