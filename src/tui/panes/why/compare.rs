//! Two runs side by side: one that was kept, and the present one.

use super::Look;
use crate::sim::{FlowReport, Report};
use crate::tui::panes::run::observed;
use crate::tui::theme::Role;
use crate::tui::widgets::{Align, Column, Page};
use crate::units;

/// A run that was kept to be compared with.
#[derive(Clone, Debug)]
pub struct Kept {
    /// What it is called: the design's name, and what it was run with.
    pub name: String,
    /// What it measured.
    pub report: Report,
}

/// A figure of both runs.
struct Pair {
    name: String,
    kept: Option<f64>,
    now: Option<f64>,
    shown: fn(f64) -> String,
    /// Whether less is better; `None` where neither is.
    less: Option<bool>,
}

/// Lays out both runs; `keys` keep a run and take one from a file.
pub fn compare(page: &mut Page<'_>, look: &Look<'_>, kept: Option<&Kept>, name: &str, keys: [&str; 2]) {
    let Some(kept) = kept else {
        let [keep, file] = keys;
        page.wrapped(
            &format!("{keep} keeps this run to compare the next ones with; {file} runs a design of another file to compare with."),
            Role::Muted,
        );
        return;
    };
    page.wrapped(&format!("kept: {}", kept.name), Role::Muted);
    page.wrapped(&format!("now: {name}"), Role::Muted);
    targets(page, kept, look.report);
    page.heading("Flows");
    let flows = names(kept.report.flows.iter().map(|flow| &flow.name), look.report.flows.iter().map(|flow| &flow.name));
    for name in flows {
        let find = |report: &'_ Report| report.flows.iter().position(|flow| flow.name == name);
        let one = find(&kept.report).map(|at| &kept.report.flows[at]);
        let other = find(look.report).map(|at| &look.report.flows[at]);
        page.wrapped(&name, Role::Text);
        table(page, &flow_pairs(one, other));
    }
    page.heading("Components");
    components(page, &kept.report, look.report);
}

/// All names of two lists, each once, in order.
fn names<'a>(one: impl Iterator<Item = &'a String>, other: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in one.chain(other) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

fn targets(page: &mut Page<'_>, kept: &Kept, report: &Report) {
    let count = |report: &Report| {
        let all: Vec<bool> = report.flows.iter().flat_map(|flow| &flow.targets).map(|target| target.met).collect();
        (all.iter().filter(|met| **met).count(), all.len())
    };
    let ((was, of), (is, all)) = (count(&kept.report), count(report));
    let role = match is.cmp(&was) {
        std::cmp::Ordering::Greater => Role::Good,
        std::cmp::Ordering::Less => Role::Bad,
        std::cmp::Ordering::Equal => Role::Text,
    };
    page.text(&format!("targets met: {was} of {of} -> {is} of {all}"), role);
    for flow in &report.flows {
        let before = kept.report.flows.iter().find(|known| known.name == flow.name);
        for target in &flow.targets {
            let known = before.and_then(|flow| flow.targets.iter().find(|known| known.text == target.text));
            let Some(known) = known.filter(|known| known.met != target.met) else { continue };
            let (sign, role) =
                if target.met { (page.theme.tick(), Role::Good) } else { (page.theme.cross(), Role::Bad) };
            let (then, now) = (observed(&target.text, known.observed), observed(&target.text, target.observed));
            page.wrapped(&format!("{sign} {} of {}: {then} -> {now}", target.text, flow.name), role);
        }
    }
}

fn flow_pairs(one: Option<&FlowReport>, other: Option<&FlowReport>) -> Vec<Pair> {
    let pair = |name: &str, of: fn(&FlowReport) -> f64, shown: fn(f64) -> String, less| Pair {
        name: format!("  {name}"),
        kept: one.map(of),
        now: other.map(of),
        shown,
        less,
    };
    vec![
        pair("offered", |flow| flow.offered_per_s, units::format_rate, None),
        pair("completed", |flow| flow.completed_per_s, units::format_rate, Some(false)),
        pair("errors", |flow| flow.error_ratio, units::format_percent, Some(true)),
        pair("p50", |flow| flow.latency.p50, units::format_duration, Some(true)),
        pair("p99", |flow| flow.latency.p99, units::format_duration, Some(true)),
        pair("p999", |flow| flow.latency.p999, units::format_duration, Some(true)),
    ]
}

fn components(page: &mut Page<'_>, kept: &Report, now: &Report) {
    let carried = |report: &'_ Report| -> Vec<String> {
        let carries = report.components.iter().filter(|component| component.kind != crate::design::Kind::Client);
        carries.map(|component| component.name.clone()).collect()
    };
    let (one, other) = (carried(kept), carried(now));
    let mut pairs = Vec::new();
    for name in names(one.iter(), other.iter()) {
        let find = |report: &'_ Report| report.components.iter().find(|component| component.name == name).cloned();
        let (one, other) = (find(kept), find(now));
        let pair = |what: &str, of: fn(&crate::sim::ComponentReport) -> f64, shown: fn(f64) -> String| Pair {
            name: format!("{name} {what}"),
            kept: one.as_ref().map(of),
            now: other.as_ref().map(of),
            shown,
            less: Some(true),
        };
        pairs.push(pair("used", |component| component.utilisation, units::format_percent));
        pairs.push(pair("waiting", |component| (component.queue_mean * 10.0).round() / 10.0, units::format_count));
    }
    let cost = |report: &Report| report.components.iter().filter_map(|component| component.cost_per_month).sum();
    pairs.push(Pair {
        name: "cost a month".to_owned(),
        kept: Some(cost(kept)),
        now: Some(cost(now)),
        shown: units::format_money,
        less: Some(true),
    });
    table(page, &pairs);
}

fn table(page: &mut Page<'_>, pairs: &[Pair]) {
    let right = |title, rank| Column { title, align: Align::Right, rank };
    let columns =
        [Column { title: "", align: Align::Left, rank: 0 }, right("kept", 0), right("now", 0), right("change", 1)];
    let cells = |pair: &Pair| {
        let figure = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), pair.shown);
        let (change, role) = change(pair);
        vec![
            (pair.name.clone(), Role::Muted),
            (figure(pair.kept), Role::Text),
            (figure(pair.now), Role::Text),
            (change, role),
        ]
    };
    page.table(&columns, &pairs.iter().map(cells).collect::<Vec<_>>());
}

/// How much a figure changed, and whether that is good: `-40%`, `5.2x`.
fn change(pair: &Pair) -> (String, Role) {
    let (Some(kept), Some(now)) = (pair.kept, pair.now) else { return (String::new(), Role::Muted) };
    if (pair.shown)(kept) == (pair.shown)(now) {
        return ("same".to_owned(), Role::Muted);
    }
    let ratio = now / kept;
    let text = match ratio {
        ratio if !ratio.is_finite() => "new".to_owned(),
        ratio if ratio >= 2.0 => format!("{}x", units::format_number((ratio * 10.0).round() / 10.0)),
        ratio => format!("{:+.0}%", (ratio - 1.0) * 100.0),
    };
    let role = match pair.less {
        _ if (ratio - 1.0).abs() < 0.02 => Role::Muted,
        None => Role::Muted,
        Some(less) if less == (now < kept) => Role::Good,
        Some(_) => Role::Bad,
    };
    (text, role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn changes(kept: f64, now: f64, less: Option<bool>, expected: (&str, Role)) {
        let pair = Pair { name: String::new(), kept: Some(kept), now: Some(now), shown: units::format_duration, less };
        assert_eq!(change(&pair), (expected.0.to_owned(), expected.1));
    }

    #[test]
    fn a_change_says_how_much_and_whether_it_is_good() {
        changes(0.1, 0.05, Some(true), ("-50%", Role::Good));
        changes(0.1, 0.52, Some(true), ("5.2x", Role::Bad));
        changes(0.1, 0.15, Some(false), ("+50%", Role::Good));
        changes(0.1, 0.3, None, ("3x", Role::Muted));
        changes(0.1, 0.1, Some(true), ("same", Role::Muted));
        changes(0.0, 0.1, Some(true), ("new", Role::Bad));
    }
}
