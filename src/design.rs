//! The design language: text -> tokens -> syntax -> graph -> placed diagram; its formatter; Mermaid in and out.
//!
//! Everything is total: any text gives a [`Design`] and diagnostics. The diagram is cells and roles, never colours.

mod arrows;
mod catalogue;
mod check;
mod completion;
mod diagnostics;
mod diagram;
mod format;
mod graph;
mod index;
mod kind;
mod layout;
mod mermaid;
mod notes;
mod reading;
mod recording;
mod resolve;
pub mod schema;
mod syntax;
mod targets;
mod value;
mod without;

pub use catalogue::{Catalogue, Network, Technology};
pub use check::floors;
pub use completion::{Completion, completions};
pub use diagram::{Diagram, Edge, Frame, Node, Point, Rect, Role, Run};
pub use format::format;
pub use graph::{
    Action, Arrivals, Component, ComponentId, Design, Fault, Flow, FlowId, Link, Load, Operation, Place, Popularity,
    Region, RegionId, RegionLink, ScenarioEvent, Settings, Target, Visit,
};
pub use kind::Kind;
pub use layout::diagram;
pub use mermaid::mermaid;
pub use notes::{LoadFigure, loads_in, targets_in, vague_in};
pub use reading::{Variables, parse_parameter, parse_popularity};
pub use recording::{MOST_BYTES as MOST_RECORDED_BYTES, RecordedArrivals, Recording};
pub use resolve::{Compiled, compile, compile_with, parse_event};
pub use targets::{metric_name, parse_target};
pub use value::{Comparison, Distribution, Metric, Parameter, Parameters, Source, Value, lognormal_sigma};
