//! The attributes of arrows and of flows.

use super::Attribute;
use super::ValueKind::{Bandwidth, Distribution, Duration, Number, Ratio, Size};

/// What may be said about an arrow.
pub(super) const LINK: &[Attribute] = &[
    Attribute::new("timeout", Duration, "how long the caller waits for an answer"),
    Attribute::new("retry", Number, "further attempts after a failure").also(&["retries"]),
    Attribute::new("backoff", Duration, "pause before the first further attempt, doubled each time"),
    Attribute::word("jitter", &["none", "full", "equal"], "how the pause is spread"),
    Attribute::new("budget", Ratio, "most retries, as a share of the requests").also(&["retry-budget"]),
    Attribute::new("breaker", Ratio, "share of failures that opens the circuit breaker").also(&["circuit-breaker"]),
    Attribute::new("breaker-window", Duration, "time over which failures are counted"),
    Attribute::new("breaker-open", Duration, "time before an open breaker lets a request try"),
    Attribute::new("hedge", Duration, "delay after which the request is sent a second time"),
    Attribute::new("latency", Duration, "round trip of the network").also(&["rtt"]),
    Attribute::new("loss", Ratio, "share of messages that are lost"),
    Attribute::new("bandwidth", Bandwidth, "of the network between the two"),
    Attribute::new("pool", Number, "connections of an instance of the caller"),
    Attribute::new("pool-wait", Duration, "how long the caller waits for a connection"),
    Attribute::new("bulkhead", Number, "requests of an instance of the caller in flight"),
];

/// What may be said about a flow, beside its targets.
pub(super) const FLOW: &[Attribute] = &[
    Attribute::new("keys", Number, "distinct keys, then how unevenly they are asked for: zipf 0.9, or uniform"),
    Attribute::new("zipf", Number, "exponent of the keys' popularity; 0 is uniform"),
    Attribute::new("hot", Ratio, "share of requests that touch the single hottest key, beyond its popularity"),
    Attribute::new("size", Size, "data carried by a request and its answer").also(&["payload"]),
    Attribute::word(
        "arrivals",
        &["poisson", "fixed", "from"],
        "how requests are spread in time; from FILE: as a file has it",
    ),
    Attribute::new("batch", Number, "requests that arrive together"),
    Attribute::new("diurnal", Number, "peak over mean of a day squeezed into the run, 1 to 2"),
    Attribute::new("ramp", Duration, "time over which the load grows to its full rate"),
    Attribute::new("users", Number, "users that each wait for the answer, think, and ask again"),
    Attribute::new("think", Distribution, "time between an answer and the user's next request"),
    Attribute::new("priority", Number, "which flow is served first; the lowest number"),
    Attribute::new("item", Size, "size of the item that is looked up"),
];
