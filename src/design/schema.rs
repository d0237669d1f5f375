//! What may be said about each kind of component, about arrows and about flows: one static table each.
//!
//! Checks, completion, cards and the guide read these tables, so an attribute is named and explained in one place.

mod kinds;
mod wiring;

use super::Kind;

/// What the value of an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A bare number or count.
    Number,
    /// A percentage.
    Ratio,
    /// A length of time.
    Duration,
    /// An amount of data.
    Size,
    /// So many things a second.
    Rate,
    /// So much data a second.
    Bandwidth,
    /// A random length of time.
    Distribution,
    /// One of the choices, or a name where there are none.
    Word,
    /// Dollars a month.
    Money,
    /// `yes` or `no`; the bare attribute means `yes`.
    Flag,
}

impl ValueKind {
    /// What to write there, for messages and completion: `a duration such as 5ms`.
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Number => "a number such as 3",
            Self::Ratio => "a percentage such as 30%",
            Self::Duration => "a duration such as 200ms",
            Self::Size => "a size such as 64GB",
            Self::Rate => "a rate such as 5k/s",
            Self::Bandwidth => "a bandwidth such as 100MB/s",
            Self::Distribution => "a time such as 5ms or lognormal(p50 5ms, p99 40ms)",
            Self::Word => "a word",
            Self::Money => "an amount such as $1200/month",
            Self::Flag => "yes or no",
        }
    }

    /// A value that parses, for completion.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Number => "3",
            Self::Ratio => "30%",
            Self::Duration => "200ms",
            Self::Size => "64GB",
            Self::Rate => "5k/s",
            Self::Bandwidth => "100MB/s",
            Self::Distribution => "5ms",
            Self::Word => "name",
            Self::Money => "$1200/month",
            Self::Flag => "yes",
        }
    }
}

/// One attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Name, kebab-case; `_` and case are ignored where it is read.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// What its value is.
    pub value: ValueKind,
    /// The words it may be; empty where any word is right.
    pub choices: &'static [&'static str],
    /// What it does, in one line.
    pub doc: &'static str,
}

impl Attribute {
    const fn new(name: &'static str, value: ValueKind, doc: &'static str) -> Self {
        Self { name, aliases: &[], value, choices: &[], doc }
    }

    const fn word(name: &'static str, choices: &'static [&'static str], doc: &'static str) -> Self {
        Self { name, aliases: &[], value: ValueKind::Word, choices, doc }
    }

    const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }

    fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

/// The attributes of a kind, beyond those that every kind has.
pub fn attributes(kind: Kind) -> &'static [Attribute] {
    kinds::of(kind)
}

/// The attributes that every kind has.
pub fn common_attributes() -> &'static [Attribute] {
    kinds::COMMON
}

/// The attributes of an arrow.
pub fn link_attributes() -> &'static [Attribute] {
    wiring::LINK
}

/// The attributes of a flow.
pub fn flow_attributes() -> &'static [Attribute] {
    wiring::FLOW
}

/// The attribute of `kind` with that name or alias; `_` stands for `-` and case is ignored.
pub fn attribute(kind: Kind, name: &str) -> Option<&'static Attribute> {
    find(attributes(kind), name).or_else(|| find(common_attributes(), name))
}

/// The attribute of `table` with that name or alias; `_` stands for `-` and case is ignored.
pub fn find(table: &'static [Attribute], name: &str) -> Option<&'static Attribute> {
    let name = kebab(name);
    table.iter().find(|attribute| attribute.is_called(&name))
}

/// The name as the tables spell it.
pub(super) fn kebab(name: &str) -> String {
    name.trim().to_lowercase().replace('_', "-")
}

/// The attribute of `kind` that has `word` among its choices, if exactly one has: `round-robin` says what it is about by itself.
pub(super) fn by_choice(table: &'static [Attribute], word: &str) -> Option<&'static Attribute> {
    let word = kebab(word);
    let mut fitting = table.iter().filter(|attribute| attribute.choices.contains(&word.as_str()));
    fitting.next().filter(|_| fitting.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tables() -> impl Iterator<Item = Vec<&'static Attribute>> {
        let kinds = Kind::ALL.into_iter().map(|kind| attributes(kind).iter().chain(common_attributes()).collect());
        kinds.chain([link_attributes().iter().collect(), flow_attributes().iter().collect()])
    }

    #[test]
    fn no_name_or_alias_means_two_things() {
        for table in tables() {
            let mut names: Vec<&str> =
                table.iter().flat_map(|attribute| attribute.aliases.iter().copied().chain([attribute.name])).collect();
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count, "{names:?}");
        }
    }

    #[test]
    fn every_attribute_is_explained_and_named_in_kebab_case() {
        for attribute in tables().flatten() {
            assert!(!attribute.doc.is_empty() && !attribute.doc.ends_with('.'), "{}", attribute.name);
            assert!(attribute.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", attribute.name);
            assert!(attribute.choices.is_empty() || attribute.value == ValueKind::Word, "{}", attribute.name);
        }
    }

    #[test]
    fn names_are_found_whatever_their_spelling() {
        assert_eq!(attribute(Kind::Cache, "Flush_Every").map(|found| found.name), Some("flush-every"));
        assert_eq!(attribute(Kind::Service, "threads").map(|found| found.name), Some("cores"));
        assert_eq!(attribute(Kind::Sql, "cost_per_month_usd").map(|found| found.name), Some("cost"));
        assert_eq!(attribute(Kind::Client, "memory"), None);
    }
}
