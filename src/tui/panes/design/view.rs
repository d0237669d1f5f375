//! How a design is drawn: text with findings, popup, diagram.

use ratatui::layout::Rect;

use super::{DesignPane, PATIENCE};
use crate::clock::Timestamp;
use crate::design::ComponentId;
use crate::source::{Diagnostic, Severity, Span};
use crate::tui::panes::editor::{Mark, Shown};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, Load, diagram, wrap};

/// Lines that findings take under the cursor's line at most.
const MOST_BELOW: usize = 5;
/// What an empty editor says.
const PLACEHOLDER: &str = "users -> lb -> api -> redis -> postgres @ 5k/s";

impl DesignPane {
    /// Draws the text, what there is to say about the cursor's line, and the popup.
    pub fn draw_text(&self, canvas: &mut Canvas<'_>, area: Rect, focused: bool, now: Timestamp) {
        let signs = self.signs();
        let below = self.below(area.width, now);
        let shown = self.shown(&signs, &below, focused);
        let cursor = self.editor.draw(canvas, area, &shown);
        if let (true, Some(cursor), Some(popup)) = (focused, cursor, &self.popup) {
            popup.draw(canvas, area, cursor);
        }
    }

    pub(super) fn shown<'a>(
        &'a self,
        signs: &'a [(usize, &'static str, Role)],
        below: &'a [(String, Role)],
        focused: bool,
    ) -> Shown<'a> {
        Shown { marks: &self.marks, signs: Some(signs), below, focused, placeholder: PLACEHOLDER }
    }

    /// The worst sign of each line that has one.
    pub(super) fn signs(&self) -> Vec<(usize, &'static str, Role)> {
        let mut found: Vec<(usize, Severity)> = self
            .lines
            .iter()
            .zip(&self.findings)
            .filter(|(_, found)| found.severity > Severity::Note)
            .map(|(&line, found)| (line, found.severity))
            .collect();
        found.sort_by_key(|&(line, severity)| (line, std::cmp::Reverse(severity)));
        found.dedup_by_key(|(line, _)| *line);
        let sign = |(line, severity)| match severity {
            Severity::Error => (line, "x", Role::Bad),
            _ => (line, "!", Role::Warning),
        };
        found.into_iter().map(sign).collect()
    }

    /// What is said under the cursor's line: its findings, the worst first, once the typing there has paused.
    pub(super) fn below(&self, cells: u16, now: Timestamp) -> Vec<(String, Role)> {
        if now.since(self.edited) < PATIENCE && self.edited.0 > 0 {
            return Vec::new();
        }
        let line = self.editor.cursor_line();
        let at_line = self.findings.iter().zip(&self.lines).filter(|(_, at)| **at == line);
        let mut found: Vec<&Diagnostic> = at_line.map(|(one, _)| one).collect();
        found.sort_by_key(|one| std::cmp::Reverse(one.severity));
        let room = usize::from(cells).saturating_sub(4).max(12);
        // Of several each is named before any is helped.
        let alone = found.iter().filter(|one| one.severity != Severity::Note).count() == 1;
        let lines = found.into_iter().flat_map(|one| {
            let role = role_of(one.severity);
            // What was assumed is good to know and no reason to push the text apart.
            if one.severity == Severity::Note {
                return vec![(format!("note: {}", one.message), role)];
            }
            let help = one.help.as_ref().filter(|_| alone).map(|help| format!("; {help}")).unwrap_or_default();
            let text = format!("{}: {}{help}", one.severity.name(), one.message);
            wrap(&text, room).into_iter().map(move |line| (line, role)).collect::<Vec<_>>()
        });
        lines.take(MOST_BELOW).collect()
    }

    /// Draws the diagram under `loads`.
    pub fn draw_diagram(&self, canvas: &mut Canvas<'_>, area: Rect, loads: &[Load]) {
        if self.diagram.nodes.is_empty() {
            let mut lines = vec!["Boxes appear here as you type:".to_owned()];
            lines.extend(wrap(PLACEHOLDER, usize::from(area.width)));
            for (row, line) in lines.iter().enumerate() {
                canvas.put(area, row as u16 + area.height / 3, line, Role::Muted);
            }
            return;
        }
        diagram(canvas, area, &self.diagram, &self.view, loads);
        let last = area.height.saturating_sub(1);
        if self.drawn != self.compiled.design {
            canvas.put_right(area, last, " as before this line ", Role::Warning);
        } else if self.diagram.left_out > 0 {
            canvas.put_right(area, last, &format!(" {} boxes not shown ", self.diagram.left_out), Role::Warning);
        }
    }

    /// The id in the drawn design of the component with that name.
    pub fn drawn_id(&self, name: &str) -> Option<ComponentId> {
        self.drawn.find(name)
    }
}

fn role_of(severity: Severity) -> Role {
    match severity {
        Severity::Error => Role::Bad,
        Severity::Warning => Role::Warning,
        Severity::Note => Role::Muted,
    }
}

/// Marks of a design's text: comments and arrows, and the causes of errors and warnings underlined.
pub fn highlights(text: &str, diagnostics: &[Diagnostic]) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let comment = comment_start(line).unwrap_or(line.len());
        let code = &line[..comment];
        for arrow in ["->", "~>"] {
            let found = code.match_indices(arrow);
            marks.extend(found.map(|(at, _)| plain(Span::new(start + at, start + at + 2), Role::Accent)));
        }
        if comment < line.len() {
            marks.push(plain(Span::new(start + comment, start + line.len()), Role::Muted));
        }
        start += line.len();
    }
    for found in diagnostics.iter().filter(|found| found.severity > Severity::Note) {
        marks.push(Mark { span: found.span, role: role_of(found.severity), underlined: true });
    }
    marks
}

fn plain(span: Span, role: Role) -> Mark {
    Mark { span, role, underlined: false }
}

/// Where a line's comment starts: a `#`, `//` or `%%` at its start or after a space.
fn comment_start(line: &str) -> Option<usize> {
    ["#", "//", "%%"]
        .into_iter()
        .flat_map(|sign| line.match_indices(sign).map(|(at, _)| at))
        .filter(|&at| line[..at].chars().next_back().is_none_or(char::is_whitespace))
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_comments_and_causes_are_marked() {
        let text = "a -> b # why\nc ~> http://x\n";
        let marks = highlights(text, &[Diagnostic::error(Span::new(13, 14), "unknown")]);
        let marked: Vec<(&str, Role)> = marks.iter().map(|mark| (mark.span.slice(text), mark.role)).collect();
        assert_eq!(marked, [("->", Role::Accent), ("# why\n", Role::Muted), ("~>", Role::Accent), ("c", Role::Bad)]);
    }
}
