//! Where the boxes stand and how the arrows run: a layered drawing from left to right, on terminal cells.
//!
//! After Sugiyama, Tagawa and Toda (1981): arrows that close a cycle are turned for the layout, boxes get ranks, long arrows get bends, each
//! rank is ordered by barycentres, each band of ranks is placed by least squares, and arrows run in the channels between the ranks. Arrows
//! of one caller and one sort share their way until they part. Every step starts from the order of the text, so that a small edit changes
//! little.

mod graph;
mod order;
mod place;
mod route;

use super::diagram::{Diagram, Edge, Frame, Node, Point, Rect};
use super::{ComponentId, Design, Kind, RegionId, Source};
use graph::Graph;
use place::Placement;
use unicode_width::UnicodeWidthStr;

/// Most boxes drawn.
const MOST_BOXES: usize = 200;
/// Longest line within a box, cells.
const LONGEST_LINE: usize = 24;

/// Places a design on a grid of cells. A design of more than 200 components is drawn without the rest.
pub fn diagram(design: &Design) -> Diagram {
    let count = design.components.len().min(MOST_BOXES);
    if count == 0 {
        return Diagram::default();
    }
    let boxes: Vec<Vec<String>> = design.components[..count].iter().map(lines_of).collect();
    let graph = Graph::of(design, count);
    let layers = order::layers(&graph);
    let titles: Vec<usize> = design.regions.iter().map(|region| shortened(&region.name).width()).collect();
    let mut placement = Placement::of(&graph, &layers, &boxes, &titles);
    let paths = route::paths(&graph, &mut placement);
    assemble(design, &graph, &placement, boxes, paths, design.components.len() - count)
}

fn assemble(
    design: &Design,
    graph: &Graph,
    placement: &Placement,
    boxes: Vec<Vec<String>>,
    paths: Vec<Vec<Point>>,
    left_out: usize,
) -> Diagram {
    let nodes = boxes.into_iter().enumerate().map(|(at, lines)| Node {
        component: ComponentId(at as u32),
        rect: placement.rect(at),
        lines,
        store: design.components[at].kind.stores(),
    });
    let edges = graph.arrows.iter().zip(paths).map(|(arrow, path)| Edge {
        from: ComponentId(arrow.from as u32),
        to: ComponentId(arrow.to as u32),
        asynchronous: arrow.asynchronous,
        label: route::label_place(graph, arrow, &path).map(|at| (at, arrow.label.clone())),
        path,
        trunk: arrow.net,
    });
    let frames = placement.frames.iter().map(|&(region, rect)| Frame {
        region: RegionId(region as u32),
        rect,
        title: shortened(&design.regions[region].name),
    });
    let (nodes, edges, frames): (Vec<_>, Vec<_>, Vec<_>) = (nodes.collect(), edges.collect(), frames.collect());
    let (width, height) = extent(&nodes, &edges, &frames);
    Diagram { width, height, nodes, edges, frames, left_out }
}

fn extent(nodes: &[Node], edges: &[Edge], frames: &[Frame]) -> (u16, u16) {
    let corner = |rect: Rect| (rect.x + rect.width, rect.y + rect.height);
    let rects = nodes.iter().map(|node| corner(node.rect)).chain(frames.iter().map(|frame| corner(frame.rect)));
    let cells = edges.iter().flat_map(|edge| edge.path.iter().map(|point| (point.x + 1, point.y + 1)));
    rects.chain(cells).fold((0, 0), |(width, height), (x, y)| (width.max(x), height.max(y)))
}

/// What stands in a component's box: its name, what it is and how many, and how its data is spread.
fn lines_of(component: &super::Component) -> Vec<String> {
    let name = shortened(&component.name);
    let what = [component.technology.as_deref().unwrap_or(""), component.kind.name()];
    let what = what.into_iter().find(|what| !what.is_empty() && !what.eq_ignore_ascii_case(&component.name));
    let count = if component.instances > 1 { format!(" x{}", component.instances) } else { String::new() };
    let mut lines = vec![name, shortened(format!("{}{count}", what.unwrap_or("")).trim())];
    let written = |name: &str| {
        let parameter = component.parameters.parameter(name)?;
        let by_design = matches!(parameter.source, Source::Design(_));
        component.parameters.number(name).filter(|count| by_design && *count > 0.0)
    };
    let spread = ["shards", "partitions", "replicas"].into_iter().filter_map(|name| {
        let count = written(name)?;
        let noun = if count == 1.0 { &name[..name.len() - 1] } else { name };
        Some(format!("{count} {noun}"))
    });
    let spread: Vec<String> = spread.collect();
    if !spread.is_empty() && component.kind != Kind::Client {
        lines.push(shortened(&spread.join(", ")));
    }
    lines
}

/// The text without control characters, cut to what a box holds.
fn shortened(text: &str) -> String {
    let text = crate::source::printable(text).replace(['\n', '\t'], " ");
    if text.width() <= LONGEST_LINE {
        return text;
    }
    let mut kept = String::new();
    for c in text.chars() {
        if kept.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) >= LONGEST_LINE {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}
