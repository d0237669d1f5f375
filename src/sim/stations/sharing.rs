//! Processor sharing: all jobs of an instance advance at once, each at its share of the cores.
//!
//! Work is counted in virtual time, which passes for every job alike: at full speed while there are no more jobs than cores, slower
//! beyond. A job is done when the virtual clock reaches its arrival plus its work, so arrivals and departures change no other job's key.

use std::{cmp::Reverse, collections::BinaryHeap};

use crate::sim::{
    engine::{Engine, Event, Task},
    sampler::{NEVER, Time},
};

/// The jobs of an instance under processor sharing.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Sharing {
    /// (virtual time of the end as bits of a positive float, insertion, frame).
    jobs: BinaryHeap<Reverse<(u64, u64, u32)>>,
    inserted: u64,
    /// The virtual clock in nanoseconds, and when it was last set.
    clock: f64,
    since: Time,
    /// When the next job ends; an event at another time is void.
    due: Time,
}

impl Sharing {
    /// Virtual nanoseconds that pass in one.
    fn speed(&self, cores: u32) -> f64 {
        let jobs = self.jobs.len() as f64;
        if jobs > f64::from(cores) { f64::from(cores) / jobs } else { 1.0 }
    }

    /// Sets the virtual clock to now.
    fn advance(&mut self, cores: u32, now: Time, paused: bool) {
        if !paused {
            self.clock += (now - self.since) as f64 * self.speed(cores);
        }
        self.since = now;
    }

    /// When the first job ends, if nothing changes.
    fn next(&self, cores: u32, now: Time) -> Time {
        let Some(Reverse((end, ..))) = self.jobs.peek() else { return NEVER };
        let left = (f64::from_bits(*end) - self.clock).max(0.0) / self.speed(cores);
        now + (left.ceil() as Time).min(NEVER)
    }
}

impl Engine {
    /// A job joins the others.
    pub fn share(&mut self, frame: u32, work: Time) {
        let index = self.frames[frame].instance;
        let (cores, paused) = self.sharing_state(index);
        let now = self.now;
        let sharing = &mut self.sharing[index as usize];
        sharing.advance(cores, now, paused);
        sharing.inserted += 1;
        sharing.jobs.push(Reverse(((sharing.clock + work as f64).to_bits(), sharing.inserted, frame)));
        self.arm_sharing(index);
    }

    fn sharing_state(&self, index: u32) -> (u32, bool) {
        let instance = &self.instances[index as usize];
        (instance.servers, instance.paused != 0)
    }

    /// Puts the next end of a job into the event set.
    pub fn arm_sharing(&mut self, index: u32) {
        let (cores, paused) = self.sharing_state(index);
        let now = self.now;
        let Some(sharing) = self.sharing.get_mut(index as usize) else { return };
        let due = if paused { NEVER } else { sharing.next(cores, now) };
        sharing.due = due;
        if due < NEVER {
            self.events.push(due, Event::Shared(index));
        }
        let jobs = self.sharing[index as usize].jobs.len() as u32;
        let instance = &mut self.instances[index as usize];
        instance.settle(now);
        instance.busy = jobs.min(cores);
        instance.queued = jobs - instance.busy;
    }

    /// The virtual clock is brought up to date before an instance stops or goes on.
    pub fn sharing_changes(&mut self, index: u32, was_paused: bool) {
        let cores = self.instances[index as usize].servers;
        let now = self.now;
        if let Some(sharing) = self.sharing.get_mut(index as usize) {
            sharing.advance(cores, now, was_paused);
        }
    }

    /// A job under processor sharing may have ended.
    pub fn shared(&mut self, index: u32) {
        if self.sharing[index as usize].due != self.now {
            return;
        }
        let (cores, paused) = self.sharing_state(index);
        let now = self.now;
        let sharing = &mut self.sharing[index as usize];
        sharing.advance(cores, now, paused);
        // The ceiling of the last wait puts the clock at most a nanosecond past the end.
        if let Some(Reverse((end, _, frame))) = sharing.jobs.peek().copied()
            && f64::from_bits(end) <= sharing.clock + 1e-3 * (1.0 + sharing.clock * 1e-9)
        {
            sharing.jobs.pop();
            self.soon(Task::Served(frame));
        }
        self.arm_sharing(index);
    }

    /// All jobs of an instance that died.
    pub fn sharing_lost(&mut self, index: u32) -> Vec<u32> {
        let Some(sharing) = self.sharing.get_mut(index as usize) else { return Vec::new() };
        let jobs = std::mem::take(&mut sharing.jobs).into_iter().map(|Reverse((.., frame))| frame).collect();
        sharing.due = NEVER;
        jobs
    }
}
