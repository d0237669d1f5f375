//! What callers do about slow and failing calls.

mod retry;

pub(super) use retry::Guards;
