//! What was asked for beside the run itself, as fields of the JSON document. Their names are part of the program's interface and
//! documented in the guide.

use serde::Serialize;

use super::study::Studies;
use crate::design::{ComponentId, Design};
use crate::sim::explain::{Broken, Headroom, LoadPoint, Outcome, Sizing, Theory, Unit, WhatIf, culprit, failing};
use crate::sim::{ComponentReport, FlowReport, Report, Trace};

/// The fields; those that were not asked for are left out of the document.
#[derive(Default, Serialize)]
pub(super) struct Explained<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    what_if: Option<WhatIfRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sweep: Option<Vec<PointRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    headroom: Option<HeadroomRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sizing: Option<SizingRow<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    theory: Option<Vec<TheoryRow<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    traces: Option<Vec<TraceRow<'a>>>,
}

#[derive(Serialize)]
struct WhatIfRow<'a> {
    as_it_is: OutcomeRow<'a>,
    changes: Vec<ChangeRow<'a>>,
}

#[derive(Serialize)]
struct ChangeRow<'a> {
    change: &'a str,
    component: &'a str,
    helps: bool,
    cost_difference_per_month_usd: f64,
    #[serde(flatten)]
    outcome: OutcomeRow<'a>,
}

#[derive(Serialize)]
struct OutcomeRow<'a> {
    targets_missed: usize,
    error_ratio: f64,
    cost_per_month_usd: f64,
    flows: Vec<FlowRow<'a>>,
}

#[derive(Serialize)]
struct FlowRow<'a> {
    name: &'a str,
    offered_per_s: f64,
    completed_per_s: f64,
    error_ratio: f64,
    p50_ms: Option<f64>,
    p99_ms: Option<f64>,
}

#[derive(Serialize)]
struct PointRow<'a> {
    factor: f64,
    targets_met: bool,
    flows: Vec<FlowRow<'a>>,
    components: Vec<BusyRow<'a>>,
    bottleneck: Option<&'a str>,
}

#[derive(Serialize)]
struct BusyRow<'a> {
    name: &'a str,
    utilisation: f64,
    queue_mean: f64,
}

#[derive(Serialize)]
struct HeadroomRow<'a> {
    factor: Option<f64>,
    flow: Option<&'a str>,
    target: Option<&'a str>,
    overloaded: Option<&'a str>,
    bottleneck: Option<&'a str>,
    text: String,
}

#[derive(Serialize)]
struct SizingRow<'a> {
    met: bool,
    reason: Option<&'a str>,
    components: Vec<CountRow<'a>>,
    cost_per_month_usd: Option<f64>,
}

#[derive(Serialize)]
struct CountRow<'a> {
    name: &'a str,
    instances: u32,
    needed: u32,
}

#[derive(Serialize)]
struct TheoryRow<'a> {
    component: &'a str,
    model: &'a str,
    figures: Vec<FigureRow<'a>>,
}

#[derive(Serialize)]
struct FigureRow<'a> {
    name: &'a str,
    unit: &'static str,
    theory: Option<f64>,
    measured: f64,
}

#[derive(Serialize)]
struct TraceRow<'a> {
    flow: &'a str,
    which: &'static str,
    latency_ms: f64,
    failure: Option<&'a str>,
    text: Option<String>,
    spans: Vec<SpanRow<'a>>,
}

#[derive(Serialize)]
struct SpanRow<'a> {
    component: &'a str,
    parent: Option<u32>,
    start_ms: f64,
    service_ms: f64,
    end_ms: f64,
    failure: Option<&'a str>,
}

/// The fields of what was asked for.
pub(super) fn of<'a>(design: &'a Design, report: &'a Report, studies: &'a Studies) -> Explained<'a> {
    Explained {
        what_if: studies.what_if.as_ref().map(|tried| what_if(design, tried)),
        sweep: studies.sweep.as_ref().map(|points| points.iter().map(point).collect()),
        headroom: studies.headroom.as_ref().map(headroom),
        sizing: studies.sizing.as_ref().map(|sizing| sized(design, sizing)),
        theory: studies.theory.as_ref().map(|theories| theories.iter().map(|it| theory(design, it)).collect()),
        traces: studies.traces.then(|| report.flows.iter().flat_map(|flow| traces(design, flow)).collect()),
    }
}

fn what_if<'a>(design: &'a Design, tried: &'a WhatIf) -> WhatIfRow<'a> {
    let changes = tried.trials.iter().map(|trial| ChangeRow {
        change: &trial.change.text,
        component: &design.component(trial.change.component).name,
        helps: trial.helps,
        cost_difference_per_month_usd: trial.cost,
        outcome: outcome(&trial.outcome),
    });
    WhatIfRow { as_it_is: outcome(&tried.base), changes: changes.collect() }
}

fn outcome(outcome: &Outcome) -> OutcomeRow<'_> {
    OutcomeRow {
        targets_missed: outcome.missed,
        error_ratio: outcome.failed,
        cost_per_month_usd: outcome.cost,
        flows: outcome.report.flows.iter().map(flow).collect(),
    }
}

fn flow(flow: &FlowReport) -> FlowRow<'_> {
    let measured = |seconds: f64| (flow.latency.count > 0).then_some(seconds * 1e3);
    FlowRow {
        name: &flow.name,
        offered_per_s: flow.offered_per_s,
        completed_per_s: flow.completed_per_s,
        error_ratio: flow.error_ratio,
        p50_ms: measured(flow.latency.p50),
        p99_ms: measured(flow.latency.p99),
    }
}

fn point<'a>(point: &'a LoadPoint) -> PointRow<'a> {
    let busy = |component: &'a ComponentReport| BusyRow {
        name: &component.name,
        utilisation: component.utilisation,
        queue_mean: component.queue_mean,
    };
    PointRow {
        factor: point.factor,
        targets_met: point.report.targets_met(),
        flows: point.report.flows.iter().map(flow).collect(),
        components: point.report.components.iter().map(busy).collect(),
        bottleneck: point.report.bottleneck.as_ref().map(|(_, sentence)| sentence.as_str()),
    }
}

fn headroom(headroom: &Headroom) -> HeadroomRow<'_> {
    let none = HeadroomRow {
        factor: None,
        flow: None,
        target: None,
        overloaded: None,
        bottleneck: None,
        text: super::explained::headroom(headroom),
    };
    match headroom {
        Headroom::NoTargets | Headroom::MoreThan(_) | Headroom::LessThan(_) => none,
        Headroom::Limit { factor, first, limit } => {
            let known = HeadroomRow { factor: Some(*factor), bottleneck: limit.as_deref(), ..none };
            match first {
                Broken::Target(flow, target) => HeadroomRow { flow: Some(flow), target: Some(target), ..known },
                Broken::Overload(component) => HeadroomRow { overloaded: Some(component), ..known },
            }
        }
    }
}

fn sized<'a>(design: &'a Design, sizing: &'a Result<Sizing, String>) -> SizingRow<'a> {
    match sizing {
        Err(why) => SizingRow { met: false, reason: Some(why), components: Vec::new(), cost_per_month_usd: None },
        Ok(sizing) => {
            let row = |&(id, instances, needed): &(ComponentId, u32, u32)| CountRow {
                name: &design.component(id).name,
                instances,
                needed,
            };
            let components = sizing.counts.iter().map(row).collect();
            SizingRow { met: true, reason: None, components, cost_per_month_usd: Some(sizing.cost.1) }
        }
    }
}

fn theory<'a>(design: &'a Design, theory: &'a Theory) -> TheoryRow<'a> {
    let figures = theory.figures.iter().map(|figure| {
        let (unit, scale) = match figure.unit {
            Unit::Share => ("ratio", 1.0),
            Unit::Seconds => ("ms", 1e3),
            Unit::Count => ("count", 1.0),
        };
        let theory = figure.formula.map(|value| value * scale);
        FigureRow { name: figure.name, unit, theory, measured: figure.measured * scale }
    });
    TheoryRow { component: &design.component(theory.component).name, model: &theory.model, figures: figures.collect() }
}

fn traces<'a>(design: &'a Design, flow: &'a FlowReport) -> Vec<TraceRow<'a>> {
    let row = |which: &'static str, trace: &'a Trace, text: Option<String>| TraceRow {
        flow: &flow.name,
        which,
        latency_ms: trace.latency * 1e3,
        failure: trace.failure.as_deref(),
        text,
        spans: trace
            .spans
            .iter()
            .map(|span| SpanRow {
                component: design.components.get(span.component.0 as usize).map_or("", |it| it.name.as_str()),
                parent: span.parent,
                start_ms: span.start * 1e3,
                service_ms: span.service * 1e3,
                end_ms: span.end * 1e3,
                failure: span.failure.as_deref(),
            })
            .collect(),
    };
    let answered = flow.answered().map(|(median, slowest)| {
        let told = culprit(design, median, slowest);
        [row("median", median, None), row("slowest", slowest, told)]
    });
    let failed = flow.failed().map(|trace| row("failed", trace, failing(design, trace)));
    answered.into_iter().flatten().chain(failed).collect()
}
