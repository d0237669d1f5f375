//! A small catalogue: enough technologies to write any design, with figures that tests can tell apart.

use dryrun::design::{Catalogue, Kind, Network, Parameters, Source, Technology, parse_parameter};

/// A technology with these parameters.
#[track_caller]
fn technology(id: &str, aliases: &[&str], kind: Kind, parameters: &[(&str, &str)]) -> Technology {
    let mut read = Parameters::default();
    for (name, text) in parameters {
        let value = parse_parameter(kind, name, text).unwrap_or_else(|found| panic!("{id} {name}: {}", found.message));
        read.set(*name, value, Source::Card(id.to_owned()));
    }
    let aliases = aliases.iter().map(|&alias| alias.to_owned()).collect();
    Technology { id: id.to_owned(), title: id.to_owned(), aliases, kind, parameters: read }
}

/// The catalogue of these tests.
pub fn catalogue() -> Catalogue {
    let network = Network { same_zone: 0.0005, same_region: 0.001, cross_region: 0.07, client: 0.02 };
    let mut catalogue = Catalogue::new(network);
    let mut default = |technology| catalogue.add(technology, true);
    default(technology("client", &["user", "browser"], Kind::Client, &[]));
    default(technology("cdn", &["cloudfront"], Kind::Cdn, &[("work", "fixed 1ms"), ("memory", "1TB")]));
    default(technology("load-balancer", &["lb"], Kind::LoadBalancer, &[("work", "fixed 100us")]));
    default(technology("api-gateway", &["gateway"], Kind::Gateway, &[("work", "1ms")]));
    default(technology(
        "service",
        &["api"],
        Kind::Service,
        &[("work", "lognormal(p50 2ms, p99 10ms)"), ("cores", "8")],
    ));
    default(technology(
        "redis",
        &["elasticache"],
        Kind::Cache,
        &[("read", "200us"), ("memory", "32GB"), ("cost", "$300/month")],
    ));
    default(technology(
        "postgres",
        &["postgresql", "db"],
        Kind::Sql,
        &[("read", "lognormal(p50 2ms, p99 12ms)"), ("write", "5ms"), ("concurrency", "100")],
    ));
    default(technology("dynamodb", &["dynamo"], Kind::Kv, &[("read", "3ms"), ("write", "5ms")]));
    default(technology("elasticsearch", &["elastic"], Kind::Search, &[("read", "20ms")]));
    default(technology("sqs", &[], Kind::Queue, &[("write", "5ms")]));
    default(technology("kafka", &[], Kind::Stream, &[("write", "3ms"), ("partitions", "12")]));
    default(technology("worker", &[], Kind::Worker, &[("work", "10ms")]));
    default(technology("s3", &["amazon-s3"], Kind::Blob, &[("first-byte", "30ms")]));
    default(technology("zookeeper", &["zk"], Kind::Coordinator, &[("write", "10ms")]));
    default(technology("push", &["websocket-server"], Kind::Push, &[("work", "1ms")]));
    default(technology("temporal", &[], Kind::Workflow, &[("steps", "3")]));
    default(technology("external", &["stripe"], Kind::External, &[("work", "100ms")]));
    catalogue.add(technology("memcached", &[], Kind::Cache, &[("read", "150us")]), false);
    catalogue.add(technology("mysql", &[], Kind::Sql, &[("read", "3ms")]), false);
    catalogue.add(technology("nginx", &[], Kind::LoadBalancer, &[]), false);
    catalogue
}
