//! The event set: what is due, in the order of time and then of insertion.
//!
//! The ends of jobs, of which there may be thousands, are in a tournament of their own; what is left, arrivals above all, are few in
//! most designs, so that their tree is low. Which of the two comes first is also the first thing to know about an event.

use super::tournament::{LATEST, Tournament};
use crate::sim::sampler::Time;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Event {
    /// A request of that flow arrives.
    Arrival(u32),
    /// A station finishes its work on that frame.
    Done(u32),
    /// The first of a lane is due.
    Lane(u32),
    /// A user of that flow has finished thinking.
    User(u32),
    /// A guard's backoff is over.
    Backoff(u32),
    /// A disturbed message reaches its callee, or its caller.
    There(u32),
    Back(u32),
    /// A lock's lease ends.
    LeaseEnds(u32),
    /// A frame is worked on once more; starts its program; is let in by a limiter.
    Again(u32),
    Resume(u32),
    Admitted(u32),
    /// A job under processor sharing ends at that instance.
    Shared(u32),
    /// A message can be taken; a frame goes on with its program.
    Available(u32),
    Run(u32),
    /// An entry of the alarm table is due.
    Alarm(u32),
}

/// All events that are due.
#[derive(Debug)]
pub(in crate::sim) struct EventSet {
    /// Frames whose station finishes its work on them.
    jobs: Tournament<u32>,
    others: Tournament<Event>,
    inserted: u64,
}

impl Default for EventSet {
    fn default() -> Self {
        Self { jobs: Tournament::new(), others: Tournament::new(), inserted: 0 }
    }
}

impl EventSet {
    /// Puts an event in.
    #[inline]
    pub fn push(&mut self, time: Time, event: Event) {
        self.inserted += 1;
        if let Event::Done(frame) = event {
            self.jobs.push(time, self.inserted, frame);
        } else {
            self.others.push(time, self.inserted, event);
        }
    }

    /// Takes the next event out if it is due at `limit` or before.
    #[inline]
    pub fn pop(&mut self, limit: Time) -> Option<(Time, Event)> {
        self.jobs.close();
        self.others.close();
        let (job, other) = (self.jobs.first(), self.others.first());
        let is_job = job.is_before(other);
        let time = if is_job { job.time } else { other.time };
        if time > limit.min(LATEST) {
            return None;
        }
        Some((time, if is_job { Event::Done(self.jobs.take()) } else { self.others.take() }))
    }

    /// Room that is kept for events.
    pub fn capacity(&self) -> usize {
        self.jobs.capacity() + self.others.capacity()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::rng::Stream;

    /// Jobs and others in turn.
    fn event(index: u32) -> Event {
        if index % 3 < 2 { Event::Done(index) } else { Event::Run(index) }
    }

    /// Puts events in and takes them out at random, and expects what a sorted list says. About `pending` are due at a time.
    #[track_caller]
    fn check(seed: u64, pending: usize, times: u64) {
        let mut stream = Stream::new(seed, 1);
        let (mut events, mut model) = (EventSet::default(), BTreeMap::new());
        let mut now = 0;
        for index in 0..pending as u32 * 12 {
            for _ in 0..stream.below(3) {
                let time = now + stream.below(times);
                events.push(time, event(index));
                model.insert((time, events.inserted), index);
            }
            let takes = if model.len() > pending { 3 } else { stream.below(3) };
            for _ in 0..takes {
                let limit = now + stream.below(times);
                let first = model.first_entry().filter(|first| first.key().0 <= limit);
                let expected = first.map(|first| (first.key().0, event(first.remove())));
                assert_eq!(events.pop(limit), expected);
                now = expected.map_or(now, |(time, _)| time);
            }
        }
        for ((time, _), index) in model {
            assert_eq!(events.pop(Time::MAX), Some((time, event(index))));
        }
        assert_eq!(events.pop(Time::MAX), None);
        assert!(events.capacity() < 8 * pending + 16, "slots are used again: {}", events.capacity());
    }

    #[test]
    fn events_come_in_the_order_of_time_and_then_of_insertion() {
        for (seed, pending) in [1, 2, 4, 5, 16, 17, 20, 64, 85, 300, 1500].into_iter().enumerate() {
            check(seed as u64, pending, 300);
            check(seed as u64, pending, 1_000_000);
        }
    }

    #[test]
    fn what_is_due_later_stays() {
        let mut events = EventSet::default();
        events.push(10, Event::Alarm(3));
        assert_eq!(events.pop(9), None);
        assert_eq!(events.pop(10), Some((10, Event::Alarm(3))));
        assert_eq!(events.pop(Time::MAX), None);
    }
}
