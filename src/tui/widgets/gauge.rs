//! One figure as a bar, several as a sparkline.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::tui::theme::{Role, Theme};

/// A bar of `cells` cells for a share from 0 to 1, in eighths of a cell.
pub fn bar(theme: &Theme, share: f64, cells: usize) -> String {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    if theme.ascii {
        let full = (share * cells as f64).round() as usize;
        return format!("{}{}", "#".repeat(full), ".".repeat(cells - full));
    }
    let eighths = (share * cells as f64 * 8.0).round() as usize;
    let (full, rest) = (eighths / 8, eighths % 8);
    let mut text = "█".repeat(full);
    if rest > 0 {
        text.push(['▏', '▎', '▍', '▌', '▋', '▊', '▉'][rest - 1]);
    }
    let used = full + usize::from(rest > 0);
    text.extend(std::iter::repeat_n('·', cells - used));
    text
}

/// A utilisation as bar and figure, in the role of its heat: `██████··  73%`.
pub fn meter<'a>(theme: &Theme, utilisation: f64, cells: usize) -> Vec<Span<'a>> {
    let style = theme.style(Role::of_utilisation(utilisation));
    vec![
        Span::styled(bar(theme, utilisation, cells), style),
        Span::styled(format!(" {:>4}", format!("{:.0}%", utilisation * 100.0)), style),
    ]
}

/// The last figures of `values` in the first row of `area`, scaled to the greatest of them.
pub fn sparkline(canvas: &mut Canvas<'_>, area: Rect, values: &[f64], role: Role) {
    let shown = &values[values.len().saturating_sub(area.width as usize)..];
    let greatest = shown.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
    let steps: &[char] =
        canvas.theme.sign(&[' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'], &[' ', '.', ':', '-', '=', '#']);
    let sign = |value: f64| {
        let share = if greatest > 0.0 && value.is_finite() { (value / greatest).clamp(0.0, 1.0) } else { 0.0 };
        steps[(share * (steps.len() - 1) as f64).round() as usize]
    };
    let text: String = shown.iter().map(|&value| sign(value)).collect();
    canvas.line(area, 0, &Line::styled(text, canvas.style(role)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn draws(share: f64, ascii: bool, expected: &str) {
        assert_eq!(bar(&Theme::mono(ascii), share, 4), expected);
    }

    #[test]
    fn bars_are_as_long_as_their_share() {
        draws(0.0, false, "····");
        draws(0.5, false, "██··");
        draws(0.53, false, "██▏·");
        draws(1.7, false, "████");
        draws(f64::NAN, false, "····");
        draws(0.5, true, "##..");
    }
}
