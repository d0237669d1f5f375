//! The design as a Mermaid flowchart that code hosts render: the plain subset, so that the viewer's version doesn't matter.
//!
//! Each rule below answers a breakage seen in the wild: labels are always quoted, ids are ours alone (`end`, and ids that start with `o` or `x`
//! behind a line, mean something else), entities stand for what closes a label, and the limits of code hosts are kept.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{Component, Design, Kind, arrows};

/// Most arrows that Mermaid draws by default.
const MOST_ARROWS: usize = 500;
/// Most characters that Mermaid reads by default.
const MOST_CHARACTERS: usize = 50_000;

/// The design as a flowchart: dashed arrows for what no flow waits for, cylinders for what keeps data, subgraphs for regions.
pub fn mermaid(design: &Design) -> String {
    let ids = ids(design);
    let mut chart = "flowchart LR\n".to_owned();
    let mut left_out = 0;
    for (component, id) in design.components.iter().zip(&ids).filter(|(component, _)| component.region.is_none()) {
        put(&mut chart, &format!("    {}\n", node(component, id)), &mut left_out);
    }
    for (number, region) in design.regions.iter().enumerate() {
        let inside = |component: &Component| component.region.is_some_and(|id| id.0 as usize == number);
        if !design.components.iter().any(inside) {
            continue;
        }
        let mut group = format!("    subgraph r_{number}[\"{}\"]\n", escaped(&region.name));
        for (component, id) in design.components.iter().zip(&ids).filter(|(component, _)| inside(component)) {
            let _ = writeln!(group, "        {}", node(component, id));
        }
        group.push_str("    end\n");
        put(&mut chart, &group, &mut left_out);
    }
    for (number, arrow) in arrows::arrows(design).into_iter().enumerate() {
        if number == MOST_ARROWS {
            left_out += 1;
            break;
        }
        let line = if arrow.asynchronous { "-.->" } else { "-->" };
        let label = if arrow.label.is_empty() { String::new() } else { format!("|\"{}\"|", escaped(&arrow.label)) };
        put(&mut chart, &format!("    {} {line}{label} {}\n", ids[arrow.from], ids[arrow.to]), &mut left_out);
    }
    if left_out > 0 {
        chart.push_str("    %% the design has more than Mermaid draws\n");
    }
    chart
}

/// Adds lines unless they would make the chart too long.
fn put(chart: &mut String, lines: &str, left_out: &mut usize) {
    if chart.len() + lines.len() + 100 > MOST_CHARACTERS {
        *left_out += 1;
    } else {
        chart.push_str(lines);
    }
}

/// An id for each component: a prefix of ours, then what of its name an id may have.
fn ids(design: &Design) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let of = |component: &Component| {
        let plain =
            component.name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' });
        let base = format!("n_{}", plain.collect::<String>());
        let mut id = base.clone();
        let mut number = 2;
        while !taken.insert(id.clone()) {
            id = format!("{base}_{number}");
            number += 1;
        }
        id
    };
    design.components.iter().map(of).collect()
}

fn node(component: &Component, id: &str) -> String {
    let what = component.technology.as_deref().unwrap_or(component.kind.name());
    let count = if component.instances > 1 { format!(" x{}", component.instances) } else { String::new() };
    let mut label = escaped(&component.name);
    if !what.eq_ignore_ascii_case(&component.name) || !count.is_empty() {
        let _ = write!(label, "<br/>{}{count}", escaped(what));
    }
    match component.kind {
        Kind::Client => format!("{id}([\"{label}\"])"),
        kind if kind.stores() => format!("{id}[(\"{label}\")]"),
        _ => format!("{id}[\"{label}\"]"),
    }
}

/// The text as it may stand in a quoted label.
fn escaped(text: &str) -> String {
    let mut label = String::with_capacity(text.len());
    for c in crate::source::printable(text).chars() {
        match c {
            '"' => label.push_str("#quot;"),
            '#' => label.push_str("#35;"),
            ';' => label.push_str("#59;"),
            '<' => label.push_str("#lt;"),
            '>' => label.push_str("#gt;"),
            '&' => label.push_str("#amp;"),
            '`' => label.push_str("#96;"),
            '\n' | '\t' => label.push(' '),
            _ => label.push(c),
        }
    }
    label
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::{Catalogue, compile};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let design = compile(text, &Catalogue::default()).design;
        assert_eq!(mermaid(&design), format!("flowchart LR\n{expected}"));
    }

    #[test]
    fn boxes_and_arrows_are_written_in_the_plain_subset() {
        check(
            "users -> api x3 -> 80% cache | 20% db\napi ~> queue\nregion eu: db",
            "    n_users([\"users<br/>client\"])
    n_api[\"api<br/>service x3\"]
    n_cache[(\"cache\")]
    n_queue[(\"queue\")]
    subgraph r_0[\"eu\"]
        n_db[(\"db<br/>sql\")]
    end
    n_users --> n_api
    n_api -->|\"80%\"| n_cache
    n_api -->|\"20%\"| n_db
    n_api -.-> n_queue
",
        );
    }

    #[test]
    fn names_that_break_mermaid_are_made_harmless() {
        check(
            "users -> \"end\" -> \"x [1] #2; |a| \u{fc}\" -> \"end!\"",
            "    n_users([\"users<br/>client\"])
    n_end[\"end<br/>service\"]
    n_x__1___2___a___[\"x [1] #35;2#59; |a| \u{fc}<br/>service\"]
    n_end_[\"end!<br/>service\"]
    n_users --> n_end
    n_end --> n_x__1___2___a___
    n_x__1___2___a___ --> n_end_
",
        );
    }
}
