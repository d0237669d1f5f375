//! A cache before a store that is read without one.

use super::{Drafts, each_action};
use crate::design::{Action, Component, ComponentId, Design, Kind, Operation, Technology, Visit};
use crate::sim::Report;

/// The share of its servers that a new cache is to be busy.
const BUSY: f64 = 0.5;

/// Tries a cache before the store, if it is one that is read without.
pub(super) fn before_store(drafts: &mut Drafts<'_>, store: ComponentId) {
    let design = drafts.design;
    if !matches!(design.component(store).kind, Kind::Sql | Kind::Kv) {
        return;
    }
    let Some(card) = drafts.catalogue.default_of(Kind::Cache) else { return };
    let mut changed = design.clone();
    let cache = ComponentId(changed.components.len() as u32);
    let mut inserted = 0;
    for flow in &mut changed.flows {
        put_before(&mut flow.root, design, (store, cache), &mut inserted);
    }
    if inserted == 0 {
        return;
    }
    let component = component(design, store, card, instances(card, drafts.report, store));
    let count = if component.instances > 1 { format!(" x{}", component.instances) } else { String::new() };
    let text = format!("a cache before {} ({}{count})", drafts.name(store), card.id);
    drafts.add(text, store, |design| {
        *design = changed;
        design.components.push(component);
    });
}

fn component(design: &Design, store: ComponentId, card: &Technology, instances: u32) -> Component {
    let store = design.component(store);
    let mut name = format!("{}-cache", store.name);
    while design.find(&name).is_some() {
        name.push('\'');
    }
    Component {
        name,
        kind: Kind::Cache,
        technology: Some(card.id.clone()),
        instances,
        parameters: card.parameters.clone(),
        region: store.region,
        span: store.span,
    }
}

/// As many instances as bear what reaches the store now.
fn instances(card: &Technology, report: &Report, store: ComponentId) -> u32 {
    let arrivals = report.components.get(store.0 as usize).map_or(0.0, |measured| measured.arrivals_per_s);
    let read = card.parameters.distribution("read").map_or(0.0, |read| read.mean());
    let servers = card.parameters.number("concurrency").unwrap_or(1.0).max(1.0);
    let needed = arrivals * read / (servers * BUSY);
    if needed.is_finite() { needed.ceil().clamp(1.0, 1000.0) as u32 } else { 1 }
}

/// Puts the cache's visit around every read of the store that no cache answers before.
fn put_before(visit: &mut Visit, design: &Design, arrow: (ComponentId, ComponentId), inserted: &mut u32) {
    let (store, cache) = arrow;
    let cached = design.components.get(visit.component.0 as usize).is_some_and(|component| component.kind.caches());
    each_action(&mut visit.then, &mut |action| {
        let (Action::Call(next) | Action::HandOver(next)) = action else { return };
        let reads = matches!(next.operation, Operation::Read | Operation::Search);
        if next.component == store && reads && !cached {
            let miss = next.clone();
            next.component = cache;
            next.then = vec![Action::Call(miss)];
            *inserted += 1;
        } else {
            put_before(next, design, arrow, inserted);
        }
    });
}
