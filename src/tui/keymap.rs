//! Keys as data: chords, bindings, and the tables from which footer, help, palette and the guide's key page are made.
//!
//! A key goes to the overlay, then the focused pane, then the screen, then the global table. A pane that takes text swallows unmodified
//! characters.

pub mod rows;

use std::collections::BTreeMap;
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

    /// Reads a chord as people write it, whatever the case of its words: `ctrl-r`, `F5`, `Shift-Tab`, `space`, `G`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        while let Some((head, tail)) = rest.split_once('-').filter(|(head, tail)| !head.is_empty() && !tail.is_empty())
        {
            modifiers |= match head.to_ascii_lowercase().as_str() {
                "ctrl" | "control" => KeyModifiers::CONTROL,
                "alt" | "meta" => KeyModifiers::ALT,
                "shift" => KeyModifiers::SHIFT,
                _ => return None,
            };
            rest = tail;
        }
        let mut characters = rest.chars();
        let code = match (characters.next()?, characters.next()) {
            (c, None) if modifiers.is_empty() => KeyCode::Char(c),
            (c, None) => KeyCode::Char(c.to_ascii_lowercase()),
            _ => code_named(&rest.to_ascii_lowercase())?,
        };
        Some(Self::of(KeyEvent::new(code, modifiers)))
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

/// The key with that name, lower-case.
fn code_named(name: &str) -> Option<KeyCode> {
    Some(match name {
        "space" => KeyCode::Char(' '),
        "enter" | "return" => KeyCode::Enter,
        "esc" | "escape" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backspace" => KeyCode::Backspace,
        "del" | "delete" => KeyCode::Delete,
        "insert" => KeyCode::Insert,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgup" | "pageup" => KeyCode::PageUp,
        "pgdn" | "pagedown" => KeyCode::PageDown,
        _ => {
            let n = name.strip_prefix('f')?.parse().ok().filter(|n| (1..=24).contains(n))?;
            KeyCode::F(n)
        }
    })
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

/// The keys of one screen, pane or overlay.
#[derive(Debug)]
pub struct KeyTable<A: 'static> {
    /// Its name in the settings file: `interview` in `"interview.run" = ["ctrl-r"]`.
    pub id: &'static str,
    /// Whose keys they are, for a person.
    pub title: &'static str,
    /// How it stands to the tables after it.
    pub grip: Grip,
    /// The bindings.
    pub bindings: &'static [Binding<A>],
}

/// How a table stands to those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// It lets pass what it doesn't bind, and hides nothing.
    Shares,
    /// It takes text: unmodified characters don't pass.
    Types,
    /// It lies over the others for a moment and may hide their keys.
    Covers,
    /// It lies over the others and takes text.
    CoversAndTypes,
}

impl Grip {
    const fn types(self) -> bool {
        matches!(self, Self::Types | Self::CoversAndTypes)
    }

    const fn covers(self) -> bool {
        matches!(self, Self::Covers | Self::CoversAndTypes)
    }
}

impl<A: Copy> KeyTable<A> {
    /// The action that `chord` means here.
    pub fn find(&self, keymap: &Keymap, chord: Chord) -> Option<A> {
        let meant = |binding: &&Binding<A>| match keymap.own(self.id, binding.name) {
            Some(keys) => keys.contains(&chord),
            None => binding.keys.contains(&chord),
        };
        self.bindings.iter().find(meant).map(|binding| binding.action)
    }

    /// The action of that name.
    pub fn named(&self, name: &str) -> Option<A> {
        self.bindings.iter().find(|binding| binding.name == name).map(|binding| binding.action)
    }

    /// The first key of the action of that name, for a text that names it.
    pub fn key_of(&self, keymap: &Keymap, name: &str) -> String {
        let binding = self.bindings.iter().find(|binding| binding.name == name);
        let keys = binding.map(|binding| keymap.own(self.id, name).unwrap_or(binding.keys));
        keys.and_then(|keys| keys.first()).map(Chord::to_string).unwrap_or_default()
    }

    /// The table as help, footer and palette see it.
    pub fn section(&self, keymap: &Keymap) -> KeySection {
        let entry = |binding: &Binding<A>| KeyEntry {
            name: binding.name,
            keys: keymap.own(self.id, binding.name).unwrap_or(binding.keys).to_vec(),
            hint: binding.hint,
            doc: binding.doc,
        };
        KeySection {
            id: self.id,
            title: self.title,
            grip: self.grip,
            entries: self.bindings.iter().map(entry).collect(),
        }
    }
}

/// The user's own keys over those of the tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    own: BTreeMap<String, Vec<Chord>>,
}

impl Keymap {
    /// Reads the settings' keys: `table.action` and the chords. What means nothing is returned as a sentence each.
    pub fn read(keys: &BTreeMap<String, Vec<String>>, tables: &[KeySection]) -> (Self, Vec<String>) {
        let mut keymap = Self::default();
        let mut faults = Vec::new();
        for (name, chords) in keys {
            let known = tables.iter().any(|table| {
                table.entries.iter().any(|entry| name.strip_prefix(table.id) == Some(&format!(".{}", entry.name)))
            });
            if !known {
                faults.push(format!("settings: no action is called '{name}'"));
                continue;
            }
            let (good, bad): (Vec<_>, Vec<_>) =
                chords.iter().map(|text| (text, Chord::parse(text))).partition(|(_, chord)| chord.is_some());
            faults.extend(bad.iter().map(|(text, _)| format!("settings: '{text}' is no key ({name})")));
            keymap.own.insert(name.clone(), good.into_iter().filter_map(|(_, chord)| chord).collect());
        }
        (keymap, faults)
    }

    fn own(&self, table: &str, action: &str) -> Option<&[Chord]> {
        if self.own.is_empty() {
            return None;
        }
        self.own.get(&format!("{table}.{action}")).map(Vec::as_slice)
    }
}

/// A binding without its action: what help, footer and palette show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyEntry {
    /// Name of the action.
    pub name: &'static str,
    /// The keys that mean it.
    pub keys: Vec<Chord>,
    /// Its word in the footer.
    pub hint: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// One table of those that are reachable now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeySection {
    /// The table's id.
    pub id: &'static str,
    /// Whose keys they are: `Interview`, `Editor`, ...
    pub title: &'static str,
    /// How it stands to the sections after it.
    pub grip: Grip,
    /// The bindings, in the order of the table.
    pub entries: Vec<KeyEntry>,
}

/// The entries of `sections` that a press would reach now, section by section, each with its first reachable key.
pub fn reachable(sections: &[KeySection]) -> Vec<(&KeySection, Vec<(Chord, &KeyEntry)>)> {
    let mut typing = false;
    let mut taken: Vec<Chord> = Vec::new();
    let mut reached = Vec::new();
    for section in sections {
        typing |= section.grip.types();
        let entries = section
            .entries
            .iter()
            .filter_map(|entry| {
                let free = |chord: &&Chord| !(taken.contains(chord) || typing && chord.typed().is_some());
                entry.keys.iter().find(free).map(|&chord| (chord, entry))
            })
            .collect();
        taken.extend(section.entries.iter().flat_map(|entry| &entry.keys));
        reached.push((section, entries));
    }
    reached
}

/// What is wrong with tables that are reachable together: a key bound twice, one hidden by a table before it, an action without a word
/// or a key. Empty when they are sound.
pub fn faults(sections: &[KeySection]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut seen: Vec<(Chord, &KeySection, &str)> = Vec::new();
    let mut typing = false;
    for section in sections {
        typing |= section.grip.types();
        for entry in &section.entries {
            if entry.doc.is_empty() || entry.keys.is_empty() || entry.name.is_empty() {
                faults.push(format!("{}: '{}' lacks a key, a name or a doc", section.title, entry.name));
            }
            for &chord in entry.keys.iter().filter(|chord| !(typing && chord.typed().is_some())) {
                let hides = |(known, owner, _): &&(Chord, &KeySection, &str)| {
                    *known == chord && (!owner.grip.covers() || owner.id == section.id)
                };
                if let Some((_, owner, name)) = seen.iter().find(hides) {
                    let title = section.title;
                    faults.push(format!("{chord}: {title} '{}' is hidden by {} '{name}'", entry.name, owner.title));
                }
                seen.push((chord, section, entry.name));
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

    const LIST: KeyTable<Do> = KeyTable {
        id: "list",
        title: "List",
        grip: Grip::Shares,
        bindings: &[bind(Do::Up, "up", &[Chord::code(KeyCode::Up), Chord::char('k')], "up", "One line up")],
    };
    const GLOBAL: KeyTable<Do> = KeyTable {
        id: "global",
        title: "Everywhere",
        grip: Grip::Shares,
        bindings: &[bind(Do::Quit, "quit", &[Chord::char('q'), Chord::ctrl('q')], "quit", "Leave")],
    };

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

    #[track_caller]
    fn parses(text: &str, expected: Option<Chord>) {
        assert_eq!(Chord::parse(text), expected, "{text}");
    }

    #[test]
    fn chords_are_read_as_people_write_them() {
        parses("ctrl-r", Some(Chord::ctrl('r')));
        parses("Ctrl-R", Some(Chord::ctrl('r')));
        parses("F5", Some(Chord::f(5)));
        parses("shift-tab", Some(Chord::code(KeyCode::BackTab)));
        parses("alt-1", Some(Chord::alt('1')));
        parses("G", Some(Chord::char('G')));
        parses("-", Some(Chord::char('-')));
        parses("ctrl--", Some(Chord::ctrl('-')));
        parses("space", Some(Chord::char(' ')));
        parses("hyper-x", None);
        parses("f99", None);
        parses("", None);
    }

    #[test]
    fn every_chord_is_read_back_from_what_is_shown() {
        let shift_left = Chord::with(KeyModifiers::SHIFT, KeyCode::Left);
        let chords = [Chord::ctrl('n'), Chord::f(12), Chord::char('?'), Chord::code(KeyCode::PageUp), shift_left];
        for chord in chords {
            parses(&chord.to_string(), Some(chord));
        }
    }

    fn section(table: &KeyTable<Do>) -> KeySection {
        table.section(&Keymap::default())
    }

    #[test]
    fn a_pane_that_takes_text_hides_plain_characters_and_nothing_else() {
        let sections = [KeySection { grip: Grip::Types, ..section(&LIST) }, section(&GLOBAL)];
        let reached = reachable(&sections);
        assert_eq!(reached[1].1[0].0, Chord::ctrl('q'));
        assert_eq!(faults(&sections), Vec::<String>::new());
    }

    #[test]
    fn a_hidden_key_is_found_unless_it_is_covered_on_purpose() {
        let other = KeySection { id: "other", title: "Other", ..section(&LIST) };
        let found = faults(&[section(&LIST), other.clone()]);
        assert!(found.len() == 2 && found[1] == "k: Other 'up' is hidden by List 'up'", "{found:?}");
        assert_eq!(faults(&[KeySection { grip: Grip::Covers, ..section(&LIST) }, other]), Vec::<String>::new());
    }

    #[test]
    fn own_keys_take_the_place_of_the_tables() {
        let keys = BTreeMap::from([
            ("list.up".to_owned(), vec!["ctrl-u".to_owned(), "nonsense".to_owned()]),
            ("list.sideways".to_owned(), vec!["x".to_owned()]),
        ]);
        let (keymap, faults) = Keymap::read(&keys, &[section(&LIST), section(&GLOBAL)]);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert_eq!(LIST.find(&keymap, Chord::ctrl('u')), Some(Do::Up));
        assert_eq!(LIST.find(&keymap, Chord::char('k')), None);
        assert_eq!(GLOBAL.find(&keymap, Chord::char('q')), Some(Do::Quit));
    }
}
