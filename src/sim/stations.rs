//! What the kinds do beyond servers and queues, one file each.

mod balancer;
mod buffer;
mod cache;
mod coordinator;
mod delivery;
mod kv;
mod limiter;
mod push;
mod recent;
mod scaler;
mod search;
mod sharing;
mod sql;
mod warm;
mod watches;
mod workflow;

pub(super) use balancer::Balancer;
pub(super) use buffer::Buffer;
pub(super) use cache::{Cache, Ranks, caches, place_by_entry};
pub(super) use coordinator::{Coordinator, Leases};
pub(super) use kv::Kv;
pub(super) use limiter::{Admission, Limiter};
pub(super) use scaler::Asked;
pub(super) use sharing::Sharing;
pub(super) use sql::Sql;
pub(super) use warm::steady_hit_ratios;
