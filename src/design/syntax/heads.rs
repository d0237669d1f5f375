//! The parts of heads and declarations: items between commas, attributes, targets, numbers of instances.

use super::scan::{self, Brackets};
use super::statement::normal;
use super::{AttributeSyntax, BoxSyntax, Count, Declaration, Piece};
use crate::design::schema;
use crate::source::{Span, nearest};

/// What stands between commas, line ends and semicolons outside brackets; empty items are left out.
pub(super) fn items(code: &str, span: Span) -> Vec<Span> {
    let parts = scan::split(code, span, |text, at, c| match c {
        ',' => !scan::parts_thousands(text, at),
        '\n' | ';' => true,
        _ => false,
    });
    parts.into_iter().filter(|part| !part.is_empty()).collect()
}

/// Whether an item is a target: it compares.
pub(super) fn is_target(text: &str) -> bool {
    text.contains(['<', '>', '≤', '≥'])
}

/// Whether a name is an endpoint, so that what follows it is a path even without an arrow.
pub(super) fn is_endpoint(name: &str) -> bool {
    let method = name.split(' ').next().unwrap_or("");
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    name.contains(" /") || name.starts_with('/') || (methods.contains(&method) && method != name)
}

/// Splits `kill cache/0 for 20s` into the fault and how long it lasts.
pub(super) fn split_duration(code: &str, fault: &Piece) -> (Piece, Option<Piece>) {
    let text = fault.span.slice(code);
    let words = text.rmatch_indices("for").find(|&(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(char::is_whitespace);
        let rest = &text[at + 3..];
        before && rest.starts_with(char::is_whitespace) && rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
    });
    let Some((at, _)) = words else { return (fault.clone(), None) };
    let piece = |from: usize, to: usize| {
        let span = scan::trim(code, Span::new(from, to));
        Piece { text: normal(span.slice(code)), span }
    };
    let start = fault.span.start;
    (piece(start, start + at), Some(piece(start + at + 3, fault.span.end)))
}

/// The inside of braces that are all of `span`.
pub(super) fn whole_braces(code: &str, span: Span) -> Option<Span> {
    let text = span.slice(code);
    let end = Brackets::new(text).end(0).filter(|_| text.starts_with('{'))?;
    text[end..].trim().is_empty().then(|| Span::new(span.start + 1, span.start + end - 1))
}

/// `kind xN, key value, ... {key: value}` behind the colon of a declaration.
pub(super) fn declaration(code: &str, name: Piece, span: Span) -> Declaration {
    let mut declaration = Declaration { name, kind: None, instances: None, attributes: Vec::new(), label: None };
    let (head, braces) = split_braces(code, span);
    let mut items = items(code, head).into_iter();
    if let Some(first) = items.next() {
        let (kind, instances) = kind_and_instances(code, first);
        if reads_as_attribute(&kind.text) {
            // No kind: the name says it, and the attributes start at once.
            declaration.attributes.extend(attributes(code, first));
        } else {
            declaration.kind = Some(kind).filter(|kind| !kind.text.is_empty());
            declaration.instances = instances;
        }
    }
    for item in items {
        declaration.attributes.extend(attributes(code, item));
    }
    let in_braces = braces.map(|inner| attributes_in_braces(code, inner)).unwrap_or_default();
    absorb(&mut declaration, in_braces);
    declaration
}

/// Whether an item can only be an attribute: a figure stands behind its name, or a word that belongs to it.
fn reads_as_attribute(item: &str) -> bool {
    let Some((name, value)) = item.split_once(' ') else { return false };
    let last = value.rsplit(' ').next().unwrap_or(value);
    let figure = |word: &str| word.starts_with(|c: char| c.is_ascii_digit() || c == '$');
    figure(last) || figure(value) || matches!(name, "region" | "zone" | "by")
}

/// `span` up to braces at its end, and their inside.
fn split_braces(code: &str, span: Span) -> (Span, Option<Span>) {
    let text = span.slice(code);
    let brackets = Brackets::new(text);
    let open = text.match_indices('{').map(|(at, _)| at).find(|&at| brackets.end(at) == Some(text.trim_end().len()));
    match open {
        Some(at) => {
            let end = span.start + text.trim_end().len() - 1;
            (Span::new(span.start, span.start + at), Some(Span::new(span.start + at + 1, end)))
        }
        None => (span, None),
    }
}

fn kind_and_instances(code: &str, span: Span) -> (Piece, Option<Count>) {
    let text = span.slice(code);
    let last = text.rfind(char::is_whitespace).map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let count = instances(&text[last..]);
    let kind = if count.is_some() { scan::trim(code, Span::new(span.start, span.start + last)) } else { span };
    let text = normal(kind.slice(code));
    let text = text.trim_matches('"').to_owned();
    let count = count.map(|value| Count { value, span: Span::new(span.start + last, span.end) });
    (Piece { text, span: kind }, count)
}

/// The count in `x12` or `×12`.
pub(super) fn instances(word: &str) -> Option<u32> {
    let digits = word.strip_prefix(['x', 'X', '×'])?;
    digits.parse().ok().filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()))
}

/// The attributes of one item: one, or two where a shard key follows (`shards 4 by code`).
pub(super) fn attributes(code: &str, span: Span) -> Vec<AttributeSyntax> {
    let text = span.slice(code);
    let by = text.find(" by ").filter(|&at| at > 0 && !text[..at].trim().is_empty());
    match by {
        Some(at) => {
            let shards = scan::trim(code, Span::new(span.start, span.start + at));
            let key = scan::trim(code, Span::new(span.start + at, span.end));
            vec![attribute(code, shards), attribute(code, key)]
        }
        None => vec![attribute(code, span)],
    }
}

/// `key value`, `key: value`, `key=value` or a bare word.
fn attribute(code: &str, span: Span) -> AttributeSyntax {
    let text = span.slice(code);
    let end = text.find(|c: char| c.is_whitespace() || matches!(c, ':' | '=')).unwrap_or(text.len());
    let rest = text[end..].trim_start();
    let rest = rest.strip_prefix([':', '=']).unwrap_or(rest);
    let value = scan::trim(code, Span::new(span.end - rest.len(), span.end));
    let value_text = normal(value.slice(code));
    let value_text = value_text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(&value_text);
    AttributeSyntax {
        name: Piece { text: text[..end].to_owned(), span: Span::new(span.start, span.start + end) },
        value: Piece { text: value_text.to_owned(), span: value },
    }
}

/// The attributes between braces.
pub(super) fn attributes_in_braces(code: &str, inner: Span) -> Vec<AttributeSyntax> {
    items(code, inner).into_iter().flat_map(|item| attributes(code, item)).collect()
}

/// The attributes of a link, or none if what stands there are not attributes of links.
pub(super) fn link_attributes(code: &str, span: Span) -> Vec<AttributeSyntax> {
    let found = match whole_braces(code, span) {
        Some(inner) => attributes_in_braces(code, inner),
        None => attributes_in_braces(code, span),
    };
    let known = |attribute: &AttributeSyntax| {
        let name = &attribute.name.text;
        let near = || nearest(name, schema::link_attributes().iter().map(|known| known.name)).is_some();
        schema::find(schema::link_attributes(), name).is_some() || (!attribute.value.text.is_empty() && near())
    };
    if found.iter().any(known) { found } else { Vec::new() }
}

/// Whether D2 means the looks of a shape by `key`.
pub(super) fn is_d2_key(key: &str) -> bool {
    let key = key.split('.').next().unwrap_or("");
    matches!(key, "shape" | "style" | "label" | "icon" | "near" | "width" | "height" | "tooltip" | "link" | "class")
}

/// A component of which D2's attributes say how it looks.
pub(super) fn shaped(name: Piece, attributes: Vec<AttributeSyntax>) -> Declaration {
    let mut declaration = Declaration { name, kind: None, instances: None, attributes: Vec::new(), label: None };
    absorb(&mut declaration, attributes);
    declaration
}

/// Adds attributes to a declaration; of D2's looks, the shape may say the kind and the rest says nothing.
fn absorb(declaration: &mut Declaration, attributes: Vec<AttributeSyntax>) {
    for attribute in attributes {
        if !is_d2_key(&attribute.name.text) {
            declaration.attributes.push(attribute);
        } else if attribute.name.text == "shape" && declaration.kind.is_none() {
            let word = match attribute.value.text.as_str() {
                "cylinder" | "stored_data" => "store",
                "queue" => "broker",
                "person" | "c4-person" => "client",
                _ => continue,
            };
            declaration.kind = Some(Piece { text: word.to_owned(), span: attribute.value.span });
        }
    }
}

/// The declaration of a box that stands alone on its line.
pub(super) fn bare_declaration(one: BoxSyntax) -> Declaration {
    let BoxSyntax { name, kind, instances, attributes, label, .. } = one;
    let mut declaration = Declaration { name, kind, instances, attributes: Vec::new(), label };
    absorb(&mut declaration, attributes);
    declaration
}
