//! The attributes of each kind of component.

use super::Attribute;
use super::ValueKind::{Bandwidth, Distribution, Duration, Flag, Money, Number, Rate, Ratio, Size, Word};
use crate::design::Kind;

const JITTERS: &[&str] = &["none", "full", "equal"];
const EVICTIONS: &[&str] = &["lru", "lfu", "fifo", "random"];

/// The table of `kind`.
pub(super) fn of(kind: Kind) -> &'static [Attribute] {
    match kind {
        Kind::Client => CLIENT,
        Kind::Cdn => CDN,
        Kind::LoadBalancer => LOAD_BALANCER,
        Kind::Gateway => GATEWAY,
        Kind::Service => SERVICE,
        Kind::Cache => CACHE,
        Kind::Sql => SQL,
        Kind::Kv => KV,
        Kind::Search => SEARCH,
        Kind::Queue => QUEUE,
        Kind::Stream => STREAM,
        Kind::Worker => WORKER,
        Kind::Blob => BLOB,
        Kind::Coordinator => COORDINATOR,
        Kind::Push => PUSH,
        Kind::Workflow => WORKFLOW,
        Kind::External => EXTERNAL,
    }
}

/// What every kind has.
pub(super) const COMMON: &[Attribute] = &[
    Attribute::new("errors", Ratio, "share of requests that fail whatever the load").also(&["error-rate"]),
    Attribute::new("cost", Money, "price of one instance, a month").also(&[
        "cost-per-month-usd",
        "cost-per-month",
        "price",
    ]),
    Attribute::new("zone", Number, "the availability zone of all its instances; left out, they are spread"),
];

const CLIENT: &[Attribute] = &[
    Attribute::new("timeout", Duration, "how long a user waits before giving up"),
    Attribute::new("retry", Number, "further attempts after a failure").also(&["retries"]),
    Attribute::new("backoff", Duration, "pause before the first further attempt, doubled each time"),
    Attribute::word("jitter", JITTERS, "how the pause is spread"),
    Attribute::new("hedge", Duration, "delay after which the request is sent a second time"),
];

const CDN: &[Attribute] = &[
    Attribute::new("memory", Size, "room for cached items, each edge").also(&["capacity"]),
    Attribute::new("item", Size, "size of a cached item"),
    Attribute::new("ttl", Duration, "how long an item is served before it is fetched anew"),
    Attribute::word("policy", EVICTIONS, "what is thrown out when the room is used up").also(&["eviction"]),
    Attribute::new("work", Distribution, "time to answer from the edge"),
    Attribute::new("edges", Number, "points of presence, each with its own contents"),
    Attribute::new("shield", Flag, "whether misses of all edges meet in one tier before the origin"),
    Attribute::new("cold", Flag, "whether it starts empty"),
];

const LOAD_BALANCER: &[Attribute] = &[
    Attribute::word(
        "policy",
        &[
            "round-robin",
            "random",
            "weighted",
            "least-connections",
            "least-time",
            "two-choices",
            "ip-hash",
            "consistent-hash",
        ],
        "how it chooses the instance",
    )
    .also(&["algorithm"]),
    Attribute::new("layer", Number, "4 forwards connections, 7 reads requests"),
    Attribute::new("work", Distribution, "time to forward a request"),
    Attribute::new("concurrency", Number, "requests it handles at once, each instance"),
    Attribute::new("connections", Number, "most connections open at once"),
    Attribute::new("health-interval", Duration, "time between two health checks of an instance"),
    Attribute::new("health-threshold", Number, "failed checks until an instance gets no more requests"),
    Attribute::new("sticky", Flag, "whether a user stays with an instance"),
];

const GATEWAY: &[Attribute] = &[
    Attribute::new("work", Distribution, "time to authenticate and route a request"),
    Attribute::new("concurrency", Number, "requests it handles at once, each instance"),
    Attribute::new("queue", Number, "most requests waiting, each instance"),
    Attribute::new("limit", Rate, "requests it lets through; per client if there are clients").also(&["rate-limit"]),
    Attribute::new("burst", Number, "requests it lets through at once; a second's worth of the limit if not given"),
    Attribute::word(
        "algorithm",
        &["token-bucket", "leaky-bucket", "fixed-window", "sliding-log", "sliding-counter"],
        "how it limits",
    ),
    Attribute::new("window", Duration, "length of the window of a windowed limit"),
    Attribute::new("clients", Number, "distinct clients that the limit holds for, each on its own"),
    Attribute::new("shared", Flag, "whether its instances count together"),
    Attribute::new("shed", Ratio, "utilisation of the callee above which it turns requests away"),
];

const SERVICE: &[Attribute] = &[
    Attribute::new("work", Distribution, "time of a core for one request, calls left out")
        .also(&["cpu", "service-time"]),
    Attribute::new("cores", Number, "requests an instance works on at once").also(&["threads"]),
    Attribute::new("queue", Number, "most requests waiting, each instance"),
    Attribute::word("discipline", &["fifo", "lifo", "ps", "priority"], "which waiting request is next"),
    Attribute::word("overflow", &["reject", "drop"], "what happens to a request that finds the queue full"),
    Attribute::new("autoscale", Ratio, "utilisation that the number of instances is steered to"),
    Attribute::new("min", Number, "fewest instances of the autoscaler"),
    Attribute::new("max", Number, "most instances of the autoscaler"),
    Attribute::new("start-up", Duration, "time until a new instance serves").also(&["startup"]),
    Attribute::new("cool-down", Duration, "time that the highest number asked for is kept before it falls")
        .also(&["cooldown"]),
    Attribute::new("gc-pause", Duration, "length of a pause for garbage collection"),
    Attribute::new("gc-every", Duration, "time between two such pauses"),
    Attribute::new("cold-start", Duration, "added to the first request of a new instance"),
    Attribute::new("pool", Number, "outgoing connections of an instance to each callee"),
    Attribute::new("bulkhead", Number, "requests of an instance in flight to each callee"),
    Attribute::new("priority", Number, "which of its callers is served first; the lowest number"),
];

const CACHE: &[Attribute] = &[
    Attribute::new("memory", Size, "room for items, each instance").also(&["capacity"]),
    Attribute::new("item", Size, "size of an item"),
    Attribute::new("ttl", Duration, "how long an item is served before it is fetched anew"),
    Attribute::word("policy", EVICTIONS, "what is thrown out when the room is used up").also(&["eviction"]),
    Attribute::word(
        "strategy",
        &["aside", "read-through", "write-through", "write-around", "write-back"],
        "who fills it, and what a write does",
    ),
    Attribute::new("flush-every", Duration, "time between two flushes of a write-back cache"),
    Attribute::new("single-flight", Flag, "whether one miss fetches for all who wait for the same key")
        .also(&["leases"]),
    Attribute::new("read", Distribution, "time to look an item up"),
    Attribute::new("write", Distribution, "time to store or remove an item"),
    Attribute::new("concurrency", Number, "operations an instance works on at once"),
    Attribute::new("queue", Number, "most operations waiting, each instance"),
    Attribute::new("replicas", Number, "further copies of each shard"),
    Attribute::new("cold", Flag, "whether it starts empty"),
];

const SQL: &[Attribute] = &[
    Attribute::new("read", Distribution, "time to read by key"),
    Attribute::new("write", Distribution, "time to commit a small write"),
    Attribute::new("concurrency", Number, "queries worked on at once, each node"),
    Attribute::new("connections", Number, "most connections, each node").also(&["max-connections"]),
    Attribute::new("queue", Number, "most queries waiting, each node"),
    Attribute::new("replicas", Number, "read replicas of each shard"),
    Attribute::word("replication", &["sync", "async"], "whether a commit waits for a replica"),
    Attribute::new("lag", Distribution, "how far an asynchronous replica is behind").also(&["replication-lag"]),
    Attribute::word("read-from", &["primary", "replicas", "any"], "which nodes reads go to").also(&["reads"]),
    Attribute::new("read-your-writes", Flag, "whether a user's reads after a write go to the primary"),
    Attribute::new("shards", Number, "primaries that share the rows"),
    Attribute::new("by", Word, "the shard key; with none, every read asks all shards").also(&["shard-key"]),
    Attribute::new("two-phase", Number, "shards that a write touches: more than one commit in two phases")
        .also(&["2pc"]),
    Attribute::word(
        "locking",
        &["none", "pessimistic", "optimistic"],
        "how writers of one row keep out of each other's way",
    ),
    Attribute::new("index", Flag, "whether reads have an index to use"),
    Attribute::new("rows", Number, "rows of the table that a scan goes through"),
    Attribute::new("scan", Rate, "rows a scan reads a second"),
    Attribute::new("storage", Size, "room for what the run writes, each shard: writes are refused when it is full"),
    Attribute::new("detect", Duration, "time until a dead primary is noticed"),
    Attribute::new("promote", Duration, "time until a replica has taken over"),
    Attribute::new("stall", Duration, "length of a checkpoint or vacuum stall"),
    Attribute::new("stall-every", Duration, "time between two such stalls"),
];

const KV: &[Attribute] = &[
    Attribute::new("read", Distribution, "time of one replica to read by key"),
    Attribute::new("write", Distribution, "time of one replica to write"),
    Attribute::new("concurrency", Number, "operations worked on at once, each node"),
    Attribute::new("queue", Number, "most operations waiting, each node"),
    Attribute::new("replicas", Number, "copies of each item: N of the quorum").also(&["n"]),
    Attribute::new("r", Number, "replicas that a read waits for").also(&["read-quorum"]),
    Attribute::new("w", Number, "replicas that a write waits for").also(&["write-quorum"]),
    Attribute::new("partitions", Number, "ranges that the keys are spread over"),
    Attribute::new("vnodes", Number, "virtual nodes of an instance on the hash ring"),
    Attribute::new("read-limit", Rate, "reads a partition serves"),
    Attribute::new("write-limit", Rate, "writes a partition serves"),
    Attribute::new("leader", Flag, "whether writes go through a leader of the partition"),
    Attribute::new("hinted-handoff", Flag, "whether another node keeps writes for one that is down"),
    Attribute::new("read-repair", Flag, "whether a read mends replicas that are behind"),
    Attribute::new("lag", Distribution, "how far a replica is behind").also(&["replication-lag"]),
    Attribute::new("stall", Duration, "length of a compaction stall"),
    Attribute::new("stall-every", Duration, "time between two such stalls"),
    Attribute::new("by", Word, "the partition key; the flow's own key if not given")
        .also(&["partition-key", "shard-key"]),
];

const SEARCH: &[Attribute] = &[
    Attribute::new("read", Distribution, "time of one shard to answer a query").also(&["search"]),
    Attribute::new("write", Distribution, "time to index a document"),
    Attribute::new("concurrency", Number, "queries worked on at once, each node"),
    Attribute::new("queue", Number, "most queries waiting, each node"),
    Attribute::new("shards", Number, "parts of the index, all asked by a query"),
    Attribute::new("replicas", Number, "further copies of each shard"),
    Attribute::new("refresh", Duration, "time until a document can be found"),
];

const QUEUE: &[Attribute] = &[
    Attribute::new("write", Distribution, "time to take a message in"),
    Attribute::new("read", Distribution, "time to hand a message out"),
    Attribute::new("concurrency", Number, "messages taken in at once"),
    Attribute::new("visibility", Duration, "time after which an unacknowledged message is handed out again")
        .also(&["visibility-timeout"]),
    Attribute::new("receives", Number, "deliveries of a message before it is put aside").also(&["max-receives"]),
    Attribute::new("delay", Duration, "time before a message can be taken"),
    Attribute::new("depth", Number, "most messages waiting"),
    Attribute::word("overflow", &["reject", "block", "drop"], "what happens to a message that finds it full"),
    Attribute::word("order", &["any", "fifo"], "whether messages of a key keep their order"),
    Attribute::new("dead-letter", Flag, "whether messages that keep failing are put aside").also(&["dlq"]),
];

const STREAM: &[Attribute] = &[
    Attribute::new(
        "write",
        Distribution,
        "time of a broker to append a batch: records that wait for it together, or that `linger` gathered",
    ),
    Attribute::new("concurrency", Number, "batches taken in at once"),
    Attribute::new("partitions", Number, "logs side by side: the most consumers of a group that work at once"),
    Attribute::new(
        "by",
        Word,
        "the key that chooses the partition; the flow's own if not given, `none` for each in turn",
    )
    .also(&["partition-key"]),
    Attribute::new("batch", Number, "most records that are written together"),
    Attribute::new("linger", Duration, "how long a producer waits for a batch to fill"),
    Attribute::word("acks", &["none", "leader", "all"], "which replicas a producer waits for"),
    Attribute::new("replicas", Number, "copies of each partition"),
    Attribute::new("retention", Duration, "how long records are kept"),
    Attribute::new("limit", Rate, "records a partition takes in"),
    Attribute::new("rebalance", Duration, "pause of a group when its consumers change"),
];

const WORKER: &[Attribute] = &[
    Attribute::new("work", Distribution, "time of a core for one message; those of a batch add up")
        .also(&["cpu", "service-time"]),
    Attribute::new("cores", Number, "messages an instance works on at once").also(&["threads", "concurrency"]),
    Attribute::new("batch", Number, "messages taken together"),
    Attribute::new("batch-wait", Duration, "how long it waits for a batch to fill"),
    Attribute::new("checkpoint", Duration, "time between two checkpoints"),
    Attribute::new("window", Duration, "length of the window it sums over"),
    Attribute::word("window-kind", &["tumbling", "sliding", "session"], "how windows follow each other"),
    Attribute::new(
        "autoscale",
        Number,
        "messages waiting or in work for each instance that their number is steered to",
    ),
    Attribute::new("min", Number, "fewest instances of the autoscaler"),
    Attribute::new("max", Number, "most instances of the autoscaler"),
    Attribute::new("start-up", Duration, "time until a new instance works").also(&["startup"]),
    Attribute::new("cool-down", Duration, "time that the highest number asked for is kept before it falls")
        .also(&["cooldown"]),
];

const BLOB: &[Attribute] = &[
    Attribute::new("first-byte", Distribution, "time to the first byte"),
    Attribute::new("throughput", Bandwidth, "of one stream"),
    Attribute::new("read-limit", Rate, "reads of a prefix"),
    Attribute::new("write-limit", Rate, "writes of a prefix"),
    Attribute::new("prefixes", Number, "prefixes that the objects are spread over"),
    Attribute::new("part", Size, "size of a part of a multipart upload"),
    Attribute::new("presigned", Flag, "whether clients reach it directly with a signed URL"),
    Attribute::new("concurrency", Number, "streams at once"),
];

const COORDINATOR: &[Attribute] = &[
    Attribute::new("read", Distribution, "time to read"),
    Attribute::new("write", Distribution, "time to agree on a write"),
    Attribute::new("concurrency", Number, "operations worked on at once"),
    Attribute::new("queue", Number, "most operations waiting"),
    Attribute::new("ttl", Duration, "length of a lease"),
    Attribute::new("hold", Distribution, "how long a lock is held"),
    Attribute::new("keys", Number, "distinct locks"),
    Attribute::new("fencing", Flag, "whether a holder past its lease is kept from writing"),
    Attribute::new("election", Duration, "time without a leader after one is lost"),
    Attribute::word("algorithm", &["consensus", "redlock"], "how its members agree"),
    Attribute::new("watchers", Number, "clients that are told of every write, which is then a change of configuration"),
    Attribute::new("notify", Distribution, "time to tell one watcher"),
];

const PUSH: &[Attribute] = &[
    Attribute::new("work", Distribution, "time of a core for one message"),
    Attribute::new("cores", Number, "messages an instance works on at once").also(&["threads"]),
    Attribute::new("connections", Number, "open connections of an instance").also(&["max-connections"]),
    Attribute::new("fan-out", Number, "connections that a message goes to").also(&["fanout"]),
    Attribute::new("heartbeat", Duration, "time between two signs of life of a connection"),
    Attribute::new("reconnect", Duration, "time over which clients come back after a loss"),
    Attribute::word("transport", &["websocket", "sse", "long-poll", "poll"], "how a client is reached"),
    Attribute::new("interval", Duration, "time between two polls"),
];

const WORKFLOW: &[Attribute] = &[
    Attribute::new("steps", Number, "steps of a run"),
    Attribute::new("work", Distribution, "time of a core for one step"),
    Attribute::new("persist", Distribution, "time to record a step; no core waits for it"),
    Attribute::new("wait", Distribution, "time of a run spent waiting for people or timers"),
    Attribute::new("retry", Number, "further attempts of a step").also(&["retries"]),
    Attribute::new("compensate", Flag, "whether a failed run undoes its steps"),
    Attribute::new("cores", Number, "steps an instance works on at once").also(&["threads"]),
];

const EXTERNAL: &[Attribute] = &[
    Attribute::new("work", Distribution, "time it takes to answer").also(&["latency"]),
    Attribute::new("concurrency", Number, "requests it works on at once"),
    Attribute::new("limit", Rate, "requests it lets through").also(&["rate-limit"]),
    Attribute::new("queue", Number, "most requests waiting"),
];
