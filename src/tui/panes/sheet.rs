//! A sheet of the estimator being written: text on the left, results on the right, and what there is to know about the cursor's line.
//!
//! A sheet is worked out in slices, one an event, so that no key waits for it.

mod details;
mod view;

use crossterm::event::{KeyCode, KeyModifiers};
use ratatui::layout::{Position, Rect};

use super::editor::{Editor, Layout, Reaction};
use super::popup::{Popup, Suggestion};
use super::scroll::Scroll;
use crate::clock::{Elapsed, Timestamp};
use crate::estimate::{Completion, MAX_LINES, Outcome, Rung, Sheet};
use crate::source::{Diagnostic, Severity};
use crate::tui::event::{Mouse, MouseKind};
use crate::tui::keymap::{Chord, Grip, KeyTable, Keymap, bind};
use crate::units::Rounding;

use details::Detail;

/// How long the line being typed is left alone before what is wrong with it is said.
const PATIENCE: Elapsed = Elapsed(600);
/// What one event works out: a hundred lines with ranges, a few milliseconds.
const SLICE: usize = 800;

/// What can be done in a sheet beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetAction {
    /// Asks for completions.
    Complete,
    /// Shows how the line was worked out, or no longer.
    Working,
    /// Shows every digit, or no longer.
    Exact,
    /// Rounds as one says it in the room, or no longer.
    Aloud,
    /// Copies the result of the line.
    Copy,
    /// Further up in what there is to know about the line.
    DetailsUp,
    /// Further down.
    DetailsDown,
}

/// A sheet being written.
#[derive(Clone, Debug)]
pub struct SheetPane {
    /// The text.
    pub editor: Editor,
    sheet: Sheet,
    /// What real machines do.
    ladder: Vec<Rung>,
    popup: Option<Popup>,
    edited: Timestamp,
    rounding: Rounding,
    working: bool,
    /// What there is to know about the cursor's line.
    details: Vec<Detail>,
    scroll: usize,
}

impl SheetPane {
    /// The keys of a sheet.
    pub const KEYS: KeyTable<SheetAction> = KeyTable {
        id: "sheet",
        title: "Sheet",
        grip: Grip::Shares,
        bindings: &[
            bind(
                SheetAction::Working,
                "working",
                &[Chord::alt('w')],
                "working",
                "How the line was worked out, with its source",
            ),
            bind(
                SheetAction::Aloud,
                "aloud",
                &[Chord::ctrl('l')],
                "aloud",
                "Round as one says it in the room: one digit",
            ),
            bind(SheetAction::Exact, "exact", &[Chord::alt('e')], "exact", "Every digit"),
            bind(SheetAction::Copy, "copy-result", &[Chord::alt('c')], "", "Copy the line's result"),
            bind(
                SheetAction::Complete,
                "complete",
                &[Chord::ctrl(' '), Chord::alt('/')],
                "",
                "Show the functions, names and units that may be typed here",
            ),
            bind(
                SheetAction::DetailsUp,
                "details-up",
                &[Chord::with(KeyModifiers::CONTROL, KeyCode::Up)],
                "",
                "Further up in what is known about the line",
            ),
            bind(
                SheetAction::DetailsDown,
                "details-down",
                &[Chord::with(KeyModifiers::CONTROL, KeyCode::Down)],
                "",
                "Further down in what is known about the line",
            ),
        ],
    };

    /// A sheet of `text`, held against `ladder`.
    pub fn new(text: &str, ladder: Vec<Rung>) -> Self {
        let mut pane = Self {
            editor: Editor::plain(text),
            sheet: Sheet::default(),
            ladder,
            popup: None,
            edited: Timestamp::default(),
            rounding: Rounding::Three,
            working: false,
            details: Vec::new(),
            scroll: 0,
        };
        pane.work_out();
        pane
    }

    /// The text.
    pub fn text(&self) -> String {
        self.editor.text()
    }

    /// The sheet as it is worked out.
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// How results are rounded.
    pub fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// Whether a popup takes the keys.
    pub fn popup_open(&self) -> bool {
        self.popup.is_some()
    }

    /// Puts another text in the place of this one, with the cursor at its start.
    pub fn set_text(&mut self, text: &str) {
        self.editor.set_text(text);
        self.editor.go_to_line(0);
        self.popup = None;
        self.edited = Timestamp::default();
        self.work_out();
    }

    /// Goes on with what is not worked out yet; whether there was anything.
    pub fn go_on(&mut self) -> bool {
        if self.sheet.is_settled() {
            return false;
        }
        self.sheet.go_on(SLICE);
        self.look_up();
        true
    }

    /// Takes a key: the popup first, then the sheet, then the editor.
    pub fn key(&mut self, chord: Chord, keymap: &Keymap, now: Timestamp) -> Reaction {
        if let Some(reaction) = Popup::key(&mut self.popup, chord, keymap, &mut self.editor) {
            if reaction == Reaction::Edited {
                self.changed(now);
            }
            return reaction;
        }
        if let Some(action) = Self::KEYS.find(keymap, chord) {
            return self.act(action);
        }
        let line = self.editor.cursor_line();
        let reaction = self.editor.key(keymap, chord);
        self.after(&reaction, line, chord.typed().is_some(), now);
        reaction
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str, now: Timestamp) -> Reaction {
        let line = self.editor.cursor_line();
        let reaction = self.editor.paste(text);
        self.after(&reaction, line, false, now);
        reaction
    }

    /// Does what was asked.
    pub fn act(&mut self, action: SheetAction) -> Reaction {
        let turned = |to: Rounding, from: Rounding| if from == to { Rounding::Three } else { to };
        match action {
            SheetAction::Complete => self.popup = Popup::of(self.suggestions().into_iter()),
            SheetAction::Working => {
                self.working = !self.working;
                self.scroll = 0;
                self.look_up();
            }
            SheetAction::Exact => self.rounding = turned(Rounding::Exact, self.rounding),
            SheetAction::Aloud => self.rounding = turned(Rounding::Spoken, self.rounding),
            SheetAction::Copy => match self.outcome() {
                Some(outcome) => return Reaction::Copied(outcome.display(self.rounding), false),
                None => return Reaction::Moved,
            },
            SheetAction::DetailsUp => self.scroll = self.scroll.saturating_sub(1),
            SheetAction::DetailsDown => self.scroll += 1,
        }
        Reaction::Moved
    }

    /// Takes the mouse in a pane drawn in `area`.
    pub fn mouse(&mut self, mouse: Mouse, area: Rect, now: Timestamp) {
        let places = view::places(area);
        let over_details = places.details.contains(mouse.at);
        match mouse.kind {
            MouseKind::WheelUp if over_details => self.scroll = self.scroll.saturating_sub(3),
            MouseKind::WheelDown if over_details => self.scroll += 3,
            MouseKind::WheelUp => self.editor.scroll(-3),
            MouseKind::WheelDown => self.editor.scroll(3),
            MouseKind::Click | MouseKind::Drag => {
                self.click(places.text, mouse.at, mouse.kind == MouseKind::Drag, now);
                return;
            }
        }
        self.look_up();
    }

    /// Whether a cell of a pane drawn in `area` belongs to what there is to know about the line.
    pub fn over_details(area: Rect, at: Position) -> bool {
        view::places(area).details.contains(at)
    }

    /// Moves over what there is to know about the line, in a pane drawn in `area`.
    pub fn scroll_details(&mut self, scroll: Scroll, area: Rect) {
        let place = view::places(area).details;
        let place = view::below_title(if place.height == 0 { area } else { place });
        let all = details::height(&self.details, usize::from(place.width));
        self.scroll = scroll.apply(self.scroll, all, usize::from(place.height));
    }

    fn click(&mut self, text: Rect, at: Position, drag: bool, now: Timestamp) {
        self.popup = None;
        let line = self.editor.cursor_line();
        let layout = Layout::new(text, true, self.below(text.width, now).len());
        if self.editor.click(layout, at, drag) && self.editor.cursor_line() != line {
            self.settle();
        }
        self.look_up();
    }

    fn after(&mut self, reaction: &Reaction, line: usize, typed: bool, now: Timestamp) {
        match reaction {
            Reaction::Edited | Reaction::Copied(_, true) => {
                self.changed(now);
                self.popup = if typed { self.suggested() } else { None };
            }
            Reaction::Moved => self.popup = None,
            Reaction::Ignored | Reaction::Full | Reaction::Copied(_, false) => return,
        }
        if self.editor.cursor_line() != line {
            self.settle();
        }
        self.look_up();
    }

    /// The cursor has left the line: what is wrong there is meant so.
    fn settle(&mut self) {
        self.edited = Timestamp::default();
        self.scroll = 0;
    }

    fn changed(&mut self, now: Timestamp) {
        self.edited = now;
        self.work_out();
    }

    fn work_out(&mut self) {
        // One line more than is worked out, so that the limit is said.
        self.sheet.edit_lines(self.editor.lines().iter().take(MAX_LINES + 1), SLICE);
        self.look_up();
    }

    /// What the word at the cursor could become.
    fn suggested(&self) -> Option<Popup> {
        let (line, offset) = self.editor.cursor_place();
        let (start, text) = (self.editor.cursor_offset() - offset, self.editor.lines().get(line)?);
        let at_line = |suggestion: Suggestion| {
            let span = suggestion.span;
            (span.start - start..span.end - start, suggestion)
        };
        let begun = self.suggestions().into_iter().map(at_line);
        Popup::of(begun.filter(|(range, item)| text.get(range.clone()) != Some(&item.text)).map(|(_, item)| item))
    }

    /// What may stand at the cursor; spans are of the whole text.
    fn suggestions(&self) -> Vec<Suggestion> {
        let (line, offset) = self.editor.cursor_place();
        let start = self.editor.cursor_offset() - offset;
        let of = |Completion { span, text, detail, .. }: Completion| Suggestion {
            span: crate::source::Span::new(span.start + start, span.end + start),
            text,
            detail,
        };
        self.sheet.completions(line, offset).into_iter().map(of).collect()
    }

    /// The result of the cursor's line.
    fn outcome(&self) -> Option<&Outcome> {
        self.sheet.line(self.editor.cursor_line())?.outcome()
    }

    /// What there is to say about the cursor's line, the worst first.
    fn findings(&self) -> Vec<&Diagnostic> {
        let line = self.sheet.line(self.editor.cursor_line());
        let mut found: Vec<&Diagnostic> = line.map_or(&[][..], |line| line.diagnostics()).iter().collect();
        found.sort_by_key(|one| std::cmp::Reverse(one.severity));
        found
    }

    /// Whether the cursor's line is being typed and left alone.
    fn is_typing(&self, now: Timestamp) -> bool {
        now.since(self.edited) < PATIENCE && self.edited.0 > 0
    }

    /// How many lines are wrong.
    pub fn errors(&self) -> usize {
        let wrong = |found: &Diagnostic| found.severity == Severity::Error;
        self.sheet.lines().filter(|line| line.diagnostics().iter().any(wrong)).count()
    }

    /// What stands beside the title: how results are rounded, and how many lines are wrong.
    pub fn aside(&self) -> String {
        let rounding = match self.rounding {
            Rounding::Exact => "every digit",
            Rounding::Three => "",
            Rounding::Spoken => "as one says it",
        };
        let errors = match self.errors() {
            0 => String::new(),
            1 => "1 error".to_owned(),
            errors => format!("{errors} errors"),
        };
        [errors.as_str(), rounding].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(", ")
    }

    /// Looks up what there is to know about the cursor's line.
    fn look_up(&mut self) {
        let (line, offset) = self.editor.cursor_place();
        self.details = details::details(&self.sheet, line, offset, &self.ladder, self.working);
        self.scroll = self.scroll.min(self.details.len() * 8);
    }
}
