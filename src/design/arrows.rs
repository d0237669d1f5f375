//! The arrows of a design's figure: one for all flows that take it.

use std::collections::BTreeMap;

use super::{Action, Design, Visit};

/// An arrow between two components.
pub(super) struct Arrow {
    /// The caller, by its number.
    pub from: usize,
    /// The called.
    pub to: usize,
    /// Whether no flow waits for it.
    pub asynchronous: bool,
    /// Its share or its count: `80%`, `10 *`, `any 2`.
    pub label: String,
}

/// The arrows of all flows, in the order they are first taken.
pub(super) fn arrows(design: &Design) -> Vec<Arrow> {
    let mut found = Arrows { list: Vec::new(), known: BTreeMap::new() };
    for flow in &design.flows {
        found.visit(&flow.root);
    }
    found.list
}

struct Arrows {
    list: Vec<Arrow>,
    known: BTreeMap<(usize, usize), usize>,
}

impl Arrows {
    fn visit(&mut self, visit: &Visit) {
        self.actions(visit.component.0 as usize, &visit.then, "");
    }

    fn actions(&mut self, from: usize, actions: &[Action], label: &str) {
        for action in actions {
            match action {
                Action::Call(next) => self.arrow(from, next, false, label),
                Action::HandOver(next) => self.arrow(from, next, true, label),
                Action::AtOnce { need, branches } => {
                    let any = format!("any {need}");
                    let label = if (*need as usize) < branches.len() { any.as_str() } else { label };
                    for branch in branches {
                        self.actions(from, branch, label);
                    }
                }
                Action::OneOf(branches) => {
                    for (share, branch) in branches {
                        self.actions(from, branch, &crate::units::format_percent(*share));
                    }
                }
                Action::Repeat { times, at_once, actions } => {
                    let sign = if *at_once { "&" } else { "*" };
                    self.actions(from, actions, &format!("{times} {sign}"));
                }
            }
        }
    }

    fn arrow(&mut self, from: usize, next: &Visit, asynchronous: bool, label: &str) {
        let to = next.component.0 as usize;
        let at = *self.known.entry((from, to)).or_insert(self.list.len());
        if at == self.list.len() {
            self.list.push(Arrow { from, to, asynchronous, label: label.to_owned() });
        }
        let arrow = &mut self.list[at];
        arrow.asynchronous &= asynchronous;
        if arrow.label.is_empty() {
            label.clone_into(&mut arrow.label);
        }
        self.visit(next);
    }
}
