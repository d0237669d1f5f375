//! What the kinds do beyond servers and queues, one file each.

mod balancer;
mod buffer;
mod cache;
mod warm;

pub(super) use balancer::Balancer;
pub(super) use buffer::Buffer;
pub(super) use cache::{Cache, caches};
