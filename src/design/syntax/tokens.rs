//! Tokens of a path.

use super::scan::{self, ArrowShape, Brackets};
use crate::source::Span;

/// A token and its place.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Arrow {
        shape: ArrowShape,
        mermaid: bool,
    },
    Comma,
    Amp,
    Pipe,
    Star,
    Open,
    Close,
    Colon,
    Word,
    /// A quotation; the span includes the quotation marks.
    Quoted,
    /// What Mermaid puts right behind an id: the first line of its label, the second, and whether it is drawn as a store.
    Shape {
        label: String,
        detail: String,
        store: bool,
    },
    /// `{...}` of D2, behind white space.
    Braces,
    Newline,
    /// A character that begins nothing here.
    Stray,
}

impl TokenKind {
    /// Whether a line that ends with it goes on in the next.
    fn wants_more(&self) -> bool {
        let operator = matches!(self, Self::Comma | Self::Amp | Self::Pipe | Self::Star | Self::Open | Self::Colon);
        operator || matches!(self, Self::Arrow { .. })
    }

    /// Whether a line that starts with it goes on from the line above.
    fn goes_on(&self) -> bool {
        matches!(self, Self::Arrow { .. } | Self::Comma | Self::Amp | Self::Pipe | Self::Close)
    }
}

/// The tokens of `span`; line ends stand only where they part two paths.
pub(super) fn tokens(code: &str, span: Span) -> Vec<Token> {
    let text = span.slice(code);
    let mut lexer = Lexer { text, brackets: Brackets::new(text), offset: span.start, at: 0, tokens: Vec::new() };
    while lexer.at < text.len() {
        lexer.step();
    }
    without_inner_newlines(lexer.tokens)
}

fn without_inner_newlines(tokens: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(tokens.len());
    let mut depth = 0_usize;
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth = depth.saturating_sub(1),
            TokenKind::Newline => {
                let inner = kept.last().is_none_or(|last| last.kind.wants_more());
                while tokens.next_if(|next| next.kind == TokenKind::Newline).is_some() {}
                let joined = tokens.peek().is_none_or(|next| next.kind.goes_on());
                if depth > 0 || inner || joined {
                    continue;
                }
            }
            _ => {}
        }
        kept.push(token);
    }
    kept
}

struct Lexer<'a> {
    text: &'a str,
    brackets: Brackets,
    offset: usize,
    at: usize,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn step(&mut self) {
        let Some(c) = self.text[self.at..].chars().next() else { return };
        let before = self.text[..self.at].chars().next_back().unwrap_or(' ');
        if c == '\n' {
            self.push(TokenKind::Newline, 1);
        } else if c.is_whitespace() {
            self.at += c.len_utf8();
        } else if let Some(found) = scan::arrow(&self.text[self.at..], before) {
            self.push(TokenKind::Arrow { shape: found.shape, mermaid: found.mermaid }, found.length);
            self.skip_label();
        } else {
            self.character(c);
        }
    }

    fn character(&mut self, c: char) {
        let end = self.brackets.end(self.at);
        match c {
            '"' if end.is_some() => self.push_to(TokenKind::Quoted, end),
            '[' | '(' | '{' if end.is_some() && self.is_glued() => self.shape(end),
            '@' if self.text[self.at..].starts_with("@{") && self.is_glued() => self.node_attributes(),
            '{' if end.is_some() => self.push_to(TokenKind::Braces, end),
            '(' => self.push(TokenKind::Open, 1),
            ')' => self.push(TokenKind::Close, 1),
            ',' if !scan::parts_thousands(self.text, self.at) => self.push(TokenKind::Comma, 1),
            '&' => self.push(TokenKind::Amp, 1),
            '|' => self.push(TokenKind::Pipe, 1),
            '*' => self.push(TokenKind::Star, 1),
            ':' if self.text[self.at..].starts_with(":::") => self.at += self.word_length(3),
            ':' if self.is_head_colon(self.at) => self.push(TokenKind::Colon, 1),
            '"' | '[' | ']' | '{' | '}' | '<' | '>' | '@' | ';' => self.push(TokenKind::Stray, 1),
            _ => {
                let length = self.word_length(c.len_utf8());
                self.push(TokenKind::Word, length);
            }
        }
    }

    /// The label between bars behind an arrow: `-->|reads|`.
    fn skip_label(&mut self) {
        let rest = &self.text[self.at..];
        let bar = rest.len() - rest.trim_start_matches(' ').len();
        let Some(label) = rest[bar..].strip_prefix('|') else { return };
        if let Some(end) = scan::label_room(label).find('|') {
            self.at += bar + 1 + end + 1;
        }
    }

    /// Whether a bracket here belongs to the name right before it.
    fn is_glued(&self) -> bool {
        let end = self.offset + self.at;
        self.tokens.last().is_some_and(|token| {
            let name = matches!(token.kind, TokenKind::Quoted | TokenKind::Word | TokenKind::Shape { .. });
            let text = &self.text[token.span.start - self.offset..self.at];
            name && token.span.end == end && text != "of" && !text.ends_with('%')
        })
    }

    fn shape(&mut self, end: Option<usize>) {
        let end = end.unwrap_or(self.at + 1);
        let inner = &self.text[self.at + 1..end - 1];
        let store = self.text[self.at..].starts_with("[(") && inner.ends_with(')');
        let (label, detail) = label_lines(inner);
        self.push(TokenKind::Shape { label, detail, store }, end - self.at);
    }

    /// Mermaid's `A@{ shape: cyl, label: "Orders" }`.
    fn node_attributes(&mut self) {
        let Some(end) = self.brackets.end(self.at + 1) else { return self.push(TokenKind::Stray, 1) };
        let inner = &self.text[self.at + 2..end - 1];
        let value = |key: &str| {
            let (_, rest) = inner.split_once(key)?;
            let rest = rest.trim_start().strip_prefix(':')?.trim_start();
            let quoted = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'));
            Some(quoted.map_or_else(|| rest.split([',', '}', '\n']).next().unwrap_or(""), |(value, _)| value))
        };
        let store = value("shape").is_some_and(|shape| {
            matches!(shape.trim(), "cyl" | "cylinder" | "db" | "database" | "das" | "h-cyl" | "lin-cyl" | "disk")
        });
        let (label, detail) = label_lines(value("label").unwrap_or(""));
        self.push(TokenKind::Shape { label, detail, store }, end - self.at);
    }

    fn is_head_colon(&self, at: usize) -> bool {
        self.text[at + 1..].chars().next().is_none_or(char::is_whitespace)
    }

    /// Length of the word that starts here and of which `length` bytes are known to belong to it.
    fn word_length(&self, length: usize) -> usize {
        let mut before = ' ';
        for (at, c) in self.text[self.at..].char_indices() {
            let here = self.at + at;
            if at < length {
                before = c;
                continue;
            }
            let rest = &self.text[here..];
            let ends = match c {
                ',' => !scan::parts_thousands(self.text, here),
                ':' => self.is_head_colon(here) || rest.starts_with(":::"),
                '@' => rest.starts_with("@{"),
                '&' | '|' | '(' | ')' | '[' | ']' | '{' | '}' | '"' | '*' | ';' | '<' | '>' => true,
                _ => c.is_whitespace() || scan::arrow(rest, before).is_some(),
            };
            if ends {
                return at;
            }
            before = c;
        }
        self.text.len() - self.at
    }

    fn push(&mut self, kind: TokenKind, length: usize) {
        let start = self.offset + self.at;
        self.tokens.push(Token { kind, span: Span::new(start, start + length) });
        self.at += length;
    }

    fn push_to(&mut self, kind: TokenKind, end: Option<usize>) {
        let length = end.unwrap_or(self.at + 1) - self.at;
        self.push(kind, length);
    }
}

/// The first and the second line of a label.
fn label_lines(inner: &str) -> (String, String) {
    let breaks = ["<br/>", "<br>", "<br />", "\\n", "\n"];
    let first = breaks.iter().filter_map(|line_break| inner.find(line_break).map(|at| (at, line_break.len()))).min();
    match first {
        // Brackets and quotation marks around both lines belong to neither.
        Some((at, length)) => {
            let open = inner.len() - inner.trim_start_matches(['(', '[', '{', '"', '`', '/', '\\', ' ']).len();
            let trimmed = inner[at + length..].trim_end_matches([')', ']', '}', '"', '`', '/', '\\', ' ']);
            (label(&inner[open.min(at)..at]), label(trimmed))
        }
        None => (label(inner), String::new()),
    }
}

/// A label as a name: inner brackets, quotation marks, line breaks and entities resolved.
pub(super) fn label(inner: &str) -> String {
    let mut text = inner.trim();
    loop {
        let stripped = [
            ("(", ")"),
            ("[", "]"),
            ("{", "}"),
            ("/", "/"),
            ("/", "\\"),
            ("\\", "\\"),
            ("\\", "/"),
            ("\"", "\""),
            ("`", "`"),
        ]
        .into_iter()
        .find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close));
        match stripped {
            Some(rest) => text = rest.trim(),
            None => break,
        }
    }
    let mut plain = text.replace("#quot;", "'").replace("#35;", "#").replace("#59;", ";");
    for entity in ["<br>", "<br/>", "<br />", "\\n", "\n"] {
        plain = plain.replace(entity, " ");
    }
    plain.replace('"', "'").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown: Vec<String> = tokens(text, Span::new(0, text.len()))
            .into_iter()
            .map(|token| match token.kind {
                TokenKind::Shape { label, detail, store } => {
                    let detail = if detail.is_empty() { detail } else { format!("/{detail}") };
                    format!("<{label}{detail}{}>", if store { "!" } else { "" })
                }
                TokenKind::Newline => "/".to_owned(),
                TokenKind::Arrow { shape, .. } => format!("{shape:?}"),
                _ => token.span.slice(text).to_owned(),
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{text}");
    }

    #[test]
    fn paths_fall_into_tokens() {
        check("web->lb ~> a,b", "web Call lb HandOver a , b");
        check("load-balancer -> 10*db.read", "load-balancer Call 10 * db.read");
        check("a -> 80% b|20% c", "a Call 80% b | 20% c");
        check("api ~> clicks: stream -> x", "api HandOver clicks : stream Call x");
        check("a -> any 2 of(b & c)", "a Call any 2 of ( b & c )");
        check("/users/:id", "/users/:id");
        check("\"my box\" -> b", "\"my box\" Call b");
    }

    #[test]
    fn mermaid_shapes_are_labels() {
        check("A[Web] --> B[(Postgres)]", "A <Web> Call B <Postgres!>");
        check("A(\"x (y)\") -->|reads #1| C{{Queue}}", "A <x (y)> Call C <Queue>");
        check("A@{ shape: cyl, label: \"Orders\" }:::big --> B", "A <Orders!> Call B");
        check("A[\"a<br/>b #quot;c#quot;\"]", "A <a/b 'c'>");
        check("A[(\"db<br/>sql x3\")] --> B([\"users<br>client\"])", "A <db/sql x3!> Call B <users/client>");
        check("A -- text --> B", "A Call B");
    }

    #[test]
    fn line_ends_part_paths_unless_one_goes_on() {
        check("a -> b\nc -> d", "a Call b / c Call d");
        check("a ->\n b\n -> c", "a Call b Call c");
        check("a -> (b\n, c)\n", "a Call ( b , c )");
    }
}
