//! Cards that were reviewed and are no more, each with what it probably became; adopted, the new card goes on where the old one was.

use crossterm::event::KeyCode;
use ratatui::layout::{Constraint, Rect};
use ratatui::text::{Line, Span};

use super::world::World;
use super::{Door, Step, counted, percent};
use crate::cards::{Orphan, adopt, orphans};
use crate::markup;
use crate::tui::context::Context;
use crate::tui::effect::{Notice, Request};
use crate::tui::event::{Event, MouseKind, What};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, List, fit, list, list_row_at, rows, wrap};

/// What can be done with the orphans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Lets the chosen one go on as what it probably became.
    Adopt,
    /// Lets all of them.
    AdoptAll,
    /// Back to the decks.
    Leave,
}

/// The keys of the room.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "orphans",
    title: "Cards that are gone",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Adopt,
            "adopt",
            &[Chord::code(KeyCode::Enter)],
            "adopt",
            "Let the card that it probably became go on where it was",
        ),
        bind(Action::AdoptAll, "adopt-all", &[Chord::char('a')], "adopt all", "The same for all of them"),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "decks", "Back to the decks"),
    ],
};

/// The room.
#[derive(Clone, Debug)]
pub(super) struct Orphans {
    found: Vec<Orphan>,
    list: List,
}

impl Orphans {
    pub fn new(world: &World) -> Self {
        let mut room = Self { found: Vec::new(), list: List::default() };
        room.refresh(world);
        room
    }

    /// Looks for them anew.
    pub fn refresh(&mut self, world: &World) {
        self.found = orphans(&world.collection.cards, &world.log, &world.histories);
        self.list.keep(self.found.len(), 1);
    }

    pub fn update(&mut self, event: &Event, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let area = places(ctx.area).list;
        match &event.what {
            What::Key(chord) => match KEYS.find(ctx.keymap, *chord) {
                Some(action) => return self.act(action, world, ctx),
                None => {
                    if let Some(action) = List::KEYS.find(ctx.keymap, *chord) {
                        self.list.act(action, self.found.len(), usize::from(area.height));
                    }
                }
            },
            What::Mouse(mouse) if mouse.kind == MouseKind::Click => {
                if let Some(row) = list_row_at(area, &self.list, self.found.len(), mouse.at.y) {
                    self.list.selected = row;
                }
            }
            _ => {}
        }
        Vec::new()
    }

    fn act(&mut self, action: Action, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let chosen = match action {
            Action::Leave => return vec![Step::Go(Door::Decks)],
            Action::Adopt => self.found.get(self.list.selected).map(std::slice::from_ref).unwrap_or_default(),
            Action::AdoptAll => self.found.as_slice(),
        };
        let entries = adopt(chosen, world.next_id(), ctx.now);
        if self.found.is_empty() {
            return Vec::new();
        }
        if entries.is_empty() {
            let words = "nothing is like it: an 'id:' line with the old id over a card of yours brings it back";
            return vec![Step::Ask(Request::Notify(Notice::plain(words)))];
        }
        vec![Step::Keep(entries)]
    }

    pub fn sections(ctx: &Context<'_>) -> Vec<KeySection> {
        vec![KEYS.section(ctx.keymap), List::KEYS.section(ctx.keymap)]
    }

    pub fn perform(&mut self, table: &str, name: &str, world: &World, ctx: &Context<'_>) -> Vec<Step> {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(Vec::new, |action| self.act(action, world, ctx))
    }

    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let places = places(area);
        let count = counted(self.found.len(), "card", "cards");
        canvas.pane(places.pane, "Reviewed, and gone", &count, true);
        if self.found.is_empty() {
            canvas.put(places.list, 0, " Every card that was reviewed is there.", Role::Muted);
        }
        let cells = usize::from(places.list.width).saturating_sub(2);
        let lines: Vec<Line<'_>> = self.found.iter().map(|orphan| row(canvas, orphan, cells)).collect();
        list(canvas, places.list, &self.list, &lines, true);
        let Some(orphan) = self.found.get(self.list.selected) else { return };
        let facts = facts(orphan);
        let lines = facts.iter().flat_map(|(words, role)| {
            wrap(words, usize::from(places.below.width)).into_iter().map(move |line| (line, *role))
        });
        for (row, (line, role)) in lines.enumerate() {
            canvas.put(places.below, row as u16, &line, role);
        }
    }
}

fn row<'a>(canvas: &Canvas<'_>, orphan: &Orphan, cells: usize) -> Line<'a> {
    let words = orphan.question.as_deref().map_or_else(|| orphan.card.to_string(), markup::plain);
    let (sign, role) = match orphan.successor {
        Some(_) => (canvas.theme.sign("→", ">"), Role::Good),
        None => (canvas.theme.sign("·", "."), Role::Muted),
    };
    let words = fit(&words, cells.saturating_sub(2), canvas.theme.ellipsis()).into_owned();
    Line::from(vec![
        Span::styled(format!("{sign} "), canvas.style(role)),
        Span::styled(words, canvas.style(Role::Text)),
    ])
}

fn facts(orphan: &Orphan) -> [(String, Role); 2] {
    let reviews = counted(orphan.reviews as usize, "answer", "answers");
    let known = format!("{}, {reviews}", orphan.card);
    match &orphan.successor {
        Some((card, alike)) => {
            [(known, Role::Muted), (format!("Probably became {card}: {} alike.", percent(Some(*alike))), Role::Text)]
        }
        None => [(known, Role::Muted), ("No card that was never answered is like it.".to_owned(), Role::Muted)],
    }
}

/// Where everything is.
struct Places {
    pane: Rect,
    list: Rect,
    below: Rect,
}

fn places(area: Rect) -> Places {
    let [pane, below] = rows(area, [Constraint::Min(2), Constraint::Length(3)]);
    let list = Rect { y: pane.y + 1.min(pane.height), height: pane.height.saturating_sub(1), ..pane };
    let below = Rect { x: below.x + 1.min(below.width), width: below.width.saturating_sub(2), ..below };
    Places { pane, list, below }
}
