//! Workflow engines: steps that each do work and are recorded before the next, a wait for people or timers, retries, compensation.

use crate::sim::{
    engine::{APART, ENDED, Engine, Event, HOOKED, MEASURED, Outcome, Parent, UNDO},
    network::{Own, WorkflowPlan},
};

impl Engine {
    fn workflow_of(&self, station: u32) -> Option<WorkflowPlan> {
        match self.net.stations[station as usize].own {
            Own::Workflow(workflow) => Some(self.net.workflows[workflow as usize]),
            _ => None,
        }
    }

    /// A step's work is done: it is recorded, and the next begins; after the last the run waits and then does what follows.
    pub fn step_done(&mut self, frame: u32, station: u32) {
        let Some(plan) = self.workflow_of(station) else { return };
        let stream = &mut self.stations[station as usize].work;
        let persist = plan.persist.draw(stream);
        let state = &mut self.frames[frame];
        state.pc += 1;
        if state.pc < plan.steps {
            self.events.push(self.now + persist, Event::Again(frame));
            return;
        }
        if state.is(UNDO) {
            self.end(frame, Outcome::WELL);
            return;
        }
        let wait = plan.wait.draw(stream);
        state.flags |= HOOKED;
        state.since = 0;
        self.events.push(self.now + persist + wait, Event::Resume(frame));
    }

    /// What a run's steps called has ended; whether the run is tried again.
    pub fn workflow_ends(&mut self, frame: u32, station: u32, outcome: Outcome) -> bool {
        let Some(plan) = self.workflow_of(station) else { return false };
        let state = &mut self.frames[frame];
        if outcome.is_well() || state.pending > 0 {
            return false;
        }
        if state.since < u64::from(plan.retries) {
            state.since += 1;
            state.flags &= !ENDED;
            self.soon(crate::sim::engine::Task::Resume(frame));
            return true;
        }
        if plan.compensate {
            self.compensate(frame);
        }
        false
    }

    /// The steps of a failed run are undone, as work of its own.
    fn compensate(&mut self, frame: u32) {
        let from = &self.frames[frame];
        let (site, key, flow, measured) = (from.site, from.key, from.flow, from.flags & MEASURED);
        let station = self.net.sites[site as usize].station;
        let Some(undo) = self.frames.take(site, Parent::Nobody, self.now) else { return };
        let state = &mut self.frames[undo];
        (state.key, state.flow, state.pc) = (key, flow, 0);
        state.flags = measured | APART | UNDO;
        self.stations[station as usize].compensations += 1;
        self.soon(crate::sim::engine::Task::Arrive(undo));
    }
}
