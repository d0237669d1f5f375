//! A shelf: what there is of one kind, what of it is shown, and which of that is chosen.

use std::collections::BTreeMap;

use crate::content::{Bank, Entry, ItemKind, shelf};
use crate::tui::widgets::{Input, List, ListAction, fuzzy};

/// Levels of the questions.
const LEVELS: [&str; 3] = ["basic", "intermediate", "advanced"];

/// A shelf and what narrows it.
#[derive(Clone, Debug)]
pub struct Shelf {
    kind: ItemKind,
    entries: Vec<Entry>,
    found: Vec<usize>,
    list: List,
    filter: Input,
    tag: Option<String>,
    level: Option<&'static str>,
}

impl Shelf {
    /// The whole shelf of that kind.
    pub fn new(bank: &Bank, kind: ItemKind) -> Self {
        let mut state = Self {
            kind,
            entries: shelf(bank, kind),
            found: Vec::new(),
            list: List::default(),
            filter: Input::default(),
            tag: None,
            level: None,
        };
        state.find();
        state
    }

    /// Turns to another shelf; letters and tag go on narrowing it, so that one can look for them elsewhere.
    pub fn turn(&mut self, bank: &Bank, by: isize) {
        let count = ItemKind::SHELVES.len() as isize;
        let at = ItemKind::SHELVES.iter().position(|kind| *kind == self.kind).unwrap_or(0) as isize;
        self.turn_to(bank, ItemKind::SHELVES[(at + by).rem_euclid(count) as usize]);
    }

    /// Turns to the shelf of that kind.
    pub fn turn_to(&mut self, bank: &Bank, kind: ItemKind) {
        if kind != self.kind {
            self.kind = kind;
            self.entries = shelf(bank, kind);
            self.find();
        }
    }

    /// Chooses what has that id; everything is shown again if it was hidden.
    pub fn select(&mut self, id: &str, visible: usize) {
        let place = |shelf: &Self| shelf.found.iter().position(|&at| shelf.entries[at].id == id);
        if place(self).is_none() {
            self.widen();
        }
        self.list.selected = place(self).unwrap_or(0);
        self.list.keep(self.found.len(), visible);
    }

    /// Moves among what is shown.
    pub fn travel(&mut self, action: ListAction, visible: usize) {
        self.list.act(action, self.found.len(), visible);
    }

    /// Chooses a row.
    pub fn choose(&mut self, row: usize) {
        self.list.selected = row.min(self.found.len().saturating_sub(1));
    }

    /// Lets the letters be changed.
    pub fn type_filter(&mut self, change: impl FnOnce(&mut Input) -> bool) {
        if change(&mut self.filter) {
            self.find();
        }
    }

    /// Only what has that tag; `None` for all.
    pub fn set_tag(&mut self, tag: Option<String>) {
        self.tag = tag;
        self.find();
    }

    /// The next level, and after the last all of them.
    pub fn next_level(&mut self) {
        self.level = match self.level {
            None => Some(LEVELS[0]),
            Some(level) => LEVELS.iter().skip_while(|known| **known != level).nth(1).copied(),
        };
        self.find();
    }

    /// Shows everything again.
    pub fn widen(&mut self) {
        self.filter = Input::default();
        self.tag = None;
        self.level = None;
        self.find();
    }

    /// Whether anything is hidden.
    pub fn narrowed(&self) -> bool {
        !self.filter.text().is_empty() || self.tag.is_some() || self.level.is_some()
    }

    fn find(&mut self) {
        let mut found = self.matching();
        // A level narrows the questions; nothing else has one.
        let level = self.level.filter(|_| self.kind == ItemKind::Question);
        found.retain(|&at| {
            let entry = &self.entries[at];
            let tagged = self.tag.as_ref().is_none_or(|tag| entry.tags.contains(tag));
            tagged && level.is_none_or(|level| entry.level.as_deref() == Some(level))
        });
        self.found = found;
        self.list = List::default();
    }

    /// What has every word of the letters in its names, in the shelf's order; what matches them by a stretch where nothing has.
    fn matching(&self) -> Vec<usize> {
        let letters = self.filter.text().to_lowercase();
        let words: Vec<&str> = letters.split_whitespace().collect();
        let has = |entry: &Entry| {
            let names = entry.searched.to_lowercase();
            words.iter().all(|word| names.contains(word))
        };
        let found: Vec<usize> = (0..self.entries.len()).filter(|&at| has(&self.entries[at])).collect();
        if found.is_empty() { fuzzy(&letters, self.entries.iter().map(|entry| entry.searched.as_str())) } else { found }
    }

    /// The tags of the shelf that the letters match, with the number of entries each; first of all, no tag.
    pub fn tags(&self, letters: &str) -> Vec<(Option<String>, usize)> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for tag in self.entries.iter().flat_map(|entry| &entry.tags) {
            *counts.entry(tag).or_default() += 1;
        }
        let names: Vec<&str> = counts.keys().copied().collect();
        let found = fuzzy(letters, names.iter().copied());
        let tags = found.into_iter().map(|at| (Some(names[at].to_owned()), counts[names[at]]));
        let all = letters.is_empty().then_some((None, self.entries.len()));
        all.into_iter().chain(tags).collect()
    }

    /// What kind of shelf it is.
    pub fn kind(&self) -> ItemKind {
        self.kind
    }

    /// What is shown.
    pub fn shown(&self) -> impl Iterator<Item = &Entry> {
        self.found.iter().map(|&at| &self.entries[at])
    }

    /// How many are shown, and how many there are.
    pub fn counts(&self) -> (usize, usize) {
        (self.found.len(), self.entries.len())
    }

    /// What is chosen.
    pub fn chosen(&self) -> Option<&Entry> {
        self.found.get(self.list.selected).map(|&at| &self.entries[at])
    }

    /// Which row is chosen.
    pub fn list(&self) -> &List {
        &self.list
    }

    /// The letters.
    pub fn filter(&self) -> &Input {
        &self.filter
    }

    /// What narrows the shelf besides the letters, in words.
    pub fn narrowed_by(&self) -> String {
        let level = self.level.filter(|_| self.kind == ItemKind::Question);
        let words = [level.map(str::to_owned), self.tag.as_ref().map(|tag| format!("#{tag}"))];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}
