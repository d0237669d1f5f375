//! A run over simulated time: rates and latency of a flow, load and queue of a component.

use ratatui::layout::{Constraint, Rect};

use super::Look;
use crate::design::{Metric, parse_target};
use crate::sim::{FlowReport, Point};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, Chart, ChartLine, Page, columns};
use crate::units;

/// Rows of a chart.
const CHART: u16 = 9;
/// From this width on two charts stand side by side.
const PAIR: u16 = 70;

/// Lays the charts out: those of the flow, then those of the component.
pub fn charts(page: &mut Page<'_>, look: &Look<'_>) {
    let Some(flow) = look.report.flows.get(look.flow) else { return };
    let several = if look.report.flows.len() > 1 { "  (left, right: another flow)" } else { "" };
    page.text(&format!("{}{several}", flow.name), Role::Text);
    let until = look.report.planned_s.max(look.report.simulated_s);
    let rate_lines = rate_lines(flow);
    let latency_lines = latency_lines(flow);
    let rates = Chart { lines: &rate_lines, bound: None, until, x: seconds, y: units::format_rate };
    let latency = Chart { lines: &latency_lines, bound: bound(flow), until, x: seconds, y: units::format_duration };
    pair(page, [("requests a second", &rates), ("latency", &latency)]);
    let Some(measured) = look.measured() else {
        page.gap();
        page.wrapped("[ and ] choose a component, whose load and queue are charted here.", Role::Muted);
        return;
    };
    page.gap();
    let used = measured.served_per_s > 0.0 || measured.arrivals_per_s > 0.0;
    page.text(&format!("{}  ([ and ]: another component)", measured.name), Role::Text);
    if !used {
        page.text("no request has reached it", Role::Muted);
        return;
    }
    let points = |of: fn(&Point) -> f64| measured.series.points.iter().map(|point| (point.at, of(point))).collect();
    let load_lines = [ChartLine {
        name: "utilisation",
        points: points(|point| point.utilisation),
        role: Role::Series(2),
        sign: '*',
    }];
    let queue_lines =
        [ChartLine { name: "waiting", points: points(|point| point.queue), role: Role::Series(3), sign: '*' }];
    let load =
        Chart { lines: &load_lines, bound: Some((1.0, "all of it")), until, x: seconds, y: units::format_percent };
    let queue = Chart { lines: &queue_lines, bound: None, until, x: seconds, y: units::format_count };
    let what = if measured.kind.buffers() { "backlog" } else { "queue" };
    pair(page, [("utilisation", &load), (what, &queue)]);
}

fn seconds(at: f64) -> String {
    format!("{at:.0} s")
}

fn rate_lines(flow: &FlowReport) -> [ChartLine<'static>; 3] {
    let points = |of: fn(&Point) -> f64| flow.series.points.iter().map(|point| (point.at, of(point))).collect();
    let line = |name, points, role, sign| ChartLine { name, points, role, sign };
    [
        line("offered", points(|point| point.arrivals), Role::Muted, '.'),
        line("failed", points(|point| point.failures), Role::Bad, 'x'),
        line("completed", points(|point| point.completions), Role::Series(0), '*'),
    ]
}

fn latency_lines(flow: &FlowReport) -> [ChartLine<'static>; 2] {
    let points = |of: fn(&Point) -> f64| flow.series.points.iter().map(|point| (point.at, of(point))).collect();
    [
        ChartLine { name: "p50", points: points(|point| point.p50), role: Role::Series(0), sign: '.' },
        ChartLine { name: "p99", points: points(|point| point.p99), role: Role::Series(1), sign: '*' },
    ]
}

/// The first bound on the flow's latency.
fn bound(flow: &FlowReport) -> Option<(f64, &str)> {
    flow.targets.iter().find_map(|target| {
        let parsed = parse_target(&target.text).ok()?;
        let latency = matches!(parsed.metric, Metric::LatencyPercentile(_) | Metric::LatencyMean | Metric::LatencyMax);
        latency.then_some((parsed.bound, target.text.as_str()))
    })
}

/// Two charts, side by side where there is room.
fn pair(page: &mut Page<'_>, charts: [(&str, &Chart<'_>); 2]) {
    let one = |canvas: &mut Canvas<'_>, area: Rect, (title, chart): (&str, &Chart<'_>)| {
        canvas.put(area, 0, title, Role::Muted);
        let below = Rect { y: area.y + 1.min(area.height), height: area.height.saturating_sub(1), ..area };
        chart.draw(canvas, below);
    };
    if page.width >= PAIR {
        page.block(CHART + 1, |canvas, area| {
            let [west, east] = columns(area, [Constraint::Fill(1), Constraint::Fill(1)]);
            one(canvas, west, charts[0]);
            one(canvas, east, charts[1]);
        });
    } else {
        for chart in charts {
            page.block(CHART + 1, |canvas, area| one(canvas, area, chart));
        }
    }
}
