//! A design with one of its parts taken away: the question behind "is this box needed?".

use super::graph::{Action, ComponentId, Design, Fault, Place, ScenarioEvent, Visit};

impl Design {
    /// The design without one component: whoever called it does in its place what it did. Its links and the faults that hit it go with it.
    #[must_use]
    pub fn without(&self, part: ComponentId) -> Self {
        let mut design = self.clone();
        for flow in &mut design.flows {
            flow.root.then = spliced(&flow.root.then, part);
        }
        design.links.retain(|link| link.from != part && link.to != part);
        design.scenario.retain(|event| !hits(event, part));
        design.components.remove(part.0 as usize);
        design.renumber(part);
        design
    }

    fn renumber(&mut self, gone: ComponentId) {
        let moved = |id: &mut ComponentId| {
            if *id > gone {
                id.0 -= 1;
            }
        };
        for flow in &mut self.flows {
            renumber_visit(&mut flow.root, &moved);
        }
        for link in &mut self.links {
            moved(&mut link.from);
            moved(&mut link.to);
        }
        for event in &mut self.scenario {
            components_of(&mut event.fault).into_iter().for_each(&moved);
        }
    }
}

/// `actions` with each visit of `part` replaced by what it did.
fn spliced(actions: &[Action], part: ComponentId) -> Vec<Action> {
    let mut out = Vec::with_capacity(actions.len());
    for action in actions {
        match action {
            Action::Call(visit) | Action::HandOver(visit) if visit.component == part => {
                out.extend(spliced(&visit.then, part));
            }
            Action::Call(visit) => out.push(Action::Call(visit_without(visit, part))),
            Action::HandOver(visit) => out.push(Action::HandOver(visit_without(visit, part))),
            Action::AtOnce { need, branches } => {
                let branches = branches.iter().map(|branch| spliced(branch, part)).collect();
                out.push(Action::AtOnce { need: *need, branches });
            }
            Action::OneOf(branches) => {
                let branches = branches.iter().map(|(share, branch)| (*share, spliced(branch, part))).collect();
                out.push(Action::OneOf(branches));
            }
            Action::Repeat { times, at_once, actions } => {
                out.push(Action::Repeat { times: *times, at_once: *at_once, actions: spliced(actions, part) });
            }
        }
    }
    out
}

fn visit_without(visit: &Visit, part: ComponentId) -> Visit {
    Visit { then: spliced(&visit.then, part), ..visit.clone() }
}

fn renumber_visit(visit: &mut Visit, moved: &impl Fn(&mut ComponentId)) {
    moved(&mut visit.component);
    renumber_actions(&mut visit.then, moved);
}

fn renumber_actions(actions: &mut [Action], moved: &impl Fn(&mut ComponentId)) {
    for action in actions {
        match action {
            Action::Call(visit) | Action::HandOver(visit) => renumber_visit(visit, moved),
            Action::AtOnce { branches, .. } => branches.iter_mut().for_each(|branch| renumber_actions(branch, moved)),
            Action::OneOf(branches) => branches.iter_mut().for_each(|(_, branch)| renumber_actions(branch, moved)),
            Action::Repeat { actions, .. } => renumber_actions(actions, moved),
        }
    }
}

fn hits(event: &ScenarioEvent, part: ComponentId) -> bool {
    components_of(&mut event.fault.clone()).into_iter().any(|id| *id == part)
}

/// Every component that a fault names.
fn components_of(fault: &mut Fault) -> Vec<&mut ComponentId> {
    fn of_place(place: &mut Place) -> Vec<&mut ComponentId> {
        match place {
            Place::Component(id) | Place::Instance(id, _) => vec![id],
            Place::Region(_) | Place::Zone(_) => Vec::new(),
        }
    }
    match fault {
        Fault::Kill(place) | Fault::Pause(place) | Fault::Slow { place, .. } | Fault::Errors { place, .. } => {
            of_place(place)
        }
        Fault::Partition(a, b) => of_place(a).into_iter().chain(of_place(b)).collect(),
        Fault::Delay { from, to, .. } | Fault::Lose { from, to, .. } => vec![from, to],
        Fault::Flush(id) | Fault::Fill(id) | Fault::Deploy(id) => vec![id],
        Fault::ReplicationLag { component, .. } | Fault::ClockSkew { component, .. } => vec![component],
        Fault::HotKey { .. } | Fault::Spike { .. } | Fault::Ramp { .. } => Vec::new(),
    }
}
