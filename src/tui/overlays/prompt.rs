//! A line to be typed: a question to the interviewer, a decision, the name of a file.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;

use super::{Outcome, centred};
use crate::tui::effect::Prompt;
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, Keymap, bind};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, Input, input, wrap};

/// What can be done beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// That's it.
    Send,
    /// Not now.
    Close,
}

/// The keys.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "prompt",
    title: "Prompt",
    grip: Grip::CoversAndTypes,
    bindings: &[
        bind(Action::Send, "send", &[Chord::code(KeyCode::Enter)], "send", "Send the line"),
        bind(Action::Close, "close", &[Chord::code(KeyCode::Esc)], "close", "Close the prompt"),
    ],
};

/// A line being typed.
#[derive(Clone, Debug)]
pub struct State {
    prompt: Prompt,
    input: Input,
}

/// The keys, for help and footer.
pub fn sections(keymap: &Keymap) -> Vec<KeySection> {
    vec![KEYS.section(keymap), Input::KEYS.section(keymap)]
}

impl State {
    /// A prompt with its opening text.
    pub fn new(prompt: Prompt) -> Self {
        Self { input: Input::new(prompt.text.clone()), prompt }
    }

    pub(super) fn key(&mut self, chord: Chord, keymap: &Keymap) -> Outcome {
        match KEYS.find(keymap, chord) {
            Some(Action::Close) => Outcome::Close,
            Some(Action::Send) if self.input.text().trim().is_empty() && !self.prompt.skips => Outcome::Close,
            Some(Action::Send) => {
                let text = self.input.text().trim().to_owned();
                if self.prompt.stays {
                    self.input = Input::default();
                }
                Outcome::Answer(self.prompt.purpose.clone(), text)
            }
            None if self.input.key(keymap, chord) => Outcome::Stay,
            None => Outcome::Ignored,
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.input.insert(text);
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let width = area.width.min(84);
        let cells = usize::from(width).saturating_sub(4).max(8);
        let mut said: Vec<(String, Role)> = Vec::new();
        for (question, answer) in &self.prompt.log {
            said.extend(wrap(&format!("> {question}"), cells).into_iter().map(|line| (line, Role::Muted)));
            said.extend(wrap(answer, cells).into_iter().map(|line| (line, Role::Text)));
            if !answer.is_empty() {
                said.push((String::new(), Role::Text));
            }
        }
        let most = usize::from(area.height).saturating_sub(6).max(1);
        let said = &said[said.len().saturating_sub(most)..];
        let advice = wrap(&self.prompt.advice, cells);
        let place = centred(area, width, (said.len() + advice.len()) as u16 + 4);
        let inner = canvas.frame(place, &self.prompt.title);
        for (row, (line, role)) in said.iter().enumerate() {
            canvas.put(inner, row as u16, line, *role);
        }
        let mut row = said.len() as u16;
        let line = Rect { y: inner.y + row, height: inner.height.saturating_sub(row), ..inner };
        input(canvas, line, canvas.theme.sign("❯ ", "> "), &self.input, "");
        row += 2;
        for (at, line) in advice.iter().enumerate() {
            canvas.put(inner, row + at as u16, line, Role::Muted);
        }
    }
}
