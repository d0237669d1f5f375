//! What each event does to the record, and what follows.

use super::{LIST_LIMIT, Session};
use crate::clock::{Elapsed, Timestamp};
use crate::interview::evidence::{ANSWER, QUESTION};
use crate::interview::targets::promises_in;
use crate::interview::{
    Decision, Event, Outcome, PauseReason, Prediction, ProbeRecord, Question, Remark, Run, Save, Trigger, What, clarify,
};

/// Typing is saved when it is this old: with a tick twice a second and the time a disk takes, within a second.
const SAVE_AFTER: Elapsed = Elapsed(300);
/// A running clock is saved this often when nothing is typed.
const HEARTBEAT: Elapsed = Elapsed::seconds(5);
/// Targets go into the timeline when they have stood unchanged for so long: `p99 < 1ms` on the way to `p99 < 100ms` doesn't.
const SETTLED_AFTER: Elapsed = Elapsed::seconds(2);
/// An edit that is run so soon after the one before is the same edit: what was predicted is of its end.
const GOES_ON: Elapsed = Elapsed::seconds(10);
/// Notes up to this length, in bytes, are read at once; longer ones with the next tick.
const READ_AT_ONCE: usize = 16 * 1024;
/// The most that is kept of one text, bytes.
const TEXT_LIMIT: usize = 1024 * 1024;

impl Session {
    /// Takes in what happened at `now`, and says what follows. A finished interview takes in nothing.
    ///
    /// A save, where one is due, comes last.
    pub fn advance(&mut self, event: Event, now: Timestamp) -> Vec<Outcome> {
        if self.record.finished.is_some() {
            return Vec::new();
        }
        let mut outcomes = Vec::new();
        self.account(now, event == Event::BackToWork, &mut outcomes);
        self.take_in(event, now, &mut outcomes);
        if self.record.finished.is_none() {
            self.speak(&mut outcomes);
        }
        outcomes.extend(self.due_save(now));
        outcomes
    }

    fn take_in(&mut self, event: Event, now: Timestamp, outcomes: &mut Vec<Outcome>) {
        match event {
            Event::Tick | Event::BackToWork => self.tick(now, outcomes),
            Event::Notes { phase, text } => self.note(phase, text, now, outcomes),
            Event::Design(text) => self.draw(text, outcomes),
            Event::Sheet(text) => self.estimate(text, outcomes),
            Event::Forward => self.enter(self.record.current + 1, outcomes),
            Event::Back => self.enter(self.record.current.wrapping_sub(1), outcomes),
            Event::GoTo(phase) => self.enter(phase, outcomes),
            Event::Pause if !self.record.paused => self.stop(PauseReason::Asked, now),
            Event::Resume if self.record.paused => self.go_on(),
            Event::Pause | Event::Resume => {}
            Event::Ask(question) => self.ask(&question, now, outcomes),
            Event::Check { phase, item } => self.check(phase, &item, outcomes),
            Event::Decide(text) => self.decide(&text, outcomes),
            Event::Predict { text, fault } => self.predict(&text, fault, outcomes),
            Event::Ran(run) => self.ran(run, outcomes),
            Event::Probe { ask, because } => self.probe(ask, because, outcomes),
            Event::AnswerProbe { probe, answer } => self.answer_probe(probe, answer, outcomes),
            Event::Finish => self.finish(now, outcomes),
        }
    }

    fn tick(&mut self, now: Timestamp, outcomes: &mut Vec<Outcome>) {
        for at in 0..self.phases.len() {
            if self.live.phases[at].stale {
                self.read_notes(at, now, outcomes);
            }
        }
        if self.live.unsettled.is_some_and(|since| now.since(since) >= SETTLED_AFTER || now < since) {
            self.live.unsettled = None;
            self.remember_targets();
        }
    }

    fn remember_targets(&mut self) {
        let timeline = &self.record.timeline;
        let known = |text: &str| timeline.iter().any(|moment| moment.what == What::Target(text.to_owned()));
        let mut fresh: Vec<String> = Vec::new();
        for text in self.promises.targets.iter().map(|promise| &promise.target.text) {
            if !known(text) && !fresh.contains(text) {
                fresh.push(text.clone());
            }
        }
        for text in fresh {
            self.remember(What::Target(text));
            self.save(Save::Whole);
        }
    }

    fn note(&mut self, phase: usize, text: String, now: Timestamp, outcomes: &mut Vec<Outcome>) {
        let text = within_limit(text, outcomes);
        let Some(record) = self.record.phases.get_mut(phase).filter(|record| record.notes != text) else { return };
        record.notes = text;
        self.live.phases[phase].stale = true;
        self.save(Save::Typing);
        if self.record.phases[phase].notes.len() <= READ_AT_ONCE {
            self.read_notes(phase, now, outcomes);
        }
    }

    fn draw(&mut self, text: String, outcomes: &mut Vec<Outcome>) {
        let text = within_limit(text, outcomes);
        if self.record.design != text {
            self.record.design = text;
            self.save(Save::Typing);
        }
    }

    fn estimate(&mut self, text: String, outcomes: &mut Vec<Outcome>) {
        let text = within_limit(text, outcomes);
        if self.record.sheet != text {
            self.record.sheet = text;
            self.save(Save::Typing);
        }
    }

    /// Reads a phase's notes for targets and ticks.
    fn read_notes(&mut self, phase: usize, now: Timestamp, outcomes: &mut Vec<Outcome>) {
        self.live.phases[phase].stale = false;
        let promises = promises_in(phase, &self.record.phases[phase].notes);
        if promises != self.live.phases[phase].promises {
            self.live.phases[phase].promises = promises;
            self.live.unsettled = Some(now);
            self.gather_promises();
            outcomes.push(Outcome::Targets);
        }
        self.compare_ticks(phase, outcomes);
    }

    fn compare_ticks(&mut self, phase: usize, outcomes: &mut Vec<Outcome>) {
        let lines = self.read_checklist(phase);
        let before = std::mem::replace(&mut self.live.phases[phase].lines, lines.clone());
        let changed = lines.into_iter().zip(before).filter(|(now, before)| now.ticked != before.ticked);
        for (line, _) in changed {
            let (item, on) = (line.item, line.ticked);
            self.remember(What::Ticked { phase, item: item.clone(), on });
            outcomes.push(Outcome::Ticked { phase, item, on });
        }
    }

    /// Turns a tick round. One that then is as the notes show follows them again.
    fn check(&mut self, phase: usize, item: &str, outcomes: &mut Vec<Outcome>) {
        let Some(line) = self.checklist(phase).into_iter().find(|line| line.item == item) else { return };
        let by_hand = &mut self.record.phases[phase].by_hand;
        if line.evidence.is_some() == line.ticked {
            by_hand.insert(line.item, !line.ticked);
        } else {
            by_hand.remove(&line.item);
        }
        self.compare_ticks(phase, outcomes);
        self.save(Save::Whole);
    }

    /// The clock runs for another phase; nothing happens where there is no such phase.
    fn enter(&mut self, phase: usize, outcomes: &mut Vec<Outcome>) {
        if phase >= self.phases.len() || phase == self.record.current {
            return;
        }
        self.record.current = phase;
        self.record.phases[phase].visited = true;
        self.remember(What::Entered(phase));
        outcomes.push(Outcome::Entered(phase));
        self.offer_plan(outcomes);
        self.save(Save::Whole);
    }

    fn ask(&mut self, question: &str, now: Timestamp, outcomes: &mut Vec<Outcome>) {
        let text = question.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() || full(self.record.questions.len(), "questions", outcomes) {
            return;
        }
        let (at, phase) = (self.record.spent(), self.record.current);
        let answer =
            clarify(&self.problem, &text).map(|answer| answer.split_whitespace().collect::<Vec<_>>().join(" "));
        let reply = answer.as_ref().map_or_else(|| "Assumption: ".to_owned(), |answer| format!("{ANSWER}{answer}\n"));
        let notes = &mut self.record.phases[phase].notes;
        let start = if notes.is_empty() || notes.ends_with('\n') { "" } else { "\n" };
        let noted = format!("{start}{QUESTION}{text}\n{reply}");
        notes.push_str(&noted);
        let index = self.record.questions.len();
        self.record.questions.push(Question { at, phase, text, answer });
        self.remember(What::Asked(index));
        outcomes.push(Outcome::Answered { question: index });
        outcomes.push(Outcome::Noted { phase, text: noted });
        self.read_notes(phase, now, outcomes);
        self.save(Save::Whole);
    }

    fn decide(&mut self, text: &str, outcomes: &mut Vec<Outcome>) {
        let text = within_limit(text.trim().to_owned(), outcomes);
        if text.is_empty() || full(self.record.decisions.len(), "decisions", outcomes) {
            return;
        }
        let (at, phase) = (self.record.spent(), self.record.current);
        self.record.decisions.push(Decision { at, phase, text });
        self.remember(What::Decided(self.record.decisions.len() - 1));
        self.save(Save::Whole);
    }

    /// Notes what the next run is said to show. One about the same that no run has followed yet is replaced: the candidate thought again.
    fn predict(&mut self, text: &str, fault: Option<String>, outcomes: &mut Vec<Outcome>) {
        let text = within_limit(text.split_whitespace().collect::<Vec<_>>().join(" "), outcomes);
        if text.is_empty() {
            return;
        }
        let (at, phase) = (self.record.spent(), self.record.current);
        let prediction = Prediction { at, phase, text, fault, run: None };
        let waits = |known: &&mut Prediction| known.run.is_none() && known.fault == prediction.fault;
        if let Some(known) = self.record.predictions.iter_mut().find(waits) {
            *known = prediction;
        } else if full(self.record.predictions.len(), "predictions", outcomes) {
            return;
        } else {
            self.record.predictions.push(prediction);
            self.remember(What::Predicted(self.record.predictions.len() - 1));
        }
        self.save(Save::Whole);
    }

    /// Keeps a run, and holds against it what was predicted. Of successive runs after edits only the last is kept; of too many, the oldest goes;
    /// but never one that a prediction was held against.
    fn ran(&mut self, mut run: Run, outcomes: &mut Vec<Outcome>) {
        run.number = self.record.runs.last().map_or(0, |last| last.number + 1);
        run.at = self.record.spent();
        self.take_along(&run);
        let predictions = &self.record.predictions;
        let free = |known: &Run| predictions.iter().all(|prediction| prediction.run != Some(known.number));
        let supersedes = |last: &Run| last.trigger == Trigger::Edited && run.trigger == Trigger::Edited && free(last);
        if self.record.runs.last().is_some_and(supersedes) {
            let last = self.record.runs.pop().map(|last| What::Ran(last.number));
            self.record.timeline.retain(|moment| Some(&moment.what) != last.as_ref());
        }
        if self.record.runs.len() >= LIST_LIMIT / 5 {
            let oldest = self.record.runs.iter().position(free).unwrap_or(0);
            self.record.runs.remove(oldest);
        }
        self.remember(What::Ran(run.number));
        self.settle(&run, outcomes);
        self.record.runs.push(run);
        self.save(Save::Whole);
    }

    /// Frees a prediction from a run in the middle of an edit, of which `run` is a later state.
    fn take_along(&mut self, run: &Run) {
        let edited = |run: &Run| run.trigger == Trigger::Edited;
        let Some(last) = self.record.runs.last().filter(|last| edited(last) && edited(run)) else { return };
        if run.at.saturating_sub(last.at) < GOES_ON {
            let number = last.number;
            let of_last = self.record.predictions.iter_mut().filter(|prediction| prediction.run == Some(number));
            of_last.for_each(|prediction| prediction.run = None);
        }
    }

    /// Holds against `run` what was predicted of such a one. A run of what was measured before proves no prediction.
    fn settle(&mut self, run: &Run, outcomes: &mut Vec<Outcome>) {
        if self.record.measured(&run.design, run.fault.as_deref()) {
            return;
        }
        for (at, prediction) in self.record.predictions.iter_mut().enumerate() {
            if prediction.run.is_none() && prediction.fault == run.fault {
                prediction.run = Some(run.number);
                outcomes.push(Outcome::Foretold { prediction: at });
            }
        }
    }

    fn probe(&mut self, ask: String, because: String, outcomes: &mut Vec<Outcome>) {
        let known = self.record.probes.iter().any(|probe| probe.ask == ask);
        if known || full(self.record.probes.len(), "probes", outcomes) {
            return;
        }
        let at = self.record.spent();
        self.record.probes.push(ProbeRecord { at, ask, because, answer: String::new() });
        self.remember(What::Probed(self.record.probes.len() - 1));
        self.save(Save::Whole);
    }

    fn answer_probe(&mut self, probe: usize, answer: String, outcomes: &mut Vec<Outcome>) {
        let answer = within_limit(answer, outcomes);
        let Some(record) = self.record.probes.get_mut(probe).filter(|record| record.answer != answer) else { return };
        let first = record.answer.is_empty();
        record.answer = answer;
        if first {
            self.remember(What::AnsweredProbe(probe));
        }
        self.save(Save::Typing);
    }

    fn finish(&mut self, now: Timestamp, outcomes: &mut Vec<Outcome>) {
        for at in 0..self.phases.len() {
            self.read_notes(at, now, outcomes);
        }
        self.remember_targets();
        self.record.paused = false;
        self.record.finished = Some(now);
        self.remember(What::Finished);
        outcomes.push(Outcome::Finished);
        self.save(Save::Whole);
    }

    /// A whole save is due at once; typing when it is old enough; a running clock now and then.
    fn due_save(&mut self, now: Timestamp) -> Option<Outcome> {
        let age = now.since(self.live.saved);
        let set_back = now < self.live.saved;
        let save = match self.live.unsaved {
            Some(Save::Whole) => Save::Whole,
            Some(Save::Typing) if age >= SAVE_AFTER || set_back => Save::Typing,
            None if (age >= HEARTBEAT || set_back) && !self.record.paused => Save::Typing,
            _ => return None,
        };
        self.live.unsaved = None;
        self.live.saved = now;
        Some(Outcome::Save(save))
    }
}

/// `text` up to the limit; what goes beyond is said to be lost.
fn within_limit(mut text: String, outcomes: &mut Vec<Outcome>) -> String {
    if text.len() > TEXT_LIMIT {
        let end = (0..=TEXT_LIMIT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        let line = "this text is too long: only its first 1 MiB is kept".to_owned();
        outcomes.push(Outcome::Say(Remark::Full { line }));
    }
    text
}

/// Whether a list has no room for one more, which is said.
fn full(length: usize, what: &str, outcomes: &mut Vec<Outcome>) -> bool {
    let full = length >= LIST_LIMIT;
    if full {
        outcomes.push(Outcome::Say(Remark::Full { line: format!("no more than {LIST_LIMIT} {what} are kept") }));
    }
    full
}
