//! The clock, the interviewer and the saves of a session, told by events and moments.

use super::super::fixture;
use super::*;
use crate::interview::{Event, Outcome, Pause, PauseReason, ProbeRecord, Remark, Run, Trigger};

const START: Timestamp = Timestamp(1_772_389_800_000);
const SENIOR: Setup = Setup { level: Level::Senior, minutes: 45 };

fn start() -> Session {
    Session::start(SENIOR, &fixture::problem(), &fixture::framework(), START).unwrap()
}

fn resume(record: Record, now: Timestamp) -> Session {
    Session::resume(record, &fixture::problem(), &fixture::framework(), now).unwrap()
}

fn at(seconds: u64) -> Timestamp {
    START + Elapsed::seconds(seconds)
}

/// Ticks every second from `from` up to and with `to`, both in seconds after the start.
fn tick(session: &mut Session, from: u64, to: u64) -> Vec<Outcome> {
    (from + 1..=to).flat_map(|second| session.advance(Event::Tick, at(second))).collect()
}

fn lines(outcomes: &[Outcome]) -> Vec<String> {
    let said = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Say(remark) => Some(remark.line()),
        _ => None,
    });
    said.collect()
}

fn spent(session: &Session) -> Vec<u64> {
    session.record().phases.iter().map(|phase| phase.spent.as_seconds()).collect()
}

fn notes(text: &str) -> Event {
    Event::Notes { phase: 0, text: text.to_owned() }
}

#[test]
fn budgets_scale_with_the_length_and_fit_into_it() {
    let budgets = |minutes: u32, optional: bool| -> Vec<u64> {
        let mut problem = fixture::problem();
        problem.phases.extend(optional.then(|| "data-flow".to_owned()));
        let setup = Setup { level: Level::Mid, minutes };
        let session = Session::start(setup, &problem, &fixture::framework(), START).unwrap();
        session.record().phases.iter().map(|phase| phase.budget.as_seconds()).collect()
    };
    assert_eq!(budgets(45, false), [300, 120, 300, 900, 600]);
    assert_eq!(budgets(45, true), [300, 120, 300, 300, 900, 600]);
    assert_eq!(budgets(60, false), [400, 160, 400, 1200, 800]);
    assert_eq!(budgets(35, false), [233, 93, 233, 700, 467]);
    let mut framework = fixture::framework();
    framework.types[0].phases[4].minutes = 68.0;
    let session = Session::start(SENIOR, &fixture::problem(), &framework, START).unwrap();
    let sum: u64 = session.record().phases.iter().map(|phase| phase.budget.as_seconds()).sum();
    assert_eq!(sum, 45 * 60);
}

#[test]
fn an_interview_without_phases_does_not_begin() {
    let start = |framework: &Framework| Session::start(SENIOR, &fixture::problem(), framework, START);
    assert_eq!(start(&Framework::default()).unwrap_err().to_string(), "the framework has no interview type 'product'");
    let mut framework = fixture::framework();
    framework.types[0].phases.clear();
    assert_eq!(start(&framework).unwrap_err(), StartError::NoPhases("product".to_owned()));
}

#[test]
fn it_begins_in_the_first_phase_with_its_template() {
    let session = start();
    let record = session.record();
    assert_eq!(record.id, "2026-03-01-1830-url-shortener");
    assert_eq!((record.current, record.phases[0].visited, record.phases[1].visited), (0, true, false));
    assert!(record.phases[0].notes.starts_with("Users should be able to:"));
    assert_eq!(record.timeline, [Moment { at: Elapsed(0), what: What::Entered(0) }]);
    assert_eq!(session_id(START, "../A b"), "2026-03-01-1830----a-b");
}

#[test]
fn time_goes_to_the_phase_that_runs() {
    let mut session = start();
    tick(&mut session, 0, 60);
    session.advance(Event::Forward, at(61));
    tick(&mut session, 61, 81);
    session.advance(Event::GoTo(3), at(82));
    session.advance(Event::Back, at(85));
    session.advance(Event::Tick, at(86));
    assert_eq!(spent(&session), [61, 21, 1, 3, 0]);
    assert_eq!(session.pacing().spent, Elapsed::seconds(86));
    session.advance(Event::GoTo(99), at(86));
    session.advance(Event::GoTo(0), at(86));
    session.advance(Event::Back, at(86));
    assert_eq!(session.record().current, 0, "there is nothing before the first phase");
    session.advance(Event::GoTo(4), at(86));
    session.advance(Event::Forward, at(86));
    assert_eq!(session.record().current, 4, "nor behind the last");
}

#[test]
fn a_clock_set_back_takes_nothing_away_and_goes_on() {
    let mut session = start();
    tick(&mut session, 0, 10);
    session.advance(Event::Tick, Timestamp(START.0 - 3_600_000));
    assert_eq!(spent(&session)[0], 10);
    session.advance(Event::Tick, Timestamp(START.0 - 3_598_000));
    assert_eq!(spent(&session)[0], 12);
    assert!(session.record().pauses.is_empty());
}

#[test]
fn a_machine_that_sleeps_is_a_pause_and_is_said() {
    let mut session = start();
    tick(&mut session, 0, 10);
    let outcomes = session.advance(notes("woken"), at(10 + 7200));
    assert_eq!(lines(&outcomes), ["away for 2:00:00; the clock stood"]);
    assert!(outcomes.contains(&Outcome::Save(Save::Whole)));
    session.advance(Event::Tick, at(10 + 7201));
    assert_eq!(spent(&session)[0], 11);
    let away =
        Pause { at: Elapsed::seconds(10), from: at(10), length: Elapsed::seconds(7200), reason: PauseReason::Away };
    assert_eq!(session.record().pauses, [away]);
}

#[test]
fn a_gap_at_work_counts_and_so_does_one_of_half_a_minute() {
    let mut session = start();
    session.advance(Event::BackToWork, at(240));
    session.advance(Event::Tick, at(270));
    assert_eq!(spent(&session)[0], 270);
    assert!(session.record().pauses.is_empty());
}

#[test]
fn a_pause_freezes_the_clock_and_is_recorded() {
    let mut session = start();
    tick(&mut session, 0, 100);
    session.advance(Event::Pause, at(100));
    session.advance(Event::Pause, at(110));
    assert_eq!(lines(&tick(&mut session, 110, 1100)), Vec::<String>::new(), "nobody speaks in a pause");
    session.advance(Event::Forward, at(1100));
    session.advance(Event::Resume, at(1100));
    session.advance(Event::Resume, at(1105));
    assert_eq!(spent(&session), [100, 5, 0, 0, 0]);
    let asked =
        Pause { at: Elapsed::seconds(100), from: at(100), length: Elapsed::seconds(1000), reason: PauseReason::Asked };
    assert_eq!(session.record().pauses, [asked]);
    assert_eq!(session.pacing().stood, Elapsed::seconds(1000));
}

#[test]
fn after_a_crash_the_time_until_the_resumption_does_not_count() {
    let mut session = start();
    tick(&mut session, 0, 100);
    let session = resume(session.record().clone(), at(4000));
    assert_eq!(spent(&session)[0], 100);
    let closed =
        Pause { at: Elapsed::seconds(100), from: at(100), length: Elapsed::seconds(3900), reason: PauseReason::Closed };
    assert_eq!(session.record().pauses, [closed]);
    assert!(!session.record().paused);
    let mut session = session;
    session.advance(Event::Tick, at(4001));
    assert_eq!(spent(&session)[0], 101);
}

#[test]
fn a_pause_that_was_closed_ends_with_the_resumption() {
    let mut session = start();
    session.advance(Event::Pause, at(10));
    let session = resume(session.record().clone(), at(500));
    assert_eq!(session.record().pauses.len(), 1);
    assert_eq!((session.record().stood(), session.record().paused), (Elapsed::seconds(490), false));
}

#[test]
fn a_clock_set_back_while_closed_is_no_time() {
    let mut session = start();
    tick(&mut session, 0, 100);
    let session = resume(session.record().clone(), at(50));
    assert_eq!((session.record().stood(), session.record().spent()), (Elapsed(0), Elapsed::seconds(100)));
}

#[test]
fn a_record_outlives_its_framework() {
    let record = start().record().clone();
    let session = Session::resume(record, &fixture::problem(), &Framework::default(), at(5)).unwrap();
    assert_eq!(session.phases().len(), 5);
    assert_eq!((session.phase().title.as_str(), session.phase().minutes), ("Requirements", 5.0));
    let empty = Record { minutes: 45, ..Record::default() };
    let session = resume(empty, at(5));
    assert_eq!(session.phases().len(), 5);
    let beyond = Record { current: 77, ..start().record().clone() };
    assert_eq!(resume(beyond, at(5)).record().current, 4);
}

#[test]
fn an_overrun_is_said_once_and_never_moves_on() {
    let mut session = start();
    let outcomes = tick(&mut session, 0, 299);
    assert_eq!(lines(&outcomes), Vec::<String>::new());
    assert_eq!(session.pacing().phases[0].pace, super::super::Pace::Amber);
    assert_eq!(lines(&tick(&mut session, 299, 300)), ["Let's leave requirements there."]);
    assert_eq!(lines(&tick(&mut session, 300, 700)), Vec::<String>::new());
    assert_eq!(session.record().current, 0);
    session.advance(Event::Forward, at(700));
    session.advance(Event::Back, at(701));
    let session = resume(session.record().clone(), at(702));
    let mut session = session;
    assert_eq!(lines(&tick(&mut session, 702, 720)), Vec::<String>::new());
}

#[test]
fn time_that_does_not_suffice_is_planned_again() {
    let mut session = start();
    tick(&mut session, 0, 27 * 60);
    let outcomes = session.advance(Event::GoTo(2), at(27 * 60));
    // API 5, design 15 and deep dives 10 want 30 minutes; 18 are left.
    assert_eq!(lines(&outcomes), ["18 min left: API 3, High-level design 9, Deep dives 6"]);
    let plan = super::super::replan(session.record());
    let left: u64 = plan.iter().map(|part| part.left.as_seconds()).sum();
    assert_eq!((plan.len(), left), (3, 18 * 60));
}

#[test]
fn the_end_of_the_time_is_said_once_and_ends_nothing() {
    let mut session = start();
    session.advance(Event::GoTo(4), at(0));
    let said = lines(&tick(&mut session, 0, 50 * 60));
    assert_eq!(said, ["Let's leave deep dives there.", "The 45 minutes are up. Finish when you are ready."]);
    assert_eq!(session.record().finished, None);
    assert_eq!(session.pacing().pace, super::super::Pace::Over);
}

#[test]
fn a_complete_checklist_suggests_the_next_phase() {
    let mut session = start();
    session.advance(notes("p99 < 100ms at 5k/s"), at(1));
    session.advance(Event::Check { phase: 0, item: "scope".to_owned() }, at(2));
    assert_eq!(lines(&tick(&mut session, 2, 149)), Vec::<String>::new());
    let said = lines(&tick(&mut session, 149, 290));
    assert_eq!(said, ["The checklist of Requirements is complete; next: Core entities."]);
}

#[test]
fn ticks_follow_the_notes_until_a_hand_says_otherwise() {
    let mut session = start();
    let ticked = |outcomes: &[Outcome]| -> Vec<(String, bool)> {
        let ticks = outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Ticked { item, on, .. } => Some((item.clone(), *on)),
            _ => None,
        });
        ticks.collect()
    };
    let latency = Event::Check { phase: 0, item: "latency".to_owned() };
    let on = vec![("latency".to_owned(), true)];
    let off = vec![("latency".to_owned(), false)];
    assert_eq!(ticked(&session.advance(notes("latency"), at(1))), on);
    assert_eq!(ticked(&session.advance(notes("late"), at(1))), off);
    assert_eq!(ticked(&session.advance(latency.clone(), at(2))), on);
    assert_eq!(ticked(&session.advance(notes("latency"), at(2))), []);
    assert_eq!(ticked(&session.advance(latency.clone(), at(3))), off);
    assert_eq!(session.record().phases[0].by_hand.get("latency"), Some(&false));
    assert_eq!(ticked(&session.advance(latency, at(4))), on);
    assert!(session.record().phases[0].by_hand.is_empty(), "it follows the notes again");
    session.advance(Event::Check { phase: 9, item: "latency".to_owned() }, at(5));
    session.advance(Event::Check { phase: 0, item: "nonsense".to_owned() }, at(5));
}

#[test]
fn questions_land_in_the_notes_with_their_answers() {
    let mut session = start();
    session.advance(notes("scope"), at(1));
    let outcomes = session.advance(Event::Ask("  how many links\na day? ".to_owned()), at(2));
    let noted = "\nQ: how many links a day?\nA: 100 million new links a day; about a hundred redirects for each.\n";
    assert!(outcomes.contains(&Outcome::Answered { question: 0 }));
    assert!(outcomes.contains(&Outcome::Noted { phase: 0, text: noted.to_owned() }));
    session.advance(Event::Ask("which font?".to_owned()), at(3));
    session.advance(Event::Ask(" \n ".to_owned()), at(3));
    let record = session.record();
    assert_eq!(record.phases[0].notes, format!("scope{noted}Q: which font?\nAssumption: "));
    assert_eq!(record.questions.len(), 2);
    assert_eq!((record.questions[1].answer.as_deref(), record.questions[1].at), (None, Elapsed::seconds(3)));
}

#[test]
fn typing_is_saved_within_a_second_whole_things_at_once() {
    let mut session = start();
    let saves = |outcomes: &[Outcome]| -> Vec<Save> {
        let saves = outcomes.iter().filter_map(|outcome| match outcome {
            Outcome::Save(save) => Some(*save),
            _ => None,
        });
        saves.collect()
    };
    let moment = |milliseconds: i64| Timestamp(START.0 + milliseconds);
    let mut last_save = 0;
    for key in 1..200_i64 {
        let now = 45 * key;
        let text = "x".repeat(key as usize);
        if saves(&session.advance(notes(&text), moment(now))) == [Save::Typing] {
            last_save = now;
        }
        assert!(now - last_save < 500, "typing at {now} ms is not saved");
    }
    session.advance(notes("done"), moment(9_000));
    assert_eq!(saves(&session.advance(Event::Tick, moment(9_310))), [Save::Typing]);
    assert_eq!(saves(&session.advance(Event::Tick, moment(9_810))), []);
    assert_eq!(saves(&session.advance(Event::Forward, moment(9_811))), [Save::Whole]);
    assert_eq!(saves(&session.advance(notes("done"), moment(9_812))), [], "nothing changed");
    assert_eq!(saves(&session.advance(Event::Tick, moment(14_900))), [Save::Typing], "the clock is saved now and then");
    session.advance(Event::Design("a -> b".to_owned()), moment(14_950));
    assert_eq!(saves(&session.advance(Event::Tick, moment(1_000))), [Save::Typing], "even by a clock set back");
}

#[test]
fn of_runs_after_edits_only_the_last_is_kept() {
    let mut session = start();
    let run = |trigger: Trigger| Run { trigger, ..Run::default() };
    for trigger in [Trigger::Edited, Trigger::Edited, Trigger::Asked, Trigger::Edited, Trigger::Edited] {
        session.advance(Event::Ran(run(trigger)), at(3));
    }
    let record = session.record();
    let kept: Vec<(u32, Trigger)> = record.runs.iter().map(|run| (run.number, run.trigger)).collect();
    assert_eq!(kept, [(1, Trigger::Edited), (2, Trigger::Asked), (4, Trigger::Edited)]);
    let told: Vec<&What> = record.timeline.iter().map(|moment| &moment.what).skip(1).collect();
    assert_eq!(told, [&What::Ran(1), &What::Ran(2), &What::Ran(4)]);
    for _ in 0..500 {
        session.advance(Event::Ran(run(Trigger::Asked)), at(4));
    }
    assert_eq!(session.record().runs.len(), 200);
    assert_eq!(session.record().runs.last().map(|run| run.number), Some(504));
}

#[test]
fn decisions_and_probes_are_kept() {
    let mut session = start();
    session.advance(Event::Decide(" Postgres because transactions ".to_owned()), at(1));
    session.advance(Event::Decide(String::new()), at(1));
    let probe = Event::Probe { ask: "Why?".to_owned(), because: "everyone".to_owned() };
    session.advance(probe.clone(), at(2));
    session.advance(probe, at(3));
    let outcomes = session.advance(Event::AnswerProbe { probe: 0, answer: "Because.".to_owned() }, at(4));
    session.advance(Event::AnswerProbe { probe: 0, answer: "Because I say so.".to_owned() }, at(5));
    session.advance(Event::AnswerProbe { probe: 7, answer: "?".to_owned() }, at(5));
    assert_eq!(outcomes, [Outcome::Save(Save::Typing)]);
    let record = session.record();
    assert_eq!(record.decisions[0].text, "Postgres because transactions");
    assert_eq!(record.decisions.len(), 1);
    let answer = "Because I say so.".to_owned();
    let expected =
        ProbeRecord { at: Elapsed::seconds(2), ask: "Why?".to_owned(), because: "everyone".to_owned(), answer };
    assert_eq!(record.probes, [expected]);
}

#[test]
fn a_finished_interview_takes_in_nothing() {
    let mut session = start();
    tick(&mut session, 0, 10);
    let outcomes = session.advance(Event::Finish, at(11));
    assert_eq!(outcomes, [Outcome::Finished, Outcome::Save(Save::Whole)]);
    let before = session.record().clone();
    assert_eq!(session.advance(notes("more"), at(12)), []);
    assert_eq!(session.record(), &before);
    assert_eq!((before.finished, before.spent()), (Some(at(11)), Elapsed::seconds(11)));
    let looked_at = resume(before.clone(), at(9999));
    assert_eq!(looked_at.record(), &before);
}

#[test]
fn limits_are_said_and_kept() {
    let mut session = start();
    let long = "é".repeat(600_000);
    let outcomes = session.advance(notes(&long), at(1));
    assert_eq!(lines(&outcomes), ["this text is too long: only its first 1 MiB is kept"]);
    assert_eq!(session.record().phases[0].notes.len(), 1024 * 1024);
    for _ in 0..1001 {
        session.advance(Event::Decide("x because y".to_owned()), at(2));
    }
    assert_eq!(session.record().decisions.len(), 1000);
    let outcomes = session.advance(Event::Decide("x because y".to_owned()), at(2));
    assert!(matches!(outcomes.as_slice(), [Outcome::Say(Remark::Full { .. }), ..]), "{outcomes:?}");
}

#[test]
fn the_same_events_give_the_same_record() {
    let play = || {
        let mut session = start();
        session.advance(notes("p99 < 100ms for redirects"), at(3));
        session.advance(Event::Ask("what scale?".to_owned()), at(9));
        tick(&mut session, 9, 400);
        session.advance(Event::Forward, at(401));
        session.advance(Event::Finish, at(402));
        session
    };
    assert_eq!(play().record(), play().record());
}

fn ran(design: &str, fault: Option<&str>, trigger: Trigger) -> Event {
    let run = Run { design: design.to_owned(), trigger, ..Run::default() };
    Event::Ran(match fault {
        Some(fault) => run.with_fault(fault),
        None => run,
    })
}

fn predict(text: &str, fault: Option<&str>) -> Event {
    Event::Predict { text: text.to_owned(), fault: fault.map(str::to_owned) }
}

#[test]
fn a_prediction_is_held_against_the_next_run_of_what_was_not_measured() {
    let mut session = start();
    let mut second = 0;
    let none: [usize; 0] = [];
    let mut foretold = |event: Event| -> Vec<usize> {
        second += 1;
        let outcomes = session.advance(event, at(second));
        let of = |outcome| match outcome {
            Outcome::Foretold { prediction } => Some(prediction),
            _ => None,
        };
        outcomes.into_iter().filter_map(of).collect()
    };
    foretold(ran("a", None, Trigger::Edited));
    foretold(predict("  db  breaks \n", None));
    foretold(predict("nothing breaks", None));
    assert_eq!(foretold(ran("a", None, Trigger::Asked)), none, "that was seen before");
    foretold(predict("api, p99 2s", Some("at 30s: kill db")));
    assert_eq!(foretold(ran("half of b", None, Trigger::Edited)), [0]);
    assert_eq!(foretold(ran("b", None, Trigger::Edited)), [0], "the edit went on");
    (0..10).for_each(|_| assert_eq!(foretold(Event::Tick), none));
    assert_eq!(foretold(ran("c", None, Trigger::Edited)), none);
    assert_eq!(foretold(ran("c", Some("at 30s: kill db"), Trigger::Probe)), [1]);
    foretold(predict("", None));
    let record = session.record();
    let kept: Vec<(&str, Option<u32>)> =
        record.predictions.iter().map(|prediction| (prediction.text.as_str(), prediction.run)).collect();
    assert_eq!(kept, [("nothing breaks", Some(3)), ("api, p99 2s", Some(5))], "a second thought replaces the first");
    let designs: Vec<&str> = record.runs.iter().map(|run| run.design.as_str()).collect();
    assert_eq!(designs, ["a", "a", "b", "c", "c"], "a run that proved a prediction stays");
    let predicted = record.timeline.iter().filter(|moment| matches!(moment.what, What::Predicted(_))).count();
    assert_eq!(predicted, 2);
}
