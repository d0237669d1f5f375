//! A row of the cheat-sheet as a document.

use crate::content::{Bank, Number};
use crate::markup::escape;

/// The row's text without its title: the figure first, then what it means and where it comes from.
pub(super) fn text(bank: &Bank, number: &Number) -> String {
    let mut text = format!("**{}**\n\n{}", escape(&number.display()), number.means.trim());
    if let Some(when) = &number.shard_when {
        text.push_str(&format!("\n\nChange the design when: {}", when.trim()));
    }
    if let Some(limits) = &number.limits {
        text.push_str(&format!("\n\nThe estimator places results on it by: {}", escape(limits)));
    }
    text.push_str(&format!("\n\nSource: {}", escape(&number.source)));
    let same = |other: &&Number| other.subject == number.subject && other.id != number.id;
    let others: Vec<String> = bank
        .numbers()
        .iter()
        .filter(same)
        .map(|other| format!("- [{}]({}): {}", escape(&other.metric), other.id, escape(&other.display())))
        .collect();
    if !others.is_empty() {
        text.push_str(&format!("\n\n## More of {}\n\n{}", escape(&number.subject), others.join("\n")));
    }
    text
}
