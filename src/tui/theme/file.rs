//! The files in `themes/`: TOML with a palette and roles.

use std::collections::BTreeMap;

use ratatui::style::{Modifier, Style};
use serde::Deserialize;
use thiserror::Error;

use super::ThemeKind;
use super::colour::{Depth, Rgb, contrast};

/// Least contrast of text with what it stands on (WCAG 2, level AA).
const LEAST_CONTRAST: f64 = 4.5;

/// Why a theme can't be used.
#[derive(Debug, Error, PartialEq)]
pub enum ThemeError {
    /// The file is not what a theme looks like: a role is missing, a key is not known.
    #[error("theme '{id}': {message}")]
    Malformed {
        /// The theme.
        id: String,
        /// What the reader of TOML says, with line and column.
        message: String,
    },
    /// A role names a colour that is neither in the palette nor `#rrggbb`.
    #[error("theme '{id}': role '{role}' names '{colour}', which is neither in its palette nor #rrggbb")]
    Colour {
        /// The theme.
        id: String,
        /// The role.
        role: String,
        /// What it names.
        colour: String,
    },
}

/// A theme as read: every colour resolved, at full depth.
#[derive(Debug)]
pub struct Look {
    pub id: String,
    pub name: String,
    pub kind: ThemeKind,
    pub background: Paint,
    pub text: Paint,
    pub muted: Paint,
    pub accent: Paint,
    pub border: Paint,
    pub selection: Paint,
    pub good: Paint,
    pub warning: Paint,
    pub bad: Paint,
    pub series: [Paint; 6],
    pub heat: [Paint; 5],
}

/// Colours and weight of one role.
#[derive(Clone, Debug, Default)]
pub struct Paint {
    fg: Option<Rgb>,
    bg: Option<Rgb>,
    modifiers: Modifier,
}

impl Paint {
    /// The style on a terminal of that depth. Without colours a ground of its own becomes reverse, and so with sixteen: of those no two stand
    /// next to each other well enough.
    pub fn style(&self, depth: Depth) -> Style {
        let style = Style::new().add_modifier(self.modifiers);
        if depth <= Depth::Ansi16 && self.bg.is_some() {
            return style.add_modifier(Modifier::REVERSED);
        }
        Style { fg: self.fg.and_then(|rgb| rgb.at(depth)), bg: self.bg.and_then(|rgb| rgb.at(depth)), ..style }
    }

    /// The paint of the background role as a ground.
    pub fn ground(&self, depth: Depth) -> Style {
        Style { bg: self.fg.and_then(|rgb| rgb.at(depth)), ..Style::new() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    kind: Kind,
    #[serde(default)]
    palette: BTreeMap<String, String>,
    roles: Roles,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Dark,
    Light,
    Mono,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Roles {
    background: Entry,
    text: Entry,
    muted: Entry,
    accent: Entry,
    border: Entry,
    selection: Entry,
    good: Entry,
    warning: Entry,
    bad: Entry,
    series: [Entry; 6],
    heat: [Entry; 5],
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Colour(String),
    Paint(PaintEntry),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaintEntry {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    modifiers: Vec<Weight>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Weight {
    Bold,
    Dim,
    Italic,
    Underlined,
    Reversed,
}

impl Weight {
    fn modifier(self) -> Modifier {
        match self {
            Self::Bold => Modifier::BOLD,
            Self::Dim => Modifier::DIM,
            Self::Italic => Modifier::ITALIC,
            Self::Underlined => Modifier::UNDERLINED,
            Self::Reversed => Modifier::REVERSED,
        }
    }
}

impl Look {
    /// Reads a theme's file.
    pub fn parse(id: &str, text: &str) -> Result<Self, ThemeError> {
        let file: File = toml::from_str(text)
            .map_err(|error| ThemeError::Malformed { id: id.to_owned(), message: error.to_string() })?;
        let resolver = Resolver { id, palette: &file.palette };
        let paint = |role: &str, entry: &Entry| resolver.paint(role, entry);
        let roles = &file.roles;
        Ok(Self {
            id: id.to_owned(),
            name: file.name.clone(),
            kind: match file.kind {
                Kind::Dark => ThemeKind::Dark,
                Kind::Light => ThemeKind::Light,
                Kind::Mono => ThemeKind::Mono,
            },
            background: paint("background", &roles.background)?,
            text: paint("text", &roles.text)?,
            muted: paint("muted", &roles.muted)?,
            accent: paint("accent", &roles.accent)?,
            border: paint("border", &roles.border)?,
            selection: paint("selection", &roles.selection)?,
            good: paint("good", &roles.good)?,
            warning: paint("warning", &roles.warning)?,
            bad: paint("bad", &roles.bad)?,
            series: resolver.paints("series", &roles.series)?,
            heat: resolver.paints("heat", &roles.heat)?,
        })
    }

    /// Roles whose text can't be read well on the ground they stand on.
    pub fn unreadable(&self) -> Vec<String> {
        if self.kind == ThemeKind::Mono {
            return self.colours_of_mono();
        }
        let Some(ground) = self.background.fg else {
            return vec![format!("theme '{}': its background has no colour", self.id)];
        };
        self.roles_of_text()
            .into_iter()
            .filter_map(|(role, paint)| {
                let ground = paint.bg.unwrap_or(ground);
                let found = paint.fg.or(self.text.fg).map_or(1.0, |fg| contrast(fg, ground));
                (found < LEAST_CONTRAST).then(|| {
                    format!("theme '{}': contrast of '{role}' is {found:.1}, less than {LEAST_CONTRAST}", self.id)
                })
            })
            .collect()
    }

    fn colours_of_mono(&self) -> Vec<String> {
        self.roles_of_text()
            .into_iter()
            .filter(|(_, paint)| paint.fg.is_some() || paint.bg.is_some())
            .map(|(role, _)| format!("theme '{}' is mono, but its '{role}' has a colour", self.id))
            .collect()
    }

    /// Every role that text is written in: all but the frames and the ground.
    fn roles_of_text(&self) -> Vec<(String, &Paint)> {
        let named = [
            ("text", &self.text),
            ("muted", &self.muted),
            ("accent", &self.accent),
            ("selection", &self.selection),
            ("good", &self.good),
            ("warning", &self.warning),
            ("bad", &self.bad),
        ];
        let numbered = |name: &'static str| move |(at, paint)| (format!("{name} {at}"), paint);
        named
            .into_iter()
            .map(|(name, paint)| (name.to_owned(), paint))
            .chain(self.series.iter().enumerate().map(numbered("series")))
            .chain(self.heat.iter().enumerate().map(numbered("heat")))
            .collect()
    }
}

/// Turns names of the palette into colours.
struct Resolver<'a> {
    id: &'a str,
    palette: &'a BTreeMap<String, String>,
}

impl Resolver<'_> {
    fn paints<const N: usize>(&self, role: &str, entries: &[Entry; N]) -> Result<[Paint; N], ThemeError> {
        let mut paints = [const { Paint { fg: None, bg: None, modifiers: Modifier::empty() } }; N];
        for (at, (paint, entry)) in paints.iter_mut().zip(entries).enumerate() {
            *paint = self.paint(&format!("{role} {at}"), entry)?;
        }
        Ok(paints)
    }

    fn paint(&self, role: &str, entry: &Entry) -> Result<Paint, ThemeError> {
        match entry {
            Entry::Colour(name) => Ok(Paint { fg: Some(self.colour(role, name)?), ..Paint::default() }),
            Entry::Paint(entry) => Ok(Paint {
                fg: entry.fg.as_deref().map(|name| self.colour(role, name)).transpose()?,
                bg: entry.bg.as_deref().map(|name| self.colour(role, name)).transpose()?,
                modifiers: entry.modifiers.iter().map(|weight| weight.modifier()).collect(),
            }),
        }
    }

    fn colour(&self, role: &str, name: &str) -> Result<Rgb, ThemeError> {
        let text = self.palette.get(name).map_or(name, String::as_str);
        Rgb::parse(text).ok_or_else(|| ThemeError::Colour {
            id: self.id.to_owned(),
            role: role.to_owned(),
            colour: name.to_owned(),
        })
    }
}
