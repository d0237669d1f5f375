//! The least time that a flow takes: the network's round trips and what is fixed of each component's work.

use super::Facts;
use crate::design::{Action, ComponentId, Distribution, Kind, Operation, Visit};

/// Seconds that no request of the flow can be faster than; hits of caches are taken, and the quickest of any choice.
pub(super) fn floor(facts: &Facts<'_>, root: &Visit) -> f64 {
    Floor { facts }.actions(root.component, &root.then)
}

struct Floor<'a> {
    facts: &'a Facts<'a>,
}

impl Floor<'_> {
    fn actions(&self, from: ComponentId, actions: &[Action]) -> f64 {
        actions.iter().map(|action| self.action(from, action)).sum()
    }

    fn action(&self, from: ComponentId, action: &Action) -> f64 {
        match action {
            Action::Call(visit) => self.round_trip(from, visit.component) + self.visit(visit),
            Action::HandOver(visit) => self.round_trip(from, visit.component),
            Action::AtOnce { need, branches } => {
                let mut times: Vec<f64> = branches.iter().map(|branch| self.actions(from, branch)).collect();
                times.sort_by(f64::total_cmp);
                times.get((*need as usize).saturating_sub(1)).copied().unwrap_or(0.0)
            }
            Action::OneOf(branches) => {
                let likely = branches.iter().filter(|(share, _)| *share > 0.0);
                let least = likely.map(|(_, branch)| self.actions(from, branch)).fold(f64::INFINITY, f64::min);
                if least.is_finite() { least } else { 0.0 }
            }
            Action::Repeat { times, at_once, actions } => {
                let rounds = if *at_once { 1.0 } else { f64::from(*times) };
                rounds * self.actions(from, actions)
            }
        }
    }

    fn visit(&self, visit: &Visit) -> f64 {
        let component = self.facts.component(visit.component);
        let reads = matches!(visit.operation, Operation::Read | Operation::Search);
        let parameter = match component.kind {
            Kind::Cache | Kind::Sql | Kind::Kv | Kind::Search | Kind::Coordinator if reads => "read",
            Kind::Cache | Kind::Sql | Kind::Kv | Kind::Search | Kind::Coordinator | Kind::Queue | Kind::Stream => {
                "write"
            }
            Kind::Blob => "first-byte",
            _ => "work",
        };
        let own = component.parameters.distribution(parameter).map_or(0.0, |distribution| least(&distribution));
        // A hit of a cache calls nobody; what a queue's consumers do comes after.
        let below = if component.kind.caches() || component.kind.buffers() {
            0.0
        } else {
            self.actions(visit.component, &visit.then)
        };
        own + below
    }

    /// What the network takes there and back.
    fn round_trip(&self, from: ComponentId, to: ComponentId) -> f64 {
        let link = self.facts.links.get(&(from, to));
        if let Some(latency) = link.and_then(|link| link.parameters.duration("latency")) {
            return latency;
        }
        let (caller, called) = (self.facts.component(from), self.facts.component(to));
        if self.facts.design.settings.free_network {
            return 0.0;
        }
        let network = self.facts.network;
        if let (Some(a), Some(b)) = (caller.region, called.region)
            && a != b
        {
            return self.facts.distances.get(&(a, b)).copied().unwrap_or(network.cross_region);
        }
        if caller.kind == Kind::Client { network.client } else { network.same_zone }
    }
}

/// The least value of a distribution, seconds.
fn least(distribution: &Distribution) -> f64 {
    match *distribution {
        Distribution::Fixed(value) => value,
        Distribution::Uniform { low, .. } => low,
        Distribution::Pareto { min, .. } => min,
        _ => 0.0,
    }
}
