//! Markdown as role-tagged spans: cards, problems, the guide.
//!
//! Text comes in as CommonMark with tables; it goes out as lines of spans that fit a width. A span says what it is (a heading, code, a
//! link), never what colour that is: the terminal and the plain printer decide.

mod block;
mod code;
mod layout;
mod table;
mod wrap;
mod write;

pub use block::{Block, Inline, blocks};
pub use layout::{Document, Link, layout, plain, plain_text, targets};
pub use write::{code_span, escape, fence};

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Running text.
    Text,
    /// A heading of this level, from 1.
    Heading(u8),
    /// Strong emphasis.
    Strong,
    /// Emphasis.
    Emphasis,
    /// Struck through.
    Struck,
    /// Code in running text, or plain code in a block.
    Code,
    /// A keyword or arrow in a code block.
    Keyword,
    /// A literal in a code block: a string or a number with its unit.
    Literal,
    /// A comment in a code block.
    Comment,
    /// The text of a link.
    Link,
    /// Quoted text.
    Quote,
    /// A bullet, a number of a list, a rule, the lines of a table.
    Mark,
}

/// A piece of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The text, free of control characters.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// Index into [`Document::links`], for the text of a link.
    pub link: Option<usize>,
}

/// One line, no wider than was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Pieces from left to right.
    pub spans: Vec<Span>,
}

impl Line {
    /// The line's text without roles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Width in terminal cells.
    pub fn width(&self) -> usize {
        self.spans.iter().map(|span| unicode_width::UnicodeWidthStr::width(span.text.as_str())).sum()
    }

    fn push(&mut self, text: &str, role: Role, link: Option<usize>) {
        if text.is_empty() {
            return;
        }
        match self.spans.last_mut() {
            Some(last) if last.role == role && last.link == link => last.text.push_str(text),
            _ => self.spans.push(Span { text: text.to_owned(), role, link }),
        }
    }
}
