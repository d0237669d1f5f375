//! Waterfalls: a median request of a flow, its slowest and one that failed, stay by stay on one scale each.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::Look;
use crate::sim::Trace;
use crate::sim::explain::{Bar, Stretch, culprit, failing, waterfall};
use crate::tui::theme::Role;
use crate::tui::widgets::{Canvas, Page, fit, width};
use crate::units;

/// Stays that are shown of a request.
const MOST: usize = 60;

/// Lays out the requests of the flow that is looked at.
pub fn requests(page: &mut Page<'_>, look: &Look<'_>) {
    let Some(flow) = look.report.flows.get(look.flow) else { return };
    let several = if look.report.flows.len() > 1 { "  (left, right: another flow)" } else { "" };
    page.text(&format!("{}{several}", flow.name), Role::Text);
    if flow.traces.is_empty() {
        page.wrapped("No request of it has ended yet.", Role::Muted);
        return;
    }
    let answered = flow.answered();
    if let Some(told) = answered.and_then(|(median, slowest)| culprit(look.design, median, slowest)) {
        page.wrapped(&sentence(told), Role::Warning);
    }
    if let Some(told) = flow.failed().and_then(|trace| failing(look.design, trace)) {
        page.wrapped(&sentence(told), Role::Bad);
    }
    if let Some((median, slowest)) = answered {
        request(page, look, "A median request", median);
        request(page, look, "The slowest traced", slowest);
    }
    if let Some(trace) = flow.failed() {
        request(page, look, "One that failed", trace);
    }
    page.gap();
    let theme = page.theme;
    let words = ["waits in a queue  ", "is worked on  ", "waits for what it calls"];
    let short = ["queues  ", "is worked on  ", "calls"];
    let signs = [Stretch::Waits, Stretch::Works, Stretch::Calls];
    let room = words.iter().map(|word| width(word) + 2).sum::<usize>();
    let key = signs.into_iter().zip(if room <= usize::from(page.width) { words } else { short });
    let mut line = Line::default();
    for (stretch, what) in key {
        let (sign, role) = look_of(theme.ascii, stretch);
        line.push_span(Span::styled(sign.to_string(), theme.style(role)));
        line.push_span(Span::styled(format!(" {what}"), theme.style(Role::Muted)));
    }
    page.line(&line);
}

fn request(page: &mut Page<'_>, look: &Look<'_>, what: &str, trace: &Trace) {
    page.heading(&format!("{what}: {}", units::format_duration(trace.latency)));
    stays(page, look, trace);
}

/// The words with a capital and a full stop.
fn sentence(mut told: String) -> String {
    if let Some(first) = told.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    told.push('.');
    told
}

fn stays(page: &mut Page<'_>, look: &Look<'_>, trace: &Trace) {
    let bars = waterfall(trace);
    let name = |bar: &Bar| {
        let component = look.design.components.get(bar.component.0 as usize);
        let name = component.map_or("", |component| component.name.as_str());
        format!("{}{name}", "  ".repeat(bar.depth.min(8) as usize))
    };
    let names = bars.iter().take(MOST).map(|bar| width(&name(bar))).max().unwrap_or(0);
    let names = names.min(usize::from(page.width) / 3).max(6) as u16;
    for bar in bars.iter().take(MOST) {
        let text = name(bar);
        page.block(1, |canvas, area| stay(canvas, area, bar, (&text, names), trace.latency));
        if let Some(why) = &bar.failure {
            page.text(&format!("{}{} {why}", " ".repeat(usize::from(names) + 1), page.theme.cross()), Role::Bad);
        }
    }
    if bars.len() > MOST {
        page.text(&format!("and {} more calls", bars.len() - MOST), Role::Muted);
    }
}

fn stay(canvas: &mut Canvas<'_>, area: Rect, bar: &Bar, (name, names): (&str, u16), whole: f64) {
    const FIGURE: u16 = 8;
    let role = if bar.failure.is_some() { Role::Bad } else { Role::Text };
    let left = Rect { width: names.min(area.width), ..area };
    canvas.put(left, 0, &fit(name, usize::from(left.width), canvas.theme.ellipsis()), role);
    let x = left.right() + 1;
    let room = area.right().saturating_sub(x + FIGURE);
    let cells = bar.stretches(whole, usize::from(room));
    let mut line = Line::default();
    for stretch in cells.into_iter().take(usize::from(room)) {
        let (sign, role) = stretch.map_or((' ', Role::Text), |stretch| look_of(canvas.theme.ascii, stretch));
        line.push_span(Span::styled(sign.to_string(), canvas.style(role)));
    }
    canvas.line(Rect { x, width: room, ..area }, 0, &line);
    canvas.put_right(area, 0, &units::format_duration(bar.end - bar.start), Role::Muted);
}

/// How a stretch of a stay is drawn.
fn look_of(ascii: bool, stretch: Stretch) -> (char, Role) {
    match (stretch, ascii) {
        (Stretch::Waits, false) => ('░', Role::Bad),
        (Stretch::Waits, true) => ('.', Role::Bad),
        (Stretch::Works, false) => ('━', Role::Series(0)),
        (Stretch::Works, true) => ('=', Role::Series(0)),
        (Stretch::Calls, false) => ('─', Role::Muted),
        (Stretch::Calls, true) => ('-', Role::Muted),
    }
}
