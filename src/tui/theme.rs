//! Themes: what each role looks like. No screen names a colour; it asks for a [`Role`].
//!
//! The files in `themes/` come from the bank, where a user's own overlay the embedded ones by id.

mod colour;
mod file;

use ratatui::style::{Modifier, Style};

pub use colour::{Depth, contrast};
pub use file::ThemeError;

use file::Look;

/// What is shown when no theme can be had.
const MONO: &str = include_str!("../../themes/mono.toml");

/// What a cell of the screen means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Plain text on the theme's ground.
    Text,
    /// What can be overlooked.
    Muted,
    /// Titles, keys, the focused pane.
    Accent,
    /// Rules and frames.
    Border,
    /// The selected line or text.
    Selection,
    /// A target met, something saved.
    Good,
    /// Near a limit.
    Warning,
    /// A target missed, an error.
    Bad,
    /// A line of a chart, from 0; the sixth is followed by the first.
    Series(usize),
    /// How busy something is, from 0 (idle) to 4 (at its limit); more than 4 counts as 4.
    Heat(usize),
}

impl Role {
    /// The role of a utilisation from 0 to 1: calm below 70%, a warning from 70%, critical from 90%.
    pub fn of_utilisation(utilisation: f64) -> Self {
        match utilisation {
            u if u < 0.3 => Self::Heat(0),
            u if u < 0.7 => Self::Heat(1),
            u if u < 0.8 => Self::Heat(2),
            u if u < 0.9 => Self::Heat(3),
            _ => Self::Heat(4),
        }
    }
}

/// Whether a theme is made for a dark or a light ground, or does without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThemeKind {
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
    /// Weight and reverse only.
    Mono,
}

/// One theme, ready for a terminal of some colour depth.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Id: its file's name without `.toml`.
    pub id: String,
    /// Name for a person.
    pub name: String,
    /// Dark, light or without colour.
    pub kind: ThemeKind,
    /// Whether only ASCII is drawn.
    pub ascii: bool,
    base: Style,
    muted: Style,
    accent: Style,
    border: Style,
    selection: Style,
    good: Style,
    warning: Style,
    bad: Style,
    series: [Style; 6],
    heat: [Style; 5],
}

impl Theme {
    /// The style of a role, without the ground that [`Theme::base`] gives.
    pub fn style(&self, role: Role) -> Style {
        match role {
            Role::Text => Style { bg: None, ..self.base },
            Role::Muted => self.muted,
            Role::Accent => self.accent,
            Role::Border => self.border,
            Role::Selection => self.selection,
            Role::Good => self.good,
            Role::Warning => self.warning,
            Role::Bad => self.bad,
            Role::Series(at) => self.series[at % self.series.len()],
            Role::Heat(at) => self.heat[at.min(self.heat.len() - 1)],
        }
    }

    /// Text and ground: what a frame is filled with first.
    pub fn base(&self) -> Style {
        self.base
    }

    /// The role's style in bold.
    pub fn bold(&self, role: Role) -> Style {
        self.style(role).add_modifier(Modifier::BOLD)
    }

    /// One of two spellings of a sign, by whether the terminal has more than ASCII.
    pub fn sign<T>(&self, unicode: T, ascii: T) -> T {
        if self.ascii { ascii } else { unicode }
    }

    /// The mark of something done or met.
    pub fn tick(&self) -> &'static str {
        self.sign("✓", "v")
    }

    /// The mark of something missed or failed.
    pub fn cross(&self) -> &'static str {
        self.sign("✗", "x")
    }

    /// What stands for text that was cut off.
    pub fn ellipsis(&self) -> &'static str {
        self.sign("…", "~")
    }

    /// Reads a theme's file for a terminal of that depth.
    ///
    /// # Errors
    /// If the file is wrong; the error names what is missing or not known.
    pub fn parse(id: &str, text: &str, depth: Depth, ascii: bool) -> Result<Self, ThemeError> {
        Ok(Self::of(&Look::parse(id, text)?, depth, ascii))
    }

    /// The theme without colours, which every terminal can show.
    pub fn mono(ascii: bool) -> Self {
        Self::parse("mono", MONO, Depth::Mono, ascii).expect("themes/mono.toml is read by a test")
    }

    /// What is wrong with a theme's file: it can't be read, lacks a role, or is hard to read. Empty when it is sound.
    pub fn check(id: &str, text: &str) -> Vec<String> {
        match Look::parse(id, text) {
            Ok(look) => look.unreadable(),
            Err(error) => vec![error.to_string()],
        }
    }

    fn of(look: &Look, depth: Depth, ascii: bool) -> Self {
        let style = |paint: &file::Paint| paint.style(depth);
        Self {
            id: look.id.clone(),
            name: look.name.clone(),
            kind: look.kind,
            ascii,
            base: style(&look.text).patch(look.background.ground(depth)),
            muted: style(&look.muted),
            accent: style(&look.accent),
            border: style(&look.border),
            selection: style(&look.selection),
            good: style(&look.good),
            warning: style(&look.warning),
            bad: style(&look.bad),
            series: look.series.each_ref().map(style),
            heat: look.heat.each_ref().map(style),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Color;

    fn shipped() -> Vec<(String, String)> {
        let themes = crate::content::Bank::new(crate::content::Files::embedded(Vec::new())).themes();
        themes.into_iter().map(|(id, file)| (id, file.text.to_string())).collect()
    }

    fn dark() -> String {
        include_str!("../../themes/dark.toml").to_owned()
    }

    #[test]
    fn the_four_promised_themes_are_shipped_and_sound() {
        let shipped = shipped();
        assert_eq!(
            shipped.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(),
            ["colour-blind", "dark", "light", "mono"]
        );
        for (id, text) in shipped {
            assert_eq!(Theme::check(&id, &text), Vec::<String>::new(), "{id}");
        }
    }

    #[test]
    fn a_missing_role_is_an_error_that_names_it() {
        let text = dark().replace("warning = \"amber\"\n", "");
        let findings = Theme::check("mine", &text);
        assert!(findings.len() == 1 && findings[0].contains("warning"), "{findings:?}");
    }

    #[test]
    fn a_palette_name_that_is_not_there_is_an_error_that_names_it() {
        let text = dark().replace("bad = \"red\"", "bad = \"crimson\"");
        let findings = Theme::check("mine", &text);
        assert!(findings[0].contains("crimson") && findings[0].contains("bad"), "{findings:?}");
    }

    #[test]
    fn weak_contrast_is_measured_and_reported() {
        let text = dark().replace("#e3b341", "#4a4a20");
        assert!(Theme::check("mine", &text).iter().any(|finding| finding.contains("warning")));
    }

    /// What a colour of the cube of 256, or of 24 bits, looks like.
    fn seen(colour: Color) -> colour::Rgb {
        match colour {
            Color::Rgb(r, g, b) => colour::Rgb(r, g, b),
            Color::Indexed(at) => colour::indexed(u16::from(at)),
            other => panic!("{other:?} is no colour of that depth"),
        }
    }

    #[test]
    fn text_can_be_read_with_256_colours_too() {
        use Role::{Accent, Bad, Good, Heat, Muted, Selection, Series, Text, Warning};
        let numbered = (0..6).map(Series).chain((0..5).map(Heat));
        let roles: Vec<Role> =
            [Text, Muted, Accent, Selection, Good, Warning, Bad].into_iter().chain(numbered).collect();
        for (id, text) in shipped().into_iter().filter(|(id, _)| id != "mono") {
            for depth in [Depth::TrueColour, Depth::Ansi256] {
                let theme = Theme::parse(&id, &text, depth, false).unwrap();
                for role in &roles {
                    let style = theme.base().patch(theme.style(*role));
                    let (fg, bg) = (seen(style.fg.unwrap()), seen(style.bg.unwrap()));
                    assert!(contrast(fg, bg) >= 4.5, "{id} {depth:?} {role:?}: {}", contrast(fg, bg));
                }
            }
        }
    }

    #[test]
    fn with_sixteen_colours_a_selection_is_reversed() {
        for (id, text) in shipped() {
            let selection = Theme::parse(&id, &text, Depth::Ansi16, false).unwrap().style(Role::Selection);
            assert!(selection.add_modifier.contains(Modifier::REVERSED), "{id}");
            assert_eq!((selection.fg, selection.bg), (None, None), "{id}");
        }
    }

    #[test]
    fn without_colour_no_theme_keeps_any() {
        for (id, text) in shipped() {
            let theme = Theme::parse(&id, &text, Depth::Mono, false).unwrap();
            for role in [Role::Text, Role::Selection, Role::Bad, Role::Heat(4), Role::Series(1)] {
                let style = theme.style(role);
                let colours: Vec<Color> = [style.fg, style.bg].into_iter().flatten().collect();
                assert_eq!(colours, Vec::<Color>::new(), "{id} {role:?}");
            }
            assert_eq!((theme.base().fg, theme.base().bg), (None, None));
        }
        assert_eq!(Theme::mono(true).kind, ThemeKind::Mono);
    }
}
