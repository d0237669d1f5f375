//! Lanes: what is due after one constant delay is already in order, so it waits in a queue of its own and only the queue's head is an event.
//! Timeouts, most of which never fire, cost an append each.

use std::collections::VecDeque;

use crate::sim::{network::LaneKind, sampler::Time};

/// A member of a lane.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Waiting {
    pub due: Time,
    pub frame: u32,
    /// Of a hop, which way; of a timeout, the frame's generation.
    pub tag: u32,
}

/// Things due after the same delay.
#[derive(Debug)]
pub(in crate::sim) struct Lane {
    pub kind: LaneKind,
    pub delay: Time,
    pub waiting: VecDeque<Waiting>,
    /// Its head is in the event set.
    pub armed: bool,
}

impl Lane {
    /// An empty lane.
    pub fn new(kind: LaneKind, delay: Time) -> Self {
        Self { kind, delay, waiting: VecDeque::new(), armed: false }
    }
}
