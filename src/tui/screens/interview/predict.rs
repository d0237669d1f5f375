//! Predict, then run: one line before the figures are seen. It costs a key to skip, and never keeps a run from being made.

use super::State;
use crate::design::compile;
use crate::interview::{ComponentRun, Event as Happening, Run, claims, predictions, transfer};
use crate::tui::context::Context;
use crate::tui::effect::{Notice, Prompt, Purpose, Request};

impl State {
    /// Asks what the next run will show.
    pub(super) fn prediction(&self, fault: Option<String>) -> Request {
        let seen = fault.is_none() && self.record().measured(&self.bench.text(), None);
        let (title, after) = match &fault {
            Some(fault) => (format!("Predict: {fault}"), "Enter alone runs it without one."),
            None if seen => {
                ("Predict the next change".to_owned(), "It is held against the next run of a changed design.")
            }
            None => ("Predict the run".to_owned(), "Enter alone runs it without one."),
        };
        let advice = "What gives way first, and what p99 or the errors come to: \"postgres, p99 2s, errors 5%\".";
        Request::Prompt(Box::new(Prompt {
            purpose: Purpose::Prediction(fault),
            title,
            advice: format!("{advice} {after}"),
            text: String::new(),
            log: Vec::new(),
            stays: false,
            skips: true,
        }))
    }

    /// Takes a prediction, or none, and makes the run that it is about.
    pub(super) fn predicted(&mut self, text: &str, fault: Option<String>, ctx: &Context<'_>) -> Vec<Request> {
        let mut requests = Vec::new();
        if !text.is_empty() {
            requests.extend(self.advance(Happening::Predict { text: text.to_owned(), fault: fault.clone() }, ctx));
            if claims(text, &self.unmeasured()).is_empty() {
                let words = "noted, but no run can judge it: name a component, or a figure like 'p99 2s'";
                requests.push(Request::Notify(Notice::plain(words)));
            }
        }
        if fault.is_some() || !self.record().measured(&self.bench.text(), None) {
            self.run_with(fault, ctx);
        }
        requests
    }

    /// Lets the design be run with the next tick, with that fault or none.
    pub(super) fn run_with(&mut self, fault: Option<String>, ctx: &Context<'_>) {
        self.bench.run.asked(ctx.now);
        self.fault = fault;
        self.focus.right = super::layout::Pane::Run;
        if self.focus.pane == super::layout::Pane::Diagram {
            self.focus.pane = super::layout::Pane::Run;
        }
    }

    /// The problem's fault, about the parts of this design.
    pub(super) fn in_own_words(&self, fault: &str, ctx: &Context<'_>) -> String {
        let reference = compile(&self.session.problem().reference, ctx.bank.catalogue()).design;
        transfer(fault, &reference, self.bench.design.design())
    }

    /// The design's components as a run has them, before any run.
    fn unmeasured(&self) -> Run {
        let components = self.bench.design.design().components.iter().map(|component| ComponentRun {
            name: component.name.clone(),
            kind: component.kind.name().to_owned(),
            technology: component.technology.clone(),
            ..ComponentRun::default()
        });
        Run { components: components.collect(), ..Run::default() }
    }

    /// Says how a prediction turned out.
    pub(super) fn foretold(&self, prediction: usize) -> Option<Request> {
        let all = predictions(self.record());
        let judged = &all.get(prediction)?.judged;
        let wrong: Vec<String> = judged
            .iter()
            .filter(|one| !one.right)
            .map(|one| format!("you said {}; measured: {}", one.claim, one.measured))
            .collect();
        if judged.is_empty() {
            return None;
        }
        let notice = if wrong.is_empty() { Notice::good("as you predicted") } else { Notice::plain(wrong.join(". ")) };
        Some(Request::Notify(notice))
    }
}
