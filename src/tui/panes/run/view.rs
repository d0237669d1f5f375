//! How a run is drawn: targets first, then why, then the figures.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::{Judged, RunPane, Stage, judge, observed};
use crate::sim::{ComponentReport, FlowReport, Report};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Align, Canvas, Chart, ChartLine, Column, fit, meter, table, width, wrap};
use crate::units;

/// Rows that the whole of a report takes at most; what lies beyond is not drawn.
const TALLEST: usize = 600;
/// Rows of the chart.
const CHART: u16 = 9;

impl RunPane {
    /// How the run stands, for the pane's title: `12 of 30 s`.
    pub fn aside(&self) -> String {
        let report = self.report.as_deref();
        let scale = |report: &Report| {
            if report.scale > 1.0 {
                format!(", 1 request stands for {}", units::format_count(report.scale))
            } else {
                String::new()
            }
        };
        match (&self.stage, report) {
            (Stage::Idle, _) | (Stage::Finished, None) => String::new(),
            (Stage::Due(..), _) => "about to run".to_owned(),
            (Stage::Running(_), Some(report)) if report.simulated_s <= 0.0 => "warming up".to_owned(),
            (Stage::Running(_), Some(report)) if !report.finished => {
                format!("running {:.0} of {:.0} s", report.simulated_s, report.planned_s)
            }
            (Stage::Running(_), _) => "running".to_owned(),
            (Stage::Finished, Some(report)) => format!("{:.0} s simulated{}", report.simulated_s, scale(report)),
            (Stage::Failed(_), _) => "failed".to_owned(),
        }
    }

    /// Rows that the whole of the report takes in a pane of that width.
    pub(super) fn rows(&self, width: u16) -> usize {
        let Some(report) = self.report.as_deref().filter(|_| width > 0) else { return 0 };
        usize::from(Page::of(self, report, &Theme::mono(false), width).row)
    }

    /// One line about the run, for where there is no room for more.
    pub fn summary(&self, canvas: &mut Canvas<'_>, area: Rect, row: u16) {
        let Some(report) = &self.report else { return };
        let (text, role) = Judged::of(report).words(canvas.theme);
        canvas.put(area, row, &text, role);
        if let Some((_, why)) = &report.bottleneck {
            let used = (width(&text) as u16 + 3).min(area.width);
            let rest = Rect { x: area.x + used, width: area.width - used, ..area };
            canvas.put(rest, row, why, Role::Muted);
        }
    }

    /// Draws the run in `area`, scrolled.
    pub fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, idle: &str) {
        if let Stage::Failed(why) = &self.stage {
            canvas.put(area, 0, "The simulator failed on this design; that is a fault of ours.", Role::Bad);
            canvas.put(area, 1, why, Role::Muted);
            return;
        }
        let Some(report) = &self.report else {
            for (row, line) in wrap(idle, usize::from(area.width)).iter().enumerate() {
                canvas.put(area, row as u16 + area.height / 3, line, Role::Muted);
            }
            return;
        };
        if area.is_empty() {
            return;
        }
        let page = Page::of(self, report, canvas.theme, area.width);
        let visible = usize::from(area.height);
        let scroll = self.scroll.min(usize::from(page.row).saturating_sub(visible));
        let (height, buf) = (page.row, page.buf);
        for row in 0..area.height.min(height.saturating_sub(scroll as u16)) {
            for x in area.left()..area.right() {
                let target = Position { x, y: area.y + row };
                if canvas.buf.area.contains(target) {
                    canvas.buf[target] = buf[(x - area.left(), row + scroll as u16)].clone();
                }
            }
        }
        if scroll + visible < usize::from(height) {
            let more = canvas.theme.sign(" ▾ more ", " v more ");
            canvas.put_right(area, area.height - 1, more, Role::Muted);
        }
    }
}

/// Rows that a report may take, with room to spare: what a page is made of.
fn rows_at_most(report: &Report, width: u16) -> u16 {
    let wrapped = |text: &str| 2 + 2 * text.len() / usize::from(width.max(1));
    let flows: usize = report.flows.iter().map(|flow| 8 + flow.targets.len() + wrapped(&flow.name)).sum();
    let notes: usize = report.notes.iter().map(|note| wrapped(note)).sum();
    let why = report.bottleneck.as_ref().map_or(0, |(_, why)| wrapped(why));
    (16 + usize::from(CHART) + flows + report.components.len() + notes + why).min(TALLEST) as u16
}

/// A tall page that a report is laid out on before a window of it is shown.
struct Page<'a> {
    buf: Buffer,
    theme: &'a Theme,
    row: u16,
    width: u16,
}

impl<'a> Page<'a> {
    fn of(pane: &RunPane, report: &Report, theme: &'a Theme, width: u16) -> Self {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, rows_at_most(report, width)));
        buf.set_style(buf.area, theme.base());
        let mut page = Self { buf, theme, row: 0, width };
        page.report(report, pane.flow, pane.fault());
        page
    }

    fn tallest(&self) -> u16 {
        self.buf.area.height
    }

    fn report(&mut self, report: &Report, flow: usize, fault: Option<&str>) {
        if let Some(fault) = fault {
            self.text(&format!("with {fault}"), Role::Warning);
        }
        self.targets(report);
        if let Some((_, why)) = &report.bottleneck {
            self.gap();
            let missed = !report.targets_met();
            self.wrapped(why, if missed { Role::Warning } else { Role::Muted });
        }
        self.gap();
        self.flows(&report.flows);
        self.errors(&report.flows);
        self.gap();
        self.components(&report.components);
        self.chart(report, flow);
        if !report.notes.is_empty() {
            self.gap();
            for note in &report.notes {
                self.wrapped(note, Role::Muted);
            }
        }
    }

    fn rest(&self) -> Rect {
        Rect::new(0, self.row, self.width, self.tallest().saturating_sub(self.row))
    }

    fn gap(&mut self) {
        self.row = (self.row + 1).min(self.tallest());
    }

    fn text(&mut self, text: &str, role: Role) {
        let rest = self.rest();
        Canvas { buf: &mut self.buf, theme: self.theme, cursor: None }.put(rest, 0, text, role);
        self.gap();
    }

    fn line(&mut self, line: &Line<'_>) {
        let rest = self.rest();
        Canvas { buf: &mut self.buf, theme: self.theme, cursor: None }.line(rest, 0, line);
        self.gap();
    }

    fn wrapped(&mut self, text: &str, role: Role) {
        for line in wrap(text, usize::from(self.width)) {
            self.text(&line, role);
        }
    }

    fn targets(&mut self, report: &Report) {
        let (words, role) = Judged::of(report).words(self.theme);
        self.line(&Line::styled(words, self.theme.bold(role)));
        for flow in report.flows.iter().filter(|_| report.simulated_s > 0.0) {
            for target in &flow.targets {
                let (sign, word, role) = judge(self.theme, target.verdict, target.met);
                let figure = observed(&target.text, target.observed);
                let head = format!("{sign} {}  ", target.text);
                let tail = format!("{figure} {word}");
                let room = usize::from(self.width).saturating_sub(width(&head) + width(&tail) + 4);
                let name = fit(&flow.name, room, self.theme.ellipsis()).into_owned();
                self.line(&Line::from(vec![
                    Span::styled(format!("  {head}"), self.theme.style(role)),
                    Span::styled(tail, self.theme.style(role).add_modifier(Modifier::BOLD)),
                    Span::styled(format!("  {name}"), self.theme.style(Role::Muted)),
                ]));
            }
        }
    }

    fn flows(&mut self, flows: &[FlowReport]) {
        let right = |title, rank| Column { title, align: Align::Right, rank };
        let columns = [
            Column { title: "flow", align: Align::Left, rank: 0 },
            right("offered", 2),
            right("done", 1),
            right("errors", 1),
            right("p50", 0),
            right("p90", 3),
            right("p99", 0),
            right("p999", 3),
            right("max", 4),
        ];
        let cells = |flow: &FlowReport| {
            let measured = flow.latency.count > 0;
            let time =
                |seconds: f64| (if measured { units::format_duration(seconds) } else { "-".to_owned() }, Role::Text);
            let errors = if flow.error_ratio > 0.0 { Role::Bad } else { Role::Muted };
            vec![
                (flow.name.clone(), Role::Text),
                (units::format_rate(flow.offered_per_s), Role::Muted),
                (units::format_rate(flow.completed_per_s), Role::Text),
                (units::format_percent(flow.error_ratio), errors),
                time(flow.latency.p50),
                time(flow.latency.p90),
                time(flow.latency.p99),
                time(flow.latency.p999),
                time(flow.latency.max),
            ]
        };
        self.table(&columns, &flows.iter().map(cells).collect::<Vec<_>>());
    }

    /// The reasons of failed requests, the most frequent first.
    fn errors(&mut self, flows: &[FlowReport]) {
        for flow in flows.iter().filter(|flow| !flow.errors.is_empty()) {
            let failed: u64 = flow.errors.iter().map(|error| error.count).sum();
            let reasons: Vec<String> = flow
                .errors
                .iter()
                .take(3)
                .map(|error| {
                    format!("{} ({})", error.reason, units::format_percent(error.count as f64 / failed.max(1) as f64))
                })
                .collect();
            self.wrapped(&format!("Failed requests of {}: {}", flow.name, reasons.join(", ")), Role::Bad);
        }
    }

    fn components(&mut self, components: &[ComponentReport]) {
        let carries = |component: &&ComponentReport| component.kind != crate::design::Kind::Client;
        let cells = if self.width >= 64 { 10 } else { 5 };
        let names = components.iter().map(|component| width(&component.name)).max().unwrap_or(0).clamp(9, 16);
        let mut head = format!("{:<names$}  {:<used$}", "component", "used", used = cells + 5);
        head.push_str(if self.width >= 64 { "     served   waiting      wait     hits" } else { "  waiting" });
        self.text(&head, Role::Muted);
        for component in components.iter().filter(carries) {
            let mut line = Line::default();
            let name = fit(&component.name, names, self.theme.ellipsis());
            let space = " ".repeat(names.saturating_sub(width(&name)) + 2);
            line.push_span(Span::styled(format!("{name}{space}"), self.theme.style(Role::Text)));
            for piece in meter(self.theme, component.utilisation, cells) {
                line.push_span(piece);
            }
            let waiting = format!("{:>9}", units::format_count((component.queue_mean * 10.0).round() / 10.0));
            let role = if component.unstable { Role::Bad } else { Role::Text };
            if self.width >= 64 {
                line.push_span(Span::styled(
                    format!("  {:>9}", units::format_rate(component.served_per_s)),
                    self.theme.style(Role::Text),
                ));
                line.push_span(Span::styled(format!(" {waiting}"), self.theme.style(role)));
                let wait = if component.wait_mean > 0.0 {
                    units::format_duration(component.wait_mean)
                } else {
                    "-".to_owned()
                };
                let hits = component.hit_ratio.map_or_else(|| "-".to_owned(), units::format_percent);
                line.push_span(Span::styled(format!(" {wait:>9} {hits:>8}"), self.theme.style(Role::Text)));
            } else {
                line.push_span(Span::styled(waiting, self.theme.style(role)));
            }
            if component.unstable {
                line.push_span(Span::styled(
                    if self.width >= 64 { "  grows without end" } else { "  grows" },
                    self.theme.style(Role::Bad),
                ));
            }
            self.line(&line);
        }
    }

    fn table(&mut self, columns: &[Column], rows: &[Vec<(String, Role)>]) {
        let rest = self.rest();
        let mut canvas = Canvas { buf: &mut self.buf, theme: self.theme, cursor: None };
        let drawn = table(&mut canvas, rest, columns, rows, 0);
        self.row = (self.row + 1 + drawn as u16).min(self.tallest());
    }

    fn chart(&mut self, report: &Report, flow: usize) {
        let Some(flow) = report.flows.get(flow).filter(|flow| flow.series.points.len() > 1) else { return };
        self.gap();
        let several = if report.flows.len() > 1 { " (left, right: another flow)" } else { "" };
        self.text(&format!("{}: latency over simulated time{several}", flow.name), Role::Muted);
        let points =
            |of: fn(&crate::sim::Point) -> f64| flow.series.points.iter().map(|point| (point.at, of(point))).collect();
        let bound = flow.targets.iter().find_map(|target| {
            let parsed = crate::design::parse_target(&target.text).ok()?;
            let latency = matches!(parsed.metric, crate::design::Metric::LatencyPercentile(_));
            latency.then_some((parsed.bound, target.text.as_str()))
        });
        let lines = [
            ChartLine { name: "p50", points: points(|point| point.p50), role: Role::Series(0), sign: '.' },
            ChartLine { name: "p99", points: points(|point| point.p99), role: Role::Series(1), sign: '*' },
        ];
        let chart = Chart {
            lines: &lines,
            bound,
            until: report.planned_s.max(report.simulated_s),
            x: |seconds| format!("{seconds:.0} s"),
            y: units::format_duration,
        };
        let area = Rect { height: CHART.min(self.tallest() - self.row), ..self.rest() };
        chart.draw(&mut Canvas { buf: &mut self.buf, theme: self.theme, cursor: None }, area);
        self.row = (self.row + CHART).min(self.tallest());
    }
}
