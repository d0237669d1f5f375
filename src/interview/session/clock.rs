//! The clock: what each moment is put down to.

use super::{LIST_LIMIT, Session};
use crate::clock::{Elapsed, Timestamp};
use crate::interview::{Outcome, Pause, PauseReason, Remark, Save, What};

/// Without any event for longer than this, nothing ran: the machine slept or the process was stopped. That time doesn't count.
pub const AWAY_AFTER: Elapsed = Elapsed::seconds(30);

impl Session {
    /// Puts the time since the last event down to the current phase, or to a pause. `working`: however long it was, the candidate was at work.
    pub(super) fn account(&mut self, now: Timestamp, working: bool, outcomes: &mut Vec<Outcome>) {
        let from = self.record.last;
        let gap = now.since(from);
        self.record.last = now;
        if self.record.paused {
            self.stand(gap);
        } else if gap > AWAY_AFTER && !working {
            self.stop(PauseReason::Away, from);
            self.stand(gap);
            self.go_on();
            outcomes.push(Outcome::Say(Remark::Away { length: gap }));
        } else {
            self.record.phases[self.record.current].spent += gap;
        }
    }

    /// The time between the last save and now, after the program was closed: a pause, whatever the record says of the clock.
    pub(super) fn account_for_absence(&mut self, now: Timestamp) {
        let from = self.record.last;
        if !self.record.paused {
            self.stop(PauseReason::Closed, from);
        }
        self.stand(now.since(from));
        self.record.last = now;
        self.go_on();
    }

    /// Stops the clock.
    pub(super) fn stop(&mut self, reason: PauseReason, from: Timestamp) {
        let at = self.record.spent();
        if self.record.pauses.len() < LIST_LIMIT {
            self.record.pauses.push(Pause { at, from, length: Elapsed(0), reason });
        }
        self.record.paused = true;
        self.remember(What::Stopped(self.record.pauses.len().saturating_sub(1)));
        self.save(Save::Whole);
    }

    /// Lets the clock go on.
    pub(super) fn go_on(&mut self) {
        self.record.paused = false;
        self.remember(What::WentOn);
        self.save(Save::Whole);
    }

    fn stand(&mut self, time: Elapsed) {
        if let Some(pause) = self.record.pauses.last_mut() {
            pause.length += time;
        }
    }
}
