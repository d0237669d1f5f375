//! The checklist: wrapped where there is room, a line each where there isn't, the chosen one always told in full.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::State;
use crate::interview::ChecklistLine;
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, fit, list_first, wrap};

/// Rows of the screen: which line of the checklist, whether its first row, and the text.
type Rows = Vec<(usize, bool, String)>;

impl State {
    pub(super) fn draw_checklist(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool) {
        let lines = self.session.checklist(self.phase());
        if lines.is_empty() {
            canvas.put(area, 0, "This phase has no checklist.", Role::Muted);
            return;
        }
        let why = if focused { self.why(&lines, area) } else { Vec::new() };
        let place = Rect { height: area.height - why.len() as u16, ..area };
        let rows = rows(&lines, place, canvas.theme.ellipsis());
        let first = self.first_row(&rows, place.height);
        let visible = rows.iter().skip(first).take(usize::from(place.height));
        for (row, (at, starts, text)) in visible.enumerate() {
            let line = &lines[*at];
            let (mark, role) = if line.ticked {
                (canvas.theme.tick(), Role::Good)
            } else {
                (canvas.theme.sign("·", "-"), Role::Muted)
            };
            let chosen = focused && *at == self.checklist.selected;
            let mark = if *starts { mark } else { " " };
            let style = canvas.style(if line.ticked { Role::Muted } else { Role::Text });
            let spans = vec![Span::styled(format!(" {mark} "), canvas.style(role)), Span::styled(text.clone(), style)];
            canvas.line(place, row as u16, &Line::from(spans));
            if chosen {
                canvas.tint(Rect { y: place.y + row as u16, height: 1, ..place }, Role::Selection);
            }
        }
        let below = rows.len().saturating_sub(first + usize::from(place.height));
        if below > 0 && place.height > 1 {
            let last = Rect { y: place.bottom() - 1, height: 1, ..place };
            canvas.put_right(last, 0, canvas.theme.sign(" ▾ more", " v more"), Role::Muted);
        }
        for (row, line) in why.iter().enumerate() {
            let place = Rect { y: place.bottom(), height: why.len() as u16, ..area };
            canvas.put(place, row as u16, line, Role::Muted);
        }
    }

    /// Why the chosen line is ticked, and all of it where it is cut; a blank row first.
    fn why(&self, lines: &[ChecklistLine], area: Rect) -> Vec<String> {
        let Some(line) = lines.get(self.checklist.selected) else { return Vec::new() };
        let cells = usize::from(area.width).saturating_sub(1).max(8);
        let shown = line.evidence.as_ref().map(|evidence| format!("shown by: {}", evidence.trim()));
        let why = shown.filter(|_| line.ticked).or_else(|| line.by_hand.then(|| "by hand".to_owned()));
        let cut = usize::from(area.height) < wrapped(lines, area.width).len();
        let mut said = if cut { wrap(&line.text, cells) } else { Vec::new() };
        said.extend(why.into_iter().flat_map(|why| wrap(&why, cells)));
        if !said.is_empty() {
            said.insert(0, String::new());
        }
        said.truncate(usize::from(area.height / 2));
        said
    }

    fn first_row(&self, rows: &Rows, height: u16) -> usize {
        let chosen = rows.iter().rposition(|(at, ..)| *at == self.checklist.selected).unwrap_or(0);
        list_first(chosen, 0, rows.len(), usize::from(height))
    }

    /// The line of the checklist at a row of the screen.
    pub(super) fn check_line_at(&self, area: Rect, y: u16) -> Option<usize> {
        let lines = self.session.checklist(self.phase());
        let rows = rows(&lines, area, "");
        let row = usize::from(y.checked_sub(area.y)?) + self.first_row(&rows, area.height);
        rows.get(row).map(|(at, ..)| *at)
    }
}

/// The rows of all lines: wrapped if they fit so, else one each.
fn rows(lines: &[ChecklistLine], area: Rect, ellipsis: &str) -> Rows {
    let wrapped = wrapped(lines, area.width);
    if wrapped.len() <= usize::from(area.height) {
        return wrapped;
    }
    let cells = usize::from(area.width).saturating_sub(4);
    let cut = |(at, line): (usize, &ChecklistLine)| (at, true, fit(&line.text, cells, ellipsis).into_owned());
    lines.iter().enumerate().map(cut).collect()
}

fn wrapped(lines: &[ChecklistLine], width: u16) -> Rows {
    let cells = usize::from(width).saturating_sub(4).max(8);
    let of_line = |(at, line): (usize, &ChecklistLine)| {
        wrap(&line.text, cells).into_iter().enumerate().map(move |(row, text)| (at, row == 0, text)).collect::<Vec<_>>()
    };
    lines.iter().enumerate().flat_map(of_line).collect()
}
