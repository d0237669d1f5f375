//! `list`, `show`, `search` and `check`.

use std::path::PathBuf;

use serde::Serialize;

use super::args::{FormatWord, Listed};
use super::{Environment, Outcome, cards, export, named_folders, output};
use crate::content::schema::{Format, json_schema};
use crate::content::{Bank, Depth, Files, Finding, Item, ItemKind, TextFile, check as check_bank, failed};
use crate::markup::{self, Role};
use crate::source::{Diagnostic, Severity, Span, nearest, printable};
use crate::store::{Access, Store};

/// A row of `list --json`.
#[derive(Serialize)]
struct Row {
    id: String,
    title: String,
    level: Option<String>,
    tags: Vec<String>,
}

/// Lists one kind of thing.
pub(super) fn list(what: Listed, json: bool, environment: &Environment) -> anyhow::Result<Outcome> {
    let bank = environment.bank();
    let rows = match what {
        Listed::Problems => problems(&bank),
        Listed::Questions => pages(&bank, ItemKind::Question),
        Listed::Technologies => pages(&bank, ItemKind::Technology),
        Listed::Concepts => pages(&bank, ItemKind::Concept),
        Listed::Patterns => pages(&bank, ItemKind::Pattern),
        Listed::Numbers => numbers(&bank),
        Listed::Decks => {
            let row = |(id, title)| Row { id, title, level: None, tags: Vec::new() };
            cards::decks(environment)?.into_iter().map(row).collect()
        }
        Listed::Sessions => sessions(environment)?,
        Listed::Sheets => sheets(environment)?,
        Listed::Themes => {
            let row = |id: String| Row { title: id.clone(), id, level: None, tags: Vec::new() };
            bank.themes().into_keys().map(row).collect()
        }
    };
    if json {
        output::json(&rows)?;
    } else {
        let lines: Vec<Vec<String>> =
            rows.into_iter().map(|row| vec![row.id, row.level.unwrap_or_default(), row.title]).collect();
        output::write(&output::table(&lines, &[]))?;
    }
    Ok(Outcome::Good)
}

fn problems(bank: &Bank) -> Vec<Row> {
    let problems = bank.problems().iter();
    problems
        .map(|problem| Row {
            id: problem.id.clone(),
            title: problem.title.clone(),
            level: Some(format!("{}/5", problem.difficulty)),
            tags: problem.tags.clone(),
        })
        .collect()
}

fn pages(bank: &Bank, kind: ItemKind) -> Vec<Row> {
    let row = |item: &Item| Row {
        id: item.id.clone(),
        title: item.title.clone(),
        level: item.level.clone(),
        tags: item.tags.clone(),
    };
    bank.pages(kind).iter().map(row).collect()
}

fn numbers(bank: &Bank) -> Vec<Row> {
    let numbers = bank.numbers().iter();
    numbers
        .map(|number| Row {
            id: number.id.clone(),
            title: format!("{}: {} {}", number.subject, number.metric, number.display()),
            level: None,
            tags: number.tags.clone(),
        })
        .collect()
}

fn sessions(environment: &Environment) -> anyhow::Result<Vec<Row>> {
    let store = Store::open(environment.paths.clone(), Access::Read)?;
    let listing = store.sessions(export::now())?;
    for damaged in &listing.damaged {
        eprintln!("{}: {}", damaged.path.display(), damaged.why);
    }
    let row = |session: crate::store::SessionSummary| {
        let state = if session.finished.is_some() { "finished" } else { "unfinished" };
        Row {
            title: format!("{}, {}, {state}", session.title, session.started.format("%Y-%m-%d %H:%M")),
            id: session.id,
            level: Some(session.level.name().to_owned()),
            tags: vec![session.problem, state.to_owned()],
        }
    };
    Ok(listing.sessions.into_iter().map(row).collect())
}

fn sheets(environment: &Environment) -> anyhow::Result<Vec<Row>> {
    let store = Store::open(environment.paths.clone(), Access::Read)?;
    let listing = store.sheets(export::now())?;
    for damaged in &listing.damaged {
        eprintln!("{}: {}", damaged.path.display(), damaged.why);
    }
    let row = |sheet: crate::store::SheetSummary| Row {
        title: format!("{}, {}", sheet.title, sheet.saved.format("%Y-%m-%d %H:%M")),
        id: sheet.id,
        level: None,
        tags: Vec::new(),
    };
    Ok(listing.sheets.into_iter().map(row).collect())
}

/// Shows one item: styled on a terminal, Markdown in a pipe.
pub(super) fn show(id: &str, environment: &Environment) -> anyhow::Result<Outcome> {
    let bank = environment.bank();
    let Some(markdown) = bank.reading(id).map(|reading| reading.markdown) else {
        let ids: Vec<String> = bank.index().ids().map(str::to_owned).collect();
        let near = nearest(id, ids.iter().map(String::as_str)).map(str::to_owned);
        // No slip of the fingers: perhaps it is a title or an alias.
        let near = near.or_else(|| bank.index().search(id).into_iter().next().map(|hit| hit.id));
        let near = near.map(|near| format!("; did you mean '{near}'?"));
        anyhow::bail!("nothing in the bank has the id '{}'{}", printable(id), near.unwrap_or_default());
    };
    if environment.terminal {
        output::write(&styled(&markdown, environment))?;
    } else {
        output::write(&format!("{}\n", printable(markdown.trim_end())))?;
    }
    Ok(Outcome::Good)
}

/// Markdown with the terminal's own attributes; colours only where they are wanted.
fn styled(markdown: &str, environment: &Environment) -> String {
    let document = markup::layout(markdown, environment.width.clamp(20, 100));
    let mut out = String::new();
    for line in document.lines {
        for span in line.spans {
            let code = attribute(span.role, environment.colour);
            if code.is_empty() {
                out.push_str(&span.text);
            } else {
                out.push_str(&format!("\u{1b}[{code}m{}\u{1b}[0m", span.text));
            }
        }
        out.push('\n');
    }
    out
}

/// The SGR attributes (ECMA-48) of a role.
fn attribute(role: Role, colour: bool) -> &'static str {
    match (role, colour) {
        (Role::Heading(1), true) => "1;4;36",
        (Role::Heading(_), true) => "1;36",
        (Role::Heading(1), false) => "1;4",
        (Role::Heading(_) | Role::Strong, _) => "1",
        (Role::Emphasis | Role::Quote, _) => "3",
        (Role::Struck, _) => "9",
        (Role::Link, true) => "4;34",
        (Role::Link, false) => "4",
        (Role::Code, true) => "33",
        (Role::Keyword, true) => "35",
        (Role::Literal, true) => "32",
        (Role::Comment | Role::Mark, true) => "2",
        (Role::Text | Role::Code | Role::Keyword | Role::Literal | Role::Comment | Role::Mark, _) => "",
    }
}

/// Results of a search that are shown without `--json`.
const MOST_SHOWN: usize = 30;

/// A row of `search --json`.
#[derive(Serialize)]
struct HitRow {
    id: String,
    kind: &'static str,
    title: String,
    score: f64,
}

/// Searches the bank.
pub(super) fn search(query: &str, json: bool, environment: &Environment) -> anyhow::Result<Outcome> {
    anyhow::ensure!(
        query.chars().any(char::is_alphanumeric),
        "there is nothing to search for: give a word or a few letters"
    );
    let bank = environment.bank();
    let hits = bank.index().search(query);
    if json {
        let row =
            |hit: crate::content::Hit| HitRow { id: hit.id, kind: hit.kind.name(), title: hit.title, score: hit.score };
        output::json(&hits.into_iter().map(row).collect::<Vec<_>>())?;
    } else if hits.is_empty() {
        eprintln!("nothing in the bank matches '{}'", printable(query));
    } else {
        output::write(&found(&hits, environment.terminal))?;
    }
    Ok(Outcome::Good)
}

/// A finding about a theme, at the first thing that its message quotes and the file has.
fn in_theme(file: &TextFile, message: &str) -> Finding {
    if let Some((span, message)) = toml_error(&file.text, message) {
        let help = "'dryrun show packs' explains themes, 'dryrun schema theme' is their schema";
        return Finding::new(file, Diagnostic::error(span, message)).help(help);
    }
    let quoted = message.split(['\'', '`']).skip(1).step_by(2);
    let place = quoted.filter(|word| !word.is_empty()).find_map(|word| Some((file.text.find(word)?, word.len())));
    let span = place.map_or(Span::at(0), |(at, length)| Span::new(at, at + length));
    let help = "'dryrun show packs' explains themes, 'dryrun schema theme' is their schema";
    Finding::new(file, Diagnostic::error(span, message.lines().next().unwrap_or_default())).help(help)
}

/// Place and words of an error of the TOML reader, which draws the place itself: its last line says what is wrong.
fn toml_error(text: &str, message: &str) -> Option<(Span, String)> {
    let (_, rest) = message.split_once("TOML parse error at line ")?;
    let (line, rest) = rest.split_once(", column ")?;
    let column: usize = rest.lines().next()?.trim().parse().ok()?;
    let line: usize = line.parse().ok()?;
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let this = text.get(before..)?.lines().next().unwrap_or_default();
    let at = before + this.char_indices().nth(column.saturating_sub(1)).map_or(this.len(), |(at, _)| at);
    let last = message.lines().rev().find(|line| !line.trim().is_empty())?;
    Some((Span::new(at, before + this.len()), last.trim().to_owned()))
}

/// The best results as a table; on a terminal the characters that matched are underlined.
fn found(hits: &[crate::content::Hit], terminal: bool) -> String {
    let shown = &hits[..hits.len().min(MOST_SHOWN)];
    let rows: Vec<Vec<String>> =
        shown.iter().map(|hit| vec![hit.id.clone(), hit.kind.name().to_owned(), hit.title.clone()]).collect();
    let table = output::table(&rows, &[]);
    let mut out = String::new();
    for (line, hit) in table.lines().zip(shown) {
        let title = line.chars().count() - hit.title.chars().count().min(line.chars().count());
        for (at, c) in line.chars().enumerate() {
            let matched = terminal && at >= title && hit.matched.binary_search(&(at - title)).is_ok();
            if matched {
                out.push_str(&format!("\u{1b}[1;4m{c}\u{1b}[0m"));
            } else {
                out.push(c);
            }
        }
        out.push('\n');
    }
    if hits.len() > shown.len() {
        out.push_str(&format!("{} more\n", hits.len() - shown.len()));
    }
    out
}

/// Writes the JSON Schema of a format.
pub(super) fn schema(format: FormatWord) -> anyhow::Result<Outcome> {
    let format = match format {
        FormatWord::Page => Format::Page,
        FormatWord::Numbers => Format::Numbers,
        FormatWord::Framework => Format::Framework,
        FormatWord::Problem => Format::Problem,
        FormatWord::Theme => Format::Theme,
    };
    output::json(&json_schema(format))?;
    Ok(Outcome::Good)
}

/// Validates the bank, or the folders named.
pub(super) fn check(folders: &[PathBuf], environment: &Environment) -> anyhow::Result<Outcome> {
    let folders = named_folders(folders)?;
    let (bank, depth) = if folders.is_empty() {
        (environment.bank(), Depth::Run)
    } else {
        (Bank::new(Files::embedded(folders)), Depth::RunOverlay)
    };
    let mut findings = check_bank(&bank, depth);
    for (id, file) in bank.themes() {
        let wrong = (environment.check_theme)(&id, &file.text).into_iter();
        findings.extend(wrong.map(|message| in_theme(&file, &message)));
    }
    for finding in &findings {
        eprintln!("{}", finding.render());
    }
    let count = |severity| findings.iter().filter(|finding| finding.diagnostic.severity == severity).count();
    let pages = bank.items().count() + bank.problems().len() + bank.numbers().len();
    output::write(&format!(
        "{pages} items checked: {}, {}\n",
        counted(count(Severity::Error), "error"),
        counted(count(Severity::Warning), "warning")
    ))?;
    Ok(if failed(&findings) { Outcome::Failed } else { Outcome::Good })
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
