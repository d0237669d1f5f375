//! Visits become sites, and what a component does for a request becomes a flat program.

use super::{
    DEEPEST, Lowering, MOST_SITES, own,
    station::{count, flag},
};
use crate::{
    design::{Action, Component, ComponentId, Distribution, Kind, Operation, Visit},
    sim::{
        network::{
            Branch, Demand, GroupPlan, LaneKind, Locking, NONE, Overflow, Own, Role, Site, Spread, Step, Window,
            WriteStrategy,
        },
        sampler::{NEVER, Sampler, nanoseconds},
    },
};

/// Messages that may wait for a group where nothing says.
const DEPTH: u32 = 1_000_000;
/// Groups of messages that a queue in order tells apart.
const FIFO_GROUPS: u32 = 4096;

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
        let is_root = way.depth == 0;
        let site = if is_root {
            Site::bare(visit.component.0, visit.operation, Sampler::ZERO, Role::Pass)
        } else {
            self.new_site(visit, caller, way)
        };
        let role = site.role;
        self.network.sites.push(site);
        if let (Role::Push, Own::Push(push)) = (role, self.own_of(visit.component)) {
            self.network.pushes[push as usize].site = at;
        }
        if let (Role::Agree, Own::Coordinator(coordinator)) = (role, self.own_of(visit.component)) {
            self.watched(at, coordinator);
        }
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
        if let (Role::Lookup { .. }, Own::Cache(cache)) = (role, self.own_of(visit.component)) {
            inner.behind.push(cache);
        }
        if role == Role::Publish {
            let first = self.groups(visit, &inner);
            self.network.sites[at as usize].groups = (first, self.network.groups.len() as u32 - first);
            self.network.sites[at as usize].entry = self.emit(Step::Publish);
            self.emit(Step::End);
        } else {
            let entry = self.program(&visit.then, visit.component, &inner);
            self.network.sites[at as usize].entry = self.second_phase(visit.component, role, entry);
        }
        at
    }

    /// The site of telling a coordinator's watchers of a change: as far away as those who write there.
    fn watched(&mut self, writing: u32, coordinator: u32) {
        let plan = self.network.coordinators[coordinator as usize];
        if plan.watchers == 0 || plan.told != NONE {
            return;
        }
        let notify = own::sampler(&self.design.component(ComponentId(plan.station)).parameters, "notify");
        let hop_lane = self.network.sites[writing as usize].hop_lane;
        let bare = Site::bare(plan.station, Operation::Read, notify, Role::Agree);
        self.network.coordinators[coordinator as usize].told = self.network.sites.len() as u32;
        let entry = self.emit(Step::End);
        self.network.sites.push(Site { special: true, hop_lane, entry, ..bare });
    }

    /// A write that touches several shards commits on all of them before it goes on.
    fn second_phase(&mut self, component: ComponentId, role: Role, entry: u32) -> u32 {
        match self.own_of(component) {
            Own::Sql(sql) if role == Role::Commit && self.network.sqls[sql as usize].touches > 1 => {
                let commit = self.emit(Step::Commit);
                self.emit(Step::Jump(entry));
                commit
            }
            _ => entry,
        }
    }

    /// The site of a visit, without its program.
    fn new_site(&mut self, visit: &Visit, caller: ComponentId, way: &Way) -> Site {
        let component = self.design.component(visit.component);
        let parameters = &component.parameters;
        let work = work_of(component.kind, parameters, visit.operation);
        let role = self.role(visit, work);
        let arrow = self.arrow(caller, visit.component);
        let (limiter, limited) = self.limiter(component, visit.operation);
        let publishes = role == Role::Publish;
        let acks = if publishes && parameters.word("acks") == Some("all") {
            count(parameters, "replicas", 100.0).unwrap_or(1).saturating_sub(1)
        } else {
            0
        };
        let linger =
            own::time(parameters, "linger").filter(|_| publishes && component.kind == Kind::Stream).unwrap_or(0);
        let station = &self.network.stations[visit.component.0 as usize];
        let special = limiter != NONE
            || linger > 0
            || station.connections != NONE
            || station.spread == Spread::Special
            || acks > 0
            || matches!(role, Role::Scatter | Role::Quorum | Role::Search | Role::Push | Role::Steps);
        let locks = match station.own {
            Own::Sql(sql) => role == Role::Commit && self.network.sqls[sql as usize].locking == Locking::Pessimistic,
            _ => false,
        };
        // Producers that linger fill a batch of any size; those that do not send together only what waits anyway.
        let alone = if linger > 0 { u32::MAX } else { 1 };
        let shed = self.shed(visit);
        Site {
            special: special || shed.0 != NONE || station.drops,
            level: self
                .priority
                .or_else(|| count(&self.design.component(caller).parameters, "priority", 7.0))
                .unwrap_or(0) as u8,
            locks,
            extra: self.extra(component, visit.operation),
            bytes: self.size as f32,
            limiter,
            limited,
            shed,
            inner_lane: self.inner_lane(),
            hop_lane: arrow.hop_lane,
            pipe: arrow.pipe,
            transfer: arrow.transfer,
            timeout_lane: arrow.timeout_lane,
            policy: arrow.policy,
            balancer: arrow.balancer,
            pulled: way.pulled,
            handed_over: way.handed_over,
            fires: publishes && parameters.word("acks") == Some("none"),
            linger: (if publishes { count(parameters, "batch", 1e6).unwrap_or(alone).max(1) } else { 1 }, linger),
            acks,
            ..Site::bare(visit.component.0, visit.operation, work, role)
        }
    }

    /// Between the nodes of one component.
    fn inner_lane(&mut self) -> u32 {
        let free = self.design.settings.free_network;
        let hop = if free { 0 } else { nanoseconds(self.options.network.same_zone / 2.0) };
        self.lane(LaneKind::Hop, hop)
    }

    /// The station that a gateway looks at to shed load, and from what utilisation on.
    fn shed(&self, visit: &Visit) -> (u32, f32) {
        let bound = self.design.component(visit.component).parameters.ratio("shed").filter(|bound| *bound > 0.0);
        let callee = visit.then.iter().find_map(|action| match action {
            Action::Call(next) => Some(next.component.0),
            _ => None,
        });
        match (bound, callee) {
            (Some(bound), Some(callee)) if self.network.stations[callee as usize].servers != NONE => {
                (callee, bound as f32)
            }
            _ => (NONE, 0.0),
        }
    }

    fn own_of(&self, id: ComponentId) -> Own {
        self.network.stations[id.0 as usize].own
    }

    fn role(&self, visit: &Visit, work: Sampler) -> Role {
        let component = self.design.component(visit.component);
        let is_read = matches!(visit.operation, Operation::Read | Operation::Search);
        match (component.kind, visit.operation) {
            (Kind::Client, _) => Role::Pass,
            (Kind::LoadBalancer, _) if work.is_zero() => Role::Pass,
            (Kind::Cache | Kind::Cdn, _) => cache_role(component, visit.operation),
            (Kind::Queue | Kind::Stream, _) => Role::Publish,
            (Kind::Sql, Operation::Search) if is_sharded(component) => Role::Scatter,
            // Rows that are spread by no key are found on no shard in particular.
            (Kind::Sql, Operation::Read)
                if is_sharded(component) && component.parameters.word("by") == Some("none") =>
            {
                Role::Scatter
            }
            (Kind::Sql, _) => {
                if is_read {
                    Role::Query
                } else {
                    Role::Commit
                }
            }
            (Kind::Kv, _) => match self.own_of(visit.component) {
                Own::Kv(kv) if self.network.kvs[kv as usize].copies == 1 => Role::Work,
                _ if flag(&component.parameters, "leader") && !is_read => Role::Lead,
                _ => Role::Quorum,
            },
            (Kind::Search, _) => Role::Search,
            (Kind::Coordinator, _) if !is_read => Role::Agree,
            (Kind::Push, _) => Role::Push,
            (Kind::Workflow, _) => Role::Steps,
            _ => Role::Work,
        }
    }

    /// Notes who looks at the key, and what look-ups a cache is to expect.
    fn see_keys(&mut self, component: ComponentId, role: Role, way: &Way) {
        let station = &self.network.stations[component.0 as usize];
        let by_key = match station.spread {
            Spread::Key | Spread::Copies { .. } | Spread::Special => true,
            _ => matches!(station.own, Own::Search { .. }) || station.kind == Kind::Blob,
        };
        self.keyed |= by_key || matches!(station.own, Own::Cache(_) | Own::Buffer);
        if let Own::Cache(cache) = station.own {
            let flow = self.network.flows.len() as u32;
            let keys = self.design.flows[flow as usize].keys.keys;
            let plan = &mut self.network.caches[cache as usize];
            plan.keys = plan.keys.max(keys);
            if matches!(role, Role::Lookup { .. }) {
                plan.demand.push(Demand { flow, rate: self.rate * way.times, behind: way.behind.clone() });
            }
        }
    }

    /// The consumers of a queue or stream: one group for each arrow out of it.
    fn groups(&mut self, visit: &Visit, way: &Way) -> u32 {
        let mut members: Vec<&Action> = Vec::new();
        flatten(&visit.then, &mut members);
        let site = self.network.sites.len() as u32 - 1;
        let plans = members.iter().map(|action| GroupPlan { site, ..self.group(visit.component, action, way) });
        let plans: Vec<GroupPlan> = plans.collect();
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

    fn group_plan(&mut self, buffer: ComponentId, consumer: u32, entry: u32) -> GroupPlan {
        let component = self.design.component(buffer);
        let parameters = &component.parameters;
        let consumes = self.design.components.get(consumer as usize).map(|consumer| &consumer.parameters);
        let ordered = component.kind == Kind::Stream || parameters.word("order") == Some("fifo");
        let of_consumer = |name| consumes.and_then(|parameters| own::time(parameters, name)).unwrap_or(0);
        let window = consumes.and_then(|parameters| {
            let kind = match parameters.word("window-kind") {
                Some("sliding") => Window::Sliding,
                Some("session") => Window::Session,
                _ => Window::Tumbling,
            };
            own::time(parameters, "window").filter(|length| *length > 0).map(|length| (kind, length))
        });
        let partitions = count(parameters, "partitions", 1e5);
        let partitions =
            if component.kind == Kind::Stream { partitions.unwrap_or(component.instances) } else { FIFO_GROUPS };
        let visibility = own::time(parameters, "visibility").unwrap_or(0);
        GroupPlan {
            buffer: buffer.0,
            consumer,
            entry,
            partitions: if ordered { partitions.max(1) } else { 0 },
            batch: consumes.and_then(|parameters| count(parameters, "batch", 1e6)).unwrap_or(1).max(1),
            depth: count(parameters, "depth", 1e8).unwrap_or(DEPTH),
            keyed: ordered && parameters.word("by") != Some("none"),
            overflow: match parameters.word("overflow") {
                Some("block") => Overflow::Block,
                Some("drop") => Overflow::Drop,
                _ => Overflow::Reject,
            },
            delay: own::time(parameters, "delay").unwrap_or(0),
            visibility,
            visibility_lane: self.lane(LaneKind::Visibility, visibility),
            redelivers: component.kind == Kind::Queue,
            // Without a place to put it aside, a message that keeps failing comes back for ever.
            receives: match parameters.word("dead-letter") {
                Some(_) if !flag(parameters, "dead-letter") => u32::MAX,
                _ => count(parameters, "receives", 255.0).unwrap_or(255).max(1),
            },
            fetch: if component.kind == Kind::Queue { own::sampler(parameters, "read") } else { Sampler::ZERO },
            batch_wait: of_consumer("batch-wait"),
            checkpoint: of_consumer("checkpoint"),
            window,
            rebalance: own::time(parameters, "rebalance").unwrap_or(0),
            retention: own::time(parameters, "retention").unwrap_or(NEVER),
            site: NONE,
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

/// Whether a database's rows are spread over several primaries.
fn is_sharded(component: &Component) -> bool {
    count(&component.parameters, "shards", 1000.0).unwrap_or(1) > 1
}

/// What a cache does with a request.
fn cache_role(component: &Component, operation: Operation) -> Role {
    let strategy = component.parameters.word("strategy");
    match operation {
        Operation::Read | Operation::Search => {
            Role::Lookup { open: component.kind == Kind::Cache && strategy != Some("read-through") }
        }
        _ if component.kind == Kind::Cdn => Role::Write(WriteStrategy::Around),
        Operation::Delete => Role::Invalidate,
        Operation::Write => Role::Write(match strategy {
            Some("write-through" | "read-through") => WriteStrategy::Through,
            Some("write-around") => WriteStrategy::Around,
            Some("write-back") => WriteStrategy::Back,
            _ => WriteStrategy::Aside,
        }),
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
