//! How a run is drawn: targets first, then why, then the figures.

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::{Judged, RunPane, Stage, answered, judge, observed};
use crate::sim::{ComponentReport, FlowReport, Report};
use crate::tui::effect::Pace;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{Align, Canvas, Chart, ChartLine, Column, Page, fit, meter, width, wrap};
use crate::units;

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
        // While it runs there is less room: the note below says the rest.
        let sample = |report: &Report| match report.scale {
            scale if scale > 1.0 => format!(", 1 of {}", units::format_count(scale)),
            _ => String::new(),
        };
        match (&self.stage, report) {
            (Stage::Idle, _) | (Stage::Finished, None) => String::new(),
            (Stage::Due(..), _) => "about to run".to_owned(),
            (Stage::Running(_), Some(report)) if report.simulated_s <= 0.0 => "warming up".to_owned(),
            (Stage::Running(_), Some(report)) if !report.finished => {
                let (at, of) = (report.simulated_s, report.planned_s);
                match self.pace {
                    Pace::Paused => format!("paused at {at:.1} of {of:.0} s"),
                    Pace::Times(times) => format!("running {at:.0} of {of:.0} s, {times}x{}", sample(report)),
                    Pace::Fastest => format!("running {at:.0} of {of:.0} s{}", sample(report)),
                }
            }
            (Stage::Running(_), _) if self.pace == Pace::Paused => "paused".to_owned(),
            (Stage::Running(_), _) => "running".to_owned(),
            (Stage::Finished, Some(report)) => format!("{:.0} s simulated{}", report.simulated_s, scale(report)),
            (Stage::Failed(_), _) => "failed".to_owned(),
        }
    }

    /// Rows that the whole of the report takes in a pane of that width.
    pub(super) fn rows(&self, width: u16) -> usize {
        let Some(report) = self.report.as_deref().filter(|_| width > 0) else { return 0 };
        self.page(report, &Theme::mono(false), width).rows()
    }

    /// A few words about the run, for where there is no room for more: in one row side by side, in several below each other.
    pub fn summary(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let Some(report) = &self.report else { return };
        let (text, role) = Judged::of(report).words(canvas.theme);
        canvas.put(area, 0, &text, role);
        let warning = self.warning();
        let Some(why) = warning.as_ref().or(report.bottleneck.as_ref().map(|(_, why)| why)) else { return };
        let role = if warning.is_some() { Role::Warning } else { Role::Muted };
        if area.height > 1 {
            for (row, line) in wrap(why, usize::from(area.width)).iter().enumerate() {
                canvas.put(area, row as u16 + 1, line, role);
            }
            return;
        }
        let used = (width(&text) as u16 + 3).min(area.width);
        canvas.put(Rect { x: area.x + used, width: area.width - used, ..area }, 0, why, role);
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
        self.page(report, canvas.theme, area.width).show(canvas, area, self.scroll);
    }

    fn page<'a>(&self, report: &Report, theme: &'a Theme, width: u16) -> Page<'a> {
        let mut page = Page::new(theme, width);
        whole(&mut page, report, self.flow, (self.fault(), self.warning()));
        page
    }
}

/// The whole of a report.
fn whole(page: &mut Page<'_>, report: &Report, flow: usize, (fault, warning): (Option<&str>, Option<String>)) {
    if let Some(fault) = fault {
        page.text(&format!("with {fault}"), Role::Warning);
    }
    targets(page, report);
    if let Some(warning) = warning {
        page.gap();
        page.wrapped(&warning, Role::Warning);
    }
    if let Some((_, why)) = &report.bottleneck {
        page.gap();
        let missed = !report.targets_met();
        page.wrapped(why, if missed { Role::Warning } else { Role::Muted });
    }
    page.gap();
    flows(page, &report.flows);
    errors(page, &report.flows);
    page.gap();
    components(page, &report.components);
    chart(page, report, flow);
    if !report.notes.is_empty() {
        page.gap();
        for note in &report.notes {
            page.wrapped(note, Role::Muted);
        }
    }
}

fn targets(page: &mut Page<'_>, report: &Report) {
    let (words, role) = Judged::of(report).words(page.theme);
    page.line(&Line::styled(words, page.theme.bold(role)));
    for flow in report.flows.iter().filter(|_| report.simulated_s > 0.0) {
        for target in &flow.targets {
            let (sign, word, role) = judge(page.theme, target.verdict, target.met);
            let figure = observed(&target.text, target.observed);
            let head = format!("{sign} {}  ", target.text);
            let tail = format!("{figure} {word}");
            let of = answered(flow, &target.text);
            let fits = width(&head) + width(&tail) + width(&of) + 2 <= usize::from(page.width);
            let tail = if fits { tail + &of } else { tail };
            let room = usize::from(page.width).saturating_sub(width(&head) + width(&tail) + 4);
            let name = fit(&flow.name, room, page.theme.ellipsis()).into_owned();
            page.line(&Line::from(vec![
                Span::styled(format!("  {head}"), page.theme.style(role)),
                Span::styled(tail, page.theme.style(role).add_modifier(Modifier::BOLD)),
                Span::styled(format!("  {name}"), page.theme.style(Role::Muted)),
            ]));
        }
    }
}

fn flows(page: &mut Page<'_>, flows: &[FlowReport]) {
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
        let time = |seconds: f64| (if measured { units::format_duration(seconds) } else { "-".to_owned() }, Role::Text);
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
    page.table(&columns, &flows.iter().map(cells).collect::<Vec<_>>());
}

/// The reasons of failed requests, the most frequent first.
fn errors(page: &mut Page<'_>, flows: &[FlowReport]) {
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
        page.wrapped(&format!("Failed requests of {}: {}", flow.name, reasons.join(", ")), Role::Bad);
    }
}

fn components(page: &mut Page<'_>, components: &[ComponentReport]) {
    let carries = |component: &&ComponentReport| component.kind != crate::design::Kind::Client;
    let cells = if page.width >= 64 { 10 } else { 5 };
    let names = components.iter().map(|component| width(&component.name)).max().unwrap_or(0).clamp(9, 16);
    let mut head = format!("{:<names$}  {:<used$}", "component", "used", used = cells + 5);
    head.push_str(if page.width >= 64 { "     served   waiting      wait     hits" } else { "  waiting" });
    page.text(&head, Role::Muted);
    for component in components.iter().filter(carries) {
        let mut line = Line::default();
        let name = fit(&component.name, names, page.theme.ellipsis());
        let space = " ".repeat(names.saturating_sub(width(&name)) + 2);
        line.push_span(Span::styled(format!("{name}{space}"), page.theme.style(Role::Text)));
        for piece in meter(page.theme, component.utilisation, cells) {
            line.push_span(piece);
        }
        let waiting = format!("{:>9}", units::format_count((component.queue_mean * 10.0).round() / 10.0));
        let role = if component.unstable { Role::Bad } else { Role::Text };
        if page.width >= 64 {
            line.push_span(Span::styled(
                format!("  {:>9}", units::format_rate(component.served_per_s)),
                page.theme.style(Role::Text),
            ));
            line.push_span(Span::styled(format!(" {waiting}"), page.theme.style(role)));
            let wait =
                if component.wait_mean > 0.0 { units::format_duration(component.wait_mean) } else { "-".to_owned() };
            let hits = component.hit_ratio.map_or_else(|| "-".to_owned(), units::format_percent);
            line.push_span(Span::styled(format!(" {wait:>9} {hits:>8}"), page.theme.style(Role::Text)));
        } else {
            line.push_span(Span::styled(waiting, page.theme.style(role)));
        }
        if component.unstable {
            line.push_span(Span::styled(
                if page.width >= 64 { "  grows without end" } else { "  grows" },
                page.theme.style(Role::Bad),
            ));
        }
        page.line(&line);
    }
}

fn chart(page: &mut Page<'_>, report: &Report, flow: usize) {
    let Some(flow) = report.flows.get(flow).filter(|flow| flow.series.points.len() > 1) else { return };
    page.gap();
    let several = if report.flows.len() > 1 { " (left, right: another flow)" } else { "" };
    page.text(&format!("{}: latency over simulated time{several}", flow.name), Role::Muted);
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
    page.block(CHART, |canvas, area| chart.draw(canvas, area));
}
