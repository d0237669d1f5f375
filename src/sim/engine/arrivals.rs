//! Where requests come from: open arrivals and closed loops of users; and where they end.

use super::{Engine, Event, MEASURED, Outcome, Parent, Reason, Task, recorded, streams, trace::Kept, window::Phase};
use crate::{
    design::Recording,
    rng::Stream,
    sim::{
        metrics::FlowMetrics,
        network::{LoadPlan, NONE, Network, Spacing},
        sampler::{NEVER, SECOND, Time},
    },
};

/// A flow's state, with what every request needs of its plan.
#[derive(Debug)]
pub(in crate::sim) struct FlowState {
    /// The site that a request arrives at, and the client's station where that is another: the client makes one call and no more.
    site: u32,
    client: Option<u32>,
    keyed: bool,
    spacing: Spacing,
    /// Users ask again when they have their answer.
    closed: bool,
    arrivals: Stream,
    keys: Stream,
    pub choices: Stream,
    /// Mean nanoseconds between arrivals (of batches, where they come in batches) at the design's rate.
    gap: f64,
    /// Times the design's rate at which requests come now.
    pub factor: f64,
    /// When the next one is due; an arrival event at another time is void.
    next: Time,
    /// How far its recording is played, where it has one.
    pub(super) cursor: usize,
    /// Share of requests for the hottest key, beyond its popularity.
    pub hot: f64,
    pub in_flight: u64,
    pub traces: Kept,
    pub metrics: FlowMetrics,
}

impl FlowState {
    /// The states of all flows.
    pub fn all(net: &Network, seed: u64) -> Vec<Self> {
        let states = net.flows.iter().enumerate().map(|(at, plan)| {
            let gap = match plan.load {
                LoadPlan::Open { rate, arrivals } if rate > 0.0 => match arrivals {
                    Spacing::Batch(size) => SECOND * f64::from(size) / rate,
                    _ => SECOND / rate,
                },
                _ => f64::INFINITY,
            };
            let alone = plan.call != NONE;
            Self {
                site: if alone { plan.call } else { plan.root },
                client: alone.then(|| net.sites[plan.root as usize].station),
                keyed: plan.keyed,
                spacing: match plan.load {
                    LoadPlan::Open { arrivals, .. } => arrivals,
                    LoadPlan::Closed { .. } => Spacing::Fixed,
                },
                closed: matches!(plan.load, LoadPlan::Closed { .. }),
                arrivals: Stream::new(seed, streams::ARRIVALS + at as u64),
                keys: Stream::new(seed, streams::KEYS + at as u64),
                choices: Stream::new(seed, streams::CHOICES + 1 + at as u64),
                gap,
                factor: 1.0,
                next: NEVER,
                cursor: 0,
                hot: plan.keys.hot.clamp(0.0, 1.0),
                in_flight: 0,
                traces: Kept::new(match plan.load {
                    LoadPlan::Open { rate, .. } => rate,
                    LoadPlan::Closed { users, .. } => f64::from(users),
                }),
                metrics: FlowMetrics::default(),
            }
        });
        states.collect()
    }

    /// Exponential with mean 1, from the stream of the flow's arrivals.
    pub(super) fn exponential(&mut self) -> f64 {
        self.arrivals.exponential()
    }

    /// Whether a request comes that has this chance to.
    pub(super) fn arrives_by_chance(&mut self, chance: f64) -> bool {
        self.arrivals.chance(chance)
    }
}

impl Engine {
    /// Makes the first arrival of every flow due.
    pub(super) fn start_flows(&mut self) {
        for flow in 0..self.flows.len() as u32 {
            match self.net.flows[flow as usize].load {
                LoadPlan::Open { .. } => self.schedule_arrival(flow, self.now),
                LoadPlan::Closed { users, think } => {
                    for _ in 0..users {
                        let pause = think.draw(&mut self.flows[flow as usize].arrivals);
                        self.events.push(self.now + pause, Event::User(flow));
                    }
                }
            }
        }
    }

    /// Makes the next arrival of a flow due.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    fn schedule_arrival(&mut self, flow: u32, from: Time) {
        let state = &mut self.flows[flow as usize];
        // Signed numbers are converted in half the instructions, and division takes as long as the rest: most factors are 1.
        let stretched = |gap: f64| if state.factor == 1.0 { gap } else { gap / state.factor };
        let due = match state.spacing {
            Spacing::Poisson | Spacing::Batch(_) => {
                let gap = state.arrivals.exponential() * state.gap;
                from.cast_signed() as f64 + stretched(gap)
            }
            Spacing::Fixed => from.cast_signed() as f64 + stretched(state.gap),
            Spacing::Diurnal { .. } | Spacing::Ramp { .. } => varying(state.spacing, from, state),
            Spacing::Recorded { recording, scale } => {
                let recording = &self.net.recordings[recording as usize];
                recorded::next(recording, from, self.window.begin, scale, state)
            }
        };
        // A flow that has come to rest is woken by the change of its factor.
        state.next = if due < NEVER as f64 { (due as i64).cast_unsigned() } else { NEVER };
        if state.next < NEVER {
            self.events.push(state.next, Event::Arrival(flow));
        }
    }

    /// Requests of a flow come `factor` times as often as the design says from now on.
    pub fn set_factor(&mut self, flow: u32, factor: f64) {
        let state = &mut self.flows[flow as usize];
        let old = std::mem::replace(&mut state.factor, factor.max(0.0));
        if self.net.flows.is_empty() || !matches!(self.net.flows[flow as usize].load, LoadPlan::Open { .. }) {
            return;
        }
        if let LoadPlan::Open { arrivals: Spacing::Recorded { recording, .. }, .. } = self.net.flows[flow as usize].load
        {
            // Recorded moments stay; at a recorded rate the wait begins anew, which is the same to an exponential.
            if matches!(*self.net.recordings[recording as usize], Recording::Rates(_)) {
                self.schedule_arrival(flow, self.now);
            }
            return;
        }
        // The rest of an exponential gap is exponential: it shrinks or grows with the rate, so the same draws serve.
        if state.next < NEVER && old > 0.0 && state.factor > 0.0 {
            let rest = (state.next - self.now) as f64 * old / state.factor;
            state.next = if rest < NEVER as f64 { self.now + rest as Time } else { NEVER };
            if state.next < NEVER {
                self.events.push(state.next, Event::Arrival(flow));
            }
        } else if state.factor > 0.0 {
            self.schedule_arrival(flow, self.now);
        } else {
            state.next = NEVER;
        }
    }

    /// A request (or a batch of them) of an open flow arrives.
    #[inline]
    pub(super) fn arrival(&mut self, flow: u32) {
        let state = &self.flows[flow as usize];
        if state.next != self.now {
            return;
        }
        let spacing = state.spacing;
        self.schedule_arrival(flow, self.now);
        let count = match spacing {
            Spacing::Batch(size) => size,
            Spacing::Recorded { recording, scale } => self.recorded_at_once(flow, recording, scale),
            _ => 1,
        };
        for _ in 0..count {
            self.request(flow);
        }
    }

    /// How many requests a recording has at this moment.
    fn recorded_at_once(&mut self, flow: u32, recording: u32, scale: f64) -> u32 {
        let by_moment = matches!(*self.net.recordings[recording as usize], Recording::Moments(_));
        let played = by_moment && self.now >= self.window.begin;
        if played { recorded::at_once(scale, &mut self.flows[flow as usize]) } else { 1 }
    }

    /// A user of a closed loop asks again.
    pub(super) fn user_returns(&mut self, flow: u32) {
        self.request(flow);
    }

    /// A new request of a flow.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    fn request(&mut self, flow: u32) {
        let state = &mut self.flows[flow as usize];
        let measured = self.window.phase == Phase::Measuring;
        state.metrics.arrived += u64::from(measured);
        state.in_flight += 1;
        let site = state.site;
        let Some((frame, request)) = self.frames.take_new(site, Parent::Client, self.now) else {
            self.limit_reached(flow, measured);
            return;
        };
        let mut key = 0;
        if state.keyed {
            let is_hot = state.hot > 0.0 && state.keys.chance(state.hot);
            key = if is_hot { 0 } else { self.net.flows[flow as usize].zipf.sample(&mut state.keys) };
        }
        let client = state.client;
        request.key = key;
        request.flow = flow as u16;
        request.flags = if measured { MEASURED } else { 0 };
        if measured && state.traces.wants() {
            self.trace(frame);
        }
        if let Some(client) = client {
            let counts = &mut self.stations[client as usize].metrics;
            counts.arrivals += 1;
            counts.served += 1;
            self.send_to(frame, site);
        } else {
            self.soon(Task::Arrive(frame));
        }
    }

    #[cold]
    fn limit_reached(&mut self, flow: u32, measured: bool) {
        let state = &mut self.flows[flow as usize];
        state.in_flight -= 1;
        let station = self.net.sites[self.net.flows[flow as usize].root as usize].station;
        if measured {
            state.metrics.fail(Outcome::failed(Reason::Limit, station));
        }
        self.window.limit_reached = true;
        self.user_thinks(flow);
    }

    /// A request's outcome reaches the client.
    #[allow(clippy::inline_always, reason = "measured: every job goes this way, and the calls are a tenth of it")]
    #[inline(always)]
    pub(super) fn request_ends(&mut self, frame: u32, outcome: Outcome) {
        let state = &self.frames[frame];
        let flow = u32::from(state.flow);
        let flow_state = &mut self.flows[flow as usize];
        flow_state.in_flight -= 1;
        if state.is(MEASURED) {
            if outcome.is_well() {
                flow_state.metrics.complete(self.now - state.born);
            } else {
                flow_state.metrics.fail(outcome);
            }
            if state.span != NONE {
                let (span, born) = (state.span, state.born);
                self.trace_request(span, flow, born, outcome);
            }
            if self.window.phase == Phase::Draining && self.outstanding() == 0 {
                self.over();
            }
        }
        if self.flows[flow as usize].closed {
            self.user_thinks(flow);
        }
    }

    /// A user of a closed loop thinks before asking again.
    fn user_thinks(&mut self, flow: u32) {
        if let LoadPlan::Closed { think, .. } = self.net.flows[flow as usize].load {
            let state = &mut self.flows[flow as usize];
            // A user who never thinks still takes a moment, or time would stand still.
            let pause = think.draw(&mut state.arrivals).max(1000);
            self.events.push(self.now + pause, Event::User(flow));
        }
    }
}

/// The next arrival at a rate that varies, by thinning the greatest rate (Lewis and Shedler 1979).
fn varying(spacing: Spacing, from: Time, state: &mut FlowState) -> f64 {
    let mut at = from as f64;
    let most = match spacing {
        Spacing::Diurnal { peak, .. } => peak,
        _ => 1.0,
    };
    if !(state.factor > 0.0 && state.gap.is_finite()) {
        return NEVER as f64;
    }
    loop {
        at += state.arrivals.exponential() * state.gap / (state.factor * most);
        let seconds = at / SECOND;
        let rate = match spacing {
            Spacing::Diurnal { peak, period } => {
                1.0 + (peak - 1.0) * libm::sin(std::f64::consts::TAU * seconds / period)
            }
            Spacing::Ramp { over } => (seconds / over).min(1.0),
            _ => 1.0,
        };
        if at >= NEVER as f64 || state.arrivals.chance(rate / most) {
            return at;
        }
    }
}
