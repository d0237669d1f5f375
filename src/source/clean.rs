//! Text from files is never trusted to be free of escape sequences.

use std::borrow::Cow;

/// `text` with every control character but line feed and tab replaced by `U+FFFD`, so that it can be shown on a terminal.
///
/// Also replaced: the bidirectional overrides, which make a line read other than it is stored.
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_printable(c) { c } else { '\u{FFFD}' }).collect())
}

fn is_printable(c: char) -> bool {
    match c {
        '\n' | '\t' => true,
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => false,
        _ => !c.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_overrides_lose_their_power() {
        assert_eq!(printable("a\tb\n"), "a\tb\n");
        assert_eq!(printable("\u{1b}[31mred\u{7}"), "\u{FFFD}[31mred\u{FFFD}");
        assert_eq!(printable("x\u{202E}y\u{9b}z"), "x\u{FFFD}y\u{FFFD}z");
    }
}
