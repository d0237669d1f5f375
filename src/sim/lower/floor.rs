//! What a request takes at least: the network's round trips on its way, were every machine infinitely fast and every look-up a hit.

use super::Lowering;
use crate::design::{Action, ComponentId, Design, Flow, Kind, Visit};
use crate::sim::{Options, network::Network as Lowered};

/// Deeper calls add nothing: a floor stays one.
const DEEPEST: u32 = 64;

/// The least latency of each flow, seconds: no queue, no service time, only the round trips of calls that every request waits for.
pub fn floors(design: &Design, options: &Options) -> Vec<f64> {
    let lowering = Lowering::new(design, options, Lowered::default());
    design.flows.iter().map(|flow| lowering.flow_floor(flow)).collect()
}

impl Lowering<'_> {
    fn flow_floor(&self, flow: &Flow) -> f64 {
        self.floor(&flow.root.then, flow.root.component, 0)
    }

    /// What a component waits for at least in doing `actions`.
    fn floor(&self, actions: &[Action], at: ComponentId, depth: u32) -> f64 {
        if depth >= DEEPEST {
            return 0.0;
        }
        actions.iter().map(|action| self.action_floor(action, at, depth + 1)).sum()
    }

    fn action_floor(&self, action: &Action, at: ComponentId, depth: u32) -> f64 {
        let of = |branch: &Vec<Action>| self.floor(branch, at, depth);
        match action {
            Action::Call(visit) => self.call_floor(visit, at, depth),
            Action::HandOver(_) => 0.0,
            Action::AtOnce { need, branches } => {
                let mut floors: Vec<f64> = branches.iter().map(of).collect();
                floors.sort_by(f64::total_cmp);
                floors.get((*need as usize).saturating_sub(1)).copied().unwrap_or(0.0)
            }
            Action::OneOf(branches) => branches.iter().map(|(_, branch)| of(branch)).reduce(f64::min).unwrap_or(0.0),
            Action::Repeat { times, at_once, actions } => {
                let one = of(actions);
                if *at_once { one } else { one * f64::from(*times) }
            }
        }
    }

    fn call_floor(&self, visit: &Visit, from: ComponentId, depth: u32) -> f64 {
        let to = visit.component;
        let hop = self.round_trip(from, to, &self.policy_parameters(from, to));
        // What follows a cache may be spared, and what follows a queue is not waited for.
        let waits = matches!(
            self.design.component(to).kind,
            Kind::Client | Kind::LoadBalancer | Kind::Gateway | Kind::Service | Kind::Worker
        );
        hop + if waits { self.floor(&visit.then, to, depth) } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Catalogue, Network, compile};

    /// A client 20 ms away, a zone of 1 ms, regions 100 ms apart.
    fn network() -> Network {
        Network { client: 0.020, same_zone: 0.001, same_region: 0.002, cross_region: 0.100 }
    }

    #[track_caller]
    fn check(text: &str, expected_ms: f64) {
        let compiled = compile(text, &Catalogue::new(network()));
        let options = Options::of(&compiled.design).with_network(network());
        let found = floors(&compiled.design, &options)[0] * 1e3;
        assert!((found - expected_ms).abs() < 1e-9, "{text}: {found} ms, {:?}", compiled.diagnostics);
    }

    #[test]
    fn a_floor_is_the_round_trips_that_are_waited_for() {
        check("users -> lb -> api -> db @ 5/s", 22.0);
        check("users -> lb -> api -> cache -> db @ 5/s\ncache: cache", 22.0);
        check("users -> api ~> worker @ 5/s", 20.0);
        check("users -> api -> queue -> worker @ 5/s\nqueue: queue", 21.0);
    }

    #[test]
    fn regions_and_links_of_their_own_count() {
        check("users -> api -> db @ 5/s\nregion eu: api\nregion us: db", 120.0);
        check("users -> api -> db @ 5/s\napi -> db: latency 7ms", 27.0);
        check("set network none\nusers -> api -> db @ 5/s", 0.0);
    }
}
