//! The kinds of component that the simulator has a behaviour for.

use std::fmt;

/// What a component does. Numbers come from the technology's card; behaviour comes from the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Where requests come from.
    Client,
    /// An edge cache between clients and origin.
    Cdn,
    /// Spreads requests over the instances of what follows.
    LoadBalancer,
    /// Routes, authenticates, limits rates.
    Gateway,
    /// Stateless instances that do work and call others.
    Service,
    /// An in-memory cache; what follows it is called on a miss.
    Cache,
    /// A relational database: primary, replicas, shards.
    Sql,
    /// A key-value or wide-column store: partitions and quorums.
    Kv,
    /// A search index: shards and replicas, scatter-gather.
    Search,
    /// A message queue with acknowledgement.
    Queue,
    /// A partitioned log.
    Stream,
    /// Consumers of a queue or stream.
    Worker,
    /// Object storage.
    Blob,
    /// Locks, leases and configuration by consensus.
    Coordinator,
    /// A tier that holds client connections and pushes to them.
    Push,
    /// A durable workflow engine.
    Workflow,
    /// Someone else's API.
    External,
}

impl Kind {
    /// All kinds, in the order of the guide.
    pub const ALL: [Self; 17] = [
        Self::Client,
        Self::Cdn,
        Self::LoadBalancer,
        Self::Gateway,
        Self::Service,
        Self::Cache,
        Self::Sql,
        Self::Kv,
        Self::Search,
        Self::Queue,
        Self::Stream,
        Self::Worker,
        Self::Blob,
        Self::Coordinator,
        Self::Push,
        Self::Workflow,
        Self::External,
    ];

    /// The name in designs, cards and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Cdn => "cdn",
            Self::LoadBalancer => "load-balancer",
            Self::Gateway => "gateway",
            Self::Service => "service",
            Self::Cache => "cache",
            Self::Sql => "sql",
            Self::Kv => "kv",
            Self::Search => "search",
            Self::Queue => "queue",
            Self::Stream => "stream",
            Self::Worker => "worker",
            Self::Blob => "blob",
            Self::Coordinator => "coordinator",
            Self::Push => "push",
            Self::Workflow => "workflow",
            Self::External => "external",
        }
    }

    /// The kind with that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind that people name so in speech: `lb`, `db`, `app`. Technology cards know more names; theirs go first.
    pub fn from_alias(word: &str) -> Option<Self> {
        Some(match word {
            "user" | "users" | "browser" | "mobile" => Self::Client,
            "lb" | "balancer" | "loadbalancer" => Self::LoadBalancer,
            "gw" | "api-gateway" => Self::Gateway,
            "api" | "app" | "server" | "backend" | "svc" | "microservice" => Self::Service,
            "db" | "database" | "rdbms" => Self::Sql,
            "nosql" | "key-value" | "key-value-store" => Self::Kv,
            "index" | "search-index" => Self::Search,
            "mq" | "message-queue" => Self::Queue,
            "log" | "topic" | "event-stream" => Self::Stream,
            "consumer" => Self::Worker,
            "object-store" | "object-storage" | "bucket" => Self::Blob,
            "lock" | "lock-service" => Self::Coordinator,
            "websocket" | "websockets" => Self::Push,
            "saga" | "orchestrator" => Self::Workflow,
            "third-party" => Self::External,
            _ => return None,
        })
    }

    /// Whether what follows it on a path is called on a miss only.
    pub const fn caches(self) -> bool {
        matches!(self, Self::Cdn | Self::Cache)
    }

    /// Whether it keeps data: drawn as a store.
    pub const fn stores(self) -> bool {
        matches!(self, Self::Cache | Self::Sql | Self::Kv | Self::Search | Self::Blob | Self::Queue | Self::Stream)
    }

    /// Whether work handed to it is taken up later by consumers.
    pub const fn buffers(self) -> bool {
        matches!(self, Self::Queue | Self::Stream)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
