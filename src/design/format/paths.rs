//! Paths, with parentheses where they are needed or spare the reader a rule: around a choice in a list, and around repeats in a choice.

use super::list;
use std::fmt::Write;

use super::names::name;
use crate::design::syntax::{Arrow, BoxSyntax, Path};

/// What may stand somewhere without parentheses, the tightest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    /// Nothing: parentheses always, for two figures in a row read badly.
    Tightest,
    Member,
    Any,
    Parallel,
    Choice,
    Sequence,
    Chain,
}

/// A whole path.
pub(super) fn path(whole: &Path) -> String {
    match whole {
        Path::Chain(first, rest) => {
            let mut text = within(first, Tightness::Any);
            for (at, (arrow, next)) in rest.iter().enumerate() {
                text.push_str(match arrow {
                    Arrow::Call => " -> ",
                    Arrow::HandOver => " ~> ",
                });
                let last = at + 1 == rest.len();
                text.push_str(&within(next, if last { Tightness::Sequence } else { Tightness::Any }));
            }
            text
        }
        Path::Sequence(members) => joined(members, ", ", Tightness::Parallel),
        Path::OneOf(members) => {
            let members = members.iter().map(|(share, member)| {
                let share = share.map_or(String::new(), |share| format!("{}% ", percent(share)));
                let repeats = matches!(member, Path::Repeat { .. });
                let loosest = if repeats { Tightness::Tightest } else { Tightness::Parallel };
                format!("{share}{}", within(member, loosest))
            });
            members.collect::<Vec<_>>().join(" | ")
        }
        Path::AtOnce { need: Some(need), members } => {
            format!("any {} of ({})", need.value, joined(members, " & ", Tightness::Member))
        }
        Path::AtOnce { need: None, members } => joined(members, " & ", Tightness::Member),
        Path::Repeat { times, at_once, member } => {
            let sign = if *at_once { '&' } else { '*' };
            format!("{} {sign} {}", times.value, within(member, Tightness::Member))
        }
        Path::Box(one) => one_box(one),
    }
}

fn joined(members: &[Path], separator: &str, loosest: Tightness) -> String {
    members.iter().map(|member| within(member, loosest)).collect::<Vec<_>>().join(separator)
}

/// A part of a path, in parentheses if it binds looser than its place allows.
fn within(part: &Path, loosest: Tightness) -> String {
    let text = path(part);
    if tightness(part) > loosest { format!("({text})") } else { text }
}

fn tightness(path: &Path) -> Tightness {
    match path {
        Path::Box(_) | Path::Repeat { .. } => Tightness::Member,
        Path::AtOnce { need: Some(_), .. } => Tightness::Any,
        Path::AtOnce { need: None, .. } => Tightness::Parallel,
        Path::OneOf(_) => Tightness::Choice,
        Path::Sequence(_) => Tightness::Sequence,
        Path::Chain(..) => Tightness::Chain,
    }
}

fn percent(share: f64) -> f64 {
    (share * 1e12).round() / 1e10
}

fn one_box(one: &BoxSyntax) -> String {
    let mut text = name(&one.name.text);
    if let Some(operation) = &one.operation {
        text.push('.');
        text.push_str(&operation.text);
    }
    if let Some(kind) = &one.kind {
        text.push_str(": ");
        text.push_str(&name(&kind.text));
    }
    if let Some(count) = &one.instances {
        let _ = write!(text, " x{}", count.value);
    }
    if !one.attributes.is_empty() {
        let _ = write!(text, " {{{}}}", list(&one.attributes));
    }
    text
}
