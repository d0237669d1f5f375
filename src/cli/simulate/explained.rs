//! What was asked for beside the run itself, for a person.

use super::study::Studies;
use crate::cli::output::{Paint, Tone};
use crate::design::Design;
use crate::sim::explain::{
    Bar, Broken, Figure, Headroom, LoadPoint, Outcome, Sizing, Stretch, Theory, Unit, WhatIf, culprit, failing,
    waterfall,
};
use crate::sim::{Report, Trace};
use crate::units::{format_count, format_duration, format_money, format_percent, format_rate};

/// Changes that are shown of those that help, and names of those that don't.
const MOST_CHANGES: usize = 12;
const MOST_OTHERS: usize = 5;
/// Stays that are shown of a request.
const MOST_STAYS: usize = 40;
/// Cells of the bar of a load point.
const CURVE: usize = 20;

/// All of it, each part under its heading.
pub(super) fn text(design: &Design, report: &Report, studies: &Studies, paint: Paint, width: usize) -> String {
    let mut out = String::new();
    let mut part = |heading: &str, body: String| {
        out.push_str(&format!("\n{}{body}", paint.line(heading, Tone::Heading)));
    };
    if let Some(tried) = &studies.what_if {
        part("What if", what_if(tried, paint));
    }
    if let Some(points) = &studies.sweep {
        let headroom = studies.headroom.as_ref().map(|it| paint.line(&headroom(it), Tone::Strong)).unwrap_or_default();
        part("Under less and more load", format!("{}{headroom}", curve(points, paint)));
    }
    if let Some(sizing) = &studies.sizing {
        part("The fewest instances that meet all targets", sized(design, sizing, paint));
    }
    if let Some(theory) = &studies.theory {
        part("Theory beside measurement", theories(design, theory, paint));
    }
    if studies.traces {
        part("Where requests spend their time", traces(design, report, paint, width));
    }
    out
}

fn what_if(tried: &WhatIf, paint: Paint) -> String {
    let flows = &tried.base.report.flows;
    let targets: usize = flows.iter().map(|flow| flow.targets.len()).sum();
    let row = |name: String, outcome: &Outcome, cost: String| {
        let p99 = if outcome.p99.is_finite() { format_duration(outcome.p99) } else { "-".to_owned() };
        vec![name, format!("{} of {targets}", outcome.missed), p99, format_percent(outcome.failed), cost]
    };
    let p99 = if flows.len() > 1 { "p99 (mean)" } else { "p99" };
    let mut rows = vec![["change", "targets missed", p99, "errors", "cost/month"].map(str::to_owned).to_vec()];
    rows.push(row("as it is".to_owned(), &tried.base, format_money(tried.base.cost)));
    let mut tones = vec![Tone::Strong];
    let (helping, others): (Vec<_>, Vec<_>) = tried.trials.iter().partition(|trial| trial.helps);
    for trial in helping.iter().take(MOST_CHANGES) {
        rows.push(row(trial.change.text.clone(), &trial.outcome, more_money(trial.cost)));
        tones.push(if trial.outcome.missed == 0 && tried.base.missed > 0 { Tone::Good } else { Tone::Plain });
    }
    let mut out = paint.table(&rows, &[1, 2, 3, 4], &tones);
    let hidden = helping.len().saturating_sub(MOST_CHANGES);
    if hidden > 0 {
        out.push_str(&paint.line(&format!("and {hidden} more that help less"), Tone::Muted));
    }
    if !others.is_empty() {
        let names: Vec<&str> = others.iter().take(MOST_OTHERS).map(|trial| trial.change.text.as_str()).collect();
        let rest = others.len().saturating_sub(MOST_OTHERS);
        let rest = if rest > 0 { format!("; and {rest} more") } else { String::new() };
        out.push_str(&paint.line(&format!("no better: {}{rest}", names.join("; ")), Tone::Muted));
    }
    out
}

/// A difference of running costs: `+$120`, `-$40`, `same`.
pub(super) fn more_money(cost: f64) -> String {
    match cost {
        cost if cost.abs() < 0.005 => "same".to_owned(),
        cost if cost > 0.0 => format!("+{}", format_money(cost)),
        cost => format!("-{}", format_money(-cost)),
    }
}

fn curve(points: &[LoadPoint], paint: Paint) -> String {
    let Some(first) = points.first() else { return String::new() };
    let flows = &first.report.flows;
    let several = flows.len() > 1;
    let mut head = vec!["load".to_owned(), "offered".to_owned(), "errors".to_owned()];
    head.extend(flows.iter().map(|flow| if several { format!("p99 {}", flow.name) } else { "p99".to_owned() }));
    head.extend(["busiest", "targets", ""].map(str::to_owned));
    let slowest = |report: &Report| report.flows.iter().map(|flow| flow.latency.p99).fold(0.0, f64::max);
    let (least, most) = points
        .iter()
        .map(|point| slowest(&point.report))
        .filter(|p99| *p99 > 0.0)
        .fold((f64::INFINITY, 0.0_f64), |(least, most), p99| (least.min(p99), most.max(p99)));
    let mut rows = vec![head];
    let mut tones = Vec::new();
    for LoadPoint { factor, report } in points {
        let missed = report.flows.iter().flat_map(|flow| &flow.targets).filter(|target| !target.met).count();
        let offered: f64 = report.flows.iter().map(|flow| flow.offered_per_s).sum();
        let failed: f64 = report.flows.iter().map(|flow| flow.offered_per_s * flow.error_ratio).sum();
        let mut row = vec![
            format!("{}x", crate::units::format_number((factor * 1e3).round() / 1e3)),
            format_rate(offered),
            format_percent(if offered > 0.0 { failed / offered } else { 0.0 }),
        ];
        row.extend(report.flows.iter().map(|flow| match flow.latency.count {
            0 => "-".to_owned(),
            _ => format_duration(flow.latency.p99),
        }));
        row.push(busiest(report));
        row.push(if missed == 0 { "met".to_owned() } else { format!("{missed} missed") });
        row.push(log_bar(slowest(report), least, most));
        rows.push(row);
        tones.push(if missed > 0 { Tone::Bad } else { Tone::Plain });
    }
    let right: Vec<usize> = (0..3 + flows.len()).collect();
    paint.table(&rows, &right, &tones)
}

/// The component whose busy share is the greatest.
fn busiest(report: &Report) -> String {
    let busiest = report.components.iter().max_by(|a, b| a.utilisation.total_cmp(&b.utilisation));
    busiest.map(|it| format!("{} {:.0}%", it.name, it.utilisation * 100.0)).unwrap_or_default()
}

/// A bar whose length is the place of a figure between two on a logarithmic scale.
fn log_bar(value: f64, least: f64, most: f64) -> String {
    if value <= 0.0 || most <= 0.0 {
        return String::new();
    }
    // Figures that hardly differ are not drawn apart.
    let least = least.min(most / 10.0);
    let share = (value / least).ln() / (most / least).ln();
    "▇".repeat(1 + (share * (CURVE - 1) as f64).round() as usize)
}

/// The headroom in a sentence.
pub(super) fn headroom(headroom: &Headroom) -> String {
    let limit = |limit: &Option<String>| limit.as_ref().map(|limit| format!(" ({limit})")).unwrap_or_default();
    match headroom {
        Headroom::NoTargets => "headroom: there are no targets that could break".to_owned(),
        Headroom::MoreThan(most) => format!("headroom: all targets are met even at {most} times the load"),
        Headroom::LessThan(least) => {
            format!("headroom: none; something breaks even at {least} of the load, so load is not what breaks it")
        }
        Headroom::Limit { factor, first, limit: why } => {
            let first = match first {
                Broken::Target(flow, target) => format!("{target} of {flow} breaks first"),
                Broken::Overload(component) => format!("{component} is overloaded, though no target says so"),
            };
            format!("headroom: all targets are met up to {factor:.2} times the load; beyond, {first}{}", limit(why))
        }
    }
}

fn sized(design: &Design, sizing: &Result<Sizing, String>, paint: Paint) -> String {
    let sizing = match sizing {
        Ok(sizing) => sizing,
        Err(why) => return paint.line(why, Tone::Bad),
    };
    let mut rows = vec![["component", "now", "needed"].map(str::to_owned).to_vec()];
    let mut tones = Vec::new();
    for &(id, now, needed) in &sizing.counts {
        rows.push(vec![design.component(id).name.clone(), now.to_string(), needed.to_string()]);
        tones.push(if now == needed { Tone::Plain } else { Tone::Strong });
    }
    let (before, after) = sizing.cost;
    let cost = format!("cost a month: {} now, {} so sized", format_money(before), format_money(after));
    format!("{}{}", paint.table(&rows, &[1, 2], &tones), paint.line(&cost, Tone::Plain))
}

fn theories(design: &Design, theories: &[Theory], paint: Paint) -> String {
    if theories.is_empty() {
        return paint.line("no closed form applies to any component", Tone::Muted);
    }
    let mut rows = vec![["component", "model", "figure", "theory", "measured"].map(str::to_owned).to_vec()];
    for theory in theories {
        for (at, figure) in theory.figures.iter().enumerate() {
            let name = if at == 0 { design.component(theory.component).name.clone() } else { String::new() };
            let model = if at == 0 { theory.model.clone() } else { String::new() };
            let formula = figure.formula.map_or_else(|| "grows without end".to_owned(), |value| shown(figure, value));
            rows.push(vec![name, model, figure.name.to_owned(), formula, shown(figure, figure.measured)]);
        }
    }
    paint.table(&rows, &[3, 4], &[])
}

fn shown(figure: &Figure, value: f64) -> String {
    match figure.unit {
        Unit::Share => format_percent(value),
        Unit::Seconds if value < 1e-9 => format_duration(0.0),
        Unit::Seconds => format_duration(value),
        Unit::Count if value < 1e-3 => format_count(0.0),
        Unit::Count => format_count(value),
    }
}

fn traces(design: &Design, report: &Report, paint: Paint, width: usize) -> String {
    let mut out = String::new();
    for flow in &report.flows {
        if flow.traces.is_empty() {
            out.push_str(&paint.line(&format!("{}: no request was traced", flow.name), Tone::Muted));
        }
        let one = |what: &str, trace: &Trace| {
            let head = format!("{}: {what}, {}", flow.name, format_duration(trace.latency));
            paint.line(&head, Tone::Strong) + &request(design, trace, paint, width)
        };
        if let Some((median, slowest)) = flow.answered() {
            out.push_str(&one("a median request", median));
            out.push_str(&one("the slowest traced", slowest));
            if let Some(told) = culprit(design, median, slowest) {
                out.push_str(&paint.line(&told, Tone::Warning));
            }
        }
        if let Some(failed) = flow.failed() {
            out.push_str(&one("one that failed", failed));
            if let Some(told) = failing(design, failed) {
                out.push_str(&paint.line(&told, Tone::Warning));
            }
        }
    }
    out.push_str(&paint.line("░ waits in a queue  ━ is worked on  ─ waits for what it calls", Tone::Muted));
    out
}

fn request(design: &Design, trace: &Trace, paint: Paint, width: usize) -> String {
    let bars = waterfall(trace);
    let shown = &bars[..bars.len().min(MOST_STAYS)];
    let name = |bar: &Bar| {
        let name = design.components.get(bar.component.0 as usize).map_or("", |component| component.name.as_str());
        format!("{}{name}", "  ".repeat(bar.depth.min(12) as usize))
    };
    let names = shown.iter().map(|bar| unicode_width::UnicodeWidthStr::width(name(bar).as_str())).max().unwrap_or(0);
    let room = width.clamp(60, 120) - (names.min(30) + 24);
    let rows: Vec<Vec<String>> = std::iter::once(vec![String::new(), "waited".to_owned(), "took".to_owned()])
        .chain(shown.iter().map(|bar| {
            let failed = bar.failure.as_ref().map(|why| format!(" ✗ {why}")).unwrap_or_default();
            let waited = bar.service - bar.start;
            let waited = if waited > 0.0 { format_duration(waited) } else { String::new() };
            let cells = cells(bar, trace.latency, room.max(10));
            vec![format!("  {}", name(bar)), waited, format_duration(bar.end - bar.start), format!("{cells}{failed}")]
        }))
        .collect();
    let tones: Vec<Tone> =
        shown.iter().map(|bar| if bar.failure.is_some() { Tone::Bad } else { Tone::Plain }).collect();
    let mut out = paint.table(&rows, &[1, 2], &tones);
    if bars.len() > shown.len() {
        out.push_str(&paint.line(&format!("  and {} more calls", bars.len() - shown.len()), Tone::Muted));
    }
    out
}

/// The stay on a line of `cells` cells that is the whole request.
fn cells(bar: &Bar, whole: f64, cells: usize) -> String {
    let sign = |stretch| match stretch {
        None => ' ',
        Some(Stretch::Waits) => '░',
        Some(Stretch::Works) => '━',
        Some(Stretch::Calls) => '─',
    };
    let drawn: String = bar.stretches(whole, cells).into_iter().map(sign).collect();
    drawn.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::ComponentId;

    #[track_caller]
    fn draws(start: f64, service: f64, end: f64, expected: &str) {
        let called = vec![(6.0, 7.0)];
        let bar = Bar { component: ComponentId(0), depth: 0, start, service, end, called, failure: None };
        assert_eq!(cells(&bar, 10.0, 10), expected);
    }

    #[test]
    fn a_stay_is_drawn_where_it_was_and_never_vanishes() {
        draws(0.0, 0.0, 10.0, "━━━━━━─━━━");
        draws(2.0, 5.0, 8.0, "  ░░░━─━");
        draws(4.0, 4.0, 4.01, "    ━");
        draws(9.99, 10.0, 10.0, "         ░");
        draws(8.0, 12.0, 15.0, "        ░░");
    }

    #[test]
    fn money_is_told_as_a_difference() {
        assert_eq!([more_money(0.0), more_money(120.0), more_money(-40.0)], ["same", "+$120", "-$40"]);
    }
}
