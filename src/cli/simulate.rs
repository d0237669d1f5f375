//! `simulate`: a design held to its targets, as a table or as JSON.

use serde::Serialize;

use super::args::Simulate;
use super::{Environment, Outcome, output, read_input};
use crate::content::Bank;
use crate::design::{Design, compile, parse_target};
use crate::sim::{self, ComponentReport, ErrorClass, FlowReport, Options, Report, Verdict};
use crate::source::{Severity, render};
use crate::units::{format_count, format_duration, format_money, format_percent, format_rate};

/// Simulates a design.
pub(super) fn simulate(arguments: &Simulate, environment: &Environment) -> anyhow::Result<Outcome> {
    let (name, text) = read_input(&arguments.file)?;
    let bank = environment.bank();
    let mut compiled = compile(&text, bank.catalogue());
    let told: Vec<_> = compiled.diagnostics.iter().filter(|d| d.severity != Severity::Note).cloned().collect();
    if !told.is_empty() {
        eprintln!("{}", render(&name, &text, &told));
    }
    anyhow::ensure!(
        told.iter().all(|d| d.severity != Severity::Error),
        "{name}: the design has errors and was not run"
    );
    anyhow::ensure!(
        !compiled.design.flows.is_empty(),
        "{name}: there is no flow to simulate; write one, such as: users -> api -> db @ 100/s"
    );
    if let Some(id) = &arguments.problem {
        hold(&bank, id, &mut compiled.design)?;
    }
    let mut options = Options::of(&compiled.design).with_network(bank.catalogue().network());
    options.simulated_s = arguments.simulated.unwrap_or(options.simulated_s);
    options.warmup_s = arguments.warmup.unwrap_or(options.warmup_s);
    options.seed = arguments.seed.unwrap_or(options.seed);
    options.exact |= arguments.exact;
    let started = now();
    let report = sim::run(&compiled.design, &options);
    let wall_s = started.elapsed().as_secs_f64();
    if arguments.json {
        output::json(&json(&name, &report, wall_s))?;
    } else {
        output::write(&text_report(&report))?;
    }
    Ok(if report.targets_met() { Outcome::Good } else { Outcome::Failed })
}

#[allow(clippy::disallowed_methods, reason = "the command line is where time enters the program")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

/// Adds the targets of a problem to the flows of the same name.
fn hold(bank: &Bank, id: &str, design: &mut Design) -> anyhow::Result<()> {
    let problem = bank
        .problem(id)
        .ok_or_else(|| anyhow::anyhow!("there is no problem '{id}'; 'dryrun list problems' names them"))?;
    for group in &problem.targets {
        let Some(flow) = design.flows.iter_mut().find(|flow| flow.name == group.flow) else {
            eprintln!("warning: no flow is named '{}', so its targets are not checked", group.flow);
            continue;
        };
        for text in &group.expect {
            let target = parse_target(text).map_err(|diagnostic| anyhow::anyhow!("{id}: {}", diagnostic.message))?;
            if !flow.targets.iter().any(|known| known.text == target.text) {
                flow.targets.push(target);
            }
        }
    }
    Ok(())
}

/// The JSON document; field names are part of the program's interface.
#[derive(Serialize)]
struct Document<'a> {
    design: &'a str,
    seed: u64,
    simulated_s: f64,
    warmup_s: f64,
    scale: f64,
    events: u64,
    wall_s: f64,
    flows: Vec<FlowRow<'a>>,
    components: Vec<ComponentRow<'a>>,
    bottleneck: Option<&'a str>,
    targets_met: bool,
    notes: &'a [String],
}

#[derive(Serialize)]
struct FlowRow<'a> {
    name: &'a str,
    offered_per_s: f64,
    completed_per_s: f64,
    error_ratio: f64,
    errors: Errors,
    reasons: Vec<ReasonRow<'a>>,
    latency_ms: Latency,
    targets: Vec<TargetRow<'a>>,
}

#[derive(Default, Serialize)]
struct Errors {
    timeout: u64,
    rejected: u64,
    failed: u64,
}

#[derive(Serialize)]
struct ReasonRow<'a> {
    reason: &'a str,
    count: u64,
}

#[derive(Serialize)]
struct Latency {
    mean: f64,
    p50: f64,
    p90: f64,
    p95: f64,
    p99: f64,
    p999: f64,
    max: f64,
}

#[derive(Serialize)]
struct TargetRow<'a> {
    text: &'a str,
    observed: f64,
    met: bool,
    low: Option<f64>,
    high: Option<f64>,
    too_close: bool,
}

#[derive(Serialize)]
struct ComponentRow<'a> {
    name: &'a str,
    kind: &'a str,
    technology: Option<&'a str>,
    instances: u64,
    arrivals_per_s: f64,
    served_per_s: f64,
    utilisation: f64,
    queue_mean: f64,
    queue_max: u64,
    wait_ms_mean: f64,
    hit_ratio: Option<f64>,
    lag_ms_p99: Option<f64>,
    rejected: u64,
    cost_per_month_usd: Option<f64>,
    unstable: bool,
}

fn json<'a>(name: &'a str, report: &'a Report, wall_s: f64) -> Document<'a> {
    Document {
        design: name,
        seed: report.seed,
        simulated_s: report.simulated_s,
        warmup_s: report.warmup_s,
        scale: report.scale,
        events: report.events,
        wall_s,
        flows: report.flows.iter().map(flow_row).collect(),
        components: report.components.iter().map(component_row).collect(),
        bottleneck: report.bottleneck.as_ref().map(|(_, sentence)| sentence.as_str()),
        targets_met: report.targets_met(),
        notes: &report.notes,
    }
}

fn flow_row(flow: &FlowReport) -> FlowRow<'_> {
    let mut errors = Errors::default();
    for error in &flow.errors {
        match error.class {
            ErrorClass::Timeout => errors.timeout += error.count,
            ErrorClass::Rejected => errors.rejected += error.count,
            ErrorClass::Failed => errors.failed += error.count,
        }
    }
    let latency = &flow.latency;
    FlowRow {
        name: &flow.name,
        offered_per_s: flow.offered_per_s,
        completed_per_s: flow.completed_per_s,
        error_ratio: flow.error_ratio,
        errors,
        reasons: flow.errors.iter().map(|error| ReasonRow { reason: &error.reason, count: error.count }).collect(),
        latency_ms: Latency {
            mean: latency.mean * 1e3,
            p50: latency.p50 * 1e3,
            p90: latency.p90 * 1e3,
            p95: latency.p95 * 1e3,
            p99: latency.p99 * 1e3,
            p999: latency.p999 * 1e3,
            max: latency.max * 1e3,
        },
        targets: flow
            .targets
            .iter()
            .map(|target| TargetRow {
                text: &target.text,
                observed: target.observed,
                met: target.met,
                low: target.interval.map(|(low, _)| low),
                high: target.interval.map(|(_, high)| high),
                too_close: target.verdict == Verdict::TooClose,
            })
            .collect(),
    }
}

fn component_row(component: &ComponentReport) -> ComponentRow<'_> {
    ComponentRow {
        name: &component.name,
        kind: component.kind.name(),
        technology: component.technology.as_deref(),
        instances: u64::from(component.instances),
        arrivals_per_s: component.arrivals_per_s,
        served_per_s: component.served_per_s,
        utilisation: component.utilisation,
        queue_mean: component.queue_mean,
        queue_max: component.queue_max,
        wait_ms_mean: component.wait_mean * 1e3,
        hit_ratio: component.hit_ratio,
        lag_ms_p99: component.lag_p99.map(|lag| lag * 1e3),
        rejected: component.rejected,
        cost_per_month_usd: component.cost_per_month,
        unstable: component.unstable,
    }
}

/// The report for a person: verdicts first, then flows, then components.
fn text_report(report: &Report) -> String {
    let mut out = String::new();
    for flow in &report.flows {
        for target in &flow.targets {
            let (mark, word) = match (target.met, target.verdict) {
                (_, Verdict::TooClose) => ("≈", " too close to call: run longer"),
                (true, _) => ("✓", ""),
                (false, _) => ("✗", " missed"),
            };
            out.push_str(&format!(
                "{mark} {}: {} measured {}{word}\n",
                flow.name,
                target.text,
                figure(&target.text, target.observed)
            ));
        }
    }
    if let Some((_, sentence)) = &report.bottleneck {
        out.push_str(&format!("\n{sentence}\n"));
    }
    out.push('\n');
    out.push_str(&output::table(&flow_table(report), &[1, 2, 3, 4, 5, 6]));
    for flow in report.flows.iter().filter(|flow| !flow.errors.is_empty()) {
        let reasons: Vec<String> = flow
            .errors
            .iter()
            .take(4)
            .map(|error| format!("{} {}", format_count(error.count as f64), error.reason))
            .collect();
        out.push_str(&format!("  {} failed: {}\n", flow.name, reasons.join(", ")));
    }
    out.push('\n');
    out.push_str(&output::table(&component_table(report), &[2, 3, 4, 5, 6, 7, 8]));
    for note in &report.notes {
        out.push_str(&format!("note: {note}\n"));
    }
    out
}

/// A target's figure in the unit its text is about.
fn figure(text: &str, observed: f64) -> String {
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
