//! Count nouns: one word for one thing, whether it was written in the singular or the plural.

/// Plurals that no rule forms.
const IRREGULAR: &[(&str, &str)] = &[
    ("people", "person"),
    ("children", "child"),
    ("indices", "index"),
    ("vertices", "vertex"),
    ("movies", "movie"),
    ("cookies", "cookie"),
    ("ties", "tie"),
    ("caches", "cache"),
];

/// The singular of `word` in lower case: `queries` is `query`, `batches` is `batch`, `users` is `user`.
///
/// A word that is no regular plural stays as it is (`status`, `redis`, `data`), so that [`plural`] and this are each other's inverse on
/// whatever this returns.
pub fn singular(word: &str) -> String {
    let word = word.to_lowercase();
    if let Some((_, one)) = IRREGULAR.iter().find(|(many, _)| *many == word) {
        return (*one).to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| ends_in_consonant(stem) && stem.len() > 1) {
        return format!("{stem}y");
    }
    if let Some(stem) = word.strip_suffix("es").filter(|stem| takes_es(stem)) {
        return stem.to_owned();
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 1 && !stem.ends_with(['s', 'u', 'i']) && !takes_es(stem) && !hides_y(stem) => {
            stem.to_owned()
        }
        _ => word,
    }
}

/// The plural of a noun that [`singular`] returned.
pub fn plural(noun: &str) -> String {
    if let Some((many, _)) = IRREGULAR.iter().find(|(_, one)| *one == noun) {
        return (*many).to_owned();
    }
    let formed = if takes_es(noun) {
        format!("{noun}es")
    } else if let Some(stem) = noun.strip_suffix('y').filter(|stem| ends_in_consonant(stem) && stem.len() > 1) {
        format!("{stem}ies")
    } else if noun.ends_with('s') {
        noun.to_owned()
    } else {
        format!("{noun}s")
    };
    // A word whose plural would be read as another word's keeps its form.
    if singular(&formed) == noun { formed } else { noun.to_owned() }
}

fn takes_es(stem: &str) -> bool {
    ["ss", "x", "ch", "sh"].iter().any(|end| stem.ends_with(end))
}

fn ends_in_consonant(stem: &str) -> bool {
    stem.chars().next_back().is_some_and(|c| !"aeiou".contains(c))
}

fn hides_y(stem: &str) -> bool {
    stem.strip_suffix('y').is_some_and(|before| ends_in_consonant(before) && before.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_singulars_are_told_apart() {
        let pairs = [
            ("users", "user"),
            ("queries", "query"),
            ("batches", "batch"),
            ("caches", "cache"),
            ("addresses", "address"),
            ("databases", "database"),
            ("replicas", "replica"),
            ("boxes", "box"),
            ("people", "person"),
            ("keys", "key"),
            ("indices", "index"),
        ];
        for (many, one) in pairs {
            assert_eq!((singular(many).as_str(), plural(one).as_str()), (one, many));
            assert_eq!(singular(one), one);
        }
        for unchanged in ["status", "redis", "access", "data"] {
            assert_eq!(singular(unchanged), unchanged);
        }
    }
}
