//! Estimates in the notes that are off what the problem's own expressions come to.

use std::collections::BTreeSet;

use crate::estimate::evaluate;
use crate::interview::{Estimate, Problem, Record};
use crate::units::{Quantity, Rounding, singular, unit};

/// An estimate that is wrong in the notes.
#[derive(Debug, PartialEq)]
pub(super) struct Wrong<'a> {
    /// What was to be estimated.
    pub estimate: &'a Estimate,
    /// The line of the notes that states it.
    pub line: &'a str,
    /// What it comes to: `91.3 TB`.
    pub figure: String,
}

/// The problem's estimates that the notes state, and state wrongly. A line states one if it names what was asked for (the
/// first noun after `how`: `storage`, `redirects`) and ends in a quantity of the same dimension. What the notes don't speak of was not estimated, which is no mistake; what one line gets right is right.
pub(super) fn wrong<'a>(record: &'a Record, problem: &'a Problem) -> Vec<Wrong<'a>> {
    let lines: Vec<(&str, BTreeSet<String>, Quantity)> = record
        .phases
        .iter()
        .flat_map(|phase| phase.notes.lines())
        .filter_map(|line| Some((line.trim(), words(line).collect(), stated(line)?)))
        .collect();
    problem.estimates.iter().filter_map(|estimate| held(estimate, &lines)).collect()
}

/// `estimate` held against the lines that state it; `None` if there are none or one is right.
fn held<'a>(estimate: &'a Estimate, lines: &[(&'a str, BTreeSet<String>, Quantity)]) -> Option<Wrong<'a>> {
    let truth = evaluate(&estimate.solution).ok()?;
    let (asked, right) = (subject(&estimate.ask)?, truth.quantity());
    let dimension = right.dimension.without_nouns();
    let about = lines.iter().filter(|(_, words, quantity)| {
        words.contains(&asked) && quantity.dimension.without_nouns() == dimension && quantity.value > 0.0
    });
    let off = |value: f64| (value / right.value).max(right.value / value);
    let (line, _, quantity) = about.min_by(|a, b| off(a.2.value).total_cmp(&off(b.2.value)))?;
    let wrong = Wrong { estimate, line, figure: truth.display(Rounding::Three) };
    (off(quantity.value) > estimate.within).then_some(wrong)
}

/// The quantity that a line comes to: what stands behind its last `=`, else from its first digit on as far as it can be read.
fn stated(line: &str) -> Option<Quantity> {
    const MOST_WORDS: usize = 12;
    let after = line.rfind(['=', '≈', '~']).map(|at| line[at..].trim_start_matches(['=', '≈', '~']));
    let text = after.or_else(|| line.find(|c: char| c.is_ascii_digit()).map(|at| &line[at..]))?;
    let parts: Vec<&str> = text.split_whitespace().take(MOST_WORDS).collect();
    (1..=parts.len()).rev().find_map(|count| {
        let piece = parts[..count].join(" ");
        evaluate(piece.trim_end_matches(['.', ',', ';', ')'])).ok().map(|outcome| outcome.quantity())
    })
}

/// What a question asks for: the first word after its last `how` that says anything.
fn subject(ask: &str) -> Option<String> {
    let at = ask.to_ascii_lowercase().rfind("how ").unwrap_or(0);
    words(&ask[at..]).next()
}

/// The words that say what a line is about, in the singular: no units, no words of number and grammar.
fn words(text: &str) -> impl Iterator<Item = String> {
    const OTHERS: [&str; 20] = [
        "many", "much", "long", "does", "need", "used", "last", "left", "that", "this", "with", "what", "from", "have",
        "five", "seven", "hundred", "thousand", "million", "billion",
    ];
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 4).map(singular);
    words.filter(|word| word.parse::<f64>().is_err() && unit(word).is_none() && !OTHERS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::{Bank, Files};
    use crate::interview::{PhaseKind, PhaseRecord};

    fn found(notes: &str) -> Vec<(String, String, String)> {
        let bank = Bank::new(Files::embedded(Vec::new()));
        let mut problem = bank.problem("url-shortener").unwrap().clone();
        let estimate = |ask: &str, solution: &str| Estimate { ask: ask.into(), solution: solution.into(), within: 2.0 };
        problem.estimates = vec![
            estimate("How many redirects a second?", "10G/day"),
            estimate("How much storage do five years of links need?", "100M/day * 500 byte * 5 year in TB"),
        ];
        let phase = PhaseRecord {
            id: "requirements".into(),
            title: String::new(),
            kind: PhaseKind::Notes,
            budget: Default::default(),
            spent: Default::default(),
            notes: notes.into(),
            by_hand: std::collections::BTreeMap::new(),
            visited: true,
            overrun_said: false,
        };
        let record = Record { phases: vec![phase], ..Record::default() };
        let wrong = wrong(&record, &problem);
        wrong.into_iter().map(|w| (w.estimate.ask.clone(), w.line.to_owned(), w.figure)).collect()
    }

    #[track_caller]
    fn check(notes: &str, wrong: &[&str]) {
        let found = found(notes);
        assert_eq!(found.iter().map(|(_, line, _)| line.as_str()).collect::<Vec<_>>(), wrong, "{notes}: {found:?}");
    }

    #[test]
    fn only_what_is_stated_wrongly_is_wrong() {
        check("", &[]);
        check("redirects 115k/s", &[]);
        check("redirects 11k/s at peak", &["redirects 11k/s at peak"]);
        check("Redirects: 10G/day = 1.2M/s.", &["Redirects: 10G/day = 1.2M/s."]);
        check("storage = 100M/day * 500 byte * 5 year", &[]);
        check(
            "- storage, 5 years: 100M * 365 * 5 * 500B = 9 TB",
            &["- storage, 5 years: 100M * 365 * 5 * 500B = 9 TB"],
        );
        check("storage = 9 TB\nno: storage = 90 TB", &[]);
        check("500 bytes a link", &[]);
        check("storage 500 byte a link = 100M/day * 500 byte * 5 year", &[]);
        check("latency < 100 ms, 20 servers, nothing about it", &[]);
        check("redirects (", &[]);
    }

    #[test]
    fn the_figure_is_told_as_the_problem_tells_it() {
        assert_eq!(found("storage: 9 GB")[0].2, "91.3 TB");
    }
}
