//! The bank as values, each part read when it is first asked for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::item::{Item, ItemKind};
use super::reading::Links;
use super::search::Index;
use super::{Files, Finding, Number, TextFile, cards, catalogue, framework, item, numbers, problem};
use crate::cards::Card;
use crate::design::Catalogue;
use crate::estimate::Rung;
use crate::interview::{Framework, Problem};
use crate::source::{Diagnostic, Span};

/// A part of the bank and what was wrong in its files.
type Part<T> = OnceLock<(T, Vec<Finding>)>;

/// Everything the product knows about its field.
#[derive(Debug, Default)]
pub struct Bank {
    files: Files,
    pages: [Part<Vec<Item>>; ItemKind::PAGES.len()],
    numbers: Part<Vec<Number>>,
    framework: Part<Framework>,
    problems: Part<Vec<Problem>>,
    catalogue: Part<Catalogue>,
    cards: OnceLock<Vec<Card>>,
    index: OnceLock<Index>,
    links: OnceLock<Links>,
}

impl Bank {
    /// A bank of these files; none of them is read yet.
    pub fn new(files: Files) -> Self {
        Self { files, ..Self::default() }
    }

    /// The files behind it.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// The items of one kind that is a Markdown file each, in the order of their file names; none for numbers and problems.
    pub fn pages(&self, kind: ItemKind) -> &[Item] {
        match ItemKind::PAGES.iter().position(|(page, _)| *page == kind) {
            Some(at) => &self.part(at).0,
            None => &[],
        }
    }

    fn part(&self, at: usize) -> &(Vec<Item>, Vec<Finding>) {
        let (kind, place) = ItemKind::PAGES[at];
        self.pages[at].get_or_init(|| {
            let mut findings = Vec::new();
            let files = self.below(place, &mut findings);
            let pages = files.iter().filter(|(name, _)| has_ending(name, "md"));
            let items = pages.filter_map(|(_, file)| item::read(kind, file, &mut findings)).collect();
            (self.overlaid(items), findings)
        })
    }

    /// Of the items with one id those of the uppermost layer: whatever its file is called, an item replaces those below it.
    fn overlaid(&self, items: Vec<Item>) -> Vec<Item> {
        let mut uppermost: BTreeMap<String, usize> = BTreeMap::new();
        let layer = |item: &Item| self.files.layer(&item.origin.file);
        for item in &items {
            let known = uppermost.entry(item.id.clone()).or_default();
            *known = (*known).max(layer(item));
        }
        items.into_iter().filter(|item| uppermost.get(&item.id) == Some(&layer(item))).collect()
    }

    fn below(&self, place: &str, findings: &mut Vec<Finding>) -> BTreeMap<String, TextFile> {
        let (files, unread) = self.files.below(place);
        findings.extend(unread.into_iter().map(|(path, why)| unreadable(path, &why)));
        files
    }

    /// All Markdown items: questions, technologies, concepts, patterns, guide.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        ItemKind::PAGES.iter().flat_map(|(kind, _)| self.pages(*kind))
    }

    /// The Markdown item with that id.
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items().find(|item| item.id == id)
    }

    /// The cheat-sheet.
    pub fn numbers(&self) -> &[Number] {
        &self.numbers_part().0
    }

    fn numbers_part(&self) -> &(Vec<Number>, Vec<Finding>) {
        self.numbers.get_or_init(|| {
            let mut findings = Vec::new();
            let mut all: Vec<Number> = Vec::new();
            for file in self.layers("content/numbers.toml", &mut findings) {
                merge(&mut all, numbers::read(&file, &mut findings), |number| &number.id);
            }
            (all, findings)
        })
    }

    /// The rows of the cheat-sheet that results of the estimator are held against.
    pub fn ladder(&self) -> Vec<Rung> {
        self.numbers().iter().filter_map(Number::rung).collect()
    }

    /// The delivery framework.
    pub fn framework(&self) -> &Framework {
        &self.framework_part().0
    }

    fn framework_part(&self) -> &(Framework, Vec<Finding>) {
        self.framework.get_or_init(|| {
            let mut findings = Vec::new();
            let mut all = Framework::default();
            for file in self.layers("content/framework.toml", &mut findings) {
                let layer = framework::read(&file, &mut findings);
                merge(&mut all.types, layer.types, |kind| &kind.id);
                merge(&mut all.competencies, layer.competencies, |competency| &competency.id);
            }
            (all, findings)
        })
    }

    /// The versions of one file, the lowest layer first.
    fn layers(&self, name: &str, findings: &mut Vec<Finding>) -> Vec<TextFile> {
        let (files, unread) = self.files.layers(name);
        findings.extend(unread.into_iter().map(|(path, why)| unreadable(path, &why)));
        files
    }

    /// The interview problems, the easiest first.
    pub fn problems(&self) -> &[Problem] {
        &self.problems_part().0
    }

    fn problems_part(&self) -> &(Vec<Problem>, Vec<Finding>) {
        self.problems.get_or_init(|| {
            let mut findings = Vec::new();
            let files = self.below("problems/", &mut findings);
            let problems = files.iter().filter_map(|(name, file)| {
                let id = name.strip_prefix("problems/")?.strip_suffix("/problem.toml")?;
                problem::read(&self.files, id, file, &mut findings)
            });
            let mut problems: Vec<Problem> = problems.collect();
            // The easiest first: whoever opens the list for the first time should begin there.
            problems.sort_by(|a, b| a.difficulty.cmp(&b.difficulty).then_with(|| a.id.cmp(&b.id)));
            (problems, findings)
        })
    }

    /// The problem with that id.
    pub fn problem(&self, id: &str) -> Option<&Problem> {
        self.problems().iter().find(|problem| problem.id == id)
    }

    /// The technologies that carry load, with the network's figures.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue_part().0
    }

    fn catalogue_part(&self) -> &(Catalogue, Vec<Finding>) {
        self.catalogue.get_or_init(|| {
            let mut findings = Vec::new();
            let catalogue = catalogue::catalogue(self.pages(ItemKind::Technology), self.numbers(), &mut findings);
            (catalogue, findings)
        })
    }

    /// Every card of the bank.
    pub fn cards(&self) -> &[Card] {
        self.cards.get_or_init(|| cards::cards(self))
    }

    /// The theme files by id.
    pub fn themes(&self) -> BTreeMap<String, TextFile> {
        let (files, _) = self.files.below("themes/");
        let id = |name: &str| Some(name.strip_prefix("themes/")?.strip_suffix(".toml")?.to_owned());
        files.into_iter().filter_map(|(name, file)| Some((id(&name)?, file))).collect()
    }

    /// Builds what a search needs, if it isn't built yet: reads the whole bank. From another thread while this one goes on.
    pub fn prepare_search(&self) {
        // What leads to a result stands below its text: the index comes last, so that with it all is there.
        self.links();
        self.index();
    }

    /// The search index, if it is built already.
    pub fn index_at_hand(&self) -> Option<&Index> {
        self.index.get()
    }

    /// The search index over everything; built now if it isn't yet.
    pub fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self))
    }

    /// What leads to what.
    pub(super) fn links(&self) -> &Links {
        self.links.get_or_init(|| Links::new(self))
    }

    /// What was wrong in the bank's files, all of which this reads.
    pub fn findings(&self) -> Vec<Finding> {
        let pages = (0..ItemKind::PAGES.len()).flat_map(|at| &self.part(at).1);
        pages
            .chain(&self.numbers_part().1)
            .chain(&self.framework_part().1)
            .chain(&self.problems_part().1)
            .chain(&self.catalogue_part().1)
            .cloned()
            .collect()
    }
}

/// Puts `layer` over `below`: what has a known id replaces it, the rest is added.
fn merge<T>(below: &mut Vec<T>, layer: Vec<T>, id: fn(&T) -> &String) {
    let known = below.len();
    for value in layer {
        match below[..known].iter().position(|other| id(other) == id(&value)) {
            Some(at) => below[at] = value,
            None => below.push(value),
        }
    }
}

fn unreadable(path: String, why: &str) -> Finding {
    let diagnostic = Diagnostic::error(Span::at(0), format!("cannot be read: {why}"))
        .help("a file of the bank is plain UTF-8 text of at most 4 MiB");
    Finding::new(&TextFile { path, text: "".into() }, diagnostic)
}

fn has_ending(name: &str, ending: &str) -> bool {
    std::path::Path::new(name).extension().is_some_and(|found| found == ending)
}
