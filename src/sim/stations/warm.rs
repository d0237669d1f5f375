//! A warm start: what a cache would hold after a long time under its load, by Che's approximation (Che, Tung and Wang 2002).
//!
//! A key that is asked for λ times a second is present in an LRU cache with probability 1 - exp(-λT), where T, the characteristic time, is
//! the same for all keys and such that the presences sum to the capacity. Behind another cache only its misses arrive.

use super::cache::Cache;
use crate::{
    rng::Stream,
    sim::{
        network::{CachePlan, Eviction, Network, Spread},
        sampler::{NEVER, SECOND, Time},
    },
};

/// Points at which the presence is evaluated to find the characteristic time.
const POINTS: usize = 400;
/// Ages are sorted into so many classes.
const AGES: usize = 4096;

/// What is known of a cache in its steady state.
struct Steady<'a> {
    net: &'a Network,
    /// Characteristic times in seconds, of the caches solved so far.
    times: Vec<f64>,
    instances: Vec<f64>,
}

/// Fills all caches that start warm.
pub(super) fn fill(net: &Network, caches: &mut [Cache]) {
    let instances =
        caches.iter().map(|cache| f64::from(cache.instances() - u32::from(cache.shield().is_some()))).collect();
    let mut steady = Steady { net, times: vec![f64::NAN; caches.len()], instances };
    for (at, cache) in caches.iter_mut().enumerate() {
        steady.solve(at, 0);
        if !net.caches[at].cold {
            warm(&steady, at, cache);
        }
    }
}

/// By cache, its station and the hit ratio of its steady state; none for one that starts cold or is not asked.
pub(in crate::sim) fn steady_hit_ratios(net: &Network) -> Vec<(u32, Option<f64>)> {
    let instances = net.caches.iter().map(|plan| {
        let station = &net.stations[plan.station as usize];
        let copies = if let Spread::Copies { copies } = station.spread { copies } else { 1 };
        f64::from(station.most / copies)
    });
    let mut steady = Steady { net, times: vec![f64::NAN; net.caches.len()], instances: instances.collect() };
    (0..net.caches.len())
        .map(|at| {
            steady.solve(at, 0);
            (steady.plan(at).station, steady.hit_ratio(at))
        })
        .collect()
}

impl Steady<'_> {
    /// Hits over look-ups: the keys' hit ratios, weighed with how often they are asked for.
    fn hit_ratio(&self, cache: usize) -> Option<f64> {
        let (mut hits, mut all) = (0.0, 0.0);
        for (rank, weight) in points(self.plan(cache).keys) {
            let rate = self.rate(cache, rank) * weight;
            hits += rate * self.hit(cache, rank);
            all += rate;
        }
        (all > 0.0 && !self.plan(cache).cold).then(|| hits / all)
    }

    fn plan(&self, cache: usize) -> &CachePlan {
        &self.net.caches[cache]
    }

    /// Finds a cache's characteristic time, after those of the caches before it.
    fn solve(&mut self, cache: usize, depth: usize) {
        if !self.times[cache].is_nan() || depth > self.times.len() {
            return;
        }
        let before: Vec<u32> = self.plan(cache).demand.iter().flat_map(|demand| demand.behind.clone()).collect();
        for other in before {
            self.solve(other as usize, depth + 1);
        }
        let plan = self.plan(cache);
        let instances = if plan.separate { 1.0 } else { self.instances[cache] };
        let capacity = plan.capacity * instances * plan.block;
        let points = points(plan.keys);
        let rates: Vec<(f64, f64)> = points.iter().map(|&(rank, weight)| (self.rate(cache, rank), weight)).collect();
        self.times[cache] = characteristic(plan, capacity, &rates);
    }

    /// Look-ups a second for the key of a rank, at one copy of the cache.
    fn rate(&self, cache: usize, rank: f64) -> f64 {
        let plan = self.plan(cache);
        let mut rate = 0.0;
        for demand in &plan.demand {
            let flow = &self.net.flows[demand.flow as usize];
            if rank >= flow.zipf.keys() {
                continue;
            }
            let hot = if rank == 0.0 { flow.keys.hot } else { 0.0 };
            let share = flow.zipf.probability(rank) * (1.0 - flow.keys.hot) + hot;
            let missed: f64 = demand.behind.iter().map(|&before| 1.0 - self.hit(before as usize, rank)).product();
            rate += demand.rate * share * missed;
        }
        if plan.separate { rate / self.instances[cache] } else { rate }
    }

    fn hit(&self, cache: usize, rank: f64) -> f64 {
        let time = self.times[cache];
        if time.is_nan() || self.plan(cache).cold {
            0.0
        } else {
            presence(self.plan(cache), self.rate(cache, rank), time)
        }
    }
}

/// The time after which an unused key has gone, seconds: the presences of all keys, each with its weight, sum to the capacity.
fn characteristic(plan: &CachePlan, capacity: f64, rates: &[(f64, f64)]) -> f64 {
    let held = |time: f64| rates.iter().map(|&(rate, weight)| weight * presence(plan, rate, time)).sum::<f64>();
    if capacity.is_infinite() || held(f64::INFINITY) <= capacity {
        return f64::INFINITY;
    }
    // Bisection over the logarithm of the time.
    let (mut low, mut high) = (-30.0, 60.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if held(libm::exp(middle)) > capacity { high = middle } else { low = middle }
    }
    libm::exp(low)
}

/// Probability that a key asked for so often is present.
fn presence(plan: &CachePlan, rate: f64, time: f64) -> f64 {
    if rate <= 0.0 {
        return 0.0;
    }
    let held = match plan.policy {
        _ if time.is_infinite() => 1.0,
        Eviction::Lru | Eviction::Lfu => 1.0 - libm::exp(-rate * time),
        Eviction::Fifo | Eviction::Random => rate * time / (1.0 + rate * time),
    };
    if plan.ttl >= NEVER {
        return held;
    }
    // An entry is set by a miss and lives for the TTL.
    let fresh = rate * plan.ttl as f64 / SECOND;
    held.min(fresh / (1.0 + fresh))
}

/// Ranks spread evenly over the logarithm, each with the number of keys that it stands for.
fn points(keys: f64) -> Vec<(f64, f64)> {
    let mut points = Vec::with_capacity(POINTS);
    let mut from = 0.0_f64;
    let growth = libm::pow(keys + 1.0, 1.0 / POINTS as f64);
    while from < keys {
        let to = ((from + 1.0) * growth).floor().max(from + 1.0).min(keys);
        points.push((((from + to - 1.0) / 2.0).floor(), to - from));
        from = to;
    }
    points
}

/// Puts each key in with its probability, the longest unused first.
fn warm(steady: &Steady, at: usize, cache: &mut Cache) {
    let copies = if cache.is_separate() { cache.instances() as usize } else { 1 };
    for copy in 0..copies {
        if cache.shield() == Some(copy) {
            let edges = steady.instances[at];
            let missed = |rank: f64| edges * steady.rate(at, rank) * (1.0 - steady.hit(at, rank));
            let rates: Vec<(f64, f64)> =
                points(steady.plan(at).keys).iter().map(|&(rank, weight)| (missed(rank), weight)).collect();
            let time = characteristic(steady.plan(at), steady.plan(at).capacity * steady.plan(at).block, &rates);
            warm_copy(steady.plan(at), (at, copy), time, cache, missed);
        } else {
            warm_copy(steady.plan(at), (at, copy), steady.times[at], cache, |rank| steady.rate(at, rank));
        }
    }
}

/// Fills one memory, or all that share the keys.
fn warm_copy(plan: &CachePlan, (at, copy): (usize, usize), time: f64, cache: &mut Cache, rate: impl Fn(f64) -> f64) {
    let mut stream = Stream::new(0x0077_6172_6D00 + copy as u64, at as u64);
    let mut classes: Vec<Vec<u32>> = vec![Vec::new(); AGES];
    for entry in 0..cache.ranks.kept {
        // Of the ranks that share an entry, the middle one's.
        let rate = rate((cache.ranks.rank(entry) + 0.5) * cache.block - 0.5);
        let present = presence(plan, rate, time);
        if present > 0.0 && stream.uniform() < present {
            classes[age_class(plan.policy, rate, time, &mut stream)].push(entry as u32);
        }
    }
    for entry in classes.into_iter().rev().flatten() {
        let memory = if cache.is_separate() { copy } else { cache.home(entry) };
        let until = if cache.ttl >= NEVER { NEVER } else { (cache.ttl as f64 * stream.uniform()) as Time };
        cache.put_entry(memory, entry, until.max(1));
    }
}

/// How long ago a present key was last asked for (or under FIFO put in), as a class from 0, the newest.
fn age_class(policy: Eviction, rate: f64, time: f64, stream: &mut Stream) -> usize {
    if time.is_infinite() {
        return stream.below(AGES as u64) as usize;
    }
    let age = match policy {
        // Exponential, given that it is below the characteristic time.
        Eviction::Lru => -libm::log(1.0 - stream.uniform() * (1.0 - libm::exp(-rate * time))) / rate,
        _ => stream.uniform() * time,
    };
    ((age / time * AGES as f64) as usize).min(AGES - 1)
}
