//! How the lab is laid out and drawn.

use ratatui::layout::{Constraint, Rect};
use ratatui::text::{Line, Span};

use super::{KEYS, State, View};
use crate::tui::context::Context;
use crate::tui::effect::Pace;
use crate::tui::keymap::Keymap;
use crate::tui::panes::run::Stage;
use crate::tui::panes::why::{self, Look};
use crate::tui::panes::workbench::Part;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Canvas, Page, rows, width};

/// Below these there is room for one pane, and for no diagram beside a view.
const NARROW: u16 = 72;
const LOW: u16 = 27;

impl State {
    /// The parts that are shown, and where.
    pub(super) fn panes(&self, area: Rect) -> Vec<(Part, Rect)> {
        let [_, body] = rows(area, [Constraint::Length(1), Constraint::Min(0)]);
        if body.width < NARROW {
            return vec![(self.part, body)];
        }
        let west = (u32::from(body.width) * 46 / 100) as u16;
        let text = Rect { width: west, ..body };
        let east = Rect { x: body.x + west + 2, width: body.width - west - 2, ..body };
        if body.height < LOW {
            return vec![(Part::Text, text), (self.shown, east)];
        }
        let [above, below] = rows(east, [Constraint::Fill(2), Constraint::Fill(3)]);
        vec![(Part::Text, text), (Part::Diagram, above), (Part::Run, below)]
    }

    pub(super) fn area_of(&self, part: Part, area: Rect) -> Rect {
        let pane = self.panes(area).into_iter().find(|(shown, _)| *shown == part).map(|(_, pane)| pane);
        pane.map(below_title).unwrap_or_default()
    }

    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        self.draw_title(canvas, area);
        let panes = self.panes(area);
        for (part, pane) in &panes {
            self.draw_pane(canvas, (*part, *pane), panes.len(), ctx);
        }
        if let [(_, text), (_, _), ..] = panes.as_slice() {
            canvas.divide(Rect { x: text.right(), width: 1, ..*text });
        }
        if let Some(menu) = &self.menu {
            canvas.cursor = None;
            menu.draw(canvas, area, self.subject());
        }
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let mut title = Line::from(vec![
            Span::styled(" Design lab ", canvas.theme.bold(Role::Accent)),
            Span::styled(format!(" {}", self.title()), canvas.style(Role::Text)),
        ]);
        if self.unsaved() {
            title.push_span(Span::styled("  not saved", canvas.style(Role::Warning)));
        }
        let used = canvas.line(area, 0, &title);
        let rest = Rect { x: area.x + used, width: area.width.saturating_sub(used), ..area };
        let broken = match self.struck.len() {
            0 => String::new(),
            1 => format!("broken: {} ", self.struck[0]),
            count => format!("{count} things broken "),
        };
        if width(&broken) + 2 < usize::from(rest.width) {
            canvas.put_right(rest, 0, &broken, Role::Warning);
        }
    }

    fn draw_pane(&self, canvas: &mut Canvas<'_>, (part, pane): (Part, Rect), count: usize, ctx: &Context<'_>) {
        let focused = part == self.part && self.menu.is_none();
        let mut aside = self.aside(part);
        let (names, shown) = self.tabs(part, count, usize::from(pane.width).saturating_sub(width(&aside) + 4));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let taken: usize = names.iter().map(|name| width(name) + 2).sum();
        if names.len() > 1 && taken + width(&aside) + 6 > usize::from(pane.width) {
            aside.clear();
        }
        let inner = canvas.tabs(pane, &names, shown, &aside, focused);
        match part {
            Part::Diagram => self.bench.draw_diagram_and_run(canvas, inner, ctx),
            Part::Run if self.view != View::Run => self.draw_view(canvas, inner, ctx.keymap),
            part => self.bench.draw(part, canvas, inner, focused, ctx),
        }
    }

    /// What stands beside a part's title. The pace is said where it can be watched.
    fn aside(&self, part: Part) -> String {
        let told = self.bench.aside(part);
        let next = self.bench.run.pace;
        match (part, &self.bench.run.stage, next) {
            (Part::Run, Stage::Finished, Pace::Times(times)) if !told.is_empty() => format!("{told}, next at {times}x"),
            _ => told,
        }
    }

    /// The names on a pane's rule and which of them is shown. Where they don't fit, the others are told by their keys.
    fn tabs(&self, part: Part, count: usize, room: usize) -> (Vec<String>, usize) {
        if part == Part::Text && count > 1 {
            return (vec!["Design".to_owned()], 0);
        }
        if part == Part::Diagram && count == 3 {
            return (vec!["Diagram".to_owned()], 0);
        }
        let mut names: Vec<String> = Vec::new();
        if count == 1 {
            names.push("Design".to_owned());
        }
        if count < 3 {
            names.push("Diagram".to_owned());
        }
        let first = names.len();
        names.extend(View::ALL.map(|view| view.title().to_owned()));
        let shown = match part {
            Part::Text => 0,
            Part::Diagram => first - 1,
            Part::Run => first + self.view as usize,
        };
        let wide = |names: &[String]| names.iter().map(|name| width(name) + 2).sum::<usize>() + 2;
        if wide(&names) > room {
            for at in (first..names.len()).filter(|at| *at != shown) {
                names[at] = (at - first + 1).to_string();
            }
        }
        (names, shown)
    }

    /// Rows that the shown view takes in a pane of that width.
    pub(super) fn view_rows(&self, width: u16) -> usize {
        self.page(&Theme::mono(false), width, &Keymap::default()).rows()
    }

    fn draw_view(&self, canvas: &mut Canvas<'_>, area: Rect, keymap: &Keymap) {
        if area.is_empty() {
            return;
        }
        self.page(canvas.theme, area.width, keymap).show(canvas, area, self.scrolls[self.view as usize]);
    }

    fn page<'a>(&self, theme: &'a Theme, width: u16, keymap: &Keymap) -> Page<'a> {
        let mut page = Page::new(theme, width);
        let run = &self.bench.run;
        let Some(report) = run.report().filter(|report| !report.flows.is_empty()) else {
            page.wrapped("Nothing was run yet.", Role::Muted);
            return page;
        };
        let look = Look { design: run.design(), report, flow: run.flow(), component: self.looked_at(run.design()) };
        match self.view {
            View::Run => {}
            View::Charts => why::charts(&mut page, &look),
            View::Component => why::component(&mut page, &look, &self.theory),
            View::Requests => why::requests(&mut page, &look),
            View::Advice => why::advice(&mut page, &look, &self.advice, &KEYS.key_of(keymap, "better")),
            View::Compare => {
                let keys = [KEYS.key_of(keymap, "keep"), KEYS.key_of(keymap, "compare-file")];
                let keys = [keys[0].as_str(), keys[1].as_str()];
                why::compare(&mut page, &look, self.kept_run.as_ref(), &self.run_name(), keys);
            }
        }
        page
    }
}

pub(super) fn below_title(pane: Rect) -> Rect {
    Rect { y: pane.y + 1.min(pane.height), height: pane.height.saturating_sub(1), ..pane }
}
