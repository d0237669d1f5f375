//! CommonMark events -> a tree of blocks.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::Role;
use crate::source::printable;

/// A piece of running text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inline {
    /// The text.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// Where it leads, for the text of a link.
    pub target: Option<String>,
    /// Whether the line ends here whatever the width.
    pub hard_break: bool,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading and its level, from 1.
    Heading(u8, Vec<Inline>),
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A list: the first number if it is ordered, and its items.
    List(Option<u64>, Vec<Vec<Block>>),
    /// Quoted blocks.
    Quote(Vec<Block>),
    /// Code: its language and its text.
    Code(String, String),
    /// A table: head first; every row as long as the alignments.
    Table {
        /// Whether each column is flushed right.
        right: Vec<bool>,
        /// Rows of cells, the head first.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A line across.
    Rule,
}

/// The blocks of `markdown`. Control characters are replaced; HTML is shown as text.
pub fn blocks(markdown: &str) -> Vec<Block> {
    let clean = printable(markdown);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut builder = Builder::default();
    for event in Parser::new_ext(&clean, options) {
        builder.event(event);
    }
    builder.finish()
}

/// What is being built: closed by the matching end event.
enum Open {
    Blocks(Container, Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
    Code(String, String),
    Table { right: Vec<bool>, rows: Vec<Vec<Vec<Inline>>> },
}

#[derive(Clone, Copy, PartialEq)]
enum Container {
    Document,
    Item,
    Quote,
}

struct Builder {
    open: Vec<Open>,
    inlines: Vec<Inline>,
    roles: Vec<Role>,
    target: Option<String>,
}

impl Default for Builder {
    fn default() -> Self {
        let open = vec![Open::Blocks(Container::Document, Vec::new())];
        Self { open, inlines: Vec::new(), roles: Vec::new(), target: None }
    }
}

impl Builder {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::Code(text) => self.inline(&text, Role::Code),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => {
                if let Some(last) = self.inlines.last_mut() {
                    last.hard_break = true;
                }
            }
            Event::Rule => self.block(Block::Rule),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Emphasis => self.roles.push(Role::Emphasis),
            Tag::Strong => self.roles.push(Role::Strong),
            Tag::Strikethrough => self.roles.push(Role::Struck),
            Tag::Link { dest_url, .. } => {
                self.roles.push(Role::Link);
                self.target = Some(dest_url.into_string());
            }
            Tag::Image { .. } => {
                self.text("[image: ");
                self.roles.push(Role::Emphasis);
            }
            Tag::BlockQuote(_) => self.open_blocks(Container::Quote),
            Tag::List(first) => {
                self.flush_paragraph();
                self.open.push(Open::List(first, Vec::new()));
            }
            Tag::Item => self.open_blocks(Container::Item),
            Tag::CodeBlock(kind) => {
                self.flush_paragraph();
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.open.push(Open::Code(language, String::new()));
            }
            Tag::Table(alignments) => {
                let right = alignments.iter().map(|alignment| *alignment == Alignment::Right).collect();
                self.open.push(Open::Table { right, rows: Vec::new() });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(Open::Table { rows, .. }) = self.open.last_mut() {
                    rows.push(Vec::new());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.roles.pop();
            }
            TagEnd::Link => {
                self.roles.pop();
                self.target = None;
            }
            TagEnd::Image => {
                self.roles.pop();
                self.text("]");
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush_paragraph(),
            TagEnd::Heading(level) => {
                let inlines = std::mem::take(&mut self.inlines);
                self.block(Block::Heading(level as u8, inlines));
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inlines);
                if let Some(Open::Table { rows, .. }) = self.open.last_mut()
                    && let Some(row) = rows.last_mut()
                {
                    row.push(cell);
                }
            }
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item | TagEnd::CodeBlock | TagEnd::Table => self.close(),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(Open::Code(_, code)) = self.open.last_mut() {
            code.push_str(text);
            return;
        }
        let role = self.roles.last().copied().unwrap_or(Role::Text);
        self.inline(text, role);
    }

    fn inline(&mut self, text: &str, role: Role) {
        let target = self.target.clone();
        self.inlines.push(Inline { text: text.to_owned(), role, target, hard_break: false });
    }

    fn open_blocks(&mut self, container: Container) {
        self.flush_paragraph();
        self.open.push(Open::Blocks(container, Vec::new()));
    }

    fn flush_paragraph(&mut self) {
        if !self.inlines.is_empty() {
            let inlines = std::mem::take(&mut self.inlines);
            self.block(Block::Paragraph(inlines));
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(Open::Blocks(_, blocks)) = self.open.iter_mut().rev().find(|open| matches!(open, Open::Blocks(..)))
        {
            blocks.push(block);
        }
    }

    fn close(&mut self) {
        self.flush_paragraph();
        match self.open.pop() {
            Some(Open::Blocks(Container::Quote, blocks)) => self.block(Block::Quote(blocks)),
            Some(Open::Blocks(Container::Item, blocks)) => {
                if let Some(Open::List(_, items)) = self.open.last_mut() {
                    items.push(blocks);
                }
            }
            Some(Open::Blocks(Container::Document, blocks)) => {
                self.open.push(Open::Blocks(Container::Document, blocks));
            }
            Some(Open::List(first, items)) => self.block(Block::List(first, items)),
            Some(Open::Code(language, text)) => self.block(Block::Code(language, text)),
            Some(Open::Table { right, rows }) => self.block(Block::Table { right, rows }),
            None => {}
        }
    }

    fn finish(mut self) -> Vec<Block> {
        while self.open.len() > 1 {
            self.close();
        }
        self.flush_paragraph();
        match self.open.pop() {
            Some(Open::Blocks(_, blocks)) => blocks,
            _ => Vec::new(),
        }
    }
}
