//! A sheet of the estimator as Markdown that reads on its own and opens again as the same sheet.

use crate::estimate::{LineKind, Sheet};
use crate::units::Rounding;

/// What stands between a line and its result: a comment to the estimator, so that the block can be opened as it is.
const RESULT: &str = "  // = ";
/// The language of the block that holds the sheet.
const FENCE: &str = "```estimate";
/// Lines longer than this, in characters, don't push the other results out.
const LONGEST_ALIGNED: usize = 60;

/// The sheet as one fenced block, each result behind its line.
pub fn sheet_markdown(sheet: &Sheet, rounding: Rounding) -> String {
    let length = |text: &str| text.chars().count();
    let lengths = sheet.lines().filter(|line| line.outcome().is_some()).map(|line| length(&line.text));
    let width = lengths.filter(|&length| length <= LONGEST_ALIGNED).max().unwrap_or(0);
    let mut out = format!("{FENCE}\n");
    for line in sheet.lines() {
        // A fence of its own would end the block.
        let text = line.text.replace("```", "'''");
        out.push_str(&text);
        if let LineKind::Result(outcome) = &line.kind {
            out.push_str(&" ".repeat(width.saturating_sub(length(&text))));
            out.push_str(RESULT);
            out.push_str(&outcome.display(rounding));
        }
        out.push('\n');
    }
    out.push_str("```\n");
    out
}

/// The text of the sheet in `document`: its first `estimate` block without the results, or all of it if there is none.
pub fn sheet_text(document: &str) -> String {
    let mut lines = document.lines().skip_while(|line| line.trim_end() != FENCE).skip(1).peekable();
    if lines.peek().is_none() {
        return document.to_owned();
    }
    let block: Vec<&str> = lines
        .take_while(|line| line.trim_end() != "```")
        .map(|line| line.split(RESULT).next().unwrap_or(line).trim_end())
        .collect();
    block.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_opens_again_as_it_was() {
        let text = "# Load\nusers = 100M users\nusers * 2 posts/user/day // each\n\n5 +";
        let written = sheet_markdown(&Sheet::new(text), Rounding::Three);
        let results = ["users = 100M users                // = 100M users", "// each  // = 2.31k posts/s"];
        assert!(results.iter().all(|result| written.contains(result)), "{written}");
        assert_eq!(sheet_text(&written), text);
        assert_eq!(sheet_text("1 + 1\n"), "1 + 1\n");
    }
}
