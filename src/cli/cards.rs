//! `cards` without the terminal: statistics, exchange, fitted weights, orphans.

mod exchange;
mod report;

use super::args::Cards;
use super::{Environment, Outcome, export, output};
use crate::cards::{Deck, Entry, Fit, Histories, Options, Orphan, Scope, fit, orphans, statistics};
use crate::clock::Timestamp;
use crate::content::{Collection, TextFile, collection};
use crate::source::printable;
use crate::store::{Access, Settings, Store};

/// What the user's cards are made of.
struct World {
    store: Store,
    settings: Settings,
    collection: Collection,
    log: Vec<Entry>,
    options: Options,
    now: Timestamp,
}

impl World {
    /// Reads it; what is wrong in it is told on standard error and stops nothing.
    fn open(environment: &Environment, access: Access) -> anyhow::Result<Self> {
        let store = Store::open(environment.paths.clone(), access)?;
        let (settings, mut warnings) = store.settings()?;
        let (collection, found) = own_cards(&store, environment)?;
        warnings.extend(found);
        let reviews = store.reviews()?;
        warnings.extend(reviews.health.warning(&store.paths().reviews()));
        for warning in warnings {
            eprintln!("{}", printable(&warning));
        }
        let options = settings.cards.options(utc_offset_minutes());
        Ok(Self { store, settings, collection, log: reviews.entries, options, now: export::now() })
    }
}

/// All cards, and what is wrong in the user's decks.
fn own_cards(store: &Store, environment: &Environment) -> anyhow::Result<(Collection, Vec<String>)> {
    let (decks, mut warnings) = store.decks()?;
    let file =
        |deck: crate::store::DeckFile| TextFile { path: deck.path.display().to_string(), text: deck.text.into() };
    let files: Vec<TextFile> = decks.into_iter().map(file).collect();
    let (collection, findings) = collection(&environment.bank(), &files);
    warnings.extend(findings.iter().map(|finding| finding.render().trim_end().to_owned()));
    Ok((collection, warnings))
}

/// Minutes east of UTC, for the days.
#[allow(clippy::disallowed_methods, reason = "the command line is where time enters the program")]
fn utc_offset_minutes() -> i32 {
    chrono::Local::now().offset().local_minus_utc() / 60
}

/// Does what needs no terminal; `None` where a session is to be opened in it.
pub(super) fn cards(options: &Cards, environment: &Environment) -> anyhow::Result<Option<Outcome>> {
    let outcome = if options.stats {
        stats(options, environment)?
    } else if let Some(file) = &options.export {
        exchange::export(file, options, environment)?
    } else if let Some(file) = &options.import {
        exchange::import(file, environment)?
    } else if options.optimise {
        optimise(environment)?
    } else if options.orphans || options.adopt {
        find_orphans(options, environment)?
    } else {
        check_scope(options, environment)?;
        return Ok(None);
    };
    Ok(Some(outcome))
}

/// A deck, tag or level that no card has is a slip of the fingers, and better told before the screen opens.
fn check_scope(options: &Cards, environment: &Environment) -> anyhow::Result<()> {
    let scope = Scope { weak: false, ..options.scope() };
    if scope == Scope::default() {
        return Ok(());
    }
    let store = Store::open(environment.paths.clone(), Access::Read)?;
    let (collection, _) = own_cards(&store, environment)?;
    let nothing_known = Histories::replay(&[], Options::default());
    anyhow::ensure!(
        collection.cards.iter().any(|card| scope.holds(card, &nothing_known)),
        "there are no such cards ({}); 'dryrun list decks' names the decks",
        printable(&scope.words())
    );
    Ok(())
}

/// The decks, for `list decks`: name, title, number of cards.
pub(super) fn decks(environment: &Environment) -> anyhow::Result<Vec<(String, String)>> {
    let store = Store::open(environment.paths.clone(), Access::Read)?;
    let (collection, warnings) = own_cards(&store, environment)?;
    for warning in warnings {
        eprintln!("{}", printable(&warning));
    }
    let mut counts = collection.counts();
    for shipped in Deck::SHIPPED {
        if !counts.iter().any(|(deck, _)| *deck == shipped) {
            counts.push((shipped, 0));
        }
    }
    counts.sort();
    let title = |count: usize| if count == 1 { "1 card".to_owned() } else { format!("{count} cards") };
    Ok(counts.into_iter().map(|(deck, count)| (deck.name().to_owned(), title(count))).collect())
}

fn stats(options: &Cards, environment: &Environment) -> anyhow::Result<Outcome> {
    let world = World::open(environment, Access::Read)?;
    let drills = world.store.drills()?;
    if let Some(warning) = drills.health.warning(&world.store.paths().drills()) {
        eprintln!("{}", printable(&warning));
    }
    let deck = options.deck.as_deref();
    let cards: Vec<_> = world
        .collection
        .cards
        .iter()
        .filter(|card| deck.is_none_or(|deck| card.deck.name() == deck))
        .cloned()
        .collect();
    let shown = statistics::statistics(&cards, &world.log, &world.options, world.now);
    let calibration = crate::cards::drill::calibration(&drills.drills, world.options.utc_offset_minutes);
    if options.json {
        output::json(&report::json(&shown, &calibration))?;
    } else {
        output::write(&report::text(&shown, &calibration))?;
    }
    Ok(Outcome::Good)
}

/// Fits the model's weights to the user's log and stores them, if they predict it better than those in use.
fn optimise(environment: &Environment) -> anyhow::Result<Outcome> {
    let mut world = World::open(environment, Access::Write)?;
    let told = match fit(&world.log, &world.options) {
        Fit::TooFew(found) => format!(
            "the log has {found} reviews that tell whether a night was survived; {} are needed\n",
            crate::cards::ENOUGH_REVIEWS
        ),
        Fit::NoBetter(losses) => format!("the weights in use stay: {}\n", report::losses(losses)),
        Fit::Better(weights, losses) => {
            world.settings.cards.weights = Some(weights);
            world.store.save_settings(&world.settings, world.now)?;
            let path = world.store.paths().settings();
            format!("weights fitted to your log are in {}: {}\n", path.display(), report::losses(losses))
        }
    };
    output::write(&told)?;
    Ok(Outcome::Good)
}

/// Names cards whose id is gone, with what they probably became; adopts those if asked.
fn find_orphans(options: &Cards, environment: &Environment) -> anyhow::Result<Outcome> {
    let access = if options.adopt { Access::Write } else { Access::Read };
    let world = World::open(environment, access)?;
    let histories = Histories::replay(&world.log, world.options.clone());
    let found = orphans(&world.collection.cards, &world.log, &histories);
    if options.json {
        output::json(&found.iter().map(report::orphan).collect::<Vec<_>>())?;
    } else if found.is_empty() {
        output::write("every card that was reviewed is there\n")?;
    } else {
        let rows: Vec<Vec<String>> = found.iter().map(orphan_row).collect();
        output::write(&output::table(&rows, &[1]))?;
    }
    if options.adopt {
        adopt(&world, &found)?;
    }
    Ok(Outcome::Good)
}

fn orphan_row(orphan: &Orphan) -> Vec<String> {
    let reviews = if orphan.reviews == 1 { "1 review".to_owned() } else { format!("{} reviews", orphan.reviews) };
    let became = orphan.successor.as_ref().map_or_else(
        || "became nothing that is known".to_owned(),
        |(card, alike)| format!("probably became {card} ({:.0}% alike)", alike * 100.0),
    );
    vec![orphan.card.to_string(), reviews, became, orphan.question.clone().unwrap_or_default()]
}

fn adopt(world: &World, found: &[Orphan]) -> anyhow::Result<()> {
    let (mut log, read) = world.store.open_reviews()?;
    let entries = crate::cards::adopt(found, read.next_id(), world.now);
    log.append(&entries)?;
    eprintln!("{} of {} orphans go on as their successors", entries.len(), found.len());
    Ok(())
}
