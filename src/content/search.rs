//! One box over the whole bank: fuzzy on names, ranked full text behind it.

use std::collections::BTreeMap;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::item::ItemKind;
use super::{Bank, Item};
use crate::interview::Problem;

/// BM25's term-frequency saturation (Robertson and Zaragoza, 2009: 1.2 to 2).
const K1: f64 = 1.2;
/// BM25's length normalisation (Robertson and Zaragoza, 2009).
const B: f64 = 0.75;
/// A name that is the query counts this much more than the best text can.
const NAME_WEIGHT: f64 = 40.0;
/// No list of results is longer.
const MOST_HITS: usize = 200;

/// One result.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Id of the item.
    pub id: String,
    /// What it is.
    pub kind: ItemKind,
    /// Title for a person.
    pub title: String,
    /// Characters of the title that the query matches, ascending.
    pub matched: Vec<usize>,
    /// The higher the better; comparable within one query only.
    pub score: f64,
}

/// A document of the index.
#[derive(Debug)]
struct Entry {
    id: String,
    kind: ItemKind,
    title: String,
    /// Id and aliases.
    names: Vec<String>,
    /// Number of words.
    length: f64,
}

/// Where a word occurs.
#[derive(Debug)]
struct Posting {
    entry: u32,
    count: f64,
}

/// An index over the whole bank.
#[derive(Debug, Default)]
pub struct Index {
    entries: Vec<Entry>,
    words: BTreeMap<String, Vec<Posting>>,
    mean_length: f64,
}

impl Index {
    /// Reads the whole bank once.
    pub fn new(bank: &Bank) -> Self {
        let mut index = Self::default();
        for item in bank.items() {
            index.add_item(item);
        }
        for problem in bank.problems() {
            index.add_problem(problem);
        }
        for number in bank.numbers() {
            let title = number.title();
            let text = format!("{title} {} {}", number.means, number.shard_when.as_deref().unwrap_or_default());
            index.add(&number.id, ItemKind::Number, &title, &[], &number.tags, &text);
        }
        for (id, title) in bank.framework_pages() {
            let text = bank.reading(&id).map(|reading| reading.markdown).unwrap_or_default();
            index.add(&id, ItemKind::Framework, &title, &[], &[], &text);
        }
        let total: f64 = index.entries.iter().map(|entry| entry.length).sum();
        index.mean_length = (total / index.entries.len().max(1) as f64).max(1.0);
        index
    }

    fn add_item(&mut self, item: &Item) {
        let mut text = item.body.clone();
        for card in &item.cards {
            text.push(' ');
            text.push_str(&card.question);
            text.push(' ');
            text.push_str(&card.answer);
        }
        self.add(&item.id, item.kind, &item.title, &item.aliases, &item.tags, &text);
    }

    fn add_problem(&mut self, problem: &Problem) {
        let text = format!("{} {}", problem.prompt, problem.walkthrough);
        self.add(&problem.id, ItemKind::Problem, &problem.title, &[], &problem.tags, &text);
    }

    fn add(&mut self, id: &str, kind: ItemKind, title: &str, aliases: &[String], tags: &[String], text: &str) {
        let entry = self.entries.len() as u32;
        let mut counts: BTreeMap<String, f64> = BTreeMap::new();
        let mut length = 0.0;
        // A word of the title says more than one of the text.
        let weighted = [(title, 5.0), (id, 3.0), (text, 1.0)];
        let named = aliases.iter().map(|alias| (alias.as_str(), 4.0)).chain(tags.iter().map(|tag| (tag.as_str(), 3.0)));
        for (text, weight) in weighted.into_iter().chain(named) {
            for word in words(text) {
                *counts.entry(word).or_default() += weight;
                length += 1.0;
            }
        }
        for (word, count) in counts {
            self.words.entry(word).or_default().push(Posting { entry, count });
        }
        let names = std::iter::once(id.to_owned()).chain(aliases.iter().cloned()).collect();
        self.entries.push(Entry { id: id.to_owned(), kind, title: title.to_owned(), names, length });
    }

    /// Ids of everything in the index.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| entry.id.as_str())
    }

    /// The items that match `query`, the best first; nothing for a query without a letter or digit.
    pub fn search(&self, query: &str) -> Vec<Hit> {
        let parts: Vec<&str> =
            query.split_whitespace().filter(|part| part.chars().any(char::is_alphanumeric)).collect();
        if parts.is_empty() {
            return Vec::new();
        }
        let text = self.text_scores(&words(query));
        let matcher = SkimMatcherV2::default().ignore_case();
        let mut hits: Vec<Hit> = self
            .entries
            .iter()
            .zip(text)
            .filter_map(|(entry, text)| {
                let (name, matched) = name_score(&matcher, entry, &parts);
                let score = name + text;
                (score > 0.0).then(|| Hit {
                    id: entry.id.clone(),
                    kind: entry.kind,
                    title: entry.title.clone(),
                    matched,
                    score,
                })
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        hits.truncate(MOST_HITS);
        hits
    }

    /// BM25 of each entry (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009), zero where fewer words are found than in the
    /// best; the last word may be unfinished.
    fn text_scores(&self, query: &[String]) -> Vec<f64> {
        let mut scores = vec![0.0; self.entries.len()];
        let mut matched = vec![0_usize; self.entries.len()];
        for (at, word) in query.iter().enumerate() {
            let unfinished = at + 1 == query.len() && word.len() > 1;
            let mut best: BTreeMap<u32, f64> = BTreeMap::new();
            for (found, postings) in self.words.range(word.clone()..) {
                if found != word && !(unfinished && found.starts_with(word.as_str())) {
                    break;
                }
                let rarity = self.inverse_frequency(postings.len());
                for posting in postings {
                    let score = rarity * self.saturation(posting);
                    let known = best.entry(posting.entry).or_default();
                    *known = known.max(score);
                }
            }
            for (entry, score) in best {
                scores[entry as usize] += score;
                matched[entry as usize] += 1;
            }
        }
        // What has all words; where nothing has, what has the most of them, and at least half.
        let most = matched.iter().copied().max().unwrap_or(0);
        let enough = most.max(query.len().div_ceil(2));
        for (score, matched) in scores.iter_mut().zip(matched) {
            if matched < enough {
                *score = 0.0;
            }
        }
        scores
    }

    fn inverse_frequency(&self, found: usize) -> f64 {
        let (all, found) = (self.entries.len() as f64, found as f64);
        (1.0 + (all - found + 0.5) / (found + 0.5)).ln()
    }

    fn saturation(&self, posting: &Posting) -> f64 {
        let length = self.entries[posting.entry as usize].length / self.mean_length;
        posting.count * (K1 + 1.0) / (posting.count + K1 * (1.0 - B + B * length))
    }
}

/// How well the names match: every part of the query has to occur in the title, or in one of the names, as a fuzzy subsequence that is
/// dense enough to be meant.
fn name_score(matcher: &SkimMatcherV2, entry: &Entry, parts: &[&str]) -> (f64, Vec<usize>) {
    let mut matched = Vec::new();
    let mut total = 0.0;
    for part in parts {
        // A perfect match of the part with itself is the scale.
        let scale = matcher.fuzzy_match(part, part).unwrap_or(1).max(1) as f64;
        let title = matcher.fuzzy_indices(&entry.title, part).map(|(score, at)| (score as f64 / scale, at));
        let named = entry.names.iter().filter_map(|name| matcher.fuzzy_match(name, part)).max();
        let named = named.map_or(0.0, |score| score as f64 / scale);
        let (title_score, indices) = title.unwrap_or_default();
        let best = title_score.max(named);
        if best < 0.7 {
            return (0.0, Vec::new());
        }
        if title_score >= 0.7 {
            matched.extend(indices);
        }
        total += best;
    }
    matched.sort_unstable();
    matched.dedup();
    // Of two names that match as well, the shorter says it more exactly.
    let exact = entry.names.iter().chain([&entry.title]).any(|name| name.eq_ignore_ascii_case(&parts.join(" ")));
    let brevity = 1.0 / (1.0 + entry.title.chars().count() as f64 / 40.0);
    (NAME_WEIGHT * (total / parts.len() as f64 + brevity * 0.2 + if exact { 1.0 } else { 0.0 }), matched)
}

/// The words of a text in lower case.
pub(super) fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}
