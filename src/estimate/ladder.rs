//! A result held against what real machines do.
//!
//! The rungs come from the cheat-sheet; `content` makes them out of its rows, so nothing here knows a figure.

use super::Outcome;
use crate::units::{Base, Dimension, Quantity, Rounding, Style, display, significant};

/// What something can do, or how long something takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Rung {
    /// What it is about: `Relational database, one primary`.
    pub subject: String,
    /// What is measured: `small transactions`.
    pub metric: String,
    /// The lower end.
    pub low: Quantity,
    /// The upper end; the same as the lower for a single figure.
    pub high: Quantity,
    /// What it is compared with: `write-rate`, `read-rate`, `request-rate`, `message-rate`, `storage`, `memory`, `bandwidth`,
    /// `connections` or `latency`.
    pub limits: String,
    /// What it means, in one line.
    pub means: String,
    /// When to change the design.
    pub shard_when: Option<String>,
    /// Where the figures come from.
    pub source: String,
}

/// A result's place on the ladder.
#[derive(Clone, Debug, PartialEq)]
pub struct Placement {
    /// In words: `1.2k writes/s: a tenth of one relational database primary; no sharding needed`.
    pub text: String,
    /// The rung's subject.
    pub subject: String,
    /// The result over the middle of the rung.
    pub ratio: f64,
    /// Whether it is more than one of them does.
    pub over: bool,
    /// When to change the design, if the result comes near.
    pub shard_when: Option<String>,
    /// Where the rung's figures come from.
    pub source: String,
}

/// Verbs and nouns that tell which machines a rate is for.
const WRITES: [&str; 8] = ["write", "insert", "update", "upsert", "commit", "put", "transaction", "order"];
const READS: [&str; 6] = ["read", "lookup", "get", "fetch", "view", "redirect"];
const MESSAGES: [&str; 4] = ["message", "event", "record", "notification"];
const MEMORY: [&str; 4] = ["cache", "memory", "ram", "heap"];

/// A length of time beyond this is a retention, not a latency, in seconds.
const LONGEST_LATENCY: f64 = 10.0;
/// From this share of the lower end on, a machine is near its limit.
const NEAR: f64 = 0.7;

/// The result's place among `ladder`: on the rung that decides, which is the first of its kind with advice on when to change the design,
/// or for a time the nearest. Nothing if no rung is of its kind.
pub fn place(outcome: &Outcome, ladder: &[Rung]) -> Option<Placement> {
    let rungs = rungs_for(outcome, ladder);
    let quantity = outcome.quantity();
    if quantity.value <= 0.0 {
        return None;
    }
    let style = Style { information: outcome.style().information, ..Style::default() };
    let result = display(&quantity, &style, Rounding::Three);
    if rungs.first()?.limits == "latency" {
        return nearest(&result, quantity.value, &rungs);
    }
    let rung = rungs.iter().find(|rung| rung.shard_when.is_some()).or(rungs.first())?;
    let upper = outcome.spread().map_or(quantity.value, |spread| spread.high);
    Some(measured(&result, quantity.value, upper, rung))
}

/// The rungs that a result can be compared with, in the ladder's order.
pub fn rungs_for<'a>(outcome: &Outcome, ladder: &'a [Rung]) -> Vec<&'a Rung> {
    let Some(limits) = kind(outcome) else { return Vec::new() };
    let dimension = outcome.quantity().dimension.without_nouns();
    ladder.iter().filter(|rung| rung.limits == limits && rung.high.dimension.without_nouns() == dimension).collect()
}

/// What a result is an amount of, by its dimension, its noun and its name.
fn kind(outcome: &Outcome) -> Option<&'static str> {
    let quantity = outcome.quantity();
    let nouns: Vec<&str> = quantity
        .dimension
        .powers()
        .filter_map(|(base, power)| match base {
            Base::Noun(noun) => Some((noun.as_str(), power)),
            _ => None,
        })
        .filter_map(|(noun, power)| (power > 0).then_some(noun))
        .collect();
    if quantity.dimension.powers().any(|(base, power)| matches!(base, Base::Noun(_)) && power < 0) {
        return None;
    }
    let name = outcome.name.as_deref().unwrap_or("").to_lowercase();
    let speaks_of = |words: &[&str]| {
        if nouns.is_empty() { words.iter().any(|word| name.contains(word)) } else { words.contains(&nouns[0]) }
    };
    let bare = quantity.dimension.without_nouns();
    let (information, time) = (Dimension::information(), Dimension::time());
    if bare == information {
        let memory = MEMORY.iter().any(|word| name.contains(word));
        return Some(if memory { "memory" } else { "storage" });
    }
    if bare == information.per(&time) {
        return Some("bandwidth");
    }
    if bare == time {
        return (quantity.value.abs() <= LONGEST_LATENCY && nouns.is_empty()).then_some("latency");
    }
    if bare == Dimension::none().per(&time) {
        return Some(match () {
            () if speaks_of(&WRITES) => "write-rate",
            () if speaks_of(&READS) => "read-rate",
            () if speaks_of(&MESSAGES) => "message-rate",
            () => "request-rate",
        });
    }
    (bare.is_none() && nouns == ["connection"]).then_some("connections")
}

/// `a tenth of one relational database primary; no sharding needed`
fn measured(result: &str, value: f64, upper: f64, rung: &Rung) -> Placement {
    let one = one(&rung.subject);
    let ratio = value / middle(rung);
    let high = rung.high.value;
    let limit = display(&rung.high, &style_near(&rung.high), Rounding::Three);
    let scale_out = if rung.limits == "request-rate" { "one is enough" } else { "no sharding needed" };
    let (text, near) = if value > high {
        let needed = super::functions::whole(value / high);
        let needed = significant(needed, 3);
        (format!("{result}: over one {one}'s {limit}; at least {needed} of them"), true)
    } else if value >= rung.low.value * NEAR {
        (format!("{result}: {} one {one}, whose limit is {limit}", fraction(ratio)), true)
    } else if upper > high {
        (format!("{result}: {} one {one}, but its upper end is over the limit of {limit}", fraction(ratio)), true)
    } else {
        (format!("{result}: {} one {one}; {scale_out}", fraction(ratio)), false)
    };
    Placement {
        text,
        subject: rung.subject.clone(),
        ratio,
        over: value > high,
        shard_when: rung.shard_when.clone().filter(|_| near),
        source: rung.source.clone(),
    }
}

/// The rung that takes most nearly as long.
fn nearest(result: &str, value: f64, rungs: &[&Rung]) -> Option<Placement> {
    let distance = |rung: &&&Rung| (value / middle(rung)).ln().abs();
    let rung = rungs.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    let ratio = value / middle(rung);
    let range = if rung.low == rung.high {
        display(&rung.high, &Style::default(), Rounding::Three)
    } else {
        let ends = [&rung.low, &rung.high].map(|end| display(end, &Style::default(), Rounding::Three));
        format!("{} to {}", ends[0], ends[1])
    };
    let inside = (rung.low.value..=rung.high.value).contains(&value) || (0.8..1.25).contains(&ratio);
    let how = if inside { "as long as".to_owned() } else { fraction(ratio) };
    let text = format!("{result}: {how} {} ({}), {range}", rung.metric, rung.subject);
    Some(Placement {
        text,
        subject: rung.subject.clone(),
        ratio,
        over: value > rung.high.value,
        shard_when: None,
        source: rung.source.clone(),
    })
}

/// The geometric middle of a rung.
fn middle(rung: &Rung) -> f64 {
    (rung.low.value * rung.high.value).sqrt()
}

/// Binary units for a limit that is a round number in them: `64 TiB`.
fn style_near(limit: &Quantity) -> Style {
    let gib = limit.value / 1_073_741_824.0;
    let binary = limit.dimension == Dimension::information() && gib >= 1.0 && gib.fract() == 0.0;
    let information = if binary { crate::units::Information::Binary } else { crate::units::Information::Decimal };
    Style { information, ..Style::default() }
}

/// A ratio as one says it, up to `of`: `a tenth of`, `half of`, `about`, `three times`.
fn fraction(ratio: f64) -> String {
    const SAID: [(f64, &str); 12] = [
        (0.001, "a thousandth of"),
        (0.01, "a hundredth of"),
        (0.02, "a fiftieth of"),
        (0.05, "a twentieth of"),
        (0.1, "a tenth of"),
        (0.2, "a fifth of"),
        (0.25, "a quarter of"),
        (1.0 / 3.0, "a third of"),
        (0.5, "half of"),
        (2.0 / 3.0, "two thirds of"),
        (0.75, "three quarters of"),
        (1.0, "about"),
    ];
    if ratio < 0.0007 {
        return "next to nothing for".to_owned();
    }
    if ratio > 1.25 {
        return format!("{} times", significant(ratio, 2));
    }
    let distance = |said: f64| (said / ratio).ln().abs();
    let nearest = SAID.iter().min_by(|a, b| distance(a.0).total_cmp(&distance(b.0)));
    nearest.map_or_else(String::new, |(_, words)| (*words).to_owned())
}

/// Words that open a subject in capitals without being a name.
const COMMON: [&str; 8] =
    ["Relational", "Server", "Application", "Load", "Cache", "Managed", "Message", "Asynchronous"];

/// A subject as it follows `one`: `Relational database, one primary` is a `relational database primary`.
fn one(subject: &str) -> String {
    let joined = match subject.split_once(", one ") {
        Some((whole, part)) => format!("{whole} {part}"),
        None => match subject.split_once(", ") {
            Some(("Server", sort)) => format!("{sort} server"),
            _ => subject.to_owned(),
        },
    };
    match COMMON.iter().find(|word| joined.starts_with(**word)) {
        Some(word) => joined.replacen(word, &word.to_lowercase(), 1),
        None => joined,
    }
}
