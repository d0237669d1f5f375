//! What callers do about slow and failing calls.

mod breaker;
mod budget;
mod guard;
mod limit;

pub(super) use guard::Guards;
