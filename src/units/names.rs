//! The units people write, and what each is in base units.

use super::{Base, Dimension};

/// A unit: how many base units one of it is, and of what.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Base units in one.
    pub factor: f64,
    /// What it measures.
    pub dimension: Dimension,
}

/// Length of a year in days, as capacity maths uses it.
pub const DAYS_PER_YEAR: f64 = 365.0;
/// Length of a month in days: a twelfth of a year.
pub const DAYS_PER_MONTH: f64 = DAYS_PER_YEAR / 12.0;
/// A day in seconds.
pub(super) const DAY: f64 = 86_400.0;
/// A month in seconds.
pub(super) const MONTH: f64 = DAYS_PER_MONTH * DAY;
/// A year in seconds.
pub(super) const YEAR: f64 = DAYS_PER_YEAR * DAY;

const TIMES: &[(&[&str], f64)] = &[
    (&["ns", "nanosecond"], 1e-9),
    (&["us", "µs", "μs", "microsecond"], 1e-6),
    (&["ms", "millisecond"], 1e-3),
    (&["s", "sec", "second"], 1.0),
    (&["min", "minute"], 60.0),
    (&["h", "hr", "hour"], 3600.0),
    (&["d", "day"], DAY),
    (&["week", "wk"], 7.0 * DAY),
    (&["month", "mo"], MONTH),
    (&["year", "yr"], YEAR),
];

/// Decimal and binary prefixes (IEC 80000-13), glued to `B`, `byte`, `b` or `bit`.
const PREFIXES: &[(&str, f64)] = &[
    ("", 1.0),
    ("k", 1e3),
    ("K", 1e3),
    ("M", 1e6),
    ("G", 1e9),
    ("T", 1e12),
    ("P", 1e15),
    ("E", 1e18),
    ("Ki", 1024.0),
    ("Mi", 1_048_576.0),
    ("Gi", 1_073_741_824.0),
    ("Ti", 1_099_511_627_776.0),
    ("Pi", 1_125_899_906_842_624.0),
    ("Ei", 1_152_921_504_606_846_976.0),
];

/// Prefixes spelt out, before `byte` and `bit`.
const LONG_PREFIXES: &[(&str, f64)] = &[
    ("kilo", 1e3),
    ("mega", 1e6),
    ("giga", 1e9),
    ("tera", 1e12),
    ("peta", 1e15),
    ("exa", 1e18),
    ("kibi", 1024.0),
    ("mebi", 1_048_576.0),
    ("gibi", 1_073_741_824.0),
    ("tebi", 1_099_511_627_776.0),
    ("pebi", 1_125_899_906_842_624.0),
];

const NOUNS: &[(&[&str], &str)] = &[
    (&["req", "request"], "request"),
    (&["msg", "message"], "message"),
    (&["conn", "connection"], "connection"),
    (&["op"], "operation"),
    (&["txn", "tx", "transaction"], "transaction"),
    (&["DAU", "dau", "MAU", "mau"], "user"),
    (&["km"], "kilometre"),
];

/// Rates with a name of their own: requests, queries, transactions or operations a second; bits a second.
const RATES: &[(&str, &str)] = &[("rps", "request"), ("qps", "query"), ("tps", "transaction"), ("iops", "operation")];

/// The unit that `word` names, exactly (case matters for prefixes, not for `Day` or `GB` written `gb`); `None` for a word that is no known
/// unit. Plurals in `s` are understood. Count nouns beyond the built-in abbreviations are not units here: the estimator admits any.
pub fn unit(word: &str) -> Option<Unit> {
    time(word)
        .or_else(|| information(word))
        .or_else(|| money(word))
        .or_else(|| noun(word))
        .or_else(|| named_rate(word))
        .or_else(|| plural(word).and_then(unit_singular))
}

fn unit_singular(word: &str) -> Option<Unit> {
    // "s" alone never is the plural of nothing, and "ms" is not several "m": only words of three letters or more have plurals.
    (word.chars().count() >= 2).then(|| time(word).or_else(|| information(word)).or_else(|| noun(word))).flatten()
}

fn plural(word: &str) -> Option<&str> {
    word.strip_suffix('s').filter(|rest| rest.len() >= 2)
}

fn time(word: &str) -> Option<Unit> {
    let lower = word.to_lowercase();
    TIMES
        .iter()
        .find(|(names, _)| names.contains(&word) || (lower.len() > 2 && names.contains(&lower.as_str())))
        .map(|&(_, factor)| Unit { factor, dimension: Dimension::time() })
}

fn information(word: &str) -> Option<Unit> {
    let of = |factor: f64| Unit { factor, dimension: Dimension::information() };
    let per_second = |factor: f64| Unit { factor, dimension: Dimension::information().per(&Dimension::time()) };
    for (suffix, size) in [("byte", 1.0), ("bit", 0.125), ("B", 1.0), ("b", 0.125)] {
        if let Some(prefix) = word.strip_suffix(suffix).filter(|_| word != "kb") {
            let short = PREFIXES.iter().find(|(name, _)| *name == prefix);
            let long = LONG_PREFIXES.iter().filter(|_| suffix.len() > 1).find(|(name, _)| *name == prefix);
            if let Some((_, scale)) = short.or(long) {
                return Some(of(size * scale));
            }
        }
    }
    // Lower case is common in speech: "64gb" means gigabytes, never gigabits, and "10gbps" is gigabits a second.
    let scale = |prefix: &str| {
        let spoken = matches!(prefix, "k" | "m" | "g" | "t" | "p");
        PREFIXES.iter().find(|(name, _)| *name == prefix || (spoken && name.eq_ignore_ascii_case(prefix)))
    };
    for (suffix, size) in [("bps", 0.125), ("Bps", 1.0)] {
        if let Some((_, scale)) = word.strip_suffix(suffix).and_then(scale) {
            return Some(per_second(size * scale));
        }
    }
    for (suffix, size) in [("bit", 0.125), ("byte", 1.0), ("b", 1.0)] {
        if let Some((_, scale)) = word.strip_suffix(suffix).filter(|prefix| !prefix.is_empty()).and_then(scale) {
            return Some(of(size * scale));
        }
    }
    None
}

fn money(word: &str) -> Option<Unit> {
    let factor = match word {
        "$" | "USD" | "usd" | "dollar" | "dollars" => 1.0,
        "cent" | "cents" => 0.01,
        _ => return None,
    };
    Some(Unit { factor, dimension: Dimension::money() })
}

fn noun(word: &str) -> Option<Unit> {
    let (_, noun) = NOUNS.iter().find(|(names, _)| names.contains(&word))?;
    Some(Unit { factor: 1.0, dimension: Dimension::of(Base::Noun((*noun).to_owned())) })
}

fn named_rate(word: &str) -> Option<Unit> {
    let lower = word.to_lowercase();
    let (_, noun) = RATES.iter().find(|(name, _)| *name == lower)?;
    let dimension = Dimension::of(Base::Noun((*noun).to_owned())).per(&Dimension::time());
    Some(Unit { factor: 1.0, dimension })
}

/// Every name that [`unit()`] knows without prefixes, for suggestions and completion.
pub fn unit_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = TIMES.iter().flat_map(|(names, _)| names.iter().copied()).collect();
    names.extend(["B", "KB", "MB", "GB", "TB", "PB", "KiB", "MiB", "GiB", "TiB", "bit", "byte", "Mbps", "Gbps"]);
    names.extend(NOUNS.iter().flat_map(|(names, _)| names.iter().copied()));
    names.extend(RATES.iter().map(|(name, _)| *name));
    names
}
