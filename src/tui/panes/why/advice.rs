//! What would help: changes tried and ranked, the load the design bears, the instances it needs.

use super::Look;
use crate::design::Design;
use crate::sim::explain::{Broken, Headroom, LoadPoint, Outcome, Sizing, WhatIf};
use crate::tui::theme::Role;
use crate::tui::widgets::{Align, Chart, ChartLine, Column, Page};
use crate::units;

/// Rows of the latency-load curve.
const CHART: u16 = 9;
/// Changes that are shown of those that don't help.
const MOST_OTHERS: usize = 6;

/// What was found out so far.
#[derive(Clone, Debug, Default)]
pub struct Advice {
    /// Whether more is being found out.
    pub under_way: bool,
    /// Whether the design was run again since.
    pub stale: bool,
    /// What would help.
    pub what_if: Option<WhatIf>,
    /// What it does under other loads, and how much it bears.
    pub load: Option<(Vec<LoadPoint>, Headroom)>,
    /// How many instances it needs.
    pub sizing: Option<Result<Sizing, String>>,
    /// Why nothing was found out: a fault of ours.
    pub failed: Option<String>,
}

impl Advice {
    fn is_empty(&self) -> bool {
        self.what_if.is_none() && self.load.is_none() && self.sizing.is_none()
    }
}

/// Lays out what was found out; `key` begins to find out.
pub fn advice(page: &mut Page<'_>, look: &Look<'_>, advice: &Advice, key: &str) {
    if let Some(why) = &advice.failed {
        page.wrapped(&format!("The simulator failed; that is a fault of ours: {why}"), Role::Bad);
    }
    if advice.stale {
        page.wrapped(&format!("This is of an earlier run; {key} finds out anew."), Role::Warning);
    }
    if advice.is_empty() && !advice.under_way {
        let words = format!(
            "{key} tries every single change worth trying under the same arrivals and ranks them, finds the load that the design bears, and the fewest instances that meet its targets."
        );
        page.wrapped(&words, Role::Muted);
        return;
    }
    if let Some(tried) = &advice.what_if {
        changes(page, tried);
    }
    if let Some((points, headroom)) = &advice.load {
        load(page, look, points, headroom);
    }
    if let Some(sizing) = &advice.sizing {
        sized(page, look.design, sizing);
    }
    if advice.under_way {
        page.gap();
        page.text("finding out ...", Role::Muted);
    }
}

fn changes(page: &mut Page<'_>, tried: &WhatIf) {
    page.heading("What would help");
    let right = |title, rank| Column { title, align: Align::Right, rank };
    let columns = [
        Column { title: "change", align: Align::Left, rank: 0 },
        right("missed", 0),
        right("p99", 0),
        right("errors", 1),
        right("$/month", 2),
    ];
    let row = |text: &str, outcome: &Outcome, cost: String, role: Role| {
        let p99 = if outcome.p99.is_finite() { units::format_duration(outcome.p99) } else { "-".to_owned() };
        vec![
            (text.to_owned(), role),
            (outcome.missed.to_string(), role),
            (p99, role),
            (units::format_percent(outcome.failed), role),
            (cost, role),
        ]
    };
    let mut rows = vec![row("as it is", &tried.base, units::format_money(tried.base.cost), Role::Text)];
    let helping = tried.trials.iter().filter(|trial| trial.helps);
    rows.extend(helping.map(|trial| {
        let cured = trial.outcome.missed == 0 && tried.base.missed > 0;
        row(&trial.change.text, &trial.outcome, more(trial.cost), if cured { Role::Good } else { Role::Text })
    }));
    let helped = rows.len() > 1;
    page.table(&columns, &rows);
    if !helped {
        page.wrapped("No single change makes it better.", Role::Muted);
    }
    let others: Vec<&str> =
        tried.trials.iter().filter(|trial| !trial.helps).map(|trial| trial.change.text.as_str()).collect();
    if !others.is_empty() {
        let rest = others.len().saturating_sub(MOST_OTHERS);
        let rest = if rest > 0 { format!("; and {rest} more") } else { String::new() };
        let names = others[..others.len().min(MOST_OTHERS)].join("; ");
        page.wrapped(&format!("No better: {names}{rest}"), Role::Muted);
    }
}

fn more(cost: f64) -> String {
    match cost {
        cost if cost.abs() < 0.005 => "same".to_owned(),
        cost if cost > 0.0 => format!("+{}", units::format_money(cost)),
        cost => format!("-{}", units::format_money(-cost)),
    }
}

fn load(page: &mut Page<'_>, look: &Look<'_>, points: &[LoadPoint], headroom: &Headroom) {
    page.heading("How much load it bears");
    let (text, role) = words(headroom);
    page.wrapped(&text, role);
    let Some(flow) = look.report.flows.get(look.flow) else { return };
    let of = |value: fn(&crate::sim::LatencyReport) -> f64| -> Vec<(f64, f64)> {
        let figures = points.iter().filter_map(|point| Some((point.factor, point.report.flows.get(look.flow)?)));
        figures.map(|(factor, flow)| (factor, value(&flow.latency))).collect()
    };
    let lines = [
        ChartLine { name: "p50", points: of(|latency| latency.p50), role: Role::Series(0), sign: '.' },
        ChartLine { name: "p99", points: of(|latency| latency.p99), role: Role::Series(1), sign: '*' },
    ];
    let until = points.last().map_or(1.0, |point| point.factor);
    page.text(&format!("{}: latency over times the load", flow.name), Role::Muted);
    let chart = Chart {
        lines: &lines,
        bound: None,
        until,
        x: |factor| format!("{}x", units::format_number(factor)),
        y: units::format_duration,
    };
    page.block(CHART, |canvas, area| chart.draw(canvas, area));
}

/// The headroom in words.
fn words(headroom: &Headroom) -> (String, Role) {
    match headroom {
        Headroom::NoTargets => ("It has no targets that could break.".to_owned(), Role::Muted),
        Headroom::MoreThan(most) => (format!("All targets are met even at {most} times the load."), Role::Good),
        Headroom::LessThan(least) => {
            let text = format!("Something breaks even at {least} of the load: load is not what breaks it.");
            (text, Role::Bad)
        }
        Headroom::Limit { factor, first, limit } => {
            let first = match first {
                Broken::Target(flow, target) => format!("{target} of {flow} breaks first"),
                Broken::Overload(component) => format!("{component} is overloaded, though no target says so"),
            };
            let limit = limit.as_ref().map(|limit| format!(": {limit}")).unwrap_or_default();
            let role = if *factor < 1.0 { Role::Bad } else { Role::Text };
            (format!("All targets are met up to {factor:.2} times the load; beyond, {first}{limit}."), role)
        }
    }
}

fn sized(page: &mut Page<'_>, design: &Design, sizing: &Result<Sizing, String>) {
    page.heading("The fewest instances that meet all targets");
    let sizing = match sizing {
        Ok(sizing) => sizing,
        Err(why) => {
            page.wrapped(&format!("There are none: {why}."), Role::Bad);
            return;
        }
    };
    for &(id, now, needed) in &sizing.counts {
        let name = design.components.get(id.0 as usize).map_or("", |component| component.name.as_str());
        let (text, role) = match now.cmp(&needed) {
            std::cmp::Ordering::Equal => (format!("{name:<16} {now:>6}"), Role::Muted),
            std::cmp::Ordering::Less => (format!("{name:<16} {now:>6} -> {needed}"), Role::Warning),
            std::cmp::Ordering::Greater => (format!("{name:<16} {now:>6} -> {needed}"), Role::Text),
        };
        page.text(&text, role);
    }
    let (before, after) = sizing.cost;
    let cost = format!("Cost a month: {} now, {} so sized.", units::format_money(before), units::format_money(after));
    page.wrapped(&cost, Role::Text);
}
