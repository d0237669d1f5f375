//! What screens ask for: effects pass on to the runner, the rest is the app's own to do.

use std::path::PathBuf;

use super::{App, Start};
use crate::interview::Record;
use crate::store::Settings;
use crate::tui::effect::{Destination, Effect, Notice, Purpose, Request};
use crate::tui::overlays::Overlay;
use crate::tui::screens::{Screen, cards, debrief, estimate, home, interview, lab, library, settings};
use crate::tui::theme::{Depth, Theme};

impl App {
    /// What is to be done first.
    pub(super) fn begin(&mut self, start: Start) -> Vec<Effect> {
        let mut requests = vec![Request::Do(Effect::ListSessions)];
        match start {
            Start::Home => {}
            Start::Interview { problem, setup } => {
                requests.push(Request::Go(Destination::Interview { problem, setup }));
            }
            Start::Resume(Some(id)) => requests.push(Request::Go(Destination::Resume(id))),
            Start::Resume(None) => self.resume_last = true,
            Start::Lab(path) => requests.push(Request::Go(Destination::Lab(path))),
            Start::Cards(session) => requests.push(Request::Go(Destination::Cards(session))),
            Start::Estimate => requests.push(Request::Go(Destination::Estimate)),
        }
        self.serve(requests)
    }

    /// Serves requests in order, those that they lead to included.
    pub(super) fn serve(&mut self, requests: Vec<Request>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut waiting = std::collections::VecDeque::from(requests);
        while let Some(request) = waiting.pop_front() {
            match request {
                Request::Do(Effect::Quit) => {
                    effects.extend(self.quit());
                    return effects;
                }
                Request::Do(effect) => effects.push(effect),
                Request::Go(destination) => {
                    for next in self.go(destination).into_iter().rev() {
                        waiting.push_front(next);
                    }
                }
                Request::Prompt(prompt) => self.overlay = Some(Overlay::prompt(*prompt)),
                Request::Confirm(confirm) => self.overlay = Some(Overlay::confirm(*confirm)),
                Request::Notify(notice) => self.notice = Some((notice, self.now)),
                Request::Settings(settings) => effects.extend(self.use_settings(*settings)),
                Request::Remember(path) => self.remember(path),
            }
        }
        effects
    }

    fn remember(&mut self, path: PathBuf) {
        if !self.saved.contains(&path) {
            self.saved.push(path);
        }
    }

    fn go(&mut self, destination: Destination) -> Vec<Request> {
        let (_, ctx) = self.parts();
        let shown = match destination {
            Destination::Home => {
                let state = home::State::new(&ctx);
                Ok((Screen::Home(state), vec![Request::Do(Effect::ListSessions)]))
            }
            Destination::Cards(session) => {
                let state = cards::State::new(session);
                Ok((Screen::Cards(Box::new(state)), vec![Request::Do(Effect::LoadCards)]))
            }
            Destination::Library(id) => {
                let state = library::State::new(id.as_deref(), &ctx);
                Ok((Screen::Library(Box::new(state)), Vec::new()))
            }
            Destination::Settings => Ok((Screen::Settings(settings::State::default()), Vec::new())),
            Destination::Interview { problem, setup } => interview::State::start(&problem, setup, &ctx)
                .map(|(state, requests)| (Screen::Interview(Box::new(state)), requests)),
            Destination::Debrief(record) => {
                debrief::State::new(*record, &ctx).map(|state| (Screen::Debrief(Box::new(state)), Vec::new()))
            }
            Destination::Lab(path) => {
                let (state, requests) = lab::State::new(path, &ctx);
                Ok((Screen::Lab(Box::new(state)), requests))
            }
            Destination::Estimate => {
                let (state, requests) = estimate::State::new(&ctx);
                Ok((Screen::Estimate(Box::new(state)), requests))
            }
            Destination::Resume(id) => return vec![Request::Do(Effect::OpenSession(id))],
            Destination::Review(id) => return vec![Request::Do(Effect::LoadSession(id))],
        };
        match shown {
            Ok((screen, mut requests)) => {
                self.screen = screen;
                // Whatever is being simulated was for the screen that is gone.
                requests.insert(0, Request::Do(Effect::StopSimulation));
                requests.insert(0, Request::Do(Effect::StopStudies));
                requests
            }
            Err(why) => vec![Request::Notify(Notice::bad(why))],
        }
    }

    /// A session was read to be gone on with.
    pub(super) fn opened(&mut self, result: &Result<(Box<Record>, PathBuf, Vec<String>), String>) -> Vec<Request> {
        let (record, folder, warnings) = match result {
            Ok(opened) => opened,
            Err(why) => return vec![Request::Notify(Notice::bad(why.clone()))],
        };
        if record.finished.is_some() {
            return vec![Request::Do(Effect::CloseSession), Request::Go(Destination::Debrief(record.clone()))];
        }
        let (_, ctx) = self.parts();
        match interview::State::resume((**record).clone(), folder.clone(), &ctx) {
            Ok(state) => {
                self.screen = Screen::Interview(Box::new(state));
                let words =
                    warnings.first().cloned().unwrap_or_else(|| "here you were; the clock runs again".to_owned());
                vec![Request::Notify(Notice::plain(words))]
            }
            Err(why) => vec![Request::Do(Effect::CloseSession), Request::Notify(Notice::bad(why))],
        }
    }

    /// A session was read to be looked at.
    pub(super) fn loaded(result: &Result<Box<Record>, String>) -> Vec<Request> {
        match result {
            Ok(record) => vec![Request::Go(Destination::Debrief(record.clone()))],
            Err(why) => vec![Request::Notify(Notice::bad(why.clone()))],
        }
    }

    /// The sessions are listed: opens the last unfinished one if that was asked for.
    pub(super) fn resume_if_asked(&mut self) -> Vec<Request> {
        if !std::mem::take(&mut self.resume_last) {
            return Vec::new();
        }
        let last = self.listing.as_ref().and_then(|listing| listing.unfinished().next());
        match last {
            Some(session) => vec![Request::Go(Destination::Resume(session.id.clone()))],
            None => vec![Request::Notify(Notice::plain("no interview is unfinished"))],
        }
    }

    /// A yes to a question that was asked.
    pub(super) fn confirmed(&mut self, purpose: &Purpose) -> Vec<Request> {
        match purpose {
            Purpose::Discard(request) => vec![(**request).clone()],
            purpose => {
                let (screen, ctx) = self.parts();
                screen.answered(purpose, "", &ctx)
            }
        }
    }

    fn use_settings(&mut self, settings: Settings) -> Vec<Effect> {
        let theme = settings.theme != self.settings.theme;
        self.settings = settings;
        if theme {
            self.load_theme();
        }
        vec![Effect::SaveSettings(Box::new(self.settings.clone()))]
    }

    /// Takes up the theme of the settings; without colours it is the one that needs none.
    pub(super) fn load_theme(&mut self) {
        let chosen = self.settings.theme.as_deref().unwrap_or(settings::USUAL_THEME);
        let id = if self.display.depth == Depth::Mono { "mono" } else { chosen };
        let theme = match self.bank.themes().get(id) {
            Some(file) => {
                Theme::parse(id, &file.text, self.display.depth, self.display.ascii).map_err(|e| e.to_string())
            }
            None => Err(format!("no theme is called '{id}'")),
        };
        match theme {
            Ok(theme) => self.theme = theme,
            Err(why) => self.notice = Some((Notice::bad(why), self.now)),
        }
    }

    /// Leaves: whatever can be saved is.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        let (screen, ctx) = self.parts();
        let mut requests = match screen {
            Screen::Interview(interview) => interview.closing(),
            Screen::Estimate(estimate) => estimate.closing(),
            _ => Vec::new(),
        };
        if let Screen::Lab(lab) = screen
            && let Some((path, text)) = lab.rescue(&ctx)
        {
            requests.push(Request::Do(Effect::Write { path: path.clone(), text, force: false }));
            requests.push(Request::Remember(path));
        }
        let mut effects = self.serve(requests);
        effects.push(Effect::Quit);
        effects
    }
}
