//! Markdown, scrolled.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};

use super::Canvas;
use crate::markup;
use crate::tui::theme::{Role, Theme};

/// A text laid out for a width. Laid out again only when the width changes.
#[derive(Clone, Debug, Default)]
pub struct MarkdownView {
    text: String,
    laid_out: Option<(u16, markup::Document)>,
    /// The first line shown.
    pub scroll: usize,
    /// The link that is marked, an index into the document's.
    pub link: Option<usize>,
}

impl MarkdownView {
    /// A view of `text` at its top.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), laid_out: None, scroll: 0, link: None }
    }

    /// Lays the text out for `cells`, so that drawing need not.
    pub fn prepare(&mut self, cells: u16) {
        if self.laid_out.as_ref().is_none_or(|(known, _)| *known != cells) {
            self.laid_out = Some((cells, markup::layout(&self.text, usize::from(cells))));
        }
    }

    /// Lines of the text as laid out last.
    pub fn lines(&self) -> usize {
        self.laid_out.as_ref().map_or(0, |(_, document)| document.lines.len())
    }

    /// The links of the text as laid out last.
    pub fn links(&self) -> &[markup::Link] {
        self.laid_out.as_ref().map_or(&[], |(_, document)| document.links.as_slice())
    }

    /// The link at a cell of the area that the text is drawn in.
    pub fn link_at(&self, x: usize, y: usize) -> Option<usize> {
        let (_, document) = self.laid_out.as_ref()?;
        let line = document.lines.get(self.scroll + y)?;
        let mut right = 0;
        let span = line.spans.iter().find(|span| {
            right += super::width(&span.text);
            x < right
        });
        span?.link
    }

    /// Scrolls by `by` lines, keeping `visible` of them on the screen.
    pub fn scroll_by(&mut self, by: isize, visible: usize) {
        let last = self.lines().saturating_sub(visible);
        self.scroll = self.scroll.saturating_add_signed(by).min(last);
    }
}

/// Draws the lines of `view` from its scroll position. A view that was not prepared for this width is laid out for this frame alone.
pub fn markdown(canvas: &mut Canvas<'_>, area: Rect, view: &MarkdownView) {
    let fresh;
    let document = match &view.laid_out {
        Some((cells, document)) if *cells == area.width => document,
        _ => {
            fresh = markup::layout(&view.text, usize::from(area.width));
            &fresh
        }
    };
    for (row, line) in document.lines.iter().skip(view.scroll).take(usize::from(area.height)).enumerate() {
        canvas.line(area, row as u16, &styled(canvas.theme, line, view.link));
    }
}

/// A line of Markdown in the theme's styles; the marked link in that of a selection.
fn styled<'a>(theme: &Theme, line: &'a markup::Line, marked: Option<usize>) -> Line<'a> {
    let span = |span: &'a markup::Span| {
        let style = style(theme, span.role);
        let marked = span.link.is_some() && span.link == marked;
        let style = if marked { style.patch(theme.style(Role::Selection)) } else { style };
        let text = if theme.ascii && span.role == markup::Role::Mark {
            plain_marks(&span.text)
        } else {
            span.text.as_str().into()
        };
        Span::styled(text, style)
    };
    line.spans.iter().map(span).collect()
}

/// Bullets, bars and rules for a terminal that has only ASCII.
fn plain_marks(text: &str) -> Cow<'_, str> {
    let plain = |c| match c {
        '•' => '*',
        '│' => '|',
        '─' => '-',
        '┼' => '+',
        c => c,
    };
    text.chars().map(plain).collect::<String>().into()
}

fn style(theme: &Theme, role: markup::Role) -> ratatui::style::Style {
    use markup::Role as Mark;
    let text = theme.style(Role::Text);
    match role {
        Mark::Text => text,
        Mark::Heading(1) => theme.bold(Role::Accent).add_modifier(Modifier::UNDERLINED),
        Mark::Heading(_) => theme.bold(Role::Accent),
        Mark::Strong => text.add_modifier(Modifier::BOLD),
        Mark::Emphasis => text.add_modifier(Modifier::ITALIC),
        Mark::Struck => theme.style(Role::Muted).add_modifier(Modifier::CROSSED_OUT),
        Mark::Code => theme.style(Role::Series(2)),
        Mark::Keyword => theme.style(Role::Series(3)),
        Mark::Literal => theme.style(Role::Series(1)),
        Mark::Comment | Mark::Quote | Mark::Mark => theme.style(Role::Muted),
        Mark::Link => theme.style(Role::Accent).add_modifier(Modifier::UNDERLINED),
    }
}
