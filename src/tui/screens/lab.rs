//! The design lab: a design's text, diagram and runs without an interview around it. It is watched at any pace, broken at a key, asked why,
//! and compared with another.

mod act;
mod faults;
mod files;
mod keys;
mod recordings;
mod view;
mod watch;

use std::path::PathBuf;

use ratatui::layout::Rect;

pub use faults::{FaultAction, KEYS as FAULT_KEYS};
pub use keys::{Action, KEYS};

use faults::{Chosen, FaultMenu};
use recordings::Recordings;

use crate::sim::explain::Theory;
use crate::tui::context::Context;
use crate::tui::effect::{Effect, Notice, Prompt, Purpose, Request};
use crate::tui::event::{Event, Mouse, MouseKind, StudyId, What};
use crate::tui::keymap::{Chord, KeySection, KeyTable};
use crate::tui::panes::editor::Reaction;
use crate::tui::panes::run::RunPane;
use crate::tui::panes::scroll::{self, Scroll};
use crate::tui::panes::why::{Advice, Kept};
use crate::tui::panes::workbench::{Part, Workbench};
use crate::tui::widgets::List;

/// What is shown of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// Targets, flows and components.
    #[default]
    Run,
    /// Figures over time.
    Charts,
    /// One component.
    Component,
    /// Whole requests.
    Requests,
    /// What would help.
    Advice,
    /// Two runs side by side.
    Compare,
}

impl View {
    const ALL: [Self; 6] = [Self::Run, Self::Charts, Self::Component, Self::Requests, Self::Advice, Self::Compare];

    const fn title(self) -> &'static str {
        match self {
            Self::Run => "Run",
            Self::Charts => "Charts",
            Self::Component => "Component",
            Self::Requests => "Requests",
            Self::Advice => "Why",
            Self::Compare => "Compare",
        }
    }
}

/// The lab.
#[derive(Clone, Debug)]
pub struct State {
    bench: Workbench,
    path: Option<PathBuf>,
    /// The text as it is in the file.
    kept: String,
    /// The part with the focus; the run's stands for whichever view is shown.
    part: Part,
    /// Which of diagram and view is shown where there is room for one.
    shown: Part,
    view: View,
    /// The first row shown of each view but the run's.
    scrolls: [usize; View::ALL.len()],
    /// The name of the component that is looked at.
    component: Option<String>,
    /// The text that is being written to a file.
    writing: Option<String>,
    /// A file that is read to compare with.
    comparing: Option<PathBuf>,
    menu: Option<FaultMenu>,
    /// What was broken by hand, each a line of the design language; the last of them in the run under way, by order.
    struck: Vec<String>,
    by_order: usize,
    /// The last study that was asked for, and what each sort of finding has to come from.
    study: StudyId,
    asked: Asked,
    theory: Vec<Theory>,
    advice: Advice,
    kept_run: Option<Kept>,
    recordings: Recordings,
}

/// Studies whose findings are waited for.
#[derive(Clone, Debug, Default)]
struct Asked {
    theory: StudyId,
    why: StudyId,
    /// With the name of the design that is run to compare with.
    compare: Option<(StudyId, String)>,
}

impl State {
    /// An empty lab; a file is read first.
    pub fn new(path: Option<PathBuf>, ctx: &Context<'_>) -> (Self, Vec<Request>) {
        let read = path.clone().map(|path| Request::Do(Effect::Read(path)));
        let state = Self {
            bench: Workbench::new("", ctx),
            path,
            kept: String::new(),
            part: Part::Text,
            shown: Part::Diagram,
            view: View::default(),
            scrolls: Default::default(),
            component: None,
            writing: None,
            comparing: None,
            menu: None,
            struck: Vec::new(),
            by_order: 0,
            study: StudyId::default(),
            asked: Asked::default(),
            theory: Vec::new(),
            advice: Advice::default(),
            kept_run: None,
            recordings: Recordings::default(),
        };
        (state, read.into_iter().collect())
    }

    /// Whether something would be lost.
    pub fn unsaved(&self) -> bool {
        self.bench.text() != self.kept
    }

    /// The text, and a place for it where nothing is overwritten, for when the program has to end.
    pub fn rescue(&self, ctx: &Context<'_>) -> Option<(PathBuf, String)> {
        let name = format!("unsaved-{}.dry", ctx.now.format("%Y-%m-%d-%H%M%S"));
        self.unsaved().then(|| (ctx.paths.designs().join(name), self.bench.text()))
    }

    /// Whether the text has the focus.
    pub fn takes_text(&self) -> bool {
        self.part == Part::Text && self.menu.is_none()
    }

    /// Takes the selected text for the clipboard and drops the selection.
    pub fn copy(&mut self) -> Option<String> {
        if self.part == Part::Text { self.bench.design.editor.copy() } else { None }
    }

    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        match &event.what {
            What::Key(chord) => self.key(*chord, ctx),
            What::Paste(text) if self.takes_text() => {
                let reaction = self.bench.paste(text, ctx);
                after(&reaction)
            }
            What::Mouse(mouse) => {
                self.mouse(*mouse, ctx);
                Vec::new()
            }
            What::Tick => {
                let mut requests = self.ask_for_recordings();
                requests.extend(self.start_due(ctx));
                requests
            }
            What::Progress(snapshot) => self.progress(snapshot, ctx),
            What::Crashed(run, why) => {
                self.bench.run.crashed(*run, why.clone());
                Vec::new()
            }
            What::Found(study, finding) => {
                self.found(*study, finding);
                Vec::new()
            }
            What::Done(done) => self.done(done, ctx),
            What::Paste(_) | What::Resize(..) | What::Terminate => Vec::new(),
        }
    }

    fn key(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        if let Some(mut menu) = self.menu.take() {
            let visible = usize::from(menu.place(ctx.area).height.saturating_sub(2));
            let chosen = menu.key(chord, ctx.keymap, self.subject(), visible);
            return self.chosen(menu, chosen, ctx);
        }
        let area = self.area_of(self.part, ctx.area);
        if self.part == Part::Run && self.view != View::Run {
            if let Some(scroll) = scroll::KEYS.find(ctx.keymap, chord) {
                self.scroll(scroll, area);
                return Vec::new();
            }
            if let Some(action) = RunPane::KEYS.find(ctx.keymap, chord) {
                self.bench.run.act(action);
                return Vec::new();
            }
        } else {
            let reaction = self.bench.key(self.part, chord, area, ctx);
            if reaction != Reaction::Ignored {
                return after(&reaction);
            }
        }
        KEYS.find(ctx.keymap, chord).map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    fn chosen(&mut self, menu: FaultMenu, chosen: Chosen, ctx: &Context<'_>) -> Vec<Request> {
        let name =
            menu.component().and_then(|id| self.subject().components.get(id.0 as usize)).map(|it| it.name.clone());
        self.look_at(name);
        match chosen {
            Chosen::Nothing => self.menu = Some(menu),
            Chosen::Closed => {}
            Chosen::Fault(line) => return self.strike(&line, ctx),
            Chosen::Typed => {
                return vec![Request::Prompt(Box::new(Prompt {
                    purpose: Purpose::Fault,
                    title: "Break something".to_owned(),
                    advice: "As in a design after 'at 30s:', such as: slow db by 5x for 10s".to_owned(),
                    text: String::new(),
                    log: Vec::new(),
                    stays: false,
                    skips: false,
                }))];
            }
        }
        Vec::new()
    }

    fn scroll(&mut self, scroll: Scroll, area: Rect) {
        let rows = self.view_rows(area.width);
        let at = &mut self.scrolls[self.view as usize];
        *at = scroll.apply(*at, rows, usize::from(area.height));
    }

    fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) {
        if self.menu.take().is_some() {
            return;
        }
        for (part, pane) in self.panes(ctx.area) {
            if !pane.contains(mouse.at) {
                continue;
            }
            if mouse.kind == MouseKind::Click {
                self.part = part;
            }
            let inner = view::below_title(pane);
            if inner.contains(mouse.at) {
                self.mouse_in(part, mouse, inner, ctx);
            }
            return;
        }
    }

    fn mouse_in(&mut self, part: Part, mouse: Mouse, inner: Rect, ctx: &Context<'_>) {
        if part == Part::Run && self.view != View::Run {
            match mouse.kind {
                MouseKind::WheelUp => self.scroll(Scroll::Up, inner),
                MouseKind::WheelDown => self.scroll(Scroll::Down, inner),
                MouseKind::Click | MouseKind::Drag => {}
            }
            return;
        }
        self.bench.mouse(part, mouse, inner, ctx);
        if part == Part::Diagram && mouse.kind == MouseKind::Click {
            let chosen = self.bench.design.view.selected;
            self.component = chosen.map(|id| self.bench.design.drawn().component(id).name.clone());
        }
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        if self.menu.is_some() {
            return vec![FAULT_KEYS.section(ctx.keymap), List::KEYS.section(ctx.keymap)];
        }
        let mut sections = self.bench.sections(self.part, ctx);
        sections.push(KEYS.section(ctx.keymap));
        sections
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        fn named<A: Copy>(keys: &KeyTable<A>, table: &str, name: &str) -> Option<A> {
            if table == keys.id { keys.named(name) } else { None }
        }
        if let Some(action) = named(&KEYS, table, name) {
            return self.act(action, ctx);
        }
        if let (Some(action), Some(mut menu)) = (named(&FAULT_KEYS, table, name), self.menu.take()) {
            let chosen = menu.act(action, self.subject());
            return self.chosen(menu, chosen, ctx);
        }
        Vec::new()
    }
}

fn after(reaction: &Reaction) -> Vec<Request> {
    match reaction {
        Reaction::Copied(text, _) => vec![Request::Do(Effect::Copy(text.clone()))],
        Reaction::Full => vec![Request::Notify(Notice::bad("this text is full: 256 KB is its limit"))],
        _ => Vec::new(),
    }
}
