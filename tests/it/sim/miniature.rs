//! The miniature against the exact run: what it shows of every reference design, what it may not cut down, what adds up.

use dryrun::{
    content::{Bank, Files},
    design::{Design, Kind, Load, compile},
    sim::{ComponentReport, FlowReport, Options, Report, explain, run, scale},
};

/// Latencies, and simulated visits, that a figure wants before two runs' are compared.
const ENOUGH: u64 = 4_000;
const MANY: f64 = 20_000.0;

/// Two hundred writes of one key at a moment go to one shard: in so short a run its busiest has had twenty such bursts, and its utilisation
/// differs by a point from seed to seed.
const IN_BURSTS: &str = "timelines";

/// References none of whose heavy parts can be cut down: queues, workers and what hangs on them are most of it.
const WHOLE: [&str; 1] = ["web-crawler"];

fn bank() -> Bank {
    Bank::new(Files::embedded(Vec::new()))
}

fn compiled(text: &str) -> (Design, Options) {
    let bank = bank();
    let design = compile(text, bank.catalogue()).design;
    let options = Options::of(&design).with_network(bank.catalogue().network());
    (design, options)
}

fn reference(name: &str) -> (Design, Options) {
    compiled(&bank().problem(name).expect("the problem is in the bank").reference)
}

/// The design at a part of its load, keys and instances.
fn part_of(design: &Design, part: u32) -> Design {
    let mut design = design.clone();
    for component in &mut design.components {
        component.instances = component.instances.div_ceil(part);
    }
    for flow in &mut design.flows {
        flow.keys.keys = (flow.keys.keys / f64::from(part)).max(1.0);
        if let Load::Open { rate, .. } = &mut flow.load {
            *rate /= f64::from(part);
        }
    }
    design
}

fn offered(design: &Design) -> f64 {
    let rates = design.flows.iter().map(|flow| match &flow.load {
        Load::Open { rate, .. } => *rate,
        Load::Closed { users, think } => f64::from(*users) / think.mean(),
    });
    rates.sum()
}

/// An exact run of so many requests of a part of a reference, and one of a request in `scale` of it.
#[track_caller]
fn check(name: &str, part: u32, requests: f64, one_in: f64) {
    let (design, options) = reference(name);
    let design = part_of(&design, part);
    let simulated_s = requests / offered(&design);
    let options = Options { simulated_s, warmup_s: (simulated_s * 0.5).min(1.0), ..options };
    let exact = run(&design, &Options { exact: true, ..options.clone() });
    let small = run(&design, &Options { scale: Some(one_in), ..options });
    assert_eq!((exact.scale, small.scale), (1.0, one_in), "{name}");
    assert!(small.events < exact.events, "{name}: {} events instead of {}", small.events, exact.events);
    let wrong = differences(&exact, &small);
    assert!(wrong.is_empty(), "{name}, 1 of {one_in}:\n{}", wrong.join("\n"));
}

/// Figures of the miniature that are not those of the exact run.
fn differences(exact: &Report, small: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    for (one, other) in exact.flows.iter().zip(&small.flows) {
        if one.latency.count.min(other.latency.count) >= ENOUGH {
            wrong.extend(of_flow(one, other));
        }
    }
    for (one, other) in exact.components.iter().zip(&small.components) {
        assert_eq!((one.instances, one.cost_per_month), (other.instances, other.cost_per_month), "{}", one.name);
        // The busiest of many instances is known as well as its own visits tell.
        let alike = matches!(one.kind, Kind::LoadBalancer | Kind::Service | Kind::Gateway | Kind::Push | Kind::Worker);
        let among = if alike { 1.0 } else { f64::from(one.instances) };
        if other.arrivals_per_s * small.simulated_s / small.scale >= MANY * among {
            wrong.extend(of_component(one, other));
        }
    }
    wrong
}

/// Medians, 99th percentiles and rates within 5%. Of a flow that waits for a broker's batches the 99th percentile is that of some ten of
/// them: what both runs' intervals leave open is no difference, up to 10%.
fn of_flow(exact: &FlowReport, small: &FlowReport) -> Vec<String> {
    let interval = |flow: &FlowReport| {
        flow.targets.iter().find(|target| target.text.starts_with("p99")).and_then(|p99| p99.interval)
    };
    let open = match (interval(exact), interval(small)) {
        (Some((low, high)), Some((from, to))) if low <= to && from <= high => 0.1,
        _ => 0.05,
    };
    let figures = [
        ("p50", exact.latency.p50, small.latency.p50, 0.05),
        ("p99", exact.latency.p99, small.latency.p99, open),
        ("rate", exact.offered_per_s, small.offered_per_s, 0.05),
    ];
    let far = figures.iter().filter(|(_, exact, small, most)| (small / exact - 1.0).abs() > *most);
    far.map(|(name, one, other, _)| format!("{name} of {}: {other:.6}, exactly {one:.6}", exact.name)).collect()
}

/// Utilisation and hit ratio within a point.
fn of_component(exact: &ComponentReport, small: &ComponentReport) -> Vec<String> {
    let utilisation = (exact.name != IN_BURSTS).then_some(("utilisation", exact.utilisation, small.utilisation));
    let hits = exact.hit_ratio.zip(small.hit_ratio).map(|(one, other)| ("hit ratio", one, other));
    let far = utilisation.into_iter().chain(hits).filter(|(_, one, other)| (other - one).abs() > 0.01);
    far.map(|(name, one, other)| format!("{name} of {}: {other:.6}, exactly {one:.6}", exact.name)).collect()
}

#[test]
fn twitter() {
    check("twitter", 20, 300_000.0, 2.0);
}

#[test]
fn youtube() {
    check("youtube", 1, 500_000.0, 4.0);
}

#[test]
fn whatsapp() {
    check("whatsapp", 2, 150_000.0, 3.0);
}

#[test]
fn google_docs() {
    check("google-docs", 1, 130_000.0, 2.0);
}

#[test]
fn dropbox() {
    check("dropbox", 1, 250_000.0, 3.0);
}

#[test]
fn ticketmaster() {
    check("ticketmaster", 1, 350_000.0, 4.0);
}

#[test]
fn uber() {
    check("uber", 1, 250_000.0, 2.0);
}

#[test]
fn url_shortener() {
    check("url-shortener", 1, 200_000.0, 3.0);
}

#[test]
fn ad_click_aggregator() {
    check("ad-click-aggregator", 1, 150_000.0, 3.0);
}

#[test]
fn leaderboard() {
    check("leaderboard", 1, 250_000.0, 3.0);
}

#[test]
fn payment_system() {
    check("payment-system", 1, 80_000.0, 4.0);
}

#[test]
fn rate_limiter() {
    check("rate-limiter", 1, 250_000.0, 4.0);
}

#[test]
fn every_reference_is_held_to_its_exact_run_or_told_to_be_whole() {
    let file = include_str!("miniature.rs");
    for problem in bank().problems() {
        let (design, options) = reference(&problem.id);
        let whole = scale(&design, &Options { scale: Some(4.0), ..options }) <= 1.0;
        assert_eq!(whole, WHOLE.contains(&problem.id.as_str()), "{}", problem.id);
        assert!(whole || file.contains(&format!("check(\"{}\"", problem.id)), "{} has no test here", problem.id);
    }
}

/// A tier of many servers under three million requests a second.
const HEAVY: &str = "set for 20s
lb:    load-balancer x48
api:   service x300, cores 16, work 1ms
cache: redis x64, item 1KB, memory 1GB, ttl 1h
db:    postgres, replicas 1
GET /x @ 3M/s, keys 50M zipf 0.4, p99 < 200ms, errors < 1%: users -> lb -> api -> cache
POST /x @ 500/s, keys 50M zipf 0.4, p99 < 300ms: users -> lb -> api -> db
api -> cache: timeout 100ms
";

/// The same for a short while.
fn heavy(more: &str, simulated_s: f64) -> (Design, Options) {
    let (design, options) = compiled(&format!("{HEAVY}{more}"));
    (design, Options { simulated_s, warmup_s: simulated_s / 4.0, ..options })
}

#[test]
fn a_heavy_load_is_cut_down_and_a_light_one_is_not() {
    let (design, options) = heavy("", 0.1);
    assert!(scale(&design, &options) >= 8.0, "{}", scale(&design, &options));
    assert_eq!(scale(&design, &Options { exact: true, ..options.clone() }), 1.0);
    assert_eq!(scale(&design, &Options { exact: true, scale: Some(8.0), ..options }), 1.0);
    let (light, options) = reference("url-shortener");
    assert_eq!(scale(&light, &options), 1.0, "half a million visits a second are simulated one by one");
}

#[test]
fn what_hits_one_of_many_is_not_simulated_among_few() {
    for (fault, cut) in [
        ("at 1s: kill api/0 for 2s", false),
        ("at 1s: slow cache/3 by 3x for 2s", false),
        ("at 1s: kill zone 1 for 2s", false),
        ("at 1s: hot key 20% of GET /x for 2s", false),
        ("at 1s: deploy api", false),
        ("at 1s: spike GET /x 1.2x for 2s", true),
        ("at 1s: slow cache by 1.2x for 2s", true),
        ("at 1s: flush cache", true),
        ("api -> cache: bandwidth 10Gbps", false),
    ] {
        let (design, options) = heavy(&format!("{fault}\n"), 0.1);
        let asked = design.scenario.len() == 1 || fault.starts_with("api ->");
        assert!(
            asked,
            "{fault} is no fault: {:?}",
            compile(&format!("{HEAVY}{fault}\n"), bank().catalogue()).diagnostics
        );
        assert_eq!(scale(&design, &options) > 1.0, cut, "{fault}");
    }
}

#[test]
fn the_same_seed_gives_the_same_miniature() {
    let (design, options) = heavy("", 0.03);
    let one = run(&design, &options);
    assert!(one.scale > 1.0);
    assert_eq!(one, run(&design, &options));
    let other = run(&design, &Options { seed: 2, ..options });
    assert_ne!(one.flows[0].latency, other.flows[0].latency);
}

#[test]
fn what_a_miniature_counts_adds_up_to_the_design_s_load() {
    let (design, options) = heavy("", 0.1);
    let report = run(&design, &options);
    let told = report.notes.iter().find(|note| note.contains("requests simulated")).expect("it is told");
    assert!(["lb", "api", "cache"].iter().all(|part| told.contains(part)) && !told.contains("db"), "{told}");
    for flow in &report.flows {
        let failed: u64 = flow.errors.iter().map(|error| error.count).sum();
        let ended = flow.completed_per_s * report.simulated_s + failed as f64;
        assert!((ended / (flow.offered_per_s * report.simulated_s) - 1.0).abs() < 1e-6, "{}", flow.name);
        let points = flow.series.points.iter().map(|point| point.arrivals).sum::<f64>();
        let mean = points / flow.series.points.len() as f64;
        assert!((mean / flow.offered_per_s - 1.0).abs() < 0.05, "{}: {mean}", flow.name);
    }
    assert!((report.flows[0].offered_per_s / 3e6 - 1.0).abs() < 0.02, "{}", report.flows[0].offered_per_s);
    for (name, expected) in [("users", 3e6), ("lb", 3e6), ("api", 3e6), ("cache", 3e6), ("db", 500.0)] {
        let part = report.components.iter().find(|part| part.name == name).expect("it is in the design");
        let off = part.arrivals_per_s / expected - 1.0;
        // Fifty requests of the rare flow come in the time.
        assert!(off.abs() < if name == "db" { 0.5 } else { 0.02 }, "{name}: {}", part.arrivals_per_s);
        assert!(part.served_per_s <= part.arrivals_per_s * 1.001 + 100.0, "{name}");
        let written = design.component(design.find(name).expect("it is")).instances;
        assert!(part.instances == if name == "db" { 2 } else { written }, "{name}: {}", part.instances);
    }
}

#[test]
fn fewer_requests_are_less_sure() {
    let (design, options) = reference("leaderboard");
    let options = Options { simulated_s: 3.0, warmup_s: 1.0, ..options };
    let width = |report: &Report| {
        let (low, high) = report.flows[0].targets[0].interval.expect("the run is long enough");
        high - low
    };
    let exact = run(&design, &options);
    let small = run(&design, &Options { scale: Some(4.0), ..options });
    assert!(width(&small) > 1.4 * width(&exact), "{} and {}", width(&small), width(&exact));
}

#[test]
fn variants_of_a_design_are_compared_at_one_scale() {
    let (design, options) = heavy("", 0.03);
    let points = explain::sweep(&design, &options, &[0.3, 1.0, 1.4], &|| true).expect("nobody lost interest");
    let scales: Vec<f64> = points.iter().map(|point| point.report.scale).collect();
    assert!(scales.iter().all(|&scale| scale == scales[1] && scale > 1.0), "{scales:?}");
    let rates: Vec<f64> = points.iter().map(|point| point.report.flows[0].offered_per_s / 3e6 / point.factor).collect();
    assert!(rates.iter().all(|rate| (rate - 1.0).abs() < 0.08), "{rates:?}");
    let whole = run(&design, &options);
    let tried =
        explain::what_if(&design, &options, bank().catalogue(), &whole, &|| true).expect("nobody lost interest");
    assert!(tried.trials.len() > 3);
    for trial in &tried.trials {
        let report = &trial.outcome.report;
        assert_eq!(report.scale, tried.base.report.scale, "{}", trial.change.text);
        assert_eq!(report.flows[0].offered_per_s, tried.base.report.flows[0].offered_per_s, "{}", trial.change.text);
    }
}
