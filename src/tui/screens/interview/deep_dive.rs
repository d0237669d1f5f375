//! The interviewer's questions about this design.

use super::State;
use super::layout::Pane;
use crate::interview::{Event as Happening, choose_probes, facts};
use crate::tui::context::Context;
use crate::tui::effect::{Notice, Request};
use crate::tui::panes::editor::Editor;

impl State {
    /// Puts the next question; where there is none left, goes round those that were put.
    pub(super) fn next_probe(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        let kind = self.kind();
        let last = self.answers.len().saturating_sub(1);
        if self.probe < last {
            self.probe += 1;
            self.focus.go(Pane::Answer, kind);
            return Vec::new();
        }
        let facts = facts(self.bench.design.design());
        let chosen = choose_probes(self.session.problem(), ctx.bank.framework(), self.record(), &facts);
        let Some(chosen) = chosen.into_iter().next() else {
            if self.answers.is_empty() {
                self.focus.go(Pane::Notes, kind);
                return vec![Request::Notify(Notice::plain("the interviewer has no question about this design"))];
            }
            self.probe = 0;
            self.focus.go(Pane::Answer, kind);
            return vec![Request::Notify(Notice::plain("that was the last question; here is the first again"))];
        };
        let requests = self.advance(Happening::Probe { ask: chosen.probe.ask, because: chosen.because }, ctx);
        while self.answers.len() < self.record().probes.len() {
            self.answers.push(Editor::prose(""));
        }
        self.probe = self.answers.len().saturating_sub(1);
        self.focus.go(Pane::Answer, kind);
        requests
    }

    /// The fault that the shown question is about.
    pub(super) fn fault_at_hand(&self) -> Option<String> {
        let asked = self.record().probes.get(self.probe)?;
        let probe = self.session.problem().probes.iter().find(|probe| probe.ask == asked.ask)?;
        probe.fault.clone()
    }

    /// Runs the design with the question's fault; what it will do is asked first, unless it was seen already.
    pub(super) fn break_it(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        let Some(fault) = self.fault_at_hand() else {
            return vec![Request::Notify(Notice::plain("this question has no fault to run"))];
        };
        if !self.bench.design.runs() {
            return vec![Request::Notify(Notice::bad("the design can't be run as it is"))];
        }
        let fault = self.in_own_words(&fault, ctx);
        if self.record().measured(&self.bench.text(), Some(&fault)) {
            self.run_with(Some(fault), ctx);
            return Vec::new();
        }
        vec![self.prediction(Some(fault))]
    }
}
