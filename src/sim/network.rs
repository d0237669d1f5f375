//! What the engine runs: a design lowered to stations, call sites and flat programs, as plain data that no run changes.

use super::{
    engine::{Outcome, Span},
    sampler::{Sampler, Time},
};
use crate::{
    design::{ComponentId, Kind, Operation, Popularity, RegionId, ScenarioEvent, Target},
    rng::Zipf,
};

/// No index.
pub(super) const NONE: u32 = u32::MAX;

/// A design, lowered.
#[derive(Clone, Debug, Default)]
pub(super) struct Network {
    /// By component, in the design's order.
    pub stations: Vec<StationPlan>,
    pub flows: Vec<FlowPlan>,
    pub sites: Vec<Site>,
    pub steps: Vec<Step>,
    /// An `End` that any frame may be sent to.
    pub end: u32,
    pub branches: Vec<Branch>,
    pub policies: Vec<Policy>,
    pub balancers: Vec<BalancerPlan>,
    pub caches: Vec<CachePlan>,
    pub groups: Vec<GroupPlan>,
    /// Constant delays: network hops and timeouts.
    pub lanes: Vec<(LaneKind, Time)>,
    pub scenario: Vec<ScenarioEvent>,
    pub notes: Vec<String>,
}

impl Network {
    /// A span of a trace that begins now.
    pub fn span(&self, site: u32, parent: u32, now: Time) -> Span {
        let station = self.sites[site as usize].station;
        Span { station, parent, start: now, service: now, end: 0, outcome: Outcome::WELL }
    }
}

/// What the members of a lane wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LaneKind {
    /// A message is on its way.
    Hop,
    /// A caller stops waiting.
    Timeout,
}

/// A component: servers behind queues, and what is particular to its kind.
#[derive(Clone, Debug)]
pub(super) struct StationPlan {
    pub component: ComponentId,
    pub name: String,
    pub kind: Kind,
    pub technology: Option<String>,
    /// Instances at the start, and how many there can be.
    pub instances: u32,
    pub most: u32,
    /// Jobs that one instance works on at once; `NONE` for any number.
    pub servers: u32,
    /// Jobs that may wait at one instance.
    pub queue: u32,
    pub discipline: Discipline,
    pub region: Option<RegionId>,
    /// The zone of all instances; they are spread over three in turn where it is not given.
    pub zone: Option<u32>,
    /// How long a new instance takes to serve, seconds.
    pub start_up: Option<f64>,
    /// How an instance is chosen where no balancer chose it.
    pub spread: Spread,
    /// Instances that are one resource, for the utilisation of the busiest.
    pub resource: Resource,
    /// Share of its requests that fail, whatever else happens.
    pub errors: f64,
    /// Dollars a month, all instances at the start.
    pub cost: Option<f64>,
    /// What every instance of the kind has of its own.
    pub own: Own,
}

/// The state that a kind keeps beyond servers and queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    Nothing,
    /// Index into [`Network::caches`].
    Cache(u32),
    /// Messages wait for consumers.
    Buffer,
}

/// The order in which waiting jobs are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Discipline {
    Fifo,
    Lifo,
}

/// How a request finds its instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spread {
    /// There is no instance to find: it takes no work.
    Nowhere,
    One,
    Random,
    /// By the key's place on a ring of the instances.
    Key,
    /// Shards of a primary and replicas each.
    Replicated {
        shards: u32,
        replicas: u32,
        reads: ReadFrom,
    },
}

/// Who answers reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReadFrom {
    Primary,
    Replicas,
    Any,
}

/// Which instances share their load evenly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    /// All of them.
    Pool,
    /// None: each serves its own keys.
    Each,
}

/// A visit with the arrow that leads to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site {
    pub station: u32,
    pub operation: Operation,
    /// How long the station works on it.
    pub work: Sampler,
    /// First step of what the station does then.
    pub entry: u32,
    /// What the station does beyond working on it.
    pub role: Role,
    /// Lane of the way over the network.
    pub hop_lane: u32,
    /// Lane of the caller's timeout, where that is the whole policy.
    pub timeout_lane: u32,
    /// Index into [`Network::policies`] where there is more to it.
    pub policy: u32,
    /// Index into [`Network::balancers`] where the caller balances.
    pub balancer: u32,
    /// The instance is that of the calling message's consumer.
    pub pulled: bool,
    /// The caller goes on when the message is taken in.
    pub handed_over: bool,
    /// Messages taken in here go to these groups.
    pub groups: (u32, u32),
}

/// What a station does with a request besides working on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// No work at all: it goes straight on.
    Pass,
    /// Work, then the steps.
    Work,
    /// A look-up: the steps are for a miss.
    Lookup,
    /// A write that also goes to the steps, and what it does to the cached entry.
    Write(WriteStrategy),
    /// A removal of the entry; the steps follow.
    Invalidate,
    /// Messages are taken in for consumers.
    Publish,
}

/// What a cache does on a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriteStrategy {
    /// The entry goes; the next reader fetches it.
    Aside,
    /// The entry is renewed together with the store.
    Through,
    /// The cache is passed by.
    Around,
    /// The store is written later.
    Back,
}

/// One instruction of a component's program for a request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Step {
    /// Call that site and wait.
    Call(u32),
    /// Hand over to that site.
    HandOver(u32),
    /// Do these branches at once and wait for all.
    All {
        first: u32,
        count: u32,
    },
    /// Do these branches at once and wait for the first `need`.
    Any {
        first: u32,
        count: u32,
        need: u32,
    },
    /// Do this branch so many times at once and wait for all.
    Many {
        branch: u32,
        times: u32,
    },
    /// Do this branch so many times, one after the other.
    Loop {
        branch: u32,
        times: u32,
    },
    /// Go on at one of these branches by chance.
    Choose {
        first: u32,
        count: u32,
    },
    Jump(u32),
    End,
}

/// A place in a program.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Branch {
    /// Probability of this and the branches before it, where chance chooses.
    pub below: f64,
    pub entry: u32,
    /// The site, where the branch is one call and no more.
    pub call: u32,
}

/// What a caller does about slow and failing calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Policy {
    pub caller: u32,
    pub callee: u32,
    /// Lane of the timeout of one attempt.
    pub timeout_lane: u32,
    /// Extra attempts.
    pub retries: u32,
    pub backoff: Time,
    pub jitter: Jitter,
}

/// How much of a backoff is chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Jitter {
    None,
    /// From nothing to all of it.
    Full,
    /// From half to all of it.
    Equal,
}

/// How a balancer spreads requests over the instances of a station.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BalancerPlan {
    pub caller: u32,
    pub station: u32,
    pub choice: Choice,
    /// From the death of an instance until it is noticed, and as long until its return is.
    pub notice: Time,
}

/// A balancer's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    RoundRobin,
    Random,
    LeastConnections,
    TwoChoices,
    /// By the client's address, which stands for the request's key.
    IpHash,
    ConsistentHash,
}

/// A cache's memory.
#[derive(Clone, Debug)]
pub(super) struct CachePlan {
    pub station: u32,
    /// Entries that one instance holds; infinite where memory is not limited.
    pub capacity: f64,
    pub ttl: Time,
    pub policy: Eviction,
    /// Every instance holds its own copies, as edges do, rather than its share of the keys.
    pub separate: bool,
    pub cold: bool,
    /// Number of distinct keys it may meet.
    pub keys: f64,
    /// Look-ups a second before the run, by flow, for a warm start.
    pub demand: Vec<Demand>,
}

/// Look-ups that a flow makes at a cache.
#[derive(Clone, Debug)]
pub(super) struct Demand {
    pub flow: u32,
    /// Look-ups a second, were there no cache before this one.
    pub rate: f64,
    /// Caches before it, which let only their misses through.
    pub behind: Vec<u32>,
}

/// What is thrown out when a cache is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Eviction {
    Lru,
    Lfu,
    Fifo,
    Random,
}

/// Consumers of a queue or stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct GroupPlan {
    /// The queue or stream.
    pub buffer: u32,
    /// The consumers; `NONE` where messages are passed on as they come.
    pub consumer: u32,
    /// What is done for a message.
    pub entry: u32,
    /// Order is kept within each of so many; 0 where any consumer takes any message.
    pub partitions: u32,
    /// Messages taken at once.
    pub batch: u32,
    /// Messages that may wait.
    pub depth: u32,
    /// Partition by key rather than in turn.
    pub keyed: bool,
}

/// A kind of request.
#[derive(Clone, Debug)]
pub(super) struct FlowPlan {
    pub name: String,
    pub load: LoadPlan,
    pub keys: Popularity,
    pub zipf: Zipf,
    /// Whether anything on its way looks at the key.
    pub keyed: bool,
    /// The site that requests arrive at when the client makes one call and no more; `NONE` otherwise.
    pub call: u32,
    /// The client's own site, with its program.
    pub root: u32,
    pub targets: Vec<Target>,
    /// Whether something is handed over on its way.
    pub hands_over: bool,
}

/// How requests arrive.
#[derive(Clone, Copy, Debug)]
pub(super) enum LoadPlan {
    Open { rate: f64, arrivals: Spacing },
    Closed { users: u32, think: Sampler },
}

/// How open arrivals are spread in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Spacing {
    Poisson,
    Fixed,
    Batch(u32),
    Diurnal { peak: f64, period: f64 },
    Ramp { over: f64 },
}
