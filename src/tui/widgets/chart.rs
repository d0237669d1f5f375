//! Lines over time, in Braille dots or, where there is only ASCII, in signs.

use ratatui::layout::Rect;
use ratatui::text::{Line as TextLine, Span};

use super::{Canvas, width};
use crate::tui::theme::Role;

/// One line of a chart.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    /// Its name in the legend.
    pub name: &'a str,
    /// Points in the order of x; a gap where y is no finite positive number.
    pub points: Vec<(f64, f64)>,
    /// Its role.
    pub role: Role,
    /// Its sign where there is only ASCII.
    pub sign: char,
}

/// Lines on a logarithmic height: a median of 2 ms and a tail of 2 s are both readable.
pub struct Chart<'a> {
    /// The lines; later ones are drawn over earlier ones.
    pub lines: &'a [Line<'a>],
    /// A bound drawn across, with its text.
    pub bound: Option<(f64, &'a str)>,
    /// Greatest x; the least is 0.
    pub until: f64,
    /// How x is written.
    pub x: fn(f64) -> String,
    /// How y is written.
    pub y: fn(f64) -> String,
}

/// What a value of y is on the screen.
#[derive(Clone, Copy)]
struct Scale {
    low: f64,
    high: f64,
    until: f64,
    columns: usize,
    rows: usize,
}

impl Scale {
    /// Column and row of a point, in dots from the top left.
    fn place(self, (x, y): (f64, f64)) -> Option<(usize, usize)> {
        let across = if self.until > 0.0 { x / self.until } else { 0.0 };
        let height = (y / self.low).ln() / (self.high / self.low).ln();
        let drawable = y.is_finite() && y > 0.0 && across.is_finite() && height.is_finite();
        drawable.then(|| {
            let column = (across.clamp(0.0, 1.0) * (self.columns - 1) as f64).round() as usize;
            let row = ((1.0 - height.clamp(0.0, 1.0)) * (self.rows - 1) as f64).round() as usize;
            (column, row)
        })
    }
}

impl Chart<'_> {
    /// Draws the chart: legend above, figures at the left, time below.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let area = area.intersection(canvas.buf.area);
        let Some((low, high)) = self.range() else {
            canvas.put(area, 0, "no figures yet", Role::Muted);
            return;
        };
        let labels = [(self.y)(high), (self.y)((low * high).sqrt()), (self.y)(low)];
        let margin = labels.iter().map(|label| width(label)).max().unwrap_or(0) as u16 + 1;
        if area.width < margin + 8 || area.height < 4 {
            return;
        }
        self.legend(canvas, area);
        let plot = Rect { x: area.x + margin, y: area.y + 1, width: area.width - margin, height: area.height - 2 };
        for (row, label) in [(0, &labels[0]), (plot.height / 2, &labels[1]), (plot.height - 1, &labels[2])] {
            let cell = Rect { x: area.x, y: plot.y + row, width: margin - 1, height: 1 };
            if row != plot.height / 2 || plot.height > 4 {
                canvas.put_right(cell, 0, label, Role::Muted);
            }
        }
        let axis = Rect { y: plot.bottom(), height: 1, ..plot };
        canvas.put(axis, 0, &(self.x)(0.0), Role::Muted);
        canvas.put_right(axis, 0, &(self.x)(self.until), Role::Muted);
        self.plot(canvas, plot, low, high);
    }

    /// The least and greatest figure, the bound included, a little apart.
    fn range(&self) -> Option<(f64, f64)> {
        let drawn = self.lines.iter().flat_map(|line| line.points.iter().map(|&(_, y)| y));
        let (low, high) = drawn
            .chain(self.bound.map(|(y, _)| y))
            .filter(|y| y.is_finite() && *y > 0.0)
            .fold((f64::INFINITY, 0.0_f64), |(low, high), y| (low.min(y), high.max(y)));
        let any = self.lines.iter().any(|line| line.points.iter().any(|&(_, y)| y > 0.0));
        any.then(|| if high / low < 1.5 { (low / 1.25, high * 1.25) } else { (low, high) })
    }

    fn legend(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let mut legend = TextLine::default();
        for line in self.lines {
            let sign = if canvas.theme.ascii { line.sign.to_string() } else { "━".to_owned() };
            legend.push_span(Span::styled(format!("{sign} {}   ", line.name), canvas.style(line.role)));
        }
        if let Some((_, text)) = self.bound {
            let sign = canvas.theme.sign("┄", "-");
            legend.push_span(Span::styled(format!("{sign} {text}"), canvas.style(Role::Muted)));
        }
        canvas.line(area, 0, &legend);
    }

    fn plot(&self, canvas: &mut Canvas<'_>, plot: Rect, low: f64, high: f64) {
        let (across, down) = canvas.theme.sign((2, 4), (1, 1));
        let scale = Scale {
            low,
            high,
            until: self.until,
            columns: usize::from(plot.width) * across,
            rows: usize::from(plot.height) * down,
        };
        if let Some((y, _)) = self.bound
            && let Some((_, row)) = scale.place((0.0, y))
        {
            let style = canvas.style(Role::Muted);
            let y = plot.y + (row / down) as u16;
            for x in plot.left()..plot.right() {
                canvas.buf[(x, y)].set_symbol(canvas.theme.sign("┄", "-")).set_style(style);
            }
        }
        for line in self.lines {
            let mut dots = Dots::new(plot);
            let mut last = None;
            for &point in &line.points {
                let place = scale.place(point);
                if let Some(to) = place {
                    stroke(last.unwrap_or(to), to, |column, row| dots.set(column, row, across, down));
                }
                last = place;
            }
            dots.draw(canvas, plot, line);
        }
    }
}

/// Every dot of the straight line between two.
fn stroke(from: (usize, usize), to: (usize, usize), mut set: impl FnMut(usize, usize)) {
    let steps = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)).max(1);
    let between = |a: usize, b: usize, step: usize| {
        (a as f64 + (b as f64 - a as f64) * step as f64 / steps as f64).round() as usize
    };
    for step in 0..=steps {
        set(between(from.0, to.0, step), between(from.1, to.1, step));
    }
}

/// The dots of one line: a byte a cell.
struct Dots {
    width: usize,
    cells: Vec<u8>,
}

impl Dots {
    fn new(plot: Rect) -> Self {
        Self { width: usize::from(plot.width), cells: vec![0; plot.area() as usize] }
    }

    fn set(&mut self, column: usize, row: usize, across: usize, down: usize) {
        const BITS: [[u8; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        if let Some(cell) = self.cells.get_mut(row / down * self.width + column / across) {
            *cell |= BITS[row % down][column % across];
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>, plot: Rect, line: &Line<'_>) {
        let style = canvas.style(line.role);
        for (at, &dots) in self.cells.iter().enumerate().filter(|&(_, &dots)| dots != 0) {
            let (x, y) = (plot.x + (at % self.width) as u16, plot.y + (at / self.width) as u16);
            let cell = &mut canvas.buf[(x, y)];
            if canvas.theme.ascii {
                cell.set_char(line.sign);
            } else {
                // Dots of two lines in one cell are drawn together, in the later line's role.
                let there = cell.symbol().chars().next().map_or(0, u32::from);
                let kept = if (0x2800..0x2900).contains(&there) { there - 0x2800 } else { 0 };
                cell.set_char(char::from_u32(0x2800 + (kept | u32::from(dots))).unwrap_or(' '));
            }
            cell.set_style(style);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;
    use ratatui::buffer::Buffer;

    fn drawn(lines: &[Line<'_>], bound: Option<(f64, &str)>, ascii: bool) -> Vec<String> {
        let area = Rect::new(0, 0, 24, 7);
        let mut buf = Buffer::empty(area);
        let theme = Theme::mono(ascii);
        let chart = Chart { lines, bound, until: 10.0, x: |x| format!("{x}s"), y: |y| format!("{y:.0}") };
        chart.draw(&mut Canvas::new(&mut buf, &theme), area);
        (0..7).map(|y| (0..24).map(|x| buf[(x, y)].symbol().to_owned()).collect()).collect()
    }

    #[test]
    fn a_rising_line_rises_and_the_bound_lies_across() {
        let points = vec![(0.0, 1.0), (5.0, 10.0), (10.0, 100.0)];
        let line = Line { name: "p99", points, role: Role::Series(0), sign: '*' };
        let rows = drawn(&[line], Some((100.0, "p99 < 100")), true);
        assert_eq!(rows[0].trim_end(), "* p99   - p99 < 100");
        assert!(rows[1].starts_with("100 ---") && rows[1].ends_with('*'), "{rows:#?}");
        assert!(rows[5].starts_with("  1 *"), "{rows:#?}");
        assert_eq!(rows[6], "    0s               10s");
    }

    #[test]
    fn nothing_measured_is_said_and_bad_figures_leave_gaps() {
        assert_eq!(drawn(&[], None, false)[0].trim_end(), "no figures yet");
        let points = vec![(0.0, f64::NAN), (5.0, 0.0), (10.0, 7.0)];
        let line = Line { name: "p99", points, role: Role::Series(0), sign: '*' };
        let rows = drawn(&[line], None, true);
        assert_eq!(rows.iter().skip(1).map(|row| row.matches('*').count()).sum::<usize>(), 1, "{rows:#?}");
    }
}
