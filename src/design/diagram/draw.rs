//! A placed diagram to characters: borders, lines with their corners and junctions, arrow heads, text.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Diagram, Edge, Point, Rect, Role, Run};
use crate::design::ComponentId;

const NORTH: u8 = 1;
const EAST: u8 = 2;
const SOUTH: u8 = 4;
const WEST: u8 = 8;

/// Everything to be drawn, row by row.
pub(super) fn runs(diagram: &Diagram, ascii: bool, figures: &[(ComponentId, String)]) -> Vec<Run> {
    let mut canvas = Canvas::new(diagram, ascii);
    for frame in &diagram.frames {
        canvas.border(frame.rect, &if ascii { ASCII_BOX } else { FRAME }, Role::Frame(frame.region));
        let title = format!(" {} ", frame.title);
        canvas.text(Point { x: frame.rect.x + 2, y: frame.rect.y }, &title, Role::FrameTitle(frame.region));
    }
    canvas.lines(diagram);
    for node in &diagram.nodes {
        let Rect { x, y, height, width } = node.rect;
        let glyphs = match (ascii, node.store) {
            (false, false) => BOX,
            (false, true) => STORE,
            (true, false) => ASCII_BOX,
            (true, true) => ASCII_STORE,
        };
        canvas.border(node.rect, &glyphs, Role::Border(node.component));
        for (row, line) in node.lines.iter().enumerate() {
            let role = if row == 0 { Role::Name(node.component) } else { Role::Detail(node.component) };
            canvas.text(Point { x: x + 2, y: y + 1 + row as u16 }, line, role);
        }
        if let Some((_, figure)) = figures.iter().find(|(component, _)| *component == node.component) {
            let figure = format!(" {} ", cut(figure, usize::from(width).saturating_sub(4)));
            canvas.text(Point { x: x + 1, y: y + height - 1 }, &figure, Role::Figure(node.component));
        }
    }
    for (at, edge) in diagram.edges.iter().enumerate() {
        if let Some((place, label)) = &edge.label {
            canvas.text(*place, label, Role::EdgeLabel(at));
        }
    }
    canvas.into_runs()
}

/// The text, cut to a width.
fn cut(text: &str, width: usize) -> String {
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + c.width().unwrap_or(0) > width {
            break;
        }
        kept.push(c);
    }
    kept
}

/// The characters of a border: corners from the upper left clockwise, then across and down.
struct Glyphs([char; 6]);

const BOX: Glyphs = Glyphs(['┌', '┐', '┘', '└', '─', '│']);
const STORE: Glyphs = Glyphs(['╔', '╗', '╝', '╚', '═', '║']);
const FRAME: Glyphs = Glyphs(['┌', '┐', '┘', '└', '┄', '┆']);
const ASCII_BOX: Glyphs = Glyphs(['+', '+', '+', '+', '-', '|']);
const ASCII_STORE: Glyphs = Glyphs(['+', '+', '+', '+', '=', '|']);

#[derive(Clone, PartialEq)]
enum Cell {
    Empty,
    Glyph(char, Role),
    /// A text starts here.
    Text(String, Role),
    /// A text that started further left.
    Covered,
}

/// What an arrow does in a cell.
#[derive(Clone, Copy)]
struct Stroke {
    edge: usize,
    trunk: usize,
    directions: u8,
    asynchronous: bool,
}

struct Canvas {
    width: usize,
    cells: Vec<Cell>,
    ascii: bool,
}

impl Canvas {
    fn new(diagram: &Diagram, ascii: bool) -> Self {
        let width = usize::from(diagram.width);
        Self { width, cells: vec![Cell::Empty; width * usize::from(diagram.height)], ascii }
    }

    fn index(&self, at: Point) -> Option<usize> {
        let at = (usize::from(at.x) < self.width).then(|| usize::from(at.y) * self.width + usize::from(at.x))?;
        (at < self.cells.len()).then_some(at)
    }

    fn glyph(&mut self, at: Point, glyph: char, role: Role) {
        if let Some(index) = self.index(at) {
            self.cells[index] = Cell::Glyph(glyph, role);
        }
    }

    fn text(&mut self, at: Point, text: &str, role: Role) {
        let text: String = if self.ascii {
            text.chars().map(|c| if c.is_ascii() { c } else { '?' }).collect()
        } else {
            text.to_owned()
        };
        let Some(index) = self.index(at) else { return };
        let end = (index + text.width()).min((usize::from(at.y) + 1) * self.width);
        for cell in &mut self.cells[index..end] {
            *cell = Cell::Covered;
        }
        self.cells[index] = Cell::Text(text, role);
    }

    fn border(&mut self, rect: Rect, glyphs: &Glyphs, role: Role) {
        let Glyphs([upper_left, upper_right, lower_right, lower_left, across, down]) = *glyphs;
        let (right, bottom) = (rect.x + rect.width - 1, rect.y + rect.height - 1);
        for x in rect.x..=right {
            self.glyph(Point { x, y: rect.y }, across, role);
            self.glyph(Point { x, y: bottom }, across, role);
        }
        for y in rect.y..=bottom {
            self.glyph(Point { x: rect.x, y }, down, role);
            self.glyph(Point { x: right, y }, down, role);
        }
        for (x, y, corner) in [
            (rect.x, rect.y, upper_left),
            (right, rect.y, upper_right),
            (right, bottom, lower_right),
            (rect.x, bottom, lower_left),
        ] {
            self.glyph(Point { x, y }, corner, role);
        }
    }

    /// All arrows: strokes of one trunk join, strokes of two cross, the one that runs down over the one that runs across.
    fn lines(&mut self, diagram: &Diagram) {
        let mut strokes: Vec<Option<Stroke>> = vec![None; self.cells.len()];
        for (edge, arrow) in diagram.edges.iter().enumerate() {
            for (at, &point) in arrow.path.iter().enumerate() {
                let Some(index) = self.index(point) else { continue };
                let stroke = Stroke {
                    edge,
                    trunk: arrow.trunk,
                    directions: directions(diagram, arrow, at),
                    asynchronous: arrow.asynchronous,
                };
                strokes[index] = Some(match strokes[index] {
                    Some(known) if known.trunk == stroke.trunk => {
                        Stroke { directions: known.directions | stroke.directions, ..known }
                    }
                    Some(known) if known.directions == NORTH | SOUTH => known,
                    _ => stroke,
                });
            }
        }
        for (index, stroke) in strokes.into_iter().enumerate() {
            if let Some(stroke) = stroke {
                self.cells[index] = Cell::Glyph(line_glyph(stroke, self.ascii), Role::Edge(stroke.edge));
            }
        }
        for (edge, arrow) in diagram.edges.iter().enumerate() {
            let Some(&end) = arrow.path.last() else { continue };
            let points_right = diagram.nodes[arrow.to.0 as usize].rect.x == end.x + 1;
            let head = match (points_right, self.ascii) {
                (true, false) => '►',
                (false, false) => '◄',
                (true, true) => '>',
                (false, true) => '<',
            };
            self.glyph(end, head, Role::Edge(edge));
        }
    }

    fn into_runs(self) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let mut joins = false;
        for (index, cell) in self.cells.into_iter().enumerate() {
            let at = Point { x: (index % self.width) as u16, y: (index / self.width) as u16 };
            match cell {
                Cell::Empty => joins = false,
                Cell::Covered => {}
                Cell::Glyph(glyph, role) => {
                    match runs.last_mut().filter(|last| joins && at.x > 0 && last.role == role) {
                        Some(last) => last.text.push(glyph),
                        None => runs.push(Run { at, text: glyph.to_string(), role }),
                    }
                    joins = true;
                }
                Cell::Text(text, role) => {
                    joins = false;
                    runs.push(Run { at, text, role });
                }
            }
        }
        runs
    }
}

/// The directions in which the arrow leaves the cell at `at` of its path, towards its caller's box too.
fn directions(diagram: &Diagram, arrow: &Edge, at: usize) -> u8 {
    let here = arrow.path[at];
    let towards = |other: Option<&Point>| match other {
        Some(other) if other.x > here.x => EAST,
        Some(other) if other.x < here.x => WEST,
        Some(other) if other.y > here.y => SOUTH,
        Some(_) => NORTH,
        None => 0,
    };
    let back = if at == 0 {
        let caller = diagram.nodes[arrow.from.0 as usize].rect;
        if here.x >= caller.x + caller.width { WEST } else { EAST }
    } else {
        towards(arrow.path.get(at - 1))
    };
    back | towards(arrow.path.get(at + 1))
}

fn line_glyph(stroke: Stroke, ascii: bool) -> char {
    const ACROSS: u8 = EAST | WEST;
    const DOWN: u8 = NORTH | SOUTH;
    let across = stroke.directions & DOWN == 0;
    let down = stroke.directions & ACROSS == 0;
    if ascii {
        return match (across, down, stroke.asynchronous) {
            (true, _, false) => '-',
            (true, _, true) => '.',
            (_, true, false) => '|',
            (_, true, true) => ':',
            _ => '+',
        };
    }
    match stroke.directions {
        _ if across => {
            if stroke.asynchronous {
                '╌'
            } else {
                '─'
            }
        }
        _ if down => {
            if stroke.asynchronous {
                '╎'
            } else {
                '│'
            }
        }
        d if d == SOUTH | EAST => '╭',
        d if d == SOUTH | WEST => '╮',
        d if d == NORTH | WEST => '╯',
        d if d == NORTH | EAST => '╰',
        d if d == DOWN | EAST => '├',
        d if d == DOWN | WEST => '┤',
        d if d == ACROSS | SOUTH => '┬',
        d if d == ACROSS | NORTH => '┴',
        _ => '┼',
    }
}
