//! The table of wrong lines: what is said, where it points, and what it advises.

use dryrun::estimate::Sheet;
use dryrun::source::Severity;

const TABLE: &str = include_str!("../../golden/estimate/errors.txt");

#[test]
fn wrong_lines_are_told_what_is_wrong_and_where() {
    let mut wrong = Vec::new();
    let mut errors = 0;
    for (at, line) in TABLE.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with("# ")) {
        let fields: Vec<&str> = line.split(" | ").collect();
        let [marked, message, help] = fields[..] else { panic!("line {}: three fields", at + 1) };
        match check(marked, message, help) {
            Ok(severity) => errors += usize::from(severity == Severity::Error),
            Err(why) => wrong.push(format!("line {}: {marked}\n    {why}", at + 1)),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(errors >= 60, "{errors} errors");
}

fn check(marked: &str, message: &str, help: &str) -> Result<Severity, String> {
    let text = marked.replace(['«', '»'], "").replace(" ⏎ ", "\n");
    let sheet = Sheet::new(&text);
    let lines: Vec<&str> = marked.split(" ⏎ ").collect();
    let at = lines.iter().position(|line| line.contains('«')).ok_or("no place is marked")?;
    let start = lines[at].find('«').ok_or("no start")?;
    let end = lines[at].find('»').ok_or("no end")? - '«'.len_utf8();
    let found = sheet.line(at).and_then(|line| line.diagnostics().first()).ok_or("nothing is said")?;
    let (found_help, severity) = (found.help.as_deref().unwrap_or("-"), found.severity);
    if (found.span.start, found.span.end) == (start, end) && found.message == message && found_help == help {
        return Ok(severity);
    }
    Err(format!("{:?} {} | {found_help}", found.span, found.message))
}
