//! What each part of a line is, for whoever paints it.

use super::functions::function;
use super::parser::MAX_LENGTH;
use super::token::{Kind, tokens};
use crate::source::Span;
use crate::units::{BareB, ScanOptions, scan};

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A number with its unit.
    Number,
    /// The name that the line defines.
    Definition,
    /// A variable, or a unit that stands alone.
    Name,
    /// A function that is called.
    Function,
    /// An operator, `in` and `to` included.
    Operator,
    /// A comment.
    Comment,
    /// A heading.
    Heading,
}

/// The parts of `line` in their order, without the spaces between them.
pub fn highlight(line: &str) -> Vec<(Span, Role)> {
    let start = line.len() - line.trim_start().len();
    if line[start..].starts_with('#') {
        return vec![(Span::new(start, line.len()), Role::Heading)];
    }
    if line.len() > MAX_LENGTH {
        return Vec::new();
    }
    let found = tokens(line);
    let named = found.all.iter().position(|token| matches!(token.kind, Kind::Equals | Kind::Colon)).unwrap_or(0);
    let mut parts = Vec::with_capacity(found.all.len());
    let mut covered = 0;
    for (at, token) in found.all.iter().enumerate().filter(|(_, token)| !token.span.is_empty()) {
        if token.span.start < covered {
            continue;
        }
        let number = token.kind == Kind::Number
            || (token.kind == Kind::Dollar && found.all.get(at + 1).is_some_and(|next| next.kind == Kind::Number));
        if at >= named && number {
            let options = ScanOptions { bare_b: BareB::Billion, commas: true };
            let span = scan(line, token.span.start, options).map_or(token.span, |parts| parts.span);
            covered = span.end;
            parts.push((span, Role::Number));
            continue;
        }
        let text = token.span.slice(line);
        let called =
            found.all.get(at + 1).is_some_and(|next| next.kind == Kind::Open && next.span.start == token.span.end);
        let role = match token.kind {
            _ if at < named => Role::Definition,
            Kind::Word if called && function(text).is_some() => Role::Function,
            Kind::Word if matches!(text, "in" | "to" | "of" | "per" | "x" | "times") => Role::Operator,
            Kind::Word => Role::Name,
            _ => Role::Operator,
        };
        parts.push((token.span, role));
    }
    parts.extend(found.comment.map(|span| (span, Role::Comment)));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_carry_their_roles() {
        let line = "peak rate: peak(100M/day) * 2 // why";
        let parts: Vec<(&str, Role)> =
            highlight(line).into_iter().map(|(span, role)| (span.slice(line), role)).collect();
        assert_eq!(parts[0], ("peak", Role::Definition));
        assert_eq!(parts[3], ("peak", Role::Function));
        assert_eq!(parts[5], ("100M/day", Role::Number));
        assert_eq!(parts.last(), Some(&("// why", Role::Comment)));
        assert_eq!(highlight(" # Storage"), [(Span::new(1, 10), Role::Heading)]);
    }
}
