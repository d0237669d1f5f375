//! Markdown as the HTML of Anki's fields, on one line.

use crate::markup::{Block, Inline, Role, blocks};

/// `markdown` as HTML. A single paragraph stands without a mark around it, as Anki's own editor leaves it.
pub fn html(markdown: &str) -> String {
    let blocks = blocks(markdown);
    match blocks.as_slice() {
        [Block::Paragraph(inlines)] => inline(inlines),
        blocks => blocks.iter().map(block).collect(),
    }
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading(level, inlines) => format!("<h{level}>{}</h{level}>", inline(inlines)),
        Block::Paragraph(inlines) => format!("<p>{}</p>", inline(inlines)),
        Block::List(first, items) => list(*first, items),
        Block::Quote(blocks) => format!("<blockquote>{}</blockquote>", all(blocks)),
        Block::Code(_, text) => format!("<pre><code>{}</code></pre>", code(text)),
        Block::Table { rows, .. } => table(rows),
        Block::Rule => "<hr>".to_owned(),
    }
}

fn all(blocks: &[Block]) -> String {
    blocks.iter().map(block).collect()
}

fn list(first: Option<u64>, items: &[Vec<Block>]) -> String {
    let (open, close) = match first {
        None => ("<ul>".to_owned(), "</ul>"),
        Some(1) => ("<ol>".to_owned(), "</ol>"),
        Some(first) => (format!("<ol start={first}>"), "</ol>"),
    };
    let item = |blocks: &Vec<Block>| match blocks.as_slice() {
        // An item's text first and what hangs from it after: no paragraph, as in most lists.
        [Block::Paragraph(inlines), rest @ ..] => format!("<li>{}{}</li>", inline(inlines), all(rest)),
        blocks => format!("<li>{}</li>", all(blocks)),
    };
    format!("{open}{}{close}", items.iter().map(item).collect::<String>())
}

fn table(rows: &[Vec<Vec<Inline>>]) -> String {
    let row = |(at, cells): (usize, &Vec<Vec<Inline>>)| {
        let mark = if at == 0 { "th" } else { "td" };
        let cells = cells.iter().fold(String::new(), |row, cell| row + &format!("<{mark}>{}</{mark}>", inline(cell)));
        format!("<tr>{cells}</tr>")
    };
    format!("<table>{}</table>", rows.iter().enumerate().map(row).collect::<String>())
}

fn inline(inlines: &[Inline]) -> String {
    let mut out = String::new();
    for inline in inlines {
        let text = escaped(&inline.text);
        out.push_str(&match inline.role {
            Role::Strong => format!("<b>{text}</b>"),
            Role::Emphasis => format!("<i>{text}</i>"),
            Role::Struck => format!("<s>{text}</s>"),
            Role::Code => format!("<code>{text}</code>"),
            Role::Link => {
                format!("<a href=\"{}\">{text}</a>", escaped(inline.target.as_deref().unwrap_or_default()))
            }
            _ => text,
        });
        if inline.hard_break {
            out.push_str("<br>");
        }
    }
    out.trim().to_owned()
}

/// Code keeps its lines by marks of their own: a line break in the file would end the record for older readers.
fn code(text: &str) -> String {
    entities(text.trim_end_matches('\n')).replace('\t', "    ").replace('\n', "<br>")
}

fn escaped(text: &str) -> String {
    entities(text).replace(['\n', '\t'], " ")
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(markdown: &str, expected: &str) {
        assert_eq!(html(markdown), expected);
        assert!(!html(markdown).contains(['\n', '\t']));
    }

    #[test]
    fn markdown_becomes_html_on_one_line() {
        check("plain & <simple>", "plain &amp; &lt;simple&gt;");
        check("two\nlines", "two lines");
        check("hard\\\nbreak", "hard<br>break");
        check("one\n\ntwo *three*", "<p>one</p><p>two <i>three</i></p>");
        check("- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>");
        check("3. a\n4. b", "<ol start=3><li>a</li><li>b</li></ol>");
        check("```sql\nselect 1;\n\tfrom x\n```", "<pre><code>select 1;<br>    from x</code></pre>");
        check(
            "| a | b |\n|---|---|\n| 1 | `2` |",
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><code>2</code></td></tr></table>",
        );
        check("[x](https://a.b/?c=1&d)", "<a href=\"https://a.b/?c=1&amp;d\">x</a>");
        check("", "");
    }
}
