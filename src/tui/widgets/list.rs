//! A list to choose from, narrowed by what is typed.

use crossterm::event::{KeyCode, KeyModifiers};
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Canvas, width};
use crate::tui::keymap::{Chord, Grip, KeyTable, bind};
use crate::tui::theme::Role;

/// Moves within a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListAction {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

/// Which row is chosen, and which is the first shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The chosen row.
    pub selected: usize,
    /// The first row shown.
    pub offset: usize,
}

impl List {
    /// The keys of every list.
    pub const KEYS: KeyTable<ListAction> = KeyTable {
        id: "list",
        title: "List",
        grip: Grip::Shares,
        bindings: &[
            bind(ListAction::Up, "up", &[Chord::code(KeyCode::Up), Chord::char('k')], "", "One row up"),
            bind(ListAction::Down, "down", &[Chord::code(KeyCode::Down), Chord::char('j')], "", "One row down"),
            bind(ListAction::PageUp, "page-up", &[Chord::code(KeyCode::PageUp), Chord::ctrl('u')], "", "A page up"),
            bind(
                ListAction::PageDown,
                "page-down",
                &[Chord::code(KeyCode::PageDown), Chord::ctrl('d')],
                "",
                "A page down",
            ),
            bind(
                ListAction::First,
                "first",
                &[Chord::code(KeyCode::Home), Chord::char('g'), Chord::with(KeyModifiers::CONTROL, KeyCode::Home)],
                "",
                "To the first row",
            ),
            bind(
                ListAction::Last,
                "last",
                &[Chord::code(KeyCode::End), Chord::char('G'), Chord::with(KeyModifiers::CONTROL, KeyCode::End)],
                "",
                "To the last row",
            ),
        ],
    };

    /// Moves among `len` rows of which `visible` are on the screen.
    pub fn act(&mut self, action: ListAction, len: usize, visible: usize) {
        let page = visible.max(2) - 1;
        self.selected = match action {
            ListAction::Up => self.selected.saturating_sub(1),
            ListAction::Down => self.selected.saturating_add(1),
            ListAction::PageUp => self.selected.saturating_sub(page),
            ListAction::PageDown => self.selected.saturating_add(page),
            ListAction::First => 0,
            ListAction::Last => usize::MAX,
        };
        self.keep(len, visible);
    }

    /// Keeps the chosen row among `len` and on the screen.
    pub fn keep(&mut self, len: usize, visible: usize) {
        self.selected = self.selected.min(len.saturating_sub(1));
        self.offset = self.first_shown(len, visible);
    }

    /// The first row to show so that the chosen one is seen.
    fn first_shown(&self, len: usize, visible: usize) -> usize {
        first_shown(self.selected, self.offset, len, visible)
    }
}

/// The first of `len` rows to show so that row `selected` is among the `visible` ones, as near as can be to `offset`.
pub fn first_shown(selected: usize, offset: usize, len: usize, visible: usize) -> usize {
    let visible = visible.max(1);
    let least = (selected + 1).saturating_sub(visible);
    offset.clamp(least, selected.max(least)).min(len.saturating_sub(visible))
}

/// Draws `rows` one below the other, the chosen one marked; the mark is bright where the list has the focus.
pub fn list(canvas: &mut Canvas<'_>, area: Rect, state: &List, rows: &[Line<'_>], focused: bool) {
    let visible = usize::from(area.height);
    let first = state.first_shown(rows.len(), visible);
    let text = Rect { x: area.x + 2.min(area.width), width: area.width.saturating_sub(2), ..area };
    let below = rows.len().saturating_sub(first + visible);
    let more = format!(" {below} more {}", canvas.theme.sign("↓", "v"));
    let marked = below > 0 && area.height > 1;
    for (row, (at, line)) in rows.iter().enumerate().skip(first).take(visible).enumerate() {
        if marked && row + 1 == visible {
            cut_line(canvas, text, row as u16, line, width(&more));
        } else {
            canvas.line(text, row as u16, line);
        }
        if at == state.selected {
            let whole = Rect { y: area.y + row as u16, height: 1, ..area };
            let mark = canvas.theme.sign("▸", ">");
            canvas.put(whole, 0, mark, if focused { Role::Accent } else { Role::Muted });
            if focused {
                canvas.tint(whole, Role::Selection);
            }
        }
    }
    if marked {
        let last = Rect { y: area.bottom() - 1, height: 1, ..area };
        canvas.put_right(last, 0, &more, Role::Muted);
    }
}

/// A line that leaves so many cells at the right free; an ellipsis says where something of it is missing.
fn cut_line(canvas: &mut Canvas<'_>, area: Rect, row: u16, line: &Line<'_>, free: usize) {
    let room = usize::from(area.width).saturating_sub(free);
    let short = Rect { width: room as u16, ..area };
    canvas.line(short, row, line);
    if line.width() > room && room > 0 {
        let last = Rect { x: short.right() - 1, width: 1, ..area };
        canvas.put(last, row, canvas.theme.sign("…", "."), Role::Muted);
    }
}

/// The row that a list draws at `y`, for the mouse.
pub fn list_row_at(area: Rect, state: &List, len: usize, y: u16) -> Option<usize> {
    let inside = (area.top()..area.bottom()).contains(&y);
    let row = state.first_shown(len, usize::from(area.height)) + usize::from(y.saturating_sub(area.y));
    (inside && row < len).then_some(row)
}

/// Indices of the `names` that match `query`, best first; all of them in order for an empty query.
///
/// Each word of the query must match; their scores add up, so that `url short` finds "short url service".
pub fn fuzzy<'a>(query: &str, names: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let matcher = SkimMatcherV2::default().ignore_case();
    let words: Vec<&str> = query.split_whitespace().collect();
    let score = |name: &str| words.iter().map(|word| matcher.fuzzy_match(name, word)).sum::<Option<i64>>();
    let (phrase, lower) = (query.trim().to_lowercase(), words.iter().map(|word| word.to_lowercase()));
    let lower: Vec<String> = lower.collect();
    // What was typed as it stands comes before its words as they stand, and those before scattered letters.
    let scattered = |name: &str| {
        let name = name.to_lowercase();
        (!name.contains(&phrase), !lower.iter().all(|word| name.contains(word)))
    };
    let mut found: Vec<((bool, bool), i64, usize)> =
        names.enumerate().filter_map(|(at, name)| score(name).map(|score| (scattered(name), -score, at))).collect();
    found.sort_unstable();
    found.into_iter().map(|(_, _, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_row_stays_in_the_list_and_on_the_screen() {
        let mut state = List::default();
        state.act(ListAction::Last, 10, 4);
        assert_eq!(state, List { selected: 9, offset: 6 });
        state.act(ListAction::PageUp, 10, 4);
        assert_eq!(state, List { selected: 6, offset: 6 });
        state.act(ListAction::Up, 10, 4);
        assert_eq!(state, List { selected: 5, offset: 5 });
        state.keep(3, 4);
        assert_eq!(state, List { selected: 2, offset: 0 });
        state.act(ListAction::Down, 0, 0);
        assert_eq!(state, List { selected: 0, offset: 0 });
    }

    #[test]
    fn words_of_a_query_match_in_any_order() {
        let names = ["short url service", "rate limiter", "web crawler"];
        assert_eq!(fuzzy("url short", names.into_iter()), [0]);
        assert_eq!(fuzzy("", names.into_iter()), [0, 1, 2]);
        assert_eq!(fuzzy("CRAWL", names.into_iter()), [2]);
        assert!(fuzzy("zzz", names.into_iter()).is_empty());
        let names = ["what is Kafka's quorum", "whale's gist", "what is a quorum"];
        assert_eq!(fuzzy("what is a", names.into_iter()), [2, 0, 1], "as typed, then by its words, then by letters");
    }
}
