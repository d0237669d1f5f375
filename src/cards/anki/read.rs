//! Anki's text, read by the manual's rules: headers, a separator, fields in quotation marks.

/// What a file of notes holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Import {
    /// Its notes, in order.
    pub notes: Vec<Note>,
    /// Whether the fields are HTML.
    pub html: bool,
    /// What could not be read, a sentence each.
    pub problems: Vec<String>,
}

/// A note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Its globally unique id; empty where the file has none.
    pub guid: String,
    /// Name of its note type; empty where the file has none.
    pub note_type: String,
    /// Its deck; empty where the file names none.
    pub deck: String,
    /// Its tags, those of the whole file included.
    pub tags: Vec<String>,
    /// Its fields.
    pub fields: Vec<String>,
}

/// A file has no more notes than this.
const MOST_NOTES: usize = 200_000;

/// What the headers say.
#[derive(Default)]
struct Headers {
    separator: Option<char>,
    html: Option<bool>,
    tags: Vec<String>,
    deck: String,
    note_type: String,
    /// Columns, from 0, that are no fields.
    deck_column: Option<usize>,
    note_type_column: Option<usize>,
    tags_column: Option<usize>,
    guid_column: Option<usize>,
}

/// Reads a file of notes. Total: what can't be read is a problem, and the rest is read.
pub fn read(text: &str) -> Import {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut problems = Vec::new();
    let mut headers = Headers::default();
    let mut body = text;
    while let Some(line) = body.lines().next().filter(|line| line.starts_with('#') || line.starts_with("tags:")) {
        header(line, &mut headers, &mut problems);
        body = body.get(line.len()..).unwrap_or_default();
        body = body.strip_prefix("\r\n").or_else(|| body.strip_prefix('\n')).unwrap_or(body);
    }
    let separator = headers.separator.unwrap_or_else(|| guess(body));
    let (rows, open) = rows(body, separator);
    if open {
        problems.push("the last field in quotation marks has no end".to_owned());
    }
    if rows.len() > MOST_NOTES {
        problems.push(format!("only the first {MOST_NOTES} notes are read"));
    }
    let notes = rows.into_iter().take(MOST_NOTES).map(|row| note(row, &headers)).collect();
    // Without the header Anki looks at the text; a mark that closes is a safe sign.
    let html = headers.html.unwrap_or_else(|| body.contains("</") || body.contains("<br"));
    Import { notes, html, problems }
}

fn header(line: &str, headers: &mut Headers, problems: &mut Vec<String>) {
    let line = line.trim_end_matches('\r');
    let Some((key, value)) = line.trim_start_matches('#').split_once(':') else { return };
    let column = || value.trim().parse::<usize>().ok().and_then(|column| column.checked_sub(1));
    let words = || value.split_whitespace().map(str::to_owned).collect();
    let known = match key.trim().to_ascii_lowercase().as_str() {
        "separator" => separator(value).map(|separator| headers.separator = Some(separator)),
        "html" => value.trim().parse().ok().map(|html| headers.html = Some(html)),
        "tags" => {
            headers.tags = words();
            Some(())
        }
        "deck" => {
            value.trim().clone_into(&mut headers.deck);
            Some(())
        }
        "notetype" => {
            value.trim().clone_into(&mut headers.note_type);
            Some(())
        }
        "deck column" => column().map(|column| headers.deck_column = Some(column)),
        "notetype column" => column().map(|column| headers.note_type_column = Some(column)),
        "tags column" => column().map(|column| headers.tags_column = Some(column)),
        "guid column" => column().map(|column| headers.guid_column = Some(column)),
        // Any other line with a hash is a comment, or a header that changes nothing here.
        _ => Some(()),
    };
    if known.is_none() {
        problems.push(format!("the header '{line}' is not understood"));
    }
}

fn separator(value: &str) -> Option<char> {
    Some(match value.trim().to_ascii_lowercase().as_str() {
        "comma" | "," => ',',
        "semicolon" | ";" => ';',
        "tab" | "\\t" => '\t',
        "space" => ' ',
        "pipe" | "|" => '|',
        "colon" | ":" => ':',
        _ if value.starts_with('\t') => '\t',
        _ if value.starts_with(' ') => ' ',
        _ => return None,
    })
}

/// The separator that the first line of notes has, in Anki's order.
fn guess(body: &str) -> char {
    let first = body.lines().find(|line| !line.starts_with('#') && !line.trim().is_empty()).unwrap_or_default();
    ['\t', '|', ';', ':', ',', ' '].into_iter().find(|separator| first.contains(*separator)).unwrap_or('\t')
}

/// The rows of the body, and whether it ends within quotation marks.
fn rows(body: &str, separator: char) -> (Vec<Vec<String>>, bool) {
    let mut rows = Vec::new();
    let mut row: Vec<String> = Vec::new();
    let mut field = String::new();
    let (mut quoted, mut fresh, mut comment) = (false, true, false);
    let mut characters = body.chars().peekable();
    while let Some(c) = characters.next() {
        if comment {
            comment = c != '\n';
        } else if quoted {
            match c {
                '"' if characters.peek() == Some(&'"') => {
                    characters.next();
                    field.push('"');
                }
                '"' => quoted = false,
                _ => field.push(c),
            }
        } else if c == '"' && fresh {
            (quoted, fresh) = (true, false);
        } else if c == separator {
            row.push(std::mem::take(&mut field));
            fresh = true;
        } else if c == '\n' {
            end_row(&mut rows, &mut row, &mut field);
            fresh = true;
        } else if c == '#' && fresh && row.is_empty() {
            comment = true;
        } else if c != '\r' {
            field.push(c);
            fresh = false;
        }
    }
    end_row(&mut rows, &mut row, &mut field);
    (rows, quoted)
}

fn end_row(rows: &mut Vec<Vec<String>>, row: &mut Vec<String>, field: &mut String) {
    row.push(std::mem::take(field));
    let row = std::mem::take(row);
    if row.iter().any(|field| !field.trim().is_empty()) {
        rows.push(row);
    }
}

fn note(row: Vec<String>, headers: &Headers) -> Note {
    let mut note = Note {
        deck: headers.deck.clone(),
        note_type: headers.note_type.clone(),
        tags: headers.tags.clone(),
        ..Note::default()
    };
    for (at, field) in row.into_iter().enumerate() {
        let at = Some(at);
        if at == headers.guid_column {
            field.trim().clone_into(&mut note.guid);
        } else if at == headers.deck_column {
            field.trim().clone_into(&mut note.deck);
        } else if at == headers.note_type_column {
            field.trim().clone_into(&mut note.note_type);
        } else if at == headers.tags_column {
            note.tags.extend(field.split_whitespace().map(str::to_owned));
        } else {
            note.fields.push(field);
        }
    }
    note
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&[&str]]) {
        let import = read(text);
        assert_eq!(import.problems, Vec::<String>::new());
        let got: Vec<Vec<&str>> =
            import.notes.iter().map(|note| note.fields.iter().map(String::as_str).collect()).collect();
        assert_eq!(got, expected);
    }

    #[test]
    fn the_manuals_examples_are_read() {
        check(
            "apple;banana;grape\nsome text;other text;yet more text\n",
            &[&["apple", "banana", "grape"], &["some text", "other text", "yet more text"]],
        );
        check(
            "hello;\"this is\na two line answer\"\ntwo;this is a one line field\n\"this includes a ; (semicolon)\";another field\n",
            &[
                &["hello", "this is\na two line answer"],
                &["two", "this is a one line field"],
                &["this includes a ; (semicolon)", "another field"],
            ],
        );
        check(
            "field one;\"field two with \"\"escaped quotes\"\" inside it\"",
            &[&["field one", "field two with \"escaped quotes\" inside it"]],
        );
        check("# this is a comment and is ignored\nfoo bar;bar baz;baz quux\n", &[&["foo bar", "bar baz", "baz quux"]]);
        check("a\tb\r\n\r\n#c\r\nd\te\r\n", &[&["a", "b"], &["d", "e"]]);
        check("", &[]);
    }

    #[test]
    fn headers_say_what_the_columns_are() {
        let text = "#separator:Semicolon\n#html:true\n#tags:all\n#deck:Default\n#notetype:Basic\n#tags column:4\n#guid column:1\n#unknown:x\nid1;q;a;t1 t2\n;q2;a2;\n";
        let import = read(text);
        let note = Note {
            guid: "id1".into(),
            note_type: "Basic".into(),
            deck: "Default".into(),
            tags: vec!["all".into(), "t1".into(), "t2".into()],
            fields: vec!["q".into(), "a".into()],
        };
        assert!(import.html && import.problems.is_empty());
        assert_eq!(import.notes[0], note);
        assert_eq!((import.notes[1].guid.as_str(), import.notes[1].tags.len()), ("", 1));
        assert_eq!(read("tags:x y\na;b").notes[0].tags, ["x", "y"]);
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(read("#separator:nonsense\n#guid column:0\na\tb").problems.len(), 2);
        assert_eq!(read("a\t\"b").problems, ["the last field in quotation marks has no end"]);
        assert_eq!(read("a\t\"b").notes.len(), 1);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "(#separator:tab\n|#|\"|\t|\n|;|[a-z]|é){0,60}") {
            read(&text);
        }
    }
}
