//! The HTML of Anki's fields as Markdown: what can be said in it is, the rest is dropped and its text kept.

use super::nodes::{Node, attribute, nodes, text};
use crate::markup::plain;

/// `html` as Markdown.
pub fn markdown(html: &str) -> String {
    joined(&blocks(&nodes(html)))
}

/// A field of a file without HTML as Markdown: every character means itself.
pub fn plain_markdown(text: &str) -> String {
    let paragraphs = text.trim().split("\n\n").map(|paragraph| {
        let lines = paragraph.lines().map(|line| guarded(&escape(line.trim())));
        lines.collect::<Vec<_>>().join("\\\n")
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// What stands between two empty lines.
#[derive(Debug)]
struct Block {
    text: String,
    /// Whether it may follow a line of an item without an empty line between.
    list: bool,
}

impl Block {
    fn of(text: String) -> Self {
        Self { text, list: false }
    }
}

fn joined(blocks: &[Block]) -> String {
    blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

fn blocks(nodes: &[Node]) -> Vec<Block> {
    let mut done = Vec::new();
    let mut run: Vec<&Node> = Vec::new();
    for node in nodes {
        if let Node::Element { name, children, .. } = node
            && is_block(name)
        {
            paragraph(&mut run, &mut done);
            done.extend(block(node, name, children));
        } else {
            run.push(node);
        }
    }
    paragraph(&mut run, &mut done);
    done
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "div"
            | "ul"
            | "ol"
            | "li"
            | "blockquote"
            | "pre"
            | "table"
            | "hr"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
    )
}

fn block(node: &Node, name: &str, children: &[Node]) -> Vec<Block> {
    match name {
        "p" | "div" | "li" => return blocks(children),
        "ul" | "ol" => return list(node, name, children).into_iter().collect(),
        _ => {}
    }
    let written = match name {
        "blockquote" => prefixed(&joined(&blocks(children)), "> ", "> "),
        "pre" => fenced(&text(children)),
        "table" => table(children),
        "hr" => "***".to_owned(),
        heading => {
            let level = heading[1..].parse().unwrap_or(2);
            format!("{} {}", "#".repeat(level), inline_run(&children.iter().collect::<Vec<_>>()).replace("\\\n", " "))
        }
    };
    vec![Block::of(written)]
}

fn paragraph(run: &mut Vec<&Node>, done: &mut Vec<Block>) {
    let written = inline_run(&std::mem::take(run));
    if !written.is_empty() {
        done.push(Block::of(written.lines().map(guarded).collect::<Vec<_>>().join("\n")));
    }
}

fn list(node: &Node, name: &str, children: &[Node]) -> Option<Block> {
    let start = attribute(node, "start").and_then(|start| start.parse::<u32>().ok()).unwrap_or(1);
    let items = children.iter().filter_map(|child| match child {
        Node::Element { name, children, .. } if name == "li" => Some(children),
        _ => None,
    });
    let items = (u64::from(start)..).zip(items).map(|(number, children)| {
        let mark = if name == "ol" { format!("{number}. ") } else { "- ".to_owned() };
        let mut inside = String::new();
        for block in blocks(children) {
            let between = if inside.is_empty() {
                ""
            } else if block.list {
                "\n"
            } else {
                "\n\n"
            };
            inside.push_str(between);
            inside.push_str(&block.text);
        }
        prefixed(&inside, &mark, &" ".repeat(mark.len()))
    });
    let items: Vec<String> = items.collect();
    (!items.is_empty()).then(|| Block { text: items.join("\n"), list: true })
}

/// `text` with `first` before its first line and `rest` before the others.
fn prefixed(text: &str, first: &str, rest: &str) -> String {
    let lines = text.split('\n').enumerate().map(|(at, line)| {
        let prefix = if at == 0 { first } else { rest };
        if line.is_empty() { prefix.trim_end().to_owned() } else { format!("{prefix}{line}") }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A block of code, between fences longer than any in it.
fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}\n{}\n{fence}", code.trim_matches('\n'))
}

fn table(children: &[Node]) -> String {
    let mut rows = Vec::new();
    rows_of(children, &mut rows);
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let mut out = String::new();
    for (at, mut row) in rows.into_iter().enumerate() {
        row.resize(columns, String::new());
        out.push_str(&format!("| {} |\n", row.join(" | ")));
        if at == 0 {
            out.push_str(&format!("|{}\n", "---|".repeat(columns)));
        }
    }
    out.trim_end().to_owned()
}

fn rows_of(nodes: &[Node], rows: &mut Vec<Vec<String>>) {
    for node in nodes {
        let Node::Element { name, children, .. } = node else { continue };
        if name != "tr" {
            rows_of(children, rows);
            continue;
        }
        let cells = children.iter().filter_map(|cell| match cell {
            Node::Element { name, children, .. } if name == "td" || name == "th" => {
                Some(inline_run(&children.iter().collect::<Vec<_>>()).replace("\\\n", " "))
            }
            _ => None,
        });
        rows.push(cells.collect());
    }
}

/// Running text. Where Markdown's rules for marks beside letters would show the marks themselves, the text goes without.
fn inline_run(nodes: &[&Node]) -> String {
    let marked = tidy(&nodes.iter().map(|node| inline(node)).collect::<String>());
    let bare = tidy(&nodes.iter().map(|node| bare(node)).collect::<String>());
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let meant = words(&nodes.iter().map(|node| text(std::slice::from_ref(*node))).collect::<String>());
    if words(&plain(&guarded(&marked))) == meant { marked } else { bare }
}

/// One space for several, none at the ends of lines, no empty line at either end.
fn tidy(text: &str) -> String {
    let lines =
        text.split('\n').map(|line| line.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "));
    let text = lines.collect::<Vec<_>>().join("\n");
    let mut text = text.trim();
    while let Some(shorter) =
        text.strip_suffix('\\').filter(|shorter| shorter.ends_with('\n') || !shorter.ends_with('\\'))
    {
        text = shorter.trim_end();
    }
    text.to_owned()
}

fn bare(node: &Node) -> String {
    match node {
        Node::Text(text) => spaced(&escape(text)),
        Node::Element { name, .. } if name == "br" => "\\\n".to_owned(),
        Node::Element { children, .. } => children.iter().map(bare).collect(),
    }
}

fn inline(node: &Node) -> String {
    let Node::Element { name, children, .. } = node else { return bare(node) };
    let inside = || children.iter().map(inline).collect::<String>();
    match name.as_str() {
        "b" | "strong" => marked(&inside(), "**"),
        "i" | "em" => marked(&inside(), "*"),
        "s" | "del" | "strike" => marked(&inside(), "~~"),
        "code" | "tt" => code(&text(children)),
        "br" => "\\\n".to_owned(),
        "a" => match attribute(node, "href") {
            Some(target) if !target.contains(['(', ')', ' ', '<', '>', '\n']) => format!("[{}]({target})", inside()),
            _ => inside(),
        },
        _ => inside(),
    }
}

fn code(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.as_str() {
        "" => String::new(),
        words if words.contains('`') => format!("`` {words} ``"),
        words => format!("`{words}`"),
    }
}

/// Marks stand at words, not at spaces.
fn marked(inside: &str, mark: &str) -> String {
    let words = inside.trim();
    if words.is_empty() || words.contains('\n') {
        return inside.to_owned();
    }
    let before = if inside.starts_with(' ') { " " } else { "" };
    let after = if inside.ends_with(' ') { " " } else { "" };
    format!("{before}{mark}{words}{mark}{after}")
}

fn spaced(text: &str) -> String {
    text.replace(['\n', '\t', '\r'], " ")
}

/// `text` with a backslash before what Markdown would take for a mark.
fn escape(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (at, &c) in characters.iter().enumerate() {
        let next = characters.get(at + 1);
        let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        let mark = match c {
            '\\' | '*' | '`' | '[' | ']' | '|' | '~' => true,
            '_' => !(at > 0 && word(characters.get(at - 1)) && word(next)),
            '<' => next.is_none_or(|c| c.is_alphabetic() || matches!(c, '/' | '!' | '?')),
            '&' => next.is_none_or(|c| c.is_alphanumeric() || *c == '#'),
            _ => false,
        };
        if mark {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A line of running text that opens no block: no heading, quote, item, rule or table.
fn guarded(line: &str) -> String {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = &line[digits..];
    if digits > 0 && rest.starts_with(['.', ')']) {
        return format!("{}\\{rest}", &line[..digits]);
    }
    let opens = line.starts_with(['#', '>', '+', '-', '=', ':']);
    if opens { format!("\\{line}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::html;
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(markdown(html), expected, "{html}");
    }

    #[test]
    fn html_becomes_markdown() {
        check("plain", "plain");
        check("a<br>b<div>c</div>", "a\\\nb\n\nc");
        check("<b>x </b>y&nbsp;&lt;z&gt; &amp; 1 < 2", "**x** y \\<z> & 1 \\< 2");
        check("*args and snake_case_name _x_", "\\*args and snake_case_name \\_x\\_");
        check("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n- b\n  1. c");
        check("<pre><code>if a &lt; b:<br>    c</code></pre>", "```\nif a < b:\n    c\n```");
        check("<a href=\"https://x.y\">here</a>", "[here](https://x.y)");
        check("<script>alert(1)</script>ok<style>b{}</style>", "ok");
        check("<img src=\"a.png\">", "\\[image: a.png\\]");
        check("1. not a list", "1\\. not a list");
        check("# no heading", "\\# no heading");
        check("<table><tr><th>a</th></tr><tr><td>1</td></tr></table>", "| a |\n|---|\n| 1 |");
        check("", "");
        check("<", "\\<");
        check("&#65;&amp;lt;", "A\\&lt;");
        check("<b>(x)</b>y", "(x)y");
        check("<ol start=99999999999999999999><li>x</ol>", "1. x");
    }

    #[test]
    fn plain_text_means_itself() {
        assert_eq!(plain_markdown("a *b*\nc\n\nd"), "a \\*b\\*\\\nc\n\nd");
        assert_eq!(html(&plain_markdown("<b> & *x*")), "&lt;b&gt; &amp; *x*");
    }

    #[track_caller]
    fn round_trip(source: &str) {
        let out = html(source);
        let back = markdown(&out);
        assert_eq!(html(&back), out, "\n{source}\n->\n{back}");
    }

    #[test]
    fn what_goes_out_comes_back_the_same() {
        for source in [
            "one **two** *three* ~~four~~ `five_six` [seven](https://x.y)",
            "a\n\nb\n\n- c\n- d\n\n  more of d\n- e\n\n  ```\n  f\n  ```\n\ng",
            "1. a\n2. b\n   - c\n   - d\n3. e",
            "> quoted\n> lines\n\nafter",
            "```\na\n\n  b\n```\n\n| x | y |\n|---|---|\n| `1` | **2** |\n",
            "## Heading\n\ntext\\\nbreak",
            "\\# a\n\n\\- b\n\n1\\. c",
            "a * b_c [d] <e> & f",
        ] {
            round_trip(source);
        }
    }

    proptest! {
        #[test]
        fn any_html_is_read_without_harm(html in ".{0,80}") {
            markdown(&html);
        }

        #[test]
        fn marks_in_any_order_are_read_without_harm(
            marks in prop::collection::vec(prop_oneof![
                Just("<b>"), Just("</b>"), Just("<ul>"), Just("</ul>"), Just("<li>"), Just("<pre>"), Just("</pre>"), Just("<tr>"),
                Just("</td>"), Just("<blockquote>"), Just("</blockquote>"), Just("<ol start=18446744073709551615>"), Just("<br>"),
                Just("é"), Just("<a href="), Just("</a>"), Just("&#"), Just("<h9>"),
            ], 0..20)
        ) {
            markdown(&marks.concat());
        }

        /// Plain words of any kind mean themselves.
        #[test]
        fn words_survive_the_trip(words in "[a-z0-9*_#<>&.|`~+ \\[\\]()-]{0,40}") {
            let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
            let escaped = words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            prop_assert_eq!(html(&markdown(&escaped)), escaped);
        }
    }
}
