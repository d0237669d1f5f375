//! `cards --export` and `--import`.

use std::path::Path;

use super::super::{Environment, Outcome, output, read_input};
use super::World;
use crate::cards::anki;
use crate::cli::args::Cards;
use crate::content::{TextFile, decks, import};
use crate::source::printable;
use crate::store::{Access, write_text};

/// Writes cards as Anki's text: all of them, or one deck.
pub(super) fn export(file: &Path, options: &Cards, environment: &Environment) -> anyhow::Result<Outcome> {
    let world = World::open(environment, Access::Read)?;
    let deck = options.deck.as_deref();
    let cards: Vec<_> =
        world.collection.cards.iter().filter(|card| deck.is_none_or(|deck| card.deck.name() == deck)).collect();
    if let (Some(deck), true) = (deck, cards.is_empty()) {
        anyhow::bail!("no deck is called '{}'; 'dryrun list decks' names them", printable(deck));
    }
    let count = cards.len();
    let text = anki::export(cards);
    if file == Path::new("-") {
        output::write(&text)?;
    } else {
        write_text(file, &text, options.force)?;
        eprintln!("{count} cards written to {}; Anki takes them by File, Import", file.display());
    }
    Ok(Outcome::Good)
}

/// Takes cards in: a Markdown deck, or Anki's text.
pub(super) fn import(file: &Path, environment: &Environment) -> anyhow::Result<Outcome> {
    let (name, text) = read_input(file)?;
    let world = World::open(environment, Access::Write)?;
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let usual = if stem.is_empty() || stem == "-" { "imported".to_owned() } else { stem };
    let is_markdown = file.extension().is_some_and(|ending| ending == "md" || ending == "markdown");
    let (incoming, problems) = if is_markdown {
        let mut findings = Vec::new();
        let source = TextFile { path: format!("{}.md", decks::file_stem(&usual)), text: text.as_str().into() };
        let deck = decks::read(&source, &mut findings);
        let named = |card| import::Incoming { deck: deck.name.clone(), card };
        let incoming: Vec<_> = import::of_deck(&deck).into_iter().map(named).collect();
        (incoming, findings.iter().map(|finding| finding.render().trim_end().to_owned()).collect())
    } else {
        import::from_anki(&text, &usual)
    };
    anyhow::ensure!(!incoming.is_empty(), "{name}: no cards in it");
    let plan = import::plan(&world.collection, &incoming);
    for (stem, text) in &plan.decks {
        let path = world.store.save_deck(stem, text)?;
        eprintln!("{} written", path.display());
    }
    for problem in problems.iter().chain(&plan.problems) {
        eprintln!("{}", printable(problem));
    }
    output::write(&format!("{} added, {} changed, {} unchanged\n", plan.added, plan.changed, plan.unchanged))?;
    Ok(if problems.is_empty() && plan.problems.is_empty() { Outcome::Good } else { Outcome::Failed })
}
