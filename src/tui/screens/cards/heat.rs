//! A year of days as a map of warmth.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::cards::statistics::HeatMap;
use crate::clock::Day;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::Canvas;

/// Rows that the map takes: seven days, and the months below.
pub(super) const ROWS: u16 = 8;
/// Cells for the names of the days.
const MARGIN: u16 = 4;

/// Draws as many of the last weeks as fit, Monday on top.
pub(super) fn draw(canvas: &mut Canvas<'_>, area: Rect, map: &HeatMap) {
    for (row, line) in lines(canvas.theme, map, area.width).iter().enumerate() {
        canvas.line(area, row as u16, line);
    }
}

/// The map as lines of at most `width` cells.
pub(super) fn lines(theme: &Theme, map: &HeatMap, width: u16) -> Vec<Line<'static>> {
    let weeks: Vec<[Option<usize>; 7]> = map.weeks().collect();
    let room = usize::from(width.saturating_sub(MARGIN)).min(weeks.len());
    let first = weeks.len() - room;
    let mut lines = Vec::new();
    for day in 0..7 {
        let name = ["Mon", "", "Wed", "", "Fri", "", "Sun"][day];
        let mut line = Line::from(Span::styled(format!("{name:<4}"), theme.style(Role::Muted)));
        for week in &weeks[first..] {
            let (sign, role) = match week[day] {
                None => (" ", Role::Muted),
                Some(answers) => cell(theme, map.warmth(answers)),
            };
            line.push_span(Span::styled(sign, theme.style(role)));
        }
        lines.push(line);
    }
    let months = months(map.first, first, room);
    lines.push(Line::styled(format!("    {months}"), theme.style(Role::Muted)));
    lines
}

/// The sign differs as well as the colour, for those who see none.
fn cell(theme: &Theme, warmth: u8) -> (&'static str, Role) {
    let signs = theme.sign(["·", "░", "▒", "▓", "█"], [".", "-", "+", "x", "#"]);
    let sign = signs[usize::from(warmth.min(4))];
    let role = if warmth == 0 { Role::Border } else { Role::Heat(usize::from(warmth)) };
    (sign, role)
}

/// The months' names under the weeks that they begin in.
fn months(first: Day, skip: usize, room: usize) -> String {
    const NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = |week: usize| {
        let day = Day(first.0 + week as i32 * 7);
        day.to_iso().get(5..7).and_then(|month| month.parse::<usize>().ok()).unwrap_or(1)
    };
    let mut out = String::new();
    for week in skip..skip + room {
        let begins = week == 0 || month(week) != month(week - 1);
        let at = week - skip;
        if begins && out.len() <= at && at + 3 <= room {
            out.push_str(&" ".repeat(at - out.len()));
            out.push_str(NAMES[month(week) - 1]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::cards::statistics::heat_map;

    #[test]
    fn the_map_is_as_wide_as_there_is_room() {
        let today = Day(20_516);
        let map = heat_map(&BTreeMap::from([(today, 4), (Day(today.0 - 7), 1)]), today);
        let theme = Theme::mono(true);
        let text = |width: u16| -> Vec<String> {
            lines(&theme, &map, width)
                .iter()
                .map(|line| line.spans.iter().map(|s| s.content.as_ref()).collect())
                .collect()
        };
        let wide = text(80);
        assert_eq!((wide.len(), wide[0].len()), (usize::from(ROWS), 4 + 53));
        assert!(wide[2].ends_with("-#") && wide[3].ends_with(". "), "{wide:#?}");
        assert!(wide[7].contains("Feb") && wide[7].contains("Sep"), "{}", wide[7]);
        let narrow = text(14);
        assert_eq!(narrow[0].len(), 14);
        assert!(narrow[2].ends_with("-#"));
        assert_eq!(text(2)[0], "Mon ");
    }
}
