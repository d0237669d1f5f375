//! What an interviewer would ask about a design that is otherwise understood.
//!
//! Each check looks at the resolved design alone and speaks only of what is certain: it warns where the design can't do what it says, and
//! notes what a good answer would mention.

mod latency;
mod paths;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Catalogue, Component, ComponentId, Design, Kind, Link, Metric, Network, Operation, RegionId, Source, diagnostics,
};
use crate::source::Diagnostic;
use paths::{Step, steps};

/// Everything there is to say about a design.
pub(super) fn check(design: &Design, catalogue: &Catalogue) -> Vec<Diagnostic> {
    let steps: Vec<Vec<Step>> = design.flows.iter().map(|flow| steps(&flow.root)).collect();
    let facts = Facts::of(design, catalogue.network(), &steps);
    let mut found = Vec::new();
    found.extend(facts.unreached());
    found.extend(facts.caches_that_are_only_written());
    found.extend(facts.queues_waited_for());
    found.extend(facts.idle_consumers());
    found.extend(facts.single_points_of_failure());
    found.extend(facts.timeouts_longer_than_the_callers());
    found.extend(facts.retries_without_budget());
    found.extend(facts.scattered_reads());
    found.extend(facts.reads_behind_hand_overs());
    found.extend(facts.targets_below_the_floor());
    found
}

/// The least time that each flow of a design takes, seconds: the network's round trips and what is fixed of each component's work. No
/// request can be faster; hits of caches are taken, and the quickest of any choice.
pub fn floors(design: &Design, network: Network) -> Vec<f64> {
    let facts = Facts::of(design, network, &[]);
    design.flows.iter().map(|flow| latency::floor(&facts, &flow.root)).collect()
}

/// A tight target, seconds: a queue in front of the answer has no place under it.
const TIGHT: f64 = 0.5;

/// The design with what the checks look up again and again.
struct Facts<'a> {
    design: &'a Design,
    network: Network,
    links: BTreeMap<(ComponentId, ComponentId), &'a Link>,
    /// Round trips between regions, both ways.
    distances: BTreeMap<(RegionId, RegionId), f64>,
    /// The steps of each flow.
    steps: &'a [Vec<Step<'a>>],
}

impl<'a> Facts<'a> {
    fn of(design: &'a Design, network: Network, steps: &'a [Vec<Step<'a>>]) -> Self {
        let links = design.links.iter().map(|link| ((link.from, link.to), link)).collect();
        let distances = design
            .region_links
            .iter()
            .flat_map(|link| [(link.a, link.b), (link.b, link.a)].map(|ends| (ends, link.round_trip)));
        Self { design, network, links, distances: distances.collect(), steps }
    }
}

impl Facts<'_> {
    fn all_steps(&self) -> impl Iterator<Item = &Step<'_>> {
        self.steps.iter().flatten()
    }

    fn component(&self, id: ComponentId) -> &Component {
        self.design.component(id)
    }

    /// Components that no flow reaches.
    fn unreached(&self) -> Vec<Diagnostic> {
        if self.design.flows.is_empty() {
            return Vec::new();
        }
        let reached: BTreeSet<ComponentId> = self
            .all_steps()
            .map(|step| step.visit.component)
            .chain(self.design.flows.iter().map(|flow| flow.root.component))
            .collect();
        let left = self.design.component_ids().filter(|id| !reached.contains(id));
        left.map(|id| diagnostics::unreached(self.component(id).span, &self.component(id).name)).collect()
    }

    /// Caches that every flow writes to and none reads from.
    fn caches_that_are_only_written(&self) -> Vec<Diagnostic> {
        // With write-through a write answers from the cache: counters and filters live there, and their writes tell what was there.
        let counts = |id: &ComponentId| self.component(*id).parameters.word("strategy") == Some("write-through");
        let mut visited = BTreeSet::new();
        let mut read = BTreeSet::new();
        for step in self.all_steps().filter(|step| self.component(step.visit.component).kind.caches()) {
            visited.insert(step.visit.component);
            if matches!(step.visit.operation, Operation::Read | Operation::Search) {
                read.insert(step.visit.component);
            }
        }
        visited
            .difference(&read)
            .filter(|id| !counts(id))
            .map(|&id| diagnostics::only_written(self.component(id).span, &self.component(id).name))
            .collect()
    }

    /// Queues whose consumers a flow with a tight target waits for.
    fn queues_waited_for(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for (flow, steps) in self.design.flows.iter().zip(self.steps) {
            let latency = |metric: &Metric| {
                matches!(metric, Metric::LatencyPercentile(_) | Metric::LatencyMean | Metric::LatencyMax)
            };
            let Some(target) = flow.targets.iter().find(|target| latency(&target.metric) && target.bound <= TIGHT)
            else {
                continue;
            };
            for step in steps.iter().filter(|step| step.waited_for && !step.visit.then.is_empty()) {
                let component = self.component(step.visit.component);
                if component.kind.buffers() {
                    found.push(diagnostics::queue_waited_for(
                        step.visit.span,
                        &component.name,
                        &target.text,
                        target.span,
                    ));
                }
            }
        }
        found
    }

    /// More consumers than a stream has partitions.
    fn idle_consumers(&self) -> Vec<Diagnostic> {
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for step in self.all_steps() {
            let (Some(from), to) = (step.caller, step.visit.component) else { continue };
            let (stream, consumer) = (self.component(from), self.component(to));
            let Some(partitions) = stream.parameters.number("partitions").filter(|_| stream.kind == Kind::Stream)
            else {
                continue;
            };
            if f64::from(consumer.instances) > partitions && told.insert((from, to)) {
                let (span, name, stream) = (consumer.span, &consumer.name, &stream.name);
                found.push(diagnostics::idle_consumers(span, name, consumer.instances, stream, partitions));
            }
        }
        found
    }

    /// Single instances that no request of any flow gets round: a warning where a target speaks of availability, else a note.
    fn single_points_of_failure(&self) -> Vec<Diagnostic> {
        let fragile = |id: &ComponentId| {
            let component = self.component(*id);
            let kind = matches!(
                component.kind,
                Kind::LoadBalancer | Kind::Gateway | Kind::Service | Kind::Sql | Kind::Coordinator | Kind::Push
            );
            kind && component.instances == 1 && component.parameters.number("replicas").unwrap_or(0.0) < 1.0
        };
        let needed = self.design.flows.iter().map(|flow| paths::needed(&flow.root.then));
        let Some(of_all) = needed.reduce(|all, of_flow| &all & &of_flow) else { return Vec::new() };
        let single: Vec<&str> =
            of_all.iter().filter(|id| fragile(id)).map(|id| self.component(*id).name.as_str()).collect();
        let Some(flow) = self.design.flows.first().filter(|_| !single.is_empty()) else { return Vec::new() };
        let mut targets = self.design.flows.iter().flat_map(|flow| &flow.targets);
        let promised = targets.find(|target| target.metric == Metric::Availability);
        vec![diagnostics::single_points(promised.map_or(flow.span, |target| target.span), &single, promised.is_some())]
    }

    /// A callee that may take longer than its caller's caller waits.
    fn timeouts_longer_than_the_callers(&self) -> Vec<Diagnostic> {
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for step in self.all_steps().filter(|step| step.waited_for) {
            let (Some(from), Some((outer_from, outer_to))) = (step.caller, step.outer) else { continue };
            let timeout = |from, to| {
                let link = self.links.get(&(from, to)).map(|link| (link.span, &link.parameters));
                let of_link = link.and_then(|(span, parameters)| Some((span, parameters.duration("timeout")?)));
                let caller = Some(self.component(from)).filter(|caller| caller.kind == Kind::Client);
                of_link.or_else(|| Some((caller?.span, caller?.parameters.duration("timeout")?)))
            };
            if let (Some((span, inner)), Some((outer_span, outer))) =
                (timeout(from, step.visit.component), timeout(outer_from, outer_to))
                && inner >= outer
                && told.insert((from, step.visit.component))
            {
                let caller = &self.component(outer_from).name;
                found.push(diagnostics::timeout_too_long(span, caller, outer_span));
            }
        }
        found
    }

    /// Retries that nothing bounds.
    fn retries_without_budget(&self) -> Vec<Diagnostic> {
        let unbounded = self.design.links.iter().filter(|link| {
            let retries = link.parameters.number("retry").unwrap_or(0.0);
            retries >= 1.0 && link.parameters.get("budget").is_none() && link.parameters.get("breaker").is_none()
        });
        unbounded
            .map(|link| diagnostics::unbounded_retries(link.span, link.parameters.number("retry").unwrap_or(1.0)))
            .collect()
    }

    /// Reads by another key than the one that the store is divided by.
    fn scattered_reads(&self) -> Vec<Diagnostic> {
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for (flow, steps) in self.design.flows.iter().zip(self.steps) {
            let keys = parameters_of(&flow.name);
            if keys.is_empty() {
                continue;
            }
            for step in steps.iter().filter(|step| step.visit.operation == Operation::Read) {
                let store = self.component(step.visit.component);
                let Some(by) = store.parameters.word("by").filter(|_| store.kind != Kind::Stream) else { continue };
                let by_design =
                    store.parameters.parameter("by").is_some_and(|by| matches!(by.source, Source::Design(_)));
                let related = keys.iter().any(|key| is_related(key, by));
                if by_design && !related && told.insert((&flow.name, step.visit.component)) {
                    found.push(diagnostics::scattered_read(step.visit.span, &flow.name, &store.name, by));
                }
            }
        }
        found
    }

    /// A read flow whose asynchronous part ends in reads: what is handed over is usually stored.
    fn reads_behind_hand_overs(&self) -> Vec<Diagnostic> {
        let mut told = BTreeSet::new();
        let mut found = Vec::new();
        for (flow, steps) in self.design.flows.iter().zip(self.steps) {
            if flow.operation != Operation::Read {
                continue;
            }
            for step in steps.iter().filter(|step| !step.waited_for && step.visit.operation == Operation::Read) {
                let store = self.component(step.visit.component);
                let stores = matches!(store.kind, Kind::Sql | Kind::Kv | Kind::Search | Kind::Blob);
                if stores && told.insert(step.visit.component) {
                    found.push(diagnostics::reads_later(step.visit.span, &store.name));
                }
            }
        }
        found
    }

    /// Targets that the way alone takes longer than.
    fn targets_below_the_floor(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for flow in &self.design.flows {
            let floor = latency::floor(self, &flow.root);
            for target in &flow.targets {
                let latency = matches!(target.metric, Metric::LatencyPercentile(p) if p >= 50.0)
                    || matches!(target.metric, Metric::LatencyMean | Metric::LatencyMax);
                if latency && floor > target.bound {
                    found.push(diagnostics::below_the_floor(target.span, &target.text, floor));
                }
            }
        }
        found
    }
}

/// The parameters in an endpoint: `code` of `GET /{code}`, `id` of `/users/:id`.
fn parameters_of(name: &str) -> Vec<String> {
    let segments = name.split(['/', '?', '&', ' ', '=']);
    let found = segments.filter_map(|segment| {
        let braces = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        braces.or_else(|| segment.strip_prefix(':')).or_else(|| segment.strip_prefix('<')?.strip_suffix('>'))
    });
    found.map(str::to_lowercase).collect()
}

/// Whether a parameter may be the key: one's words are among the other's.
fn is_related(parameter: &str, key: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let (parameter, key) = (plain(parameter), plain(key));
    parameter.contains(&key) || key.contains(&parameter) || parameter == "id"
}
