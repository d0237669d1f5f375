//! The interviewer's answers: a question in the candidate's own words is matched to what the problem's interviewer knows.
//!
//! Both sides are reduced to stems ([`super::words`]). A stem weighs more the fewer clarifications use it (inverse document frequency,
//! Spärck Jones 1972), so that `links` decides nothing in a problem about links. A question fits one way of asking as far as it has that way's
//! words, and has few of its own that lead elsewhere. Same problem, same question: same answer.

use super::words::{self, Stem};
use super::{Clarification, Problem};

/// What the interviewer says where the problem knows nothing.
pub const YOUR_CALL: &str = "Your call: state an assumption and go on.";

/// A fit from here on is an answer. The tables of the tests hold it.
const ENOUGH: f64 = 0.55;
/// A second question in the same breath must fit its clarification better: answers are not given away.
const ENOUGH_FOR_MORE: f64 = 0.75;
/// How much having the words of the known question counts; the rest is for having no others.
const ASKED: f64 = 0.6;

/// The answer to `question`, answers to several questions in one breath in the order of fit; `None` is "your call".
pub fn clarify(problem: &Problem, question: &str) -> Option<String> {
    let known = Known::new(&problem.clarifications);
    let mut answers: Vec<&str> = Vec::new();
    for sentence in question.split(['?', '\n', ';']) {
        for at in known.answers(sentence) {
            let answer = problem.clarifications[at].answer.as_str();
            if !answers.contains(&answer) {
                answers.push(answer);
            }
        }
    }
    (!answers.is_empty()).then(|| answers.join(" "))
}

/// A way of asking.
struct Ask {
    /// Index of its clarification.
    of: usize,
    /// Its stems, each with its weight.
    stems: Vec<(Stem, f64)>,
    /// All its words: `where` and `how many` have no stems, and tell two ways of asking about players apart.
    words: Vec<String>,
}

/// The clarifications in stems.
struct Known {
    asks: Vec<Ask>,
    /// Number of clarifications.
    count: f64,
}

impl Known {
    fn new(clarifications: &[Clarification]) -> Self {
        let of = |(of, clarification): (usize, &Clarification)| -> Vec<Ask> {
            let ask = |text: &String| Ask { of, stems: unique(words::stems(text)), words: plain_words(text) };
            clarification.ask.iter().map(ask).collect()
        };
        let asks = clarifications.iter().enumerate().flat_map(of).filter(|ask| !ask.stems.is_empty());
        let mut known = Self { asks: asks.collect(), count: clarifications.len() as f64 };
        let weights: Vec<Vec<f64>> = known.asks.iter().map(|ask| known.weights(&ask.stems)).collect();
        for (ask, weights) in known.asks.iter_mut().zip(weights) {
            ask.stems.iter_mut().zip(weights).for_each(|((_, weight), known)| *weight = known);
        }
        known
    }

    /// More for a stem of few clarifications; one that none has weighs as much as one that a single one has: it leads elsewhere.
    fn weights(&self, stems: &[(Stem, f64)]) -> Vec<f64> {
        let weight = |(stem, _): &(Stem, f64)| {
            let mut users: Vec<usize> =
                self.asks.iter().filter(|ask| has(&ask.stems, stem)).map(|ask| ask.of).collect();
            users.dedup();
            (1.0 + self.count / users.len().max(1) as f64).ln()
        };
        stems.iter().map(weight).collect()
    }

    /// Indices of the clarifications that answer a question, the best first.
    fn answers(&self, question: &str) -> Vec<usize> {
        let said = plain_words(question);
        let mut rest = unique(words::stems(question));
        let weights = self.weights(&rest);
        rest.iter_mut().zip(weights).for_each(|((_, weight), known)| *weight = known);
        let mut found = Vec::new();
        let mut enough = ENOUGH;
        while let Some((_, ask)) = self.best(&rest, &said).filter(|&(fit, _)| fit >= enough) {
            if !found.contains(&ask.of) {
                found.push(ask.of);
            }
            rest.retain(|(stem, _)| !has(&ask.stems, stem));
            enough = ENOUGH_FOR_MORE;
        }
        found
    }

    /// The way of asking that fits best; of equals the one that shares more of its words with what was `said`, then the first.
    fn best(&self, question: &[(Stem, f64)], said: &[String]) -> Option<(f64, &Ask)> {
        let fits = self.asks.iter().map(|ask| ((fit(question, &ask.stems), overlap(&ask.words, said)), ask));
        let best = fits.reduce(|best, next| if next.0 > best.0 { next } else { best });
        best.map(|((fit, _), ask)| (fit, ask))
    }
}

/// How far a question fits a way of asking, 0 to 1: the weighted harmonic mean (van Rijsbergen's F) of the shares that each has of the other. Without
/// one of its most telling stems it doesn't fit at all: whoever says `links` alone has not asked whether they expire.
fn fit(question: &[(Stem, f64)], ask: &[(Stem, f64)]) -> f64 {
    let telling = ask.iter().map(|(_, weight)| *weight).fold(0.0, f64::max);
    if !ask.iter().any(|(stem, weight)| *weight >= telling && has(question, stem)) {
        return 0.0;
    }
    let share = |of: &[(Stem, f64)], within: &[(Stem, f64)]| {
        let likeness = |stem: &Stem| within.iter().map(|(other, _)| stem.likeness(other)).fold(0.0, f64::max);
        let common: f64 = of.iter().map(|(stem, weight)| weight * likeness(stem)).sum();
        let all: f64 = of.iter().map(|(_, weight)| weight).sum();
        common / all.max(f64::MIN_POSITIVE)
    };
    let (asked, own) = (share(ask, question), share(question, ask));
    if asked > 0.0 && own > 0.0 { 1.0 / (ASKED / asked + (1.0 - ASKED) / own) } else { 0.0 }
}

/// The words of a text, small letters only.
fn plain_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The share of the words of either that both have (Jaccard), 0 to 1.
fn overlap(a: &[String], b: &[String]) -> f64 {
    let common = a.iter().filter(|word| b.contains(word)).count();
    common as f64 / (a.len() + b.len() - common).max(1) as f64
}

fn has(stems: &[(Stem, f64)], stem: &Stem) -> bool {
    stems.iter().any(|(other, _)| other.means(stem))
}

/// Each stem once, its weight still to be found.
fn unique(stems: Vec<Stem>) -> Vec<(Stem, f64)> {
    let mut seen: Vec<(Stem, f64)> = Vec::with_capacity(stems.len());
    for stem in stems {
        if !has(&seen, &stem) {
            seen.push((stem, 0.0));
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interview::fixture::problem;

    #[track_caller]
    fn check(question: &str, expected: Option<&str>) {
        let answer = clarify(&problem(), question);
        match expected {
            Some(part) => {
                let found = answer.as_deref().is_some_and(|answer| answer.contains(part));
                assert!(found, "{question}: {answer:?}");
            }
            None => assert_eq!(answer, None, "{question}"),
        }
    }

    #[test]
    fn a_question_finds_its_answer_in_many_words() {
        check("how many links are created a day", Some("100 million"));
        check("How many new links should we expect per day?", Some("100 million"));
        check("what's the write volume", Some("100 million"));
        check("What scale are we talking about?", Some("100 million"));
        check("what QPS do we need to support?", Some("100 million"));
        check("do links expire?", Some("five years"));
        check("Is there a TTL on the short links?", Some("five years"));
        check("how long do we keep a link", Some("five years"));
        check("can users choose a custom alias?", Some("optional alias"));
        check("Should vanity urls be supported", Some("optional alias"));
        check("do we need analytics", Some("click counts"));
        check("should I count clicks?", Some("click counts"));
        check("what latency do you want for redirects?", Some("100 ms"));
        check("how fast must a redirect be", Some("100 ms"));
        check("how availble does it have to be? any uptime target", Some("99.99%"));
        check("do users need an acount?", Some("No accounts"));
    }

    #[test]
    fn what_the_interviewer_does_not_know_is_the_candidates_call() {
        check("", None);
        check("???", None);
        check("which programming language do you use?", None);
        check("should links be translated into French?", None);
        check("how do we bill customers for premium plans", None);
        check("is it a link?", None);
        check("do we encrypt data at rest", None);
    }

    #[test]
    fn two_questions_in_one_breath_get_both_answers() {
        let answer = clarify(&problem(), "How many links are created a day? And do they expire?").unwrap();
        assert!(answer.contains("100 million") && answer.contains("five years"), "{answer}");
    }

    #[test]
    fn a_problem_without_clarifications_answers_nothing() {
        let mut problem = problem();
        problem.clarifications.clear();
        assert_eq!(clarify(&problem, "how many links a day?"), None);
    }
}
