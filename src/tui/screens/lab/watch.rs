//! Runs and what is made of them: when one starts, what is broken in it, what is found out about it.

use ratatui::layout::Rect;

use super::{Asked, State, View};
use crate::design::{ComponentId, Design, ScenarioEvent, parse_event};
use crate::interview::Trigger;
use crate::sim::{Options, hits_alike};
use crate::tui::context::Context;
use crate::tui::effect::{Effect, Notice, Order, Pace, Question, Request, Study};
use crate::tui::event::{Finding, Snapshot, StudyId};
use crate::tui::panes::why::{Advice, Kept};
use crate::tui::panes::workbench::{Part, SUMMARY};

/// When a fault strikes in a run that is begun for it: after this share of it, so that before and after are seen.
const STRIKES_AT: f64 = 0.2;

impl State {
    /// Starts the run that is due, if one is, with what was broken by hand.
    pub(super) fn start_due(&mut self, ctx: &Context<'_>) -> Option<Request> {
        let trigger = self.bench.run.due(ctx.now).filter(|_| !self.reads_recordings())?;
        if trigger == Trigger::Edited && self.bench.run.pace == Pace::Paused {
            self.bench.run.pace = Pace::Fastest;
        }
        let (struck, recordings) = (&self.struck, &self.recordings);
        let request = self.bench.start_due(ctx, |design, _| {
            let mut design = design.clone();
            recordings.supply(&mut design);
            let events: Vec<ScenarioEvent> = struck.iter().filter_map(|line| parse_event(line, &design).ok()).collect();
            let told = told(events.iter());
            design.scenario.extend(events);
            (design, told)
        })?;
        self.by_order = 0;
        self.theory.clear();
        self.advice.stale = self.advice.what_if.is_some() || self.advice.under_way;
        self.advice.under_way = false;
        self.asked.why = StudyId::default();
        Some(request)
    }

    pub(super) fn progress(&mut self, snapshot: &Snapshot, ctx: &Context<'_>) -> Vec<Request> {
        if self.bench.run.progress(snapshot.clone()).is_none() {
            return Vec::new();
        }
        self.reveal(ctx.area);
        // The run has ended: theory costs next to nothing.
        let Some(report) = self.bench.run.report().cloned() else { return Vec::new() };
        let (design, options) = self.ran(ctx);
        let id = self.next_study();
        self.asked.theory = id;
        vec![study(id, Question::Theory(Box::new(report)), design, options)]
    }

    /// Moves the diagram until the box that is looked at is seen.
    pub(super) fn reveal(&mut self, screen: Rect) {
        let design = self.bench.design.drawn();
        let Some(id) = self.looked_at(design) else { return };
        let pane = self.area_of(Part::Diagram, screen);
        let window = Rect { height: pane.height.saturating_sub(SUMMARY), ..pane };
        if !window.is_empty() {
            let diagram = self.bench.design.diagram().clone();
            self.bench.design.view.reveal(id, &diagram, window);
        }
    }

    /// The design that was run, and how.
    fn ran(&self, ctx: &Context<'_>) -> (Design, Options) {
        let design = self.bench.run.design().clone();
        let options = Options::of(&design).with_network(ctx.bank.catalogue().network());
        (design, options)
    }

    fn next_study(&mut self) -> StudyId {
        self.study = StudyId(self.study.0 + 1);
        self.study
    }

    /// Breaks something: in the run under way now, else in a run that is begun for it.
    pub(super) fn strike(&mut self, line: &str, ctx: &Context<'_>) -> Vec<Request> {
        let design = self.subject();
        let report = self.bench.run.report();
        let live = self.bench.run.is_live();
        let at = match report {
            Some(report) if live => report.simulated_s,
            Some(report) => report.planned_s * STRIKES_AT,
            None => Options::of(design).simulated_s * STRIKES_AT,
        };
        let line = format!("at {at:.1}s: {}", line.trim());
        let event = match parse_event(&line, design) {
            Ok(event) => event,
            Err(found) => {
                let help = found.help.map(|help| format!("; {help}")).unwrap_or_default();
                return vec![Request::Notify(Notice::bad(format!("{}{help}", found.message)))];
            }
        };
        self.struck.push(line);
        // What hits one of many can't be shown among few: it is begun anew, and every request is simulated.
        let shown = report.is_none_or(|report| report.scale <= 1.0) || hits_alike(&event.fault);
        if !(live && shown) {
            self.bench.run.asked(ctx.now);
            return vec![Request::Notify(Notice::plain(format!("{} in a new run, at {at:.1} s", event.text)))];
        }
        self.by_order += 1;
        let order = Order::Strike(event.fault.clone(), event.duration);
        let words = format!("{} now, at {at:.1} s", event.text);
        self.bench.run.struck(event);
        self.tell_faults();
        vec![self.steer(order), Request::Notify(Notice::plain(words))]
    }

    /// Undoes what was broken last.
    pub(super) fn undo(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        let Some(line) = self.struck.pop() else {
            return vec![Request::Notify(Notice::plain("nothing was broken by hand"))];
        };
        let told = Request::Notify(Notice::plain(format!("undone: {line}")));
        if self.by_order > 0 && self.bench.run.is_live() {
            return vec![self.lift(), told];
        }
        self.bench.run.asked(ctx.now);
        vec![told]
    }

    fn lift(&mut self) -> Request {
        self.by_order -= 1;
        let now = self.bench.run.report().map_or(0.0, |report| report.simulated_s);
        self.bench.run.lifted(now);
        self.steer(Order::Lift)
    }

    /// Undoes everything that was broken.
    pub(super) fn heal(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        if self.struck.is_empty() {
            return vec![Request::Notify(Notice::plain("nothing was broken by hand"))];
        }
        let all_by_order = self.by_order == self.struck.len() && self.bench.run.is_live();
        self.struck.clear();
        let mut requests = vec![Request::Notify(Notice::good("everything is whole again"))];
        if all_by_order {
            while self.by_order > 0 {
                requests.push(self.lift());
            }
        } else {
            self.bench.run.asked(ctx.now);
        }
        requests
    }

    fn tell_faults(&mut self) {
        let design = self.bench.run.design();
        let events: Vec<ScenarioEvent> = self.struck.iter().filter_map(|line| parse_event(line, design).ok()).collect();
        let told = told(events.iter());
        self.bench.run.set_fault(told);
    }

    /// Finds out what would help, how much load it bears and how many instances it needs.
    pub(super) fn ask_why(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        self.show(View::Advice);
        let Some(report) = self.bench.run.report().filter(|report| report.finished).cloned() else {
            return vec![Request::Notify(Notice::plain("this needs a run that has ended: '+' makes it faster"))];
        };
        let (design, options) = self.ran(ctx);
        let id = self.next_study();
        self.asked = Asked { why: id, ..Asked::default() };
        self.advice = Advice { under_way: true, ..Advice::default() };
        let question = Question::Why(Box::new(ctx.bank.catalogue().clone()), Box::new(report));
        vec![Request::Do(Effect::StopStudies), study(id, question, design, options)]
    }

    /// Runs a design of another file to compare with.
    pub(super) fn run_to_compare(&mut self, name: String, design: Design, ctx: &Context<'_>) -> Request {
        let options = Options::of(&design).with_network(ctx.bank.catalogue().network());
        let id = self.next_study();
        self.asked.compare = Some((id, name));
        self.show(View::Compare);
        study(id, Question::Run, design, options)
    }

    /// Takes in what a study found; what is not waited for any more is dropped.
    pub(super) fn found(&mut self, id: StudyId, finding: &Finding) {
        let is_why = id == self.asked.why;
        match finding {
            Finding::Theory(theory) if id == self.asked.theory => self.theory.clone_from(theory),
            Finding::WhatIf(found) if is_why => self.advice.what_if = Some(found.clone()),
            Finding::Load(points, headroom) if is_why => self.advice.load = Some((points.clone(), headroom.clone())),
            Finding::Sizing(sizing) if is_why => {
                self.advice.sizing = Some(sizing.clone());
                self.advice.under_way = false;
            }
            Finding::Failed(why) if is_why => {
                self.advice.failed = Some(why.clone());
                self.advice.under_way = false;
            }
            Finding::Run(report) => {
                if let Some((_, name)) = self.asked.compare.take_if(|(asked, _)| *asked == id) {
                    self.kept_run = Some(Kept { name, report: report.clone() });
                }
            }
            _ => {}
        }
    }

    /// Keeps the run to compare the next ones with.
    pub(super) fn keep_run(&mut self) -> Vec<Request> {
        let name = self.run_name();
        let Some(report) = self.bench.run.report().cloned() else {
            return vec![Request::Notify(Notice::plain("there is no run to keep yet"))];
        };
        self.kept_run = Some(Kept { name, report });
        vec![Request::Notify(Notice::good("kept: 6 shows the next run beside it"))]
    }

    /// What the present run is called: the design, and what broke in it.
    pub(super) fn run_name(&self) -> String {
        let fault = self.bench.run.fault().map(|fault| format!(" with {fault}")).unwrap_or_default();
        format!("{}{fault}", self.title())
    }

    /// The component that is looked at, in `design`; unless one was chosen, the one that limits it.
    pub(super) fn looked_at(&self, design: &Design) -> Option<ComponentId> {
        let chosen = self.component.as_ref().and_then(|name| design.find(name));
        let limit = || {
            let report = self.bench.run.report()?;
            let (id, _) = report.bottleneck.as_ref()?;
            design.find(&report.components.get(id.0 as usize)?.name)
        };
        chosen.or_else(limit)
    }
}

fn study(id: StudyId, question: Question, design: Design, options: Options) -> Request {
    Request::Do(Effect::Study(Box::new(Study { id, question, design, options })))
}

/// Faults in words: `kill api/0 for 10s at 6 s`.
fn told<'a>(events: impl Iterator<Item = &'a ScenarioEvent>) -> Option<String> {
    let told: Vec<String> = events.map(|event| format!("{} at {:.0} s", event.text, event.at)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}
