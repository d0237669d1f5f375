//! The design as the rest of the product sees it: resolved, in base units, without syntax.
//!
//! A flow is a tree of visits: a component, then the actions it takes in order. What follows a caching component on a read is what it
//! does on a miss; what follows a queue or stream is what its consumers do.

use super::{Comparison, Distribution, Kind, Metric, Parameters, RecordedArrivals};
use crate::source::Span;

/// Index into [`Design::components`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ComponentId(pub u32);

/// Index into [`Design::flows`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FlowId(pub u32);

/// Index into [`Design::regions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RegionId(pub u32);

/// A whole design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Design {
    /// Boxes, in the order they first appear.
    pub components: Vec<Component>,
    /// Kinds of request, in the order written.
    pub flows: Vec<Flow>,
    /// Policies of single arrows.
    pub links: Vec<Link>,
    /// Where components stand.
    pub regions: Vec<Region>,
    /// Round-trip times between regions.
    pub region_links: Vec<RegionLink>,
    /// What happens while it runs, in the order written.
    pub scenario: Vec<ScenarioEvent>,
    /// How to run it.
    pub settings: Settings,
}

impl Design {
    /// The component with that id.
    pub fn component(&self, id: ComponentId) -> &Component {
        &self.components[id.0 as usize]
    }

    /// The component of that name.
    pub fn find(&self, name: &str) -> Option<ComponentId> {
        self.components.iter().position(|component| component.name == name).map(|at| ComponentId(at as u32))
    }

    /// The flow with that id.
    pub fn flow(&self, id: FlowId) -> &Flow {
        &self.flows[id.0 as usize]
    }

    /// The policy of the arrow from one component to another.
    pub fn link(&self, from: ComponentId, to: ComponentId) -> Option<&Link> {
        self.links.iter().find(|link| link.from == from && link.to == to)
    }

    /// Ids of all components.
    pub fn component_ids(&self) -> impl Iterator<Item = ComponentId> + use<> {
        (0..self.components.len() as u32).map(ComponentId)
    }
}

/// A box.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Name, unique in the design.
    pub name: String,
    /// How it behaves.
    pub kind: Kind,
    /// Id of the technology card, where one was named.
    pub technology: Option<String>,
    /// Number of instances, at least 1.
    pub instances: u32,
    /// The design's values over the card's over the kind's default card's.
    pub parameters: Parameters,
    /// Where it stands, if the design says.
    pub region: Option<RegionId>,
    /// Where it first appears.
    pub span: Span,
}

/// One kind of request: how many, of what, held to what, and the way it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Name, usually an endpoint: `GET /{code}`.
    pub name: String,
    /// What it does to stores unless a visit says otherwise.
    pub operation: Operation,
    /// How many requests arrive, and how.
    pub load: Load,
    /// Which keys the requests touch.
    pub keys: Popularity,
    /// Further attributes of the flow: `size`, ...
    pub parameters: Parameters,
    /// What it is held to.
    pub targets: Vec<Target>,
    /// The client, whose actions are the path.
    pub root: Visit,
    /// The statement's head.
    pub span: Span,
}

/// How requests arrive.
#[derive(Clone, Debug, PartialEq)]
pub enum Load {
    /// Whatever the responses do, so many a second.
    Open {
        /// Mean arrivals a second.
        rate: f64,
        /// How they are spread.
        arrivals: Arrivals,
    },
    /// So many users, each waiting for the response and then thinking.
    Closed {
        /// Number of users.
        users: u32,
        /// Time between a response and the next request.
        think: Distribution,
    },
}

/// How open arrivals are spread in time.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// Independent of each other.
    Poisson,
    /// Evenly spaced.
    Fixed,
    /// Poisson batches of this many requests each.
    Batch(u32),
    /// A sine around the mean: a day in `period` seconds, with `peak` times the mean at its top.
    Diurnal {
        /// Peak over mean, 1 to 2.
        peak: f64,
        /// Length of a day, simulated seconds.
        period: f64,
    },
    /// From none to the full rate over this many seconds, then steady.
    Ramp {
        /// Seconds until the full rate.
        over: f64,
    },
    /// As a file has it; independent of each other at the mean rate until it was read.
    Recorded(RecordedArrivals),
}

/// Which keys requests touch, and how unevenly.
#[derive(Clone, Debug, PartialEq)]
pub struct Popularity {
    /// Number of distinct keys, at least 1.
    pub keys: f64,
    /// Zipf exponent; 0 is uniform.
    pub zipf: f64,
    /// Share of requests that touch the single hottest key, beyond its popularity; 0 to 1.
    pub hot: f64,
}

/// What a request does to a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Looks something up.
    Read,
    /// Creates or changes something.
    Write,
    /// Removes something, or invalidates it in a cache.
    Delete,
    /// Queries an index.
    Search,
}

impl Operation {
    /// The word after the dot in a path.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Delete => "delete",
            Self::Search => "search",
        }
    }
}

/// A request at a component, and what the component does then.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// Where.
    pub component: ComponentId,
    /// What the request does there.
    pub operation: Operation,
    /// What the component does, in order; after a caching component, on a miss.
    pub then: Vec<Action>,
    /// The name in the path.
    pub span: Span,
}

/// One thing that a component does for a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Calls and waits.
    Call(Visit),
    /// Hands over and goes on.
    HandOver(Visit),
    /// Does all branches at once and waits for the first `need` of them.
    AtOnce {
        /// How many branches must end before it goes on, from 1 to their number.
        need: u32,
        /// What is done side by side.
        branches: Vec<Vec<Action>>,
    },
    /// Takes one branch by chance; the shares add up to 1.
    OneOf(Vec<(f64, Vec<Action>)>),
    /// Does the same so many times.
    Repeat {
        /// How often, at least 1.
        times: u32,
        /// At once rather than one after the other.
        at_once: bool,
        /// What is repeated.
        actions: Vec<Action>,
    },
}

/// The policy of one arrow: `timeout`, `retry`, `backoff`, `jitter`, `breaker`, `hedge`, `latency`, `loss`, `bandwidth`.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The caller.
    pub from: ComponentId,
    /// The called.
    pub to: ComponentId,
    /// Its policy.
    pub parameters: Parameters,
    /// The statement.
    pub span: Span,
}

/// A place in the world.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// Name, unique in the design.
    pub name: String,
    /// Where it first appears.
    pub span: Span,
}

/// How far two regions are apart.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionLink {
    /// One end.
    pub a: RegionId,
    /// The other end.
    pub b: RegionId,
    /// Round-trip time, seconds.
    pub round_trip: f64,
    /// The statement.
    pub span: Span,
}

/// A figure that a flow is held to.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// What is measured.
    pub metric: Metric,
    /// Which side of the bound is good.
    pub comparison: Comparison,
    /// The bound in base units (seconds, ratio, per second, dollars a month).
    pub bound: f64,
    /// As written: `p99 < 100ms`.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// Something that happens while the design runs.
#[derive(Clone, Debug, PartialEq)]
pub struct ScenarioEvent {
    /// When, seconds of simulated time from the end of the warm-up.
    pub at: f64,
    /// For how long, seconds; `None` until the end.
    pub duration: Option<f64>,
    /// What.
    pub fault: Fault,
    /// As written.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What a fault hits.
#[derive(Clone, Debug, PartialEq)]
pub enum Place {
    /// All of a component.
    Component(ComponentId),
    /// One instance of it, from 0.
    Instance(ComponentId, u32),
    /// A region.
    Region(RegionId),
    /// A zone of every region: instances are spread over three zones in turn.
    Zone(u32),
}

/// A fault or a change of load.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// It stops answering; what was in flight there is lost.
    Kill(Place),
    /// Its work takes `factor` times as long.
    Slow {
        /// What.
        place: Place,
        /// How many times as long.
        factor: f64,
    },
    /// It does nothing, then goes on where it was (a long garbage collection).
    Pause(Place),
    /// Two places can't reach each other.
    Partition(Place, Place),
    /// Every message on the arrow takes this much longer, seconds.
    Delay {
        /// The caller.
        from: ComponentId,
        /// The called.
        to: ComponentId,
        /// Added seconds.
        by: f64,
    },
    /// A share of the messages on the arrow is lost.
    Lose {
        /// The caller.
        from: ComponentId,
        /// The called.
        to: ComponentId,
        /// Share lost, 0 to 1.
        ratio: f64,
    },
    /// A share of requests to it fails.
    Errors {
        /// What.
        place: Place,
        /// Share that fails, 0 to 1.
        ratio: f64,
    },
    /// A cache loses its contents.
    Flush(ComponentId),
    /// One key takes this share of a flow.
    HotKey {
        /// The flow.
        flow: FlowId,
        /// Share of its requests, 0 to 1.
        share: f64,
    },
    /// A flow's load is multiplied at once (below 1: a drop).
    Spike {
        /// The flow; all of them where none is named.
        flow: Option<FlowId>,
        /// Times the load.
        factor: f64,
    },
    /// A flow's load grows to `factor` times over the event's duration and stays.
    Ramp {
        /// The flow; all of them where none is named.
        flow: Option<FlowId>,
        /// Times the load.
        factor: f64,
    },
    /// A queue, stream or disk has no room: writes are refused.
    Fill(ComponentId),
    /// Instances restart one after the other.
    Deploy(ComponentId),
    /// Replicas fall behind by this many seconds more.
    ReplicationLag {
        /// The store.
        component: ComponentId,
        /// Added seconds.
        by: f64,
    },
    /// The clock of a lock's holders runs ahead by this many seconds.
    ClockSkew {
        /// The coordinator.
        component: ComponentId,
        /// Seconds.
        by: f64,
    },
}

/// How to run the design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Simulated seconds after the warm-up.
    pub simulated: Option<f64>,
    /// Seconds cut off at the start.
    pub warmup: Option<f64>,
    /// Seed of all random streams.
    pub seed: Option<u64>,
    /// Hops cost nothing: for holding a design against theory.
    pub free_network: bool,
    /// Caches start empty.
    pub cold_caches: bool,
}
