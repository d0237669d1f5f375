//! The estimator: a notebook of capacity maths, saved by itself, with the sheets of before a key away.

mod keys;
mod view;

use std::path::PathBuf;

use ratatui::layout::Rect;

pub use keys::{Action, KEYS, SHEETS_KEYS, SheetsAction};

use crate::clock::{Elapsed, Timestamp};
use crate::export::{sheet_markdown, sheet_text};
use crate::store::{SheetListing, SheetSummary};
use crate::tui::context::Context;
use crate::tui::effect::{Confirm, Destination, Effect, Notice, Prompt, Purpose, Request};
use crate::tui::event::{Done, Event, Mouse, MouseKind, What, WriteFailure};
use crate::tui::keymap::{Chord, KeySection};
use crate::tui::panes::editor::{Editor, Reaction};
use crate::tui::panes::popup;
use crate::tui::panes::scroll;
use crate::tui::panes::sheet::SheetPane;
use crate::tui::theme::Role;
use crate::tui::widgets::{List, list_row_at};

/// Typing is saved when it is this old.
const SAVE_AFTER: Elapsed = Elapsed(300);

/// The estimator.
#[derive(Clone, Debug)]
pub struct State {
    pane: SheetPane,
    /// The sheet's id in the store.
    id: String,
    /// The text as it was last handed to the disk.
    kept: String,
    saved: Saved,
    /// Whether what there is to know about the line has the focus.
    reading: bool,
    listing: Option<SheetListing>,
    /// The list of sheets, while it is shown.
    list: Option<List>,
    /// Whether the latest sheet is to be opened once the sheets are listed.
    go_on: bool,
}

/// Whether what was typed is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Saved {
    /// There is nothing to be saved.
    Nothing,
    /// Everything is.
    All,
    /// Something was typed at that moment.
    Typing(Timestamp),
    /// It is being written.
    Writing,
    /// It could not be.
    Failed(String),
}

impl State {
    /// The sheet that was last written, or an empty one.
    pub fn new(ctx: &Context<'_>) -> (Self, Vec<Request>) {
        let state = Self {
            pane: SheetPane::new("", ctx.bank.ladder()),
            id: new_id(ctx),
            kept: String::new(),
            saved: Saved::Nothing,
            reading: false,
            listing: None,
            list: None,
            go_on: true,
        };
        (state, vec![Request::Do(Effect::ListSheets)])
    }

    /// Whether the text has the focus.
    pub fn takes_text(&self) -> bool {
        self.list.is_none() && !self.reading
    }

    /// Takes the selected text for the clipboard and drops the selection.
    pub fn copy(&mut self) -> Option<String> {
        if self.takes_text() { self.pane.editor.copy() } else { None }
    }

    /// The sheet, for tests of what is shown.
    pub fn pane(&self) -> &SheetPane {
        &self.pane
    }

    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        match &event.what {
            What::Key(chord) => self.key(*chord, ctx),
            What::Paste(text) if self.takes_text() => {
                let reaction = self.pane.paste(text, ctx.now);
                self.after(&reaction, ctx)
            }
            What::Mouse(mouse) => self.mouse(*mouse, ctx),
            What::Tick => self.tick(ctx),
            What::Done(done) => self.done(done, ctx),
            _ => Vec::new(),
        }
    }

    fn tick(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        self.pane.go_on();
        match self.saved {
            Saved::Typing(since) if ctx.now.since(since) >= SAVE_AFTER || ctx.now < since => {
                self.save().into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    fn key(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        if self.list.is_some() {
            return self.key_in_list(chord, ctx);
        }
        if self.reading {
            if let Some(action) = SheetPane::KEYS.find(ctx.keymap, chord) {
                let reaction = self.pane.act(action);
                return self.after(&reaction, ctx);
            }
            if let Some(scroll) = scroll::KEYS.find(ctx.keymap, chord) {
                self.pane.scroll_details(scroll, view::body(ctx.area));
                return Vec::new();
            }
        } else {
            let reaction = self.pane.key(chord, ctx.keymap, ctx.now);
            if reaction != Reaction::Ignored {
                return self.after(&reaction, ctx);
            }
        }
        KEYS.find(ctx.keymap, chord).map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    fn key_in_list(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        if let Some(action) = SHEETS_KEYS.find(ctx.keymap, chord) {
            return self.act_in_list(action);
        }
        let len = self.sheets().len();
        if let (Some(action), Some(list)) = (List::KEYS.find(ctx.keymap, chord), &mut self.list) {
            list.act(action, len, usize::from(view::body(ctx.area).height));
        }
        Vec::new()
    }

    fn act_in_list(&mut self, action: SheetsAction) -> Vec<Request> {
        match action {
            SheetsAction::Close => {
                self.list = None;
                Vec::new()
            }
            SheetsAction::Open => {
                let chosen = self.list.and_then(|list| self.sheets().get(list.selected)).map(|sheet| sheet.id.clone());
                self.list = None;
                let open = chosen.filter(|id| *id != self.id).map(|id| Request::Do(Effect::OpenSheet(id)));
                self.closing().into_iter().chain(open).collect()
            }
        }
    }

    fn sheets(&self) -> &[SheetSummary] {
        self.listing.as_ref().map_or(&[], |listing| listing.sheets.as_slice())
    }

    fn act(&mut self, action: Action, ctx: &Context<'_>) -> Vec<Request> {
        match action {
            Action::Focus => self.reading = !self.reading,
            Action::Sheets => {
                self.list = Some(List::default());
                let mut requests = self.closing();
                requests.push(Request::Do(Effect::ListSheets));
                return requests;
            }
            Action::New => {
                let requests = self.closing();
                self.show(new_id(ctx), "", ctx);
                return requests;
            }
            Action::Export => return vec![self.export()],
            Action::OpenFile => {
                let advice = "A text of lines, or Markdown that was exported here. It becomes a sheet of its own.";
                return vec![prompt(Purpose::Open, "Open a file", String::new(), advice)];
            }
            Action::Editor => return vec![Request::Do(Effect::Edit { text: self.pane.text(), ending: ".txt" })],
            Action::Save => {
                let saving = self.save();
                return match saving {
                    Some(save) => vec![save],
                    None => vec![Request::Notify(Notice::plain("there is nothing to be saved"))],
                };
            }
            Action::Leave if !self.reading => {
                self.pane.editor.unselect();
                self.reading = true;
            }
            Action::Leave => {
                let mut requests = self.closing();
                requests.push(Request::Go(Destination::Home));
                return requests;
            }
        }
        Vec::new()
    }

    /// Shows another sheet.
    fn show(&mut self, id: String, text: &str, ctx: &Context<'_>) {
        let ladder = ctx.bank.ladder();
        self.pane = SheetPane::new("", ladder);
        self.pane.set_text(text);
        self.kept = self.pane.text();
        self.id = id;
        self.saved = Saved::Nothing;
        self.reading = false;
        self.go_on = false;
    }

    /// Saves what is not saved, and what an earlier attempt failed to save.
    fn save(&mut self) -> Option<Request> {
        let text = self.pane.text();
        if text == self.kept && !matches!(self.saved, Saved::Failed(_)) {
            self.saved = if self.saved == Saved::Nothing { Saved::Nothing } else { Saved::All };
            return None;
        }
        self.kept.clone_from(&text);
        self.saved = Saved::Writing;
        Some(Request::Do(Effect::SaveSheet { id: self.id.clone(), text }))
    }

    /// What is to be done when the sheet goes, whyever it does.
    pub fn closing(&mut self) -> Vec<Request> {
        self.save().into_iter().collect()
    }

    fn after(&mut self, reaction: &Reaction, ctx: &Context<'_>) -> Vec<Request> {
        if matches!(reaction, Reaction::Edited | Reaction::Copied(_, true)) {
            self.go_on = false;
            if !matches!(self.saved, Saved::Typing(_)) {
                self.saved = Saved::Typing(ctx.now);
            }
        }
        match reaction {
            Reaction::Copied(text, cut) => {
                let told = if *cut { None } else { Some(Request::Notify(Notice::good(format!("copied {text}")))) };
                std::iter::once(Request::Do(Effect::Copy(text.clone()))).chain(told).collect()
            }
            Reaction::Full => vec![Request::Notify(Notice::bad("this text is full: 256 KB is its limit"))],
            _ => Vec::new(),
        }
    }

    fn export(&self) -> Request {
        let advice = "Markdown: each line with its result. The block opens again as the same sheet.";
        prompt(Purpose::Export, "Export the sheet", format!("{}.md", self.slug()), advice)
    }

    /// The sheet's title as a file's name.
    fn slug(&self) -> String {
        let title = view::title_of(self.pane.editor.lines()).unwrap_or_default().to_lowercase();
        let words = title.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let slug = words.take(6).collect::<Vec<_>>().join("-");
        if slug.is_empty() { "sheet".to_owned() } else { slug }
    }

    /// Takes the answer to a prompt.
    pub fn answered(&mut self, purpose: &Purpose, text: &str, _ctx: &Context<'_>) -> Vec<Request> {
        let (path, force) = match purpose {
            Purpose::Open => return vec![Request::Do(Effect::Read(PathBuf::from(text)))],
            Purpose::Export => (PathBuf::from(text), false),
            Purpose::Overwrite(path) => (path.clone(), true),
            _ => return Vec::new(),
        };
        let text = sheet_markdown(self.pane.sheet(), self.pane.rounding());
        vec![Request::Do(Effect::Write { path, text, force })]
    }

    fn done(&mut self, done: &Done, ctx: &Context<'_>) -> Vec<Request> {
        match done {
            Done::SheetsListed(Ok(listing)) => return self.listed((**listing).clone()),
            Done::SheetsListed(Err(why)) | Done::SheetOpened(_, Err(why)) | Done::Edited(Err(why)) => {
                return vec![Request::Notify(Notice::bad(why.clone()))];
            }
            Done::SheetOpened(id, Ok(text)) => {
                self.show(id.clone(), text, ctx);
                self.saved = Saved::All;
            }
            Done::SheetSaved(id, Ok(())) if *id == self.id && self.saved == Saved::Writing => self.saved = Saved::All,
            Done::SheetSaved(id, Err(why)) if *id == self.id => self.saved = Saved::Failed(why.clone()),
            Done::SheetSaved(_, Err(why)) => return vec![Request::Notify(Notice::bad(why.clone()))],
            Done::Edited(Ok(text)) => {
                self.pane.set_text(text);
                return self.after(&Reaction::Edited, ctx);
            }
            Done::Read { path, result } => return self.read(path, result, ctx),
            Done::Written { path, result } => return written(path, result),
            _ => {}
        }
        Vec::new()
    }

    fn listed(&mut self, listing: SheetListing) -> Vec<Request> {
        let latest = listing.sheets.first().map(|sheet| sheet.id.clone());
        let latest = latest.filter(|_| std::mem::take(&mut self.go_on) && self.pane.editor.is_empty());
        let damaged = listing.damaged.first().map(|damaged| {
            let aside = damaged.aside.as_ref().map(|aside| format!("; set aside as {}", aside.display()));
            let words = format!("{}: {}{}", damaged.path.display(), damaged.why, aside.unwrap_or_default());
            Request::Notify(Notice::bad(words))
        });
        self.listing = Some(listing);
        let open = latest.map(|id| Request::Do(Effect::OpenSheet(id)));
        open.into_iter().chain(damaged).collect()
    }

    /// A file of the user's own was read: it becomes a sheet.
    fn read(
        &mut self,
        path: &std::path::Path,
        result: &Result<Option<String>, String>,
        ctx: &Context<'_>,
    ) -> Vec<Request> {
        match result {
            Ok(Some(text)) => {
                let requests = self.closing();
                self.show(new_id(ctx), "", ctx);
                self.pane.set_text(&sheet_text(text));
                self.saved = Saved::Typing(ctx.now);
                requests
            }
            Ok(None) => vec![Request::Notify(Notice::bad(format!("there is no file {}", path.display())))],
            Err(why) => vec![Request::Notify(Notice::bad(why.clone()))],
        }
    }

    fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) -> Vec<Request> {
        let body = view::body(ctx.area);
        let len = self.sheets().len();
        if let Some(list) = &mut self.list {
            let Some(row) = list_row_at(body, list, len, mouse.at.y) else { return Vec::new() };
            let again = std::mem::replace(&mut list.selected, row) == row;
            let open = mouse.kind == MouseKind::Click && again;
            return if open { self.act_in_list(SheetsAction::Open) } else { Vec::new() };
        }
        if mouse.kind == MouseKind::Click && ctx.area.contains(mouse.at) {
            self.reading = SheetPane::over_details(body, mouse.at);
        }
        self.pane.mouse(mouse, body, ctx.now);
        Vec::new()
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        if self.list.is_some() {
            return vec![SHEETS_KEYS.section(ctx.keymap), List::KEYS.section(ctx.keymap)];
        }
        let mut sections = Vec::new();
        if self.reading {
            sections.extend([SheetPane::KEYS.section(ctx.keymap), scroll::KEYS.section(ctx.keymap)]);
        } else {
            sections.extend(self.pane.popup_open().then(|| popup::KEYS.section(ctx.keymap)));
            sections.extend([SheetPane::KEYS.section(ctx.keymap), Editor::KEYS.section(ctx.keymap)]);
        }
        sections.push(KEYS.section(ctx.keymap));
        sections
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        if table == SheetPane::KEYS.id {
            let reaction = SheetPane::KEYS.named(name).map_or(Reaction::Ignored, |action| self.pane.act(action));
            return self.after(&reaction, ctx);
        }
        if table == SHEETS_KEYS.id {
            return SHEETS_KEYS.named(name).map_or_else(Vec::new, |action| self.act_in_list(action));
        }
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    /// What the status line says: about the saving.
    pub fn status(&self) -> Option<(String, Role)> {
        Some(match &self.saved {
            Saved::Nothing => return None,
            Saved::All => ("saved".to_owned(), Role::Good),
            Saved::Typing(_) | Saved::Writing => ("saving".to_owned(), Role::Muted),
            Saved::Failed(why) => (format!("NOT SAVED: {why}"), Role::Bad),
        })
    }
}

/// The id of a sheet that begins now.
fn new_id(ctx: &Context<'_>) -> String {
    ctx.now.format("%Y-%m-%d-%H%M%S-%3f")
}

fn prompt(purpose: Purpose, title: &str, text: String, advice: &str) -> Request {
    Request::Prompt(Box::new(Prompt {
        purpose,
        title: title.to_owned(),
        advice: advice.to_owned(),
        text,
        log: Vec::new(),
        stays: false,
        skips: false,
    }))
}

fn written(path: &std::path::Path, result: &Result<(), WriteFailure>) -> Vec<Request> {
    match result {
        Ok(()) => vec![
            Request::Notify(Notice::good(format!("written to {}", path.display()))),
            Request::Remember(path.to_owned()),
        ],
        Err(WriteFailure::Exists) => vec![Request::Confirm(Box::new(Confirm {
            purpose: Purpose::Overwrite(path.to_owned()),
            question: format!("{} exists. Replace it?", path.display()),
            yes: "replace",
        }))],
        Err(WriteFailure::Other(why)) => vec![Request::Notify(Notice::bad(why.clone()))],
    }
}

/// Where a rectangle's first row ends.
fn below(area: Rect) -> Rect {
    Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area }
}
