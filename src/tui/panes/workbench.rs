//! A design on the bench: its text, its diagram and its run, as the interview and the lab embed them.

use ratatui::layout::{Position, Rect};

use super::design::DesignPane;
use super::editor::{Editor, Reaction};
use super::popup;
use super::run::{RunPane, Stage};
use super::scroll::{self, Scroll};
use crate::design::Design;
use crate::interview::{About, Contradiction, Trigger};
use crate::sim::Options;
use crate::source::{Diagnostic, Span};
use crate::tui::context::Context;
use crate::tui::effect::{Effect, Request};
use crate::tui::event::{Mouse, MouseKind};
use crate::tui::keymap::{Chord, KeySection};
use crate::tui::widgets::Canvas;

/// Rows that the run takes below a diagram at most.
pub const SUMMARY: u16 = 3;
/// From this width on one row is enough for it.
const WIDE: u16 = 80;

/// One of the three parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The text.
    Text,
    /// The diagram.
    Diagram,
    /// The run.
    Run,
}

/// A design being written and run.
#[derive(Clone, Debug)]
pub struct Workbench {
    /// Text and diagram.
    pub design: DesignPane,
    /// The run.
    pub run: RunPane,
}

impl Workbench {
    /// A bench with the design `text`, which is run soon if it can be.
    pub fn new(text: &str, ctx: &Context<'_>) -> Self {
        let mut bench = Self { design: DesignPane::new(text, ctx.bank.catalogue()), run: RunPane::default() };
        if bench.design.runs() {
            bench.run.edited(ctx.now);
        }
        bench
    }

    /// The text.
    pub fn text(&self) -> String {
        self.design.editor.text()
    }

    /// The keys of a part, the nearest first.
    pub fn sections(&self, part: Part, ctx: &Context<'_>) -> Vec<KeySection> {
        match part {
            Part::Text => {
                let popup = self.design.popup_open().then(|| popup::KEYS.section(ctx.keymap));
                let always = [DesignPane::COMPLETION_KEYS.section(ctx.keymap), Editor::KEYS.section(ctx.keymap)];
                popup.into_iter().chain(always).collect()
            }
            Part::Diagram => vec![DesignPane::DIAGRAM_KEYS.section(ctx.keymap)],
            Part::Run => vec![RunPane::KEYS.section(ctx.keymap), scroll::KEYS.section(ctx.keymap)],
        }
    }

    /// Takes a key for a part drawn in `area`.
    pub fn key(&mut self, part: Part, chord: Chord, area: Rect, ctx: &Context<'_>) -> Reaction {
        match part {
            Part::Text => {
                let reaction = self.design.key(chord, ctx.keymap, ctx.bank.catalogue(), ctx.now);
                self.after(&reaction, ctx);
                return reaction;
            }
            Part::Diagram => {
                if let Some(action) = DesignPane::DIAGRAM_KEYS.find(ctx.keymap, chord) {
                    self.design.look(action, area);
                    return Reaction::Moved;
                }
            }
            Part::Run => {
                if let Some(action) = RunPane::KEYS.find(ctx.keymap, chord) {
                    self.run.act(action);
                    return Reaction::Moved;
                }
                if let Some(action) = scroll::KEYS.find(ctx.keymap, chord) {
                    self.run.scroll(action, area);
                    return Reaction::Moved;
                }
            }
        }
        Reaction::Ignored
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str, ctx: &Context<'_>) -> Reaction {
        let reaction = self.design.paste(text, ctx.bank.catalogue(), ctx.now);
        self.after(&reaction, ctx);
        reaction
    }

    /// Puts another text in the place of this one.
    pub fn set_text(&mut self, text: &str, ctx: &Context<'_>) {
        self.design.set_text(text, ctx.bank.catalogue(), ctx.now);
        self.run.edited(ctx.now);
    }

    /// Puts `text` in the place of `span`; undo takes it back.
    pub fn replace(&mut self, span: Span, text: &str, ctx: &Context<'_>) {
        self.design.replace(span, text, ctx.bank.catalogue(), ctx.now);
        self.run.edited(ctx.now);
    }

    /// Says at the design's text what contradicts it.
    pub fn remark(&mut self, contradictions: &[Contradiction]) {
        let remarks = contradictions.iter().filter_map(|found| match &found.about {
            About::Design(bytes) => {
                let span = Span::new(bytes.start, bytes.end);
                Some(Diagnostic::warning(span, found.what.clone()).help(found.help.clone()))
            }
            About::Variable(_) => None,
        });
        self.design.set_remarks(remarks.collect());
    }

    /// Takes the mouse in a part drawn in `area`.
    pub fn mouse(&mut self, part: Part, mouse: Mouse, area: Rect, ctx: &Context<'_>) {
        let wheel = match mouse.kind {
            MouseKind::WheelUp => -1,
            MouseKind::WheelDown => 1,
            MouseKind::Click | MouseKind::Drag => 0,
        };
        match (part, wheel) {
            (Part::Text, 0) => {
                self.design.click(area, mouse.at, mouse.kind == MouseKind::Drag, ctx.now);
            }
            (Part::Text, by) => self.design.editor.scroll(by * 3),
            (Part::Diagram, 0) => self.click_diagram(area, mouse.at),
            (Part::Diagram, by) => {
                let diagram = self.design.diagram().clone();
                self.design.view.scroll_by(0, i32::from(by) * 3, &diagram, area);
            }
            (Part::Run, 0) => {}
            (Part::Run, by) => self.run.scroll(if by < 0 { Scroll::Up } else { Scroll::Down }, area),
        }
    }

    fn click_diagram(&mut self, area: Rect, at: Position) {
        self.design.click_diagram(area, at);
    }

    fn after(&mut self, reaction: &Reaction, ctx: &Context<'_>) {
        if matches!(reaction, Reaction::Edited | Reaction::Copied(_, true)) {
            self.run.edited(ctx.now);
        }
    }

    /// Starts the run that is due, if one is; `prepared` makes of the design what is to be run, with the fault it has on top.
    pub fn start_due(
        &mut self,
        ctx: &Context<'_>,
        prepared: impl FnOnce(&Design, Trigger) -> (Design, Option<String>),
    ) -> Option<Request> {
        let trigger = self.run.due(ctx.now)?;
        if !self.design.runs() {
            self.run.put_off();
            return None;
        }
        let (design, fault) = prepared(self.design.design(), trigger);
        let options = Options::of(&design).with_network(ctx.bank.catalogue().network());
        let job = self.run.start(design, options, self.text(), trigger, fault);
        Some(Request::Do(Effect::Simulate(Box::new(job))))
    }

    /// Draws a part.
    pub fn draw(&self, part: Part, canvas: &mut Canvas<'_>, area: Rect, focused: bool, ctx: &Context<'_>) {
        match part {
            Part::Text => self.design.draw_text(canvas, area, focused, ctx.now),
            Part::Diagram => self.design.draw_diagram(canvas, area, &self.run.loads(self.design.drawn())),
            Part::Run => self.run.draw(canvas, area, &self.idle_words()),
        }
    }

    /// Draws the diagram with the run in a line or a few below, for where there is no room for the run's pane.
    pub fn draw_diagram_and_run(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let lines = match self.run.report() {
            None => 0,
            Some(_) if area.height > 12 && area.width < WIDE => SUMMARY,
            Some(_) => u16::from(area.height > 4),
        };
        let above = Rect { height: area.height - lines, ..area };
        self.draw(Part::Diagram, canvas, above, false, ctx);
        if lines > 0 {
            self.run.summary(canvas, Rect { y: above.bottom(), height: lines, ..area });
        }
    }

    /// What a pane of a run says before there is one.
    fn idle_words(&self) -> String {
        match self.design.first_error() {
            Some(line) => format!("Line {line} has an error; the design is run once it is understood."),
            None if self.design.design().flows.is_empty() => {
                "Give a path and its rate, such as 'users -> api -> db @ 5k/s', and it is run as you type.".to_owned()
            }
            None => "About to run.".to_owned(),
        }
    }

    /// What stands beside a part's title.
    pub fn aside(&self, part: Part) -> String {
        match part {
            Part::Text => match self.design.errors() {
                0 => String::new(),
                1 => "1 error".to_owned(),
                errors => format!("{errors} errors"),
            },
            Part::Diagram => String::new(),
            Part::Run if self.design.errors() > 0 && self.run.stage == Stage::Finished => {
                "of the last good design".to_owned()
            }
            Part::Run => self.run.aside(),
        }
    }
}
