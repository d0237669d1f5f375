//! What a line means before anything is worked out.

use crate::source::Span;
use crate::units::{LiteralParts, UnitWord};

/// A line of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Parsed {
    /// Nothing, or a comment.
    Silent,
    /// `# Storage`, or a label with nothing after it: it ends what `total` adds up.
    Heading,
    /// Something to work out.
    Statement(Statement),
}

/// `name = expression`, or an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    /// The variable that it defines.
    pub name: Option<(String, Span)>,
    pub value: Expr,
}

/// An expression and its place in the line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    pub node: Node,
    pub span: Span,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Literal(LiteralParts),
    /// A variable, a constant or a unit.
    Name(String),
    /// `prev`, `_`, `ans`.
    Previous,
    /// `total`, `sum`.
    Total,
    Negative(Box<Expr>),
    /// `%` after something other than a literal.
    Percent(Box<Expr>),
    /// `~10k`
    About(Box<Expr>),
    /// `10k ± 20%`
    PlusMinus(Box<Expr>, Box<Expr>),
    /// `3 to 5`. Tight between two literals, which then share suffix and unit; otherwise the ends are expressions.
    Range {
        low: Box<Expr>,
        high: Box<Expr>,
        tight: bool,
        word: bool,
    },
    /// `(3 + 4) GB`
    Scaled(Box<Expr>, Vec<UnitWord>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    Call {
        name: String,
        name_span: Span,
        arguments: Vec<Expr>,
    },
    Convert(Box<Expr>, Target),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
}

/// What a value is to be shown in: `kB/s`, `%`, `million`, `$/month`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    pub span: Span,
    /// Powers of units and nouns.
    pub words: Vec<UnitWord>,
    /// `k` or `million` before them.
    pub scale: f64,
    pub percent: bool,
    pub dollars: bool,
    /// In one form, whatever spaces were written.
    pub text: String,
}

impl Operator {
    /// As it is written in a working.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "×",
            Self::Divide => "/",
            Self::Power => "^",
        }
    }

    /// The higher binds tighter.
    pub const fn strength(self) -> u8 {
        match self {
            Self::Add | Self::Subtract => 1,
            Self::Multiply | Self::Divide => 2,
            Self::Power => 3,
        }
    }
}

impl Expr {
    pub const fn new(node: Node, span: Span) -> Self {
        Self { node, span }
    }

    /// The literal that this is.
    pub const fn literal(&self) -> Option<&LiteralParts> {
        match &self.node {
            Node::Literal(parts) => Some(parts),
            _ => None,
        }
    }
}
