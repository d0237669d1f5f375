//! Words as an interviewer hears them: without filler, endings and synonyms, so that two ways of asking the same thing share words.

/// Words that carry no meaning of their own in a question or a requirement.
const FILLER: &[&str] = &[
    "a", "about", "above", "all", "also", "an", "and", "any", "are", "as", "assume", "at", "be", "been", "being",
    "below", "but", "by", "can", "could", "do", "does", "each", "either", "else", "ever", "every", "expect", "for",
    "from", "get", "give", "given", "has", "have", "here", "how", "i", "if", "in", "into", "is", "it", "its", "just",
    "kind", "know", "less", "let", "like", "many", "may", "me", "more", "most", "much", "must", "my", "need", "now",
    "of", "on", "one", "or", "our", "ours", "out", "over", "per", "please", "put", "should", "so", "some", "sort",
    "such", "support", "system", "than", "that", "the", "their", "them", "then", "there", "these", "they", "thing",
    "this", "those", "to", "too", "under", "up", "us", "use", "want", "was", "we", "were", "what", "whats", "when",
    "where", "whether", "which", "who", "whole", "why", "will", "with", "within", "would", "you", "your",
];

/// Words that people use for one another, as words or as stems.
const SYNONYMS: &[&[&str]] = &[
    &["traffic", "qps", "rps", "tps", "throughput", "load", "scale", "volume"],
    &["latency", "fast", "quick", "slow", "delay", "speed", "respons", "take", "took"],
    &["available", "availability", "availabl", "uptime", "downtime", "outage", "nine"],
    &["consistent", "consistency", "stale", "fresh"],
    &["expire", "expir", "expiry", "expiration", "ttl", "lifetime", "retention", "retain"],
    &["user", "customer", "people", "visitor", "dau", "mau"],
    &["day", "daily"],
    &["month", "monthly"],
    &["second", "sec"],
    &[
        "write", "create", "creation", "creat", "new", "add", "insert", "generat", "make", "made", "post", "submit",
        "upload", "shorten",
    ],
    &["read", "fetch", "lookup", "view", "retrieve", "retriev", "redirect"],
    &["delete", "remove", "removal", "delet", "remov"],
    &["custom", "vanity", "alias", "own"],
    &["choose", "choos", "chosen", "pick", "select"],
    &["analytic", "statistic", "stat", "metric", "count", "click"],
    &["region", "global", "worldwide", "geograph", "country", "countri"],
    &["auth", "authenticat", "authentication", "login", "account", "signin", "register", "registration"],
    &["size", "big", "large"],
    &["length", "long"],
    &["store", "storage", "keep", "persist", "kept", "stor"],
];

/// A word without its ending, and the groups of synonyms it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stem {
    /// The stem.
    pub text: String,
    groups: Vec<usize>,
}

impl Stem {
    fn of(word: &str) -> Self {
        let text = without_ending(word);
        let in_group = |is: &dyn Fn(&str) -> bool| -> Vec<usize> {
            (0..SYNONYMS.len()).filter(|&group| SYNONYMS[group].iter().any(|synonym| is(synonym))).collect()
        };
        let exact = in_group(&|synonym| synonym == word || synonym == text);
        let groups = if exact.is_empty() { in_group(&|synonym| near(synonym, word)) } else { exact };
        Self { text, groups }
    }

    /// Whether both mean the same: equal, synonyms, or equal but for a slip of the fingers.
    pub fn means(&self, other: &Self) -> bool {
        self.likeness(other) > 0.0
    }

    /// How surely both mean the same: 1 where they are equal, a little less for synonyms and slips, 0 where they don't.
    pub fn likeness(&self, other: &Self) -> f64 {
        if self.text == other.text {
            1.0
        } else if self.groups.iter().any(|group| other.groups.contains(group)) {
            0.9
        } else if near(&self.text, &other.text) {
            0.85
        } else {
            0.0
        }
    }
}

/// The stems of the words in `text` that carry meaning, in order.
pub(super) fn stems(text: &str) -> Vec<Stem> {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| meant(word));
    words.map(Stem::of).collect()
}

/// Whether a word carries meaning: what an apostrophe leaves (`what's`) doesn't.
fn meant(word: &str) -> bool {
    !word.is_empty() && !FILLER.contains(&word) && !matches!(word, "s" | "t" | "d" | "m" | "ll" | "re" | "ve")
}

/// Whether two words that begin alike differ by a slip of the fingers: one edit (Damerau-Levenshtein) from five letters on, two from nine.
fn near(a: &str, b: &str) -> bool {
    if a.as_bytes().first() != b.as_bytes().first() {
        return false;
    }
    let (long, short) = (a.len().max(b.len()), a.len().min(b.len()));
    let allowed = if short >= 9 { 2 } else { usize::from(short >= 5) };
    allowed > 0 && long - short <= allowed && strsim::damerau_levenshtein(a, b) <= allowed
}

/// Light stemming: `un-`, plural, `-ing`, `-ed`, `-er` and `-ion` go, where at least three letters stay (five after `un-`).
fn without_ending(word: &str) -> String {
    let mut stem = word.strip_prefix("un").filter(|rest| rest.len() >= 5).unwrap_or(word).to_owned();
    if let Some(rest) = stem.strip_suffix("ies").filter(|rest| rest.len() >= 2) {
        stem = format!("{rest}y");
    } else if let Some(rest) = stem.strip_suffix('s').filter(|rest| rest.len() >= 3 && !rest.ends_with(['s', 'u'])) {
        stem = rest.to_owned();
    }
    for ending in ["ing", "ions", "ion", "ers", "er", "ed"] {
        if let Some(rest) = stem.strip_suffix(ending).filter(|rest| rest.chars().count() >= 3) {
            return undouble(rest);
        }
    }
    stem
}

/// `shipp` is `ship` before an ending.
fn undouble(stem: &str) -> String {
    let mut reversed = stem.chars().rev();
    match (reversed.next(), reversed.next()) {
        (Some(last), Some(before)) if last == before && !matches!(last, 'l' | 's' | 'e' | 'o') => {
            stem[..stem.len() - last.len_utf8()].to_owned()
        }
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found: Vec<String> = stems(text).into_iter().map(|stem| stem.text).collect();
        assert_eq!(found.join(" "), expected, "{text}");
    }

    #[test]
    fn words_lose_filler_and_endings() {
        check("How many links will be created per day?", "link creat day");
        check("shipping, shipped, ships", "ship ship ship");
        check("queries and query", "query query");
        check("status", "status");
        check("daily active users", "daily active user");
    }

    #[track_caller]
    fn same(a: &str, b: &str, expected: bool) {
        assert_eq!(Stem::of(a).means(&Stem::of(b)), expected, "{a}, {b}");
    }

    #[test]
    fn synonyms_and_slips_mean_the_same() {
        same("qps", "throughput", true);
        same("created", "new", true);
        same("latency", "latecny", true);
        same("availability", "avialabilty", true);
        same("acount", "login", true);
        same("link", "line", false);
        same("links", "link", true);
    }
}
