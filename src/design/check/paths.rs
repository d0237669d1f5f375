//! A flow's visits in a row, each with who called it and whether the flow waits for it.

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
