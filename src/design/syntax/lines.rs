//! Physical lines to statements: comments taken out, continuation lines joined, groups found.
//!
//! A line belongs to the statement above if it is indented deeper than that statement's first line. What stands between `{` at the end
//! of a line and its `}` (D2), or between `subgraph` and `end` (Mermaid), are statements of a group, whatever their indentation.

use super::Trivia;
use super::scan::{self, Brackets};
use crate::source::Span;

/// The text without its comments, and what it falls into.
pub(super) struct Blocks {
    /// The text with comments blanked: same offsets, same length.
    pub code: String,
    pub list: Vec<Block>,
    /// Comments and blank lines after the last statement.
    pub tail: Vec<Trivia>,
}

/// A statement or the edge of a group.
pub(super) enum Block {
    Statement(Raw),
    /// A group opens; the span is its head without the brace.
    Open(Raw),
    Close,
}

/// A statement before it is understood.
pub(super) struct Raw {
    pub before: Vec<Trivia>,
    /// From its first character to the last of its last line, comments within blanked.
    pub span: Span,
    /// Comments within it or at its end.
    pub comments: Vec<Remark>,
}

/// A comment within a statement.
pub(super) struct Remark {
    /// Where it starts.
    pub offset: usize,
    pub text: String,
    /// Whether it has a line of its own.
    pub own_line: bool,
}

struct Line {
    /// The code, trimmed.
    span: Span,
    indent: usize,
    comment: Option<(usize, String)>,
    role: Role,
    /// Whether it stands behind a `;` and so continues nothing.
    starts_anew: bool,
}

/// What a line does to groups.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Plain,
    /// `name: {` with its partner: the line of the closing brace.
    OpensGroup,
    /// `name: kind {`: attributes up to that line.
    OpensAttributes(usize),
    /// `subgraph x`
    OpensSubgraph,
    Closes,
    /// Mermaid's header, or the fence around it.
    Header,
}

/// Falls `text` into statements.
pub(super) fn blocks(text: &str) -> Blocks {
    let (code, mut lines) = lines(text);
    assign_roles(&code, &mut lines);
    let mut gathering = Gathering { code: &code, blocks: Vec::new(), pending: Vec::new(), current: None };
    let mut at = 0;
    while at < lines.len() {
        at = gathering.line(&lines, at);
    }
    gathering.flush();
    let Gathering { blocks, pending, .. } = gathering;
    let tail = pending.into_iter().map(|(_, trivia)| trivia).collect();
    Blocks { code, list: blocks, tail }
}

fn lines(text: &str) -> (String, Vec<Line>) {
    let mut code = String::with_capacity(text.len());
    let mut lines = Vec::new();
    for physical in text.split_inclusive('\n') {
        let start = code.len();
        let body = physical.strip_suffix('\n').unwrap_or(physical);
        let comment = comment_start(body);
        let kept = &body[..comment.map_or(body.len(), |(at, _)| at)];
        code.push_str(kept);
        code.extend(std::iter::repeat_n(' ', body.len() - kept.len()));
        code.push_str(&physical[body.len()..]);
        let comment = comment.map(|(at, marker)| (start + at, body[at + marker..].trim().to_owned()));
        split_line(&code, Span::new(start, start + kept.len()), indent(kept), comment, &mut lines);
    }
    (code, lines)
}

/// The parts of a physical line: `;` ends a statement, and so does a brace that closes.
fn split_line(code: &str, span: Span, indent: usize, comment: Option<(usize, String)>, lines: &mut Vec<Line>) {
    let first = lines.len();
    for (number, part) in scan::split(code, span, |_, _, c| c == ';').into_iter().enumerate() {
        let mut rest = part;
        let mut parts = Vec::new();
        while rest.slice(code).starts_with('}') {
            parts.push(Span::new(rest.start, rest.start + 1));
            rest = scan::trim(code, Span::new(rest.start + 1, rest.end));
        }
        parts.push(rest);
        for span in parts.into_iter().filter(|part| !part.is_empty()) {
            lines.push(Line {
                span,
                indent,
                comment: None,
                role: Role::Plain,
                starts_anew: number > 0 || lines.len() > first,
            });
        }
    }
    if lines.len() == first {
        let span = Span::at(scan::trim(code, span).start);
        lines.push(Line { span, indent, comment: None, role: Role::Plain, starts_anew: false });
    }
    if let Some(last) = lines.last_mut() {
        last.comment = comment;
    }
}

fn indent(line: &str) -> usize {
    line.chars().take_while(|c| c.is_whitespace()).map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

/// Where the comment of a line starts, and how long its marker is: `#`, `//` or `%%` at the start or after white space.
fn comment_start(line: &str) -> Option<(usize, usize)> {
    let brackets = Brackets::new(line);
    let mut before = ' ';
    let mut at = 0;
    // Whether there was nothing but closing braces since the line's start or the last semicolon.
    let mut only_closed = true;
    while let Some(c) = line[at..].chars().next() {
        if c == '"'
            && let Some(end) = brackets.end(at)
        {
            at = end;
            before = '"';
            only_closed = false;
            continue;
        }
        if before.is_whitespace() || before == ';' || (before == '}' && only_closed) {
            let marker = if c == '#' { 1 } else { 2 };
            if c == '#' || line[at..].starts_with("//") || line[at..].starts_with("%%") {
                return Some((at, marker));
            }
        }
        only_closed = c == ';' || (only_closed && (c.is_whitespace() || c == '}'));
        before = c;
        at += c.len_utf8();
    }
    None
}

/// Pairs braces at line ends and subgraphs with what closes them.
fn assign_roles(code: &str, lines: &mut [Line]) {
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut counts = [0_usize; 2];
    for at in 0..lines.len() {
        let text = lines[at].span.slice(code);
        let closes_brace = text.starts_with('}');
        if closes_brace || text == "end" {
            if counts[usize::from(closes_brace)] == 0 {
                lines[at].role = Role::Header;
                continue;
            }
            while let Some((opener, brace)) = open.pop() {
                counts[usize::from(brace)] -= 1;
                if brace == closes_brace {
                    lines[opener].role = match lines[opener].role {
                        Role::OpensAttributes(_) => Role::OpensAttributes(at),
                        role => role,
                    };
                    break;
                }
                unclosed(code, &mut lines[opener]);
            }
            lines[at].role = Role::Closes;
        } else if let Some(role) = opening(code, lines, at) {
            let brace = role != Role::OpensSubgraph;
            lines[at].role = role;
            counts[usize::from(brace)] += 1;
            open.push((at, brace));
        } else if is_header(text) {
            lines[at].role = Role::Header;
        }
    }
    for (opener, _) in open {
        unclosed(code, &mut lines[opener]);
    }
}

/// What opens a group that is never closed opens none.
fn unclosed(code: &str, line: &mut Line) {
    let header = line.role == Role::OpensSubgraph || is_header(line.span.slice(code));
    line.role = if header { Role::Header } else { Role::Plain };
}

/// What the line opens, if it opens something; whether it is ever closed is not known yet.
fn opening(code: &str, lines: &[Line], at: usize) -> Option<Role> {
    let text = lines[at].span.slice(code);
    if text == "subgraph" || text.starts_with("subgraph ") {
        return Some(Role::OpensSubgraph);
    }
    let head = text.strip_suffix('{')?;
    if head.ends_with('/') || head.ends_with('{') || head.trim().is_empty() {
        return None;
    }
    let marks = scan::marks(head.trim_end());
    let declared = marks.colon.is_some_and(|colon| !head[colon + 1..].trim().is_empty());
    let next = lines[at + 1..].iter().find(|line| !line.span.is_empty());
    let plain = next.is_some_and(|line| is_plain_attribute(line.span.slice(code)));
    Some(if declared || marks.arrow.is_some() || plain { Role::OpensAttributes(at) } else { Role::OpensGroup })
}

/// Whether the line within braces says how a D2 shape looks: then the braces hold attributes and no group.
fn is_plain_attribute(text: &str) -> bool {
    let key = text.split([':', '.']).next().unwrap_or("").trim();
    matches!(key, "shape" | "style" | "label" | "icon" | "near" | "width" | "height" | "tooltip" | "link" | "class")
}

/// Mermaid's first line, its settings of looks that have no meaning here, and code fences.
pub(super) fn is_header(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let direction = matches!(second.trim_end_matches(';'), "TB" | "TD" | "BT" | "LR" | "RL");
    match first {
        "flowchart" | "graph" => second.is_empty() || direction,
        "direction" | "direction:" => direction || matches!(second, "right" | "left" | "up" | "down"),
        "classDef" | "linkStyle" => true,
        "class" | "style" | "click" => !second.is_empty() && !second.starts_with(['-', '~', '=', '<', '@']),
        _ => text.starts_with("```") || text == "---",
    }
}

struct Gathering<'a> {
    code: &'a str,
    blocks: Vec<Block>,
    /// Comments and blank lines since the last line of code.
    pending: Vec<(usize, Trivia)>,
    /// The statement that further lines may continue, and its indentation.
    current: Option<(Raw, usize)>,
}

impl Gathering<'_> {
    /// Takes in line `at`; the next line to look at.
    fn line(&mut self, lines: &[Line], at: usize) -> usize {
        let line = &lines[at];
        if line.span.is_empty() {
            self.trivia(line);
            return at + 1;
        }
        match line.role {
            Role::Plain => self.plain(line),
            Role::OpensAttributes(close) => {
                self.start(line);
                let (raw, _) = self.current.as_mut().expect("a statement has just been started");
                for inner in &lines[at..=close] {
                    raw.span.end = raw.span.end.max(inner.span.end);
                    raw.comments.extend(remark(inner));
                }
                // The brace ends the attributes and the statement.
                raw.span.end = lines[close].span.start + 1;
                self.flush();
                return close + 1;
            }
            Role::OpensGroup | Role::OpensSubgraph => {
                self.start(line);
                self.add_comment(line);
                let (mut raw, _) = self.current.take().expect("a statement has just been started");
                if line.role == Role::OpensGroup {
                    raw.span.end -= 1;
                }
                self.blocks.push(Block::Open(raw));
            }
            Role::Closes => {
                self.flush();
                self.blocks.push(Block::Close);
                self.add_comment(line);
            }
            Role::Header => {
                self.start(line);
                self.add_comment(line);
                self.flush();
            }
        }
        at + 1
    }

    fn trivia(&mut self, line: &Line) {
        let trivia = match &line.comment {
            Some((_, text)) => Trivia::Comment(text.clone()),
            None if matches!(self.pending.last(), Some((_, Trivia::Blank))) => return,
            None => Trivia::Blank,
        };
        self.pending.push((line.comment.as_ref().map_or(line.span.start, |(at, _)| *at), trivia));
    }

    /// A line of code, which may continue the statement above. Behind a region only names do: anything else has slipped to the right.
    fn plain(&mut self, line: &Line) {
        let marks = scan::marks(line.span.slice(self.code));
        let names = marks.colon.is_none() && marks.arrow.is_none();
        let fits = |raw: &Raw| names || !raw.span.slice(self.code).starts_with("region ");
        let continues = |(raw, indent): &(Raw, usize)| line.indent > *indent && !line.starts_anew && fits(raw);
        let continued = self.current.as_ref().is_some_and(continues);
        match self.current.as_mut().filter(|_| continued) {
            Some((raw, _)) => {
                let inner = self.pending.drain(..).filter_map(|(offset, trivia)| match trivia {
                    Trivia::Comment(text) => Some(Remark { offset, text, own_line: true }),
                    Trivia::Blank => None,
                });
                raw.comments.extend(inner);
                raw.span.end = line.span.end;
            }
            None => self.start(line),
        }
        self.add_comment(line);
    }

    fn start(&mut self, line: &Line) {
        self.flush();
        let before = self.pending.drain(..).map(|(_, trivia)| trivia).collect();
        self.current = Some((Raw { before, span: line.span, comments: Vec::new() }, line.indent));
    }

    fn add_comment(&mut self, line: &Line) {
        if let Some((raw, _)) = self.current.as_mut() {
            raw.comments.extend(remark(line));
        } else if let Some((at, text)) = &line.comment {
            self.pending.push((*at, Trivia::Comment(text.clone())));
        }
    }

    fn flush(&mut self) {
        if let Some((raw, _)) = self.current.take() {
            self.blocks.push(Block::Statement(raw));
        }
    }
}

fn remark(line: &Line) -> Option<Remark> {
    let (offset, text) = line.comment.clone()?;
    Some(Remark { offset, text, own_line: line.span.is_empty() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found = blocks(text);
        let shown: Vec<String> = found
            .list
            .iter()
            .map(|block| match block {
                Block::Statement(raw) => raw.span.slice(&found.code).split_whitespace().collect::<Vec<_>>().join(" "),
                Block::Open(raw) => format!("[{}", raw.span.slice(&found.code).trim()),
                Block::Close => "]".to_owned(),
            })
            .collect();
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn deeper_lines_continue_and_comments_are_taken_out() {
        check("a: b # c\n  , d\ne", &["a: b , d", "e"]);
        check("    a\n    b\nc", &["a", "b", "c"]);
        check("# only\n\n", &[]);
        check("a // x\n%% y\nhttp://z", &["a", "http://z"]);
        check("a \"# no\" b", &["a \"# no\" b"]);
        check("GET /{code} @ 1/s:\n\n    # why\n    web -> api\n", &["GET /{code} @ 1/s: web -> api"]);
    }

    #[test]
    fn semicolons_part_statements_outside_brackets() {
        check("a; b -> c;", &["a", "b -> c"]);
        check("A[\"x; y\"] --> B; C", &["A[\"x; y\"] --> B", "C"]);
    }

    #[test]
    fn groups_open_and_close_whatever_the_indentation() {
        check("us: {\n  a\n  b -> c\n}\nd", &["[us:", "a", "b -> c", "]", "d"]);
        check("db: sql {\n  memory: 1GB\n}\nd", &["db: sql { memory: 1GB }", "d"]);
        check(
            "flowchart LR\n  A --> B\n  subgraph x [Y]\n    C\n  end\n  D",
            &["flowchart LR", "A --> B", "[subgraph x [Y]", "C", "]", "D"],
        );
        check("a: {\nb", &["a: {", "b"]);
        check("}\nb", &["}", "b"]);
        check("x: {\n  a; } b", &["[x:", "a", "]", "b"]);
        check("a {\n  shape: cylinder\n}", &["a { shape: cylinder }"]);
    }

    #[test]
    fn blanking_keeps_every_offset() {
        let text = "é # ü\nb";
        let found = blocks(text);
        assert_eq!(found.code.len(), text.len());
        assert_eq!(found.code.find('b'), text.find('b'));
    }
}
