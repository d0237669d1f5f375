//! Diagnostics as plain text with carets.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Severity, printable};

/// `diagnostics` about `text`, which the reader knows as `name`, as plain text: one block each, in the order given.
pub fn render(name: &str, text: &str, diagnostics: &[Diagnostic]) -> String {
    // Control characters are replaced one for one in characters but not in bytes, so spans move with them.
    let shown = printable(text);
    let renderer = Renderer::plain();
    let name = printable(name);
    let block = |diagnostic: &Diagnostic| renderer.render(&[group(&name, text, &shown, &clean(diagnostic))]);
    diagnostics.iter().map(block).collect::<Vec<_>>().join("\n")
}

/// A diagnostic whose words can be shown: they may quote the text.
fn clean(diagnostic: &Diagnostic) -> Diagnostic {
    let mut clean = diagnostic.clone();
    clean.message = printable(&clean.message).into_owned();
    clean.help = clean.help.map(|help| printable(&help).into_owned());
    for label in &mut clean.labels {
        label.text = printable(&label.text).into_owned();
    }
    clean
}

fn group<'a>(name: &'a str, text: &str, shown: &'a str, diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let place = |offset: usize| moved(text, shown, offset);
    let range = |span: super::Span| place(span.start)..place(span.end);
    let mut snippet =
        Snippet::source(shown).path(name).annotation(AnnotationKind::Primary.span(range(diagnostic.span)));
    for label in &diagnostic.labels {
        snippet = snippet.annotation(AnnotationKind::Context.span(range(label.span)).label(&label.text));
    }
    let group = level.primary_title(&diagnostic.message).element(snippet);
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

/// The offset in `shown` of the character at `offset` in `text`.
fn moved(text: &str, shown: &str, offset: usize) -> usize {
    if text.len() == shown.len() {
        return offset.min(shown.len());
    }
    let characters = text.get(..offset).map_or(usize::MAX, |before| before.chars().count());
    shown.char_indices().nth(characters).map_or(shown.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn an_error_points_at_its_place_and_says_what_to_do() {
        let text = "db: postgres, replica 2\n";
        let diagnostic = Diagnostic::error(Span::new(14, 21), "unknown attribute 'replica' of postgres")
            .help("did you mean 'replicas'?");
        let shown = render("a.dry", text, &[diagnostic]);
        assert!(shown.starts_with("error: unknown attribute 'replica' of postgres"), "{shown}");
        assert!(shown.contains("a.dry:1:15"), "{shown}");
        assert!(shown.contains("^^^^^^^"), "{shown}");
        assert!(shown.contains("help: did you mean 'replicas'?"), "{shown}");
    }
}
