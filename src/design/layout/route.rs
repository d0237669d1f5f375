//! Arrows in the channels between the ranks: which column each one turns in.
//!
//! In a channel every arrow comes in at one row and leaves at one or several; where those differ it needs a track, a column of its own for
//! as long as it runs up or down. Where the row that one arrow comes in at is the row that another leaves at, the first must turn before
//! the second; where that goes in circles, one of them gets a second bend in a row that is free.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthStr;

use super::graph::{Arrow, Graph, NetId, Segment};
use super::place::{LOOP, Placement, rows};
use crate::design::diagram::Point;

/// The way of every arrow, from beside the caller to beside the called.
pub(super) fn paths(graph: &Graph, placement: &mut Placement) -> Vec<Vec<Point>> {
    let mut channels: Vec<Channel> = (0..graph.ranks).map(|rank| Channel::of(graph, placement, rank)).collect();
    let widths: Vec<usize> =
        channels.iter_mut().enumerate().map(|(rank, channel)| channel.width(graph, placement, rank)).collect();
    placement.set_columns(&widths);
    let routes = Routes { graph, placement, channels: &channels };
    graph.arrows.iter().map(|arrow| routes.path(arrow)).collect()
}

/// Where an arrow's label starts: on the arrow itself, in the columns before the rank that are kept for labels.
pub(super) fn label_place(graph: &Graph, arrow: &Arrow, path: &[Point]) -> Option<Point> {
    let length = arrow.label.width() as u16;
    let (first, last) = (path.first()?, path.last()?);
    if length == 0 || arrow.from == arrow.to {
        return None;
    }
    Some(if graph.nets[arrow.net].turned {
        Point { x: first.x - length, y: first.y }
    } else {
        Point { x: last.x - 1 - length, y: last.y }
    })
}

/// What a segment does in its channel.
struct Way {
    net: NetId,
    left: i32,
    rights: Vec<i32>,
    /// The column it turns in, counted in tracks; `None` where it is straight.
    track: Option<usize>,
    /// A second bend: the row between the two, and the second track.
    bend: Option<(i32, Option<usize>)>,
}

/// The room between two ranks.
struct Channel {
    ways: Vec<Way>,
    by_net: BTreeMap<NetId, usize>,
    tracks: usize,
    /// Columns before the first track.
    lead: usize,
}

impl Channel {
    fn of(graph: &Graph, placement: &mut Placement, rank: usize) -> Self {
        let ways: Vec<Way> = graph.segments[rank].iter().map(|segment| way(segment, placement)).collect();
        let turned =
            graph.segments[rank].iter().any(|segment| graph.nets[segment.net].turned && segment.left < graph.boxes);
        let loops = graph.loops.iter().any(|&id| graph.items[id].rank == rank);
        let by_net = ways.iter().enumerate().map(|(at, way)| (way.net, at)).collect();
        let mut channel = Self { ways, by_net, tracks: 0, lead: if turned || loops { LOOP } else { 1 } };
        channel.assign(placement);
        channel
    }

    /// Columns of the whole channel; the place for labels is set on the way.
    fn width(&mut self, graph: &Graph, placement: &mut Placement, rank: usize) -> usize {
        let after = placement.frame_after[rank];
        let Some(before) = placement.frame_before.get(rank + 1).copied() else {
            let loops = graph.loops.iter().any(|&id| graph.items[id].rank == rank);
            return after + if loops { LOOP } else { 0 };
        };
        let labels = graph.arrows.iter().filter(|arrow| {
            let net = &graph.nets[arrow.net];
            let end = if net.turned { arrow.from } else { arrow.to };
            graph.items[end].rank == rank + 1
        });
        let longest = labels.map(|arrow| arrow.label.width()).max().unwrap_or(0);
        let tail = if longest > 0 { longest + 3 } else { 2 };
        placement.tails[rank + 1] = tail;
        after + self.lead + self.tracks + before + tail
    }

    /// Gives every way that turns its track.
    fn assign(&mut self, placement: &mut Placement) {
        let mut pieces: Vec<Piece> = self
            .ways
            .iter()
            .enumerate()
            .filter(|(_, way)| way.rights.iter().any(|row| *row != way.left))
            .map(|(at, way)| Piece { way: at, second: false, left: way.left, rights: way.rights.clone(), track: None })
            .collect();
        let mut used: BTreeSet<i32> =
            self.ways.iter().flat_map(|way| way.rights.iter().copied().chain([way.left])).collect();
        used.extend(&placement.border_rows);
        let mut left = pieces.len();
        while left > 0 {
            let ready = ready(&pieces, placement.rows);
            let at = ready.unwrap_or_else(|| {
                let stuck = pieces.iter().position(|piece| piece.track.is_none()).unwrap_or(0);
                let row = free_row(pieces[stuck].left, &mut used, placement);
                let rights = std::mem::replace(&mut pieces[stuck].rights, vec![row]);
                let way = pieces[stuck].way;
                self.ways[way].bend = Some((row, None));
                pieces.push(Piece { way, second: true, left: row, rights, track: None });
                left += 1;
                stuck
            });
            let track = least_track(&pieces, at);
            pieces[at].track = Some(track);
            self.tracks = self.tracks.max(track + 1);
            left -= 1;
        }
        for piece in pieces {
            let way = &mut self.ways[piece.way];
            match &mut way.bend {
                Some((_, second)) if piece.second => *second = piece.track,
                _ => way.track = piece.track,
            }
        }
    }
}

fn way(segment: &Segment, placement: &Placement) -> Way {
    Way {
        net: segment.net,
        left: placement.row_out(segment.left, segment.net),
        rights: segment.rights.iter().map(|&to| placement.row_in(to, segment.net)).collect(),
        track: None,
        bend: None,
    }
}

/// A run up or down with what leads to it and away from it.
struct Piece {
    way: usize,
    /// Whether it comes after a second bend.
    second: bool,
    left: i32,
    rights: Vec<i32>,
    track: Option<usize>,
}

impl Piece {
    fn rows(&self) -> (i32, i32) {
        let all = || self.rights.iter().copied().chain([self.left]);
        (all().min().unwrap_or(self.left), all().max().unwrap_or(self.left))
    }

    /// Arrows that go up turn the earlier the higher they start, arrows that go down the later: then they don't cross.
    fn key(&self, rows: i32) -> i32 {
        if self.rights.iter().all(|row| *row <= self.left) { self.left } else { rows - self.left }
    }
}

/// The next piece that no unplaced piece must turn before.
fn ready(pieces: &[Piece], rows: i32) -> Option<usize> {
    let waits = |piece: &Piece| {
        pieces
            .iter()
            .any(|other| other.track.is_none() && !std::ptr::eq(other, piece) && piece.rights.contains(&other.left))
    };
    let free = pieces.iter().enumerate().filter(|(_, piece)| piece.track.is_none() && !waits(piece));
    free.min_by_key(|(at, piece)| (piece.key(rows), *at)).map(|(at, _)| at)
}

/// The first track behind those that must come before and those that run beside it.
fn least_track(pieces: &[Piece], at: usize) -> usize {
    let (top, bottom) = pieces[at].rows();
    let placed = pieces.iter().filter(|other| {
        let (first, last) = other.rows();
        (first <= bottom && top <= last) || pieces[at].rights.contains(&other.left)
    });
    placed.filter_map(|other| other.track).map(|track| track + 1).max().unwrap_or(0)
}

/// The row nearest to `row` that nothing in the channel uses.
fn free_row(row: i32, used: &mut BTreeSet<i32>, placement: &mut Placement) -> i32 {
    let found = (1..=placement.rows)
        .flat_map(|distance| [row + distance, row - distance])
        .find(|row| (0..placement.rows).contains(row) && !used.contains(row));
    let found = found.unwrap_or(placement.rows);
    placement.rows = placement.rows.max(found + 1);
    used.insert(found);
    found
}

struct Routes<'a> {
    graph: &'a Graph,
    placement: &'a Placement,
    channels: &'a [Channel],
}

impl Routes<'_> {
    fn path(&self, arrow: &Arrow) -> Vec<Point> {
        if arrow.from == arrow.to {
            return self.own_loop(arrow.from);
        }
        let net = &self.graph.nets[arrow.net];
        let target = if net.turned { arrow.from } else { arrow.to };
        let last = self.graph.items[target].rank;
        let mut pen = Pen { cells: Vec::new() };
        for rank in self.graph.items[net.source].rank..last {
            let channel = &self.channels[rank];
            let way = &channel.ways[channel.by_net[&arrow.net]];
            let stop = if rank + 1 == last { target } else { self.bend_at(arrow.net, rank + 1) };
            self.cross(rank, way, self.placement.row_in(stop, arrow.net), &mut pen);
            if rank + 1 < last {
                let x = self.placement.rank_x[rank + 1];
                pen.to(x + self.placement.rank_width[rank + 1] - 1, self.placement.top[stop]);
            }
        }
        if net.turned {
            pen.cells.reverse();
        }
        pen.cells
    }

    fn bend_at(&self, net: NetId, rank: usize) -> usize {
        let stops = &self.graph.nets[net].stops[&rank];
        stops.iter().copied().find(|&stop| self.graph.items[stop].bend.is_some()).unwrap_or(stops[0])
    }

    /// Through the channel behind `rank`, from where the way comes in to the row it leaves at.
    fn cross(&self, rank: usize, way: &Way, row: i32, pen: &mut Pen) {
        let start = self.placement.rank_x[rank] + self.placement.rank_width[rank];
        let end = self.placement.rank_x[rank + 1] - 1;
        let first_track = start + self.placement.frame_after[rank] + self.channels[rank].lead;
        pen.to(start, way.left);
        if let Some(track) = way.track {
            pen.to(first_track + track, way.left);
            match way.bend {
                Some((between, second)) => {
                    pen.to(first_track + track, between);
                    if let Some(second) = second {
                        pen.to(first_track + second, between);
                        pen.to(first_track + second, row);
                    }
                }
                None => pen.to(first_track + track, row),
            }
        }
        pen.to(end, row);
    }

    /// Out of the box and back in, one row below.
    fn own_loop(&self, id: usize) -> Vec<Point> {
        let rank = self.graph.items[id].rank;
        let x = self.placement.rank_x[rank] + self.placement.rank_width[rank];
        let y = self.placement.top[id] + rows(self.placement.ports[id].right.len()) + 1;
        let mut pen = Pen { cells: Vec::new() };
        for (x, y) in [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)] {
            pen.to(x, y);
        }
        pen.cells
    }
}

/// Cells in the order they are passed.
struct Pen {
    cells: Vec<Point>,
}

impl Pen {
    /// On to a cell of the same row or column.
    fn to(&mut self, x: usize, y: i32) {
        let to = Point { x: x as u16, y: y as u16 };
        let Some(mut at) = self.cells.last().copied() else {
            self.cells.push(to);
            return;
        };
        while at.x != to.x {
            at.x = step(at.x, to.x);
            self.cells.push(at);
        }
        while at.y != to.y {
            at.y = step(at.y, to.y);
            self.cells.push(at);
        }
    }
}

fn step(from: u16, to: u16) -> u16 {
    match from.cmp(&to) {
        std::cmp::Ordering::Less => from + 1,
        std::cmp::Ordering::Greater => from - 1,
        std::cmp::Ordering::Equal => from,
    }
}
