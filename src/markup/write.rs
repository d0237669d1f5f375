//! Text into Markdown that means nothing but itself: fences that it can't close, spans and cells that it can't leave.

use crate::source::printable;

/// `text` in a fenced block that no run of back-ticks in it can close; `info` names its language.
pub fn fence(text: &str, info: &str) -> String {
    let text = clean(text);
    let ticks = "`".repeat((longest_run(&text) + 1).max(3));
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{ticks}{info}\n{text}{end}{ticks}\n")
}

/// `text` as a code span on one line; fit for a cell of a table.
pub fn code_span(text: &str) -> String {
    let text = one_line(text).replace('|', "\\|");
    if text.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(&text) + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{space}{text}{space}{ticks}")
}

/// `text` as running text on one line: whatever could be markup is escaped. Fit for a heading, an item of a list and a cell of a table.
pub fn escape(text: &str) -> String {
    let text = one_line(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    let mut lead = true;
    while let Some(c) = rest.next() {
        let next = rest.peek().copied().unwrap_or(' ');
        let digits = lead && c.is_ascii_digit();
        if is_markup(before, c, next) || (lead && opens_block(before, c, next)) {
            escaped.push('\\');
        }
        escaped.push(c);
        lead = digits;
        before = c;
    }
    escaped
}

/// Whether a character may be markup inside of a line.
fn is_markup(before: char, c: char, next: char) -> bool {
    match c {
        '\\' | '`' | '*' | '[' | ']' | '|' | '~' => true,
        '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
        '<' => next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'),
        '&' => next.is_ascii_alphabetic() || next == '#',
        _ => false,
    }
}

/// Whether a character at the start of a line (or behind digits there) may open a heading, a quote, a list or a rule.
fn opens_block(before: char, c: char, next: char) -> bool {
    match c {
        '#' | '>' | '=' => true,
        '-' | '+' => next == ' ' || next == c,
        '.' | ')' => before.is_ascii_digit() && next == ' ',
        _ => false,
    }
}

fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Without control characters, and with Unix line ends.
fn clean(text: &str) -> String {
    printable(&text.replace("\r\n", "\n").replace('\r', "\n")).into_owned()
}

/// The length of the longest run of back-ticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;

    #[test]
    fn a_fence_is_longer_than_what_it_holds() {
        assert_eq!(fence("a", "text"), "```text\na\n```\n");
        assert_eq!(fence("", "text"), "```text\n```\n");
        assert_eq!(fence("```\nrm\n````\r\nx\u{1b}[2J", ""), "`````\n```\nrm\n````\nx\u{FFFD}[2J\n`````\n");
    }

    /// What a reader of Markdown makes of an item of a list: its text, if it is nothing but text.
    fn read(markdown: &str) -> Option<String> {
        let document = format!("- {markdown}\n");
        let mut text = String::new();
        for event in Parser::new_ext(&document, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
            match event {
                Event::Text(part) | Event::Code(part) => text.push_str(&part),
                Event::Start(Tag::List(_) | Tag::Item) | Event::End(TagEnd::List(_) | TagEnd::Item) => {}
                _ => return None,
            }
        }
        Some(text)
    }

    #[track_caller]
    fn check(text: &str, escaped: &str) {
        assert_eq!(escape(text), escaped);
        assert_eq!(read(&escape(text)).as_deref(), Some(one_line(text).as_str()), "{text}");
    }

    #[test]
    fn running_text_means_itself() {
        check("p99 < 100ms", "p99 < 100ms");
        check("a_b and _c_", "a_b and \\_c\\_");
        check("# no heading", "\\# no heading");
        check("1. no list", "1\\. no list");
        check("12) no list", "12\\) no list");
        check("- no list", "\\- no list");
        check("-1 degree", "-1 degree");
        check("--- no rule", "\\--- no rule");
        check("> no quote", "\\> no quote");
        check(
            "<b>no tag</b> &amp; [no](link) | *no* `code` ~~no~~",
            "\\<b>no tag\\</b> \\&amp; \\[no\\](link) \\| \\*no\\* \\`code\\` \\~\\~no\\~\\~",
        );
        check("two\nlines", "two lines");
    }

    #[test]
    fn a_code_span_holds_any_line() {
        for text in ["a", "`a`", "``", "a `` b", "p99 < 100ms", "* [x](y) <b>"] {
            assert_eq!(read(&code_span(text)).as_deref(), Some(text), "{}", code_span(text));
        }
        assert_eq!(code_span(""), "");
        assert_eq!(code_span("a|b"), "`a\\|b`");
    }

    proptest::proptest! {
        #[test]
        fn any_text_means_itself(text in "[ -~]{0,24}") {
            let expected = one_line(&text);
            if expected.is_empty() {
                return Ok(());
            }
            proptest::prop_assert_eq!(read(&escape(&text)), Some(expected));
        }

        #[test]
        fn no_text_leaves_its_fence(text in "[`~\\n a]{0,40}") {
            let document = format!("{}\nafter\n", fence(&text, "text"));
            let events: Vec<Event> = Parser::new(&document).collect();
            let blocks = events.iter().filter(|event| matches!(event, Event::Start(Tag::CodeBlock(_)))).count();
            let is_after = |event: &Event| matches!(event, Event::Text(text) if &**text == "after");
            proptest::prop_assert!(blocks == 1 && is_after(&events[events.len() - 2]), "{}", document);
        }
    }
}
