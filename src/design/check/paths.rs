//! A flow's visits in a row, each with who called it and whether the flow waits for it; and those that it can't do without.

use std::collections::{BTreeMap, BTreeSet};

use crate::design::{Action, ComponentId, Visit};

/// A visit of a flow, beyond the client.
pub(super) struct Step<'a> {
    pub visit: &'a Visit,
    /// Who called it.
    pub caller: Option<ComponentId>,
    /// The arrow by which the caller was called, if that was waited for.
    pub outer: Option<(ComponentId, ComponentId)>,
    /// Whether it is in the request's latency.
    pub waited_for: bool,
}

/// The visits below a flow's client.
pub(super) fn steps(root: &Visit) -> Vec<Step<'_>> {
    let mut walk = Walk { steps: Vec::new() };
    walk.actions(root, &root.then, None, true);
    walk.steps
}

/// The components that a request can't do without: those that dominate its end. A flow is a tree of parts in a row and side by side, so they
/// follow from its parts: of a choice what is in every branch, of branches at once what is in more of them than may fail.
pub(super) fn needed(actions: &[Action]) -> BTreeSet<ComponentId> {
    actions.iter().flat_map(needed_by).collect()
}

fn needed_by(action: &Action) -> BTreeSet<ComponentId> {
    match action {
        Action::Call(visit) => {
            let mut all = needed(&visit.then);
            all.insert(visit.component);
            all
        }
        Action::HandOver(_) => BTreeSet::new(),
        Action::AtOnce { need, branches } => {
            let may_fail = branches.len().saturating_sub(*need as usize);
            in_more_than(may_fail, branches.iter().map(|branch| needed(branch)))
        }
        Action::OneOf(branches) => {
            let likely: Vec<_> = branches.iter().filter(|(share, _)| *share > 0.0).collect();
            let nothing_left = branches.iter().map(|(share, _)| share).sum::<f64>() > 1.0 - 1e-9;
            let all = if nothing_left { likely.len().saturating_sub(1) } else { likely.len() };
            in_more_than(all, likely.into_iter().map(|(_, branch)| needed(branch)))
        }
        Action::Repeat { actions, .. } => needed(actions),
    }
}

/// What is in more than `count` of the sets.
fn in_more_than(count: usize, sets: impl Iterator<Item = BTreeSet<ComponentId>>) -> BTreeSet<ComponentId> {
    let mut found: BTreeMap<ComponentId, usize> = BTreeMap::new();
    for id in sets.flatten() {
        *found.entry(id).or_default() += 1;
    }
    found.into_iter().filter(|(_, times)| *times > count).map(|(id, _)| id).collect()
}

struct Walk<'a> {
    steps: Vec<Step<'a>>,
}

impl<'a> Walk<'a> {
    fn actions(
        &mut self,
        caller: &'a Visit,
        actions: &'a [Action],
        outer: Option<(ComponentId, ComponentId)>,
        waited_for: bool,
    ) {
        for action in actions {
            match action {
                Action::Call(visit) => self.visit(caller, visit, outer, waited_for),
                Action::HandOver(visit) => self.visit(caller, visit, outer, false),
                Action::AtOnce { branches, .. } => {
                    for branch in branches {
                        self.actions(caller, branch, outer, waited_for);
                    }
                }
                Action::OneOf(branches) => {
                    for (_, branch) in branches {
                        self.actions(caller, branch, outer, waited_for);
                    }
                }
                Action::Repeat { actions, .. } => self.actions(caller, actions, outer, waited_for),
            }
        }
    }

    fn visit(
        &mut self,
        caller: &'a Visit,
        visit: &'a Visit,
        outer: Option<(ComponentId, ComponentId)>,
        waited_for: bool,
    ) {
        self.steps.push(Step { visit, caller: Some(caller.component), outer, waited_for });
        let arrow = waited_for.then_some((caller.component, visit.component));
        self.actions(visit, &visit.then, arrow, waited_for);
    }
}
