//! A probe's fault is written for the reference, whose parts a candidate calls otherwise: it is put into the candidate's words.

use super::targets::{rate, shape};
use crate::design::{Component, Design, Flow, Kind};

/// `fault`, a scenario line about `reference`, about the parts of `design` that do the same: a part of that name, or of the same technology, kind
/// or purpose, in this order; a flow of that name, of the same endpoint, or of the same operation and the greatest load. What has no counterpart
/// stays as it is.
pub fn transfer(fault: &str, reference: &Design, design: &Design) -> String {
    let named = reference.flows.iter().filter(|flow| fault.contains(flow.name.as_str()));
    let flow = named.max_by_key(|flow| flow.name.len());
    let words = |text: &str| text.split(' ').map(|word| part(word, reference, design)).collect::<Vec<_>>().join(" ");
    match flow.and_then(|flow| Some((flow, fault.split_once(flow.name.as_str())?))) {
        Some((flow, (before, after))) => {
            let name = same_flow(flow, design).map_or(flow.name.as_str(), |own| own.name.as_str());
            format!("{}{name}{}", words(before), words(after))
        }
        None => words(fault),
    }
}

/// A word of the fault, with the name of the candidate's part if it names one of the reference's; `/0` stays.
fn part(word: &str, reference: &Design, design: &Design) -> String {
    let (name, instance) = word.find('/').map_or((word, ""), |at| word.split_at(at));
    let own = reference.find(name).and_then(|id| same_part(reference.component(id), design));
    own.map_or_else(|| word.to_owned(), |own| format!("{}{instance}", own.name))
}

fn same_part<'a>(of: &Component, design: &'a Design) -> Option<&'a Component> {
    let find = |is: &dyn Fn(&Component) -> bool| design.components.iter().find(|&component| is(component));
    find(&|own| own.name == of.name)
        .or_else(|| find(&|own| own.technology.is_some() && own.technology == of.technology))
        .or_else(|| find(&|own| own.kind == of.kind))
        .or_else(|| find(&|own| purpose(own.kind) == purpose(of.kind)))
}

/// What a kind is there for, where several kinds are there for the same.
fn purpose(kind: Kind) -> Kind {
    match kind {
        Kind::Kv => Kind::Sql,
        Kind::Stream => Kind::Queue,
        Kind::Gateway => Kind::LoadBalancer,
        other => other,
    }
}

fn same_flow<'a>(of: &Flow, design: &'a Design) -> Option<&'a Flow> {
    let flows = design.flows.iter();
    let same = flows.clone().find(|own| shape(&own.name) == shape(&of.name));
    let busiest = || {
        let alike = flows.filter(|own| own.operation == of.operation);
        alike.max_by(|a, b| rate(&a.load).total_cmp(&rate(&b.load)))
    };
    same.or_else(busiest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Catalogue, compile, parse_event};

    const REFERENCE: &str = "acquirer: external\nledger: sql, shards 4\ncalls: queue\nfront: cache\n\
        GET /{code} @ 10/s: web -> api: service -> front -> ledger\n\
        POST /payments @ 5/s: web -> api -> ledger, acquirer\n    api ~> calls\n";
    const DESIGN: &str = "bank: external\ndb: kv\nlog: stream\n\
        GET /:id @ 3/s: user -> backend: service -> db\n\
        POST /charges @ 1/s: user -> backend -> db, bank\n    backend ~> log\nPOST /refunds @ 4/s: user -> backend -> db\n";

    #[track_caller]
    fn check(fault: &str, expected: &str) {
        let compiled = |text: &str| compile(text, &Catalogue::default()).design;
        let (reference, design) = (compiled(REFERENCE), compiled(DESIGN));
        assert!(parse_event(fault, &reference).is_ok(), "{fault} is no fault of the reference");
        assert_eq!(transfer(fault, &reference, &design), expected);
    }

    #[test]
    fn a_fault_hits_the_candidates_part_that_does_the_same() {
        check("at 10s: slow acquirer 5x for 15s", "at 10s: slow bank 5x for 15s");
        check("at 10s: kill ledger/0 for 15s", "at 10s: kill db/0 for 15s");
        check("at 10s: kill calls for 15s", "at 10s: kill log for 15s");
        check("at 10s: kill api/0 for 15s", "at 10s: kill backend/0 for 15s");
    }

    #[test]
    fn a_fault_of_a_flow_goes_to_the_same_endpoint_or_the_busiest_that_does_the_same() {
        check("at 10s: hot key 30% on GET /{code} for 15s", "at 10s: hot key 30% on GET /:id for 15s");
        check("at 10s: spike POST /payments 3x for 15s", "at 10s: spike POST /refunds 3x for 15s");
    }

    #[test]
    fn what_has_no_counterpart_stays() {
        check("at 10s: flush front", "at 10s: flush front");
    }
}
