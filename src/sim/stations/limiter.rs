//! Rate limits: five algorithms over one state a client.

use std::collections::VecDeque;

use crate::sim::{
    network::{Algorithm, LimiterPlan},
    sampler::{SECOND, Time},
};

/// A sliding log longer than this counts in a sliding window instead.
const LONGEST_LOG: f64 = 100_000.0;

/// What a limiter says to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) enum Admission {
    Pass,
    /// It may pass after so long.
    After(Time),
    Refused,
}

/// One client's state.
#[derive(Clone, Debug, Default)]
struct Client {
    /// Of a bucket: when it is empty or full again (the theoretical arrival time of the generic cell rate algorithm).
    empty_at: f64,
    /// Of a window: which, and how many in it and the one before.
    window: u64,
    count: f64,
    before: f64,
    log: VecDeque<Time>,
}

/// A rate limiter.
#[derive(Debug)]
pub(in crate::sim) struct Limiter {
    plan: LimiterPlan,
    clients: Vec<Client>,
    /// Of each partition: requests, and those refused. Empty where it is no partition's limit.
    tally: Vec<(u64, u64)>,
}

/// The part of several that had the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sim) struct Hottest {
    pub at: u32,
    pub of: u32,
    /// What it had of what all had, and how many requests it refused.
    pub count: u64,
    pub all: u64,
    pub refused: u64,
}

impl Hottest {
    /// The greatest of these, the first of them where several are; `None` of one part, or where nothing was counted.
    pub fn of(counts: impl Iterator<Item = (u64, u64)> + Clone) -> Option<Self> {
        let (of, all) = counts.clone().fold((0, 0), |(of, all), (count, _)| (of + 1, all + count));
        let mut greatest = (0, (0, 0));
        for (at, counted) in counts.enumerate() {
            if counted.0 > greatest.1.0 {
                greatest = (at as u32, counted);
            }
        }
        let (at, (count, refused)) = greatest;
        (of > 1 && count > 0).then_some(Self { at, of, count, all, refused })
    }
}

impl Limiter {
    pub fn new(plan: &LimiterPlan) -> Self {
        let slots = plan.slots.max(1) as usize;
        let tally = if plan.partitions { vec![(0, 0); slots] } else { Vec::new() };
        Self { plan: *plan, clients: vec![Client::default(); slots], tally }
    }

    /// The partition that most requests were for.
    pub fn hottest(&self) -> Option<Hottest> {
        Hottest::of(self.tally.iter().copied())
    }

    pub fn forget_counts(&mut self) {
        self.tally.fill((0, 0));
    }

    /// Whether a request of that client may pass.
    pub fn admit(&mut self, client: usize, now: Time) -> Admission {
        let slot = client % self.clients.len();
        let admission = self.judge(slot, now);
        if let Some((requests, refused)) = self.tally.get_mut(slot) {
            *requests += 1;
            *refused += u64::from(admission == Admission::Refused);
        }
        admission
    }

    fn judge(&mut self, slot: usize, now: Time) -> Admission {
        let plan = &self.plan;
        let client = &mut self.clients[slot];
        let passes = match plan.algorithm {
            Algorithm::TokenBucket => client.token(plan, now),
            Algorithm::LeakyBucket => return client.leak(plan, now),
            Algorithm::FixedWindow => client.fixed(plan, now),
            Algorithm::SlidingLog if plan.per_second * plan.window <= LONGEST_LOG => client.log(plan, now),
            Algorithm::SlidingLog | Algorithm::SlidingCounter => client.sliding(plan, now),
        };
        if passes { Admission::Pass } else { Admission::Refused }
    }
}

impl Client {
    /// A bucket of `burst` tokens, refilled steadily.
    fn token(&mut self, plan: &LimiterPlan, now: Time) -> bool {
        let now = now as f64;
        let gap = SECOND / plan.per_second;
        let empty_at = self.empty_at.max(now);
        // The bucket lacks (empty_at - now) / gap tokens; one must be left.
        let passes = empty_at - now <= (plan.burst - 1.0) * gap * (1.0 + 1e-12);
        if passes {
            self.empty_at = empty_at + gap;
        }
        passes
    }

    /// A queue of `burst` places, served steadily.
    fn leak(&mut self, plan: &LimiterPlan, now: Time) -> Admission {
        let now = now as f64;
        let gap = SECOND / plan.per_second;
        let turn = self.empty_at.max(now);
        if turn - now > plan.burst * gap {
            return Admission::Refused;
        }
        self.empty_at = turn + gap;
        if turn > now { Admission::After((turn - now) as Time) } else { Admission::Pass }
    }

    fn roll(&mut self, plan: &LimiterPlan, now: Time) -> f64 {
        let length = (plan.window * SECOND).max(1.0);
        let window = (now as f64 / length) as u64;
        if window != self.window {
            self.before = if window == self.window + 1 { self.count } else { 0.0 };
            self.count = 0.0;
            self.window = window;
        }
        (now as f64 / length).fract()
    }

    /// So many in each window of the clock.
    fn fixed(&mut self, plan: &LimiterPlan, now: Time) -> bool {
        self.roll(plan, now);
        let passes = self.count + 1.0 <= plan.per_second * plan.window;
        self.count += f64::from(u8::from(passes));
        passes
    }

    /// So many in the window up to now, the part of the last window estimated.
    fn sliding(&mut self, plan: &LimiterPlan, now: Time) -> bool {
        let part = self.roll(plan, now);
        let passes = self.before * (1.0 - part) + self.count + 1.0 <= plan.per_second * plan.window;
        self.count += f64::from(u8::from(passes));
        passes
    }

    /// So many in the window up to now, exactly.
    fn log(&mut self, plan: &LimiterPlan, now: Time) -> bool {
        let window = (plan.window * SECOND) as Time;
        while self.log.front().is_some_and(|&time| time + window <= now) {
            self.log.pop_front();
        }
        let passes = self.log.len() as f64 + 1.0 <= plan.per_second * plan.window;
        if passes {
            self.log.push_back(now);
        }
        passes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(algorithm: Algorithm, arrivals: impl IntoIterator<Item = Time>) -> usize {
        let plan = LimiterPlan { algorithm, per_second: 10.0, burst: 5.0, window: 1.0, slots: 1, partitions: false };
        let mut limiter = Limiter::new(&plan);
        arrivals.into_iter().filter(|&at| limiter.admit(0, at) != Admission::Refused).count()
    }

    #[test]
    fn a_burst_at_once_gets_what_the_algorithm_holds() {
        for (algorithm, expected) in [
            (Algorithm::TokenBucket, 5),
            (Algorithm::LeakyBucket, 6),
            (Algorithm::FixedWindow, 10),
            (Algorithm::SlidingLog, 10),
            (Algorithm::SlidingCounter, 10),
        ] {
            assert_eq!(passed(algorithm, [0; 50]), expected, "{algorithm:?}");
        }
    }

    #[test]
    fn of_partitions_the_hottest_is_known_with_what_it_refused() {
        let plan = LimiterPlan {
            algorithm: Algorithm::TokenBucket,
            per_second: 10.0,
            burst: 5.0,
            window: 1.0,
            slots: 4,
            partitions: true,
        };
        let mut limiter = Limiter::new(&plan);
        assert_eq!(limiter.hottest(), None);
        for client in [0, 2, 2, 2, 2, 2, 2, 6, 3] {
            limiter.admit(client, 0);
        }
        assert_eq!(limiter.hottest(), Some(Hottest { at: 2, of: 4, count: 7, all: 9, refused: 2 }));
        limiter.forget_counts();
        assert_eq!(limiter.hottest(), None);
    }

    #[test]
    fn fixed_windows_let_twice_the_limit_through_at_their_edge() {
        let edge = (0..20).map(|at| if at < 10 { 999_000_000 } else { 1_001_000_000 });
        assert_eq!(passed(Algorithm::FixedWindow, edge.clone()), 20);
        assert_eq!(passed(Algorithm::SlidingLog, edge.clone()), 10);
        assert_eq!(passed(Algorithm::SlidingCounter, edge), 10);
    }
}
