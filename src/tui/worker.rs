//! The simulation's thread: runs the latest design in slices and publishes snapshots. The latest job and the latest snapshot win; nobody
//! waits for either.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::effect::Job;
use super::event::{RunId, Snapshot, What};
use crate::sim::Simulation;

/// How long a slice should take: a job that was given up ends within one.
const SLICE: Duration = Duration::from_millis(15);
/// Least time between two snapshots of a run: some 15 a second are as many as an eye follows.
const BETWEEN_SNAPSHOTS: Duration = Duration::from_millis(65);

/// The thread and the two places through which it is spoken to.
#[derive(Debug)]
pub struct Worker {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Desk {
    papers: Mutex<Papers>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Papers {
    /// What to run next.
    job: Option<Box<Job>>,
    /// The run that is wanted; another one under way is given up.
    wanted: Option<RunId>,
    /// What there is to tell.
    news: Option<What>,
    /// Whether the thread is to end.
    closing: bool,
}

impl Desk {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        // The lock is held for moves of plain values only; a poisoned one is as good as new.
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    /// A worker with nothing to do. Its thread starts with the first job.
    pub fn new() -> Self {
        Self { desk: Arc::default(), thread: None }
    }

    /// Runs `job` in place of whatever is under way.
    pub fn run(&mut self, job: Box<Job>) {
        {
            let mut papers = self.desk.papers();
            papers.wanted = Some(job.run);
            papers.job = Some(job);
        }
        self.desk.changed.notify_one();
        if self.thread.is_none() {
            let desk = Arc::clone(&self.desk);
            self.thread = std::thread::Builder::new().name("simulation".to_owned()).spawn(move || work(&desk)).ok();
        }
    }

    /// Gives up the run under way.
    pub fn stop(&self) {
        let mut papers = self.desk.papers();
        papers.wanted = None;
        papers.job = None;
        papers.news = None;
    }

    /// What is new since the last call.
    pub fn news(&self) -> Option<What> {
        self.desk.papers().news.take()
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        {
            let mut papers = self.desk.papers();
            papers.closing = true;
            papers.wanted = None;
        }
        self.desk.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // It ends within a slice; what it was doing is of no interest any more.
            let _ = thread.join();
        }
    }
}

fn work(desk: &Desk) {
    while let Some(job) = next_job(desk) {
        let run = job.run;
        let outcome = catch_unwind(AssertUnwindSafe(|| simulate(desk, &job)));
        if let Err(cause) = outcome {
            let said = cause.downcast_ref::<&str>().map(|said| (*said).to_owned());
            let said = said.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default();
            publish(desk, run, What::Crashed(run, said));
        }
    }
}

fn next_job(desk: &Desk) -> Option<Box<Job>> {
    let mut papers = desk.papers();
    loop {
        if papers.closing {
            return None;
        }
        if let Some(job) = papers.job.take() {
            return Some(job);
        }
        papers = desk.changed.wait(papers).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Runs a job to its end, or until another one is wanted.
#[allow(clippy::disallowed_methods, reason = "slices are cut by real time; the simulated one comes from the engine")]
fn simulate(desk: &Desk, job: &Job) {
    let mut simulation = Simulation::new(&job.design, &job.options);
    let mut at = -job.options.warmup_s;
    let mut step = (job.options.warmup_s + job.options.simulated_s) / 1_000.0;
    let mut published = Instant::now();
    while desk.papers().wanted == Some(job.run) {
        let began = Instant::now();
        at += step;
        simulation.advance(at);
        let finished = simulation.finished();
        if finished || published.elapsed() >= BETWEEN_SNAPSHOTS {
            let report = Box::new(simulation.report());
            publish(desk, job.run, What::Progress(Snapshot { run: job.run, report }));
            published = Instant::now();
        }
        if finished {
            return;
        }
        let taken = began.elapsed().as_secs_f64().max(1e-6);
        step *= (SLICE.as_secs_f64() / taken).clamp(0.25, 4.0);
    }
}

fn publish(desk: &Desk, run: RunId, what: What) {
    let mut papers = desk.papers();
    if papers.wanted == Some(run) {
        papers.news = Some(what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::sim::Options;

    fn job(run: u64) -> Box<Job> {
        let design = Design::default();
        Box::new(Job { run: RunId(run), options: Options::of(&design), design })
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

    #[test]
    fn a_run_that_was_given_up_says_nothing_more() {
        let mut worker = Worker::new();
        worker.run(job(1));
        worker.stop();
        std::thread::sleep(Duration::from_millis(30));
        assert_eq!(worker.news(), None);
    }
}
