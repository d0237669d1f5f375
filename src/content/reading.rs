//! What a reader sees of one thing of the bank: its text, where it leads and what leads to it, as one Markdown document.
//!
//! Links within the bank have an id as their target, so that `dryrun show` in a pipe stays readable Markdown and the terminal can
//! follow them.

mod framework;
mod number;

use std::collections::{BTreeMap, BTreeSet};

use super::bank::Bank;
use super::item::{Item, ItemKind};
use crate::interview::Problem;
use crate::markup::{escape, targets};

/// One thing of the bank, ready to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: ItemKind,
    /// Its title.
    pub title: String,
    /// The whole document, beginning with the title as its heading.
    pub markdown: String,
}

/// What leads to what, both ways, by id.
#[derive(Debug, Default)]
pub(super) struct Links {
    to: BTreeMap<String, Vec<String>>,
}

impl Links {
    /// Reads every reference of the bank once.
    pub(super) fn new(bank: &Bank) -> Self {
        let mut to: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut add = |from: &str, id: &str| {
            if from != id {
                to.entry(id.to_owned()).or_default().insert(from.to_owned());
            }
        };
        for item in bank.items() {
            for id in &item.see {
                add(&item.id, id);
            }
            // Most pages have no link in their text; those that do are parsed for it.
            if item.body.contains("](") {
                for id in targets(&item.body) {
                    add(&item.id, &id);
                }
            }
        }
        for problem in bank.problems() {
            for id in &problem.see {
                add(&problem.id, id);
            }
        }
        Self { to: to.into_iter().map(|(id, from)| (id, from.into_iter().collect())).collect() }
    }
}

impl Bank {
    /// The thing with that id as a document; `None` if there is none.
    pub fn reading(&self, id: &str) -> Option<Reading> {
        let (kind, title, body) = if let Some(item) = self.item(id) {
            (item.kind, item.title.clone(), self.item_text(item))
        } else if let Some(problem) = self.problem(id) {
            (ItemKind::Problem, problem.title.clone(), self.problem_text(problem))
        } else if let Some(number) = self.numbers().iter().find(|number| number.id == id) {
            (ItemKind::Number, number.title(), number::text(self, number))
        } else {
            let (title, text) = framework::text(self.framework(), id)?;
            (ItemKind::Framework, title, text)
        };
        let markdown = format!("# {}\n\n{}{}\n", escape(&title), body.trim_end(), self.back_links(id));
        Some(Reading { id: id.to_owned(), kind, title, markdown })
    }

    /// What the thing with that id is, and its title.
    pub fn title(&self, id: &str) -> Option<(ItemKind, String)> {
        if let Some(item) = self.item(id) {
            return Some((item.kind, item.title.clone()));
        }
        if let Some(problem) = self.problem(id) {
            return Some((ItemKind::Problem, problem.title.clone()));
        }
        let number = self.numbers().iter().find(|number| number.id == id);
        if let Some(number) = number {
            return Some((ItemKind::Number, number.title()));
        }
        let pages = framework::pages(self.framework());
        pages.into_iter().find(|(known, _)| known == id).map(|(_, title)| (ItemKind::Framework, title))
    }

    /// Ids of what refers to the thing with that id, in the order of the alphabet.
    pub fn links_to(&self, id: &str) -> &[String] {
        self.links().to.get(id).map_or(&[], Vec::as_slice)
    }

    /// The pages of the framework: id and title.
    pub fn framework_pages(&self) -> Vec<(String, String)> {
        framework::pages(self.framework())
    }

    fn item_text(&self, item: &Item) -> String {
        let mut text = about(item);
        text.push_str(item.body.trim());
        if let Some(model) = &item.model {
            text.push_str(&model_text(model));
        }
        if !item.cards.is_empty() {
            text.push_str("\n\n## Cards\n");
            for card in &item.cards {
                text.push_str(&format!(
                    "\n- **{}** {}",
                    card.question.trim(),
                    card.answer.trim().replace('\n', "\n  ")
                ));
            }
        }
        text.push_str(&self.links_out("See also", item.see.iter()));
        if !item.sources.is_empty() {
            text.push_str("\n\n## Sources\n");
            for source in &item.sources {
                text.push_str(&format!("\n- {}", escape(source)));
            }
        }
        text
    }

    fn problem_text(&self, problem: &Problem) -> String {
        let kind = format!("*{} interview, difficulty {} of 5*", problem.interview_type, problem.difficulty);
        let tags = if problem.tags.is_empty() { String::new() } else { format!(" · {}", problem.tags.join(", ")) };
        let start = format!("Rehearse it: `dryrun interview {}`", problem.id);
        let see = self.links_out("See also", problem.see.iter());
        format!("{kind}{tags}\n\n{}\n\n{start}{see}", problem.prompt.trim())
    }

    /// A heading and the links under it; nothing without links.
    fn links_out<'a>(&self, heading: &str, ids: impl Iterator<Item = &'a String>) -> String {
        let lines: Vec<String> = ids
            .map(|id| match self.title(id) {
                Some((kind, title)) => format!("- [{}]({id}) ({kind})", escape(&title)),
                // A reference that leads nowhere is `check`'s to report; it is shown as what it says.
                None => format!("- {}", escape(id)),
            })
            .collect();
        if lines.is_empty() { String::new() } else { format!("\n\n## {heading}\n\n{}", lines.join("\n")) }
    }

    fn back_links(&self, id: &str) -> String {
        let mut from: Vec<&String> = self.links_to(id).iter().collect();
        from.sort_by_cached_key(|id| self.title(id).map(|(_, title)| title.to_lowercase()));
        self.links_out("What links here", from.into_iter())
    }
}

/// The line under a title: what it is, and its tags.
fn about(item: &Item) -> String {
    let what = match (item.number, &item.level, &item.category) {
        (Some(number), Some(level), _) => format!("question {number}, {level}"),
        (_, _, Some(category)) => category.clone(),
        _ => item.kind.name().to_owned(),
    };
    let mut line = format!("*{}*", escape(&what));
    if !item.tags.is_empty() {
        line.push_str(&format!(" · {}", escape(&item.tags.join(", "))));
    }
    if !item.aliases.is_empty() {
        line.push_str(&format!(" · also called {}", escape(&item.aliases.join(", "))));
    }
    line.push_str("\n\n");
    line
}

/// What the simulator takes a technology for, each figure with its source.
fn model_text(model: &toml::Table) -> String {
    let word = |key: &str| model.get(key).map(value_text).unwrap_or_default();
    let empty = toml::Table::new();
    let sources = model.get("sources").and_then(toml::Value::as_table).unwrap_or(&empty);
    let mut text = format!("\n\n## In the simulator\n\nA component of the kind `{}`", word("kind"));
    let figures: Vec<(&String, &toml::Value)> =
        model.iter().filter(|(key, _)| !matches!(key.as_str(), "kind" | "default" | "sources")).collect();
    if figures.is_empty() {
        text.push_str(", with that kind's default figures.");
        return text;
    }
    text.push_str(":\n\n| parameter | value | source |\n|---|---|---|\n");
    for (key, value) in figures {
        let source = sources.get(key).map(value_text).unwrap_or_default();
        text.push_str(&format!("| {} | {} | {} |\n", escape(key), escape(&value_text(value)), escape(&source)));
    }
    text
}

fn value_text(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
