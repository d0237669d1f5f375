//! Cards that are forgotten again and again: better rewritten than repeated.

/// Whether the lapse that makes `lapses` of them marks the card as a leech: at the threshold, then at every half of it more (rounded up),
/// as Anki does. A threshold of 0 never does.
pub fn is_leech(lapses: u32, threshold: u32) -> bool {
    let step = threshold.div_ceil(2).max(1);
    threshold > 0 && lapses >= threshold && (lapses - threshold).is_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(threshold: u32, expected: &[u32]) {
        let fires: Vec<u32> = (0..=16).filter(|&lapses| is_leech(lapses, threshold)).take(expected.len()).collect();
        assert_eq!(fires, expected, "threshold {threshold}");
    }

    #[test]
    fn a_leech_is_told_at_the_threshold_and_every_half_of_it_more() {
        check(8, &[8, 12, 16]);
        check(3, &[3, 5, 7]);
        check(1, &[1, 2, 3]);
        assert!((0..100).all(|lapses| !is_leech(lapses, 0)));
    }
}
