//! Keys as data: chords, bindings, and the tables from which footer, help, palette and the guide's key page are made.
//!
//! A key goes to the overlay, then the focused pane, then the screen, then the global table. A pane that takes text swallows unmodified
//! characters.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// One key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Chord {
    /// A character as typed; `A` is shift and a.
    pub const fn char(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::NONE }
    }

    /// Control and a lower-case letter.
    pub const fn ctrl(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::CONTROL }
    }

    /// Alt and a character.
    pub const fn alt(c: char) -> Self {
        Self { code: KeyCode::Char(c), modifiers: KeyModifiers::ALT }
    }

    /// A function key.
    pub const fn f(n: u8) -> Self {
        Self::code(KeyCode::F(n))
    }

    /// A key that is no character.
    pub const fn code(code: KeyCode) -> Self {
        Self { code, modifiers: KeyModifiers::NONE }
    }

    /// A key that is no character, with modifiers.
    pub const fn with(modifiers: KeyModifiers, code: KeyCode) -> Self {
        Self { code, modifiers }
    }

    /// The chord of a key press, whatever of the several reports of it a terminal sends.
    pub fn of(key: KeyEvent) -> Self {
        let mut modifiers =
            key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT | KeyModifiers::SUPER);
        let mut code = key.code;
        if let KeyCode::Char(c) = code {
            // A shifted character is reported as such already; with control the case carries nothing.
            modifiers -= KeyModifiers::SHIFT;
            if modifiers.contains(KeyModifiers::CONTROL) {
                code = KeyCode::Char(c.to_ascii_lowercase());
            }
        }
        if code == KeyCode::BackTab || (code == KeyCode::Tab && modifiers.contains(KeyModifiers::SHIFT)) {
            code = KeyCode::BackTab;
            modifiers -= KeyModifiers::SHIFT;
        }
        Self { code, modifiers }
    }

    /// The character that the chord types into a text, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if self.modifiers.is_empty() => Some(c),
            // AltGr arrives as control and alt together on some terminals.
            KeyCode::Char(c) if self.modifiers == KeyModifiers::CONTROL | KeyModifiers::ALT && !c.is_ascii() => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Chord {
    /// `Ctrl-N`, `Alt-1`, `F1`, `Shift-Tab`, `Space`, `j`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, name) in
            [(KeyModifiers::CONTROL, "Ctrl-"), (KeyModifiers::ALT, "Alt-"), (KeyModifiers::SHIFT, "Shift-")]
        {
            if self.modifiers.contains(modifier) {
                f.write_str(name)?;
            }
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(c) if self.modifiers.is_empty() => write!(f, "{c}"),
            KeyCode::Char(c) => write!(f, "{}", c.to_uppercase()),
            KeyCode::F(n) => write!(f, "F{n}"),
            KeyCode::BackTab => f.write_str("Shift-Tab"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::Delete => f.write_str("Del"),
            code => write!(f, "{code:?}"),
        }
    }
}

/// What the user means by a key: an action of one screen, pane or overlay.
#[derive(Debug)]
pub struct Binding<A: 'static> {
    /// What is done.
    pub action: A,
    /// Its name, kebab-case, unique in its table.
    pub name: &'static str,
    /// The keys that mean it; the first is shown.
    pub keys: &'static [Chord],
    /// Its word in the footer; empty: not shown there.
    pub hint: &'static str,
    /// What it does, in one line.
    pub doc: &'static str,
}

/// A binding: action, name, keys, word in the footer, doc.
pub const fn bind<A>(
    action: A,
    name: &'static str,
    keys: &'static [Chord],
    hint: &'static str,
    doc: &'static str,
) -> Binding<A> {
    Binding { action, name, keys, hint, doc }
}

/// The action that `chord` means in `table`.
pub fn find<A: Copy>(table: &[Binding<A>], chord: Chord) -> Option<A> {
    table.iter().find(|binding| binding.keys.contains(&chord)).map(|binding| binding.action)
}

/// The action of that name in `table`.
pub fn named<A: Copy>(table: &[Binding<A>], name: &str) -> Option<A> {
    table.iter().find(|binding| binding.name == name).map(|binding| binding.action)
}

/// A binding without its action: what help, footer and palette show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyEntry {
    /// Name of the action.
    pub name: &'static str,
    /// The keys that mean it.
    pub keys: &'static [Chord],
    /// Its word in the footer.
    pub hint: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// One table of those that are reachable now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySection {
    /// Whose keys they are: `Interview`, `Editor`, ...
    pub title: &'static str,
    /// Whether its owner takes text, so that unmodified characters of the tables after it can't be reached.
    pub takes_text: bool,
    /// The bindings, in the order of the table.
    pub entries: Vec<KeyEntry>,
}

impl KeySection {
    /// The section of a table.
    pub fn of<A>(title: &'static str, table: &'static [Binding<A>]) -> Self {
        let entries = table
            .iter()
            .map(|binding| KeyEntry {
                name: binding.name,
                keys: binding.keys,
                hint: binding.hint,
                doc: binding.doc,
            })
            .collect();
        Self { title, takes_text: false, entries }
    }

    /// The section of a table whose owner takes text.
    pub fn of_text<A>(title: &'static str, table: &'static [Binding<A>]) -> Self {
        Self { takes_text: true, ..Self::of(title, table) }
    }
}

/// The keys of `sections` that a press would reach now, section by section, each entry with its first reachable key.
pub fn reachable(sections: &[KeySection]) -> Vec<(&KeySection, Vec<(Chord, KeyEntry)>)> {
    let mut typing = false;
    let mut taken: Vec<Chord> = Vec::new();
    let mut reached = Vec::new();
    for section in sections {
        typing |= section.takes_text;
        let entries = section
            .entries
            .iter()
            .filter_map(|entry| {
                let free = |chord: &&Chord| !taken.contains(chord) && !(typing && chord.typed().is_some());
                entry.keys.iter().find(free).map(|&chord| (chord, *entry))
            })
            .collect();
        taken.extend(section.entries.iter().flat_map(|entry| entry.keys));
        reached.push((section, entries));
    }
    reached
}

/// What is wrong with tables that are reachable together: a key bound twice, one hidden by a table before it, an action without a word
/// or a key. Empty when they are sound.
pub fn faults(sections: &[KeySection]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen: Vec<(Chord, &str, &str)> = Vec::new();
    let mut typing = false;
    for section in sections {
        typing |= section.takes_text;
        for entry in &section.entries {
            if entry.doc.is_empty() || entry.keys.is_empty() || entry.name.is_empty() {
                faults.push(format!("{}: '{}' lacks a key, a name or a doc", section.title, entry.name));
            }
            for &chord in entry.keys {
                if typing && chord.typed().is_some() {
                    continue;
                }
                if let Some((_, owner, name)) = seen.iter().find(|(known, ..)| *known == chord) {
                    let title = section.title;
                    faults.push(format!("{chord}: {title} '{}' is hidden by {owner} '{name}'", entry.name));
                }
                seen.push((chord, section.title, entry.name));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Do {
        Up,
        Quit,
    }

    const LIST: &[Binding<Do>] = &[bind(Do::Up, "up", &[Chord::code(KeyCode::Up), Chord::char('k')], "up", "one line up")];
    const GLOBAL: &[Binding<Do>] = &[bind(Do::Quit, "quit", &[Chord::char('q'), Chord::ctrl('q')], "quit", "leave")];

    #[track_caller]
    fn shows(chord: Chord, expected: &str) {
        assert_eq!(chord.to_string(), expected);
    }

    #[test]
    fn chords_read_as_people_write_them() {
        shows(Chord::ctrl('n'), "Ctrl-N");
        shows(Chord::alt('1'), "Alt-1");
        shows(Chord::char('G'), "G");
        shows(Chord::char(' '), "Space");
        shows(Chord::code(KeyCode::BackTab), "Shift-Tab");
        shows(Chord::with(KeyModifiers::CONTROL, KeyCode::Left), "Ctrl-Left");
        shows(Chord::f(10), "F10");
    }

    #[test]
    fn the_ways_terminals_report_a_key_are_one_chord() {
        let key = |code, modifiers| Chord::of(KeyEvent::new(code, modifiers));
        assert_eq!(key(KeyCode::Char('?'), KeyModifiers::SHIFT), Chord::char('?'));
        assert_eq!(key(KeyCode::Tab, KeyModifiers::SHIFT), Chord::code(KeyCode::BackTab));
        assert_eq!(key(KeyCode::BackTab, KeyModifiers::SHIFT), Chord::code(KeyCode::BackTab));
        assert_eq!(key(KeyCode::Char('N'), KeyModifiers::CONTROL | KeyModifiers::SHIFT), Chord::ctrl('n'));
    }

    #[test]
    fn a_pane_that_takes_text_hides_plain_characters_and_nothing_else() {
        let sections = [KeySection::of_text("Editor", LIST), KeySection::of("Everywhere", GLOBAL)];
        let reached = reachable(&sections);
        assert_eq!(reached[1].1[0].0, Chord::ctrl('q'));
        assert_eq!(faults(&sections), Vec::<String>::new());
    }

    #[test]
    fn a_hidden_key_is_found() {
        let sections = [KeySection::of("List", LIST), KeySection::of("Screen", LIST)];
        let found = faults(&sections);
        assert!(found.len() == 2 && found[1].contains("k: Screen 'up' is hidden by List 'up'"), "{found:?}");
    }
}
