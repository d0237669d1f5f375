//! What the interviewer and the clock say by themselves. Each thing once.

use super::Session;
use crate::clock::Elapsed;
use crate::interview::{Outcome, Pace, Remark, Save, What, plan_line, replan};

impl Session {
    /// Says what is due to be said.
    pub(super) fn speak(&mut self, outcomes: &mut Vec<Outcome>) {
        if self.record.paused {
            return;
        }
        self.remark_on_overrun(outcomes);
        self.remark_on_time(outcomes);
        self.suggest_moving_on(outcomes);
    }

    fn remark_on_overrun(&mut self, outcomes: &mut Vec<Outcome>) {
        let phase = self.record.current;
        let record = &mut self.record.phases[phase];
        let over = record.budget > Elapsed(0) && Pace::of(record.spent, record.budget) == Pace::Over;
        if !over || record.overrun_said {
            return;
        }
        record.overrun_said = true;
        let said = &self.phases[phase].overrun;
        let line = if said.is_empty() { format!("Time for {} is up.", self.phases[phase].title) } else { said.clone() };
        self.remember(What::Overran(phase));
        outcomes.push(Outcome::Say(Remark::Overrun { phase, line }));
        self.offer_plan(outcomes);
        self.save(Save::Whole);
    }

    fn remark_on_time(&mut self, outcomes: &mut Vec<Outcome>) {
        if !self.live.time_up_said && self.record.spent() >= self.record.length() {
            self.live.time_up_said = true;
            let line = format!("The {} minutes are up. Finish when you are ready.", self.record.minutes);
            outcomes.push(Outcome::Say(Remark::TimeUp { line }));
        }
    }

    /// The checklist is complete and half of the budget is spent: the next phase could begin.
    fn suggest_moving_on(&mut self, outcomes: &mut Vec<Outcome>) {
        let phase = self.record.current;
        let record = &self.record.phases[phase];
        let live = &mut self.live.phases[phase];
        let complete = !live.lines.is_empty() && live.lines.iter().all(|line| line.ticked);
        let Some(next) = self.phases.get(phase + 1) else { return };
        if complete && !live.move_on_said && !record.overrun_said && record.spent.0 >= record.budget.0 / 2 {
            live.move_on_said = true;
            let line = format!("The checklist of {} is complete; next: {}.", record.title, next.title);
            outcomes.push(Outcome::Say(Remark::MoveOn { phase, line }));
        }
    }

    /// Where the time that is left doesn't suffice for what is left to do, how to spread it.
    pub(super) fn offer_plan(&mut self, outcomes: &mut Vec<Outcome>) {
        let rest = &self.record.phases[self.record.current..];
        let wanted = rest.iter().fold(Elapsed(0), |sum, phase| sum + phase.budget.saturating_sub(phase.spent));
        let left = self.record.length().saturating_sub(self.record.spent());
        if wanted > left && left > Elapsed(0) {
            let plan = replan(&self.record);
            outcomes.push(Outcome::Say(Remark::Replan { line: plan_line(&self.record, &plan), plan }));
        }
    }
}
