//! A design being written: its text with findings and completions, and its diagram.

mod view;

use crossterm::event::KeyCode;
use ratatui::layout::{Position, Rect};

pub use view::highlights;

use super::editor::{Editor, Layout, Mark, Reaction};
use super::popup::{Popup, Suggestion};
use crate::clock::{Elapsed, Timestamp};
use crate::design::{Catalogue, Compiled, Completion, Design, Diagram, compile_with, completions, diagram};
use crate::estimate::Variables;
use crate::source::{Diagnostic, LineIndex, Severity, Span};
use crate::tui::keymap::{Chord, Grip, KeyTable, Keymap, bind};
use crate::tui::widgets::DiagramView;

/// How long the line being typed is left alone before its findings are said.
const PATIENCE: Elapsed = Elapsed(600);

/// Characters behind which something is expected: an arrow's head, and what ends a name, an attribute, or a rate's or operation's start.
const ASKING: &[char] = &['>', ':', ',', '@', '.'];

/// What can be done in the text beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextAction {
    /// Asks for completions.
    Complete,
}

/// What can be done in the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiagramAction {
    /// Looks further left.
    Left,
    /// Looks further right.
    Right,
    /// Looks further up.
    Up,
    /// Looks further down.
    Down,
    /// Back to the top left.
    Home,
}

/// A design being written.
#[derive(Clone, Debug)]
pub struct DesignPane {
    /// The text.
    pub editor: Editor,
    /// Where the diagram's window stands.
    pub view: DiagramView,
    compiled: Compiled,
    /// What there is to say about the text, the remarks last.
    findings: Vec<Diagnostic>,
    /// Line of each of the findings.
    lines: Vec<usize>,
    /// What the diagram shows: the design as it last made sense.
    drawn: Design,
    diagram: Diagram,
    marks: Vec<Mark>,
    popup: Option<Popup>,
    edited: Timestamp,
    /// What `$name` stands for.
    variables: Variables,
    /// What there is to say that the text alone does not show.
    remarks: Vec<Diagnostic>,
}

impl DesignPane {
    /// The key that asks for completions.
    pub const COMPLETION_KEYS: KeyTable<TextAction> = KeyTable {
        id: "design",
        title: "Design",
        grip: Grip::Types,
        bindings: &[bind(
            TextAction::Complete,
            "complete",
            &[Chord::ctrl(' '), Chord::alt('/')],
            "",
            "Show what may be typed here",
        )],
    };

    /// The keys of the diagram.
    pub const DIAGRAM_KEYS: KeyTable<DiagramAction> = KeyTable {
        id: "diagram",
        title: "Diagram",
        grip: Grip::Shares,
        bindings: &[
            bind(DiagramAction::Left, "left", &[Chord::code(KeyCode::Left), Chord::char('h')], "", "Look further left"),
            bind(
                DiagramAction::Right,
                "right",
                &[Chord::code(KeyCode::Right), Chord::char('l')],
                "",
                "Look further right",
            ),
            bind(DiagramAction::Up, "up", &[Chord::code(KeyCode::Up), Chord::char('k')], "", "Look further up"),
            bind(DiagramAction::Down, "down", &[Chord::code(KeyCode::Down), Chord::char('j')], "", "Look further down"),
            bind(
                DiagramAction::Home,
                "home",
                &[Chord::code(KeyCode::Home), Chord::char('g')],
                "",
                "Back to the top left",
            ),
        ],
    };

    /// Moves the diagram's window, which is `area`.
    pub fn look(&mut self, action: DiagramAction, area: Rect) {
        let (dx, dy) = match action {
            DiagramAction::Left => (-8, 0),
            DiagramAction::Right => (8, 0),
            DiagramAction::Up => (0, -3),
            DiagramAction::Down => (0, 3),
            DiagramAction::Home => (i32::MIN / 2, i32::MIN / 2),
        };
        self.view.scroll_by(dx, dy, &self.diagram, area);
    }

    /// Marks the box under the mouse and puts the text's cursor where it is declared.
    pub fn click_diagram(&mut self, area: Rect, at: Position) {
        let left = area.width.saturating_sub(self.diagram.width) / 2;
        let point = self.view.point_at(area, at.x.saturating_sub(left), at.y);
        self.view.selected = self.diagram.component_at(point);
        if let Some(id) = self.view.selected {
            let start = self.drawn.component(id).span.start;
            self.editor.go_to(start);
        }
    }

    /// A pane of `text`.
    pub fn new(text: &str, catalogue: &Catalogue) -> Self {
        let mut pane = Self {
            editor: Editor::code(text),
            view: DiagramView::default(),
            compiled: Compiled::default(),
            findings: Vec::new(),
            lines: Vec::new(),
            drawn: Design::default(),
            diagram: Diagram::default(),
            marks: Vec::new(),
            popup: None,
            edited: Timestamp::default(),
            variables: Variables::new(),
            remarks: Vec::new(),
        };
        pane.compile(catalogue);
        pane.draw_anew();
        pane
    }

    /// Puts another text in the place of this one.
    pub fn set_text(&mut self, text: &str, catalogue: &Catalogue, now: Timestamp) {
        self.editor.set_text(text);
        self.popup = None;
        self.changed(catalogue, now);
        self.draw_anew();
    }

    /// The design of the text as it is.
    pub fn design(&self) -> &Design {
        &self.compiled.design
    }

    /// The design that the diagram shows.
    pub fn drawn(&self) -> &Design {
        &self.drawn
    }

    /// The diagram.
    pub fn diagram(&self) -> &Diagram {
        &self.diagram
    }

    /// What there is to say about the text.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// Whether the text can be run: something flows, and nothing is wrong.
    pub fn runs(&self) -> bool {
        !self.compiled.design.flows.is_empty() && self.errors() == 0
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.compiled.diagnostics.iter().filter(|found| found.severity == Severity::Error).count()
    }

    /// The line, from 1, of the first error.
    pub fn first_error(&self) -> Option<usize> {
        let mut found = self.findings.iter().zip(&self.lines);
        found.find(|(found, _)| found.severity == Severity::Error).map(|(_, line)| line + 1)
    }

    /// Whether a popup takes the keys.
    pub fn popup_open(&self) -> bool {
        self.popup.is_some()
    }

    /// Takes a key: the popup first, then the editor.
    pub fn key(&mut self, chord: Chord, keymap: &Keymap, catalogue: &Catalogue, now: Timestamp) -> Reaction {
        if let Some(reaction) = self.popup_key(chord, keymap, catalogue, now) {
            return reaction;
        }
        if let Some(TextAction::Complete) = Self::COMPLETION_KEYS.find(keymap, chord) {
            let found = completions(&self.editor.text(), self.editor.cursor_offset(), catalogue);
            self.popup = Popup::of(found.into_iter().map(suggestion));
            return Reaction::Moved;
        }
        let line = self.editor.cursor_line();
        let reaction = self.editor.key(keymap, chord);
        let typed = chord.typed().is_some();
        self.after(&reaction, line, typed, catalogue, now);
        reaction
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str, catalogue: &Catalogue, now: Timestamp) -> Reaction {
        let line = self.editor.cursor_line();
        let reaction = self.editor.paste(text);
        self.after(&reaction, line, false, catalogue, now);
        self.draw_anew();
        reaction
    }

    /// Puts `text` in the place of `span`; undo takes it back.
    pub fn replace(&mut self, span: Span, text: &str, catalogue: &Catalogue, now: Timestamp) {
        self.editor.replace(span, text);
        self.popup = None;
        self.changed(catalogue, now);
        self.draw_anew();
    }

    /// Puts the cursor where the mouse is.
    pub fn click(&mut self, area: Rect, at: Position, drag: bool, now: Timestamp) -> bool {
        self.popup = None;
        let layout = Layout::new(area, true, self.below(area.width, now).len());
        let hit = self.editor.click(layout, at, drag);
        if hit {
            self.settle();
        }
        hit
    }

    fn popup_key(&mut self, chord: Chord, keymap: &Keymap, catalogue: &Catalogue, now: Timestamp) -> Option<Reaction> {
        let reaction = Popup::key(&mut self.popup, chord, keymap, &mut self.editor)?;
        if reaction == Reaction::Edited {
            self.changed(catalogue, now);
        }
        Some(reaction)
    }

    fn after(&mut self, reaction: &Reaction, line: usize, typed: bool, catalogue: &Catalogue, now: Timestamp) {
        match reaction {
            Reaction::Edited | Reaction::Copied(_, true) => {
                self.changed(catalogue, now);
                self.popup = if typed { self.suggested(catalogue) } else { None };
            }
            Reaction::Moved => self.popup = None,
            _ => {}
        }
        if self.editor.cursor_line() != line {
            self.settle();
        }
    }

    /// What the word at the cursor could become, or what may stand behind the mark just typed.
    fn suggested(&self, catalogue: &Catalogue) -> Option<Popup> {
        let (text, offset) = (self.editor.text(), self.editor.cursor_offset());
        let found = completions(&text, offset, catalogue).into_iter().map(suggestion);
        let before = text.get(..offset).unwrap_or("");
        let asks = before.strip_suffix(' ').unwrap_or(before).ends_with(ASKING);
        if asks { Popup::of(found) } else { Popup::typed(&text, offset, found) }
    }

    /// What `$name` stands for from now on; whether that changes the design.
    pub fn set_variables(&mut self, variables: Variables, catalogue: &Catalogue) -> bool {
        if self.variables == variables {
            return false;
        }
        self.variables = variables;
        let before = self.compiled.design.clone();
        self.compile(catalogue);
        self.draw_anew();
        self.compiled.design != before
    }

    /// What `$name` stands for.
    pub fn variables(&self) -> &Variables {
        &self.variables
    }

    /// What there is to say that the text alone does not show: its spans lie in the text.
    pub fn set_remarks(&mut self, remarks: Vec<Diagnostic>) {
        if self.remarks != remarks {
            self.remarks = remarks;
            self.find_lines();
        }
    }

    fn changed(&mut self, catalogue: &Catalogue, now: Timestamp) {
        self.edited = now;
        self.compile(catalogue);
        // A line that is half typed has lost its arrows for the moment: the boxes stay where they are.
        if !self.error_at_cursor() {
            self.draw_anew();
        }
    }

    /// The cursor has left the line: what is wrong there is meant so.
    fn settle(&mut self) {
        self.edited = Timestamp::default();
        self.draw_anew();
    }

    fn compile(&mut self, catalogue: &Catalogue) {
        let text = self.editor.text();
        self.compiled = compile_with(&text, catalogue, &self.variables);
        // What was said about the text as it was is said again by whoever knows.
        self.remarks.clear();
        self.find_lines();
    }

    fn find_lines(&mut self) {
        let text = self.editor.text();
        self.findings = self.compiled.diagnostics.iter().chain(&self.remarks).cloned().collect();
        let index = LineIndex::new(&text);
        self.lines = self.findings.iter().map(|found| index.line(found.span.start)).collect();
        self.marks = highlights(&text, &self.findings);
    }

    fn error_at_cursor(&self) -> bool {
        let line = self.editor.cursor_line();
        let mut found = self.findings.iter().zip(&self.lines);
        found.any(|(found, &at)| at == line && found.severity == Severity::Error)
    }

    fn draw_anew(&mut self) {
        if self.drawn != self.compiled.design {
            self.drawn = self.compiled.design.clone();
            self.diagram = diagram(&self.drawn);
        }
    }
}

fn suggestion(completion: Completion) -> Suggestion {
    let Completion { span, text, detail } = completion;
    Suggestion { span, text, detail }
}
