//! Blocks -> lines of spans that fit a width.

use unicode_width::UnicodeWidthStr;

use super::block::{Block, Inline, blocks};
use super::wrap::{Piece, wrap};
use super::{Line, Role, code, table};

/// What stands before a line of code.
const CODE_INDENT: &str = "  ";

/// A laid-out document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Lines from top to bottom.
    pub lines: Vec<Line>,
    /// The links that spans point into, in the order of the text.
    pub links: Vec<Link>,
}

/// A link and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What it leads to, as written.
    pub target: String,
    /// Its text.
    pub text: String,
    /// The first line that shows it.
    pub line: usize,
}

/// `markdown` laid out in `width` cells. A line of code that is wider goes on in the next, indented a little more.
pub fn layout(markdown: &str, width: usize) -> Document {
    let mut layouter = Layouter::default();
    layouter.blocks(&blocks(markdown), width.max(8), &Indent::default());
    layouter.finish()
}

/// The first paragraph-like text of `markdown` on one line, without any mark-up: for lists and search results.
pub fn plain(markdown: &str) -> String {
    let text = |inlines: &[Inline]| inlines.iter().map(|inline| inline.text.as_str()).collect::<String>();
    blocks(markdown)
        .iter()
        .find_map(|block| match block {
            Block::Paragraph(inlines) => Some(text(inlines)),
            _ => None,
        })
        .unwrap_or_default()
}

/// The whole text of `markdown` without any mark-up, a line a paragraph, item or cell.
pub fn plain_text(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    plain_blocks(&blocks(markdown), &mut out);
    out
}

fn plain_blocks(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Heading(_, inlines) | Block::Paragraph(inlines) => plain_line(inlines, out),
            Block::Table { rows, .. } => {
                for cell in rows.iter().flatten() {
                    plain_line(cell, out);
                }
            }
            Block::Code(_, text) => out.push_str(text),
            Block::List(_, items) => {
                for item in items {
                    plain_blocks(item, out);
                }
            }
            Block::Quote(blocks) => plain_blocks(blocks, out),
            Block::Rule => {}
        }
    }
}

fn plain_line(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        out.push_str(&inline.text);
    }
    out.push('\n');
}

/// What the links of `markdown` lead to, in the order of the text.
pub fn targets(markdown: &str) -> Vec<String> {
    layout(markdown, 200).links.into_iter().map(|link| link.target).collect()
}

/// What stands before the lines of a block: once before the first, then before each other one.
#[derive(Clone, Default)]
struct Indent {
    first: Vec<(String, Role)>,
    rest: Vec<(String, Role)>,
}

impl Indent {
    fn width(&self) -> usize {
        self.rest.iter().map(|(text, _)| text.width()).sum()
    }

    /// This indent, with `first` before the first line of what follows and as much space before the others.
    fn hanging(&self, first: &str, role: Role) -> Self {
        let mut indent = self.clone();
        indent.first.push((first.to_owned(), role));
        indent.rest.push((" ".repeat(first.width()), Role::Text));
        indent
    }

    fn quoted(&self) -> Self {
        let mut indent = self.clone();
        indent.first.push(("│ ".to_owned(), Role::Mark));
        indent.rest.push(("│ ".to_owned(), Role::Mark));
        indent
    }

    /// The same indent after its first line.
    fn continued(&self) -> Self {
        Self { first: self.rest.clone(), rest: self.rest.clone() }
    }
}

#[derive(Default)]
struct Layouter {
    document: Document,
    quoted: bool,
}

impl Layouter {
    fn blocks(&mut self, blocks: &[Block], width: usize, indent: &Indent) {
        let mut indent = indent.clone();
        for (at, block) in blocks.iter().enumerate() {
            let tight = matches!(block, Block::List(..)) && at > 0 && indent.width() > 0;
            if at > 0 && !tight {
                self.emit(Line::default(), &indent);
            }
            self.block(block, width, &indent);
            indent = indent.continued();
        }
    }

    fn block(&mut self, block: &Block, width: usize, indent: &Indent) {
        let inner = width.saturating_sub(indent.width()).max(8);
        match block {
            Block::Heading(level, inlines) => {
                let pieces = self.pieces(inlines, Some(Role::Heading(*level)));
                self.emit_all(wrap(&pieces, inner), indent);
            }
            Block::Paragraph(inlines) => {
                let role = self.quoted.then_some(Role::Quote);
                let pieces = self.pieces(inlines, role);
                self.emit_all(wrap(&pieces, inner), indent);
            }
            Block::List(first, items) => self.list(*first, items, width, indent),
            Block::Quote(blocks) => {
                let outer = std::mem::replace(&mut self.quoted, true);
                self.blocks(blocks, width, &indent.quoted());
                self.quoted = outer;
            }
            Block::Code(language, text) => {
                let lines = text.trim_end_matches('\n').split('\n');
                let room = inner.saturating_sub(CODE_INDENT.len()).max(8);
                let highlighted = |line: &str| code::highlight(&line.replace('\t', "    "), language);
                let lines = lines.flat_map(|line| code::folded(highlighted(line), room)).collect();
                self.emit_all(lines, &indent.hanging(CODE_INDENT, Role::Text));
            }
            Block::Table { right, rows } => {
                let rows: Vec<Vec<Vec<Piece>>> =
                    rows.iter().map(|row| row.iter().map(|cell| self.pieces(cell, None)).collect()).collect();
                self.emit_all(table::table(&rows, right, inner), indent);
            }
            Block::Rule => {
                let mut line = Line::default();
                line.push(&"─".repeat(inner), Role::Mark, None);
                self.emit(line, indent);
            }
        }
    }

    fn list(&mut self, first: Option<u64>, items: &[Vec<Block>], width: usize, indent: &Indent) {
        let loose =
            items.iter().any(|item| item.iter().filter(|block| matches!(block, Block::Paragraph(_))).count() > 1);
        let mut indent = indent.clone();
        for (at, item) in items.iter().enumerate() {
            if loose && at > 0 {
                self.emit(Line::default(), &indent.continued());
            }
            let mark = match first {
                Some(number) => format!("{}. ", number + at as u64),
                None => "• ".to_owned(),
            };
            self.blocks(item, width, &indent.hanging(&mark, Role::Mark));
            indent = indent.continued();
        }
    }

    fn pieces(&mut self, inlines: &[Inline], role: Option<Role>) -> Vec<Piece> {
        let mut pieces = Vec::with_capacity(inlines.len());
        for inline in inlines {
            let link = inline.target.as_ref().map(|target| self.link(target, &inline.text));
            let kept = match (inline.role, role) {
                (Role::Text, Some(role)) => role,
                (own, Some(heading @ Role::Heading(_))) if own != Role::Code => heading,
                (own, _) => own,
            };
            pieces.push(Piece { text: inline.text.clone(), role: kept, link, hard_break: inline.hard_break });
        }
        pieces
    }

    fn link(&mut self, target: &str, text: &str) -> usize {
        let links = &mut self.document.links;
        links.push(Link { target: target.to_owned(), text: text.to_owned(), line: usize::MAX });
        links.len() - 1
    }

    fn emit_all(&mut self, lines: Vec<Line>, indent: &Indent) {
        let mut indent = indent.clone();
        for line in lines {
            self.emit(line, &indent);
            indent = indent.continued();
        }
    }

    fn emit(&mut self, line: Line, indent: &Indent) {
        let mut out = Line::default();
        if line.spans.is_empty() {
            // An empty line keeps the bars of a quote and no trailing blanks.
            let bars = indent.rest.iter().rposition(|(_, role)| *role == Role::Mark).map_or(0, |at| at + 1);
            for (text, role) in &indent.rest[..bars] {
                out.push(text.trim_end(), *role, None);
            }
        } else {
            for (text, role) in &indent.first {
                out.push(text, *role, None);
            }
        }
        let at = self.document.lines.len();
        for span in line.spans {
            if let Some(link) = span.link {
                let first = &mut self.document.links[link].line;
                *first = (*first).min(at);
            }
            out.push(&span.text, span.role, span.link);
        }
        self.document.lines.push(out);
    }

    fn finish(self) -> Document {
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, width: usize, expected: &str) {
        let lines: Vec<String> =
            layout(markdown, width).lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        assert_eq!(lines.join("\n"), expected.trim_matches('\n'), "{markdown}");
    }

    #[test]
    fn paragraphs_wrap_and_lists_hang() {
        check("one two three four", 9, "one two\nthree\nfour");
        check("- alpha beta gamma\n- delta", 13, "• alpha beta\n  gamma\n• delta");
        check("1. a\n2. b\n   - c", 20, "1. a\n2. b\n   • c");
        check("> quoted words here", 14, "│ quoted words\n│ here");
        check("# Title\n\ntext", 20, "Title\n\ntext");
    }

    #[test]
    fn a_wide_word_is_broken_and_wide_characters_count_double() {
        check("abcdefghijkl", 8, "abcdefgh\nijkl");
        check("漢字漢字漢字", 8, "漢字漢字\n漢字");
    }

    #[test]
    fn tables_fit_the_width() {
        let table = "| metric | value |\n|---|---:|\n| reads per second | 50,000 |\n";
        check(table, 40, "metric           │  value\n─────────────────┼───────\nreads per second │ 50,000");
        for width in 12..60 {
            let document = layout(table, width);
            assert!(document.lines.iter().all(|line| line.width() <= width.max(LEAST_TABLE)), "width {width}");
        }
    }

    #[test]
    fn a_table_whose_head_is_empty_has_none() {
        check(
            "| | |\n|---|---:|\n| a day | 86,400 s |\n| a year | 31.5M s |\n",
            40,
            "a day  │ 86,400 s\na year │  31.5M s",
        );
        check("| | L4 |\n|---|---|\n| sees | ports |\n", 40, "     │ L4\n─────┼──────\nsees │ ports");
    }

    /// Two columns at their least and the gap between.
    const LEAST_TABLE: usize = 12;

    #[test]
    fn code_is_kept_as_it_is_and_told_apart() {
        let document = layout("```dry\na -> b @ 5k/s # load\n```", 24);
        assert_eq!(document.lines[0].text(), "  a -> b @ 5k/s # load");
        let roles: Vec<Role> = document.lines[0].spans.iter().map(|span| span.role).collect();
        assert!(roles.contains(&Role::Keyword) && roles.contains(&Role::Literal) && roles.contains(&Role::Comment));
    }

    #[test]
    fn code_that_is_too_wide_goes_on_in_the_next_line() {
        check("```text\nabcdefghijklmnop\n  x\n```", 12, "  abcdefghij\n    klmnop\n    x");
        check("```text\n  alpha beta gamma delta\n```", 20, "    alpha beta gamma\n      delta");
        check("```text\nalpha beta gammadelta\n```", 20, "  alpha beta\n    gammadelta");
        check("```text\na bcdefghijklmnopqrstuv\n```", 20, "  a bcdefghijklmnopq\n    rstuv");
    }

    #[test]
    fn a_table_with_no_room_for_its_words_is_told_row_by_row() {
        let table =
            "| System | Placement |\n|---|---|\n| Cassandra | token ring with virtual nodes |\n| Kafka | murmur2 |\n";
        check(table, 20, "Cassandra\n  Placement: token\n  ring with virtual\n  nodes\n\nKafka\n  Placement: murmur2");
        check(
            table,
            30,
            "System    │ Placement\n──────────┼───────────────────\nCassandra │ token ring with\n          │ virtual nodes\nKafka     │ murmur2",
        );
    }

    #[test]
    fn links_know_their_line_and_escape_sequences_are_gone() {
        let document = layout("first\n\nsee [redis](redis) \u{1b}[31m", 20);
        assert_eq!(document.links, [Link { target: "redis".to_owned(), text: "redis".to_owned(), line: 2 }]);
        assert!(!document.lines[2].text().contains('\u{1b}'));
    }
}
