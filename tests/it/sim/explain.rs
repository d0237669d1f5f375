//! Why, and what would help: relations that must hold between a design, its changes and its load.

use dryrun::{
    design::{Design, Kind},
    sim::{
        Options, Report,
        explain::{self, Broken, Headroom, Unit},
        run,
    },
};

use super::text::{catalogue, design};

/// Four cores of 5 ms bear 800 requests a second; 400 writes and reads at a database that bears 250 do not hold.
const OVERLOADED: &str = "set for 20s\nset warmup 2s\n\
    GET /x @ 600/s, keys 10k zipf 1, p99 < 200ms, errors < 1%: users -> lb -> api -> db\n\
    api: service x4\ndb: sql, read 4ms, concurrency 2, connections 200";
const MEETS: &str =
    "set for 20s\nset warmup 2s\nGET /x @ 400/s, p99 < 60ms, errors < 1%: users -> lb -> api\napi: service x1";

fn options(design: &Design) -> Options {
    Options::of(design).with_network(catalogue().network())
}

fn whole(design: &Design) -> Report {
    run(design, &options(design))
}

fn asked(text: &str) -> (Design, Options, Report) {
    let design = design(text);
    let (options, report) = (options(&design), whole(&design));
    (design, options, report)
}

#[test]
fn what_relieves_an_overloaded_database_ranks_first_and_what_does_not_is_told_apart() {
    let (design, options, report) = asked(OVERLOADED);
    assert!(!report.targets_met());
    let tried = explain::what_if(&design, &options, &catalogue(), &report, &|| true).expect("nobody lost interest");
    let of_db = |text: &str| text.ends_with("db") || text.contains("of db") || text.contains("before db");
    let best = &tried.trials[0];
    assert!(of_db(&best.change.text) && best.outcome.missed == 0, "{}", best.change.text);
    let texts: Vec<&str> = tried.trials.iter().map(|trial| trial.change.text.as_str()).collect();
    for wanted in ["a cache before db", "twice the shards of db (1 -> 2)", "a timeout of 200ms on api -> db"] {
        assert!(texts.iter().any(|text| text.starts_with(wanted)), "'{wanted}' not in {texts:#?}");
    }
    for trial in &tried.trials {
        let (text, helps) = (&trial.change.text, trial.helps);
        let elsewhere = text.contains("instances of");
        assert!(!(elsewhere && helps), "{text} relieves nothing");
        assert_eq!(trial.outcome.missed, missed(&trial.outcome.report), "{text}");
    }
    let ranked = tried.trials.windows(2).all(|pair| pair[0].outcome.missed <= pair[1].outcome.missed);
    assert!(ranked, "{texts:#?}");
}

fn missed(report: &Report) -> usize {
    report.flows.iter().flat_map(|flow| &flow.targets).filter(|target| !target.met).count()
}

#[test]
fn variants_see_the_arrivals_that_the_design_sees() {
    let (design, options, report) = asked(OVERLOADED);
    let tried = explain::what_if(&design, &options, &catalogue(), &report, &|| true).expect("nobody lost interest");
    let offered = tried.base.report.flows[0].offered_per_s;
    for trial in &tried.trials {
        assert_eq!(trial.outcome.report.flows[0].offered_per_s, offered, "{}", trial.change.text);
    }
    let again = explain::what_if(&design, &options, &catalogue(), &report, &|| true).expect("nobody lost interest");
    for (one, other) in tried.trials.iter().zip(&again.trials) {
        assert_eq!((&one.change.text, &one.outcome), (&other.change.text, &other.outcome));
    }
}

#[test]
fn a_short_run_judges_as_the_whole_one_did() {
    // It loses 2% a second: a second or two do not show what half a minute does.
    let text = "set for 30s\nset warmup 0s\nGET /x @ 8.4k/s, p99 < 400ms: users -> api\napi: service x10, queue 100k";
    let (design, options, report) = asked(text);
    assert!(!report.targets_met());
    let tried = explain::what_if(&design, &options, &catalogue(), &report, &|| true).expect("nobody lost interest");
    assert_eq!(tried.base.missed, 1);
    assert!(tried.trials[0].change.text.starts_with("twice the instances of api"), "{}", tried.trials[0].change.text);
}

#[test]
fn nothing_is_told_when_nobody_wants_it_any_more() {
    let (design, options, report) = asked(MEETS);
    assert!(explain::what_if(&design, &options, &catalogue(), &report, &|| false).is_none());
    assert!(explain::headroom(&design, &options, &|| false).is_none());
    assert!(explain::size(&design, &options, &report, &|| false).is_none());
}

/// The design under so many times its load.
fn under(design: &Design, factor: f64) -> Report {
    let points = explain::sweep(design, &options(design), &[factor], &|| true).expect("nobody lost interest");
    points.into_iter().next().expect("one factor, one point").report
}

#[test]
fn headroom_is_where_the_first_target_breaks() {
    let (design, options, report) = asked(MEETS);
    assert!(report.targets_met());
    let Some(Headroom::Limit { factor, first, limit }) = explain::headroom(&design, &options, &|| true) else {
        panic!("it breaks somewhere");
    };
    // Four cores of 5 ms: 800 a second are more than they bear.
    assert!((1.2..2.0).contains(&factor), "{factor}");
    assert!(under(&design, factor * 0.97).targets_met());
    assert!(!under(&design, factor * 1.1).targets_met());
    assert_eq!(first, Broken::Target("GET /x".to_owned(), "p99 < 60ms".to_owned()));
    assert!(limit.is_some_and(|limit| limit.contains("api")));
}

#[test]
fn headroom_of_an_overloaded_design_is_below_one_and_some_have_none() {
    let (design, options, _) = asked(OVERLOADED);
    let headroom = explain::headroom(&design, &options, &|| true);
    let Some(Headroom::Limit { factor, .. }) = headroom else { panic!("{headroom:?}") };
    assert!(factor < 1.0 && under(&design, factor * 0.97).targets_met(), "{factor}");
    let (design, options, _) = asked("set for 2s\nGET /x @ 10/s, p99 < 1us: users -> api");
    assert!(matches!(explain::headroom(&design, &options, &|| true), Some(Headroom::LessThan(_))));
    let (design, options, _) = asked("set for 2s\nGET /x @ 10/s: users -> api");
    assert_eq!(explain::headroom(&design, &options, &|| true), Some(Headroom::NoTargets));
}

#[test]
fn more_load_never_lowers_utilisation_along_a_sweep() {
    let (design, options, _) = asked(OVERLOADED);
    let factors = explain::steps(0.2, 2.0, 5);
    let points = explain::sweep(&design, &options, &factors, &|| true).expect("nobody lost interest");
    let db = |report: &Report| report.components.iter().find(|it| it.kind == Kind::Sql).map(|it| it.utilisation);
    assert!(points.windows(2).all(|pair| db(&pair[0].report) <= db(&pair[1].report).map(|busy| busy + 0.01)));
    assert!(points.windows(2).all(|pair| pair[0].factor < pair[1].factor));
}

#[test]
fn a_sizing_meets_all_targets_and_one_less_of_anything_does_not() {
    let text = "set for 20s\nset warmup 2s\nGET /x @ 1.5k/s, p99 < 80ms, errors < 1%: users -> lb -> api -> store\n\
        lb: load-balancer\napi: service x1\nstore: service x1, work 3ms";
    let (design, options, report) = asked(text);
    assert!(!report.targets_met());
    let sized = explain::size(&design, &options, &report, &|| true).expect("nobody lost interest").expect("more helps");
    assert!(sized.report.targets_met());
    assert!(run(&sized.design, &options).targets_met(), "at full length too");
    for &(id, _, count) in sized.counts.iter().filter(|(_, _, count)| *count > 1) {
        let mut less = sized.design.clone();
        less.components[id.0 as usize].instances = count - 1;
        let report = under(&less, 1.0);
        let behind = report.components.iter().any(|component| component.unstable);
        assert!(!report.targets_met() || behind, "{} can do with less than {count}", design.component(id).name);
    }
}

#[test]
fn where_no_count_helps_it_is_said_why() {
    let (design, options, report) = asked("set for 2s\nGET /x @ 10/s, p99 < 1us: users -> api");
    let why = explain::size(&design, &options, &report, &|| true).expect("nobody lost interest").expect_err("no count");
    assert!(why.contains("nothing is short"), "{why}");
}

#[test]
fn theory_and_measurement_agree_where_the_form_applies() {
    let text = "set for 60s\nset warmup 5s\nset network none\n\
        GET /x @ 600/s, keys 100k zipf 0.8: users -> api -> redis -> db\n\
        api: service, work exp 5ms, cores 4\nredis: cache, memory 10MB, item 1KB\ndb: sql, concurrency 500";
    let (design, options, report) = asked(text);
    let theory = explain::theory(&design, &options, &report);
    let models: Vec<&str> = theory.iter().map(|theory| theory.model.as_str()).collect();
    assert_eq!(models, ["M/M/4", "LRU, independent requests (Che)"]);
    for figure in theory.iter().flat_map(|theory| &theory.figures) {
        let formula = figure.formula.expect("nothing is overloaded");
        let close = if figure.unit == Unit::Share { 0.01 } else { formula * 0.1 };
        assert!((formula - figure.measured).abs() < close, "{}: {formula} not {}", figure.name, figure.measured);
    }
}

#[test]
fn the_slowest_requests_time_is_found_where_it_was_lost() {
    let (design, _, report) = asked(OVERLOADED);
    let (median, slowest) = report.flows[0].answered().expect("two traces");
    let bars = explain::waterfall(slowest);
    assert_eq!(bars.len(), slowest.spans.len());
    assert!(bars.iter().all(|bar| bar.start <= bar.service && bar.service <= bar.end), "{bars:#?}");
    assert!(bars[0].component == slowest.spans[0].component && bars[0].depth == 0);
    assert_eq!(explain::culprit(&design, median, median), None);
    let text = "set for 10s\nGET /x @ 750/s: users -> api -> db\napi: service\ndb: sql, read 1ms, concurrency 100";
    let (design, _, report) = asked(text);
    let (median, slowest) = report.flows[0].answered().expect("two traces");
    let told = explain::culprit(&design, median, slowest).expect("the slowest is much slower");
    assert!(told.contains("waiting in the queue of api"), "{told}");
}
