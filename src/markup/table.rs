//! Tables that fit: columns as wide as they need, the widest narrowed until the table fits, cells wrapped; or row by row.

use unicode_width::UnicodeWidthStr;

use super::wrap::{Piece, wrap};
use super::{Line, Role};

/// Width of what stands between two columns.
const GAP: usize = 3;
/// No column gets narrower than this.
const LEAST: usize = 4;
/// A word longer than this may be broken: it is a path or an address.
const LONGEST_WORD: usize = 24;

/// The lines of a table of `rows` (the head first) in at most `width` cells: as a grid, or row by row where even its words have no room
/// beside each other.
pub(super) fn table(rows: &[Vec<Vec<Piece>>], right: &[bool], width: usize) -> Vec<Line> {
    let Some(widths) = column_widths(rows, right.len(), width) else { return stacked(rows, width) };
    // Markdown knows no table without a head; one of empty cells is meant to be none.
    let headless = rows.first().is_some_and(|head| head.iter().all(|cell| cell_width(cell) == 0));
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate().skip(usize::from(headless)) {
        lines.extend(row_lines(row, &widths, right, at == 0));
        if at == 0 {
            lines.push(rule(&widths));
        }
    }
    lines
}

/// The columns' widths: what each needs, the widest narrowed until the table fits; `None` if a word would have to be broken for that.
fn column_widths(rows: &[Vec<Vec<Piece>>], columns: usize, width: usize) -> Option<Vec<usize>> {
    let of = |column: usize, measure: fn(&[Piece]) -> usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| measure(cell)).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = (0..columns).map(|column| of(column, cell_width)).collect();
    let least: Vec<usize> = (0..columns).map(|column| of(column, longest_word).clamp(LEAST, LONGEST_WORD)).collect();
    let room = width.checked_sub(GAP * columns.saturating_sub(1))?;
    while widths.iter().sum::<usize>() > room {
        let widest =
            widths.iter_mut().zip(&least).filter(|(width, least)| **width > **least).map(|(width, _)| width).max()?;
        *widest -= 1;
    }
    Some(widths)
}

fn cell_width(cell: &[Piece]) -> usize {
    wrap(cell, usize::MAX).iter().map(Line::width).max().unwrap_or(0)
}

fn longest_word(cell: &[Piece]) -> usize {
    wrap(cell, 1 << 20)
        .iter()
        .flat_map(|line| line.text().split(' ').map(UnicodeWidthStr::width).collect::<Vec<_>>())
        .max()
        .unwrap_or(0)
}

/// Row by row: the first cell as a heading, each other one after its column's name.
fn stacked(rows: &[Vec<Vec<Piece>>], width: usize) -> Vec<Line> {
    let Some((head, rows)) = rows.split_first() else { return Vec::new() };
    let mut lines = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            lines.push(Line::default());
        }
        let (first, others) = row.split_at(row.len().min(1));
        lines.extend(first.iter().flat_map(|cell| wrap(&emphasised(cell, true), width)));
        for (name, cell) in head.iter().skip(1).zip(others) {
            let mut pieces = name.clone();
            if !pieces.is_empty() {
                pieces.push(Piece { text: ": ".to_owned(), role: Role::Text, link: None, hard_break: false });
            }
            pieces.extend(cell.iter().cloned());
            for line in wrap(&pieces, width.saturating_sub(2)) {
                let mut indented = Line::default();
                indented.push("  ", Role::Text, None);
                for span in &line.spans {
                    indented.push(&span.text, span.role, span.link);
                }
                lines.push(indented);
            }
        }
    }
    lines
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
