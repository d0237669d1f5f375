//! Designs put together in code, for theory and benches.

use dryrun::{
    design::{
        Action, Arrivals, Component, ComponentId, Design, Distribution, Flow, Kind, Link, Load, Operation, Parameters,
        Popularity, Source, Value, Visit,
    },
    sim::{Options, Report, run},
    source::Span,
};

/// A design in the making; its first component is the client.
pub struct Sketch {
    pub design: Design,
}

/// Named values.
pub type Values<'a> = &'a [(&'a str, Value)];

/// An exponential length of time in milliseconds.
pub fn exp_ms(mean: f64) -> Value {
    Value::Distribution(Distribution::Exponential { mean: mean / 1e3 })
}

/// A fixed length of time in milliseconds.
pub fn fixed_ms(value: f64) -> Value {
    Value::Duration(value / 1e3)
}

/// A count.
pub fn number(value: f64) -> Value {
    Value::Number(value)
}

/// A word.
pub fn word(value: &str) -> Value {
    Value::Word(value.to_string())
}

fn parameters(values: Values) -> Parameters {
    let mut parameters = Parameters::default();
    for (name, value) in values {
        parameters.set(*name, value.clone(), Source::Design(Span::default()));
    }
    parameters
}

/// A call to a component that then does this.
pub fn call(component: ComponentId, then: Vec<Action>) -> Action {
    Action::Call(visit(component, Operation::Read, then))
}

/// A visit.
pub fn visit(component: ComponentId, operation: Operation, then: Vec<Action>) -> Visit {
    Visit { component, operation, then, span: Span::default() }
}

impl Sketch {
    pub fn new() -> Self {
        let mut sketch = Self { design: Design::default() };
        sketch.design.settings.free_network = true;
        sketch.component("users", Kind::Client, 1, &[]);
        sketch
    }

    pub fn component(&mut self, name: &str, kind: Kind, instances: u32, values: Values) -> ComponentId {
        self.design.components.push(Component {
            name: name.to_string(),
            kind,
            technology: None,
            instances,
            parameters: parameters(values),
            region: None,
            span: Span::default(),
        });
        ComponentId(self.design.components.len() as u32 - 1)
    }

    /// A flow of Poisson arrivals.
    pub fn flow(&mut self, rate: f64, actions: Vec<Action>) -> &mut Flow {
        self.load(Load::Open { rate, arrivals: Arrivals::Poisson }, actions)
    }

    pub fn load(&mut self, load: Load, actions: Vec<Action>) -> &mut Flow {
        let at = self.design.flows.len();
        self.design.flows.push(Flow {
            name: format!("flow {at}"),
            operation: Operation::Read,
            load,
            keys: Popularity { keys: 1.0, zipf: 0.0, hot: 0.0 },
            parameters: Parameters::default(),
            targets: Vec::new(),
            root: visit(ComponentId(0), Operation::Read, actions),
            span: Span::default(),
        });
        &mut self.design.flows[at]
    }

    pub fn link(&mut self, from: ComponentId, to: ComponentId, values: Values) {
        self.design.links.push(Link { from, to, parameters: parameters(values), span: Span::default() });
    }

    /// Runs it for so many simulated seconds after a warm-up.
    pub fn run(&self, simulated_s: f64, warmup_s: f64) -> Report {
        run(&self.design, &Options { simulated_s, warmup_s, seed: 1, ..Options::of(&self.design) })
    }
}

/// A service of one server, or of several behind one queue, that takes this long.
pub fn pool(sketch: &mut Sketch, name: &str, servers: u32, work: Value) -> ComponentId {
    let values = [("work", work), ("cores", number(f64::from(servers))), ("queue", number(1e7))];
    sketch.component(name, Kind::Service, 1, &values)
}

/// The web tier of the engine's notes: a balancer over `k` times 8 servers of 4, a cache, and for a tenth of the requests a database.
pub fn web_tier(k: u32) -> Sketch {
    let mut sketch = Sketch::new();
    let lb = sketch.component("lb", Kind::LoadBalancer, 1, &[("policy", word("least-connections"))]);
    let values = [("work", exp_ms(5.0)), ("cores", number(4.0)), ("queue", number(1e7))];
    let app = sketch.component("app", Kind::Service, 8 * k, &values);
    let cache = pool(&mut sketch, "cache", 1, exp_ms(0.1 / f64::from(k)));
    let db = pool(&mut sketch, "db", 16 * k, exp_ms(25.0));
    let miss = Action::OneOf(vec![(0.1, vec![call(db, vec![])]), (0.9, vec![])]);
    let path = vec![call(lb, vec![call(app, vec![]), call(cache, vec![]), miss])];
    sketch.flow(5120.0 * f64::from(k), path);
    sketch
}
