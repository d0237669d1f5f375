//! What the engine runs: a design lowered to stations, call sites and flat programs, as plain data that no run changes.

use std::sync::Arc;

use super::{
    engine::{Outcome, Span},
    sampler::{Sampler, Time},
    stations::Ranks,
};
use crate::{
    design::{ComponentId, Kind, Operation, Popularity, Recording, RegionId, ScenarioEvent, Target},
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
    pub sqls: Vec<SqlPlan>,
    pub kvs: Vec<KvPlan>,
    pub coordinators: Vec<CoordinatorPlan>,
    pub pushes: Vec<PushPlan>,
    pub workflows: Vec<WorkflowPlan>,
    pub limiters: Vec<LimiterPlan>,
    pub groups: Vec<GroupPlan>,
    /// Messages of that link pass one after the other; how many links of limited bandwidth there are.
    pub pipes: u32,
    /// Links that lose a share of their messages: caller, callee, share.
    pub losses: Vec<(u32, u32, f64)>,
    /// Constant delays: network hops and timeouts.
    pub lanes: Vec<(LaneKind, Time)>,
    pub scenario: Vec<ScenarioEvent>,
    /// Arrivals from files.
    pub recordings: Vec<Arc<Recording>>,
    pub notes: Vec<String>,
    /// Requests that one stands for at most; 0 and 1 for a network of full size.
    pub scale: f64,
}

impl Network {
    /// The lane of a constant delay; `NONE` for no delay.
    pub fn lane(&mut self, kind: LaneKind, delay: Time) -> u32 {
        if delay == 0 {
            return NONE;
        }
        let known = self.lanes.iter().position(|lane| *lane == (kind, delay));
        known.unwrap_or_else(|| {
            self.lanes.push((kind, delay));
            self.lanes.len() - 1
        }) as u32
    }

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
    /// A call is sent a second time.
    Hedge,
    /// A call no longer waits for a connection.
    Connection,
    /// A message in work becomes visible again.
    Visibility,
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
    pub scale: Option<ScalePlan>,
    /// Pauses of every instance: how long, and how often.
    pub pauses: Option<(Time, Time)>,
    /// Added to the first job of a new instance.
    pub cold_start: Time,
    /// Times as long that all work takes, for what runs beside it.
    pub base_slow: f32,
    /// Whether a job that finds no room is dropped without a word rather than turned away.
    pub drops: bool,
    /// Requests that may be under way through a balancer; `NONE` for any number.
    pub connections: u32,
    /// How an instance is chosen where no balancer chose it.
    pub spread: Spread,
    /// From the death of an instance until such callers know, and as long until they know of its return.
    pub notice: Time,
    /// Instances that are one resource, for the utilisation of the busiest.
    pub resource: Resource,
    /// Share of its requests that fail, whatever else happens.
    pub errors: f64,
    /// Dollars a month, all instances at the start.
    pub cost: Option<f64>,
    /// Requests that one of its visits stands for, and the instances that the design has: in a miniature fewer are simulated.
    pub stands_for: f64,
    pub full: u32,
    /// Tells how it scatters keys from how others do: the same in a miniature.
    pub salt: u32,
    /// Whether it is smaller than in the design.
    pub cut: bool,
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
    /// Index into [`Network::sqls`], and so on.
    Sql(u32),
    Kv(u32),
    Coordinator(u32),
    Push(u32),
    Workflow(u32),
    /// Shards and copies of each, and how often documents become visible.
    Search {
        shards: u32,
        copies: u32,
        refresh: Time,
    },
}

/// The order in which waiting jobs are served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Discipline {
    Fifo,
    Lifo,
    /// The lowest level first.
    Priority,
    /// All at once: processor sharing.
    Sharing,
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
    /// As above over shards of several copies each; writes go to the first.
    Copies {
        copies: u32,
    },
    /// As above, of a cache whose entries stand for several keys: keys of one entry are at one shard.
    Cached {
        copies: u32,
        ranks: Ranks,
    },
    /// The kind knows.
    Special,
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
#[allow(clippy::struct_excessive_bools, reason = "a plan is a list of independent facts")]
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
    /// Whether a request is looked at before it is let to an instance: limits, quorums, and placing by the kind.
    pub special: bool,
    /// Its place among the priorities, from 0.
    pub level: u8,
    /// Whether the work holds the lock of its row.
    pub locks: bool,
    /// Time beyond the work itself: transfers, scans.
    pub extra: Time,
    /// Bytes that a request carries.
    pub bytes: f32,
    /// Index into [`Network::limiters`], and whose limit it is.
    pub limiter: u32,
    pub limited: Limited,
    /// The station whose utilisation decides whether load is shed, and from where on.
    pub shed: (u32, f32),
    /// Lane between the nodes of the station.
    pub inner_lane: u32,
    /// Index into [`Network::pipes`], and how long a message takes to pass it.
    pub pipe: u32,
    pub transfer: Time,
    /// Lane of the way over the network.
    pub hop_lane: u32,
    /// The call is the last that its caller does, and nothing of the caller is needed any more when it is made: its frame may become
    /// the call's. Then the lane of the way back, past all callers that went so.
    pub tail: bool,
    pub back_lane: u32,
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
    /// The caller does not even wait for that.
    pub fires: bool,
    /// Messages are written in batches of so many that wait this long at most.
    pub linger: (u32, Time),
    /// Other brokers that a message is copied to first.
    pub acks: u32,
    /// Messages taken in here go to these groups.
    pub groups: (u32, u32),
    /// In a miniature: requests that a call of it stands for, the share of the visits that count at the station (others only look on), and
    /// the visits that come beside each, with keys of the same block of ranks (0 for any key).
    pub weight: f32,
    pub counts: f32,
    pub beside: f32,
    pub block: f32,
    /// The site at which these visits are: its own, or one where they are done when the station has worked on them.
    pub twin: u32,
}

impl Site {
    /// Requests that a visit stands for.
    pub fn visit(&self) -> f64 {
        f64::from(self.weight) / f64::from(1.0 + self.beside)
    }

    /// Connections of a balancer that a visit holds: those of the visits beside it too, for these are over at once and hold none.
    pub fn holds(&self) -> u32 {
        (1.0 + self.beside).round() as u32
    }

    /// A site with neither arrow nor limits.
    pub fn bare(station: u32, operation: Operation, work: Sampler, role: Role) -> Self {
        Self {
            station,
            operation,
            work,
            entry: NONE,
            role,
            special: false,
            level: 0,
            locks: false,
            extra: 0,
            bytes: 0.0,
            limiter: NONE,
            limited: Limited::Together,
            shed: (NONE, 0.0),
            inner_lane: NONE,
            pipe: NONE,
            transfer: 0,
            hop_lane: NONE,
            tail: false,
            back_lane: NONE,
            timeout_lane: NONE,
            policy: NONE,
            balancer: NONE,
            pulled: false,
            handed_over: false,
            fires: false,
            linger: (1, 0),
            acks: 0,
            groups: (0, 0),
            weight: 1.0,
            counts: 1.0,
            beside: 0.0,
            block: 0.0,
            twin: NONE,
        }
    }
}

/// What a station does with a request besides working on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// No work at all: it goes straight on.
    Pass,
    /// Work, then the steps.
    Work,
    /// A look-up: the steps are for a miss. A cache that is open lets requests past when it does not answer.
    Lookup { open: bool },
    /// A write that also goes to the steps, and what it does to the cached entry.
    Write(WriteStrategy),
    /// A removal of the entry; the steps follow.
    Invalidate,
    /// Messages are taken in for consumers.
    Publish,
    /// A read of a database.
    Query,
    /// A write of a database.
    Commit,
    /// A query without the shard key.
    Scatter,
    /// Several copies of a key.
    Quorum,
    /// A write through the leader of a key's copies.
    Lead,
    /// A query or document of a search index.
    Search,
    /// A write that a coordinator's members agree on; a lock.
    Agree,
    /// A message to many connections.
    Push,
    /// A workflow's steps.
    Steps,
}

/// Whose limit a rate limit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limited {
    /// All requests together.
    Together,
    /// Each instance's.
    Instance,
    /// Each of so many clients', over all instances or at each.
    Client { clients: u32, shared: bool },
    /// Each partition's, by key.
    Partition,
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
    /// The message is there for its consumers, after its copies are.
    Publish,
    /// All shards of a write have prepared: they commit.
    Commit,
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
    /// Most retries, as a share of the calls.
    pub budget: Option<f64>,
    pub breaker: Option<BreakerPlan>,
    /// Lane of the delay after which a call is sent a second time.
    pub hedge_lane: u32,
    /// Calls in flight from one instance of the caller; `NONE` for any number.
    pub most: u32,
    /// Whether a call beyond them waits (a connection pool) or fails (a bulkhead), and the lane of how long it waits.
    pub waits: bool,
    pub wait_lane: u32,
}

/// When a circuit breaker opens, and for how long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct BreakerPlan {
    pub tripping: Tripping,
    pub window: Time,
    pub open: Time,
}

/// What opens a breaker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Tripping {
    /// This share of failures within the window.
    Share(f64),
    /// So many failures in a row.
    InARow(u32),
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
    /// A client stays with its instance.
    pub sticky: bool,
    /// From the death of an instance until it is noticed, and as long until its return is.
    pub notice: Time,
}

/// A balancer's policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    RoundRobin,
    Random,
    /// In turn, each as often as it is quick.
    Weighted,
    LeastConnections,
    /// Least product of mean answer time and connections.
    LeastTime,
    TwoChoices,
    /// By the client's address, which stands for the request's key.
    IpHash,
    ConsistentHash,
}

/// A cache's memory.
#[allow(clippy::struct_excessive_bools, reason = "a plan is a list of independent facts")]
#[derive(Clone, Debug)]
pub(super) struct CachePlan {
    pub station: u32,
    /// Entries that one instance holds; infinite where memory is not limited.
    pub capacity: f64,
    pub ttl: Time,
    pub policy: Eviction,
    /// Every instance holds its own copies, as edges do, rather than its share of the keys.
    pub separate: bool,
    /// Misses of all edges meet in one more before the origin.
    pub shield: bool,
    /// One miss fetches for all who wait for the same key.
    pub single_flight: bool,
    /// It answers writes before the store has them, and how often it passes them on.
    pub writes_back: bool,
    pub flush_every: Time,
    pub cold: bool,
    /// Number of distinct keys it may meet.
    pub keys: f64,
    /// Neighbouring ranks that share an entry; 1 but in a miniature.
    pub block: f64,
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
    /// What happens to a message that finds no room.
    pub overflow: Overflow,
    /// Before a message can be taken.
    pub delay: Time,
    /// How long a message in work is invisible, and its lane.
    pub visibility: Time,
    pub visibility_lane: u32,
    /// Whether a failed message is delivered again, and how often at most.
    pub redelivers: bool,
    pub receives: u32,
    /// How long handing out takes.
    pub fetch: Sampler,
    /// How long a consumer waits for a batch to fill.
    pub batch_wait: Time,
    /// Between two records of how far a consumer is; 0 where every message is recorded.
    pub checkpoint: Time,
    pub window: Option<(Window, Time)>,
    /// Pause when the consumers change.
    pub rebalance: Time,
    /// Older messages are gone.
    pub retention: Time,
    /// A site that publishes to it.
    pub site: u32,
}

/// What happens to a message that finds a queue full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overflow {
    /// The producer is told.
    Reject,
    /// The producer waits.
    Block,
    /// The message is lost, and nobody told.
    Drop,
}

/// How a worker's windows follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Window {
    Tumbling,
    Sliding,
    /// Ends after a silence of its length.
    Session,
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
    /// Requests that one stands for.
    pub stands_for: f64,
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
    Diurnal {
        peak: f64,
        period: f64,
    },
    Ramp {
        over: f64,
    },
    /// As one of [`Network::recordings`] has it, scaled.
    Recorded {
        recording: u32,
        scale: f64,
    },
}

/// A database.
#[derive(Clone, Copy, Debug)]
pub(super) struct SqlPlan {
    pub shards: u32,
    /// Replicas of each shard.
    pub replicas: u32,
    pub reads: ReadFrom,
    /// A commit waits for a replica.
    pub sync: bool,
    pub lag: Sampler,
    /// Seconds.
    pub mean_lag: f64,
    /// Reads soon after a write of the same key go to the primary.
    pub own_writes: bool,
    pub locking: Locking,
    /// From the death of a primary until it is noticed, and until a replica has taken over.
    pub detect: Time,
    pub promote: Time,
    /// Shards that a write touches: more than one commit in two phases.
    pub touches: u32,
    /// Bytes that a shard has room for; infinite where nothing says.
    pub storage: f64,
}

/// How writers of one row keep out of each other's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Locking {
    None,
    /// One waits for the other.
    Pessimistic,
    /// The later one starts over.
    Optimistic,
}

/// A key-value store.
#[derive(Clone, Copy, Debug)]
pub(super) struct KvPlan {
    pub station: u32,
    /// Copies of each key, and how many of them a read and a write wait for.
    pub copies: u32,
    pub reads: u32,
    pub writes: u32,
    pub virtual_nodes: u32,
    /// Other nodes take the writes of those that are down.
    pub hints: bool,
    /// A read that sees copies differ mends them.
    pub repairs: bool,
    pub lag: Sampler,
}

/// A coordination service.
#[derive(Clone, Copy, Debug)]
pub(super) struct CoordinatorPlan {
    pub station: u32,
    /// Writes are locks.
    pub locks: bool,
    pub hold: Sampler,
    pub ttl: Time,
    pub keys: u64,
    pub fencing: bool,
    pub election: Time,
    pub redlock: bool,
    /// Clients that are told of every change, and the site of telling them.
    pub watchers: u32,
    pub told: u32,
}

/// A push tier.
#[derive(Clone, Copy, Debug)]
pub(super) struct PushPlan {
    /// Connections of an instance.
    pub connections: u32,
    /// Connections that a message goes to, and requests that a delivery costs.
    pub fan_out: u32,
    pub requests: u32,
    /// Time over which lost clients come back.
    pub reconnect: Time,
    /// Time between two polls, for clients that poll.
    pub poll: Time,
    /// Any site of the station: what a returning client costs.
    pub site: u32,
}

/// A workflow engine.
#[derive(Clone, Copy, Debug)]
pub(super) struct WorkflowPlan {
    pub steps: u32,
    pub persist: Sampler,
    pub wait: Sampler,
    pub retries: u32,
    pub compensate: bool,
}

/// A rate limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LimiterPlan {
    pub algorithm: Algorithm,
    /// Of one slot.
    pub per_second: f64,
    pub burst: f64,
    /// Seconds.
    pub window: f64,
    /// Clients, instances or partitions that each have the limit.
    pub slots: u32,
    /// They are partitions: what each has to bear is counted.
    pub partitions: bool,
}

/// How a rate is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Algorithm {
    TokenBucket,
    LeakyBucket,
    FixedWindow,
    SlidingLog,
    SlidingCounter,
}

/// An autoscaler.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ScalePlan {
    pub steering: Steering,
    pub least: u32,
    pub most: u32,
    pub start_up: Time,
    pub cool_down: Time,
}

/// What an autoscaler steers to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Steering {
    /// Utilisation.
    Utilisation(f64),
    /// Messages waiting for each instance.
    Depth(f64),
}
