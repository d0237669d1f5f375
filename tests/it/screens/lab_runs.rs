//! The design lab around a run: its views, what is broken by hand, pace, advice, comparison.

use dryrun::design::{ComponentId, FlowId, Kind};
use dryrun::sim::{
    ComponentReport, ErrorClass, ErrorCount, FlowReport, HotPart, LatencyReport, Point, Report, Series, SpanRecord,
    TargetReport, Trace, Verdict,
};
use dryrun::tui::Start;
use dryrun::tui::effect::{Effect, Order, Pace};
use dryrun::tui::event::{RunId, Snapshot, What};

use super::drive::Drive;

const OVERLOADED: &str = "set for 10s\nGET /x @ 600/s, keys 10k zipf 1, p99 < 200ms, errors < 1%: users -> lb -> api -> db\n\
    api: service x4\ndb: sql, read 4ms, concurrency 2, connections 200";

/// A lab in which the design has run.
fn ran(width: u16, height: u16, text: &str) -> Drive {
    let mut drive = Drive::new(width, height, Start::Lab(None));
    drive.pastes(text).waits(1_000).keys("esc");
    drive
}

#[test]
fn every_view_of_a_run_shows_its_own_part_of_the_cause() {
    let mut drive = ran(140, 50, OVERLOADED);
    drive.sees("0 of 2 targets met").sees("db is overloaded");
    drive.keys("2").sees("requests a second").sees("latency").sees("utilisation").sees("queue");
    drive.keys("3").sees("db: relational-db x1").sees("Overloaded").sees("turned away").sees("Failed here");
    drive.keys("end").sees("Simulated with").sees("concurrency").sees("here");
    drive.keys("[").sees("api: service x4").keys("end").sees("its card");
    drive.keys("4").sees("A median request").sees("The slowest traced").sees("waiting in the queue of db");
    drive.keys("1").sees("0 of 2 targets met");
}

#[test]
fn theory_stands_beside_what_was_measured() {
    let text = "set for 20s\nGET /x @ 600/s, p99 < 200ms: users -> api\napi: service, work exp 5ms, cores 4";
    ran(140, 50, text).keys("] 3").sees("Theory: M/M/4").sees("measured").sees("75%");
}

#[test]
fn what_would_help_is_found_out_on_a_key_and_grows_stale_with_an_edit() {
    let mut drive = ran(140, 60, OVERLOADED);
    drive.keys("5").sees("t tries every single change").keys("t");
    drive
        .sees("What would help")
        .sees("a cache before db")
        .sees("How much load it bears")
        .sees("All targets are met up to 0.");
    drive.keys("end").sees("The fewest instances").misses("finding out");
    drive.keys("tab").pastes("\n# edited\n").waits(1_000).keys("esc 5 home").sees("This is of an earlier run");
}

#[test]
fn what_is_broken_by_hand_stays_until_it_is_undone_or_healed() {
    let text = "set for 20s\nGET /x @ 100/s, p99 < 200ms, errors < 1%: users -> api -> db\napi: service x2\ndb: sql";
    let mut drive = ran(140, 50, text);
    drive.sees("2 of 2 targets met").keys("x").sees("Break api, or the load").sees("kill api/0 for 10s");
    drive
        .keys("right")
        .sees("Break db")
        .sees("kill db for 10s")
        .sees("spike GET /x 3x for 10s")
        .keys("enter")
        .waits(200);
    drive.sees("broken: at 4.0s: kill db for 10s").sees("with kill db for 10s at 4 s").sees("1 of 2 targets met");
    // The same fault again, after the design was changed.
    drive.keys("tab tab").pastes("\n# edited\n").waits(1_000).keys("esc").sees("with kill db for 10s at 4 s");
    drive.keys("u").waits(200).sees("2 of 2 targets met").misses("broken:");
    drive
        .keys("x e")
        .types("slow api by 1000x")
        .keys("enter")
        .waits(200)
        .sees("slow api by 1000x")
        .misses("2 of 2 targets");
    drive.keys("U").waits(200).sees("everything is whole again").sees("2 of 2 targets met");
    drive.keys("x e").types("melt api").keys("enter").misses("broken:");
}

#[test]
fn orders_reach_a_run_under_way() {
    let mut drive = ran(120, 40, OVERLOADED);
    drive.keys(".").waits(200).sees("paused");
    let run = drive.others.iter().rev().find_map(|effect| match effect {
        Effect::Simulate(job) => Some(job.run),
        _ => None,
    });
    let run = run.expect("a paused run was begun");
    drive.happens(What::Progress(Snapshot { run, report: Box::new(report(false)) }));
    drive.keys(". + p p x enter u");
    let orders: Vec<&Order> = drive
        .others
        .iter()
        .filter_map(|effect| match effect {
            Effect::Steer(steered, order) if *steered == run => Some(order),
            _ => None,
        })
        .collect();
    assert!(
        matches!(
            orders.as_slice(),
            [
                Order::Step(_),
                Order::Pace(Pace::Times(_)),
                Order::Pace(Pace::Paused),
                Order::Pace(Pace::Fastest),
                Order::Strike(..),
                Order::Lift,
            ]
        ),
        "{orders:?}"
    );
}

#[test]
fn two_runs_and_two_designs_stand_side_by_side() {
    let mut drive = ran(140, 60, OVERLOADED);
    drive.keys("6").sees("c keeps this run").keys("c").sees("kept:");
    drive.keys("tab ctrl-a").pastes(&OVERLOADED.replace("concurrency 2", "concurrency 8")).waits(1_000);
    drive.keys("esc 6").sees("targets met: 0 of 2 -> 2 of 2").sees("p99 < 200ms of GET /x").sees("db waiting");
    let path = drive.home().join("other.dry");
    std::fs::write(&path, OVERLOADED.replace("600/s", "60/s")).unwrap();
    drive.keys("C ctrl-u").pastes(&path.display().to_string()).keys("enter");
    drive.sees("other.dry").sees("targets met: 2 of 2 -> 2 of 2").sees("10.").misses("kept: untitled");
    drive.keys("C ctrl-u").pastes("/nowhere/at/all.dry").keys("enter").sees("there is no file");
}

#[test]
fn all_of_it_is_reachable_on_forty_columns_and_twelve_rows() {
    let mut drive = ran(40, 12, OVERLOADED);
    drive.keys("1").sees("targets met").keys("2").sees("GET /x").keys("3").sees("db").keys("4").sees("median");
    drive.keys("x").sees("Break db").keys("esc 5").sees("tries every");
}

/// A run in figures of its own, so that a frame of it changes only with how it is drawn.
fn report(finished: bool) -> Report {
    let target = |text: &str, observed, met| TargetReport {
        text: text.to_owned(),
        observed,
        interval: None,
        met,
        verdict: if met { Verdict::Met } else { Verdict::Missed },
    };
    let flow = FlowReport {
        name: "GET /x".to_owned(),
        offered_per_s: 600.0,
        completed_per_s: 500.0,
        error_ratio: 1.0 / 6.0,
        errors: vec![ErrorCount { class: ErrorClass::Rejected, reason: "queue of db full".to_owned(), count: 1000 }],
        latency: LatencyReport {
            count: 5000,
            mean: 0.4,
            p50: 0.414,
            p90: 0.45,
            p95: 0.47,
            p99: 0.507,
            p999: 0.53,
            max: 0.55,
        },
        lag: None,
        targets: vec![target("p99 < 200ms", 0.507, false), target("errors < 1%", 1.0 / 6.0, false)],
        series: series(|at| Point {
            arrivals: 600.0,
            completions: 500.0,
            failures: if at < 3.0 { 0.0 } else { 100.0 },
            p50: 0.1 + 0.03 * at,
            p99: 0.2 + 0.03 * at,
            ..Point::default()
        }),
        traces: vec![trace(0.414, 0.383), trace(0.55, 0.493)],
    };
    let kinds = [("users", Kind::Client), ("lb", Kind::LoadBalancer), ("api", Kind::Service), ("db", Kind::Sql)];
    let loads = [0.0, 0.05, 0.19, 1.0];
    let component = |((name, kind), utilisation): ((&str, Kind), f64)| ComponentReport {
        name: name.to_owned(),
        kind,
        technology: None,
        instances: 1,
        arrivals_per_s: 600.0,
        served_per_s: 500.0,
        utilisation,
        queue_mean: if utilisation < 1.0 { 0.0 } else { 192.0 },
        queue_max: 198,
        wait_mean: if utilisation < 1.0 { 0.0 } else { 0.383 },
        hit_ratio: None,
        lag_p99: None,
        rejected: if utilisation < 1.0 { 0 } else { 1000 },
        cost_per_month: Some(250.0),
        unstable: utilisation >= 1.0,
        series: series(|at| Point {
            utilisation,
            queue: if utilisation < 1.0 { 0.0 } else { 20.0 * at },
            ..Point::default()
        }),
        hottest: None,
        extra: Vec::new(),
    };
    let why = "db is overloaded: 600/s arrive, it can serve 500/s and turns away 100/s";
    Report {
        seed: 1,
        simulated_s: 10.0,
        planned_s: 10.0,
        warmup_s: 5.0,
        scale: 1.0,
        events: 40_000,
        flows: vec![flow],
        components: kinds.into_iter().zip(loads).map(component).collect(),
        bottleneck: Some((ComponentId(3), why.to_owned())),
        notes: Vec::new(),
        finished,
    }
}

fn series(of: impl Fn(f64) -> Point) -> Series {
    Series { points: (1..=10).map(|at| Point { at: f64::from(at), ..of(f64::from(at)) }).collect() }
}

fn trace(latency: f64, waited: f64) -> Trace {
    let span = |component, parent, start, service, end| SpanRecord {
        component: ComponentId(component),
        parent,
        start,
        service,
        end,
        failure: None,
    };
    let spans = vec![
        span(1, None, 0.01, 0.01, latency - 0.01),
        span(2, Some(0), 0.01, 0.01, latency - 0.01),
        span(3, Some(1), 0.012, 0.012 + waited, latency - 0.012),
    ];
    Trace { flow: FlowId(0), latency, failure: None, spans }
}

/// A lab in which a run is under way that waits for orders.
fn paused(width: u16, height: u16) -> Drive {
    let mut drive = Drive::new(width, height, Start::Lab(None));
    drive.pastes(OVERLOADED).waits(1_000).keys("esc .").waits(200);
    drive
}

impl Drive {
    /// A report of the run under way arrives; the notices of what was pressed go.
    fn shows(&mut self, report: Report) -> &mut Self {
        let run = self.others.iter().rev().find_map(|effect| match effect {
            Effect::Simulate(job) => Some(job.run),
            _ => None,
        });
        self.happens(What::Progress(Snapshot { run: run.unwrap_or(RunId(0)), report: Box::new(report) }));
        self.waits(7_000)
    }
}

/// A lab that shows the report.
fn shown(width: u16, height: u16) -> Drive {
    let mut drive = paused(width, height);
    drive.shows(report(true));
    drive
}

#[test]
fn a_queue_that_grows_is_warned_of_before_anything_is_lost() {
    const WARNING: &str = "db is 97% busy and its queue grows";
    let mut early = report(false);
    early.simulated_s = 6.0;
    for (at, component) in early.components.iter_mut().enumerate() {
        component.rejected = 0;
        component.series = series(|second| Point {
            utilisation: if at == 3 { 0.97 } else { 0.1 },
            queue: if at == 3 { second * second } else { 0.0 },
            ..Point::default()
        });
    }
    let mut drive = paused(140, 50);
    drive.shows(early.clone()).sees(WARNING).sees("97% q26").keys("1").sees(WARNING);
    let mut small = paused(80, 24);
    small.shows(early.clone()).sees("db is 97% busy and its queue").keys("1").sees("db is 97% busy and its");
    early.components[3].rejected = 1;
    drive.shows(early).misses(WARNING);
}

#[test]
fn the_cause_is_seen_at_the_usual_size_and_at_a_large_one() {
    shown(80, 24).sees("0 of 2 targets met").sees("db is overloaded");
    shown(80, 24).keys("4").sees("waiting in the queue of db").sees("The slowest traced: 550ms");
    shown(200, 60).keys("2").sees("db is overloaded").sees("requests a second").sees("queue").sees("100% q192");
}

/// The report with what a hot partition and failures of several reasons look like.
fn broken() -> Report {
    let mut broken = report(true);
    let flow = &mut broken.flows[0];
    let error = |class, reason: &str, count| ErrorCount { class, reason: reason.to_owned(), count };
    flow.errors = vec![
        error(ErrorClass::Rejected, "queue of db full", 700),
        error(ErrorClass::Timeout, "timed out waiting for api", 250),
        error(ErrorClass::Rejected, "db throttled", 50),
    ];
    let mut failed = trace(0.6, 0.588);
    failed.failure = Some("queue of db full".to_owned());
    failed.spans[2].failure = Some("queue of db full".to_owned());
    flow.traces.push(failed);
    let db = &mut broken.components[3];
    db.instances = 4;
    db.hottest = Some(HotPart { name: "db/2".to_owned(), of: 4, share: 0.61, turned_away: 0 });
    db.extra = vec![("wait p99".to_owned(), 0.49), ("served for nobody".to_owned(), 120.0)];
    broken
}

/// A frame of the lab without its footer, which every key of the program changes.
#[track_caller]
fn looks(drive: &mut Drive, name: &str) {
    let frame = drive.frame();
    let rows: Vec<&str> = frame.lines().collect();
    crate::golden::check(&format!("screens/lab-{name}.txt"), &(rows[..rows.len() - 1].join("\n") + "\n"));
}

#[test]
fn the_lab_looks_as_it_did() {
    for (size, width, height) in [("small", 80, 24), ("large", 200, 60)] {
        let mut running = report(false);
        running.simulated_s = 6.0;
        running.flows[0].series.points.truncate(6);
        running.components.iter_mut().for_each(|component| component.series.points.truncate(6));
        let mut drive = paused(width, height);
        drive.shows(running).keys("2");
        looks(&mut drive, &format!("{size}-running"));
        let mut drive = paused(width, height);
        drive.shows(broken()).keys("1");
        looks(&mut drive, &format!("{size}-reasons"));
        drive.keys("3");
        looks(&mut drive, &format!("{size}-component"));
        drive.keys("4");
        looks(&mut drive, &format!("{size}-requests"));
        let mut drive = paused(width, height);
        drive.shows(broken()).keys("c .").waits(200);
        let mut better = report(true);
        better.flows[0].latency.p99 = 0.12;
        better.flows[0].errors.clear();
        better.flows[0].error_ratio = 0.0;
        for (target, observed) in better.flows[0].targets.iter_mut().zip([0.12, 0.0]) {
            (target.observed, target.met, target.verdict) = (observed, true, Verdict::Met);
        }
        (better.components[3].utilisation, better.components[3].queue_mean) = (0.4, 0.3);
        better.components[3].cost_per_month = Some(1000.0);
        drive.shows(better).keys("6");
        looks(&mut drive, &format!("{size}-compare"));
    }
}
