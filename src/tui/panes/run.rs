//! A run of a design: when to start one, what it measured so far, and how that is shown.

mod verdict;
mod view;

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

pub use verdict::{Judged, answered, judge, observed};

use crate::clock::{Elapsed, Timestamp};
use crate::design::{Design, Kind, ScenarioEvent};
use crate::interview::Trigger;
use crate::sim::{ComponentReport, Options, Report};
use crate::tui::effect::{Job, Pace};
use crate::tui::event::{RunId, Snapshot};
use crate::tui::keymap::{Chord, Grip, KeyTable, bind};
use crate::tui::panes::scroll::Scroll;
use crate::tui::widgets::Load;

/// Loads that are shown while a run goes on are means over so many simulated seconds.
const SMOOTHED: f64 = 2.5;
/// From this utilisation on a queue that grows is warned of.
const NEARLY: f64 = 0.9;
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
    /// How fast the next run goes, or the one under way.
    pub pace: Pace,
    run: RunId,
    report: Option<Box<Report>>,
    /// The design that the report is of.
    design: Design,
    /// The design of the run under way.
    asked_design: Design,
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
        self.asked_design.clone_from(&design);
        self.fault = fault;
        self.stage = Stage::Running(trigger);
        Job { run: self.run, design, options, pace: self.pace }
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
        if self.text != self.asked || self.design != self.asked_design {
            self.text.clone_from(&self.asked);
            self.design.clone_from(&self.asked_design);
        }
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

    /// The design that the report is of, with what broke while it ran.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The latest run.
    pub fn id(&self) -> RunId {
        self.run
    }

    /// The index of the flow that is looked at.
    pub fn flow(&self) -> usize {
        self.flow
    }

    /// Whether a run is under way that orders can reach.
    pub fn is_live(&self) -> bool {
        matches!(self.stage, Stage::Running(_))
    }

    /// Something broke in the run under way.
    pub fn struck(&mut self, event: ScenarioEvent) {
        self.asked_design.scenario.push(event);
    }

    /// What broke last in the run under way is whole again: it lasted until now.
    pub fn lifted(&mut self, at: f64) {
        if let Some(event) = self.asked_design.scenario.last_mut() {
            event.duration = Some((at - event.at).max(0.0));
        }
    }

    /// What is said of the faults of the latest run.
    pub fn set_fault(&mut self, fault: Option<String>) {
        self.fault = fault;
    }

    /// The fault that the latest run was made with.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// How busy each component is, by its name in `design`: lately while a run goes on, on the whole when it has ended.
    pub fn loads(&self, design: &Design) -> Vec<Load> {
        let Some(report) = &self.report else { return Vec::new() };
        let load = |component: &ComponentReport| {
            let (utilisation, waiting) = if report.finished {
                (component.utilisation, component.queue_mean)
            } else {
                lately(component, report.simulated_s)
            };
            let queue = if waiting >= 1.0 {
                format!(" q{}", crate::units::format_count(waiting.round()))
            } else {
                String::new()
            };
            Some(Load {
                component: design.find(&component.name)?,
                utilisation,
                figure: format!("{:.0}%{queue}", utilisation * 100.0),
            })
        };
        let carries = |component: &&ComponentReport| component.kind != Kind::Client;
        report.components.iter().filter(carries).filter_map(load).collect()
    }

    /// What is about to go wrong, before anything is lost: a queue that grows at a component that is nearly busy all the time.
    pub fn warning(&self) -> Option<String> {
        let report = self.report.as_deref().filter(|report| !report.finished)?;
        let now = report.simulated_s;
        let grows = |component: &&ComponentReport| {
            let (utilisation, waiting) = lately(component, now);
            let (_, before) = lately(component, now - SMOOTHED);
            component.rejected == 0 && utilisation >= NEARLY && waiting > 1.5 * before + 1.0
        };
        let component = report.components.iter().find(grows)?;
        let busy = lately(component, now).0 * 100.0;
        Some(format!(
            "{} is {busy:.0}% busy and its queue grows: it will turn requests away when it is full",
            component.name
        ))
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

/// Mean utilisation and queue over the last seconds up to `now`.
fn lately(component: &ComponentReport, now: f64) -> (f64, f64) {
    let late = component.series.points.iter().rev().skip_while(|point| point.at > now + 1e-9);
    let points: Vec<_> = late.take_while(|point| point.at > now - SMOOTHED).collect();
    let mean = |of: fn(&crate::sim::Point) -> f64| {
        points.iter().map(|point| of(point)).sum::<f64>() / points.len().max(1) as f64
    };
    (mean(|point| point.utilisation), mean(|point| point.queue))
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

    /// A pane in which a run of `text` is under way, and the run.
    fn watched(text: &str) -> (RunPane, crate::sim::Simulation) {
        let design = crate::design::compile(text, &crate::design::Catalogue::default()).design;
        let options = Options::of(&design);
        let mut pane = RunPane::default();
        pane.start(design.clone(), options.clone(), text.to_owned(), Trigger::Asked, None);
        (pane, crate::sim::Simulation::new(&design, &options))
    }

    fn see(pane: &mut RunPane, simulation: &crate::sim::Simulation) {
        pane.progress(Snapshot { run: pane.id(), report: Box::new(simulation.report()) });
    }

    #[test]
    fn loads_are_means_over_the_last_seconds_while_a_run_goes_on() {
        let (mut pane, simulation) = watched("users -> api @ 1/s\napi: service");
        let mut report = simulation.report();
        let point = |at: u32| crate::sim::Point {
            at: f64::from(at) * 0.5,
            utilisation: f64::from(at % 2),
            queue: if at == 40 { 100.0 } else { 0.0 },
            ..crate::sim::Point::default()
        };
        report.components[1].series.points = (1..=40).map(point).collect();
        report.simulated_s = 20.0;
        pane.progress(Snapshot { run: pane.id(), report: Box::new(report.clone()) });
        let design = pane.design().clone();
        let shown = |pane: &RunPane| pane.loads(&design).into_iter().map(|load| load.figure).collect::<Vec<_>>();
        // Five points of half a second: two of them busy, one of them with a queue of a hundred.
        assert_eq!(shown(&pane), ["40% q20"]);
        report.finished = true;
        (report.components[1].utilisation, report.components[1].queue_mean) = (0.5, 2.5);
        pane.progress(Snapshot { run: pane.id(), report: Box::new(report) });
        assert_eq!(shown(&pane), ["50% q3"]);
    }

    #[test]
    fn a_warning_comes_before_the_first_loss_and_not_without_a_cause() {
        let (mut pane, mut simulation) = watched(
            "set for 60s\nset warmup 1s\nset network none\nGET /x @ 60/s: web -> api\n\
             api: service, cores 1, work exp 5ms, queue 100\nat 5s: ramp 4x for 50s",
        );
        let (mut warned, mut lost) = (None, None);
        for second in 1..60 {
            simulation.advance(f64::from(second));
            see(&mut pane, &simulation);
            let report = pane.report().expect("a run is under way");
            if report.components[1].rejected > 0 {
                lost = lost.or(Some(second));
            }
            if let Some(warning) = pane.warning() {
                assert!(warning.starts_with("api is ") && warning.contains("its queue grows"), "{warning}");
                warned = warned.or(Some(second));
            }
        }
        let (warned, lost) = (warned.expect("a warning"), lost.expect("a loss"));
        assert!(warned > 20 && warned < lost, "warned at {warned} s, lost at {lost} s");
        let (mut pane, mut simulation) = watched(
            "set for 30s\nset warmup 1s\nset network none\nGET /x @ 100/s: web -> api\n\
             api: service, cores 1, work exp 5ms, queue 100",
        );
        for second in 1..30 {
            simulation.advance(f64::from(second));
            see(&mut pane, &simulation);
            assert_eq!(pane.warning(), None, "half busy at {second} s");
        }
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
