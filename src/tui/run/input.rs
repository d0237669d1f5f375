//! What the terminal reports, as events.
//!
//! A thread reads it: crossterm never comes back from a terminal that was closed, and the loop has to go on then, to save and to leave.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossterm::event::{self, Event as Report, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::tui::event::{Mouse, MouseKind, What};
use crate::tui::keymap::Chord;

/// Reports taken in before the next frame is drawn: a burst of keys costs one frame.
const AT_ONCE: usize = 256;
/// How long the reader waits before it looks whether it is to stand still.
const GLANCE: Duration = Duration::from_millis(25);

/// The keyboard and the mouse.
#[derive(Debug)]
pub struct Input {
    reports: Receiver<What>,
    gate: Arc<Gate>,
}

/// Keeps the reader from the terminal while another program has it.
#[derive(Debug, Default)]
struct Gate {
    closed: AtomicBool,
    reading: Mutex<()>,
}

impl Gate {
    fn hold(&self) -> MutexGuard<'_, ()> {
        self.reading.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Input {
    /// Starts to read. The thread ends with the process.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start() -> io::Result<Self> {
        let gate = Arc::new(Gate::default());
        let (tell, reports) = channel();
        let own = Arc::clone(&gate);
        std::thread::Builder::new().name("input".to_owned()).spawn(move || read(&own, &tell))?;
        Ok(Self { reports, gate })
    }

    /// Waits for reports at most so long; returns those that are there.
    ///
    /// # Errors
    /// If the terminal can't be read: it is gone.
    pub fn wait(&self, longest: Duration) -> io::Result<Vec<What>> {
        match self.reports.recv_timeout(longest) {
            Ok(first) => Ok(std::iter::once(first).chain(self.reports.try_iter().take(AT_ONCE)).collect()),
            Err(RecvTimeoutError::Timeout) => Ok(Vec::new()),
            Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Leaves the terminal alone while `other` has it.
    pub fn stand_aside<T>(&self, other: impl FnOnce() -> T) -> T {
        self.gate.closed.store(true, Ordering::SeqCst);
        let result = {
            let _held = self.gate.hold();
            other()
        };
        self.gate.closed.store(false, Ordering::SeqCst);
        result
    }
}

fn read(gate: &Gate, tell: &Sender<What>) {
    loop {
        if gate.closed.load(Ordering::SeqCst) {
            std::thread::sleep(GLANCE);
            continue;
        }
        let reading = gate.hold();
        let report = event::poll(GLANCE).and_then(|there| if there { event::read().map(Some) } else { Ok(None) });
        drop(reading);
        match report {
            Ok(Some(report)) => {
                if translate(report).is_some_and(|what| tell.send(what).is_err()) {
                    return;
                }
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!("the terminal can't be read: {error}");
                return;
            }
        }
    }
}

fn translate(report: Report) -> Option<What> {
    match report {
        // Some terminals report releases and repeats too; counting them would double every key.
        Report::Key(key) if key.kind == KeyEventKind::Press => Some(What::Key(Chord::of(key))),
        Report::Paste(text) => Some(What::Paste(harmless(&text))),
        Report::Resize(width, height) => Some(What::Resize(width, height)),
        Report::Mouse(mouse) => translate_mouse(mouse).map(What::Mouse),
        _ => None,
    }
}

/// Pasted text without control characters, which would act on the terminal when they are shown; line ends and tabs stay.
fn harmless(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\n' | '\r' | '\t') || !c.is_control()).collect()
}

fn translate_mouse(mouse: MouseEvent) -> Option<Mouse> {
    let kind = match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseKind::Click,
        MouseEventKind::Drag(MouseButton::Left) => MouseKind::Drag,
        MouseEventKind::ScrollUp => MouseKind::WheelUp,
        MouseEventKind::ScrollDown => MouseKind::WheelDown,
        _ => return None,
    };
    Some(Mouse { kind, at: Position { x: mouse.column, y: mouse.row } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crossterm::event::{KeyCode, KeyEvent, KeyEventState, KeyModifiers};

    #[test]
    fn a_released_key_is_no_key() {
        let key = |kind| {
            Report::Key(KeyEvent {
                code: KeyCode::Char('a'),
                modifiers: KeyModifiers::NONE,
                kind,
                state: KeyEventState::NONE,
            })
        };
        assert_eq!(translate(key(KeyEventKind::Press)), Some(What::Key(Chord::char('a'))));
        assert_eq!(translate(key(KeyEventKind::Release)), None);
    }
}
