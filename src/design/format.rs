//! The canonical form of a text: one way to write each construct, comments kept, meaning kept.
//!
//! What could not be understood stands as it was written.

mod names;
mod paths;

use unicode_width::UnicodeWidthStr;

use names::{flow_name, name, value};
use paths::path;

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
    let (document, _) = syntax::parse(text);
    let mut printer = Printer { text, out: String::with_capacity(text.len() + text.len() / 8) };
    printer.document(&document);
    printer.out
}

struct Printer<'a> {
    text: &'a str,
    out: String,
}

impl Printer<'_> {
    fn document(&mut self, document: &Document) {
        for (at, item) in document.items.iter().enumerate() {
            self.trivia(&item.before, "");
            let width = aligned_width(&document.items, at);
            self.item(item, width);
        }
        self.trivia(&document.tail, "");
        let end = self.out.trim_end().len();
        self.out.truncate(end);
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    /// Comments on lines of their own, and single blank lines between what there is.
    fn trivia(&mut self, before: &[Trivia], indent: &str) {
        for trivia in before {
            match trivia {
                Trivia::Comment(text) => self.line(indent, &comment(text), None),
                Trivia::Blank if self.out.is_empty() || self.out.ends_with("\n\n") => {}
                Trivia::Blank => self.out.push('\n'),
            }
        }
    }

    fn line(&mut self, indent: &str, text: &str, after: Option<&str>) {
        self.out.push_str(indent);
        self.out.push_str(text);
        if let Some(after) = after {
            self.out.push_str("  ");
            self.out.push_str(&comment(after));
        }
        self.out.push('\n');
    }

    fn item(&mut self, item: &Item, width: usize) {
        let after = item.after.as_deref();
        let text = match &item.statement {
            Statement::Component(declaration) => component(declaration, width),
            Statement::Flow(flow) => return self.flow(flow, after),
            Statement::Link { arrows, attributes } => format!("{}: {}", path(arrows), list(attributes)),
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
            Statement::Broken => item.span.slice(self.text).to_owned(),
            Statement::Dropped => {
                if let Some(after) = after {
                    self.line("", &comment(after), None);
                }
                return;
            }
        };
        self.line("", &text, after);
    }

    /// A flow with a head has its path below, indented; one without is its path.
    fn flow(&mut self, flow: &FlowSyntax, after: Option<&str>) {
        let head = head(flow);
        let named = flow.name.as_ref().map(|name| flow_name(&name.text));
        match (named, flow.lines.as_slice()) {
            (None, [only]) => {
                self.trivia(&only.before, "");
                let text = if head.is_empty() { line_text(only) } else { format!("{} @ {head}", line_text(only)) };
                self.line("", &text, only.after.as_deref().or(after));
            }
            (None, [first, rest @ ..]) if head.is_empty() => {
                self.trivia(&first.before, "");
                self.line("", &line_text(first), first.after.as_deref().or(after));
                self.path_lines(rest);
            }
            (Some(named), [only]) if head.is_empty() && only.before.is_empty() => {
                self.line("", &format!("{named}: {}", line_text(only)), only.after.as_deref().or(after));
            }
            (named, lines) => {
                let head = if head.is_empty() { String::new() } else { format!("@ {head}") };
                let named = named.unwrap_or_default();
                let space = if named.is_empty() || head.is_empty() { "" } else { " " };
                self.line("", &format!("{named}{space}{head}:"), after);
                self.path_lines(lines);
            }
        }
    }

    fn path_lines(&mut self, lines: &[PathLine]) {
        for line in lines {
            self.trivia(&line.before, "    ");
            self.line("    ", &line_text(line), line.after.as_deref());
        }
    }
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
    // Far neighbours are left out, which keeps this linear.
    let apart = |item: &Item| item.before.contains(&Trivia::Blank);
    let above = (0..at).rev().take(40).scan(false, |ended, index| {
        *ended |= apart(&items[index + 1]);
        if *ended { None } else { name_width(&items[index]) }
    });
    let below = items[at + 1..].iter().take(40).map_while(|item| if apart(item) { None } else { name_width(item) });
    above.chain(below).fold(own, usize::max)
}

fn component(declaration: &Declaration, width: usize) -> String {
    let named = name(&declaration.name.text);
    if declaration.is_bare() {
        return named;
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
