//! What events do to an interview.

use super::keys::{Action, CHECK_KEYS, CheckAction, DESIGN_KEYS, KEYS, PROBE_KEYS};
use super::layout::{Focus, Pane, Slot};
use super::{Saved, State};
use crate::content::misses;
use crate::design::{compile_with, parse_event};
use crate::interview::{
    Event as Happening, Outcome, PhaseKind, Remark, Run, Save, Session, Trigger, YOUR_CALL, debrief, with_promises,
};
use crate::tui::context::Context;
use crate::tui::effect::{Confirm, Destination, Effect, Notice, Prompt, Purpose, Request};
use crate::tui::event::{Done, Event, Mouse, MouseKind, What};
use crate::tui::keymap::Chord;
use crate::tui::panes::editor::{Layout, Reaction};
use crate::tui::panes::sheet::SheetPane;
use crate::tui::panes::workbench::Part;
use crate::tui::widgets::{List, ListAction};

impl State {
    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        match &event.what {
            What::Key(chord) => self.key(*chord, ctx),
            What::Paste(text) => self.paste(text, ctx),
            What::Mouse(mouse) => self.mouse(*mouse, ctx),
            What::Tick => self.tick(ctx),
            What::Progress(snapshot) => self.progress(snapshot, ctx),
            What::Crashed(run, why) => {
                self.bench.run.crashed(*run, why.clone());
                Vec::new()
            }
            What::Done(done) => self.done(done, ctx),
            What::Resize(..) | What::Terminate | What::Found(..) => Vec::new(),
        }
    }

    fn tick(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        let mut requests = self.advance(Happening::Tick, ctx);
        if self.sheet.go_on() {
            self.chain(ctx);
        }
        if self.bench.run.due(ctx.now).is_some() {
            requests.extend(self.start_run(ctx));
        }
        requests
    }

    /// Starts the run that is due: of the design with what the notes promise, and the question's fault if it is to be broken.
    fn start_run(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        let promises = self.session.promises().clone();
        let problem = self.session.problem().clone();
        let fault = self.fault.take();
        let mut wrong = None;
        let request = self.bench.start_due(ctx, |design, _| {
            let mut design = with_promises(design, &promises, &problem);
            let event = fault.as_ref().map(|fault| parse_event(fault, &design));
            match event {
                Some(Ok(event)) => design.scenario.push(event),
                Some(Err(finding)) => wrong = Some(finding.message),
                None => {}
            }
            let fault = fault.filter(|_| wrong.is_none());
            (design, fault)
        });
        let mut requests: Vec<Request> = request.into_iter().collect();
        if let Some(wrong) = wrong {
            requests.push(Request::Notify(Notice::bad(format!("the fault does not fit this design: {wrong}"))));
        }
        requests
    }

    fn progress(&mut self, snapshot: &crate::tui::event::Snapshot, ctx: &Context<'_>) -> Vec<Request> {
        let Some(trigger) = self.bench.run.progress(snapshot.clone()) else { return Vec::new() };
        let mut run = Run::of(&snapshot.report, self.bench.run.text(), trigger);
        if let Some(fault) = self.bench.run.fault() {
            run = run.with_fault(fault);
        }
        self.advance(Happening::Ran(run), ctx)
    }

    fn key(&mut self, chord: Chord, ctx: &Context<'_>) -> Vec<Request> {
        let (reaction, requests) = self.key_in_pane(chord, ctx);
        if reaction != Reaction::Ignored {
            return requests;
        }
        let kind = self.kind();
        let action = (kind == PhaseKind::DeepDive)
            .then(|| PROBE_KEYS.find(ctx.keymap, chord))
            .flatten()
            .or_else(|| (kind != PhaseKind::Notes).then(|| DESIGN_KEYS.find(ctx.keymap, chord)).flatten())
            .or_else(|| KEYS.find(ctx.keymap, chord));
        action.map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    /// Offers a key to the focused pane.
    fn key_in_pane(&mut self, chord: Chord, ctx: &Context<'_>) -> (Reaction, Vec<Request>) {
        let inner = self.slot_of(self.focus.pane, ctx).map(|slot| slot.inner()).unwrap_or_default();
        let reaction = match self.focus.pane {
            Pane::Notes | Pane::Answer => match self.editor_mut() {
                Some(editor) => editor.key(ctx.keymap, chord),
                None => Reaction::Ignored,
            },
            Pane::Design => self.bench.key(Part::Text, chord, inner, ctx),
            Pane::Sheet => self.sheet.key(chord, ctx.keymap, ctx.now),
            Pane::Diagram => self.bench.key(Part::Diagram, chord, inner, ctx),
            Pane::Run => self.bench.key(Part::Run, chord, inner, ctx),
            Pane::Checklist => return self.key_in_checklist(chord, usize::from(inner.height), ctx),
        };
        let requests = self.after(&reaction, ctx);
        (reaction, requests)
    }

    fn key_in_checklist(&mut self, chord: Chord, rows: usize, ctx: &Context<'_>) -> (Reaction, Vec<Request>) {
        if let Some(CheckAction::Tick) = CHECK_KEYS.find(ctx.keymap, chord) {
            let requests = self.tick_line(self.checklist.selected, ctx);
            return (Reaction::Moved, requests);
        }
        let Some(action) = List::KEYS.find(ctx.keymap, chord) else { return (Reaction::Ignored, Vec::new()) };
        let len = self.session.checklist(self.phase()).len();
        self.checklist.act(action, len, rows);
        (Reaction::Moved, Vec::new())
    }

    fn tick_line(&mut self, line: usize, ctx: &Context<'_>) -> Vec<Request> {
        let phase = self.phase();
        match self.session.checklist(phase).into_iter().nth(line) {
            Some(line) => self.advance(Happening::Check { phase, item: line.item }, ctx),
            None => Vec::new(),
        }
    }

    /// Tells the session what the focused pane's text is now, and the clipboard what was copied.
    fn after(&mut self, reaction: &Reaction, ctx: &Context<'_>) -> Vec<Request> {
        let mut requests = Vec::new();
        if let Reaction::Copied(text, _) = reaction {
            requests.push(Request::Do(Effect::Copy(text.clone())));
        }
        match reaction {
            Reaction::Edited | Reaction::Copied(_, true) => requests.extend(self.tell_text(self.focus.pane, ctx)),
            Reaction::Full => requests.push(Request::Notify(Notice::bad("this text is full: 256 KB is its limit"))),
            _ => {}
        }
        requests
    }

    fn tell_text(&mut self, pane: Pane, ctx: &Context<'_>) -> Vec<Request> {
        let phase = self.phase();
        let event = match pane {
            Pane::Notes => self.notes.get(phase).map(|notes| Happening::Notes { phase, text: notes.text() }),
            Pane::Answer => {
                let answer = self.answers.get(self.probe);
                answer.map(|answer| Happening::AnswerProbe { probe: self.probe, answer: answer.text() })
            }
            Pane::Design => Some(Happening::Design(self.bench.text())),
            Pane::Sheet => Some(Happening::Sheet(self.sheet.text())),
            _ => None,
        };
        if event.is_some() && !matches!(self.saved, Saved::NoFolder | Saved::Failed(_)) {
            self.saved = Saved::Typing;
        }
        let requests = event.map_or_else(Vec::new, |event| self.advance(event, ctx));
        if pane != Pane::Answer {
            self.chain(ctx);
        }
        requests
    }

    fn paste(&mut self, text: &str, ctx: &Context<'_>) -> Vec<Request> {
        let reaction = match self.focus.pane {
            Pane::Design => self.bench.paste(text, ctx),
            Pane::Sheet => self.sheet.paste(text, ctx.now),
            _ => self.editor_mut().map_or(Reaction::Ignored, |editor| editor.paste(text)),
        };
        self.after(&reaction, ctx)
    }

    /// Does what was asked.
    pub(super) fn act(&mut self, action: Action, ctx: &Context<'_>) -> Vec<Request> {
        let kind = self.kind();
        match action {
            Action::Focus => self.turn(1),
            Action::FocusBack => self.turn(-1),
            Action::Ask => return vec![self.question()],
            Action::Decide => return vec![self.decision()],
            Action::Sheet => self.turn_to_sheet(),
            Action::Pause if self.record().paused => return self.advance(Happening::Resume, ctx),
            Action::Pause => return self.advance(Happening::Pause, ctx),
            Action::Run => self.run_with(None, ctx),
            Action::Predict => return vec![self.prediction(None)],
            Action::Probe => return self.next_probe(ctx),
            Action::Break => return self.break_it(ctx),
            Action::Back => return self.advance(Happening::Back, ctx),
            Action::Forward => return self.forward(ctx),
            Action::GoTo(phase) => return self.advance(Happening::GoTo(phase), ctx),
            Action::Editor => return self.open_editor(),
            Action::Save => return vec![self.save(Save::Whole)],
            Action::Finish => return vec![finish()],
            Action::Leave if self.takes_text() => {
                let pane = if kind == PhaseKind::Notes { Pane::Checklist } else { self.focus.right };
                if let Some(editor) = self.editor_mut() {
                    editor.unselect();
                }
                self.focus.go(pane, kind);
            }
            Action::Leave => return self.leave(),
        }
        Vec::new()
    }

    fn turn(&mut self, by: isize) {
        let kind = self.kind();
        self.focus.turn(by, kind);
        if self.focus.pane == Pane::Answer && self.answers.is_empty() {
            self.focus.turn(by, kind);
        }
    }

    /// To the sheet, or back to where it was opened from.
    fn turn_to_sheet(&mut self) {
        let kind = self.kind();
        let back = || Focus::of(kind).pane;
        let to = match self.focus.pane {
            Pane::Sheet => self.before_sheet.take().unwrap_or_else(back),
            pane => {
                self.before_sheet = Some(pane);
                Pane::Sheet
            }
        };
        self.focus.go(to, kind);
    }

    fn forward(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        if self.phase() + 1 == self.session.phases().len() {
            return vec![finish()];
        }
        self.advance(Happening::Forward, ctx)
    }

    fn open_editor(&mut self) -> Vec<Request> {
        let pane = self.focus.pane;
        let Some(text) = self.editor().map(super::Editor::text) else {
            return vec![Request::Notify(Notice::plain("go to a text first, then open it in your editor"))];
        };
        self.editing = Some(pane);
        let ending = match pane {
            Pane::Design => ".dry",
            Pane::Sheet => ".txt",
            _ => ".md",
        };
        vec![Request::Do(Effect::Edit { text, ending })]
    }

    /// Leaves the interview for the first screen; it can be gone on with.
    fn leave(&mut self) -> Vec<Request> {
        let mut requests = self.closing();
        requests.push(Request::Go(Destination::Home));
        requests.push(Request::Notify(Notice::good("saved; the clock stands until you go on")));
        requests
    }

    /// What is to be done when the screen goes, whyever it does.
    pub fn closing(&mut self) -> Vec<Request> {
        let save = Effect::SaveSession(Box::new(self.record().clone()), Save::Whole);
        let remember = self.folder.clone().map(Request::Remember);
        let close = [Request::Do(save), Request::Do(Effect::CloseSession)];
        close.into_iter().chain(remember).collect()
    }

    fn save(&mut self, save: Save) -> Request {
        let record = Box::new(self.record().clone());
        if matches!(self.saved, Saved::Failed(_)) && self.folder.is_none() {
            return Request::Do(Effect::CreateSession(record));
        }
        if self.folder.is_some() && !matches!(self.saved, Saved::Failed(_)) {
            self.saved = Saved::Writing;
        }
        Request::Do(Effect::SaveSession(record, save))
    }

    fn question(&self) -> Request {
        let answer = |question: &crate::interview::Question| {
            (question.text.clone(), question.answer.clone().unwrap_or_else(|| YOUR_CALL.to_owned()))
        };
        Request::Prompt(Box::new(Prompt {
            purpose: Purpose::Question,
            title: "Ask the interviewer".to_owned(),
            advice: "In your own words; the answer lands in your notes. Esc closes.".to_owned(),
            text: String::new(),
            log: self.record().questions.iter().map(answer).collect(),
            stays: true,
            skips: false,
        }))
    }

    /// Takes the answer to a prompt.
    pub fn answered(&mut self, purpose: &Purpose, text: &str, ctx: &Context<'_>) -> Vec<Request> {
        match purpose {
            Purpose::Question => {
                let mut requests = self.advance(Happening::Ask(text.to_owned()), ctx);
                requests.push(self.question());
                requests
            }
            Purpose::Decision => {
                let mut requests = self.advance(Happening::Decide(text.to_owned()), ctx);
                requests.push(Request::Notify(Notice::good("noted in the because log")));
                requests
            }
            Purpose::Prediction(fault) => self.predicted(text, fault.clone(), ctx),
            Purpose::Finish => self.advance(Happening::Finish, ctx),
            _ => Vec::new(),
        }
    }

    /// Lets the session take something in, and does what follows.
    pub(super) fn advance(&mut self, event: Happening, ctx: &Context<'_>) -> Vec<Request> {
        let outcomes = self.session.advance(event, ctx.now);
        if outcomes.contains(&Outcome::Finished) {
            return self.finished(ctx);
        }
        let mut requests = Vec::new();
        for outcome in outcomes {
            match outcome {
                Outcome::Save(save) => requests.push(self.save(save)),
                Outcome::Say(remark) => requests.extend(self.hear(&remark, ctx)),
                Outcome::Entered(_) => requests.extend(self.entered(ctx)),
                Outcome::Noted { phase, text } => {
                    if let Some(notes) = self.notes.get_mut(phase) {
                        notes.append(&text);
                    }
                }
                Outcome::Foretold { prediction } => requests.extend(self.foretold(prediction)),
                Outcome::Answered { .. } | Outcome::Targets | Outcome::Ticked { .. } | Outcome::Finished => {}
            }
        }
        requests
    }

    fn hear(&mut self, remark: &Remark, ctx: &Context<'_>) -> Option<Request> {
        match remark {
            Remark::Away { .. } | Remark::Full { .. } => Some(Request::Notify(Notice::plain(remark.line()))),
            _ => {
                let before = self.remark.take().filter(|(_, at)| *at == ctx.now).map(|(line, _)| line + " ");
                self.remark = Some((before.unwrap_or_default() + &remark.line(), ctx.now));
                None
            }
        }
    }

    fn entered(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        self.remark = None;
        self.checklist = List::default();
        self.focus = Focus::of(self.kind());
        if self.kind() == PhaseKind::DeepDive && self.answers.is_empty() {
            return self.next_probe(ctx);
        }
        Vec::new()
    }

    fn finished(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        let record = Box::new(self.record().clone());
        let mut requests = self.closing();
        let design = compile_with(&record.design, ctx.bank.catalogue(), &record.variables()).design;
        let problem = self.session.problem();
        let found = debrief(&record, problem, ctx.bank.framework(), &design);
        requests.push(Request::Do(Effect::KeepMisses(misses::misses(&record, problem, &found))));
        requests.push(Request::Go(Destination::Debrief(record)));
        requests
    }

    fn done(&mut self, done: &Done, ctx: &Context<'_>) -> Vec<Request> {
        match done {
            Done::Created(Ok((record, folder))) => {
                self.session.set_id(record.id.clone());
                self.folder = Some(folder.clone());
                self.saved = Saved::Writing;
                let record = Box::new(self.record().clone());
                return vec![Request::Do(Effect::SaveSession(record, Save::Whole))];
            }
            Done::Created(Err(why)) | Done::Saved(Err(why)) => self.saved = Saved::Failed(why.clone()),
            Done::Saved(Ok(())) if self.saved != Saved::Typing && self.folder.is_some() => self.saved = Saved::All,
            Done::Edited(Ok(text)) => return self.edited_outside(text, ctx),
            Done::Edited(Err(why)) => {
                self.editing = None;
                return vec![Request::Notify(Notice::bad(why.clone()))];
            }
            _ => {}
        }
        Vec::new()
    }

    fn edited_outside(&mut self, text: &str, ctx: &Context<'_>) -> Vec<Request> {
        let mut requests = self.advance(Happening::BackToWork, ctx);
        let Some(pane) = self.editing.take() else { return requests };
        let phase = self.phase();
        match pane {
            Pane::Design => self.bench.set_text(text, ctx),
            Pane::Sheet => self.sheet.set_text(text),
            Pane::Notes => self.notes[phase].set_text(text),
            Pane::Answer => {
                if let Some(answer) = self.answers.get_mut(self.probe) {
                    answer.set_text(text);
                }
            }
            _ => {}
        }
        requests.extend(self.tell_text(pane, ctx));
        requests
    }

    fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) -> Vec<Request> {
        let Some(slot) = self.areas(ctx.area).slots.into_iter().find(|slot| slot.area.contains(mouse.at)) else {
            return Vec::new();
        };
        if mouse.kind == MouseKind::Click {
            let kind = self.kind();
            self.focus.go(slot.tab_at(mouse.at.x, mouse.at.y).unwrap_or(slot.shown), kind);
        }
        let inner = slot.inner();
        if !inner.contains(mouse.at) {
            return Vec::new();
        }
        match slot.shown {
            Pane::Design => self.bench.mouse(Part::Text, mouse, inner, ctx),
            Pane::Sheet => self.sheet.mouse(mouse, inner, ctx.now),
            Pane::Diagram => self.bench.mouse(Part::Diagram, mouse, inner, ctx),
            Pane::Run => self.bench.mouse(Part::Run, mouse, inner, ctx),
            Pane::Checklist => return self.mouse_in_checklist(mouse, &slot, ctx),
            Pane::Notes | Pane::Answer => {
                let text = if slot.shown == Pane::Answer { self.answer_area(inner) } else { inner };
                if let Some(editor) = self.editor_mut() {
                    match mouse.kind {
                        MouseKind::WheelUp => editor.scroll(-3),
                        MouseKind::WheelDown => editor.scroll(3),
                        MouseKind::Click | MouseKind::Drag => {
                            editor.click(Layout::new(text, false, 0), mouse.at, mouse.kind == MouseKind::Drag);
                        }
                    }
                }
            }
        }
        Vec::new()
    }

    fn mouse_in_checklist(&mut self, mouse: Mouse, slot: &Slot, ctx: &Context<'_>) -> Vec<Request> {
        let len = self.session.checklist(self.phase()).len();
        let action = match mouse.kind {
            MouseKind::WheelUp => ListAction::Up,
            MouseKind::WheelDown => ListAction::Down,
            MouseKind::Drag => return Vec::new(),
            MouseKind::Click => {
                let Some(line) = self.check_line_at(slot.inner(), mouse.at.y) else { return Vec::new() };
                self.checklist.selected = line;
                return self.tick_line(line, ctx);
            }
        };
        self.checklist.act(action, len, usize::from(slot.inner().height));
        Vec::new()
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        if let ("sheet", Some(action)) = (table, SheetPane::KEYS.named(name)) {
            let reaction = self.sheet.act(action);
            return self.after(&reaction, ctx);
        }
        let action = match table {
            "interview" => KEYS.named(name),
            "bench" => DESIGN_KEYS.named(name),
            "deep-dive" => PROBE_KEYS.named(name),
            "checklist" => return self.tick_line(self.checklist.selected, ctx),
            _ => None,
        };
        action.map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    /// The session, for tests of what is kept.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Whether a run was asked for or is under way.
    pub fn trigger(&self) -> Option<Trigger> {
        self.bench.run.pending()
    }
}

impl State {
    fn decision(&self) -> Request {
        Request::Prompt(Box::new(Prompt {
        purpose: Purpose::Decision,
        title: "Because".to_owned(),
        advice: "What you chose, because of what, giving up what: \"Postgres because the writes are few and joined; gives up \
                 multi-region writes\"."
            .to_owned(),
        text: String::new(),
        log: self.record().decisions.iter().map(|decision| (decision.text.clone(), String::new())).collect(),
        stays: false,
        skips: false,
    }))
    }
}

fn finish() -> Request {
    Request::Confirm(Box::new(Confirm {
        purpose: Purpose::Finish,
        question:
            "Finish the interview? The clock stops for good and the debrief opens; a finished interview can't be \
                   gone on with."
                .to_owned(),
        yes: "finish",
    }))
}
