//! One chain of numbers: the sheet's variables go into the design, and what contradicts is said where it stands.

use super::State;
use crate::interview::{About, Contradiction, contradictions};
use crate::source::{Diagnostic, Span};
use crate::tui::context::Context;

impl State {
    /// Hands the sheet's variables to the design, and says what contradicts.
    pub(super) fn chain(&mut self, ctx: &Context<'_>) {
        let catalogue = ctx.bank.catalogue();
        // A sheet that is half worked out would take names away for a moment.
        if self.sheet.sheet().is_settled() {
            let variables = self.sheet.sheet().variables();
            if self.bench.design.set_variables(variables, catalogue) {
                self.bench.run.edited(ctx.now);
            }
        }
        self.contradictions = contradictions(
            self.bench.design.design(),
            self.session.promises(),
            self.session.problem(),
            self.bench.design.variables(),
            catalogue.network(),
        );
        let remarks = self.contradictions.iter().filter_map(remark);
        self.bench.design.set_remarks(remarks.collect());
    }

    /// Contradictions of the sheet with the notes.
    pub(super) fn between_notes_and_sheet(&self) -> impl Iterator<Item = &Contradiction> {
        self.contradictions.iter().filter(|one| matches!(one.about, About::Variable(_)))
    }
}

/// What is said about the design's text.
fn remark(contradiction: &Contradiction) -> Option<Diagnostic> {
    match &contradiction.about {
        About::Design(bytes) => {
            let span = Span::new(bytes.start, bytes.end);
            Some(Diagnostic::warning(span, contradiction.what.clone()).help(contradiction.help.clone()))
        }
        About::Variable(_) => None,
    }
}
