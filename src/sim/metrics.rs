//! What a run counts.

mod flow;
mod histogram;
pub(super) mod interval;
mod station;

pub(super) use flow::FlowMetrics;
pub(super) use histogram::{Brief, Coarse, Histogram, Rough};
pub(super) use station::StationMetrics;
