//! `dryrun estimate`: capacity maths from the command line or a pipe.

use std::io::{IsTerminal, Read};

use serde::Serialize;

use super::args::Estimate;
use super::{Environment, Outcome, output};
use crate::estimate::{self, Line, LineKind, Rung, Sheet, place};
use crate::source::{LineIndex, printable, render};
use crate::store::{Access, Store};
use crate::units::Rounding;

/// One result of `--json`.
#[derive(Serialize)]
struct Row<'a> {
    input: &'a str,
    value: Option<f64>,
    unit: String,
    display: String,
    low: Option<f64>,
    high: Option<f64>,
    error: Option<String>,
}

/// Works out the expressions given, a sheet that was kept, or the lines of standard input; `None` if there is neither, which is the
/// notebook's.
pub(super) fn estimate(options: &Estimate, environment: &Environment) -> anyhow::Result<Option<Outcome>> {
    let text = if let Some(id) = &options.sheet {
        let store = Store::open(environment.paths.clone(), Access::Read)?;
        store.load_sheet(id, super::export::now())?
    } else if options.expressions.is_empty() {
        let mut input = std::io::stdin();
        if input.is_terminal() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("standard input: not UTF-8 text"))?
    } else {
        options.expressions.join("\n")
    };
    let sheet = Sheet::new(&text);
    let rounding = match (options.exact, options.round) {
        (true, _) => Rounding::Exact,
        (_, true) => Rounding::Spoken,
        _ => Rounding::Three,
    };
    if options.json {
        let rows: Vec<Row> = sheet.lines().filter_map(|line| row(line, rounding)).collect();
        output::json(&rows)?;
    } else {
        let ladder = if options.explain { environment.bank().ladder() } else { Vec::new() };
        output::write(&results(&sheet, rounding, options.explain, &ladder))?;
    }
    Ok(Some(report(&sheet, &text, options)))
}

/// A result or an error as JSON; nothing for headings and comments.
fn row(line: &Line, rounding: Rounding) -> Option<Row<'_>> {
    let empty = Row {
        input: &line.text,
        value: None,
        unit: String::new(),
        display: String::new(),
        low: None,
        high: None,
        error: None,
    };
    match &line.kind {
        LineKind::Silent | LineKind::Heading => None,
        LineKind::Wrong(error) => Some(Row { error: Some(told(error)), ..empty }),
        LineKind::Result(outcome) => {
            let reading = outcome.reading();
            let number = |value: f64| reading.number(value);
            Some(Row {
                value: Some(number(outcome.quantity().value)),
                unit: if reading.dollars { format!("${}", reading.unit) } else { reading.unit.clone() },
                display: outcome.display(rounding),
                low: outcome.spread().map(|spread| number(spread.low)),
                high: outcome.spread().map(|spread| number(spread.high)),
                ..empty
            })
        }
    }
}

fn told(error: &crate::source::Diagnostic) -> String {
    match &error.help {
        Some(help) => format!("{}; {help}", error.message),
        None => error.message.clone(),
    }
}

/// One line a result; with `explain`, its working, its place and what spreads it below.
fn results(sheet: &Sheet, rounding: Rounding, explain: bool, ladder: &[Rung]) -> String {
    let mut out = String::new();
    for (at, line) in sheet.lines().enumerate() {
        let Some(outcome) = line.outcome() else { continue };
        let name = outcome.name.as_ref().map_or_else(String::new, |name| format!("{name} = "));
        let sparkline = outcome.spread().map_or_else(String::new, |spread| format!("  {}", spread.sparkline()));
        out.push_str(&format!("{name}{}{sparkline}\n", outcome.display(rounding)));
        if explain {
            for detail in details(sheet, at, outcome, ladder) {
                out.push_str(&format!("    {detail}\n"));
            }
        }
    }
    printable(&out).into_owned()
}

fn details(sheet: &Sheet, at: usize, outcome: &estimate::Outcome, ladder: &[Rung]) -> Vec<String> {
    let mut details = sheet.working(at).map_or_else(Vec::new, |working| working.lines());
    if let Some(placement) = place(outcome, ladder) {
        details.push(placement.text);
        details.extend(placement.shard_when);
        details.push(format!("Source: {}", placement.source));
    }
    for contribution in outcome.contributions() {
        let share = crate::units::format_percent((contribution.share * 100.0).round() / 100.0);
        details.push(format!("{share} of the spread is {}'s", contribution.input));
    }
    details
}

/// Errors, and without `--json` notes, on standard error.
fn report(sheet: &Sheet, text: &str, options: &Estimate) -> Outcome {
    let name = match &options.sheet {
        Some(id) => id.as_str(),
        None if options.expressions.is_empty() => "standard input",
        None => "expression",
    };
    let starts = LineIndex::new(text);
    let mut failed = false;
    for (at, line) in sheet.lines().enumerate() {
        let wrong = matches!(line.kind, LineKind::Wrong(_));
        failed |= wrong;
        let found: Vec<_> = line.diagnostics().iter().map(|found| found.clone().shifted(starts.start(at))).collect();
        if (wrong || !options.json) && !found.is_empty() {
            eprintln!("{}", render(name, text, &found));
        }
    }
    if failed { Outcome::Unusable } else { Outcome::Good }
}
