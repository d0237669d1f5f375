//! Changes of one component: more instances, replicas, shards, memory, connections.

use super::Drafts;
use crate::design::{ComponentId, Kind, Value};
use crate::units::format_bytes;

/// Replicas that are worth trying.
const MOST_REPLICAS: f64 = 15.0;

/// Every change of a component by itself.
pub(super) fn changes(drafts: &mut Drafts<'_>, id: ComponentId) {
    instances(drafts, id);
    match drafts.design.component(id).kind {
        Kind::Sql | Kind::Search => {
            one_more_replica(drafts, id, 0.0);
            twice(drafts, id, "shards", Some(1.0));
            twice(drafts, id, "connections", None);
        }
        Kind::Cache => {
            more_memory(drafts, id);
            one_more_replica(drafts, id, 0.0);
            switch_on(drafts, id, "single-flight", "single flight in");
        }
        Kind::Cdn => {
            more_memory(drafts, id);
            switch_on(drafts, id, "shield", "an origin shield for");
        }
        Kind::Stream | Kind::Kv => twice(drafts, id, "partitions", None),
        Kind::Blob => twice(drafts, id, "prefixes", None),
        Kind::Service => {
            twice(drafts, id, "pool", None);
            twice(drafts, id, "bulkhead", None);
        }
        _ => {}
    }
}

/// Whether more instances of a kind carry more load; stores grow by replicas and shards.
fn is_replicable(kind: Kind) -> bool {
    use Kind::{Blob, Cdn, Client, Coordinator, External, Search, Sql};
    !matches!(kind, Client | External | Cdn | Sql | Search | Coordinator | Blob)
}

fn instances(drafts: &mut Drafts<'_>, id: ComponentId) {
    let component = drafts.design.component(id);
    if !is_replicable(component.kind) {
        return;
    }
    let (now, then) = (component.instances, component.instances.saturating_mul(2));
    let text = format!("twice the instances of {} ({now} -> {then})", component.name);
    drafts.add(text, id, |design| design.components[id.0 as usize].instances = then);
}

fn one_more_replica(drafts: &mut Drafts<'_>, id: ComponentId, unsaid: f64) {
    let component = drafts.design.component(id);
    let now = component.parameters.number("replicas").unwrap_or(unsaid);
    // Further instances of a store are its replicas: one more than those.
    let now = now.max(if component.kind == Kind::Sql { f64::from(component.instances) - 1.0 } else { 0.0 });
    if now < MOST_REPLICAS {
        let text = format!("a further replica of {} ({now} -> {})", component.name, now + 1.0);
        drafts.set(text, id, "replicas", Value::Number(now + 1.0));
    }
}

/// Twice a number that the component has, or that is `unsaid` where nothing says.
fn twice(drafts: &mut Drafts<'_>, id: ComponentId, name: &str, unsaid: Option<f64>) {
    let Some(now) = drafts.design.component(id).parameters.number(name).or(unsaid) else { return };
    let text = format!("twice the {name} of {} ({now} -> {})", drafts.name(id), now * 2.0);
    drafts.set(text, id, name, Value::Number(now * 2.0));
}

fn more_memory(drafts: &mut Drafts<'_>, id: ComponentId) {
    let Some(now) = drafts.design.component(id).parameters.size("memory") else { return };
    let (was, then) = (format_bytes(now), format_bytes(now * 2.0));
    let text = format!("twice the memory of {} ({was} -> {then} each)", drafts.name(id));
    drafts.set(text, id, "memory", Value::Size(now * 2.0));
}

fn switch_on(drafts: &mut Drafts<'_>, id: ComponentId, name: &str, what: &str) {
    let word = drafts.design.component(id).parameters.word(name);
    if word.is_none_or(|word| matches!(word, "no" | "false" | "off")) {
        let text = format!("{what} {}", drafts.name(id));
        drafts.set(text, id, name, Value::Word("yes".to_owned()));
    }
}
