//! The mock interview: phases under a clock, notes, checklist, design and run, the interviewer.

mod chain;
mod checklist;
mod deep_dive;
mod keys;
mod layout;
mod predict;
mod update;
mod view;

use std::path::PathBuf;

use crate::clock::Timestamp;
use crate::content::ItemKind;
use crate::interview::{Contradiction, PhaseKind, Record, Session, Setup};
use crate::tui::context::Context;
use crate::tui::effect::{Effect, Request};
use crate::tui::keymap::{KeySection, Keymap};
use crate::tui::panes::editor::Editor;
use crate::tui::panes::popup;
use crate::tui::panes::sheet::SheetPane;
use crate::tui::panes::workbench::{Part, Workbench};
use crate::tui::widgets::List;

use layout::{Focus, Pane};

/// What can't be looked up while an interview goes on: perform first, compare second. Technologies and numbers are what a design is drawn with, and
/// the rest is how Dryrun works.
pub const CLOSED: &[ItemKind] = &[ItemKind::Question, ItemKind::Concept, ItemKind::Pattern, ItemKind::Problem];

/// An interview on the screen.
#[derive(Clone, Debug)]
pub struct State {
    session: Session,
    /// One a phase.
    notes: Vec<Editor>,
    /// One a question of the deep dive.
    answers: Vec<Editor>,
    /// The question of the deep dive that is shown.
    probe: usize,
    bench: Workbench,
    sheet: SheetPane,
    /// The pane that the sheet was opened from.
    before_sheet: Option<Pane>,
    /// What is said twice and not alike.
    contradictions: Vec<Contradiction>,
    focus: Focus,
    checklist: List,
    /// What the interviewer or the clock said last, and when.
    remark: Option<(String, Timestamp)>,
    saved: Saved,
    folder: Option<PathBuf>,
    /// Whose text is open in the user's own editor.
    editing: Option<Pane>,
    /// The fault that the next run is made with, about this design's parts.
    fault: Option<String>,
}

/// Whether what was typed is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Saved {
    /// The session has no folder yet.
    NoFolder,
    /// Everything is.
    All,
    /// Something was typed since.
    Typing,
    /// It is being written.
    Writing,
    /// It could not be.
    Failed(String),
}

/// The screen's own key tables.
pub fn tables(keymap: &Keymap) -> Vec<KeySection> {
    vec![
        keys::KEYS.section(keymap),
        keys::DESIGN_KEYS.section(keymap),
        keys::PROBE_KEYS.section(keymap),
        keys::CHECK_KEYS.section(keymap),
    ]
}

impl State {
    /// Begins an interview. What is to be done first comes with it.
    ///
    /// # Errors
    /// If the problem is not in the bank, or its interview type is not in the framework.
    pub fn start(problem: &str, setup: Setup, ctx: &Context<'_>) -> Result<(Self, Vec<Request>), String> {
        let known = ctx.bank.problem(problem).ok_or_else(|| format!("no problem is called '{problem}'"))?;
        let session = Session::start(setup, known, ctx.bank.framework(), ctx.now).map_err(|error| error.to_string())?;
        let effect = Effect::CreateSession(Box::new(session.record().clone()));
        let mut state = Self::of(session, ctx);
        for editor in &mut state.notes {
            editor.go_to_blank();
        }
        Ok((state, vec![Request::Do(effect)]))
    }

    /// Goes on with an interview that was saved in `folder`.
    ///
    /// # Errors
    /// If its problem is no longer in the bank.
    pub fn resume(record: Record, folder: PathBuf, ctx: &Context<'_>) -> Result<Self, String> {
        let id = record.problem.clone();
        let known = ctx.bank.problem(&id).ok_or_else(|| format!("its problem '{id}' is no longer in the bank"))?;
        let session =
            Session::resume(record, known, ctx.bank.framework(), ctx.now).map_err(|error| error.to_string())?;
        Ok(Self { folder: Some(folder), saved: Saved::All, ..Self::of(session, ctx) })
    }

    fn of(session: Session, ctx: &Context<'_>) -> Self {
        let record = session.record();
        let kind = session.phase().kind;
        let probes = record.probes.len();
        let mut state = Self {
            notes: record.phases.iter().map(|phase| Editor::prose(&phase.notes)).collect(),
            answers: record.probes.iter().map(|probe| Editor::prose(&probe.answer)).collect(),
            probe: probes.saturating_sub(1),
            bench: Workbench::new(&record.design, ctx),
            sheet: SheetPane::new(&record.sheet, ctx.bank.ladder()),
            before_sheet: None,
            contradictions: Vec::new(),
            focus: Focus::of(kind),
            checklist: List::default(),
            remark: None,
            saved: Saved::NoFolder,
            folder: None,
            editing: None,
            fault: None,
            session,
        };
        state.chain(ctx);
        state
    }

    /// The record as it stands.
    pub fn record(&self) -> &Record {
        self.session.record()
    }

    /// The folder it is saved in.
    pub fn folder(&self) -> Option<&PathBuf> {
        self.folder.as_ref()
    }

    fn kind(&self) -> PhaseKind {
        self.session.phase().kind
    }

    fn phase(&self) -> usize {
        self.session.record().current
    }

    /// Whether the focused pane takes text.
    pub fn takes_text(&self) -> bool {
        self.focus.pane.takes_text() && self.editor().is_some()
    }

    /// The editor that has the focus.
    fn editor(&self) -> Option<&Editor> {
        match self.focus.pane {
            Pane::Notes => self.notes.get(self.phase()),
            Pane::Answer => self.answers.get(self.probe),
            Pane::Design => Some(&self.bench.design.editor),
            Pane::Sheet => Some(&self.sheet.editor),
            _ => None,
        }
    }

    fn editor_mut(&mut self) -> Option<&mut Editor> {
        let phase = self.phase();
        match self.focus.pane {
            Pane::Notes => self.notes.get_mut(phase),
            Pane::Answer => self.answers.get_mut(self.probe),
            Pane::Design => Some(&mut self.bench.design.editor),
            Pane::Sheet => Some(&mut self.sheet.editor),
            _ => None,
        }
    }

    /// Takes the selected text for the clipboard and drops the selection.
    pub fn copy(&mut self) -> Option<String> {
        self.editor_mut()?.copy()
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        let mut sections = match self.focus.pane {
            Pane::Notes | Pane::Answer if self.editor().is_some() => vec![Editor::KEYS.section(ctx.keymap)],
            Pane::Notes | Pane::Answer => Vec::new(),
            Pane::Design => self.bench.sections(Part::Text, ctx),
            Pane::Sheet => {
                let popup = self.sheet.popup_open().then(|| popup::KEYS.section(ctx.keymap));
                let always = [SheetPane::KEYS.section(ctx.keymap), Editor::KEYS.section(ctx.keymap)];
                popup.into_iter().chain(always).collect()
            }
            Pane::Diagram => self.bench.sections(Part::Diagram, ctx),
            Pane::Run => self.bench.sections(Part::Run, ctx),
            Pane::Checklist => vec![keys::CHECK_KEYS.section(ctx.keymap), List::KEYS.section(ctx.keymap)],
        };
        if self.kind() == PhaseKind::DeepDive {
            let mut section = keys::PROBE_KEYS.section(ctx.keymap);
            if self.fault_at_hand().is_none() {
                section.entries.retain(|entry| entry.name != "break");
            }
            sections.push(section);
        }
        if self.kind() != PhaseKind::Notes {
            sections.push(keys::DESIGN_KEYS.section(ctx.keymap));
        }
        let mut own = keys::KEYS.section(ctx.keymap);
        let phases = self.session.phases().len();
        own.entries.retain(|entry| match entry.name.strip_prefix("phase-").and_then(|n| n.parse::<usize>().ok()) {
            Some(n) => n <= phases,
            None => true,
        });
        let paused = self.record().paused;
        for entry in &mut own.entries {
            match entry.name {
                "pause" if paused => entry.hint = "go on",
                "sheet" if self.focus.pane == Pane::Sheet => entry.hint = "back",
                _ => {}
            }
        }
        sections.push(own);
        sections
    }
}
