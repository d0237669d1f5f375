//! The simulator: a discrete-event simulation of request-serving architectures.
//!
//! A [`Design`](crate::design::Design) is lowered to a network of stations, the engine runs it, and readers get plain [`Report`]s.
//! Nobody outside this module holds a live engine's parts.

mod bottleneck;
mod engine;
pub mod explain;
mod faults;
mod lower;
mod metrics;
mod miniature;
mod network;
mod options;
mod own_figures;
mod policy;
mod report;
mod sampler;
mod simulation;
mod snapshot;
mod stations;
mod targets;

pub use miniature::hits_alike;
pub use options::Options;
pub use report::{
    ComponentReport, ErrorClass, ErrorCount, FlowReport, HotPart, LatencyReport, Point, Report, Series, SpanRecord,
    TargetReport, Trace, Verdict,
};
pub use simulation::{Simulation, run, scale};
