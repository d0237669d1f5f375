//! The engine: takes the next event, does what it means, and runs every frame that it made ready.
//!
//! What can be done at once, because nothing else comes after it in what is going on, is done by a call: a job's end, its answer, its
//! caller's next call. Only what would come between two things that belong together, or go on for ever, waits in the list of the ready. The
//! order is the same either way.
//!
//! Nothing here allocates once a run is under way: frames, lanes, tournaments and queues are arrays that only ever grow to what is in flight.

mod arrivals;
mod calls;
mod events;
mod frames;
mod gate;
mod instance;
mod lanes;
mod legs;
mod linger;
mod onlookers;
mod program;
mod queue;
mod recorded;
mod service;
mod tournament;
mod trace;
mod upset;
mod window;

pub(super) use calls::THERE;
pub(super) use events::{Event, EventSet};
pub(super) use frames::{
    ABANDONED, APART, BALANCED, DELIVERED, ENDED, FETCHING, FREE, Frames, GHOST, HOOKED, LEG, MEASURED, MESSAGE,
    Outcome, PARKED, Parent, Reason, SERVING, STRAND, UNDO,
};
pub(super) use instance::{Instance, Station, block_of, shard_of};
pub(super) use trace::{Span, Traced};
pub(super) use upset::FAULT_PAUSE;
pub(super) use window::{Alarm, Frozen, Phase, Window};

use arrivals::FlowState;
use lanes::{Lane, Waiting};

use super::{
    Options,
    network::{Discipline, LaneKind, NONE, Network},
    policy::Guards,
    sampler::Time,
    stations::{Balancer, Buffer, Cache, Coordinator, Kv, Leases, Limiter, Sharing, Sql},
};

/// Calls in flight: beyond it requests are turned away, and the report says so.
const MOST_FRAMES: u32 = 16_000_000;

/// Tells the lots of a miniature from all else that the seed decides.
const THINNING: u64 = 0x7468_696E;

/// A frame's next move.
#[derive(Clone, Copy, Debug)]
pub(super) enum Task {
    /// It reaches its station.
    Arrive(u32),
    /// It comes over a network that is disturbed; its answer does.
    There(u32),
    Back(u32),
    /// Its message is taken in, now that there is room.
    Publish(u32),
    /// Its station works on it once more; it starts its program once more.
    Again(u32),
    Resume(u32),
    /// Its station has finished its work.
    Served(u32),
    /// It goes on with its program.
    Run(u32),
    /// Its outcome reaches whoever waits.
    Deliver(u32),
}

/// A network and its state.
pub(super) struct Engine {
    pub net: Network,
    pub now: Time,
    pub events: EventSet,
    pub handled: u64,
    pub frames: Frames,
    pub guards: Guards,
    lanes: Vec<Lane>,
    pub instances: Vec<Instance>,
    pub stations: Vec<Station>,
    pub balancers: Vec<Balancer>,
    pub caches: Vec<Cache>,
    pub sqls: Vec<Sql>,
    pub kvs: Vec<Kv>,
    pub coordinators: Vec<Coordinator>,
    pub leases: Leases,
    pub limiters: Vec<Limiter>,
    /// By instance, where any is under processor sharing.
    pub sharing: Vec<Sharing>,
    /// When each link of limited bandwidth is free.
    pub pipes: Vec<Time>,
    pub buffers: Vec<Buffer>,
    pub flows: Vec<FlowState>,
    pub window: Window,
    pub alarms: Vec<Alarm>,
    /// Places in the table that can be used again.
    free_alarms: Vec<u32>,
    /// Producers' batches that are being filled, by broker instance, and the riders of those being written.
    pub lingering: Vec<Vec<u32>>,
    pub riders: Vec<Vec<u32>>,
    pub free_riders: Vec<u32>,
    ready: Vec<Task>,
    /// Instances that a request is being sent to, and how many times its work each has to do.
    pub targets: Vec<u32>,
    pub copies: u32,
    tracer: trace::Tracer,
    /// Since when each scenario event is in force.
    pub active: Vec<Option<Time>>,
    /// Calls may take their callers' frames: nothing will happen to an instance with its callers' requests.
    pub in_place: bool,
    /// Some message may be delayed or lost.
    pub disturbed: bool,
    /// Whether it runs a miniature, and the seed of what is decided for that.
    pub thinned: bool,
    thinning: u64,
    /// Over how long the visits beside a request are spread.
    spread_beside: Time,
    /// Jobs that ended while their instance was paused: the frame, and how long after the pause began.
    pub held: Vec<(u32, Time)>,
}

/// Numbers of random streams: each component and flow has its own.
pub(super) mod streams {
    pub const STATION: u64 = 1 << 32;
    pub const BALANCER: u64 = 2 << 32;
    pub const ARRIVALS: u64 = 3 << 32;
    pub const KEYS: u64 = 4 << 32;
    pub const CHOICES: u64 = 5 << 32;
    pub const POLICY: u64 = 6 << 32;
    pub const CACHE: u64 = 7 << 32;
}

impl Engine {
    /// A network at rest, with its first arrivals due.
    pub fn new(mut net: Network, options: &Options) -> Self {
        let caches = super::stations::caches(&net, options.seed);
        super::stations::place_by_entry(&mut net, &caches);
        let window = Window::new(options);
        let mut instances = Vec::new();
        let stations = net
            .stations
            .iter()
            .enumerate()
            .map(|(at, plan)| Station::new(plan, at as u64, options.seed, &mut instances));
        let stations: Vec<Station> = stations.collect();
        let most: Vec<u32> = net.stations.iter().map(|plan| plan.most).collect();
        let balancers = net.balancers.iter().enumerate();
        let balancers = balancers.map(|(at, plan)| {
            Balancer::new(plan, &stations[plan.station as usize], most[plan.station as usize], at as u64, options.seed)
        });
        let lanes = net.lanes.iter().map(|&(kind, delay)| Lane::new(kind, delay)).collect();
        let mut engine = Self {
            now: 0,
            events: EventSet::default(),
            handled: 0,
            frames: Frames::new(MOST_FRAMES),
            guards: Guards::new(&net.policies, &stations, &most, options.seed),
            lanes,
            balancers: balancers.collect(),
            caches,
            sqls: Sql::all(&net),
            kvs: Kv::all(&net),
            coordinators: Coordinator::all(&net),
            leases: Leases::default(),
            limiters: net.limiters.iter().map(Limiter::new).collect(),
            sharing: sharing(&net, instances.len()),
            pipes: vec![0; net.pipes as usize],
            buffers: net.groups.iter().map(|plan| Buffer::new(plan, &net.stations, &stations)).collect(),
            flows: FlowState::all(&net, options.seed),
            window,
            alarms: Vec::new(),
            free_alarms: Vec::new(),
            lingering: vec![
                Vec::new();
                if net.sites.iter().any(|site| site.linger.1 > 0) { instances.len() } else { 0 }
            ],
            riders: Vec::new(),
            free_riders: Vec::new(),
            ready: Vec::new(),
            targets: Vec::new(),
            copies: 1,
            tracer: trace::Tracer::default(),
            active: Vec::new(),
            in_place: false,
            disturbed: !net.losses.is_empty(),
            thinned: net.scale > 1.0,
            thinning: crate::rng::mix64(options.seed ^ THINNING),
            spread_beside: onlookers::spread_beside(options.simulated_s),
            held: Vec::new(),
            instances,
            stations,
            net,
        };
        engine.set_alarms();
        engine.start_pauses();
        engine.start_scalers();
        engine.start_flushes();
        engine.start_flows();
        engine
    }

    /// Handles all events that are due by `limit`, at most `most` of them; whether nothing more is due by then.
    pub fn run(&mut self, limit: Time, most: u64) -> bool {
        let stop = self.handled.saturating_add(most);
        while self.handled < stop {
            let Some((time, event)) = self.events.pop(limit) else {
                // Nothing more happens before the limit, and what is asked or broken next is asked or broken then.
                if limit < Time::MAX {
                    self.now = self.now.max(limit);
                }
                return true;
            };
            self.now = time;
            self.handled += 1;
            // Almost all events are one of these: a guess at a branch is better than a jump by table.
            if let Event::Done(frame) = event {
                self.done(frame);
            } else if let Event::Arrival(flow) = event {
                self.arrival(flow);
            } else {
                self.happens(event);
            }
            if !self.ready.is_empty() {
                self.drain();
            }
            if self.window.phase == Phase::Over {
                return true;
            }
        }
        false
    }

    /// What is neither an arrival nor the end of a job.
    #[inline(never)]
    fn happens(&mut self, event: Event) {
        match event {
            Event::Arrival(flow) => self.arrival(flow),
            Event::Done(frame) => self.done(frame),
            Event::Lane(lane) => self.lane_due(lane),
            Event::User(flow) => self.user_returns(flow),
            Event::Backoff(guard) => self.attempt(guard),
            Event::Available(message) => self.available(message),
            Event::Run(frame) => self.run_program_now(frame),
            Event::LeaseEnds(lease) => self.lease_ends(lease),
            Event::Again(frame) => self.again(frame),
            Event::Resume(frame) => self.start_program(frame),
            Event::Admitted(frame) => self.admit(frame),
            Event::Shared(instance) => self.shared(instance),
            Event::There(frame) => self.there(frame),
            Event::Back(frame) => self.back(frame),
            Event::Alarm(alarm) => self.alarm(alarm),
        }
    }

    /// Lets every frame that can move, move.
    #[inline(never)]
    fn drain(&mut self) {
        while let Some(task) = self.ready.pop() {
            match task {
                Task::Publish(frame) => self.publish(frame),
                Task::Again(frame) => self.again(frame),
                Task::Resume(frame) => self.start_program(frame),
                Task::Arrive(frame) => self.arrive(frame),
                Task::There(frame) => self.there(frame),
                Task::Back(frame) => self.back(frame),
                Task::Served(frame) => self.served(frame),
                Task::Run(frame) => self.run_program_now(frame),
                Task::Deliver(frame) => self.deliver(frame),
            }
        }
    }

    /// After a change from outside: lets what it made ready move.
    pub fn settle_ready(&mut self) {
        self.drain();
    }

    /// Gives a frame back.
    #[inline]
    pub fn release(&mut self, frame: u32) {
        let span = self.frames.release(frame);
        if span != NONE {
            self.trace_release(span);
        }
    }

    /// The kinds' own counts begin with the measured time.
    fn restart_counts(&mut self) {
        self.sqls.iter_mut().for_each(Sql::forget_counts);
        self.kvs.iter_mut().for_each(Kv::forget_counts);
        self.coordinators.iter_mut().for_each(Coordinator::forget_counts);
        self.buffers.iter_mut().for_each(Buffer::forget_counts);
        self.limiters.iter_mut().for_each(Limiter::forget_counts);
        for station in &mut self.stations {
            station.compensations = 0;
        }
    }

    /// Places that are kept for what is in flight, used or not: frames, events, lanes, lists. What a run takes from the system it takes
    /// by making more of these.
    pub fn room(&self) -> u64 {
        let lanes: usize = self.lanes.iter().map(|lane| lane.waiting.capacity()).sum();
        let lists = [&self.lingering, &self.riders].into_iter().flatten().map(Vec::capacity).sum::<usize>();
        let buffers: usize = self.buffers.iter().map(Buffer::room).sum();
        let singles = self.ready.capacity() + self.targets.capacity() + self.alarms.capacity() + self.held.capacity();
        let arenas = self.frames.len() as usize + self.events.capacity() + self.guards.room();
        (arenas + lanes + lists + buffers + singles) as u64
    }

    /// Puts a frame's next move on the list.
    #[inline]
    pub fn soon(&mut self, task: Task) {
        self.ready.push(task);
    }

    /// Puts something in a lane.
    #[inline]
    pub fn wait_in_lane(&mut self, lane: u32, frame: u32, tag: u32) {
        let lane_state = &mut self.lanes[lane as usize];
        let due = self.now + lane_state.delay;
        lane_state.waiting.push_back(Waiting { due, frame, tag });
        if !lane_state.armed {
            lane_state.armed = true;
            self.events.push(due, Event::Lane(lane));
        }
    }

    /// The head of a lane is due: the next one becomes the lane's event, and the head does what it waited for.
    fn lane_due(&mut self, lane: u32) {
        let frames = &self.frames;
        let state = &mut self.lanes[lane as usize];
        let Some(head) = state.waiting.pop_front() else { return };
        let kind = state.kind;
        let guards = &self.guards;
        let is_stale = |next: &Waiting| match kind {
            LaneKind::Hop => false,
            // A recycled frame's generation and deliveries differ; the rest is seen when it is due.
            LaneKind::Visibility => frames[next.frame].generation << 8 != next.tag & !0xFF,
            LaneKind::Timeout => frames[next.frame].generation != next.tag,
            LaneKind::Hedge | LaneKind::Connection => !guards.is_current(next.frame, next.tag),
        };
        while state.waiting.front().is_some_and(is_stale) {
            state.waiting.pop_front();
        }
        match state.waiting.front() {
            Some(next) => self.events.push(next.due, Event::Lane(lane)),
            None => state.armed = false,
        }
        match kind {
            LaneKind::Hop if head.tag == calls::THERE => self.there(head.frame),
            LaneKind::Hop => self.back(head.frame),
            LaneKind::Timeout => self.time_out(head.frame, head.tag),
            LaneKind::Hedge if self.guards.is_current(head.frame, head.tag) => self.hedge(head.frame),
            LaneKind::Connection if self.guards.is_current(head.frame, head.tag) => {
                self.connection_wait_over(head.frame);
            }
            LaneKind::Visibility => self.visible_again(head.frame, head.tag),
            LaneKind::Hedge | LaneKind::Connection => {}
        }
    }

    /// The delay of a lane.
    pub fn lane_delay(&self, lane: u32) -> Time {
        self.lanes.get(lane as usize).map_or(0, |lane| lane.delay)
    }

    /// The instances of a station.
    pub fn instances_of(&self, station: u32) -> &[Instance] {
        let station = &self.stations[station as usize];
        &self.instances[station.first as usize..(station.first + station.active) as usize]
    }
}

/// The jobs of instances under processor sharing; empty where there are none.
fn sharing(net: &Network, instances: usize) -> Vec<Sharing> {
    let any = net.stations.iter().any(|plan| plan.discipline == Discipline::Sharing);
    if any { vec![Sharing::default(); instances] } else { Vec::new() }
}
