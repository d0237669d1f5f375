//! A run of a design: when to start one, what it measured so far, and how that is shown.

mod verdict;
mod view;

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

pub use verdict::{Judged, judge, observed};

use crate::clock::{Elapsed, Timestamp};
use crate::design::Design;
use crate::interview::Trigger;
use crate::sim::{Options, Report};
use crate::tui::effect::Job;
use crate::tui::event::{RunId, Snapshot};
use crate::tui::keymap::{Chord, Grip, KeyTable, bind};
use crate::tui::panes::scroll::Scroll;
use crate::tui::widgets::Load;

/// How long after the last edit a design is run: long enough to finish a word.
const DEBOUNCE: Elapsed = Elapsed(300);

/// What can be done in the pane of a run beside scrolling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunAction {
    /// The chart of the next flow.
    NextFlow,
    /// The chart of the flow before.
    PreviousFlow,
}

/// How a run stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Stage {
    /// Nothing was run yet.
    #[default]
    Idle,
    /// It starts at this moment unless the design is edited again.
    Due(Timestamp, Trigger),
    /// It is under way.
    Running(Trigger),
    /// It has ended.
    Finished,
    /// It was given up: why.
    Failed(String),
}

/// The runs of one design.
#[derive(Clone, Debug, Default)]
pub struct RunPane {
    /// How the latest run stands.
    pub stage: Stage,
    run: RunId,
    report: Option<Box<Report>>,
    /// The text that the report is of.
    text: String,
    /// The text of the run under way.
    asked: String,
    /// The fault that the run under way has on top.
    fault: Option<String>,
    scroll: usize,
    flow: usize,
}

impl RunPane {
    /// The keys of the pane.
    pub const KEYS: KeyTable<RunAction> = KeyTable {
        id: "run",
        title: "Run",
        grip: Grip::Shares,
        bindings: &[
            bind(
                RunAction::NextFlow,
                "next-flow",
                &[Chord::code(KeyCode::Right), Chord::char('l')],
                "next flow",
                "Chart the next flow",
            ),
            bind(
                RunAction::PreviousFlow,
                "previous-flow",
                &[Chord::code(KeyCode::Left), Chord::char('h')],
                "",
                "Chart the flow before",
            ),
        ],
    };

    /// The design was edited: it is run when the typing pauses.
    pub fn edited(&mut self, now: Timestamp) {
        if !matches!(self.stage, Stage::Due(_, Trigger::Asked)) {
            self.stage = Stage::Due(now + DEBOUNCE, Trigger::Edited);
        }
    }

    /// A run was asked for: it starts with the next tick.
    pub fn asked(&mut self, now: Timestamp) {
        self.stage = Stage::Due(now, Trigger::Asked);
    }

    /// The moment has come to run: returns why.
    pub fn due(&self, now: Timestamp) -> Option<Trigger> {
        match self.stage {
            Stage::Due(at, trigger) if at <= now => Some(trigger),
            _ => None,
        }
    }

    /// Nothing is to be run: the text makes no sense at the moment.
    pub fn put_off(&mut self) {
        self.stage = if self.report.is_some() { Stage::Finished } else { Stage::Idle };
    }

    /// Starts a run of `design`, whose text is `text`.
    pub fn start(
        &mut self,
        design: Design,
        options: Options,
        text: String,
        trigger: Trigger,
        fault: Option<String>,
    ) -> Job {
        self.run = RunId(self.run.0 + 1);
        self.asked = text;
        self.fault = fault;
        self.stage = Stage::Running(trigger);
        Job { run: self.run, design, options }
    }

    /// Takes a snapshot in; returns why the run was made if it has ended now. Snapshots of earlier runs are dropped.
    pub fn progress(&mut self, snapshot: Snapshot) -> Option<Trigger> {
        let Stage::Running(trigger) = self.stage else { return None };
        if snapshot.run != self.run {
            return None;
        }
        let finished = snapshot.report.finished;
        self.flow = self.flow.min(snapshot.report.flows.len().saturating_sub(1));
        self.report = Some(snapshot.report);
        self.text.clone_from(&self.asked);
        if finished {
            self.stage = Stage::Finished;
        }
        finished.then_some(trigger)
    }

    /// Why a run is due or under way, if one is.
    pub fn pending(&self) -> Option<Trigger> {
        match self.stage {
            Stage::Due(_, trigger) | Stage::Running(trigger) => Some(trigger),
            _ => None,
        }
    }

    /// The run was given up by the simulator.
    pub fn crashed(&mut self, run: RunId, why: String) {
        if run == self.run {
            self.stage = Stage::Failed(why);
        }
    }

    /// What the latest run measured so far.
    pub fn report(&self) -> Option<&Report> {
        self.report.as_deref()
    }

    /// The text that the report is of.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The fault that the latest run was made with.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// How busy each component is, by its name in `design`.
    pub fn loads(&self, design: &Design) -> Vec<Load> {
        let Some(report) = &self.report else { return Vec::new() };
        let load = |component: &crate::sim::ComponentReport| {
            let waiting = component.queue_mean;
            let queue = if waiting >= 1.0 {
                format!(" q{}", crate::units::format_count(waiting.round()))
            } else {
                String::new()
            };
            Some(Load {
                component: design.find(&component.name)?,
                utilisation: component.utilisation,
                figure: format!("{:.0}%{queue}", component.utilisation * 100.0),
            })
        };
        let carries = |component: &&crate::sim::ComponentReport| component.kind != crate::design::Kind::Client;
        report.components.iter().filter(carries).filter_map(load).collect()
    }

    /// Does what was asked.
    pub fn act(&mut self, action: RunAction) {
        let flows = self.report.as_ref().map_or(0, |report| report.flows.len()).max(1);
        let by = match action {
            RunAction::NextFlow => 1,
            RunAction::PreviousFlow => flows - 1,
        };
        self.flow = (self.flow + by) % flows;
    }

    /// Scrolls a pane of that size.
    pub fn scroll(&mut self, scroll: Scroll, area: Rect) {
        self.scroll = scroll.apply(self.scroll, self.rows(area.width), usize::from(area.height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(run: u64, finished: bool) -> Snapshot {
        Snapshot { run: RunId(run), report: Box::new(Report { finished, ..Report::default() }) }
    }

    fn start(pane: &mut RunPane, trigger: Trigger) -> RunId {
        let design = Design::default();
        let options = Options::of(&design);
        pane.start(design, options, "text".to_owned(), trigger, None).run
    }

    #[test]
    fn a_run_starts_when_the_typing_pauses() {
        let mut pane = RunPane::default();
        pane.edited(Timestamp(1_000));
        assert_eq!(pane.due(Timestamp(1_200)), None);
        pane.edited(Timestamp(1_200));
        assert_eq!(pane.due(Timestamp(1_400)), None);
        assert_eq!(pane.due(Timestamp(1_500)), Some(Trigger::Edited));
        pane.asked(Timestamp(1_500));
        pane.edited(Timestamp(1_500));
        assert_eq!(pane.due(Timestamp(1_500)), Some(Trigger::Asked));
    }

    #[test]
    fn only_the_latest_run_counts() {
        let mut pane = RunPane::default();
        let first = start(&mut pane, Trigger::Asked);
        let second = start(&mut pane, Trigger::Edited);
        assert!(second > first);
        assert_eq!(pane.progress(snapshot(first.0, true)), None);
        assert_eq!(pane.report(), None);
        assert_eq!(pane.progress(snapshot(second.0, false)), None);
        assert_eq!(pane.progress(snapshot(second.0, true)), Some(Trigger::Edited));
        assert_eq!((pane.stage.clone(), pane.text()), (Stage::Finished, "text"));
        assert_eq!(pane.progress(snapshot(second.0, true)), None);
    }
}
