//! What components and policies do, by relation and by conservation.

use dryrun::{
    design::{Action, Fault, FlowId, Kind, Operation, Place, Popularity, ScenarioEvent, Value},
    sim::{ErrorClass, Options, Report, Simulation},
    source::Span,
};

use super::{
    queueing::{close, extra},
    sketch::{Sketch, call, exp_ms, fixed_ms, number, pool, visit, word},
};

fn at(at: f64, duration: Option<f64>, fault: Fault) -> ScenarioEvent {
    ScenarioEvent { at, duration, fault, text: String::new(), span: Span::default() }
}

fn count(report: &Report, class: ErrorClass) -> u64 {
    report.flows[0].errors.iter().filter(|error| error.class == class).map(|error| error.count).sum()
}

#[test]
fn retries_multiply_the_load_as_attempts_fail() {
    // (failing share, attempts, attempts a request, success), from closed_forms.json.
    for (fails, attempts, amplification, success) in
        [(0.01, 3, 1.0101, 0.999_999), (0.5, 3, 1.75, 0.875), (0.9, 4, 3.439, 0.343_9)]
    {
        let mut sketch = Sketch::new();
        let values = [("errors", Value::Ratio(fails)), ("cores", number(1000.0))];
        let api = sketch.component("api", Kind::Service, 1, &values);
        sketch.link(dryrun::design::ComponentId(0), api, &[("retry", number(f64::from(attempts - 1)))]);
        sketch.flow(2000.0, vec![call(api, vec![])]);
        let report = sketch.run(100.0, 1.0);
        close(
            "amplification",
            report.components[1].arrivals_per_s / report.flows[0].offered_per_s,
            amplification,
            0.01,
        );
        let succeeded = 1.0 - report.flows[0].error_ratio;
        assert!((succeeded - success).abs() < 0.005, "{succeeded} not {success}");
    }
}

#[test]
fn a_timeout_ends_the_wait_but_not_the_work() {
    let mut sketch = Sketch::new();
    let db = pool(&mut sketch, "db", 1000, fixed_ms(100.0));
    let api = pool(&mut sketch, "api", 1000, fixed_ms(1.0));
    sketch.link(api, db, &[("timeout", Value::Duration(0.02))]);
    sketch.flow(100.0, vec![call(api, vec![call(db, vec![])])]);
    let report = sketch.run(20.0, 1.0);
    assert_eq!(report.flows[0].completed_per_s, 0.0);
    assert_eq!(count(&report, ErrorClass::Timeout) as f64 / 20.0, report.flows[0].offered_per_s);
    assert!(report.flows[0].errors[0].reason.contains("db"), "{:?}", report.flows[0].errors);
    assert!(extra(&report, 1, "served for nobody") > 1900.0, "the database works on for nobody");
}

#[test]
fn reads_go_to_replicas_and_writes_to_the_primary() {
    let mut sketch = Sketch::new();
    let values =
        [("read", exp_ms(1.0)), ("write", exp_ms(2.0)), ("concurrency", number(2.0)), ("replicas", number(2.0))];
    let db = sketch.component("db", Kind::Sql, 1, &values);
    sketch.flow(2000.0, vec![call(db, vec![])]);
    sketch.flow(300.0, vec![Action::Call(visit(db, Operation::Write, vec![]))]);
    let report = sketch.run(100.0, 2.0);
    // Two replicas of two servers share 2,000 reads of 1 ms and each apply 300 writes of 2 ms: 0.5 and 0.3. The primary has the writes
    // alone.
    close("busiest node", report.components[1].utilisation, 0.8, 0.02);
}

#[test]
fn a_stream_hands_messages_to_its_consumers_and_lag_is_measured() {
    let mut sketch = Sketch::new();
    let counter = sketch.component("counter", Kind::Worker, 2, &[("work", exp_ms(1.0)), ("cores", number(2.0))]);
    let clicks = sketch.component("clicks", Kind::Stream, 1, &[("write", fixed_ms(1.0)), ("partitions", number(64.0))]);
    let api = pool(&mut sketch, "api", 100, fixed_ms(1.0));
    let hand_over = Action::HandOver(visit(clicks, Operation::Write, vec![call(counter, vec![])]));
    sketch.flow(2000.0, vec![call(api, vec![hand_over])]).keys = Popularity { keys: 1e5, zipf: 0.0, hot: 0.0 };
    let report = sketch.run(50.0, 2.0);
    // The producer waits for its own work and for the broker's write; consumers are at half load.
    close("latency", report.flows[0].latency.p50, 2e-3, 0.02);
    close("utilisation", report.components[1].utilisation, 0.5, 0.02);
    let lag = report.flows[0].lag.as_ref().expect("the flow hands over");
    close("messages", lag.count as f64 / 50.0, 2000.0, 0.02);
    assert!(lag.p50 > 1.7e-3 && lag.p99 < 30e-3, "{lag:?}");
}

#[test]
fn consumers_that_are_too_slow_fall_behind() {
    let mut sketch = Sketch::new();
    let counter = sketch.component("counter", Kind::Worker, 1, &[("work", exp_ms(1.0))]);
    let clicks = sketch.component("clicks", Kind::Stream, 1, &[("partitions", number(4.0))]);
    let hand_over = Action::HandOver(visit(clicks, Operation::Write, vec![call(counter, vec![])]));
    sketch.flow(1500.0, vec![hand_over]);
    let report = sketch.run(20.0, 1.0);
    assert!(report.components[2].unstable, "{:?}", report.components[2]);
    assert!(report.components[2].queue_max > 8000, "{}", report.components[2].queue_max);
    assert!(report.bottleneck.is_some());
    assert_eq!(report.flows[0].error_ratio, 0.0);
}

#[test]
fn an_overloaded_service_says_so() {
    let mut sketch = Sketch::new();
    let api = sketch.component("api", Kind::Service, 1, &[("work", exp_ms(1.0)), ("queue", number(100.0))]);
    sketch.flow(1400.0, vec![call(api, vec![])]);
    let report = sketch.run(50.0, 2.0);
    assert!(report.components[1].unstable);
    let (component, sentence) = report.bottleneck.clone().expect("something is overloaded");
    assert_eq!(component, api);
    assert!(sentence.contains("overloaded"), "{sentence}");
    close("goodput", report.flows[0].completed_per_s, 1000.0, 0.02);
    close("errors", report.flows[0].error_ratio, 400.0 / 1400.0, 0.03);
    assert!(report.flows[0].errors[0].reason.contains("queue of api"));
}

#[test]
fn a_dead_instance_gets_traffic_until_the_balancer_notices() {
    let mut sketch = Sketch::new();
    let values = [("health-interval", Value::Duration(2.0)), ("health-threshold", number(3.0))];
    let lb = sketch.component("lb", Kind::LoadBalancer, 1, &values);
    let api = sketch.component("api", Kind::Service, 4, &[("work", exp_ms(1.0)), ("cores", number(4.0))]);
    sketch.flow(2000.0, vec![call(lb, vec![call(api, vec![])])]);
    sketch.design.scenario.push(at(10.0, Some(20.0), Fault::Kill(Place::Instance(api, 2))));
    let report = sketch.run(60.0, 2.0);
    // A quarter of 2,000 a second for six seconds.
    close("failed", count(&report, ErrorClass::Failed) as f64, 0.25 * 2000.0 * 6.0, 0.05);
    let failures: Vec<f64> = report.flows[0].series.points.iter().map(|point| point.failures).collect();
    assert!(failures[12] > 400.0 && failures[18] == 0.0 && failures[40] == 0.0, "{failures:?}");
}

#[test]
fn a_pause_delays_what_is_there_and_loses_nothing() {
    let mut sketch = Sketch::new();
    let api = pool(&mut sketch, "api", 8, fixed_ms(1.0));
    sketch.flow(1000.0, vec![call(api, vec![])]);
    sketch.design.scenario.push(at(5.0, Some(1.0), Fault::Pause(Place::Component(api))));
    let report = sketch.run(20.0, 1.0);
    assert_eq!(report.flows[0].error_ratio, 0.0);
    assert!((0.99..1.2).contains(&report.flows[0].latency.max), "{}", report.flows[0].latency.max);
}

#[test]
fn a_slow_component_takes_longer_and_a_spike_brings_more() {
    let mut sketch = Sketch::new();
    let api = pool(&mut sketch, "api", 100, fixed_ms(2.0));
    sketch.flow(500.0, vec![call(api, vec![])]);
    sketch.design.scenario.push(at(10.0, Some(10.0), Fault::Slow { place: Place::Component(api), factor: 3.0 }));
    sketch.design.scenario.push(at(30.0, Some(10.0), Fault::Spike { flow: Some(FlowId(0)), factor: 4.0 }));
    let report = sketch.run(50.0, 1.0);
    let points = &report.flows[0].series.points;
    let near = |at: f64| points.iter().find(|point| point.at >= at).expect("the run is longer");
    close("before", near(5.0).p50, 2e-3, 0.01);
    close("while slow", near(15.0).p50, 6e-3, 0.01);
    close("while it spikes", near(35.0).arrivals, 2000.0, 0.1);
    close("after", near(48.0).arrivals, 500.0, 0.2);
}

#[test]
fn a_partition_keeps_requests_waiting_until_it_heals() {
    let mut sketch = Sketch::new();
    let db = pool(&mut sketch, "db", 1000, fixed_ms(1.0));
    let api = pool(&mut sketch, "api", 1000, fixed_ms(1.0));
    sketch.flow(500.0, vec![call(api, vec![call(db, vec![])])]);
    let fault = Fault::Partition(Place::Component(api), Place::Component(db));
    sketch.design.scenario.push(at(10.0, Some(3.0), fault));
    let report = sketch.run(30.0, 1.0);
    assert_eq!(report.flows[0].error_ratio, 0.0);
    assert!((2.9..7.0).contains(&report.flows[0].latency.max), "{}", report.flows[0].latency.max);
}

#[test]
fn nothing_leaks_when_the_load_ends() {
    let mut sketch = Sketch::new();
    let db = pool(&mut sketch, "db", 20, exp_ms(20.0));
    let queue = sketch.component("jobs", Kind::Queue, 1, &[("write", exp_ms(1.0))]);
    let worker = sketch.component("worker", Kind::Worker, 3, &[("work", exp_ms(2.0)), ("cores", number(2.0))]);
    let lb = sketch.component("lb", Kind::LoadBalancer, 1, &[("policy", word("least-connections"))]);
    let api = sketch.component("api", Kind::Service, 3, &[("work", exp_ms(2.0)), ("cores", number(2.0))]);
    sketch.link(
        api,
        db,
        &[("timeout", Value::Duration(0.03)), ("retry", number(2.0)), ("backoff", Value::Duration(0.01))],
    );
    let hand_over = Action::HandOver(visit(queue, Operation::Write, vec![call(worker, vec![call(db, vec![])])]));
    let two_of_three = Action::AtOnce {
        need: 2,
        branches: vec![vec![call(db, vec![])], vec![call(db, vec![])], vec![call(db, vec![])]],
    };
    let each = Action::Repeat { times: 3, at_once: false, actions: vec![call(db, vec![])] };
    let actions = vec![hand_over, two_of_three, each];
    sketch.flow(200.0, vec![call(lb, vec![call(api, actions)])]);
    sketch.design.scenario.push(at(3.0, Some(2.0), Fault::Kill(Place::Instance(api, 0))));
    sketch.design.scenario.push(at(4.0, Some(1.0), Fault::Kill(Place::Component(db))));
    sketch.design.scenario.push(at(6.0, Some(1.0), Fault::Pause(Place::Component(db))));
    sketch.design.scenario.push(at(8.0, None, Fault::Spike { flow: None, factor: 0.0 }));
    let options = Options { simulated_s: 30.0, warmup_s: 0.0, ..Options::of(&sketch.design) };
    let mut simulation = Simulation::new(&sketch.design, &options);
    for second in 0..30 {
        simulation.advance(f64::from(second));
        let _ = simulation.report();
    }
    assert_eq!(simulation.in_flight(), 0);
    let report = simulation.report();
    let failed: u64 = report.flows[0].errors.iter().map(|error| error.count).sum();
    let offered = (report.flows[0].offered_per_s * report.simulated_s).round() as u64;
    assert_eq!(offered, failed + report.flows[0].latency.count);
}

#[test]
fn traces_show_what_a_request_went_through() {
    let mut sketch = Sketch::new();
    let db = pool(&mut sketch, "db", 2, exp_ms(3.0));
    let api = pool(&mut sketch, "api", 4, exp_ms(1.0));
    sketch.flow(400.0, vec![call(api, vec![call(db, vec![])])]);
    let report = sketch.run(20.0, 1.0);
    let (median, slowest) = report.flows[0].answered().expect("a median and a slowest trace");
    assert!(slowest.latency > median.latency);
    for trace in [median, slowest] {
        assert_eq!(trace.spans.iter().map(|span| span.component).collect::<Vec<_>>(), [api, db]);
        assert_eq!(trace.spans[1].parent, Some(0));
        assert!(trace.spans.iter().all(|span| span.start <= span.service && span.service <= span.end));
        assert!((trace.spans[0].end - trace.latency).abs() < 1e-9);
    }
}

#[test]
fn what_is_finished_after_its_caller_gave_up_is_no_goodput() {
    let mut sketch = Sketch::new();
    let api = pool(&mut sketch, "api", 1, exp_ms(10.0));
    sketch.link(dryrun::design::ComponentId(0), api, &[("timeout", Value::Duration(0.2))]);
    sketch.flow(130.0, vec![call(api, vec![])]);
    let report = sketch.run(60.0, 5.0);
    // Overloaded with a long queue it serves what it can, and nearly all of that too late.
    close("served", report.components[1].served_per_s, 100.0, 0.03);
    assert!(report.flows[0].completed_per_s < 10.0, "{}", report.flows[0].completed_per_s);
    let wasted = extra(&report, 1, "served for nobody") / 60.0;
    close("work for nobody", wasted + report.flows[0].completed_per_s, 100.0, 0.05);
    let reasons: u64 = report.flows[0].errors.iter().map(|error| error.count).sum();
    assert_eq!(reasons + report.flows[0].latency.count, (report.flows[0].offered_per_s * 60.0).round() as u64);
}

#[test]
fn lost_answers_of_a_server_that_pauses_are_sent_again() {
    let mut sketch = Sketch::new();
    let pauses = [("gc-pause", Value::Duration(0.05)), ("gc-every", Value::Duration(1.0)), ("cores", number(100.0))];
    let db = sketch.component("db", Kind::Service, 1, &pauses);
    let api = pool(&mut sketch, "api", 100, fixed_ms(1.0));
    sketch.link(api, db, &[("loss", Value::Ratio(0.05))]);
    sketch.flow(500.0, vec![call(api, vec![call(db, vec![])])]);
    let report = sketch.run(20.0, 2.0);
    assert_eq!(report.flows[0].error_ratio, 0.0, "{:?}", report.flows[0].errors);
    // One in ten of the calls loses a message at least once.
    assert!(report.flows[0].latency.p95 > 0.1 && report.flows[0].latency.p50 < 0.1, "{:?}", report.flows[0].latency);
}
