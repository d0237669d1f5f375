//! The design as a layered graph: arrows without cycles, ranks, and bends where an arrow passes a rank.

use std::collections::BTreeMap;

use crate::design::{Design, arrows};

/// Index into [`Graph::items`]; a component's item has the component's number.
pub(super) type ItemId = usize;
/// Index into [`Graph::nets`].
pub(super) type NetId = usize;

/// An arrow and the net it runs in.
pub(super) struct Arrow {
    pub from: usize,
    pub to: usize,
    pub asynchronous: bool,
    pub label: String,
    pub net: NetId,
}

/// Something that has a place in a rank.
pub(super) struct Item {
    pub rank: usize,
    /// Which band of rows it belongs to: index into [`Graph::bands`].
    pub band: usize,
    /// The net that bends here; `None` for a box.
    pub bend: Option<NetId>,
}

/// Arrows that share their way: of one caller and one sort.
pub(super) struct Net {
    /// Where the layout starts it; of a turned arrow the called.
    pub source: ItemId,
    /// Whether it closes a cycle and is laid out against its direction.
    pub turned: bool,
    /// What it passes or reaches in each rank, from the source's.
    pub stops: BTreeMap<usize, Vec<ItemId>>,
}

/// The part of a net between two neighbouring ranks.
pub(super) struct Segment {
    pub net: NetId,
    pub left: ItemId,
    pub rights: Vec<ItemId>,
}

pub(super) struct Graph {
    pub arrows: Vec<Arrow>,
    pub items: Vec<Item>,
    pub nets: Vec<Net>,
    /// By the rank on their left.
    pub segments: Vec<Vec<Segment>>,
    pub ranks: usize,
    /// Number of boxes; items from here on are bends.
    pub boxes: usize,
    /// Boxes that call themselves.
    pub loops: Vec<usize>,
    /// The region of each band of rows, `None` for what stands in none; in the order of their first boxes.
    pub bands: Vec<Option<usize>>,
}

impl Graph {
    /// The graph of the first `boxes` components.
    pub fn of(design: &Design, boxes: usize) -> Self {
        let of_design = arrows::arrows(design).into_iter().filter(|arrow| arrow.from.max(arrow.to) < boxes);
        let mut arrows: Vec<Arrow> = of_design
            .map(|arrows::Arrow { from, to, asynchronous, label }| Arrow { from, to, asynchronous, label, net: 0 })
            .collect();
        let roots: Vec<usize> =
            design.flows.iter().map(|flow| flow.root.component.0 as usize).filter(|&root| root < boxes).collect();
        let acyclic = Acyclic::of(&arrows, boxes, &roots);
        let ranks = acyclic.ranks(&roots);
        let mut bands: Vec<Option<usize>> = Vec::new();
        let items = (0..boxes).map(|at| {
            let region = design.components[at].region.map(|region| region.0 as usize);
            let band = bands.iter().position(|known| *known == region).unwrap_or_else(|| {
                bands.push(region);
                bands.len() - 1
            });
            Item { rank: ranks[at], band, bend: None }
        });
        let items = items.collect();
        let mut graph = Self {
            items,
            bands,
            nets: Vec::new(),
            segments: Vec::new(),
            ranks: ranks.iter().max().map_or(1, |rank| rank + 1),
            boxes,
            loops: arrows.iter().filter(|arrow| arrow.from == arrow.to).map(|arrow| arrow.from).collect(),
            arrows: Vec::new(),
        };
        graph.lay_nets(&mut arrows, &acyclic.turned);
        graph.arrows = arrows;
        graph.cut_segments();
        graph
    }

    /// Puts each arrow in its net and gives each net a bend in every rank that it passes.
    fn lay_nets(&mut self, arrows: &mut [Arrow], turned: &[bool]) {
        let mut known: BTreeMap<(usize, bool), NetId> = BTreeMap::new();
        for (at, arrow) in arrows.iter_mut().enumerate() {
            let (source, target) = if turned[at] { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) };
            let new = self.nets.len();
            let alone = turned[at] || source == target;
            arrow.net = if alone { new } else { *known.entry((source, arrow.asynchronous)).or_insert(new) };
            if arrow.net == new {
                self.nets.push(Net { source, turned: turned[at], stops: BTreeMap::new() });
            }
            if source != target {
                self.nets[arrow.net].stops.entry(self.items[target].rank).or_default().push(target);
            }
        }
        for id in 0..self.nets.len() {
            let source = &self.items[self.nets[id].source];
            let (first, band) = (source.rank + 1, source.band);
            let Some(&last) = self.nets[id].stops.keys().next_back() else { continue };
            for rank in first..last {
                self.nets[id].stops.entry(rank).or_default().push(self.items.len());
                self.items.push(Item { rank, band, bend: Some(id) });
            }
        }
    }

    fn cut_segments(&mut self) {
        self.segments = (0..self.ranks).map(|_| Vec::new()).collect();
        for (id, net) in self.nets.iter().enumerate() {
            let mut left = net.source;
            for (&rank, stops) in &net.stops {
                self.segments[rank - 1].push(Segment { net: id, left, rights: stops.clone() });
                left = stops.iter().copied().find(|&stop| self.items[stop].bend.is_some()).unwrap_or(left);
            }
        }
    }
}

/// The arrows with those turned that would close a cycle.
struct Acyclic {
    /// For each arrow whether it is turned.
    turned: Vec<bool>,
    /// What each box leads to, with turned arrows turned.
    next: Vec<Vec<usize>>,
    /// Boxes before all that they lead to.
    sorted: Vec<usize>,
}

impl Acyclic {
    /// Depth first from the clients, in the order of the text: an arrow to a box that is still open closes a cycle.
    fn of(arrows: &[Arrow], boxes: usize, roots: &[usize]) -> Self {
        let mut leading: Vec<Vec<usize>> = vec![Vec::new(); boxes];
        for (at, arrow) in arrows.iter().enumerate() {
            leading[arrow.from].push(at);
        }
        let mut search = Search {
            arrows,
            leading: &leading,
            state: vec![State::New; boxes],
            turned: vec![false; arrows.len()],
            finished: Vec::with_capacity(boxes),
        };
        for start in roots.iter().copied().chain(0..boxes) {
            search.from(start);
        }
        let Search { turned, mut finished, .. } = search;
        finished.reverse();
        let mut next = vec![Vec::new(); boxes];
        for (at, arrow) in arrows.iter().enumerate().filter(|(_, arrow)| arrow.from != arrow.to) {
            let (from, to) = if turned[at] { (arrow.to, arrow.from) } else { (arrow.from, arrow.to) };
            next[from].push(to);
        }
        Self { turned, next, sorted: finished }
    }

    /// The longest way from a start; what nothing leads to and no flow starts at stands right before what it leads to.
    fn ranks(&self, roots: &[usize]) -> Vec<usize> {
        let mut ranks = vec![0; self.next.len()];
        let mut reached = vec![false; self.next.len()];
        for &at in &self.sorted {
            for &to in &self.next[at] {
                ranks[to] = ranks[to].max(ranks[at] + 1);
                reached[to] = true;
            }
        }
        for &at in &self.sorted {
            if !reached[at] && !roots.contains(&at) {
                ranks[at] = self.next[at].iter().map(|&to| ranks[to] - 1).min().unwrap_or(0);
            }
        }
        ranks
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

struct Search<'a> {
    arrows: &'a [Arrow],
    leading: &'a [Vec<usize>],
    state: Vec<State>,
    turned: Vec<bool>,
    finished: Vec<usize>,
}

impl Search<'_> {
    fn from(&mut self, at: usize) {
        if self.state[at] != State::New {
            return;
        }
        self.state[at] = State::Open;
        for &arrow in &self.leading[at] {
            let to = self.arrows[arrow].to;
            match self.state[to] {
                State::Open if to != at => self.turned[arrow] = true,
                _ => self.from(to),
            }
        }
        self.state[at] = State::Done;
        self.finished.push(at);
    }
}
