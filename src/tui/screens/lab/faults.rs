//! A list of what can be broken: faults of a component, of the arrows to it, of the load.
//!
//! A fault is a line of the design language, so that what is chosen here can be written into a design as it stands.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::design::{Action as Deed, Component, ComponentId, Design, Kind, Visit, parse_event};
use crate::tui::keymap::{Chord, Grip, KeyTable, Keymap, bind};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, List, list};

/// Callers of a component whose arrows are offered.
const MOST_CALLERS: usize = 2;
/// Cells of the list at most.
const WIDEST: u16 = 64;

/// What can be done in the list beside moving.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultAction {
    /// Breaks it.
    Strike,
    /// Another fault, typed.
    Type,
    /// The faults of the next component.
    Next,
    /// The faults of the component before.
    Previous,
    /// Breaks nothing.
    Close,
}

/// The keys of the list.
pub const KEYS: KeyTable<FaultAction> = KeyTable {
    id: "faults",
    title: "Break something",
    grip: Grip::Covers,
    bindings: &[
        bind(FaultAction::Strike, "strike", &[Chord::code(KeyCode::Enter)], "break it", "Break it now"),
        bind(
            FaultAction::Next,
            "next-component",
            &[Chord::code(KeyCode::Right), Chord::char(']'), Chord::char('l')],
            "next component",
            "The faults of the next component",
        ),
        bind(
            FaultAction::Previous,
            "previous-component",
            &[Chord::code(KeyCode::Left), Chord::char('['), Chord::char('h')],
            "",
            "The faults of the component before",
        ),
        bind(FaultAction::Type, "type", &[Chord::char('e')], "type one", "Type a fault"),
        bind(FaultAction::Close, "close", &[Chord::code(KeyCode::Esc), Chord::char('x')], "close", "Break nothing"),
    ],
};

/// What a key in the list came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    /// The list goes on.
    Nothing,
    /// This is to break.
    Fault(String),
    /// A fault is to be typed.
    Typed,
    /// The list is closed.
    Closed,
}

/// The list, open.
#[derive(Clone, Debug)]
pub(super) struct FaultMenu {
    component: Option<ComponentId>,
    faults: Vec<String>,
    list: List,
}

impl FaultMenu {
    pub fn new(design: &Design, component: Option<ComponentId>) -> Self {
        Self { component, faults: faults(design, component), list: List::default() }
    }

    pub fn key(&mut self, chord: Chord, keymap: &Keymap, design: &Design, visible: usize) -> Chosen {
        if let Some(action) = KEYS.find(keymap, chord) {
            return self.act(action, design);
        }
        if let Some(action) = List::KEYS.find(keymap, chord) {
            self.list.act(action, self.faults.len(), visible);
        }
        Chosen::Nothing
    }

    pub fn act(&mut self, action: FaultAction, design: &Design) -> Chosen {
        match action {
            FaultAction::Strike => {
                self.faults.get(self.list.selected).map_or(Chosen::Closed, |it| Chosen::Fault(it.clone()))
            }
            FaultAction::Type => Chosen::Typed,
            FaultAction::Next => self.turn(design, 1),
            FaultAction::Previous => self.turn(design, -1),
            FaultAction::Close => Chosen::Closed,
        }
    }

    /// The component whose faults are listed.
    pub fn component(&self) -> Option<ComponentId> {
        self.component
    }

    fn turn(&mut self, design: &Design, by: isize) -> Chosen {
        *self = Self::new(design, neighbour(design, self.component, by));
        Chosen::Nothing
    }

    /// Rows of the list in a screen of that size.
    pub fn place(&self, area: Rect) -> Rect {
        let width = area.width.saturating_sub(2).min(WIDEST);
        let height = (self.faults.len() as u16 + 2).min(area.height);
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height }
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, design: &Design) {
        let name = self.component.and_then(|id| design.components.get(id.0 as usize)).map(|it| it.name.as_str());
        let title = name.map_or_else(|| "Break something".to_owned(), |name| format!("Break {name}, or the load"));
        let inner = canvas.frame(self.place(area), &title);
        let style = canvas.style(Role::Text);
        let rows: Vec<Line<'_>> =
            self.faults.iter().map(|fault| Line::from(Span::styled(fault.as_str(), style))).collect();
        list(canvas, inner, &self.list, &rows, true);
    }
}

/// The component after or before one, clients left out.
pub(super) fn neighbour(design: &Design, from: Option<ComponentId>, by: isize) -> Option<ComponentId> {
    let carrying: Vec<ComponentId> =
        design.component_ids().filter(|&id| design.component(id).kind != Kind::Client).collect();
    let count = carrying.len() as isize;
    let at = from.and_then(|from| carrying.iter().position(|&id| id == from)).map(|at| at as isize);
    let next = at.map_or(if by > 0 { 0 } else { count - 1 }, |at| (at + by).rem_euclid(count.max(1)));
    carrying.get(next.max(0) as usize).copied()
}

/// Everything that is offered, each a line that the design language understands.
fn faults(design: &Design, component: Option<ComponentId>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(id) = component.filter(|id| (id.0 as usize) < design.components.len()) {
        of_component(design.component(id), &mut lines);
        for caller in callers(design, id).into_iter().take(MOST_CALLERS) {
            let (from, to) = (&design.component(caller).name, &design.component(id).name);
            lines.push(format!("delay {from} -> {to} by 100ms for 10s"));
            lines.push(format!("lose 5% on {from} -> {to} for 10s"));
            lines.push(format!("partition {from} from {to} for 10s"));
        }
    }
    for flow in &design.flows {
        lines.push(format!("spike {} 3x for 10s", flow.name));
        lines.push(format!("hot key 30% on {} for 10s", flow.name));
    }
    lines.push("kill zone 1 for 10s".to_owned());
    lines.retain(|line| parse_event(&format!("at 0s: {line}"), design).is_ok());
    lines
}

fn of_component(component: &Component, lines: &mut Vec<String>) {
    let name = &component.name;
    let several = component.instances > 1 || component.parameters.number("replicas").is_some_and(|count| count > 0.0);
    if several {
        lines.push(format!("kill {name}/0 for 10s"));
    }
    lines.push(format!("kill {name} for 10s"));
    lines.push(format!("slow {name} by 5x for 10s"));
    lines.push(format!("pause {name} for 3s"));
    lines.push(format!("errors 20% on {name} for 10s"));
    match component.kind {
        Kind::Cache | Kind::Cdn => lines.push(format!("flush {name}")),
        Kind::Sql | Kind::Kv => lines.push(format!("lag {name} by 5s for 10s")),
        Kind::Queue | Kind::Stream | Kind::Blob => lines.push(format!("fill {name} for 10s")),
        Kind::Coordinator => lines.push(format!("skew {name} by 500ms for 10s")),
        Kind::Service | Kind::Worker | Kind::Push | Kind::Gateway => lines.push(format!("deploy {name}")),
        _ => {}
    }
}

/// Who calls a component, in the order of the paths.
fn callers(design: &Design, component: ComponentId) -> Vec<ComponentId> {
    fn walk(visit: &Visit, component: ComponentId, found: &mut Vec<ComponentId>) {
        actions(&visit.then, visit.component, component, found);
    }
    fn actions(deeds: &[Deed], from: ComponentId, component: ComponentId, found: &mut Vec<ComponentId>) {
        for deed in deeds {
            match deed {
                Deed::Call(next) | Deed::HandOver(next) => {
                    if next.component == component && !found.contains(&from) {
                        found.push(from);
                    }
                    walk(next, component, found);
                }
                Deed::AtOnce { branches, .. } => {
                    for branch in branches {
                        actions(branch, from, component, found);
                    }
                }
                Deed::OneOf(branches) => {
                    for (_, branch) in branches {
                        actions(branch, from, component, found);
                    }
                }
                Deed::Repeat { actions: deeds, .. } => actions(deeds, from, component, found),
            }
        }
    }
    let mut found = Vec::new();
    for flow in &design.flows {
        walk(&flow.root, component, &mut found);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Catalogue, compile};

    fn design(text: &str) -> Design {
        compile(text, &Catalogue::default()).design
    }

    #[track_caller]
    fn offers(text: &str, name: &str, expected: &[&str]) {
        let design = design(text);
        let offered = faults(&design, design.find(name));
        for line in expected {
            assert!(offered.iter().any(|known| known == line), "'{line}' not in {offered:#?}");
        }
    }

    #[test]
    fn what_is_offered_is_what_the_language_understands_and_fits_the_kind() {
        let text = "GET /x @ 10/s: users -> api -> c -> db\napi: service x3\nc: cache\ndb: sql";
        let api =
            ["kill api/0 for 10s", "deploy api", "delay users -> api by 100ms for 10s", "spike GET /x 3x for 10s"];
        offers(text, "api", &api);
        offers(text, "c", &["flush c", "partition api from c for 10s"]);
        offers(text, "db", &["lag db by 5s for 10s", "hot key 30% on GET /x for 10s", "kill zone 1 for 10s"]);
        assert!(!faults(&design(text), design(text).find("c")).contains(&"kill c/0 for 10s".to_owned()));
    }

    #[test]
    fn components_follow_each_other_round_and_clients_are_left_out() {
        let design = design("GET /x @ 10/s: users -> api -> db\napi: service\ndb: sql");
        let name = |id: Option<ComponentId>| id.map(|id| design.component(id).name.clone());
        let first = neighbour(&design, None, 1);
        assert_eq!(name(first).as_deref(), Some("api"));
        assert_eq!(name(neighbour(&design, first, 1)).as_deref(), Some("db"));
        assert_eq!(name(neighbour(&design, first, -1)).as_deref(), Some("db"));
        assert_eq!(neighbour(&Design::default(), None, 1), None);
    }
}
