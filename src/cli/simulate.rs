//! `simulate`: a design held to its targets, and why it does what it does, as text or as JSON.

mod document;
mod explained;
mod explained_json;
mod study;
mod text;

use super::args::Simulate;
use super::output::Paint;
use super::{Environment, Outcome, output, read_input, recordings};
use crate::content::Bank;
use crate::design::{Design, compile, parse_target};
use crate::sim::{self, Options};
use crate::source::{Severity, render};

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
    recordings::supply(&mut compiled.design, &arguments.file, &name, &text)?;
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
    let design = &compiled.design;
    let studies = study::of(arguments, design, &options, bank.catalogue(), &report);
    if arguments.json {
        let mut document = document::of(&name, &report, wall_s);
        document.explained = explained_json::of(design, &report, &studies);
        output::json(&document)?;
    } else {
        let paint = Paint::of(environment);
        let mut out = text::report(&report, paint);
        out.push_str(&explained::text(design, &report, &studies, paint, environment.width));
        output::write(&out)?;
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
