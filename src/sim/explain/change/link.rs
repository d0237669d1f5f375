//! Changes of one arrow: its timeout, its retries, its connections, and whether the caller waits.

use super::{Arrow, Drafts, each_action};
use crate::design::{Action, ComponentId, Design, Kind, Link, Metric, Operation, Parameters, Source, Value, Visit};
use crate::source::Span;
use crate::units::format_duration;

/// The timeout that is tried where no target says how long an answer may take, seconds.
const TIMEOUT: f64 = 1.0;
/// The share of requests that a retry budget lets be tried again.
const BUDGET: f64 = 0.1;

/// Every change of an arrow.
pub(super) fn changes(drafts: &mut Drafts<'_>, arrow: &Arrow) {
    let (from, to) = (arrow.from, arrow.to);
    let names = format!("{} -> {}", drafts.name(from), drafts.name(to));
    let policy = policy(drafts.design, from, to);
    let is_client = drafts.design.component(from).kind == Kind::Client;
    if policy.number("retry").is_some_and(|retry| retry > 0.0) {
        change(drafts, arrow, format!("no retries on {names}"), "retry", Value::Number(0.0));
        if policy.get("budget").is_none() {
            let text = format!("a retry budget of 10% on {names}");
            change(drafts, arrow, text, "budget", Value::Ratio(BUDGET));
        }
    }
    if policy.get("timeout").is_none() && !is_client {
        let timeout = strictest(drafts.design, arrow).unwrap_or(TIMEOUT);
        let text = format!("a timeout of {} on {names}", format_duration(timeout));
        change(drafts, arrow, text, "timeout", Value::Duration(timeout));
    }
    for (name, what) in [("pool", "connections"), ("bulkhead", "bulkhead")] {
        if let Some(now) = policy.number(name) {
            let text = format!("twice the {what} on {names} ({now} -> {})", now * 2.0);
            change(drafts, arrow, text, name, Value::Number(now * 2.0));
        }
    }
    hand_over(drafts, arrow);
}

/// What holds for calls over the arrow: a client's own parameters are the policy of its calls.
fn policy(design: &Design, from: ComponentId, to: ComponentId) -> Parameters {
    let mut policy = design.link(from, to).map(|link| link.parameters.clone()).unwrap_or_default();
    let caller = design.component(from);
    if caller.kind == Kind::Client {
        policy.fill_from(&caller.parameters);
    }
    policy
}

/// The strictest bound on the latency of the flows that take the arrow, seconds.
fn strictest(design: &Design, arrow: &Arrow) -> Option<f64> {
    let targets = arrow.flows.iter().flat_map(|&flow| &design.flows[flow].targets);
    let bounds = targets.filter_map(|target| match target.metric {
        Metric::LatencyPercentile(_) | Metric::LatencyMean | Metric::LatencyMax => Some(target.bound),
        _ => None,
    });
    bounds.reduce(f64::min)
}

fn change(drafts: &mut Drafts<'_>, arrow: &Arrow, text: String, name: &str, value: Value) {
    let (from, to) = (arrow.from, arrow.to);
    drafts.add(text, from, |design| {
        let source = Source::Design(Span::default());
        let known = design.links.iter_mut().find(|link| (link.from, link.to) == (from, to));
        if let Some(link) = known {
            link.parameters.set(name, value, source);
        } else {
            let mut parameters = Parameters::default();
            parameters.set(name, value, source);
            design.links.push(Link { from, to, parameters, span: Span::default() });
        }
    });
}

/// Calls whose answer decides nothing are made hand-overs: writes, from anything that does not merely pass requests on.
fn hand_over(drafts: &mut Drafts<'_>, arrow: &Arrow) {
    let (from, to) = (arrow.from, arrow.to);
    let (caller, called) = (drafts.design.component(from), drafts.design.component(to));
    let passes_on = matches!(caller.kind, Kind::Client | Kind::LoadBalancer | Kind::Cdn | Kind::Gateway);
    if !arrow.writes || passes_on || called.kind.caches() {
        return;
    }
    let text = format!("{} does not wait for its writes to {}", caller.name, called.name);
    drafts.add(text, from, |design| {
        for flow in &mut design.flows {
            hand_over_writes(&mut flow.root, from, to);
        }
    });
}

fn hand_over_writes(visit: &mut Visit, from: ComponentId, to: ComponentId) {
    let here = visit.component == from;
    each_action(&mut visit.then, &mut |action| {
        if let Action::Call(next) = action
            && here
            && next.component == to
            && next.operation == Operation::Write
        {
            *action = Action::HandOver(next.clone());
        }
        if let Action::Call(next) | Action::HandOver(next) = action {
            hand_over_writes(next, from, to);
        }
    });
}
