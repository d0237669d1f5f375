//! What the lab's keys do.

use super::files::discard;
use super::{Action, State, View};
use crate::design::{Design, format};
use crate::tui::context::Context;
use crate::tui::effect::{Destination, Effect, Order, Pace, Request};
use crate::tui::panes::workbench::Part;

use super::faults::{FaultMenu, neighbour};

/// The paces between which faster and slower go.
const PACES: [Pace; 6] =
    [Pace::Times(1.0), Pace::Times(2.0), Pace::Times(5.0), Pace::Times(10.0), Pace::Times(50.0), Pace::Fastest];

impl State {
    pub(super) fn act(&mut self, action: Action, ctx: &Context<'_>) -> Vec<Request> {
        match action {
            Action::Run => {
                self.forget_recordings();
                self.bench.run.asked(ctx.now);
                self.show(View::Run);
            }
            Action::Pause => return self.pause(ctx),
            Action::Step => return self.step(ctx),
            Action::Faster => return self.pace(1),
            Action::Slower => return self.pace(-1),
            Action::Break => self.menu = Some(FaultMenu::new(self.subject(), self.looked_at(self.subject()))),
            Action::Undo => return self.undo(ctx),
            Action::Heal => return self.heal(ctx),
            Action::Better => return self.ask_why(ctx),
            Action::Keep => return self.keep_run(),
            Action::CompareFile => return vec![self.ask_for_a_file_to_compare(ctx)],
            Action::Next => self.next_component(1, ctx),
            Action::Previous => self.next_component(-1, ctx),
            Action::Show(view) => {
                self.show(view);
                self.part = Part::Run;
            }
            Action::Save => return vec![self.save(ctx)],
            Action::SaveAs => return vec![self.save_as(ctx)],
            Action::Open => return vec![self.open(ctx)],
            Action::Format => self.format(ctx),
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

    /// Shows a view where the diagram or another view was.
    pub(super) fn show(&mut self, view: View) {
        self.view = view;
        self.shown = Part::Run;
        if self.part == Part::Diagram {
            self.part = Part::Run;
        }
    }

    fn focus(&mut self, by: isize) {
        const ALL: [Part; 3] = [Part::Text, Part::Diagram, Part::Run];
        let at = ALL.iter().position(|part| *part == self.part).unwrap_or(0) as isize;
        self.part = ALL[(at + by).rem_euclid(3) as usize];
        if self.part != Part::Text {
            self.shown = self.part;
        }
    }

    fn format(&mut self, ctx: &Context<'_>) {
        let text = self.bench.text();
        let formatted = format(&text);
        if formatted != text {
            let all = crate::source::Span::new(0, text.len());
            self.bench.replace(all, &formatted, ctx);
        }
    }

    /// Pauses a run under way or lets it go on; where there is none, one begins that can be watched.
    fn pause(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        let live = self.bench.run.is_live();
        let pace = match self.bench.run.pace {
            Pace::Paused | Pace::Fastest if !live => Pace::Times(1.0),
            Pace::Paused => Pace::Fastest,
            other if !live => other,
            _ => Pace::Paused,
        };
        self.set_pace(pace, ctx)
    }

    fn set_pace(&mut self, pace: Pace, ctx: &Context<'_>) -> Vec<Request> {
        self.bench.run.pace = pace;
        if self.bench.run.is_live() {
            return vec![self.steer(Order::Pace(pace))];
        }
        self.bench.run.asked(ctx.now);
        Vec::new()
    }

    fn step(&mut self, ctx: &Context<'_>) -> Vec<Request> {
        if !self.bench.run.is_live() {
            return self.set_pace(Pace::Paused, ctx);
        }
        self.bench.run.pace = Pace::Paused;
        vec![self.steer(Order::Step(1.0))]
    }

    fn pace(&mut self, by: isize) -> Vec<Request> {
        let run = &mut self.bench.run;
        let at = PACES.iter().position(|pace| *pace == run.pace).map_or(-1, |at| at as isize);
        run.pace = PACES[(at + by).clamp(0, PACES.len() as isize - 1) as usize];
        let (pace, live) = (run.pace, run.is_live());
        let words = match pace {
            Pace::Fastest => "as fast as it goes".to_owned(),
            Pace::Times(times) => format!("{times} simulated seconds a second"),
            Pace::Paused => "paused".to_owned(),
        };
        let told = Request::Notify(crate::tui::effect::Notice::plain(words));
        if live { vec![self.steer(Order::Pace(pace)), told] } else { vec![told] }
    }

    pub(super) fn steer(&self, order: Order) -> Request {
        Request::Do(Effect::Steer(self.bench.run.id(), order))
    }

    fn next_component(&mut self, by: isize, ctx: &Context<'_>) {
        let design = self.subject();
        let next = neighbour(design, self.looked_at(design), by).map(|id| design.component(id).name.clone());
        self.look_at(next);
        self.reveal(ctx.area);
    }

    /// Looks at the component of that name.
    pub(super) fn look_at(&mut self, name: Option<String>) {
        if name.is_some() {
            self.component = name;
        }
        let drawn = self.bench.design.drawn();
        self.bench.design.view.selected = self.component.as_ref().and_then(|name| drawn.find(name));
    }

    /// The design that keys are about: the one that was run, or the one that is drawn before anything was.
    pub(super) fn subject(&self) -> &Design {
        if self.bench.run.report().is_some() { self.bench.run.design() } else { self.bench.design.drawn() }
    }
}
