//! The place through which a thread of the program is spoken to: papers under a lock, and a bell. The thread starts with the first paper and
//! ends with its owner.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// Papers, and the bell that says that they have changed.
#[derive(Debug, Default)]
pub(super) struct Desk<P> {
    papers: Mutex<P>,
    changed: Condvar,
}

impl<P> Desk<P> {
    /// The papers. The lock is held for moves of plain values only; a poisoned one is as good as new.
    pub fn papers(&self) -> MutexGuard<'_, P> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the papers and rings.
    pub fn change<T>(&self, change: impl FnOnce(&mut P) -> T) -> T {
        let changed = change(&mut self.papers());
        self.changed.notify_one();
        changed
    }

    /// The first thing that `take` finds in the papers, waiting for it; `None` when it says to end.
    pub fn next<T>(&self, mut take: impl FnMut(&mut P) -> Next<T>) -> Option<T> {
        let mut papers = self.papers();
        loop {
            match take(&mut papers) {
                Next::Is(next) => return Some(next),
                Next::End => return None,
                Next::Wait => papers = self.changed.wait(papers).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// Waits so long, or until the bell rings, unless there is something to do at once.
    pub fn rest(&self, length: Duration, idle: impl FnOnce(&P) -> bool) {
        let papers = self.papers();
        if idle(&papers) {
            // Whether it was woken or the moment is over is all the same.
            let _ = self.changed.wait_timeout(papers, length);
        }
    }
}

/// What a thread finds on its desk.
pub(super) enum Next<T> {
    /// Something to do.
    Is(T),
    /// Nothing yet.
    Wait,
    /// The thread is to end.
    End,
}

/// A thread and its desk. Dropping it waits for the thread to end: its owner says so first.
#[derive(Debug)]
pub(super) struct Clerk<P> {
    pub desk: Arc<Desk<P>>,
    thread: Option<JoinHandle<()>>,
}

impl<P: Default + Send + 'static> Clerk<P> {
    pub fn new() -> Self {
        Self { desk: Arc::default(), thread: None }
    }

    /// Starts the thread, unless it runs.
    pub fn start(&mut self, name: &str, work: fn(&Desk<P>)) {
        if self.thread.is_none() {
            let desk = Arc::clone(&self.desk);
            self.thread = std::thread::Builder::new().name(name.to_owned()).spawn(move || work(&desk)).ok();
        }
    }

    /// Tells the thread to end and waits for it: within a slice of a run. What it was doing is of no interest any more.
    pub fn end(&mut self, tell: impl FnOnce(&mut P)) {
        self.desk.change(tell);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Does something that may panic; what it said if it did, nothing if it said no text.
pub(super) fn caught(work: impl FnOnce()) -> Result<(), String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|cause| said_by(cause.as_ref()))
}

fn said_by(cause: &(dyn Any + Send)) -> String {
    let said = cause.downcast_ref::<&str>().map(|said| (*said).to_owned());
    said.or_else(|| cause.downcast_ref::<String>().cloned()).unwrap_or_default()
}
