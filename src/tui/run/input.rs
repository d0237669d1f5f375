//! What the terminal reports, as events.

use std::io;
use std::time::Duration;

use crossterm::event::{self, Event as Report, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::tui::event::{Mouse, MouseKind, What};
use crate::tui::keymap::Chord;

/// Reports taken in before the next frame is drawn: a burst of keys costs one frame.
const AT_ONCE: usize = 256;

/// Waits for reports at most so long; returns those that are there.
///
/// # Errors
/// If the terminal can't be read: it is gone.
pub fn wait(longest: Duration) -> io::Result<Vec<What>> {
    let mut reports = Vec::new();
    let mut wait = longest;
    while reports.len() < AT_ONCE && event::poll(wait)? {
        reports.extend(translate(event::read()?));
        wait = Duration::ZERO;
    }
    Ok(reports)
}

fn translate(report: Report) -> Option<What> {
    match report {
        // Some terminals report releases and repeats too; counting them would double every key.
        Report::Key(key) if key.kind == KeyEventKind::Press => Some(What::Key(Chord::of(key))),
        Report::Paste(text) => Some(What::Paste(text)),
        Report::Resize(width, height) => Some(What::Resize(width, height)),
        Report::Mouse(mouse) => translate_mouse(mouse).map(What::Mouse),
        _ => None,
    }
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
