//! How long ago something was, as a list says it.

use crate::clock::Timestamp;

/// How long ago a moment was, in words.
pub fn ago(now: Timestamp, then: Timestamp) -> String {
    let minutes = now.since(then).as_seconds() / 60;
    match minutes {
        0 => "just now".to_owned(),
        1..60 => format!("{minutes} min ago"),
        60..1440 => format!("{} h ago", minutes / 60),
        1440..2880 => "yesterday".to_owned(),
        _ => format!("{} days ago", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn was(minutes: i64, expected: &str) {
        assert_eq!(ago(Timestamp(minutes * 60_000), Timestamp(0)), expected);
    }

    #[test]
    fn times_gone_by_are_told_in_one_unit() {
        was(0, "just now");
        was(59, "59 min ago");
        was(61, "1 h ago");
        was(1500, "yesterday");
        was(4320, "3 days ago");
        was(-5, "just now");
    }
}
