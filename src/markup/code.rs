//! Light highlighting of code blocks: enough to find one's way, the same for every language.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Line, Role};

/// What stands before the part of a line that had no room in the line before.
const FOLD: &str = "  ";

const KEYWORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "INSERT",
    "INTO",
    "VALUES",
    "UPDATE",
    "SET",
    "DELETE",
    "JOIN",
    "ON",
    "GROUP",
    "ORDER",
    "BY",
    "LIMIT",
    "AND",
    "OR",
    "NOT",
    "NULL",
    "CREATE",
    "TABLE",
    "INDEX",
    "PRIMARY",
    "KEY",
    "REFERENCES",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "RETURNING",
    "GET",
    "POST",
    "PUT",
    "PATCH",
    "DELETE",
    "HEAD",
    "fn",
    "let",
    "if",
    "else",
    "for",
    "while",
    "return",
    "def",
    "class",
    "import",
    "in",
    "region",
    "at",
    "for",
    "target",
    "set",
    "true",
    "false",
    "null",
    "None",
    "type",
    "struct",
    "enum",
    "match",
    "interface",
    "function",
    "const",
    "async",
    "await",
    "message",
    "service",
    "rpc",
];

/// One line of code with its keywords, literals and comments told apart.
pub(super) fn highlight(line: &str, language: &str) -> Line {
    let mut out = Line::default();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (length, role) = token(rest, first, language);
        out.push(&rest[..length], role, None);
        rest = &rest[length..];
    }
    out
}

/// A line in lines of at most `width` cells, those after the first indented a little more than it. It is broken behind a blank where one stands
/// in the second half of the room, so that words stay whole.
pub(super) fn folded(line: Line, width: usize) -> Vec<Line> {
    if line.width() <= width {
        return vec![line];
    }
    let cells: Vec<(&str, Role)> =
        line.spans.iter().flat_map(|span| span.text.graphemes(true).map(|text| (text, span.role))).collect();
    let own = cells.iter().take_while(|(text, _)| *text == " ").count().min(width / 3);
    let indent = format!("{}{FOLD}", " ".repeat(own));
    let mut lines = Vec::new();
    let mut rest = cells.as_slice();
    while !rest.is_empty() {
        let mut current = Line::default();
        if !lines.is_empty() {
            current.push(&indent, Role::Text, None);
        }
        let (row, after) = rest.split_at(row(rest, width.saturating_sub(current.width())));
        for (text, role) in row {
            current.push(text, *role, None);
        }
        lines.push(current);
        let blanks = after.iter().take_while(|(text, _)| *text == " ").count();
        rest = &after[blanks..];
    }
    lines
}

/// How many of `cells` make a row in `room`: at least one.
fn row(cells: &[(&str, Role)], room: usize) -> usize {
    let mut used = 0;
    let fit = cells.iter().take_while(|(text, _)| {
        used += text.width();
        used <= room
    });
    let fit = fit.count().max(1);
    if fit == cells.len() {
        return fit;
    }
    let blank = cells[..=fit].iter().rposition(|(text, _)| *text == " ");
    blank.filter(|&at| at > fit / 2).unwrap_or(fit)
}

fn token(rest: &str, first: char, language: &str) -> (usize, Role) {
    if is_comment(rest, language) {
        return (rest.len(), Role::Comment);
    }
    if first == '"' || first == '\'' {
        let end = rest[1..].find(first).map_or(rest.len(), |at| at + 2);
        return (end, Role::Literal);
    }
    if first.is_ascii_digit() {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '%' | '_'))).unwrap_or(rest.len());
        return (end, Role::Literal);
    }
    if first.is_alphabetic() || first == '_' {
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let role = if KEYWORDS.contains(&&rest[..end]) { Role::Keyword } else { Role::Code };
        return (end, role);
    }
    if language == "dry" && (rest.starts_with("->") || rest.starts_with("~>")) {
        return (2, Role::Keyword);
    }
    (first.len_utf8(), Role::Code)
}

fn is_comment(rest: &str, language: &str) -> bool {
    match language {
        "sql" => rest.starts_with("--"),
        "json" => false,
        "rust" | "java" | "js" | "javascript" | "ts" | "typescript" | "go" | "c" | "proto" | "graphql" => {
            rest.starts_with("//")
        }
        _ => rest.starts_with('#'),
    }
}
