//! Traces: a sample of whole requests, each with what it went through, to show a median, a slow and a failed one span by span.

use super::{Engine, FREE, Outcome, SERVING, STRAND};
use crate::sim::{network::NONE, sampler::Time};

/// Requests of a flow that are traced: one of so many, so that about this many a second are.
const A_SECOND: f64 = 50.0;
/// After so many, and each time after as many more, half as many are traced: a long run has seen enough.
const MANY: u64 = 2048;
/// Traces that are kept of a flow: a sample of all, and the slowest.
const KEPT: usize = 64;
const SLOWEST: usize = 16;
/// Failed requests that are kept of a flow, and of one reason.
const FAILED: usize = 32;
const FAILED_ALIKE: usize = 4;
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
    /// Time until the answer, or until it failed.
    pub latency: Time,
    pub outcome: Outcome,
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
    /// One of this many requests is traced; from time to time half as many as before are.
    every: u64,
    begun: u64,
    seen: u64,
    taken: u64,
    pub sample: Vec<Traced>,
    pub slowest: Vec<Traced>,
    /// The first of each reason.
    pub failed: Vec<Traced>,
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
        self.begun += 1;
        if self.begun.is_multiple_of(MANY) {
            self.every *= 2;
        }
        true
    }

    /// Whether the trace of a request that failed so is to be kept: unless there are enough of the reason.
    fn wants_failed(&self, outcome: Outcome) -> bool {
        let alike = self.failed.iter().filter(|kept| kept.outcome == outcome).count();
        alike < FAILED_ALIKE && self.failed.len() < FAILED
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
        // What its caller did not wait for stays what it was to the caller.
        if span.outcome.is_well() {
            span.outcome = outcome;
        }
    }

    /// The caller of a stay has stopped waiting; the stay goes on.
    #[cold]
    pub(super) fn trace_given_up(&mut self, span: u32, outcome: Outcome) {
        let (trace, at) = split(span);
        self.tracer.live[trace].spans[at].outcome = outcome;
    }

    /// A traced request has ended: its trace may be kept. What goes on for one that was given up is cut off there.
    #[cold]
    pub(super) fn trace_request(&mut self, span: u32, flow: u32, born: Time, outcome: Outcome) {
        let (trace, _) = split(span);
        let well = outcome.is_well();
        if !well && !self.flows[flow as usize].traces.wants_failed(outcome) {
            return;
        }
        let spans = std::mem::take(&mut self.tracer.live[trace].spans);
        let mut traced = Traced { latency: self.now - born, born, outcome, spans };
        if !well {
            self.still_waiting(trace, &mut traced.spans);
        }
        for span in &mut traced.spans {
            span.end = if span.end == 0 { self.now } else { span.end };
        }
        let kept = &mut self.flows[flow as usize].traces;
        if well {
            kept.keep(&traced);
        } else {
            kept.failed.push(traced.clone());
        }
        self.tracer.live[trace].spans = traced.spans;
    }

    /// Stays of a request that was given up while it stood in a queue: their service has not begun. All frames are looked at, for the
    /// few failed requests that are kept.
    fn still_waiting(&self, trace: usize, spans: &mut [Span]) {
        for frame in (0..self.frames.len()).map(|at| &self.frames[at]) {
            let (of, at) = split(frame.span);
            if of != trace || frame.is(FREE | SERVING | STRAND) || frame.pending > 0 {
                continue;
            }
            if let Some(span) = spans.get_mut(at).filter(|span| span.end == 0 && frame.since == span.start) {
                span.service = self.now;
            }
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_traces_fewer_and_fewer() {
        let mut kept = Kept::new(A_SECOND);
        let mut traced = |requests: u64| (0..requests).filter(|_| kept.wants()).count() as u64;
        assert_eq!([traced(MANY), traced(2 * MANY), traced(4 * MANY)], [MANY; 3]);
    }
}
