//! The settings file: read with a warning for what means nothing, written so that comments and unknown keys stay.

use std::collections::BTreeMap;

use toml::{Table, Value};

mod cards;

pub use cards::CardSettings;

use super::session_toml::one_line;
use crate::interview::Level;

/// What the user has chosen; `None` is the program's own choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Id of the theme.
    pub theme: Option<String>,
    /// Length of an interview, minutes: 1 to 240.
    pub minutes: Option<u32>,
    /// Level.
    pub level: Option<Level>,
    /// Keys by the name of the action, each with one key or several: `[keys]`, `"interview.run" = ["ctrl-r", "f5"]`.
    pub keys: BTreeMap<String, Vec<String>>,
    /// How cards are scheduled: `[cards]`.
    pub cards: CardSettings,
}

/// Reads the file's text, with a warning for each key that means nothing.
pub(super) fn read(text: &str) -> (Settings, Vec<String>) {
    let mut settings = Settings::default();
    let mut warnings = Vec::new();
    let table: Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            warnings.push(format!("the settings can't be read and none of them holds: {}", place(text, &error)));
            return (settings, warnings);
        }
    };
    for (key, value) in &table {
        let understood = match key.as_str() {
            "theme" => value.as_str().map(|theme| settings.theme = Some(theme.to_owned())),
            "minutes" => minutes(value).map(|minutes| settings.minutes = Some(minutes)),
            "level" => value.as_str().and_then(Level::from_name).map(|level| settings.level = Some(level)),
            "keys" => value.as_table().map(|keys| settings.keys = read_keys(keys, &mut warnings)),
            "cards" => value.as_table().map(|cards| settings.cards = cards::read(cards, &mut warnings)),
            _ => {
                warnings.push(format!("unknown setting '{key}'; known are theme, minutes, level, keys, cards"));
                continue;
            }
        };
        if understood.is_none() {
            warnings.push(format!("{key} = {value}: expected {}", expected(key)));
        }
    }
    (settings, warnings)
}

fn place(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before.map(|before| format!("line {}: ", before.matches('\n').count() + 1));
    format!("{}{}", line.unwrap_or_default(), one_line(error))
}

fn expected(key: &str) -> &'static str {
    match key {
        "theme" => "the id of a theme",
        "minutes" => "a whole number from 1 to 240",
        "level" => "\"mid\", \"senior\" or \"staff\"",
        "cards" => "a table of settings of the cards",
        _ => "a table of actions and their keys",
    }
}

fn minutes(value: &Value) -> Option<u32> {
    value.as_integer().and_then(|minutes| u32::try_from(minutes).ok()).filter(|minutes| (1..=240).contains(minutes))
}

fn read_keys(table: &Table, warnings: &mut Vec<String>) -> BTreeMap<String, Vec<String>> {
    let mut keys = BTreeMap::new();
    for (action, value) in table {
        let read = match value {
            Value::String(key) => Some(vec![key.clone()]),
            Value::Array(several) => several.iter().map(|key| key.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        match read {
            Some(read) => _ = keys.insert(action.clone(), read),
            None => warnings.push(format!("keys.{action} = {value}: expected a key or a list of keys")),
        }
    }
    keys
}

/// `text`, the file as it is, changed to say `settings`. Comments and keys that this version doesn't know stay, as far as that can be done line by
/// line; where it can't, the comments go.
pub(super) fn write(text: &str, settings: &Settings) -> String {
    let edited = edit(text, settings);
    if read(&edited).0 == *settings && text.parse::<Table>().is_ok() {
        return edited;
    }
    let mut table: Table = text.parse().unwrap_or_default();
    for (key, value) in scalars(settings) {
        match value {
            Some(value) => _ = table.insert(key.to_owned(), value),
            None => _ = table.remove(key),
        }
    }
    for (name, own) in tables(&table, settings) {
        table.insert(name.to_owned(), Value::Table(own));
    }
    table.to_string()
}

fn scalars(settings: &Settings) -> [(&'static str, Option<Value>); 3] {
    [
        ("theme", settings.theme.clone().map(Value::from)),
        ("minutes", settings.minutes.map(|minutes| Value::from(i64::from(minutes)))),
        ("level", settings.level.map(|level| Value::from(level.name()))),
    ]
}

/// The tables as they are to be; `before` is the whole file, whose unknown keys stay.
fn tables(before: &Table, settings: &Settings) -> [(&'static str, Table); 2] {
    let keys = settings.keys.iter().map(|(action, keys)| (action.clone(), Value::from(keys.clone())));
    let known = before.get("cards").and_then(Value::as_table).cloned().unwrap_or_default();
    [("keys", keys.collect()), ("cards", cards::write(known, &settings.cards))]
}

/// The lines of `text` with the values of `settings` in place of its own.
fn edit(text: &str, settings: &Settings) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let mut top = lines.iter().position(|line| line.trim_start().starts_with('[')).unwrap_or(lines.len());
    for (key, value) in scalars(settings) {
        let at = lines[..top].iter().position(|line| names(line, key));
        match (at, value) {
            (Some(at), Some(value)) => lines[at] = format!("{key} = {value}{}", comment(&lines[at])),
            (Some(at), None) => {
                lines.remove(at);
                top -= 1;
            }
            (None, Some(value)) => {
                lines.insert(top, format!("{key} = {value}"));
                top += 1;
            }
            (None, None) => {}
        }
    }
    let (before, _) = read(text);
    let changed = [before.keys != settings.keys, before.cards != settings.cards];
    for ((name, table), changed) in tables(&text.parse().unwrap_or_default(), settings).into_iter().zip(changed) {
        if changed {
            edit_table(&mut lines, name, &table);
        }
    }
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

/// Puts `table` in place of the lines of the table of that name.
fn edit_table(lines: &mut Vec<String>, name: &str, table: &Table) {
    let head = format!("[{name}]");
    if let Some(start) = lines.iter().position(|line| line.trim() == head) {
        let length = lines[start + 1..].iter().position(|line| line.trim_start().starts_with('['));
        let end = length.map_or(lines.len(), |length| start + 1 + length);
        lines.drain(start..end);
    }
    if !table.is_empty() {
        lines.push(head);
        lines.extend(table.to_string().lines().map(str::to_owned));
    }
}

fn names(line: &str, key: &str) -> bool {
    line.trim_start().strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
}

/// The comment at the end of a line whose value has no `#` in it.
fn comment(line: &str) -> &str {
    let quoted = line.contains(['"', '\'']) && line.rfind('#') < line.rfind(['"', '\'']);
    let at = line.find(" #").filter(|_| !quoted);
    at.map_or("", |at| &line[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            theme: Some("light".to_owned()),
            minutes: Some(35),
            level: Some(Level::Staff),
            keys: BTreeMap::from([("interview.run".to_owned(), vec!["ctrl-r".to_owned(), "f5".to_owned()])]),
            cards: CardSettings::default(),
        }
    }

    #[track_caller]
    fn check_warning(text: &str, expected: &str) {
        let (_, warnings) = read(text);
        assert_eq!(warnings, [expected], "{text}");
    }

    #[test]
    fn what_means_nothing_is_warned_of_and_the_rest_holds() {
        check_warning("colour = 1", "unknown setting 'colour'; known are theme, minutes, level, keys, cards");
        check_warning("minutes = 0", "minutes = 0: expected a whole number from 1 to 240");
        check_warning("level = \"boss\"", "level = \"boss\": expected \"mid\", \"senior\" or \"staff\"");
        check_warning("keys = 3", "keys = 3: expected a table of actions and their keys");
        check_warning("[keys]\nquit = 3", "keys.quit = 3: expected a key or a list of keys");
        let (read, warnings) = read("theme = \"mono\"\nminutes = \"x\"\n[keys]\nquit = \"q\"\n");
        assert_eq!((read.theme.as_deref(), read.minutes, warnings.len()), (Some("mono"), None, 1));
        assert_eq!(read.keys["quit"], ["q"]);
        let (_, warnings) = super::read("theme = \"dark\"\nminutes 45\n");
        assert!(warnings[0].contains("line 2"), "{warnings:?}");
    }

    #[track_caller]
    fn check_write(before: &str, expected: &str) {
        let after = write(before, &settings());
        assert_eq!(after, expected);
        assert_eq!(read(&after).0, settings());
        assert_eq!(write(&after, &settings()), after, "twice changes nothing");
    }

    const KEYS: &str = "[keys]\n\"interview.run\" = [\"ctrl-r\", \"f5\"]\n";

    #[test]
    fn writing_keeps_comments_and_unknown_keys() {
        check_write("", &format!("theme = \"light\"\nminutes = 35\nlevel = \"staff\"\n{KEYS}"));
        check_write(
            "# mine\ntheme = \"dark\" # warm\nfuture = 1\n\n[other]\na = 1\n",
            &format!(
                "# mine\ntheme = \"light\" # warm\nfuture = 1\n\nminutes = 35\nlevel = \"staff\"\n[other]\na = 1\n{KEYS}"
            ),
        );
        check_write(
            "[keys]\nquit = \"q\"\n[other]\na = 1\n",
            &format!("theme = \"light\"\nminutes = 35\nlevel = \"staff\"\n[other]\na = 1\n{KEYS}"),
        );
        let cleared = write("theme = \"dark\"\n# c\n", &Settings::default());
        assert_eq!(cleared, "# c\n");
    }

    #[test]
    fn what_cannot_be_edited_by_lines_is_written_anew() {
        for odd in [
            "\"theme\" = \"dark\"\n",
            "theme = '''\nminutes = 3\n'''\n",
            "keys = { quit = \"q\" }\nx = 1\n",
            "= nonsense",
        ] {
            let after = write(odd, &settings());
            assert_eq!(read(&after).0, settings(), "{odd}: {after}");
        }
        assert!(write("keys = { quit = \"q\" }\nx = 1\n", &settings()).contains("x = 1"));
    }
}
