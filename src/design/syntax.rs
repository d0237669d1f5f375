//! Syntax of the design language: what was written, before it is known what the names mean.
//!
//! ```text
//! design     = {statement}                          one a line; ";" also ends one; deeper indented lines continue it
//! statement  = component | flow | link | region | distance | event | setting | target
//! component  = name ":" kind ["x" count] {"," attribute}
//! flow       = [name] "@" rate {"," (attribute | target)} ":" lines        or    lines ["@" rate ...]
//! link       = path ":" attribute {"," attribute}
//! region     = "region" name ":" name {"," name}       distance = name "<->" name ":" duration
//! event      = "at" time ":" fault ["for" time]        setting  = "set" key value
//! target     = "target" [flow] ":" target {"," target}
//! lines      = path {newline path}
//! path       = list {arrow list}                    a bare list of several ends the path
//! list       = choice {"," choice}                  one after the other
//! choice     = [share "%"] parallel {"|" [share "%"] parallel}
//! parallel   = ["any" count "of"] member {"&" member}
//! member     = [count ("*" | "&")] (box | "(" path ")")
//! box        = name ["." operation] [":" kind] ["x" count]
//! arrow      = "->" | "~>"
//! ```
//!
//! Parsing never fails: a statement that makes no sense becomes [`Statement::Broken`] and a diagnostic, and the next one is read. What D2,
//! Mermaid and k6 write instead is understood here and leaves no trace in the tree but canonical constructs.

mod heads;
mod lenient;
mod lines;
mod path;
mod scan;
mod statement;
mod tokens;

use crate::source::{Diagnostic, Span};

/// A whole text.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    /// The text with its comments blanked: same offsets, same length.
    pub code: String,
    pub items: Vec<Item>,
    /// Comments and blank lines after the last statement.
    pub tail: Vec<Trivia>,
}

/// A statement with what stands around it.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub before: Vec<Trivia>,
    pub statement: Statement,
    /// The comment at the end of its first line.
    pub after: Option<String>,
    pub span: Span,
    /// Whether its span belongs to other statements, too.
    pub split: bool,
}

/// What means nothing to the design and is kept by the formatter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trivia {
    /// A blank line, or several.
    Blank,
    /// A comment on a line of its own, without its marker.
    Comment(String),
}

/// A piece of the text with its place; two are equal if they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// White space normalised, quotes removed.
    pub text: String,
    pub span: Span,
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// One statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Statement {
    Component(Declaration),
    Flow(FlowSyntax),
    Link {
        arrows: Path,
        attributes: Vec<AttributeSyntax>,
    },
    Region {
        name: Piece,
        members: Vec<Piece>,
    },
    Distance {
        a: Piece,
        b: Piece,
        round_trip: Piece,
    },
    Event {
        at: Piece,
        fault: Piece,
        lasts: Option<Piece>,
    },
    Setting {
        key: Piece,
        value: Piece,
    },
    Target {
        flow: Option<Piece>,
        targets: Vec<Piece>,
    },
    /// Could not be understood; kept as written.
    Broken,
    /// Understood and without meaning here: Mermaid's header and styles.
    Dropped,
}

/// `name: kind xN, attributes`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Declaration {
    pub name: Piece,
    pub kind: Option<Piece>,
    pub instances: Option<Count>,
    pub attributes: Vec<AttributeSyntax>,
    /// What Mermaid writes in the shape; gone once names have been given by it.
    pub label: Option<String>,
}

impl Declaration {
    /// Whether it says nothing but the name.
    pub fn is_bare(&self) -> bool {
        self.kind.is_none() && self.instances.is_none() && self.attributes.is_empty() && self.label.is_none()
    }
}

/// A whole number and its place; two are equal if the numbers are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub value: u32,
    pub span: Span,
}

impl PartialEq for Count {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

/// `key value`; a bare word has an empty value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AttributeSyntax {
    pub name: Piece,
    pub value: Piece,
}

/// A flow, with or without a head.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct FlowSyntax {
    pub name: Option<Piece>,
    pub rate: Option<Piece>,
    pub attributes: Vec<AttributeSyntax>,
    pub targets: Vec<Piece>,
    pub lines: Vec<PathLine>,
}

/// One line of a flow's path.
#[derive(Clone, Debug)]
pub(super) struct PathLine {
    /// Comments on lines of their own before it.
    pub before: Vec<Trivia>,
    /// `None` for what is no path.
    pub path: Option<Path>,
    /// As written, on one line and without comments.
    pub written: String,
    /// The comment at its end.
    pub after: Option<String>,
    pub span: Span,
}

impl PartialEq for PathLine {
    /// Whether the paths are the same, whatever the comments.
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && (self.path.is_some() || self.written == other.written)
    }
}

/// What an arrow says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrow {
    /// `->`
    Call,
    /// `~>`
    HandOver,
}

/// A path or a part of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Path {
    Box(BoxSyntax),
    /// First, then each arrow with what it leads to.
    Chain(Box<Path>, Vec<(Arrow, Path)>),
    Sequence(Vec<Path>),
    AtOnce {
        need: Option<Count>,
        members: Vec<Path>,
    },
    OneOf(Vec<(Option<f64>, Path)>),
    Repeat {
        times: Count,
        at_once: bool,
        member: Box<Path>,
    },
}

/// A name in a path, perhaps declared there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct BoxSyntax {
    pub name: Piece,
    pub operation: Option<Piece>,
    pub kind: Option<Piece>,
    pub instances: Option<Count>,
    pub attributes: Vec<AttributeSyntax>,
    /// What Mermaid writes in the shape; gone once names have been given by it.
    pub label: Option<String>,
}

impl Path {
    /// The first box, from which a later line goes on.
    pub fn first(&self) -> Option<&BoxSyntax> {
        match self {
            Self::Box(one) => Some(one),
            Self::Chain(first, _) => first.first(),
            _ => None,
        }
    }

    /// The first box, to change it.
    pub fn first_mut(&mut self) -> Option<&mut BoxSyntax> {
        match self {
            Self::Box(one) => Some(one),
            Self::Chain(first, _) => first.first_mut(),
            _ => None,
        }
    }

    /// What it is made of, in the order written.
    pub fn parts(&self) -> Vec<&Self> {
        match self {
            Self::Box(_) => Vec::new(),
            Self::Chain(first, rest) => std::iter::once(&**first).chain(rest.iter().map(|(_, path)| path)).collect(),
            Self::Sequence(members) | Self::AtOnce { members, .. } => members.iter().collect(),
            Self::OneOf(members) => members.iter().map(|(_, path)| path).collect(),
            Self::Repeat { member, .. } => vec![member],
        }
    }

    /// Calls `each` with every box, in the order written.
    pub fn boxes<'a>(&'a self, each: &mut impl FnMut(&'a BoxSyntax)) {
        if let Self::Box(one) = self {
            each(one);
        }
        for part in self.parts() {
            part.boxes(each);
        }
    }

    /// Calls `each` with every box, in the order written, to change it.
    pub fn boxes_mut(&mut self, each: &mut impl FnMut(&mut BoxSyntax)) {
        let parts: Vec<&mut Self> = match self {
            Self::Box(one) => return each(one),
            Self::Chain(first, rest) => {
                std::iter::once(&mut **first).chain(rest.iter_mut().map(|(_, path)| path)).collect()
            }
            Self::Sequence(members) | Self::AtOnce { members, .. } => members.iter_mut().collect(),
            Self::OneOf(members) => members.iter_mut().map(|(_, path)| path).collect(),
            Self::Repeat { member, .. } => vec![member],
        };
        for part in parts {
            part.boxes_mut(each);
        }
    }
}

/// Whether a word has an arrow in it.
pub(super) fn arrow_in(text: &str) -> bool {
    let mut before = ' ';
    text.char_indices().any(|(at, c)| {
        let found = scan::arrow(&text[at..], before).is_some();
        before = c;
        found
    })
}

/// Whether a word says a number of instances: `x12`.
pub(super) fn is_instances(word: &str) -> bool {
    heads::instances(word).is_some()
}

/// Reads a text. Linear in its length; never fails.
pub(super) fn parse(text: &str) -> (Document, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut document = statement::document(text, &mut diagnostics);
    if text.contains(['&', ',']) {
        lenient::split_starts(&mut document);
    }
    if text.contains(['[', '(', '{']) {
        lenient::declare_starts(&mut document);
        lenient::name_by_label(&mut document);
    }
    (document, diagnostics)
}
