//! The one measure of width, cutting and wrapping.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cells that `text` takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` cut to `cells`, with `ellipsis` (one cell) in the last of them where something was cut off.
pub fn fit<'a>(text: &'a str, cells: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= cells {
        return Cow::Borrowed(text);
    }
    let room = cells.saturating_sub(1);
    let mut used = 0;
    let kept = text.graphemes(true).take_while(|grapheme| {
        used += width(grapheme);
        used <= room
    });
    let mut cut: String = kept.collect();
    cut.truncate(cut.trim_end().len());
    if cells > 0 {
        cut.push_str(ellipsis);
    }
    Cow::Owned(cut)
}

/// `text` in lines of at most `cells`, broken at spaces where there are some; its own line breaks are kept.
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let options = textwrap::Options::new(cells.max(1)).word_separator(textwrap::WordSeparator::AsciiSpace);
    text.lines().flat_map(|line| textwrap::wrap(line, &options)).map(Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn fits(text: &str, cells: usize, expected: &str) {
        assert_eq!(fit(text, cells, "…"), expected);
        assert!(width(expected) <= cells);
    }

    #[test]
    fn text_is_cut_by_cells_and_never_through_a_character() {
        fits("requirements", 12, "requirements");
        fits("requirements", 6, "requi…");
        fits("日本語の設計", 6, "日本…");
        fits("a b", 2, "a…");
        fits("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…");
        fits("long", 1, "…");
        fits("long", 0, "");
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three\n\nfour", 8), ["one two", "three", "", "four"]);
        assert_eq!(wrap("x", 0), ["x"]);
    }
}
