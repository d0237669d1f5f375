//! HTML as a tree: lenient, total, no more of it than fields of notes have.

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Text, its entities resolved.
    Text(String),
    /// An element: its name, lower-case, what stands after the name, and what is in it.
    Element { name: String, attributes: String, children: Vec<Node> },
}

/// Elements are no deeper nested than this: what is deeper stands in the one above.
const DEEPEST: usize = 40;

/// The tree of `html`. A mark that closes nothing is passed over, one that is missing is where its parent ends.
pub(super) fn nodes(html: &str) -> Vec<Node> {
    let mut builder = Builder { open: vec![(String::new(), String::new(), Vec::new())] };
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let inside = &rest[at + 1..];
        let mark = inside.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '!');
        let Some(end) = inside.find('>').filter(|_| mark) else {
            builder.text(&rest[..=at]);
            rest = inside;
            continue;
        };
        builder.text(&rest[..at]);
        rest = &inside[end + 1..];
        rest = builder.tag(&inside[..end], rest);
    }
    builder.text(rest);
    builder.finish()
}

struct Builder {
    /// Open elements, the document first: name, attributes, children.
    open: Vec<(String, String, Vec<Node>)>,
}

impl Builder {
    fn push(&mut self, node: Node) {
        if let Some((.., children)) = self.open.last_mut() {
            children.push(node);
        }
    }

    fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.push(Node::Text(unescaped(text)));
        }
    }

    /// Takes in a tag; returns the text that goes on after it.
    fn tag<'a>(&mut self, tag: &str, rest: &'a str) -> &'a str {
        if let Some(name) = tag.strip_prefix('/') {
            self.close(&name.trim().to_ascii_lowercase());
            return rest;
        }
        let length = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let (name, attributes) = (tag[..length].to_ascii_lowercase(), tag[length..].to_owned());
        match name.as_str() {
            // A comment, or a declaration.
            "" => {}
            "script" | "style" => {
                let close = format!("</{name}");
                let end = rest.to_ascii_lowercase().find(&close).unwrap_or(rest.len());
                return &rest[end..];
            }
            "img" => {
                let node = Node::Element { name, attributes, children: Vec::new() };
                let shown = attribute(&node, "alt").or_else(|| attribute(&node, "src")).unwrap_or_default();
                self.push(Node::Text(format!("[image: {shown}]")));
            }
            "br" | "hr" => self.push(Node::Element { name, attributes, children: Vec::new() }),
            _ => {
                if matches!(name.as_str(), "li" | "p" | "tr" | "td" | "th") {
                    self.close_sibling(&name);
                }
                if self.open.len() < DEEPEST {
                    self.open.push((name, attributes, Vec::new()));
                }
            }
        }
        rest
    }

    /// An item ends where the next of its list begins, and so on.
    fn close_sibling(&mut self, name: &str) {
        let walls: &[&str] = if name == "li" { &["ul", "ol"] } else { &["table", "li", "blockquote", "div"] };
        let inner = self.open.iter().rev().take_while(|(open, ..)| !walls.contains(&open.as_str()));
        if inner.into_iter().any(|(open, ..)| open == name) {
            self.close(name);
        }
    }

    fn close(&mut self, name: &str) {
        let Some(depth) = self.open.iter().rposition(|(open, ..)| open == name).filter(|depth| *depth > 0) else {
            return;
        };
        while self.open.len() > depth {
            self.close_last();
        }
    }

    fn close_last(&mut self) {
        if let Some((name, attributes, children)) = self.open.pop() {
            self.push(Node::Element { name, attributes, children });
        }
    }

    fn finish(mut self) -> Vec<Node> {
        while self.open.len() > 1 {
            self.close_last();
        }
        self.open.pop().map(|(.., children)| children).unwrap_or_default()
    }
}

/// All text below, with a line break for each `br`.
pub(super) fn text(nodes: &[Node]) -> String {
    let of = |node: &Node| match node {
        Node::Text(text) => text.clone(),
        Node::Element { name, .. } if name == "br" => "\n".to_owned(),
        Node::Element { children, .. } => text(children),
    };
    nodes.iter().map(of).collect()
}

/// The value of an attribute, with quotation marks or without.
pub(super) fn attribute(node: &Node, name: &str) -> Option<String> {
    let Node::Element { attributes, .. } = node else { return None };
    let at = attributes.to_ascii_lowercase().find(&format!("{name}="))? + name.len() + 1;
    let rest = &attributes[at..];
    let value = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].split(quote).next()?,
        _ => rest.split([' ', '/']).next()?,
    };
    Some(unescaped(value))
}

/// `text` with its entities as the characters they stand for.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let inside = &rest[at + 1..];
        let entity = inside.find(';').filter(|&end| end <= 8).and_then(|end| Some((named(&inside[..end])?, end)));
        if let Some((c, end)) = entity {
            out.push(c);
            rest = &inside[end + 1..];
        } else {
            out.push('&');
            rest = inside;
        }
    }
    out.push_str(rest);
    out
}

fn named(entity: &str) -> Option<char> {
    Some(match entity {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_that_are_missing_are_where_the_parent_ends() {
        let tree = nodes("<ul><li>a<li>b<ol><li>c</ul>d");
        let Node::Element { children, .. } = &tree[0] else { panic!("{tree:?}") };
        assert_eq!((tree.len(), children.len(), text(&tree).as_str()), (2, 2, "abcd"));
        assert_eq!(nodes("a</b>c"), [Node::Text("a".into()), Node::Text("c".into())]);
    }

    #[test]
    fn entities_are_characters() {
        assert_eq!(unescaped("&#65;&#x42;&lt;&unknown;&&nbsp;x"), "AB<&unknown;& x");
    }
}
