//! What the runs measured: one in full, the others as rows.

use std::fmt::Write;

use super::session::line;
use crate::interview::{ComponentRun, FlowRun, Record, Run, TargetRun};
use crate::markup::{code_span, escape};
use crate::units::{format_count, format_duration, format_money, format_number, format_percent, format_rate};

/// The run that counts, and the list of all.
pub(super) fn measurements(out: &mut String, record: &Record) {
    let Some(run) = record.last_run() else { return };
    line!(out, "\n## Measurements\n");
    line!(out, "Run {} at {}: {}.", run.number + 1, run.at, conditions(run));
    if run.design != record.design {
        line!(out, "The design was changed after it.");
    }
    flows(out, run);
    verdicts(out, run);
    if let Some(bottleneck) = &run.bottleneck {
        line!(out, "\n**Bottleneck.** {}", escape(bottleneck));
    }
    components(out, run);
    if !run.notes.is_empty() {
        out.push('\n');
    }
    for note in &run.notes {
        line!(out, "- {}", escape(note));
    }
    runs(out, record);
}

fn conditions(run: &Run) -> String {
    let scale = if run.scale > 1.0 {
        format!(", one request standing for {}", format_number(run.scale))
    } else {
        String::new()
    };
    let fault = run.fault.as_ref().map(|fault| format!(", with {}", code_span(fault))).unwrap_or_default();
    format!("{} simulated, seed {}{scale}{fault}", format_duration(run.simulated_s), run.seed)
}

fn flows(out: &mut String, run: &Run) {
    line!(out, "\n| flow | offered | answered | errors | mean | p50 | p90 | p99 | p99.9 | max |");
    line!(out, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for flow in &run.flows {
        let figures = [flow.mean, flow.p50, flow.p90, flow.p99, flow.p999, flow.max].map(format_duration);
        line!(
            out,
            "| {} | {} | {} | {} | {} |",
            code_span(&flow.name),
            format_rate(flow.offered_per_s),
            format_rate(flow.completed_per_s),
            format_percent(flow.error_ratio),
            figures.join(" | ")
        );
    }
}

/// One line a target, in the load testers' manner: `✓ 'p99 < 100ms' p99=72ms`.
fn verdicts(out: &mut String, run: &Run) {
    for flow in run.flows.iter().filter(|flow| !flow.targets.is_empty()) {
        line!(out, "\n{}{}\n", code_span(&flow.name), failures(flow));
        for target in &flow.targets {
            line!(out, "- {}", escape(&verdict(target)));
        }
    }
}

fn verdict(target: &TargetRun) -> String {
    let mark = if target.met { '✓' } else { '✗' };
    let close = if target.verdict_name() == "too-close" { " (too close to call)" } else { "" };
    let metric = target.text.split(['<', '>']).next().unwrap_or("").trim();
    format!("{mark} '{}' {metric}={}{close}", target.text, target.figure())
}

fn failures(flow: &FlowRun) -> String {
    let words = ["timed out", "rejected", "failed"];
    let counted = flow.errors.iter().zip(words).filter(|(count, _)| **count > 0);
    let parts: Vec<String> = counted.map(|(count, word)| format!("{} {word}", format_count(*count as f64))).collect();
    if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
}

fn components(out: &mut String, run: &Run) {
    if run.components.is_empty() {
        return;
    }
    line!(
        out,
        "\n| component | kind | arrivals | busy | mean queue | longest queue | mean wait | hits | cost a month |"
    );
    line!(out, "|---|---|--:|--:|--:|--:|--:|--:|--:|");
    for component in &run.components {
        line!(out, "| {} |", row(component).join(" | "));
    }
}

fn row(component: &ComponentRun) -> [String; 9] {
    let count = if component.instances > 1 { format!(" x{}", component.instances) } else { String::new() };
    let kind = component.technology.as_deref().unwrap_or(&component.kind);
    let unstable = if component.unstable { " (grows)" } else { "" };
    [
        format!("{}{count}", code_span(&component.name)),
        escape(kind),
        format_rate(component.arrivals_per_s),
        format_percent(component.utilisation),
        format!("{}{unstable}", format_number(component.queue_mean)),
        format_count(component.queue_max as f64),
        format_duration(component.wait_mean),
        component.hit_ratio.map(format_percent).unwrap_or_default(),
        component.cost_per_month.map(format_money).unwrap_or_default(),
    ]
}

fn runs(out: &mut String, record: &Record) {
    if record.runs.len() < 2 {
        return;
    }
    line!(out, "\nAll runs:\n\n| run | at | fault | targets met | worst p99 |\n|--:|--:|---|--:|--:|");
    for run in &record.runs {
        let (met, all) = (run.targets().filter(|(_, target)| target.met).count(), run.targets().count());
        let worst = run.flows.iter().map(|flow| flow.p99).fold(0.0, f64::max);
        let fault = run.fault.as_deref().map(code_span).unwrap_or_default();
        line!(out, "| {} | {} | {fault} | {met} of {all} | {} |", run.number + 1, run.at, format_duration(worst));
    }
}
