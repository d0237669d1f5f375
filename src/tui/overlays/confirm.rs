//! A question before something is lost.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Outcome, centred};
use crate::tui::effect::Confirm;
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, Keymap, bind};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, wrap};

/// What can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// The keys.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "confirm",
    title: "Question",
    grip: Grip::Covers,
    bindings: &[
        bind(Action::Yes, "yes", &[Chord::code(KeyCode::Enter), Chord::char('y')], "yes", "Yes, do it"),
        bind(Action::No, "no", &[Chord::code(KeyCode::Esc), Chord::char('n')], "no", "No, go back"),
    ],
};

/// A question being asked.
#[derive(Clone, Debug)]
pub struct State {
    /// The question.
    pub confirm: Confirm,
}

/// The keys, for help and footer.
pub fn sections(keymap: &Keymap) -> Vec<KeySection> {
    vec![KEYS.section(keymap)]
}

impl State {
    pub(super) fn key(&self, chord: Chord, keymap: &Keymap) -> Outcome {
        match KEYS.find(keymap, chord) {
            Some(Action::Yes) => Outcome::Yes(self.confirm.purpose.clone()),
            Some(Action::No) => Outcome::Close,
            None => Outcome::Ignored,
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let lines = wrap(&self.confirm.question, usize::from(area.width.min(60)).saturating_sub(6).max(8));
        let place = centred(area, 60, lines.len() as u16 + 4);
        let inner = canvas.frame(place, "Sure?");
        for (row, line) in lines.iter().enumerate() {
            canvas.put(inner, row as u16, line, Role::Text);
        }
        let key = canvas.theme.bold(Role::Accent);
        let muted = canvas.style(Role::Muted);
        let answers = Line::from(vec![
            Span::styled("Enter", key),
            Span::styled(format!(" {}    ", self.confirm.yes), muted),
            Span::styled("Esc", key),
            Span::styled(" go back", muted),
        ]);
        canvas.line(inner, lines.len() as u16 + 1, &answers);
    }
}
