//! Random designs: whatever is put together runs to its end, counts each request once and leaves nothing behind.

use dryrun::{
    design::{
        Action, Arrivals, ComponentId, Distribution, Fault, FlowId, Kind, Load, Operation, Place, Popularity,
        ScenarioEvent, Value,
        schema::{self, Attribute, ValueKind},
    },
    rng::Stream,
    sim::{Options, Simulation},
    source::Span,
};

use super::sketch::{Sketch, number, visit, word};

/// Simulated seconds under load, and in all.
const LOADED: f64 = 4.0;
const ALL: f64 = 200.0;

struct Random(Stream);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0.below(n)
    }

    fn chance(&mut self, share: f64) -> bool {
        self.0.chance(share)
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize].clone()
    }

    fn seconds(&mut self, least: f64, most: f64) -> f64 {
        least * (most / least).powf(self.0.uniform())
    }

    fn duration(&mut self, least: f64, most: f64) -> Value {
        Value::Duration(self.seconds(least, most))
    }

    fn distribution(&mut self) -> Value {
        let mean = self.seconds(1e-5, 2e-2);
        Value::Distribution(match self.below(6) {
            0 => Distribution::Fixed(mean),
            1 => Distribution::Lognormal { p50: mean, p99: mean * 6.0 },
            2 => Distribution::Uniform { low: 0.0, high: 2.0 * mean },
            3 => Distribution::Erlang { k: 3, mean },
            4 => Distribution::Pareto { min: mean / 2.0, shape: 2.5 },
            _ => Distribution::Exponential { mean },
        })
    }

    fn count(&mut self, least: u64, most: u64) -> Value {
        number((least + self.below(most - least + 1)) as f64)
    }

    /// A value of an attribute, of a size that keeps a run short.
    fn value(&mut self, attribute: &Attribute) -> Value {
        match attribute.value {
            ValueKind::Distribution => self.distribution(),
            ValueKind::Size => {
                Value::Size(if attribute.name == "memory" { self.seconds(1e3, 1e7) } else { self.seconds(10.0, 1e4) })
            }
            ValueKind::Bandwidth => Value::Bandwidth(self.seconds(1e5, 1e9)),
            ValueKind::Rate => Value::Rate(self.seconds(10.0, 5000.0)),
            ValueKind::Ratio => Value::Ratio(self.0.uniform() * 0.5 + 0.01),
            ValueKind::Flag => word(if self.chance(0.5) { "yes" } else { "no" }),
            ValueKind::Word if attribute.choices.is_empty() => word("key"),
            ValueKind::Word => word(attribute.choices[self.below(attribute.choices.len() as u64) as usize]),
            ValueKind::Money => Value::Money(10.0),
            ValueKind::Duration if matches!(attribute.name, "heartbeat" | "interval") => self.duration(1.0, 10.0),
            ValueKind::Duration => self.duration(1e-3, 2.0),
            ValueKind::Number => match attribute.name {
                "queue" | "depth" | "connections" | "pool" | "bulkhead" | "rows" | "keys" | "clients" => {
                    self.count(1, 200)
                }
                "partitions" | "fan-out" | "prefixes" | "vnodes" | "receives" | "burst" | "max" | "cores" => {
                    self.count(1, 12)
                }
                _ => self.count(0, 4),
            },
        }
    }

    /// Some of the parameters of a kind.
    fn parameters(&mut self, kind: Kind) -> Vec<(&'static str, Value)> {
        let mut values = Vec::new();
        for attribute in schema::attributes(kind) {
            // A message that always fails comes back for as long as it may.
            if self.chance(0.6) || attribute.name == "receives" {
                values.push((attribute.name, self.value(attribute)));
            }
        }
        if self.chance(0.2) {
            values.push(("errors", Value::Ratio(0.1)));
        }
        values
    }

    fn link(&mut self) -> Vec<(&'static str, Value)> {
        let mut values = Vec::new();
        for name in ["timeout", "backoff", "hedge", "pool-wait", "latency", "breaker-window", "breaker-open"] {
            if self.chance(0.3) {
                values.push((name, self.duration(1e-3, 0.5)));
            }
        }
        for name in ["retry", "pool", "bulkhead"] {
            if self.chance(0.3) {
                values.push((name, self.count(1, 6)));
            }
        }
        for name in ["budget", "breaker", "loss"] {
            if self.chance(0.2) {
                values.push((name, Value::Ratio(self.0.uniform() * 0.5)));
            }
        }
        if self.chance(0.2) {
            values.push(("bandwidth", Value::Bandwidth(self.seconds(2e6, 1e8))));
        }
        values
    }

    /// What a component does: calls to components after it, so that no path goes in circles.
    fn actions(&mut self, after: u32, count: u32, depth: u32) -> Vec<Action> {
        if after + 1 >= count || depth > 5 {
            return Vec::new();
        }
        let length = if depth == 0 { 1 + self.below(2) } else { self.below(3) };
        (0..length).map(|_| self.action(after, count, depth)).collect()
    }

    fn action(&mut self, after: u32, count: u32, depth: u32) -> Action {
        let next = after + 1 + self.below(u64::from(count - after - 1)) as u32;
        let operation =
            self.pick(&[Operation::Read, Operation::Write, Operation::Read, Operation::Delete, Operation::Search]);
        match self.below(10) {
            0 => Action::HandOver(visit(ComponentId(next), operation, self.actions(next, count, depth + 1))),
            1 => {
                let branches: Vec<_> = (0..2 + self.below(2)).map(|_| self.actions(after, count, depth + 2)).collect();
                Action::AtOnce { need: 1 + self.below(branches.len() as u64) as u32, branches }
            }
            2 => Action::OneOf((0..2).map(|_| (self.0.uniform(), self.actions(after, count, depth + 2))).collect()),
            3 => Action::Repeat {
                times: 1 + self.below(4) as u32,
                at_once: self.chance(0.5),
                actions: self.actions(after, count, depth + 2),
            },
            _ => Action::Call(visit(ComponentId(next), operation, self.actions(next, count, depth + 1))),
        }
    }

    fn fault(&mut self, components: u32) -> Fault {
        let component = ComponentId(1 + self.below(u64::from(components - 1)) as u32);
        let other = ComponentId(1 + self.below(u64::from(components - 1)) as u32);
        let place = match self.below(3) {
            0 => Place::Component(component),
            1 => Place::Instance(component, self.below(3) as u32),
            _ => Place::Zone(self.below(3) as u32),
        };
        match self.below(16) {
            0..=3 => Fault::Kill(place),
            4 => Fault::Slow { place, factor: 4.0 },
            5 => Fault::Pause(place),
            6 => Fault::Partition(place, Place::Component(other)),
            7 => Fault::Delay { from: component, to: other, by: 0.1 },
            8 => Fault::Lose { from: component, to: other, ratio: 0.2 },
            9 => Fault::Errors { place, ratio: 0.3 },
            10 => Fault::Flush(component),
            11 => Fault::HotKey { flow: FlowId(0), share: 0.5 },
            12 => Fault::Spike { flow: None, factor: 3.0 },
            13 => Fault::Fill(component),
            14 => Fault::Deploy(component),
            _ => Fault::Ramp { flow: Some(FlowId(0)), factor: 2.0 },
        }
    }

    fn sketch(&mut self) -> Sketch {
        let mut sketch = Sketch::new();
        let count = 2 + self.below(7) as u32;
        for at in 1..count {
            let kind = self.pick(&Kind::ALL[1..]);
            let values = self.parameters(kind);
            let instances = 1 + self.below(4) as u32;
            sketch.component(&format!("c{at}"), kind, instances, &values);
        }
        for _ in 0..self.below(5) {
            let (from, to) = (self.below(u64::from(count)) as u32, 1 + self.below(u64::from(count - 1)) as u32);
            let values = self.link();
            sketch.link(ComponentId(from), ComponentId(to), &values);
        }
        for _ in 0..=self.below(2) {
            let actions = self.actions(0, count, 0);
            let rate = self.seconds(5.0, 400.0);
            let arrivals = match self.below(5) {
                0 => Arrivals::Fixed,
                1 => Arrivals::Batch(5),
                2 => Arrivals::Diurnal { peak: 1.8, period: 3.0 },
                3 => Arrivals::Ramp { over: 2.0 },
                _ => Arrivals::Poisson,
            };
            let flow = sketch.load(Load::Open { rate, arrivals }, actions);
            let keys = [1.0, 50.0, 1e4, 1e7][self.below(4) as usize];
            flow.keys = Popularity { keys, zipf: self.below(3) as f64 * 0.6, hot: 0.0 };
            flow.parameters.set("size", Value::Size(2000.0), dryrun::design::Source::Design(Span::default()));
        }
        for _ in 0..self.below(4) {
            let fault = self.fault(count);
            let event = ScenarioEvent {
                at: self.0.uniform() * LOADED,
                duration: Some(1.0),
                fault,
                text: String::new(),
                span: Span::default(),
            };
            sketch.design.scenario.push(event);
        }
        let stop = Fault::Spike { flow: None, factor: 0.0 };
        sketch.design.scenario.push(ScenarioEvent {
            at: LOADED,
            duration: None,
            fault: stop,
            text: String::new(),
            span: Span::default(),
        });
        sketch
    }
}

/// Runs the random design of a seed.
fn check(seed: u64) {
    let mut random = Random(Stream::new(seed, 77));
    let sketch = random.sketch();
    let options = Options { simulated_s: ALL, warmup_s: 0.5, seed, ..Options::of(&sketch.design) };
    let mut simulation = Simulation::new(&sketch.design, &options);
    let mut budget = 30_000_000_u64;
    let mut half = 0;
    for step in 1..=20 {
        let reached = simulation.advance_at_most(ALL * f64::from(step) / 20.0, budget);
        assert!(reached, "seed {seed}: the run does not end\n{:#?}", sketch.design);
        let report = simulation.report();
        budget = budget.saturating_sub(report.events / 20);
        half = if step == 10 { simulation.in_flight() } else { half };
    }
    // What is left after three minutes without load is a long backlog, and gets shorter.
    let left = simulation.in_flight();
    assert!(left == 0 || left < half, "seed {seed}: {left} of {half} calls are left\n{:#?}", sketch.design);
    if left > 0 {
        return;
    }
    let report = simulation.report();
    assert!(report.finished, "seed {seed}");
    for (flow, plan) in report.flows.iter().zip(&sketch.design.flows) {
        let failed: u64 = flow.errors.iter().map(|error| error.count).sum();
        let offered = (flow.offered_per_s * report.simulated_s).round() as u64;
        assert_eq!(offered, failed + flow.latency.count, "seed {seed}: {plan:?}");
    }
}

#[test]
fn random_designs_end_and_leave_nothing_behind() {
    for seed in 0..150 {
        check(seed);
    }
}
