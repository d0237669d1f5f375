//! The design language: text -> tokens -> syntax -> graph -> placed diagram; its formatter; Mermaid in and out.
//!
//! Everything is total: any text gives a [`Design`] and diagnostics. The diagram is cells and roles, never colours.

mod catalogue;
mod diagram;
mod graph;
mod kind;
mod seam;
mod value;
mod without;

pub use catalogue::{Catalogue, Network, Technology};
pub use diagram::{Diagram, Edge, Frame, Node, Point, Rect, Role, Run};
pub use graph::{
    Action, Arrivals, Component, ComponentId, Design, Fault, Flow, FlowId, Link, Load, Operation, Place, Popularity,
    Region, RegionId, RegionLink, ScenarioEvent, Settings, Target, Visit,
};
pub use kind::Kind;
pub use seam::{
    Compiled, Completion, LoadFigure, compile, completions, diagram, format, loads_in, mermaid, parse_event,
    parse_parameter, parse_popularity, parse_target, targets_in, vague_in,
};
pub use value::{Comparison, Distribution, Metric, Parameter, Parameters, Source, Value, lognormal_sigma};
