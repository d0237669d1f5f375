//! From a design to a network: parameters become numbers of the engine, visits become sites and flat programs, arrows become delays and
//! policies. Total: whatever a design says, the result can be run; what was assumed or left out is in its notes.

mod link;
mod own;
mod path;
mod station;
mod tail;

use std::sync::Arc;

use super::{
    Options, miniature,
    network::{FlowPlan, LoadPlan, Network, Spacing},
    sampler::{Sampler, Time},
};
use crate::{
    design::{Arrivals, ComponentId, Design, Flow, Load, RecordedArrivals, Recording},
    rng::Zipf,
};

/// A flow that calls deeper than this is cut off.
const DEEPEST: u32 = 256;
/// A flow that visits more places than this is cut off.
const MOST_SITES: usize = 20_000;
/// Users of a closed loop.
const MOST_USERS: u32 = 2_000_000;
/// Requests a second of one flow: a nanosecond apart.
const MOST_RATE: f64 = 1e9;

/// A network in the making.
struct Lowering<'a> {
    design: &'a Design,
    options: &'a Options,
    network: Network,
    /// Whether anything on the present flow's way looks at the key.
    keyed: bool,
    /// Whether the present flow hands something over.
    hands_over: bool,
    /// Requests a second of the present flow.
    rate: f64,
    /// Bytes that a request of the present flow carries, and its priority.
    size: f64,
    priority: Option<u32>,
    /// Links of limited bandwidth.
    pipes: Vec<(ComponentId, ComponentId)>,
}

/// Lowers a design.
pub(super) fn lower(design: &Design, options: &Options) -> Network {
    let network = Network { scenario: design.scenario.clone(), ..Network::default() };
    let mut lowering = Lowering {
        design,
        options,
        network,
        keyed: false,
        hands_over: false,
        rate: 0.0,
        size: 0.0,
        priority: None,
        pipes: Vec::new(),
    };
    for id in design.component_ids() {
        lowering.station(id);
    }
    for flow in &design.flows {
        lowering.flow(flow);
    }
    lowering.network.end = lowering.emit(super::network::Step::End);
    tail::mark(&mut lowering.network);
    miniature::shrink(&mut lowering.network, options);
    lowering.network
}

impl Lowering<'_> {
    fn note(&mut self, note: String) {
        if !self.network.notes.contains(&note) {
            self.network.notes.push(note);
        }
    }

    fn name(&self, id: ComponentId) -> &str {
        &self.design.component(id).name
    }

    fn flow(&mut self, flow: &Flow) {
        self.keyed = false;
        self.hands_over = false;
        let (load, rate) = self.load_plan(flow);
        self.rate = rate;
        self.size = flow.parameters.size("size").filter(|size| *size > 0.0).unwrap_or(0.0);
        self.priority = station::count(&flow.parameters, "priority", 7.0);
        let root = self.site(&flow.root, flow.root.component, &path::Way::start());
        let call = self.only_call(root);
        self.network.flows.push(FlowPlan {
            name: flow.name.clone(),
            load,
            keys: flow.keys.clone(),
            zipf: Zipf::new(flow.keys.keys, flow.keys.zipf),
            keyed: self.keyed,
            call,
            root,
            targets: flow.targets.clone(),
            hands_over: self.hands_over,
            stands_for: 1.0,
        });
    }

    /// The lane of a constant delay; `NONE` for no delay.
    fn lane(&mut self, kind: super::network::LaneKind, delay: Time) -> u32 {
        self.network.lane(kind, delay)
    }
}

impl Lowering<'_> {
    /// How requests arrive, and about how many a second.
    fn load_plan(&mut self, flow: &Flow) -> (LoadPlan, f64) {
        if let Load::Open { rate, arrivals: Arrivals::Recorded(recorded) } = &flow.load {
            let rate = sane(*rate);
            return (LoadPlan::Open { rate, arrivals: self.recorded(&flow.name, recorded, rate) }, rate);
        }
        load_plan(&flow.load)
    }

    /// Arrivals from a file, scaled to a mean rate.
    fn recorded(&mut self, flow: &str, recorded: &RecordedArrivals, rate: f64) -> Spacing {
        let Some(recording) = &recorded.recording else {
            self.note(format!("{} was not read: requests of {flow} come by chance, {rate}/s", recorded.file));
            return Spacing::Poisson;
        };
        let (length, run) = (recording.length_s(), self.options.simulated_s);
        match **recording {
            Recording::Moments(_) if length < run => {
                self.note(format!("the arrivals of {} end at {length:.1} s: nothing comes after", recorded.file));
            }
            _ if length > run => self.note(format!("of {} the first {run:.0} of {length:.0} s are run", recorded.file)),
            _ => {}
        }
        self.network.recordings.push(Arc::clone(recording));
        let mean = recording.mean_rate();
        let scale = if mean > 0.0 { rate / mean } else { 0.0 };
        Spacing::Recorded { recording: self.network.recordings.len() as u32 - 1, scale }
    }
}

/// A rate that can be simulated.
fn sane(rate: f64) -> f64 {
    if rate.is_finite() { rate.clamp(0.0, MOST_RATE) } else { 0.0 }
}

/// How requests arrive that come from no file, and about how many a second.
fn load_plan(load: &Load) -> (LoadPlan, f64) {
    match load {
        Load::Open { rate, arrivals } => {
            let rate = sane(*rate);
            let arrivals = match *arrivals {
                Arrivals::Fixed => Spacing::Fixed,
                Arrivals::Batch(size) => Spacing::Batch(size.clamp(1, 100_000)),
                Arrivals::Diurnal { peak, period } if period > 0.0 => {
                    Spacing::Diurnal { peak: peak.clamp(1.0, 2.0), period }
                }
                Arrivals::Ramp { over } if over > 0.0 => Spacing::Ramp { over },
                Arrivals::Poisson | Arrivals::Diurnal { .. } | Arrivals::Ramp { .. } | Arrivals::Recorded(_) => {
                    Spacing::Poisson
                }
            };
            (LoadPlan::Open { rate, arrivals }, rate)
        }
        Load::Closed { users, think } => {
            let users = (*users).min(MOST_USERS);
            let pause = think.mean();
            let rate = if pause.is_finite() && pause > 0.0 { f64::from(users) / pause } else { 0.0 };
            (LoadPlan::Closed { users, think: Sampler::of(think) }, rate)
        }
    }
}
