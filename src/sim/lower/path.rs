//! Visits become sites, and what a component does for a request becomes a flat program.

use super::{DEEPEST, Lowering, MOST_SITES};
use crate::{
    design::{Action, ComponentId, Distribution, Kind, Operation, Visit},
    sim::{
        network::{Branch, Demand, GroupPlan, NONE, Own, Role, Site, Spread, Step, WriteStrategy},
        sampler::Sampler,
    },
};

/// How a request got to where the lowering is.
#[derive(Clone, Debug)]
pub(super) struct Way {
    depth: u32,
    /// Visits for one request of the flow, were every look-up a miss.
    times: f64,
    /// Caches that let only their misses through to here.
    behind: Vec<u32>,
    handed_over: bool,
    pulled: bool,
}

impl Way {
    pub fn start() -> Self {
        Self { depth: 0, times: 1.0, behind: Vec::new(), handed_over: false, pulled: false }
    }

    fn times(&self, factor: f64) -> Self {
        Self { times: self.times * factor, ..self.clone() }
    }
}

impl Lowering<'_> {
    /// The site of a visit and all that follows it.
    pub(super) fn site(&mut self, visit: &Visit, caller: ComponentId, way: &Way) -> u32 {
        let at = self.network.sites.len() as u32;
        let component = self.design.component(visit.component);
        let is_root = way.depth == 0;
        let work = work_of(component.kind, &component.parameters, visit.operation);
        let role = if is_root { Role::Pass } else { self.role(visit, work) };
        let arrow = if is_root { super::link::Arrow::NONE } else { self.arrow(caller, visit.component) };
        self.network.sites.push(Site {
            station: visit.component.0,
            operation: visit.operation,
            work,
            entry: NONE,
            role,
            hop_lane: arrow.hop_lane,
            timeout_lane: arrow.timeout_lane,
            policy: arrow.policy,
            balancer: arrow.balancer,
            pulled: way.pulled,
            handed_over: way.handed_over,
            groups: (0, 0),
        });
        self.see_keys(visit.component, role, way);
        if way.depth >= DEEPEST || self.network.sites.len() >= MOST_SITES {
            let note = format!("the way through {} is too long: it was cut off there", self.name(visit.component));
            self.note(note);
            self.network.sites[at as usize].entry = self.emit(Step::End);
            return at;
        }
        let mut inner = way.clone();
        inner.depth += 1;
        inner.handed_over = false;
        inner.pulled = false;
        if let (Role::Lookup, Own::Cache(cache)) = (role, self.own(visit.component)) {
            inner.behind.push(cache);
        }
        if role == Role::Publish {
            let first = self.groups(visit, &inner);
            self.network.sites[at as usize].groups = (first, self.network.groups.len() as u32 - first);
            self.network.sites[at as usize].entry = self.emit(Step::End);
        } else {
            self.network.sites[at as usize].entry = self.program(&visit.then, visit.component, &inner);
        }
        at
    }

    fn own(&self, id: ComponentId) -> Own {
        self.network.stations[id.0 as usize].own
    }

    fn role(&self, visit: &Visit, work: Sampler) -> Role {
        let component = self.design.component(visit.component);
        match (component.kind, visit.operation) {
            (Kind::Client, _) => Role::Pass,
            (Kind::LoadBalancer, _) if work.is_zero() => Role::Pass,
            (Kind::Cache | Kind::Cdn, Operation::Read | Operation::Search) => Role::Lookup,
            (Kind::Cdn, _) => Role::Write(WriteStrategy::Around),
            (Kind::Cache, Operation::Delete) => Role::Invalidate,
            (Kind::Cache, Operation::Write) => Role::Write(match component.parameters.word("strategy") {
                Some("write-through" | "read-through") => WriteStrategy::Through,
                Some("write-around") => WriteStrategy::Around,
                Some("write-back") => WriteStrategy::Back,
                _ => WriteStrategy::Aside,
            }),
            (Kind::Queue | Kind::Stream, _) => Role::Publish,
            _ => Role::Work,
        }
    }

    /// Notes who looks at the key, and what look-ups a cache is to expect.
    fn see_keys(&mut self, component: ComponentId, role: Role, way: &Way) {
        let station = &self.network.stations[component.0 as usize];
        let by_key = match station.spread {
            Spread::Key => true,
            Spread::Replicated { shards, .. } => shards > 1,
            _ => false,
        };
        self.keyed |= by_key || matches!(station.own, Own::Cache(_) | Own::Buffer);
        if let Own::Cache(cache) = station.own {
            let flow = self.network.flows.len() as u32;
            let keys = self.design.flows[flow as usize].keys.keys;
            let plan = &mut self.network.caches[cache as usize];
            plan.keys = plan.keys.max(keys);
            if role == Role::Lookup {
                plan.demand.push(Demand { flow, rate: self.rate * way.times, behind: way.behind.clone() });
            }
        }
    }

    /// The consumers of a queue or stream: one group for each arrow out of it.
    fn groups(&mut self, visit: &Visit, way: &Way) -> u32 {
        let mut members: Vec<&Action> = Vec::new();
        flatten(&visit.then, &mut members);
        let plans: Vec<GroupPlan> = members.iter().map(|action| self.group(visit.component, action, way)).collect();
        let first = self.network.groups.len() as u32;
        self.network.groups.extend(plans);
        first
    }

    fn group(&mut self, buffer: ComponentId, action: &Action, way: &Way) -> GroupPlan {
        let pulls = match action {
            Action::Call(next) | Action::HandOver(next) => Some(next),
            _ => None,
        };
        let entry = if let Some(next) = pulls {
            let site = self.site(next, buffer, &Way { pulled: true, ..way.clone() });
            let entry = self.emit(Step::Call(site));
            self.emit(Step::End);
            entry
        } else {
            self.program(std::slice::from_ref(action), buffer, way)
        };
        let consumer = pulls.map_or(NONE, |next| next.component.0);
        self.group_plan(buffer, consumer, entry)
    }

    fn group_plan(&self, buffer: ComponentId, consumer: u32, entry: u32) -> GroupPlan {
        let component = self.design.component(buffer);
        let count = |name, most| super::station::count(&component.parameters, name, most);
        let ordered = component.kind == Kind::Stream || component.parameters.word("order") == Some("fifo");
        let batch = (consumer != NONE)
            .then(|| super::station::count(&self.design.components[consumer as usize].parameters, "batch", 1e6))
            .flatten();
        GroupPlan {
            buffer: buffer.0,
            consumer,
            entry,
            partitions: if ordered { count("partitions", 1e5).unwrap_or(component.instances).max(1) } else { 0 },
            batch: batch.unwrap_or(1).max(1),
            depth: count("depth", 1e8).unwrap_or(1_000_000),
            keyed: ordered && component.parameters.word("by") != Some("none"),
        }
    }

    pub(super) fn emit(&mut self, step: Step) -> u32 {
        self.network.steps.push(step);
        self.network.steps.len() as u32 - 1
    }

    /// The program of a list of actions; returns its first step.
    fn program(&mut self, actions: &[Action], caller: ComponentId, way: &Way) -> u32 {
        let steps = self.steps(actions, caller, way);
        let entry = self.network.steps.len() as u32;
        self.place(steps);
        self.emit(Step::End);
        entry
    }

    /// Steps of a list of actions, with their branches placed before them.
    fn steps(&mut self, actions: &[Action], caller: ComponentId, way: &Way) -> Vec<Piece> {
        if way.depth >= DEEPEST {
            return Vec::new();
        }
        let deeper = Way { depth: way.depth + 1, ..way.clone() };
        actions.iter().map(|action| self.piece(action, caller, &deeper)).collect()
    }

    fn piece(&mut self, action: &Action, caller: ComponentId, way: &Way) -> Piece {
        match action {
            Action::Call(visit) => Piece::Step(Step::Call(self.site(visit, caller, way))),
            Action::HandOver(visit) => {
                self.hands_over = true;
                let apart = Way { handed_over: true, ..way.clone() };
                Piece::Step(Step::HandOver(self.site(visit, caller, &apart)))
            }
            Action::AtOnce { need, branches } => {
                let made: Vec<Branch> = branches.iter().map(|branch| self.branch(branch, caller, way)).collect();
                let (first, count) = self.branches(made);
                let need = (*need).clamp(1, count.max(1));
                Piece::Step(if need < count { Step::Any { first, count, need } } else { Step::All { first, count } })
            }
            Action::OneOf(options) => {
                let total: f64 = options.iter().map(|(share, _)| share.max(0.0)).sum();
                let share_of =
                    |share: f64| if total > 0.0 { share.max(0.0) / total } else { 1.0 / options.len() as f64 };
                Piece::Choose(
                    options
                        .iter()
                        .map(|(share, actions)| {
                            let share = share_of(*share);
                            (share, self.steps(actions, caller, &way.times(share)))
                        })
                        .collect(),
                )
            }
            Action::Repeat { times, at_once, actions } => {
                let times = (*times).clamp(1, 60_000);
                let branch = self.branch(actions, caller, &way.times(f64::from(times)));
                let (branch, _) = self.branches(vec![branch]);
                Piece::Step(if *at_once { Step::Many { branch, times } } else { Step::Loop { branch, times } })
            }
        }
    }

    /// A branch: a bare call, or a program of its own.
    fn branch(&mut self, actions: &[Action], caller: ComponentId, way: &Way) -> Branch {
        if let [Action::Call(visit)] = actions {
            return Branch { below: 1.0, entry: NONE, call: self.site(visit, caller, way) };
        }
        Branch { below: 1.0, entry: self.program(actions, caller, way), call: NONE }
    }

    fn branches(&mut self, made: Vec<Branch>) -> (u32, u32) {
        let first = self.network.branches.len() as u32;
        let count = made.len().min(60_000) as u32;
        self.network.branches.extend(made.into_iter().take(60_000));
        (first, count)
    }

    /// Writes steps down in a row; the options of a choice each jump behind it at their end.
    fn place(&mut self, pieces: Vec<Piece>) {
        for piece in pieces {
            match piece {
                Piece::Step(step) => {
                    self.emit(step);
                }
                Piece::Choose(options) => self.place_choice(options),
            }
        }
    }

    fn place_choice(&mut self, options: Vec<(f64, Vec<Piece>)>) {
        let choose = self.emit(Step::End);
        let (mut below, mut made, mut exits) = (0.0, Vec::new(), Vec::new());
        for (share, pieces) in options {
            below += share;
            made.push(Branch { below, entry: self.network.steps.len() as u32, call: NONE });
            self.place(pieces);
            exits.push(self.emit(Step::End));
        }
        if let Some(last) = made.last_mut() {
            last.below = f64::INFINITY;
        }
        let behind = self.network.steps.len() as u32;
        for exit in exits {
            self.network.steps[exit as usize] = Step::Jump(behind);
        }
        let (first, count) = self.branches(made);
        self.network.steps[choose as usize] =
            if count == 0 { Step::Jump(behind) } else { Step::Choose { first, count } };
    }

    /// The site that a client calls, if that is all it does and needs no frame of the client's.
    pub(super) fn only_call(&self, root: u32) -> u32 {
        let entry = self.network.sites[root as usize].entry as usize;
        match self.network.steps.get(entry..entry + 2) {
            Some(&[Step::Call(site), Step::End]) if self.network.sites[site as usize].policy == NONE => site,
            _ => NONE,
        }
    }
}

/// A step, or a choice whose options have not been written down yet.
enum Piece {
    Step(Step),
    Choose(Vec<(f64, Vec<Piece>)>),
}

/// The actions that each make a consumer group: all that follows a queue or stream, side by side or in a row.
fn flatten<'a>(actions: &'a [Action], into: &mut Vec<&'a Action>) {
    for action in actions {
        match action {
            Action::AtOnce { branches, .. } => branches.iter().for_each(|branch| flatten(branch, into)),
            other => into.push(other),
        }
    }
}

/// How long a component works on a request.
fn work_of(kind: Kind, parameters: &crate::design::Parameters, operation: Operation) -> Sampler {
    let name = match (kind, operation) {
        (
            Kind::Cache | Kind::Sql | Kind::Kv | Kind::Search | Kind::Coordinator,
            Operation::Read | Operation::Search,
        ) => "read",
        (Kind::Cache | Kind::Sql | Kind::Kv | Kind::Search | Kind::Coordinator | Kind::Queue | Kind::Stream, _) => {
            "write"
        }
        (Kind::Blob, _) => "first-byte",
        _ => "work",
    };
    let named = parameters.distribution(name).or_else(|| parameters.distribution("work"));
    named.map_or(Sampler::ZERO, |distribution: Distribution| Sampler::of(&distribution))
}
