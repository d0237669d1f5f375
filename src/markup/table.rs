//! Tables that fit: columns as wide as they need, the widest narrowed until the table fits, cells wrapped.

use super::wrap::{Piece, wrap};
use super::{Line, Role};

/// Width of what stands between two columns.
const GAP: usize = 3;
/// No column gets narrower than this.
const LEAST: usize = 4;

/// The lines of a table of `rows` (the head first) in at most `width` cells, or a little more if there are very many columns.
pub(super) fn table(rows: &[Vec<Vec<Piece>>], right: &[bool], width: usize) -> Vec<Line> {
    let widths = column_widths(rows, right.len(), width);
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        lines.extend(row_lines(row, &widths, right, at == 0));
        if at == 0 {
            lines.push(rule(&widths));
        }
    }
    lines
}

fn column_widths(rows: &[Vec<Vec<Piece>>], columns: usize, width: usize) -> Vec<usize> {
    let cell_width = |cell: &Vec<Piece>| wrap(cell, usize::MAX).first().map_or(0, Line::width);
    let mut widths: Vec<usize> = (0..columns)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(cell_width).max().unwrap_or(0))
        .collect();
    let gaps = GAP * columns.saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > width {
        let Some(widest) = widths.iter_mut().max_by_key(|width| **width).filter(|width| **width > LEAST) else { break };
        *widest -= 1;
    }
    widths
}

fn row_lines(row: &[Vec<Piece>], widths: &[usize], right: &[bool], head: bool) -> Vec<Line> {
    let cells: Vec<Vec<Line>> =
        row.iter().zip(widths).map(|(cell, &width)| wrap(&emphasised(cell, head), width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0).max(1);
    (0..height)
        .map(|y| {
            let mut line = Line::default();
            for (column, &width) in widths.iter().enumerate() {
                if column > 0 {
                    line.push(" │ ", Role::Mark, None);
                }
                let cell = cells.get(column).and_then(|lines| lines.get(y));
                let padding = width.saturating_sub(cell.map_or(0, Line::width));
                let flush_right = right.get(column).copied().unwrap_or(false);
                let (before, after) = if flush_right { (padding, 0) } else { (0, padding) };
                line.push(&" ".repeat(before), Role::Text, None);
                for span in cell.map(|line| line.spans.as_slice()).unwrap_or_default() {
                    line.push(&span.text, span.role, span.link);
                }
                if column + 1 < widths.len() {
                    line.push(&" ".repeat(after), Role::Text, None);
                }
            }
            line
        })
        .collect()
}

fn emphasised(cell: &[Piece], head: bool) -> Vec<Piece> {
    let strong = |piece: &Piece| Piece { role: Role::Strong, ..piece.clone() };
    if head { cell.iter().map(strong).collect() } else { cell.to_vec() }
}

fn rule(widths: &[usize]) -> Line {
    let parts: Vec<String> = widths.iter().map(|&width| "─".repeat(width)).collect();
    let mut line = Line::default();
    line.push(&parts.join("─┼─"), Role::Mark, None);
    line
}
