//! The last line: the keys that matter now, from the key tables.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Canvas, width};
use crate::tui::keymap::{KeySection, reachable};
use crate::tui::theme::Role;

/// Draws the hints of `sections`, nearest first, as many as fit; the last cells always tell how to leave and how to get help.
pub fn footer(canvas: &mut Canvas<'_>, area: Rect, sections: &[KeySection]) {
    let mut hints: Vec<(String, &str)> = reachable(sections)
        .into_iter()
        .flat_map(|(_, entries)| entries)
        .filter(|(_, entry)| !entry.hint.is_empty())
        .map(|(chord, entry)| (chord.to_string(), entry.hint))
        .collect();
    let last: Vec<(String, &str)> = ["quit", "help"]
        .into_iter()
        .filter_map(|word| hints.iter().position(|&(_, hint)| hint == word).map(|at| hints.remove(at)))
        .collect();
    let cells = |(key, hint): &(String, &str)| width(key) + 1 + width(hint) + 2;
    let mut room = usize::from(area.width).saturating_sub(1 + last.iter().map(cells).sum::<usize>());
    let mut line = Line::from(" ");
    for hint in hints.iter().take_while(|hint| {
        let fits = cells(hint) <= room;
        room = room.saturating_sub(cells(hint));
        fits
    }) {
        push(&mut line, hint, canvas);
    }
    for hint in &last {
        push(&mut line, hint, canvas);
    }
    canvas.line(area, 0, &line);
}

fn push(line: &mut Line<'_>, (key, hint): &(String, &str), canvas: &Canvas<'_>) {
    line.spans.push(Span::styled(key.clone(), canvas.theme.bold(Role::Accent)));
    line.spans.push(Span::styled(format!(" {hint}  "), canvas.style(Role::Muted)));
}
