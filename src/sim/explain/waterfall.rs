//! A request's way through the design, stay by stay, and where a slow one lost its time against a median one.

use crate::{
    design::{ComponentId, Design},
    sim::{SpanRecord, Trace},
    units::format_duration,
};

/// A request's stay at a component, in the order in which a reader follows them: callees below their caller, the earliest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Where.
    pub component: ComponentId,
    /// How many callers there are above it.
    pub depth: u32,
    /// Arrival, seconds after the request's start.
    pub start: f64,
    /// Start of service, seconds after the request's start; the wait is before it.
    pub service: f64,
    /// Answer, seconds after the request's start.
    pub end: f64,
    /// Of the time in service, what it did not spend waiting for those it called, seconds: its own work, and the network to them.
    pub own: f64,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// The bars of a trace.
pub fn waterfall(trace: &Trace) -> Vec<Bar> {
    let mut bars = Vec::with_capacity(trace.spans.len());
    let roots = callees(trace, None);
    let mut left: Vec<(usize, u32)> = roots.into_iter().rev().map(|at| (at, 0)).collect();
    while let Some((at, depth)) = left.pop() {
        let called = callees(trace, Some(at as u32));
        bars.push(bar(&trace.spans[at], depth, called.iter().map(|&at| &trace.spans[at])));
        left.extend(called.into_iter().rev().map(|at| (at, depth + 1)));
    }
    bars
}

/// Indices of the spans that `caller` called, in the order of their start.
fn callees(trace: &Trace, caller: Option<u32>) -> Vec<usize> {
    let mut called: Vec<usize> = (0..trace.spans.len()).filter(|&at| trace.spans[at].parent == caller).collect();
    called.sort_by(|&a, &b| trace.spans[a].start.total_cmp(&trace.spans[b].start).then(a.cmp(&b)));
    called
}

fn bar<'a>(span: &SpanRecord, depth: u32, called: impl Iterator<Item = &'a SpanRecord>) -> Bar {
    // The callees come in the order of their start: what several of them cover at once counts once.
    let (mut covered, mut until) = (0.0, span.service);
    for callee in called {
        let (from, to) = (callee.start.max(until), callee.end.min(span.end));
        if to > from {
            covered += to - from;
            until = to;
        }
    }
    Bar {
        component: span.component,
        depth,
        start: span.start,
        service: span.service.max(span.start),
        end: span.end.max(span.start),
        own: (span.end - span.service - covered).max(0.0),
        failure: span.failure.clone(),
    }
}

/// Seconds of a request at one component: in its queue, and in its hands.
#[derive(Clone, Copy, Debug, Default)]
struct Stay {
    waiting: f64,
    own: f64,
    failed: u32,
}

fn stays(design: &Design, trace: &Trace) -> Vec<Stay> {
    let mut stays = vec![Stay::default(); design.components.len()];
    // What is still under way when the answer is there took nothing of the request's time.
    for bar in waterfall(trace).iter().filter(|bar| bar.start <= trace.latency) {
        if let Some(stay) = stays.get_mut(bar.component.0 as usize) {
            stay.waiting += bar.service.min(trace.latency) - bar.start;
            stay.own += bar.own;
            stay.failed += u32::from(bar.failure.is_some());
        }
    }
    stays
}

/// In a sentence, where the slow request of two lost its time against the median one; `None` where it is hardly slower.
pub fn culprit(design: &Design, median: &Trace, slowest: &Trace) -> Option<String> {
    let lost = slowest.latency - median.latency;
    if slowest.spans.is_empty() || lost < 0.2 * median.latency {
        return None;
    }
    let pairs = stays(design, slowest).into_iter().zip(stays(design, median)).zip(&design.components);
    let losses = pairs.flat_map(|((slow, usual), component)| {
        let name = &component.name;
        let tried = match slow.failed {
            0 => String::new(),
            1 => format!(", and a call there failed: {}", why(design, slowest, name)),
            calls => format!(", and {calls} calls there failed: {}", why(design, slowest, name)),
        };
        [
            (slow.waiting - usual.waiting, format!("waiting in the queue of {name}{tried}")),
            (slow.own - usual.own, format!("in {name} itself or between it and what it calls{tried}")),
        ]
    });
    let (most, place) = losses.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(format!(
        "the slowest request took {}, the median {}; {:.0}% of the difference it spent {place}",
        format_duration(slowest.latency),
        format_duration(median.latency),
        (most / lost * 100.0).clamp(0.0, 100.0),
    ))
}

/// Why the first failed call of a component failed.
fn why<'a>(design: &Design, trace: &'a Trace, name: &str) -> &'a str {
    let there = |span: &&SpanRecord| design.components.get(span.component.0 as usize).is_some_and(|it| it.name == name);
    trace.spans.iter().filter(there).find_map(|span| span.failure.as_deref()).unwrap_or("for no known reason")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::FlowId;

    fn span(component: u32, parent: Option<u32>, times: [f64; 3]) -> SpanRecord {
        let [start, service, end] = times;
        SpanRecord { component: ComponentId(component), parent, start, service, end, failure: None }
    }

    fn trace(spans: Vec<SpanRecord>) -> Trace {
        Trace { flow: FlowId(0), latency: spans[0].end, spans }
    }

    #[test]
    fn callees_stand_below_their_caller_in_the_order_of_their_start() {
        let trace = trace(vec![
            span(0, None, [0.0, 0.0, 10.0]),
            span(1, Some(0), [5.0, 5.0, 9.0]),
            span(2, Some(0), [1.0, 2.0, 4.0]),
            span(3, Some(2), [2.5, 2.5, 3.0]),
        ]);
        let seen: Vec<(u32, u32, f64)> =
            waterfall(&trace).iter().map(|bar| (bar.component.0, bar.depth, bar.own)).collect();
        assert_eq!(seen, [(0, 0, 3.0), (2, 1, 1.5), (3, 2, 0.5), (1, 1, 4.0)]);
    }

    #[test]
    fn calls_at_once_are_waited_for_once() {
        let trace = trace(vec![
            span(0, None, [0.0, 0.0, 10.0]),
            span(1, Some(0), [1.0, 1.0, 5.0]),
            span(1, Some(0), [2.0, 2.0, 7.0]),
        ]);
        assert_eq!(waterfall(&trace)[0].own, 4.0);
    }
}
