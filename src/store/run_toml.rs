//! `runs/NNNN.toml`: the figures of one run, written once.

use serde::{Deserialize, Serialize};

use super::FORMAT;
use super::session_toml::{Unreadable, one_line};
use crate::clock::Elapsed;
use crate::interview::{ComponentRun, FlowRun, Run, TargetRun, Trigger};

#[derive(Debug, Deserialize, Serialize)]
struct Sheet {
    format: i64,
    number: u32,
    at_ms: u64,
    trigger: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
    /// A number of 64 bits, which TOML's integers don't hold.
    seed: String,
    simulated_s: f64,
    scale: f64,
    /// Absent in files of before it was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bottleneck: Option<String>,
    notes: Vec<String>,
    design: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    flow: Vec<FlowRow>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    component: Vec<ComponentRow>,
}

#[derive(Debug, Deserialize, Serialize)]
struct FlowRow {
    name: String,
    offered_per_s: f64,
    completed_per_s: f64,
    error_ratio: f64,
    /// Timed out, rejected, failed.
    errors: [u64; 3],
    mean_s: f64,
    p50_s: f64,
    p90_s: f64,
    p99_s: f64,
    p999_s: f64,
    max_s: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lag_p99_s: Option<f64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    target: Vec<TargetRow>,
}

#[derive(Debug, Deserialize, Serialize)]
struct TargetRow {
    text: String,
    observed: f64,
    met: bool,
    verdict: String,
}

#[derive(Debug, Deserialize, Serialize)]
struct ComponentRow {
    name: String,
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    technology: Option<String>,
    instances: u32,
    arrivals_per_s: f64,
    utilisation: f64,
    queue_mean: f64,
    queue_max: u64,
    wait_mean_s: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    hit_ratio: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_per_month: Option<f64>,
    unstable: bool,
}

/// The file's text.
pub(super) fn write(run: &Run) -> String {
    let sheet = Sheet {
        format: FORMAT,
        number: run.number,
        at_ms: storable(run.at.0),
        trigger: run.trigger.name().to_owned(),
        fault: run.fault.clone(),
        seed: run.seed.to_string(),
        simulated_s: run.simulated_s,
        scale: run.scale,
        limit: run.limit.clone(),
        bottleneck: run.bottleneck.clone(),
        notes: run.notes.clone(),
        design: run.design.clone(),
        flow: run.flows.iter().map(flow_row).collect(),
        component: run.components.iter().map(component_row).collect(),
    };
    toml::to_string_pretty(&sheet).expect("numbers below 2^63, strings and tables always serialise")
}

/// Reads the file.
pub(super) fn read(text: &str) -> Result<Run, Unreadable> {
    let sheet: Sheet = toml::from_str(text).map_err(|error| Unreadable::Damaged(one_line(&error)))?;
    if sheet.format > FORMAT {
        return Err(Unreadable::Version(sheet.format));
    }
    let unknown = |what: &str, word: &str| Unreadable::Damaged(format!("unknown {what} '{word}'"));
    let flows: Result<Vec<FlowRun>, Unreadable> = sheet.flow.into_iter().map(flow).collect();
    Ok(Run {
        number: sheet.number,
        at: Elapsed(sheet.at_ms),
        trigger: Trigger::from_name(&sheet.trigger).ok_or_else(|| unknown("trigger", &sheet.trigger))?,
        fault: sheet.fault,
        design: sheet.design,
        seed: sheet.seed.parse().map_err(|_| unknown("seed", &sheet.seed))?,
        simulated_s: sheet.simulated_s,
        scale: sheet.scale,
        flows: flows?,
        components: sheet.component.into_iter().map(component).collect(),
        limit: sheet.limit,
        bottleneck: sheet.bottleneck,
        notes: sheet.notes,
    })
}

/// TOML's integers end at 2^63.
fn storable(count: u64) -> u64 {
    count.min(i64::MAX.unsigned_abs())
}

fn flow_row(flow: &FlowRun) -> FlowRow {
    FlowRow {
        name: flow.name.clone(),
        offered_per_s: flow.offered_per_s,
        completed_per_s: flow.completed_per_s,
        error_ratio: flow.error_ratio,
        errors: flow.errors.map(storable),
        mean_s: flow.mean,
        p50_s: flow.p50,
        p90_s: flow.p90,
        p99_s: flow.p99,
        p999_s: flow.p999,
        max_s: flow.max,
        lag_p99_s: flow.lag_p99,
        target: flow.targets.iter().map(target_row).collect(),
    }
}

fn flow(row: FlowRow) -> Result<FlowRun, Unreadable> {
    let targets: Result<Vec<TargetRun>, Unreadable> = row.target.into_iter().map(target).collect();
    Ok(FlowRun {
        name: row.name,
        offered_per_s: row.offered_per_s,
        completed_per_s: row.completed_per_s,
        error_ratio: row.error_ratio,
        errors: row.errors,
        mean: row.mean_s,
        p50: row.p50_s,
        p90: row.p90_s,
        p99: row.p99_s,
        p999: row.p999_s,
        max: row.max_s,
        lag_p99: row.lag_p99_s,
        targets: targets?,
    })
}

fn target_row(target: &TargetRun) -> TargetRow {
    TargetRow {
        text: target.text.clone(),
        observed: target.observed,
        met: target.met,
        verdict: target.verdict_name().to_owned(),
    }
}

fn target(row: TargetRow) -> Result<TargetRun, Unreadable> {
    let verdict = TargetRun::verdict_from_name(&row.verdict);
    let verdict = verdict.ok_or_else(|| Unreadable::Damaged(format!("unknown verdict '{}'", row.verdict)))?;
    Ok(TargetRun { text: row.text, observed: row.observed, met: row.met, verdict })
}

fn component_row(component: &ComponentRun) -> ComponentRow {
    ComponentRow {
        name: component.name.clone(),
        kind: component.kind.clone(),
        technology: component.technology.clone(),
        instances: component.instances,
        arrivals_per_s: component.arrivals_per_s,
        utilisation: component.utilisation,
        queue_mean: component.queue_mean,
        queue_max: storable(component.queue_max),
        wait_mean_s: component.wait_mean,
        hit_ratio: component.hit_ratio,
        cost_per_month: component.cost_per_month,
        unstable: component.unstable,
    }
}

fn component(row: ComponentRow) -> ComponentRun {
    ComponentRun {
        name: row.name,
        kind: row.kind,
        technology: row.technology,
        instances: row.instances,
        arrivals_per_s: row.arrivals_per_s,
        utilisation: row.utilisation,
        queue_mean: row.queue_mean,
        queue_max: row.queue_max,
        wait_mean: row.wait_mean_s,
        hit_ratio: row.hit_ratio,
        cost_per_month: row.cost_per_month,
        unstable: row.unstable,
    }
}
