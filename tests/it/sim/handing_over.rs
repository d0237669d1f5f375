//! Handing over: who hands over goes on, whatever becomes of what was handed over; brokers' batches; what holds a core and what does not.

use dryrun::{
    design::{Action, Fault, Kind, Operation, Place, Popularity, ScenarioEvent, Value},
    sim::Report,
    source::Span,
};

use super::{
    queueing::{close, extra},
    sketch::{Sketch, Values, call, fixed_ms, number, pool, visit, word},
};

/// A flow of so many requests a second that hands over to a buffer with these values, for one worker of that work.
fn handing_over(kind: Kind, rate: f64, values: Values, work_ms: f64) -> Sketch {
    let mut sketch = Sketch::new();
    let worker = sketch.component("worker", Kind::Worker, 1, &[("work", fixed_ms(work_ms)), ("cores", number(1.0))]);
    let buffer = sketch.component("buffer", kind, 1, values);
    let api = pool(&mut sketch, "api", 1000, fixed_ms(1.0));
    let hand_over = Action::HandOver(visit(buffer, Operation::Write, vec![call(worker, vec![])]));
    sketch.flow(rate, vec![call(api, vec![hand_over])]).keys = Popularity { keys: 1e5, zipf: 0.0, hot: 0.0 };
    sketch
}

/// Messages that were consumed within the run.
fn consumed(report: &Report) -> f64 {
    report.flows[0].lag.as_ref().map_or(0.0, |lag| lag.count as f64)
}

#[test]
fn what_is_handed_over_takes_none_of_the_request_s_time() {
    for kind in [Kind::Queue, Kind::Stream] {
        let sketch = handing_over(kind, 10.0, &[("write", fixed_ms(2.0))], 50.0);
        let report = sketch.run(60.0, 2.0);
        // The caller's own work and the broker's word that it has the message.
        close("latency", report.flows[0].latency.max, 3e-3, 0.1);
        let lag = report.flows[0].lag.as_ref().expect("the flow hands over");
        assert!(lag.p50 > 50e-3, "{kind:?}: {lag:?}");
    }
}

#[test]
fn who_does_not_wait_for_an_answer_does_not_wait_for_the_broker() {
    let sketch = handing_over(Kind::Stream, 10.0, &[("write", fixed_ms(2.0)), ("acks", word("none"))], 50.0);
    close("latency", sketch.run(60.0, 2.0).flows[0].latency.max, 1e-3, 0.01);
}

#[test]
fn a_full_queue_fails_no_request_and_says_what_was_lost() {
    for overflow in ["reject", "drop"] {
        let values = [("depth", number(20.0)), ("overflow", word(overflow))];
        let report = handing_over(Kind::Queue, 200.0, &values, 10.0).run(60.0, 2.0);
        let flow = &report.flows[0];
        assert_eq!(flow.error_ratio, 0.0, "{overflow}: {:?}", flow.errors);
        close("answered", flow.completed_per_s, flow.offered_per_s, 0.001);
        let name = if overflow == "drop" { "dropped messages" } else { "lost messages" };
        let lost = extra(&report, 2, name);
        let offered = flow.offered_per_s * report.simulated_s;
        close("every message is consumed, lost or waits", lost + consumed(&report), offered, 0.01);
        close("the worker takes a hundred a second", consumed(&report) / 60.0, 100.0, 0.02);
    }
}

#[test]
fn a_full_queue_that_blocks_holds_its_producers_back() {
    let values = [("depth", number(20.0)), ("overflow", word("block"))];
    let report = handing_over(Kind::Queue, 200.0, &values, 10.0).run(20.0, 2.0);
    assert_eq!(extra(&report, 2, "lost messages").max(0.0), 0.0);
    assert!(report.flows[0].latency.p99 > 1.0, "{:?}", report.flows[0].latency);
}

#[test]
fn a_dead_broker_fails_no_request_but_loses_its_messages() {
    let mut sketch = handing_over(Kind::Queue, 100.0, &[], 1.0);
    let buffer = sketch.design.component_ids().nth(2).expect("the buffer is the third component");
    let fault = Fault::Kill(Place::Component(buffer));
    sketch.design.scenario.push(ScenarioEvent {
        at: 10.0,
        duration: Some(10.0),
        fault,
        text: String::new(),
        span: Span::default(),
    });
    let report = sketch.run(30.0, 2.0);
    assert_eq!(report.flows[0].error_ratio, 0.0, "{:?}", report.flows[0].errors);
    close("lost", extra(&report, 2, "lost messages"), 1000.0, 0.1);
}

#[test]
fn a_broker_s_write_is_charged_once_for_a_batch() {
    let utilisation =
        |values: Values| handing_over(Kind::Stream, 2000.0, values, 0.01).run(20.0, 2.0).components[2].utilisation;
    let write = ("write", fixed_ms(0.25));
    let one = ("concurrency", number(1.0));
    // One by one: 2,000 writes a second of a quarter of a millisecond.
    close("alone", utilisation(&[write.clone(), one.clone()]), 0.5, 0.02);
    // Gathered for 10 ms: one write for the first message and those within 10 ms of it.
    let gathered = utilisation(&[write.clone(), one.clone(), ("linger", fixed_ms(10.0))]);
    close("gathered", gathered, 0.25e-3 / 10.5e-3, 0.03);
    // A batch of ten is full before the 10 ms are over.
    let full = utilisation(&[write, one, ("linger", fixed_ms(10.0)), ("batch", number(10.0))]);
    close("full", full, 0.05, 0.03);
}

#[test]
fn a_broker_that_falls_behind_writes_what_waits_together() {
    let values = |batch: f64| [("write", fixed_ms(1.0)), ("concurrency", number(1.0)), ("batch", number(batch))];
    let run = |batch: f64| handing_over(Kind::Stream, 2000.0, &values(batch), 0.01).run(20.0, 2.0);
    // Twice as many writes as it has time for; together they are no more than it does.
    let (alone, together) = (run(1.0), run(100.0));
    assert!(alone.components[2].unstable && !together.components[2].unstable);
    assert!(together.flows[0].latency.p99 < 5e-3, "{:?}", together.flows[0].latency);
    assert!(alone.flows[0].latency.p99 > 0.1, "{:?}", alone.flows[0].latency);
    close("all are taken in", consumed(&together), together.flows[0].offered_per_s * 20.0, 0.01);
}

#[test]
fn a_worker_s_work_is_for_each_message_of_a_batch() {
    let mut sketch = handing_over(Kind::Queue, 50.0, &[], 10.0);
    let utilisation = |sketch: &Sketch| sketch.run(60.0, 2.0).components[1].utilisation;
    let alone = utilisation(&sketch);
    sketch.design.components[1].parameters.set("batch", number(10.0), dryrun::design::Source::Design(Span::default()));
    let batched = utilisation(&sketch);
    close("alone", alone, 0.5, 0.05);
    close("in batches", batched, alone, 0.02);
}

#[test]
fn recording_a_step_holds_no_core() {
    let mut sketch = Sketch::new();
    let values = [("steps", number(3.0)), ("work", fixed_ms(1.0)), ("persist", fixed_ms(50.0)), ("cores", number(1.0))];
    let saga = sketch.component("saga", Kind::Workflow, 1, &values);
    sketch.flow(100.0, vec![Action::Call(visit(saga, Operation::Write, vec![]))]);
    let report = sketch.run(60.0, 2.0);
    close("three steps of a millisecond", report.components[1].utilisation, 0.3, 0.03);
    assert!(report.flows[0].latency.p50 > 0.153 && report.flows[0].latency.p50 < 0.16, "{:?}", report.flows[0].latency);
    assert!(matches!(sketch.design.components[1].parameters.get("persist"), Some(Value::Duration(_))));
}
