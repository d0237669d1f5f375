//! The report for a person.

use crate::cli::output::{Paint, Tone};
use crate::sim::{FlowReport, Report, TargetReport, Verdict};
use crate::units::{format_count, format_duration, format_money, format_percent, format_rate};

/// The report for a person: verdicts first, then flows, then components.
pub(super) fn report(report: &Report, paint: Paint) -> String {
    let mut out = verdicts(report, paint);
    if let Some((_, sentence)) = &report.bottleneck {
        out.push_str(&format!("\n{}", paint.line(sentence, Tone::Strong)));
    }
    out.push('\n');
    out.push_str(&paint.table(&flow_table(report), &[1, 2, 3, 4, 5, 6], &[]));
    for flow in report.flows.iter().filter(|flow| !flow.errors.is_empty()) {
        let reasons: Vec<String> = flow
            .errors
            .iter()
            .take(4)
            .map(|error| format!("{} {}", format_count(error.count as f64), error.reason))
            .collect();
        out.push_str(&paint.line(&format!("  {} failed: {}", flow.name, reasons.join(", ")), Tone::Bad));
    }
    out.push('\n');
    let tones: Vec<Tone> =
        report.components.iter().map(|component| if component.unstable { Tone::Bad } else { Tone::Plain }).collect();
    out.push_str(&paint.table(&component_table(report), &[2, 3, 4, 5, 6, 7, 8], &tones));
    for note in &report.notes {
        out.push_str(&paint.line(&format!("note: {note}"), Tone::Muted));
    }
    out
}

fn verdicts(report: &Report, paint: Paint) -> String {
    let targets = report.flows.iter().flat_map(|flow| flow.targets.iter().map(move |target| (flow, target)));
    let line = |(flow, target): (&FlowReport, &TargetReport)| {
        let (mark, word, tone) = match (target.met, target.verdict) {
            (_, Verdict::TooClose) => ("≈", " too close to call: run longer", Tone::Warning),
            (true, _) => ("✓", "", Tone::Good),
            (false, _) => ("✗", " missed", Tone::Bad),
        };
        let figure = figure(&target.text, target.observed);
        paint.line(&format!("{mark} {}: {} measured {figure}{word}", flow.name, target.text), tone)
    };
    targets.map(line).collect()
}

/// A target's figure in the unit its text is about.
pub(super) fn figure(text: &str, observed: f64) -> String {
    let subject = text.split(['<', '>', '=', ' ']).next().unwrap_or_default();
    match subject {
        "errors" | "availability" | "utilisation" | "hit" => format_percent(observed),
        "throughput" => format_rate(observed),
        "cost" => format!("{}/month", format_money(observed)),
        _ => format_duration(observed),
    }
}

fn flow_table(report: &Report) -> Vec<Vec<String>> {
    let head = ["flow", "offered", "completed", "errors", "p50", "p99", "p99.9"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(report.flows.iter().map(|flow| {
        vec![
            flow.name.clone(),
            format_rate(flow.offered_per_s),
            format_rate(flow.completed_per_s),
            format_percent(flow.error_ratio),
            format_duration(flow.latency.p50),
            format_duration(flow.latency.p99),
            format_duration(flow.latency.p999),
        ]
    }));
    rows
}

fn component_table(report: &Report) -> Vec<Vec<String>> {
    let head = ["component", "kind", "instances", "arrivals", "utilisation", "queue", "wait", "hits", "cost/month"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    rows.extend(report.components.iter().map(|component| {
        vec![
            component.name.clone(),
            component.technology.clone().unwrap_or_else(|| component.kind.name().to_owned()),
            component.instances.to_string(),
            format_rate(component.arrivals_per_s),
            format_percent(component.utilisation),
            format_count(component.queue_mean),
            format_duration(component.wait_mean),
            component.hit_ratio.map(format_percent).unwrap_or_default(),
            component.cost_per_month.map(format_money).unwrap_or_default(),
        ]
    }));
    rows
}
