//! "Did you mean": the nearest of the names that would have been right.

/// The candidate nearest to `word` if it is near enough to be a slip of the fingers.
///
/// Near is a Damerau-Levenshtein distance of at most a third of the word's length, and at least one; case is ignored. The first of
/// equally near candidates wins, so the order of `candidates` decides and the result is the same on every run.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= limit)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_its_word_and_a_stranger_finds_none() {
        assert_eq!(nearest("replica", ["reads", "replicas"]), Some("replicas"));
        assert_eq!(nearest("postgers", ["redis", "postgres"]), Some("postgres"));
        assert_eq!(nearest("banana", ["redis", "postgres"]), None);
    }
}
