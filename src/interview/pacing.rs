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
        } else if spent.0 * 5 >= budget.0 * 4 && budget > Elapsed(0) {
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
    let wanted: u64 = wants.iter().map(|&(_, want)| want).sum();
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
    let wanted = wants.iter().sum::<u64>().max(1) as f64;
    let minutes = left / MINUTE;
    let exact: Vec<f64> = wants.iter().map(|&want| want as f64 / wanted * minutes as f64).collect();
    let mut shares: Vec<u64> = exact.iter().map(|share| share.floor() as u64).collect();
    let mut order: Vec<usize> = (0..wants.len()).collect();
    order.sort_by(|&a, &b| (exact[b] - exact[b].floor()).total_cmp(&(exact[a] - exact[a].floor())).then(a.cmp(&b)));
    let missing = minutes.saturating_sub(shares.iter().sum()) as usize;
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
    (time.0 + MINUTE / 2) / MINUTE
}
