//! The simulation's thread: runs the latest design in slices and publishes snapshots. The latest job and the latest snapshot win; nobody
//! waits for either. Orders change the course of the run under way: its pace, and what breaks.

use std::time::{Duration, Instant};

use super::desk::{Clerk, Desk, Next, caught};
use super::effect::{Job, Order, Pace};
use super::event::{RunId, Snapshot, What};
use crate::sim::Simulation;

/// How long a slice should take: a job that was given up ends within one.
const SLICE: Duration = Duration::from_millis(15);
/// How long a run that is paused or ahead of its pace rests before it looks again.
const REST: Duration = Duration::from_millis(20);
/// Least time between two snapshots of a run: some 15 a second are as many as an eye follows.
const BETWEEN_SNAPSHOTS: Duration = Duration::from_millis(65);

/// The thread and the two places through which it is spoken to.
#[derive(Debug)]
pub struct Worker(Clerk<Papers>);

#[derive(Debug, Default)]
struct Papers {
    /// What to run next.
    job: Option<Box<Job>>,
    /// The run that is wanted; another one under way is given up.
    wanted: Option<RunId>,
    /// What is to change in that run.
    orders: Vec<Order>,
    /// What there is to tell.
    news: Option<What>,
    /// Whether the thread is to end.
    closing: bool,
}

impl Desk<Papers> {
    /// What is to change in a run; nothing where the run isn't wanted any more.
    fn orders(&self, run: RunId) -> Option<Vec<Order>> {
        let mut papers = self.papers();
        (papers.wanted == Some(run)).then(|| std::mem::take(&mut papers.orders))
    }
}

impl Worker {
    /// A worker with nothing to do. Its thread starts with the first job.
    pub fn new() -> Self {
        Self(Clerk::new())
    }

    /// Runs `job` in place of whatever is under way.
    pub fn run(&mut self, job: Box<Job>) {
        self.0.desk.change(|papers| {
            papers.wanted = Some(job.run);
            papers.orders.clear();
            papers.job = Some(job);
        });
        self.0.start("simulation", work);
    }

    /// Changes the course of a run, if it is under way.
    pub fn steer(&self, run: RunId, order: Order) {
        self.0.desk.change(|papers| {
            if papers.wanted == Some(run) {
                papers.orders.push(order);
            }
        });
    }

    /// Gives up the run under way.
    pub fn stop(&self) {
        self.0.desk.change(|papers| {
            papers.wanted = None;
            papers.job = None;
            papers.news = None;
        });
    }

    /// What is new since the last call.
    pub fn news(&self) -> Option<What> {
        self.0.desk.papers().news.take()
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.0.end(|papers| {
            papers.closing = true;
            papers.wanted = None;
        });
    }
}

fn work(desk: &Desk<Papers>) {
    let next = |papers: &mut Papers| match papers.job.take() {
        _ if papers.closing => Next::End,
        Some(job) => Next::Is(job),
        None => Next::Wait,
    };
    while let Some(job) = desk.next(next) {
        let run = job.run;
        if let Err(said) = caught(|| simulate(desk, &job)) {
            publish(desk, run, What::Crashed(run, said));
        }
    }
}

/// Runs a job to its end, or until another one is wanted.
#[allow(clippy::disallowed_methods, reason = "slices are cut by real time; the simulated one comes from the engine")]
fn simulate(desk: &Desk<Papers>, job: &Job) {
    let mut simulation = Simulation::new(&job.design, &job.options);
    let mut course = Course::new(job);
    let mut published = Instant::now();
    let mut untold = false;
    while let Some(orders) = desk.orders(job.run) {
        untold |= !orders.is_empty();
        for order in orders {
            course.obey(order, &mut simulation, Instant::now());
        }
        let moved = course.advance(&mut simulation, Instant::now());
        untold |= moved;
        let finished = simulation.finished();
        if finished || (untold && published.elapsed() >= BETWEEN_SNAPSHOTS) {
            let report = Box::new(simulation.report());
            publish(desk, job.run, What::Progress(Snapshot { run: job.run, report }));
            published = Instant::now();
            untold = false;
        }
        if finished {
            return;
        }
        if !moved {
            desk.rest(REST, |papers| papers.orders.is_empty() && papers.job.is_none() && !papers.closing);
        }
    }
}

/// How far a run is, and how it goes on.
struct Course {
    pace: Pace,
    /// Since when it has had this pace, and the simulated time then.
    since: (Instant, f64),
    /// Simulated seconds, from the end of the warm-up.
    at: f64,
    /// Where it pauses after a step.
    halt: Option<f64>,
    /// Simulated seconds of the next slice.
    slice: f64,
    /// What was broken by order and not lifted since.
    struck: Vec<u32>,
}

impl Course {
    #[allow(clippy::disallowed_methods, reason = "the pace is that of real time")]
    fn new(job: &Job) -> Self {
        let whole = job.options.warmup_s + job.options.simulated_s;
        let at = -job.options.warmup_s;
        let since = (Instant::now(), 0.0);
        Self { pace: job.pace, since, at, halt: None, slice: whole / 1_000.0, struck: Vec::new() }
    }

    fn obey(&mut self, order: Order, simulation: &mut Simulation, now: Instant) {
        match order {
            Order::Pace(pace) => (self.pace, self.since, self.halt) = (pace, (now, self.at.max(0.0)), None),
            Order::Step(seconds) => {
                (self.pace, self.halt) = (Pace::Fastest, Some(self.halt.unwrap_or(self.at).max(0.0) + seconds));
            }
            Order::Strike(fault, duration) => self.struck.push(simulation.inject(fault, duration)),
            Order::Lift => {
                if let Some(fault) = self.struck.pop() {
                    simulation.lift(fault);
                }
            }
        }
    }

    /// How far it may go by now. The warm-up is nothing to be watched: it goes as fast as it can.
    fn limit(&self, now: Instant) -> f64 {
        let paced = match self.pace {
            Pace::Paused => self.at,
            Pace::Times(times) => {
                let (began, from) = self.since;
                from + now.duration_since(began).as_secs_f64() * times
            }
            Pace::Fastest => f64::INFINITY,
        };
        self.halt.map_or(paced, |halt| paced.min(halt))
    }

    /// Goes on by a slice, as far as the pace allows; whether it went on at all.
    #[allow(clippy::disallowed_methods, reason = "slices are cut by real time")]
    fn advance(&mut self, simulation: &mut Simulation, now: Instant) -> bool {
        let warming = self.at < 0.0 && self.pace != Pace::Paused;
        if warming && self.at + self.slice >= 0.0 {
            // Real time counts from here.
            self.since = (now, 0.0);
        }
        let limit = if warming { self.limit(now).max(0.0) } else { self.limit(now) };
        let to = (self.at + self.slice).min(limit);
        if to <= self.at {
            if self.halt.is_some() {
                (self.pace, self.halt) = (Pace::Paused, None);
            }
            return false;
        }
        let whole_slice = to - self.at >= self.slice * 0.999;
        self.at = to;
        simulation.advance(to);
        if whole_slice {
            let taken = now.elapsed().as_secs_f64().max(1e-6);
            self.slice *= (SLICE.as_secs_f64() / taken).clamp(0.25, 4.0);
        }
        true
    }
}

fn publish(desk: &Desk<Papers>, run: RunId, what: What) {
    let mut papers = desk.papers();
    if papers.wanted == Some(run) {
        papers.news = Some(what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Design, Fault, Place};
    use crate::sim::Options;

    fn job(run: u64) -> Box<Job> {
        let design = Design::default();
        Box::new(Job { run: RunId(run), options: Options::of(&design), design, pace: Pace::Fastest })
    }

    fn news(worker: &Worker) -> Option<What> {
        for _ in 0..2_000 {
            if let Some(news) = worker.news() {
                return Some(news);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        None
    }

    #[test]
    fn the_latest_job_is_the_one_that_is_told_of() {
        let mut worker = Worker::new();
        worker.run(job(1));
        worker.run(job(2));
        let mut last = None;
        while let Some(What::Progress(snapshot)) = news(&worker) {
            last = Some(snapshot.run);
            if snapshot.report.finished && snapshot.run == RunId(2) {
                break;
            }
        }
        assert_eq!(last, Some(RunId(2)));
    }

    /// The simulated time of the next snapshot for which `wanted` holds.
    #[track_caller]
    fn time_when(worker: &Worker, wanted: impl Fn(&crate::sim::Report) -> bool) -> f64 {
        loop {
            let Some(What::Progress(snapshot)) = news(worker) else { panic!("no snapshot") };
            if wanted(&snapshot.report) {
                return snapshot.report.simulated_s;
            }
        }
    }

    #[test]
    fn a_run_pauses_goes_on_by_a_step_and_ends_as_fast_as_it_goes() {
        let mut worker = Worker::new();
        let paused = Job { pace: Pace::Paused, ..*job(1) };
        worker.run(Box::new(paused));
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(worker.news(), None, "it has not moved");
        worker.steer(RunId(1), Order::Step(1.0));
        assert_eq!(time_when(&worker, |report| report.simulated_s >= 1.0), 1.0);
        worker.steer(RunId(1), Order::Step(2.0));
        assert_eq!(time_when(&worker, |report| report.simulated_s > 1.5), 3.0);
        worker.steer(RunId(9), Order::Step(5.0));
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(worker.news(), None, "the order was another run's");
        worker.steer(RunId(1), Order::Pace(Pace::Fastest));
        assert_eq!(time_when(&worker, |report| report.finished), 30.0);
    }

    #[test]
    fn what_breaks_by_order_is_seen_and_can_be_lifted() {
        let text = "GET /x @ 200/s: users -> api";
        let design = crate::design::compile(text, &crate::design::Catalogue::default()).design;
        let api = design.find("api").expect("it is in the text");
        let options = Options { warmup_s: 1.0, ..Options::of(&design) };
        let mut worker = Worker::new();
        worker.run(Box::new(Job { run: RunId(1), design, options, pace: Pace::Paused }));
        worker.steer(RunId(1), Order::Step(5.0));
        time_when(&worker, |report| report.simulated_s >= 5.0);
        worker.steer(RunId(1), Order::Strike(Fault::Kill(Place::Component(api)), None));
        worker.steer(RunId(1), Order::Step(5.0));
        let failed = |report: &crate::sim::Report| report.flows[0].error_ratio;
        time_when(&worker, |report| report.simulated_s >= 10.0 && failed(report) > 0.3);
        worker.steer(RunId(1), Order::Lift);
        worker.steer(RunId(1), Order::Pace(Pace::Fastest));
        time_when(&worker, |report| report.finished && failed(report) < 0.3);
    }

    #[test]
    fn a_run_that_was_given_up_says_nothing_more() {
        let mut worker = Worker::new();
        worker.run(job(1));
        worker.stop();
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(worker.news(), None);
    }
}
