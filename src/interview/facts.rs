//! Facts of a design that rubric items and probes ask about: one documented list, [`FACTS`].

use super::targets::shape;
use crate::design::{Action, Component, ComponentId, Design, Kind, Operation, Parameters, Value, Visit};

/// Every fact by name, and what it says of a design. Beside these: `kind K` (or just `K`) for a kind of component on some path, and
/// `technology T`, and `flow F` for an endpoint, whatever its parameters are called. `no FACT` holds where FACT doesn't. Case is ignored, and a hyphen is a space.
pub const FACTS: &[(&str, &str)] = &[
    ("empty", "there is no component"),
    ("targets", "some flow is held to a target"),
    ("database", "a relational or key-value store is on some path"),
    ("unreached", "no flow reaches some component"),
    ("async", "work is handed over somewhere (~>)"),
    ("queue in path", "a queue or stream is called and waited for (->)"),
    ("fan-out", "calls are made at once (&)"),
    ("repeated calls", "the same call is made several times, one after the other"),
    ("replicas", "some store has replicas or a quorum of more than one"),
    ("sync replication", "some store waits for its replicas"),
    ("reads from replicas", "some store answers reads from its replicas"),
    ("shards", "some store has more than one shard or partition"),
    ("single writer", "a relational store that takes writes has a single shard"),
    ("single instance", "a service, gateway, worker or push tier on some path has one instance and no autoscaling"),
    ("single point of failure", "a component on some path has neither a second instance nor a replica"),
    ("autoscale", "something scales by itself"),
    ("ttl", "some cache or CDN lets entries expire"),
    ("invalidation", "some flow deletes from a cache"),
    ("stale cache", "a cache has neither a TTL nor an invalidation"),
    ("hot key", "some flow's keys are as uneven as Zipf 1, or have a hot one"),
    ("rate limit", "some gateway, service or external API has a limit"),
    ("timeout", "some arrow or client has a timeout"),
    ("retry", "some arrow or client retries"),
    ("retry without backoff", "some arrow or client retries at once"),
    ("backoff", "some arrow or client waits before it retries"),
    ("jitter", "some arrow or client spreads its retries"),
    ("retry budget", "some arrow limits the share of retries"),
    ("breaker", "some arrow has a circuit breaker"),
    ("hedge", "some arrow or client hedges"),
    ("bulkhead", "some arrow or service limits what one callee can take"),
    ("regions", "components stand in two regions or more"),
    ("dead letters", "some queue sets failing messages aside"),
    ("scenario", "something is made to happen while it runs"),
];

/// What holds of a design, each fact with the part of the design that shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts(Vec<(String, String)>);

impl Facts {
    /// What shows `fact`; for `no FACT`, that it isn't there. `None` if it doesn't hold.
    pub fn shows(&self, fact: &str) -> Option<String> {
        let fact = fact.strip_prefix("flow ").map_or_else(|| plain(fact), plain_flow);
        let find = |fact: &str| self.0.iter().find(|(known, _)| known == fact).map(|(_, shown)| shown.clone());
        match fact.strip_prefix("no ") {
            Some(absent) => find(absent).is_none().then(|| format!("the design has no {absent}")),
            None => find(&fact),
        }
    }

    /// All that hold, in the order of [`FACTS`] after kinds and technologies, each with what shows it.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(fact, shown)| (fact.as_str(), shown.as_str()))
    }

    fn add(&mut self, fact: &str, shown: Option<String>) {
        if let Some(shown) = shown
            && !self.0.iter().any(|(known, _)| known == fact)
        {
            self.0.push((fact.to_owned(), shown));
        }
    }
}

/// Whether `text` is a fact that problems may ask about.
pub fn is_fact(text: &str) -> bool {
    let fact = plain(text);
    let fact = fact.strip_prefix("no ").unwrap_or(&fact);
    let kind = fact.strip_prefix("kind ").unwrap_or(fact);
    ["technology ", "flow "].iter().any(|of| fact.strip_prefix(of).is_some_and(|id| !id.is_empty()))
        || FACTS.iter().any(|(known, _)| plain(known) == fact)
        || Kind::ALL.iter().any(|known| plain(known.name()) == kind)
}

fn plain_flow(name: &str) -> String {
    plain(&format!("flow {}", shape(name)))
}

/// Lower case, single spaces, no hyphens.
fn plain(text: &str) -> String {
    text.replace('-', " ").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The facts of `design`.
pub fn facts(design: &Design) -> Facts {
    let mut facts = Facts::default();
    let steps = steps(design);
    let reached = |id: ComponentId| steps.iter().any(|step| step.visit.component == id);
    for id in design.component_ids().filter(|&id| reached(id)) {
        let component = design.component(id);
        let kind = plain(component.kind.name());
        facts.add(&format!("kind {kind}"), Some(label(component)));
        facts.add(&kind, Some(label(component)));
        if let Some(technology) = &component.technology {
            facts.add(&format!("technology {}", plain(technology)), Some(label(component)));
        }
    }
    for flow in &design.flows {
        facts.add(&plain_flow(&flow.name), Some(format!("the flow {}", flow.name)));
    }
    let view = View { design, steps: &steps };
    for (fact, _) in FACTS {
        facts.add(&plain(fact), view.shows(fact));
    }
    facts
}

/// A component as one points at it: `cache (redis) x3`.
fn label(component: &Component) -> String {
    let technology = component.technology.as_deref().filter(|technology| *technology != component.name);
    let what = technology.or_else(|| Some(component.kind.name()).filter(|kind| *kind != component.name));
    let what = what.map(|what| format!(" ({what})")).unwrap_or_default();
    let count = if component.instances > 1 { format!(" x{}", component.instances) } else { String::new() };
    format!("{}{what}{count}", component.name)
}

/// A visit on some flow's way.
pub(super) struct Step<'a> {
    /// The visit.
    pub visit: &'a Visit,
    /// Who makes it; nobody the client's.
    pub from: Option<ComponentId>,
    how: How,
}

/// How a visit comes about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Call,
    HandOver,
    AtOnce,
    Repeated,
}

/// All visits of all flows. An explicit stack: a path may be longer than the machine's is deep.
pub(super) fn steps(design: &Design) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for flow in &design.flows {
        steps.push(Step { visit: &flow.root, from: None, how: How::Call });
        let mut open: Vec<(ComponentId, How, &[Action])> = vec![(flow.root.component, How::Call, &flow.root.then)];
        while let Some((from, how, actions)) = open.pop() {
            for action in actions {
                let (visit, how) = match action {
                    Action::Call(visit) => (visit, how),
                    Action::HandOver(visit) => (visit, How::HandOver),
                    Action::AtOnce { branches, .. } => {
                        open.extend(branches.iter().map(|branch| (from, How::AtOnce, branch.as_slice())));
                        continue;
                    }
                    Action::OneOf(branches) => {
                        open.extend(branches.iter().map(|(_, branch)| (from, how, branch.as_slice())));
                        continue;
                    }
                    Action::Repeat { at_once, actions, .. } => {
                        let how = if *at_once { How::AtOnce } else { How::Repeated };
                        open.push((from, how, actions.as_slice()));
                        continue;
                    }
                };
                steps.push(Step { visit, from: Some(from), how });
                open.push((visit.component, How::Call, &visit.then));
            }
        }
    }
    steps
}

/// What the single facts look at.
struct View<'a> {
    design: &'a Design,
    steps: &'a [Step<'a>],
}

impl View<'_> {
    fn shows(&self, fact: &str) -> Option<String> {
        match fact {
            "empty" => self.design.components.is_empty().then(|| "nothing is drawn".to_owned()),
            "targets" => self.target(),
            "database" => self.component(|c| matches!(c.kind, Kind::Sql | Kind::Kv)),
            "unreached" => self.unreached(),
            "async" => self.step(|step| step.how == How::HandOver),
            "queue in path" => self.step(|step| step.how != How::HandOver && self.kind(step).buffers()),
            "fan-out" => self.step(|step| step.how == How::AtOnce),
            "repeated calls" => self.step(|step| step.how == How::Repeated),
            "hot key" => self.hot_key(),
            "invalidation" => self.step(|step| step.visit.operation == Operation::Delete && self.kind(step).caches()),
            "stale cache" => self.stale_cache(),
            "single writer" => self.single_writer(),
            "regions" => self.regions(),
            "scenario" => self.design.scenario.first().map(|event| event.text.clone()),
            _ => self.of_stores(fact).or_else(|| self.of_tiers(fact)).or_else(|| self.of_policies(fact)),
        }
    }

    fn of_stores(&self, fact: &str) -> Option<String> {
        match fact {
            "replicas" => self.component(replicated),
            "sync replication" => self.component(|c| c.parameters.word("replication") == Some("sync")),
            "reads from replicas" => {
                self.component(|c| matches!(c.parameters.word("read-from"), Some("replicas" | "any")))
            }
            "shards" => self.component(|c| {
                c.kind.stores() && ["shards", "partitions"].iter().any(|name| above(&c.parameters, name, 1.0))
            }),
            "ttl" => self.component(|c| c.kind.caches() && c.parameters.duration("ttl").is_some()),
            "dead letters" => self.component(|c| c.kind == Kind::Queue && said_yes(&c.parameters, "dead-letter")),
            _ => None,
        }
    }

    fn of_tiers(&self, fact: &str) -> Option<String> {
        match fact {
            "single instance" => self.component(alone),
            "single point of failure" => self.component(|c| alone(c) || unreplicated(c)),
            "autoscale" => self.component(|c| c.parameters.get("autoscale").is_some()),
            "rate limit" => {
                let limits = |c: &Component| matches!(c.kind, Kind::Gateway | Kind::Service | Kind::External);
                self.component(|c| limits(c) && c.parameters.get("limit").is_some())
            }
            _ => None,
        }
    }

    fn of_policies(&self, fact: &str) -> Option<String> {
        let retries = |policy: &Parameters| above(policy, "retry", 0.0);
        match fact {
            "timeout" | "backoff" | "breaker" | "hedge" | "bulkhead" => self.policy(|p| p.get(fact).is_some()),
            "retry" => self.policy(retries),
            "retry without backoff" => {
                self.policy(|p| retries(p) && p.duration("backoff").is_none_or(|wait| wait <= 0.0))
            }
            "jitter" => self.policy(|p| p.word("jitter").is_some_and(|word| word != "none")),
            "retry budget" => self.policy(|p| p.get("budget").is_some()),
            _ => None,
        }
    }

    fn kind(&self, step: &Step<'_>) -> Kind {
        self.design.component(step.visit.component).kind
    }

    /// The first component on some path of which it is true.
    fn component(&self, is: impl Fn(&Component) -> bool) -> Option<String> {
        let mut reached = self.design.component_ids().filter(|&id| self.reached(id));
        reached.find(|&id| is(self.design.component(id))).map(|id| label(self.design.component(id)))
    }

    fn reached(&self, id: ComponentId) -> bool {
        self.steps.iter().any(|step| step.visit.component == id)
    }

    /// The first step of which it is true, as an arrow.
    fn step(&self, is: impl Fn(&Step<'_>) -> bool) -> Option<String> {
        self.steps.iter().find(|step| step.from.is_some() && is(step)).map(|step| self.arrow(step))
    }

    fn arrow(&self, step: &Step<'_>) -> String {
        let name = |id| self.design.component(id).name.as_str();
        let to = name(step.visit.component);
        let from = step.from.map(name).unwrap_or_default();
        let arrow = if step.how == How::HandOver { "~>" } else { "->" };
        let operation = match step.visit.operation {
            Operation::Delete => ".delete",
            _ => "",
        };
        format!("{from} {arrow} {to}{operation}")
    }

    /// The first arrow's or client's policy of which it is true.
    fn policy(&self, is: impl Fn(&Parameters) -> bool) -> Option<String> {
        let name = |id| self.design.component(id).name.as_str();
        let link = self.design.links.iter().find(|link| is(&link.parameters));
        let arrow = link.map(|link| format!("{} -> {}", name(link.from), name(link.to)));
        arrow.or_else(|| self.component(|c| matches!(c.kind, Kind::Client | Kind::Service) && is(&c.parameters)))
    }

    fn target(&self) -> Option<String> {
        let flow = self.design.flows.iter().find(|flow| !flow.targets.is_empty())?;
        flow.targets.first().map(|target| format!("{}: {}", flow.name, target.text))
    }

    fn unreached(&self) -> Option<String> {
        self.design.component_ids().find(|&id| !self.reached(id)).map(|id| label(self.design.component(id)))
    }

    fn hot_key(&self) -> Option<String> {
        let flow = self.design.flows.iter().find(|flow| flow.keys.zipf >= 1.0 || flow.keys.hot > 0.0)?;
        Some(format!("the keys of {}", flow.name))
    }

    fn stale_cache(&self) -> Option<String> {
        let invalidated = |component: &Component| {
            let of = |step: &&Step<'_>| step.visit.operation == Operation::Delete;
            self.steps.iter().filter(of).any(|step| self.design.component(step.visit.component) == component)
        };
        self.component(|c| c.kind == Kind::Cache && c.parameters.duration("ttl").is_none() && !invalidated(c))
    }

    fn single_writer(&self) -> Option<String> {
        let written = |step: &&Step<'_>| matches!(step.visit.operation, Operation::Write | Operation::Delete);
        let stores = self.steps.iter().filter(written).map(|step| self.design.component(step.visit.component));
        let mut single = stores.filter(|c| c.kind == Kind::Sql && !above(&c.parameters, "shards", 1.0));
        single.next().map(label)
    }

    fn regions(&self) -> Option<String> {
        let mut used: Vec<_> = self.design.components.iter().filter_map(|component| component.region).collect();
        used.sort_unstable();
        used.dedup();
        let names: Vec<&str> = used.iter().map(|id| self.design.regions[id.0 as usize].name.as_str()).collect();
        (names.len() >= 2).then(|| names.join(", "))
    }
}

fn above(parameters: &Parameters, name: &str, bound: f64) -> bool {
    parameters.number(name).is_some_and(|value| value > bound)
}

fn said_yes(parameters: &Parameters, name: &str) -> bool {
    match parameters.get(name) {
        Some(Value::Word(word)) => word != "no",
        Some(_) => true,
        None => false,
    }
}

/// A key-value store's replicas count the first copy; the others' don't.
fn replicated(component: &Component) -> bool {
    let copies = if component.kind == Kind::Kv { 1.0 } else { 0.0 };
    component.kind.stores() && above(&component.parameters, "replicas", copies)
}

/// A tier of one instance that doesn't scale.
fn alone(component: &Component) -> bool {
    matches!(component.kind, Kind::Service | Kind::Gateway | Kind::Worker | Kind::Push)
        && component.instances <= 1
        && component.parameters.get("autoscale").is_none()
}

/// A store that lives on one machine.
fn unreplicated(component: &Component) -> bool {
    matches!(component.kind, Kind::Sql | Kind::Cache | Kind::Search)
        && component.instances <= 1
        && !above(&component.parameters, "shards", 1.0)
        && !replicated(component)
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn every_fact_of_the_list_is_known_and_computed() {
        for (fact, meaning) in FACTS {
            assert!(is_fact(fact) && is_fact(&format!("no {fact}")), "{fact}");
            assert!(!meaning.is_empty());
        }
        assert!(is_fact("kind load-balancer") && is_fact("cdn") && is_fact("no cache") && is_fact("technology redis"));
        assert!(!is_fact("banana") && !is_fact("technology ") && !is_fact("no "));
    }

    #[track_caller]
    fn check(facts: &Facts, fact: &str, expected: Option<&str>) {
        assert_eq!(facts.shows(fact).as_deref(), expected, "{fact}");
    }

    #[test]
    fn a_design_shows_its_facts_by_its_parts() {
        let facts = facts(&fixture::design());
        check(&facts, "cache", Some("cache (redis) x3"));
        check(&facts, "kind sql", Some("db (sql)"));
        check(&facts, "technology redis", Some("cache (redis) x3"));
        check(&facts, "replicas", Some("db (sql)"));
        check(&facts, "async", Some("api ~> clicks"));
        check(&facts, "queue in path", None);
        check(&facts, "single writer", Some("db (sql)"));
        check(&facts, "single point of failure", None);
        check(&facts, "shards", Some("clicks (stream)"));
        check(&facts, "ttl", Some("cache (redis) x3"));
        check(&facts, "stale cache", None);
        check(&facts, "hot key", None);
        check(&facts, "unreached", Some("spare (worker)"));
        check(&facts, "worker", None);
        check(&facts, "no retry", Some("the design has no retry"));
        check(&facts, "no Load-Balancer", Some("the design has no load balancer"));
        check(&facts, "targets", None);
        check(&facts, "flow GET /:id", Some("the flow GET /{code}"));
        check(&facts, "flow GET /links", None);
    }

    #[test]
    fn weak_spots_are_seen_as_they_are_drawn() {
        let mut design = fixture::design();
        design.components[1].instances = 1;
        design.components[2] = fixture::component("cache", Kind::Cache, 1, &[]);
        design.components[3] = fixture::component("db", Kind::Sql, 1, &[("shards", Value::Number(4.0))]);
        design.flows[0].keys.hot = 0.3;
        let mut policy = Parameters::default();
        policy.set("retry", Value::Number(2.0), crate::design::Source::Card("test".to_owned()));
        design.links.push(crate::design::Link {
            from: ComponentId(1),
            to: ComponentId(3),
            parameters: policy,
            span: fixture::nowhere(),
        });
        let facts = facts(&design);
        check(&facts, "single instance", Some("api (service)"));
        check(&facts, "single point of failure", Some("api (service)"));
        check(&facts, "stale cache", Some("cache (redis)"));
        check(&facts, "single writer", None);
        check(&facts, "hot key", Some("the keys of GET /{code}"));
        check(&facts, "retry without backoff", Some("api -> db"));
        check(&facts, "timeout", None);
    }

    #[test]
    fn a_path_of_a_hundred_thousand_boxes_is_walked() {
        let mut design = fixture::design();
        let mut root = fixture::visit(0, Operation::Read, Vec::new());
        for _ in 0..100_000 {
            root = fixture::visit(1, Operation::Read, vec![Action::Call(root)]);
        }
        design.flows[0].root = root;
        assert_eq!(steps(&design).len(), 100_001 + 4);
        unnest(design.flows.remove(0).root);
    }

    /// Takes a deep path apart from the top: dropping it whole would recurse.
    fn unnest(mut visit: Visit) {
        while let Some(Action::Call(next)) = visit.then.pop() {
            visit = next;
        }
    }

    #[test]
    fn an_empty_design_shows_its_emptiness() {
        let facts = facts(&Design::default());
        assert_eq!(facts.shows("empty").as_deref(), Some("nothing is drawn"));
        assert_eq!(facts.shows("No Cache").as_deref(), Some("the design has no cache"));
        assert_eq!(facts.shows("cache"), None);
    }
}
