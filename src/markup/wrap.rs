//! Running text -> lines no wider than asked.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{Line, Role};

/// A piece of text with its role and its link.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub text: String,
    pub role: Role,
    pub link: Option<usize>,
    pub hard_break: bool,
}

/// `pieces` broken at spaces into lines of at most `width` cells (at least one). A word that is wider than a line is broken where it
/// must be.
pub(super) fn wrap(pieces: &[Piece], width: usize) -> Vec<Line> {
    let mut wrapper = Wrapper { width: width.max(1), ..Wrapper::default() };
    for piece in pieces {
        let mut rest = piece.text.as_str();
        while !rest.is_empty() {
            let spaces = rest.len() - rest.trim_start_matches([' ', '\n', '\t']).len();
            if spaces > 0 {
                wrapper.space(piece);
                rest = &rest[spaces..];
                continue;
            }
            let end = rest.find([' ', '\n', '\t']).unwrap_or(rest.len());
            wrapper.word_part(&rest[..end], piece);
            rest = &rest[end..];
        }
        if piece.hard_break {
            wrapper.end_word();
            wrapper.end_line();
        }
    }
    wrapper.finish()
}

#[derive(Default)]
struct Wrapper {
    width: usize,
    lines: Vec<Line>,
    line: Line,
    used: usize,
    /// The parts of a word that has not been placed yet: a word may change its role in the middle.
    word: Vec<(String, Role, Option<usize>)>,
    word_width: usize,
    /// The role of a space that is owed before the next word.
    owed: Option<(Role, Option<usize>)>,
}

impl Wrapper {
    fn word_part(&mut self, text: &str, piece: &Piece) {
        self.word.push((text.to_owned(), piece.role, piece.link));
        self.word_width += text.width();
    }

    fn space(&mut self, piece: &Piece) {
        self.end_word();
        if self.used > 0 {
            self.owed = Some((piece.role, piece.link));
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let space = usize::from(self.owed.is_some());
        if self.used > 0 && self.used + space + self.word_width > self.width {
            self.end_line();
        }
        if let Some((role, link)) = self.owed.take() {
            // A space between two roles takes the plain one: an underlined gap looks wrong.
            let same = self.line.spans.last().is_some_and(|last| last.role == role)
                && self.word.first().is_some_and(|(_, next, _)| *next == role);
            self.line.push(" ", if same { role } else { Role::Text }, if same { link } else { None });
            self.used += 1;
        }
        for (text, role, link) in std::mem::take(&mut self.word) {
            self.place(&text, role, link);
        }
        self.word_width = 0;
    }

    fn place(&mut self, text: &str, role: Role, link: Option<usize>) {
        if self.used + text.width() <= self.width {
            self.line.push(text, role, link);
            self.used += text.width();
            return;
        }
        for grapheme in text.graphemes(true) {
            let width = grapheme.width();
            if self.used > 0 && self.used + width > self.width {
                self.end_line();
            }
            self.line.push(grapheme, role, link);
            self.used += width;
        }
    }

    fn end_line(&mut self) {
        self.lines.push(std::mem::take(&mut self.line));
        self.used = 0;
        self.owed = None;
    }

    fn finish(mut self) -> Vec<Line> {
        self.end_word();
        if !self.line.spans.is_empty() {
            self.end_line();
        }
        self.lines
    }
}
