//! Statements: which one a stretch of text is, and its parts.

use std::collections::BTreeSet;

use super::lines::{self, Block, Raw, Remark};
use super::scan::{self, ArrowShape};
use super::tokens::{self, Token, TokenKind};
use super::{Document, FlowSyntax, Item, Path, PathLine, Piece, Statement, Trivia, heads, path};
use crate::design::diagnostics;
use crate::source::{Diagnostic, Span};

/// Most words of a component's name that stands alone on its line; more are prose.
const LONGEST_BARE_NAME: usize = 3;

/// Reads a whole text.
pub(super) fn document(text: &str, diagnostics: &mut Vec<Diagnostic>) -> Document {
    let blocks = lines::blocks(text);
    let mut reader =
        Reader { code: &blocks.code, diagnostics, items: Vec::new(), groups: Vec::new(), placed: BTreeSet::new() };
    for block in blocks.list {
        match block {
            Block::Statement(raw) => reader.statement(raw),
            Block::Open(raw) => reader.open(raw),
            Block::Close => reader.close(),
        }
    }
    while !reader.groups.is_empty() {
        reader.close();
    }
    let items = reader.items;
    Document { items, tail: blocks.tail, code: blocks.code }
}

struct Reader<'a> {
    code: &'a str,
    diagnostics: &'a mut Vec<Diagnostic>,
    items: Vec<Item>,
    /// Open groups: the index of each one's item.
    groups: Vec<usize>,
    /// Names that stand in a group already.
    placed: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn text(&self, span: Span) -> &'a str {
        span.slice(self.code)
    }

    fn piece(&self, span: Span) -> Piece {
        let span = scan::trim(self.code, span);
        Piece { text: normal(self.text(span)), span }
    }

    fn statement(&mut self, raw: Raw) {
        let Raw { before, span, comments } = raw;
        let span = self.without_open_brace(span);
        let statement = self.classify(span, &comments);
        self.push(before, span, &comments, statement);
    }

    /// The statement without braces at its end that are never closed.
    fn without_open_brace(&mut self, mut span: Span) -> Span {
        while let Some(head) = self.text(span).strip_suffix('{').filter(|head| !head.is_empty() && !head.ends_with('/'))
        {
            let brace = Span::new(span.end - 1, span.end);
            self.diagnostics.push(diagnostics::never_closed(brace, "{", "}"));
            span = scan::trim(self.code, Span::new(span.start, span.start + head.len()));
        }
        span
    }

    /// Puts a statement in; comments that its parts didn't take stand before it, the first behind code stands behind it.
    fn push(&mut self, mut before: Vec<Trivia>, span: Span, comments: &[Remark], statement: Statement) {
        let taken = match &statement {
            Statement::Flow(flow) => {
                let lines = flow.lines.first().zip(flow.lines.last());
                lines.map_or(0..0, |(first, last)| first.span.start..self.end_of_line(last.span.end) + 1)
            }
            _ => 0..0,
        };
        let is_flow = matches!(statement, Statement::Flow(_));
        let mut after = None;
        for remark in comments {
            // The lines of a flow have taken theirs.
            if taken.contains(&remark.offset) || (is_flow && remark.own_line) {
                continue;
            }
            if !remark.own_line && after.is_none() {
                after = Some(remark.text.clone());
            } else {
                before.push(Trivia::Comment(remark.text.clone()));
            }
        }
        let mut statement = statement;
        if let Some(&group) = self.groups.last() {
            self.place(group, &statement);
            if matches!(&statement, Statement::Component(declaration) if declaration.is_bare()) {
                // The group has it already.
                statement = Statement::Dropped;
            }
        }
        self.items.push(Item { before, statement, after, span, split: false });
    }

    /// Puts the names of a statement in their group.
    fn place(&mut self, group: usize, statement: &Statement) {
        let mut names = Vec::new();
        match statement {
            Statement::Component(declaration) => names.push(declaration.name.clone()),
            Statement::Flow(flow) => flow
                .lines
                .iter()
                .filter_map(|line| line.path.as_ref())
                .for_each(|path| path.boxes(&mut |one| names.push(one.name.clone()))),
            _ => {}
        }
        for name in names {
            if self.placed.insert(name.text.to_lowercase())
                && let Statement::Region { members, .. } = &mut self.items[group].statement
            {
                members.push(name);
            }
        }
    }

    fn open(&mut self, raw: Raw) {
        let head = self.text(raw.span).trim();
        let head = head.strip_prefix("subgraph").unwrap_or(head).trim();
        let head = head.strip_suffix(':').unwrap_or(head).trim_end();
        let title = head.find('[').filter(|_| head.ends_with(']')).map_or(head, |at| &head[at..]);
        let name = Piece { text: tokens::label(title), span: scan::trim(self.code, raw.span) };
        self.open_region(raw.before, raw.span, name, &raw.comments);
    }

    fn open_region(&mut self, before: Vec<Trivia>, span: Span, name: Piece, comments: &[Remark]) {
        self.groups.push(self.items.len());
        let before = before.into_iter().chain(comments.iter().map(|remark| Trivia::Comment(remark.text.clone())));
        let statement = Statement::Region { name, members: Vec::new() };
        self.items.push(Item { before: before.collect(), statement, after: None, span, split: true });
    }

    fn close(&mut self) {
        let Some(group) = self.groups.pop() else { return };
        let item = &mut self.items[group];
        if let Statement::Region { name, members } = &item.statement {
            if members.is_empty() || name.text.is_empty() {
                item.statement = Statement::Dropped;
            } else {
                self.diagnostics.push(diagnostics::group_is_region(name.span, &name.text));
            }
        }
    }

    fn broken(&mut self, diagnostic: Diagnostic) -> Statement {
        self.diagnostics.push(diagnostic);
        Statement::Broken
    }

    /// What the statement at `span` is.
    fn classify(&mut self, span: Span, comments: &[Remark]) -> Statement {
        let text = self.text(span);
        if lines::is_header(text) {
            return Statement::Dropped;
        }
        if let Some(statement) = self.stray(span) {
            return statement;
        }
        let marks = scan::marks(text);
        let mut words = text.split_whitespace();
        let (first, second) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let digit = second.starts_with(|c: char| c.is_ascii_digit() || c == '$');
        match first {
            "at" if digit => return self.event(span, marks.colon),
            "set" if marks.colon.is_none() && marks.arrow.is_none() && !second.is_empty() => return self.setting(span),
            "region" if marks.colon.is_some() && !second.is_empty() && !second.starts_with('@') => {
                return self.region(span, marks.colon);
            }
            "target" | "target:" if marks.colon.is_some_and(|colon| heads::is_target(&text[colon..])) => {
                return self.target(span, marks.colon);
            }
            _ => {}
        }
        match (marks.at, marks.arrow, marks.colon) {
            (Some(at), Some(arrow), _) if arrow < at => self.path_with_rate(span, None, at, comments),
            (Some(at), _, Some(colon)) if colon < at => self.path_with_rate(span, Some(colon), at, comments),
            (Some(_), ..) => self.flow(span, marks, comments),
            (None, Some(arrow), Some(colon)) => self.link_or_path(span, marks, arrow, colon, comments),
            (None, Some(_), None) => self.lines_of(span, None, comments),
            (None, None, Some(colon)) => self.declaration_or_flow(span, marks, colon, comments),
            (None, None, None) => self.bare(span),
        }
    }

    /// What closes nothing, or opens a group that is never closed.
    fn stray(&mut self, span: Span) -> Option<Statement> {
        let text = self.text(span);
        if text == "end" || text.starts_with('}') {
            self.diagnostics.push(diagnostics::closes_nothing(span, text.split_whitespace().next().unwrap_or(text)));
            let alone = text == "end" || text == "}";
            return Some(if alone { Statement::Dropped } else { Statement::Broken });
        }
        let subgraph = text == "subgraph" || text.starts_with("subgraph ");
        subgraph.then(|| self.broken(diagnostics::never_closed(span, "subgraph", "end")))
    }

    /// `at 30s: kill cache/0 for 20s`
    fn event(&mut self, span: Span, colon: Option<usize>) -> Statement {
        let fault = colon.map(|at| self.piece(Span::new(span.start + at + 1, span.end)));
        let (Some(colon), Some(fault)) = (colon, fault.filter(|fault| !fault.text.is_empty())) else {
            return self.broken(diagnostics::incomplete(span, "the event", "at 30s: kill cache/0 for 20s"));
        };
        let at = self.piece(Span::new(span.start + "at".len(), span.start + colon));
        let (fault, lasts) = heads::split_duration(self.code, &fault);
        Statement::Event { at, fault, lasts }
    }

    /// `set for 120s`
    fn setting(&mut self, span: Span) -> Statement {
        let rest = self.piece(Span::new(span.start + "set".len(), span.end));
        let end = self.text(rest.span).find(char::is_whitespace).map_or(rest.span.end, |at| rest.span.start + at);
        let key = self.piece(Span::new(rest.span.start, end));
        let value = self.piece(Span::new(end, rest.span.end));
        Statement::Setting { key, value }
    }

    /// `region us-east: lb, api`
    fn region(&mut self, span: Span, colon: Option<usize>) -> Statement {
        let colon = span.start + colon.unwrap_or(span.len());
        let name = self.name_piece(Span::new(span.start + "region".len(), colon));
        let members = heads::items(self.code, Span::new(colon + 1, span.end));
        let no_name = |span: &&Span| {
            let marks = scan::marks(self.text(**span));
            marks.arrow.is_some() || marks.colon.is_some()
        };
        if let Some(&bad) = members.iter().find(no_name) {
            return self.broken(diagnostics::expected_name(bad, Some(self.text(bad))));
        }
        let members: Vec<Piece> = members.into_iter().map(|span| self.name_piece(span)).collect();
        if members.is_empty() {
            return self.broken(diagnostics::incomplete(span, "the region", "region us-east: lb, api, db"));
        }
        Statement::Region { name, members }
    }

    /// `target GET /x: p99 < 200ms`
    fn target(&mut self, span: Span, colon: Option<usize>) -> Statement {
        let colon = span.start + colon.unwrap_or(span.len());
        let flow = self.name_piece(Span::new(span.start + "target".len(), colon));
        let targets = heads::items(self.code, Span::new(colon + 1, span.end));
        let targets = targets.into_iter().map(|span| self.piece(span)).collect();
        Statement::Target { flow: Some(flow).filter(|flow| !flow.text.is_empty()), targets }
    }

    /// `NAME @ RATE, ...: PATH`
    fn flow(&mut self, span: Span, marks: scan::Marks, comments: &[Remark]) -> Statement {
        let at = span.start + marks.at.unwrap_or(0);
        let Some(colon) = marks.colon.map(|at| span.start + at) else {
            return self.broken(match marks.arrow {
                Some(_) => diagnostics::missing_colon(span),
                None => diagnostics::incomplete(span, "the flow", "GET /x @ 5k/s: users -> api -> db"),
            });
        };
        let name = self.name_piece(Span::new(span.start, at));
        let mut flow = FlowSyntax { name: Some(name).filter(|name| !name.text.is_empty()), ..FlowSyntax::default() };
        self.head(&mut flow, Span::new(at + 1, colon));
        flow.lines = self.path_lines(Span::new(colon + 1, span.end), comments);
        if flow.lines.is_empty() {
            self.diagnostics.push(diagnostics::incomplete(
                Span::new(span.start, colon + 1),
                "the flow",
                "GET /x @ 5k/s: users -> api -> db",
            ));
        }
        unless_broken(flow)
    }

    /// What stands between `@` and the colon, or behind a path.
    fn head(&mut self, flow: &mut FlowSyntax, span: Span) {
        for (at, item) in heads::items(self.code, span).into_iter().enumerate() {
            let piece = self.piece(item);
            if heads::is_target(&piece.text) {
                flow.targets.push(piece);
            } else if at == 0 {
                flow.rate = Some(piece);
            } else {
                flow.attributes.extend(heads::attributes(self.code, item));
            }
        }
    }

    /// `PATH @ RATE, ...` or `NAME: PATH @ RATE, ...`
    fn path_with_rate(&mut self, span: Span, colon: Option<usize>, at: usize, comments: &[Remark]) -> Statement {
        let at = span.start + at;
        let name = colon.map(|colon| self.name_piece(Span::new(span.start, span.start + colon)));
        let start = colon.map_or(span.start, |colon| span.start + colon + 1);
        let mut flow = FlowSyntax { name: name.filter(|name| !name.text.is_empty()), ..FlowSyntax::default() };
        self.head(&mut flow, Span::new(at + 1, span.end));
        flow.lines = self.path_lines(Span::new(start, at), comments);
        if flow.rate.is_none() && flow.targets.is_empty() {
            self.diagnostics.push(diagnostics::bad_rate(Span::new(at, at + 1), ""));
        }
        unless_broken(flow)
    }

    /// A path with or without a name, and without a rate.
    fn lines_of(&mut self, span: Span, name: Option<Piece>, comments: &[Remark]) -> Statement {
        let lines = self.path_lines(span, comments);
        unless_broken(FlowSyntax { name, lines, ..FlowSyntax::default() })
    }

    /// `a -> b: timeout 200ms`; `a -> b: stream -> c` declares b; `a -> b: reads` has a label; `a -> b: 5k/s` a load.
    fn link_or_path(
        &mut self,
        span: Span,
        marks: scan::Marks,
        arrow: usize,
        colon: usize,
        comments: &[Remark],
    ) -> Statement {
        let right = scan::trim(self.code, Span::new(span.start + colon + 1, span.end));
        let left = Span::new(span.start, span.start + colon);
        let starts_with_number = self.text(right).starts_with(|c: char| c.is_ascii_digit());
        let both = scan::arrow(&self.text(span)[arrow..], ' ').is_some_and(|found| found.shape == ArrowShape::Both);
        if both && starts_with_number {
            return self.distance(left, arrow, right);
        }
        if marks.arrow_after.is_some() {
            return self.lines_of(span, None, comments);
        }
        if right.is_empty() {
            return self.broken(diagnostics::incomplete(span, "the link", "api -> db: timeout 200ms, retry 2"));
        }
        if starts_with_number {
            return self.path_with_rate(Span::new(span.start, right.end), None, colon, comments);
        }
        let attributes = heads::link_attributes(self.code, right);
        if !attributes.is_empty() {
            return match self.path_lines(left, comments).into_iter().next().and_then(|line| line.path) {
                Some(arrows) => Statement::Link { arrows, attributes },
                None => Statement::Broken,
            };
        }
        if self.may_be_kind(right) {
            return self.lines_of(span, None, comments);
        }
        self.diagnostics.push(diagnostics::label_dropped(right, self.text(right)));
        self.lines_of(left, None, comments)
    }

    /// Whether what stands behind `a -> b:` may say what b is, rather than being a label: a word or two, or a list of boxes.
    fn may_be_kind(&self, right: Span) -> bool {
        let text = self.text(right);
        let lists = scan::split(self.code, right, |_, _, c| matches!(c, ',' | '&' | '|'));
        let words = self.text(lists[0]).split_whitespace().count();
        !text.starts_with(['"', '{'])
            && (words == 1 || (words == 2 && heads::instances(text.split(' ').next_back().unwrap_or("")).is_some()))
    }

    /// `us <-> eu: 80ms`
    fn distance(&mut self, left: Span, arrow: usize, right: Span) -> Statement {
        let arrow = left.start + arrow;
        let length = scan::arrow(&self.code[arrow..], ' ').map_or(0, |found| found.length);
        let a = self.name_piece(Span::new(left.start, arrow));
        let b = self.name_piece(Span::new(arrow + length, left.end));
        Statement::Distance { a, b, round_trip: self.piece(right) }
    }

    /// `name: kind, ...`, `name: { ... }`, or `NAME: PATH`
    fn declaration_or_flow(&mut self, span: Span, marks: scan::Marks, colon: usize, comments: &[Remark]) -> Statement {
        let left = scan::trim(self.code, Span::new(span.start, span.start + colon));
        let right = scan::trim(self.code, Span::new(span.start + colon + 1, span.end));
        let name = self.name_piece(left);
        if marks.arrow_after.is_some() || heads::is_endpoint(&name.text) {
            return self.lines_of(right, Some(name), comments);
        }
        if name.text.contains(".style") || matches!(name.text.as_str(), "vars" | "classes" | "layers") {
            return Statement::Dropped;
        }
        if name.text.is_empty() || name.text.split(' ').count() > LONGEST_BARE_NAME {
            return self.broken(diagnostics::no_statement(span));
        }
        if let Some(inner) = heads::whole_braces(self.code, right) {
            return self.braces(name, inner);
        }
        Statement::Component(heads::declaration(self.code, name, right))
    }

    /// `name: { ... }` on one line: a group, or a D2 shape.
    fn braces(&mut self, name: Piece, inner: Span) -> Statement {
        let attributes = heads::attributes_in_braces(self.code, inner);
        let about_looks = attributes.iter().any(|attribute| heads::is_d2_key(&attribute.name.text));
        if about_looks {
            return Statement::Component(heads::shaped(name, attributes));
        }
        let parts = scan::split(self.code, inner, |_, _, c| matches!(c, ';' | '\n'));
        self.open_region(Vec::new(), name.span, name, &[]);
        for part in parts.into_iter().filter(|part| !part.is_empty()) {
            if let Some(text) = self.text(part).strip_prefix(['#', '%']).map(|text| text.trim_start_matches('%').trim())
            {
                let (after, statement) = (Some(text.to_owned()), Statement::Dropped);
                self.items.push(Item { before: Vec::new(), statement, after, span: part, split: false });
                continue;
            }
            let part = self.without_open_brace(part);
            let statement = self.classify(part, &[]);
            self.push(Vec::new(), part, &[], statement);
        }
        self.close();
        Statement::Dropped
    }

    /// A name alone, a Mermaid node, or `name { ... }`.
    fn bare(&mut self, span: Span) -> Statement {
        let text = self.text(span);
        if let Some(brace) = text.find(" {")
            && let Some(inner) = heads::whole_braces(self.code, Span::new(span.start + brace + 1, span.end))
        {
            let name = self.name_piece(Span::new(span.start, span.start + brace));
            return self.braces(name, inner);
        }
        let tokens = tokens::tokens(self.code, span);
        let words = tokens.iter().filter(|token| token.kind == TokenKind::Word).count();
        if words > LONGEST_BARE_NAME {
            return self.broken(diagnostics::no_statement(span));
        }
        match path::path(self.code, &tokens, span.end) {
            Ok(Path::Box(one)) if one.operation.is_none() => Statement::Component(heads::bare_declaration(one)),
            _ => self.broken(diagnostics::no_statement(span)),
        }
    }

    /// The paths of a flow, one a line, each with the comments around it. A line that is no path costs that line alone.
    fn path_lines(&mut self, span: Span, comments: &[Remark]) -> Vec<PathLine> {
        let tokens = tokens::tokens(self.code, span);
        let mut lines: Vec<PathLine> = Vec::new();
        // A comment behind the head belongs to the head.
        let start = tokens.first().map_or(span.end, |token| token.span.start);
        let mut remarks = comments.iter().filter(|remark| remark.offset > start || remark.own_line).peekable();
        for tokens in tokens.split(|token| token.kind == TokenKind::Newline) {
            let [first, .., last] = tokens else {
                lines.extend(tokens.first().map(|token| self.path_line(tokens, token.span)));
                self.attach(&mut lines, &mut remarks);
                continue;
            };
            lines.push(self.path_line(tokens, first.span.to(last.span)));
            self.attach(&mut lines, &mut remarks);
        }
        lines
    }

    fn path_line(&mut self, tokens: &[Token], span: Span) -> PathLine {
        let path = match path::path(self.code, tokens, span.end) {
            Ok(path) => Some(path),
            Err(diagnostic) => {
                self.diagnostics.push(diagnostic);
                None
            }
        };
        PathLine { before: Vec::new(), path, written: normal(self.text(span)), after: None, span }
    }

    /// Gives the last line the comments that stand before it, within it and at its end.
    fn attach<'r>(&self, lines: &mut [PathLine], remarks: &mut std::iter::Peekable<impl Iterator<Item = &'r Remark>>) {
        let Some(line) = lines.last_mut() else { return };
        let end = self.end_of_line(line.span.end);
        while let Some(remark) = remarks.next_if(|remark| remark.offset <= end) {
            if remark.offset > line.span.end && line.after.is_none() && !remark.own_line {
                line.after = Some(remark.text.clone());
            } else {
                line.before.push(Trivia::Comment(remark.text.clone()));
            }
        }
    }

    fn end_of_line(&self, offset: usize) -> usize {
        self.code[offset..].find('\n').map_or(self.code.len(), |at| offset + at)
    }

    /// A name, its quotation marks taken off.
    fn name_piece(&self, span: Span) -> Piece {
        let piece = self.piece(span);
        let bare = piece.text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&piece.text);
        // A lone quotation mark could never be written back.
        Piece { text: bare.trim().replace('"', "'"), span: piece.span }
    }
}

/// The flow, unless none of its lines is a path.
fn unless_broken(flow: FlowSyntax) -> Statement {
    if flow.lines.iter().all(|line| line.path.is_none()) { Statement::Broken } else { Statement::Flow(flow) }
}

/// `text` with each run of white space as one space.
pub(super) fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
