//! One chain of numbers: the sheet's variables go into the design, and what contradicts is said where it stands.

use super::State;
use crate::interview::{About, Contradiction, contradictions};
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
        self.bench.remark(&self.contradictions);
    }

    /// Contradictions of the sheet with the notes.
    pub(super) fn between_notes_and_sheet(&self) -> impl Iterator<Item = &Contradiction> {
        self.contradictions.iter().filter(|one| matches!(one.about, About::Variable(_)))
    }
}
