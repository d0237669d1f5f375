//! `export`: a session as Markdown.

use std::path::Path;

use super::{Environment, Outcome, output};
use crate::clock::Timestamp;
use crate::export::{SessionExport, session_markdown};
use crate::store::{self, Access, Store};
use crate::{design, interview};

/// Writes a session to a file or to standard output.
pub(super) fn export(
    session: &str,
    file: Option<&Path>,
    force: bool,
    environment: &Environment,
) -> anyhow::Result<Outcome> {
    let store = Store::open(environment.paths.clone(), Access::Read)?;
    let now = now();
    let id = if session == "last" {
        let listing = store.sessions(now)?;
        let last = listing.sessions.first().ok_or_else(|| anyhow::anyhow!("there is no session yet"))?;
        last.id.clone()
    } else {
        session.to_owned()
    };
    let loaded = store.load(&id, now)?;
    for warning in &loaded.warnings {
        eprintln!("{warning}");
    }
    let markdown = markdown(&loaded.record, environment)?;
    match file {
        Some(file) => {
            store::write_text(file, &markdown, force)?;
            eprintln!("{id} written to {}", file.display());
        }
        None => output::write(&markdown)?,
    }
    Ok(Outcome::Good)
}

/// The session's document; a problem that is no longer in the bank is an error that names it.
fn markdown(record: &interview::Record, environment: &Environment) -> anyhow::Result<String> {
    let bank = environment.bank();
    let problem = bank
        .problem(&record.problem)
        .ok_or_else(|| anyhow::anyhow!("the session's problem '{}' is no longer in the bank", record.problem))?;
    let (catalogue, variables) = (bank.catalogue(), record.variables());
    let compiled = design::compile_with(&record.design, catalogue, &variables);
    let debrief = interview::debrief(record, problem, bank.framework(), &compiled.design);
    let contradictions =
        interview::contradictions(&compiled.design, &debrief.promises, problem, &variables, catalogue.network());
    let drawn = !compiled.design.components.is_empty();
    let mermaid = if drawn { design::mermaid(&compiled.design) } else { String::new() };
    let diagram = if drawn { design::diagram(&compiled.design).to_text(false) } else { String::new() };
    Ok(session_markdown(&SessionExport {
        record,
        problem,
        framework: bank.framework(),
        debrief: &debrief,
        contradictions: &contradictions,
        mermaid: &mermaid,
        diagram: &diagram,
    }))
}

#[allow(clippy::disallowed_methods, reason = "the command line is where time enters the program")]
pub(super) fn now() -> Timestamp {
    Timestamp(chrono::Utc::now().timestamp_millis())
}
