//! Colours: reading `#rrggbb`, contrast, and the nearest that a terminal of less depth can show.

use ratatui::style::Color;

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: `NO_COLOR` or a terminal without them.
    Mono,
    /// The sixteen of old.
    Ansi16,
    /// The cube of 256.
    Ansi256,
    /// 24 bits.
    TrueColour,
}

impl Depth {
    /// What the environment promises; `variable` looks a variable up.
    ///
    /// `NO_COLOR` counts where it is set and not empty (no-color.org); `COLORTERM` names 24 bits; `TERM` the rest.
    pub fn detect(variable: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| variable(name).unwrap_or_default();
        if !value("NO_COLOR").is_empty() || value("TERM") == "dumb" {
            return Self::Mono;
        }
        if matches!(value("COLORTERM").as_str(), "truecolor" | "24bit") {
            return Self::TrueColour;
        }
        let term = value("TERM");
        if term.contains("256color") || term.contains("direct") {
            return Self::Ansi256;
        }
        Self::Ansi16
    }
}

/// A colour of 24 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// Reads `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self(part(0)?, part(2)?, part(4)?))
    }

    /// The nearest colour of that depth; `None` where there is no colour.
    pub fn at(self, depth: Depth) -> Option<Color> {
        match depth {
            Depth::Mono => None,
            Depth::Ansi16 => Some(ANSI[self.nearest(ANSI.iter().map(|&(rgb, _)| rgb))].1),
            Depth::Ansi256 => {
                // The cube and the greys; the first sixteen are left out because terminals repaint them.
                let at = self.nearest((16..=255).map(indexed));
                Some(Color::Indexed(16 + at as u8))
            }
            Depth::TrueColour => Some(Color::Rgb(self.0, self.1, self.2)),
        }
    }

    fn nearest(self, candidates: impl Iterator<Item = Self>) -> usize {
        candidates.enumerate().min_by_key(|&(_, candidate)| self.distance(candidate)).map_or(0, |(at, _)| at)
    }

    /// Squared distance with the eye's rough weights for red, green and blue.
    fn distance(self, other: Self) -> i32 {
        let difference = |a: u8, b: u8| (i32::from(a) - i32::from(b)).pow(2);
        2 * difference(self.0, other.0) + 4 * difference(self.1, other.1) + 3 * difference(self.2, other.2)
    }

    /// Relative luminance by WCAG 2.
    fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let share = f64::from(part) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }
}

/// Contrast of two colours by WCAG 2, from 1 to 21.
pub fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (a.luminance(), b.luminance());
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colour behind an index from 16 on, by xterm's table.
pub(super) fn indexed(index: u16) -> Rgb {
    if index >= 232 {
        let grey = (8 + 10 * (index - 232)) as u8;
        return Rgb(grey, grey, grey);
    }
    let level = |step: u16| if step == 0 { 0 } else { (55 + 40 * step) as u8 };
    let cube = index - 16;
    Rgb(level(cube / 36), level(cube / 6 % 6), level(cube % 6))
}

const ANSI: [(Rgb, Color); 16] = [
    (Rgb(0, 0, 0), Color::Black),
    (Rgb(205, 0, 0), Color::Red),
    (Rgb(0, 205, 0), Color::Green),
    (Rgb(205, 205, 0), Color::Yellow),
    (Rgb(0, 0, 238), Color::Blue),
    (Rgb(205, 0, 205), Color::Magenta),
    (Rgb(0, 205, 205), Color::Cyan),
    (Rgb(229, 229, 229), Color::Gray),
    (Rgb(127, 127, 127), Color::DarkGray),
    (Rgb(255, 0, 0), Color::LightRed),
    (Rgb(0, 255, 0), Color::LightGreen),
    (Rgb(255, 255, 0), Color::LightYellow),
    (Rgb(92, 92, 255), Color::LightBlue),
    (Rgb(255, 0, 255), Color::LightMagenta),
    (Rgb(0, 255, 255), Color::LightCyan),
    (Rgb(255, 255, 255), Color::White),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn detects(variables: &[(&str, &str)], expected: Depth) {
        let found = Depth::detect(|name| {
            variables.iter().find(|(known, _)| *known == name).map(|&(_, value)| value.to_owned())
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn the_environment_decides_the_depth() {
        detects(&[("TERM", "xterm-256color")], Depth::Ansi256);
        detects(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::TrueColour);
        detects(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")], Depth::Mono);
        detects(&[("COLORTERM", "24bit"), ("NO_COLOR", "")], Depth::TrueColour);
        detects(&[("TERM", "linux")], Depth::Ansi16);
        detects(&[("TERM", "dumb")], Depth::Mono);
    }

    #[test]
    fn contrast_follows_wcag() {
        assert!((contrast(Rgb(0, 0, 0), Rgb(255, 255, 255)) - 21.0).abs() < 1e-9);
        assert!((contrast(Rgb(119, 119, 119), Rgb(255, 255, 255)) - 4.48).abs() < 0.01);
    }

    #[test]
    fn the_nearest_colour_is_taken() {
        assert_eq!(Rgb(255, 0, 0).at(Depth::Ansi256), Some(Color::Indexed(196)));
        assert_eq!(Rgb(18, 18, 18).at(Depth::Ansi256), Some(Color::Indexed(233)));
        assert_eq!(Rgb(250, 4, 4).at(Depth::Ansi16), Some(Color::LightRed));
        assert_eq!(Rgb(1, 2, 3).at(Depth::Mono), None);
        assert_eq!(Rgb::parse("#12ab"), None);
        assert_eq!(Rgb::parse("#é1234"), None);
    }
}
