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
    /// When it waited for those it called: from and to, seconds after the request's start, in order and apart from each other.
    pub called: Vec<(f64, f64)>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

/// What a request does at a component at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// It waits in the queue.
    Waits,
    /// It is worked on, or its calls are on the network.
    Works,
    /// It waits for what the component called.
    Calls,
}

impl Bar {
    /// Of the time in service, what it did not spend waiting for those it called, seconds: its own work, and the network to them.
    pub fn own(&self) -> f64 {
        let called: f64 = self.called.iter().map(|(from, to)| to - from).sum();
        (self.end - self.service - called).max(0.0)
    }

    /// The stay on a line of so many cells that stands for `whole` seconds: at least one cell is taken.
    pub fn stretches(&self, whole: f64, cells: usize) -> Vec<Option<Stretch>> {
        let cells = cells.max(1);
        let place = |time: f64| ((time / whole.max(1e-12)).clamp(0.0, 1.0) * cells as f64).round() as usize;
        let start = place(self.start).min(cells - 1);
        let service = place(self.service).max(start);
        let end = place(self.end).max(start + 1);
        let of = |cell: usize| match cell {
            cell if cell < start || cell >= end => None,
            cell if cell < service => Some(Stretch::Waits),
            cell => {
                let middle = (cell as f64 + 0.5) / cells as f64 * whole;
                let calls = self.called.iter().any(|&(from, to)| (from..to).contains(&middle));
                Some(if calls { Stretch::Calls } else { Stretch::Works })
            }
        };
        (0..cells).map(of).collect()
    }
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
    let (mut stretches, mut until) = (Vec::new(), span.service);
    for callee in called {
        let (from, to) = (callee.start.max(until), callee.end.min(span.end));
        if to > from {
            stretches.push((from, to));
            until = to;
        }
    }
    Bar {
        component: span.component,
        depth,
        start: span.start,
        service: span.service.max(span.start),
        end: span.end.max(span.start),
        called: stretches,
        failure: span.failure.clone(),
    }
}

/// Seconds of a request at one component: in its queue, and in its hands.
#[derive(Clone, Copy, Debug, Default)]
struct Stay {
    waiting: f64,
    own: f64,
    calls: bool,
    failed: u32,
}

fn stays(design: &Design, trace: &Trace) -> Vec<Stay> {
    let mut stays = vec![Stay::default(); design.components.len()];
    // What is still under way when the answer is there took nothing of the request's time.
    for bar in waterfall(trace).iter().filter(|bar| bar.start <= trace.latency) {
        if let Some(stay) = stays.get_mut(bar.component.0 as usize) {
            stay.waiting += bar.service.min(trace.latency) - bar.start;
            stay.own += bar.own();
            stay.calls |= !bar.called.is_empty();
            stay.failed += u32::from(bar.failure.is_some());
        }
    }
    stays
}

/// In a sentence, where a failed request was when it failed, and for how long: the innermost stay that failed itself or was under way then.
pub fn failing(design: &Design, trace: &Trace) -> Option<String> {
    let failure = trace.failure.as_ref()?;
    let bars = waterfall(trace);
    let there = |bar: &&Bar| bar.start <= trace.latency && (bar.failure.is_some() || bar.end >= trace.latency - 1e-9);
    let last = bars.iter().filter(there).max_by_key(|bar| bar.depth)?;
    let name = &design.components.get(last.component.0 as usize)?.name;
    let stay = last.end.min(trace.latency) - last.start;
    let what = match last.service >= last.end - 1e-9 {
        _ if stay <= 1e-9 => format!("{name} turned it away at once"),
        true => format!("it had waited {} in the queue of {name}", format_duration(stay)),
        false => format!("it had been at {name} for {}", format_duration(stay)),
    };
    Some(format!("the request failed after {}, {failure}; {what}", format_duration(trace.latency)))
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
        let itself = if slow.calls { "itself or on the way to what it calls" } else { "itself" };
        [
            (slow.waiting - usual.waiting, format!("waiting in the queue of {name}{tried}")),
            (slow.own - usual.own, format!("in {name} {itself}{tried}")),
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
        Trace { flow: FlowId(0), latency: spans[0].end, failure: None, spans }
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
            waterfall(&trace).iter().map(|bar| (bar.component.0, bar.depth, bar.own())).collect();
        assert_eq!(seen, [(0, 0, 3.0), (2, 1, 1.5), (3, 2, 0.5), (1, 1, 4.0)]);
    }

    #[test]
    fn calls_at_once_are_waited_for_once() {
        let trace = trace(vec![
            span(0, None, [0.0, 0.0, 10.0]),
            span(1, Some(0), [1.0, 1.0, 5.0]),
            span(1, Some(0), [2.0, 2.0, 7.0]),
        ]);
        assert_eq!(waterfall(&trace)[0].own(), 4.0);
        assert_eq!(waterfall(&trace)[0].called, [(1.0, 5.0), (5.0, 7.0)]);
    }
}
