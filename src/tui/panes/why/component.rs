//! One component: its figures, theory beside them, its own parameters, and the failures it is blamed for.

use super::Look;
use crate::design::{Component, Source, Value};
use crate::sim::ComponentReport;
use crate::sim::explain::{Figure, Theory, Unit};
use crate::tui::theme::Role;
use crate::tui::widgets::{Align, Column, Page, sparkline};
use crate::units;

/// Lays out what is known of the component that is looked at.
pub fn component(page: &mut Page<'_>, look: &Look<'_>, theories: &[Theory]) {
    let (Some(id), Some(measured)) = (look.component, look.measured()) else {
        page.wrapped("[ and ] choose a component; so does a click on its box.", Role::Muted);
        return;
    };
    let design = look.design.component(id);
    let technology = measured.technology.as_deref().unwrap_or(measured.kind.name());
    page.heading(&format!("{}: {technology} x{}", measured.name, measured.instances));
    if measured.unstable {
        page.wrapped("Overloaded: more arrives than it can serve.", Role::Bad);
    }
    figures(page, measured);
    hottest(page, measured);
    recent(page, measured);
    failures(page, look, &measured.name);
    for theory in theories.iter().filter(|theory| theory.component == id) {
        beside(page, theory);
    }
    parameters(page, design);
}

fn figures(page: &mut Page<'_>, measured: &ComponentReport) {
    let mut rows = vec![
        ("arrivals", units::format_rate(measured.arrivals_per_s)),
        ("served", units::format_rate(measured.served_per_s)),
        ("utilisation", units::format_percent(measured.utilisation)),
        ("waiting, mean", units::format_count((measured.queue_mean * 10.0).round() / 10.0)),
        ("waiting, most", units::format_count(measured.queue_max as f64)),
        ("wait, mean", units::format_duration(measured.wait_mean)),
    ];
    rows.extend(measured.hit_ratio.map(|ratio| ("hit ratio", units::format_percent(ratio))));
    rows.extend(measured.lag_p99.map(|lag| ("lag, p99", units::format_duration(lag))));
    if measured.rejected > 0 {
        rows.push(("turned away", units::format_count(measured.rejected as f64)));
    }
    rows.extend(measured.cost_per_month.map(|cost| ("cost a month", units::format_money(cost))));
    for (name, text) in rows {
        let role = if name == "turned away" { Role::Bad } else { Role::Text };
        page.text(&format!("{name:<16}{text:>10}"), role);
    }
    for (name, value) in &measured.extra {
        let text = match name.as_str() {
            "wait p99" | "age of the oldest" => units::format_duration(*value),
            "stale reads" | "memory used" => units::format_percent(*value),
            _ => units::format_count(*value),
        };
        page.text(&format!("{name:<16}{text:>10}"), Role::Text);
    }
}

/// The part with most of the load, where the parts have each their own: a hot partition is not seen in a mean over all.
fn hottest(page: &mut Page<'_>, measured: &ComponentReport) {
    let Some(hot) = &measured.hottest else { return };
    let share = units::format_percent(hot.share);
    let even = units::format_percent(1.0 / f64::from(hot.of.max(1)));
    let mut text = format!("Hottest: {} of {} has {share} of the load; evenly it would be {even}", hot.name, hot.of);
    if hot.turned_away > 0 {
        text.push_str(&format!(". It turned {} away", units::format_count(hot.turned_away as f64)));
    }
    text.push('.');
    let role = if hot.skew() >= 2.0 { Role::Warning } else { Role::Muted };
    page.wrapped(&text, role);
}

/// Utilisation and queue over time, a row each.
fn recent(page: &mut Page<'_>, measured: &ComponentReport) {
    let points = &measured.series.points;
    if points.len() < 2 {
        return;
    }
    page.gap();
    let utilisation = points.iter().map(|point| point.utilisation).collect::<Vec<_>>();
    let waiting = points.iter().map(|point| point.queue).collect::<Vec<_>>();
    for (name, values, role) in
        [("utilisation ", utilisation, Role::Series(2)), ("waiting     ", waiting, Role::Series(3))]
    {
        page.block(1, |canvas, area| {
            canvas.put(area, 0, name, Role::Muted);
            let left = (name.len() as u16).min(area.width);
            let rest = ratatui::layout::Rect { x: area.x + left, width: area.width - left, ..area };
            sparkline(canvas, rest, &values, role);
        });
    }
}

/// Requests that failed for a reason that names it.
fn failures(page: &mut Page<'_>, look: &Look<'_>, name: &str) {
    let names =
        |reason: &str| reason.split(|c: char| !(c.is_alphanumeric() || "-_.'".contains(c))).any(|it| it == name);
    let mut told = false;
    for flow in &look.report.flows {
        for error in flow.errors.iter().filter(|error| names(&error.reason)) {
            if !told {
                page.heading("Failed here");
                told = true;
            }
            let count = units::format_count(error.count as f64);
            page.wrapped(&format!("{count} of {}: {}", flow.name, error.reason), Role::Bad);
        }
    }
}

fn beside(page: &mut Page<'_>, theory: &Theory) {
    page.heading(&format!("Theory: {}", theory.model));
    let right = |title| Column { title, align: Align::Right, rank: 0 };
    let columns = [Column { title: "", align: Align::Left, rank: 0 }, right("theory"), right("measured")];
    let cells = |figure: &Figure| {
        let formula = figure.formula.map_or_else(|| "no end".to_owned(), |value| shown(figure.unit, value));
        vec![
            (figure.name.to_owned(), Role::Muted),
            (formula, Role::Text),
            (shown(figure.unit, figure.measured), Role::Text),
        ]
    };
    page.table(&columns, &theory.figures.iter().map(cells).collect::<Vec<_>>());
}

fn shown(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => units::format_percent(value),
        Unit::Seconds if value < 1e-9 => units::format_duration(0.0),
        Unit::Seconds => units::format_duration(value),
        Unit::Count if value < 1e-3 => units::format_count(0.0),
        Unit::Count => units::format_count(value),
    }
}

/// What the component was simulated with, and where each figure comes from.
fn parameters(page: &mut Page<'_>, design: &Component) {
    if design.parameters.iter().next().is_none() {
        return;
    }
    page.heading("Simulated with");
    for parameter in design.parameters.iter() {
        let (source, role) = match &parameter.source {
            Source::Design(_) => ("here", Role::Text),
            Source::Card(_) => ("its card", Role::Muted),
        };
        page.text(&format!("{:<16}{:>14}  {source}", parameter.name, value(&parameter.value)), role);
    }
}

fn value(value: &Value) -> String {
    match value {
        Value::Number(number) => units::format_number(*number),
        Value::Ratio(ratio) => units::format_percent(*ratio),
        Value::Duration(seconds) => units::format_duration(*seconds),
        Value::Size(bytes) => units::format_bytes(*bytes),
        Value::Rate(rate) => units::format_rate(*rate),
        Value::Bandwidth(bytes) => format!("{}/s", units::format_bytes(*bytes)),
        Value::Money(dollars) => units::format_money(*dollars),
        Value::Distribution(distribution) => format!("{} mean", units::format_duration(distribution.mean())),
        Value::Word(word) => word.clone(),
    }
}
