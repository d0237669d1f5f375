//! Rows and columns: how tall and wide everything is, and where it stands.
//!
//! Rows are found by least squares under the order of each rank (pool adjacent violators), bands are stacked, and columns follow from the
//! widest box of each rank and the number of tracks of each channel, which routing finds.

use unicode_width::UnicodeWidthStr;

use super::graph::{Graph, ItemId, NetId};
use crate::design::diagram::Rect;

/// Rows between two boxes.
const BETWEEN_BOXES: i32 = 1;
/// Least columns of a box: there is to be room for a figure on its border.
const NARROWEST: usize = 11;
/// What a bend of a long arrow weighs against a box with one line: long arrows run straight.
const STRAIGHTNESS: f64 = 16.0;
/// Columns of an arrow from a box to itself.
pub(super) const LOOP: usize = 2;
/// Passes over the ranks, forth and back.
const PASSES: usize = 7;

/// A side of a box, or of a bend, where a net comes in or goes out.
#[derive(Clone, Debug, Default)]
pub(super) struct Ports {
    /// Nets that come in at the left, from top to bottom, and the row of each within the item.
    pub left: Vec<(NetId, i32)>,
    /// Nets that go out at the right.
    pub right: Vec<(NetId, i32)>,
}

/// Everything's place; columns are complete once routing has told how wide the channels are.
pub(super) struct Placement {
    /// Top row of each item.
    pub top: Vec<i32>,
    pub height: Vec<i32>,
    pub ports: Vec<Ports>,
    /// Columns of the boxes of each rank.
    pub rank_width: Vec<usize>,
    /// First column of each rank.
    pub rank_x: Vec<usize>,
    /// Columns taken by frames right behind each rank, and right before it.
    pub frame_after: Vec<usize>,
    pub frame_before: Vec<usize>,
    /// Columns for labels and arrow heads right before each rank.
    pub tails: Vec<usize>,
    /// Rows that no arrow may run along: the borders of frames.
    pub border_rows: Vec<i32>,
    /// Rows of the drawing so far.
    pub rows: i32,
    /// Regions' frames: rows at once, columns from ranks.
    spans: Vec<FrameSpan>,
    pub frames: Vec<(usize, Rect)>,
    ranks: Vec<usize>,
}

struct FrameSpan {
    region: usize,
    top: i32,
    bottom: i32,
    first: usize,
    last: usize,
    /// Columns between the last boxes and the border beyond the usual: arrows from a box to itself stand there.
    margin: usize,
}

impl Placement {
    pub fn of(graph: &Graph, layers: &[Vec<ItemId>], boxes: &[Vec<String>], titles: &[usize]) -> Self {
        let ports = ports(graph, layers);
        let height = heights(graph, boxes, &ports);
        let mut placement = Self {
            top: vec![0; graph.items.len()],
            height,
            ports,
            rank_width: vec![NARROWEST; graph.ranks],
            rank_x: vec![0; graph.ranks],
            frame_after: vec![0; graph.ranks],
            frame_before: vec![0; graph.ranks],
            tails: vec![0; graph.ranks],
            border_rows: Vec::new(),
            rows: 0,
            spans: Vec::new(),
            frames: Vec::new(),
            ranks: graph.items.iter().map(|item| item.rank).collect(),
        };
        for (at, lines) in boxes.iter().enumerate() {
            let widest = lines.iter().map(|line| line.width()).max().unwrap_or(0) + 4;
            let rank = placement.ranks[at];
            placement.rank_width[rank] = placement.rank_width[rank].max(widest);
        }
        placement.stack_bands(graph, layers, titles);
        placement.fit_ports(graph);
        placement
    }

    /// The rectangle of a box.
    pub fn rect(&self, at: usize) -> Rect {
        let rank = self.ranks[at];
        Rect {
            x: self.rank_x[rank] as u16,
            y: self.top[at] as u16,
            width: self.rank_width[rank] as u16,
            height: self.height[at] as u16,
        }
    }

    /// The row at which a net leaves an item at the right.
    pub fn row_out(&self, item: ItemId, net: NetId) -> i32 {
        self.top[item] + self.ports[item].right.iter().find(|(known, _)| *known == net).map_or(0, |(_, row)| *row)
    }

    /// The row at which a net enters an item at the left.
    pub fn row_in(&self, item: ItemId, net: NetId) -> i32 {
        self.top[item] + self.ports[item].left.iter().find(|(known, _)| *known == net).map_or(0, |(_, row)| *row)
    }

    /// Places each band by itself and stacks the bands, those of regions with room for their frames.
    fn stack_bands(&mut self, graph: &Graph, layers: &[Vec<ItemId>], titles: &[usize]) {
        let bands = graph.bands.len();
        let mut next = 0;
        for band in 0..bands {
            let members: Vec<Vec<ItemId>> = layers
                .iter()
                .map(|layer| layer.iter().copied().filter(|&id| graph.items[id].band == band).collect())
                .collect();
            let all: Vec<ItemId> = members.iter().flatten().copied().collect();
            if all.is_empty() {
                continue;
            }
            self.place_band(graph, &members);
            let top = all.iter().map(|&id| self.top[id]).min().unwrap_or(0);
            let region = graph.bands[band].filter(|_| all.iter().any(|&id| id < graph.boxes));
            let start = next + i32::from(region.is_some());
            for &id in &all {
                self.top[id] += start - top;
            }
            let bottom = all.iter().map(|&id| self.top[id] + self.height[id]).max().unwrap_or(0);
            next = bottom + BETWEEN_BOXES;
            if let Some(region) = region {
                self.frame(graph, region, &all, start - 1, bottom, titles);
                next += 1;
            }
        }
        self.rows = next;
    }

    fn frame(&mut self, graph: &Graph, region: usize, all: &[ItemId], top: i32, bottom: i32, titles: &[usize]) {
        let ranks = || all.iter().filter(|&&id| id < graph.boxes).map(|&id| graph.items[id].rank);
        let (Some(first), Some(last)) = (ranks().min(), ranks().max()) else { return };
        self.frame_before[first] = 2;
        let looped = graph.loops.iter().any(|id| all.contains(id) && graph.items[*id].rank == last);
        let margin = if looped { LOOP } else { 0 };
        self.frame_after[last] = self.frame_after[last].max(2 + margin);
        // The title stands over the first box, where no arrow runs up or down.
        self.rank_width[first] = self.rank_width[first].max(titles[region] + 2);
        self.border_rows.extend([top, bottom]);
        self.spans.push(FrameSpan { region, top, bottom, first, last, margin });
    }

    /// Rows of the items of one band, found in a few passes forth and back.
    fn place_band(&mut self, graph: &Graph, members: &[Vec<ItemId>]) {
        for layer in members {
            let mut row = 0;
            for (at, &id) in layer.iter().enumerate() {
                self.top[id] = row;
                row += self.height[id] + layer.get(at + 1).map_or(0, |&below| separation(graph, id, below));
            }
        }
        let (before, behind) = lines_between(graph);
        for pass in 0..PASSES {
            let forward = pass % 2 == 0;
            let (lines, other) = if forward { (&before, &behind) } else { (&behind, &before) };
            let ranks: Vec<usize> =
                if forward { (0..members.len()).collect() } else { (0..members.len()).rev().collect() };
            for rank in ranks {
                self.place_layer(graph, &members[rank], lines, other, forward);
            }
        }
    }

    /// Brings each item of a layer as near as the order allows to where its lines would be straight.
    fn place_layer(&mut self, graph: &Graph, layer: &[ItemId], lines: &Lines, other: &Lines, forward: bool) {
        let mut blocks: Vec<Block> = Vec::new();
        let mut offset = 0;
        let mut offsets = Vec::with_capacity(layer.len());
        for (at, &id) in layer.iter().enumerate() {
            let wanted = if lines[id].is_empty() {
                self.wanted(graph, id, &other[id], !forward)
            } else {
                self.wanted(graph, id, &lines[id], forward)
            };
            let weight = if graph.items[id].bend.is_some() { STRAIGHTNESS } else { 1.0 + lines[id].len() as f64 };
            offsets.push(offset);
            blocks.push(Block { sum: f64::from(wanted - offset) * weight, weight, count: 1 });
            while let [.., upper, lower] = blocks.as_slice() {
                if upper.mean() <= lower.mean() {
                    break;
                }
                let merged = upper.with(lower);
                blocks.truncate(blocks.len() - 2);
                blocks.push(merged);
            }
            offset += self.height[id] + layer.get(at + 1).map_or(0, |&below| separation(graph, id, below));
        }
        let tops = blocks.iter().flat_map(|block| std::iter::repeat_n(block.mean().round() as i32, block.count));
        for ((&id, top), offset) in layer.iter().zip(tops).zip(offsets) {
            self.top[id] = top + offset;
        }
    }

    /// Where an item's middle line would be straight; where it is, if it has none to its own band.
    fn wanted(&self, graph: &Graph, id: ItemId, lines: &[(ItemId, NetId)], forward: bool) -> i32 {
        let band = graph.items[id].band;
        let mut rows: Vec<i32> = lines
            .iter()
            .filter(|(other, _)| graph.items[*other].band == band)
            .map(|&(other, net)| {
                if forward {
                    self.row_out(other, net) - (self.row_in(id, net) - self.top[id])
                } else {
                    self.row_in(other, net) - (self.row_out(id, net) - self.top[id])
                }
            })
            .collect();
        rows.sort_unstable();
        rows.get(rows.len().saturating_sub(1) / 2).copied().unwrap_or(self.top[id])
    }

    /// Moves ports within their boxes to where their lines are straight.
    fn fit_ports(&mut self, graph: &Graph) {
        for segments in &graph.segments {
            for id in 0..graph.boxes {
                let incoming: Vec<(NetId, i32)> = segments
                    .iter()
                    .filter(|segment| segment.rights.contains(&id))
                    .map(|segment| (segment.net, self.row_out(segment.left, segment.net)))
                    .collect();
                if incoming.is_empty() {
                    continue;
                }
                let (inside, count) = (self.height[id] - 2, rows(incoming.len()));
                let mut sorted = incoming;
                sorted.sort_by_key(|&(_, row)| row);
                let mut least = 1;
                let left = sorted.into_iter().enumerate().map(|(at, (net, row))| {
                    let most = inside - (count - 1 - rows(at));
                    let fitted = (row - self.top[id]).clamp(least.min(most), most);
                    least = fitted + 1;
                    (net, fitted)
                });
                self.ports[id].left = left.collect();
            }
        }
    }

    /// Sets the columns, given how wide the channel behind each rank is.
    pub fn set_columns(&mut self, channels: &[usize]) {
        let mut x = self.frame_before.first().copied().unwrap_or(0);
        for (rank, channel) in channels.iter().enumerate() {
            self.rank_x[rank] = x;
            x += self.rank_width[rank] + channel;
        }
        self.frames = self
            .spans
            .iter()
            .map(|span| {
                let left = self.rank_x[span.first] - self.tails[span.first] - 2;
                let right = self.rank_x[span.last] + self.rank_width[span.last] + span.margin + 1;
                let rect = Rect {
                    x: left as u16,
                    y: span.top as u16,
                    width: (right - left + 1) as u16,
                    height: (span.bottom - span.top + 1) as u16,
                };
                (span.region, rect)
            })
            .collect();
    }
}

/// Items that must keep together: their common wish.
#[derive(Clone, Copy)]
struct Block {
    sum: f64,
    weight: f64,
    count: usize,
}

impl Block {
    fn mean(&self) -> f64 {
        self.sum / self.weight
    }

    fn with(&self, other: &Self) -> Self {
        Self { sum: self.sum + other.sum, weight: self.weight + other.weight, count: self.count + other.count }
    }
}

fn separation(graph: &Graph, upper: ItemId, lower: ItemId) -> i32 {
    let bends = graph.items[upper].bend.is_some() && graph.items[lower].bend.is_some();
    if bends { 0 } else { BETWEEN_BOXES }
}

type Lines = Vec<Vec<(ItemId, NetId)>>;

/// For each item the lines to the rank before it, and to the rank behind it.
fn lines_between(graph: &Graph) -> (Lines, Lines) {
    let mut before: Lines = vec![Vec::new(); graph.items.len()];
    let mut behind: Lines = vec![Vec::new(); graph.items.len()];
    for segment in graph.segments.iter().flatten() {
        for &to in &segment.rights {
            before[to].push((segment.left, segment.net));
            behind[segment.left].push((to, segment.net));
        }
    }
    (before, behind)
}

/// The ports of every item, ordered by where their lines lead; a bend has one on either side.
fn ports(graph: &Graph, layers: &[Vec<ItemId>]) -> Vec<Ports> {
    let mut place = vec![0_usize; graph.items.len()];
    for layer in layers {
        for (at, &id) in layer.iter().enumerate() {
            place[id] = at;
        }
    }
    let mut left: Vec<Vec<(usize, NetId)>> = vec![Vec::new(); graph.items.len()];
    let mut right: Vec<Vec<(usize, NetId)>> = vec![Vec::new(); graph.items.len()];
    for segment in graph.segments.iter().flatten() {
        let mean = segment.rights.iter().map(|&to| place[to] * 16).sum::<usize>() / segment.rights.len().max(1);
        right[segment.left].push((mean, segment.net));
        for &to in &segment.rights {
            left[to].push((place[segment.left], segment.net));
        }
    }
    let in_order = |mut side: Vec<(usize, NetId)>, first: i32| {
        side.sort_unstable();
        side.into_iter().enumerate().map(|(at, (_, net))| (net, first + rows(at))).collect()
    };
    let both = left.into_iter().zip(right).zip(&graph.items);
    both.map(|((left, right), item)| {
        let first = i32::from(item.bend.is_none());
        Ports { left: in_order(left, first), right: in_order(right, first) }
    })
    .collect()
}

/// Rows of every item: a bend has one, a box has its lines or its ports, whichever are more, and its border.
fn heights(graph: &Graph, boxes: &[Vec<String>], ports: &[Ports]) -> Vec<i32> {
    let of = |(id, item): (usize, &super::graph::Item)| {
        if item.bend.is_some() {
            return 1;
        }
        let loops = if graph.loops.contains(&id) { 2 } else { 0 };
        let sides = ports[id].left.len().max(ports[id].right.len() + loops);
        rows(boxes[id].len().max(sides)) + 2
    };
    graph.items.iter().enumerate().map(of).collect()
}

/// A number of rows; far below the limits of either type.
pub(super) fn rows(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
