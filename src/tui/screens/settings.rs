//! The settings: theme, level and length of an interview.

use crossterm::event::KeyCode;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::interview::Level;
use crate::store::Settings;
use crate::tui::context::Context;
use crate::tui::effect::{Destination, Request};
use crate::tui::event::{Event, Mouse, MouseKind, What};
use crate::tui::keymap::{Chord, Grip, KeySection, KeyTable, bind};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, List, list, list_row_at};

/// The theme when none was chosen.
pub const USUAL_THEME: &str = "dark";
/// Lengths that are offered, minutes.
const LENGTHS: [u32; 3] = [35, 45, 60];
/// Rows there are.
const ROWS: usize = 3;

/// What can be done with the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The next choice.
    Next,
    /// The choice before.
    Previous,
    /// Back to the first screen.
    Leave,
}

/// The keys of the screen.
pub const KEYS: KeyTable<Action> = KeyTable {
    id: "settings",
    title: "Settings",
    grip: Grip::Shares,
    bindings: &[
        bind(
            Action::Next,
            "next",
            &[Chord::code(KeyCode::Right), Chord::char('l'), Chord::code(KeyCode::Enter), Chord::char(' ')],
            "change",
            "The next choice",
        ),
        bind(Action::Previous, "previous", &[Chord::code(KeyCode::Left), Chord::char('h')], "", "The choice before"),
        bind(Action::Leave, "leave", &[Chord::code(KeyCode::Esc)], "back", "Back to the first screen"),
    ],
};

/// The settings on the screen.
#[derive(Clone, Debug, Default)]
pub struct State {
    list: List,
}

impl State {
    /// Takes in an event.
    pub fn update(&mut self, event: &Event, ctx: &Context<'_>) -> Vec<Request> {
        match &event.what {
            What::Key(chord) => {
                if let Some(action) = KEYS.find(ctx.keymap, *chord) {
                    return self.act(action, ctx);
                }
                if let Some(action) = List::KEYS.find(ctx.keymap, *chord) {
                    self.list.act(action, ROWS, ROWS);
                }
                Vec::new()
            }
            What::Mouse(mouse) => self.mouse(*mouse, ctx),
            _ => Vec::new(),
        }
    }

    fn act(&self, action: Action, ctx: &Context<'_>) -> Vec<Request> {
        match action {
            Action::Next => vec![self.change(1, ctx)],
            Action::Previous => vec![self.change(-1, ctx)],
            Action::Leave => vec![Request::Go(Destination::Home)],
        }
    }

    fn change(&self, by: isize, ctx: &Context<'_>) -> Request {
        let mut settings: Settings = ctx.settings.clone();
        match self.list.selected {
            0 => {
                let themes: Vec<String> = ctx.bank.themes().into_keys().collect();
                let current = settings.theme.clone().unwrap_or_else(|| USUAL_THEME.to_owned());
                settings.theme = turned(&themes, &current, by);
            }
            1 => settings.level = turned(&Level::ALL, &settings.level.unwrap_or_default(), by),
            _ => settings.minutes = turned(&LENGTHS, &settings.minutes.unwrap_or(45), by),
        }
        Request::Settings(Box::new(settings))
    }

    fn mouse(&mut self, mouse: Mouse, ctx: &Context<'_>) -> Vec<Request> {
        let rows = rows(ctx.area);
        match list_row_at(rows, &self.list, ROWS, mouse.at.y) {
            Some(row) if mouse.kind == MouseKind::Click => {
                let again = self.list.selected == row;
                self.list.selected = row;
                if again { vec![self.change(1, ctx)] } else { Vec::new() }
            }
            _ => Vec::new(),
        }
    }

    /// The tables that are reachable, the nearest first.
    pub fn sections(&self, ctx: &Context<'_>) -> Vec<KeySection> {
        vec![KEYS.section(ctx.keymap), List::KEYS.section(ctx.keymap)]
    }

    /// Does the action of that name.
    pub fn perform(&mut self, table: &str, name: &str, ctx: &Context<'_>) -> Vec<Request> {
        let action = if table == KEYS.id { KEYS.named(name) } else { None };
        action.map_or_else(Vec::new, |action| self.act(action, ctx))
    }

    /// Draws the screen.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, ctx: &Context<'_>) {
        canvas.put_styled(area, 0, " Settings", canvas.theme.bold(Role::Accent));
        let theme = ctx.settings.theme.as_deref().unwrap_or(USUAL_THEME);
        let level = ctx.settings.level.unwrap_or_default().name();
        let minutes = ctx.settings.minutes.unwrap_or(45).to_string();
        // A terminal without colours shows the theme without them, whatever was chosen.
        let shown = if canvas.theme.id == theme { "" } else { "  (this terminal has no colours)" };
        let row = |name: &'static str, value: &str, aside: &str| {
            Line::from(vec![
                Span::styled(format!("{name:<26}"), canvas.style(Role::Muted)),
                Span::styled(
                    format!("{} {value} {}", canvas.theme.sign("◂", "<"), canvas.theme.sign("▸", ">")),
                    canvas.theme.bold(Role::Text),
                ),
                Span::styled(aside.to_owned(), canvas.style(Role::Muted)),
            ])
        };
        let lines = [
            row("Theme", theme, shown),
            row("Level of an interview", level, ""),
            row("Length of an interview", &format!("{minutes} min"), ""),
        ];
        let place = rows(area);
        list(canvas, place, &self.list, &lines, true);
        let below = Rect {
            x: area.x + 3.min(area.width),
            y: place.bottom() + 1,
            width: area.width.saturating_sub(4),
            height: 3,
        };
        let below = below.intersection(area);
        let file = ctx.paths.settings();
        canvas.put(below, 0, &format!("Kept in {}", file.display()), Role::Muted);
        canvas.put(below, 1, "Keys can be changed there too: [keys] \"interview.run\" = [\"ctrl-r\"]", Role::Muted);
    }
}

fn rows(area: Rect) -> Rect {
    let top = 2.min(area.height);
    Rect {
        x: area.x + 1.min(area.width),
        y: area.y + top,
        width: area.width.saturating_sub(2),
        height: (area.height - top).min(ROWS as u16),
    }
}

/// The option `by` places after `current`, round the end.
fn turned<T: Clone + PartialEq>(options: &[T], current: &T, by: isize) -> Option<T> {
    let at = options.iter().position(|option| option == current).unwrap_or(0) as isize;
    let count = options.len().max(1) as isize;
    options.get((at + by).rem_euclid(count) as usize).cloned()
}
