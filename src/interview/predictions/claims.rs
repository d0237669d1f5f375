//! What of a prediction can be measured.
//!
//! ```text
//! redis breaks first, p99 goes to 2s, errors 5%        a component, and two figures
//! the database is the bottleneck at 95%                a component by what it is, and how busy it is
//! p99 breaks, errors hold                              a target that is missed, one that is met
//! nothing breaks                                       every target is met
//! ```
//!
//! Recognition errs on the side of silence, as that of targets in the notes does: a claim that isn't seen costs nothing, a wrong one misleads.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::design::{Metric, parse_target};
use crate::interview::{ComponentRun, Run};

/// Something in a prediction that a run can prove right or wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// This component, by its name in the design, is what limits it.
    Limit(String),
    /// A metric comes to this figure, in its base unit.
    Figure(Metric, f64),
    /// A target on this metric is missed.
    Missed(Metric),
    /// Every target on this metric is met.
    Held(Metric),
    /// Every target is met.
    AllHeld,
}

/// Compiles one of the patterns below; each is a constant of ours and covered by a test.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a constant that a test compiles")
}

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> = LazyLock::new(|| pattern($text));
    };
}

// `p99 goes to 2s`, `errors about 5%`, `throughput 10k/s`
pattern!(
    METRIC,
    r"(?i)\b(?P<metric>lag|p\d{2}(?:\.\d+|\d{0,2})|mean|average|avg|median|max|latency|error (?:rate|ratio)|errors?|failures?|availability|throughput)\b(?P<rest>[^\d]{0,30}(?P<figure>\d[\d.]*\s?(?:ns|us|µs|ms|s|sec|seconds?|min|minutes?|%|[kKM]?/s)))?"
);
pattern!(MISSED, r"(?i)\b(?:break|broke|miss|fail|explode|suffer|rise|grow|goes up|go up|too high|degrade|spike|blow)");
pattern!(HELD, r"(?i)\b(?:hold|held|ok|okay|fine|stay|same|unchanged|met|meet|within|no)\b|\b(?:holds|stays|meets)\b");
pattern!(
    ALL_HELD,
    r"(?i)\bnothing (?:breaks|is missed|fails|happens|changes|limits)|\ball (?:targets )?(?:hold|are met|met)|\bevery(?:thing| target) (?:holds|is met|stays)|^\s*(?:it )?holds\s*$|\bno change\b"
);
pattern!(LIMIT, r"(?i)^(?:bottlenecks?|limits?|limiting|breaks?|first|overload(?:ed|s)?|saturate[sd]?|full|queues?)$");
pattern!(SHARE, r"(?i)^[^\d%]{0,24}?(\d[\d.]*)\s?%");

/// What `text` says about a run that can be measured; components are those of `run`.
///
/// One component at most is taken for the limit: of several that which stands nearest to a word for it (`bottleneck`, `breaks`, `overloaded`),
/// else the first.
pub fn claims(text: &str, run: &Run) -> Vec<Claim> {
    let mut found = Vec::new();
    if ALL_HELD.is_match(text) {
        found.push(Claim::AllHeld);
    } else if let Some((component, _)) = limit(text, run) {
        found.push(Claim::Limit(component.name.clone()));
    }
    if let Some((component, share)) = busy(text, run) {
        found.push(Claim::Figure(Metric::Utilisation(component.name.clone()), share));
    }
    for clause in text.split([',', ';']).flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" but ")) {
        for claim in METRIC.captures_iter(clause).filter_map(|captures| of_metric(clause, &captures)) {
            if !found.contains(&claim) {
                found.push(claim);
            }
        }
    }
    found
}

fn of_metric(clause: &str, captures: &Captures) -> Option<Claim> {
    let word = captures["metric"].to_lowercase();
    let word = match word.as_str() {
        "error" | "error rate" | "error ratio" | "failure" | "failures" => "errors",
        word => word,
    };
    let read = |bound: &str| parse_target(&format!("{word} < {bound}")).ok();
    if let Some(figure) = captures.name("figure") {
        let target = read(figure.as_str())?;
        return Some(Claim::Figure(target.metric, target.bound));
    }
    let metric = ["1s", "1%", "1/s"].into_iter().find_map(read)?.metric;
    let outside = clause.replacen(&captures["metric"], "", 1);
    match (MISSED.is_match(&outside), HELD.is_match(&outside)) {
        (true, false) => Some(Claim::Missed(metric)),
        (false, true) => Some(Claim::Held(metric)),
        _ => None,
    }
}

/// A component that is named, with the word's place in the text.
type Named<'a> = (&'a ComponentRun, usize);

fn limit<'a>(text: &str, run: &'a Run) -> Option<Named<'a>> {
    let words = words(text);
    let named: Vec<(usize, Named<'a>)> = words
        .iter()
        .enumerate()
        .filter_map(|(at, &(offset, word))| Some((at, (component(word, run)?, offset))))
        .collect();
    let limits: Vec<usize> =
        words.iter().enumerate().filter(|(_, (_, word))| LIMIT.is_match(word)).map(|(at, _)| at).collect();
    let far = |at: usize| limits.iter().map(|limit| limit.abs_diff(at)).min().unwrap_or(0);
    named.into_iter().min_by_key(|(at, _)| (far(*at), *at)).map(|(_, named)| named)
}

/// A component with a share right behind its name: `db at 90%`; not one with a metric between them.
fn busy<'a>(text: &str, run: &'a Run) -> Option<(&'a ComponentRun, f64)> {
    words(text).into_iter().find_map(|(offset, word)| {
        let component = component(word, run)?;
        let behind = text.get(offset + word.len()..)?;
        let captures = SHARE.captures(behind)?;
        let share: f64 = captures[1].parse().ok()?;
        let metric_between = METRIC.is_match(&captures[0]);
        (!metric_between && share <= 100.0).then_some((component, share / 100.0))
    })
}

/// The words of a text with their places. A name may have a hyphen or an underscore in it.
fn words(text: &str) -> Vec<(usize, &str)> {
    let apart = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'));
    let words = text.split(apart).filter(|word| !word.is_empty());
    words.map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word)).collect()
}

/// The component that a word means: by its name; else the only one of that technology, of that kind, or the only database.
fn component<'a>(word: &str, run: &'a Run) -> Option<&'a ComponentRun> {
    let word = word.to_lowercase();
    let of = |is: &dyn Fn(&ComponentRun) -> bool| {
        let mut all = run.components.iter().filter(|component| component.kind != "client" && is(component));
        all.next().filter(|_| all.next().is_none())
    };
    let database = |component: &ComponentRun| matches!(component.kind.as_str(), "sql" | "kv");
    of(&|component| component.name.to_lowercase() == word)
        .or_else(|| of(&|component| component.technology.as_deref() == Some(word.as_str())))
        .or_else(|| of(&|component| component.kind == word))
        .or_else(|| matches!(word.as_str(), "database" | "db").then(|| of(&database)).flatten())
}
