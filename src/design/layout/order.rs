//! The order of boxes and bends within each rank: few crossings.

use super::graph::{Graph, ItemId};

/// Sweeps over the ranks; more have changed no reference design.
const SWEEPS: usize = 8;

/// The items of each rank from top to bottom: by bands, and within a band with few crossings.
pub(super) fn layers(graph: &Graph) -> Vec<Vec<ItemId>> {
    let mut layers: Vec<Vec<ItemId>> = vec![Vec::new(); graph.ranks];
    let mut order: Vec<ItemId> = (0..graph.items.len()).collect();
    // Bends start where the net's source stands in the text.
    order.sort_by_key(|&id| (graph.items[id].band, graph.items[id].bend.map_or(id, |net| graph.nets[net].source), id));
    for id in order {
        layers[graph.items[id].rank].push(id);
    }
    let neighbours = Neighbours::of(graph);
    let mut best = layers.clone();
    let mut fewest = crossings(graph, &layers);
    for sweep in 0..SWEEPS {
        if fewest == 0 {
            break;
        }
        let forward = sweep % 2 == 0;
        let ranks: Vec<usize> =
            if forward { (1..graph.ranks).collect() } else { (0..graph.ranks.saturating_sub(1)).rev().collect() };
        for rank in ranks {
            let fixed = positions(graph, &layers[if forward { rank - 1 } else { rank + 1 }]);
            sort_layer(graph, &mut layers[rank], if forward { &neighbours.left } else { &neighbours.right }, &fixed);
        }
        swap_neighbours(graph, &mut layers, &neighbours);
        let count = crossings(graph, &layers);
        if count < fewest {
            fewest = count;
            best.clone_from(&layers);
        }
    }
    best
}

/// What each item is joined with in the rank before and in the rank behind.
struct Neighbours {
    left: Vec<Vec<ItemId>>,
    right: Vec<Vec<ItemId>>,
}

impl Neighbours {
    fn of(graph: &Graph) -> Self {
        let mut left = vec![Vec::new(); graph.items.len()];
        let mut right = vec![Vec::new(); graph.items.len()];
        for segment in graph.segments.iter().flatten() {
            for &to in &segment.rights {
                left[to].push(segment.left);
                right[segment.left].push(to);
            }
        }
        Self { left, right }
    }
}

/// Each item's place in its rank; items of other ranks have none.
fn positions(graph: &Graph, layer: &[ItemId]) -> Vec<usize> {
    let mut positions = vec![usize::MAX; graph.items.len()];
    for (at, &id) in layer.iter().enumerate() {
        positions[id] = at;
    }
    positions
}

/// Sorts a rank by the mean place of what each item is joined with; an item joined with nothing keeps its place.
fn sort_layer(graph: &Graph, layer: &mut Vec<ItemId>, joined: &[Vec<ItemId>], fixed: &[usize]) {
    let keyed = layer.iter().enumerate().map(|(at, &id)| {
        let places: Vec<f64> = joined[id].iter().map(|&other| fixed[other] as f64).collect();
        let mean = if places.is_empty() { at as f64 } else { places.iter().sum::<f64>() / places.len() as f64 };
        (graph.items[id].band, mean, at, id)
    });
    let mut keyed: Vec<(usize, f64, usize, ItemId)> = keyed.collect();
    keyed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    *layer = keyed.into_iter().map(|(.., id)| id).collect();
}

/// Swaps neighbours within their band where that takes crossings away.
fn swap_neighbours(graph: &Graph, layers: &mut [Vec<ItemId>], neighbours: &Neighbours) {
    for rank in 0..layers.len() {
        let before = if rank > 0 { positions(graph, &layers[rank - 1]) } else { Vec::new() };
        let behind = layers.get(rank + 1).map_or(Vec::new(), |layer| positions(graph, layer));
        for at in 1..layers[rank].len() {
            let (upper, lower) = (layers[rank][at - 1], layers[rank][at]);
            if graph.items[upper].band != graph.items[lower].band {
                continue;
            }
            let pair = |a: ItemId, b: ItemId| {
                inverted(&neighbours.left[a], &neighbours.left[b], &before)
                    + inverted(&neighbours.right[a], &neighbours.right[b], &behind)
            };
            if pair(lower, upper) < pair(upper, lower) {
                layers[rank].swap(at - 1, at);
            }
        }
    }
}

/// Crossings between the lines of an upper and a lower item to the same neighbouring rank.
fn inverted(upper: &[ItemId], lower: &[ItemId], places: &[usize]) -> usize {
    upper.iter().map(|&u| lower.iter().filter(|&&l| places[l] < places[u]).count()).sum()
}

/// Crossings of the whole drawing.
pub(super) fn crossings(graph: &Graph, layers: &[Vec<ItemId>]) -> usize {
    let mut places = vec![0; graph.items.len()];
    for layer in layers {
        for (at, &id) in layer.iter().enumerate() {
            places[id] = at;
        }
    }
    graph
        .segments
        .iter()
        .map(|segments| {
            let mut lines: Vec<(usize, usize)> = segments
                .iter()
                .flat_map(|segment| segment.rights.iter().map(|&to| (places[segment.left], places[to])))
                .collect();
            lines.sort_unstable();
            let behind = lines.iter().enumerate();
            behind
                .map(|(at, &(from, to))| lines[at + 1..].iter().filter(|&&(f, t)| f > from && t < to).count())
                .sum::<usize>()
        })
        .sum()
}
