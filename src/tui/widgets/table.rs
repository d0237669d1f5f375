//! A table of figures: columns that align, a head, and fewer columns where there is less room.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Canvas, fit, width};
use crate::tui::theme::Role;

/// Which side a column is flushed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// A column: its head and how it is set.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The head.
    pub title: &'static str,
    /// Which side it is flushed to.
    pub align: Align,
    /// Which columns go first where there is no room: the greatest. 0 stays.
    pub rank: u8,
}

/// Draws `rows` under the heads of `columns`, as many as fit, from row `skip`; a cell is its text and role. The first column gives way
/// when even the columns of rank 0 don't fit. Returns the rows drawn, the head not counted.
pub fn table(
    canvas: &mut Canvas<'_>,
    area: Rect,
    columns: &[Column],
    rows: &[Vec<(String, Role)>],
    skip: usize,
) -> usize {
    let widths = natural_widths(columns, rows);
    let shown = shown(columns, &widths, usize::from(area.width));
    let mut widths: Vec<usize> = shown.iter().map(|&at| widths[at]).collect();
    let over = total(&widths).saturating_sub(usize::from(area.width));
    if let Some(first) = widths.first_mut() {
        *first = first.saturating_sub(over).max(4);
    }
    let head: Vec<(String, Role)> = columns.iter().map(|column| (column.title.to_owned(), Role::Muted)).collect();
    let visible = usize::from(area.height.saturating_sub(1));
    let lines = std::iter::once(&head).chain(rows.iter().skip(skip).take(visible));
    for (row, cells) in lines.enumerate() {
        let mut line = Line::default();
        for (&at, &cell_width) in shown.iter().zip(&widths) {
            let Some((text, role)) = cells.get(at) else { continue };
            let text = fit(text, cell_width, canvas.theme.ellipsis());
            let space = " ".repeat(cell_width.saturating_sub(width(&text)));
            let text = match columns[at].align {
                Align::Left => format!("{text}{space}  "),
                Align::Right => format!("{space}{text}  "),
            };
            line.push_span(Span::styled(text, canvas.style(*role)));
        }
        canvas.line(area, row as u16, &line);
    }
    rows.len().saturating_sub(skip).min(visible)
}

fn natural_widths(columns: &[Column], rows: &[Vec<(String, Role)>]) -> Vec<usize> {
    let of = |at: usize| rows.iter().filter_map(move |row| row.get(at)).map(|(text, _)| width(text)).max().unwrap_or(0);
    columns.iter().enumerate().map(|(at, column)| width(column.title).max(of(at))).collect()
}

/// Indices of the columns that fit in `room` cells when those of the greatest rank are left out first.
fn shown(columns: &[Column], widths: &[usize], room: usize) -> Vec<usize> {
    let greatest = columns.iter().map(|column| column.rank).max().unwrap_or(0);
    let kept = |rank: u8| (0..columns.len()).filter(|&at| columns[at].rank <= rank).collect::<Vec<_>>();
    let fits = |kept: &Vec<usize>| total(&kept.iter().map(|&at| widths[at]).collect::<Vec<_>>()) <= room;
    (0..=greatest).rev().map(kept).find(fits).unwrap_or_else(|| kept(0))
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + widths.len().saturating_sub(1) * 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;
    use ratatui::buffer::Buffer;

    #[track_caller]
    fn draws(cells: u16, expected: [&str; 2]) {
        let columns = [
            Column { title: "flow", align: Align::Left, rank: 0 },
            Column { title: "p99", align: Align::Right, rank: 0 },
            Column { title: "p90", align: Align::Right, rank: 1 },
        ];
        let cell = |text: &str| (text.to_owned(), Role::Text);
        let rows = vec![vec![cell("GET /{code}"), cell("12ms"), cell("9ms")]];
        let area = Rect::new(0, 0, cells, 2);
        let mut buf = Buffer::empty(area);
        let theme = Theme::mono(false);
        assert_eq!(table(&mut Canvas::new(&mut buf, &theme), area, &columns, &rows, 0), 1);
        let line = |y| (0..cells).map(|x| buf[(x, y)].symbol()).collect::<String>().trim_end().to_owned();
        assert_eq!([line(0), line(1)], expected);
    }

    #[test]
    fn columns_give_way_by_rank_and_then_the_first_shrinks() {
        draws(30, ["flow          p99  p90", "GET /{code}  12ms  9ms"]);
        draws(18, ["flow          p99", "GET /{code}  12ms"]);
        draws(12, ["flow     p99", "GET /…  12ms"]);
        draws(3, ["flo", "GET"]);
    }
}
