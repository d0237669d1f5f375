//! Requirements in a candidate's own words: targets, loads, and what can't be measured.
//!
//! Recognition is by patterns and errs on the side of silence: a figure that isn't shown as a chip costs nothing, a wrong one misleads.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::reading::Variables;
use super::targets::{metric, target};
use super::{Comparison, Metric, Target};
use crate::source::Span;
use crate::units::{self, BareB};

/// How much is asked for in a free text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LoadFigure {
    /// Things a second: requests, links, messages.
    PerSecond(f64),
    /// People: `100M DAU`.
    Users(f64),
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

// `p99 < 100ms`, `p99 redirect under 100 ms`, `latency below 200ms`
pattern!(
    LATENCY,
    r"(?i)\b(?P<metric>lag p\d{2,4}|lag|p\d{2}(?:\.\d+|\d{0,2})|p\(\d+(?:\.\d+)?\)|mean|average|avg|median|max|latency)(?P<between>[^\n,;<>≤≥\d]{0,50}?)(?P<sign><=?|≤|>=?|≥|\bunder|\bbelow|\bwithin|\bless than|\bat most|\bno more than|\bof)\s*(?P<bound>\d[\d.]*\s?(?:ns|us|µs|ms|s|sec|seconds?|min|minutes?)\b)"
);
// `under 100 ms at p99`, `within 200ms (p95)`, `< 200ms`
pattern!(
    BOUND_FIRST,
    r"(?i)(?P<sign><=?|≤|\bunder|\bbelow|\bwithin|\bless than|\bat most|\bno more than)\s*(?P<bound>\d[\d.]*\s?(?:us|µs|ms|s|sec|seconds?)\b)(?P<tail>[\s(]{1,2}(?:at |for |in )?(?:the )?(?P<metric>p\d{2,4}(?:\.\d+)?|median|mean|average|max)\b\)?)?"
);
// `availability 99.99%`, `99.9% uptime`
pattern!(
    AVAILABILITY,
    r"(?i)\b(?:availability|availabile|available|uptime|sla|slo)[^\n\d]{0,30}?(?P<after>9\d(?:\.\d+)?\s?%)|(?P<before>9\d(?:\.\d+)?\s?%)\s*(?:availability|available|uptime|of the time)"
);
// `four nines`, `5 9s`
pattern!(NINES, r"(?i)\b(?P<count>two|three|four|five|six|[2-6])[ -](?:nines|9s|9's)\b");
// `errors < 0.1%`, `error rate below 1%`
pattern!(
    ERRORS,
    r"(?i)\b(?:errors?|error (?:rate|ratio)|failures?|failure rate)\s*(?P<sign><=?|≤|under|below|less than|at most)\s*(?P<bound>\d[\d.]*\s?%)"
);
// `throughput > 10k/s`, `cost under $20k/month`, `utilisation db < 70%`
pattern!(
    OTHERS,
    r"(?i)\b(?P<metric>throughput|cost|utili[sz]ation \w[\w-]*|hit (?:ratio|rate) \w[\w-]*)\s*(?P<sign><=?|>=?|≤|≥|under|below|over|above|at least|at most|less than|more than)\s*(?P<bound>\$?\d[\d.,]*\s?[kKMBT]?(?:%|/\w+|\s?(?:rps|qps|per \w+|a \w+))?)"
);
// `115k/s`, `115k redirects/s`, `100M new links a day`, `5k rps`
pattern!(
    RATE,
    r"(?i)(?P<lead>[<>≤≥$]\s*)?(?P<number>\d[\d,_]*(?:\.\d+)?)\s?(?P<scale>k|m|b|bn|t|thousand|million|billion|trillion)?(?:(?P<noun>(?:\s+[a-z][a-z-]*){0,3}?)\s*(?:/|\bper |\ba |\ban |\bevery |\beach )\s*(?P<per>s|sec|second|min|minute|h|hr|hour|d|day|week|month|mo|year|yr)\b|\s?(?P<named>rps|qps|tps|req/s)\b)"
);
// `100M DAU`, `5 million users`
pattern!(
    USERS,
    r"(?i)(?P<number>\d[\d,_]*(?:\.\d+)?)\s?(?P<scale>k|m|b|bn|thousand|million|billion)?\s+(?P<noun>dau|mau|daily active users|monthly active users|active users|concurrent users|daily users|users|drivers|riders|players|viewers|subscribers|people)\b"
);

/// Makes a target of what a pattern has found in the text.
type Recogniser = fn(&str, &Captures) -> Option<Target>;

/// The targets in a free text: `p99 < 100ms`, `p99 redirect under 100 ms`, `availability 99.99%`, `four nines`. Their spans lie in the text,
/// in order, and do not overlap; a bound without a percentile is taken for the 99th.
pub fn targets_in(text: &str) -> Vec<Target> {
    let mut found: Vec<Target> = Vec::new();
    let all: [(&Regex, Recogniser); 6] = [
        (&LATENCY, latency),
        (&AVAILABILITY, availability),
        (&NINES, nines),
        (&ERRORS, errors),
        (&OTHERS, other),
        (&BOUND_FIRST, bound_first),
    ];
    for (regex, read) in all {
        for captures in regex.captures_iter(text) {
            found.extend(read(text, &captures));
        }
    }
    without_overlaps(found, |target| target.span)
}

/// Keeps the earliest of what overlaps; what was found by an earlier pattern goes first.
fn without_overlaps<T>(found: Vec<T>, span: impl Fn(&T) -> Span) -> Vec<T> {
    let mut order: Vec<(usize, T)> = found.into_iter().enumerate().collect();
    order.sort_by_key(|(at, one)| (span(one).start, *at));
    let mut end = 0;
    let apart = order.into_iter().filter_map(|(_, one)| {
        let place = span(&one);
        let free = place.start >= end;
        end = end.max(if free { place.end } else { end });
        free.then_some(one)
    });
    apart.collect()
}

fn whole(captures: &Captures) -> Span {
    captures.get(0).map_or(Span::default(), |all| Span::new(all.start(), all.end()))
}

fn sign(word: &str) -> Comparison {
    match word.to_lowercase().as_str() {
        ">" | ">=" | "≥" | "over" | "above" | "at least" | "more than" => Comparison::Above,
        _ => Comparison::Below,
    }
}

fn made(metric: Metric, comparison: Comparison, bound: &str, span: Span) -> Option<Target> {
    target(metric, comparison, bound, span, &Variables::new()).ok().map(|target| Target { span, ..target })
}

fn latency(text: &str, captures: &Captures) -> Option<Target> {
    let span = whole(captures);
    let word = &captures["metric"];
    let plain = word.eq_ignore_ascii_case("latency");
    let behind = plain.then(|| percentile_behind(text, span.end)).flatten();
    let (metric, span) = match behind {
        Some((metric, end)) => (metric, Span::new(span.start, end)),
        None => (metric(word)?, span),
    };
    let lag = captures["between"].to_lowercase().contains("lag");
    let metric = match metric {
        Metric::LatencyPercentile(percent) if lag => Metric::LagPercentile(percent),
        metric => metric,
    };
    made(metric, sign(&captures["sign"]), &captures["bound"], span)
}

/// `latency < 200ms at p95`: the percentile behind the bound.
fn percentile_behind(text: &str, end: usize) -> Option<(Metric, usize)> {
    pattern!(BEHIND, r"(?i)^[\s(]{1,2}(?:at |for |in )?(?:the )?(p\d{2,4}(?:\.\d+)?|median|mean|average|max)\b\)?");
    let captures = BEHIND.captures(text.get(end..)?)?;
    Some((metric(&captures[1])?, end + captures[0].len()))
}

fn bound_first(text: &str, captures: &Captures) -> Option<Target> {
    let span = whole(captures);
    let line = text[..span.start].rfind('\n').map_or(0, |at| at + 1);
    let before = text[line..span.start].to_lowercase();
    let late =
        ["lag", "stale", "fresh", "eventual", "visible", "delay", "propagat"].iter().any(|word| before.contains(word));
    let metric = match captures.name("metric") {
        Some(word) => metric(word.as_str())?,
        None if late => Metric::LagPercentile(99.0),
        None => Metric::LatencyPercentile(99.0),
    };
    made(metric, Comparison::Below, &captures["bound"], span)
}

fn availability(_: &str, captures: &Captures) -> Option<Target> {
    let bound = captures.name("after").or_else(|| captures.name("before"))?;
    made(Metric::Availability, Comparison::Above, bound.as_str(), whole(captures))
}

fn nines(_: &str, captures: &Captures) -> Option<Target> {
    let percent = match captures["count"].to_lowercase().as_str() {
        "two" | "2" => "99%",
        "three" | "3" => "99.9%",
        "four" | "4" => "99.99%",
        "five" | "5" => "99.999%",
        _ => "99.9999%",
    };
    made(Metric::Availability, Comparison::Above, percent, whole(captures))
}

fn errors(_: &str, captures: &Captures) -> Option<Target> {
    made(Metric::ErrorRatio, Comparison::Below, &captures["bound"], whole(captures))
}

fn other(_: &str, captures: &Captures) -> Option<Target> {
    let bound = captures["bound"].replace(" per ", "/").replace(" a ", "/");
    made(metric(&captures["metric"])?, sign(&captures["sign"]), &bound, whole(captures))
}

/// The loads in a free text, each with its place, its subject (empty where the text doesn't say) and the figure: `redirects 115k/s`,
/// `100M new links a day`, `100M DAU`. Targets (`throughput > 10k/s`), data rates and prices are none.
pub fn loads_in(text: &str) -> Vec<(Span, String, LoadFigure)> {
    let targets = targets_in(text);
    let rates = RATE.captures_iter(text).filter_map(|captures| rate(text, &captures));
    let users = USERS.captures_iter(text).filter_map(|captures| users(&captures));
    let found = rates.chain(users).filter(|(span, ..)| {
        targets.iter().all(|target| span.end <= target.span.start || span.start >= target.span.end)
    });
    without_overlaps(found.collect(), |(span, ..)| *span)
}

fn scaled(captures: &Captures) -> Option<f64> {
    let digits: String = captures["number"].chars().filter(|c| !matches!(c, ',' | '_')).collect();
    let number: f64 = digits.parse().ok()?;
    let scale = captures.name("scale").map_or(String::new(), |scale| scale.as_str().to_lowercase());
    let factor = match scale.as_str() {
        "k" | "thousand" => 1e3,
        "m" | "million" => 1e6,
        "b" | "bn" | "billion" => 1e9,
        "t" | "trillion" => 1e12,
        _ => 1.0,
    };
    Some(number * factor)
}

fn rate(text: &str, captures: &Captures) -> Option<(Span, String, LoadFigure)> {
    if captures.name("lead").is_some() {
        return None;
    }
    let per = captures.name("per").map_or("s", |per| per.as_str());
    let period = units::literal(&format!("1{}", per.to_lowercase()), BareB::Byte).ok()?.as_seconds()?;
    let span = whole(captures);
    let noun = captures.name("noun").map_or("", |noun| noun.as_str().trim());
    let unit = noun.split_whitespace().next().unwrap_or("");
    let data = units::literal(&format!("1 {unit}"), BareB::Byte)
        .is_ok_and(|one| one.as_bytes().is_some() || one.as_seconds().is_some());
    if !unit.is_empty() && data {
        return None;
    }
    let subject = if noun.is_empty() { words_before(text, span.start) } else { noun.to_owned() };
    Some((span, subject, LoadFigure::PerSecond(scaled(captures)? / period)))
}

fn users(captures: &Captures) -> Option<(Span, String, LoadFigure)> {
    let subject = captures["noun"].to_owned();
    Some((whole(captures), subject, LoadFigure::Users(scaled(captures)?)))
}

/// Up to three words that lead to a figure on its line, without list markers and fillers.
fn words_before(text: &str, end: usize) -> String {
    let start = text[..end].rfind(['\n', ',', ';', '.', '(', '@']).map_or(0, |at| at + 1);
    let skipped =
        ["about", "around", "roughly", "at", "of", "is", "are", "with", "and", "up", "to", "some", "~", "=", "-", "*"];
    let words: Vec<&str> = text[start..end]
        .split(|c: char| c.is_whitespace() || matches!(c, ':' | '~' | '='))
        .filter(|word| !word.is_empty() && !skipped.contains(&word.to_lowercase().as_str()))
        .collect();
    words[words.len().saturating_sub(3)..].join(" ")
}

/// Words that promise something without a figure, and the question an interviewer asks back.
const VAGUE: &[(&str, &str)] = &[
    (
        r"(?i)\b(?:(?:very |ultra[- ]?)?low[- ]latency|fast|quick(?:ly)?|real[- ]?time|snappy|responsive|instant(?:ly|aneous)?|minimal latency)\b",
        "how low, and for which request?",
    ),
    (
        r"(?i)\b(?:high(?:ly)?[- ]availab(?:le|ility)|always (?:on|up|available)|no downtime)\b",
        "how many nines, and for which request?",
    ),
    (
        r"(?i)\b(?:(?:highly |massively )?scalab(?:le|ility)|scales? (?:well|horizontally)|high[- ](?:throughput|traffic|load|scale)|large[- ]scale)\b",
        "to how many requests a second?",
    ),
    (
        r"(?i)\b(?:many users|lots of (?:users|data|traffic)|(?:huge|massive|large) (?:number|amount|volume)s?(?: of \w+)?|millions of users|billions of \w+)\b",
        "how many?",
    ),
    (
        r"(?i)\b(?:reliab(?:le|ility)|fault[- ]tolera(?:nt|nce)|resilien(?:t|ce)|robust)\b",
        "which failure must it survive, and what may the user notice?",
    ),
    (
        r"(?i)\b(?:durab(?:le|ility)|no data loss|never lose(?:s)? data)\b",
        "what may be lost when a machine or a zone is gone?",
    ),
    (r"(?i)\beventual(?:ly)?[- ]consisten(?:t|cy)\b", "how long may a reader see the old value?"),
    (r"(?i)\bsecur(?:e|ity)\b", "against whom, and what must they not reach?"),
    (r"(?i)\b(?:cheap|cost[- ]effective|low[- ]cost|affordable)\b", "how much a month?"),
];

/// Requirements in a free text that can't be measured, each with the question that would make it measurable:
/// `'low latency': how low, and for which request?`. A line that has a figure is left alone.
pub fn vague_in(text: &str) -> Vec<(Span, String)> {
    static PATTERNS: LazyLock<Vec<(Regex, &'static str)>> =
        LazyLock::new(|| VAGUE.iter().map(|(text, question)| (pattern(text), *question)).collect());
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let measured = line.chars().any(|c| c.is_ascii_digit()) || NINES.is_match(line);
        if !measured {
            for (regex, question) in PATTERNS.iter() {
                for hit in regex.find_iter(line) {
                    let span = Span::new(start + hit.start(), start + hit.end());
                    found.push((span, format!("'{}': {question}", hit.as_str())));
                }
            }
        }
        start += line.len();
    }
    without_overlaps(found, |(span, _)| *span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_targets(text: &str, expected: &[(&str, &str)]) {
        let found = targets_in(text);
        let shown: Vec<(&str, &str)> =
            found.iter().map(|target| (target.span.slice(text), target.text.as_str())).collect();
        assert_eq!(shown, expected);
    }

    #[track_caller]
    fn check_loads(text: &str, expected: &[(&str, &str, LoadFigure)]) {
        let found = loads_in(text);
        let shown: Vec<(&str, &str, LoadFigure)> =
            found.iter().map(|(span, subject, figure)| (span.slice(text), subject.as_str(), *figure)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn targets_are_recognised_in_prose() {
        check_targets("p99 < 100ms", &[("p99 < 100ms", "p99 < 100ms")]);
        check_targets("- p99 redirect under 100 ms", &[("p99 redirect under 100 ms", "p99 < 100ms")]);
        check_targets("redirects in under 50ms at p95.", &[("under 50ms at p95", "p95 < 50ms")]);
        check_targets("respond within 200ms", &[("within 200ms", "p99 < 200ms")]);
        check_targets("latency < 200ms (p95)", &[("latency < 200ms (p95)", "p95 < 200ms")]);
        check_targets("new posts visible within 5s", &[("within 5s", "lag p99 < 5s")]);
        check_targets("availability 99.99%", &[("availability 99.99%", "availability > 99.99%")]);
        check_targets(
            "99.9% uptime, errors < 0.1%",
            &[("99.9% uptime", "availability > 99.9%"), ("errors < 0.1%", "errors < 0.1%")],
        );
        check_targets("four nines", &[("four nines", "availability > 99.99%")]);
        check_targets("lag p99 < 5s", &[("lag p99 < 5s", "lag p99 < 5s")]);
        check_targets(
            "throughput > 10k/s and cost under $20k/month",
            &[("throughput > 10k/s", "throughput > 10k/s"), ("cost under $20k/month", "cost < $20k/month")],
        );
        check_targets("users can shorten a link in 2 clicks", &[]);
    }

    #[test]
    fn loads_are_recognised_in_prose() {
        use LoadFigure::{PerSecond, Users};
        check_loads("redirects 115k/s", &[("115k/s", "redirects", PerSecond(115e3))]);
        check_loads("- writes: about 1.2k/s", &[("1.2k/s", "writes", PerSecond(1200.0))]);
        check_loads("115k redirects per second", &[("115k redirects per second", "redirects", PerSecond(115e3))]);
        check_loads("100M new links a day", &[("100M new links a day", "new links", PerSecond(100e6 / 86_400.0))]);
        check_loads("peak of 5k rps", &[("5k rps", "peak", PerSecond(5e3))]);
        check_loads("100M DAU", &[("100M DAU", "DAU", Users(100e6))]);
        check_loads(
            "100 million daily active users",
            &[("100 million daily active users", "daily active users", Users(100e6))],
        );
        check_loads("throughput > 10k/s", &[]);
        check_loads("10 GB/s of video for $20k/month", &[]);
    }

    #[test]
    fn what_cannot_be_measured_is_pointed_out() {
        let text = "low latency redirects\nhighly available\np99 < 5ms, fast\nscalable";
        let found: Vec<String> = vague_in(text).into_iter().map(|(_, question)| question).collect();
        assert_eq!(
            found,
            [
                "'low latency': how low, and for which request?",
                "'highly available': how many nines, and for which request?",
                "'scalable': to how many requests a second?",
            ]
        );
    }

    #[test]
    fn vague_words_that_overlap_are_pointed_out_once() {
        assert_eq!(vague_in("eventually consistent").len(), 1);
    }
}
