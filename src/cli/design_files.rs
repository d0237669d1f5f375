//! `diagram` and `fmt`.

use std::path::{Path, PathBuf};

use super::args::DiagramFormat;
use super::{Environment, Outcome, output, read_input};
use crate::design::{self, compile};
use crate::source::{Severity, render};
use crate::store;

/// Draws a design.
pub(super) fn diagram(
    file: &Path,
    format: DiagramFormat,
    ascii: bool,
    environment: &Environment,
) -> anyhow::Result<Outcome> {
    let (name, text) = read_input(file)?;
    let bank = environment.bank();
    let compiled = compile(&text, bank.catalogue());
    let errors: Vec<_> =
        compiled.diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    if !errors.is_empty() {
        eprintln!("{}", render(&name, &text, &errors));
    }
    let drawn = match format {
        DiagramFormat::Text => design::diagram(&compiled.design).to_text(ascii),
        DiagramFormat::Mermaid => design::mermaid(&compiled.design),
    };
    output::write(&format!("{}\n", drawn.trim_end()))?;
    Ok(if errors.is_empty() { Outcome::Good } else { Outcome::Unusable })
}

/// Formats designs, or says which are not formatted.
pub(super) fn fmt(check: bool, files: &[PathBuf]) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Good;
    for file in files {
        let (name, text) = read_input(file)?;
        let formatted = design::format(&text);
        if file == Path::new("-") && !check {
            output::write(&formatted)?;
        } else if formatted != text && check {
            eprintln!("{name}: not formatted");
            outcome = Outcome::Failed;
        } else if formatted != text {
            store::write_text(file, &formatted, true)?;
        }
    }
    Ok(outcome)
}
