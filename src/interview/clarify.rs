//! The interviewer's answers: a question in the candidate's own words is matched to what the problem's interviewer knows.
//!
//! Both sides are reduced to stems ([`words`](super::words)). A stem weighs more the fewer clarifications use it (inverse document frequency,
//! Spärck Jones 1972), so that `links` decides nothing in a problem about links. A question fits one way of asking as far as it has that way's
//! words, and has few of its own that lead elsewhere. Same problem, same question: same answer.

use super::words::{self, Stem};
use super::{Clarification, Problem};

/// What the interviewer says where the problem knows nothing.
pub const YOUR_CALL: &str = "Your call: state an assumption and go on.";

/// A fit from here on is an answer. The table of the tests holds it.
const ENOUGH: f64 = 0.55;
/// A second question in the same breath must fit its clarification better: answers are not given away.
const ENOUGH_FOR_MORE: f64 = 0.75;
/// What having the words of the known question counts; the rest is for having no others.
const ASKED_SHARE: f64 = 0.6;

/// The answer to `question`, answers to several questions in one breath in the order of fit; `None` is "your call".
pub fn clarify(problem: &Problem, question: &str) -> Option<String> {
    let known = Known::new(&problem.clarifications);
    let mut answers: Vec<&str> = Vec::new();
    for sentence in question.split(['?', '\n', ';']) {
        for at in known.answers(words::stems(sentence)) {
            let answer = problem.clarifications[at].answer.as_str();
            if !answers.contains(&answer) {
                answers.push(answer);
            }
        }
    }
    (!answers.is_empty()).then(|| answers.join(" "))
}

/// The clarifications in stems.
struct Known {
    /// Stems of each way of asking, with the index of its clarification.
    asks: Vec<(usize, Vec<Stem>)>,
    /// Number of clarifications.
    count: f64,
}

impl Known {
    fn new(clarifications: &[Clarification]) -> Self {
        let of = |(at, clarification): (usize, &Clarification)| -> Vec<(usize, Vec<Stem>)> {
            clarification.ask.iter().map(|ask| (at, unique(words::stems(ask)))).collect()
        };
        let asks = clarifications.iter().enumerate().flat_map(of).filter(|(_, stems)| !stems.is_empty());
        Self { asks: asks.collect(), count: clarifications.len() as f64 }
    }

    /// Indices of the clarifications that answer a question of these stems, the best first.
    fn answers(&self, stems: Vec<Stem>) -> Vec<usize> {
        let mut rest = unique(stems);
        let mut found = Vec::new();
        let mut enough = ENOUGH;
        while let Some((_, ask)) = self.best(&rest).filter(|&(fit, _)| fit >= enough) {
            let (at, stems) = &self.asks[ask];
            if !found.contains(at) {
                found.push(*at);
            }
            rest.retain(|word| !has(stems, word));
            enough = ENOUGH_FOR_MORE;
        }
        found
    }

    /// The way of asking that fits best, the first of equals.
    fn best(&self, question: &[Stem]) -> Option<(f64, usize)> {
        let fits = self.asks.iter().enumerate().map(|(ask, (_, stems))| (self.fit(question, stems), ask));
        fits.reduce(|best, next| if next.0 > best.0 { next } else { best })
    }

    /// How far the question fits a way of asking, 0 to 1: a weighted mean of the shares that each has of the other. Without one of its most
    /// telling stems it doesn't fit at all: whoever says `links` alone has not asked whether they expire.
    fn fit(&self, question: &[Stem], ask: &[Stem]) -> f64 {
        let telling = ask.iter().map(|stem| self.weight(stem)).fold(0.0, f64::max);
        if !ask.iter().any(|stem| self.weight(stem) >= telling && has(question, stem)) {
            return 0.0;
        }
        let share = |of: &[Stem], within: &[Stem]| {
            let common: f64 = of.iter().filter(|stem| has(within, stem)).map(|stem| self.weight(stem)).sum();
            let all: f64 = of.iter().map(|stem| self.weight(stem)).sum();
            if all > 0.0 { common / all } else { 0.0 }
        };
        ASKED_SHARE * share(ask, question) + (1.0 - ASKED_SHARE) * share(question, ask)
    }

    /// More for a stem of few clarifications; one that none has weighs as much as one that a single one has: it leads elsewhere.
    fn weight(&self, stem: &Stem) -> f64 {
        let mut users: Vec<usize> = self.asks.iter().filter(|(_, stems)| has(stems, stem)).map(|&(at, _)| at).collect();
        users.dedup();
        (1.0 + self.count / users.len().max(1) as f64).ln()
    }
}

fn has(stems: &[Stem], stem: &Stem) -> bool {
    stems.iter().any(|other| other.means(stem))
}

fn unique(stems: Vec<Stem>) -> Vec<Stem> {
    let mut seen: Vec<Stem> = Vec::with_capacity(stems.len());
    for stem in stems {
        if !has(&seen, &stem) {
            seen.push(stem);
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
