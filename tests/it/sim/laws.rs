//! What holds of every run: Little's law, conservation at every snapshot, monotonicity, intervals that cover, the same result on any
//! number of threads.

use dryrun::{
    design::{Action, ComponentId, Kind, Load, Operation, Popularity, Value},
    sim::{Options, Report, Simulation, run},
};
use proptest::prelude::*;
use rayon::prelude::*;

use super::{
    closed_forms::{aim, figure},
    queueing::close,
    sketch::{Sketch, call, exp_ms, number, pool, visit, web_tier, word},
};

/// A random feed-forward design: tiers of services, each reached with a probability, under a load that keeps the fullest at `utilisation`.
#[derive(Clone, Debug)]
struct Tiers {
    /// Instances, servers of each, mean work in milliseconds, share of the requests that go on to it.
    each: Vec<(u32, u32, f64, f64)>,
    utilisation: f64,
    seed: u64,
}

impl Tiers {
    /// Requests a second at which the fullest tier has the wanted utilisation.
    fn rate(&self) -> f64 {
        let mut reached = 1.0;
        let loads = self.each.iter().map(|&(instances, servers, work, share)| {
            reached *= share;
            reached * work / 1e3 / f64::from(instances * servers)
        });
        self.utilisation / loads.fold(0.0, f64::max)
    }

    /// The design with `more` servers in each instance, under so many requests a second.
    fn sketch(&self, rate: f64, more: u32) -> Sketch {
        let mut sketch = Sketch::new();
        let lb = sketch.component("lb", Kind::LoadBalancer, 1, &[("policy", word("round-robin"))]);
        let mut then: Vec<Action> = Vec::new();
        for &(instances, servers, work, share) in self.each.iter().rev() {
            let values = [("work", exp_ms(work)), ("cores", number(f64::from(servers + more))), ("queue", number(1e7))];
            let tier = sketch.component("tier", Kind::Service, instances, &values);
            let visit = vec![call(tier, then)];
            then = if share < 1.0 { vec![Action::OneOf(vec![(share, visit), (1.0 - share, vec![])])] } else { visit };
        }
        sketch.flow(rate, vec![call(lb, then)]);
        sketch
    }

    fn run(&self, load: f64, more: u32) -> Report {
        let rate = self.rate();
        let sketch = self.sketch(rate * load, more);
        let simulated_s = 30_000.0 / rate;
        let options =
            Options { simulated_s, warmup_s: simulated_s / 5.0, seed: self.seed, ..Options::of(&sketch.design) };
        run(&sketch.design, &options)
    }
}

fn tiers() -> impl Strategy<Value = Tiers> {
    let tier = (1..6_u32, 1..9_u32, 0.2..5.0_f64, 0.3..1.0_f64);
    (prop::collection::vec(tier, 1..4), 0.2..0.75_f64, 0..1000_u64).prop_map(|(mut tiers, utilisation, seed)| {
        tiers[0].3 = 1.0;
        Tiers { each: tiers, utilisation, seed }
    })
}

/// Components with queues, by design: the client and the balancer have none.
fn queues(report: &Report) -> impl Iterator<Item = &dryrun::sim::ComponentReport> {
    report.components.iter().filter(|component| component.kind == Kind::Service)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn those_who_wait_are_as_many_as_come_in_the_time_they_wait(tiers in tiers()) {
        let report = tiers.run(1.0, 0);
        for queue in queues(&report) {
            let expected = queue.arrivals_per_s * queue.wait_mean;
            let off = (queue.queue_mean - expected).abs();
            // Who came before or is served after the measured time is on one side of the law only.
            prop_assert!(off <= 0.02 * expected + 0.01, "{}: {} wait, {expected} by Little", queue.name, queue.queue_mean);
        }
    }

    #[test]
    fn more_load_never_lowers_utilisation(tiers in tiers()) {
        let (less, more) = (tiers.run(1.0, 0), tiers.run(1.25, 0));
        for (less, more) in queues(&less).zip(queues(&more)) {
            // A tier that hardly a request reaches draws its few from chance.
            prop_assert!(more.utilisation > less.utilisation || less.utilisation < 1e-3, "{}: {} then {}", less.name, less.utilisation, more.utilisation);
            // A mean under a microsecond is a handful of requests that waited.
            prop_assert!(more.wait_mean >= 0.97 * less.wait_mean - 1e-6, "{}: {} then {}", less.name, less.wait_mean, more.wait_mean);
        }
    }

    #[test]
    fn more_servers_never_raise_the_mean_wait(tiers in tiers()) {
        let (few, many) = (tiers.run(1.0, 0), tiers.run(1.0, 2));
        for (few, many) in queues(&few).zip(queues(&many)) {
            prop_assert!(many.wait_mean <= few.wait_mean + 1e-6, "{}: {} then {}", few.name, few.wait_mean, many.wait_mean);
        }
        prop_assert!(many.flows[0].latency.mean <= few.flows[0].latency.mean * 1.01);
    }

    #[test]
    fn what_came_has_ended_or_is_there_at_every_snapshot(tiers in tiers()) {
        let rate = tiers.rate();
        let sketch = tiers.sketch(rate * 1.3, 0);
        let simulated_s = 3000.0 / rate;
        let options = Options { simulated_s, warmup_s: simulated_s / 10.0, ..Options::of(&sketch.design) };
        let mut simulation = Simulation::new(&sketch.design, &options);
        for step in 0..=40 {
            simulation.advance(simulated_s * (f64::from(step) / 20.0 - 0.1));
            // The report itself asserts of each station that arrivals = served + turned away + lost + present.
            let report = simulation.report();
            let seconds = report.simulated_s;
            let [offered, completed] =
                [report.flows[0].offered_per_s, report.flows[0].completed_per_s].map(|rate| (rate * seconds).round() as u64);
            let failed: u64 = report.flows[0].errors.iter().map(|error| error.count).sum();
            prop_assert!(completed + failed <= offered && offered - completed - failed <= simulation.in_flight());
        }
        // What is in flight at the end came after the measured time.
        let ended = simulation.report();
        let failed: u64 = ended.flows[0].errors.iter().map(|error| error.count).sum();
        prop_assert!(simulation.finished());
        prop_assert_eq!((ended.flows[0].offered_per_s * ended.simulated_s).round() as u64, failed + ended.flows[0].latency.count);
    }
}

#[test]
fn the_same_on_any_number_of_threads() {
    let sketch = web_tier(1);
    let replication = |seed: u64| {
        run(&sketch.design, &Options { simulated_s: 1.0, warmup_s: 0.2, seed, ..Options::of(&sketch.design) })
    };
    let alone: Vec<Report> = (0..6).map(replication).collect();
    assert_ne!(alone[0], alone[1]);
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
        let together: Vec<Report> = pool.install(|| (0..6).into_par_iter().map(replication).collect());
        assert!(together == alone, "{threads} threads");
    }
}

/// Share of 200 seeds whose 95% interval of p99 holds the true value.
fn covered(servers: u32, utilisation: f64, customers: f64, p99_ms: f64) -> f64 {
    let mut sketch = Sketch::new();
    let api: ComponentId = pool(&mut sketch, "api", servers, exp_ms(1.0));
    sketch.flow(utilisation * f64::from(servers) * 1e3, vec![call(api, vec![])]);
    aim(&mut sketch.design.flows[0]);
    let Load::Open { rate, .. } = sketch.design.flows[0].load else { return f64::NAN };
    let simulated_s = customers / rate;
    let options = Options { simulated_s, warmup_s: simulated_s / 20.0, ..Options::of(&sketch.design) };
    let covers = |seed: u64| {
        let report = run(&sketch.design, &Options { seed, ..options.clone() });
        let (low, high) = figure(&report, 0, "p99").interval.expect("the run is long enough for an interval");
        low <= p99_ms / 1e3 && p99_ms / 1e3 <= high
    };
    (0..200_u64).into_par_iter().filter(|&seed| covers(seed)).count() as f64 / 200.0
}

#[test]
fn intervals_cover_the_truth_as_often_as_they_say() {
    // M/M/1: p99 = ln 100 / (1 - rho); M/M/8 at 0.8 from closed_forms.json. Over a thousand seeds 95 and 93 of a hundred cover: what a run
    // misses is the rare long queue that it has not seen, so shorter runs of many servers cover less. M/M/1 at 0.5 was measured apart, with
    // 60 and 120 thousand customers over 2,000 seeds each: 95.8 and 95.9 of a hundred, as many misses on either side; of 200 seeds in a row
    // 182 to 196, so that 200 seeds tell no more than three of a hundred.
    for (servers, utilisation, customers, p99) in
        [(1, 0.8, 60_000.0, 23.025_850_93), (8, 0.8, 120_000.0, 5.152_181_563)]
    {
        let covered = covered(servers, utilisation, customers, p99);
        assert!((0.92..=0.98).contains(&covered), "M/M/{servers} at {utilisation}: {covered}");
    }
}

#[test]
fn a_longer_run_narrows_the_interval() {
    let width = |customers: f64| {
        let mut sketch = Sketch::new();
        let api = pool(&mut sketch, "api", 1, exp_ms(1.0));
        sketch.flow(500.0, vec![call(api, vec![])]);
        aim(&mut sketch.design.flows[0]);
        let report = sketch.run(customers / 500.0, 10.0);
        let (low, high) = figure(&report, 0, "p99").interval.expect("the run is long enough for an interval");
        high - low
    };
    // Sixteen times as long: a quarter as wide, give or take the noise of the widths themselves.
    close("width", width(320_000.0) / width(20_000.0), 0.25, 0.6);
}

#[test]
fn a_steady_run_takes_no_more_memory() {
    let mut sketch = web_tier(4);
    sketch.design.settings.free_network = false;
    for (from, to) in [(0, 1), (1, 2), (1, 3), (1, 4)] {
        let values = [("timeout", Value::Duration(1.0)), ("retry", number(1.0)), ("backoff", Value::Duration(0.05))];
        sketch.link(ComponentId(from), ComponentId(to), &values);
    }
    let worker = sketch.component("worker", Kind::Worker, 2, &[("work", exp_ms(0.1)), ("cores", number(4.0))]);
    let stream = sketch.component("stream", Kind::Stream, 2, &[("partitions", number(16.0)), ("linger", exp_ms(1.0))]);
    let publish = Action::HandOver(visit(stream, Operation::Write, vec![call(worker, vec![])]));
    sketch.flow(5000.0, vec![publish]).keys = Popularity { keys: 1e6, zipf: 0.9, hot: 0.0 };
    let options = Options { simulated_s: 40.0, warmup_s: 2.0, ..Options::of(&sketch.design) };
    let mut simulation = Simulation::new(&sketch.design, &options);
    simulation.advance(10.0);
    let room = simulation.room();
    assert!(room > 1000, "{room} places");
    for second in 11..=40 {
        simulation.advance(f64::from(second));
        // A short list may yet see a longer queue than ever before; what every request takes part in may not grow.
        let now = simulation.room();
        assert!(now <= room + room / 1000, "{now} places at {second} s, {room} at 10 s");
    }
}

#[test]
fn last_calls_in_place_change_nothing_that_is_measured() {
    let tiers = Tiers { each: vec![(2, 2, 1.0, 1.0), (1, 4, 0.7, 1.0), (3, 1, 0.9, 0.5)], utilisation: 0.7, seed: 3 };
    for free in [true, false] {
        let mut sketch = tiers.sketch(tiers.rate(), 0);
        sketch.design.settings.free_network = free;
        let options = Options { simulated_s: 20.0, warmup_s: 2.0, ..Options::of(&sketch.design) };
        // A run that nobody can disturb calls in place; one that may be disturbed keeps every caller.
        let in_place = run(&sketch.design, &options);
        let mut simulation = Simulation::new(&sketch.design, &options);
        simulation.advance(f64::INFINITY);
        let kept = simulation.report();
        assert!(in_place.events <= kept.events);
        assert_eq!(Report { events: 0, ..in_place }, Report { events: 0, ..kept }, "free network: {free}");
    }
}
