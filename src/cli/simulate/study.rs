//! What was asked for beside the run itself.

use crate::cli::args::Simulate;
use crate::design::{Catalogue, Design};
use crate::sim::explain::{self, Headroom, LoadPoint, Sizing, Theory, WhatIf};
use crate::sim::{Options, Report};

/// Points of a sweep.
const POINTS: u32 = 11;
/// On the command line a study is wanted to its end.
const TO_THE_END: explain::Wanted<'static> = &|| true;

/// What was asked for; what wasn't is absent.
pub(super) struct Studies {
    pub what_if: Option<WhatIf>,
    pub sweep: Option<Vec<LoadPoint>>,
    pub headroom: Option<Headroom>,
    pub sizing: Option<Result<Sizing, String>>,
    pub theory: Option<Vec<Theory>>,
    pub traces: bool,
}

/// Makes the studies that the arguments ask for; `report` is the design's own run.
pub(super) fn of(
    arguments: &Simulate,
    design: &Design,
    options: &Options,
    catalogue: &Catalogue,
    report: &Report,
) -> Studies {
    let factors = arguments.sweep.map(|factors| explain::steps(factors.low, factors.high, POINTS));
    Studies {
        what_if: arguments.what_if.then(|| explain::what_if(design, options, catalogue, report, TO_THE_END)).flatten(),
        sweep: factors.as_ref().and_then(|factors| explain::sweep(design, options, factors, TO_THE_END)),
        headroom: factors.as_ref().and_then(|_| explain::headroom(design, options, TO_THE_END)),
        sizing: arguments.size.then(|| explain::size(design, options, report, TO_THE_END)).flatten(),
        theory: arguments.theory.then(|| explain::theory(design, options, report)),
        traces: arguments.trace,
    }
}
