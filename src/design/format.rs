//! The canonical form of a text: one way to write each construct, comments kept, meaning kept.
//!
//! What could not be understood stands as it was written.

mod comments;
mod names;
mod paths;
mod wrap;

use unicode_width::UnicodeWidthStr;

use comments::MARK;
use names::{flow_name, name, value};
use paths::path;
use wrap::wrapped;

use super::reading::Variables;
use super::schema::kebab;
use super::syntax::{
    self, AttributeSyntax, Declaration, Document, FlowSyntax, Item, PathLine, Piece, Statement, Trivia,
};
use super::targets;

/// Longest name that a column of declarations is aligned for, cells.
const LONGEST_ALIGNED: usize = 16;

/// The text in canonical form: D2's and Mermaid's ways become the language's, declarations under each other are aligned, comments stay.
/// Formatting twice changes nothing.
pub fn format(text: &str) -> String {
    if !text.contains(MARK) {
        return formatted(text);
    }
    // The formatter's mark stands in the text: another character of its sort does duty for it meanwhile.
    let Some(other) = ('\u{e000}'..MARK).find(|other| !text.contains(*other)) else { return text.to_owned() };
    formatted(&text.replace(MARK, &other.to_string())).replace(other, &MARK.to_string())
}

fn formatted(text: &str) -> String {
    let (document, _) = syntax::parse(text);
    let mut printer = Printer { code: &document.code, out: String::with_capacity(text.len() + text.len() / 8) };
    printer.document(&document);
    comments::aligned(&printer.out)
}

struct Printer<'a> {
    /// The text without its comments.
    code: &'a str,
    out: String,
}

impl Printer<'_> {
    fn document(&mut self, document: &Document) {
        let mut at = 0;
        while let Some(item) = document.items.get(at) {
            // What was one statement in the text stays together.
            let together = |other: &&Item| item.split && other.split && other.span == item.span;
            let parts = 1 + document.items[at + 1..].iter().take_while(together).count();
            self.trivia(&item.before);
            self.items(&document.items, at..at + parts);
            at += parts;
        }
        self.trivia(&document.tail);
        let end = self.out.trim_end().len();
        self.out.truncate(end);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Comments on lines of their own, and single blank lines between what there is.
    fn trivia(&mut self, before: &[Trivia]) {
        for trivia in before {
            match trivia {
                Trivia::Comment(text) => {
                    self.out.push_str(&comment(text));
                    self.out.push('\n');
                }
                Trivia::Blank if self.out.is_empty() || self.out.ends_with("\n\n") => {}
                Trivia::Blank => self.out.push('\n'),
            }
        }
    }

    /// Statements in canonical form, if that reads back as the same; else as they were written.
    fn items(&mut self, items: &[Item], range: std::ops::Range<usize>) {
        let start = self.out.len();
        for (number, item) in items[range.clone()].iter().enumerate() {
            if number > 0 {
                self.trivia(&item.before);
            }
            let text = match &item.statement {
                Statement::Flow(flow) => flow_text(flow, item.after.as_deref()),
                Statement::Broken => self.verbatim(std::slice::from_ref(item)),
                Statement::Dropped => {
                    item.after.as_deref().map_or(String::new(), |after| with_comment("", Some(after), ""))
                }
                statement => with_comment(
                    &statement_text(statement, aligned_width(items, range.start + number)),
                    item.after.as_deref(),
                    "",
                ),
            };
            if !matches!(item.statement, Statement::Broken | Statement::Dropped) && !reads_back(&text, &item.statement)
            {
                self.out.truncate(start);
                let written = self.verbatim(&items[range]);
                self.out.push_str(&written);
                return;
            }
            self.out.push_str(text.trim_start());
        }
    }

    /// A statement as it was written, its comments before it but for one at the end of its only line.
    fn verbatim(&self, items: &[Item]) -> String {
        let Some(item) = items.first() else { return String::new() };
        let lines: Vec<&str> =
            item.span.slice(self.code).lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
        let mut remarks: Vec<&str> = Vec::new();
        for (number, item) in items.iter().enumerate() {
            let before = item.before.iter().filter(|_| number > 0);
            let of_lines = match &item.statement {
                Statement::Flow(flow) => flow.lines.as_slice(),
                _ => &[],
            };
            let inner = of_lines
                .iter()
                .flat_map(|line| line.before.iter().map(Some).chain([None]).zip(std::iter::repeat(line)));
            remarks.extend(before.filter_map(text_of));
            for (trivia, line) in inner {
                remarks.extend(trivia.map_or(line.after.as_deref(), text_of));
            }
            remarks.extend(item.after.as_deref());
        }
        let behind = if let ([_], [_]) = (lines.as_slice(), remarks.as_slice()) { remarks.pop() } else { None };
        let mut text = String::new();
        for remark in remarks {
            text.push_str(&comment(remark));
            text.push('\n');
        }
        text + &with_comment(&lines.join("\n"), behind, "")
    }
}

fn text_of(trivia: &Trivia) -> Option<&str> {
    match trivia {
        Trivia::Comment(text) => Some(text),
        Trivia::Blank => None,
    }
}

/// Whether a text says what the statement says and nothing else.
fn reads_back(text: &str, statement: &Statement) -> bool {
    let (document, _) = syntax::parse(&text.replace(MARK, "  "));
    matches!(document.items.as_slice(), [item] if canonical(&item.statement) == canonical(statement))
}

/// The statement with attribute names and targets spelt the one way there is.
fn canonical(statement: &Statement) -> Statement {
    let mut statement = statement.clone();
    match &mut statement {
        Statement::Component(declaration) => spell(&mut declaration.attributes),
        Statement::Link { attributes, .. } => spell(attributes),
        Statement::Target { targets, .. } => targets.iter_mut().for_each(|piece| piece.text = target(piece)),
        Statement::Flow(flow) => {
            spell(&mut flow.attributes);
            flow.targets.iter_mut().for_each(|piece| piece.text = target(piece));
            for path in flow.lines.iter_mut().filter_map(|line| line.path.as_mut()) {
                path.boxes_mut(&mut |one| spell(&mut one.attributes));
            }
        }
        _ => {}
    }
    statement
}

fn spell(attributes: &mut [AttributeSyntax]) {
    for attribute in attributes {
        attribute.name.text = kebab(&attribute.name.text);
    }
}

/// A line with the comment behind it, or before it if a lone quotation mark would take it in.
fn with_comment(text: &str, after: Option<&str>, indent: &str) -> String {
    match after.map(comment) {
        None => format!("{indent}{text}\n"),
        Some(after) if text.is_empty() => format!("{indent}{after}\n"),
        Some(after) if text.matches('"').count() % 2 == 1 => format!("{indent}{after}\n{indent}{text}\n"),
        Some(after) => {
            let (first, rest) =
                text.split_once('\n').map_or((text, String::new()), |(first, rest)| (first, format!("\n{rest}")));
            format!("{indent}{first}{MARK}{after}{rest}\n")
        }
    }
}

/// A statement on one line.
fn statement_text(statement: &Statement, width: usize) -> String {
    match statement {
        Statement::Component(declaration) => wrapped(&component(declaration, width)),
        Statement::Link { arrows, attributes } => wrapped(&format!("{}: {}", path(arrows), list(attributes))),
        Statement::Region { name: region, members } => {
            let members: Vec<String> = members.iter().map(|member| name(&member.text)).collect();
            format!("region {}: {}", name(&region.text), members.join(", "))
        }
        Statement::Distance { a, b, round_trip } => {
            format!("{} <-> {}: {}", name(&a.text), name(&b.text), round_trip.text)
        }
        Statement::Event { at, fault, lasts } => {
            let lasts = lasts.as_ref().map_or(String::new(), |lasts| format!(" for {}", lasts.text));
            format!("at {}: {}{lasts}", at.text, fault.text)
        }
        Statement::Setting { key, value } => format!("set {} {}", key.text, value.text).trim_end().to_owned(),
        Statement::Target { flow, targets } => {
            let flow = flow.as_ref().map_or(String::new(), |flow| format!(" {}", flow_name(&flow.text)));
            let targets: Vec<String> = targets.iter().map(target).collect();
            format!("target{flow}: {}", targets.join(", "))
        }
        Statement::Flow(_) | Statement::Broken | Statement::Dropped => String::new(),
    }
}

/// A flow with a head has its path below, indented; one without is its path.
fn flow_text(flow: &FlowSyntax, after: Option<&str>) -> String {
    let head = head(flow);
    let named = flow.name.as_ref().map(|name| flow_name(&name.text));
    let mut text = String::new();
    let lines = match (named, flow.lines.as_slice()) {
        (None, [only]) => {
            text.push_str(&comments(&only.before, ""));
            let path = if head.is_empty() { line_text(only) } else { format!("{} @ {head}", line_text(only)) };
            text.push_str(&with_comment(&path, only.after.as_deref().or(after), ""));
            &[]
        }
        (None, [first, rest @ ..]) if head.is_empty() => {
            text.push_str(&comments(&first.before, ""));
            text.push_str(&with_comment(&line_text(first), first.after.as_deref().or(after), ""));
            rest
        }
        (Some(named), [only]) if head.is_empty() && only.before.is_empty() => {
            text.push_str(&with_comment(&format!("{named}: {}", line_text(only)), only.after.as_deref().or(after), ""));
            &[]
        }
        (named, lines) => {
            let head = if head.is_empty() { String::new() } else { format!("@ {head}") };
            let named = named.unwrap_or_default();
            let space = if named.is_empty() || head.is_empty() { "" } else { " " };
            text.push_str(&with_comment(&format!("{named}{space}{head}:"), after, ""));
            lines
        }
    };
    for line in lines {
        text.push_str(&comments(&line.before, "    "));
        text.push_str(&with_comment(&line_text(line), line.after.as_deref(), "    "));
    }
    text
}

/// Comments on lines of their own.
fn comments(before: &[Trivia], indent: &str) -> String {
    let lines = before.iter().filter_map(|trivia| match trivia {
        Trivia::Comment(text) => Some(format!("{indent}{}\n", comment(text))),
        Trivia::Blank => None,
    });
    lines.collect()
}

fn comment(text: &str) -> String {
    if text.is_empty() { "#".to_owned() } else { format!("# {text}") }
}

fn line_text(line: &PathLine) -> String {
    line.path.as_ref().map_or_else(|| line.written.clone(), path)
}

/// The widest name of the declarations that stand under each other around `at`.
fn aligned_width(items: &[Item], at: usize) -> usize {
    let name_width = |item: &Item| match &item.statement {
        Statement::Component(declaration) if !declaration.is_bare() => {
            Some(name(&declaration.name.text).width()).filter(|width| *width <= LONGEST_ALIGNED)
        }
        _ => None,
    };
    let Some(own) = name_width(&items[at]) else { return 0 };
    let apart = |item: &Item| item.before.contains(&Trivia::Blank);
    let dropped = |item: &&Item| matches!(item.statement, Statement::Dropped) && !apart(item);
    // Far neighbours are left out, which keeps this linear.
    let mut widest = own;
    let mut below = &items[at];
    for item in items[..at].iter().rev().filter(|item| !dropped(item)).take(40) {
        match name_width(item).filter(|_| !apart(below)) {
            Some(width) => widest = widest.max(width),
            None => break,
        }
        below = item;
    }
    let under = items[at + 1..].iter().filter(|item| !dropped(item)).take(40);
    under.map_while(|item| name_width(item).filter(|_| !apart(item))).fold(widest, usize::max)
}

fn component(declaration: &Declaration, width: usize) -> String {
    let named = name(&declaration.name.text);
    if declaration.is_bare() {
        return named;
    }
    if let (None, Some(count), []) = (&declaration.kind, declaration.instances, declaration.attributes.as_slice()) {
        return format!("{named} x{}", count.value);
    }
    let mut parts = Vec::new();
    let count = declaration.instances.map(|count| format!("x{}", count.value));
    let kind = declaration.kind.as_ref().map(|kind| kind.text.clone());
    let what: Vec<String> = kind.into_iter().chain(count).collect();
    if !what.is_empty() {
        parts.push(what.join(" "));
    }
    let attributes = list(&declaration.attributes);
    parts.extend(Some(attributes).filter(|attributes| !attributes.is_empty()));
    let padding = " ".repeat(width.saturating_sub(named.width()));
    format!("{named}: {padding}{}", parts.join(", "))
}

/// What stands between `@` and the colon.
fn head(flow: &FlowSyntax) -> String {
    let rate = flow.rate.iter().map(|rate| rate.text.clone());
    let attributes = Some(list(&flow.attributes)).filter(|attributes| !attributes.is_empty());
    rate.chain(attributes).chain(flow.targets.iter().map(target)).collect::<Vec<_>>().join(", ")
}

/// Attributes between commas; a shard key stands right behind what it divides: `shards 4 by code`.
fn list(attributes: &[AttributeSyntax]) -> String {
    let mut text = String::new();
    for (at, one) in attributes.iter().enumerate() {
        let key = at > 0 && one.name.text == "by" && !attributes[at - 1].value.text.is_empty();
        text.push_str(if at == 0 {
            ""
        } else if key {
            " "
        } else {
            ", "
        });
        text.push_str(&attribute(one));
    }
    text
}

fn attribute(attribute: &AttributeSyntax) -> String {
    let key = kebab(&attribute.name.text);
    if attribute.value.text.is_empty() { key } else { format!("{key} {}", value(&attribute.value.text)) }
}

/// A target in the words of the load testers; as written if it is none.
fn target(piece: &Piece) -> String {
    targets::read_target(&piece.text, 0, &Variables::new()).map_or_else(|_| piece.text.clone(), |target| target.text)
}
