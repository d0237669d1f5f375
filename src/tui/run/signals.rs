//! Signals as flags that the loop looks at.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::flag;

/// The signals that arrived since they were last looked at.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    ending: Arc<AtomicBool>,
    hung_up: Arc<AtomicBool>,
    stopping: Arc<AtomicBool>,
    continued: Arc<AtomicBool>,
}

impl Signals {
    /// Catches SIGTERM, SIGINT, SIGHUP, SIGTSTP and SIGCONT.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn register() -> io::Result<Self> {
        let signals = Self::default();
        for signal in [SIGTERM, SIGINT, SIGHUP] {
            flag::register(signal, Arc::clone(&signals.ending))?;
        }
        flag::register(SIGHUP, Arc::clone(&signals.hung_up))?;
        flag::register(SIGTSTP, Arc::clone(&signals.stopping))?;
        flag::register(SIGCONT, Arc::clone(&signals.continued))?;
        Ok(signals)
    }

    /// Whether the program is to end; asking forgets it.
    pub fn ending(&self) -> bool {
        self.ending.swap(false, Ordering::SeqCst)
    }

    /// Whether the terminal was closed.
    pub fn hung_up(&self) -> bool {
        self.hung_up.load(Ordering::SeqCst)
    }

    /// Whether the process is to stop; asking forgets it.
    pub fn stopping(&self) -> bool {
        self.stopping.swap(false, Ordering::SeqCst)
    }

    /// Whether the process was stopped and goes on; asking forgets it.
    pub fn continued(&self) -> bool {
        self.continued.swap(false, Ordering::SeqCst)
    }
}

/// Stops this process as Ctrl-Z does; returns when it is continued.
pub fn stop_this_process() {
    if let Err(error) = signal_hook::low_level::emulate_default_handler(SIGTSTP) {
        tracing::warn!("the process can't be stopped: {error}");
    }
}
