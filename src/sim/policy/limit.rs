//! Limits of calls in flight from one caller instance: a bulkhead turns the next away, a connection pool lets it wait.

use crate::sim::network::NONE;

/// A limit's state: calls in flight, and guards waiting in order.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub active: u32,
    pub head: u32,
    pub tail: u32,
    pub waiting: u32,
}

impl Default for Limit {
    fn default() -> Self {
        Self { active: 0, head: NONE, tail: NONE, waiting: 0 }
    }
}
