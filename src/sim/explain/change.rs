//! Single changes worth trying on a design.

mod cache;
mod component;
mod link;

use crate::design::{Action, Catalogue, ComponentId, Design, Operation, Source, Value, Visit};
use crate::sim::Report;
use crate::source::Span;

/// A change and the design with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// In words: `twice the instances of api (12 -> 24)`.
    pub text: String,
    /// The component it is about; of an arrow, the caller.
    pub component: ComponentId,
    /// The design with the change.
    pub design: Design,
}

/// Every change worth trying, in the design's order. The catalogue says what a new cache would be like, the report of a run how much it
/// would have to bear.
pub fn changes(design: &Design, catalogue: &Catalogue, report: &Report) -> Vec<Change> {
    let mut drafts = Drafts { design, catalogue, report, changes: Vec::new() };
    for id in design.component_ids() {
        component::changes(&mut drafts, id);
        cache::before_store(&mut drafts, id);
    }
    for arrow in arrows(design) {
        link::changes(&mut drafts, &arrow);
    }
    drafts.changes
}

/// Changes in the making.
struct Drafts<'a> {
    design: &'a Design,
    catalogue: &'a Catalogue,
    report: &'a Report,
    changes: Vec<Change>,
}

impl Drafts<'_> {
    /// Adds the change that `edit` makes.
    fn add(&mut self, text: String, component: ComponentId, edit: impl FnOnce(&mut Design)) {
        let mut design = self.design.clone();
        edit(&mut design);
        self.changes.push(Change { text, component, design });
    }

    /// Adds a change of one parameter of a component.
    fn set(&mut self, text: String, id: ComponentId, name: &str, value: Value) {
        self.add(text, id, |design| {
            design.components[id.0 as usize].parameters.set(name, value, Source::Design(Span::default()));
        });
    }

    fn name(&self, id: ComponentId) -> &str {
        &self.design.component(id).name
    }
}

/// An arrow that some flow takes.
struct Arrow {
    from: ComponentId,
    to: ComponentId,
    /// Indices of the flows that take it.
    flows: Vec<usize>,
    /// Whether one of them waits for a write over it.
    writes: bool,
}

/// Every arrow that some flow takes, callers before callees.
fn arrows(design: &Design) -> Vec<Arrow> {
    fn walk(visit: &Visit, flow: usize, arrows: &mut Vec<Arrow>) {
        each_call(&visit.then, &mut |next, waits| {
            let (from, to) = (visit.component, next.component);
            let at = arrows.iter().position(|arrow| (arrow.from, arrow.to) == (from, to)).unwrap_or_else(|| {
                arrows.push(Arrow { from, to, flows: Vec::new(), writes: false });
                arrows.len() - 1
            });
            arrows[at].writes |= waits && next.operation == Operation::Write;
            if !arrows[at].flows.contains(&flow) {
                arrows[at].flows.push(flow);
            }
            walk(next, flow, arrows);
        });
    }
    let mut arrows = Vec::new();
    for (at, flow) in design.flows.iter().enumerate() {
        walk(&flow.root, at, &mut arrows);
    }
    arrows
}

/// Goes through the visits that actions make, one level deep; with each, whether it is waited for.
fn each_call(actions: &[Action], then: &mut impl FnMut(&Visit, bool)) {
    for action in actions {
        match action {
            Action::Call(visit) => then(visit, true),
            Action::HandOver(visit) => then(visit, false),
            Action::AtOnce { branches, .. } => branches.iter().for_each(|branch| each_call(branch, then)),
            Action::OneOf(branches) => branches.iter().for_each(|(_, branch)| each_call(branch, then)),
            Action::Repeat { actions, .. } => each_call(actions, then),
        }
    }
}

/// Goes through the actions themselves that make visits, one level deep, to change them.
fn each_action(actions: &mut [Action], then: &mut impl FnMut(&mut Action)) {
    for action in actions {
        match action {
            Action::Call(_) | Action::HandOver(_) => then(action),
            Action::AtOnce { branches, .. } => branches.iter_mut().for_each(|branch| each_action(branch, then)),
            Action::OneOf(branches) => branches.iter_mut().for_each(|(_, branch)| each_action(branch, then)),
            Action::Repeat { actions, .. } => each_action(actions, then),
        }
    }
}
