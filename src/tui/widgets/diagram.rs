//! The diagram of a design in a window that scrolls, with load as colour and figure.

use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Canvas;
use crate::design::{ComponentId, Diagram, Point, Role as Part};
use crate::tui::theme::Role;

/// How busy a component is, for its box.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    /// Whose.
    pub component: ComponentId,
    /// Busy share from 0 to 1.
    pub utilisation: f64,
    /// What stands on the box's border: `73%`, `73% q 12`.
    pub figure: String,
}

/// Where a window on a diagram stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DiagramView {
    /// Cells of the diagram left of the window.
    pub x: u16,
    /// Cells of the diagram above the window.
    pub y: u16,
    /// The box that is marked.
    pub selected: Option<ComponentId>,
}

impl DiagramView {
    /// Moves the window, keeping it over the diagram.
    pub fn scroll_by(&mut self, dx: i32, dy: i32, diagram: &Diagram, window: Rect) {
        let moved = |at: u16, by: i32, whole: u16, part: u16| {
            (i32::from(at) + by).clamp(0, i32::from(whole.saturating_sub(part))) as u16
        };
        self.x = moved(self.x, dx, diagram.width, window.width);
        self.y = moved(self.y, dy, diagram.height, window.height);
    }

    /// Moves the window until the box of `component` is in it.
    pub fn reveal(&mut self, component: ComponentId, diagram: &Diagram, window: Rect) {
        let Some(node) = diagram.nodes.iter().find(|node| node.component == component) else { return };
        let shift = |at: u16, start: u16, length: u16, part: u16| {
            let end = start.saturating_add(length);
            if start < at { start } else { at.max(end.saturating_sub(part)) }
        };
        self.x = shift(self.x, node.rect.x, node.rect.width, window.width);
        self.y = shift(self.y, node.rect.y, node.rect.height, window.height);
    }

    /// The cell of the diagram at a cell of the screen.
    pub fn point_at(&self, window: Rect, x: u16, y: u16) -> Point {
        Point { x: x.saturating_sub(window.x) + self.x, y: y.saturating_sub(window.y) + self.y }
    }
}

/// Draws the part of `diagram` that `view` looks at. Where not all of it is seen, arrows at the edges say so.
pub fn diagram(canvas: &mut Canvas<'_>, area: Rect, diagram: &Diagram, view: &DiagramView, loads: &[Load]) {
    let area = area.intersection(canvas.buf.area);
    if area.is_empty() {
        return;
    }
    let figures: Vec<(ComponentId, String)> = loads.iter().map(|load| (load.component, load.figure.clone())).collect();
    let mut view = *view;
    view.scroll_by(0, 0, diagram, area);
    // A diagram smaller than its window stands in the middle of it.
    let left = area.width.saturating_sub(diagram.width) / 2;
    for run in diagram.runs(canvas.theme.ascii, &figures) {
        let Some(row) = run.at.y.checked_sub(view.y).filter(|&row| row < area.height) else { continue };
        let style = style(canvas, run.role, view.selected, loads);
        let mut x = i32::from(run.at.x) - i32::from(view.x) + i32::from(left);
        for sign in unicode_segmentation::UnicodeSegmentation::graphemes(run.text.as_str(), true) {
            let cells = super::width(sign) as i32;
            if x >= 0 && x + cells <= i32::from(area.width) {
                let at = (area.x + x as u16, area.y + row);
                canvas.buf.set_stringn(at.0, at.1, sign, cells as usize, style);
            }
            x += cells;
        }
    }
    edges(canvas, area, diagram, view);
}

fn style(canvas: &Canvas<'_>, part: Part, selected: Option<ComponentId>, loads: &[Load]) -> Style {
    let heat = |component: ComponentId| {
        let load = loads.iter().find(|load| load.component == component)?;
        Some(canvas.style(Role::of_utilisation(load.utilisation)))
    };
    match part {
        Part::Border(component) if selected == Some(component) => canvas.theme.bold(Role::Accent),
        Part::Border(component) => heat(component).unwrap_or_else(|| canvas.style(Role::Text)),
        Part::Figure(component) => {
            heat(component).unwrap_or_else(|| canvas.style(Role::Muted)).add_modifier(Modifier::BOLD)
        }
        Part::Name(_) => canvas.theme.bold(Role::Text),
        Part::Detail(_) | Part::EdgeLabel(_) | Part::Edge(_) => canvas.style(Role::Muted),
        Part::Frame(_) => canvas.style(Role::Border),
        Part::FrameTitle(_) => canvas.style(Role::Series(3)),
    }
}

/// Arrows at the edges beyond which there is more.
fn edges(canvas: &mut Canvas<'_>, area: Rect, diagram: &Diagram, view: DiagramView) {
    let (middle_x, middle_y) = (area.x + area.width / 2, area.y + area.height / 2);
    let more = [
        (view.x > 0, (area.left(), middle_y), canvas.theme.sign("◂", "<")),
        (view.x + area.width < diagram.width, (area.right() - 1, middle_y), canvas.theme.sign("▸", ">")),
        (view.y > 0, (middle_x, area.top()), canvas.theme.sign("▴", "^")),
        (view.y + area.height < diagram.height, (middle_x, area.bottom() - 1), canvas.theme.sign("▾", "v")),
    ];
    let style = canvas.theme.bold(Role::Accent);
    for (_, at, sign) in more.into_iter().filter(|(there, ..)| *there) {
        canvas.buf[at].set_symbol(sign).set_style(style);
    }
}
