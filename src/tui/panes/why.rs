//! Why a run came out as it did: what the lab shows of it beside its figures, each a page that scrolls.

mod advice;
mod charts;
mod compare;
mod component;
mod requests;

pub use advice::{Advice, advice};
pub use charts::charts;
pub use compare::{Kept, compare};
pub use component::component;
pub use requests::requests;

use crate::design::{ComponentId, Design};
use crate::sim::Report;

/// What is being looked at.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    /// The design that was run.
    pub design: &'a Design,
    /// What it did.
    pub report: &'a Report,
    /// The flow that is looked at: its index.
    pub flow: usize,
    /// The component that is looked at.
    pub component: Option<ComponentId>,
}

impl Look<'_> {
    /// The figures of the component that is looked at.
    fn measured(&self) -> Option<&crate::sim::ComponentReport> {
        self.report.components.get(self.component?.0 as usize)
    }
}
