//! Comments behind statements, in a column where lines stand under each other.

use unicode_width::UnicodeWidthStr;

/// Stands between a line and its comment until all lines are known: a character of private use that the text doesn't have.
pub(super) const MARK: char = '\u{f8ff}';
/// Longest line that a column of comments makes room for, cells.
const WIDEST: usize = 72;
/// Columns between a line and its comment.
const GAP: usize = 2;

/// The text with the comments of lines that stand under each other in one column. Lines belong together if they have the same indentation
/// and nothing but such lines between them; a line that is too long has its comment right behind it.
pub(super) fn aligned(text: &str) -> String {
    let mut aligned = String::with_capacity(text.len() + text.len() / 8);
    let lines: Vec<&str> = text.lines().collect();
    let mut start = 0;
    while start < lines.len() {
        let together = lines[start..].iter().take_while(|line| belongs(line, lines[start])).count().max(1);
        block(&lines[start..start + together], &mut aligned);
        start += together;
    }
    aligned
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn belongs(line: &str, first: &str) -> bool {
    let code = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    code(line) && code(first) && indent(line) == indent(first)
}

fn block(lines: &[&str], aligned: &mut String) {
    let parts = lines.iter().map(|line| line.split_once(MARK));
    let widths = parts.clone().flatten().map(|(code, _)| code.width()).filter(|width| *width <= WIDEST);
    let column = widths.max().unwrap_or(0);
    for (line, parts) in lines.iter().zip(parts) {
        match parts {
            Some((code, comment)) => {
                aligned.push_str(code);
                aligned.extend(std::iter::repeat_n(' ', column.saturating_sub(code.width()) + GAP));
                aligned.push_str(comment);
            }
            None => aligned.push_str(line),
        }
        aligned.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(aligned(&text.replace('|', &MARK.to_string())), expected);
    }

    #[test]
    fn comments_under_each_other_stand_in_a_column() {
        check("a|# x\nlonger\nabcd|# y\n", "a     # x\nlonger\nabcd  # y\n");
        check("a|# x\n\nabcd|# y\n", "a  # x\n\nabcd  # y\n");
        check("a|# x\n    abcd|# y\n", "a  # x\n    abcd  # y\n");
        check("a|# x\n# of its own\nabcd|# y\n", "a  # x\n# of its own\nabcd  # y\n");
    }

    #[test]
    fn a_long_line_has_its_comment_right_behind_it() {
        let long = "x".repeat(WIDEST + 1);
        check(&format!("a|# x\n{long}|# y\n"), &format!("a  # x\n{long}  # y\n"));
    }
}
