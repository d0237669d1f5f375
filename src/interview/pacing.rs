//! Time against budget: how each phase stands, and what the rest of the time is best spent on.

use super::Record;
use crate::clock::Elapsed;

/// How a clock stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// More than a fifth of the budget is left.
    Calm,
    /// The last fifth of the budget runs.
    Amber,
    /// The budget is spent.
    Over,
}

impl Pace {
    /// How `spent` stands against `budget`. No budget at all is over as soon as any time is spent.
    pub fn of(spent: Elapsed, budget: Elapsed) -> Self {
        if spent > budget || (spent == budget && budget > Elapsed(0)) {
            Self::Over
        } else if u128::from(spent.0) * 5 >= u128::from(budget.0) * 4 && budget > Elapsed(0) {
            Self::Amber
        } else {
            Self::Calm
        }
    }
}

/// One line of the pacing table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhasePacing {
    /// Title of the phase.
    pub title: String,
    /// Planned.
    pub budget: Elapsed,
    /// Spent so far.
    pub spent: Elapsed,
    /// How it stands.
    pub pace: Pace,
    /// Whether it was ever entered.
    pub visited: bool,
}

impl PhasePacing {
    /// Time beyond the budget.
    pub fn over(&self) -> Elapsed {
        self.spent.saturating_sub(self.budget)
    }
}

/// Time that a phase is given by a new plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhasePlan {
    /// Index of the phase.
    pub phase: usize,
    /// Title of the phase.
    pub title: String,
    /// Time from now on.
    pub left: Elapsed,
}

/// How an interview stands against the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pacing {
    /// Each phase, in order.
    pub phases: Vec<PhasePacing>,
    /// Index of the phase that the clock runs for.
    pub current: usize,
    /// Time spent in all.
    pub spent: Elapsed,
    /// Length of the interview.
    pub length: Elapsed,
    /// How the whole stands.
    pub pace: Pace,
    /// Whether the clock stands.
    pub paused: bool,
    /// How long the clock has stood.
    pub stood: Elapsed,
}

/// How `record` stands against the clock.
pub fn pacing(record: &Record) -> Pacing {
    let phases = record.phases.iter().map(|phase| PhasePacing {
        title: phase.title.clone(),
        budget: phase.budget,
        spent: phase.spent,
        pace: Pace::of(phase.spent, phase.budget),
        visited: phase.visited,
    });
    Pacing {
        phases: phases.collect(),
        current: record.current,
        spent: record.spent(),
        length: record.length(),
        pace: Pace::of(record.spent(), record.length()),
        paused: record.paused,
        stood: record.stood(),
    }
}

/// A minute: what a plan is made in.
const MINUTE: u64 = 60_000;

/// The time that is left, spread over the current phase and those after it.
///
/// Each wants what its budget has left. Where the time suffices, each gets that. Where it doesn't, each gets its share in whole minutes, by
/// the largest remainder; a share below half a minute is none, so that it is said what to drop.
pub fn replan(record: &Record) -> Vec<PhasePlan> {
    let rest = record.phases.iter().enumerate().skip(record.current);
    let wants: Vec<(usize, u64)> = rest.map(|(at, phase)| (at, phase.budget.saturating_sub(phase.spent).0)).collect();
    let left = record.length().saturating_sub(record.spent()).0;
    let wanted = wants.iter().fold(0, |sum: u64, &(_, want)| sum.saturating_add(want));
    let shares: Vec<u64> = if wanted <= left {
        wants.iter().map(|&(_, want)| want).collect()
    } else {
        whole_minutes(&wants.iter().map(|&(_, want)| want).collect::<Vec<_>>(), left)
    };
    let plan = wants.iter().zip(shares).map(|(&(phase, _), share)| PhasePlan {
        phase,
        title: record.phases[phase].title.clone(),
        left: Elapsed(share),
    });
    plan.collect()
}

/// `left` milliseconds shared out in proportion to `wants` in whole minutes, by the largest remainder (Hamilton's method).
fn whole_minutes(wants: &[u64], left: u64) -> Vec<u64> {
    let wanted = wants.iter().map(|&want| want as f64).sum::<f64>().max(1.0);
    let minutes = left / MINUTE;
    let exact: Vec<f64> = wants.iter().map(|&want| want as f64 / wanted * minutes as f64).collect();
    let mut shares: Vec<u64> = exact.iter().map(|share| share.floor() as u64).collect();
    let mut order: Vec<usize> = (0..wants.len()).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b)));
    let missing = minutes.saturating_sub(shares.iter().sum::<u64>()) as usize;
    for &at in order.iter().take(missing) {
        shares[at] += 1;
    }
    shares.iter().map(|share| share * MINUTE).collect()
}

/// The plan in one line: `18 min left: API 0, High-level design 10, Deep dives 8`.
pub fn plan_line(record: &Record, plan: &[PhasePlan]) -> String {
    let left = record.length().saturating_sub(record.spent());
    let parts: Vec<String> = plan.iter().map(|part| format!("{} {}", part.title, minutes(part.left))).collect();
    format!("{} min left: {}", minutes(left), parts.join(", "))
}

/// Whole minutes, rounded to the nearest.
fn minutes(time: Elapsed) -> u64 {
    time.0.saturating_add(MINUTE / 2) / MINUTE
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[track_caller]
    fn check(spent: u64, budget: u64, expected: Pace) {
        assert_eq!(Pace::of(Elapsed(spent), Elapsed(budget)), expected, "{spent} of {budget}");
    }

    #[test]
    fn the_last_fifth_is_amber_and_the_end_is_over() {
        check(0, 100, Pace::Calm);
        check(79, 100, Pace::Calm);
        check(80, 100, Pace::Amber);
        check(99, 100, Pace::Amber);
        check(100, 100, Pace::Over);
        check(0, 0, Pace::Calm);
        check(1, 0, Pace::Over);
    }

    /// Spends `spent` minutes by phase, goes to `current` and compares the plan's minutes.
    #[track_caller]
    fn plan(spent: [u64; 5], current: usize, expected: &[f64]) {
        let mut record = fixture::record();
        for (phase, minutes) in record.phases.iter_mut().zip(spent) {
            phase.spent = Elapsed::minutes(minutes);
        }
        record.current = current;
        let plan = replan(&record);
        let minutes: Vec<f64> = plan.iter().map(|part| part.left.0 as f64 / 60_000.0).collect();
        assert_eq!(minutes, expected);
        assert_eq!(plan.first().map(|part| part.phase), Some(current));
    }

    #[test]
    fn a_plan_gives_what_is_left_and_says_what_to_drop() {
        plan([5, 2, 5, 0, 0], 3, &[15.0, 10.0]);
        plan([5, 2, 5, 10, 0], 3, &[5.0, 10.0]);
        plan([27, 0, 0, 0, 0], 2, &[3.0, 9.0, 6.0]);
        plan([40, 0, 0, 0, 0], 1, &[0.0, 1.0, 2.0, 2.0]);
        plan([45, 0, 0, 0, 0], 1, &[0.0, 0.0, 0.0, 0.0]);
        plan([99, 0, 0, 0, 0], 4, &[0.0]);
    }

    #[test]
    fn pacing_adds_up() {
        let mut record = fixture::record();
        record.phases[0].spent = Elapsed::minutes(7);
        record.phases[1].spent = Elapsed::minutes(1);
        let pacing = pacing(&record);
        assert_eq!((pacing.spent, pacing.length), (Elapsed::minutes(8), Elapsed::minutes(45)));
        assert_eq!((pacing.phases[0].over(), pacing.phases[1].over()), (Elapsed::minutes(2), Elapsed(0)));
        assert_eq!(
            plan_line(&record, &replan(&record)),
            "37 min left: Requirements 0, Core entities 1, API 5, High-level design 15, Deep dives 10"
        );
    }
}
