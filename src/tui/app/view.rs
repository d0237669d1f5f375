//! The frame: the screen, what lies over it, the status line and the footer.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{App, content_area};
use crate::tui::effect::Tone;
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, fit, footer, width, wrap};

/// Rows below the screen: status line and footer.
pub(super) const BELOW: u16 = 2;
/// The smallest terminal in which anything can be done.
const LEAST: (u16, u16) = (30, 8);

impl App {
    /// Draws a frame; returns where the terminal's cursor is to stand.
    pub fn draw(&self, buf: &mut Buffer) -> Option<Position> {
        let area = buf.area;
        let mut canvas = Canvas::new(buf, &self.theme);
        if area.width < LEAST.0 || area.height < LEAST.1 {
            too_small(&mut canvas, area);
            return None;
        }
        let content = content_area((area.width, area.height));
        self.screen.draw(&mut canvas, content, &self.context());
        if let Some(overlay) = &self.overlay {
            canvas.cursor = None;
            overlay.draw(&mut canvas, content);
        }
        self.draw_status(&mut canvas, Rect { y: content.bottom(), height: 1, ..area });
        footer(&mut canvas, Rect { y: content.bottom() + 1, height: 1, ..area }, &self.sections());
        canvas.cursor
    }

    fn draw_status(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let mut room = area.width;
        if let Some((text, role)) = self.screen.status() {
            let text = fit(&text, usize::from(area.width).saturating_sub(2), canvas.theme.ellipsis()).into_owned();
            canvas.put_right(area, 0, &format!("{text} "), role);
            room = room.saturating_sub(width(&text) as u16 + 3);
        }
        if let Some((notice, _)) = &self.notice {
            let role = match notice.tone {
                Tone::Good => Role::Good,
                Tone::Plain => Role::Text,
                Tone::Bad => Role::Bad,
            };
            let sign = match notice.tone {
                Tone::Good => canvas.theme.tick(),
                Tone::Plain => canvas.theme.sign("·", "-"),
                Tone::Bad => canvas.theme.cross(),
            };
            canvas.put(Rect { width: room, ..area }, 0, &format!(" {sign} {}", notice.text), role);
        }
    }
}

/// What a terminal says that is too small for anything else.
fn too_small(canvas: &mut Canvas<'_>, area: Rect) {
    let words = format!("Dryrun needs 40x12; this is {}x{}.", area.width, area.height);
    for (row, line) in wrap(&words, usize::from(area.width)).iter().enumerate() {
        canvas.put(area, row as u16, line, Role::Text);
    }
}
