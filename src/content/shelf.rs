//! The bank as shelves: what there is of one kind, in the order one reads it.

use super::bank::Bank;
use super::item::{Item, ItemKind};

/// One thing on a shelf.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// A question's number, as three digits.
    pub number: Option<u32>,
    /// A question's level, a technology's category, a problem's type, a number's figure.
    pub aside: String,
    /// Level of a question.
    pub level: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Everything that a few letters may find it by.
    pub searched: String,
}

impl ItemKind {
    /// The shelves, in the order a reader meets them.
    pub const SHELVES: [Self; 8] = [
        Self::Question,
        Self::Technology,
        Self::Concept,
        Self::Pattern,
        Self::Number,
        Self::Problem,
        Self::Framework,
        Self::Guide,
    ];

    /// The shelf's name.
    pub const fn plural(self) -> &'static str {
        match self {
            Self::Question => "Questions",
            Self::Technology => "Technologies",
            Self::Concept => "Concepts",
            Self::Pattern => "Patterns",
            Self::Number => "Numbers",
            Self::Problem => "Problems",
            Self::Framework => "Framework",
            Self::Guide => "Guide",
        }
    }
}

/// What stands on the shelf of that kind: questions by number, problems by difficulty, numbers and framework in the order of their files,
/// the rest by title.
pub fn shelf(bank: &Bank, kind: ItemKind) -> Vec<Entry> {
    match kind {
        ItemKind::Number => bank.numbers().iter().map(number).collect(),
        ItemKind::Problem => bank.problems().iter().map(problem).collect(),
        ItemKind::Framework => bank.framework_pages().into_iter().map(framework).collect(),
        kind => {
            let mut entries: Vec<Entry> = bank.pages(kind).iter().map(page).collect();
            entries.sort_by_cached_key(|entry| (entry.number, entry.title.to_lowercase(), entry.id.clone()));
            entries
        }
    }
}

fn page(item: &Item) -> Entry {
    Entry {
        id: item.id.clone(),
        title: item.title.clone(),
        number: item.number,
        aside: item.level.clone().or_else(|| item.category.clone()).unwrap_or_default(),
        level: item.level.clone(),
        tags: item.tags.clone(),
        searched: searched(item),
    }
}

/// What a page is found by; a question also by its number as it is shown.
fn searched(item: &Item) -> String {
    let number = item.number.map(|number| format!("{number:03} ")).unwrap_or_default();
    format!("{number}{} {} {} {}", item.title, item.id, item.aliases.join(" "), item.tags.join(" "))
}

fn number(number: &super::Number) -> Entry {
    Entry {
        id: number.id.clone(),
        title: number.title(),
        number: None,
        aside: number.display(),
        level: None,
        tags: number.tags.clone(),
        searched: format!("{} {} {}", number.title(), number.id, number.tags.join(" ")),
    }
}

fn problem(problem: &crate::interview::Problem) -> Entry {
    Entry {
        id: problem.id.clone(),
        title: problem.title.clone(),
        number: None,
        aside: format!("{}, {} of 5", problem.interview_type, problem.difficulty),
        level: None,
        tags: problem.tags.clone(),
        searched: format!("{} {} {}", problem.title, problem.id, problem.tags.join(" ")),
    }
}

fn framework((id, title): (String, String)) -> Entry {
    let searched = format!("{title} {id}");
    Entry { id, title, number: None, aside: String::new(), level: None, tags: Vec::new(), searched }
}
