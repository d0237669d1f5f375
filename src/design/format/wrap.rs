//! Attribute lists that are too long for a line.

use unicode_width::UnicodeWidthStr;

/// Cells of a line before it is wrapped.
const WIDEST: usize = 100;
/// How a continued line starts.
const INDENT: &str = "    ";

/// A statement on as many lines as it takes: broken behind commas outside brackets and quotations, each further line indented.
pub(super) fn wrapped(statement: &str) -> String {
    if statement.width() <= WIDEST {
        return statement.to_owned();
    }
    let mut text = String::with_capacity(statement.len() + 16);
    let mut width = 0;
    for part in parts(statement) {
        if width > 0 && width + part.width() > WIDEST {
            let end = text.trim_end().len();
            text.truncate(end);
            text.push('\n');
            text.push_str(INDENT);
            width = INDENT.len();
        }
        text.push_str(part);
        width += part.width();
    }
    text
}

/// The statement cut behind each `, ` outside brackets and quotations.
fn parts(statement: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0_i32, false);
    for (at, c) in statement.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth <= 0 && statement[at + 1..].starts_with(' ') => {
                parts.push(&statement[start..at + 2]);
                start = at + 2;
            }
            _ => {}
        }
    }
    parts.push(&statement[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_goes_on_below() {
        let long = format!("db: postgres, {}read lognormal(p50 3ms, p99 20ms)", "replicas 2, ".repeat(7));
        let expected =
            format!("db: postgres, {}replicas 2,\n    read lognormal(p50 3ms, p99 20ms)", "replicas 2, ".repeat(6));
        assert_eq!(wrapped(&long), expected);
        assert_eq!(wrapped("db: postgres, replicas 2"), "db: postgres, replicas 2");
    }
}
