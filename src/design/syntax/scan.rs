//! Looking at a stretch of text before it is parsed: brackets that belong together, arrows, the colon that ends a head.

use crate::source::Span;

/// For each byte of a text, where the bracket or quotation that opens there ends; brackets without a partner are ordinary characters.
pub(super) struct Brackets {
    /// Offset just after the partner; 0 for none; empty where nothing opens.
    ends: Vec<usize>,
}

impl Brackets {
    /// Pairs the brackets of `text`; quotations end with their line.
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        if !bytes.iter().any(|byte| matches!(byte, b'"' | b'(' | b'[' | b'{')) {
            return Self { ends: Vec::new() };
        }
        let mut ends = vec![0; bytes.len()];
        let mut open: Vec<(u8, usize)> = Vec::new();
        let mut counts = [0_usize; 3];
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => {
                    if let Some(close) = closing_quote(bytes, at) {
                        ends[at] = close + 1;
                        at = close;
                    }
                }
                byte @ (b'(' | b'[' | b'{') => {
                    counts[class(byte)] += 1;
                    open.push((byte, at));
                }
                byte @ (b')' | b']' | b'}') if counts[class(byte)] > 0 => {
                    // Openers in between have no partner.
                    while let Some((opener, start)) = open.pop() {
                        counts[class(opener)] -= 1;
                        if class(opener) == class(byte) {
                            ends[start] = at + 1;
                            break;
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
        Self { ends }
    }

    /// The offset just after what opens at `at`, if something does.
    pub fn end(&self, at: usize) -> Option<usize> {
        self.ends.get(at).copied().filter(|&end| end > 0)
    }
}

const fn class(bracket: u8) -> usize {
    match bracket {
        b'(' | b')' => 0,
        b'[' | b']' => 1,
        _ => 2,
    }
}

fn closing_quote(bytes: &[u8], open: usize) -> Option<usize> {
    let rest = bytes[open + 1..].iter().position(|byte| matches!(byte, b'"' | b'\n'))?;
    let close = open + 1 + rest;
    (bytes[close] == b'"').then_some(close)
}

/// The characters of `text` outside brackets and quotations, with their offsets.
pub(super) fn top_level<'a>(text: &'a str, brackets: &'a Brackets) -> impl Iterator<Item = (usize, char)> + 'a {
    let mut next = 0;
    std::iter::from_fn(move || {
        loop {
            let c = text.get(next..)?.chars().next()?;
            let at = next;
            if let Some(end) = brackets.end(at) {
                next = end;
                continue;
            }
            next += c.len_utf8();
            return Some((at, c));
        }
    })
}

/// Pieces of `span` of `code` between the `separator`s outside brackets; each trimmed of white space.
pub(super) fn split(code: &str, span: Span, separator: impl Fn(&str, usize, char) -> bool) -> Vec<Span> {
    let text = span.slice(code);
    let brackets = Brackets::new(text);
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, c) in top_level(text, &brackets) {
        if separator(text, at, c) {
            pieces.push(trim(code, Span::new(span.start + start, span.start + at)));
            start = at + c.len_utf8();
        }
    }
    pieces.push(trim(code, Span::new(span.start + start, span.end)));
    pieces
}

/// Whether the comma at `at` parts thousands: `12,000`.
pub(super) fn parts_thousands(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    at > 0 && digit(at - 1) && digit(at + 1) && digit(at + 2) && digit(at + 3) && !digit(at + 4)
}

/// `span` without white space at its ends.
pub(super) fn trim(code: &str, span: Span) -> Span {
    let text = span.slice(code);
    let start = span.start + (text.len() - text.trim_start().len());
    Span::new(start, start + text.trim().len())
}

/// What the first pass over a statement finds outside brackets; offsets from the statement's start.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// The colon that ends the head: the first that white space follows.
    pub colon: Option<usize>,
    /// The `@` before a rate.
    pub at: Option<usize>,
    /// The first arrow before the colon.
    pub arrow: Option<usize>,
    /// The first arrow after the colon.
    pub arrow_after: Option<usize>,
}

/// Looks for the marks in a statement.
pub(super) fn marks(text: &str) -> Marks {
    let brackets = Brackets::new(text);
    let mut marks = Marks::default();
    let mut before = ' ';
    let mut skip = 0;
    for (at, c) in top_level(text, &brackets) {
        if at < skip {
            before = c;
            continue;
        }
        let rest = &text[at..];
        if c == ':' && marks.colon.is_none() && ends_head(&rest[1..]) {
            marks.colon = Some(at);
        } else if c == '@' && marks.at.is_none() && before.is_whitespace() {
            marks.at = Some(at);
        } else if let Some(found) = arrow(rest, before) {
            let place = if marks.colon.is_none() { &mut marks.arrow } else { &mut marks.arrow_after };
            place.get_or_insert(at);
            skip = at + found.length;
        }
        before = c;
    }
    marks
}

fn ends_head(rest: &str) -> bool {
    rest.chars().next().is_none_or(char::is_whitespace)
}

/// The sorts of arrow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ArrowShape {
    /// `->` and its synonyms.
    Call,
    /// `~>` and its synonyms.
    HandOver,
    /// `<->`.
    Both,
    /// `<-`, which is none here.
    Back,
}

/// An arrow at the start of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ArrowFound {
    pub shape: ArrowShape,
    /// Bytes it covers, its label included.
    pub length: usize,
    /// Mermaid's: lists at its ends mean each of them.
    pub mermaid: bool,
    /// What is written on it, as offsets from its start.
    pub label: Option<(usize, usize)>,
}

/// Longest run of dashes that is an arrow: a rule across the page is none.
const LONGEST_STEM: usize = 32;
/// Longest label looked for within an arrow, bytes.
const LONGEST_LABEL: usize = 200;

/// The arrow that `text` starts with, where `before` stands before it.
pub(super) fn arrow(text: &str, before: char) -> Option<ArrowFound> {
    let plain = |shape, length| Some(ArrowFound { shape, length, mermaid: false, label: None });
    match text.chars().next()? {
        '→' => return plain(ArrowShape::Call, '→'.len_utf8()),
        '⇢' | '⇝' => return plain(ArrowShape::HandOver, '⇢'.len_utf8()),
        '~' if text.starts_with("~>") => return plain(ArrowShape::HandOver, 2),
        '-' | '=' | '<' => {}
        _ => return None,
    }
    for (form, shape) in [
        ("->", ArrowShape::Call),
        ("=>", ArrowShape::Call),
        ("<->", ArrowShape::Both),
        ("<~>", ArrowShape::Both),
        ("<-->", ArrowShape::Both),
        ("<==>", ArrowShape::Both),
        ("<-.->", ArrowShape::Both),
    ] {
        if text.starts_with(form) {
            return plain(shape, form.len());
        }
    }
    if text.starts_with("<-") && !text[2..].starts_with(|c: char| c.is_ascii_digit()) {
        return plain(ArrowShape::Back, 2 + text[2..].len() - text[2..].trim_start_matches('-').len());
    }
    mermaid_arrow(text, before)
}

/// `-->`, `---`, `--o`, `==>`, `-.->`, `-- text -->`, `== text ==>`, `-. text .->`, each also longer.
fn mermaid_arrow(text: &str, before: char) -> Option<ArrowFound> {
    let body = text.bytes().take(LONGEST_STEM).take_while(|byte| matches!(byte, b'-' | b'=' | b'.')).count();
    let (stem, rest) = text.split_at(body);
    let shape = if stem.contains('.') { ArrowShape::HandOver } else { ArrowShape::Call };
    let found = |length, label| Some(ArrowFound { shape, length, mermaid: true, label });
    let uniform = matches!(stem.as_bytes(), [b'-', .., b'-'] | [b'=', .., b'=']);
    if uniform && rest.starts_with('>') {
        return found(body + 1, None);
    }
    if !before.is_whitespace() && !matches!(before, ']' | ')' | '}') {
        return None;
    }
    let ends = rest.chars().nth(1).is_none_or(char::is_whitespace);
    if uniform && body >= 2 && rest.starts_with(['o', 'x']) && ends {
        return found(body + 1, None);
    }
    if uniform && body >= 3 && rest.starts_with(char::is_whitespace) {
        return found(body, None);
    }
    let closing: &[&str] = match stem {
        "--" => &["-->", "---"],
        "==" => &["==>", "==="],
        "-." => &[".->", ".-"],
        _ => return None,
    };
    let within = label_room(rest);
    let (at, close) =
        closing.iter().filter_map(|close| within.find(close).map(|at| (at, *close))).min_by_key(|&(at, _)| at)?;
    found(body + at + close.len(), Some((body, body + at)))
}

/// As much of a text as a label on its first line may take: the look ahead has an end.
pub(super) fn label_room(text: &str) -> &str {
    let within = &text[..text.floor_char_boundary(LONGEST_LABEL)];
    within.lines().next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, shape: ArrowShape, length: usize, label: Option<&str>) {
        let found = arrow(text, ' ').unwrap();
        assert_eq!((found.shape, found.length), (shape, length), "{text}");
        assert_eq!(found.label.map(|(from, to)| text[from..to].trim()), label, "{text}");
    }

    #[test]
    fn arrows_of_three_languages_are_known() {
        check("-> b", ArrowShape::Call, 2, None);
        check("~> b", ArrowShape::HandOver, 2, None);
        check("--> b", ArrowShape::Call, 3, None);
        check("----> b", ArrowShape::Call, 5, None);
        check("==> b", ArrowShape::Call, 3, None);
        check("-.-> b", ArrowShape::HandOver, 4, None);
        check("-..-> b", ArrowShape::HandOver, 5, None);
        check("--- b", ArrowShape::Call, 3, None);
        check("--o b", ArrowShape::Call, 3, None);
        check("<-> b", ArrowShape::Both, 3, None);
        check("<--> b", ArrowShape::Both, 4, None);
        check("<- b", ArrowShape::Back, 2, None);
        check("-- reads --> b", ArrowShape::Call, 12, Some("reads"));
        check("-. clicks .-> b", ArrowShape::HandOver, 13, Some("clicks"));
        check("→ b", ArrowShape::Call, 3, None);
    }

    #[test]
    fn names_with_dashes_and_comparisons_are_no_arrows() {
        assert_eq!(arrow("-balancer", 'd'), None);
        assert_eq!(arrow("--x y", 'a'), None);
        assert_eq!(arrow("< 100ms", ' '), None);
        assert_eq!(arrow("<-5", ' '), None);
        assert_eq!(arrow("- b", ' '), None);
    }

    #[test]
    fn a_head_ends_at_a_colon_with_white_space_behind() {
        let text = "GET /users/:id @ 5k/s, p(95)<200: web -> api";
        let marks = marks(text);
        assert_eq!(marks.colon, text.find(": web"));
        assert_eq!(marks.at, text.find('@'));
        assert_eq!((marks.arrow, marks.arrow_after), (None, text.find("->")));
    }

    #[test]
    fn brackets_without_a_partner_are_ordinary() {
        let brackets = Brackets::new("a(b[c)d \"e(\" {f");
        assert_eq!(brackets.end(1), Some(6));
        assert_eq!(brackets.end(3), None);
        assert_eq!(brackets.end(8), Some(12));
        assert_eq!(brackets.end(13), None);
    }
}
