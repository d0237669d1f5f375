//! Traces: a sample of whole requests, each with what it went through, to show a median and a slow one span by span.

use super::{Engine, Outcome};
use crate::sim::{network::NONE, sampler::Time};

/// Requests of a flow that are traced: one of so many, so that about this many a second are.
const A_SECOND: f64 = 50.0;
/// Traces that are kept of a flow: a sample of all, and the slowest.
const KEPT: usize = 64;
const SLOWEST: usize = 16;
/// Spans of one trace; what comes after is not shown.
const MOST_SPANS: u32 = 1 << 10;
/// Traces in flight.
const MOST_LIVE: usize = 1 << 20;

/// A stay at a station.
#[derive(Clone, Copy, Debug)]
pub(in crate::sim) struct Span {
    pub station: u32,
    pub parent: u32,
    pub start: Time,
    pub service: Time,
    pub end: Time,
    pub outcome: Outcome,
}

/// A whole request.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Traced {
    pub latency: Time,
    pub born: Time,
    pub spans: Vec<Span>,
}

/// A request being traced.
#[derive(Clone, Debug, Default)]
struct Live {
    spans: Vec<Span>,
    /// Frames that write to it.
    frames: u32,
}

/// All traces.
#[derive(Debug, Default)]
pub(in crate::sim) struct Tracer {
    live: Vec<Live>,
    free: Vec<u32>,
}

/// A flow's kept traces.
#[derive(Clone, Debug, Default)]
pub(in crate::sim) struct Kept {
    /// One of this many requests is traced.
    every: u64,
    seen: u64,
    taken: u64,
    pub sample: Vec<Traced>,
    pub slowest: Vec<Traced>,
}

impl Kept {
    /// For a flow of that many requests a second.
    pub fn new(rate: f64) -> Self {
        Self { every: (rate / A_SECOND).ceil().max(1.0) as u64, ..Self::default() }
    }

    /// Whether the next request is to be traced.
    #[inline]
    pub fn wants(&mut self) -> bool {
        self.seen += 1;
        if self.seen < self.every {
            return false;
        }
        self.seen = 0;
        true
    }

    /// Keeps a trace, maybe: the n-th has its chance of KEPT in n, decided by its number so that no random draw is spent.
    fn keep(&mut self, traced: &Traced) {
        self.taken += 1;
        let slot = if self.sample.len() < KEPT {
            self.sample.push(Traced::default());
            self.sample.len() - 1
        } else {
            (crate::rng::mix64(self.taken) % self.taken) as usize
        };
        if let Some(place) = self.sample.get_mut(slot) {
            place.clone_from(traced);
        }
        let least = self.slowest.iter().map(|trace| trace.latency).min().unwrap_or(0);
        if self.slowest.len() < SLOWEST {
            self.slowest.push(traced.clone());
        } else if traced.latency > least
            && let Some(place) = self.slowest.iter_mut().find(|trace| trace.latency == least)
        {
            place.clone_from(traced);
        }
    }
}

const fn split(span: u32) -> (usize, usize) {
    ((span / MOST_SPANS) as usize, (span % MOST_SPANS) as usize)
}

impl Engine {
    /// Begins a trace with its first frame.
    #[cold]
    pub(super) fn trace(&mut self, frame: u32) {
        let at = if let Some(at) = self.tracer.free.pop() {
            at
        } else if self.tracer.live.len() < MOST_LIVE {
            self.tracer.live.push(Live::default());
            self.tracer.live.len() as u32 - 1
        } else {
            return;
        };
        let live = &mut self.tracer.live[at as usize];
        live.spans.clear();
        live.frames = 1;
        let state = &self.frames[frame];
        live.spans.push(self.net.span(state.site, NONE, self.now));
        self.frames[frame].span = at * MOST_SPANS;
    }

    /// A frame works for a traced one; a strand writes to its caller's span.
    #[cold]
    pub(super) fn trace_child(&mut self, frame: u32, caller_span: u32, strand: bool) {
        let (trace, parent) = split(caller_span);
        let live = &mut self.tracer.live[trace];
        if !strand && live.spans.len() as u32 == MOST_SPANS {
            return;
        }
        live.frames += 1;
        if strand {
            self.frames[frame].span = caller_span;
        } else {
            let site = self.frames[frame].site;
            live.spans.push(self.net.span(site, parent as u32, self.now));
            self.frames[frame].span = trace as u32 * MOST_SPANS + live.spans.len() as u32 - 1;
        }
    }

    #[cold]
    pub(super) fn trace_arrival(&mut self, span: u32) {
        let (trace, at) = split(span);
        let now = self.now;
        let span = &mut self.tracer.live[trace].spans[at];
        (span.start, span.service) = (now, now);
    }

    #[cold]
    pub(super) fn trace_service(&mut self, span: u32) {
        let (trace, at) = split(span);
        self.tracer.live[trace].spans[at].service = self.now;
    }

    #[cold]
    pub(super) fn trace_end(&mut self, span: u32, outcome: Outcome) {
        let (trace, at) = split(span);
        let span = &mut self.tracer.live[trace].spans[at];
        span.end = self.now;
        span.outcome = outcome;
    }

    /// A traced request has ended well: its trace may be kept.
    #[cold]
    pub(super) fn trace_request(&mut self, span: u32, flow: u32, born: Time) {
        let (trace, _) = split(span);
        let live = &mut self.tracer.live[trace];
        let mut traced = Traced { latency: self.now - born, born, spans: std::mem::take(&mut live.spans) };
        for span in &mut traced.spans {
            span.end = if span.end == 0 { self.now } else { span.end };
        }
        self.flows[flow as usize].traces.keep(&traced);
        self.tracer.live[trace].spans = traced.spans;
    }

    /// A frame of a trace is given back.
    #[cold]
    pub(super) fn trace_release(&mut self, span: u32) {
        let (trace, _) = split(span);
        let live = &mut self.tracer.live[trace];
        live.frames -= 1;
        if live.frames == 0 {
            self.tracer.free.push(trace as u32);
        }
    }
}
