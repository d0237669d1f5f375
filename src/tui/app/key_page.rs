//! The guide's page of keys, written from the key tables.

use crate::markup::{code_span, escape};
use crate::tui::keymap::{Chord, KeyEntry, KeySection};

const HEAD: &str = r#"+++
id = "keys"
title = "Keys: every screen, and how to change them"
aliases = ["shortcuts", "key bindings", "keyboard"]
tags = ["guide", "keys"]
see = ["packs", "flashcards", "estimator"]
+++
`?` or F1 shows the keys of the place you are in, nearest first, and finds one by what it does. Ctrl-P or `:` does an action by its
name. The last line of the screen has the ones that matter most.

A key goes to what lies over the screen, then to the pane that has the focus, then to the screen, then to the keys that work everywhere.
Where text is typed, plain characters are text.

Arrows and vim's letters both move; Page Up and Page Down, Home and End do what they say; the wheel scrolls and a click chooses. While the
mouse is Dryrun's, Shift and drag selects text in most terminals; Alt-M gives the mouse back to the terminal.

## Your own keys

`settings.toml` in the configuration folder, or in `DRYRUN_HOME`, may give an action other keys. They replace all that it had:

```toml
[keys]
"interview.run" = ["ctrl-r", "f5"]
"list.down" = ["down", "j", "ctrl-n"]
```

The name is the table's and the action's, as in the last column below. A key is written `a`, `G`, `space`, `enter`, `esc`, `tab`, `up`,
`pgdn`, `home`, `del`, `f5`, with `ctrl-`, `alt-` or `shift-` before it. A name or a key that means nothing is told at the start, and
the rest is used.

## Every key
"#;

/// The page as its file in the guide: every table with every action.
pub fn key_page(tables: &[KeySection]) -> String {
    let mut page = HEAD.to_owned();
    for table in tables {
        page.push_str(&format!("\n### {}\n\n| Keys | What it does | Name |\n|---|---|---|\n", escape(table.title)));
        for entry in &table.entries {
            page.push_str(&row(table, entry));
        }
    }
    page
}

fn row(table: &KeySection, entry: &KeyEntry) -> String {
    let keys: Vec<String> = entry.keys.iter().map(Chord::to_string).collect();
    let keys: Vec<String> = keys.iter().map(|key| code_span(key)).collect();
    format!("| {} | {} | {} |\n", keys.join(" "), escape(entry.doc), code_span(&format!("{}.{}", table.id, entry.name)))
}
