//! Single changes worth trying on a design.

use crate::design::{Action, Catalogue, Component, ComponentId, Design, Kind, Link, Parameters, Source, Value, Visit};
use crate::source::Span;

/// Replicas that are worth trying.
const MOST_REPLICAS: f64 = 15.0;

/// A change and the design with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// In words: `twice the instances of api (12 -> 24)`.
    pub text: String,
    /// The component it is about; of a link, the caller.
    pub component: ComponentId,
    /// The design with the change.
    pub design: Design,
}

/// Every change worth trying, in the design's order. The catalogue says what a new cache would be like.
pub fn changes(design: &Design, catalogue: &Catalogue) -> Vec<Change> {
    let mut changes = Vec::new();
    for id in design.component_ids() {
        instances(design, id, &mut changes);
        parameters(design, id, &mut changes);
        new_cache(design, id, catalogue, &mut changes);
    }
    for (from, to) in arrows(design) {
        links(design, from, to, &mut changes);
        hand_over(design, from, to, &mut changes);
    }
    changes
}

/// Whether more instances of a kind carry more load.
fn is_replicable(kind: Kind) -> bool {
    !matches!(kind, Kind::Client | Kind::External | Kind::Sql | Kind::Search | Kind::Coordinator | Kind::Blob)
}

fn instances(design: &Design, id: ComponentId, changes: &mut Vec<Change>) {
    let component = design.component(id);
    if !is_replicable(component.kind) {
        return;
    }
    let (now, then) = (component.instances, component.instances.saturating_mul(2));
    let mut changed = design.clone();
    changed.components[id.0 as usize].instances = then;
    let text = format!("twice the instances of {} ({now} -> {then})", component.name);
    changes.push(Change { text, component: id, design: changed });
}

/// Changes of one number of a component.
fn parameters(design: &Design, id: ComponentId, changes: &mut Vec<Change>) {
    let component = design.component(id);
    let number = |name: &str| component.parameters.number(name);
    match component.kind {
        Kind::Sql | Kind::Search => {
            let replicas = number("replicas").unwrap_or(0.0);
            if replicas < MOST_REPLICAS {
                set(design, id, "replicas", Value::Number(replicas + 1.0), "a further replica of", changes);
            }
            let shards = number("shards").unwrap_or(1.0);
            set(design, id, "shards", Value::Number(shards * 2.0), "twice the shards of", changes);
        }
        Kind::Cache | Kind::Cdn => {
            if let Some(memory) = component.parameters.size("memory") {
                set(design, id, "memory", Value::Size(memory * 2.0), "twice the memory of", changes);
            }
            let coalesces = component.parameters.word("single-flight").is_some_and(|word| word == "yes");
            if component.kind == Kind::Cache && !coalesces {
                set(design, id, "single-flight", Value::Word("yes".to_string()), "single flight in", changes);
            }
        }
        Kind::Stream => {
            let partitions = number("partitions").unwrap_or(1.0);
            set(design, id, "partitions", Value::Number(partitions * 2.0), "twice the partitions of", changes);
        }
        _ => {}
    }
    if let Some(connections) = number("connections").filter(|_| component.kind == Kind::Sql) {
        set(design, id, "connections", Value::Number(connections * 2.0), "twice the connections of", changes);
    }
}

fn set(design: &Design, id: ComponentId, name: &str, value: Value, what: &str, changes: &mut Vec<Change>) {
    let mut changed = design.clone();
    let component = &mut changed.components[id.0 as usize];
    let text = format!("{what} {}", component.name);
    component.parameters.set(name, value, Source::Design(Span::default()));
    changes.push(Change { text, component: id, design: changed });
}

/// A cache before a store that is read without one.
fn new_cache(design: &Design, id: ComponentId, catalogue: &Catalogue, changes: &mut Vec<Change>) {
    let store = design.component(id);
    let Some(card) = catalogue.default_of(Kind::Cache).filter(|_| matches!(store.kind, Kind::Sql | Kind::Kv)) else {
        return;
    };
    let mut changed = design.clone();
    let cache = ComponentId(changed.components.len() as u32);
    let mut inserted = 0;
    for flow in &mut changed.flows {
        before(&mut flow.root, design, id, cache, &mut inserted);
    }
    if inserted == 0 {
        return;
    }
    let mut name = format!("{}-cache", store.name);
    while design.find(&name).is_some() {
        name.push('\'');
    }
    let text = format!("a cache before {}", store.name);
    changed.components.push(Component {
        name,
        kind: Kind::Cache,
        technology: Some(card.id.clone()),
        instances: 1,
        parameters: card.parameters.clone(),
        region: store.region,
        span: store.span,
    });
    changes.push(Change { text, component: id, design: changed });
}

/// Puts a cache's visit around every read of a store that no cache answers before.
fn before(visit: &mut Visit, design: &Design, store: ComponentId, cache: ComponentId, inserted: &mut u32) {
    let cached = design.components.get(visit.component.0 as usize).is_some_and(|component| component.kind.caches());
    each_call(&mut visit.then, &mut |next| {
        let reads = matches!(next.operation, crate::design::Operation::Read | crate::design::Operation::Search);
        if next.component == store && reads && !cached {
            let miss = next.clone();
            next.component = cache;
            next.then = vec![Action::Call(miss)];
            *inserted += 1;
        } else {
            before(next, design, store, cache, inserted);
        }
    });
}

/// Goes through the visits that actions make, one level deep.
fn each_call(actions: &mut [Action], then: &mut impl FnMut(&mut Visit)) {
    for action in actions {
        match action {
            Action::Call(visit) | Action::HandOver(visit) => then(visit),
            Action::AtOnce { branches, .. } => branches.iter_mut().for_each(|branch| each_call(branch, then)),
            Action::OneOf(branches) => branches.iter_mut().for_each(|(_, branch)| each_call(branch, then)),
            Action::Repeat { actions, .. } => each_call(actions, then),
        }
    }
}

/// Every arrow that some flow takes, callers before callees.
fn arrows(design: &Design) -> Vec<(ComponentId, ComponentId)> {
    fn walk(visit: &mut Visit, arrows: &mut Vec<(ComponentId, ComponentId)>) {
        let from = visit.component;
        each_call(&mut visit.then, &mut |next| {
            let arrow = (from, next.component);
            if !arrows.contains(&arrow) {
                arrows.push(arrow);
            }
            walk(next, arrows);
        });
    }
    let mut arrows = Vec::new();
    for flow in &design.flows {
        walk(&mut flow.root.clone(), &mut arrows);
    }
    arrows
}

/// Changes of one arrow's policy.
fn links(design: &Design, from: ComponentId, to: ComponentId, changes: &mut Vec<Change>) {
    let names = format!("{} -> {}", design.component(from).name, design.component(to).name);
    let link = design.link(from, to);
    let says = |name: &str| link.is_some_and(|link| link.parameters.get(name).is_some());
    let is_client = design.component(from).kind == Kind::Client;
    if says("retry") {
        policy(design, (from, to), format!("no retries on {names}"), &|parameters| parameters.remove("retry"), changes);
    }
    if !says("timeout") && !is_client {
        let set = |parameters: &mut Parameters| {
            parameters.set("timeout", Value::Duration(1.0), Source::Design(Span::default()));
        };
        policy(design, (from, to), format!("a timeout of 1 s on {names}"), &set, changes);
    }
    if let Some(pool) = link.and_then(|link| link.parameters.number("pool")) {
        let set = |parameters: &mut Parameters| {
            parameters.set("pool", Value::Number(pool * 2.0), Source::Design(Span::default()));
        };
        policy(design, (from, to), format!("twice the connections on {names}"), &set, changes);
    }
}

fn policy(
    design: &Design,
    (from, to): (ComponentId, ComponentId),
    text: String,
    set: &dyn Fn(&mut Parameters),
    changes: &mut Vec<Change>,
) {
    let mut changed = design.clone();
    match changed.links.iter_mut().find(|link| (link.from, link.to) == (from, to)) {
        Some(link) => set(&mut link.parameters),
        None => {
            let mut parameters = Parameters::default();
            set(&mut parameters);
            changed.links.push(Link { from, to, parameters, span: Span::default() });
        }
    }
    changes.push(Change { text, component: from, design: changed });
}

/// A call whose answer decides nothing is made a hand-over: writes, from anything but a client or a balancer.
fn hand_over(design: &Design, from: ComponentId, to: ComponentId, changes: &mut Vec<Change>) {
    let passes_on =
        matches!(design.component(from).kind, Kind::Client | Kind::LoadBalancer | Kind::Cdn | Kind::Gateway);
    if passes_on || design.component(to).kind.caches() {
        return;
    }
    let mut changed = design.clone();
    let mut count = 0;
    for flow in &mut changed.flows {
        hand_over_writes(&mut flow.root, (from, to), &mut count);
    }
    if count > 0 {
        let text = format!("{} hands its writes over to {}", design.component(from).name, design.component(to).name);
        changes.push(Change { text, component: from, design: changed });
    }
}

fn hand_over_writes(visit: &mut Visit, (from, to): (ComponentId, ComponentId), count: &mut u32) {
    if visit.component == from {
        for action in &mut visit.then {
            if let Action::Call(next) = action
                && next.component == to
                && next.operation == crate::design::Operation::Write
            {
                *action = Action::HandOver(next.clone());
                *count += 1;
            }
        }
    }
    each_call(&mut visit.then, &mut |next| hand_over_writes(next, (from, to), count));
}
