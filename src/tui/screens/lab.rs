//! The design lab: a design's text, diagram and run without an interview around it.

use std::path::{Path, PathBuf};

use crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Rect};
use ratatui::text::{Line, Span};

use crate::design::format;
use crate::interview::impossible_targets;
use crate::tui::context::Context;
use crate::tui::effect::{Confirm, Destination, Effect, Notice, Prompt, Purpose, Request};
use crate::tui::event::{Done, Event, Mouse, MouseKind, What, WriteFailure};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::panes::editor::Reaction;
use crate::tui::panes::workbench::{Part, Workbench};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, rows};

/// What can be done in the lab beside typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Runs the design.
    Run,
    /// Saves it.
    Save,
    /// Saves it under another name.
    SaveAs,
    /// Opens another one.
    Open,
    /// Puts the text in canonical form.
    Format,
    /// Writes in one's own editor.
    Editor,
    /// The next pane.
    Focus,
    /// The pane before.
    FocusBack,
    /// Out of the text, or out of the lab.
    Leave,
}

/// The keys of the screen.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "lab",
    title: "Design lab",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Run,
            "run",
            &[Chord::f(5), Chord::ctrl('r'), Chord::char('r')],
            "run",
            "Run the design now (it also runs after each edit)",
        ),
        bind(Action::Save, "save", &[Chord::ctrl('s')], "save", "Save the design"),
        bind(Action::SaveAs, "save-as", &[Chord::alt('s'), Chord::char('w')], "", "Save the design under another name"),
        bind(Action::Open, "open", &[Chord::ctrl('o'), Chord::char('o')], "open", "Open a design"),
        bind(
            Action::Format,
            "format",
            &[Chord::f(8), Chord::char('=')],
            "format",
            "Put the text in its canonical form",
        ),
        bind(
            Action::Editor,
            "editor",
            &[Chord::ctrl('g')],
            "",
            "Write this text in your own editor ($VISUAL or $EDITOR)",
        ),
        bind(Action::Focus, "next-pane", &[Chord::code(KeyCode::Tab)], "pane", "To the next pane"),
        bind(Action::FocusBack, "previous-pane", &[Chord::code(KeyCode::BackTab)], "", "To the pane before"),
        bind(
            Action::Leave,
            "leave",
            &[Chord::code(KeyCode::Esc)],
            "",
            "Out of the text; from there, back to the first screen",
        ),
    ],
};

/// The lab.
#[derive(Clone, Debug)]
pub struct State {
    bench: Workbench,
    path: Option<PathBuf>,
    /// The text as it is in the file.
    kept: String,
    part: Part,
    /// Which of diagram and run is shown where there is room for one.
    shown: Part,
    /// The text that is being written to a file.
    writing: Option<String>,
}

impl State {
    /// An empty lab; a file is read first.
    pub fn new(path: Option<PathBuf>, ctx: &Context<'_>) -> (Self, Vec<Request>) {
        let bench = Workbench::new("", ctx);
        let read = path.clone().map(|path| Request::Do(Effect::Read(path)));
        let state = Self { bench, path, kept: String::new(), part: Part::Text, shown: Part::Diagram, writing: None };
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
        self.part == Part::Text
    }

    /// Takes the selected text for the clipboard and drops the selection.
    pub fn copy(&mut self) -> Option<String> {
        if self.part == Part::Text { self.bench.design.editor.copy() } else { None }
    }

    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        let requests = self.take_in(event, ctx);
        if !matches!(event.what, What::Tick | What::Progress(_)) {
            let found = impossible_targets(self.bench.design.design(), ctx.bank.catalogue().network());
            self.bench.remark(&found);
        }
        requests
    }

    fn take_in(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        match &event.what {
            What::Key(chord) => self.key(*chord, ctx),
            What::Paste(text) if self.part == Part::Text => {
                let reaction = self.bench.paste(text, ctx);
                after(&reaction)
            }
            What::Mouse(mouse) => {
                self.mouse(*mouse, ctx);
                Vec::new()
            }
            What::Tick => self.bench.start_due(ctx, |design, _| (design.clone(), None)).into_iter().collect(),
            What::Progress(snapshot) => {
                self.bench.run.progress(snapshot.clone());
                Vec::new()
            }
            What::Crashed(run, why) => {
                self.bench.run.crashed(*run, why.clone());
                Vec::new()
            }
            What::Done(done) => self.done(done, ctx),
            What::Paste(_) | What::Resize(..) | What::Terminate => Vec::new(),
        }
    }

    fn key(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        let area = self.area_of(self.part, ctx.area);
        let reaction = self.bench.key(self.part, chord, area, ctx);
        if reaction != Reaction::Ignored {
            return after(&reaction);
        }
        KEYS.find(ctx.keymap, chord).map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    fn act(&mut self, action: Action, ctx: &Context<'_>) -> Vec<Request> {
        match action {
            Action::Run => {
                self.bench.run.asked(ctx.now);
                self.shown = Part::Run;
                if self.part == Part::Diagram {
                    self.part = Part::Run;
                }
            }
            Action::Save => return vec![self.save(ctx)],
            Action::SaveAs => return vec![self.save_as(ctx)],
            Action::Open => return vec![self.open(ctx)],
            Action::Format => {
                let text = self.bench.text();
                let formatted = format(&text);
                if formatted != text {
                    let all = crate::source::Span::new(0, text.len());
                    self.bench.replace(all, &formatted, ctx);
                }
            }
            Action::Editor => {
                return vec![Request::Do(Effect::Edit { text: self.bench.text(), ending: ".dry" })];
            }
            Action::Focus => self.focus(1),
            Action::FocusBack => self.focus(-1),
            Action::Leave if self.part == Part::Text => {
                self.bench.design.editor.unselect();
                self.part = self.shown;
            }
            Action::Leave => {
                let go = Request::Go(Destination::Home);
                return if self.unsaved() { vec![discard(go)] } else { vec![go] };
            }
        }
        Vec::new()
    }

    fn focus(&mut self, by: isize) {
        const ALL: [Part; 3] = [Part::Text, Part::Diagram, Part::Run];
        let at = ALL.iter().position(|part| *part == self.part).unwrap_or(0) as isize;
        self.part = ALL[(at + by).rem_euclid(3) as usize];
        if self.part != Part::Text {
            self.shown = self.part;
        }
    }

    fn save(&mut self, ctx: &Context<'_>) -> Request {
        match self.path.clone() {
            Some(path) => self.write(path, true),
            None => self.save_as(ctx),
        }
    }

    fn write(&mut self, path: PathBuf, force: bool) -> Request {
        let text = self.bench.text();
        self.writing = Some(text.clone());
        Request::Do(Effect::Write { path, text, force })
    }

    fn save_as(&self, ctx: &Context<'_>) -> Request {
        let path = self.path.clone().unwrap_or_else(|| ctx.paths.designs().join("untitled.dry"));
        prompt(Purpose::SaveAs, "Save as", &path, "A design is a text file; .dry by custom.")
    }

    fn open(&self, ctx: &Context<'_>) -> Request {
        let folder = self.path.as_ref().and_then(|path| path.parent()).map(Path::to_owned);
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| ctx.paths.designs());
        prompt(Purpose::Open, "Open a design", &folder.join(""), "The file's path. A new file begins empty.")
    }

    /// Takes the answer to a prompt.
    pub fn answered(&mut self, purpose: &Purpose, text: &str, _ctx: &Context<'_>) -> Vec<Request> {
        match purpose {
            Purpose::SaveAs => vec![self.write(PathBuf::from(text), false)],
            Purpose::Overwrite(path) => vec![self.write(path.clone(), true)],
            Purpose::Open => {
                let go = Request::Go(Destination::Lab(Some(PathBuf::from(text))));
                if self.unsaved() { vec![discard(go)] } else { vec![go] }
            }
            Purpose::Discard(request) => vec![(**request).clone()],
            _ => Vec::new(),
        }
    }

    fn done(&mut self, done: &Done, ctx: &Context<'_>) -> Vec<Request> {
        match done {
            Done::Read { path, result } => match result {
                Ok(Some(text)) => {
                    self.bench.set_text(text, ctx);
                    self.bench.design.editor.go_to_line(0);
                    self.kept = self.bench.text();
                    self.path = Some(path.clone());
                    Vec::new()
                }
                Ok(None) => vec![Request::Notify(Notice::plain(format!("{} is a new file", path.display())))],
                Err(why) => {
                    self.path = None;
                    vec![Request::Notify(Notice::bad(why.clone()))]
                }
            },
            Done::Written { path, result } => self.written(path, result),
            Done::Edited(Ok(text)) => {
                self.bench.set_text(text, ctx);
                Vec::new()
            }
            Done::Edited(Err(why)) => vec![Request::Notify(Notice::bad(why.clone()))],
            _ => Vec::new(),
        }
    }

    fn written(&mut self, path: &Path, result: &Result<(), WriteFailure>) -> Vec<Request> {
        match result {
            Ok(()) => {
                self.path = Some(path.to_owned());
                if let Some(text) = self.writing.take() {
                    self.kept = text;
                }
                let told = Request::Notify(Notice::good(format!("saved {}", path.display())));
                vec![told, Request::Remember(path.to_owned())]
            }
            Err(WriteFailure::Exists) => vec![Request::Confirm(Box::new(Confirm {
                purpose: Purpose::Overwrite(path.to_owned()),
                question: format!("{} exists. Replace it?", path.display()),
                yes: "replace",
            }))],
            Err(WriteFailure::Other(why)) => vec![Request::Notify(Notice::bad(why.clone()))],
        }
    }

    fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) {
        for (part, pane) in self.panes(ctx.area) {
            if !pane.contains(mouse.at) {
                continue;
            }
            if mouse.kind == MouseKind::Click {
                self.part = part;
            }
            let inner = below_title(pane);
            if inner.contains(mouse.at) {
                self.bench.mouse(part, mouse, inner, ctx);
            }
            return;
        }
    }

    /// The parts that are shown, and where.
    fn panes(&self, area: Rect) -> Vec<(Part, Rect)> {
        let [_, body] = rows(area, [Constraint::Length(1), Constraint::Min(0)]);
        if body.width < 72 {
            return vec![(self.part, body)];
        }
        let west = (u32::from(body.width) * 46 / 100) as u16;
        let text = Rect { width: west, ..body };
        let east = Rect { x: body.x + west + 2, width: body.width - west - 2, ..body };
        if body.height < 27 {
            return vec![(Part::Text, text), (self.shown, east)];
        }
        let [above, below] = rows(east, [Constraint::Fill(1), Constraint::Fill(1)]);
        vec![(Part::Text, text), (Part::Diagram, above), (Part::Run, below)]
    }

    fn area_of(&self, part: Part, area: Rect) -> Rect {
        let pane = self.panes(area).into_iter().find(|(shown, _)| *shown == part).map(|(_, pane)| pane);
        pane.map(below_title).unwrap_or_default()
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        let mut sections = self.bench.sections(self.part, ctx);
        sections.push(KEYS.section(ctx.keymap));
        sections
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        let name = self.path.as_ref().map_or_else(|| "untitled".to_owned(), |path| path.display().to_string());
        let mut title = Line::from(vec![
            Span::styled(" Design lab ", canvas.theme.bold(Role::Accent)),
            Span::styled(format!(" {name}"), canvas.style(Role::Text)),
        ]);
        if self.unsaved() {
            title.push_span(Span::styled("  not saved", canvas.style(Role::Warning)));
        }
        canvas.line(area, 0, &title);
        let panes = self.panes(area);
        for (part, pane) in &panes {
            let focused = *part == self.part;
            let aside = self.bench.aside(*part);
            let (tabs, shown): (&[&str], usize) = match (panes.len(), part) {
                (1, Part::Text) => (&["Design", "Diagram", "Run"], 0),
                (1, Part::Diagram) => (&["Design", "Diagram", "Run"], 1),
                (1, Part::Run) => (&["Design", "Diagram", "Run"], 2),
                (2, Part::Diagram) => (&["Diagram", "Run"], 0),
                (2, Part::Run) => (&["Diagram", "Run"], 1),
                (_, Part::Text) => (&["Design"], 0),
                (_, Part::Diagram) => (&["Diagram"], 0),
                (_, Part::Run) => (&["Run"], 0),
            };
            let inner = canvas.tabs(*pane, tabs, shown, &aside, focused);
            if *part == Part::Diagram && panes.len() < 3 {
                self.bench.draw_diagram_and_run(canvas, inner, ctx);
            } else {
                self.bench.draw(*part, canvas, inner, focused, ctx);
            }
        }
        if let [(_, text), (_, _), ..] = panes.as_slice() {
            canvas.divide(Rect { x: text.right(), width: 1, ..*text });
        }
    }
}

fn below_title(pane: Rect) -> Rect {
    Rect { y: pane.y + 1.min(pane.height), height: pane.height.saturating_sub(1), ..pane }
}

fn after(reaction: &Reaction) -> Vec<Request> {
    match reaction {
        Reaction::Copied(text, _) => vec![Request::Do(Effect::Copy(text.clone()))],
        Reaction::Full => vec![Request::Notify(Notice::bad("this text is full: 256 KB is its limit"))],
        _ => Vec::new(),
    }
}

fn prompt(purpose: Purpose, title: &str, path: &Path, advice: &str) -> Request {
    Request::Prompt(Box::new(Prompt {
        purpose,
        title: title.to_owned(),
        advice: advice.to_owned(),
        text: path.display().to_string(),
        log: Vec::new(),
        stays: false,
    }))
}

/// Asks before the design is dropped for what `request` does.
fn discard(request: Request) -> Request {
    Request::Confirm(Box::new(Confirm {
        purpose: Purpose::Discard(Box::new(request)),
        question: "The design has changes that are not saved. Drop them?".to_owned(),
        yes: "drop them",
    }))
}
