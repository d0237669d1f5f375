//! The thread that finds out about designs: it answers questions one after the other and tells each finding as it has it. Nobody waits.

use std::collections::VecDeque;

use super::desk::{Clerk, Desk, Next, caught};
use super::effect::{Question, Study};
use super::event::{Finding, StudyId, What};
use crate::sim;
use crate::sim::explain::{self, Wanted};

/// Multiples of the load that are run, and how many of them.
const SWEEP: (f64, f64, u32) = (0.25, 2.5, 10);

/// The thread and the place through which it is spoken to.
#[derive(Debug)]
pub struct Studies(Clerk<Papers>);

#[derive(Debug, Default)]
struct Papers {
    /// What is still to be studied.
    studies: VecDeque<Box<Study>>,
    /// Studies up to this one are not wanted any more.
    given_up: StudyId,
    /// The latest study that was asked for.
    latest: StudyId,
    /// What was found and not told yet.
    found: VecDeque<What>,
    /// Whether the thread is to end.
    closing: bool,
}

impl Desk<Papers> {
    fn wants(&self, study: StudyId) -> bool {
        let papers = self.papers();
        study > papers.given_up && !papers.closing
    }

    fn tell(&self, study: StudyId, finding: Finding) {
        let mut papers = self.papers();
        if study > papers.given_up {
            papers.found.push_back(What::Found(study, Box::new(finding)));
        }
    }
}

impl Studies {
    /// A studies with nothing to do. Its thread starts with the first study.
    pub fn new() -> Self {
        Self(Clerk::new())
    }

    /// Makes a study after those that were asked for before.
    pub fn ask(&mut self, study: Box<Study>) {
        self.0.desk.change(|papers| {
            papers.latest = papers.latest.max(study.id);
            papers.studies.push_back(study);
        });
        self.0.start("studies", work);
    }

    /// Gives up all studies that were asked for.
    pub fn stop(&self) {
        let mut papers = self.0.desk.papers();
        papers.given_up = papers.latest;
        papers.studies.clear();
        papers.found.clear();
    }

    /// What was found since the last call, one at a time.
    pub fn found(&self) -> Option<What> {
        self.0.desk.papers().found.pop_front()
    }
}

impl Default for Studies {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Studies {
    fn drop(&mut self) {
        self.0.end(|papers| papers.closing = true);
    }
}

fn work(desk: &Desk<Papers>) {
    let next = |papers: &mut Papers| match papers.studies.pop_front() {
        _ if papers.closing => Next::End,
        Some(study) => Next::Is(study),
        None => Next::Wait,
    };
    while let Some(study) = desk.next(next) {
        let wanted = || desk.wants(study.id);
        let outcome = caught(|| answer(&study, &wanted, &mut |finding| desk.tell(study.id, finding)));
        if let Err(said) = outcome {
            desk.tell(study.id, Finding::Failed(said));
        }
    }
}

/// Answers a study's question, telling each finding as it has it; ends soon after it isn't wanted any more.
pub fn answer(study: &Study, wanted: Wanted<'_>, tell: &mut dyn FnMut(Finding)) {
    let Study { design, options, question, .. } = study;
    match question {
        Question::Run => tell(Finding::Run(sim::run(design, options))),
        Question::Theory(report) => tell(Finding::Theory(explain::theory(design, options, report))),
        Question::Why(catalogue, report) => {
            if let Some(found) = explain::what_if(design, options, catalogue, report, wanted) {
                tell(Finding::WhatIf(found));
            }
            let (low, high, count) = SWEEP;
            let points = explain::sweep(design, options, &explain::steps(low, high, count), wanted);
            if let Some((points, headroom)) = points.zip(explain::headroom(design, options, wanted)) {
                tell(Finding::Load(points, headroom));
            }
            if let Some(sizing) = explain::size(design, options, report, wanted) {
                tell(Finding::Sizing(sizing));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::Design;
    use crate::sim::Options;
    use std::time::Duration;

    fn study(id: u64) -> Box<Study> {
        let design = Design::default();
        Box::new(Study { id: StudyId(id), question: Question::Run, options: Options::of(&design), design })
    }

    fn found(studies: &Studies) -> Option<StudyId> {
        for _ in 0..2_000 {
            match studies.found() {
                Some(What::Found(id, _)) => return Some(id),
                _ => std::thread::sleep(Duration::from_millis(1)),
            }
        }
        None
    }

    #[test]
    fn studies_are_made_in_the_order_in_which_they_were_asked_for() {
        let mut studies = Studies::new();
        studies.ask(study(1));
        studies.ask(study(2));
        assert_eq!([found(&studies), found(&studies)], [Some(StudyId(1)), Some(StudyId(2))]);
    }

    #[test]
    fn what_was_given_up_is_not_told() {
        let mut studies = Studies::new();
        studies.ask(study(1));
        studies.stop();
        studies.ask(study(2));
        assert_eq!(found(&studies), Some(StudyId(2)));
        assert!(studies.found().is_none());
    }
}
