//! The screens: a closed set. Each owns its state, actions, keys, update and view; none names another, they ask to go.

pub mod cards;
pub mod debrief;
pub mod estimate;
pub mod home;
pub mod interview;
pub mod lab;
pub mod library;
pub mod settings;

use ratatui::layout::Rect;

use super::context::Context;
use super::effect::{Purpose, Request};
use super::event::Event;
use super::keymap::KeySection;
use super::theme::Role;
use super::widgets::Canvas;

/// A screen.
#[derive(Clone, Debug)]
pub enum Screen {
    /// The first screen.
    Home(home::State),
    /// A mock interview.
    Interview(Box<interview::State>),
    /// The debrief of one.
    Debrief(Box<debrief::State>),
    /// The design lab.
    Lab(Box<lab::State>),
    /// The flashcards.
    Cards(Box<cards::State>),
    /// The library.
    Library(Box<library::State>),
    /// The estimator.
    Estimate(Box<estimate::State>),
    /// The settings.
    Settings(settings::State),
}

impl Screen {
    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        match self {
            Self::Home(state) => state.update(event, ctx),
            Self::Interview(state) => state.update(event, ctx),
            Self::Debrief(state) => state.update(event, ctx),
            Self::Lab(state) => state.update(event, ctx),
            Self::Cards(state) => state.update(event, ctx),
            Self::Library(state) => state.update(event, ctx),
            Self::Estimate(state) => state.update(event, ctx),
            Self::Settings(state) => state.update(event, ctx),
        }
    }

    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        match self {
            Self::Home(state) => state.draw(canvas, area, ctx),
            Self::Interview(state) => state.draw(canvas, area, ctx),
            Self::Debrief(state) => state.draw(canvas, area, ctx),
            Self::Lab(state) => state.draw(canvas, area, ctx),
            Self::Cards(state) => state.draw(canvas, area, ctx),
            Self::Library(state) => state.draw(canvas, area, ctx),
            Self::Estimate(state) => state.draw(canvas, area, ctx),
            Self::Settings(state) => state.draw(canvas, area, ctx),
        }
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        match self {
            Self::Home(state) => state.sections(ctx),
            Self::Interview(state) => state.sections(ctx),
            Self::Debrief(state) => state.sections(ctx),
            Self::Lab(state) => state.sections(ctx),
            Self::Cards(state) => state.sections(ctx),
            Self::Library(state) => state.sections(ctx),
            Self::Estimate(state) => state.sections(ctx),
            Self::Settings(state) => state.sections(ctx),
        }
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        match self {
            Self::Home(state) => state.perform(table, name, ctx),
            Self::Interview(state) => state.perform(table, name, ctx),
            Self::Debrief(state) => state.perform(table, name, ctx),
            Self::Lab(state) => state.perform(table, name, ctx),
            Self::Cards(state) => state.perform(table, name, ctx),
            Self::Library(state) => state.perform(table, name, ctx),
            Self::Estimate(state) => state.perform(table, name, ctx),
            Self::Settings(state) => state.perform(table, name, ctx),
        }
    }

    /// Takes the answer to a prompt or a confirmation that it asked for.
    pub fn answered(&mut self, purpose: &Purpose, text: &str, ctx: &Context<'_>) -> Vec<Request> {
        match self {
            Self::Interview(state) => state.answered(purpose, text, ctx),
            Self::Debrief(state) => state.answered(purpose, text, ctx),
            Self::Lab(state) => state.answered(purpose, text, ctx),
            Self::Cards(state) => state.answered(purpose, text, ctx),
            Self::Home(_) | Self::Library(_) | Self::Settings(_) => Vec::new(),
            Self::Estimate(state) => state.answered(purpose, text, ctx),
        }
    }

    /// Whether unmodified characters are text now.
    pub fn takes_text(&self) -> bool {
        match self {
            Self::Home(state) => state.takes_text(),
            Self::Interview(state) => state.takes_text(),
            Self::Lab(state) => state.takes_text(),
            Self::Cards(state) => state.takes_text(),
            Self::Library(state) => state.takes_text(),
            Self::Estimate(state) => state.takes_text(),
            Self::Debrief(_) | Self::Settings(_) => false,
        }
    }

    /// Takes the selected text for the clipboard and drops the selection.
    pub fn copy(&mut self) -> Option<String> {
        match self {
            Self::Interview(state) => state.copy(),
            Self::Lab(state) => state.copy(),
            Self::Cards(state) => state.copy(),
            Self::Home(_) | Self::Debrief(_) | Self::Library(_) | Self::Settings(_) => None,
            Self::Estimate(state) => state.copy(),
        }
    }

    /// What stands at the right of the status line.
    pub fn status(&self) -> Option<(String, Role)> {
        match self {
            Self::Interview(state) => Some(state.status()),
            Self::Estimate(state) => state.status(),
            _ => None,
        }
    }
}
