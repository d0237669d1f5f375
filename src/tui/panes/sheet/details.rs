//! What there is to know about one line of a sheet: its working, its place on the ladder, and which inputs spread it.

use crate::estimate::{Function, LineKind, Outcome, Rung, Sheet, call_at, place};
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::{bar, wrap};
use crate::units::{Rounding, format_percent};

/// Cells of a share's bar.
const BAR: usize = 10;
/// Inputs that are named at most.
const MOST_INPUTS: usize = 8;

/// A paragraph of what there is to know.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Detail {
    text: String,
    role: Role,
    /// Cells that it stands in.
    indent: usize,
    /// A share of the spread, drawn as a bar before the text.
    share: Option<f64>,
}

impl Detail {
    fn new(text: impl Into<String>, role: Role) -> Self {
        Self { text: text.into(), role, indent: 0, share: None }
    }

    fn indented(self, indent: usize) -> Self {
        Self { indent, ..self }
    }
}

/// What there is to know about line `at` with the cursor at byte `offset` of it; `working`: how it was worked out too.
pub(super) fn details(sheet: &Sheet, at: usize, offset: usize, ladder: &[Rung], working: bool) -> Vec<Detail> {
    let Some(line) = sheet.line(at) else { return Vec::new() };
    let mut found = Vec::new();
    // Whoever is inside of a call wants to know what comes next.
    if let (Some(function), false) = (call_at(&line.text, offset), matches!(line.kind, LineKind::Result(_))) {
        found.extend(described(function));
    }
    let Some(outcome) = line.outcome() else { return found };
    if working {
        found.extend(worked(sheet, at));
    }
    found.extend(placed(outcome, ladder));
    found.extend(spread(outcome));
    found.extend(outcome.notes.iter().map(|note| {
        let help = note.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        Detail::new(format!("{}: {}{help}", note.severity.name(), note.message), Role::Muted)
    }));
    if !working && sheet.working(at).is_some_and(|working| !working.calls.is_empty()) {
        found.push(Detail::new("The working shows the formula, your values in it, and its source.", Role::Muted));
    }
    found
}

fn described(function: &Function) -> Vec<Detail> {
    vec![
        Detail::new(function.signature(), Role::Accent),
        Detail::new(function.doc, Role::Text),
        Detail::new(format!("= {}", function.formula), Role::Muted),
        Detail::new(format!("For example {}", function.example), Role::Muted),
    ]
}

fn worked(sheet: &Sheet, at: usize) -> Vec<Detail> {
    let Some(working) = sheet.working(at) else { return Vec::new() };
    let mut found = Vec::new();
    for call in &working.calls {
        found.push(Detail::new(call.formula.clone(), Role::Accent));
        found.push(Detail::new(format!("= {}", call.substituted), Role::Text).indented(2));
        found.push(Detail::new(format!("= {}", call.result), Role::Text).indented(2));
        found.push(Detail::new(format!("{} Source: {}", call.doc, call.source), Role::Muted).indented(2));
    }
    match &working.substituted {
        Some(substituted) => {
            found.push(Detail::new(substituted.clone(), Role::Accent));
            found.push(Detail::new(format!("= {}", working.result), Role::Text).indented(2));
        }
        None if found.is_empty() => {
            found.push(Detail::new("Nothing in this line stands for something else.", Role::Muted));
        }
        None => {}
    }
    found
}

fn placed(outcome: &Outcome, ladder: &[Rung]) -> Vec<Detail> {
    let Some(placement) = place(outcome, ladder) else { return Vec::new() };
    let role = if placement.over { Role::Warning } else { Role::Text };
    let mut found = vec![Detail::new(placement.text, role)];
    found.extend(placement.shard_when.map(|advice| Detail::new(advice, Role::Text)));
    found.push(Detail::new(format!("Source: {}", placement.source), Role::Muted));
    found
}

fn spread(outcome: &Outcome) -> Vec<Detail> {
    let Some(spread) = outcome.spread() else { return Vec::new() };
    let reading = outcome.reading();
    let told = |value: f64| reading.text(value, Rounding::Three);
    let ends = format!("{} and {}", told(spread.low), told(spread.high));
    let mut found = vec![Detail::new(format!("Nine in ten between {ends}; mean {}.", told(spread.mean)), Role::Text)];
    let contributions = outcome.contributions();
    if contributions.len() > 1 {
        found.push(Detail::new("What spreads it most:", Role::Muted));
        found.extend(contributions.into_iter().take(MOST_INPUTS).map(|contribution| Detail {
            share: Some(contribution.share),
            ..Detail::new(contribution.input, Role::Text).indented(2)
        }));
    }
    found
}

/// Lines that `details` take in `cells` cells.
pub(super) fn height(details: &[Detail], cells: usize) -> usize {
    details.iter().map(|detail| if detail.share.is_some() { 1 } else { wrapped(detail, cells).len() }).sum()
}

/// `details` as lines of at most `cells` cells.
pub(super) fn lines(details: &[Detail], theme: &Theme, cells: usize) -> Vec<(String, Role)> {
    let mut lines = Vec::new();
    for detail in details {
        let pad = " ".repeat(detail.indent);
        if let Some(share) = detail.share {
            let percent = format_percent((share * 100.0).round() / 100.0);
            lines.push((format!("{pad}{} {percent:>4}  {}", bar(theme, share, BAR), detail.text), detail.role));
            continue;
        }
        lines.extend(wrapped(detail, cells).into_iter().map(|line| (format!("{pad}{line}"), detail.role)));
    }
    if theme.ascii {
        for (line, _) in &mut lines {
            *line = in_ascii(line);
        }
    }
    lines
}

/// The signs of a formula as ASCII has them, each in one cell.
fn in_ascii(text: &str) -> String {
    let sign = |c: char| match c {
        '×' | '·' => '*',
        '≥' => '>',
        'λ' => 'l',
        'µ' | 'μ' => 'u',
        c if c.is_ascii() => c,
        _ => '?',
    };
    text.chars().map(sign).collect()
}

fn wrapped(detail: &Detail, cells: usize) -> Vec<String> {
    wrap(&detail.text, cells.saturating_sub(detail.indent).max(8))
}
