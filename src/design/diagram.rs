//! The design drawn: boxes, arrows and region frames placed on a grid of terminal cells. Roles, never colours.

mod draw;

use unicode_width::UnicodeWidthStr;

use super::{ComponentId, RegionId};

/// A cell of the diagram, from the top left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Point {
    /// Column, from 0.
    pub x: u16,
    /// Row, from 0.
    pub y: u16,
}

/// A rectangle of cells; `width` and `height` count the border.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rect {
    /// Left column.
    pub x: u16,
    /// Top row.
    pub y: u16,
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
}

/// A component's box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Whose it is.
    pub component: ComponentId,
    /// Its border included.
    pub rect: Rect,
    /// What stands in it: the name, then technology or kind with the number of instances.
    pub lines: Vec<String>,
    /// Whether it keeps data: drawn with a double border.
    pub store: bool,
}

/// An arrow between two boxes; one for all flows that take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The caller.
    pub from: ComponentId,
    /// The called.
    pub to: ComponentId,
    /// Whether no flow waits for it: dashed.
    pub asynchronous: bool,
    /// Every cell it covers, from beside the caller's border to beside the called's, each a neighbour of the one before.
    pub path: Vec<Point>,
    /// What is written on it, and where it starts.
    pub label: Option<(Point, String)>,
    /// Arrows of one trunk share cells where they run together; arrows of different trunks only cross.
    pub trunk: usize,
}

/// A region's frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Whose it is.
    pub region: RegionId,
    /// Its border included.
    pub rect: Rect,
    /// What its top border says.
    pub title: String,
}

/// A placed diagram.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagram {
    /// Columns.
    pub width: u16,
    /// Rows.
    pub height: u16,
    /// Boxes, in the design's order.
    pub nodes: Vec<Node>,
    /// Arrows.
    pub edges: Vec<Edge>,
    /// Region frames.
    pub frames: Vec<Frame>,
    /// Components that found no place because the design has more than can be drawn.
    pub left_out: usize,
}

/// What a run of characters is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// A box's border.
    Border(ComponentId),
    /// A box's name.
    Name(ComponentId),
    /// A box's technology and instances.
    Detail(ComponentId),
    /// A figure on a box's lower border.
    Figure(ComponentId),
    /// Part of an arrow: its index in [`Diagram::edges`] (one of them where several share the cell).
    Edge(usize),
    /// What is written beside an arrow.
    EdgeLabel(usize),
    /// A region's frame.
    Frame(RegionId),
    /// A region's name.
    FrameTitle(RegionId),
}

/// Characters of one role, side by side in one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where it starts.
    pub at: Point,
    /// The characters; their display width is the cells they cover.
    pub text: String,
    /// What they are.
    pub role: Role,
}

impl Diagram {
    /// The diagram as plain text, lines ended by `\n`: in Unicode box drawing, or in ASCII alone.
    pub fn to_text(&self, ascii: bool) -> String {
        self.to_text_with(ascii, &[])
    }

    /// The diagram as plain text with a figure on the lower border of some boxes.
    pub fn to_text_with(&self, ascii: bool, figures: &[(ComponentId, String)]) -> String {
        let mut text = String::new();
        let mut row = 0;
        let mut column = 0;
        for run in self.runs(ascii, figures) {
            while row < run.at.y {
                text.push('\n');
                row += 1;
                column = 0;
            }
            text.extend(std::iter::repeat_n(' ', usize::from(run.at.x).saturating_sub(column)));
            text.push_str(&run.text);
            column = usize::from(run.at.x) + run.text.width();
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    /// What is to be drawn, row by row from left to right and without overlap; `figures` stand on the lower borders of their boxes.
    pub fn runs(&self, ascii: bool, figures: &[(ComponentId, String)]) -> Vec<Run> {
        draw::runs(self, ascii, figures)
    }

    /// The box at a cell, for the mouse.
    pub fn component_at(&self, at: Point) -> Option<ComponentId> {
        self.nodes.iter().find(|node| node.rect.contains(at)).map(|node| node.component)
    }
}

impl Rect {
    /// Whether a cell lies in it, the border included.
    pub fn contains(self, at: Point) -> bool {
        (self.x..self.x + self.width).contains(&at.x) && (self.y..self.y + self.height).contains(&at.y)
    }
}
