//! One box over the whole bank: fuzzy on names, ranked full text behind it.

use std::collections::{BTreeMap, HashMap};

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
        let mut index = Builder::default();
        for item in bank.items() {
            index.add_item(item);
        }
        for problem in bank.problems() {
            index.add_problem(problem);
        }
        for number in bank.numbers() {
            let title = number.title();
            let text = format!("{title} {} {}", number.means, number.shard_when.as_deref().unwrap_or_default());
            index.add(&number.id, ItemKind::Number, &title, &[], &number.tags, &[&text]);
        }
        for (id, title) in bank.framework_pages() {
            let text = bank.reading(&id).map(|reading| reading.markdown).unwrap_or_default();
            index.add(&id, ItemKind::Framework, &title, &[], &[], &[&text]);
        }
        index.finish()
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

/// An index in the making.
#[derive(Default)]
struct Builder {
    entries: Vec<Entry>,
    /// The place of each word's postings; its order is never looked at.
    places: HashMap<String, usize>,
    postings: Vec<Vec<Posting>>,
}

impl Builder {
    fn add_item(&mut self, item: &Item) {
        // A question is also looked for by its number, as the shelf shows it or without the zeros.
        let number = item.number.map(|number| format!("question {number} {number:03}"));
        let cards = item.cards.iter().flat_map(|card| [card.question.as_str(), card.answer.as_str()]);
        let texts: Vec<&str> = std::iter::once(item.body.as_str()).chain(cards).chain(number.as_deref()).collect();
        self.add(&item.id, item.kind, &item.title, &item.aliases, &item.tags, &texts);
    }

    fn add_problem(&mut self, problem: &Problem) {
        let texts = [problem.prompt.as_str(), &problem.walkthrough];
        self.add(&problem.id, ItemKind::Problem, &problem.title, &[], &problem.tags, &texts);
    }

    fn add(&mut self, id: &str, kind: ItemKind, title: &str, aliases: &[String], tags: &[String], texts: &[&str]) {
        let entry = self.entries.len() as u32;
        // A word of the title says more than one of the text.
        let mut length = self.count(entry, title, 5.0) + self.count(entry, id, 3.0);
        for text in texts {
            length += self.count(entry, text, 1.0);
        }
        for alias in aliases {
            length += self.count(entry, alias, 4.0);
        }
        for tag in tags {
            length += self.count(entry, tag, 3.0);
        }
        let names = std::iter::once(id.to_owned()).chain(aliases.iter().cloned()).collect();
        self.entries.push(Entry { id: id.to_owned(), kind, title: title.to_owned(), names, length });
    }

    /// Adds the words of `text` to `entry`, which is the last one; returns how many there are.
    fn count(&mut self, entry: u32, text: &str, weight: f64) -> f64 {
        let mut length = 0.0;
        let mut word = String::new();
        for written in split(text) {
            length += 1.0;
            word.clear();
            lower(written, &mut word);
            let place = self.places.get(&word).copied().unwrap_or_else(|| {
                self.places.insert(word.clone(), self.postings.len());
                self.postings.push(Vec::new());
                self.postings.len() - 1
            });
            match self.postings[place].last_mut().filter(|posting| posting.entry == entry) {
                Some(posting) => posting.count += weight,
                None => self.postings[place].push(Posting { entry, count: weight }),
            }
        }
        length
    }

    fn finish(self) -> Index {
        let Self { entries, places, mut postings } = self;
        let words = places.into_iter().map(|(word, place)| (word, std::mem::take(&mut postings[place]))).collect();
        let total: f64 = entries.iter().map(|entry| entry.length).sum();
        let mean_length = (total / entries.len().max(1) as f64).max(1.0);
        Index { entries, words, mean_length }
    }
}

/// Whether the character with that index begins a word: nobody who types `lock` means the end of `clock`. Small before capital letter is a
/// beginning too: `SQL` in `MySQL`.
fn starts_a_word(name: &str, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return true };
    let mut pair = name.chars().skip(before);
    let (before, first) = (pair.next().unwrap_or(' '), pair.next().unwrap_or(' '));
    !before.is_alphanumeric() || (before.is_lowercase() && first.is_uppercase())
}

/// How well the names match: every part of the query has to occur in the title, or in one of the names, from the start of a word on, as a fuzzy
/// subsequence that is dense enough to be meant.
fn name_score(matcher: &SkimMatcherV2, entry: &Entry, parts: &[&str]) -> (f64, Vec<usize>) {
    let mut matched = Vec::new();
    let mut total = 0.0;
    for part in parts {
        // A perfect match of the part with itself is the scale.
        let scale = matcher.fuzzy_match(part, part).unwrap_or(1).max(1) as f64;
        let found = |name: &str| {
            let (score, at) = matcher.fuzzy_indices(name, part)?;
            starts_a_word(name, *at.first()?).then_some((score as f64 / scale, at))
        };
        let title = found(&entry.title);
        let named = entry.names.iter().filter_map(|name| found(name)).map(|(score, _)| score).fold(0.0, f64::max);
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
    let lowered = |word| {
        let mut lowered = String::new();
        lower(word, &mut lowered);
        lowered
    };
    split(text).map(lowered).collect()
}

/// The words of a text as written.
fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Puts `word` in lower case at the end of `out`.
fn lower(word: &str, out: &mut String) {
    out.extend(word.chars().flat_map(char::to_lowercase));
}
